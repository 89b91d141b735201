"""Duty from a file: all or nothing, safe to repeat, and nobody guessed."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from services.notify.contacts import load_numbers
from services.notify.handlers.import_duty import DutyImport, import_duty
from services.notify.models import PLANS, people
from services.notify.rules.duty_file import Fault
from tests.integration.notify.duty_site import DutySite, duty_site
from tests.integration.notify.test_duty import SECOND, WORKER, add_second, who
from tests.integration.notify.world import ID, NOON, PHONE, World

HEADER = "team,position,person,starts,ends,note\n"
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
async def site(world: World) -> AsyncIterator[DutySite]:
    async with duty_site(world) as found:
        yield found


def row(person: str, team: str = WORKER.team_code, day: int = 29, note: str = "") -> str:
    return f"{team},worker,{person},{day}/11/2026 08:00,{day}/11/2026 20:00,{note}\n"


async def take(world: World, text: str, *, apply: bool = True) -> DutyImport:
    return await import_duty(world.database, text.encode(), by=None, now=world.clock.now(), apply=apply)


async def planned(world: World) -> int:
    shifts = select(func.count()).select_from(PLANS.entries).where(PLANS.entries.c.source == "shift")
    async with world.database.reading() as connection:
        return int(await connection.scalar(shifts) or 0)


async def add_namesake(world: World, person_id: UUID, team: str, phone: str) -> None:
    row = {"id": person_id, "name": "trần  thị HAI", "team_code": team, "position": "worker"}
    async with world.database.transaction() as connection:
        await connection.execute(insert(people).values(**row))
        await load_numbers(connection, [(person_id, phone)], NOON)


@pytest.mark.parametrize("written", ["Trần Thị Hai", str(SECOND), "+84990109999", "0990 109 999"])
async def test_a_turn_is_imported_once_however_its_person_is_written(world: World, written: str) -> None:
    await add_second(world)
    seen = await take(world, HEADER + row(written), apply=False)
    assert (seen.faults, seen.fresh, seen.written, await planned(world)) == ((), 1, 0, 0)
    assert (await take(world, HEADER + row(written))).written == 1
    assert await who(world, TOMORROW) == [SECOND]
    assert await who(world, TOMORROW + timedelta(hours=12)) == [ID["worker"]]
    again = await take(world, HEADER + row("Trần Thị Hai"))
    assert (again.fresh, again.written, await planned(world)) == (0, 0, 1)


async def test_one_wrong_row_keeps_the_whole_file_out(world: World) -> None:
    await add_second(world)
    wrong = [row("Không Có Ai"), row("Trần Thị Hai", team="social-1"), row("Trần Thị Hai"), row("Trần Thị Hai", day=27)]
    outcome = await take(world, HEADER + row("Trần Thị Hai") + "".join(wrong))
    named = [(one.line, one.fault) for one in outcome.faults]
    assert named == [(3, Fault.PERSON), (4, Fault.TEAM), (5, Fault.TWICE), (6, Fault.OVER)]
    assert (outcome.written, await planned(world), await who(world, TOMORROW)) == (0, 0, [ID["worker"]])


async def test_a_row_that_is_over_by_now_is_no_fault_when_it_was_imported(world: World) -> None:
    await take(world, HEADER + row(PHONE["worker"]))
    world.clock.advance(timedelta(days=5))
    again = await take(world, HEADER + row(PHONE["worker"]))
    assert (again.faults, again.written) == ((), 0)


async def test_namesakes_of_the_team_are_named_without_phones(world: World, site: DutySite) -> None:
    await add_second(world)
    await add_namesake(world, UUID(int=78), WORKER.team_code, "+84990109998")
    answer = await site.upload("/duty/import", HEADER + row("Trần Thị Hai"))
    assert answer.status_code == 422
    assert str(SECOND) in answer.text
    assert str(UUID(int=78)) in answer.text
    assert "9901099" not in answer.text
    assert await planned(world) == 0


async def test_the_team_decides_between_namesakes_and_help_from_elsewhere_is_said(world: World, site: DutySite) -> None:
    await add_second(world)
    await add_namesake(world, UUID(int=78), "police-9190", "+84990109998")
    seen = await take(world, HEADER + row("Trần Thị Hai"), apply=False)
    assert [(turn.person.id, turn.from_elsewhere) for turn in seen.turns] == [(SECOND, False)]
    await world.change_contacts(["police"], verified_at=None)
    page = (await site.upload("/duty/import", HEADER + row(PHONE["police"]))).text
    assert "người của nhóm khác" in page
    assert "chưa nhắn được" in page


async def test_a_page_shows_a_file_then_writes_what_it_showed(world: World, site: DutySite) -> None:
    await add_second(world)
    text = HEADER + row("Trần Thị Hai", note='"thay ""ca"" <b>"')
    seen = await site.upload("/duty/import", text)
    assert (seen.status_code, await planned(world)) == (200, 0)
    assert "<b>&#34" not in seen.text
    content = seen.text.partition('name="content" value="')[2].partition('"')[0]
    done = await site.post("/duty/import/apply", {"content": html.unescape(content)})
    assert "Đã nhập 1 ca" in done.text
    assert await who(world, TOMORROW) == [SECOND]
    assert "&lt;b&gt;" in (await site.get(f"/duty/teams/{WORKER.team_code}")).text
    assert "Mọi dòng đã có" in (await site.upload("/duty/import", text)).text


async def test_only_whoever_plans_imports(world: World, site: DutySite) -> None:
    for whom in ("worker", "operator"):
        assert (await site.get("/duty/import", whom)).status_code == 403
        assert (await site.get("/duty/import/template", whom)).status_code == 403
        assert (await site.upload("/duty/import", HEADER, whom)).status_code == 403
        assert (await site.post("/duty/import/apply", {"content": HEADER}, whom)).status_code == 403
    assert (await site.get("/duty/import/template", "administrator")).content.startswith(b"\xef\xbb\xbfteam,")


async def test_two_imports_of_one_file_at_once_write_it_once(world: World) -> None:
    await add_second(world)
    text = HEADER + "".join(row("Trần Thị Hai", day=day) for day in (29, 30))
    text += row(PHONE["police"], team="police-9190")
    done = await asyncio.gather(*(take(world, text) for _ in range(4)))
    assert sorted(one.written for one in done) == [0, 0, 0, 3]
    assert await planned(world) == 3
    assert await who(world, datetime(2026, 11, 30, 5, tzinfo=NOON.tzinfo)) == [SECOND]
