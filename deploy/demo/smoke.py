"""The main job, unattended: reports in, right levels out, people paged, some answer, for others it escalates."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from deploy.demo.organisation import PEOPLE
from deploy.demo.processes import Stage, wait_for
from deploy.demo.rotations import SECONDS

CLOCK_SPEED = 120.0
"""Ten minutes pass in five seconds."""
UNANSWERED = frozenset({"T02", "T08", "T09"})
"""Reports that nobody answers: IMMEDIATE ones, so that their second step comes after ten minutes."""
REPORTS_FILE = Path(__file__).with_name("reports.json")
PAGED_SECONDS = 40.0
ESCALATED_SECONDS = 60.0
CREATED = (200, 201)


@dataclass
class Case:
    """A sample report on its way."""

    name: str
    document: Mapping[str, Any]
    level: str
    rules: list[str]
    report_id: str = ""
    case_code: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)
    found: dict[str, Any] = field(default_factory=dict)
    alert: dict[str, Any] = field(default_factory=dict)

    @property
    def as_expected(self) -> bool:
        """Whether level and rules came out right."""
        return self.found.get("level") == self.level and self.found_rules == self.rules

    @property
    def found_rules(self) -> list[str]:
        """The ids of the rules that fired."""
        return sorted(rule["id"] for rule in self.found.get("rules", ()))


@dataclass(frozen=True)
class Totals:
    """What a run counted."""

    reports: int
    assessed: int
    paged: int
    acknowledged: int
    escalated: int
    lost: int

    def line(self) -> str:
        """Return the line that ends a run."""
        return (
            f"heedline smoke: {self.reports} reports, {self.assessed} assessed as expected, {self.paged} paged, "
            f"{self.acknowledged} acknowledged, {self.escalated} escalated, {self.lost} lost"
        )


def sample_cases() -> list[Case]:
    """Read the samples."""
    samples = json.loads(REPORTS_FILE.read_text(encoding="utf-8"))
    return [
        Case(
            sample["id"],
            {name: value for name, value in sample.items() if name not in {"id", "expected"}},
            sample["expected"]["level"],
            sorted(sample["expected"]["rules"]),
        )
        for sample in samples
    ]


@dataclass
class SmokeRun:
    """One run on a stage that somebody started."""

    stage: Stage
    cases: list[Case] = field(default_factory=sample_cases)
    twice: list[str] = field(default_factory=list)

    def submit(self, case: Case) -> None:
        """Send a report until it is taken; the key makes repeats harmless."""

        def taken() -> bool:
            status, answer = self.stage.api("POST", "/api/v1/reports", case.document, **{"Idempotency-Key": case.key})
            if status not in CREATED:
                return False
            case.report_id, case.case_code = answer["report_id"], answer["case_code"]
            return True

        wait_for(taken, PAGED_SECONDS)

    def answer(self, case: Case) -> None:
        """Answer OK by SMS from the phone that was paged first, until the answer counts."""
        page = wait_for(lambda: self._first_page(case), PAGED_SECONDS)
        if page is None:
            return

        def acknowledged() -> bool:
            self.stage.reply(page["to"], f"OK {case.case_code}")
            return self._alert(case).get("state") == "acknowledged"

        wait_for(acknowledged, PAGED_SECONDS)

    def _first_page(self, case: Case) -> dict[str, Any] | None:
        wanted = f"OK {case.case_code}"
        return next((message for message in self.stage.sms() if wanted in message["body"]), None)

    def _alert(self, case: Case) -> dict[str, Any]:
        status, alert = self.stage.api("GET", f"/api/v1/alerts/{case.case_code}")
        return alert if status in CREATED else {}

    def play(self) -> None:
        """Submit everything and answer what is to be answered."""
        for case in self.cases:
            self.submit(case)
        for case in self.cases:
            if case.name not in UNANSWERED:
                self.answer(case)

    def settle(self) -> Totals:
        """Wait until everything has happened, and count."""
        for case in self.cases:
            if case.name in UNANSWERED:
                wait_for(lambda case=case: self._escalated(self._alert(case)), ESCALATED_SECONDS)  # type: ignore[misc]
        wait_for(lambda: self.stage.api("GET", "/api/v1/ledger")[1]["waiting"] == 0, PAGED_SECONDS)
        messages = self.stage.sms()
        for case in self.cases:
            case.found = self.stage.api("GET", f"/api/v1/reports/{case.report_id}")[1]
            case.alert = self._alert(case)
            self.twice += _paged_twice(case, messages)
        ledger = self.stage.api("GET", "/api/v1/ledger")[1]
        return Totals(
            reports=len(self.cases),
            assessed=sum(case.as_expected for case in self.cases),
            paged=sum(self._paged(case, messages) for case in self.cases),
            acknowledged=sum(case.alert.get("state") == "acknowledged" for case in self.cases),
            escalated=sum(case.name in UNANSWERED and self._escalated(case.alert) for case in self.cases),
            lost=sum(not self._paged(case, messages) for case in self.cases) + ledger["gap"],
        )

    @staticmethod
    def _paged(case: Case, messages: list[dict[str, Any]]) -> bool:
        return bool(case.alert.get("paged")) and any(case.case_code in message["body"] for message in messages)

    @staticmethod
    def _escalated(alert: Mapping[str, Any]) -> bool:
        """Tell whether a later step has paged somebody whom the first had not."""
        first = {page["person"] for page in alert.get("paged", ()) if page["step"] == 1}
        return any(page["step"] > 1 and page["person"] not in first for page in alert.get("paged", ()))

    def table(self) -> Table:
        """Return what came out, a row a report."""
        table = Table("report", "code", "level", "rules", "alert", "step", "people paged")
        for case in self.cases:
            mark = "" if case.as_expected else f" (expected {case.level} {' '.join(case.rules)})"
            table.add_row(
                case.name,
                case.case_code,
                str(case.found.get("level")) + mark,
                " ".join(case.found_rules),
                str(case.alert.get("state")),
                str(case.alert.get("step")),
                str(len(case.alert.get("paged", ()))),
            )
        return table


def _paged_twice(case: Case, messages: list[dict[str, Any]]) -> list[str]:
    """Return who got more pages than steps (or repeats of the last one) asked them for."""
    phones = {str(person.id): person.phone for person in (*PEOPLE, *SECONDS)}
    asked = Counter(phones[page["person"]] for page in case.alert.get("paged", ()))
    got = Counter(message["to"] for message in messages if f"OK {case.case_code} de nhan" in message["body"])
    return [
        f"{case.case_code}: {got[phone]} pages for {asked[phone]} steps" for phone in got if got[phone] > asked[phone]
    ]


def good(run: SmokeRun, totals: Totals) -> bool:
    """Tell whether a run went as it must."""
    answered = len(run.cases) - len(UNANSWERED)
    wanted = Totals(len(run.cases), len(run.cases), len(run.cases), answered, len(UNANSWERED), 0)
    return totals == wanted and not run.twice


def run_smoke(*, kafka: str | None, split: bool, console: Console) -> bool:
    """Run once on an empty database and print a table and the line; return whether all of it was right."""
    directory = Path(tempfile.mkdtemp(prefix="hlsmoke"))
    stage = Stage(directory, kafka=kafka, split=split, clock_speed=CLOCK_SPEED)
    run = SmokeRun(stage)
    try:
        stage.start()
        run.play()
        totals = run.settle()
        console.print(f"transport: {'Kafka' if kafka else 'PostgreSQL'}, processes: {len(stage.products)}")
        console.print(run.table())
        for problem in run.twice:
            console.print(problem)
    finally:
        statuses = stage.stop()
    passed = good(run, totals) and all(status == 0 for status in statuses)
    if passed:
        shutil.rmtree(directory, ignore_errors=True)
    else:
        console.print(f"exit statuses {statuses}; logs are kept in {directory}")
    console.print(totals.line(), soft_wrap=True)
    return passed
