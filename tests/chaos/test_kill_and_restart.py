"""Kill -9 of the product at any moment: nothing lost, nobody paged twice for the same step."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.processes import Stage
from deploy.demo.smoke import CLOCK_SPEED, SmokeRun, good, sample_cases

KILLS = 20
LONGEST_LIFE = 1.5
"""Seconds of a life that ends with -9: most of the run's steps fall into the first second."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    directory = Path(tempfile.mkdtemp(prefix="hlchaos"))
    stage = Stage(directory, clock_speed=CLOCK_SPEED)
    try:
        yield stage
    finally:
        stage.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.xdist_group("chaos")
def test_twenty_kills_at_random_moments_lose_nothing_and_page_nobody_twice(stage: Stage) -> None:
    chance = random.Random(20)  # noqa: S311 - moments of a test
    run = SmokeRun(stage, cases=sample_cases())
    stage.start()
    playing = threading.Thread(target=run.play)
    playing.start()
    kills = 0
    while kills < KILLS:
        playing.join(chance.uniform(0.0, LONGEST_LIFE))
        stage.kill_products()
        kills += 1
        stage.start_products()
    playing.join()
    totals = run.settle()
    assert run.twice == []
    assert good(run, totals), totals.line()
