"""Events that are personal data are sealed wherever the queue keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.events import ReportSubmitted
from shared.crypto import Keys

PERSONAL_TOPICS = frozenset({ReportSubmitted.TOPIC})
"""Topics whose payload is a report; no other event may carry personal data."""

SEAL_CONTEXT = "events:submitted"


class KeysMissingError(ValueError):
    """A bus without keys was given an event that may only be kept encrypted."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens the payloads of personal topics, and leaves others as they are."""

    keys: Keys | None

    def seal(self, topic: str, payload: bytes) -> bytes:
        """Return what may be stored for `payload`; raises `KeysMissingError`."""
        return payload if topic not in PERSONAL_TOPICS else self.required(topic).seal(payload, SEAL_CONTEXT)

    def open(self, topic: str, stored: bytes) -> bytes:
        """Return the payload of what was stored; raises `KeysMissingError` and `UndecryptableError`."""
        return stored if topic not in PERSONAL_TOPICS else self.required(topic).open(stored, SEAL_CONTEXT)

    def required(self, topic: str) -> Keys:
        """Return the keys, or raise `KeysMissingError`."""
        if self.keys is None:
            raise KeysMissingError(f"the event bus needs keys for {topic}: its payload may only be stored encrypted")
        return self.keys
