"""How often people lower the level that a rule set: R16 and R27 over-triage by design, others may turn out to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.models import cases, overrides
from services.triage.rules.table import TABLE, Rule

FEW = 5
"""Fewer cases than this are not counted out: so few may point to a family."""


@dataclass(frozen=True)
class Lowered:
    """A rule, the cases whose level it set, and those of them that a person lowered."""

    rule: Rule
    set_level: int
    lowered: int

    @property
    def share(self) -> int | None:
        """Per cent of the cases that were lowered; null while there are too few to say."""
        return round(100 * self.lowered / self.set_level) if self.set_level >= FEW else None


_rule = func.jsonb_array_elements(cases.c.rules).table_valued(column("value", JSONB)).lateral("fired")
_id, _level = _rule.c.value["id"].astext, _rule.c.value["level"].astext
_SET = (
    select(_id.label("id"), func.count())
    .select_from(cases)
    .join(_rule, cast(_level, cases.c.rule_level.type) == cases.c.rule_level)
    .group_by(_id)
)
_lowering = func.unnest(overrides.c.rules).label("id")
_LOWERED = (
    select(_lowering, func.count(overrides.c.report_id.distinct()))
    .where(overrides.c.state == "in_force")
    .group_by(_lowering)
)


async def load_lowered(connection: AsyncConnection) -> list[Lowered]:
    """Return every rule that has set a level, the most often lowered first."""
    set_level = {row[0]: int(row[1]) for row in await connection.execute(_SET)}
    lowered = {row[0]: int(row[1]) for row in await connection.execute(_LOWERED)}
    found = [Lowered(rule, set_level.get(rule.id, 0), lowered.get(rule.id, 0)) for rule in TABLE]
    return sorted((one for one in found if one.set_level or one.lowered), key=lambda one: (-one.lowered, one.rule.id))
