"""`heedline deadletters` and `heedline replay` as a person runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.database import Database
from shared.events import EVENTS_SCHEMA, letters
from tests.integration.waiting.test_letters import an_event, history, queued
from tests.support.postgres import Postgres


@dataclass(frozen=True)
class Desk:
    """The command line on a database, which `loop` reads."""

    run: Callable[..., Result]
    database: Database
    loop: asyncio.Runner

    def discard(self, letter: int) -> bool:
        return self.loop.run(self._discard(letter))

    async def _discard(self, letter: int) -> bool:
        own = letters.waits_with_id([letter])
        async with self.database.transaction() as connection:
            return await letters.discard(connection, letter, by=UUID(int=1), reason="đã xử lý tay", which=own)


@pytest.fixture
def desk(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with asyncio.Runner() as loop:
        context = postgres.database([EVENTS_SCHEMA])
        database = loop.run(context.__aenter__())
        monkeypatch.setenv("HEEDLINE_DATABASE_URL", database.url)
        monkeypatch.setattr("deploy.cli.console", Console(width=200))
        try:
            yield Desk(lambda *words: CliRunner().invoke(app, words), database, loop)
        finally:
            loop.run(context.__aexit__(None, None, None))


def test_what_waits_is_listed_with_its_reason_and_put_back_on_record(desk: Desk) -> None:
    letter = desk.loop.run(an_event(desk.database))
    listed = desk.run("deadletters")
    assert listed.exit_code == 0, listed.output
    assert "NewerVersionError" in listed.stdout
    assert "canary" not in listed.stdout
    assert "1 put back." in desk.run("replay", str(letter)).stdout
    assert [queue for queue, _ in desk.loop.run(queued(desk.database))] == ["notify"]
    (act,) = desk.loop.run(history(desk.database))
    assert (act.act, act.person_id) == ("replayed", None)
    again = desk.run("replay", str(letter))
    assert again.exit_code == 1
    assert "0 put back." in again.stdout


def test_a_discarded_letter_is_not_listed_and_can_still_be_put_back(desk: Desk) -> None:
    letter = desk.loop.run(an_event(desk.database))
    assert desk.discard(letter)
    assert "NewerVersionError" not in desk.run("deadletters").stdout
    assert "1 put back." in desk.run("replay", str(letter)).stdout
    assert [act.act for act in desk.loop.run(history(desk.database))] == ["replayed", "discarded"]
