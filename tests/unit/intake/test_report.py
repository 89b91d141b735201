"""What a report may say, and that every wrong field is named in one answer."""

from __future__ import annotations

import json
import traceback
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.field_errors import InvalidReportError
from services.intake.rules.report import NARRATIVE_LIMIT, Report
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Answer, Channel, Concern, SubjectKind
from tests.unit.intake.documents import ARRIVAL, NAME, STORY, a_personal_report, a_report, fields, read, refused

OPTIONAL = [
    ("external_id",),
    ("received_at",),
    ("incident_date",),
    ("subject",),
    ("subject", "kind"),
    ("subject", "name"),
    ("subject", "sex"),
    ("subject", "birth_date"),
    ("subject", "age_min"),
    ("subject", "age_max"),
    ("subject", "age_basis"),
    ("subject", "disabled"),
    ("family",),
    ("family", "father"),
    ("family", "mother", "name"),
    ("family", "carer"),
    ("children_in_home",),
    ("concerns",),
    ("facts",),
    ("facts", "danger_now"),
    ("facts", "suicide"),
    ("facts", "when"),
    ("facts", "hours_since_sexual_contact"),
    ("prior_reports_12_months",),
    ("alleged",),
    ("place",),
    ("place", "incident"),
    ("place", "incident", "text"),
    ("place", "incident", "unit_code"),
    ("place", "residence"),
    ("place", "current", "detail"),
    ("reporter",),
    ("reporter", "anonymous"),
    ("reporter", "phone"),
    ("reporter", "safe_to_contact"),
    ("reporter", "share_identity"),
]

WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"channel": "telepathy"}, {"channel"}),
    ({"channel": None}, {"channel"}),
    ({"narrative": "x" * (NARRATIVE_LIMIT + 1)}, {"narrative"}),
    ({"narrative": ["x"]}, {"narrative"}),
    ({"concerns": "physical"}, {"concerns"}),
    ({"concerns": ["physical", "sorcery"]}, {"concerns.1"}),
    ({"facts": "yes"}, {"facts"}),
    ({"facts": {"danger_now": "maybe", "suicide": "yes"}}, {"facts.danger_now", "facts.suicide"}),
    ({"facts": {"danger_now": True}}, {"facts.danger_now"}),
    ({"facts": {"hours_since_sexual_contact": -1}}, {"facts.hours_since_sexual_contact"}),
    ({"facts": {"hours_since_sexual_contact": "yesterday"}}, {"facts.hours_since_sexual_contact"}),
    ({"facts": {"hours_since_sexual_contact": True}}, {"facts.hours_since_sexual_contact"}),
    ({"subject": ["x"]}, {"subject"}),
    ({"subject": {"age_min": -3}}, {"subject.age_min"}),
    ({"subject": {"age_max": 121}}, {"subject.age_max"}),
    ({"subject": {"age_min": False}}, {"subject.age_min"}),
    ({"subject": {"age_min": 6, "age_max": 4}}, {"subject.age_min", "subject.age_max"}),
    ({"subject": {"birth_date": "15/06/2010"}}, {"subject.birth_date"}),
    ({"subject": {"birth_date": "2026-11-29"}}, {"subject.birth_date"}),
    (
        {"subject": {"kind": "dog", "sex": "x", "disabled": "a bit"}},
        {"subject.kind", "subject.sex", "subject.disabled"},
    ),
    ({"children_in_home": [{"age_min": 1}, {"age_min": 200}]}, {"children_in_home.1.age_min"}),
    (
        {"children_in_home": [{"age_min": 3, "age_max": 1}]},
        {"children_in_home.0.age_min", "children_in_home.0.age_max"},
    ),
    ({"children_in_home": {"age_min": 3}}, {"children_in_home"}),
    ({"alleged": [{"role": "witch"}]}, {"alleged.0.role"}),
    ({"incident_date": "yesterday"}, {"incident_date"}),
    ({"received_at": "2026-11-28T14:20:00"}, {"received_at"}),
    ({"received_at": "today"}, {"received_at"}),
    ({"received_at": "0001-01-01T00:00:00+07:00"}, {"received_at"}),
    ({"prior_reports_12_months": -1}, {"prior_reports_12_months"}),
    ({"prior_reports_12_months": 1.5}, {"prior_reports_12_months"}),
    ({"place": {"incident": {"unit_code": 1}}}, {"place.incident.unit_code"}),
    ({"place": {"residence": {"unit_code": "Võ Cường"}}}, {"place.residence.unit_code"}),
    ({"place": {"current": {"unit_code": 10**30}}}, {"place.current.unit_code"}),
    (
        {"reporter": {"anonymous": "perhaps", "safe_to_contact": "sure"}},
        {"reporter.anonymous", "reporter.safe_to_contact"},
    ),
    ({"reporter": {"name": "x" * 2001}}, {"reporter.name"}),
]


@pytest.mark.parametrize(
    ("said", "named"), WRONG, ids=lambda part: "+".join(sorted(part)) if isinstance(part, set) else ""
)
def test_wrong_field_is_named_and_no_other(said: dict[str, Any], named: set[str]) -> None:
    assert fields(refused(a_report(**said))) == named


def test_every_wrong_field_is_named_in_one_answer() -> None:
    errors = refused(
        {
            "channel": "telepathy",
            "facts": {"danger_now": "maybe"},
            "subject": {"age_min": -3},
            "place": {"incident": {"unit_code": 7711}},
        }
    )
    assert fields(errors) == {"channel", "facts.danger_now", "subject.age_min", "place.incident.unit_code"}


@pytest.mark.parametrize(
    "empty", [{}, {"narrative": " \n"}, {"concerns": []}, {"facts": {}}, {"facts": {"runaway": ""}}]
)
def test_report_that_says_nothing_is_refused(empty: dict[str, Any]) -> None:
    assert fields(refused({"channel": "hotline", **empty})) == {"narrative"}


@pytest.mark.parametrize("said", [{"narrative": "x"}, {"concerns": ["other"]}, {"facts": {"runaway": "unknown"}}])
def test_a_narrative_a_concern_or_a_fact_is_enough(said: dict[str, Any]) -> None:
    assert read({"channel": "web", **said}).report.channel is Channel.WEB


def test_missing_channel_and_nothing_said_are_both_named() -> None:
    assert fields(refused({})) == {"channel", "narrative"}


def test_former_code_is_refused_with_its_successor() -> None:
    (error,) = refused(a_report(place={"incident": {"unit_code": 7711}}))
    assert error.message("vi") == "Mã này đã cũ, nay là 7696 Phường Tiền Phong"
    assert error.message("en") == "This code is a former one; today it is 7696 Phường Tiền Phong"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"channel": "web", "narrative": "\\ud800"}', b"[" * 100_000])
def test_broken_json_is_refused(body: bytes) -> None:
    assert refused(body)[0].field == "body"


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"7"])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    (error,) = refused(body)
    assert (error.field, error.why) == ("body", "section")


@pytest.mark.parametrize(
    ("said", "named"), WRONG, ids=lambda part: "+".join(sorted(part)) if isinstance(part, set) else ""
)
def test_messages_are_sentences_in_both_languages(said: dict[str, Any], named: set[str]) -> None:
    assert named
    for error in refused(a_report(**said)):
        assert error.why != "wrong"
        for message in (error.message("vi"), error.message("en")):
            assert message[0].isupper()
            assert "{" not in message


def test_choices_are_told() -> None:
    (error,) = refused(a_report(facts={"danger_now": "maybe"}))
    assert error.message("vi") == "Chọn một trong: yes, no, unknown"
    assert error.message("en") == "Choose one of: yes, no, unknown"


def test_no_message_repeats_what_was_sent() -> None:
    document = a_report(
        subject={"kind": NAME, "birth_date": NAME, "age_min": NAME, "name": [NAME]},
        facts={"danger_now": NAME, "hours_since_sexual_contact": NAME},
        received_at=NAME,
        concerns=[NAME],
        reporter={"anonymous": NAME},
        place={"incident": {"unit_code": NAME}},
    )
    with pytest.raises(InvalidReportError) as caught:
        read(document)
    told = [str(caught.value), repr(caught.value.errors)]
    told += [error.message(language) for error in caught.value.errors for language in ("vi", "en")]
    assert NAME not in "".join(told)
    assert NAME not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("path", OPTIONAL, ids=".".join)
def test_empty_null_and_absent_are_the_same(path: tuple[str, ...]) -> None:
    absent = read(a_report())
    for empty in (None, "", "  "):
        said: Any = empty
        for name in reversed(path):
            said = {name: said}
        given = read(a_report(**said))
        assert given.report == absent.report
        assert given.warnings == ()


def test_what_nobody_said_is_unknown() -> None:
    report = read(a_report()).report
    assert report.subject.kind is SubjectKind.UNKNOWN
    assert report.subject.age_min is None
    assert {getattr(report.facts, name) for name in YES_NO_FACTS} == {Answer.UNKNOWN}
    assert report.facts.hours_since_sexual_contact is None
    assert report.place.incident.unit_code is None
    assert report.reporter.anonymous is None


def test_child_or_alleged_of_whom_nothing_is_known_is_not_lost() -> None:
    report = read(a_report(children_in_home=[None, {}], alleged=["", {"role": None}])).report
    assert len(report.children_in_home) == 2
    assert len(report.alleged) == 2


def test_empty_concern_says_nothing() -> None:
    assert read(a_report(concerns=["", None, "neglect"])).report.concerns == (Concern.NEGLECT,)


def test_unknown_fields_are_kept_at_every_depth() -> None:
    report = read(a_personal_report()).report
    kept = json.loads(report.model_dump_json())
    assert kept["notes"] == NAME
    assert kept["subject"]["nickname"] == NAME
    assert kept["facts"]["who_said_it"] == NAME
    assert kept["family"]["father"]["phone"]


def test_text_is_stored_composed() -> None:
    report = read(a_report(subject={"name": unicodedata.normalize("NFD", NAME)})).report
    assert report.subject.name == NAME


def test_stored_report_reads_as_it_was() -> None:
    report = read(a_personal_report(received_at="2026-11-28T14:00:00+07:00", incident_date="2026-11-27")).report
    assert Report.model_validate_json(report.model_dump_json(exclude_defaults=True)) == report


def test_phone_of_the_reporter_gets_one_form() -> None:
    assert read(a_report(reporter={"phone": "84-912-345-678"})).report.reporter.phone == "+84912345678"
    assert read(a_report(reporter={"phone": "nhà bà Ba"})).report.reporter.phone == "nhà bà Ba"


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=20), st.lists, max_leaves=5), st.data())
def test_any_value_anywhere_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*OPTIONAL, ("channel",), ("narrative",)]))
    said: Any = value
    for name in reversed(path):
        said = {name: said}
    try:
        read(a_report(**said))
    except InvalidReportError as error:
        assert error.errors  # noqa: PT017 - either outcome is right; an error names something


def test_documents_that_say_the_same_have_the_same_content() -> None:
    first = read({"channel": "web", "narrative": STORY, "subject": {"age_min": None, "name": ""}, "alleged": []})
    again = read({"narrative": unicodedata.normalize("NFD", STORY), "family": {"father": {}}, "channel": "web"})
    assert first.content == again.content
    assert first.content != read({"channel": "web", "narrative": STORY, "concerns": ["other"]}).content


def test_child_of_whom_nothing_is_known_makes_a_difference() -> None:
    assert read(a_report(children_in_home=[{}])).content != read(a_report()).content


def test_arrival_is_the_receipt_when_none_is_given() -> None:
    assert read(a_report()).received_at == ARRIVAL
