"""`make bench`: latency at steady rates and throughput, over PostgreSQL and Kafka, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import text

from deploy.bench.drafts import drafts
from deploy.bench.lateness import escalation_lateness, sweep_query
from deploy.bench.pages import SUPERVISOR, form_pages, queue_page
from deploy.bench.pure_rules import pure_rules
from deploy.bench.recovery import recovery
from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage, wait_for
from deploy.kafka import topics
from deploy.kafka.broker import LocalKafka, why_not
from deploy.sample import ACCOUNTS_FILE
from shared.database import Database, EmbeddedPostgres

RATES: Final = (10, 50)
RATE_SECONDS: Final = 20.0
BUSY_SENDERS: Final = 48
BUSY_SECONDS: Final = 15.0
WARM_UP_SECONDS: Final = 4.0
DRAIN_SECONDS: Final = 120.0
FULL: Final = 3.0
"""`BENCH=full` measures three times as long."""


@dataclass(frozen=True)
class Measured:
    """One load: when each report's request began and when the carrier had its first SMS, in UNIX seconds."""

    began: dict[str, float]
    arrived: dict[str, float]
    duplicates: int
    failed: int
    cpu_seconds: dict[str, float]
    """What the parts of the installation used, from the first request to the last first SMS."""

    @property
    def latencies_ms(self) -> list[float]:
        """Return the milliseconds from first byte to first SMS of every report that has one."""
        return sorted((self.arrived[code] - at) * 1000 for code, at in self.began.items() if code in self.arrived)

    @property
    def lost(self) -> int:
        """Count reports without an SMS."""
        return len(self.began) - len(self.latencies_ms)

    @property
    def per_second(self) -> float:
        """Return reports a second, from the first request to the last first SMS."""
        return len(self.latencies_ms) / (max(self.arrived.values()) - min(self.began.values()))


def run_bench() -> int:
    """Measure and print; return 1 when a report was lost or sent twice, or a draft was not saved."""
    factor = FULL if os.environ.get("BENCH") == "full" else 1.0
    print(json.dumps(pure_rules()), flush=True)
    good = _measure("postgres", None, factor)
    if (reason := why_not()) is not None:
        print(f"not measured over Kafka: {reason}", file=sys.stderr)
        return 0 if good else 1
    with tempfile.TemporaryDirectory(prefix="hlkafka", ignore_cleanup_errors=True) as directory:
        broker = LocalKafka(Path(directory))
        broker.start()
        try:
            topics.apply(broker.servers)
            good = _measure("kafka", broker.servers, factor) and good
        finally:
            broker.stop()
    return 0 if good else 1


def _measure(transport: str, kafka: str | None, factor: float) -> bool:
    directory = Path(tempfile.mkdtemp(prefix="hlbench"))
    passwords = make_passwords(directory / "data" / ACCOUNTS_FILE)
    stage = Stage(directory, kafka=kafka, callbacks=False)
    good = True
    try:
        stage.start()
        asyncio.run(_one_sms_a_report(directory))
        _load(stage, "rate", 20, WARM_UP_SECONDS)
        for rate in RATES:
            found = _load(stage, "rate", rate, RATE_SECONDS * factor)
            good = _print(stage, transport, _latency(rate, found)) and good
        found = _load(stage, "busy", BUSY_SENDERS, BUSY_SECONDS * factor)
        good = (
            _print(
                stage, transport, {"bench": "throughput", "reports_per_s": round(found.per_second, 1), **_losses(found)}
            )
            and good
        )
        alerts = len({_code(message) for message in stage.sms()})
        _print(stage, transport, queue_page(stage, passwords[SUPERVISOR], alerts))
        for figures in form_pages(stage, passwords[SUPERVISOR]):
            _print(stage, transport, figures)
        if kafka is None:  # no event comes of a draft
            good = _print(stage, transport, drafts(stage, factor)) and good
        good = _print(stage, transport, recovery(stage)) and good
        good = _print(stage, transport, escalation_lateness(directory / "data")) and good
        if factor > 1:
            _print(stage, transport, sweep_query(directory / "data"))
    finally:
        stage.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return good


def _latency(rate: int, found: Measured) -> dict[str, Any]:
    latencies = found.latencies_ms
    return {
        "bench": "page_latency",
        "rate_per_s": rate,
        "n": len(found.began),
        "p50_ms": round(statistics.median(latencies), 1),
        "p99_ms": round(statistics.quantiles(latencies, n=100)[98], 1),
        **_losses(found),
    }


def _losses(found: Measured) -> dict[str, Any]:
    per_report = {part: round(seconds * 1000 / len(found.began), 1) for part, seconds in found.cpu_seconds.items()}
    return {"lost": found.lost + found.failed, "duplicates": found.duplicates, "cpu_ms_per_report": per_report}


def _cpu(stage: Stage) -> dict[str, float]:
    """Return the seconds of CPU that the product, the carrier, PostgreSQL and a local broker have used so far."""
    used = dict.fromkeys(("product", "carrier", "postgres", "kafka"), 0.0)
    products = {product.pid for product in stage.products}
    for process in psutil.process_iter(["name", "cmdline", "cpu_times"]):
        name, line, times = process.info["name"], process.info["cmdline"] or [], process.info["cpu_times"]
        part = (
            "product"
            if process.pid in products
            else "carrier"
            if "deploy.demo.carrier" in line
            else "postgres"
            if name.startswith("postgres")
            else "kafka"
            if "kafka.Kafka" in line
            else None
        )
        if part and times:
            used[part] += times.user + times.system
    return {part: seconds for part, seconds in used.items() if seconds}


def _print(stage: Stage, transport: str, figures: dict[str, Any]) -> bool:
    rss = sum(psutil.Process(product.pid).memory_info().rss for product in stage.products)
    shape = {"transport": transport, "cores": os.cpu_count(), "rss_mb": round(rss / 1e6)}
    print(json.dumps({**figures, **shape}), flush=True)
    return not any(figures.get(loss) for loss in ("lost", "duplicates", "errors"))


def _load(stage: Stage, kind: str, amount: float, seconds: float) -> Measured:
    """Run one load in a process of its own and wait until every report has its SMS."""
    start, used = len(stage.sms()), _cpu(stage)
    command = [sys.executable, "-m", "deploy.bench.load", stage.intake_url, stage.key, kind, str(amount), str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout)
    wait_for(lambda: _first_sms(stage, start).keys() >= said["sent"].keys(), DRAIN_SECONDS)
    spent = {part: seconds - used.get(part, 0.0) for part, seconds in _cpu(stage).items()}
    time.sleep(1)  # a duplicate would come a moment later
    codes = _codes(stage, start)
    return Measured(said["sent"], _first_sms(stage, start), len(codes) - len(set(codes)), said["failed"], spent)


def _codes(stage: Stage, start: int) -> list[str]:
    return [_code(message) for message in stage.sms()[start:]]


def _first_sms(stage: Stage, start: int) -> dict[str, float]:
    first: dict[str, float] = {}
    for message in stage.sms()[start:]:
        first.setdefault(_code(message), message["arrived"])
    return first


def _code(message: dict[str, Any]) -> str:
    return str(message["body"]).partition(", ma ")[2][:6]


async def _one_sms_a_report(directory: Path) -> None:
    """Take support teams off duty, so that every report pages one person and sends one SMS."""
    server = await asyncio.to_thread(EmbeddedPostgres, directory / "data")
    database = Database(server.url, pool_size=1)
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM notify.duty WHERE team_code NOT LIKE 'social-%'"))
    await database.close()
    await asyncio.to_thread(server.stop)
