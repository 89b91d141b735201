"""A case as its page shows it: a few queries, then plain values. Who may not see it gets nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.handlers import hand_over, override_level, record_work
from services.triage.handlers.case_state import NoSuchCaseError
from services.triage.models import assessments, case_notes, cases, handovers, overrides
from services.triage.rules.casework import Mark, Milestone, lower_levels, marks
from services.triage.store import CLOCKS
from shared import places
from shared.contracts.events import CaseWork, Clocks
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Answer, Channel, Level
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.identity.policy import View

_CASE = select(cases).where(cases.c.case_code == bindparam("code"), cases.c.derived_from.is_(None))
_OF_CASE = {
    table.name: select(table).where(table.c.report_id == bindparam("of_case"))
    for table in (assessments, overrides, handovers, case_notes)
}
_LINKED = select(cases).where(cases.c.report_id.in_(bindparam("linked", expanding=True))).order_by(cases.c.received_at)
_CHILDREN = select(cases).where(cases.c.derived_from == bindparam("of_case")).order_by(cases.c.report_id)


@dataclass(frozen=True)
class Entry:
    """Something that happened: `what` names its sentence, `text` was written by a person."""

    at: datetime
    what: str
    name: str = ""
    text: str = ""
    level: Level | None = None
    before: Level | None = None
    team: str = ""
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Waiting:
    """Something that waits for an answer. `mine`: the reader asked for it, and may withdraw it."""

    name: str
    at: datetime
    text: str
    mine: bool
    may_answer: bool
    level: Level | None = None
    team: str = ""


@dataclass(frozen=True)
class CasePage:
    """A case for one reader; moments in UTC. `state` is the alert's: open, acknowledged, closed, or null."""

    report_id: UUID
    case_code: str
    channel: Channel
    received_at: datetime
    level: Level
    rule_level: Level
    lowered: bool
    rules: tuple[dict[str, Any], ...]
    table_version: str
    clocks: Clocks
    route: dict[str, Any]
    unit_code: int | None
    place: str
    owner: str
    state: str | None
    acknowledged_at: datetime | None
    work: CaseWork
    marks: tuple[Mark, ...]
    lower: tuple[Level, ...]
    entries: tuple[Entry, ...]
    override: Waiting | None
    offer: Waiting | None
    children: tuple[tuple[Level, tuple[dict[str, Any], ...]], ...]
    linked: tuple[tuple[str, Level, datetime], ...]
    """Cases of the same child that a person linked and the reader may see: code, level, receipt."""
    facts: tuple[tuple[str, str], ...]
    """The facts answered yes or no or unknown, by name, as they count now."""

    @property
    def closed(self) -> bool:
        """Whether Mẫu 06 closed it."""
        return self.work.closed_at is not None


async def load_case(connection: AsyncConnection, keys: Keys, code: str, actor: Actor, view: View) -> CasePage:
    """Return a case as `actor` may see it, or raise `NoSuchCaseError`, also where they may not."""
    row = (await connection.execute(_CASE, {"code": code.upper()})).first()
    if row is None or not may_see(row, actor, view):
        raise NoSuchCaseError(code)
    of_case = {"of_case": row.report_id}
    found = {name: (await connection.execute(query, of_case)).all() for name, query in _OF_CASE.items()}
    children = (await connection.execute(_CHILDREN, of_case)).all()
    others = [UUID(one) for one in row.facts.get("linked_report_ids", ())]
    linked = (await connection.execute(_LINKED, {"linked": others})).all() if others else []
    work = CaseWork.model_validate(row.work)
    clocks = Clocks(**{name: getattr(row, name) for name in CLOCKS})
    unit_code = row.route["unit_code"]
    unit = places.by_code(unit_code) if unit_code else None
    entries = [
        *_assessed(found["assessments"]),
        *_overridden(found["overrides"], keys),
        *_handed_over(found["handovers"], keys),
        *_noted(found["case_notes"], keys),
    ]
    return CasePage(
        report_id=row.report_id,
        case_code=row.case_code,
        channel=Channel(row.channel),
        received_at=row.received_at,
        level=Level[row.level],
        rule_level=Level[row.rule_level],
        lowered=row.lowered_from is not None,
        rules=tuple(row.rules),
        table_version=row.table_version,
        clocks=clocks,
        route=row.route,
        unit_code=unit_code,
        place=unit.name if unit else "Chưa rõ xã, phường",
        owner=hand_over.owner_of(row),
        state=row.alert_state,
        acknowledged_at=row.acknowledged_at,
        work=work,
        marks=marks(clocks, row.received_at, work, row.contacted_at),
        lower=lower_levels(Level[row.level]),
        entries=tuple(sorted(entries, key=lambda entry: entry.at)),
        override=_override_waiting(found["overrides"], keys, actor, view),
        offer=_offer_waiting(found["handovers"], keys, actor, view),
        linked=tuple(
            (other.case_code, Level[other.level], other.received_at) for other in linked if may_see(other, actor, view)
        ),
        facts=_facts(row),
        children=tuple((Level[child.rule_level], tuple(child.rules)) for child in children),
    )


def _facts(row: Row[Any]) -> tuple[tuple[str, str], ...]:
    said = row.facts.get("facts", {})
    return tuple((name, row.answers.get(name) or said.get(name, Answer.UNKNOWN.value)) for name in YES_NO_FACTS)


def may_see(row: Row[Any], actor: Actor, view: View) -> bool:
    """Tell whether a person may see a case. Whoever is or may be the alleged never does, whatever their role."""
    if actor.id in row.excluded_person_ids or not {team_id(code) for code in actor.team_codes}.isdisjoint(
        row.excluded_team_ids
    ):
        return False
    match view:
        case View.FULL | View.NO_DETAILS:
            return True
        case View.OWN_TEAM:
            return actor.id in _people(row) or not actor.team_codes.isdisjoint(_teams(row))
        case View.OWN_REPORTS_STATE:
            return bool(actor.id == row.submitted_by)
        case _:
            return False


def _people(row: Row[Any]) -> set[UUID | None]:
    return {row.acknowledged_by, row.submitted_by, CaseWork.model_validate(row.work).held_by} - {None}


def _teams(row: Row[Any]) -> set[str]:
    route, work = row.route, row.work
    taken = {team for team in (work.get("owner"), work.get("offered_to")) if team}
    return {route["lead"], *route["support"], *route.get("told_at_once", ()), *taken}


def _assessed(rows: Any) -> list[Entry]:
    entries: list[Entry] = []
    before: Level | None = None
    for row in sorted(rows, key=lambda row: row.sequence):
        level = Level[row.level]
        if row.cause in ("revision", "linked", "facts"):
            what = "assessed" if before is None else f"{row.cause}_{'raised' if level > before else 'same'}"
            entries.append(Entry(row.assessed_at, what, level=level, before=before))
        before = level
    return entries


def _overridden(rows: Any, keys: Keys) -> list[Entry]:
    entries: list[Entry] = []
    for row in rows:
        reason = keys.open(row.reason, override_level.sealed_as(row.id)).decode()
        to, before = Level[row.to_level], Level[row.from_level]
        alone = row.state == "in_force" and row.answered_by is None
        entries.append(Entry(row.asked_at, "lowered" if alone else "lower_asked", row.asked_name, reason, to, before))
        if row.answered_by is not None:
            entries.append(Entry(row.answered_at, f"lower_{row.state}", row.answered_name, "", to, before))
    return entries


def _handed_over(rows: Any, keys: Keys) -> list[Entry]:
    entries: list[Entry] = []
    for row in rows:
        context = hand_over.sealed_as(row.id)
        reason = keys.open(row.reason, context).decode()
        entries.append(Entry(row.asked_at, "offered", row.asked_name, reason, team=row.to_team))
        if row.answered_by is not None:
            answer = keys.open(row.answer, context).decode() if row.answer else ""
            entries.append(Entry(row.answered_at, f"offer_{row.state}", row.answered_name, answer, team=row.to_team))
    return entries


def _noted(rows: Any, keys: Keys) -> list[Entry]:
    entries: list[Entry] = []
    for row in rows:
        text = keys.open(row.body, record_work.sealed_as(row.id)).decode()
        answers: tuple[tuple[str, str], ...] = ()
        if row.kind == Milestone.CLOSED.value:
            said = json.loads(text)
            text, answers = said["note"], tuple(said["answers"].items())
        elif row.kind == record_work.ANSWERS:
            text, answers = "", tuple(json.loads(text).items())
        entries.append(Entry(row.happened_at, f"work_{row.kind}", row.written_name, text, answers=answers))
    return entries


def _override_waiting(rows: Any, keys: Keys, actor: Actor, view: View) -> Waiting | None:
    row = next((row for row in rows if row.state == "pending"), None)
    if row is None:
        return None
    reason = keys.open(row.reason, override_level.sealed_as(row.id)).decode()
    mine = row.asked_by == actor.id
    may = view is View.FULL and not mine
    return Waiting(row.asked_name, row.asked_at, reason, mine, may, level=Level[row.to_level])


def _offer_waiting(rows: Any, keys: Keys, actor: Actor, view: View) -> Waiting | None:
    row = next((row for row in rows if row.state == "pending"), None)
    if row is None:
        return None
    reason = keys.open(row.reason, hand_over.sealed_as(row.id)).decode()
    mine = row.asked_by == actor.id
    may = (view is View.FULL and not mine) or row.to_team in actor.team_codes
    return Waiting(row.asked_name, row.asked_at, reason, mine, may, team=row.to_team)
