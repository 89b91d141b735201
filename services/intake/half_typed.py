"""A report of which little is typed, or something wrong, read as far as it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from services.intake import console_form
from services.intake.console_form import Values
from services.intake.handlers.read_report import read_report
from services.intake.rules.field_errors import InvalidReportError

_ENOUGH: Final = {"channel": "hotline", "narrative": "-"}
"""What a report must have to be read at all."""


def readable(values: Values, arrival: datetime) -> dict[str, Any] | None:
    """Return a document that can be read: a field that is wrong is left out, for it must not hide what the others say.

    Null when that does not make it readable.
    """
    for _attempt in range(2):
        document = _ENOUGH | console_form.document(values)
        try:
            read_report(document, arrival)
        except InvalidReportError as error:
            wrong = {error.field for error in error.errors}
            values = {name: texts for name, texts in values.items() if not _belongs(name, wrong)}
        else:
            return document
    return None


def _belongs(name: str, wrong: set[str]) -> bool:
    return name in wrong or console_form.field_of(name) in {console_form.field_of(path) for path in wrong}
