"""Reads and writes of notify's tables, a statement or two each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    RowMapping,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import first_reachable
from services.notify.models import ACCOUNTS, alerts, duty, messages, pages, people, teams, timeline
from services.notify.records import Alert, NoSuchAlertError, NoSuchPersonError
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import DeliveryState
from services.notify.rules.escalation import OnDuty, Position, Target
from services.notify.rules.policy import PERSON
from services.notify.rules.sms_text import BUILT_IN_WORDING, Wording
from services.notify.templates_in_force import versions_in_force, wording_of
from shared.contracts.events import CaseAssessed
from shared.contracts.teams import Function, province_team

PROVINCE_DUTY = province_team(Function.DUTY)
NATIONAL_HOTLINE = "111"
"""Named where no duty number is known."""


_first = first_reachable(people.c.id)
_ON_DUTY = (
    select(
        duty.c.team_code,
        duty.c.position,
        people.c.id,
        _first.c.channel,
        _first.c.address,
        teams.c.duty_phone,
        people.c.language,
        versions_in_force(),
    )
    .join(people, people.c.id == duty.c.person_id)
    .join(teams, teams.c.code == duty.c.team_code)
    .outerjoin(_first, true())
    .where(
        duty.c.team_code.in_(bindparam("codes", expanding=True)),
        duty.c.starts_at <= bindparam("at"),
        or_(duty.c.ends_at.is_(None), duty.c.ends_at > bindparam("at")),
        ~people.c.disabled,
    )
    .order_by(duty.c.id)
)


_NAMED = (
    select(
        literal(PERSON) + cast(people.c.id, Text),
        literal(Position.WORKER.value),
        people.c.id,
        _first.c.channel,
        _first.c.address,
        literal(""),
        people.c.language,
        literal(""),
    )
    .select_from(people.outerjoin(_first, true()))
    .where(people.c.id.in_(bindparam("ids", expanding=True)), ~people.c.disabled)
)


@dataclass(frozen=True)
class Duty:
    """Who is on duty, by target, the number to call, and what messages say now.

    `ways`: where each can be reached on each channel, loaded where a step asks for channels of its own.
    """

    by_target: Mapping[Target, Sequence[OnDuty]]
    number: str
    wording: Wording = BUILT_IN_WORDING
    ways: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)


async def who_is_on_duty(connection: AsyncConnection, codes: Collection[str], at: datetime) -> Duty:
    """Return who is on duty for teams at a moment; the number is the province duty desk's.

    A code may also name one person (`person:` and an id), who answers for it at any time.
    """
    named = [code for code in codes if code.startswith(PERSON)]
    rows = list((await connection.execute(_ON_DUTY, {"codes": sorted({*codes, PROVINCE_DUTY}), "at": at})).all())
    if named:
        ids = [UUID(code.removeprefix(PERSON)) for code in named]
        rows += (await connection.execute(_NAMED, {"ids": ids})).all()
    found: dict[Target, list[OnDuty]] = defaultdict(list)
    number = NATIONAL_HOTLINE
    for code, position, person_id, channel, address, duty_phone, language, _ in rows:
        target = Target(code, Position(position))
        by = ContactChannel(channel) if channel is not None else None
        found[target].append(OnDuty(person_id, target, address or "", by, language))
        if code == PROVINCE_DUTY:
            number = duty_phone
    return Duty(found, number, await wording_of(connection, rows[0][-1] if rows else None))


async def on_duty(connection: AsyncConnection, target: Target, ids: Collection[UUID]) -> list[OnDuty]:
    """Return people as if they were on duty for a target, however they are reached now."""
    rows = await connection.execute(_NAMED, {"ids": list(ids)})
    return [
        OnDuty(row.id, target, row.address or "", ContactChannel(row.channel) if row.channel else None, row.language)
        for row in rows
    ]


async def duty_number(connection: AsyncConnection) -> str:
    """Return the number of the province's duty desk, as it stands in messages."""
    found = await connection.scalar(select(teams.c.duty_phone).where(teams.c.code == PROVINCE_DUTY))
    return found or NATIONAL_HOTLINE


async def alert_by_code(connection: AsyncConnection, case_code: str, *, lock: bool = False) -> Alert:
    """Return an alert, or raise `NoSuchAlertError`; `lock` keeps others from changing it."""
    statement = select(alerts).where(alerts.c.case_code == case_code)
    row = (await connection.execute(statement.with_for_update() if lock else statement)).mappings().first()
    if row is None:
        raise NoSuchAlertError(case_code)
    return Alert.of(row)


async def alert_by_report(connection: AsyncConnection, report_id: UUID) -> Alert | None:
    """Return a report's alert, locked, or None."""
    statement = select(alerts).where(alerts.c.report_id == report_id).with_for_update()
    row = (await connection.execute(statement)).mappings().first()
    return Alert.of(row) if row is not None else None


async def person_exists(connection: AsyncConnection, person_id: UUID) -> None:
    """Raise `NoSuchPersonError` unless a colleague, or somebody who may sign in, has this id."""
    account = ACCOUNTS.accounts.c.person_id
    known = union_all(select(people.c.id).where(people.c.id == person_id), select(account).where(account == person_id))
    if (await connection.execute(known)).first() is None:
        raise NoSuchPersonError(str(person_id))


async def names_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of colleagues and of others who may sign in."""
    account = ACCOUNTS.accounts.c
    known = union_all(
        select(account.person_id, account.display_name).where(account.person_id.in_(ids)),
        select(people.c.id, people.c.name).where(people.c.id.in_(ids)),
    )
    return {row[0]: row[1] for row in await connection.execute(known)}


def assessed(event: CaseAssessed, excluded_teams: frozenset[str]) -> dict[str, Any]:
    """Return the columns of an alert that an assessment sets; `excluded_teams` are codes."""
    return {
        "report_id": event.report_id,
        "case_code": event.case_code,
        "case_sequence": event.sequence,
        "channel": event.channel.value,
        "level": int(event.level),
        "unit_code": event.route.unit_code,
        "led_by": event.route.where.value,
        "lead": event.route.lead,
        "support": list(event.route.support),
        "told_at_once": list(event.route.told_at_once),
        "received_at": event.received_at,
        "acknowledge_by": event.clocks.acknowledge_by,
        "contact_by": event.clocks.contact_by,
        "visit_by": event.clocks.visit_by,
        "form02_by": event.clocks.form02_by,
        "legal_by": event.clocks.legal_by,
        "excluded_people": list(event.excluded_person_ids),
        "excluded_teams": sorted(excluded_teams),
        "locate": event.route.locate,
        "submitted_by": event.submitted_by,
    }


async def change_alert(connection: AsyncConnection, report_id: UUID, /, **values: Any) -> Alert:
    """Change an alert and return it; every change has a greater `sequence`."""
    statement = (
        update(alerts)
        .where(alerts.c.report_id == report_id)
        .values(sequence=alerts.c.sequence + 1, **values)
        .returning(alerts)
    )
    return Alert.of((await connection.execute(statement)).mappings().one())


async def paged_people(connection: AsyncConnection, report_id: UUID) -> Sequence[RowMapping]:
    """Return every page of an alert with the person's name and first reachable address, null where none is, in order."""
    statement = (
        select(pages, _first.c.address, people.c.name, people.c.language)
        .join(people, people.c.id == pages.c.person_id)
        .outerjoin(_first, true())
        .where(pages.c.report_id == report_id)
        .order_by(pages.c.id)
    )
    return (await connection.execute(statement)).mappings().all()


def page_rows(alert: Alert, persons: Iterable[OnDuty], at: datetime) -> list[dict[str, Any]]:
    """Return the rows that say who is paged in the alert's current step."""
    return [
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


async def write_pages(connection: AsyncConnection, alert: Alert, persons: Iterable[OnDuty], at: datetime) -> None:
    """Record who is paged in the alert's current step; the database refuses anybody who was already."""
    await insert_rows(connection, (), page_rows(alert, persons, at), ())


async def insert_rows(
    connection: AsyncConnection,
    entries: Sequence[dict[str, Any]],
    paged: Sequence[dict[str, Any]],
    sent: Sequence[dict[str, Any]],
) -> None:
    """Write rows of the timeline, of pages and of messages, each kind in one statement."""
    for table, rows in ((timeline, entries), (pages, paged), (messages, sent)):
        if rows:
            await connection.execute(insert(table), rows)


@dataclass(frozen=True)
class Draft:
    """An SMS to write: to whom, of what kind, saying what."""

    person_id: UUID
    phone: str
    kind: str
    body: str
    channel: ContactChannel = ContactChannel.SMS


def message_rows(alert: Alert, drafts: Iterable[Draft], at: datetime) -> list[dict[str, Any]]:
    """Return the rows of intents to send, with ids of their own."""
    return [
        {
            "id": uuid4(),
            "report_id": alert.report_id,
            "person_id": draft.person_id,
            "phone": draft.phone,
            "kind": draft.kind,
            "channel": draft.channel.value,
            "body": draft.body,
            "plan": alert.plan,
            "step": alert.step,
            "round": alert.round,
            "created_at": at,
            "changed_at": at,
        }
        for draft in drafts
    ]


async def write_messages(
    connection: AsyncConnection, alert: Alert, drafts: Sequence[Draft], at: datetime
) -> list[UUID]:
    """Record intents to send; return their ids."""
    rows = message_rows(alert, drafts, at)
    await insert_rows(connection, (), (), rows)
    return [row["id"] for row in rows]


def timeline_rows(
    report_id: UUID, at: datetime, entries: Iterable[tuple[str, UUID | None, dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the rows of an alert's timeline: what, who, detail."""
    return [
        {"report_id": report_id, "at": at, "what": what, "person_id": person, "detail": detail}
        for what, person, detail in entries
    ]


async def note(
    connection: AsyncConnection, report_id: UUID, at: datetime, *entries: tuple[str, UUID | None, dict[str, Any]]
) -> None:
    """Add to an alert's timeline: what, who, detail."""
    await insert_rows(connection, timeline_rows(report_id, at, entries), (), ())


async def people_told(connection: AsyncConnection, report_id: UUID) -> frozenset[UUID]:
    """Return everybody who got, or is to get, a page or a notice of an alert."""
    told = select(messages.c.person_id).where(messages.c.report_id == report_id).distinct()
    return frozenset((await connection.execute(told)).scalars())


async def cancel_pages(connection: AsyncConnection, report_id: UUID, at: datetime) -> None:
    """Keep pages that have not left yet from leaving."""
    await _cancel(connection, report_id, messages.c.kind == "page", at)


async def drop_people(connection: AsyncConnection, report_id: UUID, dropped: Collection[UUID], at: datetime) -> None:
    """Let people hear nothing more of an alert, and wait for none of them."""
    await _cancel(connection, report_id, messages.c.person_id.in_(dropped), at)
    theirs = (pages.c.report_id == report_id) & pages.c.person_id.in_(dropped) & pages.c.unreachable_at.is_(None)
    await connection.execute(update(pages).where(theirs).values(unreachable_at=at))


async def _cancel(connection: AsyncConnection, report_id: UUID, which: ColumnElement[bool], at: datetime) -> None:
    waiting = (messages.c.report_id == report_id) & (messages.c.state == DeliveryState.QUEUED.value)
    values = {"state": DeliveryState.CANCELLED.value, "changed_at": at}
    await connection.execute(update(messages).where(waiting, which).values(**values))


_PAGED = (
    select(pages.c.report_id, func.count(func.distinct(pages.c.person_id)).label("counted"))
    .where(pages.c.report_id == any_(bindparam("report_ids", type_=ARRAY(Uuid))))
    .group_by(pages.c.report_id)
)


async def people_paged(connection: AsyncConnection, report_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the people paged for each of some alerts; one that paged nobody is not in it."""
    rows = await connection.execute(_PAGED, {"report_ids": list(report_ids)})
    return {row.report_id: row.counted for row in rows}


_SPENT = (
    select(pages.c.report_id, pages.c.person_id)
    .join(alerts, (alerts.c.report_id == pages.c.report_id) & (alerts.c.plan == pages.c.plan))
    .where(
        pages.c.report_id == any_(bindparam("report_ids", type_=ARRAY(Uuid))),
        or_(pages.c.declined_at.is_not(None), pages.c.unreachable_at.is_not(None)),
    )
)


async def spent_people(connection: AsyncConnection, of: Collection[Alert]) -> Mapping[UUID, frozenset[UUID]]:
    """Return, by report, who has declined in an alert's present plan, or could not be reached."""
    if not of:
        return {}
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for report_id, person_id in await connection.execute(_SPENT, {"report_ids": [alert.report_id for alert in of]}):
        found[report_id].add(person_id)
    return {report_id: frozenset(persons) for report_id, persons in found.items()}
