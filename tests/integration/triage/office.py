"""People who work on cases of a world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.triage.handlers import answer_facts, hand_over, override_level, record_work
from services.triage.handlers.case_state import Office, Person
from services.triage.rules.casework import Degree, Milestone
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import Answer, Level
from shared.crypto import Keys
from tests.integration.triage.world import World
from tests.unit.triage.reports import WARD, a_report

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
REASON = "Đã gọi lại cho bà Nguyễn Thị Lan: trẻ an toàn."
SUPERVISOR = Person(UUID(int=51), "Vũ Minh Quân", frozenset(), supervisor=True)
OTHER_SUPERVISOR = Person(UUID(int=52), "Đỗ Thị Hà", frozenset(), supervisor=True)
WORKER = Person(UUID(int=53), "Ngô Thị Hạnh", frozenset({f"social-{WARD}"}), supervisor=False)
POLICE = Person(UUID(int=54), "Trần Văn Bình", frozenset({f"police-{WARD}"}), supervisor=False)
CLOSING = dict.fromkeys(("harm", "access", "obstacles", "self_protection"), Degree.LOW)


@dataclass
class CaseOffice:
    """Cases and who works on them."""

    world: World

    @property
    def office(self) -> Office:
        return Office(self.world.bus, self.world.clock)

    async def case(self, level: Level = Level.URGENT, **said: Any) -> ReportReceived:
        """Open a case at a level."""
        facts = {
            Level.IMMEDIATE: {"danger_now": "yes"},
            Level.URGENT: {"danger_now": "no", "runaway": "yes"},
            Level.PRIORITY: {"danger_now": "no"},
        }
        report = a_report(**{"facts": facts[level], **said})
        await self.world.assess(report)
        assert self.world.told[-1].level is level
        return report

    async def do(self, deed: Callable[..., Awaitable[Any]], *arguments: Any, **more: Any) -> Any:
        async with self.world.database.transaction() as connection:
            return await deed(connection, self.office, *arguments, **more)

    async def lower(self, report: ReportReceived, level: Level, who: Person = SUPERVISOR) -> bool:
        asked = override_level.Request(level, REASON)
        return bool(await self.do(override_level.ask, KEYS, report.case_code, who, asked))

    async def confirm(self, report: ReportReceived, who: Person) -> None:
        await self.do(override_level.confirm, report.case_code, who)

    async def refuse_lower(self, report: ReportReceived, who: Person) -> None:
        await self.do(override_level.refuse, report.case_code, who)

    async def offer(self, report: ReportReceived, to: str, who: Person = WORKER) -> None:
        await self.do(hand_over.offer, KEYS, report.case_code, who, to_team=to, reason=REASON)

    async def accept(self, report: ReportReceived, who: Person) -> None:
        await self.do(hand_over.accept, report.case_code, who)

    async def refuse(self, report: ReportReceived, who: Person) -> None:
        await self.do(hand_over.refuse, KEYS, report.case_code, who, reason=REASON)

    async def reach(self, report: ReportReceived, milestone: Milestone, at: Any, who: Person = WORKER) -> None:
        await self.do(record_work.reach, KEYS, report.case_code, who, record_work.Done(milestone, at, REASON))

    async def answer(self, report: ReportReceived, who: Person = WORKER, **answers: str) -> Level:
        given = {name: Answer(value) for name, value in answers.items()}
        return Level(await self.do(answer_facts.answer_facts, KEYS, report.case_code, who, given))

    async def note(self, report: ReportReceived, who: Person = WORKER) -> None:
        await self.do(record_work.write_note, KEYS, report.case_code, who, REASON)

    async def close(self, report: ReportReceived, who: Person = WORKER) -> None:
        closing = record_work.Closing(CLOSING, REASON)
        await self.do(record_work.close, KEYS, report.case_code, who, closing)
