"""A local carrier as a process, for tests."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.demo.processes import ACCOUNT_SID, AUTH_TOKEN, Process, call, free_port


class RunningCarrier:
    """Where it is, and how its numbers behave."""

    def __init__(self, url: str) -> None:
        self.url = url

    def behave(self, number: str, mode: str) -> None:
        status, _ = call("PUT", f"{self.url}/demo/phones/{number.replace('+', '%2B')}/behaviour", {"mode": mode})
        assert status == 200

    def behave_in_calls(self, number: str, mode: str) -> None:
        status, _ = call("PUT", f"{self.url}/demo/phones/{number.replace('+', '%2B')}/behaviour", {"call": mode})
        assert status == 200


@contextmanager
def running_carrier(*arguments: str) -> Iterator[RunningCarrier]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="hlcarrier") as directory:
        command = [sys.executable, "-m", "deploy.demo.carrier", "--port", str(port), *arguments]
        command += ["--account-sid", ACCOUNT_SID, "--auth-token", AUTH_TOKEN]
        process = Process("carrier", command, {}, Path(directory) / "log", f"{url}/demo/phones.json")
        process.start()
        try:
            yield RunningCarrier(url)
        finally:
            assert process.stop() == 0
