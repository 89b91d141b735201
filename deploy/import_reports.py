"""`heedline import`: a partner's file of reports into intake, row by row, as often as one likes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from deploy.partners.columns import ALIASES, EXTRA, HeaderError, template_headers
from deploy.partners.files import Sheet, read_sheet, write_csv, write_template
from deploy.partners.reports import Reports, RowError, RowReport
from deploy.partners.sending import ConnectionLostError, Intake, Refused, Taken
from services.intake.handlers.read_report import read_report
from services.intake.rules.field_errors import InvalidReportError, Language
from services.intake.rules.report_format import LIST, FormatField, Kind, one_of, report_fields
from shared.clock import Clock
from shared.settings import SettingError

ERRORS_SUFFIX: Final = ".errors.csv"
ROWS_WRONG: Final = 1
CONNECTION_LOST: Final = 3


@dataclass
class Tally:
    """What became of the rows: new at intake, known there before, wrong; `checked` counts those of a dry run."""

    new: int = 0
    known: int = 0
    checked: int = 0
    errors: list[RowError] = field(default_factory=list)
    lost_at: int | None = None

    @property
    def wrong_rows(self) -> int:
        """How many rows have anything wrong."""
        return len({error.row for error in self.errors})

    @property
    def exit_code(self) -> int:
        """0: every row is in; 1: some are wrong; 3: the connection was lost."""
        if self.lost_at is not None:
            return CONNECTION_LOST
        return ROWS_WRONG if self.errors else 0


def open_reports(path: Path, language: Language) -> tuple[Sheet, Reports]:
    """Read a file of reports, or raise `SettingError` naming every wrong header."""
    sheet = read_sheet(path)
    try:
        return sheet, Reports(sheet, language)
    except HeaderError as error:
        raise SettingError(f"{path}: {error}") from None


def check_file(console: Console, path: Path, clock: Clock, language: Language) -> Tally:
    """Read every row as intake of this version would, and send nothing."""
    _, reports = open_reports(path, language)
    tally = Tally()
    for one in _shown(console, reports, "Checking"):
        if isinstance(one, RowError):
            tally.errors.append(one)
            continue
        try:
            read_report(one.document, clock.now())
        except InvalidReportError as error:
            tally.errors += [reports.wrong_field(one, wrong.field, wrong.message(language)) for wrong in error.errors]
        else:
            tally.checked += 1
    return tally


def send_file(console: Console, path: Path, intake: Intake, language: Language) -> Tally:
    """Send every row; stop where the connection is lost. What was sent stays sent."""
    sheet, reports = open_reports(path, language)
    tally = Tally()
    for one in _shown(console, reports, "Sending"):
        if isinstance(one, RowError):
            tally.errors.append(one)
            continue
        try:
            answer = intake.send(one.document, sheet.digest)
        except ConnectionLostError:
            tally.lost_at = one.row
            break
        match answer:
            case Taken(new=True):
                tally.new += 1
            case Taken():
                tally.known += 1
            case Refused(wrong):
                tally.errors += [reports.wrong_field(one, name, message) for name, message in wrong]
    return tally


def _shown(console: Console, reports: Reports, what: str) -> Iterable[RowReport | RowError]:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )
    with bar:
        yield from bar.track(reports, total=len(reports), description=what)


def show_tally(console: Console, path: Path, tally: Tally) -> None:
    """Say what became of the file; what is wrong goes into a CSV beside it."""
    if tally.checked:
        console.print(
            f"{tally.checked} rows would be taken. Nothing was sent. Checked with the rules of this version; "
            "intake may know newer administrative units."
        )
    elif tally.new or tally.known:
        console.print(f"{tally.new} new reports, {tally.known} that intake had already.")
    _keep_errors(console, path, tally)
    if tally.lost_at is not None:
        console.print(
            f"The connection was lost at row {tally.lost_at}. The rows before it are done; this one may be. "
            "Run the same command again: nothing is taken twice."
        )


def _keep_errors(console: Console, path: Path, tally: Tally) -> None:
    beside = path.with_name(path.name + ERRORS_SUFFIX)
    try:
        if tally.errors:
            lines = [(error.row, error.field, error.message) for error in tally.errors]
            write_csv(beside, [("row", "field", "message"), *lines])
            console.print(f"{tally.wrong_rows} rows are wrong and were not taken: see {beside}", markup=False)
        else:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise SettingError(f"{beside} cannot be written ({error.strerror}): move the file to another place.") from None


def make_template(console: Console, path: Path) -> None:
    """Write an empty file with every column and print what each takes."""
    write_template(path, template_headers())
    aliases: dict[str, list[str]] = {}
    for alias, name in ALIASES.items():
        aliases.setdefault(name, []).append(alias)
    table = Table("column", "also called", "takes")
    for one in report_fields():
        table.add_row(one.path.replace(LIST, ".1"), ", ".join(aliases.get(one.path, ())), _takes(one))
    console.print(table)
    console.print(
        f"Every column may be left out; a row needs one of {', '.join(one_of())}. A channel left empty is partner. "
        f"Columns that start with {EXTRA} are kept with the report.",
        markup=False,
    )
    console.print(f"{path} is written.", markup=False)


_TAKES: Final = {
    Kind.NUMBER: "a number",
    Kind.WHOLE_NUMBER: "a whole number",
    Kind.DATE: "a date: 2026-11-28 or 28/11/2026",
    Kind.MOMENT: "a moment: 2026-11-28T14:20:00+07:00 or 28/11/2026 14:20 (Việt Nam)",
    Kind.TRUTH: "true, false",
}


def _takes(one: FormatField) -> str:
    match one.kind:
        case Kind.CHOICE:
            return ", ".join(one.choices)
        case Kind.CHOICES:
            return "several, with ; between: " + ", ".join(one.choices)
        case Kind.TEXT:
            return f"text, up to {one.longest} characters"
        case kind:
            return _TAKES[kind]
