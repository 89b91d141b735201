"""The rule table: every rule of urgency with its condition, and the level, plain words and source that it is built in with.

Not clinically or legally validated: a province signs the table off, and may change everything but the conditions
(`services.triage.rules.rule_table`). Change `TABLE_VERSION` with any change here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.triage.rules import conditions as when
from services.triage.rules.situation import Situation
from services.triage.rules.thresholds import Thresholds
from shared.contracts.vocabulary import Level

TABLE_VERSION = "2026.1"

ROUTINE, PRIORITY, URGENT, IMMEDIATE = Level.ROUTINE, Level.PRIORITY, Level.URGENT, Level.IMMEDIATE

Condition = Callable[[Situation, Thresholds], bool]


@dataclass(frozen=True)
class Graver:
    """When a rule that fired gives a second, graver level, and which one it is built in with."""

    when: Condition
    level: Level


@dataclass(frozen=True)
class Rule:
    """One rule. `level` is null for a rule that is only recorded; `graver` is set where the level depends on the answer.

    `source` is as domain sources are cited: law and literature by number, `m` practice, `p` proposal.
    """

    id: str
    fires: Condition
    level: Level | None
    text_vi: str
    text_en: str
    source: str
    graver: Graver | None = None


# One rule a line, so that the table reads as a table.
# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("R01", when.life_in_danger, IMMEDIATE, "Có người nguy kịch", "Life in danger", "S5, m"),
    Rule("R02", when.danger_now, IMMEDIATE, "Nguy hiểm ngay hoặc trong vài giờ", "Danger now or within hours", "S5"),
    Rule("R03", when.weapon_strangling_or_death_threat, IMMEDIATE, "Có vũ khí, bóp cổ, dọa giết", "Weapon, strangling or death threat", "m"),
    Rule("R04", when.young_alone_or_locked_in, IMMEDIATE, "Trẻ dưới 6 hoặc khuyết tật ở một mình; hoặc bị nhốt, ở chỗ nguy hiểm", "Young or disabled, alone; or locked in", "S27"),
    Rule("R05", when.abandoned, IMMEDIATE, "Trẻ bị bỏ rơi", "Abandoned", "S15"),
    Rule("R06", when.suicide_plan, IMMEDIATE, "Đã định hoặc thử tự tử", "Suicide plan or attempt", "m"),
    Rule("R07", when.recent_sexual_contact, IMMEDIATE, "Tiếp xúc tình dục trong 120 giờ: cần y tế ngay", "Sexual contact within 120 h: medical care", "S30"),
    Rule("R08", when.infant_injury, IMMEDIATE, "Vết thương ở bé dưới 5 tháng hoặc chưa bò, đi", "Injury under 5 months or not mobile", "S28, S29"),
    Rule("R09", when.trafficking_under_way, IMMEDIATE, "Đang mua bán, bắt cóc", "Trafficking or abduction now", "S2"),
    Rule("R10", when.dangerous_person_has_child, IMMEDIATE, "Người đó ở cùng trẻ; có xâm hại tình dục, thương nặng, đe dọa", "Has the child; sexual, serious injury or threat", "S9, S27"),
    Rule("R11", when.sexual_and_open, URGENT, "Nghi xâm hại tình dục; có thể còn tiếp cận, còn trẻ khác, hoặc chưa rõ lúc nào", "Sexual; access, others or time open", "S27"),
    Rule("R12", when.ten4_bruise, URGENT, "Trẻ dưới 4 bầm ở chỗ đáng ngờ", "TEN-4 bruise under 4", "S28"),
    Rule("R13", when.beaten_and_open, URGENT, "Bị đánh bằng đồ vật hoặc bị thương; người đó có thể còn tiếp cận", "Injury or object; access open", "S24"),
    Rule("R14", when.story_does_not_fit, URGENT, "Lời kể không khớp vết thương", "Story does not fit the injury", "m"),
    Rule("R15", when.suicidal_thoughts, URGENT, "Có ý nghĩ tự tử", "Suicidal thoughts", "m"),
    Rule("R16", when.young_maltreated_and_open, URGENT, "Nghi xâm hại trẻ dưới 6, khuyết tật; người đó có thể còn tiếp cận", "Young or disabled; access open", "m"),
    Rule("R17", when.institution_staff_alleged, URGENT, "Người đó làm ở cơ sở có trẻ: không báo cơ sở", "Institution staff: do not tell it", "p"),
    Rule("R18", when.reported_before, PRIORITY, "12 tháng qua có 1 tin: Ưu tiên; từ 2: Gấp", "1 earlier report Priority, 2 Urgent", "p", Graver(when.many_reports, URGENT)),
    Rule("R19", when.online_meeting_or_material, URGENT, "Sắp gặp trong 24 giờ: Khẩn cấp; hình ảnh tình dục: Gấp", "Meeting Immediate, material Urgent", "m", Graver(when.meeting_within_a_day, IMMEDIATE)),
    Rule("R20", when.hazardous_work, URGENT, "Lao động nguy hiểm, bị ép, chưa đủ tuổi", "Hazardous, forced or underage work", "S2, S31"),
    Rule("R21", when.basic_needs_unmet, URGENT, "Thiếu ăn, chữa bệnh, chỗ ở an toàn", "Basic needs unmet", "S27"),
    Rule("R22", when.union_runaway_or_afraid, URGENT, "Dưới 16 có thai, như vợ chồng; bỏ nhà; sợ về nhà", "Pregnancy, union; runaway; afraid to go home", "m"),
    Rule("R23", when.maltreatment_or_law_breaking, PRIORITY, "Nghi xâm hại trẻ, hoặc trẻ vi phạm pháp luật", "Suspected abuse or child law-breaking", "S3, S4"),
    Rule("R24", when.past_and_stated_safe, PRIORITY, "Quá 30 ngày, đã rõ an toàn: Ưu tiên", "Over 30 days, stated safe: Priority", "p"),
    Rule("R25", when.accident, PRIORITY, "Tai nạn ở trẻ dưới 6, hoặc còn nguy hiểm", "Accident under 6, or hazard still open", "m"),
    Rule("R26", when.age_unclear, None, "Chưa rõ tuổi hoặc tuổi mụ: chỉ ghi chú", "Age unclear: noted only", "p"),
    Rule("R27", when.danger_unknown, PRIORITY, "Chưa rõ nguy hiểm: có người lớn đáng tin thì Ưu tiên, không thì Gấp", "Danger unknown: safe adult Priority, else Urgent", "p", Graver(when.no_safe_adult, URGENT)),
    Rule("R28", when.place_unknown, PRIORITY, "Chưa rõ xã, phường: trực tỉnh tìm nơi", "Place unknown: province finds it", "p"),
    Rule("R29", when.unreadable, PRIORITY, "Tin không hiểu được: có người đọc trong 60 phút", "Unreadable: read in 60 min", "p"),
    Rule("R30", when.adult_victim, PRIORITY, "Nạn nhân người lớn: ít nhất Ưu tiên; mỗi trẻ một thông tin", "Adult: Priority or more; a report per child", "S16"),
)
"""The rules that are always read."""

INFORMATION_OR_SAFE = Rule("R31", when.clearly_safe, ROUTINE, "Chỉ hỏi thông tin, hoặc rõ là an toàn: Thường", "Information only, or all safe: Routine", "p")
"""Fires alone for a pure information request; otherwise read when no other rule set a level."""

NOT_CLEAR_ENOUGH = Rule("R32", when.not_clear_enough, PRIORITY, "Chưa đủ rõ để xếp Thường: Ưu tiên", "Not clear enough: Priority", "p")
"""Read when no other rule set a level."""
# fmt: on

FALLBACKS: tuple[Rule, ...] = (INFORMATION_OR_SAFE, NOT_CLEAR_ENOUGH)
"""Read only when no rule that sets a level fired; exactly one of them fires."""

TABLE: tuple[Rule, ...] = RULES + FALLBACKS
"""Every rule, in order."""

UNREADABLE = "R29"
"""The rule that has a human read the report within 60 minutes."""
