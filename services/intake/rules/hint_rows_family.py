"""Rows of the hint table: violence between adults, against the old, and among pupils."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

ROWS: Final[tuple[Rule, ...]] = (
    says(
        "child.bullied",
        "bullying",
        "Pupils hurt a pupil.",
        "bắt nạt; bị .. (bạn|lớp|nhóm|đàn anh|học sinh|các bạn) .. (đánh|chặn|trấn|cô lập|tẩy chay|chế|lột|hội đồng|trêu|chửi|dọa|đe|ức hiếp|tát); đánh hội đồng; trấn lột; cô lập; tẩy chay; (chặn|dọa) .. (cổng trường|đường đi học|sau trường);"
        "bạo lực học đường; (các bạn|bạn cùng lớp|mấy bạn|tụi nó|lũ bạn) .. (trêu|chế giễu|đánh|chọc|xé|ném|cười nhạo|body shaming|miệt thị); (bạn|mấy đứa|tụi|nhóm) .. lớp .. (đánh|tát|chặn|trấn|chửi|lột); chế giễu; bị (trêu chọc|trêu)",
        "bullied; bullying; bullies; bully; (classmates|kids|boys|girls) at school .. (<hits>|tease|mock|call|push); (call|calls|called) (him|her|me) names; (steal|steals) (his|her|my) lunch",
    ),
    says(
        "adult.partner",
        "domestic_violence_adult",
        "A wife, husband or partner is the one hit or threatened.",
        "(bố|ba|cha|chồng|dượng|bố dượng|ông|ông ta|hắn|nó|con rể) .. (đánh|tát|đập|chém|bóp cổ|đuổi|đuổi đánh|đấm|hành hạ|giết|dọa giết|đạp) .. (mẹ|má|vợ); (đánh|tát|đập|bóp cổ|đấm|đạp|hành hạ|giết|đuổi|chửi) (vợ|mẹ|má);"
        "bị chồng .. (đánh|đập|tát|hành hạ|bóp cổ|dọa|bạo hành|đuổi|chửi|đạp); chồng .. (đánh|đập|tát|hành hạ|bóp cổ|đấm|đạp) (tôi|em|mình|vợ|chị); vợ chồng .. (đánh nhau|chém nhau); (bố mẹ|ba mẹ|cha mẹ) .. (đánh nhau|đánh lộn|xô xát|bạo lực);"
        "bạo lực gia đình; bạo hành gia đình",
        "(hits|beats|beat|hit|hitting|beating|choked|slapped|punched|threatened|kicks) (my|her|his|their|the) (mum|mom|mother|wife|partner|girlfriend); domestic violence; my husband .. (<hits>|threatened|choked|kill); husband (beats|hits|beat|hit) (me|her);"
        "(beaten|hit) by (my|her) husband; partner (beats|hits|beat|hit)",
    ),
    says(
        "witnessing",
        "witnessing_domestic_violence",
        "A child sees or hears violence at home.",
        "(chứng kiến|nhìn thấy hết|nhìn thấy cảnh); (bố|ba|cha|dượng|bố dượng) .. (đánh|tát|đập|chém|bóp cổ|đuổi|đuổi đánh|đấm|giết) (mẹ|má); (đánh|chém|đuổi|giết|dọa giết|đập|bóp cổ|đuổi đánh) vợ .. (con|cháu|trẻ|bé); dọa giết vợ con;"
        "(bố mẹ|ba mẹ|cha mẹ) .. (đánh nhau|chém nhau|đánh lộn|xô xát); (con|cháu|trẻ|em|bé) .. (thấy|nhìn|nghe|xem) .. (đánh mẹ|đánh vợ|đánh nhau|đánh bà|đánh ông); đuổi vợ",
        "(witnessed|witnesses|watched|watching|saw|sees|seen) .. (<hits>|violence|fight|fighting|attack|it all|everything); (children|kids|child|son|daughter) (see|saw|watch|witness) .. ; (hits|beats|beat|hit|hitting|beating) (my|our|their) (mum|mom|mother); in front of .. (child|children|kids|son|daughter|baby|us)",
    ),
    asks(
        "witnessing.maybe",
        "witnessing_domestic_violence",
        "Children may be in the home where an adult is hit.",
        "đánh (vợ|mẹ|má|bà nội|ông nội|bà ngoại|ông ngoại); (bóp cổ|tát|đập) vợ; (ông ngoại|bà ngoại|ông nội|bà nội|ông|bà) (em|cháu|con) bị .. (đánh|tát|đập|chửi)",
        "(beats|hits|beat|hit) (his|her) wife; domestic violence",
    ),
    says(
        "elder",
        "elder_abuse",
        "An old person is hit, starved or robbed at home.",
        "(bà cụ|ông cụ|cụ bà|cụ ông|cụ|ông ngoại|bà ngoại|ông nội|bà nội|mẹ già|bố già|cha già|người già|ông|bà) .. bị .. (con trai|con dâu|con rể|con|cháu|chú|cậu|bác|con gái) .. (đánh|tát|chửi|bỏ đói|đuổi|lấy|hành hạ|đập|bỏ mặc|ngược đãi);"
        "(con trai|con dâu|con rể) .. (đánh|tát|bỏ đói|chửi|hành hạ|đuổi) .. (mẹ|bố|ông|bà|cụ|mẹ già); ngược đãi (ông bà|người già|người cao tuổi|cha mẹ|bố mẹ|mẹ già|mẹ|bà|ông); (bà|ông) .. (##) tuổi .. bị .. (đánh|tát|bỏ đói|chửi|đuổi); bà cụ .. bị; lấy .. lương hưu; giữ .. lương hưu",
        "elder abuse; (grandmother|grandma|grandfather|grandpa|elderly|old woman|old man) .. (<hits>|starved|robbed|abused|neglected)",
        without="kể báo gọi",
    ),
    says(
        "emotional",
        "emotional",
        "Cursing, humiliation, rejection again and again.",
        "(chửi|mắng|mắng nhiếc|nhiếc|sỉ nhục|lăng mạ|xúc phạm|chì chiết|mạt sát|nhục mạ|miệt thị) .. (em|cháu|con|bé|e|trẻ|suốt|hoài|cả ngày|mỗi ngày|là|thậm tệ|nó|tôi|thường xuyên); (suốt ngày|lúc nào cũng|toàn|ngày nào cũng) .. (chửi|mắng|nhiếc|so sánh|la|sỉ nhục); chửi (bới|rủa|mắng); đánh mắng (con|cháu|em|bé)?; đồ (vô dụng|ngu|bỏ đi|ăn hại|súc vật|con hoang); ước gì không (đẻ|sinh) .. ; bạo lực tinh thần; khủng bố tinh thần; đuổi .. (ra khỏi nhà|khỏi nhà|ra đường)",
        "(calls|called|calling) (him|her|me) (stupid|worthless|useless|names|an idiot|a burden); (screams|screaming|yells|yelling|shouts|shouting|swears) at (him|her|me|us|the child|them) .. ; humiliated; humiliates; humiliating; emotional abuse; emotionally abused; insults (him|her|me|us); worthless; wish (you|i|she|he) (was|were|had) never (been)? born",
        without="bà_cụ vợ con_dâu mẹ_chồng chồng",
    ),
    asks(
        "emotional.maybe",
        "emotional",
        "Cruelty that may be meant to break the child.",
        "bắt quỳ; nhốt .. (nhà vệ sinh|chuồng|tối|kho); ghét bỏ; hắt hủi; dọa (đuổi|bỏ|nạt); quát (mắng|tháo|nạt)",
        "rejected by; yells; shouts at",
    ),
    says(
        "law",
        "child_law_breaking",
        "The child is said to have broken the law.",
        "(trẻ|em|cháu|con|học sinh|con trai|nó|nhóm|mấy đứa) .. (trộm|ăn trộm|ăn cắp|cướp|cướp giật|đua xe|buôn ma túy|bán ma túy|vận chuyển ma túy|đốt nhà|móc túi|đánh người); trộm (cắp|xe|xe máy|tiền|đồ|chó|gà|điện thoại); (công an|bị công an) .. (giữ|bắt|tạm giữ|tạm giam|triệu tập) .. (em|cháu|con|vì|nó)?; vi phạm pháp luật; phạm tội; phạm pháp",
        "(stole|stealing|steals|robbed|shoplifting|theft|burglary); arrested; (police|cops) (caught|arrested|are holding|hold|detained); broke the law; selling drugs; juvenile",
        without="bắt_gặp giữ_điện_thoại bị_trộm nhà_tôi người_dẫn",
    ),
    says(
        "adult.told",
        "domestic_violence_adult",
        "A partner thrown out, pushed, struck with things.",
        "bị chồng (đuổi|xô|đẩy|lôi|tạt|ném|chém); (chồng|bố|ba|cha) .. (xô|đẩy|ném|chém|lôi|đâm|đạp) (vợ|mẹ|me|má|tôi|chị); (chém|đâm|đuổi) (vợ|mẹ|má); (xô|đẩy|lôi) vợ; (ném|quăng) .. (trúng|vào) (đầu|mặt) (mẹ|má|vợ); (ném|nem) .. đầu mẹ",
        "(husband|partner|boyfriend|ex) .. (<hits>|punched) (me|her); (my|her) (husband|ex|boyfriend) .. (punched|slapped|choked|kicked|pushed|threatened)",
    ),
    asks(
        "adult.maybe",
        "domestic_violence_adult witnessing_domestic_violence",
        "A mother who lies still, a quarrel of the parents.",
        "mẹ (em|cháu|con)? nằm (im|bất động|lịm|gục); (bố mẹ|ba mẹ|cha mẹ|vợ chồng) .. (cãi nhau|cãi cọ|gây gổ|xô xát); mẹ (em|cháu)? chảy máu",
        "(parents|mum and dad|mom and dad) .. (fight|fighting|argue)",
    ),
    says(
        "witness.told",
        "witnessing_domestic_violence",
        "It happened in front of children.",
        "trước mặt .. (con|cháu|trẻ|đứa con|bé|hai đứa|các con); (chém|đâm|xô|đẩy|ném) (mẹ|má); (bố|ba|cha|dượng) .. (chém|đâm|xô|đẩy|ném) .. (mẹ|má); (con|cháu|em) .. (thấy|nhìn thấy|chứng kiến) .. (bố|ba|mẹ) .. (đánh|chém|đấm)",
        "in front of .. (kids|children|son|daughter|baby)",
    ),
    says(
        "bullying.told",
        "bullying",
        "Pupils against one.",
        "(cả lớp|các bạn|bạn cùng lớp|mấy bạn|nhóm bạn) .. (tẩy chay|xa lánh|đặt biệt danh|đổ nước|giấu|đánh|chửi|chê|ghép ảnh|trêu); (mấy đứa|nhóm|tụi|đàn anh|bọn) .. (to hơn|lớn hơn|khác|lớp|khối) .. (ép|bắt|đánh|dọa|chặn|trấn|lột); bị nhóm .. (dọa|đánh|chặn)",
        "(kids|pupils|classmates|boys|girls) .. (laugh at|make fun|exclude|threaten|hit|kick) (him|her|me)",
    ),
    asks(
        "law.asked",
        "child_law_breaking",
        "A blade in a school bag.",
        "(giấu|mang|thủ) .. (dao|hung khí) .. (cặp|trường|theo|lớp|người)?",
        "(brought|brings|carrying) .. (knife|weapon) .. school",
    ),
)
