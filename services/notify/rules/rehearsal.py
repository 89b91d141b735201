"""Walk every chain over a time to come, and list where it would reach nobody.

Works on the moments at which duty changes, not on hours; chains of many communes share their steps' findings.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.notify.rules.escalation import Step, Target
from shared.contracts.vocabulary import Level


class HoleKind(StrEnum):
    """What is wrong with a step, worst first."""

    NOBODY = "nobody"
    """Nobody is on duty."""
    UNREACHABLE = "unreachable"
    """Somebody is, and none of them can be reached."""
    EXCLUDED = "excluded"
    """Whoever is must not have the open case."""
    TWICE = "twice"
    """The step reaches only people who were asked in an earlier one."""


@dataclass(frozen=True)
class Covering:
    """Somebody on duty for a while; without an end when `ends_at` is null."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reachable: bool


@dataclass(frozen=True)
class Chain:
    """The steps of a unit's level (`unit_code` null: the province's), or of an open case without who is excluded."""

    unit_code: int | None
    level: Level
    steps: tuple[Step, ...]
    case_code: str | None = None
    excluded: frozenset[UUID] = frozenset()
    excluded_teams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hole:
    """A step of a chain (from 1) that fails from `starts_at` until `ends_at`; `targets` are whom it would page."""

    unit_code: int | None
    level: Level
    step: int
    kind: HoleKind
    starts_at: datetime
    ends_at: datetime
    targets: tuple[Target, ...]
    case_code: str | None = None


Covered = Mapping[Target, Sequence[Covering]]
_Range = tuple[datetime, datetime]


@dataclass(frozen=True)
class _Piece:
    """A time in which nothing changes: who is on duty for a step, and who of them can be reached."""

    starts_at: datetime
    ends_at: datetime
    people: frozenset[UUID]
    reachable: frozenset[UUID]


def rehearse(chains: Iterable[Chain], covered: Covered, since: datetime, until: datetime) -> list[Hole]:
    """Return the holes of every chain between two moments, by start; a chain of an open case lists exclusions only."""
    known: dict[tuple[Target, ...], tuple[_Piece, ...]] = {}

    def pieces(targets: tuple[Target, ...]) -> tuple[_Piece, ...]:
        if targets not in known:
            known[targets] = tuple(_pieces(targets, covered, since, until))
        return known[targets]

    holes = [hole for chain in chains for hole in _holes(chain, [pieces(step.targets) for step in chain.steps])]
    return sorted(holes, key=lambda hole: (hole.starts_at, hole.unit_code or 0, -hole.level, hole.step))


def _holes(chain: Chain, walked: Sequence[Sequence[_Piece]]) -> Iterator[Hole]:
    for number, (step, found) in enumerate(zip(chain.steps, walked, strict=True), 1):
        if chain.case_code is not None:
            barred = any(target.team_code in chain.excluded_teams for target in step.targets)
            ranges = [(HoleKind.EXCLUDED, span) for span in _excluded(found, chain, all_barred=barred)]
        else:
            ranges = [(HoleKind.NOBODY, span) for span in _joined(one for one in found if not one.people)]
            unreached = (one for one in found if one.people and not one.reachable)
            ranges += [(HoleKind.UNREACHABLE, span) for span in _joined(unreached)]
            ranges += [(HoleKind.TWICE, span) for span in _twice(found, walked[: number - 1])]
        for kind, (starts_at, ends_at) in ranges:
            yield Hole(chain.unit_code, chain.level, number, kind, starts_at, ends_at, step.targets, chain.case_code)


def _excluded(found: Sequence[_Piece], chain: Chain, *, all_barred: bool) -> list[_Range]:
    return _joined(one for one in found if one.reachable and (all_barred or one.reachable <= chain.excluded))


def _twice(found: Sequence[_Piece], earlier: Sequence[Sequence[_Piece]]) -> list[_Range]:
    """Return when everybody whom the step reaches was reached by one step before it."""
    ours = frozenset[UUID]().union(*(one.reachable for one in found))
    ranges: list[_Range] = []
    for before in earlier:
        if ours.isdisjoint(frozenset[UUID]().union(*(one.reachable for one in before))):
            continue
        ranges += _joined(_common(found, before))
    return ranges


def _common(found: Sequence[_Piece], before: Sequence[_Piece]) -> Iterator[_Piece]:
    for later in found:
        for first in before:
            begin, end = max(later.starts_at, first.starts_at), min(later.ends_at, first.ends_at)
            if begin < end and later.reachable and later.reachable <= first.reachable:
                yield _Piece(begin, end, later.people, later.reachable)


def _pieces(targets: Sequence[Target], covered: Covered, since: datetime, until: datetime) -> Iterator[_Piece]:
    turns = [turn for target in targets for turn in covered.get(target, ())]
    edges = {edge for turn in turns for edge in (turn.starts_at, turn.ends_at) if edge and since < edge < until}
    moments = sorted({since, until} | edges)
    for begin, end in itertools.pairwise(moments):
        there = [turn for turn in turns if turn.starts_at <= begin and (turn.ends_at is None or begin < turn.ends_at)]
        reachable = frozenset(turn.person_id for turn in there if turn.reachable)
        yield _Piece(begin, end, frozenset(turn.person_id for turn in there), reachable)


def _joined(pieces: Iterable[_Piece]) -> list[_Range]:
    """Return the ranges of pieces that follow each other."""
    ranges: list[_Range] = []
    for piece in sorted(pieces, key=lambda one: one.starts_at):
        if ranges and ranges[-1][1] >= piece.starts_at:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], piece.ends_at))
        else:
            ranges.append((piece.starts_at, piece.ends_at))
    return ranges
