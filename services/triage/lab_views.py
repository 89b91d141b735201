"""What the pages of the rule lab show, ready for their templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.datastructures import State as RequestState

from services.triage import lab_store, lab_words
from services.triage.handlers.replay_table import DEFAULT_CASES, MOST_CASES
from services.triage.lab_form import PLACES, amount_and_unit
from services.triage.lab_records import Activation, KeptReplay, LabRefusedError, Version
from services.triage.rules.differences import differences
from services.triage.rules.matrix import MATRIX
from services.triage.rules.replay import Replay
from services.triage.rules.seats import SEATS
from services.triage.rules.table import TABLE
from services.triage.rules.table_checks import ALWAYS_ON
from services.triage.rules.table_document import GRAVEST_FIRST, NO_LEVEL, Document
from services.triage.rules.terms import CLOCK_NAMES
from services.triage.rules.thresholds import LIMITS
from services.triage.rules.wrong import Wrong
from shared.contracts.vocabulary import Level
from shared.identity.policy import View
from shared.service import Parts
from shared.web.sources import readable_source

TEAMS_SHOWN: Final = 40
"""Rows of the load table; the teams that change most come first."""

MOVES_SHOWN: Final = 200


@dataclass(frozen=True)
class Lab:
    """Every version, the one in force, and every activation."""

    versions: tuple[Version, ...]
    active: Version
    history: tuple[Activation, ...]

    @classmethod
    async def load(cls, parts: Parts) -> Lab:
        """Read the lab, and put the built-in table into force where none is."""
        async with parts.database.reading() as connection:
            active = await lab_store.active(connection)
        if active is None:
            async with parts.database.transaction() as connection:
                await lab_store.keep_built_in(connection, parts.clock.now())
        async with parts.database.reading() as connection:
            versions, history = await lab_store.versions(connection), await lab_store.history(connection)
        return cls(tuple(versions), next(one for one in versions if one.state == "active"), tuple(history))


def listing(
    lab: Lab,
    state: RequestState,
    said: Mapping[str, str],
    wrong: tuple[Wrong, ...] = (),
    refusal: LabRefusedError | None = None,
) -> dict[str, Any]:
    """Return what the list of versions shows; `said` is what the form for a draft held."""
    return {
        **_shared(lab),
        "may_propose": _may_propose(state),
        "said": {"base": said.get("base") or lab.active.version, "version": said.get("version") or _next(lab)},
        "wrong": wrong,
        "refusal": refusal,
    }


def reading(lab: Lab, found: Version, state: RequestState, locale: str, *, was_replayed: bool) -> dict[str, Any]:
    """Return what the page of one version shows."""
    return {
        **_shared(lab),
        "found": found,
        "table": found.table,
        "levels": GRAVEST_FIRST,
        "clock_names": CLOCK_NAMES,
        "limits": LIMITS,
        "changed": differences(lab.active.table, found.table) if found.state in {"draft", "proposed"} else (),
        "activations": [one for one in lab.history if found.version in {one.version, one.replaced}],
        "source_words": partial(readable_source, locale=locale),
        "may_propose": _may_propose(state),
        "may_activate": state.view is View.FULL,
        "was_replayed": was_replayed,
        "default_cases": DEFAULT_CASES,
        "most_cases": MOST_CASES,
    }


def editing(
    lab: Lab, found: Version, said: Document, wrong: tuple[Wrong, ...], refusal: LabRefusedError | None = None
) -> dict[str, Any]:
    """Return what the form of a draft shows: `said`, the stored document or what was typed, and what is wrong in it."""
    errors: dict[str, Wrong] = {}
    for one in wrong:
        errors.setdefault(one.field, one)
    return {
        **_shared(lab),
        "found": found,
        "said": said,
        "errors": errors,
        "refusal": refusal,
        "rules": TABLE,
        "always_on": ALWAYS_ON,
        "limits": LIMITS,
        "levels": GRAVEST_FIRST,
        "clock_names": CLOCK_NAMES,
        "amount_and_unit": amount_and_unit,
        "rows": sorted(MATRIX, key=lambda row: _order(said["matrix"][row.concern]["order"])),
        "places": PLACES,
        "seats": SEATS,
        "no_level": NO_LEVEL,
    }


def compared_with(lab: Lab, found: Version, other: Version, locale: str) -> dict[str, Any]:
    """Return what the comparison of two versions shows."""
    changes = [
        (
            lab_words.field_words(one.field, locale),
            lab_words.value_words(one.field, one.before, locale),
            lab_words.value_words(one.field, one.after, locale),
        )
        for one in differences(other.table, found.table)
    ]
    return {**_shared(lab), "found": found, "other": other, "changes": changes}


def replayed(lab: Lab, found: Version, kept: KeptReplay | None, result: Replay | None, locale: str) -> dict[str, Any]:
    """Return what the page of a replay shows; `kept` is null where this content was never replayed."""
    return {
        **_shared(lab),
        "found": found,
        "kept": kept,
        "result": result,
        "stale": kept is not None and kept.against != lab.active.digest,
        "moves": result.moves[:MOVES_SHOWN] if result else (),
        "loads": result.loads[:TEAMS_SHOWN] if result else (),
        "team_words": partial(lab_words.team_words, locale=locale),
        "default_cases": DEFAULT_CASES,
        "most_cases": MOST_CASES,
    }


def _shared(lab: Lab) -> dict[str, Any]:
    return {"lab": lab, "lab_words": lab_words, "Level": Level}


def _may_propose(state: RequestState) -> bool:
    return state.view in {View.FULL, View.PROPOSE}


def _next(lab: Lab) -> str:
    """Return a free number after the highest of the active version's year."""
    year = lab.active.version.partition(".")[0]
    names = (one.version.partition("-")[0].split(".") for one in lab.versions)
    return f"{year}.{1 + max(int(number) for of_year, number in names if of_year == year)}"


def _order(typed: object) -> int:
    """Return where the form shows a row whose order may be anything that was typed."""
    text = str(typed).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else len(MATRIX)
