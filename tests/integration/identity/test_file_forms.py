"""A form that brings files proves where it comes from by its first field, before any file is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from shared.contracts.vocabulary import Role
from shared.identity.directory import Directory
from shared.identity.enforce import CSRF_HEADER, enforcer
from shared.identity.sessions import Sessions
from shared.service import Parts
from shared.web.files import read_form
from shared.web.problems import Problem
from tests.integration.identity.test_enforce import Site

PATH = "/console/reports/1/attachments"
FILES = [("file", ("a.pdf", b"%PDF-" + b"x" * 200_000)), ("file", ("b.pdf", b"second"))]


@pytest.fixture
async def site(parts: Parts) -> AsyncIterator[Site]:
    directory = Directory(parts.database, "notify")
    app = FastAPI(dependencies=[Depends(enforcer(directory, parts.keys, parts.settings))], openapi_url=None)

    @app.post("/console/reports/{report_id}/attachments")
    async def take(request: Request, report_id: str) -> dict[str, Any]:
        assert report_id == "1"
        return {"got": [[sent.name, len(sent.data or b"")] async for sent in read_form(request).files()]}

    async def problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return JSONResponse(error.document(), error.status, error.headers)

    app.add_exception_handler(Problem, problem)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline.test") as client:
        yield Site(app, client, directory, Sessions(parts.keys, parts.settings), parts)


async def test_the_token_first_and_every_file_reaches_the_page(site: Site) -> None:
    session = await site.sign_in(Role.OPERATOR)
    token = site.sessions.csrf_token(session.id)
    expected = {"got": [["a.pdf", 200_005], ["b.pdf", 6]]}
    assert (await site.client.post(PATH, data={"csrf": token}, files=FILES)).json() == expected
    assert (await site.client.post(PATH, files=FILES, headers={CSRF_HEADER: token})).json() == expected


@pytest.mark.parametrize("data", [{}, {"csrf": ""}, {"csrf": "wrong"}, {"note": "x"}])
async def test_without_it_nothing_is_taken(site: Site, data: dict[str, str]) -> None:
    await site.sign_in(Role.OPERATOR)
    assert (await site.client.post(PATH, data=data, files=FILES)).status_code == 403


async def test_a_token_after_the_files_or_in_a_file_comes_too_late(site: Site) -> None:
    session = await site.sign_in(Role.OPERATOR)
    token = site.sessions.csrf_token(session.id).encode()
    after = [*FILES, ("csrf", (None, token))]
    assert (await site.client.post(PATH, files=after)).status_code == 403
    assert (await site.client.post(PATH, files=[("csrf", ("csrf.txt", token)), *FILES])).status_code == 403


async def test_a_body_of_another_kind_is_refused(site: Site) -> None:
    session = await site.sign_in(Role.OPERATOR)
    token = site.sessions.csrf_token(session.id)
    assert (await site.client.post(PATH, data={"csrf": token})).status_code == 403
    assert (await site.client.post(PATH, content=b"{}")).status_code == 403
