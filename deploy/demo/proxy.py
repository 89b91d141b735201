"""The demonstration's phones on the product's own port: requests for `/demo` are passed on to the local carrier."""

from __future__ import annotations

import httpx
from fastapi import APIRouter, Request, Response

from shared.web.problems import Problem

CARRIER_SECONDS = 10.0
PASSED_ON = ("accept", "accept-language", "content-type", "cookie")


def phones_proxy(carrier_url: str) -> APIRouter:
    """Return routes that pass `/demo/…` on to the carrier."""
    routes = APIRouter(include_in_schema=False)
    client = httpx.AsyncClient(base_url=carrier_url, timeout=CARRIER_SECONDS)

    async def pass_on(request: Request) -> Response:
        headers = {name: value for name in PASSED_ON if (value := request.headers.get(name))}
        try:
            answer = await client.request(
                request.method,
                request.url.path,
                params=request.query_params,
                content=await request.body(),
                headers=headers,
            )
        except httpx.HTTPError:
            raise Problem(502, "Nhà mạng mẫu không trả lời", "Chạy lại make demo.") from None
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    for path, methods in (
        ("/demo/phones", ["GET"]),
        ("/demo/phones.json", ["GET"]),
        ("/demo/messages.json", ["GET"]),
        ("/demo/calls.json", ["GET"]),
        ("/demo/calls/{sid}", ["POST"]),
        ("/demo/static/{name}", ["GET"]),
        ("/demo/phones/{number}", ["POST"]),
        ("/demo/phones/{number}/behaviour", ["PUT"]),
    ):
        routes.add_api_route(path, pass_on, methods=methods)
    return routes
