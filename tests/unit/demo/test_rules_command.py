"""Rule tables at the command line, and the measure of the pure rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.bench.pure_rules import pure_rules
from deploy.cli import app
from services.triage.rules import table_file
from services.triage.rules.rule_table import BUILT_IN
from tests.unit.triage.tables import a_table

run = CliRunner().invoke


def test_a_good_file_passes_the_check_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "table.toml"
    file.write_text(table_file.write(a_table()), encoding="utf-8")
    done = run(app, ["rules", "check", str(file)])
    assert (done.exit_code, done.output.strip()) == (0, "2026.2 may be imported.")


def test_each_wrong_field_of_a_file_is_a_line(tmp_path: Path) -> None:
    file = tmp_path / "table.toml"
    text = table_file.write(BUILT_IN).replace('"10 min"', '"soon"').replace("alone_age = 6", "alone_age = -6")
    file.write_text(text, encoding="utf-8")
    for command in ("check", "import"):
        done = run(app, ["rules", command, str(file)])
        assert done.exit_code == 1
        assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
            "thresholds.alone_age",
            "clocks.IMMEDIATE.acknowledge",
        ]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "table.toml"
    if content is not None:
        file.write_bytes(content)
    done = run(app, ["rules", "check", str(file)])
    assert done.exit_code == 1
    assert "table.toml" in done.stderr


def test_the_measure_of_the_pure_rules_has_the_shape_of_a_bench_line() -> None:
    line = pure_rules(seconds=0.01)
    assert line["bench"] == "pure_rules"
    assert line["assessments_per_minute"] > 0
    assert {"transport", "cores", "rss_mb"} <= line.keys()
