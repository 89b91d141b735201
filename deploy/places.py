"""Changes of administrative units, at the command line: shown first, written when asked for, and looked up again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.database import Database
from shared.migrations import behind
from shared.places import store
from shared.places.changes import read_changes
from shared.places.folding import fold
from shared.places.plan import Change, Plan, Planned, days, plan
from shared.places.register import Key, by_code, records_with
from shared.places.tables import PLACES_SCHEMA
from shared.places.units import Level, Record, without_kind
from shared.settings import SettingError, Settings

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes; all units of the country are about one million."""


@dataclass(frozen=True)
class ImportOutcome:
    """What a file would change or has changed; `before` is the import of the same file, if it was imported already."""

    plan: Plan
    written: bool
    before: store.Imported | None = None


async def import_file(settings: Settings, database: Database, path: Path, *, by: str, apply: bool) -> ImportOutcome:
    """Compare a file with the units that are known; write its changes when asked to and no row is wrong."""
    content = _content(path)
    await _check_schema(database)
    digest = hashlib.sha256(content).hexdigest()
    rows, wrong = read_changes(content)
    async with database.transaction() as connection:
        if apply:
            await store.lock(connection)
        before = await store.imported(connection, digest)
        if before is not None:
            return ImportOutcome(Plan((), ()), written=False, before=before)
        found = plan(rows, wrong, records_with(await store.changes(connection)))
        written = apply and not found.errors and bool(found.changed)
        if written:
            source = store.Imported(path.name, digest, by, settings.clock.now())
            await store.write(connection, source, found.changed)
    return ImportOutcome(found, written)


def show_import(console: Console, outcome: ImportOutcome) -> None:
    """Print what a file changes, or what is wrong with it."""
    if outcome.before is not None:
        when = f"{outcome.before.imported_at:%Y-%m-%d %H:%M} UTC"
        console.print(f"This file was imported on {when} by {outcome.before.imported_by}: nothing to do.", markup=False)
        return
    if outcome.plan.errors:
        table = Table("line", "what is wrong")
        for error in outcome.plan.errors:
            _add(table, str(error.line), error.message)
        console.print(table)
        console.print("Nothing was imported: mend these lines, then run the command again.")
        return
    table = Table("line", "change", "code", "old", "new", "days")
    for one in outcome.plan.planned:
        if one.what is not Change.UNCHANGED:
            _add(table, str(one.line), one.what.value, str(one.after.code), *_old_and_new(one), days(one.after))
    if table.row_count:
        console.print(table)
    console.print(_summary(outcome))


def _add(table: Table, *cells: str) -> None:
    """Add a row as it is: brackets in a file are no styles."""
    table.add_row(*map(Text, cells))


def _old_and_new(one: Planned) -> tuple[str, str]:
    if one.before is None:
        return "", one.after.name
    return one.before.name, one.becomes or ("" if one.what is Change.ENDED else one.after.name)


def _summary(outcome: ImportOutcome) -> str:
    counts = outcome.plan.counts()
    counted = ", ".join(f"{counts[what]} {what.value}" for what in Change if counts.get(what))
    if not outcome.plan.changed:
        return f"{counted}: nothing to do."
    if outcome.written:
        return f"{counted}. Written; running services use it within 30 seconds."
    return f"{counted}. Nothing is written yet: run the command again with --apply."


async def show(console: Console, database: Database, wanted: str) -> bool:
    """Print the history of every unit that has this code or name; tell whether there is one."""
    await _check_schema(database)
    async with database.reading() as connection:
        known = records_with(await store.changes(connection))
    found = _found(known, wanted)
    table = Table("level", "code", "name", "province", "days", "became")
    histories = by_code(known.values())
    for record in found:
        _add(
            table,
            record.level.value,
            str(record.code),
            record.name,
            _province(record, histories),
            days(record),
            _became(record, histories),
        )
    if found:
        console.print(table)
    return bool(found)


def _found(known: Mapping[Key, Record], wanted: str) -> list[Record]:
    """Return the whole history of each code that is asked for, or that bears or bore the name."""
    key = fold(wanted)
    named = {
        (record.level, record.code)
        for record in known.values()
        if (key.isdecimal() and record.code == int(key))
        or key in {fold(record.name), fold(without_kind(record.level, record.name))}
    }
    those = [record for record in known.values() if (record.level, record.code) in named]
    return sorted(those, key=lambda record: (list(Level).index(record.level), record.code, record.valid_from))


def _province(record: Record, histories: Mapping[tuple[Level, int], tuple[Record, ...]]) -> str:
    if record.level is Level.PROVINCE:
        return ""
    day = record.valid_to or record.valid_from
    provinces = histories.get((Level.PROVINCE, record.province_code), ())
    return next((province.name for province in provinces if province.holds_on(day)), str(record.province_code))


def _became(record: Record, histories: Mapping[tuple[Level, int], tuple[Record, ...]]) -> str:
    if record.valid_to is None:
        return ""
    if record.level is Level.DISTRICT:
        return "no district"
    if not record.successors:
        return "not known"
    latest = [histories.get((record.level, code), ())[-1:] for code in record.successors]
    return ", ".join(f"{taker.name} ({taker.code})" for takers in latest for taker in takers)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingError(f"{path} cannot be read ({error.strerror}): name a CSV file of units.") from None
    if len(content) > LARGEST_FILE:
        raise SettingError(f"{path} is larger than 10 MB: a file of units is about one.")
    return content


async def _check_schema(database: Database) -> None:
    if await behind(database, PLACES_SCHEMA):
        raise SettingError("The schema places is behind: run `heedline migrate`, then try again.")
