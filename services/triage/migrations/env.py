from __future__ import annotations

from services.triage.models import metadata
from shared.migrations import run_migrations

run_migrations(metadata)
