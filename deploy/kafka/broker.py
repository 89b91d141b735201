"""One Apache Kafka node (KRaft, no ZooKeeper) for development and tests, from Maven's jars and the machine's Java."""

from __future__ import annotations

import base64
import re
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

POM = Path(__file__).parent / "pom.xml"
CACHE = Path(".kafka")
"""Where the jars are kept, under the working directory; 43 MB."""

JAVA_NEEDED = 17
"""Kafka 4 brokers need Java 17."""
BROKER_JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A broker for one machine: compiling everything twice and collecting in parallel would take a core from the product."""
FETCH_LIMIT = 300.0
START_LIMIT = 60.0
STOP_LIMIT = 10.0
"""Seconds; a node that has not stopped by then is killed, which its log survives."""
LOOK_EVERY = 0.05

PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
auto.create.topics.enable=false
"""


class KafkaNotStartedError(Exception):
    """The local Kafka node did not start; the message says why and where its log is."""


def why_not(cache: Path = CACHE) -> str | None:
    """Tell in one sentence why a local node cannot run here, or return None when it can."""
    if shutil.which("java") is None:
        return f"Java is missing: install Java {JAVA_NEEDED} or newer, or give KAFKA_BOOTSTRAP_SERVERS."
    version = _java_version()
    if version < JAVA_NEEDED:
        return f"Java {version} is too old for Kafka: install Java {JAVA_NEEDED} or newer."
    if not _jars(cache).is_dir() and shutil.which("mvn") is None:
        return "Maven is missing: install it to fetch Kafka once, or give KAFKA_BOOTSTRAP_SERVERS."
    return None


def _java_version() -> int:
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


def _jars(cache: Path) -> Path:
    found = re.search(r"<kafka.version>([^<]+)<", POM.read_text())
    return cache / f"jars-{found.group(1) if found else 'unknown'}"


def fetch_jars(cache: Path = CACHE) -> Path:
    """Return the folder of the jars, copying them from Maven the first time; a half-made copy is never seen."""
    jars = _jars(cache)
    if jars.is_dir():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as directory:
        made = Path(directory).resolve() / "jars"
        command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={made}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FETCH_LIMIT)
        if done.returncode != 0:
            raise KafkaNotStartedError(f"Maven could not fetch Kafka: {done.stdout.strip()[-500:]}")
        if not jars.is_dir():
            made.rename(jars)
    return jars


class LocalKafka:
    """A node with its data under `directory`. Stopped or killed, it can be started again on the same port and data."""

    def __init__(self, directory: Path, *, cache: Path = CACHE, port: int | None = None) -> None:
        self._directory = directory.resolve()
        self._cache = cache
        self.port = port or _free_port()
        self._controller = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> str:
        """The address for clients, `host:port`."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and return when the node answers on its port; raises `KafkaNotStartedError`."""
        reason = why_not(self._cache)
        if reason is not None:
            raise KafkaNotStartedError(reason)
        self._directory.mkdir(parents=True, exist_ok=True)
        properties = self._write_properties()
        self._format(properties)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java(*BROKER_JVM), "kafka.Kafka", str(properties)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(self._process)

    def stop(self) -> None:
        """Stop, giving the node time to close its log."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def _log(self) -> Path:
        return self._directory / "broker.log"

    def _java(self, *options: str) -> list[str]:
        return ["java", *options, "-cp", f"{fetch_jars(self._cache).resolve()}/*"]

    def _write_properties(self) -> Path:
        path = self._directory / "server.properties"
        data = self._directory / "data"
        path.write_text(PROPERTIES.format(port=self.port, controller=self._controller, data=data))
        return path

    def _format(self, properties: Path) -> None:
        if (self._directory / "data" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        arguments = ["format", "-t", cluster, "-c", str(properties), "--standalone"]
        command = [*self._java(), "kafka.tools.StorageTool", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise KafkaNotStartedError(f"Kafka's storage could not be made: {done.stderr.strip()[-500:]}")

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        limit = time.monotonic() + START_LIMIT
        while not _listens(self.port):
            if process.poll() is not None:
                raise KafkaNotStartedError(f"Kafka ended at once; see {self._log}.")
            if time.monotonic() > limit:
                self.kill()
                raise KafkaNotStartedError(f"Kafka did not answer within {START_LIMIT:.0f} s; see {self._log}.")
            time.sleep(LOOK_EVERY)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
