"""Whether whoever a report alleges is a colleague: how sure that is, and whom it excludes.

A match that is sure excludes; so does one that is not, and a supervisor is asked (domain: routing and escalation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.teams import team_id
from shared.contracts.vocabulary import AllegedRole


class Kind(StrEnum):
    """What of a colleague or of an institution was found in what the report says of whoever is alleged."""

    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    PHONE = "phone"
    INSTITUTION = "institution"
    INSTITUTION_NEARBY = "institution_nearby"
    """The institution, if the report's own commune is meant: the text names none."""


class Why(StrEnum):
    """Why somebody is held to be the alleged person, or their team the alleged institution."""

    PHONE = "phone"
    NAME_AND_INSTITUTION = "name_and_institution"
    INSTITUTION = "institution"
    INSTITUTION_NEARBY = "institution_nearby"
    NAME = "name"
    GIVEN_NAME = "given_name"
    FAMILY = "family"
    """Named as family of the child, where somebody of the family is alleged."""
    WITHDRAWN = "withdrawn"
    """A newer revision of the report no longer names them."""


COLLEAGUES_BY_ROLE = frozenset({AllegedRole.OFFICIAL, AllegedRole.INSTITUTION_STAFF})
"""Whoever is alleged in these roles may well be a colleague."""


@dataclass(frozen=True)
class Mention:
    """Somebody alleged: `name` as it was told, and every text about them. `family`: a relative of the child instead."""

    role: AllegedRole
    name: str
    texts: tuple[str, ...]
    family: bool = False


@dataclass(frozen=True)
class Colleague:
    """A colleague as other services know them: the codes of their teams."""

    person_id: UUID
    team_codes: tuple[str, ...]

    @property
    def unit_codes(self) -> frozenset[int]:
        """The communes of their teams."""
        ends = (code.rpartition("-")[2] for code in self.team_codes)
        return frozenset(int(end) for end in ends if end.isdigit())


@dataclass(frozen=True)
class Found:
    """A mark of a mention that is a colleague's as well; `team_codes` are those of the institution, if it is one."""

    mention: Mention
    kind: Kind
    colleague: Colleague
    team_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """Somebody, or a team, that is or may be alleged. `subject_id`: a person's id, or the id of the team.

    `with_teams`: the teams are excluded as well, now and not only when a supervisor says that it is this person.
    """

    subject_id: UUID
    of_team: bool
    team_codes: tuple[str, ...]
    why: Why
    sure: bool
    with_teams: bool

    @property
    def strength(self) -> tuple[bool, bool]:
        """Orders matches of one subject."""
        return self.sure, self.with_teams


@dataclass(frozen=True)
class Excluded:
    """Who must not hear of a report, by id."""

    person_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()


NOBODY = Excluded()


def judge(found: Iterable[Found], communes: frozenset[int]) -> tuple[Match, ...]:
    """Return the strongest match of each subject; `communes` are those that the report names."""
    best: dict[UUID, Match] = {}
    for match in (*_people(found := tuple(found), communes), *_teams(found)):
        if match.subject_id not in best or best[match.subject_id].strength < match.strength:
            best[match.subject_id] = match
    return tuple(best[subject] for subject in sorted(best))


def _people(found: Sequence[Found], communes: frozenset[int]) -> Iterable[Match]:
    kinds: dict[tuple[Mention, Colleague], set[Kind]] = {}
    for one in found:
        kinds.setdefault((one.mention, one.colleague), set()).add(one.kind)
    for (mention, colleague), seen in kinds.items():
        match = _person(mention, colleague, seen, communes)
        if match is not None:
            yield match


def _person(mention: Mention, colleague: Colleague, seen: set[Kind], communes: frozenset[int]) -> Match | None:
    named = Kind.FULL_NAME in seen or Kind.GIVEN_NAME in seen
    by_role = mention.role in COLLEAGUES_BY_ROLE
    if Kind.PHONE in seen:
        why, sure, with_teams = Why.PHONE, True, True
    elif named and Kind.INSTITUTION in seen:
        why, sure, with_teams = Why.NAME_AND_INSTITUTION, True, True
    elif Kind.FULL_NAME in seen:
        why, sure, with_teams = Why.NAME, False, by_role
    elif Kind.GIVEN_NAME in seen and not communes.isdisjoint(colleague.unit_codes):
        why, sure, with_teams = Why.GIVEN_NAME, False, False
    else:
        return None
    if mention.family:
        why, with_teams = Why.FAMILY, False
    codes = () if mention.family else colleague.team_codes
    return Match(colleague.person_id, of_team=False, team_codes=codes, why=why, sure=sure, with_teams=with_teams)


def _teams(found: Iterable[Found]) -> Iterable[Match]:
    for one in found:
        if one.kind in {Kind.INSTITUTION, Kind.INSTITUTION_NEARBY}:
            sure = one.kind is Kind.INSTITUTION
            why = Why.INSTITUTION if sure else Why.INSTITUTION_NEARBY
            for code in one.team_codes:
                yield Match(team_id(code), of_team=True, team_codes=(code,), why=why, sure=sure, with_teams=True)


@dataclass(frozen=True)
class Kept:
    """A match as it is kept with the report; `same` is what a supervisor decided, null while nobody has."""

    match: Match
    same: bool | None = None

    @property
    def excludes(self) -> bool:
        """Whether it keeps anybody out: until a human says that it is somebody else."""
        return self.same is not False


def merged(kept: Mapping[UUID, Kept], matches: Iterable[Match]) -> dict[UUID, Kept]:
    """Return what is kept once the newest revision gives `matches`.

    A human's decision stays, unless new evidence is stronger than what they saw. What the report no longer says
    excludes on, until a human says otherwise.
    """
    now = {match.subject_id: match for match in matches}
    result: dict[UUID, Kept] = {}
    for subject, before in kept.items():
        match = now.pop(subject, None)
        if match is None:
            result[subject] = before if before.same is not None else Kept(_withdrawn(before.match))
        elif before.same is None or (before.same is False and match.strength > before.match.strength):
            result[subject] = Kept(match)
        else:
            result[subject] = before
    return result | {subject: Kept(match) for subject, match in now.items()}


def _withdrawn(match: Match) -> Match:
    return Match(
        match.subject_id, match.of_team, match.team_codes, Why.WITHDRAWN, sure=False, with_teams=match.with_teams
    )


def excluded(kept: Iterable[Kept]) -> Excluded:
    """Return whom the matches exclude."""
    people: set[UUID] = set()
    teams: set[UUID] = set()
    for one in kept:
        if not one.excludes:
            continue
        if not one.match.of_team:
            people.add(one.match.subject_id)
        if one.match.with_teams or one.same:
            teams.update(team_id(code) for code in one.match.team_codes)
    return Excluded(tuple(sorted(people)), tuple(sorted(teams)))
