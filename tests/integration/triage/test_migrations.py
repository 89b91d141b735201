"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

from services.triage.models import SCHEMA, metadata
from tests.support.catalog import migrated_and_modelled
from tests.support.postgres import Postgres


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    migrated, modelled = await migrated_and_modelled(postgres, SCHEMA, metadata)
    assert migrated == modelled
    assert any("WHERE (republish_at IS NOT NULL)" in str(row[-1]) for row in modelled)
    assert any("CHECK" in str(row[-1]) for row in modelled)
