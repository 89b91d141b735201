"""Reports are found by code, phone, name and place by those who may see them; a search is kept, its words are not."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from alembic import command
from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from services.intake.handlers.answer_request import Created
from services.intake.handlers.make_searchable import make_old_searchable
from services.intake.handlers.read_search import read_search
from services.intake.handlers.search_reports import PAGE, Found, NobodySearchesError, search_reports
from services.intake.models import SCHEMA, reports, search_keys, searches, unsearchable
from services.intake.rules.search import By
from shared.crypto import Keys
from shared.identity.actor import NOBODY, Actor
from shared.migrations import upgrade
from tests.integration.intake.test_conflicts import HEAD, SUPERVISOR, changed, hear
from tests.integration.intake.test_secrecy import canaries_in, everything_stored
from tests.integration.intake.world import OPERATOR, PARTNER, World, alert, assessed
from tests.unit.intake.documents import ARRIVAL, NAME, PHONE, a_personal_report, a_report

NFD = unicodedata.normalize("NFD", NAME)
BEFORE_THE_SEARCH = "0006"
PLACES = {"incident": {"unit_code": 9190}}


async def search(world: World, q: str, place: str = "", actor: Actor = SUPERVISOR, page: int = 1) -> Found:
    return await search_reports(world.parts, actor, read_search(q, place), page)


async def codes(world: World, q: str, place: str = "", actor: Actor = SUPERVISOR) -> list[str]:
    return [hit.report.case_code for hit in (await search(world, q, place, actor)).hits]


async def create(world: World, actor: Actor = OPERATOR, **said: Any) -> Created:
    return await world.create(a_report(**said), uuid4().hex, actor)


@pytest.mark.parametrize("typed", [NAME, "nguyen thi anh dao", NFD, NAME.upper(), "đào ánh thị nguyễn", "Ánh Đào"])
async def test_a_name_is_found_without_marks_capitals_and_order(world: World, typed: str) -> None:
    created = await create(world, subject={"name": NAME})
    await create(world, subject={"name": "Nguyễn Thị Bích"})
    assert await codes(world, typed) == [created.case_code]


async def test_a_name_that_was_sent_decomposed_is_found_too(world: World) -> None:
    created = await create(world, subject={"name": NFD})
    assert await codes(world, NAME) == await codes(world, "anh dao") == [created.case_code]


@pytest.mark.parametrize("stored", ["0912 345 678", "+84912345678", "84-912-345-678"])
@pytest.mark.parametrize("typed", ["0912 345 678", "+84912345678", "84-912-345-678"])
async def test_a_phone_is_found_however_it_is_written(world: World, stored: str, typed: str) -> None:
    created = await create(world, reporter={"phone": stored})
    await create(world, reporter={"phone": "0912 345 679"})
    assert await codes(world, typed) == [created.case_code]


async def test_all_reports_of_a_phone_are_found_the_newest_first(world: World) -> None:
    days = [27, 25, 26]
    made = [await create(world, reporter={"phone": PHONE}, received_at=f"2026-11-{day}T08:00:00+07:00") for day in days]
    newest_first = [made[0].case_code, made[2].case_code, made[1].case_code]
    assert await codes(world, PHONE) == newest_first


async def test_a_code_is_found_however_it_is_typed(world: World) -> None:
    created = await create(world)
    await create(world, narrative=f"gọi lại về {created.case_code}")
    spaced = f"{created.case_code[:3].lower()} {created.case_code[3:]}"
    assert await codes(world, spaced) == [created.case_code]


@pytest.mark.parametrize("which", ["incident", "residence", "current"])
@pytest.mark.parametrize("typed", ["Võ Cường", "phuong vo cuong"])
async def test_reports_of_a_place_are_found(world: World, which: str, typed: str) -> None:
    created = await create(world, place={which: {"unit_code": 9190}})
    await create(world, place={"incident": {"unit_code": 9187}})
    assert await codes(world, "", typed) == [created.case_code]


async def test_all_that_is_given_must_fit_and_each_is_a_reason(world: World) -> None:
    created = await create(world, subject={"name": NAME}, place=PLACES)
    await create(world, subject={"name": NAME}, place={"incident": {"unit_code": 9187}})
    await create(world, subject={"name": "Trần Ánh"}, place=PLACES)
    (hit,) = (await search(world, "nguyen thi anh dao", "Võ Cường")).hits
    assert (hit.report.case_code, hit.why) == (created.case_code, (By.FULL_NAME, By.PLACE))
    (part,) = (await search(world, "ánh đào", "Võ Cường")).hits
    assert part.why == (By.NAME, By.PLACE)
    assert [one.why for one in (await search(world, created.case_code)).hits] == [(By.CODE,)]


async def test_parts_of_two_names_do_not_make_a_third(world: World) -> None:
    await create(world, subject={"name": "Nguyễn Văn Bình"}, family={"mother": {"name": "Trần Thị Đào"}})
    assert await codes(world, "Nguyễn Thị Đào") == []


async def test_an_operator_finds_their_own_reports_and_a_supervisor_all(world: World) -> None:
    own = await create(world, subject={"name": NAME}, reporter={"phone": PHONE}, place=PLACES)
    other = await create(world, replace(OPERATOR, id=UUID(int=32)), subject={"name": NAME})
    partners = await create(world, PARTNER, subject={"name": NAME})
    assert set(await codes(world, NAME)) == {own.case_code, other.case_code, partners.case_code}
    assert await codes(world, NAME, actor=OPERATOR) == [own.case_code]
    assert await codes(world, other.case_code, actor=OPERATOR) == []
    assert await codes(world, PHONE, "Võ Cường", actor=OPERATOR) == [own.case_code]
    assert (await search(world, NAME, actor=OPERATOR)).count == 1


async def test_level_and_state_are_those_of_the_case(world: World) -> None:
    created = await create(world, subject={"name": NAME})
    await world.assess(assessed(created))
    await world.change_alert(alert(created, 1))
    (hit,) = (await search(world, NAME)).hits
    assert hit.report == await world.status(created.report_id)


@pytest.mark.parametrize("by", ["code", "phone", "name", "place", "child at home"])
async def test_whoever_may_be_alleged_finds_nothing_and_hears_of_no_number(world: World, by: str) -> None:
    await hear(world, changed())
    created = await create(
        world,
        subject={"kind": "adult", "name": "Nguyễn Thị Hoa", "age_min": 30},
        children_in_home=[{"age_min": 5, "name": "Lê Na"}],
        alleged=[{"role": "official", "name": "Ngọ Đức Lực", "phone": PHONE}],
        reporter={"phone": "0987 654 321"},
        place=PLACES,
    )
    typed = {"code": created.case_code, "phone": "0987654321", "name": "hoa", "place": "", "child at home": "le na"}
    place = "Võ Cường" if by == "place" else ""
    assert (await search(world, typed[by], place)).count == 1
    found = await search(world, typed[by], place, replace(SUPERVISOR, id=HEAD))
    assert (found.count, found.hits) == (0, ())


async def test_a_corrected_report_is_found_by_what_it_says_now_only(world: World) -> None:
    document = a_report(external_id="HL-1", subject={"name": NAME}, reporter={"phone": PHONE}, place=PLACES)
    created = await world.create(document, "first")
    corrected = {"subject": {"name": "Trần Văn Bình"}, "reporter": {"phone": "0987 654 321"}}
    await world.receive({**document, **corrected, "place": {"incident": {"unit_code": 9187}}}, "second")
    for q, place in ((NAME, ""), (PHONE, ""), ("", "Võ Cường")):
        assert await codes(world, q, place) == []
    for q in ("binh van tran", "0987654321", created.case_code):
        assert await codes(world, q) == [created.case_code]


async def test_a_report_corrected_to_name_nobody_is_found_by_no_name(world: World) -> None:
    document = a_report(external_id="HL-1", subject={"name": NAME})
    await world.create(document, "first")
    await world.receive({**document, "subject": {}}, "second")
    assert await codes(world, NAME) == []
    assert await world.count("search_keys") == 0


async def test_a_child_at_home_is_found_as_the_adults_report_once(world: World) -> None:
    created = await create(
        world,
        subject={"kind": "adult", "name": "Nguyễn Thị Hoa"},
        children_in_home=[{"age_min": 5, "name": "Lê Na"}, {"age_min": 3}],
        place=PLACES,
    )
    assert await world.count("reports") == 3
    for q, place in (("lê na", ""), ("hoa", ""), (created.case_code, ""), ("", "Võ Cường")):
        found = await search(world, q, place)
        assert [(hit.report.report_id, found.count) for hit in found.hits] == [(created.report_id, 1)]


async def test_pages_follow_one_another_without_gap_or_repeat(world: World) -> None:
    made = {(await create(world, subject={"name": NAME})).case_code for _ in range(PAGE + 2)}
    first, second, beyond = [await search(world, NAME, page=page) for page in (1, 2, 3)]
    assert [len(page.hits) for page in (first, second, beyond)] == [PAGE, 2, 0]
    assert {hit.report.case_code for page in (first, second) for hit in page.hits} == made
    assert [page.has_more for page in (first, second)] == [True, False]
    assert first.count == second.count == PAGE + 2
    assert (await search(world, NAME, page=-5)).hits == first.hits


async def test_every_search_is_kept_with_who_when_by_what_and_how_much(world: World) -> None:
    await create(world, subject={"name": NAME}, place=PLACES)
    for q, place in ((NAME, "Võ Cường"), (NFD.upper(), "vo cuong"), ("0987 654 321", "")):
        await search(world, q, place)
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(searches).order_by(searches.c.id))).mappings().all()
    assert [(row["person_id"], row["at"], row["kinds"], row["found"]) for row in rows] == [
        (SUPERVISOR.id, ARRIVAL, ["name", "place"], 1),
        (SUPERVISOR.id, ARRIVAL, ["name", "place"], 1),
        (SUPERVISOR.id, ARRIVAL, ["phone"], 0),
    ]
    assert rows[0]["digest"] == rows[1]["digest"] != rows[2]["digest"]


@pytest.mark.parametrize("change", ["UPDATE intake.searches SET found = 0", "DELETE FROM intake.searches", "TRUNCATE intake.searches"])  # fmt: skip
async def test_the_database_refuses_to_change_a_search_that_was_kept(world: World, change: str) -> None:
    await search(world, NAME)
    with pytest.raises(DBAPIError, match="never changed"):
        async with world.database.transaction() as connection:
            await connection.execute(text(change))
    assert await world.count("searches") == 1


async def test_nobody_searches_without_being_known(world: World) -> None:
    with pytest.raises(NobodySearchesError):
        await search(world, NAME, actor=NOBODY)


async def test_a_search_leaves_nothing_personal_in_tables_and_logs(world: World) -> None:
    with structlog.testing.capture_logs() as logs:
        await world.create(a_personal_report())
        for q in (NAME, PHONE, "nguyen thi anh dao", "anh dao"):
            assert (await search(world, q)).count == 1
    stored = await everything_stored(world)
    assert canaries_in(stored) == []
    folded = [part for part in (b"nguyen", b"anh dao", b"912345") if part in stored.lower()]
    assert folded == []
    written = json.dumps(logs, ensure_ascii=False, default=str)
    assert canaries_in(written.encode()) == []
    assert "nguyen" not in written
    assert [entry["found"] for entry in logs if entry["event"] == "reports_searched"] == [1, 1, 1, 1]


async def from_before(world: World, *created: Created) -> None:
    """Let reports be such as were stored before there was a search."""
    async with world.database.transaction() as connection:
        await connection.execute(delete(search_keys))
        await connection.execute(insert(unsearchable), [{"report_id": one.report_id} for one in created])


async def test_reports_from_before_become_searchable(world: World) -> None:
    made = [await create(world, subject={"name": NAME}), await create(world)]
    await from_before(world, *made)
    assert await codes(world, NAME) == []
    assert await make_old_searchable(world.parts) == 2
    assert await codes(world, NAME) == [made[0].case_code]
    assert await make_old_searchable(world.parts) == 0


async def test_the_migration_leaves_reports_from_before_to_the_job(world: World) -> None:
    created = await create(world, subject={"kind": "adult", "name": NAME}, children_in_home=[{"age_min": 5}])

    def back(connection: Connection) -> None:
        config = SCHEMA.config()
        config.attributes.update(connection=connection, schema=SCHEMA.name)
        command.downgrade(config, BEFORE_THE_SEARCH)

    async with world.database.engine.connect() as connection:
        await connection.run_sync(back)
    await upgrade(world.database, SCHEMA)
    assert await codes(world, NAME) == []
    assert await make_old_searchable(world.parts) == 1
    assert await codes(world, NAME) == [created.case_code]


async def test_a_report_from_before_that_was_corrected_first_keeps_its_new_name(world: World) -> None:
    document = a_report(external_id="HL-1", subject={"name": NAME})
    await from_before(world, await world.create(document, "first"))
    await world.receive({**document, "subject": {"name": "Trần Văn Bình"}}, "second")
    assert await make_old_searchable(world.parts) == 0
    assert await codes(world, NAME) == []
    assert len(await codes(world, "tran van binh")) == 1


async def test_a_report_that_no_key_opens_is_passed_over_and_holds_up_nothing(world: World) -> None:
    lost, good = await create(world, subject={"name": NAME}), await create(world, subject={"name": NAME})
    await from_before(world, lost, good)
    sealed = Keys((b"z" * 32,), world.keys.index, world.keys.session).seal(b"{}", f"intake.reports:{lost.report_id}")
    async with world.database.transaction() as connection:
        await connection.execute(reports.update().where(reports.c.report_id == lost.report_id).values(document=sealed))
    assert await make_old_searchable(world.parts) == 2
    assert await codes(world, NAME) == [good.case_code]
    assert await world.count("unsearchable") == 0
