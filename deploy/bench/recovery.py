"""What kill -9 in the middle of a load costs: how long after the start until every report that was taken has its SMS."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any, Final

from deploy.demo.processes import Stage, wait_for

RATE: Final = 60
SECONDS: Final = 6.0
KILLED_AFTER: Final = 4.0
CLEARED_WITHIN: Final = 120.0
PAGE: Final = "BVTE: MUC "
SETTLED: Final = 20.0
"""Seconds to wait for a duplicate: a message that was being sent is looked up when its claim has run out."""


def recovery(stage: Stage) -> dict[str, Any]:
    """Send, kill, start again; `overdue` are the reports that were taken and had no SMS at the kill."""
    before = len(stage.sms())
    command = [sys.executable, "-m", "deploy.bench.load", stage.intake_url, stage.key, "rate", str(RATE), str(SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
        time.sleep(KILLED_AFTER)
        stage.kill_products()
        said, _ = load.communicate()
    taken = json.loads(said)["sent"].keys()
    overdue = len(taken - _paged(stage, before))
    stage.start_products()
    ready = time.monotonic()
    wait_for(lambda: _paged(stage, before) >= taken, CLEARED_WITHIN)
    cleared = time.monotonic() - ready
    time.sleep(SETTLED)
    codes = _codes(stage, before)
    return {
        "bench": "recovery",
        "overdue": overdue,
        "seconds_to_clear": round(cleared, 1),
        "lost": len(taken - set(codes)),
        "duplicates": len(codes) - len(set(codes)),
    }


def _paged(stage: Stage, before: int) -> set[str]:
    return set(_codes(stage, before))


def _codes(stage: Stage, before: int) -> list[str]:
    """Return the case code of every page since; a start puts support teams on duty again, whose notices do not count."""
    return [_code(message) for message in stage.sms()[before:] if str(message["body"]).startswith(PAGE)]


def _code(message: dict[str, Any]) -> str:
    return str(message["body"]).partition(", ma ")[2][:6]
