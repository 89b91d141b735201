"""The operator's form as a document of the report format: fields are named by their path, `subject.age_min`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

LISTS: Final = frozenset({"concerns"})
ROWS: Final = frozenset({"alleged", "children_in_home"})
TRUTHS: Final = {"true": True, "false": False}
FORM_ONLY: Final = frozenset({"csrf", "key"})

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
)
"""Asked first; everything else follows in groups."""
FACT_GROUPS: Final[Sequence[tuple[str, Sequence[str]]]] = (
    (
        "Thương tích",
        (
            "injured",
            "injury_marks",
            "serious_injury",
            "implement_used",
            "ten4_bruise",
            "injury_story_inconsistent",
            "independently_mobile",
            "hazard_still_open",
        ),
    ),
    (
        "Đe dọa, trên mạng, mua bán",
        (
            "threat_to_flee_silence_or_retaliate",
            "trafficking_or_abduction_under_way",
            "online_sexual_material",
            "meeting_within_24_hours",
        ),
    ),
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


def document(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the report that a form holds; empty fields are left out, and rows that say nothing."""
    found: dict[str, Any] = {}
    for name, value in fields:
        text = value.strip()
        if name in FORM_ONLY or not text:
            continue
        if name in LISTS:
            found.setdefault(name, []).append(text)
        else:
            _put(found, name.split("."), TRUTHS.get(text, text) if name == "reporter.anonymous" else text)
    for name in ROWS & found.keys():
        rows: Mapping[str, Any] = found[name]
        found[name] = [
            rows[index] for index in sorted(rows) if any(value != "unknown" for value in rows[index].values())
        ]
    return found


def _put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        target = target.setdefault(part, {})
    target[path[-1]] = value
