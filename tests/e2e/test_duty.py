"""Duty in a real browser, by the keyboard alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deploy.demo.accounts import WORKERS_TEAM
from deploy.demo.processes import Stage
from shared.clock import VIETNAM
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST_TABS = 80


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus, or fail."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} is not reached by Tab")


def type_moment(page: Page, field: Locator, moment: datetime) -> None:
    """Type a moment (Vietnam's time) into a date and time field, part by part as its language orders them."""
    tab_to(page, field)
    page.keyboard.type(moment.strftime("%m%d%Y"))
    page.keyboard.press("Tab")
    page.keyboard.type(moment.strftime("%I%M%p"))
    expect(field).to_have_value(moment.strftime("%Y-%m-%dT%H:%M"))


def choose(page: Page, field: Locator, label: str) -> None:
    """Choose an option of a list by typing its beginning."""
    tab_to(page, field)
    page.keyboard.type(label)
    expect(field.locator("option:checked")).to_contain_text(label)


def test_an_override_is_added_and_its_turn_swapped_by_keyboard_alone(browser: Browser, stage: Stage) -> None:
    supervisor = signed_in(browser, stage, "giamsat")
    worker = signed_in(browser, stage, "canbo")
    worker.goto(f"{stage.notify_url}/duty/swaps")
    mine = worker.locator(".who").evaluate("element => element.firstChild.textContent.trim()")
    supervisor.goto(f"{stage.notify_url}/duty/teams/{WORKERS_TEAM}")
    people = supervisor.locator("#person option:not([value=''])")
    names = [people.nth(number).inner_text() for number in range(people.count())]
    begin = (datetime.now(UTC).astimezone(VIETNAM) + timedelta(days=1)).replace(hour=8, minute=0, second=0)
    assert mine in names
    other = next(one for one in names if one != mine)
    choose(supervisor, supervisor.locator("#person"), mine)
    type_moment(supervisor, supervisor.locator("#starts"), begin)
    type_moment(supervisor, supervisor.locator("#ends"), begin + timedelta(hours=8))
    tab_to(supervisor, supervisor.get_by_role("button", name="Lưu ca"))
    supervisor.keyboard.press("Enter")
    expect(supervisor.get_by_role("status").filter(has_text="Đã lưu.")).to_be_visible(timeout=WAIT_MS)

    worker.reload()
    choose(worker, worker.locator("#turn"), begin.strftime("%H:%M %d/%m"))
    choose(worker, worker.locator("#person"), other)
    tab_to(worker, worker.get_by_role("button", name="Mời đổi ca"))
    worker.keyboard.press("Enter")
    expect(worker.get_by_text("Chờ trả lời")).to_be_visible(timeout=WAIT_MS)

    supervisor.goto(f"{stage.notify_url}/duty/swaps")
    tab_to(supervisor, supervisor.get_by_role("button", name="Nhận ca"))
    supervisor.keyboard.press("Enter")
    expect(supervisor.get_by_text("Đã nhận đổi")).to_be_visible(timeout=WAIT_MS)
    worker.reload()
    expect(worker.get_by_text("Đã nhận đổi")).to_be_visible(timeout=WAIT_MS)


def test_the_board_follows_a_change_without_being_loaded_again(browser: Browser, stage: Stage) -> None:
    board, planner = signed_in(browser, stage, "tiepnhan"), signed_in(browser, stage, "giamsat")
    board.goto(f"{stage.notify_url}/duty?team=province-police")
    expect(board.locator("#rows .ov")).to_have_count(0)
    planner.goto(f"{stage.notify_url}/duty/teams/province-police")
    now = datetime.now(UTC).astimezone(VIETNAM)
    planner.locator("#person").select_option(index=1)
    planner.fill("#starts", now.strftime("%Y-%m-%dT%H:%M"))
    planner.fill("#ends", (now + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M"))
    planner.get_by_role("button", name="Lưu ca").click()
    expect(board.locator("#rows rect.ov")).to_have_count(1, timeout=WAIT_MS)


@pytest.mark.parametrize("path", ["/duty", "/duty/import", "/duty/holidays", "/duty/oncall", "/duty/feeds"])
def test_no_page_of_duty_scrolls_sideways_on_a_phone(browser: Browser, stage: Stage, path: str) -> None:
    page = signed_in(browser, stage, "giamsat", width=360)
    page.goto(f"{stage.notify_url}{path}?lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
