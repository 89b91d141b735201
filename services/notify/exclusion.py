"""Who must never have a case: the people whom an alert excludes, and everybody of the teams that it excludes.

A person is of a team that is their own, whose account names it, or for which they are on duty without an end or by
rotation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, all_, any_, bindparam, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS, alerts, duty, people, teams
from services.notify.records import Alert
from services.notify.store import Duty
from shared.contracts.teams import team_id

_home = people.alias("home")
_serving = duty.alias("serving")
_regular = _serving.c.ends_at.is_(None) | _serving.c.source.in_(["standing", "rotation"])
_account = ACCOUNTS.accounts.alias("own_account")

_CODES = union(
    select(teams.c.code), select(people.c.team_code), select(func.unnest(ACCOUNTS.accounts.c.team_codes).label("code"))
)
_teams = bindparam("codes", type_=alerts.c.excluded_teams.type)
_MEMBERS = union(
    select(_home.c.id).where(_home.c.team_code == any_(_teams)),
    select(_serving.c.person_id).where(_serving.c.team_code == any_(_teams), _regular),
    select(_account.c.person_id).where(_account.c.team_codes.bool_op("&&")(_teams)),
)


def may_have(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Return the condition, beside a row of alerts, that a person may see the alert and act on it."""
    excluded = alerts.c.excluded_teams
    of_their_own = select(_home.c.id).where(_home.c.id == person_id, _home.c.team_code == any_(excluded))
    on_duty = select(_serving.c.id).where(
        _serving.c.person_id == person_id, _serving.c.team_code == any_(excluded), _regular
    )
    by_account = select(_account.c.person_id).where(
        _account.c.person_id == person_id, _account.c.team_codes.bool_op("&&")(excluded)
    )
    member = or_(
        of_their_own.correlate_except(_home).exists(),
        on_duty.correlate_except(_serving).exists(),
        by_account.correlate_except(_account).exists(),
    )
    return (person_id != all_(alerts.c.excluded_people)) & ((func.cardinality(excluded) == 0) | ~member)


async def codes_of(connection: AsyncConnection, team_ids: Collection[UUID]) -> frozenset[str]:
    """Return the codes of teams by their ids; an id that is no team's here has none."""
    if not team_ids:
        return frozenset()
    known = (await connection.execute(_CODES)).scalars()
    return frozenset(code for code in known if team_id(code) in team_ids)


async def excluded_from(connection: AsyncConnection, alert: Alert) -> frozenset[UUID]:
    """Return everybody whom an alert keeps out now."""
    return await people_kept_out(connection, alert.excluded_people, alert.excluded_teams)


async def people_kept_out(
    connection: AsyncConnection, persons: frozenset[UUID], team_codes: frozenset[str]
) -> frozenset[UUID]:
    """Return `persons` and everybody of the teams."""
    if not team_codes:
        return persons
    members = (await connection.execute(_MEMBERS, {"codes": sorted(team_codes)})).scalars()
    return persons.union(members)


async def allowed_duty(connection: AsyncConnection, alert: Alert, found: Duty) -> Duty:
    """Return who of those on duty may have the alert."""
    return await duty_without(connection, found, alert.excluded_people, alert.excluded_teams)


async def duty_without(
    connection: AsyncConnection, found: Duty, persons: frozenset[UUID], team_codes: frozenset[str]
) -> Duty:
    """Return who is left of those on duty when neither `persons` nor anybody of the teams may hear of a case."""
    excluded = await people_kept_out(connection, persons, team_codes)
    if not excluded and not team_codes:
        return found
    allowed = {
        target: [person for person in on_duty if person.person_id not in excluded]
        for target, on_duty in found.by_target.items()
        if target.team_code not in team_codes
    }
    return replace(found, by_target=allowed)
