"""The rule table in force, read from the database once a process and version."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.models import LAB
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.table_document import restored
from services.triage.rules.wrong import TableRefusedError
from shared.observability import logger

TABLES_KEPT: Final = 16
"""Parsed tables that a process remembers; one is in force at a time."""

log = logger(__name__)

_parsed: dict[str, RuleTable] = {}
"""By digest of their content, so that what is remembered is right for every database."""

_DOCUMENT = select(LAB.rule_tables.c.document).where(
    LAB.rule_tables.c.digest == bindparam("of_digest"), LAB.rule_tables.c.state.in_(("active", "retired"))
)


async def table_in_force(connection: AsyncConnection, of_digest: str | None) -> RuleTable:
    """Return the rule table with this digest, which is or was in force; without one, the built-in table.

    A report is judged wholly by the table that was in force when its transaction looked, also when another is put in
    its place meanwhile: documents that were in force never change. A stored table that this release cannot read is
    logged and the built-in one judges instead, since no report waits.
    """
    if of_digest is None:
        return BUILT_IN
    table = _parsed.get(of_digest)
    if table is None:
        table = await _load(connection, of_digest)
        while len(_parsed) >= TABLES_KEPT:
            _parsed.pop(next(iter(_parsed)))
        _parsed[of_digest] = table
    return table


async def _load(connection: AsyncConnection, of_digest: str) -> RuleTable:
    stored = (await connection.execute(_DOCUMENT, {"of_digest": of_digest})).scalar_one()
    try:
        return restored(stored)
    except TableRefusedError as error:
        log.exception("rule_table_unreadable", digest=of_digest, wrong=[wrong.field for wrong in error.wrong])
        return BUILT_IN
