"""The public form as a document of the report format: seven questions in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.intake.rules.age_guess import AgeGuess, age_guess
from services.intake.rules.plausibility import ADULT_FROM
from shared.contracts.vocabulary import AgeBasis, Answer, Channel, SubjectKind

FIELDS: Final = ("who", "text", "danger", "safe", "place", "near", "age", "back", "phone")
"""Names of the form's fields, in the order of its questions."""

TRAP: Final = "website"
"""A field that people do not see: whoever fills it in is a program, or a browser that fills in everything."""

SELF: Final = "self"

_PATHS: Final[Mapping[str, str]] = {
    "narrative": "text",
    "facts.danger_now": "danger",
    "facts.with_safe_adult": "safe",
    "place.incident.text": "place",
    "place.incident.detail": "near",
    "subject.kind": "who",
    "subject.age_min": "age",
    "subject.age_max": "age",
    "reporter.safe_to_contact": "back",
    "reporter.phone": "phone",
}
_ANSWERS: Final = ("yes", "no", "unknown")

Values = Mapping[str, str]
"""What was typed, by field."""


def typed(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what was typed into the form's own fields, as it was typed; browsers send line ends as CR LF."""
    return {name: value.replace("\r\n", "\n") for name, value in fields if name in FIELDS and value.strip()}


def document(values: Values) -> dict[str, Any]:
    """Return the report that was typed. An age that cannot be read goes on as words, below the story."""
    said_age = values.get("age", "").strip()
    guess = age_guess(said_age)
    return {
        "channel": Channel.WEB.value,
        "narrative": _narrative(values.get("text", ""), said_age if guess is None else ""),
        "subject": _subject(values.get("who", ""), guess),
        "facts": {"danger_now": values.get("danger"), "with_safe_adult": values.get("safe")},
        "place": {"incident": {"text": values.get("place", "").strip(), "detail": values.get("near", "").strip()}},
        "reporter": _reporter(values),
    }


def field_of(path: str) -> str:
    """Return the field of the form that a path of the format was typed into."""
    return _PATHS.get(path, "text")


def _narrative(story: str, said_age: str) -> str:
    return f"{story}\n\nTuổi: {said_age}".strip() if said_age else story


def _subject(who: str, guess: AgeGuess | None) -> dict[str, Any]:
    ages = (
        {"age_min": guess.lowest, "age_max": guess.highest, "age_basis": AgeBasis.ESTIMATED.value}
        if guess is not None
        else {}
    )
    return {"kind": _kind(who, guess), **ages}


def _kind(who: str, guess: AgeGuess | None) -> str:
    """Whoever tells of themselves may be a child or not: their age decides, and while it is open nothing does."""
    if who != SELF:
        return who
    if guess is None:
        return SubjectKind.UNKNOWN.value
    if guess.lowest >= ADULT_FROM:
        return SubjectKind.ADULT.value
    return SubjectKind.CHILD.value if guess.highest < ADULT_FROM else SubjectKind.UNKNOWN.value


def _reporter(values: Values) -> dict[str, Any]:
    """Return who told. A number is not kept against the person's *no*."""
    safe = values.get("back", Answer.UNKNOWN.value)
    return {
        "anonymous": True,
        "relation": "Chính người cần giúp" if values.get("who") == SELF else "",
        "safe_to_contact": safe,
        "phone": "" if safe == Answer.NO.value else values.get("phone", "").strip(),
    }
