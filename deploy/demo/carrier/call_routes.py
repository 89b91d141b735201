"""Twilio's API for calls, and what a person at the phones page does with one that rings."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.demo.carrier.behaviour import CALL_BEHAVIOURS, EVERYBODY, CallBehaviour
from deploy.demo.carrier.calls import RINGING, Call, Exchange, new_call

CREATED, BAD_REQUEST, UNAUTHORIZED, NOT_FOUND = 201, 400, 401, 404
AT_PHONE = frozenset({"answer", "decline", "ring", "machine"})
IN_CALL = frozenset({"hang_up", *"0123456789*#"})


class CallRoutes:
    """The routes of one account."""

    def __init__(self, exchange: Exchange, authorization: str) -> None:
        self._exchange = exchange
        self._authorization = authorization
        self.modes: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """Return them."""
        base = f"/2010-04-01/Accounts/{self._exchange.account_sid}"
        return [
            Route(f"{base}/Calls.json", self.create, methods=["POST"]),
            Route(f"{base}/Calls.json", self.listed, methods=["GET"]),
            Route(f"{base}/Calls/{{sid}}.json", self.fetch, methods=["GET"]),
            Route(f"{base}/Calls/{{sid}}.json", self.update, methods=["POST"]),
            Route("/demo/calls.json", self.shown, methods=["GET"]),
            Route("/demo/calls/{sid}", self.act, methods=["POST"]),
        ]

    def _behaviour(self, number: str) -> CallBehaviour:
        return CALL_BEHAVIOURS[self.modes.get(number) or self.modes.get(EVERYBODY, "ring")]

    def _known(self, request: Request) -> bool:
        return request.headers.get("authorization") == self._authorization

    async def create(self, request: Request) -> Response:
        """Place a call, or refuse it as the number's behaviour says."""
        if not self._known(request):
            return refusal(UNAUTHORIZED, 20003)
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
        first = {name: values[0] for name, values in form.items()}
        behaviour = self._behaviour(first.get("To", ""))
        await asyncio.sleep(behaviour.stall)
        if not first.get("To") or not first.get("From"):
            return refusal(BAD_REQUEST, 21201 if not first.get("To") else 21213)
        if not first.get("Url") and not first.get("Twiml"):
            return refusal(BAD_REQUEST, 21205)
        if behaviour.refuse is not None:
            return refusal(*behaviour.refuse)
        call = new_call(first, frozenset(form.get("StatusCallbackEvent", ())))
        self._exchange.place(call, behaviour)
        return JSONResponse(call.resource(self._exchange.account_sid), CREATED)

    async def listed(self, request: Request) -> Response:
        """List calls as Twilio does: by To, From and Status, newest first."""
        if not self._known(request):
            return refusal(UNAUTHORIZED, 20003)
        asked = request.query_params
        wanted = {"number": asked.get("To"), "other": asked.get("From"), "status": asked.get("Status")}
        found = [
            call.resource(self._exchange.account_sid)
            for call in reversed(list(self._exchange.calls.values()))
            if all(value is None or getattr(call, name) == value for name, value in wanted.items())
        ]
        return JSONResponse({"calls": found, "page": 0, "page_size": len(found), "next_page_uri": None})

    async def fetch(self, request: Request) -> Response:
        """Return one call."""
        call = self._exchange.calls.get(request.path_params["sid"])
        if not self._known(request) or call is None:
            return refusal(NOT_FOUND, 20404) if self._known(request) else refusal(UNAUTHORIZED, 20003)
        return JSONResponse(call.resource(self._exchange.account_sid))

    async def update(self, request: Request) -> Response:
        """End a call: `canceled` while it rings, `completed` at any time."""
        call = self._exchange.calls.get(request.path_params["sid"])
        if not self._known(request) or call is None:
            return refusal(NOT_FOUND, 20404) if self._known(request) else refusal(UNAUTHORIZED, 20003)
        status = parse_qs((await request.body()).decode()).get("Status", [""])[0]
        if not _may_end(call, status):
            return refusal(BAD_REQUEST, 21220)
        call.done.put_nowait("cancel" if call.status in RINGING else "hang_up")
        return JSONResponse(call.resource(self._exchange.account_sid))

    async def shown(self, _request: Request) -> Response:
        """Return every number's calls."""
        numbers: dict[str, list[Any]] = defaultdict(list)
        for call in self._exchange.calls.values():
            numbers[call.number].append(call.line())
        return JSONResponse(numbers)

    async def act(self, request: Request) -> Response:
        """Do what a person at the phone does: answer, decline, let it ring, leave it to the machine, press, hang up."""
        call = self._exchange.calls.get(request.path_params["sid"])
        if call is None:
            return JSONResponse({"error": "no such call"}, NOT_FOUND)
        chosen = str((await request.json()).get("do", ""))
        if chosen not in (AT_PHONE if call.status in RINGING else IN_CALL if call.keys else ()):
            return JSONResponse({"error": f"not now: the call is {call.status}"}, 409)
        call.done.put_nowait(chosen)
        return JSONResponse(call.line())


def _may_end(call: Call, status: str) -> bool:
    return call.status in RINGING or (status == "completed" and call.status == "in-progress")


def refusal(status: int, code: int) -> JSONResponse:
    """Return a refusal in Twilio's words."""
    body = {"code": code, "message": f"error {code}", "more_info": "", "status": status}
    return JSONResponse(body, status)
