"""How long a phone may be silent before its person counts as not reached."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.vocabulary import Level

DELIVERED_WITHIN = timedelta(minutes=3)
"""After the gateway took a page, where receipts come from the phone; elsewhere a missing receipt proves nothing."""
GRAVE = (Level.IMMEDIATE, Level.URGENT)
"""Where waiting for a phone that is off costs more than a page too many."""
