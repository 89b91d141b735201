"""Past cases for the rule lab: those that were judged here, or the twelve samples, without anything personal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import lab_store
from services.triage.rules.case import with_answers
from services.triage.rules.replay import Past
from services.triage.rules.situation import Situation
from services.triage.surroundings import surroundings
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import Channel

SAMPLES: Final = Path(__file__).parent / "samples.json"
"""The demonstration's twelve reports as the rules read them."""

_NOBODY: Final = UUID(int=0)
_SAMPLES_RECEIVED: Final = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


async def last_cases(connection: AsyncConnection, most: int) -> list[Past]:
    """Return the newest `most` cases, as their newest revision was read, with today's coverage."""
    rows = await lab_store.last_cases(connection, most)
    units = await lab_store.coverage(connection)
    return [
        _past(
            row["case_code"],
            row["received_at"],
            {**row["facts"], "excluded_team_ids": row["excluded_team_ids"]},
            units,
            row["answers"],
        )
        for row in rows
    ]


@cache
def samples() -> tuple[Past, ...]:
    """Return the twelve samples, as if received in one day where every commune has teams."""
    documents = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return tuple(_past(one["case_code"], _SAMPLES_RECEIVED, one["facts"], frozenset(), {}) for one in documents)


def _past(
    case_code: str,
    received_at: datetime,
    facts: Mapping[str, Any],
    units: frozenset[int],
    answers: Mapping[str, str],
) -> Past:
    report = ReportReceived.model_validate(
        {
            **facts,
            "occurred_at": received_at,
            "correlation_id": case_code,
            "report_id": _NOBODY,
            "case_code": case_code,
            "revision": 1,
            "channel": Channel.HOTLINE,
            "received_at": received_at,
        }
    )
    around = surroundings(report, covered=not units or report.incident_unit_code in units)
    situation = Situation.of(with_answers(report, answers) if answers else report)
    return Past(case_code, received_at, situation, around)
