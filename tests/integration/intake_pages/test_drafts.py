"""Drafts over HTTP: each its owner's alone, saved in any order, gone with the report, never in the next form."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.intake.draft_models import draft_removals, drafts
from services.intake.handlers.open_draft import Opened, open_draft, own_drafts
from services.intake.handlers.purge_drafts import purge_drafts
from services.intake.handlers.save_draft import Draft, Outdated, Saved, save_draft
from services.intake.rules.draft import KEPT_FOR, LARGEST
from tests.integration.intake.test_secrecy import everything_stored
from tests.integration.intake.world import World
from tests.integration.intake_pages.console import Console
from tests.integration.intake_pages.test_form import FILLED, STORY
from tests.support.html import parse
from tests.support.postgres import Postgres

OWNER = UUID(int=31)
TYPED = [(name, value) for name, value in FILLED if name != "key" and value]


async def save(
    console: Console,
    key: str,
    fields: list[tuple[str, str]],
    revision: int | None = None,
    who: str = "operator",
    accept: str = "application/json",
) -> httpx.Response:
    data = {name: [value for other, value in fields if other == name] for name, _ in fields}
    address = f"/console/drafts/{key}" + ("" if revision is None else f"?revision={revision}")
    return await console.client.post(address, data=data, headers={"X-Who": who, "Accept": accept})


async def send(console: Console, key: str, narrative: str = "Xong") -> httpx.Response:
    return await console.post([("key", key), ("channel", "hotline"), ("narrative", narrative)])


async def narrative_of(console: Console, key: str, who: str = "operator") -> str:
    return (await console.page(f"/console?draft={key}", who)).one("narrative").text.removeprefix("\n")


async def test_what_was_typed_comes_back_whole_with_its_own_key(console: Console) -> None:
    key = uuid4().hex
    answer = await save(console, key, [*TYPED, ("csrf", "x"), ("key", key)], 1)
    assert answer.json()["state"] == "saved"
    page = await console.page(f"/console?draft={key}")
    sent = {pair for pair in page.would_send() if pair[1]}
    assert sent == {*TYPED, ("csrf", "token"), ("key", key)}


async def test_a_form_that_is_wrong_everywhere_is_saved_and_comes_back(console: Console) -> None:
    key = uuid4().hex
    wrong = [("channel", "pigeon"), ("subject.age_min", "x"), ("incident_date", "hôm kia"), ("narrative", "N" * 30_000)]
    assert (await save(console, key, wrong)).json()["state"] == "saved"
    page = await console.page(f"/console?draft={key}")
    assert page.one("subject.age_min").get("value") == "x"
    assert page.one("narrative").text.strip() == "N" * 30_000


async def test_the_next_form_is_blank_and_has_a_new_key(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, TYPED)
    page = await console.page("/console")
    assert page.having("name", "key")[0].get("value") != key
    assert {name for name, value in page.would_send() if value} == {"csrf", "key", "channel"}
    assert STORY not in " ".join(element.text for element in page.elements)


async def test_nobody_else_sees_a_draft_not_even_a_supervisor(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, TYPED)
    for who in ("another operator", "supervisor"):
        page = await console.page(f"/console?draft={key}", who)
        assert page.one("lost-draft").words.startswith("Nháp này không còn")
        assert page.having("name", "key")[0].get("value") != key
        assert "Nháp đang dở" not in (await console.get("/console", who)).text
        await console.client.post(f"/console/drafts/{key}/discard", headers={"X-Who": who, "Accept": "text/html"})
    assert await narrative_of(console, key) == STORY


async def test_two_people_may_have_the_same_key_without_meeting(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, [("narrative", "của tôi")])
    await save(console, key, [("narrative", "của người khác")], who="another operator")
    assert await narrative_of(console, key) == "của tôi"
    await send(console, key)
    assert await narrative_of(console, key, "another operator") == "của người khác"


async def test_an_older_save_that_arrives_late_changes_nothing(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, [("narrative", "mới")], 7)
    for late in (6, 7):
        assert (await save(console, key, [("narrative", "cũ")], late)).json() == {"state": "outdated", "revision": 7}
    assert await narrative_of(console, key) == "mới"


@pytest.mark.parametrize("revision", [0, -1, 2**53])
async def test_a_revision_that_cannot_be_is_refused(console: Console, revision: int) -> None:
    assert (await save(console, uuid4().hex, TYPED, revision)).status_code == 422


async def test_the_draft_is_gone_with_the_report_and_a_late_save_does_not_bring_it_back(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, TYPED, 1)
    location = (await send(console, key)).headers["location"]
    assert await console.world.count("drafts") == 0
    late = await save(console, key, TYPED, 2)
    assert late.status_code == 200
    assert late.json() == {"state": "sent", "report": location}
    assert await console.world.count("drafts") == 0
    assert (await console.get(f"/console?draft={key}")).headers["location"] == location
    assert (await send(console, key)).headers["location"] == location
    assert await console.world.count("draft_removals") == 0


async def test_a_report_that_is_refused_keeps_its_draft(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, [("narrative", "còn")], 1)
    refused = await console.post({"key": key, "channel": "hotline", "narrative": "x", "subject.age_min": "-3"})
    assert refused.status_code == 422
    assert await narrative_of(console, key) == "còn"


async def test_saves_at_the_moment_of_sending_never_outlive_it(console: Console) -> None:
    for _round in range(15):
        key = uuid4().hex
        saves = [save(console, key, [("narrative", f"bản {number}")], number) for number in range(1, 5)]
        answers = await asyncio.gather(saves[0], saves[1], send(console, key), saves[2], saves[3])
        assert answers[2].status_code == 303
        assert {answer.status_code for answer in answers} <= {200, 303}
        assert await console.world.count("drafts") == 0


async def test_of_many_saves_at_once_none_is_lost_and_the_newest_wins(console: Console) -> None:
    keys = [uuid4().hex for _ in range(20)]
    orders = [(key, revision) for revision in (3, 10, 1, 9, 2, 8, 4, 7, 5, 6) for key in keys]
    answers = await asyncio.gather(
        *(save(console, key, [("narrative", f"{key} bản {revision}")], revision) for key, revision in orders)
    )
    states = {(order, answer.json()["state"]) for order, answer in zip(orders, answers, strict=True)}
    assert {state for _, state in states} <= {"saved", "outdated"}
    assert {((key, 10), "saved") for key in keys} <= states
    assert await console.world.count("drafts") == len(keys)
    for key in keys:
        assert await narrative_of(console, key) == f"{key} bản 10"


async def test_a_draft_that_is_too_long_is_refused_with_what_to_do_and_the_last_one_stays(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, [("narrative", "ngắn")], 1)
    for size in (LARGEST, 4 * LARGEST + 1):
        answer = await save(console, key, [("narrative", "x" * size)], 2)
        assert answer.status_code in {400, 413}
    answer = await save(console, key, [("narrative", "x" * LARGEST)], 2)
    assert answer.json()["detail"].startswith("Chưa lưu nháp: quá 256 KB.")
    assert await narrative_of(console, key) == "ngắn"


@pytest.mark.parametrize("key", ["x", "0912345678", str(UUID(int=7)), UUID(int=10**38).hex.upper()])
async def test_a_key_that_no_form_has_is_refused(console: Console, key: str) -> None:
    assert (await save(console, key, TYPED)).status_code == 404
    assert (await console.get(f"/console?draft={key}")).status_code == 200
    assert await console.world.count("drafts") == 0


async def test_without_script_the_button_saves_and_shows_the_form_again(console: Console) -> None:
    page = await console.page("/console")
    (button,) = [found for found in page.having("formaction") if "/drafts/" in found.get("formaction")]
    key = page.having("name", "key")[0].get("value")
    assert button.get("formaction") == f"/console/drafts/{key}"
    for narrative in ("lần một", "lần hai"):
        await save(console, key, [("narrative", narrative)], 1 if narrative == "lần một" else None)
    answer = await save(console, key, [("narrative", "lần ba")], accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console?draft={key}")
    shown = parse((await console.get(answer.headers["location"])).text)
    assert shown.one("narrative").text.strip() == "lần ba"
    assert shown.one("kept").words.startswith("Đã lưu ")


async def test_without_script_a_draft_is_saved_although_the_clock_it_was_begun_by_is_ahead(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, [("narrative", "trước")], 2**53 - 1)
    await save(console, key, [("narrative", "sau")], accept="text/html")
    assert await narrative_of(console, key) == "sau"


async def test_the_list_says_when_by_what_and_how_much_and_nothing_more(console: Console) -> None:
    first, second = uuid4().hex, uuid4().hex
    await save(console, first, TYPED)
    await save(console, second, [("channel", "hotline"), ("narrative", "x")])
    answer = await console.get(f"/console/drafts?open={second}")
    assert "đang mở" in answer.text
    assert f"/console?draft={first}" in answer.text
    assert f"/console?draft={second}" not in answer.text
    assert "đã điền 1 ô" in answer.text
    assert f"đã điền {len({name for name, _ in TYPED} - {'channel'})} ô" in answer.text
    assert not any(value in answer.text for name, value in TYPED if name.endswith(("name", "phone", "narrative")))
    assert answer.headers["cache-control"] == "no-store"


async def test_a_discarded_draft_is_gone_and_that_is_recorded_once(console: Console) -> None:
    key = uuid4().hex
    await save(console, key, TYPED)
    for _time in range(2):
        answer = await console.client.post(
            f"/console/drafts/{key}/discard", headers={"X-Who": "operator", "Accept": "text/html"}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert await console.world.count("drafts") == 0
    async with console.world.database.reading() as connection:
        (row,) = (await connection.execute(select(draft_removals))).mappings()
    assert (row["person_id"], row["drafts"]) == (OWNER, 1)


async def test_what_nobody_saved_for_thirty_days_is_removed_and_the_count_recorded(console: Console) -> None:
    world = console.world
    for _draft in range(2):
        await save(console, uuid4().hex, TYPED)
    world.clock.advance(KEPT_FOR)
    assert await purge_drafts(world.parts) == 0
    kept = uuid4().hex
    await save(console, kept, TYPED)
    world.clock.advance(timedelta(seconds=1))
    assert await purge_drafts(world.parts) == 2
    assert await purge_drafts(world.parts) == 0
    async with world.database.reading() as connection:
        assert [draft.key.hex for draft in await own_drafts(world.parts, OWNER)] == [kept]
        (row,) = (await connection.execute(select(draft_removals))).mappings()
    assert (row["person_id"], row["drafts"], row["removed_at"]) == (None, 2, world.clock.now())


@pytest.mark.parametrize("change", ["UPDATE intake.draft_removals SET drafts = 9", "DELETE FROM intake.draft_removals"])
async def test_the_record_of_removals_cannot_be_rewritten(console: Console, change: str) -> None:
    key = uuid4().hex
    await save(console, key, TYPED)
    await console.client.post(f"/console/drafts/{key}/discard", headers={"X-Who": "operator"})
    with pytest.raises(DBAPIError, match="never changed"):
        async with console.world.database.transaction() as connection:
            await connection.execute(text(change))


async def test_nothing_of_a_draft_is_in_the_clear_in_tables_logs_or_events(console: Console) -> None:
    key = uuid4().hex
    with structlog.testing.capture_logs() as logs:
        await save(console, key, TYPED, 2)
        await save(console, key, TYPED, 1)
        await console.client.post(f"/console/drafts/{key}/discard", headers={"X-Who": "operator"})
        await save(console, key, TYPED, 3)
        console.world.clock.advance(KEPT_FOR + timedelta(seconds=1))
        stored = await everything_stored(console.world)
        await purge_drafts(console.world.parts)
    said = stored + json.dumps(logs, ensure_ascii=False, default=str).encode()
    assert {entry["event"] for entry in logs} == {"draft_discarded", "drafts_purged"}
    assert [value for value in ("Nguyễn Thị Hoa", "0912 345 678", "bà ngoại", "con bé") if value.encode() in said] == []
    assert console.world.bus.published == []


async def test_a_draft_moved_to_another_key_does_not_open(console: Console) -> None:
    key, other = uuid4().hex, uuid4().hex
    await save(console, key, TYPED)
    async with console.world.database.transaction() as connection:
        await connection.execute(drafts.update().values(key=UUID(other)))
    answer = await console.get(f"/console?draft={other}")
    assert answer.status_code == 409
    assert "Nháp không mở được" in answer.text


@pytest.mark.parametrize("path", ["/console", "/console?lang=en"])
async def test_the_list_and_the_state_are_labelled_in_both_languages(console: Console, path: str) -> None:
    await save(console, uuid4().hex, TYPED)
    page = await console.page(path)
    assert page.dangling() == page.inline() == page.repeated_ids() == []
    assert page.one("drafts-h").words == ("Unfinished drafts 1" if "en" in path else "Nháp đang dở 1")


@given(order=st.permutations(range(1, 7)), start=st.integers(1, 2**53 - 7))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_of_arrival_the_newest_stays(postgres: Postgres, order: list[int], start: int) -> None:
    async def walk() -> None:
        from services.intake.models import SCHEMA  # noqa: PLC0415 - the loop is made here

        async with postgres.database([SCHEMA]) as database:
            world, key = World(database), uuid4()
            newest = 0
            for revision in order:
                draft = Draft(OWNER, key, start + revision, (("narrative", str(revision)),), "hotline", 1)
                outcome = await save_draft(world.parts, draft)
                assert isinstance(outcome, Saved if revision > newest else Outdated)
                newest = max(newest, revision)
            assert await open_draft(world.parts, OWNER, key) == Opened(key, (("narrative", "6"),))

    asyncio.run(walk())
