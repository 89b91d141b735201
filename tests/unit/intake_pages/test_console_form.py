"""The operator's form holds the report format one to one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import console_form
from services.intake.rules.report import Report
from shared.contracts.facts import YES_NO_FACTS, Facts
from shared.contracts.vocabulary import AllegedRole, Answer, Concern, Suicide, When
from shared.web import words


def document(*fields: tuple[str, str]) -> dict[str, Any]:
    return console_form.document(console_form.typed(fields))


CASES: list[tuple[str, str, Any]] = [
    ("channel", "walk_in", "walk_in"),
    ("incident_date", "2026-11-20", "2026-11-20"),
    ("incident_date", "5/11/2026", "2026-11-05"),
    ("prior_reports_12_months", "2", 2),
    ("narrative", "Nghe tiếng khóc", "Nghe tiếng khóc"),
    ("subject.kind", "adult", "adult"),
    ("subject.age_min", "3.5", 3.5),
    ("subject.age_min", "3,5", 3.5),
    ("subject.age_min", "-3", -3),
    ("subject.age_min", "bốn", "bốn"),
    ("subject.age_max", "4", 4),
    ("subject.age_basis", "estimated", "estimated"),
    ("subject.birth_date", "01/02/2022", "2022-02-01"),
    ("subject.sex", "female", "female"),
    ("subject.disabled", "yes", "yes"),
    ("subject.name", "Bé Na, áo đỏ", "Bé Na, áo đỏ"),
    ("family.carer", "bà ngoại", "bà ngoại"),
    ("place.incident.text", "Phường Võ Cường", "Phường Võ Cường"),
    ("place.incident.unit_code", "9190", 9190),
    ("place.incident.detail", "ngõ sau chợ", "ngõ sau chợ"),
    ("place.residence.text", "Xã Tam Giang", "Xã Tam Giang"),
    ("place.residence.unit_code", "9208", 9208),
    ("place.current.text", "Trong nhà đó", "Trong nhà đó"),
    ("place.current.unit_code", "9190", 9190),
    ("reporter.anonymous", "true", True),
    ("reporter.anonymous", "false", False),
    ("reporter.safe_to_contact", "no", "no"),
    ("reporter.share_identity", "unknown", "unknown"),
    ("reporter.relation", "hàng xóm", "hàng xóm"),
    ("reporter.name", "Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
    ("reporter.phone", "0912 345 678", "0912 345 678"),
    ("facts.hours_since_sexual_contact", "0", 0),
    ("facts.hours_since_sexual_contact", "36,5", 36.5),
    ("facts.suicide", "plan", "plan"),
    ("facts.when", "over_30_days_ago", "over_30_days_ago"),
    *((f"facts.{name}", "yes", "yes") for name in YES_NO_FACTS),
]


@pytest.mark.parametrize(("name", "text", "value"), CASES)
def test_a_field_stands_at_its_path(name: str, text: str, value: Any) -> None:
    found: Any = document((name, text))
    for part in name.split("."):
        assert list(found) == [part]
        found = found[part]
    assert found == value
    assert type(found) is type(value)


def test_the_table_above_leaves_out_no_field() -> None:
    single = {name for name in console_form.LABELS if "*" not in name} - {"concerns"}
    assert {name for name, _, _ in CASES} == single | {f"facts.{name}" for name in Facts.model_fields}


def test_every_fact_is_asked_once_and_has_its_words() -> None:
    asked = [*console_form.GRAVE_FACTS, *(name for _, names in console_form.FACT_GROUPS for name in names)]
    assert sorted(asked) == sorted(Facts.model_fields)
    assert set(asked) == set(words.FACTS)


def test_several_concerns_stay_a_list() -> None:
    assert document(("concerns", "physical"), ("concerns", "neglect")) == {"concerns": ["physical", "neglect"]}


def test_what_nobody_filled_in_is_left_out() -> None:
    assert document(
        ("narrative", " \n"), ("facts.danger_now", ""), ("subject.age_min", ""), ("channel", "hotline")
    ) == {"channel": "hotline"}


def test_rows_keep_their_order_without_the_empty_ones_between() -> None:
    fields = [
        ("alleged.0.role", ""),
        ("alleged.3.role", "caregiver"),
        ("alleged.3.name", "Tên"),
        ("alleged.12.role", "peer"),
    ]
    assert document(*fields) == {"alleged": [{"role": "caregiver", "name": "Tên"}, {"role": "peer"}]}
    assert console_form.rows(console_form.typed(fields), "alleged") == 2


def test_somebody_of_whom_only_the_unknown_is_said_is_still_there() -> None:
    found = document(("children_in_home.0.disabled", "unknown"), ("alleged.0.role", "unknown"))
    assert found == {"children_in_home": [{"disabled": "unknown"}], "alleged": [{"role": "unknown"}]}


def test_names_that_the_form_does_not_have_are_passed_over() -> None:
    hostile = [
        "subject",
        "csrf",
        "key",
        "facts.x",
        "facts.danger_now.x",
        "alleged.x.role",
        "alleged.123.role",
        "__class__",
    ]
    assert document(*((name, "yes") for name in hostile), ("subject.name", "Na")) == {"subject": {"name": "Na"}}


def test_a_number_too_long_to_be_one_stays_text() -> None:
    assert document(("place.incident.unit_code", "9" * 5000)) == {"place": {"incident": {"unit_code": "9" * 5000}}}


@pytest.mark.parametrize(
    ("path", "name", "label"),
    [
        ("subject.age_min", "subject.age_min", "Tuổi từ"),
        ("place.incident.unit_code", "place.incident.text", "Xã, phường nơi xảy ra"),
        ("facts.danger_now", "facts.danger_now", words.FACTS["danger_now"].vi),
        ("alleged.1.name", "alleged.1.name", "Tên"),
        ("children_in_home.0.age_max", "children_in_home.0.age_max", "Tuổi đến"),
        ("concerns.2", "concerns", "Loại vụ việc"),
    ],
)
def test_a_wrong_field_is_named_by_its_label(path: str, name: str, label: str) -> None:
    assert console_form.field_of(path) == name
    assert console_form.label(name, "vi") == label


ages = st.floats(min_value=0, max_value=60, allow_nan=False).map(lambda age: round(age, 2))
people = st.lists(st.sampled_from(AllegedRole), max_size=4)


@given(
    st.dictionaries(st.sampled_from(YES_NO_FACTS), st.sampled_from(Answer)),
    st.sampled_from(Suicide),
    st.sampled_from(When),
    st.none() | ages,
    st.lists(st.sampled_from(Concern), unique=True, min_size=1),
    people,
    st.lists(ages, max_size=4),
)
def test_whatever_is_answered_the_report_says_the_same(
    answers: dict[str, Answer],
    suicide: Suicide,
    when: When,
    hours: float | None,
    concerns: list[Concern],
    roles: list[AllegedRole],
    children: list[float],
) -> None:
    fields = [("channel", "hotline"), ("facts.suicide", suicide), ("facts.when", when)]
    fields += [(f"facts.{name}", answer) for name, answer in answers.items()]
    fields += [("facts.hours_since_sexual_contact", "" if hours is None else str(hours).replace(".", ","))]
    fields += [("concerns", concern) for concern in concerns]
    fields += [(f"alleged.{2 * number}.role", role) for number, role in enumerate(roles)]
    fields += [(f"children_in_home.{number}.age_min", f"{age:.2f}") for number, age in enumerate(children)]
    report = Report.model_validate(document(*fields))
    expected = Facts.model_validate({**answers, "suicide": suicide, "when": when, "hours_since_sexual_contact": hours})
    assert report.facts.known() == expected
    assert list(report.concerns) == concerns
    assert [person.role for person in report.alleged] == roles
    assert [child.age_min for child in report.children_in_home] == children
