"""The message templates in force, read from the database once a process and set of versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import TEMPLATES
from services.notify.rules.encoding import Encoding
from services.notify.rules.sms_text import BUILT_IN_WORDING, Wording, Words
from services.notify.rules.template import SPECS, Template

WORDINGS_KEPT: Final = 16
"""Sets of templates that a process remembers; one is in force at a time."""

_read: dict[tuple[UUID, ...], Wording] = {}
"""By the ids of their versions, which never change, so that what is remembered is right for every database."""

_table = TEMPLATES.templates
_BY_IDS = select(_table.c.name, _table.c.language, _table.c.text, _table.c.encoding)


def versions_in_force() -> ScalarSelect[Any]:
    """Return the column of the ids in force, in order, or null: for a statement that is made anyway."""
    ids = func.array_agg(aggregate_order_by(_table.c.id, _table.c.id))
    return select(ids).where(_table.c.state == "in_force").scalar_subquery()


_VERSIONS = select(versions_in_force())


async def wording_in_force(connection: AsyncConnection) -> Wording:
    """Return the words of every language that are in force now."""
    return await wording_of(connection, await connection.scalar(_VERSIONS))


async def wording_of(connection: AsyncConnection, versions: Sequence[UUID] | None) -> Wording:
    """Return the words with these versions in force, from memory where they have been read before."""
    if not versions:
        return BUILT_IN_WORDING
    key = tuple(versions)
    wording = _read.get(key)
    if wording is None:
        wording = await _load(connection, key)
        while len(_read) >= WORDINGS_KEPT:
            _read.pop(next(iter(_read)))
        _read[key] = wording
    return wording


async def _load(connection: AsyncConnection, versions: tuple[UUID, ...]) -> Wording:
    rows = (await connection.execute(_BY_IDS.where(_table.c.id.in_(versions)))).all()
    found = [Template(row.name, row.language, row.text, Encoding(row.encoding)) for row in rows if row.name in SPECS]
    languages = BUILT_IN_WORDING.by_language
    return Wording(
        {
            one: Words(one, {found_one.name: found_one for found_one in found if found_one.language == one})
            for one in languages
        }
    )
