"""The load of drafts, a process of its own: each operator's form is saved every two seconds, whatever the answers do.

    python -m deploy.bench.drafts_load URL SECONDS      sessions as JSON on standard input

Prints one JSON object: saves a second, how long one took, and how many did not say that they were saved.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import aiohttp

EVERY: Final = 2.0
"""Seconds between two saves of a form that is being typed: the longest that a key waits."""
REQUEST_LIMIT: Final = aiohttp.ClientTimeout(total=60)
OK: Final = 200
STORY: Final = "Cháu 4 tuổi ở nhà với bố dượng, tuần nào cũng bị đánh, hôm qua bị đánh bằng roi, tay bị sưng. "


@dataclass
class Saves:
    """What was seen: milliseconds of each save, and failures."""

    times_ms: list[float] = field(default_factory=list)
    errors: int = 0


async def type_on(
    client: aiohttp.ClientSession, url: str, operator: Mapping[str, str], saves: Saves, begin: float, end: float
) -> None:
    """Save one form again and again from `begin` to `end`, moments of `time.perf_counter`; invented."""
    headers = {"Accept": "application/json", "Cookie": operator["cookie"], "X-CSRF-Token": operator["token"]}
    address, number = f"{url}/console/drafts/{uuid4().hex}", 0
    while (due := begin + number * EVERY) < end:
        number += 1
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        fields = {"channel": "hotline", "narrative": STORY * min(number, 20), "facts.danger_now": "yes"}
        began = time.perf_counter()
        try:
            async with client.post(f"{address}?revision={number}", data=fields, headers=headers) as answer:
                good = answer.status == OK and (await answer.json())["state"] == "saved"
        except (aiohttp.ClientError, TimeoutError):
            good = False
        saves.times_ms.append((time.perf_counter() - began) * 1000)
        saves.errors += not good


async def run(url: str, seconds: float, operators: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Run the load; the first saves are spread over the two seconds, as people begin."""
    saves = Saves()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=REQUEST_LIMIT) as client:
        began = time.perf_counter()
        step = EVERY / len(operators)
        await asyncio.gather(
            *(
                type_on(client, url, operator, saves, began + number * step, began + seconds)
                for number, operator in enumerate(operators)
            )
        )
        spent = time.perf_counter() - began
    return {
        "saves_per_s": round((len(saves.times_ms) - saves.errors) / spent, 1),
        "p50_ms": round(statistics.median(saves.times_ms), 1),
        "p99_ms": round(statistics.quantiles(saves.times_ms, n=100)[98], 1),
        "errors": saves.errors,
    }


def main() -> None:
    """Run from the command line."""
    url, seconds = sys.argv[1:3]
    print(json.dumps(asyncio.run(run(url, float(seconds), json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
