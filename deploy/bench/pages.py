"""How long the supervisor's queue takes to render, with what the load before has left open."""

from __future__ import annotations

import statistics
import time
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from deploy.demo.processes import Stage

TIMES: Final = 40
SUPERVISOR: Final = "giamsat"
TIMEOUT_SECONDS: Final = 30.0


def queue_page(stage: Stage, password: str, alerts: int) -> dict[str, Any]:
    """Return the figures of `GET /queue` as a supervisor: 95 of 100 pages were there within `p95_ms`."""
    browser = _signed_in(stage, password)
    times: list[float] = []
    size = 0
    for _ in range(TIMES):
        began = time.perf_counter()
        with browser.open(f"{stage.notify_url}/queue", timeout=TIMEOUT_SECONDS) as answer:
            size = len(answer.read())
        times.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(times, n=20)[18]
    return {"bench": "queue_page", "alerts": alerts, "p95_ms": round(p95, 1), "bytes": size}


def _signed_in(stage: Stage, password: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    fields = urlencode({"login": SUPERVISOR, "password": password, "next": "/queue"}).encode()
    with browser.open(f"{stage.notify_url}/signin", fields, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()
    return browser
