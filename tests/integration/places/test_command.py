"""`heedline places` as a person runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.places.changes import COLUMNS
from shared.places.tables import PLACES_SCHEMA
from tests.support.postgres import Postgres

MERGER = """9202,Xã Tam Giang,xã,24,2025-07-01,2026-12-31,9193
9193,Xã Yên Phong,xã,24,2025-07-01,,
"""

Command = Callable[..., Result]


@pytest.fixture
def heedline(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run commands on a database that no event loop of this test holds open."""
    with asyncio.Runner() as loop:
        context = postgres.database([PLACES_SCHEMA])
        database = loop.run(context.__aenter__())
        loop.run(database.close())
        monkeypatch.setenv("HEEDLINE_DATABASE_URL", database.url)
        monkeypatch.setattr("deploy.cli.console", Console(width=200))
        monkeypatch.setattr("deploy.cli.getpass.getuser", lambda: "minh")
        yield lambda *words: CliRunner().invoke(app, ["places", *words])
        loop.run(context.__aexit__(None, None, None))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{MERGER}", encoding="utf-8")
    return path


def test_import_is_shown_then_applied_then_known(heedline: Command, file: Path) -> None:
    shown = heedline("import", str(file))
    assert shown.exit_code == 0
    assert "merged" in shown.stdout
    assert "Xã Yên Phong (9193)" in shown.stdout
    assert "1 merged, 1 unchanged. Nothing is written yet" in shown.stdout
    assert "not known" not in heedline("show", "9202").stdout
    applied = heedline("import", str(file), "--apply")
    assert applied.exit_code == 0
    assert "1 merged, 1 unchanged. Written" in applied.stdout
    again = heedline("import", str(file), "--apply")
    assert again.exit_code == 0
    assert "by minh: nothing to do" in again.stdout
    assert "01/07/2025–31/12/2026" in heedline("show", "xa tam giang").stdout


def test_wrong_rows_are_listed_and_nothing_is_imported(heedline: Command, file: Path) -> None:
    with file.open("a", encoding="utf-8") as more:
        more.write("88888,Xã A,xã,27,2027-01-01,,\n99999,Xã B,[red]xã[/x],24,2027-01-01,,\n")
    outcome = heedline("import", str(file), "--apply")
    assert outcome.exit_code == 1
    assert "province_code 27 is no province" in outcome.stdout
    assert "kind '[red]xã[/x]' is none of" in outcome.stdout
    assert "Nothing was imported" in outcome.stdout
    assert "31/12/2026" not in heedline("show", "9202").stdout


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ("24", ["Bắc Giang –30/06/2025 Bắc Ninh (24)", "Bắc Ninh 01/07/2025–"]),
        ("27", ["Bắc Ninh –30/06/2025 Bắc Ninh (24)"]),
        ("7330", ["Xã Hợp Đức Bắc Giang –30/06/2025 not known", "Xã Phúc Hòa Bắc Ninh 01/07/2025–"]),
        ("yen phong", ["Huyện Yên Phong Bắc Ninh –30/06/2025 no district", "Xã Yên Phong Bắc Ninh 01/07/2025–"]),
    ],
)
def test_history_of_a_code_or_name_is_shown(heedline: Command, wanted: str, lines: list[str]) -> None:
    shown = heedline("show", wanted)
    assert shown.exit_code == 0
    plain = " ".join(shown.stdout.replace("│", " ").split())
    assert [line for line in lines if line not in plain] == []


def test_what_nobody_knows_is_said(heedline: Command) -> None:
    assert heedline("show", "Xã Không Có").exit_code == 1
    assert heedline("show", "").exit_code == 1
