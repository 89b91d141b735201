"""`heedline duty import`: shown first, written with --apply, wrong rows named in the language asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy import duty
from deploy.cli import app
from services.notify.rules.duty_file import COLUMNS
from shared.settings import SettingError, Settings
from tests.integration.notify.test_duty import WORKER, who
from tests.integration.notify.test_duty_import import HEADER, TOMORROW, planned, row
from tests.integration.notify.world import ID, PHONE, World


async def run(world: World, path: Path, *, apply: bool = False, language: str = "vi") -> str:
    out = io.StringIO()
    outcome = await duty.import_file(Settings(), world.database, path, apply=apply)
    duty.show_import(Console(file=out, width=200), outcome, language)
    return out.getvalue()


async def test_a_file_is_shown_then_written_then_there_already(world: World, tmp_path: Path) -> None:
    path = tmp_path / "duty.csv"
    path.write_text(HEADER + row(PHONE["head"]).replace("2026", "2030"), encoding="utf-8")
    assert "Nothing is written yet" in await run(world, path)
    assert await planned(world) == 0
    assert "1 new, 0 there already. Written." in await run(world, path, apply=True)
    assert "0 new, 1 there already. Nothing to do." in await run(world, path, apply=True)
    assert await planned(world) == 1
    assert await who(world, TOMORROW.replace(year=2030)) == [ID["head"]]
    assert await who(world, TOMORROW, WORKER) == [ID["worker"]]


async def test_a_wrong_row_is_named_in_the_language_asked_for(world: World, tmp_path: Path) -> None:
    path = tmp_path / "duty.csv"
    path.write_text(HEADER + row("Không Ai").replace("2026", "2030"), encoding="utf-8")
    assert "Không tìm thấy người" in await run(world, path, apply=True)
    english = await run(world, path, apply=True, language="en")
    assert "Nobody is found" in english
    assert "Nothing was imported" in english


async def test_a_file_that_is_not_there_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        await run(world, tmp_path / "none.csv")


def test_the_template_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "duty.csv"
    assert CliRunner().invoke(app, ["duty", "import", "--template", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8-sig").strip().split(",") == list(COLUMNS)
    with pytest.raises(SettingError, match="name a new file"):
        duty.write_template(path)
