"""What waits for an administrator's decision about people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.duty_of_one import Hole, holes_without
from services.notify.models import ACCOUNTS, CONTACTS, PEOPLE, people, teams
from services.notify.people_view import AHEAD

_proposals = PEOPLE.proposals
_contacts = CONTACTS.contacts
_accounts = ACCOUNTS.accounts


@dataclass(frozen=True)
class Proposal:
    """An open proposal; `holes` are the turns that nobody would hold if the person left."""

    row: RowMapping
    holes: Sequence[Hole]

    @property
    def address(self) -> str:
        """The address of the contact that it is about."""
        return str(self.row["value"]).partition(":")[2] or str(self.row["address"] or "")

    @property
    def needs_care(self) -> bool:
        """Whether accepting it takes something away, so that it is asked about twice."""
        return self.row["kind"] in {"disable", "contact_remove"}


async def load_open(connection: AsyncConnection, now: datetime) -> Sequence[Proposal]:
    """Return what is not decided yet, oldest first, with names of the person and of who asks."""
    asker = people.alias("asker")
    statement = (
        select(
            _proposals,
            people.c.name,
            func.coalesce(_accounts.c.display_name, asker.c.name).label("by_name"),
            _contacts.c.address,
            teams.c.name_vi,
            teams.c.name_en,
        )
        .join(people, people.c.id == _proposals.c.person_id)
        .outerjoin(_accounts, _accounts.c.person_id == _proposals.c.proposed_by)
        .outerjoin(asker, asker.c.id == _proposals.c.proposed_by)
        .outerjoin(_contacts, cast(_contacts.c.id, Text) == _proposals.c.value)
        .outerjoin(teams, teams.c.code == _proposals.c.value)
        .where(_proposals.c.state == "open")
        .order_by(_proposals.c.id)
    )
    rows = (await connection.execute(statement)).mappings().all()
    return [Proposal(row, await _holes(connection, row, now)) for row in rows]


async def _holes(connection: AsyncConnection, row: RowMapping, now: datetime) -> Sequence[Hole]:
    return await holes_without(connection, row["person_id"], now, AHEAD) if row["kind"] == "disable" else ()
