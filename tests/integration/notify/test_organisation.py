"""Teams, people and duty are loaded once, and again without harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from services.notify.handlers.load_organisation import load_organisation
from services.notify.models import CONTACTS, duty, people, teams
from tests.integration.notify.world import ID, NOON, World, organisation


async def counts(world: World) -> tuple[int, ...]:
    async with world.database.reading() as connection:
        found = [await connection.scalar(select(func.count()).select_from(table)) for table in (teams, people, duty)]
    return tuple(count or 0 for count in found)


async def test_loading_again_adds_nothing_and_takes_new_names_and_numbers(world: World) -> None:
    before = await counts(world)
    team_entries, person_entries = organisation()
    renamed = [replace(person, phone="+84990109999") if person.key == "worker" else person for person in person_entries]
    async with world.database.transaction() as connection:
        await load_organisation(connection, team_entries, renamed, NOON)
    assert await counts(world) == before
    async with world.database.reading() as connection:
        theirs = select(CONTACTS.contacts.c.address).where(CONTACTS.contacts.c.person_id == ID["worker"])
        assert (await connection.execute(theirs)).scalars().all() == ["+84990109999"]


async def test_loading_again_keeps_what_people_have_chosen(world: World) -> None:
    await world.change_contacts(["worker"], opted_out_at=NOON)
    async with world.database.transaction() as connection:
        await load_organisation(connection, *organisation(), NOON)
    await world.open()
    world.expect("head")


async def test_everybody_is_on_duty_from_the_load_on(world: World) -> None:
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(duty.c.starts_at, duty.c.ends_at))).all()
    assert {tuple(row) for row in rows} == {(NOON - timedelta(days=1), None)}
