"""The product and the carrier as processes, for demonstrations, smoke runs and measurements."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from shared.settings import PREFIX

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "demo-token-of-the-local-carrier"  # noqa: S105 - checked by the carrier on this machine only
SENDER = "+15005550006"
"""Twilio's own test number; the local carrier is the only one that ever sees it."""
START_SECONDS = 90.0
STOP_SECONDS = 15.0
REQUEST_SECONDS = 20.0
PAUSE = 0.1

Found = TypeVar("Found")


class NotStartedError(Exception):
    """A process ended or did not become ready; the message ends with what it printed."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(probe: Callable[[], Found | None], seconds: float) -> Found | None:
    """Ask `probe` until it answers something true; None when the time is over."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if found := probe():
                return found
        if time.monotonic() > end:
            return None
        time.sleep(PAUSE)


def call(method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """Make an HTTP request and return its status and JSON answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - addresses of this machine only
        url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        raw = error.read()
        with contextlib.suppress(ValueError):
            return error.code, json.loads(raw)
        return error.code, raw.decode(errors="replace")


@dataclass
class Process:
    """One process of ours in a session of its own, its output in a file."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready_url: str
    _process: subprocess.Popen[bytes] | None = None
    _output: IO[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is ready, or raise `NotStartedError`."""
        self._output = self.log.open("ab")
        self._process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if wait_for(self._ready, START_SECONDS) is not True:
            self.kill()
            raise NotStartedError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def _ready(self) -> bool | None:
        if self._process is None or self._process.poll() is not None:
            return False if self._process is None else self._gone()
        with urllib.request.urlopen(self.ready_url, timeout=2) as answer:  # noqa: S310 - our own process
            return bool(answer.status == 200)  # noqa: PLR2004 - OK

    def _gone(self) -> bool:
        raise NotStartedError(f"{self.name} ended:\n{self.log.read_text(errors='replace')[-2000:]}")

    @property
    def pid(self) -> int:
        """The process's id; 0 before the start."""
        return self._process.pid if self._process else 0

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int | None:
        """Ask it to stop and return its exit status; kill it when it does not."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close()
        return self._process.returncode

    def kill(self) -> None:
        """Kill it with everything it started, without a chance to tidy up."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._close()

    def _close(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None


@dataclass
class Stage:
    """A carrier and the product on this machine, on free ports, with data in one directory.

    `split` runs three processes, which needs Kafka (`kafka`, as host:port) and a database for all.
    """

    directory: Path
    port: int = 0
    kafka: str | None = None
    split: bool = False
    clock_speed: float = 1.0
    callbacks: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: "stage-" + secrets.token_hex(24))
    carrier: Process = field(init=False)
    products: list[Process] = field(init=False)

    def __post_init__(self) -> None:
        """Choose ports and write down how each process is started."""
        self.directory.mkdir(parents=True, exist_ok=True)
        carrier_port = free_port()
        self.carrier_url = f"http://127.0.0.1:{carrier_port}"
        names = ("intake", "triage", "notify") if self.split else ("all",)
        ports = {name: self.port or free_port() for name in names}
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        self.anchor = datetime.now(UTC).isoformat()
        self.carrier = Process(
            "carrier",
            [
                *(sys.executable, "-m", "deploy.demo.carrier", "--port", str(carrier_port)),
                *("--account-sid", ACCOUNT_SID, "--auth-token", AUTH_TOKEN),
                *("--sms-webhook", f"{self.notify_url}/webhooks/twilio/sms"),
                *("--callbacks", "on" if self.callbacks else "off"),
            ],
            {},
            self.directory / "carrier.log",
            f"{self.carrier_url}/demo/phones.json",
        )
        heedline = str(Path(sys.executable).with_name("heedline"))
        self.products = [
            Process(
                name,
                [heedline, "serve", name],
                self._environment(ports[name]),
                self.directory / f"{name}.log",
                f"{self.urls[name]}/readyz",
            )
            for name in names
        ]

    @property
    def intake_url(self) -> str:
        """Where reports are sent."""
        return self.urls.get("intake") or self.urls["all"]

    @property
    def triage_url(self) -> str:
        """Where cases are judged."""
        return self.urls.get("triage") or self.urls["all"]

    @property
    def notify_url(self) -> str:
        """Where alerts are asked for and the carrier reports."""
        return self.urls.get("notify") or self.urls["all"]

    def _environment(self, port: int) -> dict[str, str]:
        values = {
            "PORT": str(port),
            "DATA_DIR": str(self.directory / "data"),
            "PUBLIC_URL": self.notify_url,
            "BOOTSTRAP_API_KEY": self.key,
            "SAMPLE_DATA": "bac-ninh",
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM": SENDER,
            "TWILIO_API_BASE": self.carrier_url,
            "CLOCK_SPEED": str(self.clock_speed),
            "CLOCK_ANCHOR": self.anchor,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka or "",
            "INTAKE_URL": self.intake_url,
            "TRIAGE_URL": self.triage_url,
            "NOTIFY_URL": self.notify_url,
            **self.extra,
        }
        return {PREFIX + name: value for name, value in values.items()}

    def start(self) -> None:
        """Start the carrier and the product."""
        self.carrier.start()
        self.start_products()

    def start_products(self) -> None:
        """Start the product's processes, after a stop or a kill as well."""
        for product in self.products:
            product.start()

    def kill_products(self) -> None:
        """Kill the product's processes with -9; PostgreSQL and the carrier live on."""
        for product in self.products:
            product.kill()

    def stop(self) -> list[int | None]:
        """Stop everything; return the exit statuses of the product's processes."""
        statuses = [product.stop() for product in reversed(self.products)]
        self.carrier.stop()
        return statuses

    def api(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Ask the product, the right process of it, as the bootstrap key."""
        of_intake = path.startswith(("/api/v1/reports", "/api/v1/ledger"))
        base = self.intake_url if of_intake else self.notify_url
        return call(method, base + path, body, {"Authorization": f"Bearer {self.key}", **headers})

    def sms(self) -> list[dict[str, Any]]:
        """Return every message that the carrier took, in order."""
        messages: list[dict[str, Any]] = []
        start = 0
        while True:
            _, page = call("GET", f"{self.carrier_url}/demo/messages.json?since={start}")
            messages += page["messages"]
            if not page["messages"]:
                return messages
            start = page["next"]

    def reply(self, number: str, body: str) -> tuple[int, Any]:
        """Answer from a phone, as its owner would."""
        return call("POST", f"{self.carrier_url}/demo/phones/{number.replace('+', '%2B')}", {"body": body})
