"""A submitted report keeps its event id when its record is read again, and shares it with no other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from shared.events.receive import submission_id


@dataclass
class FakeRecord:
    topic: str = "heedline.reports.submitted.v1"
    partition: int = 0
    offset: int = 7
    timestamp: int = 1_790_000_000_000
    value: bytes | None = b"{}"


def test_same_record_has_the_same_id() -> None:
    assert submission_id(FakeRecord()) == submission_id(FakeRecord())


@pytest.mark.parametrize(
    "other",
    [{"partition": 1}, {"offset": 8}, {"timestamp": 1_790_000_000_001}, {"value": b"{ }"}],
    ids=lambda other: next(iter(other)),
)
def test_record_of_a_new_cluster_is_not_taken_for_an_old_one(other: dict[str, object]) -> None:
    assert submission_id(replace(FakeRecord(), **other)) != submission_id(FakeRecord())  # type: ignore[arg-type] # fields by name
