"""Every person who can be paged or can sign in is told of by hashes, once, and again when something of them changes."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select, text

from services.notify.handlers.load_organisation import load_organisation
from services.notify.handlers.tell_colleagues import tell_colleagues
from services.notify.models import duty
from shared.contracts.events import NO_ACCOUNT, Marks, PersonChanged
from shared.crypto import Keys
from shared.events.tables import QUEUE
from shared.marks import institution_mark, name_marks, phone_marks
from shared.service import Parts
from shared.settings import Settings
from tests.integration.notify.world import FAILING, ID, NOON, PHONE, TEAMS, World, organisation

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)


async def tell(world: World, most: int = 100) -> int:
    return await tell_colleagues(Parts(Settings(), world.database, world.bus, world.clock, KEYS), most)


async def events(world: World) -> list[PersonChanged]:
    async with world.database.reading() as connection:
        rows = await connection.execute(select(QUEUE.c.payload).where(QUEUE.c.queue == "intake").order_by(QUEUE.c.id))
        return [PersonChanged.model_validate_json(row.payload) for row in rows]


async def told(world: World) -> list[Marks]:
    return [marks for event in await events(world) for marks in event.marks]


async def newest(world: World, person_id: UUID) -> Marks:
    return [marks for marks in await told(world) if marks.person_id == person_id][-1]


async def test_everybody_who_can_be_paged_is_told_of_once(world: World) -> None:
    assert await tell(world) == len(TEAMS)
    assert await tell(world) == 0
    async with world.database.reading() as connection:
        on_duty = set((await connection.execute(select(duty.c.person_id))).scalars())
    found = await told(world)
    assert {marks.person_id for marks in found} == set(ID.values()) >= on_duty
    assert all(marks.name_hashes and marks.phone_hashes for marks in found)


async def test_a_large_organisation_is_told_of_in_turns(world: World) -> None:
    assert [await tell(world, 4) for _ in range(4)] == [4, 4, 2, 0]
    assert len(await told(world)) == len(TEAMS)


async def test_telling_of_colleagues_lets_nobody_in(world: World) -> None:
    await tell(world)
    (event,) = await events(world)
    assert (event.sequence, event.disabled, event.roles, event.key_hashes) == (NO_ACCOUNT, True, (), {})


async def test_a_colleague_is_told_of_by_name_number_team_and_institution(world: World) -> None:
    await tell(world)
    marks = await newest(world, ID["police"])
    assert marks.member_of == ("police-9190",)
    assert set(marks.name_hashes) == set(name_marks(KEYS, "nguyen thi POLICE"))
    assert marks.phone_hashes == phone_marks(KEYS, PHONE["police"].replace("+84", "0"))
    assert marks.institution_hashes[institution_mark(KEYS, "police-9190")] == ("police-9190",)


async def test_a_changed_name_number_or_team_is_told_of_again_whoever_changes_it(world: World) -> None:
    await tell(world)
    await world.change_contacts(["worker"], address="+84990109999")
    assert await tell(world) == 1
    before = await newest(world, ID["worker"])
    assert before.phone_hashes == phone_marks(KEYS, "+84990109999")
    await world.change_people(["worker"], team_code="police-9190")
    await tell(world)
    after = await newest(world, ID["worker"])
    assert (after.member_of, after.sequence > before.sequence) == (("police-9190",), True)


async def test_what_does_not_matter_to_others_is_not_told(world: World) -> None:
    await tell(world)
    await world.change_contacts(["worker"], **FAILING)
    async with world.database.transaction() as connection:
        await load_organisation(connection, *organisation(), NOON)
    assert await tell(world) == 0


async def test_a_new_name_of_an_institution_is_told_of_with_everybody_of_the_team(world: World) -> None:
    await tell(world)
    async with world.database.transaction() as connection:
        statement = "UPDATE notify.teams SET institutions = ARRAY['Trường THCS Võ Cường'] WHERE code = 'social-9190'"
        await connection.execute(text(statement))
    assert await tell(world) == 2
    marks = await newest(world, ID["head"])
    assert institution_mark(KEYS, "trường thcs võ cường") in marks.institution_hashes


async def test_whoever_has_left_has_no_marks(world: World) -> None:
    await tell(world)
    await world.change_people(["worker"], disabled=True)
    await tell(world)
    marks = await newest(world, ID["worker"])
    assert (marks.name_hashes, marks.phone_hashes, marks.member_of) == ((), (), ())


async def test_somebody_who_only_signs_in_is_told_of_too_and_their_rights_stay_as_they_are(world: World) -> None:
    supervisor = uuid4()
    await world.add_account(supervisor, ["police-9190"])
    await tell(world)
    marks = await newest(world, supervisor)
    assert set(marks.name_hashes) == set(name_marks(KEYS, "Vũ Minh Quân"))
    assert marks.member_of == ("police-9190",)


async def test_no_name_and_no_phone_is_in_any_event(world: World) -> None:
    await world.add_account(uuid4(), [])
    await world.open()
    await tell(world)
    async with world.database.reading() as connection:
        payloads = b"".join((await connection.execute(select(QUEUE.c.payload))).scalars())
    told_of = payloads.decode()
    for canary in ("Nguyễn", "nguyen", "Quân", "+84", "99010", "0990"):
        assert canary not in told_of
