"""A partner's record that is not JSON ends at a person, who reads it as text."""

from __future__ import annotations

import base64

import httpx
import pytest

from shared.contracts.events import ReportSubmitted
from tests.integration.intake.world import submitted
from tests.integration.intake_pages.console import Console
from tests.integration.intake_pages.test_letters import PAGE, act, acts, send_wrong
from tests.support.html import parse
from tests.unit.intake.documents import a_report

CONTENT = "Cháu bé ở ngõ Hoa Sữa <script>alert(1)</script>".encode() + b"\xff\x00\n"


async def send(console: Console, content: bytes = CONTENT) -> ReportSubmitted:
    event = submitted({}, unreadable=base64.b64encode(content).decode())
    await console.world.submit(event)
    await console.world.submit(event)
    return event


@pytest.mark.parametrize(("lang", "why"), [("vi", "Không phải JSON"), ("en", "Not JSON")])
async def test_it_waits_once_and_says_that_it_is_no_json(console: Console, lang: str, why: str) -> None:
    await send(console)
    html = (await console.get(f"{PAGE}?lang={lang}", "supervisor")).text
    assert html.count(why) == 1
    assert "Hoa Sữa" not in html


async def test_it_is_opened_as_text_that_a_browser_never_runs(console: Console) -> None:
    event = await send(console)
    html = (await act(console, str(event.event_id), "open")).text
    assert "Cháu bé ở ngõ Hoa Sữa &lt;script&gt;alert(1)&lt;/script&gt;\\xff\\x00\n" in html
    assert "<script>alert" not in html
    assert await acts(console) == [("opened", "21", "")]


@pytest.mark.parametrize(("content", "shown"), [(b"[1]", "[\n  1\n]"), (b"", "")])
async def test_json_that_is_no_report_and_nothing_at_all_can_be_opened(
    console: Console, content: bytes, shown: str
) -> None:
    event = await send(console, content)
    assert f"<pre>{shown}</pre>" in (await act(console, str(event.event_id), "open")).text


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"narrative": "\\ud800"}', b'{"channel": NaN}', b"9" * 5_000])
async def test_nothing_that_a_partner_may_send_keeps_a_person_from_reading_it(console: Console, content: bytes) -> None:
    event = await send(console, content)
    assert (await act(console, str(event.event_id), "open")).status_code == 200
    assert (await act(console, str(event.event_id), "replay")).status_code == 409


@pytest.mark.parametrize("content", [CONTENT, b"[1]", b""])
async def test_no_program_can_read_it_again_and_it_goes_on_waiting(console: Console, content: bytes) -> None:
    event = await send(console, content)
    refused = await act(console, str(event.event_id), "replay")
    assert refused.status_code == 409
    assert "nhập tay" in refused.text
    assert str(event.event_id) in (await console.get(PAGE, "supervisor")).text


async def test_a_person_types_it_in_or_an_administrator_discards_what_was_read(console: Console) -> None:
    typed, junk = str((await send(console)).event_id), str((await send(console, b"x")).event_id)
    created = await console.world.create(a_report())
    assert (await act(console, typed, "entered", case_code=created.case_code)).status_code == 303
    discard = {"who": "administrator", "reason": "Tin thử của đối tác"}
    assert (await act(console, junk, "discard", **discard)).status_code == 409
    await act(console, junk, "open")
    assert (await act(console, junk, "discard", **discard)).status_code == 303
    assert "Không có tin nào đang chờ" in (await console.get(PAGE, "supervisor")).text


async def test_the_language_link_after_opening_leads_to_the_list_without_content(console: Console) -> None:
    event_id = await send_wrong(console)
    (link,) = parse((await act(console, event_id, "open")).text).having("hreflang", "en")
    assert link.get("href") == f"{PAGE}?lang=en"
    assert "Hoa Sữa" not in (await console.get(link.get("href"), "supervisor")).text
    reloaded: httpx.Response = await console.get(f"{PAGE}/{event_id}/open?lang=en", "supervisor")
    assert (reloaded.status_code, reloaded.headers["location"]) == (303, f"{PAGE}?lang=en")


async def test_the_language_link_of_a_refusal_leads_home(console: Console) -> None:
    refused = await act(console, str(submitted({}).event_id), "open")
    (link,) = parse(refused.text).having("hreflang", "en")
    assert link.get("href") == "/?lang=en"
    home = await console.get("/?lang=en", "supervisor")
    assert home.headers["location"] == "/queue?lang=en"
