"""TwiML of a call, read as a phone hears it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Words."""

    text: str


@dataclass(frozen=True)
class Ask:
    """Words, then a wait of so many seconds for one key, which goes to `action` (empty: the same address)."""

    texts: tuple[str, ...]
    action: str
    seconds: float


@dataclass(frozen=True)
class End:
    """The other side hangs up."""


Step = Say | Ask | End


def steps_of(twiml: str) -> Sequence[Step]:
    """Return what a call does, in order; verbs that the product does not use are passed over."""
    steps: list[Step] = []
    for verb in ET.fromstring(twiml.encode()):  # noqa: S314 - our own product's answer
        match verb.tag:
            case "Say":
                steps.append(Say(verb.text or ""))
            case "Gather":
                texts = tuple(part.text or "" for part in verb if part.tag == "Say")
                steps.append(Ask(texts, verb.get("action", ""), float(verb.get("timeout", "5"))))
            case "Hangup" | "Reject":
                steps.append(End())
            case _:
                continue
    return steps
