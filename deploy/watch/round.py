"""One round of the watch: a test report, its SMS, its acknowledgement, its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID, uuid4

import httpx

from shared.places import TEST_UNIT

Found = TypeVar("Found")

PAUSE: Final = 1.0
"""Seconds between two looks."""
REQUEST_LIMIT: Final = 15.0
NARRATIVE: Final = (
    "TIN THỬ của hệ thống giám sát, không có vụ việc. TEST of the monitoring system, nobody is in danger."
)


class Stage(StrEnum):
    """What a round came to; the value is what the alarm says failed."""

    REPORT = "report not taken"
    SMS = "no SMS"
    ANSWER = "reply not taken"
    ACKNOWLEDGED = "not acknowledged"
    CLOSED = "not closed"


class RoundFailedError(Exception):
    """A round that did not end well in time: at which stage, and how (no personal data: a test has none)."""

    def __init__(self, stage: Stage, detail: str, case_code: str | None = None) -> None:
        super().__init__(f"{stage.value}: {detail}")
        self.stage = stage
        self.case_code = case_code


class Inbox(Protocol):
    """Where the SMS of the test has to appear."""

    def has(self, case_code: str) -> bool:
        """Tell whether a message that names the case has arrived, or left for the test's phone."""
        ...


class Answers(Protocol):
    """How the test's phone acknowledges."""

    def acknowledge(self, case_code: str) -> None:
        """Send the answer once."""
        ...


def http_client(url: str, key: str) -> httpx.Client:
    """Return a client of the installation at an address; `key` may write reports and read and write alerts."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=REQUEST_LIMIT)


@dataclass(frozen=True)
class Product:
    """The watched installation over its HTTP API. Raises `httpx.HTTPError` when it does not answer as it should."""

    client: httpx.Client

    def report(self) -> str:
        """Raise a test report for the test unit, judged Gấp, and return its case code."""
        mark = uuid4().hex
        body = {
            "channel": "partner",
            "external_id": f"watch-{mark}",
            "narrative": NARRATIVE,
            "subject": {"kind": "child", "age_min": 10, "age_max": 10, "age_basis": "stated"},
            "facts": {"unmet_basic_needs": "yes", "danger_now": "no", "with_safe_adult": "yes"},
            "place": {"incident": {"unit_code": TEST_UNIT.code}},
        }
        answer = self.client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": mark})
        return str(answer.raise_for_status().json()["case_code"])

    def alert(self, case_code: str) -> dict[str, Any] | None:
        """Return the alert, null until it is open."""
        answer = self.client.get(f"/api/v1/alerts/{case_code}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def act(self, case_code: str, verb: str, person: UUID) -> None:
        """Acknowledge or close in the test person's name."""
        body = {"person": str(person), "note": "watch"}
        self.client.post(f"/api/v1/alerts/{case_code}/{verb}", json=body).raise_for_status()


@dataclass(frozen=True)
class Watch:
    """Whom and what a round needs; `limit` in seconds, from the report to its acknowledgement."""

    product: Product
    inbox: Inbox
    answers: Answers
    person: UUID
    limit: float
    pause: Callable[[float], None] = time.sleep

    def round(self) -> float:
        """Run one round; return the seconds it took until a human's answer counted, or raise `RoundFailedError`.

        A test that fails is closed all the same, as far as the product can be reached, so that it pages nobody else.
        """
        began = time.monotonic()
        code = self._attempt(Stage.REPORT, None, self.product.report)
        try:
            self._await(Stage.SMS, code, began, lambda: self.inbox.has(code))
            self._attempt(Stage.ANSWER, code, lambda: self.answers.acknowledge(code))
            self._await(Stage.ACKNOWLEDGED, code, began, lambda: self._acknowledged(code))
        except RoundFailedError:
            self._close_quietly(code)
            raise
        took = time.monotonic() - began
        self._attempt(Stage.CLOSED, code, lambda: self.product.act(code, "close", self.person))
        return took

    def _acknowledged(self, code: str) -> bool:
        alert = self.product.alert(code)
        return alert is not None and alert["state"] == "acknowledged"

    def _await(self, stage: Stage, code: str, began: float, seen: Callable[[], bool]) -> None:
        """Look until it is seen or the time is over; a look that fails is a look."""
        trouble = "the time is over"
        while time.monotonic() - began < self.limit:
            try:
                if seen():
                    return
            except Exception as error:  # noqa: BLE001 - whatever fails, the watch goes on to its alarm
                trouble = type(error).__name__
            self.pause(PAUSE)
        raise RoundFailedError(stage, trouble, code)

    @staticmethod
    def _attempt(stage: Stage, code: str | None, act: Callable[[], Found]) -> Found:
        try:
            return act()
        except httpx.HTTPStatusError as error:
            raise RoundFailedError(stage, f"HTTP {error.response.status_code}", code) from error
        except Exception as error:
            raise RoundFailedError(stage, type(error).__name__, code) from error

    def _close_quietly(self, code: str) -> None:
        try:
            self.product.act(code, "close", self.person)
        except httpx.HTTPError:
            return
