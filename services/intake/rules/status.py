"""Where a report is on its way, as outside programs and operators see it."""

from __future__ import annotations

from enum import StrEnum

from shared.contracts.events import AlertState
from shared.contracts.vocabulary import Level


class Status(StrEnum):
    """A report's stations in order."""

    RECEIVED = "received"
    ASSESSED = "assessed"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


def status_of(level: Level | None, alert_state: AlertState | None, paged: int) -> Status:
    """Return the station: an open alert counts as paged once somebody was paged."""
    match alert_state:
        case "closed":
            return Status.CLOSED
        case "acknowledged":
            return Status.ACKNOWLEDGED
        case "open" if paged > 0:
            return Status.PAGED
        case _:
            return Status.RECEIVED if level is None else Status.ASSESSED
