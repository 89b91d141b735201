"""Rule tables at the command line: export one, check a file, import a file as a draft."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.triage import lab_store
from services.triage.handlers.draft_table import keep_draft
from services.triage.lab_records import LabRefusedError, Version
from services.triage.lab_words import field_words, value_words
from services.triage.rules import table_file
from services.triage.rules.differences import differences
from services.triage.rules.rule_table import RuleTable
from services.triage.rules.wrong import TableRefusedError
from shared.database import Database
from shared.settings import SettingError

LANGUAGE: Final = "en"


class RulesRefusedError(Exception):
    """The rule table cannot be used; the message says why, a line for each wrong field."""


def table_of(path: Path) -> RuleTable:
    """Read a rule table from a file, or raise `RulesRefusedError` that names each wrong field."""
    try:
        return table_file.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise RulesRefusedError(f"{path}: {error}") from None
    except TableRefusedError as error:
        raise RulesRefusedError("\n".join(f"{wrong.field}: {wrong.en}" for wrong in error.wrong)) from None


async def export(database: Database, version: str | None) -> str:
    """Return a version, the one in force unless it is named, as a file."""
    return table_file.write((await _version(database, version)).table)


async def changes_of(database: Database, table: RuleTable) -> list[tuple[str, str, str]]:
    """Return what `table` says differently from the version in force: field, before, after, in words."""
    in_force = await _version(database, None)
    return [
        (
            f"{one.field} ({field_words(one.field, LANGUAGE)})",
            value_words(one.field, one.before, LANGUAGE),
            value_words(one.field, one.after, LANGUAGE),
        )
        for one in differences(in_force.table, table)
    ]


async def import_draft(database: Database, table: RuleTable) -> None:
    """Keep a table as a new draft; raises `RulesRefusedError` where its version exists."""
    in_force = await _version(database, None)
    try:
        async with database.transaction() as connection:
            await keep_draft(connection, table, base_version=in_force.version, author=None, now=datetime.now(UTC))
    except LabRefusedError as error:
        raise RulesRefusedError(f"{table.version}: {error}") from None


async def _version(database: Database, version: str | None) -> Version:
    async with database.transaction() as connection:
        await lab_store.keep_built_in(connection, datetime.now(UTC))
        found = await (lab_store.version(connection, version) if version else lab_store.active(connection))
        known = await lab_store.versions(connection)
    if found is None:
        raise SettingError(f"There is no version {version}; there are: {', '.join(one.version for one in known)}.")
    return found
