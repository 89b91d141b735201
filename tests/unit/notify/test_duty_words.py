"""What duty's pages say beyond their templates has its English."""

from __future__ import annotations

import ast
from pathlib import Path

from services.notify import duty_day_pages, duty_holes, duty_pages, duty_swap_pages, duty_view
from services.notify.duty_words import FAULTS, fault_text
from services.notify.rules.duty_file import Fault, LineFault
from tests.support.translations import translated

ROOT = Path(__file__).parents[3]
NOTIFY = ROOT / "services" / "notify"


def _refusals() -> set[str]:
    """Return every Vietnamese constant of the code that refuses a change of duty."""
    files = [*NOTIFY.glob("duty_*.py"), *(NOTIFY / "handlers" / f"{name}.py" for name in ("plan_duty", "swap_duty"))]
    found: set[str] = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="DutyRefusedError") | ast.Attribute(attr="__init__"), args=[first, *_]):
                    found |= (
                        {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()
                    )
                case _:
                    continue
    return found


def test_every_refusal_and_choice_has_english() -> None:
    said = _refusals()
    assert len(said) > 8
    choices = {*duty_pages.SOURCES.values(), *duty_swap_pages.SWAP_WORDS.values(), *duty_day_pages.KINDS.values()}
    shown = {*duty_holes.HOLE_WORDS.values(), *duty_view.POSITION_WORDS.values(), duty_holes.PROVINCE}
    assert (said | choices | shown) - translated([NOTIFY, ROOT / "shared" / "web"]) == set()


def test_every_fault_of_a_file_is_said_in_both_languages_with_its_value() -> None:
    assert FAULTS.keys() == set(Fault)
    for fault in Fault:
        said = {fault_text(LineFault(2, fault, "x-1"), locale) for locale in ("vi", "en")}
        assert len(said) == 2
        assert not any("{" in text for text in said)
