"""The form of an escalation policy: what was typed, kept as it is, and the policy that it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from starlette.datastructures import FormData

from services.notify.handlers.change_policy import SHORTEST_NOTE
from services.notify.policy_words import SEATS, WHOLE_TEAM
from services.notify.rules.escalation import Position
from services.notify.rules.policy import ANYWHERE, CHANNELS, MOST_STEPS, Named, Policy, PolicyStep, Seat, Wrong, checked
from shared.contracts.teams import PROVINCE, Function
from shared.contracts.vocabulary import Level

BOTH: Final = "both"
LONGEST: Final = 40
"""Characters of a field that is not the reason."""
NOTE_LIMIT: Final = 500
MOST_DIGITS: Final = 5
COMMUNE_FUNCTIONS: Final = (
    Function.SOCIAL,
    Function.POLICE,
    Function.HEALTH,
    Function.JUSTICE,
    Function.EDUCATION,
    Function.UNIONS,
    Function.LEADERS,
)
PROVINCE_FUNCTIONS: Final = (Function.DUTY, *(one for one in Function if one is not Function.DUTY))
_UNITS: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}


@dataclass(frozen=True)
class TypedStep:
    """A step as typed; `teams` are pairs of a code and a position (`worker`, `head`, `both`)."""

    after: str = ""
    unit: str = "min"
    seats: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    teams: tuple[tuple[str, str], ...] = ()
    all_must: bool = False
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Typed:
    """The whole form as typed; `function` as in a team's code (`social`, `province-duty`), `commune` empty for all."""

    function: str
    commune: str
    level: str
    repeat: str
    note: str
    steps: tuple[TypedStep, ...]

    @property
    def team(self) -> str:
        """The code of the team that the policy is for."""
        return self.function if self.at_province else f"{self.function}-{self.commune or '*'}"

    @property
    def at_province(self) -> bool:
        """Whether that team is the province's."""
        return self.function.startswith(f"{PROVINCE}-")

    @property
    def chosen_level(self) -> Level:
        """The level; the gravest while none is chosen."""
        return Level.__members__.get(self.level, Level.IMMEDIATE)

    def with_step(self) -> Typed:
        """Return the form with an empty step more, unless there are as many as may be."""
        return replace(self, steps=(*self.steps, TypedStep())) if len(self.steps) < MOST_STEPS else self

    def without_step(self, number: int) -> Typed:
        """Return the form without a step (from 1)."""
        return replace(self, steps=tuple(step for at, step in enumerate(self.steps, 1) if at != number))


def typed(form: FormData) -> Typed:
    """Return what a form sent says; steps are fields like `steps.1.after`, `steps.1.seat`."""
    numbers = [number for number in range(1, MOST_STEPS + 1) if f"steps.{number}.after" in form]
    return Typed(
        function=_text(form, "function"),
        commune=_text(form, "commune"),
        level=_text(form, "level"),
        repeat=_text(form, "repeat"),
        note=_text(form, "note", NOTE_LIMIT),
        steps=tuple(_typed_step(form, f"steps.{number}.") for number in numbers),
    )


def _typed_step(form: FormData, at: str) -> TypedStep:
    codes, positions = _texts(form, at + "team"), _texts(form, at + "position")
    return TypedStep(
        after=_text(form, at + "after"),
        unit=_text(form, at + "unit"),
        seats=frozenset(_texts(form, at + "seat")),
        people=tuple(one for one in _texts(form, at + "person") if one),
        teams=tuple((code, position) for code, position in zip(codes, positions, strict=False) if code),
        all_must=at + "all" in form,
        channels=tuple(one for one in _texts(form, at + "channel") if one),
    )


def _text(form: FormData, name: str, limit: int = LONGEST) -> str:
    value = form.get(name)
    return value.strip()[:limit] if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> list[str]:
    return [value.strip()[:LONGEST] for value in form.getlist(name) if isinstance(value, str)]


def filled(policy: Policy) -> Typed:
    """Return the form filled with a policy."""
    function, _, commune = policy.team.rpartition("-")
    at_province = policy.team.startswith(f"{PROVINCE}-")
    return Typed(
        function=policy.team if at_province else function,
        commune="" if at_province or commune == "*" else commune,
        level=policy.level.name,
        repeat=f"{policy.repeat / timedelta(minutes=1):g}",
        note="",
        steps=tuple(_filled_step(step, policy.team) for step in policy.steps),
    )


def _filled_step(step: PolicyStep, team: str) -> TypedStep:
    hours = bool(step.after) and not step.after % timedelta(hours=1)
    usual = {seat: key for key, (seat, _) in SEATS.items()} | {Seat(team, None): WHOLE_TEAM}
    seats = [target for target in step.targets if isinstance(target, Seat)]
    return TypedStep(
        after=f"{step.after / _UNITS['h' if hours else 'min']:g}",
        unit="h" if hours else "min",
        seats=frozenset(usual[seat] for seat in seats if seat in usual),
        people=tuple(str(target.person_id) for target in step.targets if isinstance(target, Named)),
        teams=tuple((seat.team, seat.position.value if seat.position else BOTH) for seat in seats if seat not in usual),
        all_must=step.all_must,
        channels=step.channels,
    )


@dataclass(frozen=True)
class Read:
    """The policy that a form means, as far as its fields can be read; null when a number or a name cannot."""

    policy: Policy | None
    wrong: tuple[Wrong, ...]


def read(said: Typed) -> Read:
    """Return the policy that a form means, and everything that is wrong with it but who does not exist."""
    wrong = [
        Wrong(None, reason)
        for is_wrong, reason in (
            (said.function not in _functions(), "team"),
            (said.at_province and said.commune != "", "team_place"),
            (said.level not in Level.__members__, "level"),
            (_number(said.repeat) is None, "repeat"),
            (len(" ".join(said.note.split())) < SHORTEST_NOTE, "note"),
        )
        if is_wrong
    ]
    unreadable = [one for one in wrong if one.reason == "repeat"]
    steps: list[PolicyStep] = []
    for number, step in enumerate(said.steps, 1):
        found = _read_step(step, said.team)
        if isinstance(found, PolicyStep):
            steps.append(found)
        else:
            unreadable.append(Wrong(number, found))
    wrong += [one for one in unreadable if one.step is not None]
    if unreadable:
        return Read(None, tuple(wrong))
    policy = Policy(said.team, said.chosen_level, timedelta(minutes=_number(said.repeat) or 0), tuple(steps))
    return Read(policy, tuple(dict.fromkeys((*wrong, *checked(policy)))))


def _read_step(step: TypedStep, team: str) -> PolicyStep | str:
    """Return a step, or the reason why it cannot be read."""
    after = _number(step.after)
    if after is None or step.unit not in _UNITS:
        return "number"
    try:
        people = [Named(UUID(one)) for one in step.people]
    except ValueError:
        return "unknown_person"
    usual = [seat for key, (seat, _) in SEATS.items() if key in step.seats]
    whole = [Seat(team, None)] if WHOLE_TEAM in step.seats else []
    free = [Seat(code, _position(position)) for code, position in step.teams]
    targets: dict[Seat | Named, None] = dict.fromkeys((*usual, *whole, *free, *people))
    return PolicyStep(after * _UNITS[step.unit], tuple(targets), step.all_must, _channels(step))


def _channels(step: TypedStep) -> tuple[str, ...]:
    return tuple(one if one in CHANNELS else "?" for one in step.channels)


def _position(name: str) -> Position | None:
    return Position(name) if name in set(Position) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def _functions() -> set[str]:
    """Return what a team's code may begin with."""
    return {one.value for one in COMMUNE_FUNCTIONS} | {f"{PROVINCE}-{one.value}" for one in PROVINCE_FUNCTIONS}


def suggestions() -> list[str]:
    """Return codes of teams to suggest where one is typed: of the case's commune, and of the province."""
    return [one.value + ANYWHERE for one in COMMUNE_FUNCTIONS] + [
        f"{PROVINCE}-{one.value}" for one in PROVINCE_FUNCTIONS
    ]
