"""The units that the product comes with: today's by the `vietnam-provinces` data set, and those of before 1/7/2025.

`former_units.csv.gz` is made by `deploy/former_units.py`, which says what its columns mean. Both are read when first
needed.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

from shared.places.units import BEGINNING, LAST_BEFORE_REFORM, REFORM, Kind, Level, Record, kind_of

FORMER_UNITS_PATH: Final = Path(__file__).with_name("former_units.csv.gz")


def units_since_reform() -> Iterator[Record]:
    """Give the provinces and communes in force since 1/7/2025, each province before its communes."""
    for province in json.loads(NESTED_DIVISIONS_JSON_PATH.read_text(encoding="utf-8")):
        code, name = province["code"], province["name"]
        yield Record(code, name, _kind(Level.PROVINCE, name), code, REFORM)
        for ward in province["wards"]:
            yield Record(ward["code"], ward["name"], _kind(Level.COMMUNE, ward["name"]), code, REFORM)


def units_before_reform() -> Iterator[Record]:
    """Give the provinces, districts and communes that ended on 30/6/2025."""
    with gzip.open(FORMER_UNITS_PATH, "rt", encoding="utf-8", newline="") as file:
        for province, district, commune, name, successor in csv.reader(file):
            level = Level.COMMUNE if commune else Level.DISTRICT if district else Level.PROVINCE
            yield Record(
                code=int(commune or district or province),
                name=name.removeprefix("Tỉnh "),
                kind=_kind(level, name),
                province_code=int(province),
                valid_from=BEGINNING,
                valid_to=LAST_BEFORE_REFORM,
                successors=(int(successor),) if successor else (),
                district_code=int(district) if district else None,
            )


def _kind(level: Level, name: str) -> Kind:
    kind = kind_of(level, name)
    if kind is None:
        raise ValueError(f"{name} begins with no kind of unit that is known.")
    return kind
