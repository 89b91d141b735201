"""Form Mẫu số 01 as it is laid out: the same lines in the same order on the page and in the PDF, in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.rules.form01 import SEXES, Form01

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
FORM = ("Mẫu số 01", "Nghị định 56/2017/NĐ-CP")
TITLE = (
    "Tiếp nhận thông tin trẻ em bị xâm hại hoặc có nguy cơ bị bạo lực, bóc lột, bỏ rơi và trẻ em có hoàn cảnh đặc biệt"
)
SIGNED = ("Cán bộ tiếp nhận thông tin", "(ký, ghi rõ họ tên)")


@dataclass(frozen=True)
class Box:
    """A box to tick and what it stands for."""

    label: str
    ticked: bool


@dataclass(frozen=True)
class Line:
    """A question of the form: what is said, or boxes, or `blanks` dotted lines to fill in by hand."""

    label: str
    said: str = ""
    blanks: int = 1
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of the form under its heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole form. `head` are the lines above the title, `day` the place and date beside them."""

    head: tuple[Line, ...]
    day: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Receipt:
    """How a report came: its case's code, all channels and its own in words, when in Việt Nam's time, its commune."""

    case_code: str
    channels: Sequence[str]
    channel: str
    received_at: datetime
    commune: str


def lay_out(form: Form01, receipt: Receipt, *, concerns: Sequence[str], facts: Sequence[str]) -> Sheet:
    """Return the form with every field of the decree's; `concerns` and `facts` are those of `form` in words."""
    at = receipt.received_at
    return Sheet(
        head=(Line("Cơ quan, đơn vị tiếp nhận thông tin"), Line("Số", receipt.case_code)),
        day=f"............, ngày {at:%d} tháng {at:%m} năm {at:%Y}",
        parts=(
            Part(
                "A. Thông tin chung",
                (
                    Line("Nhận thông tin qua", boxes=_boxes(receipt.channels, receipt.channel)),
                    Line("Thời gian", f"{at:%H} giờ {at:%M}, ngày {at:%d/%m/%Y}"),
                ),
            ),
            Part("B. Thông tin về trẻ em", _about_the_child(form, receipt.commune, concerns, facts)),
            _about_the_informant(form),
        ),
    )


def _about_the_child(form: Form01, commune: str, concerns: Sequence[str], facts: Sequence[str]) -> tuple[Line, ...]:
    answered = (
        *([Line("Loại việc", "; ".join(concerns))] if concerns else ()),
        *([Line("Đã được trả lời Có", " ".join(facts))] if facts else ()),
    )
    return (
        Line("Họ và tên", form.name),
        Line("Ngày sinh", form.born),
        Line("Hoặc ước lượng tuổi", form.age),
        Line("Giới tính", boxes=_boxes(tuple(SEXES.values()), form.sex)),
        Line("Địa điểm xảy ra vụ việc", form.incident or commune),
        Line("Tình trạng hiện tại của trẻ em", form.narrative, blanks=3),
        *answered,
        Line("Phỏng đoán hậu quả có thể xảy ra với trẻ em nếu không có can thiệp", blanks=2),
        Line("Họ tên cha", form.father),
        Line("Tuổi, nghề nghiệp của cha", _together(form.father_age, form.father_job)),
        Line("Họ tên mẹ", form.mother),
        Line("Tuổi, nghề nghiệp của mẹ", _together(form.mother_age, form.mother_job)),
        Line("Nơi ở, hoàn cảnh gia đình", form.residence, blanks=2),
        Line("Hiện tại ai là người chăm sóc trẻ em", form.carer),
        Line(
            "Những hành động can thiệp, trợ giúp đã được thực hiện với trẻ em trước khi nhận được thông tin", blanks=2
        ),
    )


def _about_the_informant(form: Form01) -> Part:
    withheld = "" if form.informant_agreed else " (không đồng ý cung cấp, hoặc ẩn danh)"
    return Part(
        f"C. Thông tin về người cung cấp thông tin{withheld}",
        (
            Line("Họ và tên", form.informant),
            Line("Số điện thoại", form.informant_phone),
            Line("Địa chỉ"),
            Line("Quan hệ với trẻ em", form.informant_relation),
            Line("Ghi chú thêm", blanks=2),
        ),
    )


def _boxes(labels: Sequence[str], chosen: str) -> tuple[Box, ...]:
    return tuple(Box(label, label == chosen) for label in labels)


def _together(*said: str) -> str:
    return ", ".join(filter(None, said))
