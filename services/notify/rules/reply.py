"""What a reply by SMS means: a verb and a case code; case, spacing, diacritics and punctuation are free.

A wrong acknowledgement stops the paging of a child's case, a reply that is not understood costs one more SMS:
whatever is in doubt is not understood. Nothing a phone can send raises an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_REASON = 500
"""Characters of a reason that are kept; the rest is talk."""


class Verb(StrEnum):
    """What a person can ask for."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    ESCALATE = "escalate"
    ASK = "ask"


@dataclass(frozen=True)
class Acknowledge:
    """The person takes the case."""

    code: str


@dataclass(frozen=True)
class Decline:
    """The person cannot take the case. `reason`: the words behind the code as written, perhaps empty, free text."""

    code: str
    reason: str


@dataclass(frozen=True)
class Escalate:
    """The person asks for the next step now."""

    code: str


@dataclass(frozen=True)
class AskStatus:
    """The person asks how the case stands."""

    code: str


@dataclass(frozen=True)
class BareVerb:
    """A verb without a code: it changes nothing."""

    verb: Verb


@dataclass(frozen=True)
class OptOut:
    """The carrier's own word for no more messages."""


@dataclass(frozen=True)
class OptIn:
    """The carrier's own word for messages again."""


@dataclass(frozen=True)
class Help:
    """The carrier's own word for help."""


@dataclass(frozen=True)
class NotUnderstood:
    """Anything else: it changes nothing."""


Reply = Acknowledge | Decline | Escalate | AskStatus | BareVerb | OptOut | OptIn | Help | NotUnderstood

_CARRIER_WORDS: Mapping[str, Reply] = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), OptOut()),
    **dict.fromkeys(("start", "yes", "unstop"), OptIn()),
    **dict.fromkeys(("help", "info"), Help()),
}
"""Twilio's default keywords, as the whole of a message; Twilio acts on them itself, so none is a verb of ours.

No Vietnamese word is one: folded, *dừng* is also *đúng*, and *hủy*, *ngừng* or *thôi* may well mean this case only.
Whoever writes them is told how to reply, and stays reachable.
"""

_VERBS: Mapping[Verb, str] = {
    Verb.ACKNOWLEDGE: r"o ?k(?:ay|e|ie)?|nhan|nhaajn|nhaanj|nhanaj|1",
    Verb.DECLINE: r"khong|khoong|khg|ko|2",
    Verb.ESCALATE: r"chuyen|chuyeern|chuyeenr|3",
    Verb.ASK: r"\?(?: \?)*|hoi",
}
"""Also as Telex leaves them when the keyboard does not compose. `k` alone is no verb: it is short for *không* and for *ok*."""

_BETWEEN: Mapping[Verb, str] = {
    Verb.ACKNOWLEDGE: r"va|ma|nhan|viec|nhe|nha|a|em|anh|chi|oi|toi|minh|se",
    Verb.DECLINE: r"va|ma|the|nhan|viec|duoc|a|em|anh|chi|oi|toi|minh",
    Verb.ESCALATE: r"va|ma|cap",
    Verb.ASK: r"va|ma",
}
"""Words that may stand between verb and code without changing the verb."""

_CODE = r"([a-z]) ?(\d) ?([a-z]) ?(\d) ?(\d) ?(\d)"
_ANY_CODE = re.compile(_CODE)
_WITH_CODE: Mapping[Verb, re.Pattern[str]] = {
    verb: re.compile(rf"(?:{words})(?: (?:{_BETWEEN[verb]})\b)* ?{_CODE}(?![a-z\d])") for verb, words in _VERBS.items()
}
_ALONE: Mapping[Verb, re.Pattern[str]] = {
    verb: re.compile(rf"(?:{words})(?![a-z\d])") for verb, words in _VERBS.items()
}

_DENIALS = frozenset(
    {"khong", "khg", "khog", "kg", "ko", "kh", "k", "hk", "hok", "hong", "hem", "khum", "0"}
    | {"chua", "ch", "chang", "cha", "dung", "dau", "not", "no", "cannot", "cant", "dont", "wont", "never"}
    | {"huy", "choi", "nham", "sai", "chuyen", "khac", "?"}
)
"""Words, folded, that deny an acknowledgement, pass it on or ask whether it is one.

Folded, *đừng* and *đúng* are one word; an ambiguous word counts as doubt.
"""


def parse_reply(body: str) -> Reply:
    """Read a reply; one code a reply, and an acknowledgement only without any word of doubt behind the code."""
    written = _readable(body)
    text, positions = _folded(written)
    if (word := text.replace(" ", "").replace("?", "")) in _CARRIER_WORDS:
        return _CARRIER_WORDS[word]
    if len(set(_codes(text))) > 1:
        return NotUnderstood()
    for verb, pattern in _WITH_CODE.items():
        if (match := pattern.match(text)) is not None:
            reason = written[positions[match.end() - 1] + 1 :]
            return _meaning(verb, "".join(match.groups()).upper(), text[match.end() :], reason)
    return _without_code(text)


def _meaning(verb: Verb, code: str, rest: str, written: str) -> Reply:
    match verb:
        case Verb.ACKNOWLEDGE:
            return NotUnderstood() if _doubts(rest) else Acknowledge(code)
        case Verb.DECLINE:
            return Decline(code, _reason(written))
        case Verb.ESCALATE:
            return Escalate(code)
        case Verb.ASK:
            return AskStatus(code)


def _without_code(text: str) -> Reply:
    if _codes(text):
        return NotUnderstood()
    verbs = (verb for verb, pattern in _ALONE.items() if pattern.match(text))
    return next((BareVerb(verb) for verb in verbs), NotUnderstood())


def _codes(text: str) -> Sequence[str]:
    return ["".join(match.groups()) for match in _ANY_CODE.finditer(text)]


def _doubts(rest: str) -> bool:
    return any(
        word in _DENIALS or word.startswith(("khong", "khoong", "chuyeern", "chuyeenr")) for word in rest.split()
    )


def _reason(written: str) -> str:
    """Return the words, from the first letter or digit on."""
    start = next((index for index, character in enumerate(written) if character.isalnum()), len(written))
    return written[start : start + LONGEST_REASON].strip()


def _readable(body: str) -> str:
    """Return the text composed, on one line, without the control and invisible characters a database refuses."""
    visible = (
        character if not unicodedata.category(character).startswith("C") else " " * character.isspace()
        for character in unicodedata.normalize("NFC", body)
    )
    return " ".join("".join(visible).split())


def _folded(written: str) -> tuple[str, Sequence[int]]:
    """Return letters a–z, digits, question marks and single spaces, and for each its position in the text."""
    characters, positions = [" "], [0]
    for position, character in enumerate(written):
        for folded in _fold(character):
            if folded != " " or characters[-1] != " ":
                characters.append(folded)
                positions.append(position)
    text = "".join(characters[1:])
    return text.rstrip(), positions[1:]


def _fold(character: str) -> str:
    """Return a character without case, width and diacritics; a question mark is a word of its own."""
    plain = unicodedata.normalize("NFKD", character).casefold().replace("đ", "d")
    return "".join(_kept(part) for part in plain)


def _kept(part: str) -> str:
    if part == "?":
        return " ? "
    if part.isascii() and part.isalnum():
        return part
    return "" if part in "'’ʼ`" or unicodedata.category(part).startswith("M") else " "
