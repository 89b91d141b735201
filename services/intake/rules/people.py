"""Everybody whom a report names, with what each is called there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.intake.rules.report import Report

Names = tuple[str, ...]
"""What one person is called, as it was written: the name, a nickname, a name on the internet."""


def people(report: Report) -> tuple[Names, ...]:
    """Return everybody named: child, parents, carer, whoever is alleged, children at home, reporter.

    Fields that only the sender's format has count where they are called a name: `nickname`, `carer_name`.
    """
    family = report.family.model_dump(exclude={"father", "mother", "carer"})
    entries = (
        _called(report.subject.model_dump()),
        _called(report.family.father.model_dump()),
        _called(report.family.mother.model_dump()),
        [report.family.carer],
        *([name] for name in _called(family)),
        *(_called(person.model_dump()) for person in report.alleged),
        *(_called(child.model_dump()) for child in report.children_in_home),
        _called(report.reporter.model_dump()),
    )
    named = (tuple(name for name in entry if name.strip()) for entry in entries)
    return tuple(names for names in named if names)


def _called(value: Any, *, is_name: bool = False) -> list[str]:
    return list(_names(value, is_name=is_name))


def _names(value: Any, *, is_name: bool) -> Iterator[str]:
    match value:
        case str() if is_name:
            yield value
        case dict():
            for field, inner in value.items():
                yield from _names(inner, is_name=is_name or "name" in field.lower())
        case list() | tuple():
            for inner in value:
                yield from _names(inner, is_name=is_name)
        case _:
            return
