"""Who may do what: one table for every route of every service, and nothing is allowed that it does not name.

A route is found by its path template and method. `/x/*` stands for every template below `/x`, and is read only
when no entry names the template itself. Parameter names do not matter: `{id}` and `{case_code}` are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor, Scope


class View(StrEnum):
    """How much of a page an actor gets, widest first; a person of several roles gets the widest of theirs."""

    FULL = "full"
    """Everything on the page, with its actions."""
    PROPOSE = "propose"
    """Read everything and propose changes, which an administrator puts into force."""
    OWN_TEAM = "own_team"
    """What concerns the person or a team of theirs, with its actions."""
    READ_OWN_SWAPS = "read_own_swaps"
    """Read everything, change only one's own turns of duty."""
    READ_ONLY = "read_only"
    """Read everything, change nothing."""
    OWN_REPORTS = "own_reports"
    """Read what the person reported, without actions."""
    OWN_REPORTS_STATE = "own_reports_state"
    """Level and state of what the person reported, nothing else."""
    NO_DETAILS = "no_details"
    """Every row, but no details of a case and no actions."""


_WIDEST_FIRST: Final = tuple(View)

Grants = Mapping[Role, View]
"""What each role gets; a role that is absent gets nothing."""


@dataclass(frozen=True)
class Public:
    """Open to everybody, signed in or not."""


@dataclass(frozen=True)
class Infrastructure:
    """For probes and browsers: nothing personal, no sign-in; the reverse proxy may close it to the outside."""


@dataclass(frozen=True)
class Webhook:
    """A callback that proves its origin itself, by signature or token, before anything else."""


@dataclass(frozen=True)
class Page:
    """For signed-in people. `files`: its form brings files, with the token as first field; the page reads the rest."""

    grants: Grants
    files: bool = False


@dataclass(frozen=True)
class Api:
    """For API keys that hold `scope`, and for signed-in people of `grants`."""

    scope: Scope
    grants: Grants


@dataclass(frozen=True)
class BetweenServices:
    """For a sibling service that acts for a person, with that person's own rights."""

    grants: Grants


Rule = Public | Infrastructure | Webhook | Page | Api | BetweenServices


@dataclass(frozen=True)
class Allow:
    """The actor may; the page shows as much as `view` says."""

    view: View


@dataclass(frozen=True)
class Unauthenticated:
    """Nobody is signed in and no known key was given."""


@dataclass(frozen=True)
class Forbidden:
    """The actor is known and may not. `scope` is what an API key lacks."""

    scope: Scope | None = None


@dataclass(frozen=True)
class Undecided:
    """No rule names this route; it stays closed."""


Decision = Allow | Unauthenticated | Forbidden | Undecided

READ: Final = ("GET",)
WRITE: Final = ("POST", "PUT", "PATCH", "DELETE")
POST: Final = ("POST",)
ANY: Final = (*READ, *WRITE)

_EVERY_ROLE: Final[Grants] = dict.fromkeys(Role, View.FULL)
_CONSOLE: Final[Grants] = {Role.OPERATOR: View.FULL, Role.SUPERVISOR: View.FULL}
_CONFLICTS: Final[Grants] = {Role.SUPERVISOR: View.FULL}
_CASE: Final[Grants] = {
    Role.OPERATOR: View.OWN_REPORTS_STATE,
    Role.WORKER: View.OWN_TEAM,
    Role.SUPERVISOR: View.FULL,
    Role.ADMINISTRATOR: View.NO_DETAILS,
}
_ALERTS: Final[Grants] = {
    Role.OPERATOR: View.OWN_REPORTS,
    Role.WORKER: View.OWN_TEAM,
    Role.SUPERVISOR: View.FULL,
    Role.ADMINISTRATOR: View.NO_DETAILS,
}
_ALERTS_SEEN: Final[Grants] = {Role.OPERATOR: View.OWN_REPORTS, Role.SUPERVISOR: View.FULL}
_ACT: Final[Grants] = {Role.WORKER: View.OWN_TEAM, Role.SUPERVISOR: View.FULL}
_DUTY: Final[Grants] = {
    Role.OPERATOR: View.READ_ONLY,
    Role.WORKER: View.READ_OWN_SWAPS,
    Role.SUPERVISOR: View.FULL,
    Role.ADMINISTRATOR: View.FULL,
}
_PLAN_DUTY: Final[Grants] = {Role.SUPERVISOR: View.FULL, Role.ADMINISTRATOR: View.FULL}
_SWAP_DUTY: Final[Grants] = {**_PLAN_DUTY, Role.WORKER: View.READ_OWN_SWAPS}
_SET_UP: Final[Grants] = {
    Role.SUPERVISOR: View.PROPOSE,
    Role.ADMINISTRATOR: View.FULL,
    Role.AUDITOR: View.READ_ONLY,
}
_PROPOSE: Final[Grants] = {Role.SUPERVISOR: View.PROPOSE, Role.ADMINISTRATOR: View.FULL}
_DECIDE: Final[Grants] = {Role.ADMINISTRATOR: View.FULL}
_DASHBOARD: Final[Grants] = {
    Role.WORKER: View.OWN_TEAM,
    Role.SUPERVISOR: View.FULL,
    Role.ADMINISTRATOR: View.FULL,
    Role.AUDITOR: View.FULL,
}
_SYSTEM: Final[Grants] = {Role.SUPERVISOR: View.FULL, Role.ADMINISTRATOR: View.FULL}
_AUDIT: Final[Grants] = {Role.AUDITOR: View.FULL}
_NO_ROLE: Final[Grants] = {}

POLICY: Final[Mapping[tuple[str, tuple[str, ...]], Rule]] = {
    # Everybody.
    ("/", READ): Public(),
    ("/report", (*READ, *POST)): Public(),
    ("/report/*", (*READ, *POST)): Public(),
    ("/receipt", (*READ, *POST)): Public(),
    ("/exit", READ): Public(),
    ("/docs", READ): Public(),
    ("/docs/asyncapi.json", READ): Public(),
    ("/signin", (*READ, *POST)): Public(),
    ("/invite/{token}", (*READ, *POST)): Public(),
    ("/language", (*READ, *POST)): Public(),
    ("/demo/*", (*READ, *POST)): Public(),  # served by the demonstration only
    # Everybody who is signed in.
    ("/signout", POST): Page(_EVERY_ROLE),
    ("/me", READ): Page(_EVERY_ROLE),
    ("/me/*", POST): Page(_EVERY_ROLE),
    # Intake.
    ("/console", ANY): Page(_CONSOLE),
    ("/console/*", ANY): Page(_CONSOLE),
    ("/console/reports/{report_id}/attachments", POST): Page(_CONSOLE, files=True),
    ("/conflicts", READ): Page(_CONFLICTS),
    ("/conflicts/*", POST): Page(_CONFLICTS),
    # Triage.
    ("/cases/{case_code}", READ): Page(_CASE),
    ("/cases/{case_code}/*", READ): Page(_CASE),
    ("/cases/{case_code}/*", POST): Page(_ACT),
    ("/rules", READ): Page(_SET_UP),
    ("/rules/*", READ): Page(_SET_UP),
    ("/rules/proposals", POST): Page(_PROPOSE),
    ("/rules/proposals/*", POST): Page(_PROPOSE),
    ("/rules/*", WRITE): Page(_DECIDE),
    # Notify.
    ("/queue", READ): Page(_ALERTS),
    ("/queue/*", READ): Page(_ALERTS),
    ("/alerts/{case_code}", READ): Page(_ALERTS),
    ("/alerts/{case_code}/*", READ): Page(_ALERTS),
    ("/alerts/{case_code}/*", POST): Page(_ACT),
    ("/duty", READ): Page(_DUTY),
    ("/duty/*", READ): Page(_DUTY),
    ("/duty/import", READ): Page(_PLAN_DUTY),
    ("/duty/import/*", READ): Page(_PLAN_DUTY),
    ("/duty/ical/{token}.ics", READ): Public(),  # whoever knows the token: teams and positions, no case
    ("/duty/calendars", POST): Page(_SWAP_DUTY),
    ("/duty/calendars/*", POST): Page(_SWAP_DUTY),
    ("/duty/swaps", POST): Page(_SWAP_DUTY),
    ("/duty/swaps/*", POST): Page(_SWAP_DUTY),
    ("/duty/*", WRITE): Page(_PLAN_DUTY),
    ("/people", READ): Page(_SET_UP),
    ("/people/*", READ): Page(_SET_UP),
    ("/people/proposals", POST): Page(_PROPOSE),
    ("/people", WRITE): Page(_DECIDE),
    ("/people/*", WRITE): Page(_DECIDE),
    ("/policies", READ): Page(_SET_UP),
    ("/policies/*", READ): Page(_SET_UP),
    ("/policies/proposals", POST): Page(_PROPOSE),
    ("/policies/proposals/*", POST): Page(_PROPOSE),
    ("/policies", WRITE): Page(_DECIDE),
    ("/policies/*", WRITE): Page(_DECIDE),
    ("/dashboard", READ): Page(_DASHBOARD),
    ("/dashboard/*", READ): Page(_DASHBOARD),
    ("/system", READ): Page(_SYSTEM),
    ("/system/*", READ): Page(_SYSTEM),
    ("/system/*", POST): Page(_DECIDE),
    ("/system/intake/submitted", READ): Page(_SYSTEM),
    ("/system/intake/submitted/{event_id}/open", POST): Page(_CONFLICTS),
    ("/system/intake/submitted/{event_id}/entered", POST): Page(_CONFLICTS),
    ("/system/intake/submitted/{event_id}/replay", POST): Page(_SYSTEM),
    ("/audit", READ): Page(_AUDIT),
    ("/audit/*", READ): Page(_AUDIT),
    # Partners' programs.
    ("/api/v1/reports", POST): Api(Scope.REPORTS_WRITE, _NO_ROLE),
    ("/api/v1/reports/{report_id}/attachments", POST): Api(Scope.REPORTS_WRITE, _NO_ROLE),
    ("/api/v1/reports/{report_id}", READ): Api(Scope.REPORTS_READ, _NO_ROLE),
    ("/api/v1/places", READ): Api(Scope.REPORTS_WRITE, _CONSOLE),
    ("/api/v1/alerts", READ): Api(Scope.ALERTS_READ, _NO_ROLE),
    ("/api/v1/alerts/{case_code}", READ): Api(Scope.ALERTS_READ, _NO_ROLE),
    ("/api/v1/alerts/{case_code}/acknowledge", POST): Api(Scope.ALERTS_WRITE, _NO_ROLE),
    ("/api/v1/alerts/{case_code}/decline", POST): Api(Scope.ALERTS_WRITE, _NO_ROLE),
    ("/api/v1/alerts/{case_code}/escalate", POST): Api(Scope.ALERTS_WRITE, _NO_ROLE),
    ("/api/v1/alerts/{case_code}/close", POST): Api(Scope.ALERTS_WRITE, _NO_ROLE),
    ("/api/v1/alerts/{case_code}/{action}", POST): Api(Scope.ALERTS_WRITE, _NO_ROLE),
    ("/api/v1/people", READ): Api(Scope.PEOPLE_READ, _NO_ROLE),
    ("/api/v1/oncall", READ): Api(Scope.PEOPLE_READ, _NO_ROLE),
    ("/api/v1/ledger", READ): Api(Scope.LEDGER_READ, _NO_ROLE),
    # Sibling services: protected details of a report, for the person who asked a page for them.
    ("/internal/reports/{report_id}", READ): BetweenServices(_ACT),
    ("/internal/reports/{report_id}/*", READ): BetweenServices(_ACT),
    # Sibling services: what the console shows beside a form that is being filled in, and of who was paged.
    ("/internal/preview", POST): BetweenServices(_CONSOLE),
    ("/internal/oncall", POST): BetweenServices(_CONSOLE),
    ("/internal/names", POST): BetweenServices(_CONSOLE),
    ("/internal/alerts/{report_id}", READ): BetweenServices(_ALERTS_SEEN),
    ("/internal/letters/*", READ): BetweenServices(_SYSTEM),
    ("/internal/keys/*", READ): BetweenServices(_SET_UP),
    # Gateways that call back.
    ("/webhooks/twilio/sms", POST): Webhook(),
    ("/webhooks/twilio/status", POST): Webhook(),
    ("/webhooks/twilio/voice", POST): Webhook(),
    ("/webhooks/sms/{gateway}", POST): Webhook(),
    # Probes, browsers and the description of the API.
    ("/healthz", READ): Infrastructure(),
    ("/readyz", READ): Infrastructure(),
    ("/metrics", READ): Infrastructure(),
    ("/api/openapi.json", READ): Infrastructure(),
    ("/static/*", READ): Infrastructure(),
}
"""Every rule. The pages and roles are those of docs/api.md; only workers and supervisors act on alerts and cases."""


def decide(path_template: str, method: str, actor: Actor) -> Decision:
    """Decide whether `actor` may use the route; a route without a rule stays closed."""
    match rule_for(path_template, method):
        case None:
            return Undecided()
        case Public() | Infrastructure() | Webhook():
            return Allow(View.FULL)
        case Page(grants, _):
            return _by_role(grants, actor)
        case Api(scope, grants):
            return Allow(View.FULL) if scope in actor.scopes else _by_role(grants, actor, lacking=scope)
        case BetweenServices(grants):
            return _by_role(grants, actor) if actor.vouched_for else Unauthenticated()


@lru_cache(maxsize=1024)
def rule_for(path_template: str, method: str) -> Rule | None:
    """Return the rule of a route, or None; HEAD is decided as GET."""
    method = "GET" if method == "HEAD" else method
    template = _nameless(path_template)
    exact = _RULES.get((template, method))
    if exact is not None:
        return exact
    return next((rule for area in _areas(template) if (rule := _RULES.get((area, method)))), None)


def undecided(routes: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Return `METHOD template` of each route, given as (path template, methods), that no rule decides."""
    return sorted(
        f"{method} {template}"
        for template, methods in routes
        for method in methods
        if rule_for(template, method) is None
    )


def home_page(actor: Actor) -> str:
    """Return the page where a person's work is; the sign-in page for nobody."""
    if not actor.roles:
        return "/signin"
    if actor.has(Role.WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR):
        return "/queue"
    return "/console" if actor.has(Role.OPERATOR) else "/audit"


def _by_role(grants: Grants, actor: Actor, lacking: Scope | None = None) -> Decision:
    if not actor.known:
        return Unauthenticated()
    views = {grants[role] for role in actor.roles if role in grants}
    return next((Allow(view) for view in _WIDEST_FIRST if view in views), Forbidden(lacking))


def _nameless(template: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", template)


def _areas(template: str) -> Iterable[str]:
    """Give `/a/b/*`, then `/a/*`, for `/a/b/c`; never `/*`, so that nothing is decided by being somewhere."""
    parts = template.split("/")
    return ("/".join(parts[:length]) + "/*" for length in range(len(parts) - 1, 1, -1))


def _by_route(policy: Mapping[tuple[str, tuple[str, ...]], Rule]) -> dict[tuple[str, str], Rule]:
    table: dict[tuple[str, str], Rule] = {}
    for (template, methods), rule in policy.items():
        for method in methods:
            key = (_nameless(template), method)
            if key in table:
                raise ValueError(f"two rules decide {method} {template}")
            table[key] = rule
    return table


_RULES: Final = _by_route(POLICY)
