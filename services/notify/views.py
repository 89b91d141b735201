"""Alerts, people and duty as the HTTP API shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store, exclusion, store
from services.notify.contacts import is_reachable
from services.notify.models import alerts, messages, pages, people, replies, timeline
from services.notify.records import NoSuchAlertError
from services.notify.rules.escalation import Step, steps
from services.notify.store import Duty
from shared.contracts.vocabulary import Level, Where

WORKING_DAY = timedelta(days=1)
"""Shown for ROUTINE in the duty chain, where no report sets the first working day."""
REPLY_OUTCOMES = ("acknowledged", "too_late", "declined", "escalated", "asked", "closed_already", "bare")


async def alert_list(
    connection: AsyncConnection, *, state: str | None, after: str | None, limit: int
) -> dict[str, Any]:
    """Return `{"items", "next"}`, newest first."""
    statement = select(alerts).order_by(alerts.c.opened_at.desc(), alerts.c.case_code).limit(limit + 1)
    if state is not None:
        statement = statement.where(alerts.c.state == state)
    if after is not None:
        opened = select(alerts.c.opened_at).where(alerts.c.case_code == after).scalar_subquery()
        statement = statement.where(
            (alerts.c.opened_at < opened) | ((alerts.c.opened_at == opened) & (alerts.c.case_code > after))
        )
    rows = (await connection.execute(statement)).mappings().all()
    shown = rows[:limit]
    paged = await _paged(connection, [row["report_id"] for row in shown])
    items = [_item(row, paged[row["report_id"]]) for row in shown]
    return {"items": items, "next": items[-1]["case_code"] if len(rows) > limit else None}


async def alert_document(connection: AsyncConnection, case_code: str) -> dict[str, Any]:
    """Return one alert with its timeline, or raise `NoSuchAlertError`."""
    row = (await connection.execute(select(alerts).where(alerts.c.case_code == case_code))).mappings().first()
    if row is None:
        raise NoSuchAlertError(case_code)
    paged = await _paged(connection, [row["report_id"]])
    statement = (
        select(timeline, people.c.name)
        .outerjoin(people, people.c.id == timeline.c.person_id)
        .where(timeline.c.report_id == row["report_id"])
        .order_by(timeline.c.id)
    )
    entries = (await connection.execute(statement)).mappings().all()
    story = [
        {"at": _moment(entry["at"]), "what": entry["what"], "who": entry["name"], "detail": entry["detail"]}
        for entry in entries
    ]
    return {**_item(row, paged[row["report_id"]]), "timeline": story}


def _item(row: RowMapping, paged: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "case_code": row["case_code"],
        "report_id": str(row["report_id"]),
        "level": Level(row["level"]).name,
        "unit_code": row["unit_code"],
        "state": row["state"],
        "step": row["step"],
        "acknowledge_by": _moment(row["acknowledge_by"]),
        "acknowledged_by": str(row["acknowledged_by"]) if row["acknowledged_by"] else None,
        "acknowledged_at": _moment(row["acknowledged_at"]),
        "paged": list(paged),
    }


async def _paged(connection: AsyncConnection, report_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return each alert's pages with what became of their message and the person's last reply."""
    message = messages.c
    statement = (
        select(
            pages, people.c.name, message.state, message.error_code, message.channel, message.gateway, message.result
        )
        .join(people, people.c.id == pages.c.person_id)
        .outerjoin(
            messages,
            (message.report_id == pages.c.report_id)
            & (message.person_id == pages.c.person_id)
            & (message.kind == "page")
            & (message.plan == pages.c.plan)
            & (message.step == pages.c.step)
            & (message.round == pages.c.round),
        )
        .where(pages.c.report_id.in_(report_ids))
        .order_by(pages.c.id, message.created_at, message.channel)
    )
    answered = await _replies(connection, report_ids)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in (await connection.execute(statement)).mappings():
        found[row["report_id"]].append(
            {
                "person": str(row["person_id"]),
                "name": row["name"],
                "step": row["step"],
                "round": row["round"],
                "plan": row["plan"],
                "position": row["position"],
                "channel": row["channel"] or "sms",
                "gateway": row["gateway"],
                "delivery": row["state"],
                "result": row["result"],
                "reply": answered.get((row["report_id"], row["person_id"])),
                "at": _moment(row["at"]),
            }
        )
    return found


async def _replies(connection: AsyncConnection, report_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], str]:
    statement = (
        select(replies.c.report_id, replies.c.person_id, replies.c.outcome)
        .where(replies.c.report_id.in_(report_ids), replies.c.outcome.in_(REPLY_OUTCOMES))
        .order_by(replies.c.at)
    )
    return {(report, person): outcome for report, person, outcome in (await connection.execute(statement)).all()}


async def people_list(connection: AsyncConnection, *, after: UUID | None, limit: int) -> dict[str, Any]:
    """Return `{"items", "next"}` of colleagues; no phone numbers."""
    reached = is_reachable(people.c.id).label("reachable")
    statement = select(people, reached).where(~people.c.disabled).order_by(people.c.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(people.c.id > after)
    rows = (await connection.execute(statement)).mappings().all()
    items = [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "team": row["team_code"],
            "position": row["position"],
            "reachable": row["reachable"],
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next": items[-1]["id"] if len(rows) > limit else None}


async def oncall_chain(
    connection: AsyncConnection, unit_code: int | None, level: Level, at: datetime
) -> dict[str, Any]:
    """Return `{"steps"}`: who would be paged, after how many minutes, by what, and whether they can be reached."""
    where = Where.COMMUNE if unit_code is not None else Where.PROVINCE
    plan = steps(level, where, unit_code, WORKING_DAY)
    found = await store.who_is_on_duty(connection, _codes(plan), at)
    planned = await duty_store.far_future(connection, _codes(plan), at)
    return await _chain(connection, plan, Duty({**found.by_target, **planned}, found.number))


async def oncall_of_alert(connection: AsyncConnection, case_code: str, at: datetime) -> dict[str, Any]:
    """Return the same of one alert's plan, without anybody who must not have it, or raise `NoSuchAlertError`."""
    alert = await store.alert_by_code(connection, case_code)
    found = await store.who_is_on_duty(connection, _codes(alert.steps), at)
    return await _chain(connection, alert.steps, await exclusion.allowed_duty(connection, alert, found))


def _codes(plan: Sequence[Step]) -> set[str]:
    return {target.team_code for step in plan for target in step.targets}


async def _chain(connection: AsyncConnection, plan: Sequence[Step], duty: Duty) -> dict[str, Any]:
    ids = {person.person_id for persons in duty.by_target.values() for person in persons}
    rows = (await connection.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))).all()
    names: dict[UUID, str] = {row[0]: row[1] for row in rows}
    return {
        "steps": [
            {
                "step": number,
                "after_minutes": int(step.after.total_seconds() // 60),
                "people": [
                    {
                        "person": str(person.person_id),
                        "name": names[person.person_id],
                        "channel": "sms",
                        "reachable": person.reachable,
                    }
                    for target in step.targets
                    for person in duty.by_target.get(target, ())
                ],
            }
            for number, step in enumerate(plan, 1)
        ]
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
