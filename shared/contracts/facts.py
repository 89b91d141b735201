"""The facts of a report, as the rules read them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shared.contracts.vocabulary import Answer, Suicide, When


class Facts(BaseModel):
    """Every fact of the report format; what nobody answered is unknown.

    `hours_since_sexual_contact` is in hours, null when there was none or nobody said; 0 when the
    contact was recent and the hours are not known.
    """

    model_config = ConfigDict(frozen=True)

    life_threatening_condition: Answer = Answer.UNKNOWN
    danger_now: Answer = Answer.UNKNOWN
    weapon_strangling_or_death_threat: Answer = Answer.UNKNOWN
    alone_now: Answer = Answer.UNKNOWN
    locked_in_or_dangerous_place_now: Answer = Answer.UNKNOWN
    abandoned: Answer = Answer.UNKNOWN
    injury_marks: Answer = Answer.UNKNOWN
    independently_mobile: Answer = Answer.UNKNOWN
    ten4_bruise: Answer = Answer.UNKNOWN
    trafficking_or_abduction_under_way: Answer = Answer.UNKNOWN
    alleged_has_child_now: Answer = Answer.UNKNOWN
    serious_injury: Answer = Answer.UNKNOWN
    threat_to_flee_silence_or_retaliate: Answer = Answer.UNKNOWN
    alleged_has_access: Answer = Answer.UNKNOWN
    others_exposed: Answer = Answer.UNKNOWN
    injured: Answer = Answer.UNKNOWN
    implement_used: Answer = Answer.UNKNOWN
    injury_story_inconsistent: Answer = Answer.UNKNOWN
    online_sexual_material: Answer = Answer.UNKNOWN
    meeting_within_24_hours: Answer = Answer.UNKNOWN
    hazardous_or_underage_work: Answer = Answer.UNKNOWN
    unmet_basic_needs: Answer = Answer.UNKNOWN
    pregnancy_or_union_under_16: Answer = Answer.UNKNOWN
    runaway: Answer = Answer.UNKNOWN
    afraid_to_go_home: Answer = Answer.UNKNOWN
    with_safe_adult: Answer = Answer.UNKNOWN
    hazard_still_open: Answer = Answer.UNKNOWN
    unreadable: Answer = Answer.UNKNOWN
    information_request_only: Answer = Answer.UNKNOWN
    suicide: Suicide = Suicide.UNKNOWN
    when: When = When.UNKNOWN
    hours_since_sexual_contact: float | None = None


OTHER_VALUED: frozenset[str] = frozenset({"suicide", "when", "hours_since_sexual_contact"})
"""Facts whose values are not yes, no, unknown."""

YES_NO_FACTS: tuple[str, ...] = tuple(name for name in Facts.model_fields if name not in OTHER_VALUED)
"""Names of the facts answered yes, no or unknown, in the order of the report format."""
