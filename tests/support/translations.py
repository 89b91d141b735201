"""Finds the texts of pages that have no English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

_CALL = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")


def texts(folders: Iterable[Path]) -> set[str]:
    """Return every Vietnamese text that templates and code below the folders translate."""
    found: set[str] = set()
    for folder in folders:
        for path in (*folder.rglob("*.html"), *folder.glob("*.py")):
            found |= {one or other for one, other in _CALL.findall(path.read_text(encoding="utf-8"))}
    return found


def translated(folders: Iterable[Path]) -> set[str]:
    """Return every text with an English translation."""
    found: set[str] = set()
    for folder in folders:
        path = folder / "locale" / "en.po"
        if path.exists():
            with path.open("rb") as file:
                found |= {str(message.id) for message in read_po(file) if message.id and message.string}
    return found
