"""When each rule fires: one pure function a rule, in the order of the table. Numbers in brackets are the built-in ones."""

from __future__ import annotations

from services.triage.rules.situation import CHILD_AGE, Situation
from services.triage.rules.thresholds import Thresholds
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Concern, Suicide, When

YES = Answer.YES
NO = Answer.NO
UNKNOWN = Answer.UNKNOWN

MONTHS_A_YEAR = 12


def life_in_danger(s: Situation, _: Thresholds) -> bool:
    """R01: somebody is in a life-threatening condition."""
    return s.facts.life_threatening_condition is YES


def danger_now(s: Situation, _: Thresholds) -> bool:
    """R02: violence is in progress or expected within hours."""
    return s.facts.danger_now is YES


def weapon_strangling_or_death_threat(s: Situation, _: Thresholds) -> bool:
    """R03: a weapon, strangling or a death threat."""
    return s.facts.weapon_strangling_or_death_threat is YES


def young_alone_or_locked_in(s: Situation, t: Thresholds) -> bool:
    """R04: a child possibly young (6), or disabled, is alone; or somebody is locked in or in a dangerous place."""
    young_alone = s.facts.alone_now is YES and s.possibly_under(CHILD_AGE) and s.young_or_disabled(t.alone_age)
    return young_alone or s.facts.locked_in_or_dangerous_place_now is YES


def abandoned(s: Situation, _: Thresholds) -> bool:
    """R05: the child is abandoned."""
    return s.facts.abandoned is YES


def suicide_plan(s: Situation, _: Thresholds) -> bool:
    """R06: an attempt, a plan, means or intent now."""
    return s.facts.suicide is Suicide.PLAN


def recent_sexual_contact(s: Situation, t: Thresholds) -> bool:
    """R07: sexual contact within the hours in which medicine helps (120) [S30]; 0 stands for recent with unknown hours."""
    hours = s.facts.hours_since_sexual_contact
    return hours is not None and hours <= t.medical_window_hours


def infant_injury(s: Situation, t: Thresholds) -> bool:
    """R08: marks of injury on a child who does not move alone, may be a baby (1), or is an infant (5 months). Never for an adult."""
    if s.adult_subject or s.facts.injury_marks is not YES:
        return False
    mobile = s.facts.independently_mobile
    maybe_a_baby = mobile is UNKNOWN and s.age_min is not None and s.age_min < t.baby_age
    infant = s.age_max is not None and s.age_max < t.infant_months / MONTHS_A_YEAR
    return mobile is NO or maybe_a_baby or infant


def trafficking_under_way(s: Situation, _: Thresholds) -> bool:
    """R09: trafficking or an abduction is under way."""
    return s.facts.trafficking_or_abduction_under_way is YES


def dangerous_person_has_child(s: Situation, _: Thresholds) -> bool:
    """R10: the alleged person has the child now, and there is sexual harm not long past, serious injury or a threat."""
    sexual = Concern.SEXUAL in s.concerns and s.facts.when is not When.OVER_30_DAYS_AGO
    threat = s.facts.threat_to_flee_silence_or_retaliate is YES
    return s.facts.alleged_has_child_now is YES and (sexual or s.facts.serious_injury is YES or threat)


def sexual_and_open(s: Situation, _: Thresholds) -> bool:
    """R11: sexual harm to a person possibly under 18, with access, other children or the time not ruled out."""
    sexual = not s.concerns.isdisjoint((Concern.SEXUAL, Concern.ONLINE_SEXUAL))
    still_open = s.access_open or s.facts.others_exposed is not NO or s.facts.when is When.UNKNOWN
    return sexual and s.possibly_under(CHILD_AGE) and still_open


def ten4_bruise(s: Situation, t: Thresholds) -> bool:
    """R12: a bruise where TEN-4-FACESp finds it suspicious, on a child possibly young (4)."""
    return s.facts.ten4_bruise is YES and s.possibly_under(t.bruise_age) and s.possibly_under(CHILD_AGE)


def beaten_and_open(s: Situation, _: Thresholds) -> bool:
    """R13: physical harm with an injury or an implement to a person possibly under 18; access not ruled out."""
    hurt = s.facts.injured is YES or s.facts.implement_used is YES
    return Concern.PHYSICAL in s.concerns and s.possibly_under(CHILD_AGE) and hurt and s.access_open


def story_does_not_fit(s: Situation, _: Thresholds) -> bool:
    """R14: the story of the injury is absent, changes, does not fit, or care came late."""
    return s.facts.injury_story_inconsistent is YES


def suicidal_thoughts(s: Situation, _: Thresholds) -> bool:
    """R15: thoughts of suicide without a plan."""
    return s.facts.suicide is Suicide.THOUGHTS


def young_maltreated_and_open(s: Situation, t: Thresholds) -> bool:
    """R16: maltreatment of a child possibly young (6), or disabled; access not ruled out."""
    return s.maltreatment and s.young_or_disabled(t.maltreated_age) and s.access_open


def institution_staff_alleged(s: Situation, _: Thresholds) -> bool:
    """R17: somebody alleged works at a school, childcare, club, shelter or clinic."""
    return AllegedRole.INSTITUTION_STAFF in s.alleged_roles


def reported_before(s: Situation, t: Thresholds) -> bool:
    """R18: earlier linked reports in 12 months, at least one."""
    return s.earlier_reports >= t.some_reports


def online_meeting_or_material(s: Situation, _: Thresholds) -> bool:
    """R19: a meeting with somebody met online within 24 hours, or sexual material online."""
    return s.facts.meeting_within_24_hours is YES or s.facts.online_sexual_material is YES


def hazardous_work(s: Situation, _: Thresholds) -> bool:
    """R20: work under 13, hazardous or forced, papers held, or trafficking suspected."""
    return s.facts.hazardous_or_underage_work is YES


def basic_needs_unmet(s: Situation, _: Thresholds) -> bool:
    """R21: no food, medical care withheld, or a home unfit now."""
    return s.facts.unmet_basic_needs is YES


def union_runaway_or_afraid(s: Situation, _: Thresholds) -> bool:
    """R22: pregnancy or union under 16, a runaway, or a child afraid to go home."""
    facts = s.facts
    return YES in (facts.pregnancy_or_union_under_16, facts.runaway, facts.afraid_to_go_home)


def maltreatment_or_law_breaking(s: Situation, _: Thresholds) -> bool:
    """R23: maltreatment, or law-breaking by a person possibly under 18."""
    return s.maltreatment or (Concern.CHILD_LAW_BREAKING in s.concerns and s.possibly_under(CHILD_AGE))


def past_and_stated_safe(s: Situation, _: Thresholds) -> bool:
    """R24: maltreatment over 30 days ago with no access, no others exposed and a safe adult, all stated."""
    facts = s.facts
    past = facts.when is When.OVER_30_DAYS_AGO
    return s.maltreatment and past and facts.alleged_has_access is NO and facts.others_exposed is NO and s.safe_adult


def accident(s: Situation, t: Thresholds) -> bool:
    """R25: an unintentional injury of a child possibly young (6), or where the hazard is still open."""
    young = s.possibly_under(t.accident_age) and s.possibly_under(CHILD_AGE)
    return Concern.UNINTENTIONAL_INJURY in s.concerns and (young or s.facts.hazard_still_open is YES)


def age_unclear(s: Situation, _: Thresholds) -> bool:
    """R26: a child's age is unknown or was counted traditionally. Never for an adult."""
    return not s.adult_subject and (s.age_min is None or s.age_basis is AgeBasis.TRADITIONAL)


def danger_unknown(s: Situation, _: Thresholds) -> bool:
    """R27: nobody said whether there is danger now."""
    return s.facts.danger_now is UNKNOWN


def place_unknown(s: Situation, _: Thresholds) -> bool:
    """R28: the place of the incident is not resolved to a commune."""
    return not s.place_known


def unreadable(s: Situation, _: Thresholds) -> bool:
    """R29: cut off, a dropped call, or an unsupported language."""
    return s.facts.unreadable is YES


def adult_victim(s: Situation, _: Thresholds) -> bool:
    """R30: the report is about an adult."""
    return s.adult_subject


_HARMLESS_WHEN_SAFE = frozenset(
    # A request for information that is not pure has no effect, so it does not stand in the way either.
    {"with_safe_adult", "independently_mobile", "injured", "injury_marks", "information_request_only"}
)


def clearly_safe(s: Situation, _: Thresholds) -> bool:
    """R31, its second part: no danger, no threat to life and a safe adult stated, age and place known, no fact against it."""
    facts = s.facts
    stated = facts.danger_now is NO and facts.life_threatening_condition is NO and s.safe_adult
    known = s.age_min is not None and s.place_known
    return stated and known and s.nothing_told_but(_HARMLESS_WHEN_SAFE)


def not_clear_enough(s: Situation, t: Thresholds) -> bool:
    """R32: whatever is not clearly safe."""
    return not clearly_safe(s, t)


def many_reports(s: Situation, t: Thresholds) -> bool:
    """R18, graver: several earlier reports (2)."""
    return s.earlier_reports >= t.many_reports


def meeting_within_a_day(s: Situation, _: Thresholds) -> bool:
    """R19, graver: a meeting within 24 hours, with or without material."""
    return s.facts.meeting_within_24_hours is YES


def no_safe_adult(s: Situation, _: Thresholds) -> bool:
    """R27, graver: no adult whom the child trusts is said to be there."""
    return not s.safe_adult
