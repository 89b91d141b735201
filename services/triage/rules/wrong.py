"""What is wrong with a rule table: the field, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """One wrong field, named as in the document (`rules.R27.level`), with the reason in Vietnamese and English."""

    field: str
    vi: str
    en: str

    def text(self, locale: str) -> str:
        """Return the reason in `locale`."""
        return self.en if locale == "en" else self.vi


class TableRefusedError(Exception):
    """The rule table cannot be used; `wrong` names each field and says what to write."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("; ".join(f"{found.field}: {found.en}" for found in self.wrong))
