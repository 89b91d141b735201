"""A seat is a function at the commune or at the province, before the commune of a case is known."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.teams import Function, commune_team, province_team
from shared.contracts.vocabulary import Where


@dataclass(frozen=True)
class Seat:
    """Who has a duty: `function`, at the commune of the incident or at the province.

    `near_child`: the commune (its national code) where the child is now, when that is another than the incident's.
    """

    function: Function
    where: Where
    near_child: int | None = None

    @property
    def at_province(self) -> Seat:
        """The same function at the province."""
        return Seat(self.function, Where.PROVINCE)

    def team(self, unit_code: int | None) -> str:
        """Return the code of the team that sits here. A seat at the commune of the incident needs its `unit_code`."""
        if self.where is Where.PROVINCE:
            return province_team(self.function)
        unit_code = self.near_child or unit_code
        if unit_code is None:
            raise ValueError("a commune seat has no team while the commune is unknown")
        return commune_team(self.function, unit_code)

    @property
    def code(self) -> str:
        """Return its name in a rule table: `social` at the commune, `province-social` at the province."""
        return self.function.value if self.where is Where.COMMUNE else province_team(self.function)

    @property
    def words(self) -> tuple[str, str]:
        """What people call it, in Vietnamese and in English."""
        if self.near_child is not None:
            return _NEAR_CHILD_WORDS[self.function]
        return _WORDS[self.where][self.function]


def commune(*functions: Function) -> tuple[Seat, ...]:
    """Return seats at the commune."""
    return tuple(Seat(function, Where.COMMUNE) for function in functions)


def province(*functions: Function) -> tuple[Seat, ...]:
    """Return seats at the province."""
    return tuple(Seat(function, Where.PROVINCE) for function in functions)


MAY_BE_THE_INSTITUTION = frozenset(commune(Function.HEALTH, Function.EDUCATION))
"""Commune seats that may be the very school or clinic whose staff is alleged."""

_COMMUNE_WORDS = {
    Function.SOCIAL: ("người làm công tác bảo vệ trẻ em xã, phường", "the commune's child-protection worker"),
    Function.POLICE: ("công an xã, phường", "commune police"),
    Function.HEALTH: ("trạm y tế", "the health station"),
    Function.JUSTICE: ("tư pháp xã, phường", "commune justice"),
    Function.EDUCATION: ("nhà trường", "the school"),
    Function.UNIONS: ("Hội Phụ nữ, Đoàn Thanh niên", "the Women's and Youth Unions"),
    Function.LEADERS: ("Ủy ban nhân dân xã, phường", "the commune People's Committee"),
}

_PROVINCE_WORDS = {
    Function.SOCIAL: ("công tác xã hội tỉnh", "the province's social work"),
    Function.POLICE: ("công an tỉnh", "province police"),
    Function.HEALTH: ("Sở Y tế", "the health department"),
    Function.JUSTICE: ("Sở Tư pháp", "the justice department"),
    Function.EDUCATION: ("Sở Giáo dục và Đào tạo", "the education department"),
    Function.UNIONS: ("Hội Phụ nữ, Đoàn Thanh niên tỉnh", "the province's Women's and Youth Unions"),
    Function.LEADERS: ("Ủy ban nhân dân tỉnh", "the province People's Committee"),
    Function.DUTY: ("trực tỉnh", "the province duty desk"),
    Function.CHILD_PROTECTION: ("cơ quan bảo vệ trẻ em tỉnh", "the province child-protection office"),
    Function.HOSPITAL: ("bệnh viện tỉnh", "the province hospital"),
    Function.LEGAL_AID: ("trợ giúp pháp lý tỉnh", "legal aid"),
    Function.LABOUR: ("cơ quan lao động tỉnh", "the labour authority"),
    Function.COMMITTEE: ("Ban Chỉ đạo bảo vệ, chăm sóc trẻ em tỉnh", "the province steering committee"),
}

_NEAR_CHILD_WORDS = {
    Function.SOCIAL: (
        "người làm công tác bảo vệ trẻ em nơi trẻ đang ở",
        "the child-protection worker where the child is now",
    ),
}

_WORDS = {Where.COMMUNE: _COMMUNE_WORDS, Where.PROVINCE: _PROVINCE_WORDS}

SEATS: dict[str, Seat] = {
    seat.code: seat for where, functions in _WORDS.items() for seat in (Seat(function, where) for function in functions)
}
"""Every seat that a matrix may name, by its code."""
