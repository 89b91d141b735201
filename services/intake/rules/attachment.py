"""How much may be attached to a report, and what is said of a file that cannot be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.intake.rules.file_kind import Refusal

MEGABYTE: Final = 1024 * 1024
LARGEST_TOTAL: Final = 200 * MEGABYTE
"""Bytes of all files of one report."""
MOST_PIXELS: Final = 50_000_000
"""Of one picture: the cameras of telephones take fewer; a small file that unfolds to more is a bomb."""
CHUNK: Final = MEGABYTE
"""Bytes that are sealed together."""
NAME_LIMIT: Final = 200
"""Characters of a file's name."""

REFUSALS: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.EMPTY: ("Tệp trống. Chọn lại tệp rồi gửi.", "The file is empty. Choose it again and send it."),
    Refusal.UNKNOWN: (
        "Chỉ nhận ảnh (JPEG, PNG, WebP, GIF), ghi âm (MP3, M4A, OGG, WAV, AMR, WebM) và PDF. Đổi tệp sang một dạng này.",
        "Only pictures (JPEG, PNG, WebP, GIF), recordings (MP3, M4A, OGG, WAV, AMR, WebM) and PDF: convert it to one.",
    ),
    Refusal.HEIC: (
        "Ảnh HEIC chưa mở được ở đây. Lưu ảnh thành JPEG, hoặc chụp màn hình ảnh đó, rồi gửi lại.",
        "HEIC pictures cannot be opened here. Save it as JPEG, or take a screenshot of it, and send that.",
    ),
    Refusal.VIDEO: (
        "Chưa nhận phim. Gửi ảnh chụp từ phim hoặc phần tiếng.",
        "Films are not taken. Send pictures from it, or its sound.",
    ),
    Refusal.BROKEN: (
        "Tệp bị hỏng hoặc thiếu phần cuối. Chép lại từ máy gốc rồi gửi.",
        "The file is damaged or cut off. Copy it again from where it was made and send it.",
    ),
    Refusal.TOO_LARGE: (
        "Tệp quá 20 MB. Giảm cỡ ảnh, cắt ghi âm thành nhiều phần rồi gửi từng phần.",
        "The file is over 20 MB. Make the picture smaller, or cut the recording and send the parts.",
    ),
    Refusal.TOO_MANY_PIXELS: (
        "Ảnh quá 50 triệu điểm ảnh. Giảm cỡ ảnh rồi gửi lại.",
        "The picture has over 50 million pixels. Make it smaller and send it again.",
    ),
    Refusal.FULL: (
        "Thông tin này đã có 200 MB tệp. Không xóa được tệp cũ; ghi thêm bằng lời hoặc gọi giám sát ca.",
        "This report has 200 MB of files already. Files are never removed; add words, or call the supervisor.",
    ),
}


def plain_name(name: str) -> str:
    """Return a file's own name without folders and signs that are not printed, cut to `NAME_LIMIT`."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-NAME_LIMIT:]
