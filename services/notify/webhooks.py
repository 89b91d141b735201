"""Callbacks of gateways: signed, repeated, out of order, and never answered with a fault of ours."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from services.notify.gateways.http_spec import Callback, load_specs, text_at, value_at
from services.notify.handlers.answer_call import Call, answer_call
from services.notify.handlers.desk import Desk
from services.notify.handlers.record_delivery import record_delivery
from services.notify.handlers.record_reply import Incoming, record_reply
from services.notify.rules.calls import call_report
from services.notify.twiml import twiml
from shared.observability import logger
from shared.phones import normalise
from shared.service import Parts
from shared.web.problems import Problem

SIGNATURE = "X-Twilio-Signature"
SECRET_HEADER = "X-Heedline-Gateway-Key"  # noqa: S105 - the name of a header
LARGEST = 16_384
"""Bytes of a callback; Twilio's are far shorter."""
PRINTABLE = r"^[\x20-\x7e]+$"

log = logger(__name__)

Form = ImmutableMultiDict[str, str]
"""A name that comes twice keeps every value, since Twilio signs all of them."""


class GatewayReply(BaseModel):
    """A reply that another gateway hands over: its own id, the sender's number and the text."""

    id: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)
    sender: str = Field(alias="from", min_length=3, max_length=20, pattern=PRINTABLE)
    body: str = Field(default="", max_length=2000)


class TwilioSignature:
    """Checks that a callback comes from Twilio, for the address that Twilio was given."""

    def __init__(self, parts: Parts) -> None:
        self._validators = [RequestValidator(token) for token in parts.settings.twilio_auth_token]
        self._base = (parts.settings.public_url or "").rstrip("/")

    async def form(self, request: Request) -> Form:
        """Return the parameters of a signed callback, or raise 403; a missing signature is a wrong one."""
        body = await request.body()
        given = request.headers.get(SIGNATURE, "")
        text = body.decode("utf-8", "replace") if len(body) <= LARGEST else ""
        form = Form(parse_qsl(text, keep_blank_values=True))
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._base}{request.url.path}{query}"
        if not given or not form or not any(_signed(validator, url, form, given) for validator in self._validators):
            log.warning("webhook_refused", route=request.url.path)
            raise Problem(403, "Forbidden", "The signature is missing or wrong for this address.")
        return form


def _signed(validator: Any, url: str, form: Form, given: str) -> bool:
    return bool(validator.validate(url, form, given))


def _twiml(answer: str | None) -> Response:
    message = f"<Message>{escape(answer)}</Message>" if answer else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return Response(body, media_type="text/xml")


def gateway_secret(parts: Parts, gateway: str) -> str:
    """Return the secret that a gateway sends; made from the installation's index key, one for each gateway."""
    return parts.keys.digest(gateway, "sms gateway").hex()


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the callbacks' routes."""
    routes = APIRouter(prefix="/webhooks", include_in_schema=False)
    signature = TwilioSignature(parts)
    specs = {spec.name: spec for spec in load_specs(parts.settings)}

    @routes.post("/twilio/sms")
    async def twilio_sms(request: Request) -> Response:
        form = await signature.form(request)
        phone = normalise(form.get("From", "")) or form.get("From", "")
        incoming = Incoming("twilio", form.get("MessageSid", ""), phone, form.get("Body", ""))
        return _twiml(await record_reply(parts.database, desk, incoming))

    @routes.post("/twilio/status")
    async def twilio_status(request: Request) -> Response:
        form = await signature.form(request)
        code, message_id = form.get("ErrorCode", ""), _uuid(request.query_params.get("message", ""))
        sid, reported, result = form.get("MessageSid", ""), form.get("MessageStatus", ""), None
        if "CallSid" in form:
            sid = form["CallSid"]
            reported, result = call_report(form.get("CallStatus", ""), form.get("AnsweredBy", ""))
        await record_delivery(
            parts.database,
            desk,
            message_id=message_id,
            sid=sid,
            reported=reported,
            error_code=int(code) if code.isdecimal() and result is None else None,
            gateway=None if "CallSid" in form else "twilio",
            result=result,
        )
        return _twiml(None)

    @routes.post("/twilio/voice")
    async def twilio_voice(request: Request) -> Response:
        form = await signature.form(request)
        call = Call(
            _uuid(request.query_params.get("message", "")),
            form.get("CallSid", ""),
            form.get("AnsweredBy", ""),
            form.get("Digits"),
        )
        return Response(twiml(await answer_call(parts.database, desk, call)), media_type="text/xml")

    @routes.post("/sms/{gateway}")
    async def other_gateway(request: Request, gateway: str) -> dict[str, str | None]:
        if (spec := specs.get(gateway)) is not None and spec.callback is not None:
            return {"answer": await _described(parts, desk, request, spec.name, spec.callback)}
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), gateway_secret(parts, gateway).encode()):
            log.warning("webhook_refused", route="/webhooks/sms")
            raise Problem(403, "Forbidden", f"Send the gateway's key in the header {SECRET_HEADER}.")
        try:
            reply = GatewayReply.model_validate_json(await request.body())
        except ValidationError:
            raise Problem(422, "Unprocessable", 'Send {"id", "from", "body"} as JSON.') from None
        phone = normalise(reply.sender) or reply.sender
        return {
            "answer": await record_reply(
                parts.database, desk, Incoming(gateway, f"{gateway}:{reply.id}", phone, reply.body)
            )
        }

    return routes


async def _described(parts: Parts, desk: Desk, request: Request, gateway: str, callback: Callback) -> str | None:
    """Take a callback of a gateway that the settings describe: a reply or a delivery report, as JSON or as a form."""
    body = await request.body()
    given = request.headers.get(callback.header, "")
    if len(body) > LARGEST or not callback.authentic(given, body):
        log.warning("webhook_refused", route="/webhooks/sms")
        raise Problem(403, "Forbidden", f"The proof in the header {callback.header} is missing or wrong.")
    document = _document(request, body)
    reply, status = callback.reply, callback.status
    if reply is not None and (sender := text_at(document, reply.sender)) and value_at(document, reply.text) is not None:
        sid = text_at(document, reply.id) if reply.id else ""
        phone = normalise(sender) or normalise(f"+{sender}") or sender
        incoming = Incoming(gateway, f"{gateway}:{sid}" if sid else None, phone, text_at(document, reply.text))
        return await record_reply(parts.database, desk, incoming)
    if status is not None and (sid := text_at(document, status.id)):
        reported = status.map.get(text_at(document, status.state), "")
        await record_delivery(
            parts.database, desk, message_id=None, sid=sid, reported=reported, error_code=None, gateway=gateway
        )
        return None
    raise Problem(422, "Unprocessable", "Neither the fields of a reply nor those of a delivery report are there.")


def _document(request: Request, body: bytes) -> Any:
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return json.loads(body)
    except ValueError:
        raise Problem(422, "Unprocessable", "Send JSON or a form.") from None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
