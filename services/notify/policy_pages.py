"""The pages of escalation policies: what is in force, one version, the form of a proposal, decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import policy_form, policy_view, policy_words
from services.notify.handlers.change_policy import PolicyRefusedError, decide_policy, propose_policy
from services.notify.handlers.desk import Desk
from services.notify.policy_form import Read, Typed, filled, read, typed
from services.notify.policy_preview import Preview, load_preview
from services.notify.rules.built_in import built_in
from services.notify.rules.policy import CHANNELS, FIRST_ESCALATION, MOST_STEPS, Policy, Wrong
from shared import places
from shared.contracts.vocabulary import Level
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.i18n import LOCALES
from shared.web.pages import Pages
from shared.web.problems import Problem

SEE_OTHER: Final = 303
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
BUILT_IN: Final = "built-in"
UNIT_LIMIT: Final = 5
SCOPE_REASONS: Final = frozenset({"team", "team_place", "level"})
"""What keeps a proposal from being for any team and level at all."""

Text = Annotated[str, Form(max_length=policy_form.NOTE_LIMIT)]


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the routes below `/policies`; a version is a number, so that other pages can live there too."""
    routes = APIRouter(include_in_schema=False)
    pages = PolicyPages(parts, desk)
    get, post = routes.get, routes.post
    get("/policies", response_model=None)(pages.listing)
    get("/policies/new", response_model=None)(pages.new)
    get("/policies/proposals", response_model=None)(pages.back)
    get("/policies/{version:int}", response_model=None)(pages.version)
    post("/policies/proposals", response_model=None)(pages.propose)
    post("/policies/{version:int}/decide", response_model=None)(pages.decide)
    return routes


class PolicyPages:
    """What the pages show and what their forms do. Who may open or send what is the policy's."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self._parts = parts
        self._desk = desk

    async def listing(self, request: Request) -> HTMLResponse:
        """Show what waits, what is in force and everything that was."""
        async with self._parts.database.reading() as connection:
            found = await policy_view.load_listing(connection)
        return _page(request, "policies.html", {"listing": found})

    async def back(self, lang: str = "") -> RedirectResponse:
        """Lead whoever opens the address that a form was sent to (a new tab, another language) to the list."""
        return _to(f"/policies?lang={lang}" if lang in LOCALES else "/policies")

    async def version(self, request: Request, version: int, unit: str = "", said: str = "") -> HTMLResponse:
        """Show one version; `unit` is the commune of the preview."""
        return await self._version(request, version, unit=unit, said=said)

    async def new(
        self,
        request: Request,
        team: Annotated[str, Query(max_length=policy_form.LONGEST)] = "social-*",
        level: Annotated[str, Query(max_length=policy_form.LONGEST)] = Level.IMMEDIATE.name,
        source: Annotated[str, Query(alias="from", max_length=policy_form.LONGEST)] = "",
    ) -> HTMLResponse:
        """Show the form, filled with a version, with the built-in plan or with what is in force."""
        if request.state.view not in {View.FULL, View.PROPOSE}:
            raise Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")
        chosen = Level.__members__.get(level, Level.IMMEDIATE)
        async with self._parts.database.reading() as connection:
            policy = await _source(connection, team, chosen, source)
        return await self._form(request, filled(replace(policy, team=team, level=chosen)))

    async def propose(self, request: Request) -> Response:
        """Do what the form's button says: another row, one less, a look at who would be paged, or the proposal."""
        form = await request.form()
        act, _, number = str(form.get("act", "")).partition(".")
        said = typed(form)
        unit = str(form.get("unit", ""))
        match act:
            case "add":
                return await self._form(request, said.with_step(), unit=unit, focus=len(said.steps) + 1)
            case "remove":
                left = said.without_step(int(number)) if _is_number(number) else said
                return await self._form(request, left, unit=unit)
            case "propose":
                return await self._propose(request, said, unit)
            case "built-in":
                return await self._propose_built_in(request, said)
            case "preview":
                return await self._look(request, said, unit)
            case _:
                return await self._form(request, said, unit=unit, look=True)

    async def _propose(self, request: Request, said: Typed, unit: str) -> Response:
        found = read(said)
        wrong = found.wrong
        if found.policy is not None and not any(one.reason in SCOPE_REASONS for one in wrong):
            try:
                version = await self._write(request, said, found.policy)
            except PolicyRefusedError as error:
                wrong = tuple(dict.fromkeys((*wrong, *error.wrong)))
            else:
                return _to(f"/policies/{version}?said=proposed")
        return await self._form(request, said, unit=unit, wrong=tuple(sorted(wrong, key=_place)))

    async def _propose_built_in(self, request: Request, said: Typed) -> Response:
        wrong = read(replace(said, repeat="1", steps=())).wrong
        if not any(one.reason in SCOPE_REASONS for one in wrong):
            try:
                version = await self._write(request, said, None)
            except PolicyRefusedError as error:
                async with self._parts.database.reading() as connection:
                    now = await policy_view.in_force(connection, said.team, said.chosen_level)
                if now.version is not None:
                    return await self._version(request, now.version.version, wrong=error.wrong, note=said.note)
            else:
                return _to(f"/policies/{version}?said=proposed")
        return _to("/policies")

    async def _write(self, request: Request, said: Typed, policy: Policy | None) -> int:
        async with self._parts.database.transaction() as connection:
            return await propose_policy(
                connection,
                said.team,
                said.chosen_level,
                policy,
                note=said.note,
                by=_person(request),
                now=self._parts.clock.now(),
            )

    async def decide(self, request: Request, version: int, accept: str = Form("")) -> Response:
        """Accept a proposal or refuse it."""
        if version > policy_view.LARGEST_VERSION:
            raise _not_found()
        if accept not in {"yes", "no"}:
            return _to(f"/policies/{version}")
        try:
            async with self._parts.database.transaction() as connection:
                await decide_policy(
                    connection,
                    version,
                    accept=accept == "yes",
                    by=_person(request),
                    now=self._parts.clock.now(),
                )
        except PolicyRefusedError as error:
            return await self._version(request, version, wrong=error.wrong)
        self._desk.policies.forget()
        return _to(f"/policies/{version}?said={'accepted' if accept == 'yes' else 'refused'}")

    async def _version(
        self,
        request: Request,
        version: int,
        *,
        unit: str = "",
        said: str = "",
        wrong: tuple[Wrong, ...] = (),
        note: str = "",
    ) -> HTMLResponse:
        async with self._parts.database.reading() as connection:
            opened = await policy_view.load_version(connection, version)
            if opened is None:
                raise _not_found()
            unit_code = _unit(unit, opened.version.team)
            preview = await load_preview(connection, opened.after, unit_code, self._parts.clock.now())
        values = {
            "opened": opened,
            "preview": preview,
            "unit_code": unit_code,
            "units": places.bac_ninh(),
            "said": said,
            "wrong": wrong,
            "note": note,
        }
        return _page(request, "policy.html", values, CONFLICT if wrong else 200)

    async def _form(
        self,
        request: Request,
        said: Typed,
        *,
        unit: str = "",
        wrong: tuple[Wrong, ...] = (),
        focus: int = 0,
        look: bool = False,
    ) -> HTMLResponse:
        found = read(said)
        unit_code = _unit(unit, said.team)
        async with self._parts.database.reading() as connection:
            now = await policy_view.in_force(connection, said.team, said.chosen_level)
            people = await policy_view.everybody(connection)
            preview = await self._preview(connection, found, unit_code)
        values = {
            **_choices(people),
            "typed": said,
            "now_followed": now,
            "names": {person_id: name for person_id, name, _ in people},
            "preview": preview,
            "unit_code": unit_code,
            "focus": focus,
            "look": look,
            "wrong": wrong,
            "wrong_at": {step: [one.reason for one in wrong if one.step == step] for step in _steps(wrong)},
        }
        return _page(request, "policy_form.html", values, UNPROCESSABLE if wrong else 200)

    async def _look(self, request: Request, said: Typed, unit: str) -> HTMLResponse:
        """Show the preview alone, for the page that is being filled in."""
        found = read(said)
        async with self._parts.database.reading() as connection:
            preview = await self._preview(connection, found, _unit(unit, said.team))
            named = {*policy_view.named(found.policy)} if found.policy else set()
            names = await policy_view.names_of(connection, named)
        return _page(request, "policy_preview.html", {"preview": preview, "names": names})

    async def _preview(self, connection: AsyncConnection, found: Read, unit_code: int | None) -> Preview | None:
        """Return who would be paged; None while a field cannot be read."""
        if found.policy is None:
            return None
        return await load_preview(connection, found.policy, unit_code, self._parts.clock.now())


async def _source(connection: AsyncConnection, team: str, level: Level, source: str) -> Policy:
    """Return the policy that fills a form: of a version, the built-in plan, or what is in force."""
    if source == BUILT_IN:
        return built_in(team, level)
    found = await policy_view.one_policy(connection, int(source)) if _is_number(source) else None
    return found or (await policy_view.in_force(connection, team, level)).policy


def _choices(people: Any) -> dict[str, Any]:
    return {
        "people": people,
        "units": places.bac_ninh(),
        "functions": policy_form.COMMUNE_FUNCTIONS,
        "province_functions": policy_form.PROVINCE_FUNCTIONS,
        "suggestions": policy_form.suggestions(),
        "channels": CHANNELS,
        "most_steps": MOST_STEPS,
        "note_limit": policy_form.NOTE_LIMIT,
        "first_escalation": FIRST_ESCALATION,
    }


def _place(wrong: Wrong) -> tuple[bool, int]:
    """Sort as the form goes: the team, the level and the repeat, each step, the reason."""
    return wrong.reason == "note", wrong.step or 0


def _steps(wrong: tuple[Wrong, ...]) -> set[int | None]:
    return {one.step for one in wrong}


def _unit(unit: str, team: str) -> int | None:
    """Return the commune of a preview: the one asked for, else the team's own, else none."""
    own = team.rpartition("-")[2]
    code = unit if _is_number(unit) else own
    return int(code) if _is_number(code) and places.by_code(int(code)) is not None else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= UNIT_LIMIT


def _page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    view: View = request.state.view
    values = {
        **values,
        "pw": policy_words,
        "levels": policy_view.GRAVEST_FIRST,
        "may_propose": view in {View.FULL, View.PROPOSE},
        "may_decide": view is View.FULL,
        "me": _person(request),
    }
    return pages.render(request, template, values, status=status)


def _person(request: Request) -> UUID:
    """Return who acts; the policy lets in only people who are signed in."""
    actor: Actor = request.state.actor
    if actor.id is None:
        raise Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")
    return actor.id


def _not_found() -> Problem:
    return Problem(404, "Không tìm thấy chính sách", "Không có chính sách nào mang số này. Mở danh sách để chọn.")


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=SEE_OTHER)
