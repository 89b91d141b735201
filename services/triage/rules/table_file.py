"""A rule table as one readable file (TOML)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from services.triage.rules.rule_table import RuleTable
from services.triage.rules.table_document import document, read
from services.triage.rules.wrong import TableRefusedError, Wrong

HEAD = """\
# A rule table of Heedline. Levels: IMMEDIATE, URGENT, PRIORITY, ROUTINE; "none" is only recorded.
# Times: "10 min", "4 h", "7 d", "3 wd" (working days). Teams: "social" at the commune, "province-police" at the province.
# `heedline rules check FILE` names what is wrong; `heedline rules import FILE` makes it a draft.
"""


def write(table: RuleTable) -> str:
    """Write a table as TOML; `parse` gives it back."""
    written = document(table)
    lines = [HEAD, f"version = {_value(written['version'])}"]
    for part in ("thresholds", "clocks", "rules", "matrix"):
        lines += _section(part, written[part])
    return "\n".join(lines) + "\n"


def parse(text: str) -> RuleTable:
    """Read a table from TOML, or raise `TableRefusedError` that names each wrong field."""
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableRefusedError([Wrong("file", f"không phải TOML: {error}", f"not TOML: {error}")]) from None
    return read(source)


def _section(path: str, part: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: value for name, value in part.items() if not isinstance(value, Mapping)}
    if plain:
        yield f"\n[{path}]"
        yield from (f"{name} = {_value(value)}" for name, value in plain.items())
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _section(f"{path}.{name}", value)


def _value(value: object) -> str:
    """Write a text, number, yes/no or list of texts; JSON writes these as TOML does, but for the character 0x7F."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
