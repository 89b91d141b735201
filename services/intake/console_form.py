"""The operator's form as a document of the report format: a field bears the name of its path, `subject.age_min`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shared.contracts.facts import Facts
from shared.web import words

LABELS: Final[Mapping[str, str]] = {
    "channel": "Nhận qua",
    "incident_date": "Ngày xảy ra",
    "prior_reports_12_months": "Số lần đã báo, 12 tháng",
    "narrative": "Lời kể",
    "concerns": "Loại vụ việc",
    "subject.kind": "Ai cần giúp",
    "subject.age_min": "Tuổi từ",
    "subject.age_max": "Tuổi đến",
    "subject.age_basis": "Biết tuổi nhờ",
    "subject.birth_date": "Ngày sinh",
    "subject.sex": "Giới tính",
    "subject.disabled": "Khuyết tật",
    "subject.name": "Tên, đặc điểm để nhận ra",
    "family.carer": "Ai đang chăm sóc",
    "place.incident.text": "Xã, phường nơi xảy ra",
    "place.incident.unit_code": "Xã, phường nơi xảy ra",
    "place.incident.detail": "Địa chỉ, đường tới",
    "place.residence.text": "Nơi cư trú",
    "place.residence.unit_code": "Nơi cư trú",
    "place.current.text": "Đang ở đâu",
    "place.current.unit_code": "Đang ở đâu",
    "children_in_home.*.age_min": "Tuổi từ",
    "children_in_home.*.age_max": "Tuổi đến",
    "children_in_home.*.disabled": "Khuyết tật",
    "reporter.anonymous": "Ẩn danh",
    "reporter.safe_to_contact": "Liên hệ lại có an toàn không",
    "reporter.share_identity": "Cho nhóm thường trực biết danh tính",
    "reporter.relation": "Người báo là",
    "reporter.name": "Tên người báo",
    "reporter.phone": "Số điện thoại",
    "alleged.*.role": "Người bị cho là gây hại là",
    "alleged.*.name": "Tên",
    "alleged.*.institution": "Chỗ làm",
}
"""Every field but the facts, with its label; `*` is the number of a row, from 0."""

GRAVE_FACTS: Final = (
    "danger_now",
    "life_threatening_condition",
    "weapon_strangling_or_death_threat",
    "locked_in_or_dangerous_place_now",
    "alone_now",
    "abandoned",
    "alleged_has_child_now",
    "alleged_has_access",
    "others_exposed",
    "with_safe_adult",
    "serious_injury",
    "trafficking_or_abduction_under_way",
    "suicide",
)
"""Asked first; everything else follows in groups."""

FACT_GROUPS: Final[Sequence[tuple[str, Sequence[str]]]] = (
    (
        "Tai nạn, thương tích",
        (
            "injured",
            "injury_marks",
            "implement_used",
            "ten4_bruise",
            "injury_story_inconsistent",
            "independently_mobile",
            "hazard_still_open",
        ),
    ),
    (
        "Người bị cho là gây hại, lần gần nhất",
        ("threat_to_flee_silence_or_retaliate", "when", "hours_since_sexual_contact"),
    ),
    ("Trên môi trường mạng", ("online_sexual_material", "meeting_within_24_hours")),
    (
        "Hoàn cảnh",
        (
            "unmet_basic_needs",
            "hazardous_or_underage_work",
            "pregnancy_or_union_under_16",
            "runaway",
            "afraid_to_go_home",
        ),
    ),
    ("Thông tin này", ("unreadable", "information_request_only")),
)

ROWS: Final = ("alleged", "children_in_home")
"""Lists whose entries the form numbers; a row in which anything is said is somebody."""

_LISTS: Final = {"alleged": "Người bị cho là gây hại", "children_in_home": "Trẻ em cùng nhà"}
_UNKNOWN_ROWS: Final = {"alleged": {"role": "unknown"}, "children_in_home": {"disabled": "unknown"}}
_FACTS: Final = frozenset(f"facts.{name}" for name in Facts.model_fields)
_TRUTHS: Final = {"true": True, "false": False}
_NUMBERS: Final = frozenset(
    {"prior_reports_12_months", "facts.hours_since_sexual_contact"}
    | {name for name in LABELS if name.endswith((".age_min", ".age_max", ".unit_code"))}
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ROW: Final = re.compile(r"\.[0-9]{1,2}(?=\.|$)")

Values = Mapping[str, Sequence[str]]
"""What was typed, by field."""


def typed(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return what was typed into the fields of the format, as it was typed; rows are numbered without gaps."""
    found: dict[str, list[str]] = {}
    numbers: dict[str, dict[str, int]] = {name: {} for name in ROWS}
    for name, value in fields:
        if value.strip() and is_field(name):
            found.setdefault(_renumbered(name, numbers), []).append(value)
    return found


def document(values: Values) -> dict[str, Any]:
    """Return the report that was typed. Ages may have a decimal comma, dates may be written day first."""
    found: dict[str, Any] = {}
    for name, texts in values.items():
        if name == "concerns":
            found[name] = list(texts)
        else:
            _put(found, name.split("."), _read(_pattern(name), texts[0].strip()))
    for name in found.keys() & set(ROWS):
        found[name] = list(found[name].values())
    return found


def typed_from(stored: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what would have been typed for a stored report; fields that the form does not have are left out.

    Somebody of whom nothing is known is in a list for a reason, so their row says that it is unknown.
    """
    found: dict[str, list[str]] = {}
    for name, value in _leaves("", stored):
        if name == "concerns":
            found[name] = [str(one) for one in value]
        elif is_field(name):
            found[name] = [_written(value)]
    return found


def laid_over(stored: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored report that says what was typed (`told`, as `document` gives it) where the form has a field.

    Whatever the form has no field for stays, of a list with the row that says the same, else with that of the same place.
    """
    return _over(stored, told, "")


def _over(stored: Mapping[str, Any], told: Mapping[str, Any], path: str) -> dict[str, Any]:
    result: dict[str, Any] = dict(told)
    for name, before in stored.items():
        here = f"{path}{name}"
        now = told.get(name)
        if here in ROWS:
            result[name] = _rows_over(before, now or [], f"{here}.0.")
        elif isinstance(before, Mapping):
            result[name] = _over(before, now or {}, f"{here}.")
        elif name not in told and not is_field(here):
            result[name] = before
    return {name: value for name, value in result.items() if value not in ({}, [])}


def _rows_over(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], path: str
) -> list[dict[str, Any]]:
    unclaimed = dict(enumerate(before))
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(now):
        same = next((number for number, one in unclaimed.items() if _typed_row(one, path) == row), None)
        if same is None and len(now) >= len(before):
            same = place
        rows.append(_over({} if same is None else unclaimed.pop(same, {}), row, path))
    return rows


def _typed_row(row: Mapping[str, Any], path: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if is_field(f"{path}{name}")}


def _leaves(path: str, value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, inner)
    elif path in ROWS:
        for number, row in enumerate(value):
            yield from _leaves(f"{path}.{number}", row or _UNKNOWN_ROWS[path])
    else:
        yield path, value


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return str(value)


def field_of(path: str) -> str:
    """Return the field of the form that a path of the report format belongs to: a place's code to its text."""
    name = path.removesuffix("unit_code") + "text" if path.endswith(".unit_code") else path
    return name if is_field(name) else name.split(".")[0]


def is_field(name: str) -> bool:
    """Tell whether the form has a field of this name."""
    return _pattern(name) in LABELS or name in _FACTS


def label(name: str, locale: str) -> str:
    """Return the label of a field: a fact's question in `locale`, otherwise Vietnamese, to be translated."""
    if name in _FACTS:
        return words.FACTS[name.removeprefix("facts.")].text(locale)
    return LABELS.get(_pattern(name), name)


def rows(values: Values, name: str) -> int:
    """Return how many rows of a list were filled in."""
    return len({field.split(".")[1] for field in values if field.startswith(f"{name}.")})


def unit_label(name: str, locale: str) -> str:
    """Return the label of a field, or of a whole list of people by its name; Vietnamese, to be translated."""
    return _LISTS.get(name) or label(name, locale)


def _pattern(name: str) -> str:
    return _ROW.sub(".*", name)


def _renumbered(name: str, numbers: Mapping[str, dict[str, int]]) -> str:
    head, _, rest = name.partition(".")
    if head not in numbers:
        return name
    number, _, tail = rest.partition(".")
    return f"{head}.{numbers[head].setdefault(number, len(numbers[head]))}.{tail}"


def _read(field: str, text: str) -> Any:
    """Return a value as the format writes it; what cannot be read stays text, for the check to name it."""
    if field == "reporter.anonymous":
        return _TRUTHS.get(text, text)
    if field.endswith("_date") and (day_first := _DAY_FIRST.fullmatch(text)):
        day, month, year = day_first.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if field in _NUMBERS and _NUMBER.fullmatch(text):
        plain = text.replace(",", ".")
        return float(plain) if "." in plain else int(plain)
    return text


def _put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        target = target.setdefault(part, {})
    target[path[-1]] = value
