"""Reads and writes of notify's tables, a statement or two each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, Select, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.models import alerts, duty, messages, pages, people, teams, timeline
from services.notify.records import Alert, NoSuchAlertError, NoSuchPersonError
from services.notify.rules.escalation import OnDuty, Position, Target
from shared.contracts.teams import Function, province_team

PROVINCE_DUTY = province_team(Function.DUTY)
NATIONAL_HOTLINE = "111"
"""Named where no duty number is known."""


@dataclass(frozen=True)
class Duty:
    """Who is on duty, by target, and the number to call."""

    by_target: Mapping[Target, Sequence[OnDuty]]
    number: str


async def who_is_on_duty(session: AsyncSession, codes: Collection[str], at: datetime) -> Duty:
    """Return who is on duty for teams at a moment; the number is the province duty desk's."""
    rows = (await session.execute(_on_duty({*codes, PROVINCE_DUTY}, at))).all()
    found: dict[Target, list[OnDuty]] = defaultdict(list)
    number = NATIONAL_HOTLINE
    for code, position, person_id, phone, reachable, duty_phone in rows:
        target = Target(code, Position(position))
        found[target].append(OnDuty(person_id, target, phone, reachable))
        if code == PROVINCE_DUTY:
            number = duty_phone
    return Duty(found, number)


def _on_duty(codes: Collection[str], at: datetime) -> Select[Any]:
    reachable = people.c.phone_verified & people.c.unreachable.is_(None)
    return (
        select(duty.c.team_code, duty.c.position, people.c.id, people.c.phone, reachable, teams.c.duty_phone)
        .join(people, people.c.id == duty.c.person_id)
        .join(teams, teams.c.code == duty.c.team_code)
        .where(
            duty.c.team_code.in_(sorted(codes)),
            duty.c.starts_at <= at,
            or_(duty.c.ends_at.is_(None), duty.c.ends_at > at),
            ~people.c.disabled,
        )
        .order_by(duty.c.id)
    )


async def duty_number(session: AsyncSession) -> str:
    """Return the number of the province's duty desk, as it stands in messages."""
    found = await session.scalar(select(teams.c.duty_phone).where(teams.c.code == PROVINCE_DUTY))
    return found or NATIONAL_HOTLINE


async def alert_by_code(session: AsyncSession, case_code: str, *, lock: bool = False) -> Alert:
    """Return an alert, or raise `NoSuchAlertError`; `lock` keeps others from changing it."""
    statement = select(alerts).where(alerts.c.case_code == case_code)
    row = (await session.execute(statement.with_for_update() if lock else statement)).mappings().first()
    if row is None:
        raise NoSuchAlertError(case_code)
    return Alert.of(row)


async def alert_by_report(session: AsyncSession, report_id: UUID) -> Alert | None:
    """Return a report's alert, locked, or None."""
    statement = select(alerts).where(alerts.c.report_id == report_id).with_for_update()
    row = (await session.execute(statement)).mappings().first()
    return Alert.of(row) if row is not None else None


async def person_exists(session: AsyncSession, person_id: UUID) -> None:
    """Raise `NoSuchPersonError` unless a colleague has this id."""
    if await session.scalar(select(people.c.id).where(people.c.id == person_id)) is None:
        raise NoSuchPersonError(str(person_id))


async def change_alert(session: AsyncSession, report_id: UUID, **values: Any) -> Alert:
    """Change an alert and return it; every change has a greater `sequence`."""
    statement = (
        update(alerts)
        .where(alerts.c.report_id == report_id)
        .values(sequence=alerts.c.sequence + 1, **values)
        .returning(alerts)
    )
    return Alert.of((await session.execute(statement)).mappings().one())


async def paged_people(session: AsyncSession, report_id: UUID) -> Sequence[RowMapping]:
    """Return every page of an alert with the person's name and phone, in order."""
    statement = (
        select(pages, people.c.phone, people.c.name)
        .join(people, people.c.id == pages.c.person_id)
        .where(pages.c.report_id == report_id)
        .order_by(pages.c.id)
    )
    return (await session.execute(statement)).mappings().all()


async def write_pages(session: AsyncSession, alert: Alert, persons: Iterable[OnDuty], at: datetime) -> None:
    """Record who is paged in the alert's current step."""
    rows = [
        {
            "report_id": alert.report_id,
            "plan": alert.plan,
            "step": alert.step,
            "round": alert.round,
            "person_id": person.person_id,
            "team_code": person.target.team_code,
            "position": person.target.position.value,
            "at": at,
        }
        for person in persons
    ]
    if rows:
        await session.execute(pg_insert(pages).values(rows).on_conflict_do_nothing())


@dataclass(frozen=True)
class Draft:
    """An SMS to write: to whom, of what kind, saying what."""

    person_id: UUID
    phone: str
    kind: str
    body: str


async def write_messages(session: AsyncSession, alert: Alert, drafts: Sequence[Draft], at: datetime) -> list[UUID]:
    """Record intents to send; return their ids."""
    rows = [
        {
            "id": uuid4(),
            "report_id": alert.report_id,
            "person_id": draft.person_id,
            "phone": draft.phone,
            "kind": draft.kind,
            "body": draft.body,
            "plan": alert.plan,
            "step": alert.step,
            "round": alert.round,
            "created_at": at,
            "changed_at": at,
        }
        for draft in drafts
    ]
    if rows:
        await session.execute(insert(messages).values(rows))
    return [row["id"] for row in rows]  # type: ignore[misc] # the column's own type


async def note(
    session: AsyncSession, report_id: UUID, at: datetime, *entries: tuple[str, UUID | None, dict[str, Any]]
) -> None:
    """Add to an alert's timeline: what, who, detail."""
    rows = [
        {"report_id": report_id, "at": at, "what": what, "person_id": person, "detail": detail}
        for what, person, detail in entries
    ]
    if rows:
        await session.execute(insert(timeline).values(rows))


async def people_paged(session: AsyncSession, report_id: UUID) -> int:
    """Count the people paged for an alert."""
    counted = select(func.count(func.distinct(pages.c.person_id))).where(pages.c.report_id == report_id)
    return int(await session.scalar(counted) or 0)
