"""The load generator, a process of its own: sends reports and tells when each request began.

    python -m deploy.bench.load URL KEY rate 50 20      50 reports a second for 20 seconds, whatever the answers do
    python -m deploy.bench.load URL KEY busy 64 20      64 senders, each as fast as it is answered, for 20 seconds

Prints one JSON object: `{"sent": {case code: UNIX seconds at the request's first byte}, "failed": n}`.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import aiohttp

from shared.places import bac_ninh

CREATED: Final = 201
REQUEST_LIMIT: Final = aiohttp.ClientTimeout(total=60)


def report(unit_code: int) -> dict[str, Any]:
    """Return a report of the samples' shape that is judged URGENT; invented."""
    return {
        "channel": "hotline",
        "narrative": "Cháu 4 tuổi ở nhà với bố dượng, tuần nào cũng bị đánh, hôm qua bị đánh bằng roi, tay bị sưng.",
        "subject": {"kind": "child", "age_min": 4, "age_max": 4, "age_basis": "stated", "disabled": "unknown"},
        "children_in_home": [],
        "concerns": ["neglect"],
        "facts": {"unmet_basic_needs": "yes", "with_safe_adult": "yes", "alleged_has_access": "yes"},
        "prior_reports_12_months": 0,
        "alleged": [{"role": "caregiver"}],
        "place": {"incident": {"text": "", "unit_code": unit_code}},
        "reporter": {"anonymous": True, "safe_to_contact": "unknown"},
    }


@dataclass
class Load:
    """Sends reports over one session and keeps when each began."""

    session: aiohttp.ClientSession
    url: str
    key: str
    sent: dict[str, float] = field(default_factory=dict)
    failed: int = 0
    units: Sequence[int] = field(default_factory=lambda: [unit.code for unit in bac_ninh()])

    async def send(self) -> None:
        """Send one report."""
        body = json.dumps(report(random.choice(self.units)), ensure_ascii=False).encode()  # noqa: S311 - a load
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Idempotency-Key": uuid4().hex,
            "Content-Type": "application/json",
        }
        began = time.time()
        try:
            async with self.session.post(f"{self.url}/api/v1/reports", data=body, headers=headers) as answer:
                document = await answer.json()
                if answer.status != CREATED:
                    self.failed += 1
                    return
        except (aiohttp.ClientError, TimeoutError):
            self.failed += 1
            return
        self.sent[document["case_code"]] = began

    async def at_rate(self, per_second: float, seconds: float) -> None:
        """Send at an even rate, without waiting for answers."""
        began = time.perf_counter()
        tasks: list[asyncio.Task[None]] = []
        for number in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            tasks.append(asyncio.create_task(self.send()))
        await asyncio.gather(*tasks)

    async def busy(self, senders: int, seconds: float) -> None:
        """Send with a fixed number of senders."""
        end = time.perf_counter() + seconds

        async def sender() -> None:
            while time.perf_counter() < end:
                await self.send()

        await asyncio.gather(*(sender() for _ in range(senders)))


async def generate(url: str, key: str, kind: str, amount: float, seconds: float) -> dict[str, Any]:
    """Run one load and return what it saw."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, timeout=REQUEST_LIMIT) as session:
        load = Load(session, url, key)
        work: Coroutine[Any, Any, None] = (
            load.at_rate(amount, seconds) if kind == "rate" else load.busy(int(amount), seconds)
        )
        await work
    return {"sent": load.sent, "failed": load.failed}


def main() -> None:
    """Run from the command line."""
    url, key, kind, amount, seconds = sys.argv[1:6]
    print(json.dumps(asyncio.run(generate(url, key, kind, float(amount), float(seconds)))))


if __name__ == "__main__":
    main()
