"""Renders pages: one set of templates a language, the same frame for every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.clock import VIETNAM, Clock
from shared.contracts.vocabulary import Level, Role
from shared.identity.actor import NOBODY, Actor
from shared.web import words
from shared.web.i18n import LOCALES, Translator, preferred

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "heedline_lang"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
NAVIGATION: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("/console", "Tiếp nhận", frozenset({Role.OPERATOR, Role.SUPERVISOR})),
    ("/queue", "Hàng chờ", frozenset({Role.OPERATOR, Role.WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR})),
    ("/duty", "Lịch trực", frozenset({Role.OPERATOR, Role.WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR})),
    ("/me", "Liên hệ của tôi", frozenset({Role.WORKER})),
    ("/conflicts", "Xung đột lợi ích", frozenset({Role.SUPERVISOR})),
    ("/system/intake/submitted", "Tin đối tác", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})),
    ("/people", "Người và liên hệ", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})),
    ("/policies", "Chính sách chuyển cấp", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})),
    ("/policies/messages", "Mẫu tin", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})),
    ("/people/keys", "Khóa API", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})),
    ("/rules", "Quy tắc", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})),
    ("/system", "Hệ thống", frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})),
)
"""Pages of the top bar and the roles that may open them, as in `shared.identity.policy`."""


IN_SIGHT = 4
"""Entries that stand in the bar itself; with more of them the last ones are behind one that opens a list."""


@dataclass(frozen=True)
class TopBar:
    """The entries of the top bar as (address, label); `current` is the address of the page's own, or empty."""

    shown: Sequence[tuple[str, str]]
    behind: Sequence[tuple[str, str]]
    current: str


def top_bar(actor: Actor, path: str) -> TopBar:
    """Return what the top bar offers somebody on a page."""
    entries = [(href, label) for href, label, roles in NAVIGATION if actor.has(*roles)]
    under = (href for href, _ in entries if path == href or path.startswith(f"{href}/"))
    shown = entries if len(entries) <= IN_SIGHT else entries[: IN_SIGHT - 1]
    return TopBar(shown, entries[len(shown) :], max(under, key=len, default=""))


class Pages:
    """Renders templates of the shared frame and of the services in this process."""

    def __init__(self, folders: Sequence[Path], *, clock: Clock, default_locale: str) -> None:
        roots = (HERE, *folders)
        self._clock = clock
        self._default = default_locale if default_locale in LOCALES else "vi"
        self._environments = {locale: self._environment(locale, roots) for locale in LOCALES}

    def _environment(self, locale: str, roots: Sequence[Path]) -> Environment:
        environment = Environment(
            loader=FileSystemLoader([root / "templates" for root in roots]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            {
                "_": Translator(locale, [root / "locale" for root in roots]),
                "locale": locale,
                "words": words,
                "Level": Level,
            }
        )
        environment.globals.update({"local": local, "full_date": full_date})
        environment.filters.update(
            {"local": local, "clock_time": clock_time, "day_time": day_time, "full_date": full_date}
        )
        return environment

    def locale(self, request: Request) -> str:
        """Return the language of this reader: the address's choice, the cookie's, or the installation's."""
        asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        return preferred(asked, None, self._default)

    def translator(self, request: Request) -> Translator:
        """Return the translator for this reader."""
        found = self._environments[self.locale(request)].globals["_"]
        assert isinstance(found, Translator)  # noqa: S101 - set above; narrows the type
        return found

    def render(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        remember: bool = True,
    ) -> HTMLResponse:
        """Render a page in the reader's language with the frame's own values (`actor`, `csrf`, `now`, `nav`).

        `here` is where the page's language links point: this address, or for the answer to a form, where nothing can be
        fetched, the home page unless the context names another.

        `remember` keeps a language that the address asks for in a cookie.
        """
        locale = self.locale(request)
        actor: Actor = getattr(request.state, "actor", NOBODY)
        values = {
            "request": request,
            "path": request.url.path,
            "here": "" if request.method in {"GET", "HEAD"} else "/",
            "actor": actor,
            "who": getattr(request.state, "display_name", ""),
            "role_names": [words.ROLES[role].text(locale) for role in Role if role in actor.roles],
            "csrf": getattr(request.state, "csrf", ""),
            "now": self._clock.now(),
            "nav": top_bar(actor, request.url.path),
            **(context or {}),
        }
        html = self._environments[locale].get_template(template).render(values)
        response = HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
        if remember and request.query_params.get("lang") in LOCALES:
            response.set_cookie(LANGUAGE_COOKIE, locale, max_age=31_536_000, samesite="lax", httponly=True)
        return response


def local(moment: datetime) -> datetime:
    """Return a moment in Vietnam's time."""
    return moment.astimezone(VIETNAM)


def clock_time(moment: datetime) -> str:
    """Write `14:20`."""
    return local(moment).strftime("%H:%M")


def day_time(moment: datetime) -> str:
    """Write `14:20 28/11`."""
    return local(moment).strftime("%H:%M %d/%m")


def full_date(moment: datetime) -> str:
    """Write `Thứ Bảy, 28/11/2026`."""
    here = local(moment)
    return f"{WEEKDAYS[here.weekday()]}, {here:%d/%m/%Y}"
