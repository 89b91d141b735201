"""No event but the inbound report may carry personal data: every field is a code, a number, a time or an id."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, create_model

from shared.contracts.event import Event
from shared.contracts.events import EVENTS, CaseAssessed, Part, ReportReceived, ReportSubmitted

TEXTS = frozenset(
    {
        "correlation_id",
        "case_code",
        "table_version",
        "id",  # of a rule
        "source",  # of a rule
        "text_vi",  # the rule table's and the routing table's own sentences
        "text_en",
        "lead",
        "support",
        "told_at_once",
        "owner",
        "offered_to",
        "team_codes",
        "member_of",
        "key_hashes",
        "ends",  # by the hash of a key's secret
    }
)
"""The fields that may be text: codes, hashes, and sentences that come from tables, never from a report."""

PERSONAL_WORDS = frozenset(
    {"name", "names", "phone", "phones", "email", "address", "narrative", "birth", "born", "note", "comment"}
)
"""Words that no field may have in its name, whatever its type."""

PERSONAL_HASHES = frozenset({"name_hashes", "phone_hashes", "institution_hashes"})
"""Keyed hashes for conflicts of interest, which cannot be read back."""

PLAIN = (UUID, datetime, bool, int, float, Enum, types.NoneType)


def faults(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """Say of each field, its parts included, what would let personal data through."""
    if model.model_config.get("extra") == "allow":
        yield f"{place or model.__name__}: unknown fields are carried along"
    for name, field in model.model_fields.items():
        here = f"{place or model.__name__}.{name}"
        if name not in PERSONAL_HASHES | TEXTS and not PERSONAL_WORDS.isdisjoint(name.split("_")):
            yield f"{here}: the name says that it is personal"
        yield from _type_faults(name, field.annotation, here)


def _type_faults(name: str, annotation: Any, here: str) -> Iterator[str]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _type_faults(name, get_args(annotation)[0], here)
    elif origin in {Union, types.UnionType, tuple, list, dict, set, frozenset}:
        for inner in get_args(annotation):
            if inner is not ...:
                yield from _type_faults(name, inner, here)
    elif origin is not Literal:
        yield from _leaf_faults(name, annotation, here)


def _leaf_faults(name: str, annotation: Any, here: str) -> Iterator[str]:
    if annotation is AwareDatetime:
        return
    if not isinstance(annotation, type):
        yield f"{here}: {annotation} may hold anything"
    elif issubclass(annotation, BaseModel):
        yield from faults(annotation, here)
    elif annotation is str:
        if name not in TEXTS | PERSONAL_HASHES:
            yield f"{here}: text that is on no list"
    elif not issubclass(annotation, PLAIN):
        yield f"{here}: {annotation.__name__} may hold anything"


@pytest.mark.parametrize("event", [event for event in EVENTS if event is not ReportSubmitted])
def test_event_carries_no_personal_data(event: type[Event]) -> None:
    assert list(faults(event)) == []


def test_inbound_report_is_the_one_exception_and_is_found() -> None:
    assert list(faults(ReportSubmitted)) != []


class _Contact(Part):
    phone: str


@pytest.mark.parametrize(
    "added",
    [
        {"name": (str, "")},
        {"phone": (str | None, None)},
        {"narrative": (str, "")},
        {"address": (str, "")},
        {"phone_number": (int, 0)},
        {"child_birth": (AwareDatetime | None, None)},
        {"remarks": (tuple[str, ...], ())},
        {"details": (dict[str, Any], {})},
        {"photo": (bytes, b"")},
        {"contact": (_Contact | None, None)},
    ],
    ids=lambda added: next(iter(added)),
)
@pytest.mark.parametrize("event", [ReportReceived, CaseAssessed])
def test_personal_field_would_be_found(event: type[Event], added: dict[str, Any]) -> None:
    changed = create_model("Changed", __base__=event, **added)
    assert list(faults(changed)) != []
