"""Whoever a report alleges is found among colleagues however they are written, and nobody else is told who it was."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert

from services.intake import conflicts
from services.intake.handlers.answer_request import Created
from services.intake.handlers.decide_conflict import Decision, UnknownConflictError, decide_conflict
from services.intake.handlers.find_conflicts import look_again
from services.intake.handlers.record_colleague import record_colleague
from services.intake.handlers.republish_waiting import republish_waiting
from services.intake.models import alleged
from services.intake.rules.conflict import Why
from services.intake.rules.derived import child_report_id
from services.intake.store import recent_reports
from shared.contracts.events import NO_ACCOUNT, Marks, PersonChanged, ReportReceived
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.marks import institution_mark, name_marks, phone_marks
from tests.integration.intake.test_republish_waiting import OVERDUE
from tests.integration.intake.test_secrecy import everything_stored
from tests.integration.intake.world import KEYS, World
from tests.unit.intake.documents import ARRIVAL, a_report

NAME, PHONE = "Ngọ Đức Lực", "0912 345 678"
POLICE, SOCIAL = "police-9190", "social-9190"
HEAD, OTHER = UUID(int=71), UUID(int=72)
SUPERVISOR = Actor(UUID(int=81), frozenset({Role.SUPERVISOR}))
WARD = {"incident": {"unit_code": 9190}}


def changed(person_id: UUID = HEAD, sequence: int = 1, **known: Any) -> PersonChanged:
    """What notify tells of a colleague: the head of the ward's police, unless a test says otherwise."""
    team = known.get("team", POLICE)
    name, phone = known.get("name", NAME), known.get("phone", PHONE)
    institutions = known.get("institutions", ("Công an Phường Võ Cường", "Công an Võ Cường"))
    marks = Marks(
        person_id=person_id,
        sequence=sequence,
        member_of=(team,) if team else (),
        name_hashes=name_marks(KEYS, name),
        phone_hashes=phone_marks(KEYS, phone),
        institution_hashes={institution_mark(KEYS, one): (team,) for one in institutions},
    )
    return PersonChanged(
        occurred_at=ARRIVAL,
        correlation_id="people",
        person_id=person_id,
        sequence=NO_ACCOUNT,
        disabled=True,
        sessions_valid_from=ARRIVAL,
        marks=(marks,),
    )


async def hear(world: World, *changes: PersonChanged) -> None:
    for change in changes:
        async with world.database.transaction() as connection:
            await record_colleague(connection, change)


async def told(world: World, *people: dict[str, Any], **said: Any) -> tuple[set[UUID], set[UUID]]:
    await world.create(a_report(alleged=list(people), place=WARD, **said), key=uuid4().hex)
    return exclusions(world.told[-1])


def exclusions(event: ReportReceived) -> tuple[set[UUID], set[UUID]]:
    return set(event.excluded_person_ids), set(event.excluded_team_ids)


BY_PHONE = ["0912 345 678", "+84912345678", "84-912-345-678", "0912.345.678", 84912345678]
BY_NAME = [
    NAME,
    unicodedata.normalize("NFD", NAME),
    "ngo duc luc",
    "NGỌ ĐỨC  LỰC",
    "ông Ngọ Đức Lực, ở gần trường",
    "em trai ông Ngọ Đức Lực",
]
BOTH = ({HEAD}, {team_id(POLICE)})


@pytest.mark.parametrize("phone", BY_PHONE)
@pytest.mark.parametrize("field", ["phone", "name", "contact"])
async def test_a_phone_is_recognised_in_any_spelling_and_excludes_the_person_with_their_team(
    world: World, phone: object, field: str
) -> None:
    await hear(world, changed())
    assert await told(world, {"role": "known_person", field: phone}) == BOTH


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_name_alone_is_recognised_in_any_spelling_and_excludes_the_person(world: World, name: str) -> None:
    await hear(world, changed())
    assert await told(world, {"role": "known_person", "name": name}) == ({HEAD}, set())


@pytest.mark.parametrize("institution", ["công an phường Võ Cường", "CA p. Vo Cuong", "Công an Võ Cường, Bắc Ninh"])
async def test_a_name_with_the_institution_is_sure(world: World, institution: str) -> None:
    await hear(world, changed())
    assert await told(world, {"role": "official", "name": "anh Lực", "institution": institution}) == BOTH
    assert await told(world, {"role": "official", "institution": institution}) == (set(), {team_id(POLICE)})


async def test_an_institution_whose_commune_is_not_said_is_that_of_the_report_until_somebody_says_otherwise(
    world: World,
) -> None:
    await hear(world, changed())
    assert await told(world, {"role": "official", "institution": "công an phường"}) == (set(), {team_id(POLICE)})
    assert (await whys(world))[-1] is Why.INSTITUTION_NEARBY


async def test_a_school_that_a_team_carries_is_its_institution(world: World) -> None:
    await hear(world, changed(team="education-9190", institutions=("Trường THCS Võ Cường",)))
    staff = {"role": "institution_staff", "institution": "trường thcs Võ Cường, tổ Toán"}
    assert await told(world, staff) == (set(), {team_id("education-9190")})


async def test_a_given_name_excludes_a_colleague_of_the_same_commune_and_no_other(world: World) -> None:
    await hear(world, changed(), changed(OTHER, name="Tạ Văn Lực", phone="0912345679", team="police-9193"))
    assert await told(world, {"role": "known_person", "name": "anh Lực"}) == ({HEAD}, set())


async def test_a_family_name_and_another_full_name_exclude_nobody(world: World) -> None:
    await hear(world, changed())
    for name in ("ông Ngọ", "Ngọ Thị Mai", "Trần Văn Lực"):
        assert await told(world, {"role": "known_person", "name": name}) == (set(), set())


async def test_an_official_of_the_same_name_is_excluded_with_their_team(world: World) -> None:
    await hear(world, changed())
    assert await told(world, {"role": "official", "name": NAME}) == BOTH


async def test_the_childs_family_is_excluded_where_somebody_of_it_is_alleged(world: World) -> None:
    await hear(world, changed(team=SOCIAL))
    family = {"family": {"father": {"name": NAME, "phone": PHONE}}}
    assert await told(world, {"role": "caregiver"}, **family) == ({HEAD}, set())
    assert await told(world, {"role": "stranger"}, **family) == (set(), set())


async def test_a_narrative_or_a_reporter_excludes_nobody(world: World) -> None:
    await hear(world, changed())
    said = {"narrative": f"{NAME} {PHONE}", "reporter": {"name": NAME, "phone": PHONE}}
    assert await told(world, {"role": "stranger", "name": "không rõ"}, **said) == (set(), set())


async def test_whoever_has_left_is_not_looked_for(world: World) -> None:
    gone = Marks(person_id=HEAD, sequence=2)
    await hear(world, changed(), changed().model_copy(update={"marks": (gone,)}))
    assert await told(world, {"role": "known_person", "phone": PHONE}) == (set(), set())


async def test_many_colleagues_are_told_of_in_one_event_and_the_newest_of_each_counts(world: World) -> None:
    (other,) = changed(OTHER, name="Tạ Văn Sáng", phone="0912345679", team=SOCIAL, institutions=()).marks
    (newest,) = changed(sequence=3).marks
    (stale,) = changed(sequence=2, phone="0912345677").marks
    await hear(world, changed().model_copy(update={"marks": (newest, stale, other)}))
    assert await told(world, {"role": "known_person", "phone": PHONE}) == BOTH
    assert await told(world, {"role": "known_person", "phone": "0912345679"}) == ({OTHER}, {team_id(SOCIAL)})
    assert await told(world, {"role": "known_person", "phone": "0912345677"}) == (set(), set())


async def test_an_old_change_that_comes_late_changes_nothing(world: World) -> None:
    await hear(world, changed(sequence=5, phone="0912345679"), changed(sequence=4))
    assert await told(world, {"role": "known_person", "phone": PHONE}) == (set(), set())
    assert await told(world, {"role": "known_person", "phone": "0912345679"}) == BOTH


async def test_a_change_without_marks_leaves_them_as_they_are(world: World) -> None:
    await hear(world, changed(), changed(sequence=2).model_copy(update={"marks": ()}))
    assert await told(world, {"role": "known_person", "phone": PHONE}) == BOTH


async def a_case(world: World, **entry: Any) -> Created:
    return await world.create(a_report(alleged=[{"role": "known_person", **entry}], place=WARD, external_id="x"))


async def whys(world: World) -> list[Why]:
    async with world.database.reading() as connection:
        return [Why(row["why"]) for row in await conflicts.listed(connection, SUPERVISOR, 100)]


async def decide(world: World, report: Created, subject: UUID = HEAD, *, same: bool, by: Actor = SUPERVISOR) -> None:
    await decide_conflict(world.parts, Decision(report.report_id, subject, same, by))


async def test_a_supervisor_who_says_another_person_lifts_the_exclusion_in_a_new_revision(world: World) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME)
    await decide(world, report, same=False)
    assert [event.revision for event in world.told] == [1, 2]
    assert exclusions(world.told[-1]) == (set(), set())
    assert world.told[-1].model_dump(include={"facts", "alleged_roles"}) == world.told[0].model_dump(
        include={"facts", "alleged_roles"}
    )
    await decide(world, report, same=False)
    assert len(world.told) == 2


async def test_a_supervisor_who_says_the_same_person_excludes_the_team_as_well_and_may_change_their_mind(
    world: World,
) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME)
    await decide(world, report, same=True)
    assert exclusions(world.told[-1]) == BOTH
    await decide(world, report, same=False)
    assert exclusions(world.told[-1]) == (set(), set())
    assert [event.revision for event in world.told] == [1, 2, 3]


async def test_a_correction_that_drops_the_name_excludes_on_and_asks(world: World) -> None:
    await hear(world, changed())
    await a_case(world, phone=PHONE)
    await world.receive(a_report(external_id="x", place=WARD), "second")
    assert exclusions(world.told[-1]) == BOTH
    assert await whys(world) == [Why.WITHDRAWN]


async def test_a_correction_that_adds_the_phone_reopens_what_was_lifted(world: World) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME)
    await decide(world, report, same=False)
    again = {"role": "known_person", "name": NAME, "phone": PHONE}
    await world.receive(a_report(alleged=[again], place=WARD, external_id="x"), "second")
    assert exclusions(world.told[-1]) == BOTH


async def test_what_is_told_again_excludes_the_same(world: World) -> None:
    await hear(world, changed())
    await a_case(world, phone=PHONE)
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == 1
    assert exclusions(world.told[-1]) == exclusions(world.told[0]) == BOTH


async def test_a_colleague_who_is_told_of_later_is_excluded_from_reports_that_were_there(world: World) -> None:
    await a_case(world, phone=PHONE)
    assert exclusions(world.told[-1]) == (set(), set())
    await hear(world, changed())
    assert await look_again(world.parts) == 1
    assert (world.told[-1].revision, exclusions(world.told[-1])) == (2, BOTH)
    assert await look_again(world.parts) == 0


async def test_a_report_from_before_conflicts_were_looked_for_is_looked_at(world: World) -> None:
    report, other = await a_case(world, phone=PHONE), await world.create(a_report(), key="other")
    async with world.database.transaction() as connection:
        await connection.execute(delete(alleged))
        rows = [{"report_id": one.report_id, "digests": [], "look_again": True} for one in (report, other)]
        await connection.execute(insert(alleged), rows)
    await hear(world, changed())
    assert await look_again(world.parts) == 2
    assert (world.told[-1].report_id, exclusions(world.told[-1])) == (report.report_id, BOTH)
    assert await world.count("alleged") == 1


async def test_a_change_that_concerns_no_report_has_none_looked_at(world: World) -> None:
    await a_case(world, phone=PHONE)
    await hear(world, changed(OTHER, name="Tạ Thị Sen", phone="0912345679", institutions=()))
    assert await look_again(world.parts) == 0
    assert len(world.told) == 1


async def test_looking_again_at_what_is_known_tells_nothing(world: World) -> None:
    await hear(world, changed())
    await a_case(world, phone=PHONE)
    await hear(world, changed(sequence=2))
    assert await look_again(world.parts) == 1
    assert len(world.told) == 1


@pytest.mark.parametrize("actor", [Actor(HEAD, frozenset(Role)), Actor(OTHER, frozenset(Role), frozenset({POLICE}))])
async def test_whoever_is_excluded_sees_neither_the_report_nor_the_question_and_decides_nothing(
    world: World, actor: Actor
) -> None:
    await hear(world, changed())
    report = await a_case(world, phone=PHONE)
    async with world.database.reading() as connection:
        assert await conflicts.listed(connection, actor, 100) == []
        assert await recent_reports(connection, which=conflicts.shown_to(actor)) == ()
        assert not await conflicts.may_see(connection, report.report_id, actor)
        assert await conflicts.may_see(connection, report.report_id, SUPERVISOR)
        assert len(await recent_reports(connection, which=conflicts.shown_to(SUPERVISOR))) == 1
    with pytest.raises(UnknownConflictError):
        await decide(world, report, same=False, by=actor)


async def test_reports_of_children_are_hidden_with_the_adults(world: World) -> None:
    await hear(world, changed())
    adult = {"subject": {"kind": "adult"}, "children_in_home": [{"age_min": 3}]}
    report = await world.create(a_report(alleged=[{"role": "household", "phone": PHONE}], place=WARD, **adult))
    child = child_report_id(report.report_id, 0)
    async with world.database.reading() as connection:
        assert await conflicts.may_see(connection, child, SUPERVISOR)
        assert not await conflicts.may_see(connection, child, Actor(HEAD, frozenset(Role)))


@pytest.mark.parametrize("subject", [OTHER, team_id(SOCIAL)])
async def test_nobody_decides_about_what_was_not_found(world: World, subject: UUID) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME)
    with pytest.raises(UnknownConflictError):
        await decide(world, report, subject, same=True)


async def test_the_undecided_are_counted_for_a_supervisor(world: World) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME)
    async with world.database.reading() as connection:
        assert await conflicts.count_undecided(connection, SUPERVISOR) == 1
    await decide(world, report, same=True)
    async with world.database.reading() as connection:
        assert await conflicts.count_undecided(connection, SUPERVISOR) == 0


async def test_neither_name_nor_phone_is_in_the_clear_in_a_table_or_an_event(world: World) -> None:
    await hear(world, changed())
    report = await a_case(world, name=NAME, phone=PHONE, institution="Công an Phường Võ Cường")
    await decide(world, report, same=True)
    stored = (await everything_stored(world)).decode("utf-8", errors="replace")
    events = "".join(event.model_dump_json() for event in (*world.bus.published, changed()))
    for canary in (NAME, "ngo duc luc", "Ngọ", "912345678", "912 345 678", "Công an"):
        assert canary not in stored
        assert canary not in events
