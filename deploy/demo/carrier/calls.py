"""Calls as the carrier places them: they ring, somebody or something picks up, and the product's words are read."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

from deploy.demo.carrier.behaviour import CallBehaviour
from deploy.demo.carrier.script import Ask, End, Say, steps_of

Post = Callable[[str, dict[str, str]], Awaitable[tuple[int, str]]]
"""Posts a signed form to the product; returns the HTTP status and the answer's text."""
RINGING = frozenset({"queued", "ringing"})
WORD_SECONDS = 0.35
"""How long a word takes to say; keys are taken while it is said."""
EVENT_OF: Mapping[str, str] = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""The event that a status is told under; every end is told as `completed`."""


@dataclass
class Call:
    """A call to a phone; `arrived` in UNIX seconds. `said`: what the phone heard; `keys`: it waits for one now."""

    sid: str
    number: str
    other: str
    url: str | None
    twiml: str | None
    callback: str | None
    events: frozenset[str]
    machines: bool
    rings_for: float
    arrived: float = field(default_factory=time.time)
    status: str = "queued"
    answered_by: str = ""
    said: list[str] = field(default_factory=list)
    keys: bool = False
    pressed: list[str] = field(default_factory=list)
    done: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def line(self) -> dict[str, Any]:
        """Return the call as the phones page shows it."""
        return {
            "sid": self.sid,
            "status": self.status,
            "answered_by": self.answered_by,
            "said": self.said,
            "keys": self.keys,
            "pressed": self.pressed,
            "at": datetime.fromtimestamp(self.arrived, UTC).isoformat(),
        }

    def resource(self, account_sid: str) -> dict[str, Any]:
        """Return the call as Twilio's API describes it."""
        date = format_datetime(datetime.fromtimestamp(self.arrived, UTC))
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "to": self.number,
            "from": self.other,
            "status": self.status,
            "direction": "outbound-api",
            "answered_by": self.answered_by or None,
            "api_version": "2010-04-01",
            "date_created": date,
            "date_updated": date,
            "start_time": date,
            "uri": f"/2010-04-01/Accounts/{account_sid}/Calls/{self.sid}.json",
            "subresource_uris": {},
        }


@dataclass
class Exchange:
    """Places calls, one task each."""

    account_sid: str
    post: Post
    calls: dict[str, Call] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def place(self, call: Call, behaviour: CallBehaviour) -> None:
        """Let a phone ring from now on."""
        self.calls[call.sid] = call
        task = asyncio.create_task(self._run(call, behaviour))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _run(self, call: Call, behaviour: CallBehaviour) -> None:
        await self._tell(call, "initiated")
        if call.status == "queued":
            await self._enter(call, "ringing")
        end = await self._rings(call, behaviour)
        if end is None:
            await self._enter(call, "in-progress")
            await self._speaks(call, behaviour)
            end = "completed"
        call.keys = False
        await self._enter(call, end)

    async def _rings(self, call: Call, behaviour: CallBehaviour) -> str | None:
        """Return how the call ended before anybody spoke, or None when it was answered."""
        if behaviour.end is not None and call.done.empty():
            return behaviour.end
        if behaviour.by is not None and call.done.empty():
            call.answered_by = behaviour.by
            return None
        try:
            chosen = await asyncio.wait_for(call.done.get(), call.rings_for)
        except TimeoutError:
            return "no-answer"
        if chosen in {"answer", "machine"}:
            call.answered_by = "human" if chosen == "answer" else "machine_start"
            return None
        return {"decline": "busy", "ring": "no-answer"}.get(chosen, "canceled")

    async def _speaks(self, call: Call, behaviour: CallBehaviour) -> None:
        """Read the product's words, and what it answers to each key, until it or the phone hangs up."""
        url, script = call.url or "", call.twiml
        form: dict[str, str] = {}
        while True:
            if script is None:
                status, script = await self.post(url, self._form(call, "in-progress") | form)
                if status >= 400:  # noqa: PLR2004 - no words: the call ends, as at Twilio
                    return
            followed = await self._follow(call, script, behaviour)
            if followed is None:
                return
            action, key = followed
            url, form, script = urljoin(url, action) if action else url, {"Digits": key}, None

    async def _follow(self, call: Call, script: str, behaviour: CallBehaviour) -> tuple[str, str] | None:
        """Return where to send which key, or None at the end of the words."""
        for step in steps_of(script):
            match step:
                case Say(text):
                    call.said.append(text)
                case Ask(texts, action, seconds):
                    call.said += texts
                    words = sum(len(text.split()) for text in texts)
                    key = await self._key(call, behaviour, seconds + words * WORD_SECONDS)
                    if key == "hang_up":
                        return None
                    if key is not None:
                        call.pressed.append(key)
                        return action, key
                case End():
                    return None
        return None

    async def _key(self, call: Call, behaviour: CallBehaviour, seconds: float) -> str | None:
        if behaviour.by is not None:
            return behaviour.press if not call.pressed else None
        call.keys = True
        try:
            return await asyncio.wait_for(call.done.get(), seconds)
        except TimeoutError:
            return None
        finally:
            call.keys = False

    async def _enter(self, call: Call, status: str) -> None:
        call.status = status
        await self._tell(call, status)

    async def _tell(self, call: Call, status: str) -> None:
        if call.callback and EVENT_OF.get(status, "completed") in call.events:
            await self.post(call.callback, self._form(call, status))

    def _form(self, call: Call, status: str) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "CallStatus": status,
            "To": call.number,
            "From": call.other,
            "Direction": "outbound-api",
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            **({"AnsweredBy": call.answered_by} if call.machines and call.answered_by else {}),
        }

    async def close(self) -> None:
        """End what still rings."""
        for task in list(self.tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def new_call(form: Mapping[str, str], events: frozenset[str]) -> Call:
    """Return a call as the product asked for it."""
    return Call(
        f"CA{uuid4().hex}",
        form.get("To", ""),
        form.get("From", ""),
        form.get("Url"),
        form.get("Twiml"),
        form.get("StatusCallback"),
        events or frozenset({"completed"}),
        "MachineDetection" in form,
        float(form.get("Timeout", "60")),
    )
