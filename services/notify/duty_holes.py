"""The holes of the days to come as the board shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.handlers.rehearse_coverage import coverage_holes
from services.notify.rules.escalation import Target
from services.notify.rules.rehearsal import Hole
from shared import places
from shared.contracts.vocabulary import Level

HOLE_WORDS: Final = {
    "nobody": "không có ai trực",
    "unreachable": "có tên, không nhắn được",
    "excluded": "người trực bị loại khỏi vụ",
    "twice": "bậc trước đã báo đúng những người này",
}
PROVINCE: Final = "Cấp tỉnh"


@dataclass(frozen=True)
class HoleLine:
    """Holes of several levels that are one: where, whom, from when until when."""

    place: str
    levels: tuple[Level, ...]
    step: int
    words: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    target: Target
    case_code: str | None


def hole_lines(holes: Sequence[Hole]) -> list[HoleLine]:
    """Return holes as people read them, those of several levels together."""
    grouped: dict[tuple[object, ...], list[Hole]] = defaultdict(list)
    for hole in holes:
        grouped[hole.unit_code, hole.kind, hole.starts_at, hole.ends_at, hole.targets, hole.case_code].append(hole)
    lines = []
    for alike in grouped.values():
        first = alike[0]
        unit = places.by_code(first.unit_code) if first.unit_code is not None else None
        levels = tuple(dict.fromkeys(hole.level for hole in alike))
        words, place = HOLE_WORDS[first.kind.value], unit.name if unit else PROVINCE
        span = (first.starts_at, first.ends_at)
        kind = first.kind.value
        lines.append(HoleLine(place, levels, first.step, words, kind, *span, first.targets[0], first.case_code))
    return lines


async def load_holes(connection: AsyncConnection, now: datetime) -> list[HoleLine]:
    """Return the holes of the next 14 days."""
    return hole_lines(await coverage_holes(connection, now))
