"""Errors that a caller can act on, as RFC 9457 problem details or as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

PROBLEM_TYPE: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818 - the name of the standard's own document
    """Ends a request with an HTTP status and a sentence; `errors` names fields: `{"field", "message"}`."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def document(self) -> dict[str, object]:
        """Return the problem as its JSON document."""
        body: dict[str, object] = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [dict(error) for error in self.errors]
        return body
