from __future__ import annotations

import pytest

from services.notify.rules.reply import Acknowledge, Decline, Escalate, NotUnderstood, Reply, parse_reply


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("nhaanj K7Q281", Acknowledge("K7Q281")),
        ("Nhaajn K7Q281", Acknowledge("K7Q281")),
        ("khoong K7Q281", Decline("K7Q281", "")),
        ("chuyeern K7Q281", Escalate("K7Q281")),
        ("OK K7Q281 khoong", NotUnderstood()),
        ("OK K7Q281 chuyeern", NotUnderstood()),
    ],
)
def test_verbs_are_read_as_telex_leaves_them(body: str, meaning: Reply) -> None:
    assert parse_reply(body) == meaning
