"""What the forms of the page of API keys bring, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from services.notify.handlers.change_key import LONGEST_OVERLAP
from shared.clock import VIETNAM
from shared.identity.actor import Scope
from shared.identity.limits import LARGEST, Limits

NAME_LIMIT: Final = 80

WRONG: Final[Mapping[str, str]] = {
    "name": "Viết tên đơn vị dùng khóa, tối đa 80 chữ.",
    "scopes": "Chọn ít nhất một quyền.",
    "per_minute": "Viết số từ 1 đến 1000000, hoặc để trống nếu không giới hạn.",
    "per_day": "Viết số từ 1 đến 1000000, hoặc để trống nếu không giới hạn.",
    "expires": "Chọn ngày từ hôm nay trở đi, hoặc để trống.",
    "overlap_days": "Viết số ngày từ 0 đến 90.",
}
"""What to say about a field, by its name."""


class WrongFormError(Exception):
    """Some fields are wrong; `fields` names them, keys of `WRONG`."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__("wrong fields: " + ", ".join(fields))
        self.fields = tuple(fields)


@dataclass(frozen=True)
class Terms:
    """How often a key may ask and when it ends: `expires_at` is real time, null for never."""

    limits: Limits
    expires_at: datetime | None


@dataclass(frozen=True)
class NewKey:
    """A key to create."""

    name: str
    scopes: frozenset[Scope]
    terms: Terms


def terms(sent: Mapping[str, str], now: datetime) -> Terms:
    """Read limits and end; raises `WrongFormError`."""
    wrong, read = _terms(sent, now)
    if wrong:
        raise WrongFormError(wrong)
    return read


def new_key(sent: Mapping[str, str], scopes: Sequence[str], now: datetime) -> NewKey:
    """Read a key to create; raises `WrongFormError` that names every wrong field."""
    wrong, read = _terms(sent, now)
    name = " ".join(sent.get("name", "").split())
    if not 0 < len(name) <= NAME_LIMIT:
        wrong = ["name", *wrong]
    known = {scope.value for scope in Scope}
    if not scopes or not known.issuperset(scopes):
        wrong.append("scopes")
    if wrong:
        raise WrongFormError(wrong)
    return NewKey(name, frozenset(Scope(scope) for scope in scopes), read)


def overlap(sent: Mapping[str, str]) -> timedelta:
    """Read for how many days an old secret stays valid; raises `WrongFormError`."""
    text = sent.get("overlap_days", "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len("90") or int(text) > LONGEST_OVERLAP.days:
        raise WrongFormError(["overlap_days"])
    return timedelta(days=int(text))


def _terms(sent: Mapping[str, str], now: datetime) -> tuple[list[str], Terms]:
    wrong: list[str] = []
    numbers: dict[str, int | None] = {}
    for name in ("per_minute", "per_day"):
        try:
            numbers[name] = _number(sent.get(name, "").strip())
        except ValueError:
            wrong.append(name)
    expires_at = None
    try:
        expires_at = _end_of(sent.get("expires", "").strip(), now)
    except ValueError:
        wrong.append("expires")
    return wrong, Terms(Limits(numbers.get("per_minute"), numbers.get("per_day")), expires_at)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)) or not 0 < int(text) <= LARGEST:
        raise ValueError(text)
    return int(text)


def _end_of(text: str, now: datetime) -> datetime | None:
    """Return the end of a day in Việt Nam; raises `ValueError` for a day that is over."""
    if not text:
        return None
    end = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), VIETNAM)
    if end <= now:
        raise ValueError(text)
    return end
