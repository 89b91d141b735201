"""What the pages of message templates show: which text holds, what it costs, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS, TEMPLATES
from services.notify.rules.default_templates import DEFAULTS
from services.notify.rules.encoding import Encoding, Segments
from services.notify.rules.template import SPECS, Remark, Template, refusals, warnings

TITLES: Final[Mapping[str, str]] = {
    "page_reply_sender": "Báo người trực, trả lời ngay vào số gửi",
    "page_reply_number": "Báo người trực, trả lời tới số nhận tin",
    "page_no_reply": "Báo người trực, không trả lời được bằng tin",
    "page_bundle": "Nhiều vụ chờ một người",
    "page_bundle_no_reply": "Nhiều vụ chờ một người, không trả lời được bằng tin",
    "support_notice": "Báo đơn vị phối hợp",
    "contact_reminder": "Nhắc liên hệ đầu tiên",
    "seen_reminder": "Nhắc gặp trực tiếp",
    "form02_reminder": "Nhắc Mẫu 02",
    "taken_by_other": "Vụ đã có người nhận",
    "answer_ok": "Trả lời: đã nhận vụ",
    "answer_decline": "Trả lời: không thể nhận vụ",
    "answer_escalated": "Trả lời: đã chuyển cấp",
    "answer_status": "Trả lời: vụ đang ra sao",
    "answer_bare_ok": "Trả lời: thiếu mã",
    "answer_how_to": "Trả lời: chưa hiểu",
    "answer_unknown_code": "Trả lời: sai mã hoặc sai máy",
    "answer_closed": "Trả lời: vụ đã kết thúc",
    "contact_code": "Mã xác minh số máy",
    "duty_handover": "Bàn giao ca",
    "test_message": "Tin thử",
}
STATES: Final[Mapping[str, str]] = {
    "proposed": "Chờ quyết định",
    "in_force": "Đang dùng",
    "retired": "Đã thay",
    "withdrawn": "Đã rút",
}
LANGUAGES: Final[Mapping[str, str]] = {"vi": "Tiếng Việt", "en": "Tiếng Anh"}
ENCODINGS: Final[Mapping[Encoding, str]] = {
    Encoding.GSM_7: "GSM-7, không dấu",
    Encoding.UCS_2: "UCS-2, có dấu",
}

_table = TEMPLATES.templates
_proposer = ACCOUNTS.accounts.alias("proposer")
_decider = ACCOUNTS.accounts.alias("decider")
_ROWS = (
    select(_table, _proposer.c.display_name.label("proposer"), _decider.c.display_name.label("decider"))
    .outerjoin(_proposer, _proposer.c.person_id == _table.c.proposed_by)
    .outerjoin(_decider, _decider.c.person_id == _table.c.decided_by)
    .order_by(_table.c.version.desc())
)


@dataclass(frozen=True)
class Preview:
    """A template judged: its text at its longest, its cost, why it is refused, and what to know."""

    template: Template
    longest: str
    cost: Segments
    refused: tuple[Remark, ...]
    warned: tuple[Remark, ...]

    @classmethod
    def of(cls, template: Template, reply: int) -> Preview:
        """Judge a template; `reply` is the length of the number to reply to."""
        return cls(
            template,
            template.longest(reply),
            template.cost(reply),
            refusals(template, reply),
            warnings(template, reply),
        )

    @property
    def room(self) -> int:
        """How many units one segment has."""
        return 160 if self.cost.encoding == "GSM-7" else 70

    def document(self, locale: str) -> dict[str, Any]:
        """Return what the page's script shows."""
        return {
            "text": self.longest,
            "encoding": self.cost.encoding,
            "units": self.cost.units,
            "room": self.room,
            "segments": self.cost.count,
            "refused": [remark.text(locale) for remark in self.refused],
            "warned": [remark.text(locale) for remark in self.warned],
        }


@dataclass(frozen=True)
class Line:
    """One template as it holds now; `row` is null while the built-in text does."""

    preview: Preview
    row: RowMapping | None
    proposals: int

    @property
    def template(self) -> Template:
        """The text that holds."""
        return self.preview.template


async def load_lines(connection: AsyncConnection, reply: int) -> Sequence[Line]:
    """Return every template in both languages."""
    open_ones = _ROWS.where(_table.c.state.in_(("in_force", "proposed")))
    rows = (await connection.execute(open_ones)).mappings().all()
    return [_line(key, [row for row in rows if (row["name"], row["language"]) == key], reply) for key in _keys()]


async def load_versions(connection: AsyncConnection, name: str, language: str) -> Sequence[RowMapping]:
    """Return every version of a template, newest first."""
    mine = _ROWS.where(_table.c.name == name, _table.c.language == language)
    return (await connection.execute(mine)).mappings().all()


def line_of(name: str, language: str, versions: Sequence[RowMapping], reply: int) -> Line:
    """Return a template as it holds now."""
    return _line((name, language), versions, reply)


def _keys() -> Sequence[tuple[str, str]]:
    return [(name, language) for name in SPECS for language in LANGUAGES]


def _line(key: tuple[str, str], rows: Sequence[RowMapping], reply: int) -> Line:
    row = next((one for one in rows if one["state"] == "in_force"), None)
    template = Template(*key, row["text"], Encoding(row["encoding"])) if row else DEFAULTS[key]
    return Line(Preview.of(template, reply), row, sum(one["state"] == "proposed" for one in rows))
