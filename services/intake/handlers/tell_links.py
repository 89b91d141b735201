"""Tell of reports together with what they are linked to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import link_records, records
from services.intake.handlers.find_conflicts import known_exclusions
from services.intake.handlers.seal_report import open_report, store_child_reports
from services.intake.handlers.with_links import with_links
from services.intake.rules.announcement import Identity, announce, with_children
from shared.identity.actor import Actor
from shared.service import Parts


async def tell_again(connection: AsyncConnection, parts: Parts, report_ids: Collection[UUID], actor: Actor) -> None:
    """Give reports another revision that says the same, by `actor`, and tell of each with its links."""
    for row in await link_records.lock_reports(connection, report_ids):
        await _tell_again(connection, parts, row, actor)


async def _tell_again(connection: AsyncConnection, parts: Parts, row: RowMapping, actor: Actor) -> None:
    now = parts.clock.now()
    report = open_report(parts.keys, row["report_id"], row["document"])
    written = {"written_by": actor.id, "written_at": now}
    revision = await records.replace_document(connection, row, written)
    await store_child_reports(connection, parts, report, {**row, **written, "revision": revision})
    identity = Identity(row["report_id"], row["case_code"], revision, row["submitted_by"], row["correlation_id"])
    excluded = await known_exclusions(connection, row["report_id"])
    event = announce(identity, report, row["received_at"], now, excluded=excluded)
    await parts.bus.publish(connection, *with_children(await with_links(connection, event), report))
