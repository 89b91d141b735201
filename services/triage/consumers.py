"""Which event goes to which use case."""

from __future__ import annotations

from functools import partial

from services.triage.handlers.assess_report import assess_report
from services.triage.handlers.record_alert import record_alert
from shared.contracts.event import Event
from shared.contracts.events import AlertChanged, ReportReceived
from shared.service import EventHandler, Parts


def event_handlers(parts: Parts) -> dict[type[Event], EventHandler]:
    """Return triage's handlers by the event they handle."""
    return {
        ReportReceived: partial(assess_report, bus=parts.bus, clock=parts.clock),
        AlertChanged: record_alert,
    }
