"""The escalation queue and one alert, as pages show them: a few queries for a whole page, then plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.exclusion import may_have
from services.notify.models import ACCOUNTS, alerts, messages, pages, people, replies, timeline
from services.notify.records import Alert, NoSuchAlertError
from services.notify.rules.escalation import Position, Target
from services.notify.rules.policy import PERSON
from shared import places
from shared.contracts.preview import PagedPerson, Paging
from shared.contracts.teams import Function
from shared.contracts.vocabulary import Channel, Level
from shared.identity.actor import Actor
from shared.identity.policy import View

MOST_ROWS = 300
SOON = timedelta(minutes=10)
PLACE_UNKNOWN = "Chưa rõ xã, phường"
NAMED_BY_POLICY = "người được nêu tên"

ROLE_NAMES: dict[tuple[str, Position], str] = {
    (Function.SOCIAL.value, Position.WORKER): "BVTE xã",
    (Function.SOCIAL.value, Position.HEAD): "trưởng nhóm",
    (Function.POLICE.value, Position.WORKER): "công an xã",
    (Function.LEADERS.value, Position.HEAD): "chủ tịch UBND",
    ("province-duty", Position.WORKER): "trực tỉnh",
    ("province-duty", Position.HEAD): "trưởng trực tỉnh",
    ("province-police", Position.WORKER): "công an tỉnh",
    ("province-committee", Position.HEAD): "Ban Chỉ đạo tỉnh",
}

DELIVERY: dict[str, tuple[str, str, str]] = {
    "queued": ("Chờ gửi", "msg", "st-wait"),
    "sending": ("Chờ gửi", "msg", "st-wait"),
    "accepted": ("Nhà mạng đã nhận", "check", "st-wait"),
    "sent": ("Nhà mạng đã nhận", "check", "st-wait"),
    "delivered": ("Nhà mạng báo tới máy", "checks", "st-wait"),
    "undelivered": ("Nhà mạng báo lỗi", "x", "st-bad"),
    "failed": ("Nhà mạng báo lỗi", "x", "st-bad"),
    "cancelled": ("Không cần gửi nữa", "minus", "st-wait"),
}
CALLED: dict[str, tuple[str, str, str]] = {
    "no_answer": ("Không nghe máy", "x", "st-bad"),
    "busy": ("Máy bận", "x", "st-bad"),
    "machine": ("Không nghe máy", "x", "st-bad"),
    "no_receipt": ("Nhà mạng chưa phản hồi", "x", "st-bad"),
}
"""How a call ended, or that no phone has confirmed a message in time."""
REPLIED: dict[str, tuple[str, str, str]] = {
    "declined": ("Không thể nhận vụ", "reply", "st-warn"),
    "bare": ("Thiếu mã", "reply", "st-warn"),
}


def role_name(team_code: str, position: Position) -> str:
    """Return what colleagues call a position in a team, or somebody whom a policy names, in Vietnamese."""
    if team_code.startswith(PERSON):
        return NAMED_BY_POLICY
    commune_function = team_code.rpartition("-")[0] if team_code.rpartition("-")[2].isdigit() else team_code
    return ROLE_NAMES.get((commune_function, position), team_code)


@dataclass(frozen=True)
class PersonLine:
    """Somebody who was paged: what became of the message or what they answered. `state` is Vietnamese.

    `may_take` is false for whoever is excluded since.
    """

    person_id: UUID
    name: str
    role: str
    state: str
    icon: str
    css: str
    at: datetime
    step: int
    failed: bool
    may_take: bool


@dataclass(frozen=True)
class QueueRow:
    """An alert in the queue; moments in UTC."""

    alert: Alert
    place: str
    channel: Channel
    legal_by: datetime | None
    next_step_at: datetime | None
    next_names: tuple[str, ...]
    steps: int
    people: tuple[PersonLine, ...]
    acknowledged_name: str | None
    alarm: bool

    @property
    def due(self) -> datetime | None:
        """The next deadline that a human must meet: acknowledgement, first contact, then the visit and Mẫu 02."""
        return self.alert.acknowledge_by if self.alert.state == "open" else self.alert.work_due

    @property
    def due_what(self) -> str:
        """What is due then, in Vietnamese."""
        if self.alert.state == "open":
            return "Hạn nhận vụ"
        if self.alert.contact_at is None:
            return "Hạn liên hệ đầu tiên"
        return "Hạn gặp trẻ" if self.due == self.alert.visit_by and self.alert.seen_at is None else "Hạn Mẫu 02"

    def overdue(self, now: datetime) -> bool:
        """Tell whether that deadline has passed."""
        return self.due is not None and self.due < now


@dataclass(frozen=True)
class Queue:
    """The rows in their groups, and the figures above them."""

    waiting: tuple[QueueRow, ...]
    uncontacted: tuple[QueueRow, ...]
    contacted: tuple[QueueRow, ...]
    now: datetime

    @property
    def all(self) -> tuple[QueueRow, ...]:
        """Every row."""
        return (*self.waiting, *self.uncontacted, *self.contacted)

    @property
    def overdue(self) -> int:
        """Rows whose deadline has passed."""
        return sum(row.overdue(self.now) for row in self.all)

    @property
    def soon(self) -> tuple[QueueRow, ...]:
        """Rows whose deadline comes within ten minutes."""
        return tuple(row for row in self.all if row.due and self.now <= row.due < self.now + SOON)

    @property
    def grave_waiting(self) -> int:
        """Rows that wait at the two gravest levels."""
        return sum(row.alert.level >= Level.URGENT for row in self.waiting)

    @property
    def next_legal(self) -> QueueRow | None:
        """The row whose legal limit comes first."""
        limited = [row for row in self.all if row.legal_by and row.alert.contact_at is None]
        return min(limited, key=lambda row: row.legal_by or self.now, default=None)

    @property
    def failures(self) -> int:
        """Pages that a gateway could not deliver."""
        return sum(person.failed for row in self.all for person in row.people)

    @property
    def alarms(self) -> int:
        """Alerts that nobody answers, whose alarm nobody has silenced."""
        return sum(row.alarm for row in self.all)

    def count(self, level: Level) -> int:
        """Count the rows of a level."""
        return sum(row.alert.level is level for row in self.all)


def visible(actor: Actor, view: View) -> ColumnElement[bool]:
    """Return which alerts an actor may see; never one from which they or a team of theirs are excluded."""
    return _shown(actor, view) & may_have(literal(actor.id)) if actor.id is not None else false()


def _shown(actor: Actor, view: View) -> ColumnElement[bool]:
    match view:
        case View.FULL | View.NO_DETAILS:
            return true()
        case View.OWN_TEAM:
            paged = select(pages.c.report_id).where(pages.c.person_id == actor.id)
            return or_(
                alerts.c.lead.in_(sorted(actor.team_codes)),
                alerts.c.unit_code.in_(sorted(actor.unit_codes)),
                alerts.c.report_id.in_(paged),
            )
        case _:
            return alerts.c.submitted_by == actor.id


async def load_queue(connection: AsyncConnection, actor: Actor, view: View, now: datetime) -> Queue:
    """Return the queue as an actor may see it: overdue first, then the nearest deadline."""
    statement = (
        _alerts()
        .where(alerts.c.state != "closed", visible(actor, view))
        .order_by(alerts.c.level.desc(), alerts.c.acknowledge_by)
        .limit(MOST_ROWS)
    )
    found = (await connection.execute(statement)).mappings().all()
    with_people = view is not View.NO_DETAILS
    paged = await _people(connection, [row["report_id"] for row in found]) if with_people else {}
    rows = [_row(row, paged.get(row["report_id"], ()), named=with_people) for row in found]
    rows.sort(key=lambda row: row.due or datetime.max.replace(tzinfo=now.tzinfo))
    return Queue(
        waiting=tuple(row for row in rows if row.alert.state == "open"),
        uncontacted=tuple(row for row in rows if row.alert.state != "open" and row.alert.contact_at is None),
        contacted=tuple(row for row in rows if row.alert.state != "open" and row.alert.contact_at is not None),
        now=now,
    )


async def load_alert(connection: AsyncConnection, case_code: str, actor: Actor, view: View) -> QueueRow:
    """Return one alert, or raise `NoSuchAlertError` when there is none that the actor may see."""
    statement = _alerts().where(alerts.c.case_code == case_code, visible(actor, view))
    found = (await connection.execute(statement)).mappings().first()
    if found is None:
        raise NoSuchAlertError(case_code)
    named = view is not View.NO_DETAILS
    paged = await _people(connection, [found["report_id"]]) if named else {}
    return _row(found, paged.get(found["report_id"], ()), named=named)


async def load_paging(connection: AsyncConnection, report_id: UUID, actor: Actor, view: View) -> Paging:
    """Return who was paged for a report, or raise `NoSuchAlertError` when it has no alert that the actor may see."""
    statement = _alerts().where(alerts.c.report_id == report_id, visible(actor, view))
    found = (await connection.execute(statement)).mappings().first()
    if found is None:
        raise NoSuchAlertError(str(report_id))
    lines = (await _people(connection, [report_id])).get(report_id, [])
    people_paged = (
        PagedPerson(
            name=line.name,
            role=line.role,
            step=line.step,
            state=line.state,
            icon=line.icon,
            css=line.css,
            at=line.at.isoformat(),
        )
        for line in lines
    )
    return Paging(people=tuple(people_paged), acknowledged_by=found["acknowledged_name"])


async def load_timeline(connection: AsyncConnection, report_id: UUID) -> Sequence[RowMapping]:
    """Return what happened to an alert, in order: at, what, name, detail."""
    statement = (
        select(timeline.c.at, timeline.c.what, timeline.c.detail, _name(timeline.c.person_id).label("name"))
        .where(timeline.c.report_id == report_id)
        .order_by(timeline.c.id)
    )
    return (await connection.execute(statement)).mappings().all()


def _name(person_id: ColumnElement[Any]) -> ColumnElement[Any]:
    account = ACCOUNTS.accounts
    colleague = select(people.c.name).where(people.c.id == person_id).scalar_subquery()
    signed_in = select(account.c.display_name).where(account.c.person_id == person_id).scalar_subquery()
    return func.coalesce(colleague, signed_in)


def _alerts() -> Select[Any]:
    return select(alerts, _name(alerts.c.acknowledged_by).label("acknowledged_name"))


def _row(row: RowMapping, paged: Sequence[PersonLine], *, named: bool) -> QueueRow:
    alert = Alert.of(row)
    place = places.last_name(alert.unit_code) if alert.unit_code is not None else None
    plan = alert.steps
    following = plan[min(alert.step, len(plan) - 1)].targets
    return QueueRow(
        alert=alert,
        place=place or PLACE_UNKNOWN,
        channel=Channel(row["channel"]),
        legal_by=row["legal_by"],
        next_step_at=row["next_step_at"],
        next_names=_names(following),
        steps=len(plan),
        people=tuple(paged),
        acknowledged_name=row["acknowledged_name"] if named else None,
        alarm=row["alarm_at"] is not None and row["alarm_silenced_by"] is None,
    )


def _names(targets: Sequence[Target]) -> tuple[str, ...]:
    return tuple(role_name(target.team_code, target.position) for target in targets)


async def _people(connection: AsyncConnection, report_ids: Sequence[UUID]) -> dict[UUID, list[PersonLine]]:
    """Return the newest page of each person of each alert, with the message's state and the last reply."""
    last_reply = (
        select(replies.c.outcome)
        .where(replies.c.report_id == pages.c.report_id, replies.c.person_id == pages.c.person_id)
        .order_by(replies.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            pages,
            people.c.name,
            messages.c.state,
            messages.c.changed_at,
            messages.c.result,
            messages.c.gateway,
            last_reply.label("reply"),
            may_have(pages.c.person_id).label("may_take"),
        )
        .join(people, people.c.id == pages.c.person_id)
        .join(alerts, alerts.c.report_id == pages.c.report_id)
        .outerjoin(
            messages,
            (messages.c.report_id == pages.c.report_id)
            & (messages.c.person_id == pages.c.person_id)
            & (messages.c.kind == "page")
            & (messages.c.plan == pages.c.plan)
            & (messages.c.step == pages.c.step)
            & (messages.c.round == pages.c.round),
        )
        .where(pages.c.report_id.in_(report_ids))
        .order_by(pages.c.id, messages.c.created_at, messages.c.channel)
    )
    newest: dict[UUID, dict[UUID, PersonLine]] = defaultdict(dict)
    for row in (await connection.execute(statement)).mappings():
        newest[row["report_id"]][row["person_id"]] = _line(row)
    return {report_id: list(lines.values()) for report_id, lines in newest.items()}


def _line(row: RowMapping) -> PersonLine:
    state, icon, css = DELIVERY.get(row["state"] or "queued", DELIVERY["queued"])
    if row["result"] in CALLED:
        state, icon, css = CALLED[row["result"]]
    failed = row["state"] in {"undelivered", "failed"} or row["result"] == "no_receipt"
    at = row["changed_at"] or row["at"]
    if row["declined_at"] is not None:
        state, icon, css = REPLIED["declined"]
        at = row["declined_at"]
    elif row["reply"] in REPLIED:
        state, icon, css = REPLIED[row["reply"]]
    role = role_name(row["team_code"], Position(row["position"]))
    return PersonLine(
        row["person_id"], row["name"], role, state, icon, css, at, row["step"], failed, may_take=row["may_take"]
    )
