"""Rows of the hint table: sexual harm, also through a screen."""

from __future__ import annotations

from typing import Final

from services.intake.rules.hint_rule import Rule, asks, says

ROWS: Final[tuple[Rule, ...]] = (
    says(
        "sexual.act",
        "sexual",
        "A sexual act or touch is named.",
        "xâm hại tình dục; (bị|đã) .. xâm hại; lạm dụng tình dục; quấy rối tình dục; bạo lực tình dục; hiếp (dâm)?; hãm hiếp; cưỡng (hiếp|dâm|bức); ~dâm ô; ~dâm dục; sàm sỡ; giao cấu; loạn luân;"
        "(sờ|mò|đụng|chạm|bóp|rờ|vuốt|thò tay|xoa) .. (vào)? <private>; sờ (soạng|mó|ngực|mông|đùi|lung tung); (ôm hôn|hôn) (em|cháu|con|bé|môi|vào|lên|trẻ)?; (cởi|tụt|lột|vạch) (quần|áo|đồ|váy|hết); bắt .. (cởi|sờ|thủ dâm|bú|xem phim sex|quan hệ);"
        "(ép|bắt|cưỡng ép|dụ) .. quan hệ (tình dục)?; quan hệ tình dục; đồi bại; làm (chuyện|trò) (người lớn|đó|bậy|bậy bạ|đồi bại|ấy|vợ chồng); (làm nhục|thủ dâm|kích dục); mại dâm; bán dâm; giở trò; nằm đè lên",
        "(touched|touches|touching|groped|gropes|fondled|raped|rape|rapes|molested|molests|molesting) (my|the|her|him|me|us|a|his|by|their)?; sexually (abused|assaulted|touched|harassed|abusing); sexual (abuse|assault|contact); private parts; had sex;"
        "(makes|made|forces|forced) .. (undress|touch|sex|naked|take off); incest; (kissed|kisses|kissing) (her|him|me|my); inappropriately; prostitution",
        without="bạn_trai đồ_chơi",
    ),
    asks(
        "sexual.maybe",
        "sexual",
        "May be sexual; ask gently.",
        "~dâm; ~quan hệ với; xâm hại; (sống|ở) chung .. vợ chồng; tiền án .. dâm; rủ .. vào (phòng|khách sạn|nhà nghỉ); nhà nghỉ; khách sạn; ngủ (chung|với) (chú|bác|ông|thầy|anh|bố dượng|dượng); biến thái; gạ gẫm; gạ tình; nhìn trộm .. tắm; rình .. tắm",
        "touches; creepy; slept with; sleeps with; boyfriend; pervert; watching (her|me|him) (shower|bathe|undress)",
        without="đất",
    ),
    says(
        "online",
        "online_sexual",
        "Sexual pictures or pressure through a phone or the net.",
        "(gửi|chụp|quay|giữ|tung|đăng|phát tán|lộ|có|đòi|xin|xem|cho xem) .. (ảnh|clip|video|hình) .. (nóng|nhạy cảm|riêng tư|khỏa thân|không mặc|không mặc áo|không mặc đồ|cởi|hở|sex|kín|nude); (ảnh|clip|video|hình) (nóng|nhạy cảm|sex|khỏa thân|nude|riêng tư|không mặc);"
        "chat sex; sextortion; tống tình; gửi .. (bộ phận sinh dục|chỗ kín); dọa tung (ảnh|clip|video|hình); (bắt|ép|dụ) .. (livestream|gọi video|bật camera|bật cam) .. (cởi|khỏa thân|không mặc)?",
        "(naked|nude|nudes|sexual|intimate|explicit|private) (photo|photos|pictures|picture|images|pics|video|videos|selfie|selfies)?  .. (online|send|sent|post|share|leak|asked|photo|pictures|photos|video|pics); sextortion; sexting; nudes; asked .. for (nudes|naked)",
    ),
    says(
        "online.material",
        "online_sexual_material",
        "Pictures, clips or messages of that kind exist or are asked for.",
        "(ảnh|clip|video|hình|tin nhắn) .. (nóng|nhạy cảm|riêng tư|khỏa thân|không mặc|cởi|sex|kín|nude|tục tĩu|khiêu dâm); (gửi|chụp|quay) .. (ảnh|hình|clip|video) .. (không mặc|cởi|kín|nhạy cảm|khỏa thân|tắm); (phim|web) (sex|đen|khiêu dâm|cấp ba)",
        "(naked|nude|sexual|intimate|explicit) (photo|photos|pictures|picture|images|pics|video|videos|messages); nudes; sexting; porn; pornography",
    ),
    asks(
        "online.maybe",
        "online_sexual online_sexual_material",
        "Pictures and pressure, not said to be sexual.",
        "(gửi|tung|đăng|bắt gửi|đòi) .. (ảnh|clip|hình|video) .. (em|cháu|con|bé|mạng)?; người lạ .. nhắn tin; quen .. trên mạng .. (gặp|ảnh|tiền)",
        "(met|meet|stranger|man) .. online; send .. (photos|pictures|pics)",
        without="cho_cô đánh",
    ),
    says(
        "online.meeting",
        "meeting_within_24_hours",
        "A meeting with somebody from the net within a day.",
        "(gặp|hẹn gặp|hẹn|đi gặp|rủ) .. (tối nay|chiều nay|hôm nay|sáng mai|ngày mai|mai|đêm nay|lát nữa|trưa nay|tối mai|tí nữa|chút nữa); (tối nay|chiều nay|ngày mai|mai|sáng mai|đêm nay|trưa nay) .. (gặp|hẹn|đón) .. (anh|chú|bạn|người|nó|em|cháu|ông)",
        "(meet|meeting|see) .. (tonight|tomorrow|today|this evening|this afternoon|in an hour)",
        without="công_an bác_sĩ cô_giáo luật_sư",
    ),
    says(
        "sexual.told",
        "sexual",
        "Hands, clothes, beds.",
        "(thò|luồn|đưa) tay .. (vào|trong) .. (quần|áo|người|váy); (kéo|tuột|vén|vạch) .. (áo tắm|quần|áo|váy) .. (cháu|em|con|bé|xuống|lên)?; (bắt|ép|dụ|bảo) .. (sờ|cầm|mút|hôn|bú|nằm chung|xem phim) .. (người|chỗ|của|hắn|anh|chú|ông)?; trần truồng; (leo|chui|trèo) .. (lên|vào) (giường|mùng|chăn|màn) .. (em|cháu|con|với)?; cho kẹo rồi .. (sờ|ôm|hôn|thò)",
        "(pulled|pulls|pulling) down (her|his|my); (climbs|climbed|gets|got) into (my|her|his) bed; (makes|made) (me|her|him) touch",
        without="rửa",
    ),
    asks(
        "sexual.signs",
        "sexual",
        "A man in her room at night, filming in the bath, a pregnant child.",
        "(vào|mò vào|lẻn vào) phòng (em|cháu|con|bé|cháu gái); (tối|đêm) nào .. vào phòng; (chụp|quay) (lén|len|trộm); lúc (tắm|thay đồ); (trẻ|bé|em|cháu) .. #16 tuổi .. (sinh con|có thai|có bầu|đẻ)",
        "(comes|came|goes) (in|into) (my|her|his) room; (filmed|filming|recorded) .. (shower|bath|changing)",
    ),
    says(
        "online.told",
        "online_sexual online_sexual_material",
        "Taken secretly, or unclothed.",
        "(chụp|quay) (lén|trộm) .. (tắm|thay đồ|cởi)?; (ảnh|hình|clip) .. (không|k|ko) mặc (đồ|áo|quần|gì)?; (gửi|lỡ gửi) .. (ảnh|hình|clip) .. (không|k|ko) mặc; clip (riêng tư|nóng|nhạy cảm)",
        "(filmed|recorded|photographed) .. (naked|shower|changing|undressing)",
    ),
)
