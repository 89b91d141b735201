"""The page of API keys, as each role meets it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notify.api_keys import KeptKey, kept_keys
from services.notify.handlers.create_key import create_key, keep_bootstrap_key
from shared.contracts.vocabulary import Role
from shared.database import Database
from shared.identity.actor import Actor, Scope
from shared.identity.directory import Directory
from shared.identity.limits import Limits
from shared.identity.sessions import real_now
from tests.integration.waiting.office import Office
from tests.support.html import parse

PAGE = "/people/keys"
ONE_A_MINUTE = Limits(1, None)
NEW: dict[str, str | list[str]] = {
    "name": "Tổng đài 111",
    "scopes": ["reports:write", "reports:read"],
    "per_minute": "20",
    "per_day": "",
    "expires": "2027-01-31",
}


async def keys(office: Office) -> list[KeptKey]:
    async with office.parts.database.reading() as connection:
        return await kept_keys(connection)


async def a_key(office: Office, limits: Limits = ONE_A_MINUTE) -> UUID:
    async with office.parts.database.transaction() as connection:
        await create_key(
            connection,
            office.parts.bus,
            name="Đối tác A",
            scopes=[Scope.REPORTS_WRITE],
            limits=limits,
            by=None,
            now=real_now(),
        )
    return (await keys(office))[0].key.id


def secret_in(html: str) -> str:
    return parse(html).one("secret").text


async def test_a_new_key_opens_the_door_and_its_secret_is_shown_once(lone_office: Office) -> None:
    answer = await lone_office.post(PAGE, NEW)
    raw = secret_in(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    known = await Directory(lone_office.parts.database, "notify").key(raw)
    assert known is not None
    assert known.scopes == {Scope.REPORTS_WRITE, Scope.REPORTS_READ}
    assert known.limits == Limits(20, None)
    (kept,) = await keys(lone_office)
    assert kept.key.expires_at == datetime(2027, 1, 31, 17, tzinfo=UTC)
    listed = (await lone_office.get(PAGE)).text
    assert "Tổng đài 111" in listed
    assert raw not in listed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", " "),
        ("name", "x" * 81),
        ("scopes", []),
        ("scopes", ["everything"]),
        ("per_minute", "0"),
        ("per_day", "many"),
        ("per_day", "1000001"),
        ("expires", "2020-01-01"),
        ("expires", "soon"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_created(
    lone_office: Office, name: str, value: str | list[str]
) -> None:
    answer = await lone_office.post(PAGE, {**NEW, name: value})
    assert answer.status_code == 422
    assert f'href="#k-{name}"' in answer.text
    assert parse(answer.text).dangling() == []
    assert await keys(lone_office) == []


async def test_a_new_secret_is_shown_with_the_end_of_the_old_one(lone_office: Office) -> None:
    key_id = await a_key(lone_office)
    form = (await lone_office.get(f"{PAGE}/{key_id}/rotate")).text
    assert 'value="7"' in form
    answer = await lone_office.post(f"{PAGE}/{key_id}/rotate", {"overlap_days": "3"})
    (kept,) = await keys(lone_office)
    newest, old = kept.secrets
    assert newest.ends_at is None
    assert old.ends_at is not None
    assert timedelta(days=2, hours=23) < old.ends_at - real_now() <= timedelta(days=3)
    assert f"{old.ends_at + timedelta(hours=7):%d/%m/%Y}" in answer.text
    assert await Directory(lone_office.parts.database, "notify").key(secret_in(answer.text)) is not None
    assert (await lone_office.post(f"{PAGE}/{key_id}/rotate", {"overlap_days": "91"})).status_code == 422


async def test_a_key_is_revoked_only_once_the_person_has_said_to_be_sure(lone_office: Office) -> None:
    key_id = await a_key(lone_office)
    asked = await lone_office.post(f"{PAGE}/{key_id}/revoke")
    assert (asked.status_code, asked.headers["location"]) == (303, f"{PAGE}/{key_id}/revoke")
    assert not (await keys(lone_office))[0].disabled
    assert "Không hoàn tác được" in (await lone_office.get(asked.headers["location"])).text
    done = await lone_office.post(f"{PAGE}/{key_id}/revoke", {"sure": "yes"})
    assert done.headers["location"] == f"{PAGE}?said=revoked"
    assert (await keys(lone_office))[0].disabled
    assert (await lone_office.post(f"{PAGE}/{key_id}/revoke", {"sure": "yes"})).status_code == 409


async def test_limits_change_and_the_history_says_who_when_and_what(lone_office: Office) -> None:
    key_id = await a_key(lone_office, Limits(5, 500))
    fields = {"per_minute": "6", "per_day": "500", "expires": ""}
    assert (await lone_office.post(f"{PAGE}/{key_id}/limits", fields)).status_code == 303
    assert (await keys(lone_office))[0].key.limits == Limits(6, 500)
    html = re.sub(r"\s+", " ", (await lone_office.get(PAGE, lang="en")).text)
    assert "5 → 6 requests a minute · 500 requests a day" in html
    assert str(UUID(int=104)) in html
    assert "command line" in html


async def test_use_of_every_process_counts_and_a_missing_one_is_named(
    office: Office, intake_database: Database
) -> None:
    key_id = await a_key(office)
    actor = Actor(id=key_id, scopes=frozenset({Scope.REPORTS_WRITE}), limits=Limits(1, None))
    at = datetime(2026, 11, 28, 7, 20, 33, tzinfo=UTC)
    await Directory(office.parts.database, "notify").counter.take(actor, carries_report=False, now=at)
    for _ in range(3):
        counter = Directory(intake_database, "intake").counter
        await counter.take(actor, carries_report=True, now=at + timedelta(minutes=2))
    for who in ("administrator", "supervisor", "auditor"):
        page = re.sub(r"<[^>]+>|\s+", " ", (await office.get(PAGE, who)).text)
        page = re.sub(r"\s+", " ", page)
        assert "Dùng lần cuối 14:22 28/11/2026" in page
        assert "Số lần dùng 2 " in page
        assert "2, trong đó 2 thông tin được báo" in page
        assert "triage không trả lời" in page


async def test_with_all_siblings_away_the_page_still_shows_the_keys(lone_office: Office) -> None:
    await a_key(lone_office)
    html = (await lone_office.get(PAGE)).text
    assert "Đối tác A" in html
    assert "intake, triage không trả lời" in html


@pytest.mark.parametrize("who", ["supervisor", "auditor"])
async def test_others_read_and_are_told_whom_to_call(lone_office: Office, who: str) -> None:
    key_id = await a_key(lone_office)
    html = (await lone_office.get(PAGE, who)).text
    assert "Đối tác A" in html
    assert "gọi quản trị" in html
    assert "<form" not in html.partition("<main")[2]
    assert f"{key_id}/revoke" not in html
    assert (await lone_office.get(f"{PAGE}/{key_id}/revoke", who)).status_code == 403
    for path in (PAGE, f"{PAGE}/{key_id}/rotate", f"{PAGE}/{key_id}/revoke", f"{PAGE}/{key_id}/limits"):
        assert (await lone_office.post(path, {**NEW, "sure": "yes"}, who)).status_code == 403
    assert len((await keys(lone_office))[0].secrets) == 1


@pytest.mark.parametrize("who", [Role.OPERATOR.value, Role.WORKER.value])
async def test_nobody_else_sees_the_keys(lone_office: Office, who: str) -> None:
    assert (await lone_office.get(PAGE, who)).status_code == 403


async def test_the_key_of_the_settings_is_shown_and_not_managed_here(lone_office: Office) -> None:
    async with lone_office.parts.database.transaction() as connection:
        await keep_bootstrap_key(connection, lone_office.parts.bus, raw="b" * 40, now=real_now())
    (kept,) = await keys(lone_office)
    assert "BOOTSTRAP_API_KEY" in (await lone_office.get(PAGE)).text
    assert (await lone_office.post(f"{PAGE}/{kept.key.id}/revoke", {"sure": "yes"})).status_code == 409


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_pages_point_at_nothing_that_is_not_there(lone_office: Office, lang: str) -> None:
    key_id = await a_key(lone_office)
    for path in (PAGE, *(f"{PAGE}/{key_id}/{act}" for act in ("rotate", "limits", "revoke"))):
        page = parse((await lone_office.get(path, lang=lang)).text)
        assert (page.dangling(), page.repeated_ids()) == ([], [])


async def test_the_language_links_of_answers_to_forms_lead_to_pages(lone_office: Office) -> None:
    created = parse((await lone_office.post(PAGE, NEW)).text)
    (link,) = created.having("hreflang", "en")
    assert link.get("href") == f"{PAGE}?lang=en"
    refused = parse((await lone_office.post(PAGE, {**NEW, "name": ""})).text)
    (link,) = refused.having("hreflang", "en")
    assert link.get("href") == f"{PAGE}?lang=en"
