"""The pages of people: who sees and changes what, what is warned of, in both languages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from services.notify import people_pages
from services.notify.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.service import Parts
from tests.integration.notify.world import ID, NOON, PHONE, World
from tests.support.page_client import page_client

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
WHO = {
    "worker": Actor(ID["worker"], frozenset({Role.WORKER})),
    "supervisor": Actor(UUID(int=61), frozenset({Role.SUPERVISOR})),
    "administrator": Actor(UUID(int=62), frozenset({Role.ADMINISTRATOR})),
    "auditor": Actor(UUID(int=63), frozenset({Role.AUDITOR})),
    "operator": Actor(UUID(int=64), frozenset({Role.OPERATOR})),
}


class Site:
    def __init__(self, client: httpx.AsyncClient, world: World) -> None:
        self.client, self.world = client, world

    async def get(self, path: str, who: str = "administrator", **query: str) -> httpx.Response:
        return await self.client.get(path, params=query, headers={"X-Who": who, "Accept": "text/html"})

    async def post(self, path: str, who: str = "administrator", **fields: str) -> httpx.Response:
        headers = {"X-Who": who, "Accept": "text/html"}
        return await self.client.post(path, data=fields, headers=headers, follow_redirects=True)

    async def contact(self, number: str, who: str = "administrator", path: str = "") -> str:
        """Return the id of a contact in the forms of its person's page."""
        html = (await self.get(path or f"/people/{ID['worker']}", who)).text
        row = next(part for part in html.split("<li>") if number in part)
        found = re.search(r'name="contact" value="([^"]+)"', row)
        assert found is not None
        return found.group(1)


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    parts = SimpleNamespace(database=world.database, bus=world.bus, clock=world.clock, keys=KEYS)
    routers = [people_pages.router(cast("Parts", cast("Any", parts)), world.desk)]
    async with page_client(world.database, world.clock, RECIPE.folder, routers, WHO) as client:
        yield Site(client, world)


async def test_whoever_is_on_duty_without_a_working_contact_is_warned_of(site: Site) -> None:
    assert "bị bỏ qua ngay" not in (await site.get("/people")).text
    await site.world.change_contacts(["worker"], verified_at=None)
    warned = (await site.get("/people", warned="1")).text
    assert "1 người trực" in warned
    assert ("Nguyễn Thị worker" in warned, "Nguyễn Thị head" in warned) == (True, False)
    english = (await site.get("/people", warned="1", lang="en")).text
    assert "1 people on duty now or within 14 days cannot be reached" in english
    assert "bị bỏ qua ngay" in (await site.get(f"/people/{ID['worker']}", lang="vi")).text


async def test_whoever_is_not_on_duty_is_no_warning(site: Site) -> None:
    await site.world.change_contacts(["worker"], verified_at=None)
    await site.world.off_duty("worker")
    assert "bị bỏ qua ngay" not in (await site.get("/people")).text


async def test_people_are_found_by_name_however_it_is_written(site: Site) -> None:
    found = (await site.get("/people", find="nguyen thi POLICE")).text
    assert ("Nguyễn Thị police" in found, "Nguyễn Thị worker" in found) == (True, False)
    assert "Không có ai như vậy" in (await site.get("/people", find="zzz")).text


async def test_an_administrator_adds_and_proves_a_number(site: Site) -> None:
    page = f"/people/{ID['worker']}"
    assert "Đã thêm liên hệ" in (await site.post(f"{page}/add", choice="sms", value="84-912-345-678")).text
    contact = await site.contact("+84912345678")
    assert "Đã gửi mã 6 số" in (await site.post(f"{page}/code", contact=contact)).text
    await site.world.work()
    (sms,) = site.world.expect("+84912345678", says="ma xac minh")
    found = re.search(r"\d{6}", sms.body)
    assert found is not None
    wrong = f"{(int(found.group()) + 1) % 10**6:06}"
    assert "Sai mã" in (answer := (await site.post(f"{page}/verify", contact=contact, value=wrong)).text)
    assert "còn 4 lần" in answer
    assert "Đã xác minh liên hệ." in (await site.post(f"{page}/verify", contact=contact, value=found.group())).text


async def test_everybody_proves_their_own_contacts_and_nobody_elses(site: Site) -> None:
    await site.world.change_contacts(["worker", "head"], verified_at=None)
    own = await site.contact(PHONE["worker"], "worker", "/me")
    assert "Đã gửi mã 6 số" in (await site.post("/me/code", "worker", contact=own)).text
    others = await site.contact(PHONE["head"], path=f"/people/{ID['head']}")
    assert "Liên hệ này không còn" in (await site.post("/me/code", "worker", contact=others)).text
    assert "không thuộc nhóm trực nào" in (await site.get("/me", "operator")).text
    assert (await site.post("/me/disable", "worker", sure="yes")).status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
async def test_who_only_reads_gets_no_forms_and_may_not_change(site: Site, who: str) -> None:
    page = f"/people/{ID['worker']}"
    html = (await site.get(page, who)).text
    assert PHONE["worker"] in html
    assert f'action="{page}' not in html
    assert (await site.post(f"{page}/add", who, choice="sms", value="0912345678")).status_code == 403


@pytest.mark.parametrize("who", ["worker", "operator"])
async def test_colleagues_numbers_are_not_for_everybody(site: Site, who: str) -> None:
    assert (await site.get("/people", who)).status_code == 403
    assert (await site.get(f"/people/{ID['head']}", who)).status_code == 403


async def test_a_disabled_person_leaves_a_gap_that_is_said(site: Site) -> None:
    page = f"/people/{ID['worker']}"
    assert "thành trống ca" in (await site.post(f"{page}/disable", sure="yes")).text
    assert "Trống ca" in (await site.get("/people", warned="1")).text
    await site.world.open()
    site.world.expect("head")
    assert "Trống ca: người này đã khóa" not in (await site.post(f"{page}/enable")).text


async def test_a_number_that_opted_out_is_shown_with_what_to_do(site: Site) -> None:
    await site.world.change_contacts(["worker"], opted_out_at=NOON)
    assert "Số chặn tin: nhắn START" in (await site.get(f"/people/{ID['worker']}")).text
    english = (await site.get(f"/people/{ID['worker']}", lang="en")).text
    assert "Blocked: text START from this number" in english


@pytest.mark.parametrize(("choice", "value"), [("sms", "12"), ("email", "canbo")])
async def test_a_wrong_address_says_how_to_write_it(site: Site, choice: str, value: str) -> None:
    assert "Ghi như" in (await site.post(f"/people/{ID['worker']}/add", choice=choice, value=value)).text


async def test_nobodys_page_is_not_found(site: Site) -> None:
    assert (await site.get(f"/people/{UUID(int=1)}")).status_code == 404
    assert (await site.post(f"/people/{ID['worker']}/dance")).status_code == 404
