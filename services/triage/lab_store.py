"""What the rule lab reads and writes; every statement is built once."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, case, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.lab_records import Activation, KeptReplay, Version
from services.triage.models import LAB, cases, covered_units
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.table_document import digest, document

ACTIVATION_LOCK: Final = 0x52554C45
"""An advisory lock: versions are put into force one after the other."""

_tables, _activations, _replays = LAB.rule_tables, LAB.rule_activations, LAB.rule_replays


def _names(record: type[Version | Activation | KeptReplay]) -> list[str]:
    return [field.name for field in fields(record)]


_VERSION_FIELDS = [_tables.c[name] for name in _names(Version)]
_ACTIVATION_FIELDS = [_activations.c[name] for name in _names(Activation)]
_REPLAY_FIELDS = [_replays.c[name] for name in _names(KeptReplay)]

_state_order = case({"active": 0, "proposed": 1, "draft": 2}, value=_tables.c.state, else_=3)
_ALL = select(*_VERSION_FIELDS).order_by(_state_order, _tables.c.changed_at.desc(), _tables.c.version)
_ONE = select(*_VERSION_FIELDS).where(_tables.c.version == bindparam("of_version"))
_ACTIVE = select(*_VERSION_FIELDS).where(_tables.c.state == "active")
_HISTORY = select(*_ACTIVATION_FIELDS).order_by(_activations.c.id.desc())
_NEWEST_REPLAY = (
    select(*_REPLAY_FIELDS).where(_replays.c.digest == bindparam("of_digest")).order_by(_replays.c.id.desc()).limit(1)
)
_REPLAYED = select(
    exists().where(_replays.c.digest == bindparam("of_digest"), _replays.c.against == bindparam("in_force"))
)
_KEEP_BUILT_IN = (
    upsert(_tables)
    .from_select(
        ["version", "document", "digest", "state", "created_at", "changed_at"],
        select(
            bindparam("new_version", type_=_tables.c.version.type),
            bindparam("new_document", type_=_tables.c.document.type),
            bindparam("new_digest", type_=_tables.c.digest.type),
            literal("active"),
            bindparam("now", type_=_tables.c.created_at.type),
            bindparam("now", type_=_tables.c.created_at.type),
        ).where(~exists(select(_tables.c.version).where(_tables.c.state == "active"))),
    )
    .on_conflict_do_nothing()
)
_ADD = upsert(_tables).on_conflict_do_nothing(index_elements=[_tables.c.version])
_SAVE = (
    update(_tables)
    .where(
        _tables.c.version == bindparam("of_version"),
        _tables.c.state == "draft",
        _tables.c.digest == bindparam("seen_digest"),
    )
    .values(document=bindparam("new_document", type_=_tables.c.document.type), digest=bindparam("new_digest"))
    .values(changed_at=bindparam("now", type_=_tables.c.changed_at.type))
)
_DISCARD = delete(_tables).where(_tables.c.version == bindparam("of_version"), _tables.c.state == "draft")
_PROPOSE = (
    update(_tables)
    .where(_tables.c.version == bindparam("of_version"), _tables.c.state == "draft")
    .values(state="proposed", proposed_by=bindparam("by", type_=_tables.c.proposed_by.type), note=bindparam("why"))
    .values(proposed_at=bindparam("now", type_=_tables.c.proposed_at.type))
    .values(changed_at=bindparam("now", type_=_tables.c.changed_at.type))
)
_WITHDRAW = (
    update(_tables)
    .where(_tables.c.version == bindparam("of_version"), _tables.c.state == "proposed")
    .values(state="draft", proposed_by=None, proposed_at=None)
    .values(changed_at=bindparam("now", type_=_tables.c.changed_at.type))
)
_RETIRE = update(_tables).where(_tables.c.state == "active").values(state="retired")
_RETIRE = _RETIRE.values(changed_at=bindparam("now", type_=_tables.c.changed_at.type))
_ACTIVATE = (
    update(_tables)
    .where(
        _tables.c.version == bindparam("of_version"),
        _tables.c.digest == bindparam("of_digest"),
        _tables.c.state == "proposed",
    )
    .values(state="active", changed_at=bindparam("now", type_=_tables.c.changed_at.type))
)
_LAST_CASES = (
    select(cases.c.case_code, cases.c.received_at, cases.c.facts, cases.c.answers, cases.c.excluded_team_ids)
    .order_by(cases.c.received_at.desc(), cases.c.report_id)
    .limit(bindparam("most"))
)


async def keep_built_in(connection: AsyncConnection, now: datetime) -> None:
    """Put the built-in table into force where none is."""
    values = {"new_version": BUILT_IN.version, "new_document": document(BUILT_IN), "new_digest": digest(BUILT_IN)}
    await connection.execute(_KEEP_BUILT_IN, {**values, "now": now})


async def versions(connection: AsyncConnection) -> list[Version]:
    """Return every version: the active one, proposals, drafts, then what is retired."""
    return [Version(**row) for row in (await connection.execute(_ALL)).mappings()]


async def version(connection: AsyncConnection, of_version: str) -> Version | None:
    """Return one version."""
    row = (await connection.execute(_ONE, {"of_version": of_version})).mappings().one_or_none()
    return Version(**row) if row else None


async def active(connection: AsyncConnection) -> Version | None:
    """Return the version in force, null only before the built-in one is kept."""
    row = (await connection.execute(_ACTIVE)).mappings().one_or_none()
    return Version(**row) if row else None


async def history(connection: AsyncConnection) -> list[Activation]:
    """Return every activation, newest first."""
    return [Activation(**row) for row in (await connection.execute(_HISTORY)).mappings()]


async def add(connection: AsyncConnection, new: Version) -> bool:
    """Add a version; false when one of that name exists."""
    values = {name: getattr(new, name) for name in _names(Version)}
    return (await connection.execute(_ADD, values)).rowcount == 1


async def save(connection: AsyncConnection, table: RuleTable, seen: str, now: datetime) -> bool:
    """Change the content of a draft; false when there is no such draft with the digest `seen`."""
    values = {
        "of_version": table.version,
        "seen_digest": seen,
        "new_document": document(table),
        "new_digest": digest(table),
        "now": now,
    }
    return (await connection.execute(_SAVE, values)).rowcount == 1


async def discard(connection: AsyncConnection, of_version: str) -> bool:
    """Delete a draft; false when there is none."""
    return (await connection.execute(_DISCARD, {"of_version": of_version})).rowcount == 1


async def propose(connection: AsyncConnection, of_version: str, by: UUID, note: str, now: datetime) -> bool:
    """Make a proposal of a draft; false when there is none."""
    values = {"of_version": of_version, "by": by, "why": note, "now": now}
    return (await connection.execute(_PROPOSE, values)).rowcount == 1


async def withdraw(connection: AsyncConnection, of_version: str, now: datetime) -> bool:
    """Make a draft of a proposal again; false when there is none."""
    return (await connection.execute(_WITHDRAW, {"of_version": of_version, "now": now})).rowcount == 1


async def lock_activation(connection: AsyncConnection) -> None:
    """Wait until no other transaction is putting a version into force."""
    await connection.execute(select(func.pg_advisory_xact_lock(ACTIVATION_LOCK)))


async def activate(connection: AsyncConnection, done: Activation) -> bool:
    """Put a proposal in the place of the active version and write it down; false when it is no longer proposed."""
    await connection.execute(_RETIRE, {"now": done.activated_at})
    values = {"of_version": done.version, "of_digest": done.digest, "now": done.activated_at}
    if (await connection.execute(_ACTIVATE, values)).rowcount != 1:
        return False
    await connection.execute(insert(_activations), _values(done))
    return True


async def keep_replay(connection: AsyncConnection, done: KeptReplay) -> None:
    """Keep a replay for those who look at it."""
    await connection.execute(insert(_replays), _values(done))


async def newest_replay(connection: AsyncConnection, of_digest: str) -> KeptReplay | None:
    """Return the newest replay of this content."""
    row = (await connection.execute(_NEWEST_REPLAY, {"of_digest": of_digest})).mappings().one_or_none()
    return KeptReplay(**row) if row else None


async def was_replayed(connection: AsyncConnection, of_digest: str, in_force: str) -> bool:
    """Tell whether exactly this content was replayed against exactly what is in force."""
    return bool(await connection.scalar(_REPLAYED, {"of_digest": of_digest, "in_force": in_force}))


async def last_cases(connection: AsyncConnection, most: int) -> list[RowMapping]:
    """Return the newest cases: case_code, received_at, facts (what the rules read), answers, excluded_team_ids."""
    return list((await connection.execute(_LAST_CASES, {"most": most})).mappings())


async def coverage(connection: AsyncConnection) -> frozenset[int]:
    """Return the communes that have teams here; none means all."""
    return frozenset(await connection.scalars(select(covered_units.c.unit_code)))


def _values(record: Activation | KeptReplay) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _names(type(record))}
