"""What people do with a submitted report that could not be read, so that it ends at one of them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from services.intake import letters
from services.intake.handlers.answer_request import Created, Submission
from services.intake.handlers.read_report import read_report
from services.intake.handlers.receive_report import store_report
from services.intake.handlers.receive_submitted import dead_letter_context
from services.intake.rules.field_errors import InvalidReportError
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


class LetterRefusedError(Exception):
    """What was asked cannot be done with this letter; the sentence, in Vietnamese, says what to do."""


NO_LETTER = "Tin này không còn chờ. Mở lại danh sách."
STILL_WRONG = "Vẫn không đọc được như các ô đã nêu. Giám sát ca mở nội dung và nhập tay."
NOT_JSON = "Tin không phải JSON nên máy không đọc lại được. Giám sát ca mở nội dung và nhập tay."
NOT_OPENED = "Chưa ai đọc nội dung. Giám sát ca mở và đọc trước, rồi mới bỏ được."
NO_REASON = "Viết lý do bỏ."
NO_CASE = "Không có vụ nào mang mã này. Nhập thông tin ở trang Tiếp nhận, rồi viết mã vụ ở đây."


async def open_letter(parts: Parts, event_id: UUID, person_id: UUID) -> str:
    """Return the content as text, JSON indented, after recording who reads it; raises `LetterRefusedError`."""
    async with parts.database.transaction() as connection:
        row = await letters.lock_waiting(connection, event_id)
        if row is None:
            raise LetterRefusedError(NO_LETTER)
        await letters.record_act(connection, event_id, "opened", person_id, parts.clock.now())
    log.info("letter_opened", event_id=str(event_id), by=str(person_id))
    return _text(_content(parts, event_id, row["document"]))


async def replay_letter(parts: Parts, event_id: UUID, person_id: UUID) -> str:
    """Read a letter again and store its report, once; return the case code, or raise `LetterRefusedError`."""
    async with parts.database.transaction() as connection:
        row = await letters.lock_waiting(connection, event_id)
        if row is None:
            raise LetterRefusedError(NO_LETTER)
        document = _document(_content(parts, event_id, row["document"]))
        try:
            read = read_report(document, parts.clock.now())
        except InvalidReportError:
            raise LetterRefusedError(STILL_WRONG) from None
        submission = Submission(document, key=f"event {event_id}", correlation_id=row["correlation_id"])
        outcome = await store_report(connection, parts, submission, read)
        code = getattr(outcome, "case_code", "")
        await letters.record_act(connection, event_id, "replayed", person_id, parts.clock.now(), code)
        await letters.settle(connection, event_id, parts.clock.now())
    log.info("letter_replayed", event_id=str(event_id), new=isinstance(outcome, Created))
    return str(code)


async def enter_letter(parts: Parts, event_id: UUID, person_id: UUID, case_code: str) -> None:
    """Settle a letter whose report a person typed in as `case_code`; raises `LetterRefusedError`."""
    async with parts.database.transaction() as connection:
        if await letters.lock_waiting(connection, event_id) is None:
            raise LetterRefusedError(NO_LETTER)
        code = case_code.strip().upper()
        if not await letters.case_is_known(connection, code):
            raise LetterRefusedError(NO_CASE)
        await letters.record_act(connection, event_id, "entered", person_id, parts.clock.now(), code)
        await letters.settle(connection, event_id, parts.clock.now())


async def discard_letter(parts: Parts, event_id: UUID, person_id: UUID, reason: str) -> None:
    """Settle a letter that is no report, after a supervisor has read it; its content stays sealed."""
    async with parts.database.transaction() as connection:
        if await letters.lock_waiting(connection, event_id) is None:
            raise LetterRefusedError(NO_LETTER)
        if not await letters.was_opened(connection, event_id):
            raise LetterRefusedError(NOT_OPENED)
        if not reason.strip():
            raise LetterRefusedError(NO_REASON)
        await letters.record_act(connection, event_id, "discarded", person_id, parts.clock.now(), reason.strip())
        await letters.settle(connection, event_id, parts.clock.now())
    log.info("letter_discarded", event_id=str(event_id), by=str(person_id))


def _content(parts: Parts, event_id: UUID, sealed: bytes) -> bytes:
    return parts.keys.open(sealed, dead_letter_context(event_id))


def _document(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise LetterRefusedError(NOT_JSON) from None
    if not isinstance(found, dict):
        raise LetterRefusedError(NOT_JSON)
    return found


def _text(content: bytes) -> str:
    r"""Write content for a person: JSON indented, anything else as it is, with what cannot be shown as `\x00`."""
    try:
        text = json.dumps(json.loads(content), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        text = content.decode(errors="backslashreplace")
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    return character if character.isprintable() or character in "\n\t" else repr(character)[1:-1]
