"""The events as an AsyncAPI 3.0 document, read from their models: https://www.asyncapi.com/docs/reference/specification/v3.0.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.contracts.event import Event
from shared.contracts.events import AlertChanged, CaseAssessed, PersonChanged, ReportReceived, ReportSubmitted

EVENTS: Final[tuple[type[Event], ...]] = (ReportSubmitted, ReportReceived, CaseAssessed, AlertChanged, PersonChanged)
"""Every event; a test compares them with the subclasses of `Event`."""

INBOUND: Final = (ReportSubmitted,)
"""Events that others send to Heedline; the rest it sends itself."""


def asyncapi(report: type[BaseModel]) -> dict[str, Any]:
    """Return the document: a channel and a message for each event, and the operations of Heedline on them.

    `report` is the report format, which the inbound event carries.
    """
    models = [(model, "validation") for model in (*EVENTS, report)]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type] # a literal
    parts = schemas["$defs"]
    parts[ReportSubmitted.__name__]["properties"]["report"] = {"$ref": f"#/components/schemas/{report.__name__}"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Heedline events",
            "version": "1",
            "description": "Events travel as JSON. A partner may send reports to the inbound topic; the others tell "
            "what becomes of them and hold no personal data.",
        },
        "defaultContentType": "application/json",
        "channels": {event.__name__: _channel(event) for event in EVENTS},
        "operations": {name: operation for event in EVENTS for name, operation in _operations(event)},
        "components": {"messages": {event.__name__: _message(event) for event in EVENTS}, "schemas": parts},
    }


def _channel(event: type[Event]) -> dict[str, Any]:
    return {
        "address": event.TOPIC,
        "messages": {event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}},
        "bindings": {"kafka": {"topic": event.TOPIC, "bindingVersion": "0.5.0"}},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.__name__,
        "summary": (event.__doc__ or "").strip().partition("\n")[0],
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "correlationId": {"location": "$message.payload#/correlation_id"},
    }


def _operations(event: type[Event]) -> Sequence[tuple[str, dict[str, Any]]]:
    """Return what Heedline does with an event: it receives each, and sends all but the inbound ones."""
    actions = ("receive",) if event in INBOUND else ("send", "receive")
    return [(f"{action}{event.__name__}", _operation(event, action)) for action in actions]


def _operation(event: type[Event], action: str) -> dict[str, Any]:
    channel = f"#/channels/{event.__name__}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.__name__}"}],
    }
