"""Rule tables for tests: the built-in one with something changed."""

from __future__ import annotations

from typing import Any

from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.table_document import Document, document, read


def a_document(**changes: Any) -> Document:
    """The built-in document as version 2026.2; a change names its field with `__` for the dots, None takes it out."""
    found = document(BUILT_IN)
    found["version"] = "2026.2"
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = found
        for parent in parents:
            part = part[parent]
        if value is None:
            del part[name]
        else:
            part[name] = value
    return found


def a_table(**changes: Any) -> RuleTable:
    """A table that validation accepts."""
    return read(a_document(**changes))
