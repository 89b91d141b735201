"""The pages of teams: who sees and changes what, and what a wrong field says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from services.notify.models import CONTACTS, people, teams
from tests.integration.notify.people_site import ADMINISTRATOR, PeopleSite, people_site
from tests.integration.notify.world import ID, World

TEAM = "social-9190"
PAGE = f"/people/teams/{TEAM}"
RIGHT = {"name_vi": "Nhóm xã hội", "name_en": "Social team", "duty_phone": "0222 380 00", "institutions": ""}


@pytest.fixture
async def site(world: World) -> AsyncIterator[PeopleSite]:
    async with people_site(world) as made:
        yield made


async def kept(site: PeopleSite, code: str = TEAM) -> dict[str, object]:
    async with site.world.database.reading() as connection:
        row = (await connection.execute(select(teams).where(teams.c.code == code))).mappings().one()
    return dict(row)


async def changes(site: PeopleSite, code: str = TEAM) -> list[tuple[str, object]]:
    table = CONTACTS.changes
    async with site.world.database.reading() as connection:
        rows = await connection.execute(select(table).where(table.c.team_code == code).order_by(table.c.id))
        return [(row.what, row.by) for row in rows]


async def test_teams_are_listed_with_how_many_of_their_people_are_reached(site: PeopleSite) -> None:
    await site.world.change_contacts(["worker"], verified_at=None)
    html = (await site.get("/people/teams", find="SOCIAL-9190")).text
    assert "2 người, báo được 1" in html
    assert "1 nhóm" in html
    await site.world.change_people(["worker"], disabled=True)
    assert "1 người, báo được 1" in (await site.get("/people/teams", find=TEAM)).text
    assert "people: 1, reachable: 1" in (await site.get("/people/teams", find=TEAM, lang="en")).text
    assert "Không có nhóm như vậy" in (await site.get("/people/teams", find="zzz", lang="vi")).text


async def test_an_administrator_changes_a_team_and_each_change_is_kept(site: PeopleSite) -> None:
    fields = {**RIGHT, "institutions": "Trường A\n\n  Trạm   B \nTrường A"}
    assert "Đã lưu." in (await site.post(PAGE, **fields)).text
    row = await kept(site)
    assert (row["name_vi"], row["name_en"], row["duty_phone"]) == ("Nhóm xã hội", "Social team", "0222 380 00")
    assert row["institutions"] == ["Trường A", "Trạm B"]
    assert sorted(await changes(site)) == sorted(
        (what, ADMINISTRATOR) for what in ("name_vi", "name_en", "duty_phone", "institutions")
    )
    assert "Không có gì khác trước" in (await site.post(PAGE, **fields)).text
    assert len(await changes(site)) == 4
    page = (await site.get(PAGE)).text
    assert "Đã đổi điện thoại trực" in page
    assert "02223800000 → 0222 380 00" in " ".join(page.split())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"duty_phone": "0222 380 000"}, "dài hơn 11 ký tự"),
        ({"duty_phone": "0222-38000"}, "chỉ gồm chữ số và dấu cách"),
        ({"duty_phone": "+8422238000"}, "chỉ gồm chữ số và dấu cách"),
        ({"duty_phone": "11"}, "ít nhất 3 chữ số"),
        ({"name_vi": "  "}, "Ghi tên nhóm"),
        ({"name_en": "x" * 121}, "dài quá 120 chữ"),
        ({"institutions": "\n".join(map(str, range(41)))}, "Nhiều nhất 40 cơ quan"),
    ],
)
async def test_a_wrong_field_says_why_and_the_rest_stays_typed(
    site: PeopleSite, wrong: dict[str, str], says: str
) -> None:
    before = await kept(site)
    answer = await site.post(PAGE, **{**RIGHT, "name_vi": "Tên vừa gõ", **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert ("Tên vừa gõ" in answer.text) is ("name_vi" not in wrong)
    assert await kept(site) == before
    assert await changes(site) == []


async def test_a_team_is_made_for_a_place_and_its_work_once(site: PeopleSite) -> None:
    fields = {**RIGHT, "function": "unions", "unit": "9190"}
    assert "Đã thêm nhóm." in (await site.post("/people/teams/new", **fields)).text
    assert (await kept(site, "unions-9190"))["unit_code"] == 9190
    assert await changes(site, "unions-9190") == [("team_created", ADMINISTRATOR)]
    again = await site.post("/people/teams/new", **{**fields, "name_vi": "Khác"})
    assert "đã có nhóm như vậy" in again.text
    assert (await kept(site, "unions-9190"))["name_vi"] == "Nhóm xã hội"
    await site.post("/people/teams/new", **{**RIGHT, "function": "hospital", "unit": ""})
    assert (await kept(site, "province-hospital"))["unit_code"] is None


@pytest.mark.parametrize(
    ("function", "unit"), [("hospital", "9190"), ("leaders", ""), ("social", "1"), ("social", "x"), ("dance", "9190")]
)
async def test_no_team_is_made_where_there_is_no_such_work(site: PeopleSite, function: str, unit: str) -> None:
    answer = await site.post("/people/teams/new", **{**RIGHT, "function": function, "unit": unit})
    assert answer.status_code == 422
    assert "Nơi này không có nhóm làm việc này" in answer.text


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
async def test_who_only_reads_sees_teams_and_changes_none(site: PeopleSite, who: str) -> None:
    html = (await site.get(PAGE, who)).text
    assert "02223800000" in html
    assert f'action="{PAGE}"' not in html
    assert (await site.post(PAGE, who, **RIGHT)).status_code == 403
    assert (await site.get("/people/teams/new", who)).status_code == 403
    assert (await site.post("/people/teams/new", who, **RIGHT)).status_code == 403


@pytest.mark.parametrize("who", ["worker", "operator"])
async def test_teams_are_not_for_everybody(site: PeopleSite, who: str) -> None:
    assert (await site.get("/people/teams", who)).status_code == 403
    assert (await site.get(PAGE, who)).status_code == 403


async def test_a_team_that_is_not_there_is_not_found(site: PeopleSite) -> None:
    assert (await site.get("/people/teams/social-1")).status_code == 404
    assert (await site.post("/people/teams/social-1", **RIGHT)).status_code == 404


async def test_a_new_name_of_a_team_is_told_with_its_people(site: PeopleSite) -> None:
    async def sequence() -> int:
        async with site.world.database.reading() as connection:
            return int(await connection.scalar(select(people.c.sequence).where(people.c.id == ID["worker"])) or 0)

    before = await sequence()
    await site.post(PAGE, **RIGHT)
    assert await sequence() > before
