"""What a row of the hint table is, and the groups of words that its phrases name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Concern, Suicide, When

YES: Final = "yes"


class Kind(StrEnum):
    """How sure a hint is. None ever says no."""

    SUGGESTS = "suggests"
    """The text says so; a person may take it over."""
    ASKS = "asks"
    """The text raises the question; a person asks it."""


@dataclass(frozen=True)
class Rule:
    """Phrases of which any hints at each of `targets` (names of facts and concerns).

    `value` is the answer that is suggested; empty: the rule only asks. `why` is the reason, for whoever reviews the
    table. `vi` and `en` are phrases as `hint_phrases` reads them, one after a semicolon. A word of `without` inside
    what was found means something else. `near` names a concern that must be hinted at in the same or the next
    sentence, `any` for whichever. `over` tells that it was so and is no more.
    """

    id: str
    targets: tuple[str, ...]
    value: str
    why: str
    vi: str = ""
    en: str = ""
    without: str = ""
    near: str = ""
    over: bool = False

    def value_of(self, target: str) -> str:
        """Return what the rule suggests about one of its targets; empty when it only asks."""
        return self.value if not self.value or self.value in VALUES[target] else YES

    @property
    def kind(self) -> Kind:
        """Tell whether the rule suggests or only asks."""
        return Kind.SUGGESTS if self.value else Kind.ASKS


def says(id_: str, targets: str, why: str, vi: str = "", en: str = "", *, without: str = "", value: str = YES) -> Rule:
    """Return a rule that suggests `value`."""
    return Rule(id_, tuple(targets.split()), value, why, vi, en, without)


def asks(
    id_: str, targets: str, why: str, vi: str = "", en: str = "", *, without: str = "", over: bool = False
) -> Rule:
    """Return a rule that asks."""
    return Rule(id_, tuple(targets.split()), "", why, vi, en, without, over=over)


REASSURING: Final = frozenset({"with_safe_adult", "independently_mobile", "information_request_only"})
"""Facts whose yes can only calm: the text may ask them, never suggest them."""

VALUES: Final[dict[str, frozenset[str]]] = {
    **{name: frozenset({YES}) for name in YES_NO_FACTS if name not in REASSURING},
    **{concern.value: frozenset({YES}) for concern in Concern if concern is not Concern.OTHER},
    "suicide": frozenset({Suicide.PLAN.value, Suicide.THOUGHTS.value}),
    "when": frozenset({When.WITHIN_30_DAYS.value}),
}
"""What may be suggested of each target: nothing that calms, so over 30 days ago and none are not among them."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(words.split("|"))
    for name, words in {
        "child": (
            "con|cháu|bé|em|trẻ|nó|tôi|mình|tụi em|tụi cháu|chúng em|bọn trẻ|lũ trẻ|các cháu|các em|con bé|thằng bé|"
            "đứa bé|đứa nhỏ|thằng nhỏ|con nhỏ|em bé|trẻ em|trẻ con|cháu bé|cháu gái|cháu trai|con gái|con trai|con cái|"
            "con tôi|bé gái|bé trai|học sinh|đứa trẻ|hai đứa|mấy đứa|mấy đứa trẻ|tao|tớ|hai chị em|hai anh em"
        ),
        "adult": (
            "bố|ba|cha|mẹ|má|bố mẹ|ba mẹ|cha mẹ|dì|chú|bác|cậu|mợ|cô|thầy|cô giáo|thầy giáo|ông|bà|ông nội|bà nội|"
            "bố dượng|cha dượng|dượng|mẹ kế|dì ghẻ|hắn|nó|anh|chị|anh trai|người ta|ông ấy|ông ta|bố nó|mẹ nó|chủ|ông chủ|"
            "bà chủ|bảo mẫu|cậu ruột|chú ruột|chú họ|hàng xóm"
        ),
        "hit": (
            "đánh|tát|đấm|quất|vụt|đạp|đánh đập|đấm đá|bạt tai|hành hạ|bạo hành|đánh đòn|tẩn|nện|quật|véo|cắn|"
            "dúi đầu|bóp cổ|giật tóc|túm tóc|đá|đập|phang|uýnh|oánh|quánh|bợp|thụi|nhéo|cấu|xô|dìm|đánh mắng|hành hung|tra tấn"
        ),
        "object": (
            "roi|gậy|thắt lưng|dây nịt|dây lưng|dây điện|dây sạc|dép|chổi|cán chổi|thước|cây|ống nước|ống nhựa|gạch|chai|"
            "điếu cày|đòn gánh|ghế|mắc áo|móc áo|thanh sắt|dây thừng|xích|bàn là|búa|gậy gỗ|que|gậy sắt|tay cầm|gót giày|"
            "đũa cả|cán dao|mũ bảo hiểm|roi mây|roi điện|khúc gỗ|khúc cây|kim|kim khâu|ly|bát|đĩa|thước kẻ|nồi|mảnh chai|cái roi|cái gậy|cây roi|cây gậy"
        ),
        "often": "hay|lại|suốt|toàn|thường|thường xuyên|liên tục|cứ|vẫn|hoài|luôn|còn|đã|mới|vừa|đang",
        "weapon": "dao|mã tấu|súng|kiếm|rìu|búa|kéo|dao rựa|con dao|cây dao|dao phay|dao bầu|mác|xăng|phóng lợn",
        "private": (
            "chỗ kín|vùng kín|ngực|mông|đùi|bộ phận sinh dục|người|vùng nhạy cảm|chim|chỗ nhạy cảm|trong quần|"
            "trong áo|chỗ đó"
        ),
        "him": "her|him|me|us|them|the child|the boy|the girl|my son|my daughter|the kids|the baby|his son|his daughter|"
        "her son|her daughter|my brother|my sister|children|kids|the children",
        "hits": "hit|hits|hitting|beat|beats|beating|beaten|slap|slaps|slapped|punch|punches|punched|kick|kicks|kicked|"
        "whipped|whips|burned|burnt|burns|shoves|shoved|pushes|pushed|drags|dragged|throws|threw|strangled|hurts",
        "hisbody": "back|arm|arms|leg|legs|face|body|head|neck|cheek|ear|ears",
    }.items()
}
