"""What is said about files of duty, in both languages; `{value}` is what the fault is about."""

from __future__ import annotations

from typing import Final

from services.notify.rules.duty_file import Fault, LineFault
from shared.web.words import Words

FAULTS: Final[dict[Fault, Words]] = {
    Fault.TOO_LARGE: Words(
        "Tệp quá lớn. Chia thành tệp không quá {value} dòng.",
        "The file is too large. Split it into files of at most {value} rows.",
    ),
    Fault.NOT_UTF8: Words(
        "Tệp không phải UTF-8. Lưu lại dạng CSV UTF-8.", "The file is not UTF-8. Save it as CSV UTF-8."
    ),
    Fault.NOT_CSV: Words(
        "Không đọc được CSV. Tìm dấu ngoặc kép chưa đóng.",
        "This is no CSV that can be read. Look for an open quotation mark.",
    ),
    Fault.NO_LINES: Words(
        "Tệp không có dòng nào. Điền ít nhất một ca.", "The file has no rows. Fill in at least one turn."
    ),
    Fault.NO_COLUMN: Words(
        "Thiếu cột: {value}. Tải tệp mẫu rồi chép vào.", "Columns are missing: {value}. Start from the template."
    ),
    Fault.TEAM: Words(
        "Không có nhóm mang mã “{value}”. Xem mã nhóm trên trang của nhóm.",
        "No team has the code “{value}”. The team's page shows its code.",
    ),
    Fault.POSITION: Words(
        "Vị trí “{value}” chưa đúng. Ghi worker hoặc head.", "The position “{value}” is wrong. Write worker or head."
    ),
    Fault.PERSON: Words(
        "Không tìm thấy người “{value}”. Ghi đúng họ tên, mã hoặc số điện thoại.",
        "Nobody is found for “{value}”. Write the full name, id or phone.",
    ),
    Fault.SEVERAL: Words(
        "Tên này có nhiều người: {value}. Ghi mã của một người.",
        "Several people have this name: {value}. Write the id of one.",
    ),
    Fault.MOMENT: Words(
        "Giờ “{value}” chưa đúng. Ghi như 28/11/2026 08:00 hoặc RFC 3339.",
        "The time “{value}” is wrong. Write it as 28/11/2026 08:00 or RFC 3339.",
    ),
    Fault.ENDS_FIRST: Words(
        "Giờ kết thúc “{value}” không sau giờ bắt đầu. Sửa một trong hai.",
        "The end “{value}” is not after the start. Mend one of them.",
    ),
    Fault.OVER: Words("Ca này đã qua. Bỏ dòng này.", "This turn is over. Remove the row."),
    Fault.TWICE: Words("Giống dòng {value}. Bỏ một dòng.", "The same as row {value}. Remove one."),
    Fault.NOTE: Words(
        "Ghi chú dài quá {value} ký tự. Viết ngắn lại.", "The note is longer than {value} characters. Shorten it."
    ),
}


def fault_text(fault: LineFault, locale: str) -> str:
    """Return what is wrong with a row and what to do."""
    return FAULTS[fault.fault].text(locale).replace("{value}", fault.value)
