"""What the libraries below say, as logs of ours: which library, how grave, which exception; never their text."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from shared.observability import logger

ROUTINE_WARNINGS = ("Auto create topics is disabled",)
"""What FastStream warns of on every start and is as intended: topics are made by `heedline topics apply`."""

_log = logger("shared.events")


class LibraryLog:
    """A FastStream logger. Texts are dropped, because they may quote a row or an exception's values."""

    def __init__(self, library: str) -> None:
        self._library = library

    def log(self, level: int, msg: Any, /, *, exc_info: Any = None, extra: Mapping[str, Any] | None = None) -> None:
        """Log warnings and errors; what is said of every message is dropped."""
        if level < logging.WARNING or str(msg).startswith(ROUTINE_WARNINGS):
            return
        cause = type(exc_info).__name__ if isinstance(exc_info, BaseException) else ""
        _log.log(level, "transport_trouble", library=self._library, queue=(extra or {}).get("queue", ""), cause=cause)
