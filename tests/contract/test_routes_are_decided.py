"""Every route of the whole app has a decision in the policy."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from deploy.cli import RECIPES
from shared.identity.enforce import undecided_routes
from shared.runner import running
from shared.settings import Settings


async def test_no_route_is_without_a_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="hl", ignore_cleanup_errors=True) as directory:
        monkeypatch.setenv("HEEDLINE_DATA_DIR", str(Path(directory) / "data"))
        monkeypatch.setenv("HEEDLINE_TWILIO_API_BASE", "http://127.0.0.1:9")
        monkeypatch.setenv("HEEDLINE_TWILIO_ACCOUNT_SID", "AC0")
        monkeypatch.setenv("HEEDLINE_TWILIO_AUTH_TOKEN", "token")
        monkeypatch.setenv("HEEDLINE_TWILIO_FROM", "+15005550006")
        async with running(list(RECIPES.values()), Settings()) as process:
            assert len(process.app.routes) > 5
            assert undecided_routes(process.app) == []
