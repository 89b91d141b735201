"""Expressions whose words mean harm elsewhere and not here, and the words by which a text denies, doubts or ends."""

from __future__ import annotations

from typing import Final


def listed(text: str, separator: str | None) -> tuple[str, ...]:
    """Return the words of a text; separator null is white space."""
    return tuple(text.split(separator))


HARMLESS: Final = """
đánh (bài|răng|giày|máy|vần|giá|dấu|thức|mất|rơi|cờ|bóng|cầu|đàn|trống|thuế|bắt|son|phấn|số|lô|đề|vảy|trứng|bạc|cá|chén|
máy tính|đu|liều|đổi|trận|bi|bida|tá lả|phỏm|tiến lên|golf|vi tính|văn bản|lừa|đố|tiếng|thắng|lưới|hơi|lạc|bay);
đá (bóng|banh|cầu|phạt|gà); bị muỗi đốt; muỗi (đốt|cắn); kiến cắn;
bán (bánh|hàng|rau|cá|thịt|buôn|nước|cơm|phở|đồ|nhà|xe|lúa|bún|trái cây|kem|trà|bảo hiểm);
(buôn|mua|đi|em|chị|mẹ) bán hàng; buôn bán (nhỏ|ở|ngoài);
bạn (bè|thân|cùng lớp|học); đám (cưới|hỏi|giỗ|ma|tang|bạn|đông|mây); tiệc cưới; ảnh cưới;
cắt (tóc|móng|cỏ|lúa|giảm); bỏ (qua|học|phiếu|túi|vào|thuốc lá|rượu|công|sức|phí|tiền);
giết thời gian; giết (gà|lợn|mổ); bắn (súng|cung|game|bi|pháo|chim|tin|tiền); game bắn súng; súng (nước|đồ chơi);
chết (cười|mê|mệt|tiền|máy|pin|dở); cười chết; buồn (ngủ|cười); đói bụng rồi; trói gà; cắn (hạt|móng);
dao (động|cạo|thớt|kéo bán); ngã (ba|tư|giá|năm|sáu|bảy); bóng đá; đập (hộp|đá|lúa|thủy điện|trứng);
dọa ma; bỏng ngô; bỏng (gạo|nước chấm); cháy (túi|hàng|máy); chìm đắm; hôn (nhân|lễ|phu|thê); ly hôn; kết hôn giả;
tự tin; sợ (ma|chó|độ cao|bóng tối|nước|điểm kém|thi); đau (bụng kinh|răng|lòng|đầu vì học)
""".replace("\n", " ")
"""Vietnamese compounds: what they hold is not read as anything else."""

HARMLESS_EN: Final = """
beat (the|a) (game|record|team|level|traffic); beats up the eggs; hit (the|a) (ball|road|books|target|song|game);
kick (the|a) ball; kicked (the|a) ball; dying to (see|know|go|meet); to die for; cut (her|his|my|the) (hair|nails|grass);
beaten eggs; touch (screen|base); left handed; shooting (game|games|star); killing time; kill time;
scared of (dogs|the dark|spiders|heights)
""".replace("\n", " ")

DENIALS: Final = frozenset({"không", "chẳng", "chả", "đâu có", "chưa", "đừng", "chớ", "khỏi"})
"""A phrase that follows, with nothing but the words of `CARRIERS` between, is denied."""

ENDINGS: Final = frozenset({"hết", "thôi", "ngừng", "ngưng", "đỡ", "dừng", "không còn", "bớt", "thôi không"})
"""It was so and is said to be over: the phrase only asks."""

CLEAR_WITHOUT_MARKS: Final = frozenset({"khong", "cha co", "khong con"})
"""Of the words above, those that mean the same without marks; the others (chùa, hét, dùng) then only make it ask."""

CARRIERS: Final = frozenset(
    listed(
        """có bị được đã vừa mới cụ dâu rể trai gái già ai hề từng bao giờ thấy phải còn nào gì là ai dấu hiệu vết chuyện việc người nào đó hay cho
    cháu con em bé nó tôi mình trẻ bố mẹ ba má cha ông bà anh chị cô chú bác thầy chồng vợ dượng cậu dì
    lần một ai đến mức để từ trước tới giờ thương tích tình trạng hành vi bạn cũng đi ra lại thường
    kế ghẻ hàng xóm ấy ta nhà trường lớp giáo""",
        None,
    )
)

DENIALS_EN: Final = frozenset(
    listed(
        "not never no nobody none neither nor without cannot denies denied deny noone hardly isnt wasnt didnt doesnt",
        None,
    )
)
ENDINGS_EN: Final = frozenset({"no longer", "stopped", "stops", "anymore", "used to"})
CARRIERS_EN: Final = frozenset(
    listed(
        """been being ever was is are were a an any anyone anybody one by him her them me us to be the has have had get got
    getting really my his their he she they it father mother dad mum mom parents stepfather uncle teacher that there
    ever of sign signs evidence or and would being child boy girl kids did does do""",
        None,
    )
)

NOT_DENYING_AFTER: Final = frozenset(
    listed("những chỉ ngừng ngớt ít riêng only just may chừng thể chịu nổi dám biết rõ chắc nhớ đi học", None)
)
"""After a word of denial: *không những*, *không ngừng*, *not only* deny nothing of what follows."""

DOUBT_WORDS: Final = listed(
    "nếu|lỡ|nhỡ|giả sử|sợ|lo|tưởng|suýt|định|dọa|đòi|sắp|sẽ|có lẽ|có thể|không biết|không rõ|chưa rõ|chưa biết|"
    "chẳng biết|hỏi|xem",
    "|",
)
DOUBT_WORDS_EN: Final = listed(
    "if|might|may|maybe|could|would|will|afraid|afraid of|worried|fear|fears|scared of|almost|whether|asked if|nearly",
    "|",
)
"""A phrase after one of these is feared, threatened or asked, not told: it only asks."""
