"""The words of a report: channels, concerns, roles, answers and levels.

The names are the report format's own and never change; plain words for people are elsewhere
(`shared.web.words`).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Channel(StrEnum):
    """How a report reached us."""

    HOTLINE = "hotline"
    WEB = "web"
    PARTNER = "partner"
    WALK_IN = "walk_in"
    SMS = "sms"


class Answer(StrEnum):
    """An answer to a question of fact; silence counts as unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Suicide(StrEnum):
    """What the child said about wishing to die."""

    PLAN = "plan"
    THOUGHTS = "thoughts"
    NONE = "none"
    UNKNOWN = "unknown"


class When(StrEnum):
    """When it last happened."""

    WITHIN_30_DAYS = "within_30_days"
    OVER_30_DAYS_AGO = "over_30_days_ago"
    UNKNOWN = "unknown"


class SubjectKind(StrEnum):
    """Whom the report is about; unknown is treated as a child."""

    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


class AgeBasis(StrEnum):
    """What an age interval rests on; traditional (*tuổi ta*, *tuổi mụ*) arrives already converted."""

    STATED = "stated"
    ESTIMATED = "estimated"
    SCHOOL_GRADE = "school_grade"
    TRADITIONAL = "traditional"
    UNKNOWN = "unknown"


class Concern(StrEnum):
    """What kind of harm is feared."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    EMOTIONAL = "emotional"
    NEGLECT = "neglect"
    LABOUR_EXPLOITATION = "labour_exploitation"
    TRAFFICKING = "trafficking"
    ONLINE_SEXUAL = "online_sexual"
    BULLYING = "bullying"
    WITNESSING_DOMESTIC_VIOLENCE = "witnessing_domestic_violence"
    CHILD_MARRIAGE = "child_marriage"
    ABANDONMENT = "abandonment"
    SELF_HARM = "self_harm"
    UNINTENTIONAL_INJURY = "unintentional_injury"
    CHILD_LAW_BREAKING = "child_law_breaking"
    DOMESTIC_VIOLENCE_ADULT = "domestic_violence_adult"
    ELDER_ABUSE = "elder_abuse"
    OTHER = "other"


class AllegedRole(StrEnum):
    """What the person said to have done harm is to the child."""

    CAREGIVER = "caregiver"
    HOUSEHOLD = "household"
    RELATIVE = "relative"
    KNOWN_PERSON = "known_person"
    INSTITUTION_STAFF = "institution_staff"
    OFFICIAL = "official"
    EMPLOYER = "employer"
    PEER = "peer"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


class Level(IntEnum):
    """How urgent a report is; a greater number is graver. Written by name outside Python."""

    ROUTINE = 1
    PRIORITY = 2
    URGENT = 3
    IMMEDIATE = 4


class Where(StrEnum):
    """The administrative level that leads a case."""

    COMMUNE = "commune"
    PROVINCE = "province"


class Role(StrEnum):
    """What an account may do; a person may have several."""

    OPERATOR = "operator"
    WORKER = "worker"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class ServiceName(StrEnum):
    """The services, by the names of their packages, schemas and consumer groups."""

    INTAKE = "intake"
    TRIAGE = "triage"
    NOTIFY = "notify"
