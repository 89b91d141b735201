"""A route in the making, in seats rather than teams."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.triage.rules.seats import Seat

Words = tuple[str, str]
"""The same in Vietnamese and in English."""


@dataclass(frozen=True)
class Plan:
    """Who leads, supports and is told at once, and what to remark about it."""

    lead: Seat
    support: tuple[Seat, ...]
    told: tuple[Seat, ...] = ()
    notes: tuple[Words, ...] = ()

    @property
    def at_province(self) -> Plan:
        """The same duties, all at the province."""
        return replace(
            self,
            lead=self.lead.at_province,
            support=tuple(seat.at_province for seat in self.support),
            told=tuple(seat.at_province for seat in self.told),
        )
