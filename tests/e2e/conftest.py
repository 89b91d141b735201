"""The product, a carrier and a browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.demo.accounts import make_passwords
from deploy.demo.processes import Stage
from deploy.demo.smoke import CLOCK_SPEED
from deploy.sample import ACCOUNTS_FILE

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def chromium() -> str | None:
    names = (os.environ.get("HEEDLINE_CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium found: install Debian's package chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def _stage(clock_speed: float) -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="hle2e"))
    make_passwords(directory / "data" / ACCOUNTS_FILE)
    stage = Stage(directory, clock_speed=clock_speed)
    try:
        stage.start()
        yield stage
    finally:
        stage.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    yield from _stage(1.0)


@pytest.fixture(scope="module")
def fast_stage() -> Iterator[Stage]:
    yield from _stage(CLOCK_SPEED)
