"""An SMS centre in the test's own loop that keeps every PDU as it came, and chooses what a bind is answered with."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HEADER = struct.Struct(">IIII")
RESPONSE = 0x80000000
INVALID_PASSWORD = 0x0E


@dataclass
class RawCentre:
    bind_status: int = 0
    port: int = 0
    binds: int = 0
    submitted: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length, command, _, sequence = HEADER.unpack(await reader.readexactly(HEADER.size))
                body = await reader.readexactly(length - HEADER.size)
                status, answer = self.answer(command, body)
                writer.write(HEADER.pack(HEADER.size + len(answer), command | RESPONSE, status, sequence) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, command: int, body: bytes) -> tuple[int, bytes]:
        match command:
            case 0x09:  # bind_transceiver
                self.binds += 1
                return self.bind_status, b"TESTSMSC\0"
            case 0x04:  # submit_sm
                self.submitted.append(body)
                return 0, f"r{len(self.submitted)}\0".encode()
            case _:
                return 0, b""


@asynccontextmanager
async def raw_centre(bind_status: int = 0) -> AsyncIterator[RawCentre]:
    """Serve on a free port."""
    made = RawCentre(bind_status)
    server = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


def short_message(body: bytes) -> tuple[int, bytes, bytes]:
    """Return data_coding, the message's own field and the optional parameters of a submit_sm (SMPP 3.4, 4.4.1)."""
    at = body.index(b"\0") + 1  # service_type
    at = body.index(b"\0", at + 2) + 1  # source: ton, npi, address
    at = body.index(b"\0", at + 2) + 1  # destination: the same
    at += 3  # esm_class, protocol_id, priority_flag
    at = body.index(b"\0", at) + 1  # schedule_delivery_time
    at = body.index(b"\0", at) + 1  # validity_period
    data_coding, length = body[at + 2], body[at + 4]
    start = at + 5
    return data_coding, body[start : start + length], body[start + length :]
