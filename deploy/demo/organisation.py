"""An invented organisation for Bắc Ninh: teams of its 99 units and of the province, every name and number made up."""

from __future__ import annotations

import random
from collections.abc import Iterator

from services.notify.handlers.load_organisation import PersonEntry, TeamEntry
from services.notify.rules.escalation import Position
from shared.contracts.teams import Function, commune_team, province_team
from shared.places import Unit, bac_ninh

SEED = 24
DUTY_PHONE = "02223800000"
"""Eleven characters, as it stands in messages; invented."""
FIRST_NUMBER = 84_990_100_000
"""Numbers of a mobile prefix that is not given to subscribers in this range here; invented."""

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Đào",
    "Lương",
    "Ngọ",
    "Tạ",
)
MIDDLE = {"f": ("Thị", "Thu", "Thanh", "Ngọc", "Bích"), "m": ("Văn", "Đức", "Minh", "Quang", "Xuân")}
GIVEN = {
    "f": (
        "Mến",
        "Lành",
        "Hiền",
        "Phượng",
        "Tuyết",
        "Loan",
        "Ngân",
        "Vân",
        "Thoa",
        "Bích",
        "Hạnh",
        "Duyên",
        "Yến",
        "Sen",
    ),
    "m": (
        "Lực",
        "Sáng",
        "Đạt",
        "Khoa",
        "Hùng",
        "Định",
        "Toàn",
        "Khánh",
        "Bình",
        "Quân",
        "Cường",
        "Thắng",
        "Sơn",
        "Hải",
    ),
}

_COMMUNE: dict[Function, tuple[str, str]] = {
    Function.SOCIAL: ("Nhóm thường trực BVTE {unit}", "Child protection, {unit}"),
    Function.POLICE: ("Công an {unit}", "Police, {unit}"),
    Function.LEADERS: ("UBND {unit}", "People's Committee, {unit}"),
    Function.HEALTH: ("Trạm y tế {unit}", "Health station, {unit}"),
    Function.JUSTICE: ("Tư pháp {unit}", "Justice, {unit}"),
    Function.EDUCATION: ("Giáo dục {unit}", "Education, {unit}"),
    Function.UNIONS: ("Hội Phụ nữ, Đoàn thanh niên {unit}", "Women's and Youth Union, {unit}"),
}
_PROVINCE: dict[Function, tuple[str, str]] = {
    Function.DUTY: ("Trực tỉnh", "Province duty desk"),
    Function.POLICE: ("Công an tỉnh", "Province police"),
    Function.CHILD_PROTECTION: ("Cơ quan bảo vệ trẻ em tỉnh", "Province child protection office"),
    Function.SOCIAL: ("Công tác xã hội tỉnh", "Province social work"),
    Function.HOSPITAL: ("Bệnh viện tỉnh", "Province hospital"),
    Function.HEALTH: ("Y tế tỉnh", "Province health"),
    Function.LEGAL_AID: ("Trợ giúp pháp lý tỉnh", "Province legal aid"),
    Function.LABOUR: ("Lao động tỉnh", "Province labour"),
    Function.EDUCATION: ("Giáo dục tỉnh", "Province education"),
    Function.JUSTICE: ("Tư pháp tỉnh", "Province justice"),
    Function.UNIONS: ("Hội Phụ nữ, Đoàn thanh niên tỉnh", "Women's and Youth Union of the province"),
    Function.LEADERS: ("UBND tỉnh", "People's Committee of the province"),
    Function.COMMITTEE: ("Ban Chỉ đạo bảo vệ, chăm sóc trẻ em tỉnh", "Province steering committee"),
}
_HEADS_ONLY = frozenset({Function.LEADERS, Function.COMMITTEE})
_BOTH = frozenset({Function.SOCIAL, Function.DUTY})


def _teams() -> Iterator[TeamEntry]:
    for unit in bac_ninh():
        for function, (vi, en) in _COMMUNE.items():
            code = commune_team(function, unit.code)
            yield TeamEntry(code, vi.format(unit=unit.name), en.format(unit=unit.name), unit.code, DUTY_PHONE)
    for function, (vi, en) in _PROVINCE.items():
        yield TeamEntry(province_team(function), vi, en, None, DUTY_PHONE)


def positions(function: Function) -> tuple[Position, ...]:
    """Return the positions that a team of this function has people for."""
    if function in _HEADS_ONLY:
        return (Position.HEAD,)
    return (Position.WORKER, Position.HEAD) if function in _BOTH else (Position.WORKER,)


def _people(teams: tuple[TeamEntry, ...]) -> Iterator[PersonEntry]:
    chance = random.Random(SEED)  # noqa: S311 - invented names, the same at every start
    number = FIRST_NUMBER
    for team in teams:
        function = Function(team.code.removesuffix(f"-{team.unit_code}").removeprefix("province-"))
        for position in positions(function):
            number += 1
            key = f"sample {team.code} {position.value}"
            yield PersonEntry(key, _name(chance), f"+{number}", team.code, position)


def _name(chance: random.Random) -> str:
    kind = chance.choice(("f", "m"))
    return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE[kind])} {chance.choice(GIVEN[kind])}"


TEAMS: tuple[TeamEntry, ...] = tuple(_teams())
PEOPLE: tuple[PersonEntry, ...] = tuple(_people(TEAMS))


def units() -> list[Unit]:
    """Return the units that have teams."""
    return list(bac_ninh())
