"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.notify.models import SCHEMA, metadata, teams
from tests.support.catalog import migrated_and_modelled
from tests.support.postgres import Postgres


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    migrated, modelled = await migrated_and_modelled(postgres, SCHEMA, metadata)
    assert migrated == modelled
    assert any("WHERE (state = 'open'::text)" in str(row[-1]) for row in modelled)


@pytest.mark.parametrize("table", ["alerts", "pages", "messages"])
async def test_a_change_wakes_the_pages(postgres: Postgres, table: str) -> None:
    async with postgres.database([SCHEMA]) as database, database.engine.connect() as connection:
        query = "SELECT tgtype FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND tgname = 'tell_change'"
        kind = (await connection.execute(text(query), {"name": f"notify.{table}"})).scalar_one()
    insert, update, row = 4, 16, 1
    assert kind & insert
    assert kind & update
    assert not kind & row


@pytest.mark.parametrize("number", ["022238000001", "{02223800}", "gọi 111", "11"])
async def test_a_duty_number_that_no_message_holds_is_refused(postgres: Postgres, number: str) -> None:
    values = {"code": "x", "name_vi": "x", "name_en": "x", "duty_phone": number}
    async with postgres.database([SCHEMA]) as database, database.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(teams.insert().values(**values))
