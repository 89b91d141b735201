"""Rows of the hint table: the report itself, and who else is near."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

ROWS: Final[tuple[Rule, ...]] = (
    says(
        "garbled",
        "unreadable",
        "A call or text that was cut off or cannot be understood.",
        "mất (tín hiệu|sóng|liên lạc giữa chừng); (cuộc gọi|máy|tín hiệu|đường dây) .. (chập chờn|đứt|ngắt|rớt|mất|gián đoạn); (gọi|cuộc gọi|đang nói|nói) .. (thì)? (tắt máy|cúp máy|mất máy|ngắt máy|ngắt|đứt|cúp); không (nghe rõ|nghe được|hiểu tiếng|nói được tiếng); đứt (đoạn|quãng); nói tiếng (dân tộc|nước ngoài|trung|lào) .. không hiểu; tin nhắn (bị)? cắt",
        "(call|line) (dropped|cut|was cut|got cut|broke|went dead|disconnected); cut off; (unclear|inaudible|unintelligible|garbled); (couldn't|could not|can't|cannot) (hear|understand) .. ; (does not|doesn't) speak",
        without="bé trẻ",
    ),
    asks(
        "question.only",
        "information_request_only",
        "Seems to ask for information; never taken for granted, for a yes can only calm.",
        "(muốn|xin|cho|nhờ|gọi|chỉ)? .. hỏi (về)? .. (thủ tục|giấy tờ|chế độ|trợ cấp|thông tin|hồ sơ|quy định|chính sách|học phí|địa chỉ|số điện thoại); chỉ (muốn)? hỏi; hỏi (thủ tục|thông tin|về tiền|về chế độ|về trợ cấp); (tư vấn|xin thông tin) .. (thủ tục|chế độ|luật|nhận con nuôi|trợ cấp)",
        "(only|just) (want|wanted|wish|asking|calling|need|would like) .. (know|ask|asking|information|info|about); (how|where) to (apply|register|adopt|get) .. ; asking for information; information (about|on); general question",
    ),
    says(
        "has.child",
        "alleged_has_child_now",
        "The one said to have done harm has the child now.",
        "(hiện|đang|vẫn|giờ|bây giờ) .. (ở|sống) (cùng|với|chung) (mẹ kế|bố dượng|dượng|bố|cha|ba|hắn|nó|người đó|ông ta|chú|cậu|kẻ); (đang giữ|đang ở với|giữ) .. (cháu|con|bé|các cháu|em) .. (không cho)?; không cho gặp (mẹ|bố|con|cháu|ai); (vẫn|đang) ở cùng (hắn|nó|bố|mẹ kế|người)",
        "(still|now|currently|is) (living|lives|live|staying|stays|with) with? (him|the man|her stepfather|his stepfather|the abuser|the father|his father|her father|her uncle|his uncle); he (has|took) (her|him|the child|them) (now|with him)",
        without="bà an_toàn xe",
    ),
    asks(
        "has.child.maybe",
        "alleged_has_child_now",
        "Under one roof may mean with the child now.",
        "(vẫn|đang|còn) .. (ở|sống) (cùng|chung) nhà; (ở|sống) (cùng|chung) nhà với",
        "same house; lives with",
    ),
    says(
        "access",
        "alleged_has_access",
        "The one said to have done harm still meets the child.",
        "(vẫn|còn|lại) .. (ở cùng|ở cùng nhà|ở chung nhà|gặp|qua lại|đến nhà|sang nhà|tới nhà|dạy|đón|trông|ở gần|cùng nhà); cùng nhà; sống (chung|cùng) nhà",
        "still (lives|living|comes|sees|visits|around|works|has access|meets) .. ; lives (in|with) .. (same|house|us|them|next door); comes (over|here|to the house)",
        without="học",
    ),
    asks(
        "access.maybe",
        "alleged_has_access",
        "Ask whether that person can still reach the child.",
        "vào phòng (em|cháu|con); người trong nhà; hàng xóm .. (gọi|cho kẹo|sờ|hay|dâm|xâm|hiếp|rủ|đánh); (ra tù|được thả|về rồi|quay lại|trở về); bảo mẫu; thầy giáo; gần nhà; cùng (xóm|làng|ngõ)",
        "(came|comes|come) back; (teacher|coach|uncle) .. (touch|touched|hits|hit); released",
        without="báo kể phản_ánh",
    ),
    asks(
        "others",
        "others_exposed",
        "Other children are near that person.",
        "(trong nhà|nhà|còn|và) .. (em gái|em trai|em nhỏ|em bé|đứa em|hai đứa em|con nhỏ|trẻ khác|cháu khác|đứa nhỏ|các cháu khác|mấy đứa nhỏ) .. (#|nữa|khác)?; (các cháu|nhiều trẻ|trẻ khác|cháu khác|bạn khác|bé khác|học sinh khác|mấy bé|nhiều em|mấy em); (lớp mẫu giáo|nhà trẻ|lớp học|trường mầm non|cơ sở giữ trẻ|nhóm trẻ|mầm non); (tát|đánh|nhốt|sờ) trẻ",
        "(other|more) (children|kids|girls|boys|pupils|students); (little|younger|baby) (sister|brother|siblings|ones); (nursery|kindergarten|daycare|childcare|classroom)",
        without="không",
    ),
    says(
        "has.told",
        "alleged_has_child_now",
        "The child was taken along.",
        "(bế|mang|đưa|bắt) (con|cháu|bé) đi mất; đang giữ (con|cháu|bé)",
        "took (our|my|the) (baby|child|son|daughter|kids) .. with (him|her); has (our|my) (baby|child|son|daughter|kids)",
    ),
    asks(
        "question.asked",
        "information_request_only",
        "Asks something else.",
        "(gọi)? để hỏi; (muốn|xin|cho) .. hỏi; (có nên|làm sao để|có được) .. (không ạ|không)?; tổng đài có .. (không|ko)",
        "(want|like) to ask",
        without="bố_đánh",
    ),
    asks(
        "others.asked",
        "others_exposed alleged_has_access",
        "Works with children.",
        "(bảo mẫu|nhóm trẻ|lớp mẫu giáo|trường mầm non|nhà trẻ|thầy bơi|huấn luyện viên|cô nuôi)",
        "(coach|nanny|babysitter|daycare worker)",
    ),
)
