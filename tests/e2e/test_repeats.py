"""A second call about the same child, in a real browser: found while typing, merged, both cases raised, pages once more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.processes import Stage, wait_for
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WAIT = WAIT_MS / 1000
MILD: dict[str, Any] = {
    "channel": "hotline",
    "concerns": ["neglect"],
    "subject": {"kind": "child", "name": "Trần Hoài An", "age_min": 9, "age_max": 9},
    "facts": {"danger_now": "no", "life_threatening_condition": "no", "alleged_has_access": "no"},
    "place": {"incident": {"unit_code": 9190}},
}


def told(stage: Stage, phone: str, key: str) -> dict[str, Any]:
    """Send a mild report and wait until somebody was paged for it."""
    _, answer = stage.api("POST", "/api/v1/reports", MILD | {"reporter": {"phone": phone}}, **{"Idempotency-Key": key})
    assert wait_for(lambda: pages_of(stage, answer["case_code"]) or None, WAIT)
    return dict(answer)


def pages_of(stage: Stage, code: str) -> list[str]:
    return [entry["body"] for entry in stage.sms() if f"ma {code}. Nhan viec" in entry["body"]]


def timeline(stage: Stage, code: str) -> list[str]:
    _, alert = stage.api("GET", f"/api/v1/alerts/{code}")
    return [entry["what"] for entry in alert.get("timeline", ())]


def level(stage: Stage, report_id: str) -> str | None:
    _, report = stage.api("GET", f"/api/v1/reports/{report_id}")
    return str(report["level"])


def merge_on_page(page: Page, code: str) -> None:
    page.get_by_role("button", name=f"Gộp với {code}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#repeats .merged")).to_contain_text(code, timeout=WAIT_MS)


def test_second_call_is_found_while_typing_and_raises_the_first_case(browser: Browser, stage: Stage) -> None:
    first = told(stage, "0912 345 678", "e2e-first")
    before = len(pages_of(stage, first["case_code"]))
    operator = signed_in(browser, stage, "tiepnhan")
    asked: list[str] = []
    operator.on("request", lambda request: asked.append(request.url))
    operator.goto(f"{stage.intake_url}/console")
    operator.fill("#narrative", "Gọi lại: bé đang bị đánh.")
    operator.check("input[name='facts.danger_now'][value=yes]", force=True)
    operator.fill("[id='reporter.phone']", "84-912-345-678")
    found = operator.locator("#typed-repeats")
    expect(found).to_contain_text(first["case_code"], timeout=WAIT_MS)
    expect(found).to_contain_text("Cùng số điện thoại.")
    operator.keyboard.press("Alt+g")
    expect(found.get_by_role("checkbox")).to_be_checked()
    operator.fill("#narrative", "Gọi lại: bé đang bị đánh, kêu cứu.")
    expect(found.get_by_role("checkbox")).to_be_checked()
    operator.keyboard.press("Control+Enter")
    operator.wait_for_url("**/console/reports/*-*")
    expect(operator.locator("#repeats .merged")).to_contain_text(first["case_code"])
    assert not [url for url in asked if "912" in url]

    assert wait_for(lambda: level(stage, first["report_id"]) == "IMMEDIATE" or None, WAIT)
    assert wait_for(lambda: len(pages_of(stage, first["case_code"])) > before or None, WAIT)
    assert "MUC KHAN CAP" in pages_of(stage, first["case_code"])[-1]
    assert "level_raised" in timeline(stage, first["case_code"])

    raised = len(pages_of(stage, first["case_code"]))
    third = told(stage, "+84 912 345 678", "e2e-third")
    supervisor = signed_in(browser, stage, "giamsat")
    supervisor.goto(f"{stage.intake_url}/console/reports/{third['report_id']}")
    merge_on_page(supervisor, first["case_code"])
    assert wait_for(lambda: level(stage, third["report_id"]) == "IMMEDIATE" or None, WAIT)
    assert wait_for(lambda: timeline(stage, first["case_code"])[-1] == "revised" or None, WAIT)
    assert len(pages_of(stage, first["case_code"])) == raised
    expect(supervisor.locator("#repeats .merged li")).to_have_count(2)


def test_what_is_not_the_same_child_is_refused_by_keyboard_on_a_narrow_page(browser: Browser, stage: Stage) -> None:
    first, second = told(stage, "0987 111 222", "e2e-one"), told(stage, "0987.111.222", "e2e-other")
    supervisor = signed_in(browser, stage, "giamsat", width=360)
    supervisor.goto(f"{stage.intake_url}/console/reports/{second['report_id']}")
    assert supervisor.evaluate("document.documentElement.scrollWidth") <= 360
    supervisor.get_by_role("button", name=f"Không phải {first['case_code']}").focus()
    supervisor.keyboard.press("Enter")
    supervisor.wait_for_url("**#repeats")
    expect(supervisor.get_by_role("button", name=f"Không phải {first['case_code']}")).to_have_count(0)
    assert level(stage, second["report_id"]) == level(stage, first["report_id"])
