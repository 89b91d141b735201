"""Notify on a real database with a carrier in memory: assess, let time pass, reply, and see whom it pages.

Work is done from the real queue table, so only what was committed is done. Every SMS has to be expected:
`expect` names exactly who gets one now.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, text

from services.notify import views
from services.notify.gateways.pool import Pool
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import Acknowledged, acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.handlers.escalate_due import escalate_due
from services.notify.handlers.load_organisation import PersonEntry, TeamEntry, load_organisation
from services.notify.handlers.open_alert import open_alert
from services.notify.handlers.record_delivery import record_delivery
from services.notify.handlers.record_reply import Incoming, record_reply
from services.notify.handlers.remind_overdue import remind_overdue
from services.notify.handlers.send_message import SendingElsewhereError, send_message
from services.notify.models import ACCOUNTS, CONTACTS, alerts, duty, messages, people
from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import Position
from shared.clock import MovedClock
from shared.contracts.events import AlertChanged, CaseAssessed, Clocks, Route
from shared.contracts.teams import Function, commune_team, province_team
from shared.contracts.vocabulary import Channel, Level, ServiceName, Where
from shared.database import Database
from shared.events import EventBus
from shared.events.tables import QUEUE
from tests.integration.notify.carrier import Carrier, Sms

NOON = datetime(2026, 11, 28, 7, 10, tzinfo=UTC)
"""14:10 in Việt Nam."""
FAILING: Mapping[str, Any] = {"failing_since": NOON, "failing_code": 21614}
"""A contact that fails for ever: no mobile number."""
UNIT = 9190
DUTY_NUMBER = "02223800000"

_ACKNOWLEDGE = {
    Level.IMMEDIATE: timedelta(minutes=10),
    Level.URGENT: timedelta(minutes=60),
    Level.PRIORITY: timedelta(hours=4),
    Level.ROUTINE: timedelta(hours=26, minutes=50),
}
_CONTACT = {
    Level.IMMEDIATE: timedelta(minutes=30),
    Level.URGENT: timedelta(hours=4),
    Level.PRIORITY: timedelta(hours=24),
    Level.ROUTINE: timedelta(hours=74),
}

TEAMS = {
    "worker": (commune_team(Function.SOCIAL, UNIT), Position.WORKER),
    "head": (commune_team(Function.SOCIAL, UNIT), Position.HEAD),
    "police": (commune_team(Function.POLICE, UNIT), Position.WORKER),
    "chair": (commune_team(Function.LEADERS, UNIT), Position.HEAD),
    "health": (commune_team(Function.HEALTH, UNIT), Position.WORKER),
    "school": (commune_team(Function.EDUCATION, UNIT), Position.WORKER),
    "province": (province_team(Function.DUTY), Position.WORKER),
    "province_head": (province_team(Function.DUTY), Position.HEAD),
    "province_police": (province_team(Function.POLICE), Position.WORKER),
    "committee": (province_team(Function.COMMITTEE), Position.HEAD),
}
"""Who is who: one person a seat."""

_entries = {
    name: PersonEntry(
        key=name, name=f"Nguyễn Thị {name}", phone=f"+8499010{number:04}", team_code=team, position=position
    )
    for number, (name, (team, position)) in enumerate(TEAMS.items())
}
PHONE = {name: entry.phone for name, entry in _entries.items()}
ID = {name: entry.id for name, entry in _entries.items()}
_NAME_OF = {phone: name for name, phone in PHONE.items()}

_codes = itertools.count(1)


def organisation() -> tuple[list[TeamEntry], list[PersonEntry]]:
    codes = dict.fromkeys(team for team, _ in TEAMS.values())
    return [TeamEntry(code, code, code, None, DUTY_NUMBER) for code in codes], list(_entries.values())


def assessed(level: Level = Level.URGENT, **changes: Any) -> CaseAssessed:
    """Return an assessment with a case code of its own; `changes` are fields, or `lead`, `support`, … of the route."""
    number = next(_codes)
    received_at = changes.pop("received_at", NOON)
    where = changes.pop("where", Where.COMMUNE)
    route = Route(
        lead=changes.pop("lead", commune_team(Function.SOCIAL, UNIT)),
        support=changes.pop("support", ()),
        where=where,
        unit_code=changes.pop("unit_code", UNIT),
        told_at_once=changes.pop("told_at_once", ()),
        text_vi="vi",
        text_en="en",
    )
    values: dict[str, Any] = {
        "occurred_at": received_at,
        "correlation_id": f"walk-{number}",
        "report_id": uuid4(),
        "case_code": f"K{number // 1000 % 10}Q{number % 1000:03}",
        "sequence": 1,
        "revision": 1,
        "channel": Channel.HOTLINE,
        "received_at": received_at,
        "level": level,
        "rules": (),
        "table_version": "2026.1",
        "clocks": Clocks(
            acknowledge_by=received_at + _ACKNOWLEDGE[level],
            contact_by=received_at + _CONTACT[level],
            legal_by=received_at + timedelta(hours=12) if level >= Level.URGENT else None,
        ),
        "route": route,
    }
    return CaseAssessed(**{**values, **changes})


def revised(event: CaseAssessed, level: Level | None = None, **changes: Any) -> CaseAssessed:
    """Return the next revision of a case."""
    new = assessed(level or event.level, received_at=event.received_at, **changes)
    same = {name: getattr(event, name) for name in ("report_id", "case_code", "correlation_id")}
    return new.model_copy(update={**same, "sequence": event.sequence + 1, "revision": event.revision + 1})


class World:
    """The service without its processes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovedClock(NOON)
        self.bus = EventBus(database)
        self.carrier = Carrier()
        self.pool = Pool([self.carrier])
        self.desk = Desk(self.bus, self.clock, None, True, "+15005550006")
        self._sids = itertools.count(1)

    async def load(self) -> None:
        async with self.database.transaction() as connection:
            await load_organisation(connection, *organisation(), now=NOON - timedelta(days=1))

    async def hear(self, event: CaseAssessed) -> None:
        """Handle an assessment, without sending anything yet."""
        async with self.database.transaction() as connection:
            await open_alert(connection, self.desk, event)

    async def open(self, level: Level = Level.URGENT, **changes: Any) -> CaseAssessed:
        """Open an alert and send what it asks for."""
        event = assessed(level, **changes)
        await self.hear(event)
        await self.work()
        return event

    async def hear_urgent(self) -> CaseAssessed:
        """Open an alert with one page, which is not sent yet."""
        event = assessed(Level.URGENT)
        await self.hear(event)
        return event

    @staticmethod
    def graver(event: CaseAssessed) -> CaseAssessed:
        return revised(event, Level.URGENT)

    async def work(self) -> None:
        """Do all queued work once, due or not; what it queues for later stays."""
        for body in await self.take_work():
            await self.send(UUID(body["message_id"]))

    async def take_work(self) -> list[dict[str, Any]]:
        async with self.database.transaction() as connection:
            rows = await connection.execute(
                delete(QUEUE).where(QUEUE.c.queue == "notify.tasks").returning(QUEUE.c.id, QUEUE.c.payload)
            )
            return [json.loads(row.payload) for row in sorted(rows, key=lambda row: row.id)]

    async def send(self, message_id: UUID) -> None:
        body = {"message_id": str(message_id)}
        try:
            await send_message(self.database, self.desk, self.pool, body)
        except SendingElsewhereError:
            async with self.database.transaction() as connection:
                await self.bus.enqueue(connection, ServiceName.NOTIFY, SEND_TASK, body)

    async def claims_run_out(self) -> None:
        """Let the claims of dead workers end."""
        async with self.database.transaction() as connection:
            await connection.execute(text("UPDATE notify.messages SET claimed_at = claimed_at - interval '1 minute'"))

    async def pass_time(self, **span: float) -> None:
        """Move the clock, sweep, and send."""
        self.clock.advance(timedelta(**span))
        await escalate_due(self.database, self.desk)
        await remind_overdue(self.database, self.desk)
        await self.work()

    async def reply(self, who: str, body: str, *, sid: str | None = None) -> str | None:
        """Let somebody (a name, or a number) answer by SMS; return what they are answered."""
        phone = PHONE.get(who, who)
        answer = await record_reply(
            self.database, self.desk, Incoming("twilio", sid or f"SM{next(self._sids)}", phone, body)
        )
        await self.work()
        return answer

    async def report(self, sms: Sms, status: str, error_code: int | None = None) -> None:
        """Let the carrier report what became of a message."""
        await record_delivery(
            self.database, self.desk, message_id=sms.message_id, sid=sms.sid, reported=status, error_code=error_code
        )
        await self.work()

    async def acknowledge(self, code: str, who: str) -> Acknowledged:
        async with self.database.transaction() as connection:
            return await acknowledge(connection, self.desk, Act(code, ID[who], "page"))

    async def close(self, code: str, who: str) -> None:
        async with self.database.transaction() as connection:
            await change_alert.close(connection, self.desk, Act(code, ID[who], "page"))
        await self.work()

    async def record_contact(self, code: str, who: str) -> None:
        async with self.database.transaction() as connection:
            await change_alert.record_contact(connection, self.desk, Act(code, ID[who], "page"))

    async def silence_alarm(self, code: str, who: str) -> None:
        async with self.database.transaction() as connection:
            await change_alert.silence_alarm(connection, self.desk, Act(code, ID[who], "page"))

    async def alarm(self, code: str) -> bool:
        """Tell whether the alarm sounds."""
        async with self.database.reading() as connection:
            sounds = alerts.c.alarm_at.is_not(None) & alerts.c.alarm_silenced_by.is_(None)
            return bool(await connection.scalar(select(sounds).where(alerts.c.case_code == code)))

    def expect(self, *who: str, says: str = "Nhan viec truoc") -> list[Sms]:
        """Fail unless exactly these people got one SMS each since the last look, and it says so."""
        fresh = self.carrier.new()
        assert sorted(_NAME_OF.get(sms.to, sms.to) for sms in fresh) == sorted(who), [
            (_NAME_OF.get(sms.to), sms.body) for sms in fresh
        ]
        assert all(says in sms.body for sms in fresh), [sms.body for sms in fresh]
        return fresh

    def expect_texts(self, **texts: str) -> None:
        """Fail unless exactly these people got one SMS each, each saying its own."""
        fresh = {_NAME_OF.get(sms.to, sms.to): sms.body for sms in self.carrier.new()}
        assert fresh.keys() == texts.keys(), fresh
        assert all(words in fresh[name] for name, words in texts.items()), fresh

    @staticmethod
    def name(phone: str) -> str:
        """Return whose number it is."""
        return _NAME_OF[phone]

    def silence(self) -> None:
        """Fail if anybody got an SMS since the last look."""
        self.expect()

    async def alert(self, code: str) -> dict[str, Any]:
        async with self.database.reading() as connection:
            return await views.alert_document(connection, code)

    async def story(self, code: str) -> list[str]:
        """Return what happened, in order."""
        return [entry["what"] for entry in (await self.alert(code))["timeline"]]

    async def told(self, *, to: str = "triage") -> list[AlertChanged]:
        """Return what other services were told, in order."""
        async with self.database.reading() as connection:
            rows = await connection.execute(select(QUEUE.c.payload).where(QUEUE.c.queue == to).order_by(QUEUE.c.id))
            return [AlertChanged.model_validate_json(row.payload) for row in rows]

    async def message_states(self, kind: str = "page") -> Sequence[str]:
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(messages.c.state)
                .where(messages.c.kind == kind)
                .order_by(messages.c.created_at, messages.c.phone)
            )
            return rows.scalars().all()

    async def change_people(self, who: Iterable[str], **values: Any) -> None:
        async with self.database.transaction() as connection:
            ids = [ID[name] for name in who]
            await connection.execute(people.update().where(people.c.id.in_(ids)).values(**values))

    async def add_contact(self, who: str, channel: ContactChannel, address: str, rank: int = 2) -> None:
        """Give somebody another verified contact."""
        row = {"person_id": ID[who], "channel": channel.value, "address": address, "rank": rank}
        async with self.database.transaction() as connection:
            moments = {"verified_at": NOON, "created_at": NOON}
            await connection.execute(insert(CONTACTS.contacts).values(**row, **moments))

    async def change_contacts(self, who: Iterable[str], **values: Any) -> None:
        """Change what is known of the contacts of people."""
        contacts = CONTACTS.contacts
        async with self.database.transaction() as connection:
            ids = [ID[name] for name in who]
            await connection.execute(contacts.update().where(contacts.c.person_id.in_(ids)).values(**values))

    async def serve(self, who: str, team: str) -> None:
        """Put somebody on duty for a team that is not their own, with whoever is."""
        async with self.database.transaction() as connection:
            shift = {"team_code": team, "position": "worker", "person_id": ID[who]}
            long_ago, later = NOON - timedelta(days=2), NOON + timedelta(days=2)
            await connection.execute(insert(duty).values(**shift, starts_at=long_ago, ends_at=later))

    async def add_account(self, person_id: UUID, teams: Sequence[str]) -> None:
        """Let a supervisor of some teams sign in."""
        row = {
            "person_id": person_id,
            "login": person_id.hex,
            "display_name": "Vũ Minh Quân",
            "password_hash": "",
            "roles": ["supervisor"],
            "team_codes": list(teams),
            "unit_codes": [],
            "disabled": False,
            "sequence": 1,
            "sessions_valid_from": NOON,
            "created_at": NOON,
        }
        async with self.database.transaction() as connection:
            await connection.execute(insert(ACCOUNTS.accounts).values(**row))

    async def make_queued_again(self, message_id: UUID) -> None:
        """Put a message back, as a try that failed does."""
        async with self.database.transaction() as connection:
            await connection.execute(messages.update().where(messages.c.id == message_id).values(state="queued"))

    async def off_duty(self, *who: str) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(
                text("DELETE FROM notify.duty WHERE person_id = ANY(:ids)"), {"ids": [ID[name] for name in who]}
            )
