"""The public form in a real browser: without script, and leaving without anything left to find."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.processes import Stage
from tests.e2e.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ELSEWHERE = "/healthz"
"""Where the quick exit leads in this test: a page of this machine."""
STORY = "Nghe tiếng đập và tiếng khóc"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="hlpublic"))
    product = Stage(directory, extra={"QUICK_EXIT_URL": ELSEWHERE})
    try:
        product.start_products()
        yield product
    finally:
        product.stop()
        shutil.rmtree(directory, ignore_errors=True)


def opened(browser: Browser, stage: Stage, *, script: bool = True, path: str = "/report") -> Page:  # noqa: F811 - a fixture
    page = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740}).new_page()
    page.set_default_timeout(10_000)
    page.goto(stage.intake_url + path)
    return page


def told(page: Page) -> Page:
    page.get_by_label("Một trẻ em").check()
    page.fill("#f-text", STORY)
    page.fill("#f-place", "Phường Võ Cường, Bắc Ninh")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_somebody_tells_looks_again_and_tells_more(browser: Browser, stage: Stage, *, script: bool) -> None:  # noqa: F811
    page = told(opened(browser, stage, script=script))
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("h1")).to_have_text("Mã số")
    code = page.locator(".code16").inner_text()
    page.goto(stage.intake_url + "/receipt")
    page.fill("#f-code", code)
    page.get_by_role("button", name="Xem").click()
    page.fill("#f-more", "Nó lại khóc")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("status")).to_have_text("Đã nhận điều bạn kể thêm.")
    assert page.context.cookies() == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_leaving_goes_elsewhere_and_back_shows_nothing_typed(browser: Browser, stage: Stage, *, script: bool) -> None:  # noqa: F811
    page = told(opened(browser, stage, script=script))
    page.get_by_role("link", name="Thoát nhanh").click()
    page.wait_for_url("**" + ELSEWHERE)
    page.go_back()
    assert STORY not in page.content()
    if page.locator("#f-text").count():
        expect(page.locator("#f-text")).to_have_value("")


def test_with_script_the_form_is_no_longer_in_the_history(browser: Browser, stage: Stage) -> None:  # noqa: F811
    page = told(opened(browser, stage))
    before = page.evaluate("history.length")
    page.get_by_role("link", name="Thoát nhanh").click()
    page.wait_for_url("**" + ELSEWHERE)
    assert page.evaluate("history.length") == before


def test_back_from_the_receipt_shows_nothing_typed(browser: Browser, stage: Stage) -> None:  # noqa: F811
    page = told(opened(browser, stage))
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("h1")).to_have_text("Mã số")
    page.go_back()
    expect(page.locator("#f-text")).to_have_value("")


def test_a_lost_line_keeps_what_was_typed(browser: Browser, stage: Stage) -> None:  # noqa: F811
    page = told(opened(browser, stage))
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("[data-lost]")).to_contain_text("Mất mạng, chưa gửi.")
    expect(page.locator("#f-text")).to_have_value(STORY)
    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("h1")).to_have_text("Mã số")


@pytest.mark.parametrize("width", [320, 360, 1440])
@pytest.mark.parametrize("path", ["/report", "/receipt", "/report?lang=en"])
def test_nothing_is_cut_off_and_leaving_stays_in_sight(browser: Browser, stage: Stage, path: str, width: int) -> None:  # noqa: F811
    page = opened(browser, stage, path=path)
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#exit")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
