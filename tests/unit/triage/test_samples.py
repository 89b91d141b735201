from __future__ import annotations

from typing import Any

import pytest

from services.triage.rules.situation import Situation
from services.triage.rules.urgency import assess
from tests.unit.triage.reports import SAMPLES, from_document


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample["id"]))
def test_sample_gets_its_level_and_rules(sample: dict[str, Any]) -> None:
    got = assess(Situation.of(from_document(sample)))
    expected = sample["expected"]
    assert (got.level.name, [rule.id for rule in got.fired]) == (expected["level"], expected["rules"])


def test_there_are_twelve_samples() -> None:
    assert len(SAMPLES) == 12
