"""What a file is, is told by its bytes: every kind that is taken, and whatever pretends to be one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.intake.file_check import checked
from services.intake.rules import attachment
from services.intake.rules.attachment import REFUSALS, plain_name
from services.intake.rules.file_kind import Kind, Refusal, kind_of
from tests.support import files


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.picture("JPEG"), Kind.JPEG),
        (files.picture("PNG"), Kind.PNG),
        (files.picture("WEBP"), Kind.WEBP),
        (files.picture("GIF"), Kind.PNG),
        (files.mp3(), Kind.MP3),
        (files.mp4(), Kind.MP4),
        (files.mp4(brand=b"3gp5"), Kind.MP4),
        (files.OGG, Kind.OGG),
        (files.WAV, Kind.WAV),
        (files.AMR, Kind.AMR),
        (files.WEBM, Kind.WEBM),
        (files.PDF, Kind.PDF),
        (files.PDF_WITH_HTML, Kind.PDF),
    ],
)
def test_each_kind_that_is_taken_is_known_by_its_bytes(data: bytes, kind: Kind) -> None:
    outcome = checked(data)
    assert isinstance(outcome, tuple)
    assert outcome[1] is kind


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Refusal.EMPTY),
        (files.HTML, Refusal.UNKNOWN),
        (files.SVG, Refusal.UNKNOWN),
        (b"GIF89a/*" + files.HTML, Refusal.BROKEN),
        (b"\x89PNG\r\n\x1a\n" + files.HTML, Refusal.BROKEN),
        (files.HTML + files.PDF, Refusal.UNKNOWN),
        (files.PDF[:-8], Refusal.BROKEN),
        (files.picture("JPEG")[:-200], Refusal.BROKEN),
        (files.picture("PNG")[:-30], Refusal.BROKEN),
        (files.HEIC, Refusal.HEIC),
        (files.mp4(handler=b"vide"), Refusal.VIDEO),
        (files.mp4()[:40], Refusal.BROKEN),
        (files.WEBM.replace(b"A_OPUS", b"V_VP90"), Refusal.VIDEO),
        (b"OggS" + b"\0" * 24 + b"\x80theora" + b"\0" * 40, Refusal.UNKNOWN),
        (b"\xff\xfb\x90\x00" + b"\0" * 40, Refusal.UNKNOWN),
        (b"PK\x03\x04" + b"\0" * 40, Refusal.UNKNOWN),
        (b"MZ" + b"\0" * 60, Refusal.UNKNOWN),
    ],
)
def test_whatever_else_is_refused_with_the_reason(data: bytes, why: Refusal) -> None:
    assert checked(data) is why


def test_a_picture_keeps_its_pixels_upright_and_nothing_else() -> None:
    outcome = checked(files.picture_with_exif())
    assert isinstance(outcome, tuple)
    kept, _ = outcome
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (20, 40)
        assert not dict(opened.getexif())
        assert not {"exif", "comment", "xmp", "icc_profile"} & opened.info.keys()
        shade = opened.convert("RGB").resize((1, 1)).tobytes()
    assert shade[0] > 150 > shade[1]
    assert files.CANARY.encode() not in kept
    assert b"Exif" not in kept


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_follows_a_picture_in_its_file_is_dropped(kind: str) -> None:
    outcome = checked(files.picture(kind) + files.HTML)
    assert isinstance(outcome, tuple)
    assert b"script" not in outcome[0]


def test_a_picture_that_unfolds_to_too_much_is_refused_before_it_does() -> None:
    bomb = files.picture("PNG", (9000, 6000))
    assert len(bomb) < attachment.MEGABYTE
    assert checked(bomb) is Refusal.TOO_MANY_PIXELS


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=600),
        st.tuples(
            st.sampled_from([files.OGG, files.WAV, files.AMR, files.mp3(), files.mp4(), files.PDF, files.picture()]),
            st.integers(0, 100),
            st.binary(max_size=200),
        ).map(lambda made: made[0][: made[1]] + made[2]),
        st.tuples(st.sampled_from([files.HTML, files.SVG]), st.binary(max_size=200)).map(lambda two: two[0] + two[1]),
    )
)
def test_no_bytes_at_all_are_ever_kept_as_a_page(data: bytes) -> None:
    outcome = checked(data)
    if isinstance(outcome, tuple):
        kept, kind = outcome
        assert kind in set(Kind)
        assert not kind.value.startswith("text/")
        assert "svg" not in kind.value
        assert not kept.lstrip().startswith(b"<")
        assert kind_of(kept) is kind


def test_every_refusal_says_what_to_do_in_both_languages() -> None:
    assert REFUSALS.keys() == set(Refusal)
    assert all(vi.endswith(".") and en.endswith(".") and vi != en for vi, en in REFUSALS.values())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\ảnh\\bé.jpg", "bé.jpg"),
        ("a\r\nX: y.png", "aX: y.png"),
        ("\u202egpj.exe", "gpj.exe"),
        ("x" * 500 + ".png", "x" * 196 + ".png"),
    ],
)
def test_a_name_is_kept_without_folders_and_hidden_signs(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept
