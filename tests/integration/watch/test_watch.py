"""The watch against a real installation: it passes while people are paged, and tells within its limit when they are not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.processes import ACCOUNT_SID, AUTH_TOKEN, Stage
from deploy.watch.alarm import Alarm
from deploy.watch.round import RoundFailedError, Watch
from deploy.watch.round import Stage as WatchStage
from deploy.watch.run import opened, run_once
from deploy.watch.settings import WatchSettings
from shared.places import TEST_UNIT, bac_ninh, search

PHONE = "+84912345678"


class Ears:
    """A monitor elsewhere: keeps what was posted to it, and how often it was pinged."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.pings = 0
        ears = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ears.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._done()

            def do_GET(self) -> None:
                ears.pings += 1
                self._done()

            def _done(self) -> None:
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@dataclass(frozen=True)
class ByPhone:
    """Answers from the test's phone, as its owner would."""

    stage: Stage

    def acknowledge(self, case_code: str) -> None:
        status, _ = self.stage.reply(PHONE, f"ok {case_code}")
        assert status < 300


@dataclass(frozen=True)
class Silent:
    def acknowledge(self, case_code: str) -> None:
        assert case_code


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="hlwatch"))
    stage = Stage(directory)
    try:
        stage.start()
        heedline = str(Path(sys.executable).with_name("heedline"))
        told = subprocess.run(
            [heedline, "watch", "prepare", "--phone", "0912 345 678"],
            env={**os.environ, **dict(stage.products[0].environment)},
            check=True,
            capture_output=True,
            text=True,
        )
        assert PHONE in told.stdout
        yield stage
    finally:
        stage.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def ears() -> Iterator[Ears]:
    made = Ears()
    yield made
    made.server.shutdown()
    made.server.server_close()


def settings(stage: Stage, ears: Ears, **changes: Any) -> WatchSettings:
    values = {
        "url": stage.intake_url,
        "key": stage.key,
        "phone": PHONE,
        "limit_seconds": 60.0,
        "inbox_account_sid": ACCOUNT_SID,
        "inbox_auth_token": AUTH_TOKEN,
        "inbox_api_base": stage.carrier_url,
        "alarm_url": ears.url,
        "ping_url": ears.url,
    }
    return WatchSettings(**{**values, **changes})


@contextmanager
def parts(chosen: WatchSettings, stage: Stage) -> Iterator[tuple[Watch, Alarm]]:
    with opened(chosen) as (watch, alarm):
        yield replace(watch, answers=ByPhone(stage)), alarm


@pytest.mark.xdist_group("watch")
def test_a_round_pages_the_tests_phone_only_is_answered_and_closed(stage: Stage, ears: Ears) -> None:
    chosen = settings(stage, ears)
    before = len(stage.sms())
    with parts(chosen, stage) as (watch, alarm):
        assert run_once(chosen, watch, alarm)
    assert {message["to"] for message in stage.sms()[before:]} == {PHONE}
    _, waiting = stage.api("GET", "/api/v1/alerts?state=closed")
    assert [alert["unit_code"] for alert in waiting["items"]].count(TEST_UNIT.code) == 1
    assert (ears.pings, ears.posted) == (1, [])


@pytest.mark.xdist_group("watch")
def test_no_answer_within_the_limit_is_an_alarm_and_the_test_is_closed(stage: Stage, ears: Ears) -> None:
    chosen = settings(stage, ears, limit_seconds=4.0)
    with opened(chosen) as (watch, alarm):
        with pytest.raises(RoundFailedError) as failed:
            replace(watch, answers=Silent()).round()
        assert failed.value.stage is WatchStage.ACKNOWLEDGED
        assert not run_once(chosen, replace(watch, answers=Silent()), alarm)
    assert [notice["failing"] for notice in ears.posted] == [True]
    assert ears.pings == 0
    _, alerts = stage.api("GET", "/api/v1/alerts?state=open")
    assert TEST_UNIT.code not in [alert["unit_code"] for alert in alerts["items"]]


@pytest.mark.xdist_group("watch")
def test_no_sms_at_the_carrier_is_an_alarm_though_the_product_says_it_sent_one(stage: Stage, ears: Ears) -> None:
    chosen = settings(stage, ears, phone="+84987654321", limit_seconds=4.0)
    with parts(chosen, stage) as (watch, alarm):
        assert not run_once(chosen, watch, alarm)
    assert "SMS" in ears.posted[0]["text"]


@pytest.mark.xdist_group("watch")
def test_the_product_being_off_is_told_from_outside_and_so_is_its_return(stage: Stage, ears: Ears) -> None:
    chosen = settings(stage, ears)
    with parts(chosen, stage) as (watch, alarm):
        stage.kill_products()
        try:
            assert not run_once(chosen, watch, alarm)
        finally:
            stage.start_products()
        assert [notice["failing"] for notice in ears.posted] == [True]
        assert run_once(chosen, watch, alarm)
    assert [notice["failing"] for notice in ears.posted] == [True, False]
    assert ears.pings == 1


def test_nobody_is_offered_the_test_unit() -> None:
    assert TEST_UNIT not in bac_ninh()
    assert TEST_UNIT not in search("thử", 50)
