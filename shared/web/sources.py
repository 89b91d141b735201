"""Where the rules come from, in words a person can look up."""

from __future__ import annotations

from shared.web.words import Words

PRACTICE = "m"
"""Common professional knowledge, to be confirmed by the province."""

PROPOSAL = "p"
"""A proposal of this project."""

SOURCES: dict[str, Words] = {
    "S2": Words("Luật Phòng, chống mua bán người 53/2024 [S2]", "Anti-trafficking Law 53/2024 [S2]"),
    "S3": Words("Luật Trẻ em 2016 Điều 50 [S3]", "Children Law 2016 Art. 50 [S3]"),
    "S4": Words("NĐ 56/2017 Điều 25 [S4]", "Decree 56/2017 Art. 25 [S4]"),
    "S5": Words("NĐ 56/2017 Điều 26 [S5]", "Decree 56/2017 Art. 26 [S5]"),
    "S9": Words("Mẫu số 06, NĐ 56/2017 [S9]", "Form 06, Decree 56/2017 [S9]"),
    "S15": Words("Quy định về lập biên bản khi trẻ bị bỏ rơi [S15]", "Rules on the record of an abandoned child [S15]"),
    "S16": Words(
        "Luật Phòng, chống bạo lực gia đình 2022 Điều 19, NĐ 76/2023 Điều 7 [S16]",
        "Domestic Violence Law 2022 Art. 19, Decree 76/2023 Art. 7 [S16]",
    ),
    "S24": Words(
        "Câu hỏi của Los Angeles: thương tích, tiếp cận, an toàn [S24]",
        "Los Angeles: injuries, access, safe now [S24]",
    ),
    "S27": Words("Tài liệu nghiệp vụ 123doc 971921 [S27]", "Practice document 123doc 971921 [S27]"),
    "S28": Words("TEN-4-FACESp, JAMA Netw Open 2021 [S28]", "TEN-4-FACESp, JAMA Netw Open 2021 [S28]"),
    "S29": Words(
        "Hướng dẫn tại Anh, Scotland về vết bầm ở trẻ chưa tự di chuyển [S29]",
        "British guidance on bruises in children not mobile [S29]",
    ),
    "S30": Words(
        "WHO 2017: chăm sóc y tế trong 72 và 120 giờ [S30]", "WHO 2017: medical care within 72 and 120 h [S30]"
    ),
    "S31": Words("Bộ luật Lao động 2019 Điều 143 [S31]", "Labour Code 2019 Art. 143 [S31]"),
    PRACTICE: Words("kinh nghiệm chuyên môn, cần xác nhận", "professional experience, to be confirmed"),
    PROPOSAL: Words("đề xuất của dự án", "a proposal of this project"),
}


def readable_source(source: str, locale: str) -> str:
    """Write out a source as a fired rule cites it (`S5, m`); a source that nobody listed stays as it is."""
    marks = [mark.strip() for mark in source.split(",")]
    return "; ".join(SOURCES[mark].text(locale) if mark in SOURCES else mark for mark in marks)
