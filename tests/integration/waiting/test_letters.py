"""What could not be handled ends at a person: seen, put back, or set aside with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import CaseAssessed, ReportReceived, ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events import letters
from shared.events.tables import DEAD_LETTERS
from tests.integration.waiting.office import Office

PAGE = "/system/notify/letters"
EVENT = str(uuid4())


async def set_aside(database: Database, queue: str, reason: str = "ValueError", **headers: str) -> int:
    values: dict[str, Any] = {
        "original_id": 1,
        "queue": queue,
        "payload": b'{"canary": 1}',
        "headers": headers,
        "deliveries_count": 7,
        "created_at": text("now()"),
        "failure_reason": "rejected",
        "last_exception": reason,
    }
    async with database.transaction() as connection:
        return int(await connection.scalar(insert(DEAD_LETTERS).values(values).returning(DEAD_LETTERS.c.id)) or 0)


async def an_event(database: Database, reason: str = "NewerVersionError") -> int:
    return await set_aside(database, "notify", reason, topic=CaseAssessed.TOPIC, event_id=EVENT, outages="3")


async def queued(database: Database) -> list[tuple[str, dict[str, str]]]:
    async with database.reading() as connection:
        return [(row[0], row[1]) for row in await connection.execute(text("SELECT queue, headers FROM events.queue"))]


async def history(database: Database) -> list[letters.LetterAct]:
    async with database.reading() as connection:
        return list(await letters.acts(connection, 10))


@pytest.mark.parametrize(("lang", "why"), [("vi", "Cập nhật dịch vụ rồi đưa lại"), ("en", "A newer release sent it")])
async def test_the_page_says_what_failed_and_why_and_shows_no_content(
    lone_office: Office, database: Database, lang: str, why: str
) -> None:
    await an_event(database)
    await an_event(database, "StrangeError")
    for who in ("administrator", "supervisor"):
        html = (await lone_office.get(PAGE, who, lang)).text
        assert why in html
        assert "StrangeError" in html
        assert CaseAssessed.TOPIC in html
        assert EVENT in html
        assert "canary" not in html


async def test_a_letter_put_back_waits_again_afresh_and_the_record_says_who(
    lone_office: Office, database: Database
) -> None:
    letter = await an_event(database)
    assert (await lone_office.post(f"{PAGE}/{letter}/replay")).headers["location"] == f"{PAGE}?said=replayed"
    ((queue, headers),) = await queued(database)
    assert (queue, headers) == ("notify", {"topic": CaseAssessed.TOPIC, "event_id": EVENT})
    (act,) = await history(database)
    assert (act.letter_id, act.act, act.person_id, act.event_id) == (letter, "replayed", UUID(int=104), EVENT)
    assert (await lone_office.post(f"{PAGE}/{letter}/replay")).status_code == 409
    assert len(await queued(database)) == 1


async def test_all_of_a_queue_are_put_back_and_no_others(lone_office: Office, database: Database) -> None:
    for _ in range(3):
        await an_event(database)
    await set_aside(database, "notify.tasks", task="send")
    await set_aside(database, "intake", topic=CaseAssessed.TOPIC)
    await lone_office.post(f"{PAGE}/replay", {"queue": "notify"})
    await lone_office.post(f"{PAGE}/replay", {"queue": "intake"})
    assert [queue for queue, _ in await queued(database)] == ["notify"] * 3
    assert len(await history(database)) == 3


@pytest.mark.parametrize("fields", [{}, {"reason": "đã xử lý tay"}, {"reason": "quá ngắn", "sure": "yes"}])
async def test_nothing_is_discarded_without_a_reason_and_a_confirmation(
    lone_office: Office, database: Database, fields: dict[str, str]
) -> None:
    letter = await an_event(database)
    assert (await lone_office.post(f"{PAGE}/{letter}/discard", fields)).status_code == 409
    assert await history(database) == []


async def test_a_discarded_letter_waits_no_more_and_keeps_its_row(lone_office: Office, database: Database) -> None:
    letter = await an_event(database)
    fields = {"reason": "  Đã xử lý tay ở vụ khác ", "sure": "yes"}
    assert (await lone_office.post(f"{PAGE}/{letter}/discard", fields)).status_code == 303
    assert (await lone_office.post(f"{PAGE}/{letter}/discard", fields)).status_code == 409
    assert (await lone_office.post(f"{PAGE}/{letter}/replay")).status_code == 409
    (act,) = await history(database)
    assert (act.act, act.reason) == ("discarded", "Đã xử lý tay ở vụ khác")
    html = (await lone_office.get(PAGE)).text
    assert "Không có dòng nào đang chờ" in html
    assert "Đã xử lý tay ở vụ khác" in html
    async with database.transaction() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM events.dead_letters")) == 1
        assert await letters.put_back(connection, letter), "the command line can still put it back"


async def test_a_report_is_never_discarded_unread(database: Database) -> None:
    letter = await set_aside(database, "intake", topic=ReportSubmitted.TOPIC)
    own = letters.of_service(ServiceName.INTAKE)
    async with database.transaction() as connection:
        assert not await letters.discard(connection, letter, by=uuid4(), reason="đủ mười chữ rồi", which=own)
        (shown,) = await letters.dead_letters(connection, which=own)
    assert shown.is_report


async def test_a_supervisor_sees_them_is_told_whom_to_call_and_changes_nothing(
    lone_office: Office, database: Database
) -> None:
    letter = await an_event(database)
    html = (await lone_office.get(PAGE, "supervisor")).text
    assert "Gọi quản trị" in html
    assert "<form" not in html.partition("<main")[2]
    for path, fields in (
        (f"{letter}/replay", {}),
        ("replay", {"queue": "notify"}),
        (f"{letter}/discard", {"reason": "đủ mười chữ rồi", "sure": "yes"}),
    ):
        assert (await lone_office.post(f"{PAGE}/{path}", fields, "supervisor")).status_code == 403
    assert await history(database) == []
    for who in ("operator", "worker", "auditor"):
        assert (await lone_office.get(PAGE, who)).status_code == 403


@pytest.mark.parametrize("change", ["UPDATE events.letter_acts SET reason = 'x'", "DELETE FROM events.letter_acts"])
async def test_what_people_did_is_never_rewritten(lone_office: Office, database: Database, change: str) -> None:
    await lone_office.post(f"{PAGE}/{await an_event(database)}/replay")
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.transaction() as connection:
            await connection.execute(text(change))


async def test_every_letter_is_some_services_own(database: Database) -> None:
    rows = [
        ("intake", {"topic": CaseAssessed.TOPIC}, {"intake"}),
        ("triage.tasks", {"task": "x"}, {"triage"}),
        ("notify", {}, {"notify"}),
        ("forward", {"topic": ReportReceived.TOPIC}, {"intake"}),
        ("forward", {"topic": CaseAssessed.TOPIC}, {"triage"}),
        ("forward", {}, {"intake", "triage", "notify"}),
        ("somewhere", {}, {"intake", "triage", "notify"}),
    ]
    ids = {await set_aside(database, queue, **headers): owners for queue, headers, owners in rows}
    async with database.reading() as connection:
        shown = {
            service.value: {one.id for one in await letters.dead_letters(connection, which=letters.of_service(service))}
            for service in ServiceName
        }
    assert {letter: {name for name, found in shown.items() if letter in found} for letter in ids} == ids


async def test_the_overview_counts_every_service_and_names_one_that_is_away(
    office: Office, database: Database, intake_database: Database
) -> None:
    await an_event(database)
    await set_aside(intake_database, "intake")
    await set_aside(intake_database, "intake")
    await unreadable(intake_database)
    html = (await office.get("/system/letters", "supervisor")).text
    assert '<a href="/system/notify/letters">1 đang chờ</a>' in html
    assert '<a href="/system/intake/letters">2 đang chờ</a>' in html
    assert '<a href="/system/intake/submitted">1 đang chờ</a>' in html
    assert "triage không trả lời" in html
    assert "không rõ" in html
    for who in ("operator", "worker", "auditor"):
        assert (await office.get("/system/letters", who)).status_code == 403


async def test_the_queue_tells_supervisors_and_administrators_what_waits(
    office: Office, database: Database, intake_database: Database
) -> None:
    await an_event(database)
    await set_aside(intake_database, "intake")
    await unreadable(intake_database)
    for who in ("supervisor", "administrator"):
        html = (await office.get("/queue", who)).text
        assert '<a href="/system/letters">2 sự kiện chưa xử lý được' in html
        assert '<a href="/system/intake/submitted">1 tin đối tác chưa đọc được' in html
    for who in ("operator", "worker"):
        assert "chưa xử lý được" not in (await office.get("/queue", who)).text


async def test_the_queue_says_nothing_of_siblings_that_are_away(lone_office: Office, database: Database) -> None:
    assert "/system/" not in (await lone_office.get("/queue")).text.partition("<main")[2]


async def test_the_metrics_count_what_waits(database: Database) -> None:
    for _ in range(2):
        await an_event(database)
    await letters.measure_waiting(database)
    assert REGISTRY.get_sample_value("heedline_letters_waiting", {"kind": "event"}) == 2


async def unreadable(database: Database) -> None:
    """Leave a partner's report that could not be read in intake."""
    async with database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO intake.dead_letters (event_id, document, reasons, correlation_id, arrived_at) "
                "VALUES (:id, 'sealed', '[]', 'x', now())"
            ),
            {"id": uuid4()},
        )
