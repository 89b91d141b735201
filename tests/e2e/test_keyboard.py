"""Every kind of user gets their work done with the keyboard alone: Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.sample import ACCOUNTS_FILE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WAIT_MS = 20_000
MOST_TABS = 250
SHOWN = """() => {
  const style = getComputedStyle(document.activeElement);
  const label = document.activeElement.closest('label');
  const beside = label ? getComputedStyle(label.querySelector('span') ?? label) : style;
  return [style, beside].some((one) => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0)
    || style.boxShadow !== 'none' || beside.boxShadow !== 'none';
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus; fail when Tab never gets there, or it cannot be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate(SHOWN), f"the focus cannot be seen on {selector}"
            return
    pytest.fail(f"Tab never reaches {selector}")


def enter(browser: Browser, stage: Stage, login: str, width: int = 1440) -> Page:
    """Sign in by keys alone."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{stage.intake_url}/signin")
    tab_to(page, "input[name=login]")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(make_passwords(stage.directory / "data" / ACCOUNTS_FILE)[login])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/signin" not in url)
    return page


def report(stage: Stage) -> str:
    body = {
        "channel": "hotline",
        "narrative": "Bé bị nhốt trong nhà.",
        "concerns": ["physical"],
        "facts": {"danger_now": "yes"},
        "place": {"incident": {"unit_code": 9190}},
    }
    status, answer = stage.api(
        "POST", "/api/v1/reports", body, **{"Idempotency-Key": f"keys-{report.__name__}-{len(stage.sms())}"}
    )
    assert status < 300
    return str(answer["case_code"])


def test_a_worker_takes_a_case_and_records_the_contact(browser: Browser, stage: Stage) -> None:
    code = report(stage)
    worker = enter(browser, stage, "canbo", width=360)
    worker.goto(f"{stage.notify_url}/alerts/{code}")
    tab_to(worker, "form[action$='/acknowledge'] button")
    worker.keyboard.press("Enter")
    contact = worker.get_by_role("button", name="Ghi liên hệ")
    expect(contact).to_be_visible()
    tab_to(worker, "form[action$='/contact'] button")
    worker.keyboard.press("Enter")
    expect(contact).to_have_count(0)


def test_a_supervisor_finds_a_case_in_the_queue_and_opens_it(browser: Browser, stage: Stage) -> None:
    code = report(stage)
    supervisor = enter(browser, stage, "giamsat")
    supervisor.goto(f"{stage.notify_url}/queue")
    expect(supervisor.locator(f"tr[data-code={code}]")).to_be_visible(timeout=WAIT_MS)
    supervisor.keyboard.press("/")
    supervisor.keyboard.type(code)
    expect(supervisor.locator("tbody tr[data-code]:visible")).to_have_count(1)
    tab_to(supervisor, f"tr[data-code={code}] a")
    supervisor.keyboard.press("Enter")
    supervisor.wait_for_url(f"**/alerts/{code}*")


def test_an_administrator_opens_a_page_behind_the_last_entry(browser: Browser, stage: Stage) -> None:
    administrator = enter(browser, stage, "quantri")
    tab_to(administrator, ".top summary")
    administrator.keyboard.press("Enter")
    tab_to(administrator, ".more a[href='/system']")
    administrator.keyboard.press("Enter")
    administrator.wait_for_url("**/system")
    expect(administrator.locator("h1")).to_have_text("Tình trạng hệ thống")


def test_an_auditor_reads_the_rules(browser: Browser, stage: Stage) -> None:
    auditor = enter(browser, stage, "nhatky")
    auditor.goto(f"{stage.notify_url}/people")
    tab_to(auditor, ".top summary")
    auditor.keyboard.press("Enter")
    tab_to(auditor, ".more a[href='/rules']")
    auditor.keyboard.press("Enter")
    auditor.wait_for_url("**/rules")


def test_a_stranger_tells_what_happens_and_leaves_by_keys(browser: Browser, stage: Stage) -> None:
    stranger = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    stranger.set_default_timeout(WAIT_MS)
    stranger.goto(f"{stage.intake_url}/report")
    tab_to(stranger, "textarea")
    stranger.keyboard.type("Em bị đánh, em sợ.")
    tab_to(stranger, "form button[type=submit]")
    stranger.keyboard.press("Enter")
    expect(stranger.locator("main")).to_contain_text("Đã nhận")
    tab_to(stranger, "a[href='/exit']")
