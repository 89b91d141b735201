"""Reading and writing who may be alleged: colleagues by their marks, reports by theirs, and what was found of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, any_, bindparam, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import alleged, colleague_marks, colleagues, conflicts, reports
from services.intake.rules.conflict import Colleague, Kept, Match, Why
from shared.contracts.events import Marks
from shared.identity.actor import Actor

_COLLEAGUES_LOCK: Final = 0x434F_4E46
"""Shared by whoever looks for colleagues in a report, held alone by whoever changes them: neither misses the other."""

_marks = bindparam("sought", type_=alleged.c.digests.type)
_BY_MARKS = (
    select(colleague_marks.c.digest, colleague_marks.c.institution_of, colleagues.c.person_id, colleagues.c.team_codes)
    .join(colleagues, colleagues.c.person_id == colleague_marks.c.person_id)
    .where(colleague_marks.c.digest == any_(_marks))
    .order_by(colleagues.c.person_id, colleague_marks.c.digest)
)
_ALLEGING = update(alleged).where(alleged.c.digests.bool_op("&&")(_marks)).values(look_again=True)


@dataclass(frozen=True)
class Marked:
    """A colleague who bears a mark; `institution_of` are codes of the teams of whose institution it is."""

    digest: bytes
    colleague: Colleague
    institution_of: tuple[str, ...]


async def put_colleagues(connection: AsyncConnection, told: Sequence[Marks]) -> None:
    """Keep how colleagues are recognised, unless that is known or newer; have reports that bear a mark looked at again."""
    await connection.execute(select(func.pg_advisory_xact_lock(_COLLEAGUES_LOCK)))
    newest = {one.person_id: one for one in sorted(told, key=lambda one: one.sequence)}
    values = [
        {"person_id": one.person_id, "sequence": one.sequence, "team_codes": list(one.member_of)}
        for one in newest.values()
    ]
    statement = insert(colleagues).values(values)
    given = statement.excluded
    newer = statement.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"sequence": given.sequence, "team_codes": given.team_codes},
        where=colleagues.c.sequence < given.sequence,
    )
    changed = set((await connection.execute(newer.returning(colleagues.c.person_id))).scalars())
    await connection.execute(delete(colleague_marks).where(colleague_marks.c.person_id.in_(changed)))
    rows = [row for person_id in sorted(changed) for row in _mark_rows(newest[person_id])]
    if rows:
        await connection.execute(insert(colleague_marks), rows)
        await connection.execute(_ALLEGING, {"sought": sorted({row["digest"] for row in rows})})


def _mark_rows(marks: Marks) -> list[dict[str, Any]]:
    of_nobodys: dict[str, tuple[str, ...]] = dict.fromkeys((*marks.name_hashes, *marks.phone_hashes), ())
    return [
        {"digest": bytes.fromhex(hashed), "person_id": marks.person_id, "institution_of": list(codes)}
        for hashed, codes in (of_nobodys | marks.institution_hashes).items()
    ]


async def put_alleged(connection: AsyncConnection, report_id: UUID, digests: Collection[bytes]) -> None:
    """Keep the marks of whoever a report alleges now; none where it alleges nobody of whom anything is said."""
    await connection.execute(select(func.pg_advisory_xact_lock_shared(_COLLEAGUES_LOCK)))
    if not digests:
        await connection.execute(delete(alleged).where(alleged.c.report_id == report_id))
        return
    values = {"digests": sorted(digests), "look_again": False}
    statement = insert(alleged).values(report_id=report_id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=values))


async def marked(connection: AsyncConnection, digests: Collection[bytes]) -> list[Marked]:
    """Return the colleagues who bear any of these marks."""
    if not digests:
        return []
    rows = (await connection.execute(_BY_MARKS, {"sought": sorted(digests)})).all()
    return [
        Marked(row.digest, Colleague(row.person_id, tuple(row.team_codes)), tuple(row.institution_of)) for row in rows
    ]


async def reports_to_look_at_again(connection: AsyncConnection, most: int) -> Sequence[UUID]:
    """Return reports that may allege a colleague of whom something is new."""
    statement = select(alleged.c.report_id).where(alleged.c.look_again).limit(most)
    return (await connection.execute(statement)).scalars().all()


async def looked_at(connection: AsyncConnection, report_id: UUID) -> None:
    """Note that a report was looked at again; its marks stay as they are."""
    await connection.execute(update(alleged).where(alleged.c.report_id == report_id).values(look_again=False))


async def kept(connection: AsyncConnection, report_id: UUID) -> dict[UUID, Kept]:
    """Return what was found of a report so far, by subject."""
    rows = await connection.execute(select(conflicts).where(conflicts.c.report_id == report_id))
    return {row["subject_id"]: _kept(row) for row in rows.mappings()}


async def keep(
    connection: AsyncConnection, report_id: UUID, before: Mapping[UUID, Kept], after: Mapping[UUID, Kept], now: datetime
) -> None:
    """Write what has changed; a match that is new evidence has no decision."""
    changed = [one for subject, one in after.items() if before.get(subject) != one]
    if not changed:
        return
    statement = insert(conflicts)
    replaced = {name: statement.excluded[name] for name in ("why", "sure", "with_teams", "team_codes", "found_at")}
    undecided = {"same": None, "decided_by": None, "decided_at": None}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["report_id", "subject_id"], set_=replaced | undecided),
        [_row(report_id, one.match, now) for one in changed],
    )


async def decide(
    connection: AsyncConnection, report_id: UUID, subject_id: UUID, *, same: bool, by: UUID, now: datetime
) -> bool:
    """Record a supervisor's decision; false when it is the one that stands, or nothing was found of the subject."""
    statement = (
        update(conflicts)
        .where(
            conflicts.c.report_id == report_id,
            conflicts.c.subject_id == subject_id,
            conflicts.c.same.is_distinct_from(same),
        )
        .values(same=same, decided_by=by, decided_at=now)
        .returning(conflicts.c.subject_id)
    )
    return (await connection.execute(statement)).first() is not None


_UNDECIDED = conflicts.c.same.is_(None) & ~conflicts.c.sure


async def listed(connection: AsyncConnection, actor: Actor, limit: int) -> Sequence[RowMapping]:
    """Return what was found of the reports that an actor may see, undecided questions first, with their sealed reports."""
    statement = (
        select(conflicts, reports.c.case_code, reports.c.incident_unit_code, reports.c.document)
        .join(reports, reports.c.report_id == conflicts.c.report_id)
        .where(shown_to(actor))
        .order_by(_UNDECIDED.desc(), conflicts.c.found_at.desc(), conflicts.c.subject_id)
        .limit(limit)
    )
    return (await connection.execute(statement)).mappings().all()


async def count_undecided(connection: AsyncConnection, actor: Actor) -> int:
    """Count the questions that wait for a supervisor, of the reports that an actor may see."""
    statement = (
        select(func.count())
        .select_from(conflicts.join(reports, reports.c.report_id == conflicts.c.report_id))
        .where(_UNDECIDED, shown_to(actor))
    )
    return int(await connection.scalar(statement) or 0)


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition, beside a row of reports, that neither the actor nor a team of theirs is excluded from it.

    A report of a child at home is hidden with the adult's.
    """
    found = conflicts.alias("found")
    by_person = found.c.subject_id == actor.id
    teams = literal(sorted(actor.team_codes), conflicts.c.team_codes.type)
    by_team = (found.c.with_teams | found.c.same.is_(True)) & found.c.team_codes.bool_op("&&")(teams)
    theirs = select(found.c.subject_id).where(
        found.c.report_id == func.coalesce(reports.c.derived_from, reports.c.report_id),
        found.c.same.isnot(False),
        or_(by_person, by_team),
    )
    return ~theirs.correlate_except(found).exists()


async def visible(connection: AsyncConnection, report_ids: Collection[UUID], actor: Actor) -> frozenset[UUID]:
    """Return those of some reports that are not kept from the actor."""
    if not report_ids:
        return frozenset()
    statement = select(reports.c.report_id).where(reports.c.report_id.in_(report_ids), shown_to(actor))
    return frozenset((await connection.execute(statement)).scalars())


async def may_see(connection: AsyncConnection, report_id: UUID, actor: Actor) -> bool:
    """Tell whether nothing keeps an actor from a report."""
    statement = select(reports.c.report_id).where(reports.c.report_id == report_id, shown_to(actor))
    return (await connection.execute(statement)).first() is not None


def _row(report_id: UUID, match: Match, now: datetime) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "subject_id": match.subject_id,
        "of_team": match.of_team,
        "team_codes": list(match.team_codes),
        "why": match.why.value,
        "sure": match.sure,
        "with_teams": match.with_teams,
        "found_at": now,
    }


def _kept(row: RowMapping) -> Kept:
    match = Match(
        subject_id=row["subject_id"],
        of_team=row["of_team"],
        team_codes=tuple(row["team_codes"]),
        why=Why(row["why"]),
        sure=row["sure"],
        with_teams=row["with_teams"],
    )
    return Kept(match, row["same"])
