"""`make demo`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from deploy.demo.accounts import ACCOUNTS, make_passwords
from deploy.demo.processes import NotStartedError, Stage
from deploy.demo.smoke import REPORTS_FILE
from deploy.sample import ACCOUNTS_FILE
from shared.places import bac_ninh
from shared.settings import Settings

PAUSE_SECONDS = 25.0
MOST_REPORTS = 60
"""After these the demonstration only waits: a queue that grows for ever is no longer a demonstration."""
WATCH_SECONDS = 1.0


def run_demo() -> int:
    """Run until a signal and return the exit status."""
    settings = Settings()
    directory = settings.data_dir / "demo"
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    passwords = make_passwords(directory / "data" / ACCOUNTS_FILE)
    stage = Stage(directory, port=settings.port, extra={"CLOCK_SPEED": "1"})
    try:
        stage.start()
        _welcome(stage, passwords)
        _feed_until(stopped, stage)
    except NotStartedError as error:
        print(error)
        return 1
    finally:
        statuses = stage.stop()
    return 0 if all(status == 0 for status in statuses) else 1


def _welcome(stage: Stage, passwords: dict[str, str]) -> None:
    base = stage.intake_url
    print(f"Heedline runs on {base}")
    print(f"  intake   {base}/console")
    print(f"  queue    {base}/queue")
    print(f"  phones   {base}/demo/phones")
    for account in ACCOUNTS:
        print(f"sign-in {account.role.value} {account.login} {passwords[account.login]}")
    print("Every person here is invented. Ctrl-C stops all of it.", flush=True)


def _feed_until(stopped: threading.Event, stage: Stage) -> None:
    """Send sample reports one after another, until the stop or the end of a process."""
    documents = itertools.islice(_documents(), MOST_REPORTS)
    waited = PAUSE_SECONDS
    while not stopped.wait(WATCH_SECONDS):
        for process in (stage.carrier, *stage.products):
            if not process.alive():
                raise NotStartedError(f"{process.name} has ended; see {process.log}")
        waited += WATCH_SECONDS
        if waited >= PAUSE_SECONDS and (document := next(documents, None)) is not None:
            waited = 0.0
            with contextlib.suppress(OSError):
                stage.api("POST", "/api/v1/reports", document, **{"Idempotency-Key": uuid4().hex})


def _documents() -> Iterator[dict[str, Any]]:
    """Return the samples in turn; after the first round they happen in other communes."""
    samples = json.loads(REPORTS_FILE.read_text(encoding="utf-8"))
    chance = random.Random(os.getpid())  # noqa: S311 - a demonstration
    units = bac_ninh()
    for turn in itertools.count():
        for sample in samples:
            document = {name: value for name, value in sample.items() if name not in {"id", "expected"}}
            if turn and document["place"]["incident"].get("unit_code"):
                unit = chance.choice(units)
                document = {**document, "place": {"incident": {"text": unit.name, "unit_code": unit.code}}}
            yield document
