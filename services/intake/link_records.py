"""Reading and writing the links between repeat reports, and the keyed hashes that suggest them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    LargeBinary,
    RowMapping,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import links, match_keys, reports
from services.intake.rules.repeats import Kind, LinkState, Member

NEWEST_OF_A_KEY = 20
"""Reports looked at for one key: a number that a school reports from does not slow every report down."""

_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('heedline intake links', 0))")


class Pair(NamedTuple):
    """Two reports in the order of their ids."""

    a: UUID
    b: UUID

    @classmethod
    def of(cls, one: UUID, other: UUID) -> Pair:
        """Return the pair of two reports."""
        return cls(*sorted((one, other)))

    @property
    def where(self) -> Any:
        """Say which row of the links this is."""
        return (links.c.report_a == self.a) & (links.c.report_b == self.b)

    @property
    def sealing_context(self) -> str:
        """What the note of this link is bound to."""
        return f"intake.links:{self.a}:{self.b}"


_given = (
    func.unnest(bindparam("kinds", type_=ARRAY(Text)), bindparam("digests", type_=ARRAY(LargeBinary)))
    .table_valued("kind", "digest")
    .render_derived("given")
)
_own = bindparam("own", type_=reports.c.report_id.type)
_of_a_key = (
    select(match_keys.c.report_id)
    .where(
        match_keys.c.digest == _given.c.digest,
        match_keys.c.kind == _given.c.kind,
        match_keys.c.report_id.is_distinct_from(_own),
    )
    .order_by(match_keys.c.received_at.desc())
    .limit(NEWEST_OF_A_KEY)
    .lateral("of_a_key")
)
_hits = union(
    select(_of_a_key.c.report_id, _given.c.kind.label("kind")).select_from(_given.join(_of_a_key, true())),
    select(reports.c.report_id, literal(Kind.CODE.value, Text)).where(
        reports.c.case_code == func.any(bindparam("codes", type_=ARRAY(Text))),
        reports.c.derived_from.is_(None),
        reports.c.report_id.is_distinct_from(_own),
    ),
).subquery("hits")
_FIND = (
    select(
        reports.c.report_id,
        reports.c.received_at,
        reports.c.document,
        func.array_agg(_hits.c.kind, type_=ARRAY(Text)).label("kinds"),
    )
    .join(_hits, _hits.c.report_id == reports.c.report_id)
    .group_by(reports.c.report_id)
    .order_by(reports.c.received_at.desc())
)

_of_group = select(bindparam("member", type_=reports.c.report_id.type).label("report_id")).cte(
    "of_group", recursive=True
)
_of_group = _of_group.union(
    select(case((links.c.report_a == _of_group.c.report_id, links.c.report_b), else_=links.c.report_a)).join_from(
        _of_group,
        links,
        or_(links.c.report_a == _of_group.c.report_id, links.c.report_b == _of_group.c.report_id)
        & (links.c.state == LinkState.CONFIRMED),
    )
)
_GROUP = select(reports.c.report_id, reports.c.received_at, reports.c.arrived_at).join(
    _of_group, _of_group.c.report_id == reports.c.report_id
)


async def put_keys(
    connection: AsyncConnection, report_id: UUID, received_at: datetime, keys: Iterable[tuple[Kind, bytes]]
) -> None:
    """Keep by what a report is found."""
    rows = [
        {"report_id": report_id, "kind": kind.value, "digest": digest, "received_at": received_at}
        for kind, digest in keys
    ]
    if rows:
        await connection.execute(insert(match_keys), rows)


async def forget_keys(connection: AsyncConnection, report_id: UUID) -> None:
    """Drop by what a report was found, and what nobody has decided of what that suggested."""
    await connection.execute(delete(match_keys).where(match_keys.c.report_id == report_id))
    undecided = select(links.c.report_a, links.c.report_b).where(
        _touching(report_id), links.c.state == LinkState.SUGGESTED
    )
    # In one order for everybody, so that two corrections never wait for each other.
    locked = undecided.order_by(links.c.report_a, links.c.report_b).with_for_update().cte("locked")
    await connection.execute(
        delete(links).where(
            tuple_(links.c.report_a, links.c.report_b).in_(select(locked.c.report_a, locked.c.report_b))
        )
    )


async def find(
    connection: AsyncConnection, own: UUID | None, keys: Collection[tuple[Kind, bytes]], codes: Collection[str]
) -> Sequence[RowMapping]:
    """Return reports that share a key, or whose code is among `codes`, with their `kinds`; newest first."""
    values = {
        "own": own,
        "kinds": [kind.value for kind, _ in keys],
        "digests": [digest for _, digest in keys],
        "codes": list(codes),
    }
    return (await connection.execute(_FIND, values)).mappings().all()


async def suggest(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep suggestions; a pair that is known already stays as it is."""
    if rows:
        ordered = sorted(rows, key=lambda row: (row["report_a"], row["report_b"]))
        await connection.execute(upsert(links).on_conflict_do_nothing(), ordered)


async def take_turn(connection: AsyncConnection) -> None:
    """Wait until nobody else decides about links: what belongs together is read and written by one at a time."""
    await connection.execute(_TURN)


async def link(connection: AsyncConnection, pair: Pair) -> RowMapping | None:
    """Return what is known of a pair."""
    return (await connection.execute(select(links).where(pair.where))).mappings().one_or_none()


async def links_of(connection: AsyncConnection, report_id: UUID) -> Sequence[RowMapping]:
    """Return every pair of which a report is one."""
    return (await connection.execute(select(links).where(_touching(report_id)))).mappings().all()


async def decide(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keep what a person decided about a pair, whether it was suggested before or not."""
    statement = upsert(links).values(**row)
    decided = {name: statement.excluded[name] for name in ("state", "decided_by", "decided_at", "note")}
    await connection.execute(statement.on_conflict_do_update(index_elements=["report_a", "report_b"], set_=decided))


async def lock_reports(connection: AsyncConnection, report_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """Return reports that are not derived, locked in the order of their ids."""
    statement = (
        select(reports)
        .where(reports.c.report_id.in_(report_ids), reports.c.derived_from.is_(None))
        .order_by(reports.c.report_id)
        .with_for_update(key_share=True)
    )
    return (await connection.execute(statement)).mappings().all()


async def group_of(connection: AsyncConnection, report_id: UUID) -> tuple[Member, ...]:
    """Return a report and all that confirmed links join to it, directly or through others."""
    rows = await connection.execute(_GROUP, {"member": report_id})
    return tuple(Member(row.report_id, row.received_at, row.arrived_at) for row in rows)


def _touching(report_id: UUID) -> Any:
    return or_(links.c.report_a == report_id, links.c.report_b == report_id)
