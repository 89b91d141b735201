"""The product as a process with SMPP configured: it binds, pages by it, and stops cleanly with the line open."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.processes import STOP_SECONDS, Process, Stage, call, free_port, wait_for

SETTINGS = {"SMPP_HOST": "127.0.0.1", "SMPP_SYSTEM_ID": "heedline", "SMPP_PASSWORD": "secret", "SMPP_SENDER": "BVTE"}
REPORT: dict[str, Any] = {
    "channel": "hotline",
    "narrative": "x",
    "concerns": ["physical"],
    "facts": {"danger_now": "yes"},
    "place": {"incident": {"unit_code": 9190}},
}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[tuple[int, str]]:
    port, control = free_port(), free_port()
    command = [sys.executable, "-m", "tests.support.smsc", "--port", str(port), "--control", str(control)]
    process = Process("smsc", command, {}, tmp_path / "smsc.log", f"http://127.0.0.1:{control}/state")
    process.start()
    yield port, f"http://127.0.0.1:{control}"
    process.kill()


def test_pages_go_by_smpp_and_sigterm_ends_all_with_status_0(tmp_path: Path, centre: tuple[int, str]) -> None:
    port, control = centre
    extra = {**SETTINGS, "SMPP_PORT": str(port), "GATEWAY_ORDER": "smpp"}
    stage = Stage(tmp_path / "stage", extra=extra)
    try:
        stage.start()
        assert wait_for(lambda: call("GET", f"{control}/state")[1]["lines"] == 1 or None, 20)
        status, _ = stage.api("POST", "/api/v1/reports", REPORT, **{"Idempotency-Key": "smpp-stop-0001"})
        assert status == 201
        assert wait_for(lambda: call("GET", f"{control}/state")[1]["taken"] or None, 30)
        began = time.monotonic()
        statuses = stage.stop()
        assert (statuses, time.monotonic() - began < STOP_SECONDS) == ([0], True)
    finally:
        stage.stop()
    assert wait_for(lambda: call("GET", f"{control}/state")[1]["lines"] == 0 or None, 20), "it has unbound"


def test_sigterm_while_the_centre_is_away_ends_with_status_0(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage", extra={**SETTINGS, "SMPP_PORT": str(free_port())})
    try:
        stage.start()
        assert stage.stop() == [0]
    finally:
        stage.stop()
