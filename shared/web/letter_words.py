"""Why a row of the event queue was set aside, in words, and what to do about it."""

from __future__ import annotations

from typing import Final

from shared.web.words import Words

REASONS: Final[dict[str, Words]] = {
    "UnknownTopicError": Words(
        "Phiên bản này không xử lý loại sự kiện này. Cập nhật dịch vụ rồi đưa lại.",
        "This release handles no event of this kind. Update the service, then put it back.",
    ),
    "UnknownTaskError": Words(
        "Phiên bản này không có việc mang tên này. Cập nhật dịch vụ rồi đưa lại.",
        "This release has no work of this name. Update the service, then put it back.",
    ),
    "NewerVersionError": Words(
        "Sự kiện do phiên bản mới hơn gửi. Cập nhật dịch vụ rồi đưa lại.",
        "A newer release sent it. Update the service, then put it back.",
    ),
    "UnreadableEventError": Words(
        "Nội dung không đúng dạng của sự kiện. Báo kỹ thuật; đưa lại chỉ giúp khi đã sửa.",
        "Its content is not an event of its kind. Tell the technician; putting it back helps only after a mend.",
    ),
    "KillsItsWorkerError": Words(
        "Tiến trình chết mỗi lần xử lý. Báo kỹ thuật trước khi đưa lại.",
        "The process died each time it was handled. Tell the technician before putting it back.",
    ),
    "TooLargeError": Words(
        "Quá lớn, Kafka không nhận. Tăng giới hạn của Kafka rồi đưa lại.",
        "Too large for Kafka. Raise Kafka's limit, then put it back.",
    ),
    "UndecryptableError": Words(
        "Không khóa nào đang dùng mở được. Thêm lại khóa mã hóa cũ rồi đưa lại.",
        "No key in use opens it. Add the old encryption key again, then put it back.",
    ),
    "_TookTooLongError": Words(
        "Xử lý quá lâu, đã dừng. Đưa lại khi máy đỡ tải.",
        "It took too long and was stopped. Put it back when the machine is less busy.",
    ),
    "IntegrityError": Words(
        "Trái với điều cơ sở dữ liệu đòi hỏi. Báo kỹ thuật.",
        "It contradicts what the database demands. Tell the technician.",
    ),
    "ProgrammingError": Words(
        "Cơ sở dữ liệu chưa đúng phiên bản hoặc có lỗi chương trình. Chạy heedline migrate, rồi đưa lại.",
        "The database is of another version, or the program is wrong. Run heedline migrate, then put it back.",
    ),
    "DataError": Words(
        "Cơ sở dữ liệu không nhận một giá trị. Báo kỹ thuật.",
        "The database refuses a value. Tell the technician.",
    ),
}
"""By the class name that a dead letter keeps."""


def reason_words(name: str, locale: str) -> str:
    """Return why, in words; the class name itself for what is not known."""
    found = REASONS.get(name)
    return found.text(locale) if found else name
