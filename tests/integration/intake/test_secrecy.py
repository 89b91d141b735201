"""What is personal is readable nowhere but with a key: not in tables, not in events, not in logs."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
import structlog
from sqlalchemy import select, text, update
from sqlalchemy.engine import make_url

from services.intake.handlers.receive_submitted import dead_letter_context
from services.intake.models import dead_letters, reports
from services.intake.rules.field_errors import InvalidReportError
from services.intake.store import open_document
from shared.crypto import Keys, UndecryptableError
from tests.integration.intake.world import KEYS, World, submitted
from tests.unit.intake.documents import NAME, PHONE, STORY, a_personal_report, a_report

CANARIES = (NAME, PHONE, "+84912345678", "912345678", STORY, "hàng xóm", "HL-0912345678", "key-of-0912345678")


async def everything_stored(world: World) -> bytes:
    """Return every row of every table, in PostgreSQL's own binary form."""
    url = make_url(world.database.url)
    connection = await asyncpg.connect(host=str(url.query["host"]), user=url.username, database=url.database)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'intake'")
        dump = bytearray()

        async def take(chunk: bytes) -> None:
            dump.extend(chunk)

        for table in tables:
            name = table["tablename"]
            await connection.copy_from_table(name, schema_name="intake", output=take, format="binary")
        return bytes(dump)
    finally:
        await connection.close()


def canaries_in(stored: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in stored or canary.encode("unicode_escape") in stored]


async def test_tables_hold_nothing_personal_in_the_clear(world: World) -> None:
    document = a_personal_report(external_id="HL-0912345678")
    document["subject"] |= {"kind": "adult", "age_min": 30, "age_max": 40}
    created = await world.create(document, "key-of-0912345678")
    await world.receive({**document, "concerns": ["neglect"]}, "key 2")
    await world.submit(submitted({**document, "channel": NAME}))
    stored = await everything_stored(world)
    assert created.case_code.encode() in stored
    assert created.receipt.encode() not in stored
    assert await world.count("reports") == 2
    assert await world.count("revisions") == 1
    assert await world.count("dead_letters") == 1
    assert canaries_in(stored) == []


async def test_events_hold_nothing_personal(world: World) -> None:
    await world.create(a_personal_report(external_id="HL-0912345678"), "key-of-0912345678")
    assert canaries_in("".join(event.model_dump_json() for event in world.bus.published).encode()) == []


async def test_logs_hold_nothing_personal(world: World) -> None:
    document = a_personal_report(external_id="HL-0912345678")
    with structlog.testing.capture_logs() as logs:
        await world.create(document, "key-of-0912345678")
        await world.receive({**document, "concerns": ["neglect"]}, "key 2")
        await world.submit(submitted({**document, "channel": NAME}))
        with pytest.raises(InvalidReportError):
            await world.receive({**document, "channel": NAME}, "key 3")
    assert {entry["event"] for entry in logs} == {"report_received", "report_corrected", "submitted_report_invalid"}
    assert canaries_in(json.dumps(logs, ensure_ascii=False, default=str).encode()) == []


async def test_whole_report_opens_with_its_key(world: World) -> None:
    created = await world.create(a_personal_report())
    async with world.database.reading() as connection:
        document = await open_document(connection, KEYS, created.report_id)
        assert await open_document(connection, KEYS, uuid4()) is None
    assert document is not None
    assert document["narrative"] == STORY
    assert document["subject"]["name"] == document["notes"] == NAME
    assert document["reporter"]["phone"] == "+84912345678"


async def test_old_rows_open_after_the_key_was_rotated(world: World) -> None:
    old = await world.create(a_report(), "old")
    rotated = replace(KEYS, encryption=(b"n" * 32, *KEYS.encryption))
    world.keys = rotated
    new = await world.create(a_report(), "new")
    async with world.database.reading() as connection:
        for created in (old, new):
            document = await open_document(connection, rotated, created.report_id)
            assert document is not None
            assert document["narrative"] == STORY
        with pytest.raises(UndecryptableError):
            await open_document(connection, KEYS, new.report_id)


async def test_request_is_known_again_after_the_key_was_rotated(world: World) -> None:
    created = await world.create(a_report(), "key")
    world.keys = Keys(encryption=(b"n" * 32,), index=KEYS.index, session=KEYS.session)
    again = await world.receive(a_report(), "key")
    assert getattr(again, "report_id", None) == created.report_id


async def test_document_moved_to_another_report_does_not_open(world: World) -> None:
    first, second = await world.create(a_report(), "first"), await world.create(a_report(), "second")
    async with world.database.transaction() as connection:
        taken = select(reports.c.document).where(reports.c.report_id == first.report_id).scalar_subquery()
        await connection.execute(update(reports).where(reports.c.report_id == second.report_id).values(document=taken))
    async with world.database.reading() as connection:
        with pytest.raises(UndecryptableError):
            await open_document(connection, KEYS, second.report_id)


async def test_dead_letter_opens_with_its_key_and_names_the_fields(world: World) -> None:
    event = submitted(a_personal_report(channel=NAME))
    await world.submit(event)
    async with world.database.reading() as connection:
        row = (await connection.execute(select(dead_letters))).mappings().one()
    assert json.loads(KEYS.open(row["document"], dead_letter_context(event.event_id))) == event.report
    assert row["reasons"] == [{"field": "channel", "why": "choice"}]


async def test_sealed_columns_are_not_compressed(world: World) -> None:
    async with world.database.reading() as connection:
        storage = await connection.scalar(
            text(
                "SELECT attstorage::text FROM pg_attribute WHERE attrelid = 'intake.reports'::regclass AND attname = 'document'"
            )
        )
    assert storage == "e"
