"""A colleague is taken in, invited, changed and let go on the pages; supervisors propose, administrators decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from services.notify.handlers.verify_contact import CodeSent, send_code
from services.notify.models import ACCOUNTS, CONTACTS, IDENTITY, PEOPLE, duty, messages, people
from services.notify.people_changes import changes_of
from services.notify.rules.contact import ContactChannel
from shared.identity.sessions import real_now
from tests.integration.notify.people_site import (
    ADMINISTRATOR,
    KEYS,
    SUPERVISOR,
    WHO,
    PeopleSite,
    link_of,
    people_site,
)
from tests.integration.notify.world import ID, NOON, PHONE, World

PASSWORD = "ba từ dễ nhớ 42"
WORKER = f"/people/{ID['worker']}"
ACCOUNT = {"account": "yes", "login": " Moi.Nhom ", "role": ["worker"]}
accounts, contacts, proposals = ACCOUNTS.accounts, CONTACTS.contacts, PEOPLE.proposals


@pytest.fixture
async def site(world: World) -> AsyncIterator[PeopleSite]:
    async with people_site(world) as made:
        yield made


async def changed(site: PeopleSite, person_id: UUID) -> list[tuple[str, UUID | None]]:
    async with site.world.database.reading() as connection:
        return [(row["what"], row["by"]) for row in reversed(await changes_of(connection, person_id))]


async def one(site: PeopleSite, statement: str, **values: object) -> object:
    async with site.world.database.reading() as connection:
        return await connection.scalar(text(statement), values)


async def newest(site: PeopleSite) -> UUID:
    return UUID(str(await one(site, "SELECT id FROM notify.people WHERE name = 'Trần Thị Mới'")))


async def sign_in(site: PeopleSite, password: str, login: str = "moi.nhom") -> int:
    fields = {"login": login, "password": password}
    return (await site.client.post("/signin", data=fields, headers={"Accept": "text/html"})).status_code


async def test_a_colleague_without_an_account_is_paged_once_their_number_is_proved_and_they_are_on_duty(
    site: PeopleSite,
) -> None:
    answer = await site.take_in(address="0912 345 678", language="en")
    assert "Đã thêm người." in answer.text
    assert "+84912345678" in answer.text
    assert "Người này không có tài khoản" in answer.text
    person = await newest(site)
    story = [("person_created", ADMINISTRATOR), ("contact_added", ADMINISTRATOR)]
    assert await changed(site, person) == story
    assert await one(site, "SELECT count(*) FROM notify.accounts") == 0


async def test_a_colleague_with_an_account_chooses_a_password_by_a_link_that_works_once(site: PeopleSite) -> None:
    html = (await site.take_in(address="0912345678", more_teams="police-9190, police-9190", **ACCOUNT)).text
    link = link_of(html)
    person = await newest(site)
    token = link.rpartition("/")[2]
    assert token not in str(await one(site, "SELECT string_agg(token_hash, ' ') FROM notify.invitations"))
    assert token not in (await site.get(f"/people/{person}")).text
    async with site.world.database.reading() as connection:
        account = (await connection.execute(select(accounts))).mappings().one()
    assert (account["person_id"], account["login"], account["roles"]) == (person, "moi.nhom", ["worker"])
    assert (account["team_codes"], account["unit_codes"]) == (["police-9190", "social-9190"], [9190])
    assert await sign_in(site, "") == 401
    assert "moi.nhom" in (await site.get(link, "nobody")).text
    done = await site.client.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/signin")
    assert await sign_in(site, PASSWORD) == 303
    for answer in (await site.get(link, "nobody"), await site.post(link, "nobody", password=PASSWORD, again=PASSWORD)):
        assert answer.status_code == 410
        assert "Gọi quản trị để lấy liên kết mới" in answer.text
    whats = [what for what, _ in await changed(site, person)]
    assert whats == ["person_created", "contact_added", "account_created", "invited", "password_chosen"]


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("ngắn", "ngắn", "ít nhất 12 ký tự"),
        ("x" * 11, "x" * 11, "ít nhất 12 ký tự"),
        ("x" * 257, "x" * 257, "nhiều nhất 256 ký tự"),
        (PASSWORD, PASSWORD + "!", "Hai lần nhập khác nhau"),
        ("Moi.Nhom.Moi.", "Moi.Nhom.Moi.", "không được là tên đăng nhập"),
    ],
)
async def test_a_password_that_will_not_do_says_why_and_leaves_the_link(
    site: PeopleSite, password: str, again: str, says: str
) -> None:
    link = link_of((await site.take_in(**{**ACCOUNT, "login": "moi.nhom.moi."})).text)
    answer = await site.post(link, "nobody", password=password, again=again)
    assert answer.status_code == 422
    assert says in answer.text
    assert password not in answer.text
    assert (await site.get(link, "nobody")).status_code == 200


async def test_a_new_link_ends_the_old_one_and_a_link_ends_after_72_hours_of_real_time(site: PeopleSite) -> None:
    old = link_of((await site.take_in(**ACCOUNT)).text)
    page = f"/people/{await newest(site)}"
    new = link_of((await site.post(f"{page}/invite")).text)
    assert (await site.get(old, "nobody")).status_code == 410
    site.world.clock.advance(timedelta(hours=100))
    assert (await site.get(new, "nobody")).status_code == 200
    left = await one(site, "SELECT expires_at FROM notify.invitations")
    assert timedelta(hours=71) < left - real_now() <= timedelta(hours=72)  # type: ignore[operator]
    async with site.world.database.transaction() as connection:
        await connection.execute(update(PEOPLE.invitations).values(expires_at=real_now()))
    assert (await site.post(new, "nobody", password=PASSWORD, again=PASSWORD)).status_code == 410
    assert await sign_in(site, PASSWORD) == 401


async def test_a_form_sent_twice_takes_one_person_in(site: PeopleSite) -> None:
    form = {"id": await site.new_id(), "name": "Trần Thị Mới", "team": "social-9190", "position": "head"}
    await site.post("/people/new", **form)
    assert "Đã thêm người." in (await site.post("/people/new", **form)).text
    assert await one(site, "SELECT count(*) FROM notify.people WHERE name = 'Trần Thị Mới'") == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "  "}, "Ghi họ và tên"),
        ({"team": "social-1"}, "Không có nhóm mã này"),
        ({"position": "boss"}, "Chọn vị trí"),
        ({"language": "fr"}, "Chọn ngôn ngữ"),
        ({"address": "12"}, "Số hoặc thư không đúng"),
        ({**ACCOUNT, "login": " "}, "Ghi tên đăng nhập"),
        ({**ACCOUNT, "role": []}, "Chọn ít nhất một vai trò"),
        ({**ACCOUNT, "more_teams": "social-9190 nowhere-1"}, "Không có nhóm mã này"),
    ],
)
async def test_a_wrong_field_of_a_colleague_says_why_and_the_rest_stays_typed(
    site: PeopleSite, wrong: dict[str, object], says: str
) -> None:
    answer = await site.take_in(**{"address": "0912345678", **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert ('value="0912345678"' in answer.text) is ("address" not in wrong)
    assert await one(site, "SELECT count(*) FROM notify.people WHERE name = 'Trần Thị Mới'") == 0


async def test_a_sign_in_name_is_given_once(site: PeopleSite) -> None:
    await site.take_in(**ACCOUNT)
    answer = await site.take_in(**{**ACCOUNT, "login": "MOI.NHOM"})
    assert "đã có người dùng" in answer.text
    assert await one(site, "SELECT count(*) FROM notify.people WHERE name = 'Trần Thị Mới'") == 1


async def test_a_person_changes_name_position_and_teams_and_their_account_says_the_same(site: PeopleSite) -> None:
    await site.take_in(**ACCOUNT)
    person = await newest(site)
    fields = {"name": "Trần  Thị Khác", "position": "head", "team": "health-9190", "more_teams": "police-9190"}
    assert "Đã lưu." in (answer := (await site.post(f"/people/{person}/edit", **fields)).text)
    assert "Thành viên → Trưởng nhóm" in " ".join(answer.split())
    async with site.world.database.reading() as connection:
        row = (await connection.execute(select(people).where(people.c.id == person))).mappings().one()
        account = (await connection.execute(select(accounts))).mappings().one()
        copy = (await connection.execute(select(IDENTITY.people))).mappings().one()
    assert (row["name"], row["position"], row["team_code"]) == ("Trần Thị Khác", "head", "health-9190")
    assert (account["display_name"], account["team_codes"]) == ("Trần Thị Khác", ["health-9190", "police-9190"])
    assert copy["team_codes"] == account["team_codes"]
    whats = {what for what, by in await changed(site, person) if by == ADMINISTRATOR}
    assert whats >= {"name", "position", "team_code", "account_teams"}
    wrong = await site.post(f"/people/{person}/edit", **{**fields, "name": "Chữ vừa gõ", "team": "nowhere"})
    assert (wrong.status_code, "Chữ vừa gõ" in wrong.text) == (422, True)
    assert "Không có nhóm mã này" in wrong.text


async def test_nothing_is_disabled_or_removed_without_saying_so_twice(site: PeopleSite) -> None:
    assert "Đánh dấu Tôi chắc chắn" in (await site.post(f"{WORKER}/disable")).text
    contact = await one(site, "SELECT id FROM notify.contacts WHERE person_id = :id", id=ID["worker"])
    for path, who in ((WORKER, "administrator"), ("/me", "worker")):
        assert "Đánh dấu Tôi chắc chắn" in (await site.post(f"{path}/remove", who, contact=str(contact))).text
    await site.world.open()
    site.world.expect("worker")
    assert "Đã bỏ liên hệ." in (await site.post("/me/remove", "worker", contact=str(contact), sure="yes")).text


async def test_disabling_ends_sessions_and_links_and_says_first_which_turns_stay_empty(site: PeopleSite) -> None:
    await site.take_in(**ACCOUNT)
    person = await newest(site)
    link = link_of((await site.post(f"/people/{person}/invite")).text)
    assert "Trống ca nếu khóa" not in (await site.get(f"/people/{person}")).text
    assert "Trống ca nếu khóa: social-9190, Thành viên" in (await site.get(WORKER)).text
    await site.world.serve("police", "social-9190")
    assert "Trống ca nếu khóa" not in (await site.get(WORKER)).text
    await site.post(f"/people/{person}/disable", sure="yes")
    assert (await site.get(link, "nobody")).status_code == 410
    async with site.world.database.reading() as connection:
        copy = (await connection.execute(select(IDENTITY.people))).mappings().one()
    assert copy["disabled"] is True
    whats = [what for what, _ in await changed(site, person)]
    assert whats[-2:] == ["disabled", "account_disabled"]
    assert "hoặc đã khóa" in (await site.post(f"/people/{person}/invite")).text
    await site.post(f"/people/{person}/enable")
    again = link_of((await site.post(f"/people/{person}/invite")).text)
    await site.post(again, "nobody", password=PASSWORD, again=PASSWORD)
    assert await sign_in(site, PASSWORD) == 303


async def test_a_turn_ahead_that_nobody_shares_is_a_hole_too(site: PeopleSite) -> None:
    async with site.world.database.transaction() as connection:
        await connection.execute(text("DELETE FROM notify.duty WHERE person_id = :id"), {"id": ID["police"]})
        turn = {"team_code": "police-9190", "position": "worker", "person_id": ID["police"]}
        begins = NOON + timedelta(days=3)
        await connection.execute(insert(duty).values(**turn, starts_at=begins, ends_at=begins + timedelta(hours=8)))
    assert "police-9190, Thành viên, từ 14:10 01/12" in (await site.get(f"/people/{ID['police']}")).text


async def test_nobody_disables_themselves(site: PeopleSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WHO, "administrator", WHO["administrator"].__class__(ID["head"], WHO["administrator"].roles))
    assert "Không tự khóa mình được" in (await site.post(f"/people/{ID['head']}/disable", sure="yes")).text


async def propose(site: PeopleSite, kind: str, value: str = "", **more: str) -> str:
    fields = {"person": str(ID["worker"]), "kind": kind, "value": value, **more}
    return (await site.post("/people/proposals", "supervisor", **fields)).text


async def waiting(site: PeopleSite) -> list[int]:
    async with site.world.database.reading() as connection:
        open_ones = select(proposals.c.id).where(proposals.c.state == "open").order_by(proposals.c.id)
        return list((await connection.execute(open_ones)).scalars())


async def test_a_supervisor_proposes_and_an_administrator_makes_the_change(site: PeopleSite) -> None:
    assert "Đã gửi đề nghị" in await propose(site, "contact", "0912 345 678", channel="sms", why="Số mới")
    assert "không cần gửi lại" in await propose(site, "contact", "+84912345678", channel="sms")
    await propose(site, "team", "health-9190")
    await propose(site, "position", "head")
    listed = (await site.get("/people")).text
    assert "Đề nghị chờ quản trị: 3" in listed
    assert "Số mới" in listed
    assert "/accept" not in (await site.get("/people", "supervisor")).text
    for number in await waiting(site):
        assert "Đã làm theo đề nghị." in (await site.post(f"/people/proposals/{number}/accept")).text
    async with site.world.database.reading() as connection:
        row = (await connection.execute(select(people).where(people.c.id == ID["worker"]))).mappings().one()
        added = select(contacts.c.address).where(contacts.c.person_id == ID["worker"], contacts.c.verified_at.is_(None))
        assert (await connection.execute(added)).scalars().all() == ["+84912345678"]
        assert "+84912345678" not in str((await connection.execute(select(proposals))).all())
    assert (row["team_code"], row["position"]) == ("health-9190", "head")
    story = await changed(site, ID["worker"])
    assert story.count(("proposed", SUPERVISOR)) == story.count(("proposal_accepted", ADMINISTRATOR)) == 3
    assert ("team_code", ADMINISTRATOR) in story


async def test_what_takes_something_away_is_accepted_with_care(site: PeopleSite) -> None:
    contact = await one(site, "SELECT id FROM notify.contacts WHERE person_id = :id", id=ID["worker"])
    await propose(site, "contact_remove", str(contact))
    await propose(site, "disable", why="Đã nghỉ việc")
    listed = (await site.get("/people")).text
    assert f"Bỏ liên hệ</b>: {PHONE['worker']}" in listed
    assert "Trống ca nếu khóa: social-9190, Thành viên" in listed
    for number in await waiting(site):
        assert "Đánh dấu Tôi chắc chắn" in (await site.post(f"/people/proposals/{number}/accept")).text
        assert "Đã làm theo" in (await site.post(f"/people/proposals/{number}/accept", sure="yes")).text
    assert await one(site, "SELECT disabled FROM notify.people WHERE id = :id", id=ID["worker"]) is True


async def test_a_refusal_says_why_and_what_is_decided_stays_decided(site: PeopleSite) -> None:
    await propose(site, "position", "head")
    (number,) = await waiting(site)
    assert "Ghi lý do" in (await site.post(f"/people/proposals/{number}/refuse", reason="  ")).text
    await site.post(f"/people/proposals/{number}/refuse", reason="Chưa đủ hồ sơ")
    assert "Chưa đủ hồ sơ" in (await site.get(WORKER, "supervisor")).text
    assert "đã có người quyết định" in (await site.post(f"/people/proposals/{number}/accept")).text
    assert "đã có người quyết định" in (await site.post(f"/people/proposals/{number}/refuse", reason="x")).text
    assert await one(site, "SELECT position FROM notify.people WHERE id = :id", id=ID["worker"]) == "worker"
    with pytest.raises(DBAPIError, match="stays as it is"):
        async with site.world.database.transaction() as connection:
            await connection.execute(text("UPDATE notify.people_proposals SET state = 'accepted'"))


@pytest.mark.parametrize(
    ("kind", "value", "more", "says"),
    [
        ("contact", "12", {"channel": "sms"}, "Số điện thoại không đúng"),
        ("contact", "x", {"channel": "email"}, "Địa chỉ thư không đúng"),
        ("contact", "0912345678", {"channel": "fax"}, "Không có gì để đổi"),
        ("team", "nowhere", {}, "Không có gì để đổi"),
        ("position", "boss", {}, "Không có gì để đổi"),
        ("contact_remove", str(UUID(int=9)), {}, "Không có gì để đổi"),
    ],
)
async def test_what_cannot_be_is_not_proposed(
    site: PeopleSite, kind: str, value: str, more: dict[str, str], says: str
) -> None:
    assert says in await propose(site, kind, value, **more)
    assert await waiting(site) == []


@pytest.mark.parametrize("who", ["worker", "operator", "auditor", "nobody"])
async def test_others_neither_propose_nor_decide(site: PeopleSite, who: str) -> None:
    fields = {"person": str(ID["head"]), "kind": "disable"}
    assert (await site.post("/people/proposals", who, **fields)).status_code == 403
    await propose(site, "disable")
    (number,) = await waiting(site)
    for path in (f"/people/proposals/{number}/accept", f"/people/proposals/{number}/refuse", "/people/new"):
        assert (await site.post(path, who, sure="yes", reason="x")).status_code == 403
    assert await waiting(site) == [number]


async def test_a_supervisor_decides_nothing_and_makes_nobody(site: PeopleSite) -> None:
    await propose(site, "disable")
    (number,) = await waiting(site)
    for path in (f"/people/proposals/{number}/accept", f"{WORKER}/edit", f"{WORKER}/invite", "/people/new"):
        assert (await site.post(path, "supervisor", sure="yes")).status_code == 403
    assert (await site.get("/people/new", "supervisor")).status_code == 403


async def test_a_code_goes_by_the_channel_of_its_contact(site: PeopleSite, monkeypatch: pytest.MonkeyPatch) -> None:
    await site.post(f"{WORKER}/add", choice="email", value="Canbo@Example.vn")
    contact = UUID(str(await one(site, "SELECT id FROM notify.contacts WHERE channel = 'email'")))
    monkeypatch.setattr("services.notify.contacts._sendable", [channel.value for channel in ContactChannel])
    async with site.world.database.transaction() as connection:
        asked = {"by": ADMINISTRATOR, "real": real_now()}
        assert await send_code(connection, site.world.desk, KEYS, contact, **asked) == CodeSent()  # type: ignore[arg-type]
        row = (await connection.execute(select(messages))).mappings().one()
    assert (row["kind"], row["channel"], row["phone"]) == ("contact_code", "email", "canbo@example.vn")


async def test_an_account_of_no_team_is_opened_listed_and_closed(site: PeopleSite) -> None:
    fields = {"account": "yes", "login": "truc.ban", "role": ["operator"], "team": ""}
    link = link_of((await site.take_in(**fields)).text)
    await site.post(link, "nobody", password=PASSWORD, again=PASSWORD)
    assert await sign_in(site, PASSWORD, "truc.ban") == 303
    listed = (await site.get("/people", find="truc.ban")).text
    assert "Tài khoản không thuộc nhóm nào" in listed
    person = await one(site, "SELECT person_id FROM notify.accounts")
    page = f"/people/accounts/{person}/disable"
    assert "Đánh dấu Tôi chắc chắn" in (await site.post(page)).text
    assert (await site.post(page, "supervisor", sure="yes")).status_code == 403
    assert "Đã khóa tài khoản" in (await site.post(page, sure="yes")).text
    assert await sign_in(site, PASSWORD, "truc.ban") == 401
    assert link_of((await site.post(f"/people/{person}/invite")).text)


@pytest.mark.parametrize("more", [{"role": ["worker"]}, {"address": "0912345678"}])
async def test_whoever_is_paged_is_of_a_team(site: PeopleSite, more: dict[str, object]) -> None:
    answer = await site.take_in(**{"account": "yes", "login": "x.y", "role": ["operator"], "team": "", **more})
    assert "Không có nhóm mã này" in answer.text
    assert await one(site, "SELECT count(*) FROM notify.accounts") == 0


async def test_the_list_of_teams_names_whom_no_message_reaches(site: PeopleSite) -> None:
    await site.world.change_contacts(["head"], opted_out_at=NOON)
    html = (await site.get("/people/teams", find="social-9190")).text
    assert "Chưa báo được: Nguyễn Thị head" in html
