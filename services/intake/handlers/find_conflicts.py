"""Find colleagues among whoever a report alleges, and say who must not hear of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import conflicts, records
from services.intake.handlers.seal_report import open_report
from services.intake.handlers.with_links import with_links
from services.intake.rules.alleged import (
    INSTITUTION_SYLLABLES,
    MOST_SYLLABLES,
    NAME_SYLLABLES,
    given_name,
    mentions,
    name_part,
    numbers,
    spelt_out,
    unplaced,
    windows,
)
from services.intake.rules.announcement import Identity, announce, with_children
from services.intake.rules.conflict import (
    NOBODY,
    Excluded,
    Found,
    Kept,
    Kind,
    Match,
    Mention,
    excluded,
    judge,
    merged,
)
from services.intake.rules.report import Report
from shared import phones, places
from shared.crypto import Keys, UndecryptableError
from shared.marks import MarkKind, mark
from shared.observability import logger
from shared.service import Parts

LOOKED_AT_ONCE = 20
"""Reports that a turn of the job looks at again."""

_KINDS = {
    Kind.FULL_NAME: MarkKind.FULL_NAME,
    Kind.GIVEN_NAME: MarkKind.GIVEN_NAME,
    Kind.PHONE: MarkKind.PHONE,
    Kind.INSTITUTION: MarkKind.INSTITUTION,
    Kind.INSTITUTION_NEARBY: MarkKind.INSTITUTION,
}

log = logger(__name__)

Sought = dict[bytes, list[tuple[Mention, Kind]]]
"""The marks that a report bears: whose they are and of what kind."""


async def find_conflicts(
    connection: AsyncConnection, parts: Parts, report_id: UUID, report: Report, *, corrected: bool = False
) -> Excluded:
    """Look for colleagues in a report that the caller stores, keep what is found, and return whom it excludes.

    `corrected`: the report said something before, of which something may have been found.
    """
    sought = marks_of(parts.keys, report)
    if not sought and not corrected:
        return NOBODY
    await conflicts.put_alleged(connection, report_id, sought.keys())
    matches = await _matches(connection, sought, report)
    before = await conflicts.kept(connection, report_id)
    after = merged(before, matches)
    await conflicts.keep(connection, report_id, before, after, parts.clock.now())
    if after != before:
        log.info("conflicts_found", report_id=str(report_id), matches=len(after))
    return excluded(after.values())


async def typed_exclusions(connection: AsyncConnection, keys: Keys, report: Report) -> Excluded:
    """Return whom a report that is still being typed would exclude; nothing is kept."""
    matches = await _matches(connection, marks_of(keys, report), report)
    return excluded(Kept(match) for match in matches)


async def _matches(connection: AsyncConnection, sought: Sought, report: Report) -> tuple[Match, ...]:
    found = [
        Found(mention, kind, one.colleague, one.institution_of)
        for one in await conflicts.marked(connection, sought.keys())
        for mention, kind in sought[one.digest]
    ]
    return judge(_placed(found), _communes(report))


async def known_exclusions(connection: AsyncConnection, report_id: UUID) -> Excluded:
    """Return whom what was found so far excludes."""
    return excluded((await conflicts.kept(connection, report_id)).values())


async def look_again(parts: Parts) -> int:
    """Look again at reports that may allege a colleague of whom something is new; return how many were looked at."""
    async with parts.database.transaction() as connection:
        report_ids = await conflicts.reports_to_look_at_again(connection, LOOKED_AT_ONCE)
    for report_id in report_ids:
        async with parts.database.transaction() as connection:
            await _look_at(connection, parts, report_id)
    return len(report_ids)


async def _look_at(connection: AsyncConnection, parts: Parts, report_id: UUID) -> None:
    row = await records.lock_report(connection, report_id=report_id)
    if row is None:
        return
    try:
        report = open_report(parts.keys, report_id, row["document"])
    except UndecryptableError:
        log.exception("report_with_alleged_does_not_open", report_id=str(report_id))
        await conflicts.looked_at(connection, report_id)
        return
    before = await known_exclusions(connection, report_id)
    after = await find_conflicts(connection, parts, report_id, report, corrected=True)
    if after != before:
        await tell_exclusions(connection, parts, row, report, after)


async def tell_exclusions(
    connection: AsyncConnection, parts: Parts, row: RowMapping, report: Report, now_excluded: Excluded
) -> None:
    """Tell a locked report again as a new revision that says the same and excludes others."""
    report_id = row["report_id"]
    revision = await records.replace_document(connection, row, {})
    identity = Identity(report_id, row["case_code"], revision, row["submitted_by"], row["correlation_id"])
    event = announce(identity, report, row["received_at"], parts.clock.now(), excluded=now_excluded)
    await parts.bus.publish(connection, *with_children(await with_links(connection, event), report))
    log.info("exclusions_changed", report_id=str(report_id), case_code=row["case_code"], revision=revision)


def marks_of(keys: Keys, report: Report) -> Sought:
    """Return the marks of everything that a report says of whoever it alleges."""
    sought: Sought = defaultdict(list)
    left = MOST_SYLLABLES
    for mention in mentions(report):
        for kind, folded in _candidates(mention, report, left):
            digest = bytes.fromhex(mark(keys, _KINDS[kind], folded))
            if (mention, kind) not in sought[digest]:
                sought[digest].append((mention, kind))
        left -= sum(len(text.split()) for text in mention.texts)
        if left <= 0:
            log.warning("alleged_read_in_part", most=MOST_SYLLABLES)
            break
    return dict(sought)


def _candidates(mention: Mention, report: Report, most: int) -> Iterator[tuple[Kind, str]]:
    """Give everything that a colleague could be recognised by, folded as their own marks are."""
    communes = [places.fold(_bare(code)).split() for code in sorted(_communes(report))]
    for text in mention.texts:
        syllables = places.fold(text).split()[:most]
        yield from ((Kind.FULL_NAME, window) for window in windows(syllables, NAME_SYLLABLES))
        yield from ((Kind.PHONE, number) for one in numbers(text) if (number := phones.normalise(one)))
        if not mention.family:
            spelt = spelt_out(syllables)
            yield from ((Kind.INSTITUTION, window) for window in windows(spelt, INSTITUTION_SYLLABLES))
            yield from ((Kind.INSTITUTION_NEARBY, name) for name in unplaced(spelt, communes))
    given = given_name(mention.role, places.fold(name_part(mention.name)))
    if given is not None:
        yield Kind.GIVEN_NAME, given


def _placed(found: Iterable[Found]) -> Iterator[Found]:
    """Leave out the institution nearby where the text names one in full."""
    found = tuple(found)
    named = {one.mention for one in found if one.kind is Kind.INSTITUTION}
    return (one for one in found if one.kind is not Kind.INSTITUTION_NEARBY or one.mention not in named)


def _communes(report: Report) -> frozenset[int]:
    codes = (report.place.incident.unit_code, report.place.residence.unit_code, report.place.current.unit_code)
    return frozenset(code for code in codes if code is not None)


def _bare(code: int) -> str:
    """Return a commune's name without its type."""
    unit = places.by_code(code)
    return "" if unit is None else unit.name.partition(" ")[2]
