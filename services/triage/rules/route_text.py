"""A route in words: who leads, who supports, where and why."""

from __future__ import annotations

from collections.abc import Iterable

from services.triage.rules.matrix import Row
from services.triage.rules.plan import Plan, Words
from services.triage.rules.seats import Seat
from shared.contracts.vocabulary import Where

VIETNAMESE, ENGLISH = 0, 1

PLACE_UNKNOWN: Words = (
    "Chưa rõ xã, phường: trực tỉnh phụ trách vụ việc. Việc cần làm: tìm nơi xảy ra.",
    "Place unknown: the province duty desk owns the case. Task: locate the incident.",
)

OUTSIDE_COVERAGE: Words = (
    "Xã, phường ngoài địa bàn phụ trách: trực tỉnh trực tiếp chuyển cho nơi đó.",
    "The commune is outside the area covered: the province duty desk transfers the case by hand.",
)

LEAD_EXCLUDED: Words = (
    "Nhóm thường trực đáng lẽ chủ trì có xung đột lợi ích: cấp tỉnh chủ trì.",
    "The team that would lead has a conflict of interest: the province leads.",
)

KEPT_WITH_SOCIAL_WORKER: Words = (
    "Mức độ chưa gấp: vụ việc ở lại xã, phường.",
    "Not urgent: the case stays with the commune.",
)

CHILD_ELSEWHERE: Words = (
    "Trẻ đang ở nơi khác nơi xảy ra{place}: báo ngay người làm công tác bảo vệ trẻ em nơi trẻ đang ở.",
    "The child is now elsewhere than the incident{place}: the child-protection worker there is told at once.",
)

PLAN_OF_RESIDENCE: Words = (
    "Nơi cư trú của trẻ khác nơi xảy ra{place}: nơi cư trú chủ trì kế hoạch hỗ trợ, can thiệp.",
    "The child lives elsewhere than the incident{place}: the commune of residence leads the plan.",
)

_TITLES = (
    ("Chủ trì", "Phối hợp", "Báo ngay", "Thuộc nhóm"),
    ("Lead", "Support", "Told at once", "Because of"),
)

_WHERE: dict[Where, Words] = {
    Where.COMMUNE: ("Nơi giải quyết: xã, phường.", "Where: the commune."),
    Where.PROVINCE: ("Nơi giải quyết: cấp tỉnh.", "Where: the province."),
}


def in_words(plan: Plan, rows: Iterable[Row], language: int) -> str:
    """Write a plan as sentences in `VIETNAMESE` or `ENGLISH`; `rows` are those of the matrix that matched."""
    leads, supports, tells, kinds = _TITLES[language]
    sentences = [
        _listed(leads, _names((plan.lead,), language)),
        _listed(supports, _names(plan.support, language)),
        _listed(tells, _names(plan.told, language)),
        _WHERE[plan.lead.where][language],
        _listed(kinds, [row.words[language] for row in rows]),
        *(note[language] for note in plan.notes),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def about_place(sentences: Words, name: str | None) -> Words:
    """Put the name of a commune into a sentence that has room for one; without a name it stays general."""
    place = f" ({name})" if name else ""
    vietnamese, english = (sentence.format(place=place) for sentence in sentences)
    return vietnamese, english


def _names(seats: tuple[Seat, ...], language: int) -> list[str]:
    return [seat.words[language] for seat in seats]


def _listed(title: str, items: list[str]) -> str:
    return f"{title}: {'; '.join(items)}." if items else ""
