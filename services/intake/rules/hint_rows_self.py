"""Rows of the hint table: a child that hurts itself."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

ROWS: Final[tuple[Rule, ...]] = (
    says(
        "suicide.plan",
        "suicide self_harm",
        "An attempt, a plan, means at hand, tonight.",
        "(mua|để sẵn|chuẩn bị|gom|tích|giấu|có sẵn) .. (thuốc|thuốc ngủ|dây|dao lam|thuốc sâu|thuốc trừ sâu|thuốc chuột) .. (sẵn|rồi|uống|tối|chết|hết|treo)?; để .. thuốc sẵn; thuốc sẵn; (đã|từng|vừa|mới|định|sắp|sẽ|toan|tính) .. (tự tử|tự vẫn|tự sát|treo cổ|nhảy cầu|nhảy lầu|uống thuốc ngủ|uống thuốc sâu|cắt cổ tay|kết liễu|quyên sinh);"
        "(tối nay|đêm nay|hôm nay|lát nữa|mai|tí nữa) .. (chết|là hết|uống hết|kết thúc|ra đi|tự tử|nhảy); viết thư tuyệt mệnh; thư tuyệt mệnh; để lại thư .. (vĩnh biệt|tuyệt mệnh); vĩnh biệt; đang .. (đứng trên cầu|trên sân thượng|trên lan can|ngoài lan can|nóc nhà); tự tử (không thành|hụt|nhưng|mấy lần|# lần); uống .. thuốc ngủ .. (tự tử|chết|hết|rồi|tối)",
        "(tried|attempted|plans|planning|plan|going|about|wrote|ready) .. (kill myself|kill himself|kill herself|suicide|suicide note|end it|end my life|hang|jump); (pills|rope|knife|gun) .. (tonight|ready|to die|end it|kill); suicide (attempt|note|plan); overdosed; tonight .. (die|end it|kill myself); took .. pills",
        value="plan",
    ),
    says(
        "suicide.thoughts",
        "suicide self_harm",
        "A wish to die.",
        "(không|chẳng|ko|chả|hết|chán|k) (còn)? (muốn|thiết) (sống|sống nữa|tồn tại); chán sống; chán song; (muốn|ước|thà|chỉ muốn|nghĩ đến) (được)? (chết|tự tử|tự vẫn|biến mất|kết thúc tất cả|chết đi|cái chết|chết quách); (nghĩ|ý định|ý nghĩ|ý tưởng|doạ|dọa|nói|bảo|đòi) .. (tự tử|tự vẫn|tự sát|tự kết liễu|muốn chết); tự tử; tự vẫn; tự sát; sống .. (làm gì nữa|không bằng chết|chẳng ý nghĩa|vô nghĩa|mệt mỏi quá); chết (cho xong|đi cho rồi|quách|đi cho xong); giá như .. không tồn tại",
        "(want|wants|wanted|wish|wishes|wished) .. (to die|to be dead|to disappear|were dead|not alive|was dead|i was dead); (kill|killing|hurt|hurting) (myself|himself|herself); suicidal; suicide; end my life; (no|not) (reason|want) to live; better off dead; doesn't want to live; don't want to live",
        without="giáo_dục bà_nội",
        value="thoughts",
    ),
    says(
        "selfharm",
        "self_harm",
        "The child hurts itself.",
        "(rạch|cắt|cứa|lấy dao lam) .. (tay|cổ tay|đùi|chân) (mình)?; tự (làm hại|làm đau|cắt|rạch|hại|hành hạ|cào|gây thương tích|đốt|làm tổn thương) .. ; tự hại; đập đầu vào tường",
        "(cuts|cutting|cut|burns|burning|hurts|hurting|harms|harming) (myself|himself|herself|her arms|his arms|my arms|her wrists|my wrists|wrists); self harm; self-harm; selfharm",
        without="tóc bố mẹ",
    ),
    says(
        "selfharm.marks",
        "injury_marks injured",
        "Such cuts are marks.",
        "(rạch|cứa) (tay|cổ tay|đùi|chân); cắt cổ tay",
        "cuts on (her|his|my) (arm|arms|wrist|wrists)",
    ),
    asks(
        "selfharm.suicide",
        "suicide",
        "Whoever hurts themselves is asked about dying.",
        "(rạch|cứa) .. (tay|cổ tay|đùi); tự (hại|làm đau|cắt|rạch|làm); chết đi cho rồi; tuyệt vọng; không còn gì để mất",
        "(cuts|cutting|hurts|harms) (myself|himself|herself); self harm; hopeless",
    ),
    says(
        "suicide.told",
        "suicide self_harm",
        "Never waking, disappearing.",
        "ngủ mãi .. (không)? (dậy|tỉnh)?; (ước|muốn|mong) .. (ngủ mãi|không tỉnh|không thức|không tồn tại|tan biến|biến mất); không (còn)? (lý do|động lực) .. sống; sống (để)? làm gì; hết hy vọng",
        "never wake up; not wake up; sleep forever; no point living",
        value="thoughts",
    ),
    says(
        "suicide.jump",
        "suicide self_harm",
        "An announced jump, a farewell.",
        "(sẽ|định|sắp|đòi|tính) (nhảy cầu|nhảy lầu|nhảy sông|treo cổ|uống thuốc); nhắn .. tạm biệt; nhảy (cầu|lầu|sông)",
        "going to jump; said goodbye to everyone",
        value="plan",
    ),
)
