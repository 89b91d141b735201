"""The rule lab in a real browser: by keyboard from a draft into force, and nothing wider than a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from deploy.demo.processes import Stage
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WHY = "Theo kết luận họp ngày 20/11"


def test_a_draft_comes_into_force_by_a_second_person_and_fits_every_screen(browser: Browser, stage: Stage) -> None:
    page = signed_in(browser, stage, "giamsat")
    page.goto(f"{stage.intake_url}/rules")
    page.fill("#version", "2026.2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules/2026.2/edit")

    page.fill("[id='thresholds.alone_age']", "bảy")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_visible()
    page.locator("#errors a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[id='thresholds.alone_age']")).to_be_focused()
    expect(page.locator("[id='thresholds.alone_age']")).to_have_value("bảy")
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules/2026.2")

    for path in ("", "/edit", "/compare"):
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{stage.intake_url}/rules/2026.2{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)

    page.goto(f"{stage.intake_url}/rules/2026.2")
    page.get_by_role("button", name="Thử lại với 12 mẫu").press("Enter")
    expect(page.locator("h1")).to_have_text("Thử lại 2026.2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(f"{stage.intake_url}/rules/2026.2")
    page.fill("#note", WHY)
    page.get_by_role("button", name="Đề xuất", exact=True).press("Enter")
    expect(page.locator(".rl-state").first).to_have_text("Đã đề xuất")

    second = signed_in(browser, stage, "quantri")
    second.goto(f"{stage.intake_url}/rules/2026.2")
    second.get_by_role("button", name="Cho áp dụng 2026.2 thay 2026.1").press("Enter")
    expect(second.locator(".rl-state").first).to_have_text("Đang áp dụng", timeout=WAIT_MS)
