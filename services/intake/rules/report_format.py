"""The report format as a list of fields, read from the models: for its description and for files of reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from services.intake.rules.report import CONTENT_FIELDS, Report

LIST: Final = "[]"
"""Ends the name of a field that holds several parts, as in `children_in_home[].age_min`."""


class Kind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE_NUMBER = "whole_number"
    DATE = "date"
    MOMENT = "moment"
    TRUTH = "truth"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True)
class FormatField:
    """A field by its path from the top of the document, with what it takes.

    `choices` are the words of a `CHOICE` or of each of several `CHOICES`. `longest` counts characters of a text,
    `least` and `most` bound a number; null where there is no bound. `required` is true for the channel only; of the
    fields that start with a name of `one_of()` a report has at least one.
    """

    path: str
    kind: Kind
    choices: tuple[str, ...] = ()
    longest: int | None = None
    least: float | None = None
    most: float | None = None
    required: bool = False


def one_of() -> tuple[str, ...]:
    """Return the fields of which a report needs at least one."""
    return CONTENT_FIELDS


@lru_cache(maxsize=1)
def report_fields() -> tuple[FormatField, ...]:
    """Return every field of the format in its order."""
    schema = Report.model_json_schema()
    return tuple(_fields(schema, schema["$defs"], ""))


def _fields(section: Mapping[str, Any], parts: Mapping[str, Any], above: str) -> Iterator[FormatField]:
    required = section.get("required", ())
    for name, declared in section["properties"].items():
        path = f"{above}{name}"
        schema = _plain(declared, parts)
        inner = _plain(schema["items"], parts) if schema.get("type") == "array" else schema
        if "properties" in inner:
            below = f"{path}{LIST}." if inner is not schema else f"{path}."
            yield from _fields(inner, parts, below)
        elif inner is not schema:
            yield FormatField(path, Kind.CHOICES, tuple(inner["enum"]))
        else:
            yield _field(path, schema, required=name in required)


def _plain(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema without its reference and without the alternative null, which every optional field has."""
    if "anyOf" in schema:
        (schema,) = (one for one in schema["anyOf"] if one.get("type") != "null")
    reference = schema.get("$ref")
    return schema if reference is None else parts[reference.rpartition("/")[2]]


def _field(path: str, schema: Mapping[str, Any], *, required: bool) -> FormatField:
    return FormatField(
        path,
        _kind(schema),
        tuple(schema.get("enum", ())),
        schema.get("maxLength"),
        schema.get("minimum"),
        schema.get("maximum"),
        required,
    )


_BY_TYPE: Final = {"boolean": Kind.TRUTH, "integer": Kind.WHOLE_NUMBER, "number": Kind.NUMBER, "string": Kind.TEXT}
_BY_FORMAT: Final = {"date": Kind.DATE, "date-time": Kind.MOMENT}


def _kind(schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema:
        return Kind.CHOICE
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[schema["type"]])
