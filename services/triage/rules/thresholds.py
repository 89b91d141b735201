"""The numbers that conditions compare with, and how far a province may move each of them.

Not among them: the 12 months of R18 and the 30 days of R10 and R24. The report itself already says "in 12 months" and
"over 30 days ago", so no number here could change what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Ages in years unless named months, all of them read as "possibly under"."""

    alone_age: float = 6
    medical_window_hours: float = 120
    baby_age: float = 1
    infant_months: float = 5
    bruise_age: float = 4
    maltreated_age: float = 6
    accident_age: float = 6
    some_reports: int = 1
    many_reports: int = 2
    unreadable_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold of `rule` lies between `low` and `high`, both allowed; `words` name it in Vietnamese and English."""

    rule: str
    low: float
    high: float
    words: tuple[str, str]
    whole: bool = False


LIMITS: dict[str, Limit] = {
    "alone_age": Limit("R04", 3, 18, ("Trẻ ở một mình, dưới (tuổi)", "Child alone, under (years)")),
    # Prophylaxis against HIV works for 72 hours, so a shorter window would miss children who can still be treated [S30].
    "medical_window_hours": Limit(
        "R07", 72, 240, ("Tiếp xúc tình dục trong vòng (giờ)", "Sexual contact within (hours)")
    ),
    # Beyond 6 years an unknown age would be milder than a known one: R08 reads only a known age as a baby's.
    "baby_age": Limit("R08", 0.5, 3, ("Có thể là bé, dưới (tuổi)", "May be a baby, under (years)")),
    "infant_months": Limit("R08", 3, 12, ("Bé có vết thương, dưới (tháng)", "Injured infant, under (months)")),
    "bruise_age": Limit("R12", 1, 6, ("Vết bầm đáng ngờ, dưới (tuổi)", "Suspicious bruise, under (years)")),
    "maltreated_age": Limit("R16", 3, 18, ("Trẻ nhỏ bị xâm hại, dưới (tuổi)", "Young and maltreated, under (years)")),
    "some_reports": Limit(
        "R18", 1, 5, ("Số tin trong 12 tháng, mức nhẹ, từ", "Reports in 12 months, milder level, from"), whole=True
    ),
    "many_reports": Limit(
        "R18", 2, 10, ("Số tin trong 12 tháng, mức nặng, từ", "Reports in 12 months, graver level, from"), whole=True
    ),
    "accident_age": Limit("R25", 3, 18, ("Tai nạn ở trẻ, dưới (tuổi)", "Accident of a child, under (years)")),
    "unreadable_minutes": Limit(
        "R29", 10, 60, ("Đọc tin không hiểu được trong (phút)", "Read what is unreadable within (minutes)"), whole=True
    ),
}
"""Every threshold, in the order of its rule."""
