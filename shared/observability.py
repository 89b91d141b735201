"""Logs as JSON with one correlation id from the form to the reply, and metrics. Never personal data."""

from __future__ import annotations

import logging
import math
import sys

import structlog
from prometheus_client import Counter, Gauge, Histogram

EVENTS_HANDLED = Counter(
    "heedline_events_handled_total", "Events handled, by consumer, topic and outcome.", ["consumer", "topic", "outcome"]
)
MESSAGES_SENT = Counter("heedline_messages_total", "Outcomes of sending, by outcome.", ["outcome"])
SWEEP_LATENESS = Histogram(
    "heedline_sweep_lateness_seconds",
    "From a due-time to its step, in seconds of the clock.",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600),
)
PUBLIC_FORMS_TOO_LARGE = Counter(
    "heedline_public_forms_too_large_total", "Public forms refused because their body was over 64 KB."
)
KEY_REFUSALS = Counter(
    "heedline_key_refusals_total", "Requests refused because an API key was over its limit, by route.", ["route"]
)
LETTERS_WAITING = Gauge("heedline_letters_waiting", "What could not be read and waits for a person, by kind.", ["kind"])
DUTY_HORIZON = Gauge(
    "heedline_duty_horizon_days",
    "For how many days duty is written ahead where it is least; infinite where no rotation is planned.",
)
DUTY_HORIZON.set(math.nan)
ACKNOWLEDGED = Counter("heedline_acknowledged_total", "Alerts acknowledged by a human, by level.", ["level"])


def configure_logging(*, level: int = logging.INFO) -> None:
    """Send logs of ours and of the libraries to standard error, one JSON object a line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _name_exception_only,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "httpx", "aiokafka", "apscheduler", "twilio", "faststream", "sqlalchemy", "outbox"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _name_exception_only(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Log the class and place of an exception, not its text: database errors quote the values of a row."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        trace = info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        event["exception"] = info[0].__name__
        if trace is not None:
            event["at"] = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
    return event


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger for a module. Event names are static; values are identifiers, never objects or people."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return found
