from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.database import Database
from shared.identity.actor import Scope
from shared.identity.bootstrap import bootstrap_id, key_hash
from shared.identity.directory import REMEMBERED_AT_MOST, Directory
from shared.identity.sessions import Session

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
RAW_KEY = "hlk_a-raw-key-that-must-never-be-kept"


def change(person_id: UUID, sequence: int = 1, **values: Any) -> PersonChanged:
    given = {"roles": (Role.WORKER,), "sessions_valid_from": NOON, **values}
    return PersonChanged(
        occurred_at=NOON, correlation_id=str(person_id), person_id=person_id, sequence=sequence, **given
    )


class RolledBackError(Exception):
    """Ends a transaction."""


async def tell(database: Database, directory: Directory, *changes: PersonChanged) -> None:
    for one in changes:
        async with database.transaction() as connection:
            await directory.record_person(connection, one)


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    yield statements
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)


@pytest.fixture
def directory(database: Database) -> Directory:
    return Directory(database, "notify")


async def test_person_is_known_with_roles_teams_and_units(database: Database, directory: Directory) -> None:
    person = uuid4()
    await tell(database, directory, change(person, team_codes=("social-9190",), unit_codes=(9190,)))
    actor = await directory.person(person)
    assert actor is not None
    assert (actor.id, actor.roles, actor.session) == (person, frozenset({Role.WORKER}), None)
    assert (actor.team_codes, actor.unit_codes) == (frozenset({"social-9190"}), frozenset({9190}))


async def test_unknown_person_and_unknown_key_are_nobody(directory: Directory) -> None:
    assert await directory.person(uuid4()) is None
    assert await directory.key("no such key") is None
    assert await directory.session(Session(uuid4(), "id", NOON)) is None


async def test_late_event_does_not_bring_back_an_earlier_state(database: Database, directory: Directory) -> None:
    person = uuid4()
    later = change(person, 3, roles=(Role.SUPERVISOR,))
    await tell(database, directory, later, change(person, 2, roles=(Role.ADMINISTRATOR,)), later)
    actor = await directory.person(person)
    assert actor is not None
    assert actor.roles == {Role.SUPERVISOR}


async def test_disabled_person_is_nobody_at_once(database: Database, directory: Directory) -> None:
    person = uuid4()
    await tell(database, directory, change(person))
    assert await directory.person(person) is not None
    await tell(database, directory, change(person, 2, disabled=True))
    assert await directory.person(person) is None
    assert await directory.session(Session(person, "id", NOON)) is None


async def test_session_counts_from_the_moment_the_person_last_signed_out(
    database: Database, directory: Directory
) -> None:
    person = uuid4()
    await tell(database, directory, change(person, sessions_valid_from=NOON))
    before, at = (Session(person, "id", NOON - timedelta(microseconds=1)), Session(person, "id", NOON))
    assert await directory.session(before) is None
    actor = await directory.session(at)
    assert actor is not None
    assert actor.session == "id"
    await tell(database, directory, change(person, 2, sessions_valid_from=NOON + timedelta(hours=1)))
    assert await directory.session(at) is None


async def test_key_stands_for_its_scopes_until_it_is_disabled(database: Database, directory: Directory) -> None:
    owner, hashes = uuid4(), {key_hash(RAW_KEY): (Scope.REPORTS_WRITE.value,)}
    await tell(database, directory, change(owner, roles=(), key_hashes=hashes))
    actor = await directory.key(RAW_KEY)
    assert actor is not None
    assert (actor.id, actor.scopes, actor.roles) == (owner, frozenset({Scope.REPORTS_WRITE}), frozenset[Role]())
    assert not actor.unlimited
    await tell(database, directory, change(owner, 2, roles=(), disabled=True))
    assert await directory.key(RAW_KEY) is None


async def test_raw_key_is_nowhere_in_the_database(database: Database, directory: Directory) -> None:
    await directory.ensure_bootstrap(RAW_KEY)
    await tell(database, directory, change(uuid4(), key_hashes={key_hash(RAW_KEY + "2"): ()}))
    async with database.reading() as connection:
        tables = await connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'notify'")
        )
        for table in tables.all():
            rows = await connection.scalars(text(f'SELECT t::text FROM notify."{table}" t'))  # noqa: S608 - our own tables
            assert not [row for row in rows.all() if RAW_KEY in row]


async def test_words_of_a_newer_version_grant_nothing(database: Database, directory: Directory) -> None:
    hashes = {key_hash(RAW_KEY): ("reports:write", "everything:write")}
    await tell(database, directory, change(uuid4(), key_hashes=hashes))
    actor = await directory.key(RAW_KEY)
    assert actor is not None
    assert actor.scopes == {Scope.REPORTS_WRITE}


async def test_remembered_key_asks_the_database_once(database: Database, directory: Directory) -> None:
    await directory.ensure_bootstrap(RAW_KEY)
    with counted_queries(database) as statements:
        actors = [await directory.key(RAW_KEY) for _ in range(100)]
    assert len(statements) == 1
    assert {actor.unlimited for actor in actors if actor} == {True}


async def test_change_committed_here_is_seen_by_every_directory_of_the_process(database: Database) -> None:
    one, other, person = Directory(database, "notify"), Directory(database, "notify"), uuid4()
    await tell(database, one, change(person))
    assert await other.person(person) is not None
    await tell(database, one, change(person, 2, roles=(Role.AUDITOR,)))
    actor = await other.person(person)
    assert actor is not None
    assert actor.roles == {Role.AUDITOR}


async def test_answer_read_before_a_commit_is_not_remembered_after_it(database: Database, directory: Directory) -> None:
    person = uuid4()
    await tell(database, directory, change(person))
    async with database.transaction() as connection:
        await directory.record_person(connection, change(person, 2, disabled=True))
        assert await directory.person(person) is not None
    assert await directory.person(person) is None


async def test_change_that_is_rolled_back_is_not_seen(database: Database, directory: Directory) -> None:
    person = uuid4()
    with suppress(RolledBackError):
        async with database.transaction() as connection:
            await directory.record_person(connection, change(person))
            raise RolledBackError
    assert await directory.person(person) is None


async def test_directory_remembers_a_bounded_number(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    async def everybody(_statement: Any) -> Any:
        return object()

    monkeypatch.setattr(directory, "_load", everybody)
    for _ in range(REMEMBERED_AT_MOST + 10):
        await directory._person(uuid4())
    assert len(directory._answers) == REMEMBERED_AT_MOST


async def test_bootstrap_key_has_every_scope_before_any_event_came(directory: Directory) -> None:
    await directory.ensure_bootstrap(RAW_KEY)
    actor = await directory.key(RAW_KEY)
    assert actor is not None
    assert (actor.id, actor.scopes, actor.unlimited) == (bootstrap_id(RAW_KEY), frozenset(Scope), True)
    assert not actor.roles


async def test_bootstrap_key_is_in_force_again_when_the_setting_is_back(
    database: Database, directory: Directory
) -> None:
    await directory.ensure_bootstrap(RAW_KEY)
    await tell(database, directory, change(bootstrap_id(RAW_KEY), 2, disabled=True))
    assert await directory.key(RAW_KEY) is None
    await directory.ensure_bootstrap(RAW_KEY)
    await directory.ensure_bootstrap(RAW_KEY)
    assert await directory.key(RAW_KEY) is not None
