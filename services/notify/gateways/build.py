"""The gateways that the settings ask for, in their order."""

from __future__ import annotations

from services.notify.gateways.gateway import Gateway, Inbound
from services.notify.gateways.http import HttpGateway
from services.notify.gateways.http_spec import load_specs
from services.notify.gateways.mail import EmailGateway
from services.notify.gateways.smpp import SmppGateway
from services.notify.gateways.twilio import TwilioGateway
from services.notify.gateways.voice import VoiceGateway
from shared.settings import PREFIX, SettingError, Settings


def gateways(settings: Settings, inbound: Inbound) -> list[Gateway]:
    """Return the gateways, preferred ones first; raises `SettingError` for a name in the order that is none."""
    made: list[Gateway] = [TwilioGateway(settings)]
    if settings.smpp_host:
        made.append(SmppGateway(settings, inbound))
    if settings.calls_from:
        made.append(VoiceGateway(settings))
    if settings.smtp_url:
        made.append(EmailGateway(settings))
    made += [HttpGateway(spec, settings.public_url) for spec in load_specs(settings)]
    names = [one.name for one in made]
    wanted = settings.gateway_order
    for name in wanted:
        if name not in names:
            raise SettingError(f"{PREFIX}GATEWAY_ORDER names {name}, which is no gateway: write {', '.join(names)}.")
    return sorted(made, key=lambda one: wanted.index(one.name) if one.name in wanted else len(wanted))
