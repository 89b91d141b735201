"""The HTTP API of reports: take one, tell where it is, and the ledger of all."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, assert_never
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse
from structlog.contextvars import get_contextvars

from services.intake import store
from services.intake.answers import KEY_LIMIT, Accepted, LedgerCounts, PlaceList, ReportState
from services.intake.handlers.answer_request import Corrected, Created, KeyReused, Outcome, Repeated, Submission
from services.intake.handlers.receive_report import receive_report
from services.intake.rules.field_errors import InvalidReportError, Language
from services.intake.rules.report import LARGEST_BODY, Report
from services.intake.store import ReportStatus
from shared import places
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.openapi import problems
from shared.web.problems import Problem

NO_KEY = "The header Idempotency-Key is missing, or longer than 200 characters"
SUGGESTIONS = 20
CLOCKS = ("acknowledge_by", "contact_by", "visit_by", "form02_by", "legal_by")

_SCHEMA_POINTER = "#/paths/~1api~1v1~1reports/post/requestBody/content/application~1json/schema/$defs/{model}"
"""Where OpenAPI's readers find the parts of the report's schema: within the whole document, not within the schema."""
_SCHEMA = Report.model_json_schema(ref_template=_SCHEMA_POINTER)
_DOCUMENT = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "A new random text for each new report; the same again for the same report again",
            "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}},
}


def router(parts: Parts) -> APIRouter:
    """Return the API's routes."""
    routes = APIRouter(prefix="/api/v1", tags=["reports"])

    @routes.post(
        "/reports",
        status_code=201,
        responses={
            201: {"model": Accepted},
            200: {"model": Accepted, "description": "Sent before, or a correction of what was"},
            **problems(_400=NO_KEY, _409="The Idempotency-Key was used for another report", _413="Over 65,536 bytes"),
        },
        openapi_extra=_DOCUMENT,
    )
    async def submit(
        request: Request, idempotency_key: Annotated[str | None, Header(include_in_schema=False)] = None
    ) -> JSONResponse:
        """Take a report: 201 when new, 200 with the first ids when it was sent before, 409 when its key was."""
        if not idempotency_key or len(idempotency_key) > KEY_LIMIT:
            raise _key_missing()
        body = await _body(request)
        actor: Actor = request.state.actor
        correlation_id = get_contextvars().get("correlation_id")
        try:
            outcome = await receive_report(parts, Submission(body, idempotency_key, actor, correlation_id))
        except InvalidReportError as error:
            raise _invalid(error, language(request)) from None
        return _answer(outcome)

    @routes.get(
        "/reports/{report_id}", responses={200: {"model": ReportState}, **problems(_404="No report has this id")}
    )
    async def one_report(request: Request, report_id: str) -> dict[str, Any]:
        """Return a report's level, rules, deadlines, route and alert; nothing personal."""
        async with parts.database.reading() as connection:
            status = await store.report_status(connection, _known_form(report_id))
        if status is None:
            raise _not_found()
        return report_document(status, language(request))

    @routes.get("/ledger", responses={200: {"model": LedgerCounts}})
    async def ledger() -> dict[str, int]:
        """Count what became of every report; `gap` are those held up for more than two minutes."""
        async with parts.database.reading() as connection:
            return asdict(await store.count_ledger(connection))

    @routes.get("/places", responses={200: {"model": PlaceList}})
    async def find_places(q: Annotated[str, Query(max_length=100)]) -> dict[str, Any]:
        """Find today's communes by any part of a name, Bắc Ninh's first."""
        found = places.search(q, SUGGESTIONS)
        return {"items": [asdict(unit) for unit in found], "next": None}

    return routes


async def _body(request: Request) -> bytes:
    """Return the body, taking in no more than a report may have."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Problem(413, "The report is too large", "Send at most 65,536 bytes; shorten the narrative.")
    return bytes(body)


def _known_form(report_id: str) -> UUID:
    """Return the id; a text that is no id is the id of no report."""
    try:
        return UUID(report_id)
    except ValueError:
        raise _not_found() from None


def _not_found() -> Problem:
    return Problem(404, "Not found", "No report has this id.")


def _key_missing() -> Problem:
    return Problem(
        400, "Idempotency-Key is missing", "Send a header Idempotency-Key with a new random text for each new report."
    )


def language(request: Request) -> Language:
    """Return the language a program asks for, Vietnamese unless it prefers English."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "vi"


def _answer(outcome: Outcome) -> JSONResponse:
    match outcome:
        case Created(report_id, case_code, receipt):
            return JSONResponse(_ids(report_id, case_code, receipt), 201)
        case Repeated(report_id, case_code) | Corrected(report_id, case_code, _):
            return JSONResponse(_ids(report_id, case_code, None), 200)
        case KeyReused():
            detail = "This Idempotency-Key was used for another report. Send a new key."
            raise Problem(409, "Idempotency-Key was used before", detail)
        case _:
            assert_never(outcome)


def _ids(report_id: UUID, case_code: str, receipt: str | None) -> dict[str, str | None]:
    return {"report_id": str(report_id), "case_code": case_code, "receipt": receipt}


def _invalid(error: InvalidReportError, wanted: Language) -> Problem:
    title, detail = {
        "vi": ("Có ô chưa đúng", "Sửa các ô được nêu rồi gửi lại."),
        "en": ("Some fields are wrong", "Correct the fields named and send the report again."),
    }[wanted]
    fields = [{"field": wrong.field, "message": wrong.message(wanted)} for wrong in error.errors]
    return Problem(422, title, detail, fields)


def report_document(status: ReportStatus, wanted: Language) -> dict[str, Any]:
    """Return a report as the API shows it; `level` null until assessed, `alert` null until opened."""
    assessment = status.assessment or {}
    clocks = assessment.get("clocks", {})
    route = assessment.get("route", {})
    alert = status.alert
    return {
        "report_id": str(status.report_id),
        "case_code": status.case_code,
        "status": status.status.value,
        "level": status.level.name if status.level else None,
        "rules": [
            {"id": rule["id"], "level": rule["level"], "text": rule[f"text_{wanted}"], "source": rule["source"]}
            for rule in assessment.get("rules", ())
        ],
        "clocks": {name: clocks.get(name) for name in CLOCKS},
        "route": {
            "lead": route.get("lead"),
            "support": route.get("support", []),
            "where": route.get("where"),
            "unit_code": route.get("unit_code"),
            "text": route.get(f"text_{wanted}"),
        },
        "alert": None
        if alert is None
        else {
            "state": alert.state,
            "step": alert.step,
            "acknowledged_by": str(alert.acknowledged_by) if alert.acknowledged_by else None,
            "acknowledged_at": _moment(alert.acknowledged_at),
        },
        "warnings": list(status.warnings),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
