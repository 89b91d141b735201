"""The routing matrix: which concern belongs to whom. Rows in order; the first that matches leads.

Which reports a row matches is code; order, leads, support and "at every level" are those of the rule table in force,
and as written here in the built-in one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.triage.rules.seats import Seat, commune, province
from services.triage.rules.situation import Situation
from shared.contracts.teams import Function
from shared.contracts.vocabulary import AllegedRole, Concern

FiredIds = frozenset[str]


@dataclass(frozen=True)
class Row:
    """One row, named by its `concern`. `leads` starts with the one who leads; the others of `leads` do so together with it.

    A row `at_every_level` leads at PRIORITY and ROUTINE too, where otherwise the commune's social worker does.
    """

    concern: str
    matches: Callable[[Situation, FiredIds], bool]
    leads: tuple[Seat, ...]
    support: tuple[Seat, ...]
    words: tuple[str, str]
    note: tuple[str, str] | None = None
    at_every_level: bool = False


def _any_concern(situation: Situation, *concerns: Concern) -> bool:
    return not situation.concerns.isdisjoint(concerns)


def _any_rule(fired: FiredIds, *ids: str) -> bool:
    return not fired.isdisjoint(ids)


def _danger(_: Situation, fired: FiredIds) -> bool:
    return _any_rule(fired, "R01", "R02", "R03")


def _institution_or_official(situation: Situation, _: FiredIds) -> bool:
    return not situation.alleged_roles.isdisjoint((AllegedRole.INSTITUTION_STAFF, AllegedRole.OFFICIAL))


def _sexual(situation: Situation, fired: FiredIds) -> bool:
    return _any_concern(situation, Concern.SEXUAL, Concern.ONLINE_SEXUAL) or _any_rule(fired, "R07", "R11", "R19")


def _labour_or_trafficking(situation: Situation, fired: FiredIds) -> bool:
    stated = _any_concern(situation, Concern.LABOUR_EXPLOITATION, Concern.TRAFFICKING)
    return stated or _any_rule(fired, "R09", "R20")


def _physical(situation: Situation, fired: FiredIds) -> bool:
    return _any_concern(situation, Concern.PHYSICAL) or _any_rule(fired, "R08", "R12")


def _neglect(situation: Situation, fired: FiredIds) -> bool:
    stated = _any_concern(situation, Concern.NEGLECT, Concern.ABANDONMENT)
    return stated or _any_rule(fired, "R04", "R05", "R21")


def _suicide(situation: Situation, fired: FiredIds) -> bool:
    return _any_concern(situation, Concern.SELF_HARM) or _any_rule(fired, "R06", "R15")


def _accident(situation: Situation, _: FiredIds) -> bool:
    return _any_concern(situation, Concern.UNINTENTIONAL_INJURY)


def _law_breaking(situation: Situation, _: FiredIds) -> bool:
    return _any_concern(situation, Concern.CHILD_LAW_BREAKING)


def _adult_with_children(situation: Situation, _: FiredIds) -> bool:
    return _adult(situation) and _children_concerned(situation)


def _adult_alone(situation: Situation, _: FiredIds) -> bool:
    return _adult(situation) and not _children_concerned(situation)


def _adult(situation: Situation) -> bool:
    return situation.adult_subject or _any_concern(situation, Concern.DOMESTIC_VIOLENCE_ADULT, Concern.ELDER_ABUSE)


def _children_concerned(situation: Situation) -> bool:
    return not situation.adult_subject or bool(situation.children_in_home)


def _anything(_: Situation, __: FiredIds) -> bool:
    return True


DANGER = Row(
    "danger",
    _danger,
    leads=commune(Function.POLICE),
    support=commune(Function.SOCIAL, Function.HEALTH),
    words=("nguy hiểm ngay, vũ khí hoặc nguy kịch", "danger now, weapon or threat to life"),
    note=(
        "Gọi cấp cứu 115. Người làm công tác bảo vệ trẻ em phụ trách vụ việc.",
        "Call ambulance 115. Social work owns the case.",
    ),
)

INSTITUTION = Row(
    "institution",
    _institution_or_official,
    leads=province(Function.CHILD_PROTECTION),
    support=province(Function.POLICE, Function.EDUCATION, Function.JUSTICE),
    words=("người bị cho là gây hại thuộc cơ sở hoặc cơ quan", "someone of an institution or an official is alleged"),
    note=(
        "Không báo người đó, người thân, cơ sở hay cơ quan của người đó.",
        "Tell nothing to that person, their relatives or their institution.",
    ),
    at_every_level=True,
)

SEXUAL = Row(
    "sexual",
    _sexual,
    leads=province(Function.POLICE) + commune(Function.SOCIAL),
    support=province(Function.HOSPITAL, Function.LEGAL_AID),
    words=("xâm hại tình dục", "sexual harm"),
    note=("Khám tại bệnh viện trong ngày.", "Hospital the same day."),
    at_every_level=True,
)

LABOUR = Row(
    "labour",
    _labour_or_trafficking,
    leads=province(Function.POLICE),
    support=province(Function.LABOUR, Function.SOCIAL),
    words=("bóc lột lao động, mua bán người", "labour exploitation, trafficking"),
    note=("Thẩm quyền thanh tra lao động: cần xác nhận.", "The labour authority is to be confirmed."),
)

PHYSICAL = Row(
    "physical",
    _physical,
    leads=commune(Function.SOCIAL),
    support=province(Function.HOSPITAL) + commune(Function.POLICE, Function.EDUCATION),
    words=("bạo lực thể chất, thương tích ở trẻ nhỏ", "physical harm, infant injury"),
)

NEGLECT = Row(
    "neglect",
    _neglect,
    leads=commune(Function.SOCIAL),
    support=commune(Function.HEALTH, Function.POLICE, Function.JUSTICE),
    words=("bỏ mặc, ở một mình, bỏ rơi", "neglect, alone, abandoned"),
    note=("Công an lập biên bản.", "Police draw up the record."),
)

SUICIDE = Row(
    "suicide",
    _suicide,
    leads=commune(Function.HEALTH),
    support=commune(Function.SOCIAL, Function.EDUCATION) + province(Function.HOSPITAL),
    words=("tự gây hại, tự tử", "suicide, self-harm"),
)

ACCIDENT = Row(
    "accident",
    _accident,
    leads=commune(Function.HEALTH),
    support=commune(Function.SOCIAL, Function.UNIONS),
    words=("tai nạn, thương tích", "unintentional injury"),
)

LAW_BREAKING = Row(
    "law_breaking",
    _law_breaking,
    leads=commune(Function.SOCIAL, Function.POLICE),
    support=commune(Function.JUSTICE, Function.EDUCATION),
    words=("trẻ em vi phạm pháp luật", "child law-breaking"),
)

_ADULT_WORDS = ("nạn nhân người lớn", "adult victim")

ADULT_WITH_CHILDREN = Row(
    "adult_with_children",
    _adult_with_children,
    leads=commune(Function.POLICE, Function.LEADERS),
    support=commune(Function.UNIONS, Function.HEALTH, Function.SOCIAL),
    words=_ADULT_WORDS,
    note=(
        "Người làm công tác bảo vệ trẻ em xem phần của trẻ em liên quan.",
        "The child-protection worker looks after the linked children.",
    ),
)

ADULT = Row(
    "adult",
    _adult_alone,
    leads=commune(Function.POLICE, Function.LEADERS),
    support=commune(Function.UNIONS, Function.HEALTH),
    words=_ADULT_WORDS,
)

ANYTHING_ELSE = Row(
    "anything_else",
    _anything,
    leads=commune(Function.SOCIAL),
    support=commune(Function.HEALTH, Function.EDUCATION),
    words=("lo ngại khác hoặc chưa rõ", "another concern, or none stated"),
)

CONCERN_ROWS: tuple[Row, ...] = (
    DANGER,
    INSTITUTION,
    SEXUAL,
    LABOUR,
    PHYSICAL,
    NEGLECT,
    SUICIDE,
    ACCIDENT,
    LAW_BREAKING,
    ADULT_WITH_CHILDREN,
    ADULT,
)
"""The rows for a concern, in order; the two for an adult victim never match together."""


MATRIX: tuple[Row, ...] = (*CONCERN_ROWS, ANYTHING_ELSE)
"""Every row of the built-in matrix, in order."""


def matching(situation: Situation, fired: FiredIds, matrix: tuple[Row, ...] = MATRIX) -> tuple[Row, ...]:
    """Return the rows that match, in order: at least one, the last row of the matrix only when no other does."""
    rows = tuple(row for row in matrix[:-1] if row.matches(situation, fired))
    return rows or matrix[-1:]
