"""Duty's pages: the board, planning a team, swaps, feeds and what is rehearsed; the real policy decides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from services.notify import views
from services.notify.handlers.fill_rosters import HORIZON
from services.notify.handlers.rehearse_coverage import coverage_holes, keep_rehearsal, latest_rehearsal
from services.notify.models import PLANS, duty, teams
from services.notify.rules.rehearsal import HoleKind
from shared.contracts.vocabulary import Level
from tests.integration.notify.duty_site import DutySite, duty_site
from tests.integration.notify.test_duty import SECOND, WORKER, add_second, rotate, who
from tests.integration.notify.world import ID, NOON, UNIT, World

TEAM = f"/duty/teams/{WORKER.team_code}"


@pytest.fixture
async def site(world: World) -> AsyncIterator[DutySite]:
    async with duty_site(world) as opened:
        yield opened


ROTATION = {
    "position": "worker",
    "members": [str(ID["worker"]), str(SECOND), "", ""],
    "period": "1",
    "handover": "08:00",
    "starts_on": "2026-11-01",
}


async def test_a_supervisor_plans_a_rotation_and_the_board_shows_it(world: World, site: DutySite) -> None:
    await add_second(world)
    assert (await site.post(f"{TEAM}/rotations", ROTATION)).status_code == 303
    assert "Hai" in (await site.get(f"/duty?team={WORKER.team_code}")).text
    assert "Trần Thị Hai" in (await site.get(TEAM)).text
    english = (await site.get(f"{TEAM}?lang=en")).text
    assert "Add a rotation" in english


async def test_whoever_only_reads_changes_nothing(world: World, site: DutySite) -> None:
    for whom in ("operator", "worker"):
        assert (await site.get("/duty", whom)).status_code == 200
        page = await site.get(TEAM, whom)
        assert "Lưu ca" not in page.text
        assert (await site.post(f"{TEAM}/rotations", ROTATION, whom)).status_code == 403
    assert (await site.get("/duty", "nobody")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"starts": "hôm qua"}, "Ngày hoặc giờ"),
        ({"person": ""}, "Chọn người trực"),
        ({"ends": "2026-11-28T01:00"}, "Giờ kết thúc"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_changes(
    world: World, site: DutySite, changes: dict[str, str], says: str
) -> None:
    fields = {"person": str(ID["head"]), "starts": "2026-11-28T14:10", "ends": "2026-11-28T20:00", **changes}
    answer = await site.post(f"{TEAM}/entries", fields)
    assert answer.status_code == 409
    assert says in answer.text
    assert await who(world, NOON) == [ID["worker"]]


async def test_an_override_holds_while_it_lasts_and_is_taken_back(world: World, site: DutySite) -> None:
    fields = {"person": str(ID["head"]), "starts": "2026-11-28T14:10", "ends": "2026-11-28T20:00"}
    assert (await site.post(f"{TEAM}/entries", fields)).status_code == 303
    assert await who(world, NOON) == [ID["head"]]
    assert await who(world, NOON + timedelta(hours=8)) == [ID["worker"]]
    path = re.search(rf"{TEAM}/entries/[0-9a-f-]+/cancel", (await site.get(TEAM)).text)
    assert path is not None
    assert (await site.post(path.group(), {})).status_code == 303
    assert await who(world, NOON) == [ID["worker"]]


async def test_a_swap_is_offered_once_accepted_by_the_colleague_and_kept(world: World, site: DutySite) -> None:
    await add_second(world)
    await rotate(world)
    async with world.database.reading() as connection:
        mine = (duty.c.person_id == ID["worker"]) & (duty.c.starts_at > NOON)
        turn = (await connection.execute(select(duty).where(mine).order_by(duty.c.starts_at).limit(1))).mappings().one()
    middle = turn["starts_at"] + timedelta(hours=3)
    fields = {"turn": str(turn["id"]), "person": str(SECOND)}
    assert (await site.post("/duty/swaps", fields, "second")).status_code == 409
    assert (await site.post("/duty/swaps", fields, "worker")).status_code == 303
    again = await site.post("/duty/swaps", fields, "worker")
    assert again.status_code == 409
    assert "is-waiting" in again.text
    async with world.database.reading() as connection:
        swap = await connection.scalar(select(PLANS.swaps.c.id))
    assert (await site.post(f"/duty/swaps/{swap}", {"answer": "accepted"}, "worker")).status_code == 409
    assert await who(world, middle) == [ID["worker"]]
    assert (await site.post(f"/duty/swaps/{swap}", {"answer": "accepted"}, "second")).status_code == 303
    assert await who(world, middle) == [SECOND]
    assert (await site.post(f"/duty/swaps/{swap}", {"answer": "refused"}, "supervisor")).status_code == 409
    assert "Đã nhận đổi" in (await site.get("/duty/swaps", "worker")).text


async def test_a_feed_tells_teams_and_positions_until_it_is_revoked(world: World, site: DutySite) -> None:
    page = (await site.post("/duty/calendars", {"team": WORKER.team_code})).text
    address = re.search(r"/duty/ical/[\w-]+\.ics", page)
    assert address is not None
    answer = await site.get(address.group(), "nobody")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {
        f"{WORKER.team_code}, trực",
        f"{WORKER.team_code}, trưởng nhóm",
    }
    assert b"Nguy" not in answer.content
    async with world.database.reading() as connection:
        kept = (await connection.execute(select(PLANS.calendars))).mappings().one()
    assert address.group().encode() not in bytes(kept["token_hash"])
    await site.post(f"/duty/calendars/{kept['id']}/revoke", {})
    assert (await site.get(address.group(), "nobody")).status_code == 404


async def test_the_rehearsal_lists_holes_and_the_days_notice_comes_at_eight(world: World, site: DutySite) -> None:
    await world.off_duty("chair", "province")
    await world.change_contacts(["worker"], verified_at=None)
    async with world.database.transaction() as connection:
        await connection.execute(teams.update().where(teams.c.code == WORKER.team_code).values(unit_code=UNIT))
    async with world.database.reading() as connection:
        found = await coverage_holes(connection, NOON)
    kinds = {(hole.unit_code, hole.level, hole.step, hole.kind) for hole in found}
    assert (UNIT, Level.URGENT, 1, HoleKind.UNREACHABLE) in kinds
    assert (None, Level.URGENT, 1, HoleKind.NOBODY) in kinds
    assert (UNIT, Level.IMMEDIATE, 1, HoleKind.UNREACHABLE) not in kinds
    assert "không nhắn được" in (await site.get("/duty")).text
    early = NOON.replace(hour=0)
    assert not await keep_rehearsal(world.database, early)
    assert await keep_rehearsal(world.database, early + timedelta(hours=1))
    assert not await keep_rehearsal(world.database, NOON)
    async with world.database.reading() as connection:
        assert await latest_rehearsal(connection) == (len(found), NOON)


async def test_the_far_future_is_computed_for_whoever_asks(world: World) -> None:
    await add_second(world)
    await rotate(world)
    async with world.database.reading() as connection:
        names = set()
        for number in range(2):
            at = NOON + HORIZON + timedelta(days=200 + number)
            chain = await views.oncall_chain(connection, UNIT, Level.URGENT, at)
            (person,) = chain["steps"][0]["people"]
            names.add(person["person"])
    assert names == {str(ID["worker"]), str(SECOND)}
