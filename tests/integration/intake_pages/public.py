"""The public pages in an app of their own, as a browser without script or session meets them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI, Request
from pydantic_core import from_json
from sqlalchemy import select

from services.intake import public_pages
from services.intake.app import RECIPE
from services.intake.handlers.answer_request import Created
from services.intake.models import LIVE_CHANNEL, reports
from services.intake.store import sealing_context
from shared.identity.actor import NOBODY
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from tests.integration.intake.world import World
from tests.support.html import Page, parse

STORY = 'Nghe tiếng đập & "khóc" <đêm>.\nHình như ở một mình.'


@dataclass
class Public:
    world: World
    app: FastAPI
    client: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers={"Accept": "text/html"})

    async def post(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """Send fields as the page's own form does."""
        parts: Any = {name: (None, value) for name, value in fields.items()}
        return await self.client.post(path, files=parts, headers={"Accept": "text/html"})

    async def tell(self, once: str = "k", path: str = "/report", **fields: str) -> httpx.Response:
        return await self.post(path, {"once": once, "text": STORY, **fields})

    async def receipt(self, once: str = "k", **fields: str) -> str:
        found = code_of(await self.tell(once, **fields))
        assert found is not None
        return found

    async def look(self, code: str, **fields: str) -> httpx.Response:
        return await self.post("/receipt", {"code": code, **fields})

    async def all_reports(self) -> list[Any]:
        async with self.world.database.reading() as connection:
            return list((await connection.execute(select(reports).order_by(reports.c.arrived_at))).all())

    async def only(self) -> tuple[Any, dict[str, Any]]:
        """Return the one report that is stored, with what it says."""
        (row,) = await self.all_reports()
        return row, self.says(row)

    def says(self, row: Any) -> dict[str, Any]:
        said: dict[str, Any] = from_json(self.world.keys.open(row.document, sealing_context(row.report_id)))
        return said

    async def created(self) -> Created:
        row, _ = await self.only()
        return Created(row.report_id, row.case_code, "")

    async def warnings(self) -> list[list[str]]:
        return [row.warnings for row in await self.all_reports()]


def code_of(answer: httpx.Response) -> str | None:
    """Return the receipt that a page shows."""
    assert answer.status_code == 200
    spans = re.search(r'class="code16"[^>]*>(.*?)</p>', answer.text)
    return "".join(re.findall(r"<span>(\d{4})</span>", spans[1])) if spans else None


def page_of(answer: httpx.Response) -> Page:
    return parse(answer.text)


@asynccontextmanager
async def open_public(world: World) -> AsyncIterator[Public]:
    async def enforce(request: Request) -> None:
        request.state.actor = NOBODY
        request.state.csrf = ""

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [public_pages.router(world.parts)],
        enforce=enforce,
        pages=Pages([RECIPE.folder], clock=world.clock, default_locale="vi"),
        live=LiveUpdates(world.database.url, [LIVE_CHANNEL], world.clock),
        readiness=readiness,
        static={"intake": RECIPE.folder / "static"},
        version="0",
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://public.test") as client:
        yield Public(world, app, client)
