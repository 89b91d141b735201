"""`heedline import` waits for as long as an answer over the limit says, then goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from deploy.import_reports import send_file, show_tally
from deploy.partners.sending import LONGEST_WAIT, PAUSES, Intake
from tests.integration.partners.site import KEY
from tests.integration.partners.test_import import STORY, write

Answer = tuple[int, dict[str, str]]
CREATED: Answer = (201, {})


def over(seconds: str) -> Answer:
    return (429, {"Retry-After": seconds})


class Scripted:
    """An intake that answers as it is told, and a clock's worth of sleeps that nobody sleeps."""

    def __init__(self, *answers: Answer) -> None:
        self._answers: Iterator[Answer] = iter(answers)
        self.keys: list[str] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers["Idempotency-Key"])
        status, headers = next(self._answers)
        return httpx.Response(status, headers=headers, json={})

    def intake(self) -> Intake:
        return Intake("https://intake.test", KEY, "vi", transport=httpx.MockTransport(self), sleep=self.slept.append)


@pytest.fixture
def send(tmp_path: Path) -> Callable[[Scripted, int], int]:
    """Import a file of so many reports; return the exit code."""

    def sent(site: Scripted, count: int) -> int:
        rows: Sequence[Sequence[str]] = [[f"A-{number}", STORY, "", "", "", "", ""] for number in range(count)]
        path = write(tmp_path / "reports.csv", rows)
        console = Console(quiet=True)
        with site.intake() as intake:
            tally = send_file(console, path, intake, "vi")
        show_tally(console, path, tally)
        return tally.exit_code

    return sent


def test_it_waits_as_long_as_the_answer_says_and_sends_the_same_again(send: Callable[[Scripted, int], int]) -> None:
    site = Scripted(CREATED, over("17"), CREATED, CREATED)
    assert send(site, 3) == 0
    assert site.slept == [17.0]
    assert site.keys[1] == site.keys[2]
    assert len(set(site.keys)) == 3


@pytest.mark.parametrize("said", ["", "soon", "-3", str(int(LONGEST_WAIT) + 1)])
def test_without_a_usable_time_it_waits_its_own(send: Callable[[Scripted, int], int], said: str) -> None:
    site = Scripted(over(said), CREATED)
    assert send(site, 1) == 0
    assert site.slept == [PAUSES[0]]


def test_a_limit_of_the_day_ends_the_run_and_asks_to_run_again(send: Callable[[Scripted, int], int]) -> None:
    site = Scripted(*[over("50000")] * (len(PAUSES) + 1))
    assert send(site, 2) == 3
    assert site.slept == list(PAUSES)
    assert len(set(site.keys)) == 1
