"""The gateways of a process, by name: which one is next, and what is known of how they fare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from services.notify.gateways.gateway import EndsCalls, Gateway, LookUpFailedError, Outgoing
from services.notify.rules.breaker import Breaker
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import Outcome, RetryLater
from shared.observability import logger

log = logger(__name__)


class Pool:
    """Gateways in the order in which they are preferred.

    Breakers are kept in this process only: another one learns of a dead gateway by three messages of its own, each
    of which goes by the next gateway at once, and nothing has to be read before a page is sent.
    """

    def __init__(self, gateways: Sequence[Gateway], now: Callable[[], float] = time.monotonic) -> None:
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._breakers = {gateway.name: Breaker() for gateway in gateways}
        self._now = now

    def order(self, channel: ContactChannel) -> list[str]:
        """Return the gateways of a channel, those that are ready first; what is not ready is still better than none."""
        now = self._now()
        names = [gateway.name for gateway in self._gateways.values() if gateway.channel is channel]
        return sorted(names, key=lambda name: not self._breakers[name].ready(now))

    def pair(self, channel: ContactChannel) -> tuple[str | None, str | None]:
        """Return the gateway to use, and the one to use when that was the last to be tried."""
        names = self.order(channel)
        return (names[0], names[min(1, len(names) - 1)]) if names else (None, None)

    def other(self, channel: ContactChannel, tried: str | None) -> str | None:
        """Return the next gateway that is not the one just tried, where there is one."""
        names = self.order(channel)
        return next((name for name in names if name != tried), names[0] if names else None)

    def preferred(self, channel: ContactChannel) -> str | None:
        """Return the gateway that is used when all is well."""
        return next((one.name for one in self._gateways.values() if one.channel is channel), None)

    @property
    def with_receipts_from_phone(self) -> frozenset[str]:
        """Gateways whose silence after taking a message means that the phone has not got it."""
        return frozenset(name for name, gateway in self._gateways.items() if gateway.receipts_from_phone)

    async def send(self, name: str, message: Outgoing) -> Outcome:
        """Send by a gateway and remember how it fared."""
        gateway = self._gateways.get(name)
        if gateway is None:
            return RetryLater("gateway gone", doubtful=False)
        self._breakers[name] = self._breakers[name].using(self._now())
        outcome = await gateway.send(message)
        before = self._breakers[name]
        after = before.failed(self._now()) if isinstance(outcome, RetryLater) else before.succeeded()
        self._breakers[name] = after
        if (before.opened_at is None) != (after.opened_at is None):
            log.warning("gateway_breaker", gateway=name, open=after.opened_at is not None)
        return outcome

    async def find(self, name: str | None, message: Outgoing) -> str | None:
        """Ask the gateway that may have a message for it; raises `LookUpFailedError`."""
        gateway = self._gateways.get(name or "")
        if gateway is None:
            raise LookUpFailedError("gateway gone")
        return await gateway.find(message)

    async def end(self, name: str | None, sid: str) -> None:
        """End a call that still rings, where the gateway can."""
        gateway: object = self._gateways.get(name or "")
        if isinstance(gateway, EndsCalls):
            await gateway.end(sid)

    async def start(self) -> None:
        """Open all lines."""
        for gateway in self._gateways.values():
            await gateway.start()

    async def close(self) -> None:
        """Close all connections."""
        for gateway in self._gateways.values():
            await gateway.close()
