"""The pages of the rule lab: versions, one in words, its form, comparison, replay, proposal and activation."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from services.triage import lab_results, lab_store
from services.triage.handlers.activate_table import activate_table, propose_table, withdraw_table
from services.triage.handlers.draft_table import copy_version, discard_draft, keep_draft, save_draft
from services.triage.handlers.replay_table import DEFAULT_CASES, replay_table
from services.triage.lab_form import typed
from services.triage.lab_records import NO_SUCH_VERSION, LabRefusedError, Source, Version
from services.triage.lab_views import Lab, compared_with, editing, listing, reading, replayed
from services.triage.rules import table_file
from services.triage.rules.table_document import document, read
from services.triage.rules.wrong import TableRefusedError, Wrong
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

SEE_OTHER: Final = 303
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
LARGEST_FILE: Final = 200_000
"""Bytes; a table is about 8,000."""
VERSION_LIMIT: Final = 40
NOTE_LIMIT: Final = 500

Text = Annotated[str, Form(max_length=NOTE_LIMIT)]
Refused = LabRefusedError | TableRefusedError


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/rules`."""
    routes = APIRouter(include_in_schema=False)
    pages = LabPages(parts)
    get, post = routes.get, routes.post
    get("/rules", response_model=None)(pages.versions)
    get("/rules/{version}", response_model=None)(pages.version)
    get("/rules/{version}/edit", response_model=None)(pages.edit)
    get("/rules/{version}/compare", response_model=None)(pages.compare)
    get("/rules/{version}/replay", response_model=None)(pages.replay)
    get("/rules/{version}/file", response_model=None)(pages.file)
    post("/rules/proposals", response_model=None)(pages.copy)
    post("/rules/proposals/upload", response_model=None)(pages.upload)
    post("/rules/proposals/{version}/save", response_model=None)(pages.save)
    post("/rules/proposals/{version}/replay", response_model=None)(pages.run_replay)
    post("/rules/proposals/{version}/propose", response_model=None)(pages.propose)
    post("/rules/proposals/{version}/withdraw", response_model=None)(pages.withdraw)
    post("/rules/proposals/{version}/discard", response_model=None)(pages.discard)
    post("/rules/{version}/activate", response_model=None)(pages.activate)
    return routes


class LabPages:
    """What the pages show and what their forms do. Who may open or send what is the policy's."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def versions(self, request: Request) -> HTMLResponse:
        """List every version and every activation."""
        return await self._list(request)

    async def version(self, request: Request, version: str) -> HTMLResponse:
        """Show one version in plain words, with what can be done with it."""
        return await self._version(request, version)

    async def edit(self, request: Request, version: str) -> HTMLResponse:
        """Show the form of a draft."""
        if request.state.view not in {View.FULL, View.PROPOSE}:
            raise Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")
        lab, found = await self._lab(version)
        if found.state != "draft":
            return await self._version(request, version)
        return _page(request, "rules_edit.html", editing(lab, found, document(found.table), ()))

    async def compare(self, request: Request, version: str, other: str = "") -> HTMLResponse:
        """Show what two versions say differently; the other is the one in force unless the address names it."""
        lab, found = await self._lab(version)
        chosen = next((one for one in lab.versions if one.version == other), None) or lab.active
        return _page(request, "rules_compare.html", compared_with(lab, found, chosen, _locale(request)))

    async def replay(self, request: Request, version: str) -> HTMLResponse:
        """Show the newest replay of exactly this content."""
        lab, found = await self._lab(version)
        async with self._parts.database.reading() as connection:
            kept = await lab_store.newest_replay(connection, found.digest)
        result = lab_results.read(kept.result) if kept else None
        return _page(request, "rules_replay.html", replayed(lab, found, kept, result, _locale(request)))

    async def file(self, version: str) -> PlainTextResponse:
        """Send a version as a file."""
        _, found = await self._lab(version)
        headers = {"Content-Disposition": f'attachment; filename="heedline-rules-{found.version}.toml"'}
        return PlainTextResponse(table_file.write(found.table), media_type="application/toml", headers=headers)

    async def copy(
        self,
        request: Request,
        base: Annotated[str, Form(max_length=VERSION_LIMIT)] = "",
        version: Annotated[str, Form(max_length=VERSION_LIMIT)] = "",
    ) -> Response:
        """Make a draft from a version and open its form."""
        try:
            async with self._parts.database.transaction() as connection:
                await lab_store.keep_built_in(connection, self._parts.clock.now())
                draft = await copy_version(
                    connection, base, version, author=_person(request), now=self._parts.clock.now()
                )
        except (LabRefusedError, TableRefusedError) as error:
            return await self._list(request, error, {"base": base, "version": version})
        return _to(f"/rules/{draft.version}/edit")

    async def upload(self, request: Request, file: UploadFile) -> Response:
        """Make a draft of a file and show it."""
        try:
            table = table_file.parse(_decoded(await file.read(LARGEST_FILE + 1)))
            async with self._parts.database.transaction() as connection:
                await keep_draft(
                    connection, table, base_version=None, author=_person(request), now=self._parts.clock.now()
                )
        except (LabRefusedError, TableRefusedError) as error:
            return await self._list(request, error)
        return _to(f"/rules/{table.version}")

    async def save(self, request: Request, version: str) -> Response:
        """Save a draft, or show its form again with what was typed and what is wrong."""
        form = await request.form()
        said = typed(form, version)
        try:
            table = read(said)
            async with self._parts.database.transaction() as connection:
                await save_draft(connection, table, seen=str(form.get("seen", "")), now=self._parts.clock.now())
        except (LabRefusedError, TableRefusedError) as error:
            lab, found = await self._lab(version)
            return _page(request, "rules_edit.html", editing(lab, found, said, *_said(error)), _status(error))
        return _to(f"/rules/{version}")

    async def run_replay(
        self,
        request: Request,
        version: str,
        source: Annotated[str, Form()] = "cases",
        most: Annotated[str, Form(max_length=6)] = "",
    ) -> Response:
        """Judge past cases by a version and show the result."""
        kinds: dict[str, Source] = {kind: kind for kind in get_args(Source)}
        number = int(most) if most.isascii() and most.isdigit() and int(most) > 0 else DEFAULT_CASES
        try:
            await replay_table(
                self._parts.database,
                version,
                kinds.get(source, "cases"),
                most=number,
                by=_person(request),
                now=self._parts.clock.now(),
            )
        except LabRefusedError:
            raise _not_found() from None
        return _to(f"/rules/{version}/replay")

    async def propose(self, request: Request, version: str, note: Text = "") -> Response:
        """Propose a draft with a reason."""
        try:
            async with self._parts.database.transaction() as connection:
                await propose_table(connection, version, by=_person(request), note=note, now=self._parts.clock.now())
        except LabRefusedError as error:
            return await self._version(request, version, error, note)
        return _to(f"/rules/{version}")

    async def withdraw(self, request: Request, version: str) -> Response:
        """Make a proposal a draft again."""
        try:
            async with self._parts.database.transaction() as connection:
                await withdraw_table(connection, version, self._parts.clock.now())
        except LabRefusedError as error:
            return await self._version(request, version, error)
        return _to(f"/rules/{version}")

    async def discard(self, request: Request, version: str) -> Response:
        """Throw a draft away."""
        try:
            async with self._parts.database.transaction() as connection:
                await discard_draft(connection, version)
        except LabRefusedError as error:
            return await self._version(request, version, error)
        return _to("/rules")

    async def activate(self, request: Request, version: str, seen: Annotated[str, Form()] = "") -> Response:
        """Put a proposal into force."""
        try:
            async with self._parts.database.transaction() as connection:
                await activate_table(connection, version, seen=seen, by=_person(request), now=self._parts.clock.now())
        except (LabRefusedError, TableRefusedError) as error:
            return await self._version(request, version, error)
        return _to(f"/rules/{version}")

    async def _list(
        self, request: Request, error: Refused | None = None, said: dict[str, str] | None = None
    ) -> HTMLResponse:
        lab = await Lab.load(self._parts)
        values = listing(lab, request.state, said or {}, *_said(error))
        return _page(request, "rules_list.html", values, _status(error))

    async def _version(
        self, request: Request, version: str, error: Refused | None = None, note: str = ""
    ) -> HTMLResponse:
        lab, found = await self._lab(version)
        async with self._parts.database.reading() as connection:
            was_replayed = await lab_store.was_replayed(connection, found.digest, lab.active.digest)
        values = reading(lab, found, request.state, _locale(request), was_replayed=was_replayed)
        wrong, refusal = _said(error)
        said = {"wrong": wrong, "refusal": refusal, "note": note or found.note}
        return _page(request, "rules_version.html", {**values, **said}, _status(error))

    async def _lab(self, version: str) -> tuple[Lab, Version]:
        lab = await Lab.load(self._parts)
        found = next((one for one in lab.versions if one.version == version), None)
        if found is None:
            raise _not_found()
        return lab, found


def _page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    return pages.render(request, template, {"me": request.state.actor.id, **values}, status=status)


def _locale(request: Request) -> str:
    pages: Pages = request.app.state.pages
    return pages.locale(request)


def _said(error: Refused | None) -> tuple[tuple[Wrong, ...], LabRefusedError | None]:
    match error:
        case TableRefusedError():
            return error.wrong, None
        case _:
            return (), error


def _status(error: Refused | None) -> int:
    match error:
        case None:
            return 200
        case TableRefusedError():
            return UNPROCESSABLE
        case LabRefusedError():
            return CONFLICT


def _person(request: Request) -> Any:
    """Return who acts; the policy lets in only people who are signed in."""
    actor: Actor = request.state.actor
    return actor.id


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise TableRefusedError(
            [Wrong("file", "tệp quá lớn: dài nhất 200 kB", "the file is too large: at most 200 kB")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableRefusedError([Wrong("file", "lưu tệp bằng mã UTF-8", "save the file as UTF-8")]) from None


def _not_found() -> Problem:
    return Problem(404, "Không tìm thấy bộ quy tắc", NO_SUCH_VERSION.vi)


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=SEE_OTHER)
