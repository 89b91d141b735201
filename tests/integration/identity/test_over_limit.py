"""What a partner's program is told when its key is over the limit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response

from services.notify.handlers.change_key import KeyRefusedError, limit_key, revoke_key, rotate_key
from services.notify.handlers.create_key import create_key
from services.notify.models import ACCOUNTS
from shared.identity.actor import Scope
from shared.identity.bootstrap import key_hash
from shared.identity.directory import Directory
from shared.identity.enforce import enforcer
from shared.identity.limits import DEFAULT, Limits
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.web.problems import Problem


class Partner:
    """A key, and a service that it asks."""

    def __init__(self, parts: Parts, client: httpx.AsyncClient, directory: Directory) -> None:
        self.parts, self.client, self.directory = parts, client, directory

    async def create(self, limits: Limits = DEFAULT, expires_in: timedelta | None = None) -> str:
        expires_at = real_now() + expires_in if expires_in is not None else None
        async with self.parts.database.transaction() as connection:
            return await create_key(
                connection,
                self.parts.bus,
                name="Tổng đài",
                scopes=[Scope.REPORTS_WRITE],
                limits=limits,
                expires_at=expires_at,
                now=real_now(),
            )

    async def id_of(self, raw: str) -> UUID:
        secrets = ACCOUNTS.key_secrets
        async with self.parts.database.reading() as connection:
            found = await connection.scalar(
                secrets.select().with_only_columns(secrets.c.key_id).where(secrets.c.key_hash == key_hash(raw))
            )
        assert isinstance(found, UUID)
        return found

    async def rotate(self, raw: str, overlap: timedelta) -> str:
        key_id = await self.id_of(raw)
        async with self.parts.database.transaction() as connection:
            return await rotate_key(connection, self.parts.bus, key_id=key_id, overlap=overlap, by=None, now=real_now())

    async def send(self, raw: str) -> httpx.Response:
        return await self.client.post("/api/v1/reports", headers={"Authorization": f"Bearer {raw}"})


@pytest.fixture
async def partner(parts: Parts) -> AsyncIterator[Partner]:
    directory = Directory(parts.database, "notify")
    app = FastAPI(dependencies=[Depends(enforcer(directory, parts.keys, parts.settings))], openapi_url=None)

    @app.post("/api/v1/reports")
    async def receive() -> dict[str, str]:
        return {}

    async def problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return JSONResponse(error.document(), error.status, error.headers)

    app.add_exception_handler(Problem, problem)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://heedline.test") as client:
        yield Partner(parts, client, directory)


async def test_over_the_limit_the_answer_says_when_and_with_which_key_to_send_again(partner: Partner) -> None:
    raw = await partner.create(Limits(1_000, 1))
    assert (await partner.send(raw)).status_code == 200
    refused = await partner.send(raw)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 86_400
    assert "same Idempotency-Key" in refused.json()["detail"]
    assert "1 requests a day" in refused.json()["detail"]


async def test_another_keys_requests_are_not_held_back(partner: Partner) -> None:
    first, second = await partner.create(Limits(1, 1)), await partner.create(Limits(1, 1))
    assert [(await partner.send(raw)).status_code for raw in (first, first, second)] == [200, 429, 200]


async def test_both_secrets_are_valid_until_the_overlap_ends_and_share_one_limit(partner: Partner) -> None:
    old = await partner.create(Limits(None, 2))
    new = await partner.rotate(old, timedelta(days=7))
    assert [(await partner.send(raw)).status_code for raw in (old, new, old, new)] == [200, 200, 429, 429]


async def test_without_an_overlap_the_old_secret_stops_at_once(partner: Partner) -> None:
    old = await partner.create()
    assert (await partner.send(old)).status_code == 200
    new = await partner.rotate(old, timedelta(0))
    assert [(await partner.send(raw)).status_code for raw in (old, new)] == [401, 200]


async def test_a_secret_ends_when_its_time_has_come_without_another_event(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await partner.create()
    new = await partner.rotate(old, timedelta(days=7))
    monkeypatch.setattr("shared.identity.directory.real_now", lambda: real_now() + timedelta(days=7, seconds=1))
    assert await partner.directory.key(old) is None
    assert await partner.directory.key(new) is not None


async def test_an_expired_key_opens_nothing(partner: Partner) -> None:
    assert (await partner.send(await partner.create(expires_in=timedelta(hours=-1)))).status_code == 401
    assert (await partner.send(await partner.create(expires_in=timedelta(hours=1)))).status_code == 200


async def test_new_limits_count_at_once_and_every_change_is_kept(partner: Partner) -> None:
    raw, administrator = await partner.create(Limits(None, 1)), uuid4()
    key_id = await partner.id_of(raw)
    assert [(await partner.send(raw)).status_code for _ in range(2)] == [200, 429]
    async with partner.parts.database.transaction() as connection:
        await limit_key(
            connection,
            partner.parts.bus,
            key_id=key_id,
            limits=Limits(None, 3),
            expires_at=None,
            by=administrator,
            now=real_now(),
        )
    assert (await partner.send(raw)).status_code == 200
    async with partner.parts.database.transaction() as connection:
        await revoke_key(connection, partner.parts.bus, key_id=key_id, by=administrator, now=real_now())
    assert (await partner.send(raw)).status_code == 401
    changes = ACCOUNTS.key_changes
    async with partner.parts.database.reading() as connection:
        kept = (await connection.execute(changes.select().order_by(changes.c.id))).all()
    assert [(row.what, row.changed_by) for row in kept] == [
        ("created", None),
        ("limited", administrator),
        ("revoked", administrator),
    ]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM notify.api_key_changes", "UPDATE notify.api_key_changes SET what = ''"]
)
async def test_what_was_done_to_a_key_is_never_rewritten(partner: Partner, statement: str) -> None:
    await partner.create()
    with pytest.raises(DBAPIError, match="never changed"):
        async with partner.parts.database.transaction() as connection:
            await connection.execute(text(statement))


async def test_an_unknown_key_is_refused_with_what_to_do(partner: Partner) -> None:
    async with partner.parts.database.transaction() as connection:
        with pytest.raises(KeyRefusedError, match="list of keys"):
            await revoke_key(connection, partner.parts.bus, key_id=uuid4(), by=None, now=real_now())
