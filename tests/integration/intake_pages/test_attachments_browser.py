"""Files through a real browser, its real session and the real form: also where it runs no scripts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.sample import ACCOUNTS_FILE
from shared.web.files import LARGEST_FILE
from tests.e2e.conftest import browser  # noqa: F401 - a fixture
from tests.e2e.test_story import signed_in
from tests.support import files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product without its carrier, which no test here needs."""
    directory = Path(tempfile.mkdtemp(prefix="hlfiles"))
    make_passwords(directory / "data" / ACCOUNTS_FILE)
    product = Stage(directory)
    try:
        product.start_products()
        yield product
    finally:
        product.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def report(browser: Browser, stage: Stage) -> Page:  # noqa: F811 - a fixture
    """A stored report's page, in a browser that runs no scripts."""
    signed = signed_in(browser, stage, "tiepnhan")
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed.context.storage_state(), viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{stage.intake_url}/console")
    page.fill("#narrative", "Cháu bị đánh, tay sưng.")
    page.click("#save")
    page.wait_for_url("**/console/reports/*-*")
    return page


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/html", "buffer": data}


def test_files_are_added_and_opened_without_scripts(report: Page) -> None:
    report.set_input_files("#files-in", [payload("tay.jpg", files.picture_with_exif()), payload("kể.mp3", files.mp3())])
    report.click(".file-form button")
    expect(report.locator(".file-list li")).to_have_count(2)
    assert report.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    report.click(".file-list a >> text=tay.jpg")
    expect(report.locator("img.file-img")).to_have_js_property("naturalWidth", 20)
    report.go_back()
    report.click("a >> text=Lịch sử")
    expect(report.locator(".revisions li")).to_have_count(1)
    assert report.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_file_that_is_too_large_is_said_in_the_browser(report: Page) -> None:
    too_large = payload("dài.mp3", files.mp3().ljust(LARGEST_FILE + 1, b"\0"))
    report.set_input_files("#files-in", [too_large, payload("kể.mp3", files.mp3())])
    report.click(".file-form button")
    expect(report.locator("#files-refused")).to_contain_text("quá 20 MB")
    expect(report.locator(".file-list li")).to_have_count(1)
