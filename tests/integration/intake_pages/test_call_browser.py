"""An operator on the phone, with the keyboard alone: from the first word to somebody being paged."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.sample import ACCOUNTS_FILE
from tests.e2e.conftest import browser  # noqa: F401 - a fixture
from tests.e2e.test_story import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REPORT_PAGE = "**/console/reports/*-*"
PATIENCE_MS = 20_000
LEVEL = "#level .lvl"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="hlcall"))
    make_passwords(directory / "data" / ACCOUNTS_FILE)
    product = Stage(directory)
    try:
        product.start()
        yield product
    finally:
        product.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def console(browser: Browser, stage: Stage) -> Page:  # noqa: F811 - a fixture
    page = signed_in(browser, stage, "tiepnhan")
    page.goto(f"{stage.intake_url}/console")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_by_keys_alone_a_call_becomes_a_page_and_is_completed_while_it_is_out(console: Page) -> None:
    press(console, "Alt+1")
    console.keyboard.type("Bé khóc, bố say, khóa trái cửa")
    press(console, "Alt+2", "1")
    expect(console.locator(LEVEL)).to_have_text("Khẩn cấp", timeout=PATIENCE_MS)
    expect(console.locator("#level-said")).to_have_text("Mức tạm tính: Khẩn cấp")
    expect(console.locator("#level")).to_contain_text("R02")
    press(console, "Alt+3", "1", "Tab")
    console.keyboard.type("4")
    while console.evaluate("document.activeElement.id") != "place.incident.text":
        press(console, "Tab")
    console.keyboard.type("vo cuong")
    expect(console.locator("[id='place.incident.list'] li").first).to_be_visible()
    press(console, "ArrowDown", "Enter")
    expect(console.locator("#level .chain li li").first).to_contain_text("BVTE xã", timeout=PATIENCE_MS)
    expect(console.locator("#timer")).not_to_have_text("00:00")
    press(console, "Control+Enter")
    console.wait_for_url(REPORT_PAGE)
    code = console.locator("h1 .code").inner_text()
    expect(console.locator("#paged")).to_contain_text("Nhà mạng đã nhận", timeout=PATIENCE_MS)
    expect(console.locator("#paged .paged-list li")).to_have_count(3)

    press(console, "Alt+7")
    console.wait_for_url("**/complete")
    expect(console.locator("#narrative")).to_have_value("Bé khóc, bố say, khóa trái cửa")
    expect(console.locator(LEVEL)).to_have_text("Khẩn cấp", timeout=PATIENCE_MS)
    press(console, "Alt+2", "ArrowDown", "ArrowDown", "1", "Control+Enter")
    console.wait_for_url(lambda url: "/console/reports/" in url and "/complete" not in url)
    expect(console.locator("h1 .code")).to_have_text(code)
    expect(console.locator("#state")).to_contain_text("R03", timeout=PATIENCE_MS)


def test_a_call_that_is_no_report_takes_two_keys_and_is_undone_by_one(console: Page) -> None:
    counted = console.locator("[data-counts] h2 span")
    before = int(counted.inner_text())
    press(console, "Alt+0", "2")
    expect(console.locator("#contact")).to_contain_text("Đã ghi cuộc gọi: nhầm số.")
    expect(counted).to_have_text(str(before + 1))
    expect(console.get_by_role("button", name="Hoàn tác")).to_be_focused()
    press(console, "Enter")
    expect(console.locator("#contact")).to_contain_text("Đã bỏ")
    expect(counted).to_have_text(str(before))
    press(console, "Alt+0", "5")
    expect(console.locator("#contact")).to_contain_text("hỏi thông tin")
    expect(counted).to_have_text(str(before + 1))


def test_a_question_that_is_a_report_after_all_goes_on_in_the_form_and_loses_no_word(console: Page) -> None:
    console.fill("#narrative", "Hỏi về cháu bị nhốt")
    press(console, "Alt+0", "5")
    expect(console.locator("#contact")).to_contain_text("Mở biểu mẫu")
    press(console, "Tab", "Enter")
    expect(console.locator("#narrative")).to_be_focused()
    expect(console.locator("#narrative")).to_have_value("Hỏi về cháu bị nhốt")


def test_a_digit_typed_into_the_narrative_records_no_call(console: Page) -> None:
    press(console, "Alt+0", "Escape", "Alt+1")
    console.keyboard.type("2 cháu")
    expect(console.locator("#narrative")).to_have_value("2 cháu")
    expect(console.locator("#contact")).to_be_empty()


def test_help_lists_the_keys_and_a_key_is_changed_for_good(console: Page, stage: Stage) -> None:
    press(console, "Alt+2", "?")
    keymap = console.locator("#keymap")
    expect(keymap).to_be_visible()
    console.get_by_role("button", name="Đổi phím: Không phải vụ việc").focus()
    press(console, "Enter", "x")
    expect(console.locator("#keymap-said")).to_contain_text("Bấm cùng Ctrl hoặc Alt")
    press(console, "Alt+1")
    expect(console.locator("#keymap-said")).to_contain_text("đã dùng cho việc khác")
    press(console, "Control+Alt+k")
    expect(console.locator("#keymap-said")).to_have_text("Đã đổi thành Ctrl Alt K.")
    press(console, "Escape")
    expect(keymap).to_be_hidden()
    console.goto(f"{stage.intake_url}/console")
    expect(console.locator("#no-report kbd").first).to_have_text("Ctrl Alt K")
    press(console, "Alt+0")
    expect(console.locator("#no-report form")).to_be_hidden()
    press(console, "Control+Alt+k")
    expect(console.locator("#no-report form")).to_be_visible()
    press(console, "Escape", "F1")
    console.get_by_role("button", name="Về phím ban đầu").focus()
    press(console, "Enter", "Escape", "Alt+0")
    expect(console.locator("#no-report form")).to_be_visible()


def test_a_question_mark_in_the_narrative_is_text(console: Page) -> None:
    press(console, "Alt+1")
    console.keyboard.type("Ai?")
    expect(console.locator("#narrative")).to_have_value("Ai?")
    expect(console.locator("#keymap")).to_be_hidden()


def test_ctrl_s_asks_for_the_draft_to_be_saved_and_leaves_the_page(console: Page) -> None:
    console.evaluate("document.addEventListener('heedline:save', () => { document.title = 'asked'; })")
    press(console, "Alt+1", "Control+s")
    expect(console).to_have_title("asked")
    assert console.url.endswith("/console")


def test_a_child_who_calls_is_noted_by_one_button_and_starts_the_timer(console: Page) -> None:
    console.get_by_role("button", name="Trẻ gọi").focus()
    press(console, "Enter")
    expect(console.locator("#narrative")).to_be_focused()
    expect(console.locator("[id='reporter.relation']")).to_have_value("Chính trẻ cần giúp")
    expect(console.locator("input[name='subject.kind'][value=child]")).to_be_checked()
    expect(console.locator(".child-hint")).to_contain_text("xưng em")
    expect(console.locator("#timer")).not_to_have_text("00:00")
    expect(console.locator("#timer")).to_have_attribute("aria-live", "off")


def test_without_a_line_the_panel_says_so_and_comes_back(console: Page) -> None:
    console.context.set_offline(True)
    press(console, "Alt+2", "1")
    expect(console.locator("#level-away")).to_be_visible()
    expect(console.locator("#level-away")).to_have_text("Chưa tính được mức độ; vẫn lưu và chuyển được.")
    console.context.set_offline(False)
    press(console, "ArrowDown", "1")
    expect(console.locator(LEVEL)).to_have_text("Khẩn cấp", timeout=PATIENCE_MS)
    expect(console.locator("#level-away")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 1024, 1440])
def test_nothing_of_the_call_is_cut_off_at_the_side(console: Page, width: int) -> None:
    console.set_viewport_size({"width": width, "height": 900})
    press(console, "Alt+2", "1")
    expect(console.locator(LEVEL)).to_be_visible(timeout=PATIENCE_MS)
    press(console, "Alt+0")
    expect(console.locator("#no-report form")).to_be_visible()
    assert console.evaluate("document.documentElement.scrollWidth") <= width
