"""Every text of a page has its English."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.translations import texts, translated

ROOT = Path(__file__).parents[2]
FRAME = ROOT / "shared" / "web"


@pytest.mark.parametrize(
    "folder", [FRAME, ROOT / "services" / "intake", ROOT / "services" / "notify"], ids=lambda f: f.name
)
def test_every_text_has_english(folder: Path) -> None:
    found = texts([folder])
    assert found
    assert found - translated([FRAME, folder]) == set()
