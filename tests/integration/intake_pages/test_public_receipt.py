"""The receipt: a neutral state, more to tell, and no way to guess."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.intake.handlers.add_to_report import LONGEST_ADDITION
from services.intake.handlers.look_up_receipt import WRONG_TRIES
from services.intake.models import SCHEMA
from tests.integration.intake.world import World, alert, assessed
from tests.integration.intake_pages.public import STORY, Public, code_of, open_public, page_of
from tests.support.postgres import Postgres

WRONG = "1234 5678 9012 3456"


@pytest.fixture
async def public(postgres: Postgres) -> AsyncIterator[Public]:
    async with postgres.database([SCHEMA]) as database, open_public(World(database)) as opened:
        yield opened


async def heading(public: Public, receipt: str, path: str = "/receipt") -> str:
    page = page_of(await public.post(path, {"code": receipt}))
    (found,) = [element.words for element in page.elements if element.tag == "h1"]
    return found


async def test_the_state_is_neutral_at_every_station(public: Public) -> None:
    receipt = await public.receipt(place="Phường Võ Cường", danger="yes")
    created = await public.created()
    assert await heading(public, receipt) == "Đã nhận"
    await public.world.assess(assessed(created))
    assert await heading(public, receipt) == "Đang xem"
    for sequence, state in enumerate(("open", "acknowledged"), 1):
        await public.world.change_alert(alert(created, sequence, state=state))
        assert await heading(public, receipt) == "Đang xem"
    await public.world.change_alert(alert(created, 3, state="closed"))
    assert await heading(public, receipt) == "Đã xong"
    assert await heading(public, receipt, "/receipt?lang=en") == "Done"


@pytest.mark.parametrize("path", ["/receipt", "/receipt?lang=en"])
async def test_the_state_says_the_day_and_nothing_of_the_report(public: Public, path: str) -> None:
    receipt = await public.receipt(place="Phường Võ Cường", danger="yes", who="child")
    created = await public.created()
    await public.world.assess(assessed(created))
    answer = await public.post(path, {"code": receipt})
    shown = answer.text.lower()
    assert "28/11/2026" in shown
    for said in ("trẻ em", "child", "võ cường", "gấp", "urgent", STORY[:10].lower(), created.case_code.lower()):
        assert said not in shown
    assert str(created.report_id) not in shown
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/receipt", "/receipt?lang=en"])
async def test_asking_for_the_code_names_no_child(public: Public, path: str) -> None:
    shown = (await public.get(path)).text.lower()
    assert "trẻ em" not in shown
    assert "child" not in shown


async def test_the_receipt_may_be_typed_in_groups(public: Public) -> None:
    receipt = await public.receipt()
    grouped = "-".join(receipt[at : at + 4] for at in (0, 4, 8, 12))
    assert await heading(public, grouped) == await heading(public, f" {receipt} ") == "Đã nhận"


@pytest.mark.parametrize("wrong", [WRONG, "12", "", "abc", "1" * 500])
async def test_a_wrong_code_says_so_and_stays(public: Public, wrong: str) -> None:
    await public.receipt()
    answer = await public.look(wrong)
    page = page_of(answer)
    assert answer.status_code == 422
    assert page.one("code-e").text == "Không thấy mã này, xem lại từng số."
    assert page.one("f-code").get("value") == wrong[:100]


async def test_guessing_has_to_wait_and_a_right_code_not_for_long(public: Public) -> None:
    receipt = await public.receipt()
    for _ in range(WRONG_TRIES):
        assert (await public.look(WRONG)).status_code == 422
    for code in (WRONG, receipt):
        answer = await public.look(code)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 300
        assert "nguy hiểm thì gọi 111, 113" in answer.text
    async with public.world.database.transaction() as connection:
        await connection.execute(
            text("UPDATE intake.public_tries SET counted_until = counted_until - interval '5 minutes'")
        )
    assert await heading(public, receipt) == "Đã nhận"


async def test_right_codes_are_never_limited(public: Public) -> None:
    receipt = await public.receipt()
    for _ in range(WRONG_TRIES + 5):
        assert (await public.look(receipt)).status_code == 200


async def test_more_is_a_new_revision_that_triage_is_told(public: Public) -> None:
    receipt = await public.receipt(website="x")
    public.world.clock.advance(timedelta(hours=1))
    answer = await public.look(receipt, once="m", more="Nó lại khóc.", danger="yes")
    row, said = await public.only()
    first, second = public.world.told
    assert answer.status_code == 200
    assert "Đã nhận điều bạn kể thêm." in answer.text
    assert (first.revision, second.revision, row.revision) == (1, 2, 2)
    assert (first.facts.danger_now, second.facts.danger_now) == ("unknown", "yes")
    assert second.received_at == first.received_at
    assert said["narrative"].startswith(f"{STORY}\n\n[Kể thêm ")
    assert said["narrative"].endswith("Bây giờ có nguy hiểm: Có.\nNó lại khóc.")
    assert await public.world.count("revisions") == 1
    assert row.warnings == ["filled_by_program"]


async def test_danger_that_is_denied_later_calms_nothing(public: Public) -> None:
    receipt = await public.receipt(danger="yes")
    await public.look(receipt, once="m", danger="no")
    _, said = await public.only()
    assert public.world.told[-1].facts.danger_now == "yes"
    assert "Bây giờ có nguy hiểm: Không." in said["narrative"]


async def test_more_sent_twice_is_added_once_and_other_words_are_not_lost(public: Public) -> None:
    receipt = await public.receipt()
    for words in ("Một", "Một", "Hai"):
        assert (await public.look(receipt, once="m", more=words)).status_code == 200
    row, said = await public.only()
    assert row.revision == 3
    assert (said["narrative"].count("Một"), said["narrative"].count("Hai")) == (1, 1)


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "full"])
async def test_more_that_would_not_be_read_there_is_a_report_of_its_own(public: Public, *, closed: bool) -> None:
    receipt = await public.receipt(text=STORY if closed else "a" * 19_990, place="Phường Võ Cường")
    created = await public.created()
    if closed:
        await public.world.assess(assessed(created))
        await public.world.change_alert(alert(created, 1, state="closed"))
    answers = [await public.look(receipt, once="m", more="Lại xảy ra rồi.") for _ in range(2)]
    codes = {code_of(answer) for answer in answers}
    assert len(codes) == 1
    assert codes != {receipt}
    (second,) = [row for row in await public.all_reports() if row.report_id != created.report_id]
    assert public.says(second)["narrative"] == f"{created.case_code}\n[Kể thêm]\nLại xảy ra rồi."
    assert second.incident_unit_code == 9190
    assert (len(public.world.told), public.world.told[-1].revision) == (2, 1)
    assert await public.world.count("links") == 1


@pytest.mark.parametrize("more", ["", "a" * (LONGEST_ADDITION + 1)])
async def test_more_that_cannot_be_added_is_named_and_stays(public: Public, more: str) -> None:
    receipt = await public.receipt()
    answer = await public.look(receipt, once="m", more=more)
    page = page_of(answer)
    assert answer.status_code == 422
    assert page.one("more-e").text
    assert page.one("f-more").text.removeprefix("\n") == more
    assert ("once", "m") in page.would_send()
    assert ("code", receipt) in page.would_send()
    assert len(public.world.told) == 1
