"""Rows of the hint table: injuries, accidents and conditions that kill."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

_STORY_VI: Final = (
    "(lời kể|lời khai|giải thích|câu chuyện|kể) .. không khớp; không khớp .. (vết thương|thương tích|lời kể); (không|chẳng) giải thích được; (mỗi lần|lúc) .. kể (khác|một kiểu|một khác);"
    "(khám|đưa đến|đến viện|đưa đi khám|nhập viện|đưa tới) .. muộn; không hợp lý với vết thương; nói (mỗi lúc một khác|quanh co|vòng vo); đổi lời kể"
)
_STORY_EN: Final = (
    "(story|explanation|account) .. (does not|doesn't|did not|didn't|keeps|kept) (fit|match|add|changing|changed|change); cannot explain .. (injury|injuries|bruise|bruises|marks);"
    "can't explain .. (injury|injuries|bruise|bruises|marks); inconsistent with; (changed|changes) (her|his|their) story; no explanation for"
)

ROWS: Final[tuple[Rule, ...]] = (
    asks("physical.story", "physical", "A wound that nobody can explain may be a blow.", _STORY_VI, _STORY_EN),
    says(
        "injury.marks",
        "injury_marks injured",
        "Marks on the body are named.",
        "(vết|vệt|nốt|mảng) (bầm|bầm tím|tím|thâm|bỏng|cắt|roi|lằn|cắn|thương|rách|hằn|thâm tím|trói|xước); (bầm|thâm) tím; bầm dập; tím (bầm|tái mặt|mặt|mắt|người);"
        "(chảy máu|chảy mau) (mũi|miệng|mồm|mắt|tai|đầu)?; gãy (xương|tay|chân|răng|xương đùi|xương sườn); bỏng (nước sôi|nặng|tay|chân|lửa|bô|da|rộp|mặt);"
        "bị bỏng; sưng (mặt|mắt|môi|tím|vù|húp|tấy); rách (da|môi|đầu|mặt|trán); lở loét; máu me; lằn roi; xưng đau; sưng đau; đầy thương tích; thâm quầng do;"
        "(dội|tạt|đổ) nước sôi; rạch (tay|cổ tay|đùi|chân|mặt); mẩn tím; xuống đau làm; sưng đỏ; bầm (mắt|mặt|tay|lưng|chân|hết)",
        "bruise; bruises; bruised; bruising; black eye; (burn|burns) on; burn mark; burn marks; (broken|fractured) (arm|leg|rib|ribs|bone|wrist|nose); bleeding;"
        "welts; scars; cigarette burns; cuts on; (bite|belt) marks; swollen (face|eye|lip|arm); scratches; marks on",
    ),
    says(
        "injury.hurt",
        "injured",
        "Pain or a wound is told of.",
        "bị thương; trầy (gối|đầu gối|xước|tay|chân|da|đầu); xây xát; trẹo (chân|tay); đau (tay|chân|bụng|lưng|đầu gối|khắp người|lắm); ngất xỉu; bất tỉnh; lở loét;"
        "tay .. gãy; (mặt|tay|chân|lưng|người) .. (sưng|bầm); khâu (mấy|#|vài) mũi; bong gân; đau (quá|đớn)",
        "injured; injury; injuries; hurts (a lot|badly); in pain; wounded; (sprained|twisted) (ankle|wrist)",
        without="lòng",
    ),
    says(
        "injury.serious",
        "serious_injury",
        "A wound that needs a hospital.",
        "gãy (xương|tay|chân|xương đùi|xương sườn); chấn thương (sọ|sọ não|nặng|đầu); bị thương nặng; bỏng nặng; bỏng .. (nặng); bác sĩ .. (nặng|nguy kịch);"
        "vỡ (đầu|lá lách|xương|sọ); mổ cấp cứu; thương tích nặng; nứt (sọ|xương); chảy máu nhiều; dập (lá lách|gan); đa chấn thương",
        "seriously (injured|hurt); serious injury; (broken|fractured) (arm|leg|rib|ribs|bone|skull|jaw); badly (injured|hurt|burned|burnt); head injury; needs? surgery; internal bleeding",
    ),
    asks(
        "injury.serious.maybe",
        "serious_injury",
        "Scalds and hospitals leave open how bad it is.",
        "(dội|tạt|đổ) nước sôi; bỏng nước sôi; nhập viện; nằm viện; (đưa|chở) .. (đi cấp cứu|đi viện|bệnh viện); cấp cứu ở; khâu (#|mấy|vài) mũi; phồng rộp",
        "in hospital; taken to hospital; hospitalised; hospitalized; to the hospital; stitches",
        without="được sinh đẻ",
    ),
    says(
        "injury.story",
        "injury_story_inconsistent injured",
        "The account does not fit, changes, or care came late (R14).",
        _STORY_VI,
        _STORY_EN,
    ),
    says(
        "injury.ten4",
        "ten4_bruise injury_marks injured",
        "Bruises where falls leave none (TEN-4-FACESp).",
        "(bầm|tím|bầm tím|thâm|bầm cũ) .. (má|tai|cổ|mông|hông|bụng|ngực|mí|hàm|thân|lưng bé); (hình|in hình|in dấu) .. (bàn tay|ngón tay|thắt lưng|dây|đồ vật)",
        "(bruise|bruises|bruising) .. (ear|ears|neck|cheek|cheeks|buttocks|torso|jaw|eyelid|hip|chest); (hand|finger|belt) shaped; (shape|print) of (a|the) (hand|belt|fingers)",
    ),
    asks(
        "mobile.baby",
        "independently_mobile",
        "A child of this age or state may not crawl or walk (R08).",
        "sơ sinh; (bé|cháu|trẻ|con) #13 tháng; #13 tháng tuổi; chưa biết (bò|đi|lật|lẫy|ngồi); mới (sinh|đẻ); không (tự)? (đi lại|đi đứng|đi) được; bại não; liệt; xe lăn; còn (ẵm ngửa|bế ngửa|bú|đỏ hỏn)",
        "newborn; #13 months? old; #13 month old; #13 weeks old; infant; cannot (walk|crawl); can't (walk|crawl); wheelchair; not walking yet; paralysed; paralyzed",
        without="ông bà",
    ),
    says(
        "life.threat",
        "life_threatening_condition",
        "A condition that kills within hours; call 115.",
        "bất tỉnh; co giật; khó thở; ngừng thở; không thở; thở (yếu|thoi thóp|gấp|ngắt quãng); tím tái; chảy máu (nhiều|không cầm|không ngừng|rất nhiều|đầm đìa); ngộ độc; hôn mê; nguy kịch;"
        "uống (nhầm|phải) .. (thuốc|xăng|hóa chất|thuốc trừ sâu|axit); (uống|nuốt) (thuốc sâu|thuốc trừ sâu|thuốc diệt cỏ|thuốc chuột|cả vỉ|hết vỉ); đuối nước; bỏng nặng; bị (đâm|chém) .. (bụng|cổ|ngực|người|nhát);"
        "(không|chẳng) (tỉnh|tỉnh dậy|phản ứng|cử động); lịm (đi|dần); mê man; ngất (đi|lịm|xỉu) .. (chưa tỉnh|không tỉnh); hấp hối; chấn thương sọ não; cắt (cổ|mạch máu)",
        "unconscious; not breathing; can't breathe; cannot breathe; (trouble|difficulty) breathing; seizure; seizures; fitting; convulsing; convulsions; heavy bleeding; bleeding (heavily|a lot|badly);"
        "poisoned; drowning; drowned; overdose; overdosed; unresponsive; not responding; (swallowed|drank) .. (pills|bleach|poison|pesticide); stabbed; won't wake up",
    ),
    asks(
        "life.maybe",
        "life_threatening_condition",
        "May be over, may be not.",
        "ngất; (suýt|may) .. (chết đuối|đuối nước|chết); (rơi|ngã) .. (ao|sông|suối|giếng|hồ|bể nước|tầng # |lầu|kênh|mương); cấp cứu; sốt cao; 115; nguy hiểm tính mạng; hiểm nghèo",
        "fainted; (fell|fallen) .. (pond|river|well|pool|window|roof); ambulance; high fever; head injury",
        without="đã_gọi",
    ),
    says(
        "accident",
        "unintentional_injury",
        "A fall, burn, drowning or poisoning without intent.",
        "(tự)? ngã (xe|xe đạp|xe máy|từ|cầu thang|xuống|cây|võng|sông|ao|giếng|cửa sổ); té (xe|cây|cầu thang|xuống|ngã|lầu|giếng|từ); rơi (xuống|từ) .. (ao|sông|giếng|tầng|lầu|hồ|suối|cửa sổ|mương|cao|ban công); đuối nước; tai nạn; (uống|nuốt|ăn) (nhầm|phải) .. ; ngộ độc; (bỏng|bong) .. (bất cẩn|do em|nồi|bô|canh|phích|vô ý); điện giật; hóc (dị vật|xương|hạt|đồ chơi); bị (xe|ô tô|xe máy|trâu|chó) .. (đâm|tông|đụng|cắn|húc); bất cẩn; vô ý; rắn cắn",
        "accident; accidentally; (fell|fallen|falls) (off|from|into|down|out); drowning; drowned; (swallowed|drank|ate) .. (by mistake|accident|bleach|poison|pesticide|battery|pills); poisoned; scalded; electrocuted; (hit|struck) by a (car|truck|motorbike|bike); choking on",
        without="không_khớp cố_ý mẹ_nói",
    ),
    says(
        "hazard",
        "hazard_still_open",
        "What did it is still as it was.",
        "(chưa|không|ko|chẳng) (có|được|hề có)? (rào|rào chắn|che chắn|lan can|nắp|nắp đậy|đậy|biển báo|lưới|song chắn|che|sửa|ai sửa|lấp); (vẫn|còn) .. (chưa sửa|hở|không nắp|nguy hiểm|để ngỏ|chưa che|trơ)",
        "(no|not|without|isn't|still no|still not) (a|any)? (fence|fenced|cover|covered|railing|guard|barrier|lid|repaired|fixed); still (open|exposed|uncovered|dangerous)",
    ),
    says(
        "injury.told",
        "injury_marks injured",
        "Marks by their look.",
        "phồng rộp; (thâm|tím|bầm) (tím|tay|chân|đùi|lưng|mông|mắt); (cánh tay|tay|chân|lưng|mặt|mắt) .. (thâm|bầm|tím|tím bầm|phồng); sẹo; cào xước; mẻ răng; (phích|nồi|ấm) .. (đổ|dội) .. người; bị bỏng (chân|tay|mặt|ngực); chảy máu (đầu|tay|chân)",
        "(burn|burns|burned) .. (arm|face|leg|hand|back|cigarette|cigarettes); cigarette burns; scar; scars; stitches; bite marks",
    ),
    asks("injury.made", "injury_marks", "A deed that leaves marks.", "(châm|đâm|gí|dí) .. (vào)? (tay|chân|người|mặt)"),
    asks(
        "story.maybe",
        "injury_story_inconsistent",
        "*It fell*, says a child with a swollen face.",
        "(hỏi|hỏi thì) .. (bảo|nói|kêu) (là|tự)? (ngã|té); hỏi .. không nói",
        "says .. (fell|nobody hurt)",
    ),
    asks(
        "life.still",
        "life_threatening_condition",
        "Lies still, limp, feverish, bleeding at the head.",
        "nằm (im|bất động|gục|li bì|lịm); li bì; không nhúc nhích; không nói gì nữa; đầu .. (chảy máu|chay mau); (đầu|mặt) .. máu; (bỏng|phồng rộp) .. (ngực|mặt|người|bụng)",
        "not moving; limp; sleepy; drowsy",
    ),
    says(
        "life.pills",
        "life_threatening_condition suicide self_harm",
        "Tablets were taken.",
        "(đã|vừa|mới) uống .. (viên|vỉ|lọ thuốc|thuốc sâu|thuốc ngủ|thuốc trừ sâu)",
        "(took|taken|swallowed) .. (tablets|pills|overdose)",
        value="plan",
    ),
    asks("newborn.asked", "independently_mobile", "Days old.", "# ngày tuổi; trẻ #31 tháng; mới lọt lòng", "days old"),
    says(
        "accident.told",
        "unintentional_injury",
        "A flask, a pot, a socket.",
        "(bị)? .. (phích nước|nồi|ấm nước|bô xe|ổ điện|canh|cháo) .. (đổ|rơi|bỏng|giật) .. (vào|người|trúng)?",
        "(kettle|pot|pan) .. (fell|spilled|spilt)",
        without="ném bắt tạt hất",
    ),
    asks(
        "accident.asked",
        "unintentional_injury injured",
        "Hurt in sport.",
        "(bị)? (đấm|đá|va|đập) trúng (mặt|đầu|tay|chân)",
        "hurt (in|at|during) .. (training|game|match|football)",
    ),
)
