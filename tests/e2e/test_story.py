"""The story in a real browser: an operator submits, an SMS is answered, the queue shows who took the case."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.sample import ACCOUNTS_FILE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WAIT_MS = 20_000


def signed_in(browser: Browser, stage: Stage, login: str, *, width: int = 1440) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{stage.intake_url}/signin")
    page.fill("input[name=login]", login)
    page.fill("input[type=password]", make_passwords(stage.directory / "data" / ACCOUNTS_FILE)[login])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/signin" not in url)
    return page


def submit_report(page: Page, stage: Stage) -> str:
    """Fill in the form by keyboard and return the case code."""
    page.goto(f"{stage.intake_url}/console")
    page.keyboard.press("Alt+1")
    page.fill("#narrative", "Bé bị nhốt trong nhà, đang khóc.")
    page.check("input[value=physical]", force=True)
    page.focus("input[name='facts.danger_now'][value=yes]")
    page.keyboard.press("1")
    page.fill("[id='place.incident.text']", "vo cuong")
    expect(page.locator("[id='place.incident.list'] li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("input[name='place.incident.unit_code']")).to_have_value("9190")
    page.fill("[id='subject.age_min']", "4")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/console/reports/*-*")
    return page.locator("h1 .code").inner_text()


def test_operator_submits_a_phone_answers_and_the_queue_shows_who_took_it(browser: Browser, stage: Stage) -> None:
    operator = signed_in(browser, stage, "tiepnhan")
    supervisor = signed_in(browser, stage, "giamsat")
    supervisor.goto(f"{stage.notify_url}/queue")
    code = submit_report(operator, stage)
    expect(operator.locator(".lvl-imm")).to_be_visible(timeout=WAIT_MS)
    expect(operator.locator("#state")).to_contain_text("R02")

    row = supervisor.locator(f"tr[data-code={code}]")
    expect(row).to_contain_text("Bậc 1/3", timeout=WAIT_MS)

    phones = browser.new_context().new_page()
    phones.goto(f"{stage.notify_url}/demo/phones")
    phones.fill("#find", code)
    phones.locator("#phones button", has_text=f"Tra loi OK {code}").first.click()
    phones.get_by_role("button", name=f"OK {code}", exact=True).click()
    expect(phones.locator("#thread")).to_contain_text(f"anh/chi da nhan ma {code}", timeout=WAIT_MS)

    expect(row).to_contain_text("Đã nhận vụ", timeout=WAIT_MS)
    expect(operator.locator("#alert-state")).to_contain_text("Đã có người nhận vụ", timeout=WAIT_MS)


def test_a_wrong_field_is_named_beside_it_and_what_was_typed_stays(browser: Browser, stage: Stage) -> None:
    page = signed_in(browser, stage, "tiepnhan")
    page.goto(f"{stage.intake_url}/console")
    page.fill("#narrative", "Lời kể còn nguyên")
    page.fill("[id='subject.age_min']", "-3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("[id='subject.age_min']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#narrative")).to_have_value("Lời kể còn nguyên")


def test_a_worker_takes_a_case_on_a_phone_sized_page(browser: Browser, stage: Stage) -> None:
    code = submit_report(signed_in(browser, stage, "tiepnhan"), stage)
    worker = signed_in(browser, stage, "canbo", width=360)
    worker.goto(f"{stage.notify_url}/alerts/{code}")
    assert worker.evaluate("document.documentElement.scrollWidth") <= 360
    worker.get_by_role("button", name="Tôi nhận vụ").click()
    expect(worker.get_by_role("button", name="Ghi liên hệ")).to_be_visible()


def test_an_unanswered_report_climbs_the_steps(browser: Browser, fast_stage: Stage) -> None:
    supervisor = signed_in(browser, fast_stage, "giamsat")
    supervisor.goto(f"{fast_stage.notify_url}/queue")
    code = submit_report(signed_in(browser, fast_stage, "tiepnhan"), fast_stage)
    row = supervisor.locator(f"tr[data-code={code}]")
    expect(row).to_contain_text("Bậc 2/3", timeout=WAIT_MS)
    expect(row).to_contain_text("chủ tịch UBND", timeout=WAIT_MS)


def test_pages_of_others_are_closed(browser: Browser, stage: Stage) -> None:
    auditor = signed_in(browser, stage, "nhatky")
    for path in ("/console", "/queue"):
        answer = auditor.goto(f"{stage.intake_url}{path}")
        assert answer is not None
        assert answer.status == 403


def test_the_queue_in_english_names_the_next_step_in_english(browser: Browser, stage: Stage) -> None:
    code = submit_report(signed_in(browser, stage, "tiepnhan"), stage)
    supervisor = signed_in(browser, stage, "giamsat")
    supervisor.goto(f"{stage.notify_url}/queue?lang=en")
    row = supervisor.locator(f"tr[data-code={code}]")
    expect(row).to_contain_text("→ chair, province duty", timeout=WAIT_MS)
    expect(row).not_to_contain_text("chủ tịch")


def test_a_phone_offers_an_answer_only_where_one_is_asked_for(browser: Browser, stage: Stage) -> None:
    code = submit_report(signed_in(browser, stage, "tiepnhan"), stage)
    phones = browser.new_context().new_page()
    phones.set_default_timeout(WAIT_MS)
    phones.goto(f"{stage.notify_url}/demo/phones")
    phones.fill("#find", code)
    notice = phones.locator("#phones button", has_text=f"phoi hop ma {code}").first
    notice.click()
    expect(phones.locator("#thread")).to_contain_text("Khong can tra loi")
    expect(phones.get_by_role("button", name=f"OK {code}", exact=True)).to_have_count(0)
