"""Answer facts of a case after the report: a reporter called back, a worker filled in Mẫu 02. The level may rise at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.handlers.assess_report import around_of
from services.triage.handlers.case_state import Office, Person, lock_open_case, move
from services.triage.handlers.raise_linked import hold_linked_of, raise_linked
from services.triage.handlers.record_work import write_answers
from services.triage.rules.case import decide
from services.triage.surroundings import surroundings
from services.triage.table_in_force import table_in_force
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Answer, Level
from shared.crypto import Keys
from shared.observability import logger

CAUSE = "facts"

log = logger(__name__)


class NothingAnsweredError(Exception):
    """No fact was answered otherwise than it stands."""


async def answer_facts(
    connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, answers: Mapping[str, Answer]
) -> Level:
    """Judge the case with these answers over those it has, and return its level; a level never falls by them.

    Cases linked to it rise with it. The history says which facts were answered. Raises `NoSuchCaseError`, `CaseEndedError`, `NothingAnsweredError`.
    """
    linked = await hold_linked_of(connection, code)
    case = await lock_open_case(connection, code)
    report, before = store.report_of(case), store.before_of(case)
    known = {**{name: getattr(report.facts, name).value for name in YES_NO_FACTS}, **before.answers}
    changed = {name: answer.value for name, answer in answers.items() if known[name] != answer.value}
    if not changed:
        raise NothingAnsweredError
    asked = await store.known(connection, case.report_id, report.incident_unit_code)
    around = surroundings(report, covered=asked.covered)
    table = await table_in_force(connection, asked.table_digest)
    decision = decide(report, replace(before, answers={**before.answers, **changed}), around, table)
    await write_answers(connection, office, keys, case.report_id, who, changed)
    await move(
        connection,
        office,
        case,
        CAUSE,
        level=decision.level.name,
        rule_level=decision.rule_level.name,
        lowered_from=decision.lowered_from.name if decision.lowered_from else None,
        rules=[rule.model_dump(mode="json") for rule in decision.rules],
        table_version=decision.table_version,
        route=decision.route.model_dump(mode="json"),
        answers=dict(decision.answers),
        **decision.clocks.model_dump(),
    )
    await raise_linked(connection, office, linked, decision.level, partial(around_of, connection), table)
    log.info("facts_answered", case_code=code, facts=sorted(changed), level=decision.level.name)
    return decision.level
