"""Message templates in a real browser: judged while typed, proposed, and put into force by a second person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from deploy.demo.processes import Stage
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TEXT = "BVTE: mã {code} đã có người nhận lúc {time}. Không cần trả lời."


def test_a_template_is_judged_while_typed_and_comes_into_force_by_a_second_person(
    browser: Browser, stage: Stage
) -> None:
    page = signed_in(browser, stage, "giamsat")
    path = f"{stage.notify_url}/policies/messages/vi/taken_by_other"
    page.goto(path)
    page.fill("#text", TEXT + " Xem bvte.vn")
    expect(page.locator("[data-preview=remarks]")).to_contain_text("Bỏ đường dẫn", timeout=WAIT_MS)
    page.fill("#text", TEXT)
    expect(page.locator("#judged [data-preview=text]")).to_contain_text(
        "BVTE: ma W0W000 da co nguoi nhan", timeout=WAIT_MS
    )
    expect(page.locator("#judged [data-preview=cost]")).to_contain_text("GSM-7")
    page.locator("[value=ucs2]").check()
    expect(page.locator("#judged [data-preview=cost]")).to_contain_text("UCS-2", timeout=WAIT_MS)
    page.locator("[value=gsm7]").check()
    page.get_by_role("button", name="Đề xuất", exact=True).press("Enter")
    expect(page.locator(".mt-versions")).to_contain_text("Chờ quyết định")

    second = signed_in(browser, stage, "quantri")
    for width in (1440, 360):
        second.set_viewport_size({"width": width, "height": 900})
        for place in (path, path + "?lang=en", f"{stage.notify_url}/policies/messages?lang=vi"):
            second.goto(place)
            assert second.evaluate("document.documentElement.scrollWidth") <= width, (place, width)
            if folder := os.environ.get("HEEDLINE_SHOTS"):
                second.screenshot(path=Path(folder) / f"m{width}-{len(place)}.png", full_page=width == 360)
    second.goto(path)
    second.get_by_label("Tôi biết nhà mạng chưa đăng ký").check()
    second.get_by_role("button", name="Đưa vào dùng").press("Enter")
    expect(second.locator(".mt-versions")).to_contain_text("Đang dùng", timeout=WAIT_MS)
