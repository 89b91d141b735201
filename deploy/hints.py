"""How good the hints of the console are: precision and recall on reports whose text somebody labelled."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from services.intake.rules.hint_rule import Kind
from services.intake.rules.hints import TARGETS, hints
from shared.contracts.vocabulary import Answer, Suicide

LABELLED: Final = Path(__file__).with_name("hints_reports.json")
"""Invented reports. `yes` are facts and concerns that the text tells, `ask` those that it raises without telling.
The rules were worked on with the split `tuning`; no rule was changed for a report of `held_out`."""
SAMPLES: Final = Path(__file__).parent / "demo" / "reports.json"
"""The twelve reports of the demonstration, whose answers are those of a whole call and not of the text alone."""
TOTAL: Final = "total"


@dataclass(frozen=True)
class Labelled:
    """A narrative with what it should hint at. What is `free` may be asked or not, and counts neither way."""

    split: str
    text: str
    yes: frozenset[str]
    ask: frozenset[str]
    free: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Score:
    """Hints that were right, that were wrong, and labels without a hint."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float | None:
        """Share of the hints that are right; null without any hint."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the labels that have a hint; null without any label."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


Scores = Mapping[str, Mapping[str, Score]]
"""By split, then by target; the whole split is `total`."""


def measure() -> Scores:
    """Return the scores of the sample reports (split `samples`) and of the labelled ones."""
    found: dict[str, dict[str, Score]] = {}
    for report in (*_samples(), *_labelled()):
        split = found.setdefault(report.split, {})
        for target, score in _score(report).items():
            for name in (target, TOTAL):
                split[name] = split.get(name, Score()) + score
    return found


def tables(scores: Scores) -> Iterator[Table]:
    """Give a table for each split."""
    for split, by_target in scores.items():
        table = Table("target", "precision", "recall", "right", "wrong", "missed", title=f"hints: {split}")
        for target in (*TARGETS, TOTAL):
            if target in by_target:
                table.add_row(*_row(target, by_target[target]))
        yield table


def _score(report: Labelled) -> dict[str, Score]:
    """Score one report: to suggest what may only be asked is wrong, to ask what the text tells is right."""
    found = {hint.target: hint.kind for hint in hints(report.text)}
    expected = report.yes | report.ask
    scores = {target: Score(missed=1) for target in expected - found.keys()}
    for target, kind in found.items():
        if target in report.yes or (target in report.ask and kind is Kind.ASKS):
            scores[target] = Score(right=1)
        elif target not in report.free or kind is Kind.SUGGESTS:
            scores[target] = Score(wrong=1)
    return scores


def _row(target: str, score: Score) -> Iterable[str]:
    shares = ("" if share is None else f"{share:.2f}" for share in (score.precision, score.recall))
    return (target, *shares, *(str(count) for count in (score.right, score.wrong, score.missed)))


def _labelled() -> Iterator[Labelled]:
    for entry in _read(LABELLED):
        yield Labelled(entry["split"], entry["text"], frozenset(entry["yes"]), frozenset(entry["ask"]))


def _samples() -> Iterator[Labelled]:
    for entry in _read(SAMPLES):
        facts: Mapping[str, Any] = entry["facts"]
        told = {name for name, value in facts.items() if value not in _NOT_YES}
        denied = {name for name, value in facts.items() if value == Answer.NO}
        yes = frozenset(told | set(entry["concerns"]))
        yield Labelled("samples", entry["narrative"], yes, frozenset(), frozenset(denied))


_NOT_YES: Final[Collection[object]] = (Answer.NO, Answer.UNKNOWN, Suicide.NONE, None)


def _read(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return entries
