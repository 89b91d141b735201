"""The form of a policy: nothing typed is lost, and what a policy says comes back as it was."""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData, UploadFile

from services.notify.handlers import change_policy
from services.notify.policy_form import Typed, filled, read, suggestions, typed
from services.notify.policy_words import REASONS, SEATS, amount, reason_words, target_words, team_words, when
from services.notify.rules import policy as rules
from services.notify.rules.built_in import WORKING_DAY, built_in
from services.notify.rules.escalation import REPEAT, Position, steps
from services.notify.rules.policy import CHANNELS, MOST_STEPS, Named, Policy, PolicyStep, Seat, checked, plan_of
from shared.contracts.vocabulary import Level, Where

NOTE = "Theo quyết định 12"
SOMEBODY = Named(UUID(int=7))
TEAMS = ("social-*", "police-*", "social-9190", "province-duty", "province-child-protection")

targets: st.SearchStrategy[Seat | Named] = st.one_of(
    st.sampled_from([seat for seat, _ in SEATS.values()]),
    st.builds(
        Seat, st.sampled_from(["health-*", "police-9190", "province-hospital"]), st.sampled_from([*Position, None])
    ),
    st.builds(Named, st.uuids()),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    times = sorted(draw(st.sets(st.integers(1, 5000), max_size=MOST_STEPS - 1)))
    planned = tuple(
        PolicyStep(
            timedelta(minutes=after),
            tuple(draw(st.lists(targets, min_size=1, max_size=6, unique=True))),
            draw(st.booleans()),
            tuple(draw(st.lists(st.sampled_from(CHANNELS), unique=True))),
        )
        for after in (0, *times)
    )
    level, team = draw(st.sampled_from(Level)), draw(st.sampled_from(TEAMS))
    return Policy(team, level, timedelta(minutes=draw(st.integers(1, 240))), planned)


def sent(form: Typed) -> FormData:
    """Return what a browser would send of a form, with the empty fields that it always shows."""
    fields: list[tuple[str, str | UploadFile]] = [
        ("function", form.function),
        ("commune", form.commune),
        ("level", form.level),
        ("repeat", form.repeat),
        ("note", form.note),
    ]
    for number, step in enumerate(form.steps, 1):
        at = f"steps.{number}."
        fields += [(at + "after", step.after), (at + "unit", step.unit)]
        fields += [(at + "seat", seat) for seat in sorted(step.seats)]
        fields += [(at + "person", person) for person in (*step.people, "")]
        for code, position in (*step.teams, ("", "worker")):
            fields += [(at + "team", code), (at + "position", position)]
        fields += [(at + "channel", channel) for channel in (*step.channels, "")]
        fields += [(at + "all", "yes")] if step.all_must else []
    return FormData(fields)


@given(policies())
def test_a_policy_comes_back_from_its_form_as_it_was(policy: Policy) -> None:
    form = replace(filled(policy), note=NOTE)
    assert typed(sent(form)) == form
    found = read(form).policy
    assert found is not None
    assert replace(found, steps=()) == replace(policy, steps=())
    for one, other in zip(found.steps, policy.steps, strict=True):
        assert set(one.targets) == set(other.targets)
        assert replace(one, targets=()) == replace(other, targets=())


@given(st.dictionaries(st.sampled_from(["function", "level", "repeat", "steps.1.after", "steps.1.person"]), st.text()))
def test_whatever_is_sent_is_read_without_an_error(fields: dict[str, str]) -> None:
    form = typed(FormData(fields))
    found = read(form)
    assert found.wrong
    assert all(reason_words(one.reason, form.chosen_level, locale) for one in found.wrong for locale in ("vi", "en"))


def test_no_more_steps_than_may_be_are_added_and_any_can_be_removed() -> None:
    form = filled(built_in("social-*", Level.URGENT))
    for _ in range(MOST_STEPS):
        form = form.with_step()
    assert len(form.steps) == MOST_STEPS
    assert form.without_step(1).steps == form.steps[1:]
    assert form.without_step(99) == form


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("team", TEAMS)
def test_the_built_in_plan_is_a_policy_that_is_accepted_and_pages_the_same(level: Level, team: str) -> None:
    policy = built_in(team, level)
    assert checked(policy) == ()
    plan = plan_of(policy, 0, 9190)
    assert plan is not None
    where = Where.PROVINCE if team.startswith("province-") else Where.COMMUNE
    assert plan.steps == steps(level, where, 9190, WORKING_DAY)
    assert plan.repeat == REPEAT[level]


def test_every_reason_of_a_refusal_has_a_sentence_and_no_sentence_is_left_over() -> None:
    source = "".join(inspect.getsource(module) for module in (rules, change_policy)) + inspect.getsource(read)
    source += inspect.getsource(inspect.getmodule(read) or rules)
    said = {node.value for node in ast.walk(ast.parse(_without_futures(source))) if isinstance(node, ast.Constant)}
    assert set(REASONS) <= said
    reasons = {
        element.elts[1].value
        for element in ast.walk(ast.parse(inspect.getsource(rules)))
        if isinstance(element, ast.Tuple) and len(element.elts) == 2
        if isinstance(element.elts[1], ast.Constant) and isinstance(element.elts[1].value, str)
    }
    assert len(reasons) > 10
    assert reasons <= set(REASONS)
    for phrase in REASONS.values():
        assert phrase.vi != phrase.en


def _without_futures(source: str) -> str:
    return source.replace("from __future__ import annotations", "")


def test_times_targets_and_teams_are_said_in_words() -> None:
    assert [when(timedelta(minutes=minutes), "vi") for minutes in (0, 30, 60, 90, 1440, 7200)] == [
        "ngay",
        "sau 30 phút",
        "sau 1 giờ",
        "sau 1 giờ 30 phút",
        "sau 24 giờ",
        "sau 5 ngày",
    ]
    assert when(timedelta(), "en") == "at once"
    assert amount(timedelta(minutes=90), "en") == "1 h 30 min"
    assert amount(timedelta(seconds=90), "vi") == "1,5 phút"
    assert team_words("social-9190", "vi") == "Bảo vệ trẻ em, Phường Võ Cường"
    assert team_words("social-*", "en") == "Child protection, every commune"
    assert team_words("province-duty", "vi") == "Trực tỉnh"
    assert team_words("nobody", "vi") == "nobody"
    assert target_words(Seat("police-*", Position.WORKER), {}, "vi") == "công an xã, phường"
    assert target_words(Seat("health-*", None), {}, "vi") == "cả nhóm: Y tế xã, phường của vụ"
    assert target_words(SOMEBODY, {SOMEBODY.person_id: "Nguyễn Thị Mến"}, "vi") == "Nguyễn Thị Mến"
    assert target_words(SOMEBODY, {}, "vi") == "người không còn trong danh sách"


def test_suggested_codes_are_teams() -> None:
    for code in suggestions():
        assert team_words(code, "vi") != code
