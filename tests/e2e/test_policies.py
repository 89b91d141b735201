"""Escalation policies in a real browser: proposed and accepted by keyboard alone, and nothing wider than a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.processes import Stage
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST_TABS = 150
WIDTHS = (1440, 360)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def fits(page: Page) -> None:
    """Fail where the page is wider than its window."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def write(page: Page, selector: str, text: str) -> None:
    """Reach a field by keyboard and replace what it holds."""
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_policy_is_proposed_and_accepted_by_keyboard_alone_and_fits_every_screen(
    browser: Browser, stage: Stage
) -> None:
    page = signed_in(browser, stage, "giamsat")
    page.goto(f"{stage.notify_url}/policies")
    fits(page)
    tab_to(page, "a[href$='team=social-%2A&level=URGENT']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/new**")
    fits(page)

    write(page, "#repeat", "30")
    write(page, "[id='steps.2.after']", "20")
    tab_to(page, "[name='steps.2.seat'][value=police]")
    page.keyboard.press("Space")
    write(page, "#note", "Theo quyết định 12")
    tab_to(page, "[name=act][value=propose]")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    fits(page)
    page.locator("#errors").focus()
    tab_to(page, "#errors a")
    page.keyboard.press("Enter")
    expect(page.locator("#repeat")).to_be_focused()
    expect(page.locator("#repeat")).to_have_value("30")
    expect(page.locator("[id='steps.2.after']")).to_have_value("20")
    expect(page.locator("[name='steps.2.seat'][value=police]")).to_be_checked()
    page.keyboard.press("Control+a")
    page.keyboard.type("8")
    tab_to(page, "[name=act][value=propose]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/1?said=proposed")
    fits(page)

    second = signed_in(browser, stage, "quantri")
    second.goto(f"{stage.notify_url}/policies")
    fits(second)
    tab_to(second, "[name=accept][value=yes]")
    second.keyboard.press("Enter")
    second.wait_for_url("**/policies/1?said=accepted")
    expect(second.locator(".po-state").first).to_have_text("Đang áp dụng", timeout=WAIT_MS)

    auditor = signed_in(browser, stage, "nhatky", width=360)
    auditor.goto(f"{stage.notify_url}/policies")
    expect(auditor.locator("nav a[aria-current]")).to_have_text("Chính sách chuyển cấp")
    expect(auditor.locator("main form")).to_have_count(0)


def test_the_preview_follows_what_is_typed(browser: Browser, stage: Stage) -> None:
    page = signed_in(browser, stage, "giamsat")
    page.goto(f"{stage.notify_url}/policies/new?team=social-*&level=PRIORITY&from=built-in")
    expect(page.locator("#preview")).to_contain_text("Chọn xã, phường để xem")
    page.select_option("#unit", "9190")
    expect(page.locator("#preview")).to_contain_text("báo được")
    page.fill("[id='steps.1.team.1']", "health-8888")
    expect(page.locator("#preview")).to_contain_text("Không ai trực")


def test_steps_are_added_and_removed_without_javascript(browser: Browser, stage: Stage) -> None:
    state = signed_in(browser, stage, "giamsat").context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{stage.notify_url}/policies/new?team=province-duty&level=ROUTINE&from=built-in")
    page.fill("#note", "còn nguyên")
    page.locator("#add").press("Enter")
    expect(page.locator("[id='steps.3.after']")).to_be_focused()
    expect(page.locator("#note")).to_have_value("còn nguyên")
    page.fill("[id='steps.3.after']", "ba")
    page.locator("[name=act][value='remove.2']").press("Enter")
    expect(page.locator("[id='steps.2.after']")).to_have_value("ba")
    expect(page.locator("[id='steps.3.after']")).to_have_count(0)
    page.locator("[id='steps.2.after']").press("Enter")
    expect(page.locator("#preview")).to_contain_text("Chưa xem được")
