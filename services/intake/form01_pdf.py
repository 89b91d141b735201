"""Form Mẫu số 01 drawn as a PDF on A4, with the typeface inside the file so that it prints alike everywhere."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Final

import font_roboto
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from services.intake.rules.form01_sheet import FORM, SIGNED, STATE, TITLE, Box, Line, Part, Sheet

FACE: Final = "Roboto"
MARGIN: Final = 18.0
LABEL_WIDTH: Final = 62.0
GAP: Final = 4.0
TEXT_SIZE, SMALL_SIZE, HEADING_SIZE = 10.5, 9.0, 12.0
"""Points."""
LINE_HEIGHT: Final = 5.6
BLANK_HEIGHT: Final = 7.0
BOX_SIDE: Final = 3.2
"""All in millimetres, but for the sizes of type."""
UNKNOWN_SIGN: Final = "\N{REPLACEMENT CHARACTER}"


class _Paper(FPDF):
    """A4 whose pages bear the case's code and their number."""

    def __init__(self, case_code: str) -> None:
        super().__init__(format="A4")
        self._case_code = case_code

    def footer(self) -> None:
        """Write code and page number at the foot."""
        self.set_xy(MARGIN, -14)
        self.set_font(FACE, "", SMALL_SIZE)
        self.cell(
            self.w - 2 * MARGIN, 5, f"Mẫu số 01 · {self._case_code} · Trang {self.page_no()}/{{nb}}", align=Align.C
        )


def draw(sheet: Sheet, case_code: str, created_at: datetime) -> bytes:
    """Return the form as a PDF; the same sheet at the same moment gives the same bytes. Its title is the case's code."""
    paper = _Paper(case_code)
    paper.set_creation_date(created_at)
    paper.set_title(f"Mẫu số 01 {case_code}")
    paper.set_lang("vi")
    paper.set_margins(MARGIN, 16, MARGIN)
    paper.c_margin = 0
    paper.set_auto_page_break(auto=True, margin=20)
    paper.add_font(FACE, "", font_roboto.Roboto)
    paper.add_font(FACE, "B", font_roboto.RobotoBold)
    paper.add_page()
    _head(paper, sheet)
    for part in sheet.parts:
        _part(paper, part)
    _signature(paper)
    return bytes(paper.output())


def _head(paper: FPDF, sheet: Sheet) -> None:
    top = paper.get_y()
    _pair(paper, STATE, x=MARGIN, width=105)
    paper.set_y(top)
    _pair(paper, FORM, x=paper.w - MARGIN - 50, width=50)
    paper.set_xy(MARGIN, paper.get_y() + 5)
    for line in sheet.head:
        _line(paper, line)
    _text(paper, sheet.day, align=Align.R)
    paper.ln(3)
    _text(paper, TITLE.upper(), bold=True, size=HEADING_SIZE, align=Align.C)
    paper.ln(1)


def _pair(paper: FPDF, texts: tuple[str, str], x: float, width: float) -> None:
    for text, bold in zip(texts, (True, False), strict=True):
        paper.set_x(x)
        _text(paper, text, bold=bold, size=SMALL_SIZE, align=Align.C, width=width)


def _part(paper: FPDF, part: Part) -> None:
    _room(paper, 3 * LINE_HEIGHT + 4)
    paper.ln(4)
    _text(paper, part.heading, bold=True, size=HEADING_SIZE)
    paper.ln(1)
    for line in part.lines:
        _line(paper, line)


def _line(paper: FPDF, line: Line) -> None:
    """Draw a label and, beside it, what is said, which may go on over pages."""
    label = f"{line.label}:"
    rows = _rows(paper, label, LABEL_WIDTH)
    _room(paper, max(rows * LINE_HEIGHT, LINE_HEIGHT if line.said or line.boxes else line.blanks * BLANK_HEIGHT))
    page, top = paper.page, paper.get_y()
    _text(paper, label, width=LABEL_WIDTH)
    below_label = paper.get_y()
    paper.set_xy(MARGIN + LABEL_WIDTH + GAP, top)
    if line.boxes:
        _boxes(paper, line.boxes)
    elif line.said:
        _said(paper, line.said)
    else:
        _blanks(paper, line.blanks)
    bottom = paper.get_y() if paper.page != page else max(paper.get_y(), below_label)
    paper.set_xy(MARGIN, bottom + 1)


def _said(paper: FPDF, said: str) -> None:
    left = MARGIN + LABEL_WIDTH + GAP
    paper.set_left_margin(left)
    paper.set_x(left)
    _text(paper, said)
    paper.set_left_margin(MARGIN)


def _boxes(paper: FPDF, boxes: tuple[Box, ...]) -> None:
    left, right = MARGIN + LABEL_WIDTH + GAP, paper.w - MARGIN
    for box in boxes:
        paper.set_font(FACE, "B" if box.ticked else "", TEXT_SIZE)
        width = BOX_SIDE + 1.5 + paper.get_string_width(box.label) + 6
        if paper.get_x() + width - 6 > right:
            paper.set_xy(left, paper.get_y() + LINE_HEIGHT)
        x, y = paper.get_x(), paper.get_y() + (LINE_HEIGHT - BOX_SIDE) / 2
        paper.rect(x, y, BOX_SIDE, BOX_SIDE)
        if box.ticked:
            paper.polyline([(x + 0.6, y + 1.6), (x + 1.4, y + 2.5), (x + BOX_SIDE - 0.5, y + 0.6)], style="D")
        paper.set_x(x + BOX_SIDE + 1.5)
        paper.cell(width - BOX_SIDE - 1.5, LINE_HEIGHT, box.label, new_x=XPos.RIGHT, new_y=YPos.TOP)
    paper.set_xy(MARGIN, paper.get_y() + LINE_HEIGHT)


def _blanks(paper: FPDF, count: int) -> None:
    left, right = MARGIN + LABEL_WIDTH + GAP, paper.w - MARGIN
    paper.set_dash_pattern(dash=0.3, gap=0.9)
    for _ in range(count):
        y = paper.get_y() + LINE_HEIGHT - 1
        paper.line(left, y, right, y)
        paper.set_y(paper.get_y() + BLANK_HEIGHT)
    paper.set_dash_pattern()


def _signature(paper: FPDF) -> None:
    _room(paper, 2 * LINE_HEIGHT + 30)
    paper.ln(8)
    _pair(paper, SIGNED, x=paper.w - MARGIN - 70, width=70)
    paper.ln(24)


def _text(
    paper: FPDF,
    text: str,
    *,
    bold: bool = False,
    size: float = TEXT_SIZE,
    align: Align = Align.L,
    width: float = 0,
) -> None:
    paper.set_font(FACE, "B" if bold else "", size)
    paper.multi_cell(
        width, LINE_HEIGHT, drawable(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.WORD
    )


def _rows(paper: FPDF, text: str, width: float) -> int:
    paper.set_font(FACE, "", TEXT_SIZE)
    rows = paper.multi_cell(width, LINE_HEIGHT, text, dry_run=True, output="LINES")
    assert isinstance(rows, list)  # noqa: S101 - what `output` asks for; narrows the type
    return len(rows)


def _room(paper: FPDF, height: float) -> None:
    """Begin a page where less than this is left, so that a label does not stand alone at the foot."""
    if paper.will_page_break(height):
        paper.add_page()


def drawable(text: str) -> str:
    """Return a text as the typeface can draw it: composed, without control signs, others replaced by one sign."""
    known = _characters()
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))
    return "".join(_sign(sign, known) for sign in plain)


def _sign(sign: str, known: frozenset[int]) -> str:
    if sign == "\n" or (ord(sign) in known and sign.isprintable()):
        return sign
    return "" if unicodedata.category(sign).startswith(("C", "M")) else UNKNOWN_SIGN


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    with TTFont(font_roboto.Roboto, lazy=True) as regular, TTFont(font_roboto.RobotoBold, lazy=True) as bold:
        return frozenset(regular.getBestCmap()) & frozenset(bold.getBestCmap())
