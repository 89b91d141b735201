"""Whose duty a case is: the matrix, the place, and who must not be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.triage.rules.matrix import DANGER, INSTITUTION, PHYSICAL, Row, matching
from services.triage.rules.plan import Plan, Words
from services.triage.rules.route_text import (
    ENGLISH,
    KEPT_WITH_SOCIAL_WORKER,
    LEAD_EXCLUDED,
    OUTSIDE_COVERAGE,
    PLACE_UNKNOWN,
    VIETNAMESE,
    in_words,
)
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.seats import MAY_BE_THE_INSTITUTION, Seat, commune, province
from services.triage.rules.situation import Situation
from shared.contracts.events import Route
from shared.contracts.teams import Function
from shared.contracts.vocabulary import AllegedRole, Level

(SOCIAL_WORKER,) = commune(Function.SOCIAL)
(DUTY, COMMITTEE) = province(Function.DUTY, Function.COMMITTEE)


@dataclass(frozen=True)
class Surroundings:
    """What routing knows besides the report.

    `covered`: whether the commune of the incident has teams here. `excluded`: codes of teams that must not be told.
    `excluded_unknown`: teams are excluded whose codes nobody knows, so that any commune team may be one of them.
    """

    covered: bool = True
    excluded: frozenset[str] = frozenset()
    excluded_unknown: bool = False


def route(
    situation: Situation, fired: frozenset[str], level: Level, around: Surroundings, table: RuleTable = BUILT_IN
) -> Route:
    """Return who leads, who supports and why. `level` is the case's, which it may have kept from an earlier revision."""
    rows = matching(situation, fired, table.matrix)
    leading = next((row for row in rows if level >= Level.URGENT or row.at_every_level), None)
    plan = _by_matrix(rows, leading, level)
    plan = _away_from_alleged(plan, situation, leading, around)
    plan = _by_place(plan, situation, around)
    plan = _without_excluded(plan, situation.incident_unit_code, around.excluded)
    return _written(plan, rows, situation.incident_unit_code)


def _by_matrix(rows: tuple[Row, ...], leading: Row | None, level: Level) -> Plan:
    """Return lead and support as listed; the leads of the rows that do not lead become support."""
    if leading is None:
        first, *others = rows
        return Plan(SOCIAL_WORKER, first.support + _leads(others), notes=_notes(first, KEPT_WITH_SOCIAL_WORKER))
    support = leading.leads[1:] + leading.support + _leads(row for row in rows if row is not leading)
    at_once = _is(leading, DANGER) or (_is(leading, PHYSICAL) and level is Level.IMMEDIATE)
    return Plan(leading.leads[0], support, told=(DUTY,) if at_once else (), notes=_notes(leading))


def _is(row: Row | None, built_in: Row) -> bool:
    """Tell whether a row is the one for the same concern, whoever leads it in the table in force."""
    return row is not None and row.concern == built_in.concern


def _leads(rows: Iterable[Row]) -> tuple[Seat, ...]:
    return tuple(seat for row in rows for seat in row.leads)


def _notes(row: Row, *more: Words) -> tuple[Words, ...]:
    return (*more, row.note) if row.note else more


def _away_from_alleged(plan: Plan, situation: Situation, leading: Row | None, around: Surroundings) -> Plan:
    """Keep the case from the colleagues of whoever is alleged.

    An alleged official, or an excluded team without a known code, may be anybody at the commune: the province alone.
    So may an institution's staff, except that danger stays with the commune's police, nearest to the child.
    """
    official = AllegedRole.OFFICIAL in situation.alleged_roles
    if _is(leading, INSTITUTION) or official or around.excluded_unknown:
        return plan.at_province
    if AllegedRole.INSTITUTION_STAFF not in situation.alleged_roles:
        return plan
    support = tuple(seat.at_province if seat in MAY_BE_THE_INSTITUTION else seat for seat in plan.support)
    return replace(plan, support=support, notes=_notes(INSTITUTION, *plan.notes))


def _by_place(plan: Plan, situation: Situation, around: Surroundings) -> Plan:
    """Give the case to the province duty desk where no commune here can have it."""
    if situation.place_known and around.covered:
        return plan
    note = OUTSIDE_COVERAGE if situation.place_known else PLACE_UNKNOWN
    lifted = plan.at_province
    return replace(lifted, lead=DUTY, support=(lifted.lead, *lifted.support), notes=(*plan.notes, note))


def _without_excluded(plan: Plan, unit_code: int | None, excluded: frozenset[str]) -> Plan:
    """Put the province in the place of excluded teams, and drop who is told twice."""
    lead = _first_allowed((plan.lead, plan.lead.at_province, DUTY), unit_code, excluded) or COMMITTEE
    support = [_first_allowed((seat, seat.at_province), unit_code, excluded) for seat in plan.support]
    told = [_first_allowed((seat,), unit_code, excluded) for seat in plan.told]
    supporting = _distinct(support, besides={lead})
    return Plan(
        lead=lead,
        support=supporting,
        told=_distinct(told, besides={lead, *supporting}),
        notes=plan.notes if lead == plan.lead else (*plan.notes, LEAD_EXCLUDED),
    )


def _first_allowed(seats: Iterable[Seat], unit_code: int | None, excluded: frozenset[str]) -> Seat | None:
    return next((seat for seat in seats if seat.team(unit_code) not in excluded), None)


def _distinct(seats: Iterable[Seat | None], *, besides: set[Seat]) -> tuple[Seat, ...]:
    return tuple(dict.fromkeys(seat for seat in seats if seat is not None and seat not in besides))


def _written(plan: Plan, rows: tuple[Row, ...], unit_code: int | None) -> Route:
    return Route(
        lead=plan.lead.team(unit_code),
        support=tuple(seat.team(unit_code) for seat in plan.support),
        where=plan.lead.where,
        unit_code=unit_code,
        told_at_once=tuple(seat.team(unit_code) for seat in plan.told),
        text_vi=in_words(plan, rows, VIETNAMESE),
        text_en=in_words(plan, rows, ENGLISH),
    )
