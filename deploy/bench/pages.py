"""How long pages take to render, and how large they are, with what the load before has left open."""

from __future__ import annotations

import re
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
PARTS: Final = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def queue_page(stage: Stage, password: str, alerts: int) -> dict[str, Any]:
    """Return the figures of `GET /queue` as a supervisor: 95 of 100 pages were there within `p95_ms`."""
    browser = _signed_in(stage, password)
    return {"bench": "queue_page", "alerts": alerts, **_figures(browser, f"{stage.notify_url}/queue")}


def form_pages(stage: Stage, password: str) -> list[dict[str, Any]]:
    """Return the figures of the public form, with its style sheet and pictures, and of the console's."""
    public, console = f"{stage.intake_url}/report", f"{stage.intake_url}/console"
    stranger = build_opener()
    whole = _with_parts(stranger, stage.intake_url, public)
    return [
        {"bench": "form_page", "page": "/report", **_figures(stranger, public), "bytes_with_parts": whole},
        {"bench": "form_page", "page": "/console", **_figures(_signed_in(stage, password), console)},
    ]


def _figures(browser: OpenerDirector, url: str) -> dict[str, Any]:
    times: list[float] = []
    size = 0
    for _ in range(TIMES):
        began = time.perf_counter()
        size = len(_read(browser, url))
        times.append((time.perf_counter() - began) * 1000)
    return {"p95_ms": round(statistics.quantiles(times, n=20)[18], 1), "bytes": size}


def _with_parts(browser: OpenerDirector, base: str, url: str) -> int:
    page = _read(browser, url)
    return len(page) + sum(len(_read(browser, base + part)) for part in set(PARTS.findall(page.decode())))


def _read(browser: OpenerDirector, url: str) -> bytes:
    with browser.open(url, timeout=TIMEOUT_SECONDS) as answer:
        body: bytes = answer.read()
    return body


def _signed_in(stage: Stage, password: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    fields = urlencode({"login": SUPERVISOR, "password": password, "next": "/queue"}).encode()
    with browser.open(f"{stage.notify_url}/signin", fields, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()
    return browser
