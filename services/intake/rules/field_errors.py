"""What is wrong with a report, field by field, in words that never repeat what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

from pydantic import ValidationError

Language = Literal["vi", "en"]

_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("Cần có ô này", "This field is required"),
    "no_content": ("Cần lời kể, loại vụ việc hoặc câu trả lời", "Give a narrative, a concern or a fact"),
    "choice": ("Chọn một trong: {expected}", "Choose one of: {expected}"),
    "number": ("Viết một số", "Write a number"),
    "at_least": ("Viết số từ {ge} trở lên", "Write a number of at least {ge}"),
    "at_most": ("Viết số không quá {le}", "Write a number of at most {le}"),
    "age_order": ("Tuổi nhỏ nhất phải không quá tuổi lớn nhất", "The lowest age must not exceed the highest"),
    "too_long": ("Viết tối đa {max_length} chữ cái", "Write at most {max_length} characters"),
    "text": ("Viết chữ", "Write text"),
    "truth": ("Viết true hoặc false", "Write true or false"),
    "date": ("Viết ngày như 2026-11-28", "Write a date such as 2026-11-28"),
    "birth_in_future": ("Ngày sinh không thể ở sau hôm nay", "A birth date cannot be after today"),
    "moment": (
        "Viết thời điểm có múi giờ, như 2026-11-28T14:20:00+07:00",
        "Write a moment with its offset, such as 2026-11-28T14:20:00+07:00",
    ),
    "list": ("Viết một danh sách", "Write a list"),
    "section": ("Viết một nhóm các ô", "Write an object"),
    "unit_unknown": ("Hiện không có xã, phường mang mã này", "No commune bears this code today"),
    "unit_former": ("Mã này đã cũ, nay là {successor}", "This code is a former one; today it is {successor}"),
    "json": ("Viết đúng dạng JSON", "Write valid JSON"),
    "not_json": ("Không phải JSON, không đọc được ô nào", "Not JSON: no field could be read"),
    "wrong": ("Giá trị không đúng", "This value is not right"),
}

_KINDS: Mapping[str, str] = {
    "enum": "choice",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "finite_number": "number",
    "float_type": "number",
    "float_parsing": "number",
    "int_type": "number",
    "int_parsing": "number",
    "int_parsing_size": "number",
    "int_from_float": "number",
    "string_too_long": "too_long",
    "string_type": "text",
    "string_unicode": "text",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "tuple_type": "list",
    "list_type": "list",
    "model_type": "section",
    "model_attributes_type": "section",
    "dict_type": "section",
}
"""What pydantic calls a fault, and what we call it."""


@dataclass(frozen=True)
class FieldError:
    """A wrong field, by its path (`facts.danger_now`), and why; `values` hold limits and choices, nothing that was sent."""

    field: str
    why: str
    values: Mapping[str, str] = dataclass_field(default_factory=dict)

    def message(self, language: Language) -> str:
        """Return the reason as a sentence without a full stop."""
        vietnamese, english = _WORDS[self.why]
        return (vietnamese if language == "vi" else english).format(**self.values)


class InvalidReportError(Exception):
    """A report cannot be stored as it is; `errors` name every wrong field."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("invalid report: " + ", ".join(error.field for error in errors))
        self.errors = tuple(errors)


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return every wrong field of a validation, without the values that were sent."""
    return [
        wrong
        for detail in error.errors(include_url=False, include_input=False)
        for wrong in _explained(detail["type"], detail["loc"], detail.get("ctx", {}))
    ]


def _explained(kind: str, location: Sequence[str | int], context: Mapping[str, object]) -> Iterable[FieldError]:
    path = ".".join(map(str, location))
    if kind == "age_order":
        return [FieldError(f"{path}.{name}", kind) for name in ("age_min", "age_max")]
    values = {
        name: _plain(context[name]) for name in ("expected", "ge", "le", "max_length", "successor") if name in context
    }
    return [FieldError(path, _why(kind), values)]


def _why(kind: str) -> str:
    if kind in _WORDS:
        return kind
    if kind.startswith(("datetime_", "timezone_")):
        return "moment"
    return "date" if kind.startswith("date_") else _KINDS.get(kind, "wrong")


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("'", "").replace(" or ", ", ")


def reason_words(why: str, language: Language) -> str:
    """Return a reason that was kept by its name only, without its limits and choices."""
    vietnamese, english = _WORDS.get(why, _WORDS["wrong"])
    words = vietnamese if language == "vi" else english
    return _WORDS["wrong"][language == "en"] if "{" in words else words
