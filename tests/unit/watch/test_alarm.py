from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from deploy.watch.alarm import Alarm, Notice
from deploy.watch.round import Stage
from deploy.watch.run import _WORDS

BAD = Notice(failing=True, text="bad", detail="")
WELL = Notice(failing=False, text="well", detail="")
HOUR = 3600.0


@dataclass
class Channel:
    """Keeps what it was told; `works` false refuses it."""

    works: bool = True
    heard: list[str] = field(default_factory=list)

    def tell(self, notice: Notice) -> None:
        if not self.works:
            raise OSError
        self.heard.append(notice.text)


@dataclass
class Time:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_failure_is_told_at_once_then_every_hour_and_its_end_once() -> None:
    time, channel = Time(), Channel()
    alarm = Alarm([channel], HOUR, time)
    for minutes in (0, 15, 30, 45, 60, 75):
        time.now = minutes * 60
        alarm.failed(BAD)
    assert channel.heard == ["bad", "bad"]
    alarm.went_well(WELL)
    alarm.went_well(WELL)
    assert channel.heard == ["bad", "bad", "well"]
    alarm.failed(BAD)
    assert channel.heard[-1] == "bad"


def test_a_channel_that_fails_keeps_no_other_silent_and_is_tried_again() -> None:
    broken, working = Channel(works=False), Channel()
    alarm = Alarm([broken, working], HOUR, Time())
    alarm.failed(BAD)
    assert working.heard == ["bad"]
    broken.works = True
    alarm.failed(BAD)
    assert broken.heard == ["bad"]
    assert working.heard == ["bad"]


def test_nothing_is_told_while_all_is_well() -> None:
    channel = Channel()
    Alarm([channel], HOUR, Time()).went_well(WELL)
    assert channel.heard == []


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_has_words_that_fit_one_sms(stage: Stage) -> None:
    words = f"BVTE GIAM SAT: he thong bao dong CO LOI luc 14:26 28/11: {_WORDS[stage]}. Kiem tra ngay, goi 02223800000."
    assert words.isascii()
    assert len(words) <= 160
