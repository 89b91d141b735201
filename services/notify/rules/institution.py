"""What a team's institution is called, so that a report that alleges it is recognised."""

from __future__ import annotations

from collections.abc import Iterable

from shared.contracts.teams import Function

_ALSO_CALLED: dict[Function | None, tuple[str, ...]] = {
    Function.POLICE: ("Công an",),
    Function.LEADERS: ("UBND", "Ủy ban nhân dân"),
    Function.HEALTH: ("Trạm y tế",),
}
"""What people call the institution of a function, before the name of its commune."""

_TYPES = ("Phường ", "Xã ", "Đặc khu ")


def institution_names(code: str, names: Iterable[str], unit_name: str | None) -> frozenset[str]:
    """Return every name of the institution behind the team of a code.

    `names` are the team's own and those it carries. Where one holds the commune's name (*Phường Võ Cường*), people
    leave its type out as well.
    """
    if unit_name is None:
        return frozenset(name for name in names if name)
    bare = next((unit_name.removeprefix(kind) for kind in _TYPES if unit_name.startswith(kind)), unit_name)
    function = code.rpartition("-")[0]
    called = (f"{word} {unit_name}" for word in _ALSO_CALLED.get(_function(function), ()))
    known = {*(name for name in names if name), *called}
    return frozenset(known | {name.replace(unit_name, bare) for name in known})


def _function(text: str) -> Function | None:
    return Function(text) if text in set(Function) else None
