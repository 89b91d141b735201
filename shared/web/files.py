"""Reading a form that brings files while it arrives: at most one file is held at a time, and none touches the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_BODY = 201 * MEGABYTE
"""Bytes of one request: ten of the largest files, and what is between them."""
FIELD_LIMIT = 4096
"""Bytes of a field that is no file."""
HEADER_LIMIT = 8192
"""Bytes of what is said about one part."""


class BrokenFormError(Exception):
    """The body is not a whole `multipart/form-data` form."""


class BodyTooLargeError(Exception):
    """The body is larger than any that is read."""


@dataclass(frozen=True)
class SentFile:
    """A file as it came: its name as the sender calls it; `data` is null where it is larger than one may be."""

    name: str
    data: bytes | None


@dataclass
class _Part:
    head: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    file_name: str | None = None
    data: bytearray = field(default_factory=bytearray)
    size: int = 0


class FileForm:
    """A form that arrives. Ask for the first field, then for the files, in the order in which they were sent."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes], *, largest_file: int, largest_body: int) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise BrokenFormError
        self._body = body
        self._largest_file, self._largest_body = largest_file, largest_body
        self._length = 0
        self._ready: list[_Part] = []
        self._part = _Part()
        self._header, self._said, self._about = b"", b"", 0
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": self._on_data,
                    "on_part_end": self._on_part_end,
                    "on_end": self._on_end,
                },
            )
        except FormParserError:
            raise BrokenFormError from None

    async def first_field(self, name: str) -> str | None:
        """Return the text of the first part if it is this field; raises `BrokenFormError`, `BodyTooLargeError`."""
        if not await self._until_ready():
            return None
        part = self._ready[0]
        if part.name != name or part.file_name is not None:
            return None
        return part.data.decode("utf-8", "replace")

    async def files(self) -> AsyncIterator[SentFile]:
        """Give each file; fields and file inputs left empty are passed over.

        Raises `BrokenFormError`, `BodyTooLargeError` after the files that came before.
        """
        while await self._until_ready():
            part = self._ready.pop(0)
            if part.file_name:
                yield SentFile(part.file_name, bytes(part.data) if part.size <= self._largest_file else None)

    async def _until_ready(self) -> bool:
        """Read on until a part is whole; false at the end of the form."""
        while not self._ready:
            chunk = await anext(self._body, None)
            if chunk is None:
                if not self._ended:
                    raise BrokenFormError
                return False
            self._length += len(chunk)
            if self._length > self._largest_body:
                raise BodyTooLargeError
            try:
                self._parser.write(chunk)
            except FormParserError:
                raise BrokenFormError from None
        return True

    def _begin(self) -> None:
        self._part, self._about = _Part(), 0

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._said += data[start:end]

    def _count_header(self, length: int) -> None:
        self._about += length
        if self._about > HEADER_LIMIT:
            raise BrokenFormError

    def _on_header_end(self) -> None:
        self._part.head[self._header.lower()] = self._said
        self._header = self._said = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._part.head.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            self._part.file_name = options[b"filename"].decode("utf-8", "replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        limit = FIELD_LIMIT if part.file_name is None else self._largest_file
        if part.size <= limit:
            part.data += data[start:end]
        elif part.file_name is None:
            raise BrokenFormError
        else:
            part.data.clear()

    def _on_part_end(self) -> None:
        self._ready.append(self._part)

    def _on_end(self) -> None:
        self._ended = True


def read_form(request: Request, *, largest_file: int = LARGEST_FILE, largest_body: int = LARGEST_BODY) -> FileForm:
    """Return the form of a request, whose beginning may have been read for its token; raises `BrokenFormError`."""
    begun = getattr(request.state, "files", None)
    if isinstance(begun, FileForm):
        return begun
    content_type = request.headers.get("content-type", "")
    return FileForm(content_type, request.stream(), largest_file=largest_file, largest_body=largest_body)
