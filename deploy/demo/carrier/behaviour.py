"""How a number behaves: one table of every way in which the carrier can fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """What happens to a message to a number.

    `refuse`: (HTTP status, Twilio's code) of a refusal at once. `error`: Twilio's code of a failed delivery.
    `reports`: the statuses told to the callback, in this order. `stall`: seconds before any answer.
    """

    refuse: tuple[int, int] | None = None
    error: int | None = None
    reports: tuple[str, ...] = ("sent", "delivered")
    stall: float = 0.0
    away: bool = False


def _undelivered(code: int) -> Behaviour:
    return Behaviour(error=code, reports=("sent", "undelivered"))


BEHAVIOURS: dict[str, Behaviour] = {
    "deliver": Behaviour(),
    "21211": Behaviour(refuse=(400, 21211)),  # not a phone number
    "21610": Behaviour(refuse=(400, 21610)),  # opted out
    "21614": Behaviour(refuse=(400, 21614)),  # not a mobile
    "21609": Behaviour(refuse=(400, 21609)),  # the callback's address is refused; without one it is delivered
    "30003": _undelivered(30003),  # unreachable handset
    "30004": _undelivered(30004),  # blocked
    "30005": _undelivered(30005),  # unknown handset
    "30006": _undelivered(30006),  # landline or unreachable carrier
    "30007": _undelivered(30007),  # filtered
    "30008": _undelivered(30008),  # unknown error
    "429": Behaviour(refuse=(429, 20429)),
    "500": Behaviour(refuse=(500, 20500)),
    "503": Behaviour(refuse=(503, 20503)),
    "stall": Behaviour(stall=30.0),
    "no_callback": Behaviour(reports=()),
    "out_of_order": Behaviour(reports=("delivered", "sent")),
    "twice": Behaviour(reports=("sent", "sent", "delivered", "delivered")),
    "away": Behaviour(away=True),
}
EVERYBODY = "*"
"""Set a behaviour for this "number" and it holds for every number without one of its own."""


@dataclass(frozen=True)
class CallBehaviour:
    """What happens to a call to a number.

    `refuse`: (HTTP status, Twilio's code) of a refusal at once. `stall`: seconds before any answer. `end`: how it ends
    without being answered; `by`: who answers at once, as Twilio tells it, and `press`es a key. Neither: it rings until
    somebody does something at the phones page.
    """

    refuse: tuple[int, int] | None = None
    stall: float = 0.0
    end: str | None = None
    by: str | None = None
    press: str | None = None


CALL_BEHAVIOURS: dict[str, CallBehaviour] = {
    "ring": CallBehaviour(),
    **{f"press-{key}": CallBehaviour(by="human", press=key) for key in ("1", "2", "3", "9")},
    "answer": CallBehaviour(by="human"),
    "machine": CallBehaviour(by="machine_start"),
    "busy": CallBehaviour(end="busy"),
    "no-answer": CallBehaviour(end="no-answer"),
    "failed": CallBehaviour(end="failed"),
    "stall": CallBehaviour(stall=30.0),
    "21211": CallBehaviour(refuse=(400, 21211)),  # not a phone number
    "21215": CallBehaviour(refuse=(400, 21215)),  # the account may not call there
    "20003": CallBehaviour(refuse=(401, 20003)),  # the account may not call at all
    "404": CallBehaviour(refuse=(404, 20404)),
    "429": CallBehaviour(refuse=(429, 20429)),
    "500": CallBehaviour(refuse=(500, 20500)),
    "503": CallBehaviour(refuse=(503, 20503)),
}
