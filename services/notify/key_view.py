"""What the page of API keys shows: keys with their use in every service, and what was done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.notify import api_keys
from services.notify.api_keys import ApiKey, KeptKey, KeyChange, Secret
from services.notify.models import IDENTITY
from shared.contracts.vocabulary import ServiceName
from shared.identity.actor import Scope
from shared.identity.key_use import KeyUse, uses
from shared.service import Parts
from shared.web.key_use_api import KeyUses, address
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError
from shared.web.words import Words

HISTORY: Final = 100
"""Changes that the page shows at most, newest first."""

SCOPES: Final[Mapping[Scope, Words]] = {
    Scope.REPORTS_WRITE: Words("gửi thông tin", "send reports"),
    Scope.REPORTS_READ: Words("xem tin đã gửi", "read reports sent"),
    Scope.ALERTS_READ: Words("xem cảnh báo", "read alerts"),
    Scope.ALERTS_WRITE: Words("nhận, chuyển, kết thúc cảnh báo", "act on alerts"),
    Scope.PEOPLE_READ: Words("xem người và lịch trực", "read people and duty"),
    Scope.LEDGER_READ: Words("xem sổ đối chiếu", "read the ledger"),
}
CHANGES: Final[Mapping[str, str]] = {
    "created": "Tạo khóa",
    "rotated": "Cấp mã mới",
    "limited": "Đổi giới hạn",
    "revoked": "Thu hồi",
}


@dataclass(frozen=True)
class KeyRow:
    """A key of the list. `age` of a secret is in whole days; `state` is `live`, `expired` or `revoked`."""

    kept: KeptKey
    use: KeyUse
    state: str
    secrets: tuple[tuple[Secret, int], ...]

    @property
    def key(self) -> ApiKey:
        """The key itself."""
        return self.kept.key

    @property
    def manageable(self) -> bool:
        """Whether the page may change it: not revoked, and not the settings' own."""
        return self.state != "revoked" and not self.key.bootstrap


@dataclass(frozen=True)
class ChangeLine:
    """What somebody did to a key; `who` is empty for the command line, `numbers` are before and after."""

    change: KeyChange
    key_name: str
    who: str
    ends_at: datetime | None
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeyList:
    """Everything the page shows; `missing` are the services whose numbers of use are not in it."""

    rows: Sequence[KeyRow]
    history: Sequence[ChangeLine]
    missing: Sequence[ServiceName]


class KeyBook:
    """Reads the keys for a person, whose rights siblings check themselves."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._siblings = {
            ServiceName.INTAKE: Sibling.of(parts.settings.intake_url, parts.keys, parts.settings),
            ServiceName.TRIAGE: Sibling.of(parts.settings.triage_url, parts.keys, parts.settings),
        }

    async def load(self, person_id: UUID, now: datetime) -> KeyList:
        """Return the keys at `now` (real time), those in force first."""
        async with self._parts.database.reading() as connection:
            kept = await api_keys.kept_keys(connection)
            changes = await api_keys.changes(connection, HISTORY)
            names = await api_keys.names_of(connection)
            used: list[Mapping[UUID, KeyUse]] = [await uses(connection, IDENTITY.key_use)]
        asked = await asyncio.gather(*(self._asked(service, person_id) for service in self._siblings))
        used += [found for found in asked if found is not None]
        missing = [service for service, found in zip(self._siblings, asked, strict=True) if found is None]
        key_names = {one.key.id: one.key.name for one in kept}
        return KeyList(
            [_row(one, used, now) for one in kept],
            [_line(change, key_names, names) for change in changes],
            missing,
        )

    async def one(self, key_id: UUID, now: datetime) -> KeyRow | None:
        """Return a key without its use."""
        async with self._parts.database.reading() as connection:
            kept = await api_keys.kept_keys(connection)
        return next((_row(one, (), now) for one in kept if one.key.id == key_id), None)

    async def _asked(self, service: ServiceName, person_id: UUID) -> Mapping[UUID, KeyUse] | None:
        try:
            found = await self._siblings[service].get(address(service), person_id)
            return KeyUses.model_validate(found).by_key()
        except (SiblingAwayError, SiblingRefusedError, ValidationError):
            return None


def _row(kept: KeptKey, used: Sequence[Mapping[UUID, KeyUse]], now: datetime) -> KeyRow:
    use = KeyUse()
    for of_service in used:
        use += of_service.get(kept.key.id, KeyUse())
    expired = kept.key.expires_at is not None and kept.key.expires_at <= now
    living = (one for one in kept.secrets if one.ends_at is None or one.ends_at > now)
    return KeyRow(
        kept,
        use,
        "revoked" if kept.disabled else "expired" if expired else "live",
        tuple((one, (now - one.created_at) // timedelta(days=1)) for one in living),
    )


def _line(change: KeyChange, key_names: Mapping[UUID, str], names: Mapping[UUID, str]) -> ChangeLine:
    detail = change.detail
    ends = detail.get("old_ends_at") or detail.get("expires_at")
    return ChangeLine(
        change,
        key_names.get(change.key_id, str(change.key_id)),
        "" if change.by is None else names.get(change.by, str(change.by)),
        datetime.fromisoformat(ends) if ends else None,
        tuple((name, _number(detail[name])) for name in ("per_minute", "per_day") if name in detail),
    )


def _number(value: Any) -> str:
    if isinstance(value, list):
        before, after = (_number(one) for one in value)
        return before if before == after else f"{before} → {after}"
    return "∞" if value is None else str(value)
