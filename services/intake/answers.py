"""The shapes of intake's answers to outside programs, for the description of the API."""

from __future__ import annotations

from typing import Final

from pydantic import AwareDatetime, BaseModel

KEY_LIMIT: Final = 200
"""Characters of an Idempotency-Key."""


class Accepted(BaseModel):
    """A report that is stored; `receipt` is given once, to the request that stored it."""

    report_id: str
    case_code: str
    receipt: str | None


class RuleState(BaseModel):
    """A rule that applied; `level` null when it is only recorded."""

    id: str
    level: str | None
    text: str
    source: str


class ClocksState(BaseModel):
    """Deadlines; null where the level sets none, and until assessed."""

    acknowledge_by: AwareDatetime | None
    contact_by: AwareDatetime | None
    visit_by: AwareDatetime | None
    form02_by: AwareDatetime | None
    legal_by: AwareDatetime | None


class RouteState(BaseModel):
    """Whose duty it is, null until assessed; `lead` and `support` are team codes."""

    lead: str | None
    support: list[str]
    where: str | None
    unit_code: int | None
    text: str | None


class AlertStep(BaseModel):
    """How far the alert is; `step` from 1, `acknowledged_by` a person's id."""

    state: str
    step: int
    acknowledged_by: str | None
    acknowledged_at: AwareDatetime | None


class ReportState(BaseModel):
    """Where a report is: `status` received, assessed, paged, acknowledged or closed."""

    report_id: str
    case_code: str
    status: str
    level: str | None
    rules: list[RuleState]
    clocks: ClocksState
    route: RouteState
    alert: AlertStep | None
    warnings: list[str]


class LedgerCounts(BaseModel):
    """received = waiting + assessed; assessed = open + acknowledged + closed + derived; `gap` breaks this."""

    received: int
    waiting: int
    assessed: int
    open: int
    acknowledged: int
    closed: int
    derived: int
    gap: int


class PlaceFound(BaseModel):
    """A commune of today."""

    code: int
    name: str
    province_code: int
    province_name: str


class PlaceList(BaseModel):
    """Communes found."""

    items: list[PlaceFound]
    next: str | None
