"""The pages of teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.notify import teams_view
from services.notify.handlers.change_team import (
    NoSuchTeamError,
    TeamExistsError,
    WrongTeamError,
    change_team,
    create_team,
)
from services.notify.people_faults import TEAM_FAULTS
from services.notify.people_words import TEAM_CHANGES
from services.notify.rules.team import COMMUNE_FUNCTIONS, TeamFault, TeamForm, new_team_code
from shared import places
from shared.contracts.teams import Function
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

UNPROCESSABLE: Final = 422
SEE_OTHER: Final = 303
LONGEST: Final = 6000
"""Characters of a field, all institutions in one."""
Text = Annotated[str, Form(max_length=LONGEST)]


def router(parts: Parts) -> APIRouter:
    """Return the routes under `/people/teams`; they come before those of `/people/{person_id}`."""
    routes = APIRouter(include_in_schema=False)
    _creating(routes, parts)

    @routes.get("/people/teams")
    async def listed(request: Request, find: str = "") -> HTMLResponse:
        async with parts.database.reading() as connection:
            rows = await teams_view.load_rows(connection, find)
        return _render(request, "teams.html", teams=rows, find=find)

    @routes.get("/people/teams/{code}")
    async def shown(request: Request, code: str, said: str = "") -> HTMLResponse:
        return await _show(request, parts, code, said=said)

    @routes.post("/people/teams/{code}", response_model=None)
    async def changed(
        request: Request,
        code: str,
        name_vi: Text = "",
        name_en: Text = "",
        duty_phone: Text = "",
        institutions: Text = "",
    ) -> Response:
        form = TeamForm.of(name_vi, name_en, duty_phone, institutions)
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                done = await change_team(connection, code, form, by=by, now=now)
        except NoSuchTeamError:
            raise _nowhere() from None
        except WrongTeamError as error:
            return await _show(request, parts, code, form=form, faults=error.faults)
        return RedirectResponse(f"/people/teams/{code}?said={'saved' if done else 'same'}", SEE_OTHER)

    return routes


def _creating(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/people/teams/new")
    async def empty(request: Request) -> HTMLResponse:
        if request.state.view is not View.FULL:
            raise Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")
        return _new(request, TeamForm("", "", "", ()), {})

    @routes.post("/people/teams/new", response_model=None)
    async def created(
        request: Request,
        function: Text = "",
        unit: Text = "",
        name_vi: Text = "",
        name_en: Text = "",
        duty_phone: Text = "",
        institutions: Text = "",
    ) -> Response:
        form = TeamForm.of(name_vi, name_en, duty_phone, institutions)
        unit_code = int(unit) if unit.isascii() and unit.isdigit() else None
        code = _code(function, unit, unit_code)
        faults = dict(form.faults())
        if code is None:
            faults["function"] = TeamFault.FUNCTION
        if code is None or faults:
            return _new(request, form, faults, function=function, unit=unit)
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                await create_team(connection, code, unit_code, form, by=by, now=now)
        except TeamExistsError:
            return RedirectResponse(f"/people/teams/{code}?said=exists", SEE_OTHER)
        return RedirectResponse(f"/people/teams/{code}?said=created", SEE_OTHER)


def _code(function: str, unit: str, unit_code: int | None) -> str | None:
    if function not in set(Function) or (unit and (unit_code is None or places.by_code(unit_code) is None)):
        return None
    return new_team_code(Function(function), unit_code)


def _new(
    request: Request, form: TeamForm, faults: Mapping[str, TeamFault], *, function: str = "", unit: str = ""
) -> HTMLResponse:
    provinces = [one for one in Function if one not in COMMUNE_FUNCTIONS]
    chosen = {"function": function, "unit": unit, "units": places.bac_ninh()}
    groups = {"both": COMMUNE_FUNCTIONS, "province": provinces}
    status = UNPROCESSABLE if faults else 200
    return _render(request, "team_new.html", status=status, form=form, faults=faults, **chosen, **groups)


async def _show(
    request: Request,
    parts: Parts,
    code: str,
    *,
    said: str = "",
    form: TeamForm | None = None,
    faults: Mapping[str, TeamFault] | None = None,
) -> HTMLResponse:
    async with parts.database.reading() as connection:
        page = await teams_view.load_page(connection, code, parts.clock.now())
    if page is None:
        raise _nowhere()
    row = page.team.row
    kept = TeamForm(row["name_vi"], row["name_en"], row["duty_phone"], tuple(row["institutions"]))
    values = {"page": page, "form": form or kept, "faults": faults or {}, "said": SAID.get(said, "")}
    may_change = request.state.view is View.FULL
    return _render(request, "team.html", status=UNPROCESSABLE if faults else 200, **values, may_change=may_change)


SAID: Final[Mapping[str, str]] = {
    "saved": "Đã lưu.",
    "same": "Không có gì khác trước.",
    "created": "Đã thêm nhóm. Nhóm chưa có ai: thêm người rồi xếp trực.",
    "exists": "Nơi này đã có nhóm như vậy; đây là nhóm đó.",
}


def _nowhere() -> Problem:
    return Problem(404, "Không tìm thấy nhóm này", "Mở danh sách Các nhóm rồi chọn lại.")


def _render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    words: Mapping[str, Any] = {"FAULTS": TEAM_FAULTS, "CHANGES": TEAM_CHANGES, "may_change": False}
    shown = {**words, "may_change": request.state.view is View.FULL, **values}
    return pages.render(request, template, shown, status=status)
