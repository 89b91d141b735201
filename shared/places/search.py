"""Communes offered while somebody types."""

from __future__ import annotations

from shared.places.folding import fold
from shared.places.resolve import candidates
from shared.places.today import today
from shared.places.units import BAC_NINH, Unit


def search(text: str, limit: int = 20) -> tuple[Unit, ...]:
    """Find units while somebody types: words may be cut at their end, marks left out, the province added.

    Bắc Ninh's units come first, then names that begin with the text, then by name. A text that no name fits is read as
    `resolve` does: a former name finds what it became, a name in its district what it may mean.
    """
    wanted = fold(text)
    if not wanted:
        return ()
    found = [(line, bare, unit) for line, bare, unit in today().lines if f" {wanted}" in line]
    found.sort(
        key=lambda entry: (entry[2].province_code != BAC_NINH, not _begins(entry[0], entry[1], wanted), entry[1])
    )
    return tuple(unit for _line, _bare, unit in found[:limit]) or candidates(text)[:limit]


def _begins(line: str, bare: str, wanted: str) -> bool:
    return bare.startswith(wanted) or line.startswith(f" {wanted}")
