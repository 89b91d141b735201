"""Drafts under an operator's hands, in a real browser: what is typed is saved, found again, and never in the next form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from deploy.demo.processes import Stage
from tests.e2e.conftest import browser  # noqa: F401 - a fixture
from tests.e2e.test_story import signed_in
from tests.integration.intake_pages.test_browser import REPORT_PAGE, stage  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SAVED = re.compile(r"^Đã lưu \d\d:\d\d:\d\d$")
KEPT = "Mất mạng. Đã lưu trên máy, sẽ tự gửi; gấp thì gọi 113, 115."
SAVES = re.compile(r"/console/drafts/[0-9a-f]{32}")
READ_BACK = """async () => {
  const rows = (name) => new Promise((resolve) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
    opening.onsuccess = () => {
      const found = opening.result.transaction("rows").objectStore("rows").getAll();
      found.onsuccess = () => { opening.result.close(); resolve(found.result); };
    };
  });
  const [entries, keys] = [await rows("heedline-outbox"), await rows("heedline-outbox-keys")];
  return {
    entries: entries.length,
    text: entries.map((row) => new TextDecoder().decode(row.sealed)).join(),
    extractable: keys.map((key) => key.extractable),
    storage: JSON.stringify({ ...localStorage, ...sessionStorage }),
  };
}"""


@pytest.fixture
def console(browser: Browser, stage: Stage) -> Page:  # noqa: F811 - fixtures
    page = signed_in(browser, stage, "tiepnhan")
    page.goto(f"{stage.intake_url}/console")
    return page


def kept_here(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(READ_BACK)
    return found


def wait_until_cleared(page: Page) -> None:
    page.wait_for_function(f"async () => (await ({READ_BACK})()).entries === 0")


def refuse(route: Route) -> None:
    route.abort()


def type_and_save(page: Page, text: str) -> str:
    """Type, wait until it is saved, and return the draft's key."""
    page.locator("#narrative").press_sequentially(text)
    expect(page.locator("#kept")).to_have_text(SAVED)
    return page.locator("#report input[name=key]").input_value()


def test_what_is_typed_is_saved_by_itself_and_a_reload_shows_it(console: Page) -> None:
    expect(console.locator("#kept")).to_have_text("Tự lưu nháp khi gõ")
    assert "draft=" not in console.url
    console.locator("input[name='facts.danger_now'][value=unknown]").check(force=True)
    console.fill("[id='subject.age_min']", "ba")
    key = type_and_save(console, "Đang nghe kể")
    assert console.url.endswith(f"/console?draft={key}")
    console.reload()
    expect(console.locator("#narrative")).to_have_value("Đang nghe kể")
    expect(console.locator("[id='subject.age_min']")).to_have_value("ba")
    expect(console.locator("input[name='facts.danger_now'][value=unknown]")).to_be_checked()
    expect(console.locator("#kept")).to_have_text(SAVED)
    assert console.locator("#report input[name=key]").input_value() == key


def test_a_new_form_is_blank_and_the_list_brings_the_draft_back(console: Page, stage: Stage) -> None:  # noqa: F811
    key = type_and_save(console, "Bỏ dở")
    console.goto(f"{stage.intake_url}/console")
    expect(console.locator("#narrative")).to_have_value("")
    assert console.locator("#report input[name=key]").input_value() != key
    console.locator(f"#drafts a[href='/console?draft={key}']").click()
    expect(console.locator("#narrative")).to_have_value("Bỏ dở")


def test_a_draft_is_discarded_after_a_question(console: Page, stage: Stage) -> None:  # noqa: F811
    key = type_and_save(console, "Sẽ bỏ")
    console.goto(f"{stage.intake_url}/console")
    item = console.locator("#drafts li", has=console.locator(f"a[href='/console?draft={key}']"))
    expect(item.get_by_role("button", name="Bỏ nháp này")).to_be_hidden()
    item.locator("summary").click()
    item.get_by_role("button", name="Bỏ nháp này").click()
    expect(console.locator(f"#drafts a[href='/console?draft={key}']")).to_have_count(0)
    console.goto(f"{stage.intake_url}/console?draft={key}")
    expect(console.locator("#lost-draft")).to_be_visible()
    expect(console.locator("#narrative")).to_have_value("")


def test_ctrl_s_saves_at_once_even_what_is_wrong(console: Page) -> None:
    console.fill("[id='subject.age_min']", "-3")
    with console.expect_response(SAVES) as saved:
        console.keyboard.press("Control+s")
    assert saved.value.json()["state"] == "saved"
    expect(console.locator("#kept")).to_have_text(SAVED)


def test_sending_ends_the_draft(console: Page, stage: Stage) -> None:  # noqa: F811
    key = type_and_save(console, "Gửi luôn")
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    report = console.url
    console.goto(f"{stage.intake_url}/console")
    expect(console.locator(f"#drafts a[href='/console?draft={key}']")).to_have_count(0)
    console.goto(f"{stage.intake_url}/console?draft={key}")
    assert console.url == report


def test_without_the_server_the_draft_waits_encrypted_here_and_is_cleared_once_the_server_has_it(
    console: Page,
) -> None:
    console.route(SAVES, refuse)
    console.locator("#narrative").press_sequentially("Chuyen rieng")
    expect(console.locator("#kept")).to_have_text(KEPT)
    kept = kept_here(console)
    assert kept["entries"] == 1
    assert kept["extractable"] == [False]
    assert "Chuyen" not in kept["text"] + kept["storage"]
    console.unroute(SAVES)
    console.locator("#narrative").press_sequentially(" them")
    expect(console.locator("#kept")).to_have_text(SAVED)
    wait_until_cleared(console)
    console.reload()
    expect(console.locator("#narrative")).to_have_value("Chuyen rieng them")


def test_what_waited_here_when_the_page_was_left_is_sent_and_shown_at_the_next_load(
    console: Page,
    stage: Stage,  # noqa: F811
) -> None:
    key = type_and_save(console, "Lan mot")
    console.route(SAVES, refuse)
    console.locator("#narrative").press_sequentially(", lan hai")
    expect(console.locator("#kept")).to_have_text(KEPT)
    console.goto("about:blank")
    console.unroute(SAVES)
    console.goto(f"{stage.intake_url}/console?draft={key}")
    expect(console.locator("#narrative")).to_have_value("Lan mot, lan hai")
    wait_until_cleared(console)


def test_a_report_that_waited_here_is_sent_although_its_page_was_closed(console: Page, stage: Stage) -> None:  # noqa: F811
    console.route(SAVES, refuse)
    console.route("**/console/reports", refuse)
    console.fill("#narrative", "Dong trang truoc khi gui duoc")
    key = console.locator("#report input[name=key]").input_value()
    console.keyboard.press("Control+Enter")
    expect(console.locator("#said")).to_have_text(KEPT)
    assert "Dong trang" not in kept_here(console)["text"]
    page = console.context.new_page()
    console.close()
    with page.expect_response("**/console/reports") as sent:
        page.goto(f"{stage.intake_url}/console")
    assert sent.value.status == 303
    expect(page.locator("#narrative")).to_have_value("")
    page.goto(f"{stage.intake_url}/console?draft={key}")
    page.wait_for_url(REPORT_PAGE)
    wait_until_cleared(page)


def test_a_wrong_report_that_waited_here_becomes_a_draft(console: Page, stage: Stage) -> None:  # noqa: F811
    console.route(SAVES, refuse)
    console.route("**/console/reports", refuse)
    console.fill("#narrative", "Sai tuoi")
    console.fill("[id='subject.age_min']", "-3")
    key = console.locator("#report input[name=key]").input_value()
    console.keyboard.press("Control+Enter")
    expect(console.locator("#said")).to_have_text(KEPT)
    page = console.context.new_page()
    console.close()
    page.goto(f"{stage.intake_url}/console")
    page.locator(f"#drafts a[href='/console?draft={key}']").click()
    expect(page.locator("[id='subject.age_min']")).to_have_value("-3")
    wait_until_cleared(page)


def test_an_ended_session_is_said_and_the_draft_is_saved_after_signing_in(
    browser: Browser,  # noqa: F811
    stage: Stage,  # noqa: F811
    console: Page,
) -> None:
    console.context.clear_cookies()
    console.locator("#narrative").press_sequentially("Het phien")
    expect(console.locator("#kept")).to_have_text("Đã hết phiên. Đăng nhập lại; chữ đang gõ vẫn còn.")
    expect(console.locator("#signin")).to_be_visible()
    assert kept_here(console)["entries"] == 1
    for cookie in signed_in(browser, stage, "tiepnhan").context.cookies():
        console.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": stage.intake_url}])
    console.keyboard.press("Control+s")
    expect(console.locator("#kept")).to_have_text(SAVED)
    wait_until_cleared(console)


def test_what_one_person_typed_is_never_saved_as_another_who_signs_in(
    browser: Browser,  # noqa: F811
    stage: Stage,  # noqa: F811
    console: Page,
) -> None:
    console.context.clear_cookies()
    for cookie in signed_in(browser, stage, "giamsat").context.cookies():
        console.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": stage.intake_url}])
    console.locator("#narrative").press_sequentially("Cua nguoi truoc")
    expect(console.locator("#kept")).to_have_text("Đã hết phiên. Đăng nhập lại; chữ đang gõ vẫn còn.")
    page = console.context.new_page()
    page.goto(f"{stage.intake_url}/console")
    expect(page.locator("#drafts-h")).to_have_count(0)


def test_signing_out_sends_what_waits_and_leaves_nothing_here(
    browser: Browser,  # noqa: F811
    stage: Stage,  # noqa: F811
    console: Page,
) -> None:
    console.route(SAVES, refuse)
    console.locator("#narrative").press_sequentially("Truoc khi ra ve")
    expect(console.locator("#kept")).to_have_text(KEPT)
    key = console.locator("#report input[name=key]").input_value()
    console.unroute(SAVES)
    console.get_by_role("button", name="Đăng xuất").click()
    console.wait_for_url(lambda url: "/signin" in url)
    kept = kept_here(console)
    assert (kept["entries"], kept["extractable"]) == (0, [])
    again = signed_in(browser, stage, "tiepnhan")
    again.goto(f"{stage.intake_url}/console?draft={key}")
    expect(again.locator("#narrative")).to_have_value("Truoc khi ra ve")


def test_two_forms_at_once_keep_apart(console: Page, stage: Stage) -> None:  # noqa: F811
    other = console.context.new_page()
    other.goto(f"{stage.intake_url}/console")
    first, second = type_and_save(console, "Mot"), type_and_save(other, "Hai")
    assert first != second
    console.reload()
    expect(console.locator("#narrative")).to_have_value("Mot")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_list_and_the_state_fit(console: Page, width: int) -> None:
    console.set_viewport_size({"width": width, "height": 800})
    type_and_save(console, "Vừa khung")
    expect(console.locator("#drafts-h")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_a_button_saves_the_draft(browser: Browser, stage: Stage, console: Page) -> None:  # noqa: F811
    state = console.context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{stage.intake_url}/console")
    page.fill("#narrative", "Không có script")
    page.click("#keep")
    page.wait_for_url("**/console?draft=*")
    expect(page.locator("#narrative")).to_have_value("Không có script")
    expect(page.locator("#kept")).to_have_text(SAVED)
