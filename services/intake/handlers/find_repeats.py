"""Find the reports that may tell of the same child; nothing is merged by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import link_records
from services.intake.handlers.match_keys import Sought, ages_of, sought
from services.intake.handlers.seal_report import open_report
from services.intake.link_records import Pair
from services.intake.rules.repeats import Ages, Kind, Likeness, LinkState, ages_agree, likeness
from services.intake.rules.report import Report
from shared.contracts.vocabulary import Answer
from shared.crypto import Keys, UndecryptableError
from shared.observability import logger
from shared.service import Parts

MOST_KEPT = 10
"""Suggestions kept for one report, the likeliest first."""

log = logger(__name__)


@dataclass(frozen=True)
class Repeat:
    """A report that may be a repeat."""

    report_id: UUID
    received_at: datetime
    likeness: Likeness


async def find_repeats(
    connection: AsyncConnection, keys: Keys, wanted: Sought, own: UUID | None = None
) -> tuple[Repeat, ...]:
    """Return what may be repeats of what is `wanted`, the likeliest first, then the newest; `own` is left out."""
    if not wanted.anything:
        return ()
    rows = await link_records.find(connection, own, wanted.keys, wanted.codes)
    found = [repeat for row in rows if (repeat := _weighed(keys, wanted.ages, row)) is not None]
    return tuple(sorted(found, key=lambda repeat: repeat.likeness.score, reverse=True))


async def note_repeats(connection: AsyncConnection, parts: Parts, report: Report, row: Any) -> None:
    """Keep by what a new report, given its row, is found, and suggest the reports that it may repeat."""
    report_id, received_at = row["report_id"], row["received_at"]
    wanted = sought(report, received_at, parts.keys)
    await link_records.put_keys(connection, report_id, received_at, wanted.keys)
    repeats = await find_repeats(connection, parts.keys, wanted, report_id)
    now = parts.clock.now()
    await link_records.suggest(connection, [suggestion(report_id, repeat, now) for repeat in repeats[:MOST_KEPT]])


async def note_repeats_again(connection: AsyncConnection, parts: Parts, report: Report, row: Any) -> None:
    """Do so for a corrected report: what only its earlier words suggested is forgotten, what people decided is not."""
    await link_records.forget_keys(connection, row["report_id"])
    await note_repeats(connection, parts, report, row)


def suggestion(report_id: UUID, repeat: Repeat, now: datetime) -> dict[str, Any]:
    """Return the row of a suggestion."""
    pair = Pair.of(report_id, repeat.report_id)
    return {
        "report_a": pair.a,
        "report_b": pair.b,
        "state": LinkState.SUGGESTED,
        "reasons": [reason.value for reason in repeat.likeness.reasons],
        "score": repeat.likeness.score,
        "suggested_at": now,
    }


def _weighed(keys: Keys, ages: Ages, row: RowMapping) -> Repeat | None:
    common = {Kind(kind) for kind in row["kinds"]}
    alike = likeness(common, _ages_agree(keys, ages, common, row))
    return None if alike is None else Repeat(row["report_id"], row["received_at"], alike)


def _ages_agree(keys: Keys, ages: Ages, common: set[Kind], row: RowMapping) -> Answer:
    """Compare ages where a name is common; the age is sealed with the report and opened only then."""
    if common <= {Kind.PHONE, Kind.ADDRESS, Kind.CODE}:
        return Answer.UNKNOWN
    try:
        other = open_report(keys, row["report_id"], row["document"])
    except UndecryptableError:
        log.exception("possible_repeat_does_not_open", report_id=str(row["report_id"]))
        return Answer.UNKNOWN
    return ages_agree(ages, ages_of(other, row["received_at"]))
