from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.handlers.change_key import revoke_key
from services.notify.handlers.create_account import AccountExistsError, AccountIncompleteError, create_account
from services.notify.handlers.create_key import KEY_PREFIX, create_key, keep_bootstrap_key
from services.notify.handlers.disable_account import disable_account
from services.notify.handlers.sign_out import sign_out
from services.notify.passwords import PasswordLengthError
from shared.contracts.event import Event
from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.database import Database
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.bootstrap import bootstrap_id, key_hash
from shared.identity.directory import Directory
from shared.identity.sessions import real_now

PASSWORD = "mật khẩu rất dài 42"
RAW_KEY = "check-" + "0123456789abcdef" * 2
OTHER_KEY = "check-" + "fedcba9876543210" * 2


class WatchedBus(EventBus):
    """The real bus, which also remembers what was published."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.told: list[PersonChanged] = []

    async def publish(self, connection: AsyncConnection, *events: Event) -> None:
        self.told += [event for event in events if isinstance(event, PersonChanged)]
        await super().publish(connection, *events)


@pytest.fixture
def bus(database: Database) -> WatchedBus:
    return WatchedBus(database)


@pytest.fixture
def directory(database: Database) -> Directory:
    return Directory(database, "notify")


class RolledBackError(Exception):
    """Ends a transaction."""


async def enrol(database: Database, bus: EventBus, **values: Any) -> UUID:
    given = {
        "login": "hanh",
        "display_name": "Ngô Thị Hạnh",
        "password": PASSWORD,
        "roles": [Role.WORKER],
        "team_codes": ["social-9190"],
        "unit_codes": [9190],
        **values,
    }
    async with database.transaction() as connection:
        return await create_account(connection, bus, now=real_now(), **given)


async def bootstrap(database: Database, bus: EventBus, raw: str | None) -> None:
    async with database.transaction() as connection:
        await keep_bootstrap_key(connection, bus, raw=raw, now=real_now())


async def test_new_account_is_told_without_name_or_password(database: Database, bus: WatchedBus) -> None:
    person = await enrol(database, bus)
    [change] = bus.told
    assert (change.person_id, change.sequence, change.disabled) == (person, 1, False)
    assert (change.roles, change.team_codes, change.unit_codes) == ((Role.WORKER,), ("social-9190",), (9190,))
    document = change.model_dump_json()
    assert "hanh" not in document
    assert "Hạnh" not in document
    assert "argon2" not in document


async def test_new_account_is_known_to_notify_at_once(
    database: Database, bus: WatchedBus, directory: Directory
) -> None:
    actor = await directory.person(await enrol(database, bus))
    assert actor is not None
    assert actor.roles == {Role.WORKER}


async def test_account_and_its_event_fail_together(database: Database, bus: WatchedBus, directory: Directory) -> None:
    with suppress(RolledBackError):
        async with database.transaction() as connection:
            person = await create_account(
                connection, bus, login="hanh", display_name="H", password=PASSWORD, roles=[Role.WORKER], now=real_now()
            )
            raise RolledBackError
    assert await directory.person(person) is None
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM events.queue")) == 0
    await enrol(database, bus)
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM events.queue")) == len(PersonChanged.CONSUMERS)


async def test_name_belongs_to_one_account_whatever_its_case(database: Database, bus: WatchedBus) -> None:
    await enrol(database, bus, login="Hạnh")
    with pytest.raises(AccountExistsError):
        await enrol(database, bus, login=" HẠNH")
    assert len(bus.told) == 1


async def test_person_has_one_account(database: Database, bus: WatchedBus) -> None:
    person = await enrol(database, bus, person_id=uuid4())
    with pytest.raises(AccountExistsError):
        await enrol(database, bus, login="other", person_id=person)


@pytest.mark.parametrize("wrong", [{"login": "  "}, {"roles": []}])
async def test_account_without_name_or_role_is_refused(
    database: Database, bus: WatchedBus, wrong: dict[str, Any]
) -> None:
    with pytest.raises(AccountIncompleteError):
        await enrol(database, bus, **wrong)


@pytest.mark.parametrize("length", [0, 11, 257])
async def test_password_of_a_wrong_length_is_refused(database: Database, bus: WatchedBus, length: int) -> None:
    with pytest.raises(PasswordLengthError, match="12 to 256"):
        await enrol(database, bus, password="x" * length)


async def test_password_is_kept_as_argon2id_only(database: Database, bus: WatchedBus) -> None:
    await enrol(database, bus)
    async with database.reading() as connection:
        kept = await connection.scalar(text("SELECT password_hash FROM notify.accounts"))
    assert str(kept).startswith("$argon2id$")
    assert PASSWORD not in str(kept)


async def test_closing_an_account_twice_tells_it_once(database: Database, bus: WatchedBus) -> None:
    person = await enrol(database, bus)
    results = []
    for _ in range(2):
        async with database.transaction() as connection:
            results.append(await disable_account(connection, bus, person_id=person, now=real_now()))
    assert results == [True, False]
    assert [(change.sequence, change.disabled) for change in bus.told] == [(1, False), (2, True)]
    assert bus.told[1].sessions_valid_from > bus.told[0].sessions_valid_from


async def test_sign_out_counts_in_real_time_whatever_the_services_clock_says(
    database: Database, bus: WatchedBus
) -> None:
    person = await enrol(database, bus)
    async with database.transaction() as connection:
        await sign_out(connection, bus, person_id=person, now=real_now() + timedelta(days=30))
    assert bus.told[1].sessions_valid_from <= real_now()
    assert bus.told[1].sequence == 2


async def test_key_is_returned_once_and_kept_as_its_hash(
    database: Database, bus: WatchedBus, directory: Directory
) -> None:
    async with database.transaction() as connection:
        raw = await create_key(connection, bus, name="Tổng đài 111", scopes=[Scope.REPORTS_WRITE], now=real_now())
    assert raw.startswith(KEY_PREFIX)
    assert len(raw) > 40
    async with database.reading() as connection:
        row = await connection.scalar(text("SELECT k::text FROM notify.api_keys k"))
    assert raw not in str(row)
    assert raw not in bus.told[0].model_dump_json()
    assert bus.told[0].key_hashes == {key_hash(raw): ("reports:write",)}
    actor = await directory.key(raw)
    assert actor is not None
    assert actor.scopes == {Scope.REPORTS_WRITE}


async def test_disabled_key_opens_nothing_and_is_told(
    database: Database, bus: WatchedBus, directory: Directory
) -> None:
    async with database.transaction() as connection:
        raw = await create_key(connection, bus, name="cổng", scopes=list(Scope), now=real_now())
    async with database.transaction() as connection:
        await revoke_key(connection, bus, key_id=bus.told[0].person_id, by=None, now=real_now())
    assert await directory.key(raw) is None
    assert (bus.told[1].disabled, bus.told[1].key_hashes) == (True, {})


async def test_bootstrap_key_is_told_once_however_often_the_process_starts(
    database: Database, bus: WatchedBus, directory: Directory
) -> None:
    for _ in range(3):
        await bootstrap(database, bus, RAW_KEY)
        await directory.ensure_bootstrap(RAW_KEY)
    [change] = bus.told
    assert change.person_id == bootstrap_id(RAW_KEY)
    assert set(change.key_hashes[key_hash(RAW_KEY)]) == {scope.value for scope in Scope}
    actor = await directory.key(RAW_KEY)
    assert actor is not None
    assert actor.unlimited


async def test_key_of_an_earlier_setting_is_out_of_force(
    database: Database, bus: WatchedBus, directory: Directory
) -> None:
    await bootstrap(database, bus, RAW_KEY)
    await bootstrap(database, bus, OTHER_KEY)
    assert await directory.key(RAW_KEY) is None
    assert await directory.key(OTHER_KEY) is not None
    await bootstrap(database, bus, None)
    assert await directory.key(OTHER_KEY) is None
    await bootstrap(database, bus, RAW_KEY)
    assert await directory.key(RAW_KEY) is not None
