"""Propose a draft, withdraw the proposal, and put it into force: two people, a reason, and a look at a replay."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import lab_store
from services.triage.lab_records import (
    NO_SUCH_VERSION,
    NOT_A_DRAFT,
    NOT_PROPOSED,
    NOT_REPLAYED,
    NOTE_MISSING,
    SAME_PERSON,
    Activation,
    LabRefusedError,
    Version,
)
from services.triage.rules.table_checks import checked
from services.triage.rules.wrong import TableRefusedError
from shared.observability import logger

SHORTEST_NOTE: Final = 10
"""Characters of the reason."""

log = logger(__name__)


async def propose_table(connection: AsyncConnection, version: str, *, by: UUID, note: str, now: datetime) -> None:
    """Propose a draft; from then on its content is fixed. Raises `LabRefusedError` without a reason or a draft."""
    reason = " ".join(note.split())
    if len(reason) < SHORTEST_NOTE:
        raise LabRefusedError(NOTE_MISSING)
    if not await lab_store.propose(connection, version, by, reason, now):
        raise LabRefusedError(NOT_A_DRAFT)
    log.info("rule_table_proposed", version=version, by=str(by))


async def withdraw_table(connection: AsyncConnection, version: str, now: datetime) -> None:
    """Make a proposal a draft again; raises `LabRefusedError` where it is no proposal."""
    if not await lab_store.withdraw(connection, version, now):
        raise LabRefusedError(NOT_PROPOSED)
    log.info("rule_table_withdrawn", version=version)


async def activate_table(
    connection: AsyncConnection, version: str, *, seen: str, by: UUID, now: datetime
) -> Activation:
    """Put a proposal into force in the place of the active version; exactly one is in force at any moment.

    `seen` is the digest that `by` looked at. Raises `LabRefusedError` when that is not proposed (any more), when `by` proposed it, or when nobody looked at a replay
    of exactly this content against what is in force; `TableRefusedError` when this release no longer accepts it.
    """
    await lab_store.lock_activation(connection)
    await lab_store.keep_built_in(connection, now)
    proposal, in_force = await lab_store.version(connection, version), await lab_store.active(connection)
    if proposal is None or in_force is None:
        raise LabRefusedError(NO_SUCH_VERSION)
    proposed_by = _proposer(proposal, seen)
    if proposed_by == by:
        raise LabRefusedError(SAME_PERSON)
    if not await lab_store.was_replayed(connection, proposal.digest, in_force.digest):
        raise LabRefusedError(NOT_REPLAYED)
    if wrong := checked(proposal.table):
        raise TableRefusedError(wrong)
    done = Activation(
        version=version,
        digest=proposal.digest,
        replaced=in_force.version,
        proposed_by=proposed_by,
        activated_by=by,
        note=proposal.note,
        activated_at=now,
    )
    if not await lab_store.activate(connection, done):
        raise LabRefusedError(NOT_PROPOSED)
    log.warning("rule_table_activated", version=version, replaced=in_force.version, by=str(by))
    return done


def _proposer(proposal: Version, seen: str) -> UUID:
    if proposal.state != "proposed" or proposal.proposed_by is None or proposal.digest != seen:
        raise LabRefusedError(NOT_PROPOSED)
    return proposal.proposed_by
