from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.responses import Response

from shared.crypto import Keys
from shared.identity.acting import Acting
from shared.identity.sessions import COOKIE, LIFETIME, Session, Sessions, real_now
from shared.settings import Settings

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
OTHER_KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"t" * 32)
SETTINGS = Settings(public_url="https://heedline.example.vn")


def begun() -> tuple[Sessions, Session, str]:
    sessions = Sessions(KEYS, SETTINGS)
    session, cookie = sessions.begin(uuid4(), real_now(), "Ngô Thị Hạnh")
    return sessions, session, cookie


def test_cookie_gives_back_the_session_that_it_was_made_for() -> None:
    sessions, session, cookie = begun()
    assert sessions.read(cookie, session.began_at) == session


def test_cookie_of_another_key_is_nobody() -> None:
    _, session, cookie = begun()
    assert Sessions(OTHER_KEYS, SETTINGS).read(cookie, session.began_at) is None


def test_every_altered_character_makes_the_cookie_nobody() -> None:
    sessions, session, cookie = begun()
    # The last character of a base64 text also holds bits that mean nothing, so it is left alone.
    for place, character in enumerate(cookie[:-1]):
        altered = cookie[:place] + ("A" if character != "A" else "B") + cookie[place + 1 :]
        assert sessions.read(altered, session.began_at) is None


@pytest.mark.parametrize("cookie", ["", ".", "a.b", "chữ", "a" * 4000])
def test_nonsense_is_nobody(cookie: str) -> None:
    assert Sessions(KEYS, SETTINGS).read(cookie, real_now()) is None


def test_signed_text_of_another_purpose_is_nobody() -> None:
    header = Acting(KEYS, SETTINGS).header(uuid4(), real_now())
    assert all(Sessions(KEYS, SETTINGS).read(value, real_now()) is None for value in header.values())


def test_session_ends_twelve_hours_after_it_began() -> None:
    sessions, session, cookie = begun()
    assert sessions.read(cookie, session.began_at + LIFETIME - timedelta(seconds=1)) == session
    assert sessions.read(cookie, session.began_at + LIFETIME) is None


def test_session_that_begins_later_than_now_is_nobody() -> None:
    sessions, session, cookie = begun()
    assert sessions.read(cookie, session.began_at - timedelta(seconds=1)) is None


def test_each_session_has_a_token_of_its_own() -> None:
    sessions = Sessions(KEYS, SETTINGS)
    person = uuid4()
    first, _ = sessions.begin(person, real_now())
    second, _ = sessions.begin(person, real_now())
    token = sessions.csrf_token(first.id)
    assert sessions.csrf_matches(first.id, token)
    assert not sessions.csrf_matches(second.id, token)
    assert not sessions.csrf_matches(first.id, "")
    assert not sessions.csrf_matches(first.id, "chữ")


def test_cookie_is_out_of_reach_for_scripts_and_other_sites() -> None:
    sessions, _, cookie = begun()
    response = Response()
    sessions.set_cookie(response, cookie)
    header = response.headers["set-cookie"]
    assert header.startswith(f"{COOKIE}={cookie};")
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=43200"} <= set(header.split("; "))


def test_cookie_is_sent_without_tls_only_where_the_installation_has_none() -> None:
    response = Response()
    Sessions(KEYS, Settings(public_url="http://127.0.0.1:8000")).set_cookie(response, "value")
    assert "Secure" not in response.headers["set-cookie"]


def test_sibling_is_believed_for_a_minute() -> None:
    acting, now, person = Acting(KEYS, SETTINGS), real_now(), uuid4()
    [value] = acting.header(person, now).values()
    assert acting.person(value, now) == person
    assert acting.person(value, now + timedelta(seconds=59)) == person
    assert acting.person(value, now + timedelta(seconds=60)) is None
    assert acting.person(value, now - timedelta(seconds=10)) is None


def test_sibling_with_another_service_key_is_not_believed() -> None:
    [value] = Acting(KEYS, Settings(service_key="one")).header(uuid4(), real_now()).values()
    assert Acting(KEYS, Settings(service_key="two")).person(value, real_now()) is None
    assert Acting(KEYS, SETTINGS).person(value, real_now()) is None
    assert Acting(KEYS, SETTINGS).person("nonsense", real_now()) is None


def test_session_cookie_is_not_a_siblings_word() -> None:
    _, _, cookie = begun()
    assert Acting(KEYS, SETTINGS).person(cookie, real_now()) is None
