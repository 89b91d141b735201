"""Whether a file may be kept, and what of it: its kind by two opinions, and pictures drawn anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import puremagic

from services.intake.pictures import draw_anew
from services.intake.rules.file_kind import Kind, Refusal, kind_of

_ALSO_CALLED: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.JPEG: frozenset({".jpg", ".jpeg", ".jfif"}),
    Kind.PNG: frozenset({".png", ".apng"}),
    Kind.WEBP: frozenset({".webp"}),
    Kind.GIF: frozenset({".gif"}),
    Kind.PDF: frozenset({".pdf"}),
}
"""How puremagic calls the kinds of which it must think the same; of sound it knows too little."""
_NEVER: Final = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".js"})


def checked(data: bytes) -> tuple[bytes, Kind] | Refusal:
    """Return what is kept of a whole file and its kind, or why nothing is."""
    kind = kind_of(data)
    if isinstance(kind, Refusal):
        return kind
    if not _agreed(data, kind):
        return Refusal.UNKNOWN
    return draw_anew(data, kind) if kind.picture else (data, kind)


def _agreed(data: bytes, kind: Kind) -> bool:
    try:
        found = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        found = []
    named = {match.extension.lower() for match in found}
    expected = _ALSO_CALLED.get(kind)
    if expected is None:
        return named.isdisjoint(_NEVER)
    return not named.isdisjoint(expected)
