"""The demonstration's accounts: one a role, with passwords made once for each data directory."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy.demo.organisation import PEOPLE
from services.notify.handlers.create_account import AccountExistsError, create_account
from shared.contracts.teams import Function, commune_team
from shared.contracts.vocabulary import Role
from shared.service import Parts

PASSWORD_BYTES = 9
UNIT = 9190
"""Phường Võ Cường, where the demonstration's worker is on duty."""
WORKERS_TEAM = commune_team(Function.SOCIAL, UNIT)


@dataclass(frozen=True)
class DemoAccount:
    """Who can sign in to the demonstration; names are invented."""

    role: Role
    login: str
    display_name: str


ACCOUNTS = (
    DemoAccount(Role.OPERATOR, "tiepnhan", "Nguyễn Thu Hằng"),
    DemoAccount(Role.WORKER, "canbo", ""),
    DemoAccount(Role.SUPERVISOR, "giamsat", "Vũ Minh Quân"),
    DemoAccount(Role.ADMINISTRATOR, "quantri", "Đào Thanh Sơn"),
    DemoAccount(Role.AUDITOR, "nhatky", "Lương Bích Yến"),
)


def make_passwords(path: Path) -> dict[str, str]:
    """Return the password of each account, made once and kept in a file that only its owner reads."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    made = {account.login: secrets.token_urlsafe(PASSWORD_BYTES) for account in ACCOUNTS}
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return made


async def load(parts: Parts, path: Path) -> None:
    """Create the accounts that are not there yet; a data directory without the passwords' file has none."""
    if not await asyncio.to_thread(path.exists):
        return
    worker = next(person for person in PEOPLE if person.team_code == WORKERS_TEAM)
    for account in ACCOUNTS:
        own_team = account.role is Role.WORKER
        try:
            async with parts.database.transaction() as connection:
                await create_account(
                    connection,
                    parts.bus,
                    login=account.login,
                    display_name=account.display_name or worker.name,
                    password=make_passwords(path)[account.login],
                    roles=[account.role],
                    team_codes=[WORKERS_TEAM] if own_team else [],
                    unit_codes=[UNIT] if own_team else [],
                    person_id=worker.id if own_team else None,
                    now=datetime.now(UTC),
                )
        except AccountExistsError:
            continue
