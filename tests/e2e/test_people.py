"""People and contacts in a real browser: by keyboard alone, in both languages, on a phone and a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.processes import Stage
from tests.e2e.test_story import WAIT_MS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NUMBER = "0987 654 321"
E164 = "+84987654321"


def tab_to(page: Page, name: str, *, backwards: bool = False) -> None:
    """Press Tab until the focus is on what has this accessible name."""
    key = "Shift+Tab" if backwards else "Tab"
    wanted = page.locator("button, input, select, a").and_(page.locator(":focus"))
    for _ in range(120):
        page.keyboard.press(key)
        label = wanted.evaluate_all(
            "found => found.map(one => one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText)"
        )
        if label and label[0].strip() == name:
            return
    pytest.fail(f"Tab never reaches {name}")


def code_on_phone(browser: Browser, stage: Stage) -> str:
    """Return the code on the carrier's page of phones."""
    phones = browser.new_context().new_page()
    phones.goto(f"{stage.notify_url}/demo/phones")
    phones.fill("#find", E164)
    message = phones.locator("#phones button", has_text="ma xac minh").first
    expect(message).to_be_visible(timeout=WAIT_MS)
    message.click()
    thread = phones.locator("#thread")
    expect(thread).to_contain_text("ma xac minh so may", timeout=WAIT_MS)
    found = re.findall(r"ma xac minh so may la (\d{6})", thread.inner_text())
    assert found
    return str(found[-1])


def test_a_worker_proves_a_new_number_by_keyboard_alone(browser: Browser, stage: Stage) -> None:
    page = signed_in(browser, stage, "canbo", width=360)
    page.goto(f"{stage.notify_url}/me")
    tab_to(page, "Số điện thoại hoặc thư điện tử")
    page.keyboard.type(NUMBER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã thêm liên hệ")
    tab_to(page, f"Gửi mã: {E164}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã gửi mã 6 số")
    code = code_on_phone(browser, stage)
    tab_to(page, "Mã 6 số")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã xác minh liên hệ.")
    row = page.locator(".contacts li", has_text=E164)
    expect(row).to_contain_text("Đã xác minh, báo được")
    tab_to(page, "Bỏ: " + E164)
    page.keyboard.press("Enter")
    assert row.locator("input[name=sure]").evaluate("box => box.validity.valueMissing")
    tab_to(page, "Tôi chắc chắn", backwards=True)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ liên hệ.")


def test_a_colleague_is_invited_chooses_a_password_and_signs_in(browser: Browser, stage: Stage) -> None:
    administrator = signed_in(browser, stage, "quantri")
    administrator.goto(f"{stage.notify_url}/people/new")
    administrator.get_by_label("Họ và tên").fill("Phạm Thị Lan")
    administrator.get_by_label("Mã nhóm").fill("social-9190")
    administrator.get_by_label("Mở tài khoản để đăng nhập").check()
    administrator.get_by_label("Tên đăng nhập").fill("lan.pham")
    administrator.get_by_label("Người làm công tác bảo vệ trẻ em").check()
    administrator.get_by_role("button", name="Thêm người").click()
    link = administrator.get_by_label("Liên kết").input_value()
    path = link[link.index("/invite/") :]
    new = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    new.set_default_timeout(WAIT_MS)
    new.goto(f"{stage.notify_url}{path}")
    assert new.evaluate("document.documentElement.scrollWidth") <= 360
    new.get_by_label("Mật khẩu, ít nhất 12 ký tự").fill("ngắn quá")
    new.get_by_label("Nhập lại mật khẩu").fill("ngắn quá")
    new.keyboard.press("Enter")
    expect(new.get_by_role("alert")).to_contain_text("ít nhất 12 ký tự")
    for label in ("Mật khẩu, ít nhất 12 ký tự", "Nhập lại mật khẩu"):
        new.get_by_label(label).fill("ba từ dễ nhớ 42")
    new.keyboard.press("Enter")
    new.wait_for_url("**/signin")
    new.fill("input[name=login]", "lan.pham")
    new.fill("input[type=password]", "ba từ dễ nhớ 42")
    new.keyboard.press("Enter")
    new.wait_for_url(lambda url: "/signin" not in url)
    expect(new.locator(".who")).to_contain_text("Phạm Thị Lan")
    new.goto(f"{stage.notify_url}{path}")
    expect(new.get_by_role("heading", level=1)).to_have_text("Liên kết không dùng được")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_of_people_is_wider_than_its_window(browser: Browser, stage: Stage, width: int, language: str) -> None:
    administrator = signed_in(browser, stage, "quantri", width=width)
    for path in ("/people", "/people/teams", "/people/teams/social-9190", "/people/teams/new", "/people/new"):
        administrator.goto(f"{stage.notify_url}{path}?lang={language}")
        assert administrator.evaluate("document.documentElement.scrollWidth") <= width, path
        assert administrator.locator("h1").count() == 1, path
