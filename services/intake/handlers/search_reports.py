"""Find reports for somebody who may see them; the search is kept, what was searched for is not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import conflicts, search_records, store
from services.intake.handlers.read_search import Wanted
from services.intake.handlers.search_keys import full_name_key, phone_key, syllable_keys
from services.intake.models import reports
from services.intake.rules.search import By
from services.intake.store import ReportStatus
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

PAGE = 20
"""Reports of a page."""

MOST_PAGES = 500
"""Pages that can be turned to."""

SEARCH_PURPOSE = "intake.searches"
"""Separates the keyed hashes of what was searched for from those of what reports say."""

log = logger(__name__)


class NobodySearchesError(Exception):
    """Nobody is signed in, so no search could be kept."""


@dataclass(frozen=True)
class Hit:
    """A report that was found, and why."""

    report: ReportStatus
    why: tuple[By, ...]


@dataclass(frozen=True)
class Found:
    """A page of what was found, newest first; `count` is of all pages, `page` counts from 1."""

    count: int
    page: int
    hits: tuple[Hit, ...]

    @property
    def has_more(self) -> bool:
        """Tell whether there is a page of older reports."""
        return self.count > self.page * PAGE and self.page < MOST_PAGES


async def search_reports(parts: Parts, actor: Actor, wanted: Wanted, page: int = 1) -> Found:
    """Return the reports that fit all that is `wanted`: a supervisor's of all, an operator's of their own.

    Nobody finds a report that is kept from them. Raises `NobodySearchesError`.
    """
    if actor.id is None:
        raise NobodySearchesError
    page = min(max(page, 1), MOST_PAGES)
    async with parts.database.transaction() as connection:
        which = and_(_shown_to(actor), *_fitting(parts.keys, wanted))
        count, found = await store.page_of_reports(connection, which, limit=PAGE, offset=(page - 1) * PAGE)
        hits = await _with_reasons(connection, parts.keys, wanted, found)
        search = {
            "person_id": actor.id,
            "at": parts.clock.now(),
            "kinds": [kind.value for kind in wanted.kinds],
            "found": count,
            "digest": parts.keys.digest(wanted.canonical, SEARCH_PURPOSE),
        }
        await search_records.keep_search(connection, search)
    log.info("reports_searched", person_id=str(actor.id), kinds=search["kinds"], found=count)
    return Found(count, page, hits)


def _shown_to(actor: Actor) -> ColumnElement[bool]:
    shown = conflicts.shown_to(actor)
    return shown if actor.has(Role.SUPERVISOR) else and_(reports.c.submitted_by == actor.id, shown)


def _fitting(keys: Keys, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.code is not None:
        conditions.append(reports.c.case_code == wanted.code)
    if wanted.phone is not None:
        conditions.append(search_records.bearing([phone_key(keys, wanted.phone)]))
    if wanted.name:
        conditions.append(search_records.bearing(syllable_keys(keys, wanted.name)))
    if wanted.units:
        conditions.append(search_records.lying_in([unit.code for unit in wanted.units]))
    return conditions


async def _with_reasons(
    connection: AsyncConnection, keys: Keys, wanted: Wanted, found: tuple[ReportStatus, ...]
) -> tuple[Hit, ...]:
    """Say why each was found; of a name, whether somebody is called so and nothing else."""
    exactly: frozenset[object] = frozenset()
    if wanted.name and found:
        whole = full_name_key(keys, " ".join(wanted.name))
        exactly = await search_records.those_bearing(connection, [report.report_id for report in found], whole)
    return tuple(Hit(report, _why(wanted, exactly=report.report_id in exactly)) for report in found)


def _why(wanted: Wanted, *, exactly: bool) -> tuple[By, ...]:
    return tuple(By.FULL_NAME if kind is By.NAME and exactly else kind for kind in wanted.kinds)
