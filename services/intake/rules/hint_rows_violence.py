"""Rows of the hint table: violence, injuries and the objects, places and threats that go with them."""

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
    says(
        "physical.hit",
        "physical",
        "A child is said to be hit; *đánh* alone may be cards, teeth, fish.",
        "bị (<adult>|bố dượng|mẹ kế)? (<often>)? (<hit>); bị .. (đánh|tát|đấm|quất|vụt|đập đầu|đánh đập|hành hạ|bạo hành);"
        "<adult> <often>? <hit> <child>; (<hit>) (<child>) .. (bằng|thâm|tím|chảy máu|gãy|bầm|mỗi|suốt|tàn nhẫn|dã man);"
        "(cầm|lấy|dùng) <object> .. (đánh|quất|vụt|phang|đập|tát) <child>; đánh .. bằng <object>; đánh đập (con|cháu|em|bé|trẻ|dã man)?;"
        "đánh <child> <often>?; (tát|đấm|quất|vụt|đạp|nện|tẩn) <child>; (tát|đánh|nhốt) .. trẻ; bạo hành (con|cháu|em|bé|trẻ|trẻ em);"
        "bắt quỳ; (dội|tạt) .. nước sôi; dí .. (tàn thuốc|thuốc lá|bàn là) ; châm thuốc; trói (con|cháu|em|bé|trẻ|chân|tay|vào);"
        "bị .. trói; bạo lực thể chất; ăn đòn; no đòn; trận đòn; đòn roi; đánh tới tấp; nhéo .. tím",
        "(<hits>) <him>; (was|been|being|is|gets|got|were) (<hits>); physically abused; physical abuse; (<hits>) .. with (a|the|his|her);"
        "(smacks|smacked|spanked|thrashed|choked|shook|shaken|throws|threw) <him>; beat <him> up; beats <him> up",
        without="chồng muỗi cửa đồ chồng con_dâu bóng bạn_trai lớp nhóm hội nhau bà_cụ ông_cụ điện",
    ),
    asks(
        "physical.maybe",
        "physical",
        "Blows are told of or feared, but not at whom.",
        "~đấm; ~đâm; ăn đòn; đánh hội đồng; đánh nhau; (sẽ|sợ|dọa) .. (đánh|đập|giết); bạo lực; sợ .. đánh",
        "violence; violent; abused; abuse; abusing",
        without="mạng mẹ vợ",
    ),
    says(
        "implement.object",
        "implement_used",
        "Something was used to hit or burn.",
        "(đánh|quất|vụt|đập|phang|tát|đánh đập) .. bằng .. <object>; bằng <object>; (cầm|lấy|dùng|vác) <object> .. (đánh|quất|vụt|phang|đập);"
        "(quất|vụt|phang) .. <object>; dí .. (tàn thuốc|thuốc lá|bàn là); (châm|gí) .. thuốc; cầm .. (thắt lưng|roi|gậy|dây điện);"
        "(đánh|bị) .. (bằng roi|roi điện|đòn gánh)",
        "with (a|his|her|the) (belt|stick|cable|rod|cane|whip|hammer|bottle|pan|iron|shoe|slipper|bat|wire|cord|cigarette|ruler)",
    ),
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
    asks("physical.story", "physical", "A wound that nobody can explain may be a blow.", _STORY_VI, _STORY_EN),
    asks(
        "physical.over",
        "physical",
        "Blows that are said to be over did fall; ask when.",
        "(hết|thôi|ngừng|đỡ|bớt) (bị)? <hit>; không còn (bị|hay)? <hit>; không còn ai <hit>",
        "no longer <hits>; stopped <hits>",
        over=True,
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
        "danger.now",
        "danger_now",
        "Violence in progress.",
        "(đang|đương) (bị)? .. (đánh|đập|chém|đuổi|hành hạ|bóp cổ|tra tấn); đang (cầm|lăm lăm|vác) .. <weapon>; (đang|giờ|lúc này|bây giờ) .. kêu cứu; đang .. đuổi .. (con|cháu|em|vợ|bé|chém|đánh); say cầm dao;"
        "cầm dao .. (đuổi|chém|rượt|dí); sắp (giết|đánh|chém|đâm) .. (em|cháu|con|bé|tôi|mẹ); nó đang (tới|đến|phá cửa|đập cửa|ở ngoài cửa); đang (phá|đập|chém) cửa",
        "right now .. (<hits>|screaming|attacking|danger); (is|are) (hitting|beating|attacking|strangling|stabbing) <him>; (is|are) .. attacking; coming to (get|kill) (me|us|her|him); breaking (down)? the door;"
        "in danger (now|right now|tonight); happening (now|right now); screaming (right)? now",
    ),
    asks(
        "danger.maybe",
        "danger_now",
        "Somebody calls for help, hides or fears the coming hours.",
        "cứu (em|cháu|con|với|tôi|bé|mình); kêu cứu; (đang|phải) trốn; trốn (bên|trong|ở|sang|dưới); (tối|đêm|chiều|lát|chút) nay .. (về|đánh|giết|đến); khóc (thét|la|rất to|to); nghe .. (tiếng|thấy) .. (khóc|hét|la|đập|đổ vỡ);"
        "(sẽ|dọa|đòi|sắp) (đánh|giết|chém|đâm|đốt); đang nguy hiểm; chưa gọi được; đập (đồ|phá|cửa); gào (thét|khóc); (không|ko) dám về",
        "help (me|us|her|him); please help; hiding; (screaming|crying|screams|shouting); (he|she) is (coming|drunk); came back; dangerous; scared; (will|going to) (kill|hit|beat|hurt); threatens; threatened",
        without="dưới",
    ),
    says(
        "weapon",
        "weapon_strangling_or_death_threat",
        "Weapon, hands at the neck, or a threat to kill.",
        "(cầm|vác|lăm lăm|rút|lấy|dùng|dí|kề) .. <weapon> .. (đuổi|dọa|chém|đâm|vào|dí|đòi|rượt|cổ); (cầm|vác|rút|lăm lăm) (con)? (dao|súng|kiếm|mã tấu|rìu|rựa|dao bầu); (bóp|siết|thắt|chẹt|ghì) cổ;"
        "(dọa|đòi|bảo|nói|thề) .. giết; giết (cả nhà|hết|chết|con|cháu|em|mẹ|cả|bọn); đốt nhà; (chém|đâm) (chết|vào|nhau|mẹ|bố|vợ|con|người|em|cháu); bị .. (chém|~đâm); (tẩm|đổ|tưới) xăng; cho .. chết",
        "knife; knives; gun; machete; axe; (strangled|strangles|strangling|choked|choking|chokes); (would|will|to|gonna) kill (me|us|her|him|them|the|my|everyone|you); death (threat|threats); stabbed; kill us; hands around .. neck; throttled",
        without="ảnh thuốc nhịn ăn",
    ),
    asks(
        "weapon.maybe",
        "weapon_strangling_or_death_threat",
        "Unaccented *dam* is đâm, đấm or dâm; *ban* is bắn, bán or bạn.",
        "~đâm; ~chém; bị bắn; dọa (chém|đánh|xử|đâm); ~súng",
        "weapon; weapons; threatened to hurt",
    ),
    asks(
        "plain.dam",
        "physical sexual",
        "As above: the same three letters may be a blow or a sexual act.",
        "=~đấm; =~dâm",
    ),
    says(
        "locked",
        "locked_in_or_dangerous_place_now",
        "Locked in, tied or trapped.",
        "bị .. (nhốt|giam|xích|khóa trái|khóa cửa nhốt); (nhốt|giam|xích) (em|cháu|con|bé|trẻ|nó|trong|ở|vào|giữ|lại|kín|cả|hai|ba); (khóa|khoá) (trái)? (cửa|trái|ngoài|nhà); cửa khóa (ngoài|trái|kín)?; khóa ngoài; kẹt (trong|ở|lại); mắc kẹt;"
        "trói .. (giường|cột|chân|ghế|nhà|cửa); bị .. trói; không (cho)? ra (khỏi)? (được|phòng|nhà|ngoài); không cho ra; giam lỏng; không thoát ra được",
        "locked (in|inside|up|her|him|them|me|the|away|out); (tied|chained) (up|to|down|him|her); trapped; (lock|locks) (her|him|me|them|the|us) (in|up|inside|child|kids)?; cannot get out; can't get out; not allowed (out|to leave)",
        without="xe bài",
    ),
    says(
        "threat.silence",
        "threat_to_flee_silence_or_retaliate",
        "Somebody silences, threatens revenge or to take the child away.",
        "(không|cấm|đừng|ko) (được|cho|có)? (kể|nói|mách|khai|báo) .. (với|ra|ai|cho|công an|mẹ|bố|người); (dọa|bảo|nói) .. (nói ra|kể ra|mách|kể với|kể cho|khai ra|báo công an|nói với) .. (giết|đánh|chết|biết tay)?;"
        "nếu (nói|kể|mách|báo|khai) .. (giết|đánh|chết|tung|đuổi|biết tay); bắt (im|im lặng|giữ bí mật|giấu); giữ bí mật; (dọa|đe|đòi) .. (tung|đăng|phát tán|trả thù|đưa .. đi|mang .. đi|bắt .. đi|bỏ trốn|trốn|mất dấu); dọa (đưa|mang|bắt);"
        "không thì tung; trả thù; bịt (miệng|mồm)",
        "(if|not to|don't|never) (she|he|i|we|they|to)? (tell|tells|told|talked|talk|talks|say|says|speak|spoke) (anyone|anybody|mum|mom|police|about)?; keep (it)? (a)? (secret|quiet); our secret; threatened to (post|share|leak|take|run|send);"
        "(will|would|threatens to|going to) (post|share|leak) .. (photo|photos|pictures|video|them); revenge; (take|taking) .. (abroad|away) .. (never|if)",
        without="dám muốn biết thể",
    ),
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
)
