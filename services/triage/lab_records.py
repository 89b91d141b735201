"""What the rule lab keeps, as its pages and use cases see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from services.triage.rules.rule_table import RuleTable
from services.triage.rules.table_document import restored
from shared.web.words import Words

State = Literal["draft", "proposed", "active", "retired"]
STATES: Final[tuple[State, ...]] = ("draft", "proposed", "active", "retired")

Source = Literal["cases", "samples"]


@dataclass(frozen=True)
class Version:
    """One version of the rule table. `author` is null for what is built in or came from the command line."""

    version: str
    document: dict[str, Any]
    digest: str
    base_version: str | None
    author: UUID | None
    note: str
    state: State
    created_at: datetime
    changed_at: datetime
    proposed_by: UUID | None
    proposed_at: datetime | None

    @property
    def table(self) -> RuleTable:
        """The version as the rules read it."""
        return restored(self.document)


@dataclass(frozen=True)
class Activation:
    """A version was put in the place of another by a second person."""

    version: str
    digest: str
    replaced: str
    proposed_by: UUID
    activated_by: UUID
    note: str
    activated_at: datetime


@dataclass(frozen=True)
class KeptReplay:
    """A replay that somebody looked at; `result` is as `lab_results.written` writes it."""

    version: str
    digest: str
    against_version: str
    against: str
    source: Source
    result: dict[str, Any]
    viewed_by: UUID
    viewed_at: datetime


class LabRefusedError(Exception):
    """The rule lab cannot do this now; `words` say why and what to do, in both languages."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


NO_SUCH_VERSION = Words(
    "Không có bộ quy tắc này. Xem danh sách rồi chọn lại.", "There is no such version. Choose one of the list."
)
VERSION_EXISTS = Words("Đã có bộ quy tắc mang số này. Chọn số khác.", "This version exists. Choose another number.")
NOT_A_DRAFT = Words(
    "Chỉ sửa được bản nháp. Rút đề xuất về nháp, hoặc tạo bản nháp mới từ bộ này.",
    "Only a draft can be changed. Withdraw the proposal, or make a new draft from this version.",
)
NOTE_MISSING = Words(
    "Ghi lý do thay đổi, ít nhất 10 chữ, rồi đề xuất lại.",
    "Write why it is changed, at least 10 characters, then propose.",
)
NOT_PROPOSED = Words(
    "Bộ này không còn ở trạng thái đề xuất. Tải lại trang để xem trạng thái mới.",
    "This version is no longer proposed. Reload the page to see its state.",
)
SAME_PERSON = Words(
    "Người đề xuất không tự cho áp dụng. Nhờ một quản trị khác.",
    "Whoever proposed a version cannot put it into force. Ask another administrator.",
)
NOT_REPLAYED = Words(
    "Chưa xem thử lại đúng nội dung này so với bộ đang áp dụng. Chạy thử lại, xem kết quả rồi cho áp dụng.",
    "Nobody has looked at a replay of exactly this content against the version in force. Run it, look at it, then activate.",
)
CHANGED_MEANWHILE = Words(
    "Có người vừa sửa bộ này. Mở lại trang để xem bản mới; chữ đang gõ vẫn còn ở đây.",
    "Somebody has just changed this version. Open the page again to see it; what you typed is still here.",
)
