"""The description of the HTTP API: what FastAPI knows, with the key, and errors as the problem details they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from shared.web.problems import PROBLEM_TYPE

KEY: Final = "key"
"""The name of the security scheme."""

_EVERYWHERE: Final = {
    "401": "No key, or one that is not known here",
    "403": "The key lacks the scope",
    "422": "Fields are wrong; `errors` names each",
    "429": "The key has made as many requests as it may in this minute or day. Nothing was done: send the same again "
    "when Retry-After says, a report with the same Idempotency-Key",
}
_RETRY_AFTER: Final = {
    "Retry-After": {
        "description": "Seconds until the key may ask again",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}
_REFERENCE: Final = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


class WrongField(BaseModel):
    """A wrong field by its path (`facts.danger_now`), and why."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """An error as RFC 9457 describes it; 422 names the wrong fields."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[WrongField] | None = None


def problems(**described: str) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route for its own problems, `_404="No report has this id"`."""
    return {int(name.removeprefix("_")): _problem(text) for name, text in described.items()}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of every route of the API; made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _completed(FastAPI.openapi(app))
    return app.openapi_schema


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    components["securitySchemes"] = {KEY: {"type": "http", "scheme": "bearer"}}
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    document["security"] = [{KEY: []}]
    for operation in _operations(document):
        answers = operation["responses"]
        answers.pop("422", None)
        operation["responses"] = {**answers, **{status: _problem(text) for status, text in _EVERYWHERE.items()}}
        operation["responses"]["429"]["headers"] = _RETRY_AFTER
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for path in document["paths"].values() for operation in path.values())


def _problem(text: str) -> dict[str, Any]:
    return {"description": text, "content": _REFERENCE}
