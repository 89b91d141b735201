"""The console under an operator's hands, in a real browser: keys, communes, rows, and what a lost line leaves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.sample import ACCOUNTS_FILE
from tests.e2e.conftest import browser  # noqa: F401 - a fixture
from tests.e2e.test_story import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PLACE = "[id='place.incident.text']"
CODE = "input[name='place.incident.unit_code']"
OPTIONS = "[id='place.incident.list'] li"
REPORT_PAGE = "**/console/reports/*-*"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product without its carrier, which no test here needs."""
    directory = Path(tempfile.mkdtemp(prefix="hlconsole"))
    make_passwords(directory / "data" / ACCOUNTS_FILE)
    product = Stage(directory)
    try:
        product.start_products()
        yield product
    finally:
        product.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def console(browser: Browser, stage: Stage) -> Page:  # noqa: F811 - a fixture
    page = signed_in(browser, stage, "tiepnhan")
    page.goto(f"{stage.intake_url}/console")
    return page


def answer(page: Page, fact: str, value: str) -> Locator:
    return page.locator(f"input[name='facts.{fact}'][value={value}]")


def test_keys_go_from_question_to_question_and_answer(console: Page) -> None:
    console.keyboard.press("Alt+2")
    expect(answer(console, "danger_now", "yes")).to_be_focused()
    console.keyboard.press("3")
    expect(answer(console, "danger_now", "unknown")).to_be_checked()
    console.keyboard.press("ArrowDown")
    expect(answer(console, "life_threatening_condition", "yes")).to_be_focused()
    expect(answer(console, "life_threatening_condition", "yes")).not_to_be_checked()
    console.keyboard.press("1")
    console.keyboard.press("ArrowUp")
    expect(answer(console, "danger_now", "unknown")).to_be_focused()
    console.keyboard.press("Backspace")
    expect(console.locator("input[name='facts.danger_now']:checked")).to_have_count(0)
    expect(answer(console, "life_threatening_condition", "yes")).to_be_checked()


def test_a_click_on_the_chosen_answer_takes_it_back(console: Page) -> None:
    choice = answer(console, "danger_now", "yes")
    choice.click()
    expect(choice).to_be_checked()
    choice.click()
    expect(choice).not_to_be_checked()


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_alt_and_a_digit_go_to_a_part(console: Page, part: int) -> None:
    console.keyboard.press(f"Alt+{part}")
    expect(console.locator(f"#g{part} :focus")).to_have_count(1)


def test_a_commune_is_chosen_by_keys_and_editing_takes_its_code_away(console: Page) -> None:
    console.locator(PLACE).press_sequentially("tan")
    expect(console.locator(OPTIONS).nth(3)).to_be_visible()
    console.keyboard.press("Enter")
    expect(console.locator(CODE)).to_have_value("")
    expect(console.locator(OPTIONS).first).to_be_visible()
    console.keyboard.press("ArrowDown")
    console.keyboard.press("ArrowDown")
    second = console.locator(OPTIONS).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(console.locator(PLACE)).to_have_attribute("aria-activedescendant", "place.incident.list.1")
    console.keyboard.press("Enter")
    expect(console.locator(CODE)).not_to_have_value("")
    expect(console.locator(PLACE)).to_have_attribute("aria-expanded", "false")
    console.keyboard.type("x")
    expect(console.locator(CODE)).to_have_value("")


def test_escape_closes_the_list_and_an_arrow_offers_all_of_bac_ninh(console: Page) -> None:
    console.focus(PLACE)
    console.keyboard.press("ArrowDown")
    expect(console.locator(OPTIONS)).to_have_count(99)
    console.keyboard.press("Escape")
    expect(console.locator("[id='place.incident.list']")).to_be_hidden()


def test_enter_in_a_field_does_not_save(console: Page) -> None:
    console.fill("#narrative", "chưa xong")
    console.focus("[id='subject.age_min']")
    console.keyboard.press("Enter")
    console.keyboard.type("4")
    expect(console.locator("[id='subject.age_min']")).to_have_value("4")
    assert "/console/reports" not in console.url


def test_rows_are_added_as_they_are_needed(console: Page) -> None:
    console.get_by_text("Trẻ em cùng nhà").click()
    children = console.locator("#g3 [data-row]")
    expect(children).to_have_count(1)
    console.get_by_role("button", name="Thêm một trẻ").click()
    expect(children).to_have_count(2)
    expect(console.locator("[id='children_in_home.1.age_min']")).to_be_focused()
    console.keyboard.type("2,5")
    console.fill("[id='subject.age_max']", "-1")
    console.fill("#narrative", "Hai trẻ cùng nhà")
    console.keyboard.press("Control+Enter")
    expect(console.locator("#errors")).to_be_focused()
    expect(console.locator("[id='children_in_home.0.age_min']")).to_have_value("2,5")


def test_a_lost_line_keeps_what_was_typed_and_sends_it_once_it_is_back(console: Page) -> None:
    console.fill("#narrative", "Mất mạng giữa chừng")
    console.context.set_offline(True)
    console.keyboard.press("Control+Enter")
    expect(console.locator("#said")).to_contain_text("Mất mạng. Đã lưu trên máy, sẽ tự gửi")
    expect(console.locator("#narrative")).to_have_value("Mất mạng giữa chừng")
    console.context.set_offline(False)
    console.wait_for_url(REPORT_PAGE)


def test_an_ended_session_keeps_what_was_typed_until_the_operator_is_back(
    browser: Browser,  # noqa: F811 - a fixture
    stage: Stage,
    console: Page,
) -> None:
    console.fill("#narrative", "Hết phiên giữa chừng")
    console.context.clear_cookies()
    console.keyboard.press("Control+Enter")
    expect(console.locator("#said")).to_contain_text("Đã hết phiên")
    expect(console.locator("#signin")).to_be_visible()
    expect(console.locator("#narrative")).to_have_value("Hết phiên giữa chừng")
    for cookie in signed_in(browser, stage, "tiepnhan").context.cookies():
        console.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": stage.intake_url}])
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)


def test_two_quick_saves_make_one_report(console: Page) -> None:
    before = console.locator("#recent .code").count()
    console.fill("#narrative", "Bấm hai lần")
    console.keyboard.press("Control+Enter")
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    code = console.locator("h1 .code").inner_text()
    console.get_by_role("link", name="Tiếp nhận thông tin mới").click()
    expect(console.locator("#recent .code").first).to_have_text(code)
    assert console.locator("#recent .code").count() == min(before + 1, 8)


def test_without_script_the_form_saves_and_keeps_what_is_wrong(browser: Browser, stage: Stage, console: Page) -> None:  # noqa: F811 - a fixture
    state = console.context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{stage.intake_url}/console")
    page.fill("#narrative", "Không có script")
    page.fill("[id='subject.age_min']", "x")
    page.fill(PLACE, "Phường Võ Cường")
    page.click("#save")
    expect(page.locator("[id='subject.age_min']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#narrative")).to_have_value("Không có script")
    page.fill("[id='subject.age_min']", "4")
    page.click("#save")
    page.wait_for_url(REPORT_PAGE)
    assert "Phường Võ Cường" in page.locator("h1").inner_text()


SUGGESTED = "#hints li:not([hidden])"


def test_what_the_narrative_suggests_is_taken_over_by_hand_and_by_key_and_never_by_itself(console: Page) -> None:
    console.fill("#narrative", "Cháu bị nhốt trong nhà, cháu sợ về nhà. Cháu đang ở với bà ngoại.")
    offers = console.locator(SUGGESTED)
    expect(offers).to_have_count(3)
    expect(console.locator("#hints [role=status]")).to_have_text("3 gợi ý từ lời kể")
    expect(console.locator("input[name^='facts.']:checked")).to_have_count(0)
    console.keyboard.press("Alt+5")
    console.keyboard.press("Enter")
    expect(answer(console, "locked_in_or_dangerous_place_now", "yes")).to_be_checked()
    expect(offers).to_have_count(2)
    answer(console, "afraid_to_go_home", "no").check(force=True)
    expect(offers).to_have_count(1)
    offers.first.get_by_role("link").click()
    expect(answer(console, "with_safe_adult", "yes")).to_be_focused()
    expect(console.locator("input[name='facts.with_safe_adult']:checked")).to_have_count(0)
    assert "narrative" not in console.url


def test_without_a_line_the_form_says_that_suggestions_are_missing_and_works_on(console: Page) -> None:
    console.context.set_offline(True)
    console.fill("#narrative", "Cháu bị nhốt trong nhà")
    expect(console.locator("#hints [data-said]")).to_have_text("Chưa lấy được gợi ý. Biểu mẫu vẫn dùng được.")
    console.context.set_offline(False)
    console.locator("#narrative").press_sequentially(".")
    expect(console.locator(SUGGESTED)).to_have_count(1)
    expect(console.locator("#hints [data-said]")).to_be_hidden()
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    expect(console.get_by_text("Cần hỏi lại")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1440])
def test_nothing_is_cut_off_at_the_side(console: Page, width: int) -> None:
    console.set_viewport_size({"width": width, "height": 800})
    console.fill("[id='subject.age_min']", "-3")
    for value in ("plan", "thoughts"):
        answer(console, "suicide", value).check(force=True)
    console.keyboard.press("Control+Enter")
    expect(console.locator("#errors")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width
    console.fill("[id='subject.age_min']", "3")
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    expect(console.locator(".lvl.big")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width


def searched(console: Page, stage: Stage, name: str, q: str) -> None:
    """Store a report of somebody, then search."""
    console.fill("#narrative", "Hàng xóm nghe tiếng khóc")
    console.fill("[id='subject.name']", name)
    console.keyboard.press("Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    console.goto(f"{stage.intake_url}/console/search")
    expect(console.locator("#q")).to_be_focused()
    console.keyboard.type(q)
    console.keyboard.press("Enter")


def test_the_search_opens_by_a_key_in_a_tab_of_its_own_and_what_was_typed_stays(console: Page) -> None:
    console.fill("#narrative", "Gọi lại lần hai")
    with console.context.expect_page() as opened:
        console.keyboard.press("Alt+6")
    expect(opened.value.locator("#q")).to_be_focused()
    assert opened.value.url.endswith("/console/search")
    expect(console.locator("#narrative")).to_have_value("Gọi lại lần hai")


def test_a_search_by_keyboard_finds_the_report_and_leaves_no_word_in_the_address(console: Page, stage: Stage) -> None:
    searched(console, stage, "Nguyễn Thị Ánh Đào", "nguyen thi anh dao")
    expect(console.locator("#found-h")).to_be_focused()
    expect(console.locator("#found-h")).to_have_text("Tìm thấy 1 thông tin")
    assert console.url == f"{stage.intake_url}/console/search"
    console.locator(".found .code").press("Enter")
    console.wait_for_url(REPORT_PAGE)


@pytest.mark.parametrize("width", [320, 360, 1440])
def test_the_search_is_not_cut_off_at_the_side(console: Page, stage: Stage, width: int) -> None:
    console.set_viewport_size({"width": width, "height": 800})
    searched(console, stage, "Lê Na", "na le")
    expect(console.locator(".found .code").first).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width
    console.fill("#q", "0912")
    console.keyboard.press("Enter")
    expect(console.locator("#q")).to_be_focused()
    expect(console.locator("#wrong")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width
