"""What notify does on the clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from services.notify.handlers.desk import Desk
from services.notify.handlers.escalate_due import escalate_due
from services.notify.handlers.fill_rosters import fill_rosters, measure_horizon
from services.notify.handlers.miss_silent import miss_silent
from services.notify.handlers.rehearse_coverage import keep_rehearsal
from services.notify.handlers.remind_overdue import remind_overdue
from services.notify.handlers.tell_colleagues import tell_colleagues
from services.notify.handlers.tell_handover import tell_handover
from shared.service import Job, Parts

SWEEP = timedelta(milliseconds=250)


def jobs(parts: Parts, desk: Desk, confirming: Collection[str]) -> Sequence[Job]:
    """Return notify's jobs; `confirming` are the gateways whose receipts come from the phone."""

    async def escalate() -> None:
        await escalate_due(parts.database, desk)

    async def remind() -> None:
        await remind_overdue(parts.database, desk)

    async def tell() -> None:
        await tell_colleagues(parts)

    async def fill() -> None:
        await fill_rosters(parts.database, desk.clock.now())
        await measure_horizon(parts.database, desk.clock.now())

    async def handover() -> None:
        await tell_handover(parts.database, desk)

    async def rehearse() -> None:
        await keep_rehearsal(parts.database, desk.clock.now())

    async def miss() -> None:
        await miss_silent(parts.database, desk, confirming)

    return [
        Job("miss_silent", timedelta(seconds=1), miss),
        Job("escalate_due", SWEEP, escalate),
        Job("remind_overdue", timedelta(seconds=1), remind),
        Job("tell_colleagues", timedelta(seconds=1), tell),
        Job("fill_rosters", timedelta(minutes=1), fill),
        Job("tell_handover", timedelta(seconds=10), handover),
        Job("rehearse_coverage", timedelta(minutes=5), rehearse),
    ]
