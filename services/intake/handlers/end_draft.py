"""A form was sent: its draft is gone in the same transaction."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import draft_records
from services.intake.handlers.answer_request import Submission
from services.intake.handlers.draft_keys import form_key


async def end_draft(connection: AsyncConnection, submission: Submission) -> None:
    """Remove the draft of a form whose report was stored in this transaction; programs have none.

    A save that comes at the same moment waits for the commit, and then finds that the form was sent.
    """
    owner_id, key = submission.actor.id, form_key(submission.key)
    if owner_id is None or key is None or not submission.actor.roles:
        return
    await draft_records.lock(connection, owner_id, key)
    await draft_records.remove(connection, owner_id, key)
