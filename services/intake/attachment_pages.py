"""Files of a report on the console: the list, adding several at once, and opening one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.intake import attachment_records as records
from services.intake.handlers.keep_attachment import Giver, keep_attachment
from services.intake.handlers.open_attachment import NoSuchAttachmentError, Opened, open_attachment
from services.intake.rules.attachment import REFUSALS, plain_name
from services.intake.rules.file_kind import Kind, Refusal
from services.intake.store import ReportStatus
from shared.crypto import UndecryptableError
from shared.service import Parts
from shared.web.files import BodyTooLargeError, BrokenFormError, read_form
from shared.web.pages import Pages
from shared.web.problems import Problem

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]

PATH: Final = "/console/reports/{report_id}/attachments"
EXTENSIONS: Final[Mapping[Kind, str]] = {
    Kind.JPEG: "jpg",
    Kind.PNG: "png",
    Kind.WEBP: "webp",
    Kind.GIF: "gif",
    Kind.MP3: "mp3",
    Kind.MP4: "m4a",
    Kind.OGG: "ogg",
    Kind.WAV: "wav",
    Kind.AMR: "amr",
    Kind.WEBM: "webm",
    Kind.PDF: "pdf",
}
KIND_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "image": ("Ảnh", "Picture"),
    "audio": ("Ghi âm", "Recording"),
    "application": ("PDF", "PDF"),
}
SOURCE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "console": ("từ trang tiếp nhận", "from the console"),
    "partner": ("cơ quan phối hợp gửi", "sent by a partner"),
    "reporter": ("người báo gửi", "sent by the reporter"),
}
ACCEPTED: Final = "image/jpeg,image/png,image/webp,image/gif,audio/*,application/pdf,.amr,.m4a,.opus"
_TOO_LARGE, _UNPROCESSABLE = 413, 422


@dataclass(frozen=True)
class Refused:
    """A file that was not kept: its name and why."""

    name: str
    why: Refusal


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the routes; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    async def attached(request: Request, report_id: UUID) -> HTMLResponse:
        return await _page(request, parts, await visible(request, parts, report_id), ())

    @routes.post(PATH)
    async def add(request: Request, report_id: UUID) -> Response:
        return await _add(request, parts, await visible(request, parts, report_id))

    @routes.get(PATH + "/{attachment_id}")
    async def look(request: Request, report_id: UUID, attachment_id: UUID) -> HTMLResponse:
        status = await visible(request, parts, report_id)
        async with parts.database.reading() as connection:
            file = await records.one(connection, parts.keys, report_id, attachment_id)
        if file is None:
            raise no_such_file()
        return _pages(request).render(request, "console_attachment.html", {"report": status, "file": file})

    @routes.get(PATH + "/{attachment_id}/file")
    async def content(request: Request, report_id: UUID, attachment_id: UUID) -> Response:
        status = await visible(request, parts, report_id)
        try:
            opened = await open_attachment(parts, report_id, attachment_id, request.state.actor)
        except NoSuchAttachmentError:
            raise no_such_file() from None
        except UndecryptableError:
            raise _not_opened() from None
        return served(opened, status.case_code)

    return routes


async def shown(request: Request, parts: Parts, report_id: UUID, refused: Sequence[Refused] = ()) -> dict[str, Any]:
    """Return what the list of a report's files is rendered from."""
    async with parts.database.reading() as connection:
        files = await records.listed(connection, parts.keys, report_id)
    side = 1 if _pages(request).locale(request) == "en" else 0
    return {
        "files": files,
        "refused": [(one.name, REFUSALS[one.why][side]) for one in refused],
        "kind_word": lambda kind: KIND_WORDS[kind.value.split("/")[0]][side],
        "source_word": lambda source: SOURCE_WORDS[source][side],
        "accepted": ACCEPTED,
    }


def served(opened: Opened, case_code: str) -> Response:
    """Return a file as one to save, under a name that says nothing: no browser opens it as a page of ours."""
    file = opened.file
    name = f"{case_code}-{str(file.attachment_id)[:8]}.{EXTENSIONS[file.kind]}"
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{quote(name)}"',
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(opened.content, media_type=file.kind.value, headers=headers)


def no_such_file() -> Problem:
    """Return what is said where a report has no file of the id that was asked for."""
    return Problem(404, "Không tìm thấy tệp", "Thông tin này không có tệp nào mang mã này. Quay lại trang thông tin.")


async def _add(request: Request, parts: Parts, status: ReportStatus) -> Response:
    """Keep what can be kept of what was sent, and say of each other file why not and what to do."""
    refused: list[Refused] = []
    count = 0
    try:
        async for sent in read_form(request).files():
            count += 1
            giver = Giver("console", request.state.actor.id)
            outcome = await keep_attachment(parts, status.report_id, sent, giver)
            if isinstance(outcome, Refusal):
                refused.append(Refused(plain_name(sent.name), outcome))
    except BrokenFormError:
        raise Problem(
            400, "Tệp chưa tới đủ", "Kết nối bị ngắt giữa chừng. Mở lại trang thông tin rồi gửi lại các tệp còn thiếu."
        ) from None
    except BodyTooLargeError:
        raise _too_much() from None
    if not refused and count:
        return RedirectResponse(f"/console/reports/{status.report_id}#attachments", status_code=303)
    if not count:
        refused.append(Refused("", Refusal.EMPTY))
    too_large = any(one.why in {Refusal.TOO_LARGE, Refusal.FULL} for one in refused)
    return await _page(request, parts, status, refused, _TOO_LARGE if too_large else _UNPROCESSABLE)


async def _page(
    request: Request, parts: Parts, status: ReportStatus, refused: Sequence[Refused], code: int = 200
) -> HTMLResponse:
    context = {"report": status, **await shown(request, parts, status.report_id, refused)}
    return _pages(request).render(request, "console_attachments_page.html", context, status=code)


def _too_much() -> Problem:
    return Problem(
        413,
        "Gửi quá nhiều một lần",
        "Mỗi tệp tối đa 20 MB, mỗi lần gửi tối đa 200 MB. Gửi ít tệp hơn mỗi lần.",
        headers={"Connection": "close"},
    )


def _not_opened() -> Problem:
    return Problem(500, "Không mở được tệp", "Khóa mã hóa của tệp này không có ở đây. Báo quản trị hệ thống.")


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
