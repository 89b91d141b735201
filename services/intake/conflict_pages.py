"""The supervisor's page of colleagues and teams that reports allege, or may: who is excluded, and whether rightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import RowMapping

from services.intake import conflicts
from services.intake.handlers.decide_conflict import Decision, UnknownConflictError, decide_conflict
from services.intake.handlers.seal_report import open_report
from services.intake.rules.alleged import mentions
from services.intake.rules.conflict import Mention, Why
from shared import places
from shared.contracts.teams import Function
from shared.crypto import Keys, UndecryptableError
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts
from shared.web import words
from shared.web.pages import Pages
from shared.web.problems import Problem

MOST: Final = 100
"""Rows of the page; the undecided ones come first."""

REASONS: Final[dict[Why, str]] = {
    Why.PHONE: "Trùng số điện thoại",
    Why.NAME_AND_INSTITUTION: "Trùng tên và nơi làm việc",
    Why.INSTITUTION: "Trùng tên cơ quan, cơ sở",
    Why.INSTITUTION_NEARBY: "Cơ quan, cơ sở không rõ địa bàn, có thể ở xã, phường này",
    Why.NAME: "Chỉ trùng họ tên",
    Why.GIVEN_NAME: "Chỉ trùng tên gọi, cùng xã, phường",
    Why.FAMILY: "Trùng với người thân của trẻ",
    Why.WITHDRAWN: "Bản mới của thông tin không còn nêu",
}

log = logger(__name__)


@dataclass(frozen=True)
class Row:
    """A match as the page shows it. `told` is what the report says of whoever is alleged: personal."""

    report_id: UUID
    subject_id: UUID
    case_code: str
    commune: str | None
    told: tuple[Mention, ...]
    of_team: bool
    teams: tuple[tuple[words.Words, str | None], ...]
    reason: str
    sure: bool
    same: bool | None


def router(parts: Parts) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/conflicts")
    async def page(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        actor: Actor = request.state.actor
        async with parts.database.reading() as connection:
            found = await conflicts.listed(connection, actor, MOST)
        log.info("conflicts_read", by=str(actor.id), reports=len({row["report_id"] for row in found}))
        return pages.render(request, "conflicts.html", {"rows": _rows(parts.keys, found)})

    @routes.post("/conflicts/{report_id}/{subject_id}")
    async def decide(
        request: Request, report_id: UUID, subject_id: UUID, same: Annotated[bool, Form()]
    ) -> RedirectResponse:
        try:
            await decide_conflict(parts, Decision(report_id, subject_id, same, request.state.actor))
        except UnknownConflictError:
            raise Problem(
                404, "Không tìm thấy", "Không có câu hỏi nào như vậy. Mở lại danh sách xung đột lợi ích."
            ) from None
        return RedirectResponse("/conflicts", status_code=303)

    return routes


def _rows(keys: Keys, found: Sequence[RowMapping]) -> list[Row]:
    return [
        Row(
            report_id=row["report_id"],
            subject_id=row["subject_id"],
            case_code=row["case_code"],
            commune=_commune(row["incident_unit_code"]),
            told=_told(keys, row),
            of_team=row["of_team"],
            teams=tuple(_team(code) for code in row["team_codes"]),
            reason=REASONS[Why(row["why"])],
            sure=row["sure"],
            same=row["same"],
        )
        for row in found
    ]


def _told(keys: Keys, row: RowMapping) -> tuple[Mention, ...]:
    try:
        return mentions(open_report(keys, row["report_id"], row["document"]))
    except UndecryptableError:
        log.exception("report_with_alleged_does_not_open", report_id=str(row["report_id"]))
        return ()


def _team(code: str) -> tuple[words.Words, str | None]:
    """Return what a team does, and its commune; null for one of the province."""
    function, _, unit_code = code.rpartition("-")
    if unit_code.isdigit():
        return _function(function), _commune(int(unit_code))
    return _function(code.removeprefix("province-")), None


def _function(text: str) -> words.Words:
    return words.FUNCTIONS[Function(text)] if text in set(Function) else words.Words(text, text)


def _commune(code: Any) -> str | None:
    unit = None if code is None else places.by_code(code)
    return None if unit is None else unit.name
