"""Communes while one types, as JSON."""

from __future__ import annotations

import pytest

from shared.places import BAC_NINH
from tests.integration.intake_pages.console import Console


@pytest.mark.parametrize("text", ["Phường Võ Cường", "vo cuong", "võ c", "VO CUONG bac ninh"])
async def test_a_commune_is_found_however_it_is_typed(console: Console, text: str) -> None:
    answer = await console.get("/console/places", params={"q": text})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()[0] == {
        "code": 9190,
        "name": "Phường Võ Cường",
        "province_code": BAC_NINH,
        "province_name": "Bắc Ninh",
    }


@pytest.mark.parametrize("text", ["", "  "])
async def test_without_a_text_all_99_units_of_bac_ninh_are_offered(console: Console, text: str) -> None:
    found = (await console.get("/console/places", params={"q": text})).json()
    assert len(found) == 99
    assert {unit["province_code"] for unit in found} == {BAC_NINH}


async def test_the_rest_of_the_country_follows_bac_ninh(console: Console) -> None:
    found = (await console.get("/console/places", params={"q": "tan"})).json()
    provinces = [unit["province_code"] == BAC_NINH for unit in found]
    assert provinces == sorted(provinces, reverse=True)
    assert 1 < len(found) <= 12


async def test_what_no_commune_bears_finds_nothing(console: Console) -> None:
    assert (await console.get("/console/places", params={"q": "zzzz" * 1000})).json() == []
