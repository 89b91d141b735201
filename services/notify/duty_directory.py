"""Find a colleague by id, phone or name, as people write them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import is_reachable, phones_of
from services.notify.models import people
from shared.phones import normalise


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be put on duty."""

    id: UUID
    name: str
    phones: tuple[str, ...]
    team_code: str
    position: str
    reachable: bool

    @property
    def told_apart(self) -> str:
        """Return what tells them from a namesake: never the phone."""
        return f"{self.name}, {self.team_code}, {self.position}, {self.id}"


class Directory:
    """Everybody who is not disabled, by id, phone and name."""

    def __init__(self, colleagues: Iterable[Colleague]) -> None:
        self._by_id: dict[UUID, Colleague] = {}
        self._by_phone: dict[str, list[Colleague]] = defaultdict(list)
        self._by_name: dict[str, list[Colleague]] = defaultdict(list)
        for one in colleagues:
            self._by_id[one.id] = one
            for phone in one.phones:
                self._by_phone[phone].append(one)
            self._by_name[_name(one.name)].append(one)

    def find(self, text: str, team_code: str) -> list[Colleague]:
        """Return whom a text may mean: those of the team if there are any, else those of others; none for nobody."""
        found = self._all(text.strip())
        return [one for one in found if one.team_code == team_code] or found

    def _all(self, text: str) -> list[Colleague]:
        try:
            known = self._by_id.get(UUID(text))
        except ValueError:
            phone = normalise(text)
            return self._by_phone.get(phone, []) if phone is not None else self._by_name.get(_name(text), [])
        return [] if known is None else [known]


async def load_directory(connection: AsyncConnection) -> Directory:
    """Return everybody who can be put on duty."""
    columns = (people.c.id, people.c.name, phones_of(people.c.id), people.c.team_code, people.c.position)
    chosen = select(*columns, is_reachable(people.c.id)).where(~people.c.disabled).order_by(people.c.id)
    rows = await connection.execute(chosen)
    return Directory(
        Colleague(person_id, name, tuple(phones), team_code, position, reachable)
        for person_id, name, phones, team_code, position, reachable in rows
    )


def _name(text: str) -> str:
    """Fold case and spaces only: Vietnamese names differ by their marks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
