"""What a cell of a file of reports says: dates day first, decimal commas and Vietnamese answers are understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from services.intake.rules.report_format import FormatField, Kind
from shared.clock import VIETNAM
from shared.places.folding import fold
from shared.web import words

Cell = str | int | float | bool | date | datetime | time | None
"""A cell as a file holds it; text from CSV, typed from a workbook."""

_ANSWERS: Final = {"co": "yes", "khong": "no", "khong ro": "unknown", "chua ro": "unknown"}
_SEXES: Final = {"nam": "male", "trai": "male", "nu": "female", "gai": "female"}
_TRUTHS: Final = {"true": True, "yes": True, "co": True, "false": False, "no": False, "khong": False}
_NUMBER: Final = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[ T]+([0-9]{1,2}):([0-9]{2}))?")
_NO_OFFSET: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")
_CONCERNS: Final = {fold(phrase.vi): concern.value for concern, phrase in words.CONCERNS.items()}


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_of(field: FormatField | None, cell: Cell) -> object:
    """Return what a cell that is not empty says of its field; what cannot be read stays as it is."""
    kind = Kind.TEXT if field is None else field.kind
    text = _text(cell, kind)
    match kind:
        case Kind.NUMBER | Kind.WHOLE_NUMBER:
            return _number(text)
        case Kind.TRUTH:
            return _TRUTHS.get(fold(text), text)
        case Kind.CHOICE:
            return _choice(text, field.choices if field else ())
        case Kind.CHOICES:
            return [_CONCERNS.get(fold(part), part.strip()) for part in text.split(";") if part.strip()]
        case Kind.DATE | Kind.MOMENT:
            return _moment(text) if kind is Kind.MOMENT else _day(text)
        case Kind.TEXT:
            return text


def _text(cell: Cell, kind: Kind) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if kind is Kind.DATE else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _number(text: str) -> object:
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _choice(text: str, choices: Sequence[str]) -> str:
    small = text.casefold()
    if small in choices:
        return small
    meant = {**_ANSWERS, **_SEXES}.get(fold(text), text)
    return meant if meant in choices else text


def _day(text: str) -> str:
    found = _DAY_FIRST.fullmatch(text)
    if found is None or found[4]:
        return text
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"


def _moment(text: str) -> str:
    """Return a moment with its offset; one without is Việt Nam's time."""
    if found := _DAY_FIRST.fullmatch(text):
        text = f"{_day(found[0].split(maxsplit=1)[0])} {int(found[4] or 0):02}:{found[5] or '00'}"
    if not _NO_OFFSET.fullmatch(text):
        return text
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).isoformat()
    except ValueError:
        return text
