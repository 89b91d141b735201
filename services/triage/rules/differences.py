"""What two rule tables say differently, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.triage.rules.rule_table import RuleTable
from services.triage.rules.table_document import document


@dataclass(frozen=True)
class Difference:
    """A field of the document (`rules.R27.level`) and what it is in both tables; empty where it is not set."""

    field: str
    before: str
    after: str


def differences(before: RuleTable, after: RuleTable) -> tuple[Difference, ...]:
    """Return every field that differs, except the version."""
    old, new = dict(_fields("", document(before))), dict(_fields("", document(after)))
    return tuple(
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*old, *new))
        if name != "version" and old.get(name) != new.get(name)
    )


def _fields(path: str, part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        here = f"{path}.{name}".lstrip(".")
        if isinstance(value, Mapping):
            yield from _fields(here, value)
        else:
            yield here, _text(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
