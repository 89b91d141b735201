"""Whom the console says would be paged is whom the alert then pages; who was paged is told to whoever may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify import store
from services.notify.foreseen import foreseen_chain
from services.notify.queue_view import load_paging
from services.notify.records import NoSuchAlertError
from shared.contracts.preview import Chain, ChainAsked, Paging
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level, Role, Where
from shared.identity.actor import Actor
from shared.identity.policy import View
from tests.integration.notify.world import ID, NOON, TEAMS, UNIT, World, assessed

OPERATOR = Actor(UUID(int=31), frozenset({Role.OPERATOR}))
SUPERVISOR = Actor(UUID(int=33), frozenset({Role.SUPERVISOR}))


async def chain(world: World, level: Level, **asked: Any) -> Chain:
    question = ChainAsked(
        **{"level": level, "led_by": Where.COMMUNE, "unit_code": UNIT, "acknowledge_within": 60} | asked
    )
    async with world.database.reading() as connection:
        return await foreseen_chain(connection, question, NOON)


def names(found: Chain) -> list[list[str]]:
    return [[person.name.removeprefix("Nguyễn Thị ") for person in step.people] for step in found.steps]


async def test_each_step_names_who_is_on_duty_and_when(world: World) -> None:
    found = await chain(world, Level.IMMEDIATE)
    assert names(found) == [["worker", "head", "police"], ["chair", "province"], ["committee"]]
    assert [step.after_minutes for step in found.steps] == [0, 10, 20]
    assert [person.role for person in found.steps[0].people] == ["BVTE xã", "trưởng nhóm", "công an xã"]


async def test_the_first_step_is_whom_the_alert_pages(world: World) -> None:
    found = await chain(world, Level.URGENT)
    event = await world.open(Level.URGENT)
    async with world.database.reading() as connection:
        paging = await load_paging(connection, event.report_id, SUPERVISOR, View.FULL)
    assert [person.name for person in paging.people] == [person.name for person in found.steps[0].people]


async def test_who_cannot_be_reached_is_said(world: World) -> None:
    await world.change_contacts(["chair"], verified_at=None)
    found = await chain(world, Level.IMMEDIATE)
    assert [person.reachable for person in found.steps[1].people] == [False, True]


async def test_whoever_must_not_hear_of_it_is_left_out(world: World) -> None:
    found = await chain(
        world,
        Level.IMMEDIATE,
        excluded_person_ids=[ID["police"]],
        excluded_team_ids=[team_id(TEAMS["worker"][0])],
    )
    assert names(found) == [[], ["chair", "province"], ["committee"]]


async def test_an_unknown_place_is_the_provinces(world: World) -> None:
    found = await chain(world, Level.IMMEDIATE, led_by=Where.PROVINCE, unit_code=None)
    assert names(found)[0] == ["province", "province_head", "province_police"]


async def paging(world: World, report_id: UUID, actor: Actor, view: View) -> Paging:
    async with world.database.reading() as connection:
        return await load_paging(connection, report_id, actor, view)


async def test_an_operator_hears_of_the_paging_of_their_own_reports_only(world: World) -> None:
    mine, other = assessed(submitted_by=OPERATOR.id), assessed(submitted_by=uuid4())
    await world.hear(mine)
    await world.hear(other)
    found = await paging(world, mine.report_id, OPERATOR, View.OWN_REPORTS)
    assert [(person.state, person.step) for person in found.people] == [("Chờ gửi", 1)]
    assert found.acknowledged_by is None
    with pytest.raises(NoSuchAlertError):
        await paging(world, other.report_id, OPERATOR, View.OWN_REPORTS)
    assert (await paging(world, other.report_id, SUPERVISOR, View.FULL)).people


async def test_an_excluded_supervisor_hears_nothing(world: World) -> None:
    event = assessed(excluded_person_ids=(SUPERVISOR.id,))
    await world.hear(event)
    with pytest.raises(NoSuchAlertError):
        await paging(world, event.report_id, SUPERVISOR, View.FULL)


async def test_names_of_colleagues_are_known_and_of_nobody_else(world: World) -> None:
    async with world.database.reading() as connection:
        assert await store.names_of(connection, [ID["worker"], UUID(int=404)]) == {ID["worker"]: "Nguyễn Thị worker"}
