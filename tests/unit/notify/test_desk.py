from __future__ import annotations

from typing import Any

import pytest

from services.notify.handlers.desk import Desk, local_number
from shared.clock import SystemClock
from shared.crypto import Keys
from shared.database import Database
from shared.events import EventBus
from shared.service import Parts
from shared.settings import SettingError, Settings


def desk(**settings: Any) -> Desk:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none")
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    return Desk.of(Parts(Settings(**settings), database, EventBus(database), SystemClock(), keys))


@pytest.mark.parametrize(
    ("settings", "receives", "reply_to"),
    [
        ({"twilio_from": "+84990100001"}, True, "0990100001"),
        ({"twilio_from": "BVTE BacNinh", "reply_number": "+84990100002"}, False, "0990100002"),
        ({"twilio_messaging_service_sid": "MG1"}, True, "so nay"),
    ],
)
def test_people_are_told_where_to_answer(settings: dict[str, str], reply_to: str, *, receives: bool) -> None:
    made = desk(**settings)
    assert (made.sender_receives, made.reply_to) == (receives, reply_to)


def test_a_reply_number_that_no_message_holds_stops_the_start() -> None:
    with pytest.raises(SettingError, match="REPLY_NUMBER"):
        desk(reply_number="+84 (0) 990 100 001, extension 12345")


def test_foreign_numbers_stay_as_they_are() -> None:
    assert local_number("+15005550006") == "+15005550006"
