"""The example programs of the documentation, as a partner runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.partners.site import KEY, Site

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
PROGRAMS = {"report.py": [sys.executable, "-I"], "report.sh": ["sh"]}


def run(name: str, url: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    if name == "report.sh" and shutil.which("curl") is None:
        reason = "no curl found: install Debian's package curl"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    environment = {**os.environ, "HEEDLINE_URL": url, "HEEDLINE_KEY": key, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        [*PROGRAMS[name], str(EXAMPLES / name)], env=environment, capture_output=True, text=True, check=False
    )


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_example_sends_one_report_however_often_it_is_run(site: Site, name: str) -> None:
    first, again = run(name, site.url), run(name, site.url)
    assert (first.returncode, first.stderr) == (0, "")
    assert (again.returncode, again.stderr) == (0, "")
    assert "received" in first.stdout
    assert (site.count(), site.revisions()) == (1, 1)


@pytest.mark.parametrize("name", PROGRAMS)
def test_example_says_why_it_was_refused(site: Site, name: str) -> None:
    refused = run(name, site.url, "x" * 40)
    assert refused.returncode != 0
    assert "a key that is known here" in refused.stderr
    assert site.count() == 0
