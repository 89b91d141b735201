"""The texts of messages: a few fixed templates, each one GSM-7 segment at its longest fields.

Vietnamese without diacritics, since all but seven of its accented letters turn a message into UCS-2 with
70 characters. A text carries the case code, the level, a moment, phone numbers of the service and what to
reply; never a link, and nothing about the child, the family or the reporter.

Moments are text as people read it (`14:20 28/11`, in Vietnamese time, at most 11 characters). `duty` is the
phone to ask at, `reply` where people answer: the reply number, or the sender when it can receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.vocabulary import Level

LEVEL_WORDS: Mapping[Level, str] = {
    Level.IMMEDIATE: "KHAN CAP",
    Level.URGENT: "GAP",
    Level.PRIORITY: "UU TIEN",
    Level.ROUTINE: "THUONG",
}
"""A level after `MUC`: alone, THUONG and GAP read as *thương* and *gặp*."""

CODES_LISTED = 3
"""How many waiting codes one segment has room for."""

_GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM 03.38 without its escape, one septet each."""

_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table of GSM 03.38: an escape and a septet, two units."""

_LAST_UNIT_OF_UTF_16 = 0xFFFF


@dataclass(frozen=True)
class Segments:
    """What a text costs: its encoding, its units (septets or UTF-16 units) and the messages it is cut into."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    count: int


class TextTooLongError(ValueError):
    """A text is not one GSM-7 segment; shorten the phone numbers of the settings, or remove their odd characters."""

    def __init__(self, cost: Segments) -> None:
        super().__init__(
            f"an SMS must be one GSM-7 segment of 160, not {cost.count} of {cost.encoding} with {cost.units} units; "
            "check the duty and reply numbers"
        )
        self.cost = cost


def segments(text: str) -> Segments:
    """Return how a text is encoded and cut: 160, then 153 septets each; or 70, then 67 UTF-16 units each.

    No character is torn between two segments. An empty text is still one message.
    """
    if _GSM_ALPHABET.union(_GSM_EXTENSION).issuperset(text):
        widths = [2 if character in _GSM_EXTENSION else 1 for character in text]
        return Segments("GSM-7", sum(widths), _messages(widths, single=160, joined=153))
    widths = [2 if ord(character) > _LAST_UNIT_OF_UTF_16 else 1 for character in text]
    return Segments("UCS-2", sum(widths), _messages(widths, single=70, joined=67))


def page(*, level: Level, code: str, time: str, duty: str, reply_number: str | None, sender_receives: bool) -> str:
    """Ask a person to take a case before `time`, naming the way to answer that works."""
    start = f"BVTE: MUC {LEVEL_WORDS[level]}, ma {code}. Nhan viec truoc {time}. "
    if reply_number is not None:
        how = f"Soan OK {code} (hoac KHONG {code}) gui {reply_number}, hoac goi {duty}. Khong chuyen tiep."
    elif sender_receives:
        how = f"Tra loi OK {code} de nhan, KHONG {code} neu khong the, hoac goi {duty}. Khong chuyen tiep."
    else:
        how = f"Mo trang BVTE de nhan hoac goi {duty}. Khong tra loi hay chuyen tiep."
    return _one_segment(start + how)


def support_notice(*, level: Level, code: str, duty: str) -> str:
    """Tell a supporting team that the lead will contact it; asks for no reply."""
    return _one_segment(
        f"BVTE: don vi anh/chi phoi hop ma {code}, MUC {LEVEL_WORDS[level]}. Ben chu tri se lien he. "
        f"Khong can tra loi. Can hoi, goi {duty}."
    )


def contact_reminder(*, level: Level, code: str, contact: str, duty: str) -> str:
    """Remind who took a case that no first contact is recorded, due at `contact`."""
    return _one_segment(
        f"BVTE: ma {code}, MUC {LEVEL_WORDS[level]}: chua ghi lien he dau tien, han {contact}. "
        f"Lien he ngay roi ghi tren trang BVTE. Can giup, goi {duty}."
    )


def milestone_reminder(*, level: Level, code: str, what: str, due: str, duty: str) -> str:
    """Remind who took a case that `what` (unaccented) is not recorded, due at `due`."""
    return _one_segment(
        f"BVTE: ma {code}, MUC {LEVEL_WORDS[level]}: chua ghi {what}, han {due}. "
        f"Lam ngay roi ghi tren trang BVTE. Can giup, goi {duty}."
    )


def duty_handover(*, begins: str, ends: str | None, open_cases: int, duty: str, language: str) -> str:
    """Tell whoever comes on duty from when until when (null: until the plan changes), and how many cases wait."""
    if language == "en":
        until = f"until {ends}" if ends else "until further notice"
        return _one_segment(
            f"BVTE: you are on duty from {begins} {until}, {open_cases} cases handed over. See the BVTE page. "
            f"If you cannot, call {duty} at once."
        )
    return _one_segment(
        f"BVTE: anh/chi truc tu {begins} den {ends or 'khi doi lich'}, nhan ban giao {open_cases} viec. "
        f"Xem tren trang BVTE. Khong truc duoc, goi ngay {duty}."
    )


def taken_by_other(*, code: str, time: str) -> str:
    """Tell those paged that another person took the case at `time`; also answers one who accepts late."""
    return _one_segment(f"BVTE: ma {code} da co nguoi nhan luc {time}. Anh/chi khong can nhan nua. Khong can tra loi.")


def answer_ok(*, code: str, time: str, contact: str, duty: str) -> str:
    """Confirm that the sender took the case at `time` and must contact before `contact`."""
    return _one_segment(
        f"BVTE: anh/chi da nhan ma {code} luc {time}. Lien he dau tien truoc {contact}. "
        f"Xem chi tiet tren trang BVTE hoac goi {duty}."
    )


def answer_decline(*, code: str, duty: str) -> str:
    """Confirm that the sender does not take the case."""
    return _one_segment(
        f"BVTE: da ghi anh/chi khong nhan ma {code}. He thong dang bao nguoi khac. Doi y thi goi {duty}."
    )


def answer_bare_ok(*, codes: Sequence[str], reply: str, duty: str) -> str:
    """Say that a reply without a code took nothing, and list the first three codes that wait for its sender.

    Without any such code it says what a wrong code is answered with.
    """
    if not codes:
        return answer_unknown_code(reply=reply, duty=duty)
    return _one_segment(
        f"BVTE: CHUA NHAN vi thieu ma. Ma dang cho: {', '.join(codes[:CODES_LISTED])}. "
        f"Soan OK va ma, gui {reply}, hoac goi {duty}."
    )


def answer_unknown_code(*, reply: str, duty: str) -> str:
    """Say that no case of this code concerns this phone; the same whether the code exists or not."""
    return _one_segment(
        "BVTE: CHUA NHAN. Ma sai hoac khong thuoc so may nay. Xem ma trong tin BVTE, "
        f"soan OK va ma, gui {reply}, hoac goi {duty}."
    )


def answer_closed(*, code: str, time: str, duty: str) -> str:
    """Say that the case was closed at `time`."""
    return _one_segment(f"BVTE: ma {code} da ket thuc luc {time}, khong can nhan nua. Co tin moi, goi {duty}.")


def answer_escalated(*, code: str, duty: str) -> str:
    """Confirm that the next step is being paged because the sender asked for it."""
    return _one_segment(f"BVTE: da chuyen cap ma {code}. He thong dang bao nguoi tiep theo. Can hoi, goi {duty}.")


def answer_status(*, level: Level, code: str, time: str, duty: str) -> str:
    """Say that nobody has taken an open case yet, due at `time`; a taken or closed one has its own answer."""
    return _one_segment(
        f"BVTE: ma {code}, MUC {LEVEL_WORDS[level]}: CHUA CO nguoi nhan, han {time}. "
        f"Soan OK {code} de nhan. Can hoi, goi {duty}."
    )


def answer_how_to(*, reply: str, duty: str) -> str:
    """Say that a reply was not understood, and what to send."""
    return _one_segment(
        "BVTE: CHUA HIEU tin nay. Soan OK va ma de nhan, KHONG va ma neu khong the, "
        f"CHUYEN va ma de chuyen cap, gui {reply}, hoac goi {duty}."
    )


def _one_segment(text: str) -> str:
    cost = segments(text)
    if cost.encoding != "GSM-7" or cost.count != 1:
        raise TextTooLongError(cost)
    return text


def _messages(widths: Sequence[int], *, single: int, joined: int) -> int:
    return 1 if sum(widths) <= single else _cut(widths, joined)


def _cut(widths: Iterable[int], room: int) -> int:
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
