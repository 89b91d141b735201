"""Tell the other services how to recognise colleagues among the alleged: keyed hashes, never a name or a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping

from services.notify import colleagues
from services.notify.colleagues import Colleague
from services.notify.rules.institution import institution_names
from shared import places
from shared.contracts.events import NO_ACCOUNT, Marks, PersonChanged
from shared.crypto import Keys
from shared.marks import institution_mark, name_marks, phone_marks
from shared.service import Parts

BATCH = 100
"""People an event: an organisation of a thousand is told of in seconds, and an event stays well under a megabyte."""

_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


async def tell_colleagues(parts: Parts, most: int = BATCH) -> int:
    """Tell of people who were added or changed since they were told of; return how many.

    Each may be alleged in a report, whether they are paged, sign in, or both.
    """
    async with parts.database.transaction() as connection:
        found = await colleagues.claim_untold(connection, most)
        if not found:
            return 0
        codes = {code for colleague in found for code in colleague.team_codes}
        teams = {row["code"]: row for row in await colleagues.teams_of(connection, codes)}
        marks = tuple(_marks(parts.keys, one, teams) for one in found)
        await parts.bus.publish(connection, _told(marks, parts.clock.now()))
        await colleagues.mark_told(connection, found)
    return len(found)


def _told(marks: tuple[Marks, ...], now: datetime) -> PersonChanged:
    first = marks[0].person_id
    return PersonChanged(
        occurred_at=now,
        correlation_id=str(first),
        person_id=first,
        sequence=NO_ACCOUNT,
        disabled=True,
        sessions_valid_from=_NEVER,
        marks=marks,
    )


def _marks(keys: Keys, colleague: Colleague, teams: Mapping[str, RowMapping]) -> Marks:
    institutions: dict[str, set[str]] = defaultdict(set)
    for code in sorted(colleague.team_codes & teams.keys()):
        for name in _institutions(teams[code]):
            institutions[institution_mark(keys, name)].add(code)
    return Marks(
        person_id=colleague.person_id,
        sequence=colleague.sequence,
        member_of=tuple(sorted(colleague.team_codes)),
        name_hashes=tuple(sorted({one for name in colleague.names for one in name_marks(keys, name)})),
        phone_hashes=tuple(sorted({one for phone in colleague.phones for one in phone_marks(keys, phone)})),
        institution_hashes={hashed: tuple(sorted(codes)) for hashed, codes in institutions.items()},
    )


def _institutions(team: RowMapping) -> frozenset[str]:
    unit: Any = places.by_code(team["unit_code"]) if team["unit_code"] is not None else None
    names = (team["name_vi"], team["name_en"], *team["institutions"])
    return institution_names(team["code"], names, None if unit is None else unit.name)
