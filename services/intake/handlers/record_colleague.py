"""Record who a colleague is: whether they may sign in, and how they are recognised when a report alleges them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import conflicts
from services.intake.models import IDENTITY
from shared.contracts.events import PersonChanged
from shared.identity.read_copy import record_person


async def record_colleague(connection: AsyncConnection, event: PersonChanged) -> None:
    """Handle `heedline.people.changed.v1`: any order, any number of times."""
    await record_person(connection, IDENTITY, event)
    if event.marks:
        await conflicts.put_colleagues(connection, event.marks)
