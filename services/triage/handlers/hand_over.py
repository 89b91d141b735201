"""Hand a case over to another team: offered, and theirs only once a person of theirs has accepted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.handlers.case_state import Office, Person, change_work, lock_open_case
from services.triage.models import handovers
from shared.contracts.teams import team_id
from shared.crypto import Keys
from shared.observability import logger

CAUSE = "hand_over"

log = logger(__name__)


class OfferedAlreadyError(Exception):
    """The case is offered to a team that has not answered yet; `team_code` is that team's."""

    def __init__(self, team_code: str) -> None:
        super().__init__(team_code)
        self.team_code = team_code


class SameTeamError(Exception):
    """The team has the case already."""


class TeamExcludedError(Exception):
    """The team must not have the case: somebody or something of theirs is alleged."""


class NotOfferedError(Exception):
    """There is no offer to answer: it was answered or withdrawn."""


class NotTheirsError(Exception):
    """Only a person of the team to which the case is offered may answer, or a supervisor who did not offer it."""


_OFFERED = select(handovers).where(handovers.c.report_id == bindparam("of_case"), handovers.c.state == "pending")


async def offer(
    connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, *, to_team: str, reason: str
) -> None:
    """Offer a case to another team; it stays with its owner until they accept.

    Raises `NoSuchCaseError`, `CaseEndedError`, `OfferedAlreadyError`, `SameTeamError`, `TeamExcludedError`.
    """
    case = await lock_open_case(connection, code)
    pending = await _pending(connection, case.report_id)
    if pending is not None:
        raise OfferedAlreadyError(pending.to_team)
    owner = owner_of(case)
    if to_team == owner:
        raise SameTeamError
    if team_id(to_team) in case.excluded_team_ids:
        raise TeamExcludedError
    offer_id = uuid4()
    await connection.execute(
        insert(handovers),
        {
            "id": offer_id,
            "report_id": case.report_id,
            "from_team": owner,
            "to_team": to_team,
            "reason": keys.seal(reason.encode(), sealed_as(offer_id)),
            "state": "pending",
            "asked_by": who.id,
            "asked_name": who.name,
            "asked_at": office.clock.now(),
        },
    )
    await change_work(connection, office, case, CAUSE, offered_to=to_team)
    log.info("case_offered", case_code=code, from_team=owner, to_team=to_team)


async def accept(connection: AsyncConnection, office: Office, code: str, who: Person) -> None:
    """Take a case over: the owner changes now, and whoever accepts is responsible for it.

    Raises `NoSuchCaseError`, `CaseEndedError`, `NotOfferedError`, `NotTheirsError`.
    """
    case = await lock_open_case(connection, code)
    pending = await _offered_to(connection, case.report_id, who)
    await _answer(connection, office, pending.id, "accepted", who, None)
    await change_work(connection, office, case, CAUSE, owner=pending.to_team, offered_to=None, held_by=who.id)
    log.info("case_taken_over", case_code=code, team=pending.to_team)


async def refuse(
    connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, *, reason: str
) -> None:
    """Refuse an offer with a reason; whoever offered the case withdraws it this way as well.

    Raises `NoSuchCaseError`, `CaseEndedError`, `NotOfferedError`, `NotTheirsError`.
    """
    case = await lock_open_case(connection, code)
    pending = await _pending(connection, case.report_id)
    if pending is None:
        raise NotOfferedError
    own = pending.asked_by == who.id
    if not own:
        await _offered_to(connection, case.report_id, who)
    sealed = keys.seal(reason.encode(), sealed_as(pending.id))
    await _answer(connection, office, pending.id, "withdrawn" if own else "refused", who, sealed)
    await change_work(connection, office, case, CAUSE, offered_to=None)
    log.info("case_offer_ended", case_code=code, withdrawn=own)


def owner_of(case: Row[Any]) -> str:
    """Return the team that has a case: whoever took it over, else the route's lead."""
    return str(case.work.get("owner") or case.route["lead"])


def sealed_as(offer_id: UUID) -> str:
    """Return the context under which reason and answer of a hand-over are sealed."""
    return f"triage:handover:{offer_id}"


async def _pending(connection: AsyncConnection, report_id: UUID) -> Row[Any] | None:
    return (await connection.execute(_OFFERED, {"of_case": report_id})).first()


async def _offered_to(connection: AsyncConnection, report_id: UUID, who: Person) -> Row[Any]:
    pending = await _pending(connection, report_id)
    if pending is None:
        raise NotOfferedError
    on_behalf = who.supervisor and pending.asked_by != who.id
    if not on_behalf and pending.to_team not in who.teams:
        raise NotTheirsError
    return pending


async def _answer(
    connection: AsyncConnection, office: Office, offer_id: UUID, state: str, who: Person, answer: bytes | None
) -> None:
    values = {
        "state": state,
        "answer": answer,
        "answered_by": who.id,
        "answered_name": who.name,
        "answered_at": office.clock.now(),
    }
    await connection.execute(update(handovers).where(handovers.c.id == offer_id).values(**values))
