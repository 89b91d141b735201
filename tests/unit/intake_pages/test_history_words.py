"""Who wrote a revision, as its history names them."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.intake.handlers.read_history import Writer
from services.intake.history_pages import who
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor

ME, OTHER = UUID(int=1), UUID(int=0xABCD)
READER = Actor(ME, frozenset({Role.SUPERVISOR}))


@pytest.mark.parametrize(
    ("writer", "locale", "words"),
    [
        (Writer(None, ()), "vi", "Người báo"),
        (Writer(ME, (Role.SUPERVISOR,)), "en", "You"),
        (Writer(OTHER, (Role.OPERATOR,)), "vi", "Trần Thị Hai, nhân viên tiếp nhận"),
        (Writer(OTHER, ()), "en", "A partner …abcd"),
    ],
)
def test_a_writer_is_named(writer: Writer, locale: str, words: str) -> None:
    assert who(writer, READER, locale, {OTHER: "Trần Thị Hai"}) == words


def test_without_an_answer_of_notify_the_role_and_the_end_of_the_id_stand_for_the_name() -> None:
    assert who(Writer(OTHER, (Role.OPERATOR,)), READER, "vi", {}) == "Nhân viên tiếp nhận …abcd"
