"""Rows of the hint table: violence: blows, weapons, threats and being held."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

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
    asks(
        "physical.over",
        "physical",
        "Blows that are said to be over did fall; ask when.",
        "(hết|thôi|ngừng|đỡ|bớt) (bị)? <hit>; không còn (bị|hay)? <hit>; không còn ai <hit>",
        "no longer <hits>; stopped <hits>",
        over=True,
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
        "physical.told",
        "physical",
        "Blows and torments by their own verbs.",
        "(lấy|cầm|dùng|quơ) .. <object> .. (châm|đâm|gí|dí|quật|phang|ném|chọc); (ném|quăng|phang) .. (vào)? (đầu|mặt|người|lưng) (con|cháu|em|bé|trẻ|thằng|nó); (ném|quăng) .. vào (đầu|mặt|người) <child>;"
        "(nhồi|nhét) .. (thức ăn|cơm|cháo|giẻ) .. (bịt mũi|vào mồm|vào miệng|trẻ|bé|cháu)?; bịt mũi; dốc ngược; (dìm|nhấn) .. (nước|đầu); bẻ (tay|ngón tay); véo (tai|má|đùi); thừa sống thiếu chết; (đánh|đòn) như cơm bữa; cầm <object> (phang|đánh|quất|vụt)",
        "(burns|burned|burnt|hurts|beats) <him> with; force (fed|feeds|feeding); (held|holds|holding) .. under water; (pulls|pulled|pulling) (her|his|my) (hair|ears)",
        without="vợ chồng",
    ),
    says(
        "implement.told",
        "implement_used",
        "The object is named with the deed.",
        "(lấy|cầm|dùng|quơ|xách) .. <object> .. (châm|đâm|gí|dí|quật|phang|ném|chọc|đánh|quất|vụt|đập); cầm <object> (phang|đánh|quất|vụt|ném|đập); (ném|quăng) .. (ghế|ly|bát|dép|chai|gạch|đĩa)",
        "(burns|burned|burnt) .. with cigarettes; with (cigarettes|sticks|belts|cables)",
    ),
    asks(
        "physical.signs",
        "physical",
        "Marks of a child, or a lie about them, may come of blows.",
        "(mắt|mặt|môi) sưng (húp|vù|tím); hỏi thì .. (bảo|nói) (là)? (ngã|té); ép uống; (phá|đạp|đập) cửa",
        "cigarette burns; says nobody hurt",
    ),
    says(
        "danger.told",
        "danger_now",
        "At the door, with a blade, now.",
        "đang (phá|đập|đạp|xông) .. (cửa|vào nhà); (cầm|vác|xách) (dao|búa|rựa|gậy) .. (đòi|đuổi|chém|rượt|đâm); đang (bấm|gọi) 113; đang (rượt|lùng|tìm) (em|cháu|mẹ|con)",
        "(is|are) (breaking|kicking|banging) .. door; (he|she) has (a|the) (knife|gun)",
    ),
    asks(
        "danger.asked",
        "danger_now",
        "Somebody says goodbye, or was dragged off.",
        "(lời|nhắn) tạm biệt; sẽ (nhảy|tự tử|chết); kéo .. lên xe; lôi .. lên xe",
        "(dragging|dragged|pulling|pulled|forcing) .. (into|car|van)",
    ),
    says(
        "threat.told",
        "threat_to_flee_silence_or_retaliate",
        "Do this, or else; secrets; never to see the child again.",
        "(không|ko|k|nếu không|chứ không) thì (gửi|tung|đăng|up|giết|đánh|cho cả|méc|lan truyền); (là|giữ|chuyện) bí mật (của)?; (đe dọa|dọa|đe|đòi) .. (gửi|tung|đăng|up|đưa lên) .. (clip|ảnh|hình|video|cho|mạng|bố mẹ)?; nếu chia tay; (đòi|tống) .. (triệu|tiền|tr|5tr) .. (không thì|ko thì|gửi|đăng); không bao giờ gặp lại con",
        "never see (her|him|them|the kids|the children|your|my) .. (again)?; or else; our (little)? secret",
    ),
)
