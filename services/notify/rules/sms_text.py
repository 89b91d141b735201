"""The texts of messages, from the templates in force for a person's language.

A text carries the case code, the level, a moment, phone numbers of the service and what to reply; never a link, and
nothing about the child, the family or the reporter.

Moments are text as people read it (`14:20 28/11`, in Vietnamese time, at most 11 characters). `duty` is the
phone to ask at, `reply` where people answer: the reply number, or the sender when it can receive. `words` are the
templates of the reader's language; the built-in Vietnamese ones unless given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notify.rules import template
from services.notify.rules.default_templates import DEFAULTS
from services.notify.rules.encoding import Encoding, Segments, segments
from services.notify.rules.template import CODES_LISTED, Template
from shared.contracts.vocabulary import Level

LEVEL_WORDS: Mapping[Level, str] = template.LEVEL_WORDS["vi", Encoding.GSM_7]
"""A level after `MUC`: alone, THUONG and GAP read as *thương* and *gặp*."""

MOST_COUNTED = 99
"""A bundle's number of cases has two digits."""


class TextTooLongError(ValueError):
    """A built-in text is not one GSM-7 segment; shorten the phone numbers of the settings, or remove their odd characters."""

    def __init__(self, cost: Segments) -> None:
        super().__init__(
            f"an SMS must be one GSM-7 segment of 160, not {cost.count} of {cost.encoding} with {cost.units} units; "
            "check the duty and reply numbers"
        )
        self.cost = cost


@dataclass(frozen=True)
class Words:
    """The templates of one language: those in force, else the built-in ones.

    What is in force was checked at its longest when it was proposed, and goes out whatever it costs; a built-in text
    that is longer than one segment raises `TextTooLongError`.
    """

    language: str
    in_force: Mapping[str, Template]

    def say(self, name: str, **fields: str | Level) -> str:
        """Return the text of a template, filled in."""
        chosen = self.in_force.get(name)
        return chosen.fill(fields) if chosen else _one_segment(DEFAULTS[name, self.language].fill(fields))


BUILT_IN: Mapping[str, Words] = {language: Words(language, {}) for language in ("vi", "en")}
VIETNAMESE = BUILT_IN["vi"]
UNTIL_CHANGED: Mapping[str, str] = {"vi": "khi doi lich", "en": "a new plan"}
"""Stands for the end of a duty that has none."""


@dataclass(frozen=True)
class Wording:
    """The words of every language."""

    by_language: Mapping[str, Words]

    def of(self, language: str) -> Words:
        """Return the words of a language; Vietnamese for one that has none."""
        return self.by_language.get(language, self.by_language["vi"])


BUILT_IN_WORDING = Wording(BUILT_IN)


def page(
    *,
    level: Level,
    code: str,
    time: str,
    duty: str,
    reply_number: str | None,
    sender_receives: bool,
    words: Words = VIETNAMESE,
) -> str:
    """Ask a person to take a case before `time`, naming the way to answer that works."""
    if reply_number is not None:
        return words.say("page_reply_number", level=level, code=code, time=time, duty=duty, reply=reply_number)
    name = "page_reply_sender" if sender_receives else "page_no_reply"
    return words.say(name, level=level, code=code, time=time, duty=duty)


def page_bundle(
    *,
    level: Level,
    codes: Sequence[str],
    time: str,
    duty: str,
    reply: str | None,
    words: Words = VIETNAMESE,
) -> str:
    """Ask a person to take one of several cases: how many, the gravest `level`, the first three codes, the first `time`.

    `reply` is null where people cannot answer by SMS.
    """
    fields = {"n": str(min(len(codes), MOST_COUNTED)), "codes": _listed(codes), "time": time, "duty": duty}
    if reply is None:
        return words.say("page_bundle_no_reply", level=level, **fields)
    return words.say("page_bundle", level=level, reply=reply, **fields)


def support_notice(*, level: Level, code: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Tell a supporting team that the lead will contact it; asks for no reply."""
    return words.say("support_notice", level=level, code=code, duty=duty)


def contact_reminder(*, level: Level, code: str, contact: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Remind who took a case that no first contact is recorded, due at `contact`."""
    return words.say("contact_reminder", level=level, code=code, contact=contact, duty=duty)


def seen_reminder(*, level: Level, code: str, due: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Remind who took a case that no face-to-face meeting is recorded, due at `due`."""
    return words.say("seen_reminder", level=level, code=code, time=due, duty=duty)


def form02_reminder(*, level: Level, code: str, due: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Remind who took a case that no Mẫu 02 is recorded, due at `due`."""
    return words.say("form02_reminder", level=level, code=code, time=due, duty=duty)


def duty_handover(*, begins: str, ends: str | None, open_cases: int, duty: str, words: Words = VIETNAMESE) -> str:
    """Tell whoever comes on duty from when until when (null: until the plan changes), and how many cases wait."""
    until = ends or UNTIL_CHANGED[words.language]
    return words.say("duty_handover", **{"from": begins, "to": until, "n": str(open_cases), "duty": duty})


def taken_by_other(*, code: str, time: str, words: Words = VIETNAMESE) -> str:
    """Tell those paged that another person took the case at `time`; also answers one who accepts late."""
    return words.say("taken_by_other", code=code, time=time)


def answer_ok(*, code: str, time: str, contact: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Confirm that the sender took the case at `time` and must contact before `contact`."""
    return words.say("answer_ok", code=code, time=time, contact=contact, duty=duty)


def contact_code(*, otp: str, minutes: int, words: Words = VIETNAMESE) -> str:
    """Send the code that proves a number; it holds for `minutes`."""
    return words.say("contact_code", otp=otp, n=str(minutes))


def answer_decline(*, code: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Confirm that the sender does not take the case."""
    return words.say("answer_decline", code=code, duty=duty)


def answer_bare_ok(*, codes: Sequence[str], reply: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Say that a reply without a code took nothing, and list the first three codes that wait for its sender.

    Without any such code it says what a wrong code is answered with.
    """
    if not codes:
        return answer_unknown_code(reply=reply, duty=duty, words=words)
    return words.say("answer_bare_ok", codes=_listed(codes), reply=reply, duty=duty)


def answer_unknown_code(*, reply: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Say that no case of this code concerns this phone; the same whether the code exists or not."""
    return words.say("answer_unknown_code", reply=reply, duty=duty)


def answer_closed(*, code: str, time: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Say that the case was closed at `time`."""
    return words.say("answer_closed", code=code, time=time, duty=duty)


def answer_escalated(*, code: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Confirm that the next step is being paged because the sender asked for it."""
    return words.say("answer_escalated", code=code, duty=duty)


def answer_status(*, level: Level, code: str, time: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Say that nobody has taken an open case yet, due at `time`; a taken or closed one has its own answer."""
    return words.say("answer_status", level=level, code=code, time=time, duty=duty)


def answer_how_to(*, reply: str, duty: str, words: Words = VIETNAMESE) -> str:
    """Say that a reply was not understood, and what to send."""
    return words.say("answer_how_to", reply=reply, duty=duty)


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:CODES_LISTED])


def _one_segment(text: str) -> str:
    cost = segments(text)
    if cost.encoding != "GSM-7" or cost.count != 1:
        raise TextTooLongError(cost)
    return text
