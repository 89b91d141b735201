"""What changed between two revisions of a report, field by field; what was said before is never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NARRATIVE = "narrative"


@dataclass(frozen=True)
class Change:
    """A field of the report format by its path, what it said and what it says; null is unknown.

    `added` is the text that was appended, where nothing before it changed: then it alone is new.
    """

    path: str
    before: Any
    after: Any
    added: str = ""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return every field that differs, in the order of the document."""
    said, says = dict(_leaves(before)), dict(_leaves(after))
    paths = [*says, *(path for path in said if path not in says)]
    return [_change(path, said.get(path), says.get(path)) for path in paths if said.get(path) != says.get(path)]


def _change(path: str, before: Any, after: Any) -> Change:
    told = path == NARRATIVE and isinstance(before, str) and isinstance(after, str) and after.startswith(before)
    return Change(path, before, after, after[len(before) :].strip() if told else "")


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give each field below a value; a list of plain values is one field, of several people each is numbered."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(inner, f"{path}.{name}" if path else name)
        case list() if any(isinstance(entry, dict) for entry in value):
            for number, entry in enumerate(value):
                yield from _leaves(entry, f"{path}.{number}") if entry else ((f"{path}.{number}", ""),)
        case _:
            yield path, value
