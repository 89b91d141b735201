"""Calls: how they end, and what is said. A machine, or nobody pressing a key, is never an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.vocabulary import Level

KEYS: Mapping[str, str] = {"1": "1", "2": "2", "3": "3"}
"""A key and the verb of an SMS reply that it stands for: take the case, cannot, next step."""

_ENDS: Mapping[str, tuple[str, str | None]] = {
    "queued": ("queued", None),
    "initiated": ("queued", None),
    "ringing": ("queued", None),
    "in-progress": ("sent", None),
    "answered": ("sent", None),
    "completed": ("delivered", "picked_up"),
    "busy": ("undelivered", "busy"),
    "no-answer": ("undelivered", "no_answer"),
    "failed": ("failed", "failed"),
    "canceled": ("failed", "failed"),
}


def is_machine(answered_by: str) -> bool:
    """Tell whether Twilio heard an answering machine or a fax; what it is unsure of counts as a person."""
    return answered_by.startswith("machine") or answered_by == "fax"


def call_report(status: str, answered_by: str) -> tuple[str, str | None]:
    """Return Twilio's status of a call in the words of `rules.delivery`, and how the call ended, if it has."""
    if status == "completed" and is_machine(answered_by):
        return "undelivered", "machine"
    return _ENDS.get(status, ("", None))


@dataclass(frozen=True)
class Spoken:
    """What to say, in which language, how often; `keys`: then wait for one key."""

    language: str
    text: str
    times: int = 1
    keys: bool = False


_LEVELS: Mapping[str, Mapping[Level, str]] = {
    "vi": {Level.IMMEDIATE: "khẩn cấp", Level.URGENT: "gấp", Level.PRIORITY: "ưu tiên", Level.ROUTINE: "thường"},
    "en": {Level.IMMEDIATE: "immediate", Level.URGENT: "urgent", Level.PRIORITY: "priority", Level.ROUTINE: "routine"},
}
_ASK = {
    "vi": "Bảo vệ trẻ em. Mức {level}, mã {code}. Bấm 1 để nhận vụ, 2 nếu không thể nhận vụ, 3 để chuyển cấp.",
    "en": "Child protection. Level {level}, code {code}. Press 1 to accept, 2 if you cannot, 3 to escalate.",
}
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "acknowledged": "Anh chị đã nhận vụ, mã {code}. Xem chi tiết trên trang bảo vệ trẻ em.",
        "too_late": "Mã {code} đã có người nhận. Anh chị không cần nhận nữa.",
        "declined": "Đã ghi anh chị không thể nhận vụ, mã {code}. Hệ thống đang báo người khác.",
        "escalated": "Đã chuyển cấp, mã {code}.",
        "closed_already": "Mã {code} đã kết thúc.",
    },
    "en": {
        "acknowledged": "You have accepted the case, code {code}. Details are on the child protection page.",
        "too_late": "Code {code} has been accepted by another person. Nothing is left to do.",
        "declined": "Noted that you cannot accept code {code}. Others are being called.",
        "escalated": "Escalated, code {code}.",
        "closed_already": "Code {code} is closed.",
    },
}
_CODE = {
    "vi": "Bảo vệ trẻ em. Mã xác minh số máy là: {code}. Không đưa mã này cho bất kỳ ai.",
    "en": "Child protection. The code to confirm this phone is: {code}. Give it to nobody.",
}
_GONE = {"vi": "Không cần làm gì nữa. Xin cảm ơn.", "en": "Nothing is left to do. Thank you."}
REPEATS = 3


def spelled(code: str) -> str:
    """Return a case code as it is spoken, letter by letter."""
    return ", ".join(code)


def ask(language: str, level: Level, code: str) -> Spoken:
    """Say what waits, three times, and wait for a key; nothing of the person, the place or the concern."""
    language = language if language in _ASK else "vi"
    text = _ASK[language].format(level=_LEVELS[language][level], code=spelled(code))
    return Spoken(language, text, REPEATS, keys=True)


def say_code(language: str, code: str) -> Spoken:
    """Say the code that proves a number, digit by digit, three times."""
    language = language if language in _CODE else "vi"
    return Spoken(language, _CODE[language].format(code=spelled(code)), REPEATS)


def answered(language: str, outcome: str, code: str) -> Spoken:
    """Say what a key did; `outcome` as a reply's."""
    language = language if language in _ANSWERS else "vi"
    text = _ANSWERS[language].get(outcome)
    return Spoken(language, text.format(code=spelled(code)) if text else _GONE[language])
