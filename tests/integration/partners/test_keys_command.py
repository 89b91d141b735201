"""`heedline keys` as a person runs it."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner, Result

from deploy.cli import app
from services.notify.models import SCHEMA
from shared.crypto import generate_key
from shared.database import Database
from shared.events import EVENTS_SCHEMA
from shared.identity.bootstrap import key_hash
from shared.settings import SettingError
from tests.support.postgres import Postgres

NOBODY = "00000000-0000-0000-0000-000000000001"


@dataclass(frozen=True)
class Desk:
    """The command line on a database, and that database."""

    run: Callable[..., Result]
    rows: Callable[[str], list[Any]]

    def create(self) -> tuple[str, str]:
        """Create a key; return its id and secret."""
        made = self.run("create", "Tổng đài", "--scope", "reports:write", "--per-minute", "9")
        assert made.exit_code == 0, made.output
        ((key_id,),) = self.rows("SELECT id FROM notify.api_keys")
        return str(key_id), made.stdout.split()[-1]


@pytest.fixture
def desk(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Run commands on a database that no event loop of this test holds open."""
    with asyncio.Runner() as loop:
        context = postgres.database([EVENTS_SCHEMA, SCHEMA])
        database = loop.run(context.__aenter__())
        monkeypatch.setenv("HEEDLINE_DATABASE_URL", database.url)
        for name in ("ENCRYPTION_KEYS", "INDEX_KEY", "SESSION_KEY"):
            monkeypatch.setenv(f"HEEDLINE_{name}", generate_key())
        monkeypatch.setattr("deploy.cli.console", Console(width=250))
        try:
            yield Desk(
                lambda *words: CliRunner().invoke(app, ["keys", *words]),
                lambda query: loop.run(_rows(database, query)),
            )
        finally:
            loop.run(context.__aexit__(None, None, None))


async def _rows(database: Database, query: str) -> list[Any]:
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


def test_keys_are_listed_with_their_limits_and_never_a_secret(desk: Desk) -> None:
    key_id, secret = desk.create()
    listed = desk.run("list")
    assert listed.exit_code == 0, listed.output
    assert re.search(rf"{key_id}.*Tổng đài.*reports:write.*9.*20000", listed.stdout)
    assert secret not in listed.stdout
    assert key_hash(secret) not in listed.stdout


def test_a_rotated_key_has_two_secrets_until_the_overlap_ends(desk: Desk) -> None:
    key_id, old = desk.create()
    rotated = desk.run("rotate", key_id, "--overlap-days", "2")
    assert rotated.exit_code == 0, rotated.output
    new = rotated.stdout.split()[-1]
    assert new.startswith("hlk_")
    ends = desk.rows(
        "SELECT key_hash, ends_at IS NULL, ends_at < now() + interval '49 hours' FROM notify.api_key_secrets "
        "ORDER BY created_at"
    )
    assert ends == [(key_hash(old), False, True), (key_hash(new), True, None)]
    assert desk.run("rotate", key_id, "--overlap-days", "91").exit_code == 2


def test_a_revoked_key_is_told_to_the_other_services_and_its_history_is_kept(desk: Desk) -> None:
    key_id, _ = desk.create()
    revoked = desk.run("revoke", key_id)
    assert revoked.exit_code == 0, revoked.output
    assert "revoked" in revoked.stdout
    assert desk.rows("SELECT disabled FROM notify.identity_people") == [(True,)]
    told = desk.rows("SELECT queue, count(*) FROM events.queue GROUP BY queue ORDER BY queue")
    assert told == [("intake", 2), ("triage", 2)]
    assert desk.rows("SELECT what, changed_by FROM notify.api_key_changes ORDER BY id") == [
        ("created", None),
        ("revoked", None),
    ]
    assert "yes" in desk.run("list").stdout


def test_a_script_reads_the_secret_and_nothing_else(desk: Desk) -> None:
    key_id, _ = desk.create()
    program = [sys.executable, "-c", "from deploy.cli import main; main()", "keys", "rotate", key_id]
    printed = subprocess.run(program, capture_output=True, check=True, text=True).stdout
    assert re.fullmatch(r"hlk_[\w-]+\n", printed)


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_a_key_that_is_not_there_is_refused_with_one_sentence(desk: Desk, command: str) -> None:
    refused = desk.run(command, NOBODY)
    assert isinstance(refused.exception, SettingError)
    assert "look it up in the list of keys" in str(refused.exception)
