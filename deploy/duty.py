"""Duty from a file, at the command line: shown first, written when asked for."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.notify.duty_words import fault_text
from services.notify.handlers.import_duty import DutyImport, ImportedTurn, import_duty
from services.notify.models import SCHEMA
from services.notify.rules.duty_file import MOST_BYTES, template
from shared.clock import vietnam_time
from shared.database import Database
from shared.migrations import behind
from shared.settings import SettingError, Settings


async def import_file(settings: Settings, database: Database, path: Path, *, apply: bool) -> DutyImport:
    """Compare a file with what is planned; write it when asked to and nothing is wrong."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingError(f"{path} cannot be read ({error.strerror}): name a CSV file of duty.") from None
    if await behind(database, SCHEMA):
        raise SettingError("The schema notify is behind: run `heedline migrate`, then try again.")
    return await import_duty(database, content, by=None, now=settings.clock.now(), apply=apply)


def write_template(path: Path) -> None:
    """Write an empty file with every column, or raise `SettingError`; an existing file is left alone."""
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(template())
    except OSError as error:
        raise SettingError(f"{path} cannot be written ({error.strerror}): name a new file.") from None


def show_import(console: Console, outcome: DutyImport, language: str) -> None:
    """Print what a file adds, or what is wrong with it."""
    if outcome.faults:
        table = Table("line", "what is wrong")
        for fault in outcome.faults:
            table.add_row(str(fault.line), Text(fault_text(fault, language)))
        console.print(table)
        console.print("Nothing was imported: mend these lines, then run the command again.")
        return
    table = Table("line", "team", "position", "person", "from", "to", "note")
    for turn in outcome.turns:
        if not turn.known:
            table.add_row(*map(Text, _cells(turn)))
    if table.row_count:
        console.print(table)
    there = len(outcome.turns) - outcome.fresh
    counted = f"{outcome.fresh} new, {there} there already."
    said = "Written." if outcome.written else "Nothing is written yet: run the command again with --apply."
    console.print(f"{counted} {said if outcome.fresh else 'Nothing to do.'}")


def _cells(turn: ImportedTurn) -> list[str]:
    line, remarks = turn.line, []
    if turn.from_elsewhere:
        remarks.append(f"of {turn.person.team_code}")
    if not turn.person.reachable:
        remarks.append("cannot be reached")
    seat = [line.target.team_code, line.target.position.value, turn.person.name]
    return [str(line.line), *seat, vietnam_time(line.starts_at), vietnam_time(line.ends_at), ", ".join(remarks)]
