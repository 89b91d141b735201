"""Whose duty a case is: the matrix, the place, and who must not be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.triage.rules.matrix import DANGER, INSTITUTION, PHYSICAL, Row, matching
from services.triage.rules.plan import Plan, Words
from services.triage.rules.route_text import (
    CHILD_ELSEWHERE,
    ENGLISH,
    KEPT_WITH_SOCIAL_WORKER,
    LEAD_EXCLUDED,
    OUTSIDE_COVERAGE,
    PLACE_UNKNOWN,
    PLAN_OF_RESIDENCE,
    VIETNAMESE,
    about_place,
    in_words,
)
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.seats import MAY_BE_THE_INSTITUTION, Seat, commune, province
from services.triage.rules.situation import Situation
from shared.contracts.events import Route
from shared.contracts.teams import Function, team_id
from shared.contracts.vocabulary import AllegedRole, Level, Where

(SOCIAL_WORKER,) = commune(Function.SOCIAL)
(DUTY, COMMITTEE) = province(Function.DUTY, Function.COMMITTEE)


@dataclass(frozen=True)
class Surroundings:
    """What routing knows besides the report.

    `covered`: whether the commune of the incident has teams here. `excluded`: ids of teams that must not be told
    (`shared.contracts.teams.team_id`). `unit_names`: names of the communes that the words of a route may name.
    """

    covered: bool = True
    excluded: frozenset[UUID] = frozenset()
    unit_names: Mapping[int, str] = field(default_factory=dict)


def route(
    situation: Situation, fired: frozenset[str], level: Level, around: Surroundings, table: RuleTable = BUILT_IN
) -> Route:
    """Return who leads, who supports and why. `level` is the case's, which it may have kept from an earlier revision."""
    rows = matching(situation, fired, table.matrix)
    leading = next((row for row in rows if level >= Level.URGENT or row.at_every_level), None)
    plan = _by_matrix(rows, leading, level)
    plan = _away_from_alleged(plan, situation, leading)
    plan = _by_place(plan, situation, around)
    plan = _near_child(plan, situation, leading, around)
    plan = _by_residence(plan, situation, around)
    plan = _without_excluded(plan, situation.incident_unit_code, around.excluded)
    return _written(plan, rows, situation)


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


def _away_from_alleged(plan: Plan, situation: Situation, leading: Row | None) -> Plan:
    """Keep the case from the colleagues of whoever is alleged.

    An alleged official may be anybody at the commune: the province alone. So may an institution's staff, except that
    danger stays with the commune's police, nearest to the child.
    """
    if _province_only(situation, leading):
        return plan.at_province
    if AllegedRole.INSTITUTION_STAFF not in situation.alleged_roles:
        return plan
    support = tuple(seat.at_province if seat in MAY_BE_THE_INSTITUTION else seat for seat in plan.support)
    return replace(plan, support=support, notes=_notes(INSTITUTION, *plan.notes))


def _province_only(situation: Situation, leading: Row | None) -> bool:
    return _is(leading, INSTITUTION) or AllegedRole.OFFICIAL in situation.alleged_roles


def _by_place(plan: Plan, situation: Situation, around: Surroundings) -> Plan:
    """Give the case to the province duty desk where no commune here can have it."""
    if situation.place_known and around.covered:
        return plan
    note = OUTSIDE_COVERAGE if situation.place_known else PLACE_UNKNOWN
    lifted = plan.at_province
    return replace(lifted, lead=DUTY, support=(lifted.lead, *lifted.support), notes=(*plan.notes, note))


def _near_child(plan: Plan, situation: Situation, leading: Row | None, around: Surroundings) -> Plan:
    """Tell the social work team of the commune where the child is now; the steps stay with the lead."""
    unit_code = situation.child_elsewhere
    if unit_code is None or _province_only(situation, leading):
        return plan
    nearest = Seat(Function.SOCIAL, Where.COMMUNE, near_child=unit_code)
    note = about_place(CHILD_ELSEWHERE, around.unit_names.get(unit_code))
    return replace(plan, told=(nearest, *plan.told), notes=(*plan.notes, note))


def _by_residence(plan: Plan, situation: Situation, around: Surroundings) -> Plan:
    """Say who leads the plan of help: the commune of residence (Decree 56/2017)."""
    unit_code = situation.lives_elsewhere
    if unit_code is None:
        return plan
    return replace(plan, notes=(*plan.notes, about_place(PLAN_OF_RESIDENCE, around.unit_names.get(unit_code))))


def _without_excluded(plan: Plan, unit_code: int | None, excluded: frozenset[UUID]) -> Plan:
    """Put the province in the place of excluded teams, and drop who is told twice."""
    lead = _first_allowed((plan.lead, plan.lead.at_province, DUTY), unit_code, excluded) or COMMITTEE
    support = [_first_allowed((seat, seat.at_province), unit_code, excluded) for seat in plan.support]
    told = [_first_allowed((seat, seat.at_province), unit_code, excluded) for seat in plan.told]
    supporting = _distinct(support, besides={lead})
    return Plan(
        lead=lead,
        support=supporting,
        told=_distinct(told, besides={lead, *supporting}),
        notes=plan.notes if lead == plan.lead else (*plan.notes, LEAD_EXCLUDED),
    )


def _first_allowed(seats: Iterable[Seat], unit_code: int | None, excluded: frozenset[UUID]) -> Seat | None:
    return next((seat for seat in seats if team_id(seat.team(unit_code)) not in excluded), None)


def _distinct(seats: Iterable[Seat | None], *, besides: set[Seat]) -> tuple[Seat, ...]:
    return tuple(dict.fromkeys(seat for seat in seats if seat is not None and seat not in besides))


def _written(plan: Plan, rows: tuple[Row, ...], situation: Situation) -> Route:
    unit_code = situation.incident_unit_code
    return Route(
        lead=plan.lead.team(unit_code),
        support=tuple(seat.team(unit_code) for seat in plan.support),
        where=plan.lead.where,
        unit_code=unit_code,
        told_at_once=tuple(seat.team(unit_code) for seat in plan.told),
        text_vi=in_words(plan, rows, VIETNAMESE),
        text_en=in_words(plan, rows, ENGLISH),
        locate=not situation.place_known,
    )
