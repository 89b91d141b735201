"""Versions of the rule table: two people put one into force, cases keep theirs, and past cases can be judged again."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.triage import lab_results, lab_store, store, table_in_force
from services.triage.handlers.activate_table import activate_table, propose_table, withdraw_table
from services.triage.handlers.draft_table import copy_version, discard_draft, keep_draft, save_draft
from services.triage.handlers.replay_table import replay_table
from services.triage.handlers.set_coverage import set_coverage
from services.triage.lab_records import (
    CHANGED_MEANWHILE,
    NO_SUCH_VERSION,
    NOT_A_DRAFT,
    NOT_PROPOSED,
    NOT_REPLAYED,
    NOTE_MISSING,
    SAME_PERSON,
    VERSION_EXISTS,
    Activation,
    KeptReplay,
    LabRefusedError,
    Version,
)
from services.triage.models import LAB
from services.triage.rules.replay import FiredAs, Load
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.table_document import digest
from services.triage.rules.wrong import TableRefusedError
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level
from tests.integration.triage.world import World
from tests.unit.triage.reports import SAMPLES, a_report, from_document
from tests.unit.triage.tables import a_table

ANNA, BINH = UUID(int=1), UUID(int=2)
WHY = "Thử hạ mức R14 theo họp ngày 20/11"
MILDER: dict[str, Any] = {"rules__R14__level": "PRIORITY"}
STORY = {"danger_now": "no", "injury_story_inconsistent": "yes"}


async def drafted(world: World, table: RuleTable) -> Version:
    async with world.database.transaction() as connection:
        return await keep_draft(connection, table, base_version="2026.1", author=ANNA, now=world.clock.now())


async def proposed(world: World, table: RuleTable, by: UUID = ANNA) -> Version:
    draft = await drafted(world, table)
    async with world.database.transaction() as connection:
        await propose_table(connection, draft.version, by=by, note=WHY, now=world.clock.now())
    return draft


async def looked_at(world: World, version: str) -> KeptReplay:
    return await replay_table(world.database, version, "samples", by=ANNA, now=world.clock.now())


async def activated(world: World, version: str, seen: str, by: UUID = BINH) -> Activation:
    async with world.database.transaction() as connection:
        return await activate_table(connection, version, seen=seen, by=by, now=world.clock.now())


async def in_force(world: World, table: RuleTable) -> None:
    version = await proposed(world, table)
    await looked_at(world, version.version)
    await activated(world, version.version, version.digest)


async def versions(world: World) -> dict[str, str]:
    async with world.database.reading() as connection:
        return {one.version: one.state for one in await lab_store.versions(connection)}


def refusal(error: pytest.ExceptionInfo[LabRefusedError]) -> str:
    return error.value.words.en


async def test_built_in_table_judges_until_another_is_in_force(world: World) -> None:
    report = a_report(facts=STORY)
    await world.assess(report)
    assert (await world.case(report.report_id))["table_version"] == "2026.1"
    async with world.database.transaction() as connection:
        await lab_store.keep_built_in(connection, world.clock.now())
        await lab_store.keep_built_in(connection, world.clock.now())
    assert await versions(world) == {"2026.1": "active"}
    await world.assess(again := a_report(facts=STORY))
    assert (await world.case(again.report_id))["level"] == "URGENT"


async def test_new_version_judges_new_reports_and_old_cases_keep_theirs(world: World) -> None:
    await world.assess(old := a_report(facts=STORY))
    await in_force(world, a_table(**MILDER))
    await world.assess(new := a_report(facts=STORY))
    kept, judged = await world.case(old.report_id), await world.case(new.report_id)
    assert (kept["table_version"], kept["level"]) == ("2026.1", "URGENT")
    assert (judged["table_version"], judged["level"]) == ("2026.2", "PRIORITY")
    assert await versions(world) == {"2026.2": "active", "2026.1": "retired"}
    async with world.database.reading() as connection:
        old_table = await lab_store.version(connection, "2026.1")
    assert old_table is not None
    assert old_table.table == BUILT_IN


async def test_a_later_revision_is_judged_by_the_new_version_and_keeps_its_level(world: World) -> None:
    await world.assess(old := a_report(facts=STORY))
    await in_force(world, a_table(**MILDER))
    await world.assess(old.model_copy(update={"revision": 2}))
    case = await world.case(old.report_id)
    assert (case["table_version"], case["level"], case["rule_level"]) == ("2026.2", "URGENT", "PRIORITY")
    assert [row["table_version"] for row in await world.history(old.report_id)] == ["2026.1", "2026.2"]


async def test_a_report_is_judged_by_the_table_it_saw_though_another_comes_into_force_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_in_force, "_parsed", {})
    await in_force(world, a_table(**MILDER))
    later = await proposed(world, a_table(version="2026.3", rules__R14__level="IMMEDIATE"))
    await looked_at(world, "2026.3")
    async with world.database.transaction() as connection:
        seen = (await store.known(connection, uuid4(), None)).table_digest
        await activated(world, "2026.3", later.digest)
        assert (await table_in_force.table_in_force(connection, seen)).version == "2026.2"
        seen = (await store.known(connection, uuid4(), None)).table_digest
        assert (await table_in_force.table_in_force(connection, seen)).version == "2026.3"


async def test_a_table_that_this_release_cannot_read_does_not_hold_up_reports(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_in_force, "_parsed", {})
    async with world.database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO triage.rule_tables (version, document, digest, state, created_at, changed_at) VALUES "
                """('2031.1', '{"version": "2031.1", "rules": {"R14": {"level": "SEVERE"}}}', 'd', 'active', now(), now())"""
            )
        )
    await world.assess(report := a_report(facts=STORY))
    assert (await world.case(report.report_id))["table_version"] == "2026.1"


async def test_activation_is_written_down_for_ever(world: World) -> None:
    await in_force(world, a_table(**MILDER))
    async with world.database.reading() as connection:
        (done,) = await lab_store.history(connection)
    assert (done.version, done.replaced, done.proposed_by, done.activated_by, done.note) == (
        "2026.2",
        "2026.1",
        ANNA,
        BINH,
        WHY,
    )
    for change in ("DELETE FROM triage.rule_activations", "UPDATE triage.rule_activations SET note = ''"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with world.database.transaction() as connection:
                await connection.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE triage.rule_tables SET document = '{}' WHERE version = '2026.2'",
        "UPDATE triage.rule_tables SET document = '{}' WHERE version = '2026.1'",
        "UPDATE triage.rule_tables SET state = 'draft' WHERE version = '2026.2'",
        "UPDATE triage.rule_tables SET state = 'draft' WHERE version = '2026.1'",
        "DELETE FROM triage.rule_tables WHERE version = '2026.1'",
    ],
)
async def test_what_was_in_force_is_never_changed(world: World, change: str) -> None:
    await in_force(world, a_table(**MILDER))
    with pytest.raises(DBAPIError, match=r"only a draft|never a draft again"):
        async with world.database.transaction() as connection:
            await connection.execute(text(change))


async def test_two_versions_are_never_active_at_once(world: World) -> None:
    await in_force(world, a_table(**MILDER))
    await drafted(world, a_table(version="2026.3"))
    with pytest.raises(IntegrityError, match="uq_rule_tables_active"):
        async with world.database.transaction() as connection:
            await connection.execute(text("UPDATE triage.rule_tables SET state = 'active' WHERE version = '2026.3'"))


async def test_the_proposer_does_not_activate(world: World) -> None:
    proposal = await proposed(world, a_table(**MILDER))
    await looked_at(world, proposal.version)
    with pytest.raises(LabRefusedError) as error:
        await activated(world, proposal.version, proposal.digest, by=ANNA)
    assert refusal(error) == SAME_PERSON.en
    assert (await versions(world))["2026.2"] == "proposed"


async def test_nothing_is_activated_without_a_replay_of_exactly_this_content(world: World) -> None:
    draft = await drafted(world, a_table())
    await looked_at(world, draft.version)
    changed = a_table(**MILDER)
    async with world.database.transaction() as connection:
        await save_draft(connection, changed, seen=draft.digest, now=world.clock.now())
        await propose_table(connection, draft.version, by=ANNA, note=WHY, now=world.clock.now())
    with pytest.raises(LabRefusedError) as error:
        await activated(world, draft.version, digest(changed))
    assert refusal(error) == NOT_REPLAYED.en
    await looked_at(world, draft.version)
    await activated(world, draft.version, digest(changed))


async def test_a_replay_against_a_version_no_longer_in_force_does_not_count(world: World) -> None:
    stale = await proposed(world, a_table(version="2026.3", rules__R15__level="IMMEDIATE"))
    await looked_at(world, stale.version)
    await in_force(world, a_table(**MILDER))
    with pytest.raises(LabRefusedError) as error:
        await activated(world, stale.version, stale.digest)
    assert refusal(error) == NOT_REPLAYED.en


async def test_a_proposal_changed_since_it_was_looked_at_is_not_activated(world: World) -> None:
    proposal = await proposed(world, a_table())
    async with world.database.transaction() as connection:
        await withdraw_table(connection, proposal.version, world.clock.now())
        await save_draft(connection, a_table(**MILDER), seen=proposal.digest, now=world.clock.now())
        await propose_table(connection, proposal.version, by=ANNA, note=WHY, now=world.clock.now())
    await looked_at(world, proposal.version)
    with pytest.raises(LabRefusedError) as error:
        await activated(world, proposal.version, proposal.digest)
    assert refusal(error) == NOT_PROPOSED.en


@pytest.mark.parametrize("note", ["", "   ", "ngắn", "  a  b  c   "])
async def test_a_proposal_needs_a_reason(world: World, note: str) -> None:
    draft = await drafted(world, a_table())
    with pytest.raises(LabRefusedError) as error:
        async with world.database.transaction() as connection:
            await propose_table(connection, draft.version, by=ANNA, note=note, now=world.clock.now())
    assert refusal(error) == NOTE_MISSING.en


async def test_of_two_people_who_activate_the_same_proposal_at_once_one_does(world: World) -> None:
    proposal = await proposed(world, a_table(**MILDER))
    await looked_at(world, proposal.version)
    people = [uuid4() for _ in range(4)]
    tries = [activated(world, proposal.version, proposal.digest, by=person) for person in people]
    results = await asyncio.gather(*tries, return_exceptions=True)
    done = [result for result in results if isinstance(result, Activation)]
    refused = [result for result in results if isinstance(result, LabRefusedError)]
    assert (len(done), len(refused)) == (1, 3)
    assert {error.words.en for error in refused} == {NOT_PROPOSED.en}
    assert await versions(world) == {"2026.2": "active", "2026.1": "retired"}


async def test_of_two_proposals_activated_at_once_one_is_in_force(world: World) -> None:
    proposals = [await proposed(world, a_table(version=f"2026.{number}", **MILDER)) for number in (2, 3)]
    for proposal in proposals:
        await looked_at(world, proposal.version)
    tries = [activated(world, proposal.version, proposal.digest, by=BINH) for proposal in proposals]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, Activation) for result in results) == 1
    states = await versions(world)
    assert sorted(states.values()) == ["active", "proposed", "retired"]
    assert states["2026.1"] == "retired"


async def test_reports_judged_while_versions_change_name_the_version_that_judged_them(world: World) -> None:
    tables = {"2026.2": "PRIORITY", "2026.3": "IMMEDIATE"}
    reports = [a_report(facts=STORY) for _ in range(20)]

    async def change() -> None:
        for version, level in tables.items():
            await in_force(world, a_table(version=version, rules__R14__level=level))

    await asyncio.gather(change(), *(world.assess(report) for report in reports))
    await world.assess(last := a_report(facts=STORY))
    for report in (*reports, last):
        case = await world.case(report.report_id)
        assert case["level"] == {"2026.1": "URGENT", **tables}[case["table_version"]]
        assert [rule["level"] for rule in case["rules"] if rule["id"] == "R14"] == [case["level"]]
    assert (await world.case(last.report_id))["table_version"] == "2026.3"


async def test_a_copy_says_the_same_under_a_new_name(world: World) -> None:
    await in_force(world, a_table(**MILDER))
    async with world.database.transaction() as connection:
        copied = await copy_version(connection, "2026.1", "2026.9-khoi-phuc", author=BINH, now=world.clock.now())
    assert (copied.state, copied.base_version, copied.author) == ("draft", "2026.1", BINH)
    assert copied.table.rules == BUILT_IN.rules


async def test_drafts_are_refused_by_name(world: World) -> None:
    await in_force(world, a_table(**MILDER))
    now = world.clock.now()
    for base, new, words in (
        ("2025.1", "2026.3", NO_SUCH_VERSION),
        ("2026.2", "2026.2", VERSION_EXISTS),
        ("2026.2", "2026.1", VERSION_EXISTS),
    ):
        with pytest.raises(LabRefusedError) as error:
            async with world.database.transaction() as connection:
                await copy_version(connection, base, new, author=ANNA, now=now)
        assert refusal(error) == words.en
    with pytest.raises(TableRefusedError, match="version"):
        async with world.database.transaction() as connection:
            await copy_version(connection, "2026.2", "proposals", author=ANNA, now=now)


async def test_only_drafts_are_saved_and_thrown_away(world: World) -> None:
    proposal = await proposed(world, a_table())
    now = world.clock.now()
    for number, (table, seen, words) in enumerate(
        [
            (a_table(**MILDER), proposal.digest, NOT_A_DRAFT),
            (a_table(version="2026.7"), proposal.digest, NO_SUCH_VERSION),
        ]
    ):
        with pytest.raises(LabRefusedError) as error:
            async with world.database.transaction() as connection:
                await save_draft(connection, table, seen=seen, now=now)
        assert refusal(error) == words.en, number
    with pytest.raises(LabRefusedError):
        async with world.database.transaction() as connection:
            await discard_draft(connection, "2026.2")
    async with world.database.transaction() as connection:
        await withdraw_table(connection, "2026.2", now)
        await save_draft(connection, a_table(**MILDER), seen=proposal.digest, now=now)
    with pytest.raises(LabRefusedError) as error:
        async with world.database.transaction() as connection:
            await save_draft(connection, a_table(), seen=proposal.digest, now=now)
    assert refusal(error) == CHANGED_MEANWHILE.en
    async with world.database.transaction() as connection:
        await discard_draft(connection, "2026.2")
    assert "2026.2" not in await versions(world)


async def test_replay_of_past_cases_shows_who_moves_and_the_load(world: World) -> None:
    story, plain = a_report(case_code="STORY1", facts=STORY), a_report(case_code="PLAIN1", facts={"danger_now": "no"})
    await world.assess(story, plain)
    await drafted(world, a_table(**MILDER, matrix__anything_else__support=["police"]))
    kept = await replay_table(world.database, "2026.2", "cases", by=ANNA, now=world.clock.now())
    result = lab_results.read(kept.result)
    assert (result.cases, result.up, result.down, result.rerouted) == (2, 0, 1, 2)
    (move,) = result.moves
    assert (move.case_code, move.before, move.after) == ("STORY1", Level.URGENT, Level.PRIORITY)
    assert (move.only_before, move.only_after) == ((FiredAs("R14", Level.URGENT),), (FiredAs("R14", Level.PRIORITY),))
    assert list(result.levels) == sorted(Level, reverse=True)
    assert result.levels[Level.URGENT] == (1, 0)
    assert result.levels[Level.PRIORITY] == (1, 2)
    assert Load("police-9190", 0, 0, 0, 2) in result.loads
    assert lab_results.read(lab_results.written(result)) == result
    async with world.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(LAB.rule_replays)) == 1


async def test_replay_reads_what_rules_read_and_nothing_else_decides(world: World) -> None:
    """Judged again by the same table, no stored case moves and every route is as it was."""
    reports = [from_document(sample).model_copy(update={"case_code": sample["id"]}) for sample in SAMPLES]
    team = team_id("social-9190")
    await set_coverage(world.database, [9190])
    await world.assess(
        *reports, a_report(excluded_team_ids=[team], concerns=["neglect"]), a_report(excluded_team_ids=[uuid4()])
    )
    await drafted(world, a_table())
    result = lab_results.read(
        (await replay_table(world.database, "2026.2", "cases", by=ANNA, now=world.clock.now())).result
    )
    assert (result.cases, result.moves, result.rerouted) == (14, (), 0)
    for report in reports:
        case = await world.case(report.report_id)
        assert case["route"]["lead"] in {load.team for load in result.loads if load.lead_before}


async def test_replay_of_the_samples_needs_no_case(world: World) -> None:
    await drafted(world, a_table())
    result = lab_results.read((await looked_at(world, "2026.2")).result)
    assert result.cases == 12
    expected = [sample["expected"]["level"] for sample in SAMPLES]
    assert {level.name: counts[0] for level, counts in result.levels.items()} == {
        level.name: expected.count(level.name) for level in Level
    }


async def test_replay_takes_the_newest_cases_only(world: World) -> None:
    await world.assess(*(a_report() for _ in range(5)))
    await drafted(world, a_table())
    kept = await replay_table(world.database, "2026.2", "cases", most=3, by=ANNA, now=world.clock.now())
    assert kept.result["cases"] == 3
