"""Who is planned to be on duty for a position of a team, from rotations, shifts and what replaces them.

What applies at a moment: an override, else the fixed shifts, else the highest layer of rotations, else standing duty;
whoever of these but an override is replaced, or has swapped the turn away, gives it to somebody else. The order in
which anything was entered never matters. Moments are UTC; a rotation counts in the days of its own time zone, so
that a hand-over at 09:00 stays at 09:00 when the clocks change, and each turn begins where the one before it ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


class Source(StrEnum):
    """Why somebody is on duty."""

    STANDING = "standing"
    """Until somebody says otherwise; gives way to everything else."""
    ROTATION = "rotation"
    SHIFT = "shift"
    SWAP = "swap"
    REPLACEMENT = "replacement"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Rotation:
    """People who take turns of `period_days` days, the first from `handover` (local) on `starts_on`.

    `until` is the local day at whose hand-over the last turn ends. `weekdays` (Monday 0; none: every day) and `hours`
    (local, over midnight when the second is not later) restrict when anybody is on duty. On holidays
    `holiday_members`, if any, take turns of a day.
    """

    layer: int
    members: tuple[UUID, ...]
    handover: time
    zone: str
    period_days: int
    starts_on: date
    until: date | None = None
    weekdays: frozenset[int] = frozenset()
    hours: tuple[time, time] | None = None
    holiday_members: tuple[UUID, ...] = ()

    def member_on(self, day: date, holidays: Collection[date]) -> UUID:
        """Return whose turn begins or goes on at the hand-over of a day."""
        if self.holiday_members and day in holidays:
            return self.holiday_members[day.toordinal() % len(self.holiday_members)]
        return self.members[(day - self.starts_on).days // self.period_days % len(self.members)]


@dataclass(frozen=True)
class Entry:
    """Somebody on duty for a time; `replaces` is whose turn it is, for replacements and swaps."""

    source: Source
    person_id: UUID
    starts_at: datetime
    ends_at: datetime | None = None
    replaces: UUID | None = None

    def covers(self, moment: datetime) -> bool:
        """Tell whether it applies at a moment."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True)
class Plan:
    """All that is planned for a position of a team."""

    rotations: tuple[Rotation, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Turn:
    """A person on duty without a break, for one reason; without an end when `ends_at` is null."""

    person_id: UUID
    source: Source
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class _Span:
    starts_at: datetime
    ends_at: datetime
    person_id: UUID


_Seat = tuple[UUID, Source]


def turns(plan: Plan, since: datetime, until: datetime | None, holidays: Collection[date] = ()) -> tuple[Turn, ...]:
    """Return who is on duty from `since` until `until`, by start and person.

    Without `until` the last turns have no end; a plan with rotations needs one, or `ValueError` is raised.
    """
    if plan.rotations and until is None:
        raise ValueError("rotations have no last turn: say until when")
    layers = _layers(plan.rotations, since, until, holidays)
    moments = _moments(plan.entries, layers, since, until)
    found: list[Turn] = []
    running: dict[_Seat, datetime] = {}
    for moment in moments:
        seats = _seats(plan.entries, layers, moment)
        found += [Turn(*seat, running.pop(seat), moment) for seat in running.keys() - seats]
        for seat in seats - running.keys():
            running[seat] = moment
    found += (Turn(*seat, begun, until) for seat, begun in running.items())
    return tuple(sorted(found, key=lambda turn: (turn.starts_at, turn.person_id, turn.source)))


def _moments(
    entries: Iterable[Entry], layers: Sequence[Sequence[_Track]], since: datetime, until: datetime | None
) -> list[datetime]:
    """Return when anything may change, from `since`."""
    edges = {edge for entry in entries for edge in (entry.starts_at, entry.ends_at) if edge is not None}
    edges |= {
        edge for layer in layers for track in layer for span in track.spans for edge in (span.starts_at, span.ends_at)
    }
    inside = {edge for edge in edges if since < edge and (until is None or edge < until)}
    return sorted(inside | {since})


def _seats(entries: Sequence[Entry], layers: Sequence[Sequence[_Track]], moment: datetime) -> set[_Seat]:
    by_source: dict[Source, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.covers(moment):
            by_source[entry.source].append(entry)
    if by_source[Source.OVERRIDE]:
        return {(entry.person_id, Source.OVERRIDE) for entry in by_source[Source.OVERRIDE]}
    planned = _planned(by_source, layers, moment)
    seats = {seat for person in planned for seat in _in_place_of(person, by_source)}
    strongest = dict(sorted(seats, key=lambda seat: list(Source).index(seat[1])))
    return set(strongest.items())


def _planned(by_source: dict[Source, list[Entry]], layers: Sequence[Sequence[_Track]], moment: datetime) -> set[_Seat]:
    if by_source[Source.SHIFT]:
        return {(entry.person_id, Source.SHIFT) for entry in by_source[Source.SHIFT]}
    for layer in layers:
        people = {person for track in layer if (person := track.at(moment)) is not None}
        if people:
            return {(person, Source.ROTATION) for person in people}
    return {(entry.person_id, Source.STANDING) for entry in by_source[Source.STANDING]}


def _in_place_of(seat: _Seat, by_source: dict[Source, list[Entry]]) -> set[_Seat]:
    """Follow who replaces whom; a circle ends at the last person who is not in it already."""
    ended: set[_Seat] = set()
    waiting = [(seat, frozenset({seat[0]}))]
    while waiting:
        (person, source), seen = waiting.pop()
        others = _replacing(person, by_source, but=seen)
        if not others:
            ended.add((person, source))
        waiting += [((entry.person_id, entry.source), seen | {entry.person_id}) for entry in others]
    return ended


def _replacing(person: UUID, by_source: dict[Source, list[Entry]], but: Collection[UUID]) -> list[Entry]:
    """Return what gives a person's turn to others: replacements, else swaps."""
    for source in (Source.REPLACEMENT, Source.SWAP):
        found = [entry for entry in by_source[source] if entry.replaces == person and entry.person_id not in but]
        if found:
            return found
    return []


@dataclass(frozen=True)
class _Track:
    """The spans of one rotation, in order, none overlapping another."""

    spans: tuple[_Span, ...]
    starts: tuple[datetime, ...]

    def at(self, moment: datetime) -> UUID | None:
        index = bisect_right(self.starts, moment) - 1
        return self.spans[index].person_id if index >= 0 and moment < self.spans[index].ends_at else None


def _layers(
    rotations: Iterable[Rotation], since: datetime, until: datetime | None, holidays: Collection[date]
) -> list[list[_Track]]:
    """Return the rotations' spans, the highest layer first."""
    by_layer: dict[int, list[_Track]] = defaultdict(list)
    for rotation in rotations:
        spans = tuple(_restricted(rotation, since, until or since, holidays))
        by_layer[rotation.layer].append(_Track(spans, tuple(span.starts_at for span in spans)))
    return [by_layer[layer] for layer in sorted(by_layer, reverse=True)]


def _restricted(rotation: Rotation, since: datetime, until: datetime, holidays: Collection[date]) -> Iterator[_Span]:
    spans = _spans(rotation, since, until, holidays)
    if not rotation.weekdays and rotation.hours is None:
        yield from spans
        return
    windows = list(_windows(rotation, since, until))
    for span in spans:
        for opens, closes in windows:
            begin, end = max(span.starts_at, opens), min(span.ends_at, closes)
            if begin < end:
                yield _Span(begin, end, span.person_id)


def _spans(rotation: Rotation, since: datetime, until: datetime, holidays: Collection[date]) -> Iterator[_Span]:
    """Give the turns that touch the window, joining the days of one person."""
    zone = ZoneInfo(rotation.zone)
    last: _Span | None = None
    for day in _days(zone, since, until):
        if day < rotation.starts_on or (rotation.until is not None and day >= rotation.until):
            continue
        begin, end = _moment(day, rotation.handover, zone), _moment(day + _DAY, rotation.handover, zone)
        person = rotation.member_on(day, holidays)
        if last is not None and last.person_id == person and last.ends_at == begin:
            last = _Span(last.starts_at, end, person)
            continue
        if last is not None:
            yield last
        last = _Span(begin, end, person) if begin < end else None
    if last is not None:
        yield last


def _windows(rotation: Rotation, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the local hours of the weekdays on which the rotation is on duty, joined where they touch."""
    zone = ZoneInfo(rotation.zone)
    opening, closing = rotation.hours or (time(), time())
    over_midnight = closing <= opening
    last: tuple[datetime, datetime] | None = None
    for day in _days(zone, since, until):
        if rotation.weekdays and day.weekday() not in rotation.weekdays:
            continue
        begin = _moment(day, opening, zone)
        end = _moment(day + _DAY if over_midnight else day, closing, zone)
        if last is not None and begin <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (begin, end) if begin < end else None
    if last is not None:
        yield last


def _days(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[date]:
    """Give the local days of a window, with one more at either side since a day's duty runs into the next."""
    day, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
    while day <= last:
        yield day
        day += _DAY


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC: the first of two, and one that is skipped as if the clocks had not changed yet."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
