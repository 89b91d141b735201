"""Nobody answers until the last step repeats: a phone rings at the page of phones, and key 1 takes the case."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from deploy.demo.processes import Stage, call, wait_for
from tests.e2e.test_story import WAIT_MS, signed_in, submit_report

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RINGS_WITHIN = 60.0
"""Real seconds: the steps pass on the fast clock, then the call waits for its SMS to be answered."""


def ringing(stage: Stage, code: str) -> str | None:
    """Return the number of a phone that rings for a case."""
    _, calls = call("GET", f"{stage.notify_url}/demo/calls.json")
    _, phones = call("GET", f"{stage.notify_url}/demo/phones.json")
    found = (number for number, placed in calls.items() if placed[-1]["status"] == "ringing")
    return next((one for one in found if any(code in sms["body"] for sms in phones.get(one, ()))), None)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_phone_rings_and_its_key_takes_the_case(browser: Browser, fast_stage: Stage, width: int) -> None:
    code = submit_report(signed_in(browser, fast_stage, "tiepnhan"), fast_stage)
    number = wait_for(lambda: ringing(fast_stage, code), RINGS_WITHIN)
    assert number is not None
    phones = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    phones.set_default_timeout(WAIT_MS)
    phones.goto(f"{fast_stage.notify_url}/demo/phones#{number.replace('+', '%2B')}")
    calls = phones.locator("#calls li").first
    expect(calls).to_contain_text("đang đổ chuông", timeout=WAIT_MS)
    assert phones.evaluate("document.documentElement.scrollWidth") <= width
    calls.get_by_role("button", name="Nghe máy", exact=True).click()
    expect(calls).to_contain_text("Bảo vệ trẻ em. Mức khẩn cấp, mã " + ", ".join(code), timeout=WAIT_MS)
    assert phones.evaluate("document.documentElement.scrollWidth") <= width
    calls.get_by_role("button", name="Bấm phím 1", exact=True).click()
    expect(calls).to_contain_text("Anh chị đã nhận vụ", timeout=WAIT_MS)
    _, alert = fast_stage.api("GET", f"/api/v1/alerts/{code}")
    assert alert["state"] == "acknowledged"
    assert [entry["detail"]["how"] for entry in alert["timeline"] if entry["what"] == "acknowledged"] == ["voice"]
