"""Reading who the colleagues are that the other services must be told of, and noting that they were."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import numbers_of
from services.notify.models import ACCOUNTS, people, teams

_accounts = ACCOUNTS.accounts

_UNTOLD_PEOPLE = select(people.c.id).where(people.c.told < people.c.sequence).order_by(people.c.id)
_UNTOLD_ACCOUNTS = (
    select(_accounts.c.person_id).where(_accounts.c.told < _accounts.c.sequence).order_by(_accounts.c.person_id)
)


@dataclass(frozen=True)
class Colleague:
    """A person as notify knows them: in the organisation, as somebody who signs in, or as both."""

    person_id: UUID
    person: RowMapping | None
    account: RowMapping | None
    numbers: frozenset[str] = frozenset()

    @property
    def sequence(self) -> int:
        """Grows with each change of either."""
        return sum(int(row["sequence"]) for row in (self.person, self.account) if row is not None)

    @property
    def names(self) -> frozenset[str]:
        """What they are called; nobody who has left is looked for."""
        found = [(self.person, "name"), (self.account, "display_name")]
        return frozenset(row[column] for row, column in found if row is not None and not row["disabled"])

    @property
    def phones(self) -> frozenset[str]:
        """Their numbers."""
        return frozenset() if self.person is None or self.person["disabled"] else self.numbers

    @property
    def team_codes(self) -> frozenset[str]:
        """The teams they are of."""
        own = {self.person["team_code"]} if self.person is not None and not self.person["disabled"] else set()
        signs_in = self.account is not None and not self.account["disabled"]
        return frozenset(own.union(self.account["team_codes"] if self.account is not None and signs_in else ()))


async def claim_untold(connection: AsyncConnection, most: int) -> list[Colleague]:
    """Return at most `most` people of whom, or of whose account, something is not told yet.

    Their rows stay locked to the end of the transaction; rows that another instance holds are passed over.
    """
    ids = set((await connection.execute(_UNTOLD_PEOPLE.limit(most).with_for_update(skip_locked=True))).scalars())
    more = _UNTOLD_ACCOUNTS.limit(most).with_for_update(skip_locked=True)
    ids |= set((await connection.execute(more)).scalars())
    if not ids:
        return []
    persons = {row["id"]: row for row in await _rows(connection, ids)}
    found = (await connection.execute(select(_accounts).where(_accounts.c.person_id.in_(ids)))).mappings()
    accounts = {row["person_id"]: row for row in found}
    numbers = await numbers_of(connection, sorted(ids))
    return [Colleague(one, persons.get(one), accounts.get(one), numbers.get(one, frozenset())) for one in sorted(ids)]


async def _rows(connection: AsyncConnection, ids: Collection[UUID]) -> Sequence[RowMapping]:
    return (await connection.execute(select(people).where(people.c.id.in_(ids)))).mappings().all()


async def teams_of(connection: AsyncConnection, codes: Collection[str]) -> Sequence[RowMapping]:
    """Return teams by their codes; a code that no team bears has none."""
    return (await connection.execute(select(teams).where(teams.c.code.in_(codes)))).mappings().all()


async def mark_told(connection: AsyncConnection, told: Sequence[Colleague]) -> None:
    """Note that people were told as they were read."""
    for colleague in told:
        if colleague.person is not None:
            theirs = update(people).where(people.c.id == colleague.person_id)
            await connection.execute(theirs.values(told=colleague.person["sequence"]))
        if colleague.account is not None:
            its = update(_accounts).where(_accounts.c.person_id == colleague.person_id)
            await connection.execute(its.values(told=colleague.account["sequence"]))
