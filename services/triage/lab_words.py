"""The fields and values of a rule table in plain words, Vietnamese and English."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.triage.rules.matrix import MATRIX
from services.triage.rules.seats import SEATS, Seat
from services.triage.rules.table_document import NO_LEVEL
from services.triage.rules.terms import CLOCK_NAMES
from services.triage.rules.thresholds import LIMITS
from shared import places
from shared.contracts.vocabulary import Level
from shared.web import words
from shared.web.words import Words

STATES: Final[dict[str, Words]] = {
    "active": Words("Đang áp dụng", "In force"),
    "proposed": Words("Đã đề xuất", "Proposed"),
    "draft": Words("Bản nháp", "Draft"),
    "retired": Words("Đã thay thế", "Replaced"),
}

GRAVER_WHEN: Final[dict[str, Words]] = {
    "R18": Words("khi có nhiều tin", "with several reports"),
    "R19": Words("khi sắp gặp", "before a meeting"),
    "R27": Words("khi không có người lớn đáng tin", "without a safe adult"),
}
"""When a rule gives its graver level."""

MILDER_WHEN: Final[dict[str, Words]] = {
    "R18": Words("khi có ít tin", "with few reports"),
    "R19": Words("khi chỉ có hình ảnh", "with material only"),
    "R27": Words("khi có người lớn đáng tin", "with a safe adult"),
}

CLOCKS: Final[dict[str, Words]] = {
    "acknowledge": Words("Nhận vụ", "Acknowledge"),
    "contact": Words("Liên hệ đầu tiên", "First contact"),
    "visit": Words("Gặp trẻ", "Visit"),
    "form02": Words("Mẫu 02", "Form 02"),
}

UNITS: Final[dict[str, Words]] = {
    "min": Words("phút", "min"),
    "h": Words("giờ", "h"),
    "d": Words("ngày", "days"),
    "wd": Words("ngày làm việc", "working days"),
}

ROWS: Final[dict[str, Words]] = {row.concern: Words(*row.words) for row in MATRIX} | {
    "adult_with_children": Words("nạn nhân người lớn, có trẻ em liên quan", "adult victim, children concerned"),
    "adult": Words("nạn nhân người lớn, không có trẻ em", "adult victim, no children"),
}

_PARTS: Final[dict[str, Words]] = {
    "enabled": Words("đang dùng", "in use"),
    "level": Words("mức", "level"),
    "graver_level": Words("mức nặng hơn", "graver level"),
    "words_vi": Words("lời tiếng Việt", "words in Vietnamese"),
    "words_en": Words("lời tiếng Anh", "words in English"),
    "source": Words("nguồn", "source"),
    "order": Words("thứ tự", "order"),
    "leads": Words("chủ trì", "lead"),
    "support": Words("phối hợp", "support"),
    "at_every_level": Words("áp dụng ở mọi mức", "applies at every level"),
}
_OTHERS: Final[dict[str, Words]] = {
    "version": Words("Số phiên bản", "Version number"),
    "file": Words("Tệp", "File"),
}
NOT_SET: Final = Words("không đặt", "none")
RECORDED: Final = Words("chỉ ghi chú", "noted only")
_YES_NO: Final[dict[str, Words]] = {"true": Words("có", "yes"), "false": Words("không", "no")}


def field_words(field: str, locale: str) -> str:
    """Name a field of the document: `rules.R27.level` is "R27: mức". A field that nobody knows stays as it is."""
    match field.split("."):
        case ["rules", rule, part] if part in _PARTS:
            return f"{rule}: {_PARTS[part].text(locale)}"
        case ["thresholds", name] if name in LIMITS:
            return f"{LIMITS[name].rule}: {Words(*LIMITS[name].words).text(locale)}"
        case ["clocks", level, name] if level in Level.__members__ and name in CLOCK_NAMES:
            return f"{words.LEVELS[Level[level]].text(locale)}: {CLOCKS[name].text(locale)}"
        case ["matrix", row, part] if row in ROWS and part in _PARTS:
            return f"{ROWS[row].text(locale)}: {_PARTS[part].text(locale)}"
        case _:
            return _OTHERS[field].text(locale) if field in _OTHERS else field


def value_words(field: str, value: str, locale: str) -> str:
    """Write a value of `rules.differences` in words; a text or number stays as it is."""
    if not value:
        return NOT_SET.text(locale)
    match field.split("."):
        case ["rules", _, "level" | "graver_level"]:
            return RECORDED.text(locale) if value == NO_LEVEL else words.LEVELS[Level[value]].text(locale)
        case ["rules", _, "enabled"] | ["matrix", _, "at_every_level"]:
            return _YES_NO[value].text(locale)
        case ["clocks", *_]:
            return term_words(value, locale)
        case ["matrix", _, "leads" | "support"]:
            return "; ".join(seat_words(SEATS[code], locale) for code in value.split(", "))
        case _:
            return value


def term_words(term: object, locale: str) -> str:
    """Write a term ("4 h") in words; nothing where none is set."""
    if term is None:
        return NOT_SET.text(locale)
    amount, unit = str(term).split(" ")
    return f"{amount} {UNITS[unit].text(locale)}"


def seat_words(seat: Seat, locale: str) -> str:
    """Name who sits where."""
    return Words(*seat.words).text(locale)


def team_words(code: str, locale: str) -> str:
    """Name a team of a route: its function and, at a commune, the commune's name."""
    if code in SEATS:
        return seat_words(SEATS[code], locale)
    function, _, unit_code = code.rpartition("-")
    unit = places.by_code(int(unit_code)) if unit_code.isdigit() else None
    if function not in SEATS:
        return code
    return f"{seat_words(SEATS[function], locale)}: {unit.name if unit else unit_code}"


def person_words(person: UUID | None, reader: UUID | None) -> Words:
    """Name a person without their name, which this service does not know."""
    if person is None:
        return Words("hệ thống", "the system")
    if person == reader:
        return Words("bạn", "you")
    short = str(person)[:8]
    return Words(f"tài khoản {short}", f"account {short}")
