"""Reading and writing imported changes, and keeping a running process at the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import VIETNAM, Clock
from shared.database import Database
from shared.places.past import is_built, past
from shared.places.register import use
from shared.places.tables import CHANGES, IMPORTS
from shared.places.units import Kind, Record

_LATEST = select(func.coalesce(func.max(IMPORTS.c.id), 0))
_CHANGES = select(CHANGES).order_by(CHANGES.c.level, CHANGES.c.code, CHANGES.c.valid_from)
_UPSERT = upsert(CHANGES)
_WRITE = _UPSERT.on_conflict_do_update(
    index_elements=["level", "code", "valid_from"],
    set_={column.name: _UPSERT.excluded[column.name] for column in CHANGES.c if not column.primary_key},
)


@dataclass(frozen=True)
class Imported:
    """A file that was imported: its name and SHA-256, by whom and when (UTC)."""

    file_name: str
    digest: str
    imported_by: str
    imported_at: datetime


async def lock(connection: AsyncConnection) -> None:
    """Have imports wait for one another until the transaction ends; readers do not wait."""
    await connection.execute(text("LOCK TABLE places.changes IN SHARE ROW EXCLUSIVE MODE"))


async def changes(connection: AsyncConnection) -> tuple[Record, ...]:
    """Return every imported record."""
    return tuple(_record(row) for row in (await connection.execute(_CHANGES)).all())


async def imported(connection: AsyncConnection, digest: str) -> Imported | None:
    """Return the import of a file of this SHA-256, null when there was none."""
    columns = [IMPORTS.c[name] for name in Imported.__dataclass_fields__]
    row = (await connection.execute(select(*columns).where(IMPORTS.c.digest == digest))).first()
    return None if row is None else Imported(*row)


async def write(connection: AsyncConnection, source: Imported, records: Iterable[Record]) -> None:
    """Record an import and write its records."""
    written = [_row(record) for record in records]
    statement = insert(IMPORTS).values(
        file_name=source.file_name,
        digest=source.digest,
        imported_by=source.imported_by,
        imported_at=source.imported_at,
        changed=len(written),
    )
    number = (await connection.execute(statement.returning(IMPORTS.c.id))).scalar_one()
    await connection.execute(_WRITE, [{**row, "import_id": number} for row in written])


class Newest:
    """Has this process use the imported changes of its database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._latest: int | None = None

    async def take_over(self) -> None:
        """Use what was imported since the last time; nothing is read again when nothing was."""
        async with self._database.reading() as connection:
            latest = (await connection.execute(_LATEST)).scalar_one()
            if latest == self._latest:
                return
            records = await changes(connection)
        use(records, self._today)
        self._latest = latest
        if is_built():
            await asyncio.to_thread(past)

    def _today(self) -> date:
        return self._clock.now().astimezone(VIETNAM).date()


def _record(row: Row[tuple[object, ...]]) -> Record:
    fields = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row by column
    return Record(
        code=fields["code"],
        name=fields["name"],
        kind=Kind(fields["kind"]),
        province_code=fields["province_code"],
        valid_from=fields["valid_from"],
        valid_to=fields["valid_to"],
        successors=tuple(fields["successors"]),
        district_code=fields["district_code"],
    )


def _row(record: Record) -> dict[str, object]:
    return {
        "level": record.level.value,
        "code": record.code,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "name": record.name,
        "kind": record.kind.value,
        "province_code": record.province_code,
        "district_code": record.district_code,
        "successors": list(record.successors),
    }
