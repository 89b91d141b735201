"""The whole hint table, and its phrases as trees: one for each way of writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from services.intake.rules import (
    hint_rows_blows,
    hint_rows_care,
    hint_rows_case,
    hint_rows_exploitation,
    hint_rows_family,
    hint_rows_injuries,
    hint_rows_self,
    hint_rows_sexual,
    hint_rows_time,
)
from services.intake.rules.hint_harmless import HARMLESS, HARMLESS_EN
from services.intake.rules.hint_phrases import PhraseTree
from services.intake.rules.hint_rule import GROUPS, Rule
from services.intake.rules.hint_text import Writing

TABLE: Final[tuple[Rule, ...]] = (
    *hint_rows_blows.ROWS,
    *hint_rows_injuries.ROWS,
    *hint_rows_family.ROWS,
    *hint_rows_sexual.ROWS,
    *hint_rows_care.ROWS,
    *hint_rows_exploitation.ROWS,
    *hint_rows_self.ROWS,
    *hint_rows_case.ROWS,
    *hint_rows_time.ROWS,
)

Trees = dict[Writing, PhraseTree]


def phrases(text: str) -> Iterator[str]:
    """Give the phrases of a row, which semicolons separate."""
    return (phrase.strip() for phrase in text.split(";") if phrase.strip())


def _trees(rows: Iterable[tuple[str, str, object]]) -> Trees:
    """Return trees of (Vietnamese phrases, English phrases, payload)."""
    trees = {writing: PhraseTree(writing, GROUPS) for writing in Writing}
    for vi, en, payload in rows:
        for writing, text in ((Writing.ACCENTED, vi), (Writing.UNACCENTED, vi), (Writing.ENGLISH, en)):
            for phrase in phrases(text):
                trees[writing].add(phrase, payload)
    return trees


RULES: Final[Trees] = _trees((rule.vi, rule.en, rule) for rule in TABLE)
"""What hints at something."""

MASKS: Final[Trees] = _trees([(HARMLESS, HARMLESS_EN, None)])
"""What is passed over."""
