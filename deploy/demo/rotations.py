"""Second people of a few invented teams, and the rotations in which they take turns with the first.

Only teams that no sample report and no check asks for; somebody of a rotation is on duty alone, so that nobody is
paged in addition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.demo.organisation import FIRST_NUMBER, PEOPLE
from services.notify.handlers.load_organisation import PersonEntry
from services.notify.handlers.plan_duty import add_rotation
from services.notify.models import PLANS
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import Rotation
from shared.contracts.teams import Function, commune_team

ZONE: Final = "Asia/Ho_Chi_Minh"
MONDAY: Final = date(2026, 1, 5)
NUMBERS_FROM: Final = FIRST_NUMBER + 9000
"""Numbers of second people, away from those of the others."""
BEGUN: Final = timedelta(hours=2)
"""How long before the start the rotations begin: nobody is told of a turn that began long ago."""

WEEKLY, DAY_AND_NIGHT, LAYERED = (commune_team(Function.SOCIAL, unit) for unit in (7654, 7498, 9295))
"""An Lạc, Bắc Lũng and Bồng Lai."""

SECONDS: Final = tuple(
    PersonEntry(f"sample {code} second", name, f"+{NUMBERS_FROM + number}", code, Position.WORKER)
    for number, (code, name) in enumerate(
        ((WEEKLY, "Ngô Thị Thoa"), (DAY_AND_NIGHT, "Tạ Quang Khánh"), (LAYERED, "Lương Bích Sen")), start=1
    )
)


def rotations() -> Iterator[tuple[Target, Rotation]]:
    """Give the rotations: a week each, days and nights in turn, and working hours above a backup."""
    by_team = {second.team_code: (_first(second.team_code), second) for second in SECONDS}
    for code, (first, second) in by_team.items():
        target = Target(code, Position.WORKER)
        weekly = Rotation(1, (first.id, second.id), time(8), ZONE, 7, MONDAY)
        match code:
            case _ if code == WEEKLY:
                yield target, weekly
            case _ if code == DAY_AND_NIGHT:
                yield target, replace(weekly, handover=time(7), hours=(time(7), time(19)))
                turned = replace(weekly, members=(second.id, first.id))
                yield target, replace(turned, handover=time(19), hours=(time(19), time(7)))
            case _:
                yield target, weekly
                days = Rotation(2, (second.id, first.id), time(8), ZONE, 1, MONDAY, weekdays=frozenset(range(5)))
                yield target, replace(days, hours=(time(8), time(17)))


async def plan_rotations(connection: AsyncConnection, now: datetime) -> None:
    """Plan the rotations, unless something is planned for these teams already."""
    planned = PLANS.rosters.c.team_code
    codes = [second.team_code for second in SECONDS]
    if (await connection.execute(select(planned).where(planned.in_(codes)))).first() is not None:
        return
    for target, rotation in rotations():
        await add_rotation(connection, target, rotation, by=None, now=now - BEGUN)


def _first(code: str) -> PersonEntry:
    return next(one for one in PEOPLE if one.team_code == code and one.position is Position.WORKER)
