"""Every row of the contract's table of pages and roles, and every route of the API, word by word."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shared.contracts.vocabulary import Role
from shared.identity.actor import NOBODY, Actor, Scope
from shared.identity.policy import (
    POLICY,
    Allow,
    Api,
    BetweenServices,
    Decision,
    Forbidden,
    Page,
    Unauthenticated,
    Undecided,
    View,
    decide,
    home_page,
    rule_for,
    undecided,
)

NO = None
ROLES = (Role.OPERATOR, Role.WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)

READING: dict[str, tuple[View | None, ...]] = {
    # page: operator, worker, supervisor, administrator, auditor
    "/console": (View.FULL, NO, View.FULL, NO, NO),
    "/console/reports": (View.FULL, NO, View.FULL, NO, NO),
    "/console/reports/{report_id}": (View.FULL, NO, View.FULL, NO, NO),
    "/console/reports/{report_id}/live": (View.FULL, NO, View.FULL, NO, NO),
    "/console/places": (View.FULL, NO, View.FULL, NO, NO),
    "/conflicts": (NO, NO, View.FULL, NO, NO),
    "/cases/{case_code}": (View.OWN_REPORTS_STATE, View.OWN_TEAM, View.FULL, View.NO_DETAILS, NO),
    "/queue": (View.OWN_REPORTS, View.OWN_TEAM, View.FULL, View.NO_DETAILS, NO),
    "/queue/rows": (View.OWN_REPORTS, View.OWN_TEAM, View.FULL, View.NO_DETAILS, NO),
    "/queue/live": (View.OWN_REPORTS, View.OWN_TEAM, View.FULL, View.NO_DETAILS, NO),
    "/alerts/{case_code}": (View.OWN_REPORTS, View.OWN_TEAM, View.FULL, View.NO_DETAILS, NO),
    "/duty": (View.READ_ONLY, View.READ_OWN_SWAPS, View.FULL, View.FULL, NO),
    "/people": (NO, NO, View.PROPOSE, View.FULL, View.READ_ONLY),
    "/policies": (NO, NO, View.PROPOSE, View.FULL, View.READ_ONLY),
    "/rules": (NO, NO, View.PROPOSE, View.FULL, View.READ_ONLY),
    "/dashboard": (NO, View.OWN_TEAM, View.FULL, View.FULL, View.FULL),
    "/system": (NO, NO, View.FULL, View.FULL, NO),
    "/audit": (NO, NO, NO, NO, View.FULL),
}

WRITING: dict[str, tuple[View | None, ...]] = {
    "/console/reports": (View.FULL, NO, View.FULL, NO, NO),
    "/conflicts/{report_id}/{subject_id}": (NO, NO, View.FULL, NO, NO),
    "/console/form": (View.FULL, NO, View.FULL, NO, NO),
    "/console/hints": (View.FULL, NO, View.FULL, NO, NO),
    "/cases/{case_code}/level": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/acknowledge": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/decline": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/escalate": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/close": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/contact": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/alerts/{case_code}/silence": (NO, View.OWN_TEAM, View.FULL, NO, NO),
    "/duty/swaps": (NO, View.READ_OWN_SWAPS, View.FULL, View.FULL, NO),
    "/duty/overrides": (NO, NO, View.FULL, View.FULL, NO),
    "/people": (NO, NO, NO, View.FULL, NO),
    "/people/{person_id}/disable": (NO, NO, NO, View.FULL, NO),
    "/people/proposals": (NO, NO, View.PROPOSE, View.FULL, NO),
    "/policies/{policy_id}": (NO, NO, NO, View.FULL, NO),
    "/policies/proposals": (NO, NO, View.PROPOSE, View.FULL, NO),
    "/rules/tables": (NO, NO, NO, View.FULL, NO),
    "/rules/proposals": (NO, NO, View.PROPOSE, View.FULL, NO),
    "/rules/proposals/{version}/save": (NO, NO, View.PROPOSE, View.FULL, NO),
    "/rules/{version}/activate": (NO, NO, NO, View.FULL, NO),
}

OPEN = [
    ("/", "GET"),
    ("/report", "GET"),
    ("/report", "POST"),
    ("/receipt", "GET"),
    ("/receipt", "POST"),
    ("/exit", "GET"),
    ("/signin", "GET"),
    ("/signin", "POST"),
    ("/demo/phones", "GET"),
    ("/demo/phones/{number}", "POST"),
    ("/webhooks/twilio/sms", "POST"),
    ("/webhooks/twilio/status", "POST"),
    ("/webhooks/twilio/voice", "POST"),
    ("/webhooks/sms/{gateway}", "POST"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/metrics", "GET"),
    ("/api/openapi.json", "GET"),
    ("/static/{path}", "GET"),
    ("/static/shared/{path}", "GET"),
]

SCOPES = [
    ("/api/v1/reports", "POST", Scope.REPORTS_WRITE),
    ("/api/v1/reports/{report_id}", "GET", Scope.REPORTS_READ),
    ("/api/v1/places", "GET", Scope.REPORTS_WRITE),
    ("/api/v1/alerts", "GET", Scope.ALERTS_READ),
    ("/api/v1/alerts/{case_code}", "GET", Scope.ALERTS_READ),
    ("/api/v1/alerts/{case_code}/acknowledge", "POST", Scope.ALERTS_WRITE),
    ("/api/v1/alerts/{case_code}/decline", "POST", Scope.ALERTS_WRITE),
    ("/api/v1/alerts/{case_code}/escalate", "POST", Scope.ALERTS_WRITE),
    ("/api/v1/alerts/{case_code}/close", "POST", Scope.ALERTS_WRITE),
    ("/api/v1/people", "GET", Scope.PEOPLE_READ),
    ("/api/v1/oncall", "GET", Scope.PEOPLE_READ),
    ("/api/v1/ledger", "GET", Scope.LEDGER_READ),
]


def person(*roles: Role) -> Actor:
    return Actor(id=uuid4(), roles=frozenset(roles), session="a session")


def key(*scopes: Scope) -> Actor:
    return Actor(id=uuid4(), scopes=frozenset(scopes))


def expected(view: View | None) -> Decision:
    return Forbidden() if view is None else Allow(view)


def rows(table: dict[str, tuple[View | None, ...]]) -> list[tuple[str, Role, View | None]]:
    return [(page, role, view) for page, views in table.items() for role, view in zip(ROLES, views, strict=True)]


@pytest.mark.parametrize(("page", "role", "view"), rows(READING))
def test_page_shows_each_role_what_the_table_says(page: str, role: Role, view: View | None) -> None:
    assert decide(page, "GET", person(role)) == expected(view)


@pytest.mark.parametrize(("page", "role", "view"), rows(WRITING))
def test_form_is_taken_from_the_roles_the_table_says(page: str, role: Role, view: View | None) -> None:
    assert decide(page, "POST", person(role)) == expected(view)


@pytest.mark.parametrize("page", READING)
def test_page_with_roles_sends_nobody_to_sign_in(page: str) -> None:
    assert decide(page, "GET", NOBODY) == Unauthenticated()


@pytest.mark.parametrize("page", READING)
def test_key_with_every_scope_opens_no_page(page: str) -> None:
    assert decide(page, "GET", key(*Scope)) == Forbidden()


@pytest.mark.parametrize(("path", "method"), OPEN)
@pytest.mark.parametrize("actor", [NOBODY, *(person(role) for role in ROLES)])
def test_open_route_is_open_to_everybody(path: str, method: str, actor: Actor) -> None:
    assert decide(path, method, actor) == Allow(View.FULL)


@pytest.mark.parametrize(("path", "method", "scope"), SCOPES)
def test_api_route_wants_its_own_scope(path: str, method: str, scope: Scope) -> None:
    others = set(Scope) - {scope}
    assert decide(path, method, key(scope)) == Allow(View.FULL)
    assert decide(path, method, key(*others)) == Forbidden(scope)
    assert decide(path, method, NOBODY) == Unauthenticated()


@pytest.mark.parametrize("role", ROLES)
def test_only_operators_and_supervisors_look_up_places_without_a_key(role: Role) -> None:
    allowed = role in {Role.OPERATOR, Role.SUPERVISOR}
    assert isinstance(decide("/api/v1/places", "GET", person(role)), Allow) is allowed


@pytest.mark.parametrize("role", ROLES)
def test_every_role_signs_out(role: Role) -> None:
    assert decide("/signout", "POST", person(role)) == Allow(View.FULL)
    assert decide("/signout", "POST", NOBODY) == Unauthenticated()


def test_protected_details_are_given_to_a_sibling_that_acts_for_a_worker_or_supervisor() -> None:
    path = "/internal/reports/{report_id}"
    assert decide(path, "GET", person(Role.WORKER).for_sibling()) == Allow(View.OWN_TEAM)
    assert decide(path, "GET", person(Role.SUPERVISOR).for_sibling()) == Allow(View.FULL)
    assert decide(path, "GET", person(Role.ADMINISTRATOR).for_sibling()) == Forbidden()
    assert decide(path, "GET", person(Role.SUPERVISOR)) == Unauthenticated()


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/secret", "GET"),
        ("/", "POST"),
        ("/exit", "POST"),
        ("/signout", "GET"),
        ("/queue", "POST"),
        ("/audit", "DELETE"),
        ("/api/v1/reports", "GET"),
        ("/api/v1/unheard-of", "GET"),
        ("/webhooks/twilio/unheard-of", "POST"),
        ("/static/{path}", "POST"),
        ("/reportage", "GET"),
        ("", "GET"),
    ],
)
def test_route_that_the_table_does_not_name_is_undecided_for_everybody(path: str, method: str) -> None:
    for actor in (NOBODY, person(*ROLES), key(*Scope)):
        assert decide(path, method, actor) == Undecided()


def test_parameter_names_do_not_matter() -> None:
    assert rule_for("/cases/{code}", "GET") is rule_for("/cases/{case_code}", "GET")


def test_head_is_decided_as_get() -> None:
    assert rule_for("/queue", "HEAD") is rule_for("/queue", "GET")


def test_person_of_two_roles_gets_the_wider_view() -> None:
    assert decide("/queue", "GET", person(Role.OPERATOR, Role.SUPERVISOR)) == Allow(View.FULL)
    assert decide("/people", "GET", person(Role.AUDITOR, Role.SUPERVISOR)) == Allow(View.PROPOSE)


def test_undecided_names_only_the_routes_without_a_rule() -> None:
    routes = [("/queue", ["GET", "DELETE"]), ("/secret", ["GET"]), ("/healthz", ["GET"])]
    assert undecided(routes) == ["DELETE /queue", "GET /secret"]


def test_every_rule_that_closes_a_route_opens_it_to_somebody() -> None:
    for rule in POLICY.values():
        if isinstance(rule, Page | BetweenServices):
            assert rule.grants
        if isinstance(rule, Api):
            assert rule.scope in Scope


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        ((), "/signin"),
        ((Role.OPERATOR,), "/console"),
        ((Role.WORKER,), "/queue"),
        ((Role.SUPERVISOR,), "/queue"),
        ((Role.ADMINISTRATOR,), "/queue"),
        ((Role.AUDITOR,), "/audit"),
    ],
)
def test_each_role_starts_where_its_work_is_and_may_open_it(roles: tuple[Role, ...], page: str) -> None:
    actor = person(*roles)
    assert home_page(actor) == page
    assert isinstance(decide(page, "GET", actor), Allow)
