"""The test unit's team and its only person, in the watched installation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from services.notify.handlers.load_organisation import PersonEntry, TeamEntry, load_organisation
from services.notify.rules.escalation import Position
from shared.contracts.teams import Function, commune_team
from shared.database import Database
from shared.places import TEST_UNIT

TEST_TEAM: Final = commune_team(Function.SOCIAL, TEST_UNIT.code)


def _person(phone: str) -> PersonEntry:
    return PersonEntry("watch", "Máy giám sát", phone, TEST_TEAM, Position.WORKER)


TEST_PERSON: Final = _person("").id


async def prepare(database: Database, *, phone: str, duty_number: str) -> None:
    """Let test reports page `phone` (E.164) and nobody else, unless they stay unanswered; repeats change the number."""
    team = TeamEntry(
        TEST_TEAM, "Nhóm thử của hệ thống giám sát", "Test team of the monitoring system", TEST_UNIT.code, duty_number
    )
    async with database.transaction() as connection:
        await load_organisation(connection, [team], [_person(phone)], datetime.now(UTC))
