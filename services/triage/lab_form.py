"""The form that edits a rule table: its fields are those of the document, so a wrong one is shown beside itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import FormData

from services.triage.rules.matrix import MATRIX
from services.triage.rules.table import TABLE
from services.triage.rules.table_checks import ALWAYS_ON, MOST_LEADS, MOST_SUPPORT
from services.triage.rules.table_document import GRAVEST_FIRST, Document
from services.triage.rules.terms import CLOCK_NAMES
from services.triage.rules.thresholds import LIMITS

PLACES: Final = {"leads": MOST_LEADS, "support": MOST_SUPPORT}
"""How many teams of each kind the form offers."""


def typed(form: FormData, version: str) -> Document:
    """Return what the form holds as a document, with its numbers as they were typed.

    A switch that is not sent is off; a clock without an amount is not set; empty choices of a team are left out.
    """

    def text(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else ""

    return {
        "version": version,
        "rules": {rule.id: _rule(form, text, rule.id, graver=rule.graver is not None) for rule in TABLE},
        "thresholds": {name: text(f"thresholds.{name}") for name in LIMITS},
        "clocks": {
            level.name: {name: _term(text, f"clocks.{level.name}.{name}") for name in CLOCK_NAMES}
            for level in GRAVEST_FIRST
        },
        "matrix": {row.concern: _row(form, text, f"matrix.{row.concern}") for row in MATRIX},
    }


def _rule(form: FormData, text: Any, rule_id: str, *, graver: bool) -> Document:
    path = f"rules.{rule_id}"
    names = ["level", *(["graver_level"] if graver else []), "words_vi", "words_en", "source"]
    enabled = rule_id in ALWAYS_ON or f"{path}.enabled" in form
    return {"enabled": enabled, **{name: text(f"{path}.{name}") for name in names}}


def _term(text: Any, path: str) -> str:
    amount = text(f"{path}.amount").strip()
    return f"{amount} {text(f'{path}.unit')}" if amount else ""


def _row(form: FormData, text: Any, path: str) -> Document:
    return {
        "order": text(f"{path}.order"),
        **{name: [code for code in form.getlist(f"{path}.{name}") if code] for name in PLACES},
        "at_every_level": f"{path}.at_every_level" in form,
    }


def amount_and_unit(written: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Return how the form shows a clock of a level: amount and unit, as typed; empty and hours where none is set."""
    amount, _, unit = str(written.get(name) or "").rpartition(" ")
    return (amount, unit) if amount else ("", "h")
