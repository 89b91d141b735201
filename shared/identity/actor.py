"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from shared.contracts.vocabulary import Role
from shared.identity.limits import Limits


class Scope(StrEnum):
    """What an API key may do."""

    REPORTS_WRITE = "reports:write"
    REPORTS_READ = "reports:read"
    ALERTS_READ = "alerts:read"
    ALERTS_WRITE = "alerts:write"
    PEOPLE_READ = "people:read"
    LEDGER_READ = "ledger:read"


@dataclass(frozen=True)
class Actor:
    """A signed-in person, an API key, or nobody.

    `id` is the person's, or the key's own; null for nobody. `session` names the session for CSRF and sign-out.
    `vouched_for`: a sibling service says that it acts for this person. `limits` are an API key's; null for people, and
    for the bootstrap key, which is `unlimited`: exempt from rate limits.
    """

    id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    team_codes: frozenset[str] = frozenset()
    unit_codes: frozenset[int] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    session: str | None = None
    vouched_for: bool = False
    unlimited: bool = False
    limits: Limits | None = None

    @property
    def known(self) -> bool:
        """Whether anybody is asking at all."""
        return self.id is not None

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def for_sibling(self) -> Actor:
        """Return this actor as a sibling service presents them."""
        return replace(self, vouched_for=True)


NOBODY = Actor()
