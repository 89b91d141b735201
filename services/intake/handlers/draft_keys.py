"""What names a draft: its owner and the once-only key of the form."""

from __future__ import annotations

from uuid import UUID

from shared.crypto import Keys


def sealing_context(owner_id: UUID, key: UUID) -> str:
    """Return what a draft is bound to, so that it opens in its own place only."""
    return f"intake.drafts:{owner_id}:{key}"


def request_digest(keys: Keys, sender: str, key: str) -> bytes:
    """Return the keyed hash of a request: keys and senders may be personal."""
    return keys.digest(f"{sender}\0{key}", "intake.request")


def form_key(text: str) -> UUID | None:
    """Return the key of a form, null when it is none that this service gave: 32 hexadecimal digits."""
    try:
        key = UUID(hex=text)
    except ValueError:
        return None
    return key if key.hex == text else None
