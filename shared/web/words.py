"""Plain words, Vietnamese and English, for the names of the report format and for levels and roles.

Wording as the provincial authority is asked to sign it off; the identifiers never change.
"""

from __future__ import annotations

from typing import NamedTuple

from shared.contracts.teams import Function
from shared.contracts.vocabulary import AllegedRole, Channel, Concern, Level, Role


class Words(NamedTuple):
    """A phrase in both languages; `hint` lists what counts as yes, in Vietnamese, and is not read out."""

    vi: str
    en: str
    hint: str = ""

    def text(self, locale: str) -> str:
        """Return the phrase in `locale`."""
        return self.en if locale == "en" else self.vi


LEVELS: dict[Level, Words] = {
    Level.IMMEDIATE: Words("Khẩn cấp", "Immediate"),
    Level.URGENT: Words("Gấp", "Urgent"),
    Level.PRIORITY: Words("Ưu tiên", "Priority"),
    Level.ROUTINE: Words("Thường", "Routine"),
}

STATUSES: dict[str, Words] = {
    "received": Words("Đã tiếp nhận", "Received"),
    "assessed": Words("Đã xếp mức", "Assessed"),
    "paged": Words("Đã báo người trực", "Paged"),
    "acknowledged": Words("Đã có người nhận vụ", "Acknowledged"),
    "closed": Words("Đã kết thúc", "Closed"),
}

ROLES: dict[Role, Words] = {
    Role.OPERATOR: Words("Nhân viên tiếp nhận", "Operator"),
    Role.WORKER: Words("Người làm công tác bảo vệ trẻ em", "Case worker"),
    Role.SUPERVISOR: Words("Giám sát ca", "Supervisor"),
    Role.ADMINISTRATOR: Words("Quản trị", "Administrator"),
    Role.AUDITOR: Words("Kiểm tra nhật ký", "Auditor"),
}

CHANNELS: dict[Channel, Words] = {
    Channel.HOTLINE: Words("Điện thoại", "Phone"),
    Channel.WEB: Words("Web", "Web"),
    Channel.PARTNER: Words("Cơ quan phối hợp", "Partner"),
    Channel.WALK_IN: Words("Đến trực tiếp", "In person"),
    Channel.SMS: Words("Tin nhắn", "SMS"),
}

CONCERNS: dict[Concern, Words] = {
    Concern.PHYSICAL: Words("Bạo lực thể chất", "Physical abuse"),
    Concern.SEXUAL: Words("Xâm hại tình dục", "Sexual abuse"),
    Concern.EMOTIONAL: Words("Bạo lực tinh thần", "Emotional abuse"),
    Concern.NEGLECT: Words("Bỏ mặc", "Neglect"),
    Concern.LABOUR_EXPLOITATION: Words("Bóc lột sức lao động", "Labour exploitation"),
    Concern.TRAFFICKING: Words("Mua bán người", "Trafficking"),
    Concern.ONLINE_SEXUAL: Words("Xâm hại tình dục trên mạng", "Online sexual abuse"),
    Concern.BULLYING: Words("Bắt nạt", "Bullying"),
    Concern.WITNESSING_DOMESTIC_VIOLENCE: Words("Chứng kiến bạo lực gia đình", "Witnessing domestic violence"),
    Concern.CHILD_MARRIAGE: Words("Tảo hôn", "Child marriage"),
    Concern.ABANDONMENT: Words("Bỏ rơi", "Abandonment"),
    Concern.SELF_HARM: Words("Tự gây hại, tự tử", "Self-harm, suicide"),
    Concern.UNINTENTIONAL_INJURY: Words("Tai nạn, thương tích", "Accident, injury"),
    Concern.CHILD_LAW_BREAKING: Words("Trẻ em vi phạm pháp luật", "Child in conflict with the law"),
    Concern.DOMESTIC_VIOLENCE_ADULT: Words("Bạo lực gia đình với người lớn", "Domestic violence against an adult"),
    Concern.ELDER_ABUSE: Words("Ngược đãi người cao tuổi", "Elder abuse"),
    Concern.OTHER: Words("Khác", "Other"),
}

FUNCTIONS: dict[Function, Words] = {
    Function.SOCIAL: Words("Bảo vệ trẻ em", "Child protection"),
    Function.POLICE: Words("Công an", "Police"),
    Function.HEALTH: Words("Y tế", "Health"),
    Function.JUSTICE: Words("Tư pháp", "Justice"),
    Function.EDUCATION: Words("Giáo dục", "Education"),
    Function.UNIONS: Words("Hội Phụ nữ, Đoàn Thanh niên", "Women's and Youth Unions"),
    Function.LEADERS: Words("Ủy ban nhân dân", "People's Committee"),
    Function.DUTY: Words("Trực", "Duty desk"),
    Function.CHILD_PROTECTION: Words("Cơ quan bảo vệ trẻ em", "Child-protection office"),
    Function.HOSPITAL: Words("Bệnh viện", "Hospital"),
    Function.LEGAL_AID: Words("Trợ giúp pháp lý", "Legal aid"),
    Function.LABOUR: Words("Lao động", "Labour authority"),
    Function.COMMITTEE: Words("Ban Chỉ đạo bảo vệ, chăm sóc trẻ em", "Steering committee"),
}

ALLEGED_ROLES: dict[AllegedRole, Words] = {
    AllegedRole.CAREGIVER: Words("Người chăm sóc", "Caregiver"),
    AllegedRole.HOUSEHOLD: Words("Người cùng nhà", "Member of the household"),
    AllegedRole.RELATIVE: Words("Họ hàng", "Relative"),
    AllegedRole.KNOWN_PERSON: Words("Người quen", "Known person"),
    AllegedRole.INSTITUTION_STAFF: Words(
        "Người của trường, cơ sở y tế, nuôi dưỡng", "Staff of a school, clinic, shelter"
    ),
    AllegedRole.OFFICIAL: Words("Cán bộ, công chức, công an", "Official, police"),
    AllegedRole.EMPLOYER: Words("Người sử dụng lao động", "Employer"),
    AllegedRole.PEER: Words("Bạn cùng lứa", "Peer"),
    AllegedRole.STRANGER: Words("Người lạ", "Stranger"),
    AllegedRole.UNKNOWN: Words("Chưa rõ", "Unknown"),
}

FACTS: dict[str, Words] = {
    "life_threatening_condition": Words(
        "Có ai cần cấp cứu ngay không?",
        "Life-threatening condition?",
        "bất tỉnh, khó thở, chảy máu nhiều, co giật, ngộ độc, bỏng nặng, đuối nước, thương đầu, cổ, vết đâm",
    ),
    "danger_now": Words("Bây giờ hoặc vài giờ tới cháu có gặp nguy hiểm không?", "Danger now?"),
    "weapon_strangling_or_death_threat": Words(
        "Có ai dùng vũ khí, bóp cổ, dọa giết không?", "Weapon, strangling or death threat?"
    ),
    "alone_now": Words("Bây giờ cháu có ở một mình không?", "Alone now?"),
    "locked_in_or_dangerous_place_now": Words(
        "Cháu có bị nhốt hay ở chỗ nguy hiểm không?", "Locked in or dangerous place now?"
    ),
    "abandoned": Words("Cháu có bị bỏ lại, không ai chăm sóc không?", "Abandoned?"),
    "injury_marks": Words(
        "Trên người cháu có vết gì không?", "Injury marks?", "bầm, bỏng, gãy xương, chảy máu miệng, mắt"
    ),
    "independently_mobile": Words("Cháu tự bò, tự đi được không?", "Crawls or walks?"),
    "ten4_bruise": Words(
        "Vết bầm ở đâu?",
        "Where is the bruise?",
        "thân, hông, mông, chỗ kín, tai, cổ, góc hàm, má, mí, lòng trắng mắt, phanh môi; in hình đồ vật; bé dưới 5 tháng",
    ),
    "trafficking_or_abduction_under_way": Words(
        "Có ai đang đưa cháu đi trái ý không?", "Trafficking or abduction under way?", "bắt cóc, mua bán"
    ),
    "alleged_has_child_now": Words("Người đó đang ở cùng cháu không?", "With the child now?"),
    "serious_injury": Words("Có bị thương nặng không?", "Serious injury?"),
    "threat_to_flee_silence_or_retaliate": Words(
        "Có ai dọa trả thù, bắt im, đưa cháu trốn không?", "Threat to flee, silence or retaliate?"
    ),
    "alleged_has_access": Words("Người đó còn gặp được cháu không?", "Can still reach the child?"),
    "others_exposed": Words("Người đó có hay ở gần trẻ khác không?", "Near other children?"),
    "injured": Words("Cháu có đau, bị thương ở đâu không?", "Injured?"),
    "implement_used": Words("Có đồ vật nào được dùng không?", "Implement used?"),
    "injury_story_inconsistent": Words(
        "Lời kể không có, thay đổi, không khớp vết thương; khám muộn", "Injury story inconsistent?"
    ),
    "online_sexual_material": Words(
        "Có ảnh, video, tin nhắn nào làm cháu lo không?", "Any worrying picture, message?", "tình dục"
    ),
    "meeting_within_24_hours": Words(
        "24 giờ tới cháu có hẹn gặp người quen qua mạng không?", "Meeting within 24 hours?"
    ),
    "hazardous_or_underage_work": Words(
        "Cháu có phải đi làm không? Việc gì?", "Working? At what?", "nguy hiểm, bị ép, giữ giấy tờ, dưới 13"
    ),
    "unmet_basic_needs": Words("Cháu có thiếu ăn, thiếu thuốc, hay nhà không ở được không?", "Lacks food, care, home?"),
    "pregnancy_or_union_under_16": Words(
        "Cháu có thai, hay sống như vợ chồng không?", "Pregnancy or union under 16?", "dưới 16"
    ),
    "runaway": Words("Cháu có bỏ nhà đi không?", "Runaway?"),
    "afraid_to_go_home": Words("Cháu thấy sao khi về nhà? Có sợ không?", "Afraid to go home?"),
    "with_safe_adult": Words("Có người lớn nào cháu tin đang ở bên không?", "With safe adult?"),
    "hazard_still_open": Words("Chỗ gây tai nạn còn nguy hiểm không?", "Hazard still open?"),
    "unreadable": Words("Tin đứt đoạn, không hiểu tiếng", "Unreadable?"),
    "information_request_only": Words("Chỉ hỏi thông tin", "Information request only?"),
    "suicide": Words(
        "Cháu có lúc nào không muốn sống nữa không? Đã định, đã thử gì chưa?", "Wish to die? Plan, attempt?"
    ),
    "when": Words("Lần gần nhất là khi nào?", "Last time?"),
    "hours_since_sexual_contact": Words("Lúc đó cách đây mấy giờ?", "Hours ago?", "khi đã được kể; không rõ: 0"),
}
