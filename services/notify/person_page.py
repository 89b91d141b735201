"""The page of one person: what is shown of them, and to whom which forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import people_view, teams_view
from services.notify.contacts import sendable
from services.notify.duty_of_one import holes_without
from services.notify.handlers.create_person import PersonFault
from services.notify.models import ACCOUNTS
from services.notify.people_faults import PERSON_FAULTS
from services.notify.people_words import CHANGES, CHANNELS, KINDS, POSITIONS, SAID, STATES
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

UNPROCESSABLE: Final = 422


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a person, and what is wrong with it, by field."""

    values: Mapping[str, str]
    faults: Mapping[str, PersonFault]


async def show_person(
    request: Request, parts: Parts, person_id: UUID, said: str, *, base: str, typed: Typed | None = None
) -> HTMLResponse:
    """Render a person's page; `base` is `/me` for one's own, which is there for whoever signs in."""
    own = base == "/me"
    async with parts.database.reading() as connection:
        found = await people_view.load_person(connection, person_id, parts.clock.now())
        if found is None and own:
            return render(
                request, "person.html", person=None, base=base, own=True, may_change=False, bad=False, said=""
            )
        if found is None:
            raise nobody()
        person, team, changes = found
        may_edit = not own and request.state.view is View.FULL
        may_propose = not own and request.state.view is View.PROPOSE
        more = await _more(connection, parts, person_id, asked=may_edit or may_propose)
    word, _, left = said.partition("-")
    text, bad = SAID.get(word, ("", False))
    codes = ", ".join(sorted(set(more["account"]["team_codes"]) - {person.row["team_code"]})) if more["account"] else ""
    kept = {name: person.row[name] for name in ("name", "position")} | {"team": person.row["team_code"]}
    form = {**kept, "more_teams": codes, **(typed.values if typed else {})}
    values = {"person": person, "team": team, "changes": changes, "base": base, "own": own, **more}
    rights = {"may_change": own or may_edit, "may_edit": may_edit, "may_propose": may_propose}
    said_values = {"said": text, "bad": bad, "left": left, "form": form, "faults": typed.faults if typed else {}}
    return render(request, "person.html", status=UNPROCESSABLE if typed else 200, **values, **rights, **said_values)


async def _more(connection: AsyncConnection, parts: Parts, person_id: UUID, *, asked: bool) -> Mapping[str, Any]:
    """Return the account, the holes that the person would leave, and the teams to choose from, for who may ask."""
    if not asked:
        return {"account": None, "holes": (), "teams": ()}
    accounts = ACCOUNTS.accounts
    theirs = select(accounts.c.login, accounts.c.roles, accounts.c.team_codes, accounts.c.disabled)
    row = (await connection.execute(theirs.where(accounts.c.person_id == person_id))).mappings().first()
    holes = await holes_without(connection, person_id, parts.clock.now(), people_view.AHEAD)
    return {"account": row, "holes": holes, "teams": await teams_view.load_codes(connection)}


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page of people with the words that all of them use."""
    pages: Pages = request.app.state.pages
    words: Mapping[str, Any] = {
        "CHANNELS": CHANNELS,
        "STATES": STATES,
        "CHANGES": CHANGES,
        "KINDS": KINDS,
        "POSITIONS": POSITIONS,
        "FAULTS": PERSON_FAULTS,
        "SENDABLE": tuple(sendable()),
        "may_change": request.state.view is View.FULL,
    }
    return pages.render(request, template, {**words, **values}, status=status)


def nobody() -> Problem:
    """Return what to say where nobody has this id."""
    return Problem(404, "Không tìm thấy người này", "Mở trang Người và liên hệ rồi chọn lại.")
