"""Whether a rule table may be put into force: what would break a promise of the rules is refused, field by field.

The promise that matters most is the floor: turning a reassuring answer into unknown never lowers a level. A level is the
gravest of the rules that fire, so the floor can break only where an unknown answer stops a rule, or starts one that takes
the place of a fallback:

- R24 is the only rule that an unknown answer stops. R23 fires wherever R24 does and goes on firing, so it must be read and
  must not be milder.
- R31 stops as soon as something is unknown, and then R32 fires or a rule does that the unknown answer started. So R31 is
  not graver than R32, and R32 not graver than any other rule that sets a level.
- R32 stops when such a rule starts, which by the same order is not milder.
- R27 gives its graver level without a safe adult, so that level is not the milder one.
- R08 reads a known age as a baby's. `LIMITS` keeps that age below 6, where a known age counts as reassuring.
- No other rule reads a reassuring answer as a reason to fire: switching one off or lowering it takes it away from both sides.

Beyond the floor, a table keeps today's level of the rules on which the law or the duty desk's work rests (`LEAST`), a
graver level never gives more time, and the teams that may be the alleged institution never lead ahead of its row.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.triage.rules.matrix import ANYTHING_ELSE, DANGER, INSTITUTION
from services.triage.rules.rule_table import RuleTable
from services.triage.rules.seats import MAY_BE_THE_INSTITUTION, Seat
from services.triage.rules.terms import CLOCK_NAMES, DAY, HOUR, LevelTerms
from services.triage.rules.thresholds import LIMITS
from services.triage.rules.wrong import Wrong
from shared.contracts.vocabulary import Level, Where

LEAST: dict[str, Level] = {
    "R01": Level.IMMEDIATE,
    "R02": Level.IMMEDIATE,
    "R23": Level.PRIORITY,
    "R27": Level.PRIORITY,
    "R28": Level.PRIORITY,
    "R29": Level.PRIORITY,
    "R30": Level.PRIORITY,
    "R32": Level.PRIORITY,
}
"""Rules that stay on and never become milder than this: life and danger by Decree 56/2017 Art. 26, maltreatment by the
Children Law, and the floors. Were known danger milder than unknown danger, asking would lower a level."""

LEAST_WITHOUT_SAFE_ADULT = Level.URGENT
"""R27 with nobody safe there."""

ALWAYS_ON = frozenset({*LEAST, "R31"})
"""Rules that cannot be switched off."""

MOST_OF_INFORMATION = Level.PRIORITY
"""R31 is for questions and for what is clearly safe."""

LONGEST_MINUTES = 30 * DAY
IMMEDIATE_ACKNOWLEDGED = HOUR
VISIT_BY_LAW = 12 * HOUR
"""Decree 56/2017 Art. 26: emergency measures within 12 hours."""

MOST_LEADS, MOST_SUPPORT = 3, 5

_LEVELS: dict[Level, tuple[str, str]] = {
    Level.IMMEDIATE: ("Khẩn cấp", "Immediate"),
    Level.URGENT: ("Gấp", "Urgent"),
    Level.PRIORITY: ("Ưu tiên", "Priority"),
    Level.ROUTINE: ("Thường", "Routine"),
}


def checked(table: RuleTable) -> tuple[Wrong, ...]:
    """Return what is wrong with a table; nothing means that it may be put into force."""
    return (*_rules(table), *_floor(table), *_thresholds(table), *_clocks(table), *_matrix(table))


def _rules(table: RuleTable) -> Iterator[Wrong]:
    for rule in table.rules:
        if rule.id in ALWAYS_ON and not rule.enabled:
            yield Wrong(
                f"rules.{rule.id}.enabled",
                "không được tắt quy tắc này: mức sàn dựa vào nó",
                "this rule cannot be switched off: the floor rests on it",
            )
        least = LEAST.get(rule.id)
        if least is not None and rule.level is not None and rule.level < least:
            yield _too_mild(f"rules.{rule.id}.level", least)
        if rule.level is not None and rule.graver_level is not None and rule.graver_level < rule.level:
            yield Wrong(
                f"rules.{rule.id}.graver_level",
                "mức nặng phải từ mức nhẹ trở lên",
                "the graver level must not be milder than the other",
            )
    without = table["R27"].graver_level
    if without is not None and without < LEAST_WITHOUT_SAFE_ADULT:
        yield _too_mild("rules.R27.graver_level", LEAST_WITHOUT_SAFE_ADULT)


def _too_mild(field: str, least: Level) -> Wrong:
    vi, en = _LEVELS[least]
    return Wrong(field, f"thấp hơn mức sàn: ít nhất {vi}", f"below the floor: at least {en}")


def _floor(table: RuleTable) -> Iterator[Wrong]:
    unclear, information = table["R32"].level, table["R31"].level
    assert unclear is not None and information is not None  # noqa: S101, PT018 - only R26 may have no level
    if information > min(unclear, MOST_OF_INFORMATION):
        yield Wrong(
            "rules.R31.level",
            "R31 không được nặng hơn R32 và Ưu tiên",
            "R31 must not be graver than R32 and Priority",
        )
    for rule in table.rules:
        if rule.enabled and rule.id not in {"R31", "R32"} and rule.level is not None and rule.level < unclear:
            yield Wrong(
                f"rules.{rule.id}.level",
                "nhẹ hơn R32 (chưa đủ rõ): nâng mức này, hạ R32, hoặc tắt quy tắc này",
                "milder than R32 (not clear enough): raise this level, lower R32, or switch this rule off",
            )
    past, maltreatment = table["R24"], table["R23"]
    if past.enabled and past.level is not None and maltreatment.level is not None and past.level > maltreatment.level:
        yield Wrong(
            "rules.R24.level",
            "nặng hơn R23: điều chưa rõ sẽ làm mức thấp đi. Nhiều nhất bằng R23",
            "graver than R23: an unknown answer would lower the level. At most that of R23",
        )


def _thresholds(table: RuleTable) -> Iterator[Wrong]:
    numbers = table.thresholds
    for name, limit in LIMITS.items():
        if not limit.low <= getattr(numbers, name) <= limit.high:
            yield Wrong(
                f"thresholds.{name}",
                f"phải từ {limit.low:g} đến {limit.high:g}",
                f"must be from {limit.low:g} to {limit.high:g}",
            )
    if numbers.many_reports <= numbers.some_reports:
        yield Wrong(
            "thresholds.many_reports",
            "mức nặng phải cần nhiều tin hơn mức nhẹ",
            "the graver level must need more reports than the milder one",
        )


def _clocks(table: RuleTable) -> Iterator[Wrong]:
    for level, terms in table.clocks.items():
        yield from _in_order(f"clocks.{level.name}", terms)
    for graver, milder in (
        (Level.IMMEDIATE, Level.URGENT),
        (Level.URGENT, Level.PRIORITY),
        (Level.PRIORITY, Level.ROUTINE),
    ):
        yield from _graver_is_sooner(table, graver, milder)
    immediate = table.clocks[Level.IMMEDIATE]
    if immediate.acknowledge.longest > IMMEDIATE_ACKNOWLEDGED:
        yield Wrong("clocks.IMMEDIATE.acknowledge", "dài nhất 60 phút", "at most 60 minutes")
    if immediate.visit is None or immediate.visit.longest > VISIT_BY_LAW:
        yield Wrong(
            "clocks.IMMEDIATE.visit",
            "phải có và dài nhất 12 giờ (NĐ 56/2017 Điều 26)",
            "needed, and at most 12 hours (Decree 56/2017 Art. 26)",
        )


def _in_order(path: str, terms: LevelTerms) -> Iterator[Wrong]:
    for name in CLOCK_NAMES:
        term = getattr(terms, name)
        if term is not None and term.longest > LONGEST_MINUTES:
            yield Wrong(f"{path}.{name}", "dài nhất 30 ngày", "at most 30 days")
    if not terms.acknowledge.within(terms.contact):
        yield Wrong(f"{path}.acknowledge", "hạn nhận vụ sau hạn liên hệ", "acknowledge ends after contact")
    if terms.visit is not None and not terms.contact.within(terms.visit):
        yield Wrong(f"{path}.contact", "hạn liên hệ sau hạn gặp trẻ", "contact ends after the visit")
    if terms.form02 is not None and not terms.acknowledge.within(terms.form02):
        yield Wrong(f"{path}.form02", "hạn Mẫu 02 trước hạn nhận vụ", "form 02 ends before acknowledge")


def _graver_is_sooner(table: RuleTable, graver: Level, milder: Level) -> Iterator[Wrong]:
    for name in CLOCK_NAMES:
        sooner, later = getattr(table.clocks[graver], name), getattr(table.clocks[milder], name)
        if later is not None and (sooner is None or not sooner.within(later)):
            vi, en = _LEVELS[milder]
            yield Wrong(
                f"clocks.{graver.name}.{name}",
                f"mức nặng hơn không được chậm hơn mức {vi} ({later})",
                f"a graver level must not be slower than {en} ({later})",
            )


def _matrix(table: RuleTable) -> Iterator[Wrong]:
    for place, built_in in ((0, DANGER), (1, INSTITUTION), (len(table.matrix) - 1, ANYTHING_ELSE)):
        if table.matrix[place].concern != built_in.concern:
            yield Wrong(
                f"matrix.{built_in.concern}.order",
                f"dòng này phải ở vị trí {place + 1}",
                f"this row must be number {place + 1}",
            )
    for row in table.matrix:
        yield from _seats(f"matrix.{row.concern}", row.leads, row.support)
        if row.concern == DANGER.concern and not MAY_BE_THE_INSTITUTION.isdisjoint(row.leads):
            yield Wrong(
                "matrix.danger.leads",
                "trường, trạm y tế có thể là nơi bị nêu: chọn nhóm khác",
                "a school or health station may be the one alleged: choose another team",
            )
        if row.concern == INSTITUTION.concern:
            yield from _at_the_province(row.leads, row.support)
            if not row.at_every_level:
                yield Wrong("matrix.institution.at_every_level", "phải áp dụng ở mọi mức", "must apply at every level")


def _seats(path: str, leads: tuple[Seat, ...], support: tuple[Seat, ...]) -> Iterator[Wrong]:
    if not leads:
        yield Wrong(f"{path}.leads", "chọn ít nhất một nhóm chủ trì", "choose at least one team to lead")
    for name, seats, most in (("leads", leads, MOST_LEADS), ("support", support, MOST_SUPPORT)):
        if len(seats) > most:
            yield Wrong(f"{path}.{name}", f"nhiều nhất {most} nhóm", f"at most {most} teams")
        if len(set(seats)) < len(seats):
            yield Wrong(f"{path}.{name}", "một nhóm được ghi hai lần", "a team is named twice")
    if not set(leads).isdisjoint(support):
        yield Wrong(
            f"{path}.support", "nhóm chủ trì không ghi lại ở phối hợp", "a team that leads does not support too"
        )


def _at_the_province(leads: tuple[Seat, ...], support: tuple[Seat, ...]) -> Iterator[Wrong]:
    for name, seats in (("leads", leads), ("support", support)):
        if any(seat.where is not Where.PROVINCE for seat in seats):
            yield Wrong(
                f"matrix.institution.{name}",
                "chỉ chọn nhóm cấp tỉnh: cơ sở bị nêu không được biết",
                "choose province teams only: the institution must not be told",
            )
