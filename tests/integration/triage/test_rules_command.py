"""Rule tables from the command line to the database and back."""

from __future__ import annotations

import pytest

from deploy import rules
from services.triage import lab_store
from services.triage.rules import table_file
from services.triage.rules.rule_table import BUILT_IN
from shared.settings import SettingError
from tests.integration.triage.world import World
from tests.unit.triage.tables import a_table


async def test_the_version_in_force_is_exported(world: World) -> None:
    assert table_file.parse(await rules.export(world.database, None)) == BUILT_IN
    assert table_file.parse(await rules.export(world.database, "2026.1")) == BUILT_IN
    with pytest.raises(SettingError, match=r"2031\.1; there are: 2026\.1"):
        await rules.export(world.database, "2031.1")


async def test_an_import_becomes_a_draft_without_an_author_and_exports_as_it_came(world: World) -> None:
    table = a_table(rules__R14__level="PRIORITY")
    await rules.import_draft(world.database, table)
    async with world.database.reading() as connection:
        draft = await lab_store.version(connection, "2026.2")
    assert draft is not None
    assert (draft.state, draft.author, draft.base_version, draft.table) == ("draft", None, "2026.1", table)
    assert table_file.parse(await rules.export(world.database, "2026.2")) == table
    with pytest.raises(rules.RulesRefusedError, match="exists"):
        await rules.import_draft(world.database, table)


async def test_a_dry_run_shows_the_differences_in_words_and_keeps_nothing(world: World) -> None:
    changes = await rules.changes_of(world.database, a_table(rules__R14__level="PRIORITY"))
    assert changes == [("rules.R14.level (R14: level)", "Urgent", "Priority")]
    async with world.database.reading() as connection:
        assert await lab_store.version(connection, "2026.2") is None
