"""What can go wrong with an event, and whether trying again helps."""

from __future__ import annotations

from faststream.exceptions import NackMessage, RejectMessage
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhaustedError

OUTAGE_STATES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes that say "not now": connection, rollback of a conflict, resources, lock, shutdown, system."""


class OutageError(Exception):
    """Something that a handler depends on is away; raise it to be tried again for as long as that lasts."""


class KafkaUnreachableError(Exception):
    """No Kafka broker answers at the configured addresses."""


class SetAsideError(RejectMessage):
    """Trying again cannot help: the row goes to the dead letters at once, with this class's name as the reason."""


class UnknownTopicError(SetAsideError):
    """The service handles no event of this topic."""


class UnknownTaskError(SetAsideError):
    """The service has no work of this name."""


class NewerVersionError(SetAsideError):
    """The event's version is greater than the one this service reads."""


class UnreadableEventError(SetAsideError):
    """The payload is not an event of its topic."""


class KillsItsWorkerError(SetAsideError):
    """The process died each time this row was handled alone."""


class TooLargeError(SetAsideError):
    """Kafka refuses a record of this size."""


class GivenBackError(NackMessage):
    """The row waited too long for a free worker; it goes back to the queue before its lease runs out."""


class FailedError(NackMessage):
    """A handler failed. Carries the class name of the cause only: its text may quote what a row holds.

    `strikes` counts the failures that were no outage, this one included.
    """

    def __init__(self, cause: BaseException, *, strikes: int, outages: int) -> None:
        super().__init__()
        self.cause = type(cause).__name__
        self.outage = is_outage(cause)
        self.strikes = strikes
        self.outages = outages


def is_outage(error: BaseException) -> bool:
    """Tell whether a failure is of something that comes back by itself, so that the event is not to blame."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state[:2] in OUTAGE_STATES
    return isinstance(error, OutageError | OSError | PoolExhaustedError)


def reason(error: BaseException) -> str:
    """Return what a dead letter says of its last failure: a class name, never a text."""
    return error.cause if isinstance(error, FailedError) else type(error).__name__
