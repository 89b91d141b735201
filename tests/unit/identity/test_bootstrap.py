from __future__ import annotations

import pytest

from shared.identity.bootstrap import bootstrap_id, bootstrap_key, key_hash
from shared.settings import SettingError, Settings

CHECK_KEY = "check-" + "0123456789abcdef" * 2


def test_key_of_the_checks_is_accepted() -> None:
    assert bootstrap_key(Settings(bootstrap_api_key=CHECK_KEY)) == CHECK_KEY


def test_absent_key_is_no_key() -> None:
    assert bootstrap_key(Settings()) is None


@pytest.mark.parametrize("wrong", ["a" * 31, "a" * 31 + " ", "khoá" * 10, "a" * 32 + "\n", "a" * 32 + "\x7f"])
def test_key_that_could_be_guessed_or_mistyped_stops_the_start_with_a_sentence(wrong: str) -> None:
    with pytest.raises(SettingError, match="HEEDLINE_BOOTSTRAP_API_KEY is wrong: write at least 32") as raised:
        bootstrap_key(Settings(bootstrap_api_key=wrong))
    assert wrong not in str(raised.value)


def test_every_service_gives_the_key_the_same_id() -> None:
    assert bootstrap_id(CHECK_KEY) == bootstrap_id(CHECK_KEY)
    assert bootstrap_id(CHECK_KEY) != bootstrap_id(CHECK_KEY + "x")


def test_key_is_not_in_its_hash() -> None:
    assert CHECK_KEY not in key_hash(CHECK_KEY)
    assert len(key_hash(CHECK_KEY)) == 64
