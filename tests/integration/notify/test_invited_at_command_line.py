"""Accounts made at the command line: a link that opens them, a colleague where they are paged, no whole number listed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deploy import people as command
from deploy.people import Invited
from services.notify.handlers.invite_person import PasswordSet, accept_invitation
from services.notify.models import ACCOUNTS, CONTACTS, people
from services.notify.passwords import Passwords
from shared.contracts.vocabulary import Role
from shared.identity.sessions import real_now
from shared.settings import SettingError, Settings
from tests.integration.notify.world import NOON, World

PHONE = "0912 345 678"
WORKER = Invited("can.bo", "Lê Văn Bộ", frozenset({Role.WORKER}), ("social-9190", "police-9190"), PHONE)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Settings:
    monkeypatch.setenv("HEEDLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HEEDLINE_PUBLIC_URL", "https://heedline.example.vn/")
    return Settings()


async def test_an_administrators_link_lets_them_choose_a_password(world: World, settings: Settings) -> None:
    invited = Invited("Quan.Tri", "Đào Thanh Sơn", frozenset({Role.ADMINISTRATOR}))
    link = await command.invite(settings, world.database, invited)
    assert link.startswith("https://heedline.example.vn/invite/")
    token = link.rpartition("/")[2]
    done = await accept_invitation(
        world.database, world.bus, Passwords(), token, "mật khẩu dài lắm", real=real_now(), now=NOON
    )
    assert done == PasswordSet("quan.tri")


async def test_a_workers_account_is_a_person_with_a_contact(world: World, settings: Settings) -> None:
    await command.invite(settings, world.database, WORKER)
    async with world.database.reading() as connection:
        account = (await connection.execute(select(ACCOUNTS.accounts))).mappings().one()
        person = (await connection.execute(select(people).where(people.c.name == WORKER.name))).mappings().one()
        theirs = select(CONTACTS.contacts).where(CONTACTS.contacts.c.person_id == person["id"])
        contact = (await connection.execute(theirs)).mappings().one()
    assert (account["person_id"], account["team_codes"]) == (person["id"], ["police-9190", "social-9190"])
    assert (person["team_code"], contact["address"], contact["verified_at"]) == ("social-9190", "+84912345678", None)


async def test_the_list_says_how_people_are_reached_without_their_numbers(world: World, settings: Settings) -> None:
    await command.invite(settings, world.database, WORKER)
    (line,) = await command.accounts_of(world.database)
    assert line.contacts == ["sms …678 unverified"]
    assert "12345" not in str(line)


@pytest.mark.parametrize(
    ("invited", "says"),
    [
        (Invited("a", "A", frozenset({Role.WORKER})), "--team is missing"),
        (Invited("a", "A", frozenset({Role.WORKER}), ("social-1",)), "--team is wrong"),
        (Invited("a", "A", frozenset({Role.WORKER}), ("social-9190",), "12"), "--phone is wrong"),
        (Invited(" ", "A", frozenset({Role.AUDITOR})), "needs a sign-in name"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_made(
    world: World, settings: Settings, invited: Invited, says: str
) -> None:
    with pytest.raises(SettingError, match=says):
        await command.invite(settings, world.database, invited)
    assert await command.accounts_of(world.database) == []


async def test_a_sign_in_name_is_given_once(world: World, settings: Settings) -> None:
    invited = Invited("ten", "A", frozenset({Role.AUDITOR}))
    await command.invite(settings, world.database, invited)
    with pytest.raises(SettingError, match="is taken"):
        await command.invite(settings, world.database, invited)
