"""Reading the body of a public form, which may be of any size."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.datastructures import FormData
from starlette.types import Message

from services.intake.rules.report import LARGEST_BODY

READ_ON: Final = 16 * LARGEST_BODY
"""Bytes of a body that are read although it is too large: a browser shows no answer before it has sent everything."""


class FormTooLargeError(Exception):
    """The body of a form is larger than a report may be."""


async def read_form(request: Request) -> FormData:
    """Read a form, taking in no more than a report may have, or raise `FormTooLargeError`."""
    body, length = bytearray(), 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > READ_ON:
            break
        if length <= LARGEST_BODY:
            body += chunk
    if length > LARGEST_BODY:
        raise FormTooLargeError

    async def again() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return await Request(request.scope, again).form()
