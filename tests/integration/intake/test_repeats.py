"""Repeat reports: suggested by the system, linked by a person, told to the others with a new revision."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import RowMapping, delete, select

from services.intake.handlers.answer_request import Created, Submission
from services.intake.handlers.correct_report import correct_report
from services.intake.handlers.decide_link import AlreadyMergedError, UnknownLinkError, Verdict, decide_link
from services.intake.handlers.receive_report import receive_report
from services.intake.handlers.republish_waiting import republish_waiting
from services.intake.link_records import Pair
from services.intake.models import links, match_keys, revisions
from services.intake.rules.derived import child_report_id
from services.intake.rules.repeats import LinkState
from shared.contracts.events import ReportReceived
from tests.integration.intake.test_secrecy import canaries_in, everything_stored
from tests.integration.intake.world import KEYS, OPERATOR, PARTNER, World
from tests.unit.intake.documents import NAME, PHONE, a_personal_report, a_report

CONFIRM, REJECT = LinkState.CONFIRMED, LinkState.REJECTED
ADULT: dict[str, Any] = {"kind": "adult", "age_min": 30, "age_max": 30}


@dataclass
class Desk:
    """Reports by the same phone, a day apart, and decisions about them."""

    world: World

    async def call(self, key: str, *, days: float = 1, phone: str = PHONE, **said: Any) -> Created:
        self.world.clock.advance(timedelta(days=days))
        return await self.world.create(a_report(reporter={"phone": phone}, **said), key)

    async def decide(self, one: Created, other: Created, state: LinkState = CONFIRM, note: str = "") -> None:
        await decide_link(self.world.parts, one.report_id, other.report_id, Verdict(state, OPERATOR, note))

    async def link(self, one: Created, other: Created) -> RowMapping | None:
        pair = Pair.of(one.report_id, other.report_id)
        async with self.world.database.reading() as connection:
            return (await connection.execute(select(links).where(pair.where))).mappings().one_or_none()

    async def state(self, one: Created, other: Created) -> tuple[str, list[str]] | None:
        row = await self.link(one, other)
        return None if row is None else (row["state"], row["reasons"])

    def newest(self, created: Created) -> ReportReceived:
        return [event for event in self.world.told if event.report_id == created.report_id][-1]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_same_phone_however_written_is_suggested_and_nothing_is_merged(desk: Desk) -> None:
    first = await desk.call("first")
    second = await desk.call("second", phone="84-912-345-678")
    assert await desk.state(first, second) == ("suggested", ["phone"])
    assert [event.revision for event in desk.world.told] == [1, 1]
    assert desk.newest(second).earlier_reports_12_months == 0
    assert desk.newest(second).linked_report_ids == ()


async def test_other_phone_suggests_nothing(desk: Desk) -> None:
    await desk.call("first")
    await desk.call("second", phone="0987 654 321")
    assert await desk.world.count("links") == 0


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"name": NAME, "age_min": 4, "age_max": 4}, {"name": "nguyen thi anh dao", "age_min": 4, "age_max": 5}, ["name_age_place"]),
        ({"name": NAME, "age_min": 4, "age_max": 4}, {"name": "bé Đào", "age_min": 4, "age_max": 4}, ["name_age_place"]),
        ({"name": NAME}, {"name": NAME}, ["name_place"]),
        ({"name": NAME, "age_min": 4, "age_max": 4}, {"name": NAME, "age_min": 12, "age_max": 12}, None),
        ({"name": NAME}, {"name": "bé Đào"}, None),
    ],
    ids=["full name", "given name", "age unknown", "other age", "given name, age unknown"],
)  # fmt: skip
async def test_same_name_in_a_commune_is_suggested_where_the_age_allows_it(
    desk: Desk, one: dict[str, Any], other: dict[str, Any], reasons: list[str] | None
) -> None:
    place = {"incident": {"unit_code": 9190}}
    first = await desk.world.create(a_report(subject=one, place=place), "first")
    second = await desk.world.create(a_report(subject=other, place=place), "second")
    assert await desk.state(first, second) == (None if reasons is None else ("suggested", reasons))


async def test_address_and_named_case_code_are_suggested(desk: Desk) -> None:
    place = {"incident": {"unit_code": 9190, "detail": "Số 12, ngõ Chợ"}}
    first = await desk.world.create(a_report(place=place), "first")
    second = await desk.world.create(a_report(narrative=f"gọi lại vụ {first.case_code.lower()}", place=place), "second")
    third = await desk.world.create(a_report(earlier_case=second.case_code), "third")
    assert await desk.state(first, second) == ("suggested", ["code", "address"])
    assert await desk.state(second, third) == ("suggested", ["code"])
    assert await desk.state(first, third) is None


async def test_confirmed_link_gives_both_a_revision_and_tells_of_both(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await desk.decide(second, first)
    assert await desk.state(first, second) == ("confirmed", ["phone"])
    newest = desk.newest(first), desk.newest(second)
    assert [event.revision for event in newest] == [2, 2]
    assert [event.linked_report_ids for event in newest] == [(second.report_id,), (first.report_id,)]
    assert [event.earlier_reports_12_months for event in newest] == [0, 1]
    row = await desk.world.row(second.report_id)
    assert (row["revision"], row["written_by"], row["written_at"]) == (2, OPERATOR.id, desk.world.clock.now())
    assert row["republish_at"] is not None
    async with desk.world.database.reading() as connection:
        before = (await connection.execute(select(revisions).order_by(revisions.c.written_at))).mappings().all()
    assert [(kept["report_id"], kept["revision"], kept["written_by"]) for kept in before] == [
        (first.report_id, 1, PARTNER.id),
        (second.report_id, 1, PARTNER.id),
    ]


async def test_second_confirmation_changes_nothing(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await desk.decide(second, first)
    told = len(desk.world.told)
    await desk.decide(first, second)
    assert len(desk.world.told) == told
    assert (await desk.world.status(first.report_id)).revision == 2


async def test_confirmations_at_the_same_moment_count_once(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await asyncio.gather(*(desk.decide(*pair) for pair in [(first, second), (second, first)] * 3))
    assert (await desk.world.status(first.report_id)).revision == 2
    assert (await desk.world.status(second.report_id)).revision == 2
    assert len(desk.world.told) == 4


async def test_links_confirmed_at_the_same_moment_are_all_told_in_the_end(desk: Desk) -> None:
    calls = [await desk.call(str(number)) for number in range(5)]
    await asyncio.gather(*(desk.decide(calls[number], calls[number + 1]) for number in range(4)))
    for number, created in enumerate(calls):
        newest = desk.newest(created)
        assert newest.linked_report_ids == tuple(sorted(other.report_id for other in calls if other is not created))
        assert newest.earlier_reports_12_months == number
        assert newest.revision == (await desk.world.status(created.report_id)).revision


async def test_confirming_while_both_are_corrected_loses_nothing(desk: Desk) -> None:
    calls = [await desk.call(str(number)) for number in range(3)]

    async def correct(created: Created) -> None:
        document = a_report(reporter={"phone": PHONE}, concerns=["neglect"])
        await correct_report(desk.world.parts, created.report_id, Submission(document, created.case_code, OPERATOR))

    async with asyncio.timeout(30):
        await asyncio.gather(
            *(correct(created) for created in calls), desk.decide(calls[0], calls[1]), desk.decide(calls[1], calls[2])
        )
    for created in calls:
        newest = desk.newest(created)
        assert len(newest.linked_report_ids) == 2
        assert newest.revision == (await desk.world.status(created.report_id)).revision
        assert [concern.value for concern in newest.concerns] == ["neglect"]


async def test_rejected_link_is_kept_and_tells_nothing(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await desk.decide(first, second, REJECT)
    await desk.decide(first, second, REJECT)
    assert await desk.state(first, second) == ("rejected", ["phone"])
    assert len(desk.world.told) == 2


async def test_rejection_may_become_a_confirmation_but_not_the_other_way(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await desk.decide(first, second, REJECT)
    await desk.decide(first, second, CONFIRM)
    with pytest.raises(AlreadyMergedError):
        await desk.decide(first, second, REJECT)
    assert await desk.state(first, second) == ("confirmed", ["phone"])


async def test_confirming_and_rejecting_at_the_same_moment_ends_confirmed(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    outcomes = await asyncio.gather(
        desk.decide(first, second, CONFIRM), desk.decide(second, first, REJECT), return_exceptions=True
    )
    assert [
        outcome for outcome in outcomes if outcome is not None and not isinstance(outcome, AlreadyMergedError)
    ] == []
    assert await desk.state(first, second) == ("confirmed", ["phone"])


async def test_what_nothing_suggests_cannot_be_linked(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second", phone="0987 654 321")
    with pytest.raises(UnknownLinkError):
        await desk.decide(first, second)
    with pytest.raises(UnknownLinkError):
        await desk.decide(first, first)
    with pytest.raises(UnknownLinkError):
        await decide_link(desk.world.parts, first.report_id, uuid4(), Verdict(CONFIRM, OPERATOR))
    assert await desk.world.count("links") == 0


async def test_pair_that_came_at_the_same_moment_can_be_linked_without_a_kept_suggestion(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    async with desk.world.database.transaction() as connection:
        await connection.execute(delete(links))
    await desk.decide(first, second)
    assert await desk.state(first, second) == ("confirmed", ["phone"])


@pytest.mark.parametrize(
    ("linked", "stated", "told"),
    [(0, 0, 0), (1, 0, 1), (2, 0, 2), (0, 1, 1), (1, 1, 1), (1, 2, 2), (2, 1, 2), (2, 5, 5)],
)
async def test_r18_counts_what_is_linked_or_what_the_caller_said_whichever_is_more(
    desk: Desk, linked: int, stated: int, told: int
) -> None:
    earlier = [await desk.call(f"earlier {number}") for number in range(linked)]
    report = await desk.call("own", prior_reports_12_months=stated)
    for other in earlier:
        await desk.decide(report, other)
    assert desk.newest(report).earlier_reports_12_months == told


async def test_links_older_than_twelve_months_and_later_reports_do_not_count(desk: Desk) -> None:
    old = await desk.call("old", days=-400)
    own = await desk.call("own", days=390)
    later = await desk.call("later", days=5)
    for other in (old, later):
        await desk.decide(own, other)
    assert desk.newest(own).earlier_reports_12_months == 0
    assert desk.newest(later).earlier_reports_12_months == 1
    assert len(desk.newest(old).linked_report_ids) == 2


async def test_same_external_id_is_a_correction_and_no_repeat(desk: Desk) -> None:
    document = a_personal_report(external_id="HL-1")
    created = await desk.world.create(document, "first")
    await desk.world.receive({**document, "concerns": ["neglect"]}, "second")
    assert await desk.world.count("links") == 0
    assert desk.newest(created).earlier_reports_12_months == 0


async def test_children_at_home_are_neither_suggested_nor_counted(desk: Desk) -> None:
    document = a_personal_report(prior_reports_12_months=0)
    document["subject"] |= ADULT
    adult = await desk.world.create(document, "adult")
    assert await desk.world.count("reports") == 2
    assert await desk.world.count("links") == 0
    child = child_report_id(adult.report_id, 0)
    with pytest.raises(UnknownLinkError):
        await decide_link(desk.world.parts, adult.report_id, child, Verdict(CONFIRM, OPERATOR))
    desk.world.clock.advance(timedelta(days=1))
    second = await desk.world.create(document, "again")
    await desk.decide(second, adult)
    assert desk.newest(second).earlier_reports_12_months == 1
    assert desk.newest(second).linked_report_ids == (adult.report_id,)
    assert (await desk.world.status(child)).revision == 2


async def test_correction_and_retelling_keep_links_and_count(desk: Desk) -> None:
    first, second = await desk.call("first"), await desk.call("second")
    await desk.decide(first, second)
    document = a_report(reporter={"phone": "0987 654 321"})
    await correct_report(desk.world.parts, second.report_id, Submission(document, "more", OPERATOR))
    corrected = desk.newest(second)
    assert (corrected.revision, corrected.linked_report_ids) == (3, (first.report_id,))
    assert corrected.earlier_reports_12_months == 1
    await desk.world.let_wait(timedelta(minutes=1))
    assert await republish_waiting(desk.world.parts) == 2
    again = desk.newest(second)
    assert again.event_id != corrected.event_id
    assert (again.linked_report_ids, again.earlier_reports_12_months) == ((first.report_id,), 1)


async def test_correction_forgets_what_only_the_wrong_number_suggested(desk: Desk) -> None:
    first, second, third = await desk.call("first"), await desk.call("second"), await desk.call("third")
    await desk.decide(first, second, REJECT)
    document = a_report(reporter={"phone": "0987 654 321"})
    await correct_report(desk.world.parts, second.report_id, Submission(document, "more", OPERATOR))
    assert await desk.state(second, third) is None
    assert await desk.state(first, second) == ("rejected", ["phone"])
    assert await desk.state(first, third) == ("suggested", ["phone"])
    async with desk.world.database.reading() as connection:
        kept = (await connection.execute(select(match_keys).where(match_keys.c.report_id == second.report_id))).all()
    assert len(kept) == 1


async def test_report_marked_as_a_repeat_while_typing_is_linked_as_it_is_stored(desk: Desk) -> None:
    first = await desk.call("first")
    desk.world.clock.advance(timedelta(days=1))
    submission = Submission(a_report(), "marked", OPERATOR, repeats=(first.report_id, uuid4()))
    second = await receive_report(desk.world.parts, submission)
    assert isinstance(second, Created)
    assert [(event.report_id, event.revision) for event in desk.world.told[1:]] == [
        (first.report_id, 2),
        (second.report_id, 1),
    ]
    assert desk.newest(second).linked_report_ids == (first.report_id,)
    assert desk.newest(second).earlier_reports_12_months == 1
    assert await desk.state(first, second) == ("confirmed", ["person"])
    again = await receive_report(desk.world.parts, submission)
    assert getattr(again, "report_id", None) == second.report_id
    assert len(desk.world.told) == 3


async def test_report_whose_key_is_lost_is_suggested_without_its_age(desk: Desk) -> None:
    document = a_report(subject={"name": NAME, "age_min": 4, "age_max": 4}, place={"incident": {"unit_code": 9190}})
    first = await desk.world.create(document, "first")
    desk.world.keys = replace(KEYS, encryption=(b"n" * 32,))
    second = await desk.world.create(document, "second")
    assert await desk.state(first, second) == ("suggested", ["name_place"])


async def test_common_number_does_not_make_every_report_slower(desk: Desk) -> None:
    for number in range(25):
        await desk.call(str(number), days=0.01)
    newest = await desk.call("newest")
    async with desk.world.database.reading() as connection:
        pairs = (await connection.execute(select(links.c.report_a, links.c.report_b))).all()
    assert sum(newest.report_id in pair for pair in pairs) == 10


async def test_keys_links_notes_and_logs_hold_nothing_personal(desk: Desk) -> None:
    with structlog.testing.capture_logs() as logs:
        first = await desk.world.create(a_personal_report(), "first")
        second = await desk.world.create(a_personal_report(), "second")
        await desk.decide(first, second, CONFIRM, note=f"{NAME} {PHONE}")
    assert await desk.state(first, second) == ("confirmed", ["phone", "name_age_place", "address"])
    assert await desk.world.count("match_keys") == 10
    row = await desk.link(first, second)
    assert row is not None
    pair = Pair.of(first.report_id, second.report_id)
    assert KEYS.open(row["note"], pair.sealing_context).decode() == f"{NAME} {PHONE}"
    assert canaries_in(await everything_stored(desk.world)) == []
    assert canaries_in(json.dumps(logs, ensure_ascii=False, default=str).encode()) == []
    assert canaries_in("".join(event.model_dump_json() for event in desk.world.told).encode()) == []
    assert "nguyen thi" not in repr(await everything_stored(desk.world))
