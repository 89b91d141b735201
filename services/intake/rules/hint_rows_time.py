"""Rows of the hint table: when it last happened. *Over 30 days ago* can lower a level and is only asked."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule
from shared.contracts.vocabulary import When

_DAYS_VI: Final = (
    "hôm (qua|nay); (sáng|trưa|chiều|tối|đêm|khuya) (nay|qua); (vừa|mới) (xong|nãy|đây|bị|hôm qua|tối qua|rồi); hồi (nãy|sáng|chiều|tối qua);"
    "# (tiếng|giờ|phút|giờ đồng hồ) (trước|rồi|qua|nay); (cách đây|được) # (tiếng|giờ|phút|ngày|hôm)"
)
_DAYS_EN: Final = "yesterday; today; (last|this) (night|morning|evening|afternoon); tonight; # (hour|hours|minutes|minute) ago; just (now|happened)"

ROWS: Final[tuple[Rule, ...]] = (
    Rule(
        "when.recent",
        ("when",),
        When.WITHIN_30_DAYS.value,
        "A moment of the last days, or something that goes on, beside a harm.",
        _DAYS_VI
        + ";# (ngày|hôm) (trước|nay|rồi|qua); (tuần|tuần lễ) (trước|này|rồi|vừa rồi|qua); (ngày|tuần|hôm|đêm|tối) nào cũng;"
        "(hàng|hằng|mỗi) (ngày|đêm|tuần|tối); # tuần (trước|nay|rồi); mấy hôm (nay|trước|rồi); dạo này; gần đây",
        _DAYS_EN
        + "; # days ago; last week; this week; (every|each) (day|night|week); daily; (a|one|two|three) (week|weeks) ago; recently; these days; still (hits|beats|does)",
        near="any",
    ),
    Rule(
        "when.human",
        ("when",),
        "",
        "A moment that a person must place: *hôm kia*, the lunar calendar, months, years.",
        "hôm (kia|kìa|trước|nọ|bữa); bữa (trước|nọ|hổm|kia); âm lịch; (rằm|mùng #|mồng #|giỗ|tết|trung thu|noel|hè|đợt nghỉ) .. ; (tháng|năm|hè) (trước|ngoái|kia|rồi|vừa rồi|qua); ## (tháng|năm) (trước|nay|rồi|qua); hồi (nhỏ|bé|lớp #|đó|trước|năm ngoái|xưa|còn); lâu (rồi|lắm rồi|nay);"
        "trước (đây|kia|đó|bố|mẹ); ngày (xưa|trước|nhỏ); từ (hồi|năm|lúc|khi|bé|nhỏ) .. ; đã lâu; năm (trước|ngoái)",
        "(last|a|two|three|few|several|##) (month|months|year|years) ago; last (month|year|summer|spring|winter|time); (long|some time) ago; years ago; months ago; used to; when (he|she|i) was (little|small|young|#|a child); since last; in the past; the other day; lunar",
        near="any",
    ),
    Rule(
        "hours.sexual",
        ("hours_since_sexual_contact",),
        "",
        "Within five days of sexual contact medical care is urgent (R07); a person writes the hours.",
        _DAYS_VI + "; #6 (ngày|hôm) (trước|nay|rồi|qua); hôm (kia|kìa); (đêm|tối|chiều|sáng) hôm (kia|qua)",
        _DAYS_EN + "; #6 days ago; the other (day|night)",
        near="sexual",
    ),
)
