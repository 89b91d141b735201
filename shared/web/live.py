"""Live pages: PostgreSQL tells that something changed, server-sent events tell the browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

import asyncpg
from sqlalchemy.engine import make_url
from starlette.responses import StreamingResponse

from shared.clock import Clock
from shared.observability import logger

HEARTBEAT_SECONDS = 5.0
"""A page that hears nothing for three beats says that its numbers may be wrong."""
COALESCE_SECONDS = 0.2
"""Changes closer together than this reach the browser as one."""
RECONNECT_SECONDS = 1.0

log = logger(__name__)


class LiveUpdates:
    """One listening connection a process; any number of pages wait for the changes of a channel."""

    def __init__(self, database_url: str, channels: Iterable[str], clock: Clock) -> None:
        self._url = make_url(database_url)
        self._channels = tuple(channels)
        self._clock = clock
        self._waiting: dict[str, set[asyncio.Event]] = {channel: set() for channel in self._channels}
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start to listen; a database that goes away is waited for."""
        self._task = asyncio.create_task(self._listen(), name="live updates")

    async def stop(self) -> None:
        """End every stream and stop listening."""
        self._stopping.set()
        for waiting in self._waiting.values():
            for event in waiting:
                event.set()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def response(self, channel: str) -> StreamingResponse:
        """Return a stream of `changed` and `beat` events for one page."""
        return StreamingResponse(
            self._stream(channel),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _stream(self, channel: str) -> AsyncIterator[str]:
        changed = asyncio.Event()
        self._waiting[channel].add(changed)
        try:
            yield self._message("beat")
            while not self._stopping.is_set():
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield self._message("beat")
                    continue
                if self._stopping.is_set():
                    break
                await asyncio.sleep(COALESCE_SECONDS)
                changed.clear()
                yield self._message("changed")
        finally:
            self._waiting[channel].discard(changed)

    def _message(self, name: str) -> str:
        return f"event: {name}\ndata: {json.dumps({'now': self._clock.now().isoformat()})}\n\n"

    async def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._hold_connection()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("live_updates_interrupted", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _hold_connection(self) -> None:
        host = self._url.query.get("host") or self._url.host
        connection = await asyncpg.connect(
            host=str(host) if host else None,
            port=self._url.port,
            user=self._url.username,
            password=self._url.password,
            database=self._url.database,
            timeout=10,
        )
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _connection: ended.set())
        try:
            for channel in self._channels:
                await connection.add_listener(channel, self._notify)
            self._wake_all()
            await ended.wait()
        finally:
            if not connection.is_closed():
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                    await connection.close(timeout=2)

    def _notify(self, _connection: object, _pid: int, channel: str, _payload: object) -> None:
        for event in self._waiting[channel]:
            event.set()

    def _wake_all(self) -> None:
        for channel in self._channels:
            self._notify(None, 0, channel, "")
