"""Two languages: text is written in Vietnamese where it is used; catalogues hold the English."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

LOCALES: Final = ("vi", "en")
SOURCE: Final = "vi"


@cache
def _catalogue(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {
            message.id: message.string
            for message in read_po(file)
            if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
        }


class Translator:
    """Translates Vietnamese source text to one language; a text without a translation stays Vietnamese."""

    def __init__(self, locale: str, folders: Iterable[Path]) -> None:
        self.locale = locale
        self._texts: dict[str, str] = {}
        for folder in folders:
            path = folder / f"{locale}.po"
            if path.exists():
                self._texts.update(_catalogue(path))

    def __call__(self, text: str, **values: object) -> str:
        """Return the text in this language with `values` put into its `{fields}`."""
        found = self._texts.get(text, text)
        return found.format(**values) if values else found


def preferred(cookie: str | None, accept: str | None, default: str) -> str:
    """Choose a language from the reader's choice, the browser's wish and the installation's default."""
    if cookie in LOCALES:
        return cookie
    first = (accept or "").split(",")[0].split("-")[0].strip().lower()
    return first if first in LOCALES and default not in LOCALES else default
