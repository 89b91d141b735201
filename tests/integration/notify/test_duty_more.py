"""Holidays, helpers of other teams, warnings, the horizon, feeds and what the board shows."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from services.notify.handlers.fill_rosters import HORIZON, fill_rosters, horizon, measure_horizon
from services.notify.handlers.plan_duty import DutyRefusedError, FromElsewhereError, NoSuchTeamError, add_rotation
from services.notify.handlers.rehearse_coverage import coverage_holes
from services.notify.models import PLANS, teams
from services.notify.rules.escalation import Position, Target
from services.notify.rules.rehearsal import HoleKind
from shared.observability import DUTY_HORIZON
from tests.integration.notify.duty_site import DutySite, duty_site
from tests.integration.notify.test_duty import DAILY, SECOND, WORKER, add_second, rotate, who
from tests.integration.notify.world import DUTY_NUMBER, ID, NOON, UNIT, World

TEAM = f"/duty/teams/{WORKER.team_code}"
DAY = timedelta(days=1)
OVERRIDE = {"person": str(ID["head"]), "starts": "2026-11-28T14:10", "ends": "2026-11-28T20:00"}


@pytest.fixture
async def site(world: World) -> AsyncIterator[DutySite]:
    async with duty_site(world) as found:
        yield found


async def test_an_own_holiday_puts_the_holiday_person_on_duty_at_once_and_back(world: World, site: DutySite) -> None:
    await add_second(world)
    await rotate(world, replace(DAILY, members=(ID["worker"],), holiday_members=(SECOND,)))
    at = NOON + 3 * DAY
    assert await who(world, at) == [ID["worker"]]
    own = {"day": "2026-12-01", "name": "Ngày hội làng", "kind": "holiday"}
    assert (await site.post("/duty/holidays", own, "worker")).status_code == 403
    assert (await site.post("/duty/holidays", own, "administrator")).status_code == 303
    assert await who(world, at) == [SECOND]
    page = (await site.get("/duty/holidays?year=2026", "worker")).text
    assert "01/12/2026: Ngày hội làng" in page
    assert "02/09/2026" in page
    assert "Lưu ngày" not in page
    assert (await site.post("/duty/holidays/2026-12-01/remove", {})).status_code == 303
    assert await who(world, at) == [ID["worker"]]


async def test_a_holiday_of_the_country_can_be_made_a_working_day(world: World, site: DutySite) -> None:
    await add_second(world)
    await rotate(world, replace(DAILY, members=(ID["worker"],), holiday_members=(SECOND,)))
    at = NOON + (date(2027, 1, 1) - NOON.date()).days * DAY
    assert await who(world, at) == [SECOND]
    await site.post("/duty/holidays", {"day": "2027-01-01", "name": "Làm bù", "kind": "working"})
    assert await who(world, at) == [ID["worker"]]


@pytest.mark.parametrize("wrong", [{"day": ""}, {"name": " "}, {"kind": "both"}, {"day": "0001-01-01"}])
async def test_a_day_that_is_incomplete_is_refused(world: World, site: DutySite, wrong: dict[str, str]) -> None:
    answer = await site.post("/duty/holidays", {"day": "2026-12-01", "name": "x", "kind": "holiday", **wrong})
    assert answer.status_code == 409
    async with world.database.reading() as connection:
        assert (await connection.execute(select(PLANS.own_days))).first() is None


async def test_holidays_have_their_names_in_the_readers_language(site: DutySite) -> None:
    assert "National Day" in (await site.get("/duty/holidays?year=2026&lang=en")).text
    assert "Quốc khánh" in (await site.get("/duty/holidays?year=2026&lang=vi")).text


async def test_somebody_of_another_team_is_confirmed_first_and_what_was_typed_stays(
    world: World, site: DutySite
) -> None:
    helper = {**OVERRIDE, "person": "", "other": "nguyễn thị police"}
    asked = await site.post(f"{TEAM}/entries", helper)
    assert asked.status_code == 409
    assert 'name="confirmed"' in asked.text
    assert 'value="nguyễn thị police"' in asked.text
    assert 'value="2026-11-28T20:00"' in asked.text
    assert await who(world, NOON) == [ID["worker"]]
    assert (await site.post(f"{TEAM}/entries", {**helper, "confirmed": "1"})).status_code == 303
    assert await who(world, NOON) == [ID["police"]]
    assert "Không tìm thấy người này" in (await site.post(f"{TEAM}/entries", {**helper, "other": "Ai Đó"})).text


async def test_a_rotation_of_strangers_or_of_no_team_is_refused(world: World) -> None:
    strangers = replace(DAILY, members=(ID["worker"], ID["police"]))
    for target, rotation, error in (
        (WORKER, strangers, FromElsewhereError),
        (Target("social-1", Position.WORKER), strangers, NoSuchTeamError),
    ):
        with pytest.raises(error):
            async with world.database.transaction() as connection:
                await add_rotation(connection, target, rotation, by=None, now=NOON)
    assert issubclass(NoSuchTeamError, DutyRefusedError)


async def test_an_unknown_team_is_not_found_with_words(world: World, site: DutySite) -> None:
    for answer in (
        await site.get("/duty/teams/social-1"),
        await site.post("/duty/teams/social-1/entries", OVERRIDE),
        await site.post("/duty/teams/social-1/rotations", {"members": [str(SECOND)], "starts_on": "2026-11-28"}),
    ):
        assert answer.status_code == 404
        assert "Không có nhóm mang mã này" in answer.text
    async with world.database.reading() as connection:
        assert (await connection.execute(select(PLANS.rosters))).first() is None


async def test_whoever_cannot_be_reached_is_named_when_saved_and_on_the_board(world: World, site: DutySite) -> None:
    await world.change_contacts(["head"], verified_at=None)
    saved = await site.post(f"{TEAM}/entries", OVERRIDE)
    page = (await site.get(saved.headers["location"])).text
    assert "Đã lưu." in page
    assert "chưa nhắn được: Nguyễn Thị head" in page
    assert "ca chưa nhắn được" in (await site.get(f"/duty?team={WORKER.team_code}")).text
    await world.change_contacts(["head"], verified_at=NOON)
    assert "chưa nhắn được: " not in (await site.get(TEAM)).text


async def test_a_horizon_that_shrinks_is_measured_and_told(world: World, site: DutySite) -> None:
    await measure_horizon(world.database, NOON)
    assert math.isinf(DUTY_HORIZON._value.get())
    await add_second(world)
    await rotate(world)
    await measure_horizon(world.database, NOON)
    assert DUTY_HORIZON._value.get() == 60
    words = "vị trí chỉ có lịch đến"
    assert words not in (await site.get("/duty")).text
    world.clock.advance(HORIZON - 13 * DAY)
    await measure_horizon(world.database, world.clock.now())
    assert DUTY_HORIZON._value.get() == 13
    assert words in (await site.get("/duty")).text
    await fill_rosters(world.database, world.clock.now())
    async with world.database.reading() as connection:
        assert (await horizon(connection, world.clock.now())).short == 0
    assert words not in (await site.get("/duty")).text


async def test_a_case_that_is_taken_still_counts_until_it_is_closed(world: World) -> None:
    event = await world.open(excluded_person_ids=(ID["worker"],))
    await world.acknowledge(event.case_code, "head")

    async def fragile() -> set[str | None]:
        async with world.database.reading() as connection:
            holes = await coverage_holes(connection, world.clock.now())
        return {hole.case_code for hole in holes if hole.kind is HoleKind.EXCLUDED}

    assert await fragile() == {event.case_code}
    await world.close(event.case_code, "head")
    assert await fragile() == set()


async def test_the_board_pages_and_finds_teams_by_words_or_code(world: World, site: DutySite) -> None:
    many = [
        {"code": f"social-{number}", "name_vi": f"Nhóm Ấp {number}", "name_en": "", "duty_phone": DUTY_NUMBER}
        for number in range(60)
    ]
    async with world.database.transaction() as connection:
        await connection.execute(insert(teams), many)
    pages = [(await site.get(f"/duty/rows?page={number}")).text for number in (1, 2, 3)]
    shown = [{row["code"] for row in many if f'/duty/teams/{row["code"]}"' in page} for page in pages]
    assert set().union(*shown) == {row["code"] for row in many}
    assert sum(map(len, shown)) == 60
    found = (await site.get("/duty?team=nhom ap 59&unit=")).text
    assert "/duty/teams/social-59" in found
    assert '/duty/teams/social-5"' not in found
    assert "Không có nhóm nào khớp" in (await site.get("/duty?team=nowhere&since=9999-12-31&page=-4")).text


async def test_a_lower_layer_is_shown_as_backup_and_not_paged(world: World, site: DutySite) -> None:
    await add_second(world)
    await rotate(world, replace(DAILY, members=(ID["worker"],), layer=2))
    await rotate(world, replace(DAILY, members=(SECOND,), layer=1))
    page = (await site.get(f"/duty?team={WORKER.team_code}")).text
    assert "Hai (dự phòng)" in page
    assert await who(world, NOON + DAY) == [ID["worker"]]


async def test_who_is_on_duty_is_answered_for_any_moment(world: World, site: DutySite) -> None:
    async with world.database.transaction() as connection:
        await connection.execute(teams.update().where(teams.c.code == WORKER.team_code).values(unit_code=UNIT))
    await site.post(f"{TEAM}/entries", {**OVERRIDE, "starts": "2026-11-29T08:00", "ends": "2026-11-29T20:00"})
    gap = (await site.get(f"/duty/oncall?unit={UNIT}")).text
    assert gap.count("Nguyễn Thị worker") == 4
    later = (await site.get(f"/duty/oncall?unit={UNIT}&at=2026-11-29T09:00", "worker")).text
    assert "Nguyễn Thị worker" not in later
    assert later.count("Nguyễn Thị head") >= 4
    assert "Ngày hoặc giờ" in (await site.get("/duty/oncall?at=mai&unit=x")).text


async def test_feeds_are_listed_to_who_made_them_and_to_planners_and_revoked(world: World, site: DutySite) -> None:
    made = await site.post("/duty/calendars", {}, "worker")
    assert "data-copy" in made.text
    async with world.database.reading() as connection:
        feed = await connection.scalar(select(PLANS.calendars.c.id))
    revoke = f"/duty/calendars/{feed}/revoke"
    assert revoke in (await site.get("/duty/feeds", "worker")).text
    assert revoke in (await site.get("/duty/feeds", "administrator")).text
    assert revoke not in (await site.get("/duty/feeds", "operator")).text
    assert (await site.post(revoke, {}, "operator")).status_code == 403
    assert (await site.post(revoke, {}, "worker")).headers["location"] == "/duty/feeds"
    assert revoke not in (await site.get("/duty/feeds", "administrator")).text
