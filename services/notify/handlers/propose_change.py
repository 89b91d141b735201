"""Supervisors ask for changes of people; an administrator makes them, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import RowMapping, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import NoSuchContactError
from services.notify.handlers.change_person import add_contact, read_address, remove_contact
from services.notify.handlers.edit_person import NoSuchColleagueError, edit_person, let_go
from services.notify.models import CONTACTS, PEOPLE, people, teams
from services.notify.people_changes import ending, note_change
from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import Position
from shared.events import EventBus

WHY_LONGEST: Final = 300

_proposals = PEOPLE.proposals
_contacts = CONTACTS.contacts


class ProposalKind(StrEnum):
    """What may be asked for."""

    CONTACT = "contact"
    """A contact more; the value is `channel:address`."""
    CONTACT_REMOVE = "contact_remove"
    """A contact less; the value is its id."""
    TEAM = "team"
    """Another team; the value is its code."""
    POSITION = "position"
    """The other position; the value is it."""
    DISABLE = "disable"
    """To be paged no more; without a value."""


class NothingToProposeError(ValueError):
    """The value names nothing that could be changed: no such team, position or contact."""


class ReasonMissingError(ValueError):
    """A refusal says why."""


class DecidedAlreadyError(Exception):
    """Somebody has decided already, or there never was such a proposal."""


@dataclass(frozen=True)
class Asking:
    """What a supervisor asks for, about whom, and why."""

    person_id: UUID
    kind: ProposalKind
    value: str = ""
    why: str = ""


async def propose(connection: AsyncConnection, asking: Asking, *, by: UUID, now: datetime) -> bool:
    """Keep a proposal; False when the same one waits already.

    Raises `NothingToProposeError`, `WrongAddressError` or `NoSuchColleagueError`.
    """
    if not await connection.scalar(select(exists().where(people.c.id == asking.person_id))):
        raise NoSuchColleagueError(str(asking.person_id))
    value = await _value(connection, asking)
    row = {"person_id": asking.person_id, "kind": asking.kind.value, "value": value}
    more = {"why": asking.why.strip()[:WHY_LONGEST], "proposed_by": by, "proposed_at": now}
    kept = insert(_proposals).values(**row, **more).on_conflict_do_nothing().returning(_proposals.c.id)
    if (await connection.execute(kept)).first() is None:
        return False
    await note_change(connection, asking.person_id, by, "proposed", now, kind=asking.kind.value)
    return True


async def accept(connection: AsyncConnection, bus: EventBus, proposal_id: int, *, by: UUID, now: datetime) -> UUID:
    """Make the change that was asked for; return whose it is.

    Raises `DecidedAlreadyError`, or what the change itself raises: then nothing is decided.
    """
    proposal = await _open(connection, proposal_id)
    person_id: UUID = proposal["person_id"]
    kind, value = ProposalKind(proposal["kind"]), str(proposal["value"])
    match kind:
        case ProposalKind.CONTACT:
            channel, _, address = value.partition(":")
            await add_contact(connection, person_id, ContactChannel(channel), address, by=by, now=now)
        case ProposalKind.CONTACT_REMOVE:
            await remove_contact(connection, UUID(value), by=by, now=now)
        case ProposalKind.TEAM:
            await edit_person(connection, bus, person_id, team_code=value, by=by, now=now)
        case ProposalKind.POSITION:
            await edit_person(connection, bus, person_id, position=value, by=by, now=now)
        case ProposalKind.DISABLE:
            await let_go(connection, bus, person_id, by=by, now=now)
        case _:
            assert_never(kind)
    await _decide(connection, proposal, "accepted", None, by=by, now=now)
    return person_id


async def refuse(connection: AsyncConnection, proposal_id: int, reason: str, *, by: UUID, now: datetime) -> UUID:
    """Leave everything as it is; return whose proposal it was. Raises `ReasonMissingError` or `DecidedAlreadyError`."""
    said = reason.strip()[:WHY_LONGEST]
    if not said:
        raise ReasonMissingError
    proposal = await _open(connection, proposal_id)
    await _decide(connection, proposal, "refused", said, by=by, now=now)
    return UUID(str(proposal["person_id"]))


async def _open(connection: AsyncConnection, proposal_id: int) -> RowMapping:
    statement = select(_proposals).where(_proposals.c.id == proposal_id, _proposals.c.state == "open")
    row = (await connection.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise DecidedAlreadyError(str(proposal_id))
    return row


async def _decide(
    connection: AsyncConnection, proposal: RowMapping, state: str, reason: str | None, *, by: UUID, now: datetime
) -> None:
    """Close a proposal; of an address only its end stays."""
    value = proposal["value"]
    short = ending(value) if proposal["kind"] == ProposalKind.CONTACT else value
    decided = {"state": state, "decided_by": by, "decided_at": now, "reason": reason, "value": short}
    await connection.execute(update(_proposals).where(_proposals.c.id == proposal["id"]).values(**decided))
    detail = {"kind": proposal["kind"]} | ({"reason": reason} if reason else {})
    await note_change(connection, proposal["person_id"], by, f"proposal_{state}", now, **detail)


async def _value(connection: AsyncConnection, asking: Asking) -> str:
    """Return the one form of what is asked for."""
    match asking.kind:
        case ProposalKind.CONTACT:
            channel, _, address = asking.value.partition(":")
            if channel not in set(ContactChannel):
                raise NothingToProposeError(asking.kind.value)
            return f"{channel}:{read_address(ContactChannel(channel), address)}"
        case ProposalKind.CONTACT_REMOVE:
            return await _contact(connection, asking)
        case ProposalKind.TEAM:
            found = await connection.scalar(select(teams.c.code).where(teams.c.code == asking.value.strip()))
        case ProposalKind.POSITION:
            found = asking.value if asking.value in set(Position) else None
        case ProposalKind.DISABLE:
            return ""
        case _:
            assert_never(asking.kind)
    if found is None:
        raise NothingToProposeError(asking.kind.value)
    return str(found)


async def _contact(connection: AsyncConnection, asking: Asking) -> str:
    try:
        contact_id = UUID(asking.value)
    except ValueError:
        raise NothingToProposeError(asking.kind.value) from None
    mine = select(_contacts.c.id).where(_contacts.c.id == contact_id, _contacts.c.person_id == asking.person_id)
    if await connection.scalar(mine) is None:
        raise NoSuchContactError(asking.value)
    return str(contact_id)
