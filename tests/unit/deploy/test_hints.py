"""The measure of the hints, and that they do not get worse than what was reached."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from deploy import hints
from deploy.cli import app
from deploy.hints import TOTAL, Labelled, Score
from services.intake.rules.hints import TARGETS

LEAST = {"samples": (0.75, 0.85), "tuning": (0.9, 0.9)}
"""Precision and recall below which something broke. The reports held out are measured and bind nobody."""


def test_to_suggest_what_may_only_be_asked_is_wrong_and_to_ask_what_is_told_is_right() -> None:
    text = "Cháu bị bố đánh bằng roi. Cháu đang ở với bà."
    report = Labelled("x", text, frozenset({"with_safe_adult", "neglect"}), frozenset({"physical"}))
    scores = hints._score(report)
    assert scores["physical"] == Score(wrong=1)
    assert scores["with_safe_adult"] == Score(right=1)
    assert scores["neglect"] == Score(missed=1)
    assert scores["implement_used"] == Score(wrong=1)


def test_shares_are_of_hints_and_of_labels() -> None:
    score = Score(right=3, wrong=1) + Score(missed=3)
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert (Score().precision, Score().recall) == (None, None)


def test_labels_name_facts_and_concerns_and_a_third_is_held_out() -> None:
    reports = list(hints._labelled())
    for report in reports:
        assert report.yes | report.ask <= set(TARGETS)
        assert not report.yes & report.ask
    held_out = sum(report.split == "held_out" for report in reports)
    assert len(reports) >= 48
    assert {report.split for report in reports} == {"tuning", "held_out"}
    assert held_out >= len(reports) / 3


@pytest.mark.parametrize("split", LEAST)
def test_hints_are_as_good_as_they_were(split: str) -> None:
    total = hints.measure()[split][TOTAL]
    precision, recall = LEAST[split]
    assert (total.precision or 0) >= precision
    assert (total.recall or 0) >= recall


def test_the_command_prints_every_split_and_its_total() -> None:
    printed = CliRunner().invoke(app, ["hints", "measure"])
    assert printed.exit_code == 0
    assert printed.stdout.count("total") == 3
    for title in ("hints: samples", "hints: tuning", "hints: held_out"):
        assert title in printed.stdout
