"""Propose a message template, withdraw the proposal, and put it into force: two people, and a word on registration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import TEMPLATES
from services.notify.rules.encoding import Encoding
from services.notify.rules.template import Remark, Template, refusals
from shared.observability import logger

SENDER_NAME: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}|\+[1-9]\d{6,14}|\d{3,6}")
"""A sender name has at most 11 letters, digits, spaces and `& _ + -`, and a letter; or a number."""

GONE: Final = Remark(
    "Đề xuất này không còn chờ quyết định. Mở lại trang.", "This proposal no longer waits. Open the page again."
)
SAME_PERSON: Final = Remark(
    "Người khác phải đưa đề xuất của bạn vào dùng.", "Somebody else must put your proposal into force."
)
NOT_CONFIRMED: Final = Remark(
    "Nhà mạng chưa đăng ký mẫu này, tin có thể không tới. Đánh dấu là bạn biết, rồi đưa vào dùng.",
    "The operators have not registered this template, so messages may not arrive. Tick that you know, then use it.",
)
WRONG_SENDER: Final = Remark(
    "Tên nơi gửi: tối đa 11 chữ không dấu, số, dấu cách, có ít nhất một chữ; hoặc số điện thoại +84….",
    "Sender: at most 11 unaccented letters, digits or spaces with a letter; or a number such as +84….",
)
NO_REFERENCE: Final = Remark(
    "Ghi số hồ sơ đăng ký cùng với ngày đăng ký, hoặc bỏ trống cả hai.",
    "Write the registration's reference with its date, or leave both empty.",
)

log = logger(__name__)
_table = TEMPLATES.templates


class TemplateRefusedError(Exception):
    """What was asked for a template cannot be done; `remarks` say why and what to write."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        self.remarks = tuple(remarks)
        super().__init__("; ".join(remark.en for remark in self.remarks))


@dataclass(frozen=True)
class Sending:
    """From whom a template is sent, and since when and under what reference the operators know it (empty: not yet)."""

    sender_name: str
    registration: str
    registered_at: datetime | None


async def propose_template(
    connection: AsyncConnection, template: Template, sending: Sending, *, by: UUID, now: datetime, reply: int
) -> UUID:
    """Keep a proposal as the next version; raises `TemplateRefusedError` with every reason against it.

    `reply` is the length of the number to reply to.
    """
    wrong = list(refusals(template, reply))
    if SENDER_NAME.fullmatch(sending.sender_name) is None:
        wrong.append(WRONG_SENDER)
    if bool(sending.registration) != (sending.registered_at is not None):
        wrong.append(NO_REFERENCE)
    if wrong:
        raise TemplateRefusedError(wrong)
    same = (_table.c.name == template.name) & (_table.c.language == template.language)
    key = f"template {template.name} {template.language}"
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 7))))
    newest = await connection.scalar(select(func.max(_table.c.version)).where(same)) or 0
    row = {
        "id": uuid4(),
        "name": template.name,
        "language": template.language,
        "version": newest + 1,
        "text": template.text,
        "encoding": template.encoding.value,
        "sender_name": sending.sender_name,
        "registration": sending.registration,
        "registered_at": sending.registered_at,
        "state": "proposed",
        "proposed_by": by,
        "proposed_at": now,
    }
    await connection.execute(insert(_table).values(**row))
    log.info("template_proposed", template=template.name, language=template.language, version=newest + 1, by=str(by))
    return UUID(str(row["id"]))


async def withdraw_template(connection: AsyncConnection, template_id: UUID, *, now: datetime) -> None:
    """End a proposal; raises `TemplateRefusedError` where it no longer waits."""
    mine = (_table.c.id == template_id) & (_table.c.state == "proposed")
    ended = update(_table).where(mine).values(state="withdrawn", ended_at=now).returning(_table.c.id)
    if (await connection.execute(ended)).first() is None:
        raise TemplateRefusedError([GONE])


async def activate_template(
    connection: AsyncConnection, template_id: UUID, *, by: UUID, now: datetime, unregistered_known: bool, reply: int
) -> None:
    """Put a proposal into force in the place of the version before it.

    Raises `TemplateRefusedError` when it no longer waits, `by` proposed it, this release refuses it, or the operators
    have not registered it and `by` has not said to know that.
    """
    waiting = select(_table).where(_table.c.id == template_id, _table.c.state == "proposed").with_for_update()
    row = (await connection.execute(waiting)).mappings().first()
    if row is None:
        raise TemplateRefusedError([GONE])
    if row["proposed_by"] == by:
        raise TemplateRefusedError([SAME_PERSON])
    if row["registered_at"] is None and not unregistered_known:
        raise TemplateRefusedError([NOT_CONFIRMED])
    template = Template(row["name"], row["language"], row["text"], Encoding(row["encoding"]))
    if wrong := refusals(template, reply):
        raise TemplateRefusedError(wrong)
    same = (_table.c.name == row["name"]) & (_table.c.language == row["language"])
    before = update(_table).where(same, _table.c.state == "in_force").values(state="retired", ended_at=now)
    await connection.execute(before)
    await connection.execute(
        update(_table).where(_table.c.id == template_id).values(state="in_force", decided_by=by, in_force_from=now)
    )
    log.warning("template_in_force", template=row["name"], language=row["language"], version=row["version"], by=str(by))
