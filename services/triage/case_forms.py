"""The forms of the case page: each reads what was filled in, does it, and names the wrong field where it cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from services.triage import team_words
from services.triage.handlers import answer_facts, hand_over, override_level, record_work
from services.triage.handlers.case_state import Office, Person
from services.triage.rules.casework import CLOSING_QUESTIONS, Degree, Milestone
from shared.clock import VIETNAM
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Answer, Level
from shared.crypto import Keys

LONGEST_TEXT: Final = 4000
SHORTEST_REASON: Final = 10
MOMENT: Final = "%Y-%m-%dT%H:%M"


class WrongFieldError(Exception):
    """A form cannot be done as it is: `field` of `form` is wrong, for a reason in Vietnamese."""

    def __init__(self, form: str, field: str, reason: str) -> None:
        super().__init__(reason)
        self.form = form
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Sent:
    """A form that a person sent about a case, in a transaction."""

    connection: AsyncConnection
    office: Office
    keys: Keys
    code: str
    who: Person
    fields: FormData

    def value(self, field: str) -> str:
        """Return what was filled in, or nothing."""
        return str(self.fields.get(field, "")).strip()

    def text(self, form: str, field: str) -> str:
        """Return a text that must be there."""
        text = self.value(field)
        if not text:
            raise WrongFieldError(form, field, "Ô này còn trống.")
        if len(text) > LONGEST_TEXT:
            raise WrongFieldError(form, field, "Dài quá 4000 ký tự; ghi ngắn lại.")
        return text

    def reason(self, form: str) -> str:
        """Return a reason that says something."""
        reason = self.text(form, "reason")
        if len(reason) < SHORTEST_REASON:
            raise WrongFieldError(form, "reason", "Ghi lý do đầy đủ hơn, ít nhất 10 ký tự.")
        return reason


async def lower(sent: Sent) -> str:
    """Lower the level, or ask for it."""
    try:
        level = Level[sent.value("level")]
    except KeyError:
        raise WrongFieldError("lower", "level", "Chọn mức.") from None
    asked = override_level.Request(level, sent.reason("lower"))
    try:
        done = await override_level.ask(sent.connection, sent.office, sent.keys, sent.code, sent.who, asked)
    except override_level.NotLowerError:
        reason = "Mức của vụ đã đổi: chọn lại mức thấp hơn mức hiện tại."
        raise WrongFieldError("lower", "level", reason) from None
    except override_level.PendingError:
        reason = "Đã có đề nghị đang chờ: đồng ý hoặc bác đề nghị đó trước."
        raise WrongFieldError("lower", "level", reason) from None
    return "lowered" if done else "lower_waits"


async def confirm_lower(sent: Sent) -> str:
    """Agree to a lower level as the second person."""
    with _overriding():
        await override_level.confirm(sent.connection, sent.office, sent.code, sent.who)
    return "lowered"


async def refuse_lower(sent: Sent) -> str:
    """Refuse a lower level, or withdraw one's own request."""
    with _overriding():
        await override_level.refuse(sent.connection, sent.office, sent.code, sent.who)
    return "lower_refused"


async def offer(sent: Sent) -> str:
    """Offer the case to another team."""
    team = sent.value("team")
    if not team_words.is_team(team):
        raise WrongFieldError("handover", "team", "Chọn nhóm nhận bàn giao.")
    reason = sent.reason("handover")
    try:
        await hand_over.offer(sent.connection, sent.office, sent.keys, sent.code, sent.who, to_team=team, reason=reason)
    except hand_over.SameTeamError:
        raise WrongFieldError("handover", "team", "Nhóm này đang có vụ; chọn nhóm khác.") from None
    except hand_over.TeamExcludedError:
        reason = "Nhóm này không được giữ vụ; chọn nhóm khác."
        raise WrongFieldError("handover", "team", reason) from None
    except hand_over.OfferedAlreadyError:
        reason = "Vụ đang chờ một nhóm trả lời; xem đề nghị đang chờ trước."
        raise WrongFieldError("handover", "team", reason) from None
    return "offered"


async def accept_offer(sent: Sent) -> str:
    """Take the case over."""
    with _offered():
        await hand_over.accept(sent.connection, sent.office, sent.code, sent.who)
    return "taken_over"


async def refuse_offer(sent: Sent) -> str:
    """Refuse an offer, or withdraw one's own."""
    reason = sent.reason("offer")
    with _offered():
        await hand_over.refuse(sent.connection, sent.office, sent.keys, sent.code, sent.who, reason=reason)
    return "offer_ended"


async def note(sent: Sent) -> str:
    """Add a note."""
    text = sent.text("notes", "text")
    await record_work.write_note(sent.connection, sent.office, sent.keys, sent.code, sent.who, text)
    return "noted"


async def reach(sent: Sent) -> str:
    """Record a milestone."""
    try:
        milestone = Milestone(sent.value("milestone"))
    except ValueError:
        raise WrongFieldError("milestones", "milestone", "Chọn việc đã làm.") from None
    if milestone is Milestone.CLOSED:
        raise WrongFieldError("milestones", "milestone", "Kết thúc vụ bằng Mẫu 06 ở dưới.")
    done = record_work.Done(milestone, _moment(sent), sent.value("text")[:LONGEST_TEXT])
    try:
        await record_work.reach(sent.connection, sent.office, sent.keys, sent.code, sent.who, done)
    except record_work.TooLateError:
        raise WrongFieldError("milestones", "at", "Giờ này chưa tới; ghi giờ đã xảy ra.") from None
    except record_work.TooEarlyError:
        reason = "Giờ này trước khi nhận thông tin; xem lại ngày và giờ."
        raise WrongFieldError("milestones", "at", reason) from None
    return "noted"


async def answer(sent: Sent) -> str:
    """Answer facts, after which the case is judged again."""
    said = {name: sent.value(f"fact_{name}") for name in YES_NO_FACTS}
    answers = {name: Answer(value) for name, value in said.items() if value in set(Answer)}
    try:
        await answer_facts.answer_facts(sent.connection, sent.office, sent.keys, sent.code, sent.who, answers)
    except answer_facts.NothingAnsweredError:
        raise WrongFieldError("facts", "facts", "Chưa có dữ kiện nào được trả lời khác đi.") from None
    return "answered"


async def close(sent: Sent) -> str:
    """Close the case with the answers of Mẫu 06."""
    answers: dict[str, Degree] = {}
    for question in CLOSING_QUESTIONS:
        try:
            answers[question] = Degree(sent.value(question))
        except ValueError:
            raise WrongFieldError("close", question, "Chọn Cao, Trung bình hoặc Thấp.") from None
    text = sent.text("close", "text")
    await record_work.close(
        sent.connection, sent.office, sent.keys, sent.code, sent.who, record_work.Closing(answers, text)
    )
    return "closed"


ACTIONS: Final[Mapping[str, Callable[[Sent], Awaitable[str]]]] = {
    "lower": lower,
    "lower-confirm": confirm_lower,
    "lower-refuse": refuse_lower,
    "handover": offer,
    "handover-accept": accept_offer,
    "handover-refuse": refuse_offer,
    "notes": note,
    "milestones": reach,
    "facts": answer,
    "close": close,
}
"""What each address below a case does; each returns the word for what to say about it."""


@contextmanager
def _overriding() -> Iterator[None]:
    try:
        yield
    except override_level.NothingPendingError:
        raise WrongFieldError("override", "answer", "Đề nghị này đã được trả lời hoặc rút lại.") from None
    except override_level.SecondPersonError:
        reason = "Người thứ hai phải là giám sát ca khác với người đề nghị."
        raise WrongFieldError("override", "answer", reason) from None
    except override_level.NotLowerError:
        reason = "Mức của vụ đã đổi từ khi đề nghị: bác đề nghị này rồi đề nghị lại."
        raise WrongFieldError("override", "answer", reason) from None


@contextmanager
def _offered() -> Iterator[None]:
    try:
        yield
    except hand_over.NotOfferedError:
        raise WrongFieldError("offer", "reason", "Đề nghị này đã được trả lời hoặc rút lại.") from None
    except hand_over.NotTheirsError:
        raise WrongFieldError("offer", "reason", "Chỉ người của nhóm được đề nghị trả lời được.") from None


def _moment(sent: Sent) -> datetime:
    """Return when it happened: now where nothing is said, or where the running minute is."""
    said, now = sent.value("at"), sent.office.clock.now()
    if said in ("", now.astimezone(VIETNAM).strftime(MOMENT)):
        return now
    try:
        return datetime.strptime(said, MOMENT).replace(tzinfo=VIETNAM)
    except ValueError:
        raise WrongFieldError("milestones", "at", "Ghi ngày và giờ, ví dụ 28/11/2026 14:30.") from None
