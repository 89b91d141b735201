"""How many drafts are saved when 500 operators type at once, each saved every two seconds."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from deploy.demo.processes import Stage
from services.intake.models import IDENTITY as INTAKE
from services.notify.models import IDENTITY as NOTIFY
from services.triage.models import IDENTITY as TRIAGE
from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.database import Database, EmbeddedPostgres
from shared.identity.read_copy import record_person
from shared.identity.sessions import COOKIE, Sessions
from shared.settings import Settings, load_keys

OPERATORS: Final = 500
SECONDS: Final = 20.0
COPIES: Final = (INTAKE, TRIAGE, NOTIFY)
"""A process of all services asks the last of them who a person is."""


def drafts(stage: Stage, factor: float = 1.0) -> dict[str, Any]:
    """Return how long a save took of `OPERATORS`, each a person of their own with a session and a form of their own."""
    sessions = asyncio.run(_operators(stage.directory))
    command = [sys.executable, "-m", "deploy.bench.drafts_load", stage.intake_url, str(SECONDS * factor)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=json.dumps(sessions))
    said: dict[str, Any] = json.loads(done.stdout)
    return {"bench": "drafts", "operators": OPERATORS, **said}


async def _operators(directory: Path) -> list[dict[str, str]]:
    """Make operators known and begin a session of each; return their cookies and form tokens."""
    settings = Settings(data_dir=directory / "data", database_url=None, public_url=None)
    sessions, now = Sessions(load_keys(settings), settings), datetime.now(UTC)
    server = await asyncio.to_thread(EmbeddedPostgres, directory / "data")
    database = Database(server.url, pool_size=1)
    begun: list[dict[str, str]] = []
    async with database.transaction() as connection:
        for _operator in range(OPERATORS):
            session, cookie = sessions.begin(uuid4(), now)
            for copy in COPIES:
                await record_person(connection, copy, _operator_of(session.person_id, now))
            begun.append({"cookie": f"{COOKIE}={cookie}", "token": sessions.csrf_token(session.id)})
    await database.close()
    await asyncio.to_thread(server.stop)
    return begun


def _operator_of(person_id: UUID, now: datetime) -> PersonChanged:
    return PersonChanged(
        occurred_at=now,
        correlation_id="bench",
        person_id=person_id,
        sequence=1,
        roles=(Role.OPERATOR,),
        sessions_valid_from=now - timedelta(minutes=1),
    )


def main() -> None:
    """Measure drafts alone, on a product of its own."""
    import shutil  # noqa: PLC0415 - only from the command line
    import tempfile  # noqa: PLC0415

    directory = Path(tempfile.mkdtemp(prefix="hldrafts"))
    stage = Stage(directory, callbacks=False)
    try:
        stage.start()
        print(json.dumps({**drafts(stage), "cores": os.cpu_count()}))
    finally:
        stage.stop()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
