"""What the pages of keys and letters look up by name has its English."""

from __future__ import annotations

from pathlib import Path

from services.notify import key_form, key_pages, key_view
from shared.events import errors
from shared.events.errors import SetAsideError
from shared.web import letter_pages
from shared.web.letter_words import REASONS, reason_words
from tests.support.translations import translated

ROOT = Path(__file__).parents[2]
FRAME, NOTIFY = ROOT / "shared" / "web", ROOT / "services" / "notify"


def test_what_the_pages_look_up_has_english() -> None:
    keys = {*key_form.WRONG.values(), *key_pages.SAID.values(), *key_view.CHANGES.values()}
    assert keys - translated([FRAME, NOTIFY]) == set()
    assert {*letter_pages.SAID.values(), *letter_pages.ACTS.values()} - translated([FRAME]) == set()


def test_every_reason_of_our_own_is_said_in_words_and_a_strange_one_by_its_name() -> None:
    own = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, SetAsideError)}
    assert own - {"SetAsideError"} <= REASONS.keys()
    assert reason_words("StrangeError", "vi") == "StrangeError"
    assert all(words.vi != words.en for words in REASONS.values())
