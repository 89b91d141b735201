"""Makes `shared/places/former_units.csv.gz`: the provinces, districts and communes of before 1/7/2025.

The units come from `vietnam-provinces` 0.6.0, the last edition with districts, which is no dependency of the project:

    pip install --no-deps --target FOLDER vietnam-provinces==0.6.0
    python -m deploy.former_units FOLDER

Columns: codes of province and district, code and name of the unit, and the unit of the installed (today's) data set that
took it in, empty where that is not known. A row's level is that of its last code; a district became no unit.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

from shared.places.data import FORMER_UNITS_PATH
from shared.places.folding import fold, marked, syllables
from shared.places.units import Level, without_kind

MERGED_PROVINCES: Final[Mapping[str, int]] = {
    "Hà Giang": 8,
    "Yên Bái": 15,
    "Bắc Kạn": 19,
    "Vĩnh Phúc": 25,
    "Hoà Bình": 25,
    "Bắc Giang": 24,
    "Thái Bình": 33,
    "Hải Dương": 31,
    "Hà Nam": 37,
    "Nam Định": 37,
    "Quảng Bình": 44,
    "Quảng Nam": 48,
    "Kon Tum": 51,
    "Bình Định": 52,
    "Ninh Thuận": 56,
    "Phú Yên": 66,
    "Đắk Nông": 68,
    "Bình Thuận": 68,
    "Bình Phước": 75,
    "Bà Rịa - Vũng Tàu": 79,
    "Bình Dương": 79,
    "Long An": 80,
    "Tiền Giang": 82,
    "Bến Tre": 86,
    "Trà Vinh": 86,
    "Kiên Giang": 91,
    "Sóc Trăng": 92,
    "Hậu Giang": 92,
    "Bạc Liêu": 96,
}
"""Provinces whose name ceased on 1/7/2025 and the codes of those that took them in (Resolution 202/2025/QH15)."""


class Commune(NamedTuple):
    """A commune of either data set, with its name without type, with and without marks."""

    code: int
    marks: tuple[str, ...]
    folded: str
    district: int | None = None


def main(folder: Path) -> None:
    """Write the file from the former data set installed in `folder`."""
    path = folder / "vietnam_provinces" / "data" / "nested-divisions.json"
    former = json.loads(path.read_text(encoding="utf-8"))
    today = json.loads(NESTED_DIVISIONS_JSON_PATH.read_text(encoding="utf-8"))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows(former, today))
    FORMER_UNITS_PATH.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def rows(former: list[dict[str, Any]], today: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    """Give the file's rows, each unit before those within it."""
    provinces = _province_successors(former, today)
    communes = _commune_successors(former, today, provinces)
    for province in former:
        yield province["code"], None, None, province["name"], provinces[province["code"]]
        for district in province["districts"]:
            yield province["code"], district["code"], None, district["name"], None
            for ward in district["wards"]:
                code = ward["code"]
                yield province["code"], district["code"], code, ward["name"], communes.get(code)


def _province_successors(former: list[dict[str, Any]], today: list[dict[str, Any]]) -> dict[int, int]:
    named = {fold(without_kind(Level.PROVINCE, name)): code for name, code in MERGED_PROVINCES.items()}
    named |= {fold(without_kind(Level.PROVINCE, province["name"])): province["code"] for province in today}
    return {province["code"]: named[fold(without_kind(Level.PROVINCE, province["name"]))] for province in former}


def _commune_successors(
    former: list[dict[str, Any]], today: list[dict[str, Any]], provinces: Mapping[int, int]
) -> dict[int, int]:
    """Return today's code of every former commune whose successor is certain."""
    past: defaultdict[int, list[Commune]] = defaultdict(list)
    for province in former:
        for district in province["districts"]:
            past[provinces[province["code"]]] += [_commune(ward, district["code"]) for ward in district["wards"]]
    claims: defaultdict[int, list[int]] = defaultdict(list)
    for province in today:
        present = [_commune(ward) for ward in province["wards"]]
        for unit, source in _pairs(past[province["code"]], present):
            claims[source].append(unit)
    return {source: units[0] for source, units in claims.items() if len(units) == 1}


def _pairs(past: list[Commune], present: list[Commune]) -> Iterator[tuple[int, int]]:
    """Give each unit of a province of today with the former one that it continues.

    Both bear the name. A unit of today also bears the code of one of those it was made from; that code's former district
    must be the namesake's, else the name is a coincidence: Hà Nội's Phường Hồng Hà is not Xã Hồng Hà of Đan Phượng.
    """
    districts = {unit.code: unit.district for unit in past}
    by_marks, by_fold = _grouped((unit.marks, unit) for unit in past), _grouped((unit.folded, unit) for unit in past)
    exact = {unit.marks for unit in present}
    for unit in present:
        district = districts.get(unit.code)
        namesakes = by_marks.get(unit.marks, [])
        if not namesakes:
            namesakes = [other for other in by_fold.get(unit.folded, []) if other.marks not in exact]
        kept = [other for other in namesakes if other.code == unit.code]
        near = kept or [other for other in namesakes if other.district == district]
        if district is None and len(namesakes) == 1 and namesakes[0].marks == unit.marks:
            near = namesakes
        if len(near) == 1:
            yield unit.code, near[0].code


def _commune(ward: dict[str, Any], district: int | None = None) -> Commune:
    bare = without_kind(Level.COMMUNE, ward["name"])
    return Commune(ward["code"], marked(syllables(bare)), fold(bare), district)


def _grouped(pairs: Iterable[tuple[Any, Commune]]) -> dict[Any, list[Commune]]:
    groups: defaultdict[Any, list[Commune]] = defaultdict(list)
    for key, unit in pairs:
        groups[key].append(unit)
    return groups


if __name__ == "__main__":
    main(Path(sys.argv[1]))
