"""What the console asks of the other services is open to a sibling that acts for an operator or a supervisor alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.contracts.vocabulary import Role
from shared.identity.actor import NOBODY, Actor
from shared.identity.policy import Allow, Forbidden, Unauthenticated, View, decide

ASKED = [("/internal/preview", "POST"), ("/internal/oncall", "POST"), ("/internal/alerts/{report_id}", "GET")]


def actor(role: Role) -> Actor:
    return Actor(UUID(int=1), frozenset({role}), session="one")


@pytest.mark.parametrize(("path", "method"), ASKED)
@pytest.mark.parametrize("role", list(Role))
def test_only_operators_and_supervisors_are_asked_for(path: str, method: str, role: Role) -> None:
    decision = decide(path, method, actor(role).for_sibling())
    assert isinstance(decision, Allow if role in {Role.OPERATOR, Role.SUPERVISOR} else Forbidden)


@pytest.mark.parametrize(("path", "method"), ASKED)
def test_a_persons_own_session_does_not_open_it(path: str, method: str) -> None:
    assert isinstance(decide(path, method, actor(Role.SUPERVISOR)), Unauthenticated)
    assert isinstance(decide(path, method, NOBODY), Unauthenticated)


def test_an_operator_hears_of_the_paging_of_their_own_reports() -> None:
    decision = decide("/internal/alerts/{report_id}", "GET", actor(Role.OPERATOR).for_sibling())
    assert decision == Allow(View.OWN_REPORTS)
