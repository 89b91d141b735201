"""What changed between two revisions: no field is missed, and what was said before is kept."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.history import Change, changes

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(min_size=1, max_size=5))
DOCUMENTS = st.dictionaries(
    st.sampled_from(["narrative", "subject", "alleged", "facts"]),
    st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)),
)


def test_each_field_is_named_by_its_path_with_before_and_after() -> None:
    before = {"subject": {"name": "An", "age_min": 3}, "concerns": ["physical"], "alleged": [{"role": "relative"}]}
    after = {"subject": {"name": "Ân"}, "concerns": ["physical", "neglect"], "alleged": [{"role": "peer"}, {}]}
    assert changes(before, after) == [
        Change("subject.name", "An", "Ân"),
        Change("concerns", ["physical"], ["physical", "neglect"]),
        Change("alleged.0.role", "relative", "peer"),
        Change("alleged.1", None, ""),
        Change("subject.age_min", 3, None),
    ]


def test_what_is_told_later_is_shown_as_added_and_a_rewritten_story_is_not() -> None:
    assert changes({"narrative": "Một."}, {"narrative": "Một.\n\n[Kể thêm] Hai."})[0].added == "[Kể thêm] Hai."
    assert changes({"narrative": "Một."}, {"narrative": "Khác."}) == [Change("narrative", "Một.", "Khác.")]


@given(DOCUMENTS, DOCUMENTS)
def test_a_document_differs_from_itself_nowhere_and_every_change_turns_around(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert changes(one, one) == []
    there = {(change.path, repr(change.before), repr(change.after)) for change in changes(one, other)}
    back = {(change.path, repr(change.after), repr(change.before)) for change in changes(other, one)}
    assert there == back
