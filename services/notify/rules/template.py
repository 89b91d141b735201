"""A template of messages: a text with named fields, and why one is refused.

The fields are an allow-list of codes, levels, moments and numbers of the service: none can hold personal data or free
text, so no template can carry any. The text around them is fixed, and may hold no link, no phone number and no word
that reads as another without its marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.rules.encoding import Encoding, Segments, composed, plain, segments
from shared.contracts.vocabulary import Level

LEVEL_WORDS: Mapping[tuple[str, Encoding], Mapping[Level, str]] = {
    ("vi", Encoding.GSM_7): dict(zip(sorted(Level), ("THUONG", "UU TIEN", "GAP", "KHAN CAP"), strict=True)),
    ("vi", Encoding.UCS_2): dict(zip(sorted(Level), ("THƯỜNG", "ƯU TIÊN", "GẤP", "KHẨN CẤP"), strict=True)),
    **{
        ("en", encoding): dict(zip(sorted(Level), ("ROUTINE", "PRIORITY", "URGENT", "IMMEDIATE"), strict=True))
        for encoding in Encoding
    },
}
"""By language and encoding; in Vietnamese a level stands after `MUC`, since bare THUONG and GAP read as other words."""

LONGEST: Mapping[str, str] = {
    "code": "W0W000",
    "level": "",  # the longest word of the language
    "time": "00:00 00/00",
    "contact": "00:00 00/00",
    "reply": "0" * 11,
    "duty": "0" * 11,
    "codes": "W0W000, W0W000, W0W000",
    "from": "00:00 00/00",
    "to": "00:00 00/00",
    "n": "00",
    "otp": "000000",
}
"""Every field that a template may have, at its longest."""

CODES_LISTED = 3
"""How many codes one segment has room for."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_LINK = re.compile(r"://|\bwww\b|[^\s.]@[^\s.]|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"\d(?:[\s.()+/-]*\d){2,}")
_GAP_TO_FILL = re.compile(r"[\[\]<>%{}|\\_^~$]|\.\.\.|…")
_CASE_CODE = re.compile(r"\b[A-Za-z]\d[A-Za-z]\d{3}\b")
_SENDER_FIRST = re.compile(r"[^\W_][\w .-]{0,10}: \S")


@dataclass(frozen=True)
class Spec:
    """What a template is for: fields it must have and may have, words it must say, and whether it asks to take a case."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    says: str = ""
    page: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """Every field that is filled in."""
        return self.needs | self.may


def _spec(needs: str, may: str = "", *, says: str = "", page: bool = False) -> Spec:
    return Spec(frozenset(needs.split()), frozenset(may.split()), says, page)


SPECS: Mapping[str, Spec] = {
    "page_reply_sender": _spec("code level time duty", says="OK {code}", page=True),
    "page_reply_number": _spec("code level time duty reply", says="OK {code}", page=True),
    "page_no_reply": _spec("code level time duty", page=True),
    "page_bundle": _spec("codes n level time reply duty", says="OK", page=True),
    "page_bundle_no_reply": _spec("codes n level time duty", page=True),
    "support_notice": _spec("code level duty"),
    "contact_reminder": _spec("code contact duty", "level"),
    "seen_reminder": _spec("code time duty", "level"),
    "form02_reminder": _spec("code time duty", "level"),
    "taken_by_other": _spec("code time"),
    "answer_ok": _spec("code contact", "time duty"),
    "answer_decline": _spec("code duty"),
    "answer_escalated": _spec("code duty"),
    "answer_status": _spec("code time duty", "level", says="OK {code}"),
    "answer_bare_ok": _spec("codes reply duty", says="OK"),
    "answer_how_to": _spec("reply duty", says="OK"),
    "answer_unknown_code": _spec("reply duty", says="OK"),
    "answer_closed": _spec("code time duty"),
    "contact_code": _spec("otp n"),
    "duty_handover": _spec("from to duty", "n"),
    "test_message": _spec("code reply", "duty", says="OK {code}"),
}
"""Every template by name."""


@dataclass(frozen=True)
class Remark:
    """Why a template is refused, or what to know of it, in Vietnamese and English; each says what to write."""

    vi: str
    en: str

    def text(self, locale: str) -> str:
        """Return the sentence in `locale`."""
        return self.en if locale == "en" else self.vi


@dataclass(frozen=True)
class Template:
    """A text for one purpose in one language (`vi`, `en`)."""

    name: str
    language: str
    text: str
    encoding: Encoding = Encoding.GSM_7

    @classmethod
    def written(cls, name: str, language: str, text: str, encoding: Encoding) -> Template:
        """Return the template that somebody typed: one line, composed, and without diacritics for GSM-7."""
        line = " ".join(text.split())
        return cls(name, language, plain(line).text if encoding is Encoding.GSM_7 else composed(line), encoding)

    def fill(self, fields: Mapping[str, str | Level]) -> str:
        """Return the text with its fields; one that is not given stays visible, since a message always goes out."""
        return _FIELD.sub(lambda found: self._value(fields.get(found[1], found[0])), self.text)

    def longest(self, reply: int = 11) -> str:
        """Return the text with every field at its longest; `reply` is the length of the number to reply to."""
        level = max(LEVEL_WORDS[self.language, self.encoding].values(), key=len)
        return self.fill({**LONGEST, "level": level, "reply": "0" * reply})

    def cost(self, reply: int = 11) -> Segments:
        """Return what the text costs at its longest."""
        return segments(self.longest(reply))

    def _value(self, value: str | Level) -> str:
        return LEVEL_WORDS[self.language, self.encoding][value] if isinstance(value, Level) else value


def refusals(template: Template, reply: int = 11) -> tuple[Remark, ...]:
    """Return why a template may not be used; nothing when it may."""
    spec = SPECS[template.name]
    return (*_fields(template, spec), *_fixed_words(template), *_size(template, spec, reply))


def warnings(template: Template, reply: int = 11) -> tuple[Remark, ...]:
    """Return what somebody should know before a template is used."""
    cost = template.cost(reply)
    if cost.count == 1 or SPECS[template.name].page:
        return ()
    return (
        Remark(
            f"Tin dài nhất là {cost.count} đoạn: tốn gấp {cost.count} và có thể tới rời từng đoạn.",
            f"At its longest this is {cost.count} segments: it costs {cost.count} times as much and may arrive in parts.",
        ),
    )


def _fields(template: Template, spec: Spec) -> tuple[Remark, ...]:
    used = set(_FIELD.findall(template.text))
    found = [_unknown(name, spec) for name in sorted(used - spec.fields)]
    found += [
        Remark(f"Thiếu trường {{{name}}}. Thêm vào câu.", f"The field {{{name}}} is missing. Add it to the text.")
        for name in sorted(spec.needs - used)
    ]
    if spec.says and spec.says not in template.text and not spec.needs - used:
        found.append(
            Remark(
                f"Thêm “{spec.says}” để người đọc biết soạn gì.",
                f"Add “{spec.says}”, so that people know what to send.",
            )
        )
    return tuple(found)


def _unknown(name: str, spec: Spec) -> Remark:
    allowed = ", ".join(f"{{{one}}}" for one in sorted(spec.fields))
    return Remark(
        f"Bỏ {{{name}}}: mẫu này chỉ có các trường {allowed}; tin không mang dữ liệu cá nhân.",
        f"Remove {{{name}}}: this template has only the fields {allowed}; a message carries no personal data.",
    )


_NO_LINK = Remark(
    "Bỏ đường dẫn, và viết dấu cách sau dấu chấm: máy không được biến chữ nào thành đường dẫn.",
    "Remove the link, and write a space after each full stop: no phone may make a link of anything.",
)
_NO_PHONE = Remark(
    "Bỏ số dài viết sẵn. Số điện thoại chỉ là {duty} hoặc {reply}.",
    "Remove the fixed digits. A phone number is {duty} or {reply} only.",
)
_NO_GAP = Remark(
    "Bỏ các dấu [ ] < > { } % _ \\ | ~ ^ $ và dấu ba chấm: tin không có chỗ để điền thêm.",
    "Remove [ ] < > { } % _ \\ | ~ ^ $ and dots to fill in: a message has no place for anything else.",
)
_NO_CODE = Remark(
    "Bỏ mã vụ viết sẵn, dùng {code}.",
    "Remove the fixed case code, use {code}.",
)
_SENDER = Remark(
    "Bắt đầu bằng tên nơi gửi và dấu hai chấm, như “BVTE: ”.",
    "Begin with the sender's name and a colon, as “BVTE: ”.",
)
_BARE_VU = Remark(
    "Không dấu, chữ “vu” đọc ra nghĩa khác. Viết “vu viec” hoặc “ma {code}”.",
    "Without marks “vu” reads as another word. Write “vu viec” or “ma {code}”.",
)
_BARE_LEVEL = Remark(
    "Không dấu, THUONG và GAP đọc ra “thương”, “gặp”. Viết “MUC {level}”.",
    "Without marks THUONG and GAP read as other words. Write “MUC {level}”.",
)


def _fixed_words(template: Template) -> tuple[Remark, ...]:
    fixed = _FIELD.sub("", template.text)
    apart = _FIELD.sub(" W ", template.text)
    filled = _FIELD.sub("W0", template.text)
    found = [
        (_SENDER, _SENDER_FIRST.match(template.text) is None),
        (_NO_LINK, any(_LINK.search(plain(text).text) for text in (fixed, filled, template.text))),
        (_NO_PHONE, any(_PHONE.search(plain(text).text) for text in (fixed, apart))),
        (_NO_GAP, _GAP_TO_FILL.search(fixed) is not None),
        (_NO_CODE, _CASE_CODE.search(apart) is not None),
    ]
    if template.language == "vi" and template.encoding is Encoding.GSM_7:
        found.append((_BARE_VU, re.search(r"\bvu\b(?! viec\b)", apart, re.IGNORECASE) is not None))
        found.append((_BARE_LEVEL, _bare_level(template.text)))
    return tuple(remark for remark, wrong in found if wrong)


def _bare_level(text: str) -> bool:
    return re.search(r"\b(?:THUONG|GAP)\b|(?<!MUC )\{level\}", text) is not None


def _size(template: Template, spec: Spec, reply: int) -> tuple[Remark, ...]:
    cost = template.cost(reply)
    if template.encoding is Encoding.GSM_7 and cost.encoding != "GSM-7":
        foreign = " ".join(plain(template.text).foreign)
        return (
            Remark(
                f"Bỏ ký tự {foreign}, hoặc chọn UCS-2 (70 ký tự một tin).",
                f"Remove {foreign}, or choose UCS-2 (70 characters a message).",
            ),
        )
    if spec.page and cost.count > 1:
        room = 160 if cost.encoding == "GSM-7" else 70
        return (
            Remark(
                f"Dài nhất {cost.units} ký tự, quá một tin ({room}). Bớt {cost.units - room} ký tự.",
                f"At its longest {cost.units} characters, more than one message ({room}). Remove {cost.units - room}.",
            ),
        )
    return ()
