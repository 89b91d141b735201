"""The gateways that the settings ask for, in their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
    makers: dict[str, Callable[[], Gateway]] = {"twilio": partial(TwilioGateway, settings)}
    if settings.smpp_host:
        makers["smpp"] = partial(SmppGateway, settings, inbound)
    if settings.calls_from:
        makers["voice"] = partial(VoiceGateway, settings)
    if settings.smtp_url:
        makers["email"] = partial(EmailGateway, settings)
    makers |= {spec.name: partial(HttpGateway, spec, settings.public_url) for spec in load_specs(settings)}
    wanted = settings.gateway_order
    for name in wanted:
        if name not in makers:
            raise SettingError(f"{PREFIX}GATEWAY_ORDER names {name}, which is no gateway: write {', '.join(makers)}.")
    names = sorted(makers, key=lambda name: wanted.index(name) if name in wanted else len(wanted))
    return [makers[name]() for name in names]
