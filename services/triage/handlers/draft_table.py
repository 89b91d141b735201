"""Make, change and throw away drafts of the rule table. A draft in the store is always one that could be in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import lab_store
from services.triage.lab_records import (
    CHANGED_MEANWHILE,
    NO_SUCH_VERSION,
    NOT_A_DRAFT,
    VERSION_EXISTS,
    LabRefusedError,
    Version,
)
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.table_checks import checked
from services.triage.rules.table_document import digest, document, named
from services.triage.rules.wrong import TableRefusedError
from shared.observability import logger

log = logger(__name__)


async def copy_version(
    connection: AsyncConnection, base_version: str, new_version: str, *, author: UUID, now: datetime
) -> Version:
    """Make a draft that says what `base_version` says, also one that is no longer in force.

    Raises `LabRefusedError` where there is no such base or the new version exists, and `TableRefusedError` where the
    new name is none or an old table would no longer be accepted.
    """
    base = await lab_store.version(connection, base_version)
    if base is None:
        raise LabRefusedError(NO_SUCH_VERSION)
    table = replace(base.table, version=named(new_version))
    if wrong := checked(table):
        raise TableRefusedError(wrong)
    return await keep_draft(connection, table, base_version=base_version, author=author, now=now)


async def keep_draft(
    connection: AsyncConnection, table: RuleTable, *, base_version: str | None, author: UUID | None, now: datetime
) -> Version:
    """Keep a table that validation accepted as a new draft; raises `LabRefusedError` where its version exists."""
    draft = Version(
        version=table.version,
        document=document(table),
        digest=digest(table),
        base_version=base_version,
        author=author,
        note="",
        state="draft",
        created_at=now,
        changed_at=now,
        proposed_by=None,
        proposed_at=None,
    )
    if table.version == BUILT_IN.version or not await lab_store.add(connection, draft):
        raise LabRefusedError(VERSION_EXISTS)
    log.info("rule_table_drafted", version=draft.version, author=str(author) if author else None)
    return draft


async def save_draft(connection: AsyncConnection, table: RuleTable, *, seen: str, now: datetime) -> None:
    """Change the draft of that version, whose digest was `seen`; raises `LabRefusedError` where that is no draft (now)."""
    if await lab_store.save(connection, table, seen, now):
        return
    found = await lab_store.version(connection, table.version)
    if found is None:
        raise LabRefusedError(NO_SUCH_VERSION)
    raise LabRefusedError(CHANGED_MEANWHILE if found.state == "draft" else NOT_A_DRAFT)


async def discard_draft(connection: AsyncConnection, version: str) -> None:
    """Throw a draft away; raises `LabRefusedError` where it is no draft."""
    if not await lab_store.discard(connection, version):
        raise LabRefusedError(NOT_A_DRAFT)
    log.info("rule_table_discarded", version=version)
