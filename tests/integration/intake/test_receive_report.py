"""A report is stored once, told once, and answered alike however often it is sent."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.handlers import receive_report as handler
from services.intake.handlers.answer_request import Created, KeyReused, Outcome, Repeated
from services.intake.handlers.receive_report import CodesExhaustedError
from services.intake.rules.field_errors import InvalidReportError
from services.intake.rules.plausibility import Warn
from services.intake.rules.status import Status
from services.intake.store import report_status_by_receipt
from shared.contracts.event import Event
from tests.integration.intake.world import KEYS, OPERATOR, OTHER_PARTNER, PARTNER, RecordingBus, World
from tests.unit.intake.documents import ARRIVAL, a_report


def ids(outcome: Outcome) -> tuple[UUID, str]:
    assert isinstance(outcome, Created | Repeated)
    return outcome.report_id, outcome.case_code


async def test_new_report_is_stored_and_told_once(world: World) -> None:
    created = await world.create(a_report(place={"incident": {"text": "Phường Võ Cường"}}))
    (event,) = world.told
    assert (event.report_id, event.case_code, event.revision) == (created.report_id, created.case_code, 1)
    assert (event.incident_unit_code, event.received_at) == (9190, ARRIVAL)
    found = await world.status(created.report_id)
    assert (found.status, found.level, found.alert) == (Status.RECEIVED, None, None)
    assert (found.commune, found.unit_code, found.channel) == ("Phường Võ Cường", 9190, "hotline")
    assert (await world.count("reports"), await world.count("requests")) == (1, 1)


async def test_same_request_again_has_the_same_ids(world: World) -> None:
    created = await world.create(a_report(), "key")
    again = await world.receive(a_report(), "key")
    assert again == Repeated(created.report_id, created.case_code)
    assert len(world.told) == 1
    assert await world.count("reports") == 1


async def test_eight_requests_at_once_are_one_report(world: World) -> None:
    outcomes = await asyncio.gather(*(world.receive(a_report(), "key") for _ in range(8)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Created"] + ["Repeated"] * 7
    assert len({ids(outcome) for outcome in outcomes}) == 1
    assert len(world.told) == 1
    assert await world.count("reports") == 1


async def test_same_external_id_at_once_under_eight_keys_is_one_report(world: World) -> None:
    document = a_report(external_id="HL-1")
    outcomes = await asyncio.gather(*(world.receive(document, f"key {number}") for number in range(8)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Created"] + ["Repeated"] * 7
    assert len({ids(outcome) for outcome in outcomes}) == 1
    assert len(world.told) == 1


async def test_same_key_with_another_report_is_refused(world: World) -> None:
    await world.create(a_report(), "key")
    assert await world.receive(a_report(concerns=["other"]), "key") == KeyReused()
    assert await world.count("reports") == 1


async def test_key_belongs_to_its_sender(world: World) -> None:
    first = await world.create(a_report(), "key", PARTNER)
    other = await world.create(a_report(), "key", OTHER_PARTNER)
    assert first.report_id != other.report_id


async def test_key_of_an_external_id_that_was_there_answers_alike(world: World) -> None:
    created = await world.create(a_report(external_id="HL-1"), "first")
    expected = Repeated(created.report_id, created.case_code)
    assert await world.receive(a_report(external_id="HL-1"), "second") == expected
    assert await world.receive(a_report(external_id="HL-1"), "second") == expected
    assert await world.receive(a_report(external_id="HL-2"), "second") == KeyReused()


async def test_external_id_belongs_to_its_sender(world: World) -> None:
    first = await world.create(a_report(external_id="1"), "a", PARTNER)
    other = await world.create(a_report(external_id="1", concerns=["other"]), "b", OTHER_PARTNER)
    assert first.report_id != other.report_id
    assert (await world.status(first.report_id)).revision == 1


async def test_invalid_report_leaves_nothing_and_its_key_free(world: World) -> None:
    with pytest.raises(InvalidReportError):
        await world.receive({"channel": "hotline"}, "key")
    assert (await world.count("reports"), await world.count("requests"), world.told) == (0, 0, [])
    await world.create(a_report(), "key")


async def test_report_that_cannot_be_told_is_not_stored(world: World) -> None:
    class BrokenBus(RecordingBus):
        async def publish(self, connection: AsyncConnection, *events: Event) -> None:
            raise ConnectionError(connection, events)

    working, world.bus = world.bus, BrokenBus()
    with pytest.raises(ConnectionError):
        await world.receive(a_report(), "key")
    assert (await world.count("reports"), await world.count("requests")) == (0, 0)
    world.bus = working
    await world.create(a_report(), "key")


async def test_taken_case_code_is_never_given_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["K7Q281", "K7Q281", "K7Q281", "M2N305"])
    monkeypatch.setattr(handler, "new_case_code", lambda: next(codes))
    first = await world.create(a_report(), "first")
    second = await world.create(a_report(), "second")
    assert (first.case_code, second.case_code) == ("K7Q281", "M2N305")
    assert [event.case_code for event in world.told] == ["K7Q281", "M2N305"]
    async with world.database.reading() as connection:
        found = await report_status_by_receipt(connection, KEYS, second.receipt)
    assert found is not None
    assert found.report_id == second.report_id


async def test_exhausted_codes_store_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "new_case_code", lambda: "K7Q281")
    await world.create(a_report(), "first")
    with pytest.raises(CodesExhaustedError):
        await world.receive(a_report(), "second")
    assert (await world.count("reports"), await world.count("requests")) == (1, 1)


async def test_receipt_finds_its_report_only(world: World) -> None:
    created = await world.create(a_report(), "first")
    await world.create(a_report(), "second")
    spaced = " ".join(created.receipt[start : start + 4] for start in range(0, 16, 4))
    async with world.database.reading() as connection:
        found = await report_status_by_receipt(connection, KEYS, spaced)
        nobody = await report_status_by_receipt(connection, KEYS, str((int(created.receipt) + 1) % 10**16).zfill(16))
    assert found is not None
    assert found.report_id == created.report_id
    assert nobody is None


async def test_only_a_signed_in_person_is_the_one_who_submitted(world: World) -> None:
    typed = await world.create(a_report(), "typed", OPERATOR)
    sent = await world.create(a_report(), "sent", PARTNER)
    assert (await world.status(typed.report_id)).submitted_by == OPERATOR.id
    assert (await world.status(sent.report_id)).submitted_by is None
    assert (await world.row(sent.report_id))["written_by"] == PARTNER.id
    assert [event.submitted_by for event in world.told] == [OPERATOR.id, None]


async def test_warnings_are_kept_with_the_report(world: World) -> None:
    created = await world.create(a_report(incident_date="2030-01-01"))
    assert (await world.status(created.report_id)).warnings == (Warn.INCIDENT_IN_FUTURE.value,)
