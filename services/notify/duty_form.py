"""What the forms of duty hold, read into values; a wrong field raises `DutyRefusedError` with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Form, Request
from fastapi.responses import HTMLResponse

from services.notify import duty_view
from services.notify.handlers.plan_duty import DutyRefusedError
from services.notify.rules.duty_file import YEARS
from services.notify.rules.escalation import Position, Target
from shared.clock import VIETNAM
from shared.web.pages import Pages

SEE_OTHER: Final = 303
WRONG_DATE: Final = "Ngày hoặc giờ chưa đúng. Chọn lại rồi lưu."
Text = Annotated[str, Form(max_length=100)]


def render(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Return a page in the reader's language."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, values, status=status)


def midnight(text: str, now: datetime) -> datetime:
    """Return the midnight, in Vietnam, that begins a day (ISO), or today."""
    try:
        day = day_of(text)
    except DutyRefusedError:
        day = now.astimezone(VIETNAM).date()
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def moment_of(text: str) -> datetime:
    """Return a moment of a field, in Vietnam's time, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None
    if moment.year not in YEARS:
        raise DutyRefusedError(WRONG_DATE)
    return moment.replace(tzinfo=VIETNAM).astimezone(UTC)


def day_of(text: str) -> date:
    """Return a day (ISO)."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None
    if day.year not in YEARS:
        raise DutyRefusedError(WRONG_DATE)
    return day


def time_of(text: str) -> time:
    """Return a time of day."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None


def zone_of(text: str) -> str:
    """Return the name of a known time zone."""
    try:
        return ZoneInfo(text).key
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise DutyRefusedError("Không có múi giờ này. Ví dụ: Asia/Ho_Chi_Minh.") from None


def person_id(text: str) -> UUID:
    """Return a person's id."""
    try:
        return UUID(text)
    except ValueError:
        raise DutyRefusedError("Chọn người trực rồi lưu.") from None


def one_of(text: str, known: Mapping[str, str]) -> str:
    """Return a value that is known."""
    if text not in known:
        raise DutyRefusedError("Chọn lại loại ca rồi lưu.")
    return text


def target_of(code: str, position: str) -> Target:
    """Return a position of a team."""
    return Target(code, Position(one_of(position, duty_view.POSITION_WORDS)))
