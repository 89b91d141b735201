"""How a report was corrected and added to: who, when, which field, before and after, in the words of the form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from services.intake import console_form
from services.intake.handlers.read_history import Revision, Writer, read_history
from services.intake.store import ReportStatus
from shared import places
from shared.clock import VIETNAM
from shared.contracts.preview import Names, NamesAsked
from shared.contracts.vocabulary import AllegedRole, Channel, Concern
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts
from shared.web import words
from shared.web.pages import Pages
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError

log = logger(__name__)

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]
Both = tuple[str, str]

LABELS: Final[Mapping[str, Both]] = {
    "external_id": ("Mã của nơi gửi", "The sender's own id"),
    "received_at": ("Thời gian nhận", "Received at"),
    "subject": ("Người cần giúp", "Who needs help"),
    "family.father.name": ("Họ tên cha", "Father's name"),
    "family.father.age": ("Tuổi của cha", "Father's age"),
    "family.father.job": ("Nghề nghiệp của cha", "Father's job"),
    "family.mother.name": ("Họ tên mẹ", "Mother's name"),
    "family.mother.age": ("Tuổi của mẹ", "Mother's age"),
    "family.mother.job": ("Nghề nghiệp của mẹ", "Mother's job"),
    "place.residence.detail": ("Địa chỉ nơi cư trú", "Address of residence"),
    "place.current.detail": ("Địa chỉ đang ở", "Address of the present place"),
}
"""Fields of the format that the operator's form does not have."""
ROWS: Final[Mapping[str, Both]] = {
    "alleged": ("Người bị cho là gây hại", "Alleged person"),
    "children_in_home": ("Trẻ trong nhà", "Child at home"),
}
VALUES: Final[Mapping[str, Both]] = {
    "yes": ("Có", "Yes"),
    "no": ("Không", "No"),
    "unknown": ("Không rõ", "Unknown"),
    "none": ("Không", "No"),
    "plan": ("Đã định, đã thử", "Plan or attempt"),
    "thoughts": ("Có nghĩ", "Thoughts"),
    "within_30_days": ("Trong 30 ngày", "Within 30 days"),
    "over_30_days_ago": ("Hơn 30 ngày", "Over 30 days ago"),
    "male": ("Nam", "Male"),
    "female": ("Nữ", "Female"),
    "child": ("Trẻ em", "Child"),
    "adult": ("Người lớn", "Adult"),
    "stated": ("Được nói", "Stated"),
    "estimated": ("Ước lượng", "Estimated"),
    "school_grade": ("Lớp học", "School grade"),
    "traditional": ("Tuổi mụ", "Traditional age"),
}
_CODED: Final = ("sex", "kind", "age_basis", "disabled", "safe_to_contact", "share_identity")


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the route; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)
    notify = Sibling.of(parts.settings.notify_url, parts.keys, parts.settings)

    @routes.get("/console/reports/{report_id}/history")
    async def history(request: Request, report_id: UUID) -> HTMLResponse:
        status = await visible(request, parts, report_id)
        told = await read_history(parts, report_id, request.state.actor)
        names = await _names(notify, told, request.state.actor)
        pages: Pages = request.app.state.pages
        locale, translate = pages.locale(request), pages.translator(request)
        context = {
            "report": status,
            "revisions": told,
            "label": lambda path: label(path, locale, translate),
            "value": lambda path, said: value(path, said, locale),
            "writer": lambda writer: who(writer, request.state.actor, locale, names),
        }
        return pages.render(request, "console_history.html", context)

    return routes


async def _names(notify: Sibling, told: Sequence[Revision], actor: Actor) -> Mapping[UUID, str]:
    """Return the names of those who wrote, which only notify keeps; none while it is away."""
    wrote = {one.writer.person_id for one in told if one.writer.person_id is not None and one.writer.roles}
    if actor.id is None or not wrote - {actor.id}:
        return {}
    try:
        answer = await notify.post("/internal/names", actor.id, NamesAsked(ids=tuple(wrote)))
        return Names.model_validate(answer).names
    except (SiblingAwayError, SiblingRefusedError, ValidationError) as error:
        log.warning("names_not_answered", cause=type(error).__name__)
        return {}


def label(path: str, locale: str, translate: Callable[[str], str]) -> str:
    """Return the name of a field in the reader's language; a field that the format does not know is named as sent."""
    head, _, rest = path.partition(".")
    number = rest.partition(".")[0]
    if path in LABELS:
        return LABELS[path][locale == "en"]
    if head not in ROWS or not number.isdecimal():
        return translate(console_form.label(path, locale)) if console_form.is_field(path) else path
    row = f"{ROWS[head][locale == 'en']} {int(number) + 1}"
    return f"{row}: {translate(console_form.label(path, locale))}" if console_form.is_field(path) else row


def value(path: str, said: Any, locale: str) -> str:
    """Return a value in words; empty for what is unknown."""
    if said in (None, "", []):
        return ""
    if isinstance(said, bool):
        return VALUES["yes" if said else "no"][locale == "en"]
    return _dated(path, said) or _named(path, said, locale) or _coded(path, said, locale) or _plain(said)


def _dated(path: str, said: Any) -> str:
    if path == "received_at":
        return datetime.fromisoformat(said).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    return date.fromisoformat(said).strftime("%d/%m/%Y") if path in {"incident_date", "subject.birth_date"} else ""


def _named(path: str, said: Any, locale: str) -> str:
    last = path.rsplit(".", 1)[-1]
    match said:
        case list() if path == "concerns":
            return "; ".join(words.CONCERNS[Concern(name)].text(locale) for name in said)
        case str() if path == "channel":
            return words.CHANNELS[Channel(said)].text(locale)
        case str() if path.startswith("alleged.") and last == "role":
            return words.ALLEGED_ROLES[AllegedRole(said)].text(locale)
        case int() if last == "unit_code":
            return places.last_name(said) or ""
        case _:
            return ""


def _coded(path: str, said: Any, locale: str) -> str:
    coded = path.startswith("facts.") or path.rsplit(".", 1)[-1] in _CODED
    return VALUES[said][locale == "en"] if coded and isinstance(said, str) and said in VALUES else ""


def who(writer: Writer, reader: Actor, locale: str, names: Mapping[UUID, str]) -> str:
    """Return who wrote a revision: their name and role, or without notify's answer the end of their id."""
    if writer.person_id is None:
        return ("Người báo", "The reporter")[locale == "en"]
    if writer.person_id == reader.id:
        return ("Bạn", "You")[locale == "en"]
    end = str(writer.person_id)[-4:]
    if not writer.roles:
        return f"{('Cơ quan phối hợp', 'A partner')[locale == 'en']} …{end}"
    role = words.ROLES[writer.roles[0]].text(locale)
    name = names.get(writer.person_id)
    return f"{name}, {role[:1].lower()}{role[1:]}" if name else f"{role} …{end}"


def _plain(said: Any) -> str:
    return f"{said:g}" if isinstance(said, float) else str(said)
