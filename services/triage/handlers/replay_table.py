"""Judge past cases by a draft, beside the version in force, for somebody who looks at the result."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import lab_cases, lab_results, lab_store
from services.triage.lab_records import NO_SUCH_VERSION, KeptReplay, LabRefusedError, Source
from services.triage.rules.replay import Past, replay
from shared.database import Database

DEFAULT_CASES: Final = 500
MOST_CASES: Final = 2000


async def replay_table(
    database: Database, version: str, source: Source, *, most: int = DEFAULT_CASES, by: UUID, now: datetime
) -> KeptReplay:
    """Replay the newest `most` cases, or the samples, and keep the result; raises `LabRefusedError` without the version.

    Reading, judging and keeping are apart, so that no connection waits while cases are judged.
    """
    async with database.transaction() as connection:
        await lab_store.keep_built_in(connection, now)
        tested, in_force = await lab_store.version(connection, version), await lab_store.active(connection)
        cases = await _cases(connection, source, min(most, MOST_CASES)) if tested else ()
    if tested is None or in_force is None:
        raise LabRefusedError(NO_SUCH_VERSION)
    result = await asyncio.to_thread(replay, cases, in_force.table, tested.table)
    kept = KeptReplay(
        version=tested.version,
        digest=tested.digest,
        against_version=in_force.version,
        against=in_force.digest,
        source=source,
        result=lab_results.written(result),
        viewed_by=by,
        viewed_at=now,
    )
    async with database.transaction() as connection:
        await lab_store.keep_replay(connection, kept)
    return kept


async def _cases(connection: AsyncConnection, source: Source, most: int) -> Sequence[Past]:
    match source:
        case "cases":
            return await lab_cases.last_cases(connection, most)
        case "samples":
            return lab_cases.samples()
