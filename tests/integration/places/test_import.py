"""Importing changes of units: shown first, all or nothing, once, and used by running processes from their first day."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deploy.places import ImportOutcome, import_file
from shared import places
from shared.clock import MovedClock
from shared.database import Database
from shared.places import Ambiguous, Resolved, Unknown, store
from shared.places.changes import COLUMNS
from shared.places.plan import Change
from shared.places.tables import CHANGES, IMPORTS, METADATA, PLACES_SCHEMA
from shared.settings import SettingError, Settings
from tests.support.catalog import migrated_and_modelled
from tests.support.postgres import Postgres

HEADER = ",".join(COLUMNS)
NEW_YEAR = (
    "9193,Xã Yên Phong,xã,24,2025-07-01,2026-12-31,9193",
    "9193,Phường Chợ Chờ,phường,24,2027-01-01,,",
    "9202,Xã Tam Giang,xã,24,2025-07-01,31/12/2026,9193",
    "9190,Phường Võ Cường,phường,24,2025-07-01,2026-12-31,9191 9193",
    "9191,Phường Hòa Long Mới,phường,24,2027-01-01,,",
)
BEFORE_NEW_YEAR = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
"""23:59 in Việt Nam."""
NAME = "Nguyễn Thị Nhập"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(BEFORE_NEW_YEAR)


def write(folder: Path, *lines: str, name: str = "2027.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


async def run(database: Database, path: Path, *, apply: bool, by: str = NAME) -> ImportOutcome:
    return await import_file(Settings(), database, path, by=by, apply=apply)


async def count(database: Database) -> tuple[int, int]:
    async with database.reading() as connection:
        imports = await connection.scalar(select(func.count()).select_from(IMPORTS))
        changes = await connection.scalar(select(func.count()).select_from(CHANGES))
    return imports or 0, changes or 0


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    migrated, modelled = await migrated_and_modelled(postgres, PLACES_SCHEMA, METADATA)
    assert migrated == modelled


async def test_dry_run_writes_nothing(database: Database, tmp_path: Path) -> None:
    outcome = await run(database, write(tmp_path, *NEW_YEAR), apply=False)
    assert outcome.plan.errors == ()
    assert not outcome.written
    assert await count(database) == (0, 0)


async def test_import_is_recorded_with_who_when_and_digest(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, *NEW_YEAR)
    assert (await run(database, path, apply=True)).written
    assert await count(database) == (1, 5)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    async with database.reading() as connection:
        source = await store.imported(connection, digest)
    assert source is not None
    assert (source.file_name, source.digest, source.imported_by) == ("2027.csv", digest, NAME)
    assert abs(source.imported_at - datetime.now(UTC)) < timedelta(hours=1)


async def test_importing_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, *NEW_YEAR)
    await run(database, path, apply=True)
    again = await run(database, path, apply=True, by="somebody else")
    assert again.before is not None
    assert again.before.imported_by == NAME
    reordered = await run(database, write(tmp_path, *reversed(NEW_YEAR), name="copy.csv"), apply=True)
    assert set(reordered.plan.counts()) == {Change.UNCHANGED}
    assert not reordered.written
    assert await count(database) == (1, 5)


async def test_one_wrong_row_imports_nothing(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, *NEW_YEAR, "88888,Xã A,xã,27,2027-01-01,,", "99,Xã B,xã,24,2027-01-01,2026-01-01,")
    outcome = await run(database, path, apply=True)
    assert [error.line for error in outcome.plan.errors] == [7, 8]
    assert not outcome.written
    assert await count(database) == (0, 0)


async def test_later_import_continues_an_earlier_one(database: Database, tmp_path: Path) -> None:
    await run(database, write(tmp_path, *NEW_YEAR), apply=True)
    later = write(tmp_path, "9191,Phường Hòa Long Mới,phường,24,2027-01-01,2027-12-31,9193", name="2028.csv")
    outcome = await run(database, later, apply=True)
    assert outcome.written
    assert await count(database) == (2, 5)
    old = await run(database, write(tmp_path, *NEW_YEAR), apply=True)
    assert old.before is not None
    async with database.reading() as connection:
        record = next(one for one in await store.changes(connection) if one.code == 9191)
    assert record.successors == (9193,)


async def test_imports_at_once_are_one(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path, *NEW_YEAR)
    outcomes = await asyncio.gather(*(run(database, path, apply=True) for _ in range(4)))
    assert sorted(outcome.written for outcome in outcomes) == [False, False, False, True]
    assert await count(database) == (1, 5)


async def test_running_process_uses_an_import_from_its_first_day(
    database: Database, tmp_path: Path, clock: MovedClock
) -> None:
    newest = store.Newest(database, clock)
    await newest.take_over()
    await run(database, write(tmp_path, *NEW_YEAR), apply=True)
    await newest.take_over()
    unit = places.by_code(9193)
    assert unit is not None
    assert unit.name == "Xã Yên Phong"
    assert places.resolve("phường Chợ Chờ") == Unknown()
    clock.advance(timedelta(minutes=1))
    unit = places.by_code(9193)
    assert unit is not None
    assert (unit.name, unit.province_name) == ("Phường Chợ Chờ", "Bắc Ninh")
    assert places.by_code(9202) is None
    assert places.last_name(9202) == "Xã Tam Giang"
    assert len(places.bac_ninh()) == 98
    assert [one.code for one in places.search("cho cho")] == [9193]


async def test_names_before_an_import_mean_what_they_became(
    database: Database, tmp_path: Path, clock: MovedClock
) -> None:
    await run(database, write(tmp_path, *NEW_YEAR), apply=True)
    await store.Newest(database, clock).take_over()
    clock.advance(timedelta(days=1))
    assert places.resolve("Xã Tam Giang, Bắc Ninh") == Resolved(9193)
    assert places.resolve("xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh") == Resolved(9193)
    became = places.successor(9202)
    assert became is not None
    assert became.code == 9193
    assert places.successor(9190) is None
    split = places.resolve("Phường Võ Cường, Bắc Ninh")
    assert isinstance(split, Ambiguous)
    assert {unit.code for unit in split.candidates} == {9191, 9193}
    assert split.complete


async def test_import_tells_the_successor_of_a_former_unit(
    database: Database, tmp_path: Path, clock: MovedClock
) -> None:
    text = "Thị trấn Chờ, huyện Yên Phong, Bắc Ninh"
    assert places.resolve(text) == Unknown()
    assert places.successor(7207) is None
    rows = ("9193,Thị trấn Chờ,thị trấn,27,,2025-06-30,9193", "7207,Phường Ngô Quyền,phường,24,,2025-06-30,7210")
    assert (await run(database, write(tmp_path, *rows), apply=True)).written
    await store.Newest(database, clock).take_over()
    assert places.resolve(text) == Resolved(9193)
    became = places.successor(7207)
    assert became is not None
    assert became.code == 7210


async def test_province_that_becomes_a_city_is_still_named_as_before(
    database: Database, tmp_path: Path, clock: MovedClock
) -> None:
    rows = ("24,Bắc Ninh,tỉnh,,2025-07-01,2026-12-31,24", "24,Thành phố Bắc Ninh,thành phố,,2027-01-01,,")
    await run(database, write(tmp_path, *rows), apply=True)
    await store.Newest(database, clock).take_over()
    clock.advance(timedelta(days=1))
    unit = places.by_code(9190)
    assert unit is not None
    assert unit.province_name == "Thành phố Bắc Ninh"
    for province in ("Bắc Ninh", "tỉnh Bắc Ninh", "TP Bắc Ninh", "Bắc Giang"):
        assert places.resolve(f"xã Tân Sơn, {province}") == Resolved(7531)


async def test_schema_that_is_behind_is_said(postgres: Postgres, tmp_path: Path) -> None:
    async with postgres.database([]) as empty:
        with pytest.raises(SettingError, match="heedline migrate"):
            await run(empty, write(tmp_path, *NEW_YEAR), apply=True)


async def test_file_that_cannot_be_read_is_said(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        await run(database, tmp_path / "missing.csv", apply=False)
