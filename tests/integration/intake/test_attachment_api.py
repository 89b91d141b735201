"""A partner's program adds files to the reports that it sent, and to no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from services.intake import attachment_api
from services.intake.handlers.answer_request import Submission
from services.intake.handlers.correct_report import correct_report
from services.intake.models import attachments, dead_letters
from shared.identity.actor import Actor
from shared.web.app import problem_response
from shared.web.files import LARGEST_FILE
from shared.web.problems import Problem
from tests.integration.intake.world import OPERATOR, OTHER_PARTNER, PARTNER, World, submitted
from tests.support import files
from tests.unit.intake.documents import a_report

KEYS = {"own": PARTNER, "other": OTHER_PARTNER}


def let_in(request: Request) -> None:
    request.state.actor = KEYS.get(request.headers.get("x-key", "own"), Actor())


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    made = FastAPI(dependencies=[Depends(let_in)])
    made.include_router(attachment_api.router(world.parts))
    made.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    transport = httpx.ASGITransport(app=made)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline/api/v1") as opened:
        yield opened


async def attach(client: httpx.AsyncClient, report_id: object, data: bytes, **headers: str) -> httpx.Response:
    return await client.post(
        f"/reports/{report_id}/attachments", files={"file": ("tay.html", data, "text/html")}, headers=headers
    )


async def test_a_file_is_kept_once_and_told_by_its_bytes(client: httpx.AsyncClient, world: World) -> None:
    created = await world.create(a_report())
    first = await attach(client, created.report_id, files.picture_with_exif())
    again = await attach(client, created.report_id, files.picture_with_exif())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["media_type"] == "image/jpeg"
    async with world.database.reading() as connection:
        row = (await connection.execute(attachments.select())).one()
    assert (row.source, row.added_by) == ("partner", PARTNER.id)


async def test_a_report_that_another_key_or_a_person_sent_is_not_there(client: httpx.AsyncClient, world: World) -> None:
    own = await world.create(a_report())
    of_an_operator = await world.create(a_report(narrative="khác"), "second", OPERATOR)
    assert (await attach(client, own.report_id, files.PDF, **{"X-Key": "other"})).status_code == 404
    assert (await attach(client, of_an_operator.report_id, files.PDF)).status_code == 404
    assert (await attach(client, uuid4(), files.PDF)).status_code == 404
    assert (await attach(client, "K7Q281", files.PDF)).status_code == 404
    assert await world.count("attachments") == 0


async def test_whoever_corrected_a_report_since_it_stays_its_senders(client: httpx.AsyncClient, world: World) -> None:
    created = await world.create(a_report())
    await correct_report(world.parts, created.report_id, Submission(a_report(narrative="đã sửa"), "again", OPERATOR))
    assert (await attach(client, created.report_id, files.PDF)).status_code == 201


async def test_a_dead_letter_is_no_report(client: httpx.AsyncClient, world: World) -> None:
    await world.submit(submitted({"channel": "fax"}))
    async with world.database.reading() as connection:
        event_id = (await connection.execute(dead_letters.select())).one().event_id
    assert (await attach(client, event_id, files.PDF)).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422),
        (files.HTML, 422),
        (files.HEIC, 422),
        (files.picture()[:-200], 422),
        (files.PDF + b"\0" * LARGEST_FILE, 413),
        (b"\0" * (3 * LARGEST_FILE), 413),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_what_to_do(
    client: httpx.AsyncClient, world: World, data: bytes, status: int
) -> None:
    created = await world.create(a_report())
    answer = await attach(client, created.report_id, data, **{"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "file"
    assert answer.json()["detail"].isascii()
    assert ("20 MB" in answer.json()["detail"]) is (status == 413)


@pytest.mark.parametrize(
    "body",
    [
        {"content": files.PDF, "headers": {"Content-Type": "application/pdf"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"--b--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"content": b"nothing of the kind", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"files": [("file", ("a", files.PDF)), ("file", ("b", files.OGG))]},
        {"data": {"file": "text"}},
    ],
)
async def test_a_body_that_is_no_form_with_one_file_is_refused(
    client: httpx.AsyncClient, world: World, body: dict[str, object]
) -> None:
    created = await world.create(a_report())
    answer = await client.post(f"/reports/{created.report_id}/attachments", **body)  # type: ignore[arg-type] # each its own
    assert answer.status_code == 400
    assert await world.count("attachments") == 0
