"""Tell of reports together with what they are linked to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import link_records, records
from services.intake.handlers.seal_report import open_report, store_child_reports
from services.intake.rules.announcement import Identity, announce
from services.intake.rules.repeats import earlier_reports
from shared.contracts.events import ReportReceived
from shared.identity.actor import Actor
from shared.service import Parts


async def with_links(connection: AsyncConnection, event: ReportReceived) -> ReportReceived:
    """Return the event with every linked report, and R18's count: what the caller said or what is linked, whichever is more."""
    group = await link_records.group_of(connection, event.report_id)
    own = next(member for member in group if member.report_id == event.report_id)
    found = earlier_reports(own, group)
    return event.model_copy(
        update={
            "linked_report_ids": tuple(sorted(member.report_id for member in group if member is not own)),
            "earlier_reports_12_months": max(event.earlier_reports_12_months, found),
        }
    )


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
    event = announce(identity, report, row["received_at"], now)
    await parts.bus.publish(connection, await with_links(connection, event))
