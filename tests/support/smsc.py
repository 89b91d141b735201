"""An SMS centre as a process of its own: `python -m tests.support.smsc --port P --control C`.

It speaks SMPP 3.4 on one port. On the other, HTTP, a test reads what it took, chooses how it fails, and sends from
phones. Modes: `deliver`, `silent` (takes, no receipt), `disorder` (receipts twice and out of order), `undeliverable`,
`hex` (ids are decimal in responses and hexadecimal in receipts), `stall` (no response), `cut` (takes, then ends the line instead of responding), or a number: refuses with that
command_status.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import signal
from dataclasses import dataclass, field
from typing import Any

import smpp34
from aiohttp import web

RECEIPT = 0x04


@dataclass
class Centre:
    port: int
    mode: str = "deliver"
    taken: list[dict[str, Any]] = field(default_factory=list)
    lines: dict[str, smpp34.Esme] = field(default_factory=dict)
    stalled: list[smpp34.SubmitSmEvent] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def run(self) -> None:
        server = smpp34.Server("127.0.0.1", self.port, system_id="TESTSMSC")
        await server.start()
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                self.lines[event.session_id] = event
            elif isinstance(event, smpp34.Unbound):
                self.lines.pop(event.session_id, None)
            else:
                await self.take(event)

    async def take(self, event: smpp34.SubmitSmEvent) -> None:
        if self.mode.isdecimal():
            event.reject(int(self.mode))
            return
        number = next(self.numbers) + 1000
        sid = str(number) if self.mode == "hex" else f"m{number}"
        self.taken.append(
            {
                "to": event.destination_addr,
                "from": event.source_addr,
                "data": event.short_message.hex(),
                "session": event.session_id,
                "data_coding": event.data_coding,
                "registered_delivery": event.registered_delivery,
                "ton": [event.source_addr_ton, event.dest_addr_ton],
                "id": sid,
            }
        )
        if self.mode == "stall":
            self.stalled.append(event)
            return
        line = self.lines[event.session_id]
        if self.mode == "cut":
            await line.unbind()
            return
        event.accept(sid)
        reports = {
            "deliver": ["DELIVRD"],
            "disorder": ["DELIVRD", "ENROUTE", "DELIVRD"],
            "undeliverable": ["UNDELIV"],
            "hex": ["DELIVRD"],
        }
        told = f"{number:08X}" if self.mode == "hex" else sid
        task = asyncio.create_task(self.report(line, event, told, reports.get(self.mode, [])))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def report(self, line: smpp34.Esme, event: smpp34.SubmitSmEvent, sid: str, words: list[str]) -> None:
        """Send receipts; a line that ended meanwhile gets none, and holds nobody else up."""
        with contextlib.suppress(smpp34.SmppError):
            for word in words:
                text = f"id:{sid} sub:001 dlvrd:001 submit date:2611281410 done date:2611281411 stat:{word} err:000"
                await line.deliver_sm(
                    event.source_addr, text.encode(), source_addr=event.destination_addr, esm_class=RECEIPT
                )

    async def reply(self, request: web.Request) -> web.Response:
        given = await request.json()
        answers = []
        for line in list(self.lines.values())[-1:]:
            response = await line.deliver_sm(
                "8800",
                bytes.fromhex(given["data"]),
                source_addr=given["from"],
                source_addr_ton=1,
                data_coding=given.get("data_coding", 0),
            )
            answers.append(response.command_status)
        return web.json_response(answers)

    async def change(self, request: web.Request) -> web.Response:
        self.mode = (await request.json())["mode"]
        return web.json_response({"mode": self.mode})

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response({"taken": self.taken, "lines": len(self.lines)})

    async def hang_up(self, _request: web.Request) -> web.Response:
        for line in list(self.lines.values()):
            await line.unbind()
        return web.json_response({})


async def serve(port: int, control: int) -> None:
    centre = Centre(port)
    app = web.Application()
    app.router.add_get("/state", centre.state)
    app.router.add_put("/mode", centre.change)
    app.router.add_post("/reply", centre.reply)
    app.router.add_post("/hang-up", centre.hang_up)
    runner = web.AppRunner(app)
    await runner.setup()
    work = asyncio.create_task(centre.run())
    await web.TCPSite(runner, "127.0.0.1", control).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    work.cancel()
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.control))
