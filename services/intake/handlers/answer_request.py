"""A request to store a report, and the same request again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.draft_keys import request_digest
from services.intake.handlers.read_report import Document, ReadReport
from services.intake.rules.plausibility import Warn
from shared.identity.actor import NOBODY, Actor
from shared.service import Parts


@dataclass(frozen=True)
class Submission:
    """A document with who sent it. `key` names the request among the sender's; `correlation_id` null: the report's own.

    `repeats`: earlier reports of the same child, as a person said who took this one. `receipt`: 16 random digits to
    be given for it; null draws some. `marks`: why a person should look at how it was sent.
    """

    document: Document
    key: str
    actor: Actor = NOBODY
    correlation_id: str | None = None
    repeats: tuple[UUID, ...] = ()
    receipt: str | None = None
    marks: tuple[Warn, ...] = ()

    @property
    def sender(self) -> str:
        """Whose keys and external ids these are: two senders may use the same without meaning the same report."""
        return str(self.actor.id or "")


@dataclass(frozen=True)
class Created:
    """A new report; the receipt is shown this once."""

    report_id: UUID
    case_code: str
    receipt: str


@dataclass(frozen=True)
class Repeated:
    """The same was sent before: these are its ids."""

    report_id: UUID
    case_code: str


@dataclass(frozen=True)
class Corrected:
    """The report was there with other content and has a new revision."""

    report_id: UUID
    case_code: str
    revision: int


@dataclass(frozen=True)
class KeyReused:
    """The key of the request was used for another document."""


Outcome = Created | Repeated | Corrected | KeyReused


def request_row(parts: Parts, submission: Submission, read: ReadReport) -> dict[str, Any]:
    """Return the row of a request, with an id for its report; keyed hashes only, for keys may be personal too."""
    return {
        "request_digest": request_digest(parts.keys, submission.sender, submission.key),
        "content_digest": parts.keys.digest(read.content, "intake.content"),
        "report_id": uuid4(),
        "arrived_at": parts.clock.now(),
    }


async def answer_again(connection: AsyncConnection, request: records.Row) -> Repeated | KeyReused:
    """Answer a request whose key was answered before."""
    first = await records.answered_request(connection, request["request_digest"])
    if first["content_digest"] != request["content_digest"]:
        return KeyReused()
    return Repeated(first["report_id"], first["case_code"])
