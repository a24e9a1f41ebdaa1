"""A store, a scheduler and workers of the tests' own, on loopback, and twelve small clients."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PYTHON = Path(".tools/store/bin/python")  # moto's own environment: see the Makefile
DASK = Path(sys.executable).with_name("dask")
COMMAND = Path(sys.executable).with_name("handbook")
CLIENTS = tuple(f"client-{number:02}" for number in range(1, 13))
QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@dataclass(frozen=True)
class ServedStore:
    """Where an S3-compatible store listens, and what lets somebody in."""

    python: str
    port: int
    bucket: str
    writer: tuple[str, str]
    reader: tuple[str, str]

    def address(self, path: str, bucket: str = "", port: int = 0) -> str:
        """The address of something in it."""
        at = f"endpoint_override=127.0.0.1:{port or self.port}&scheme=http"
        return f"s3://{bucket or self.bucket}/{path}?{at}"

    def credentials(self, user: str = "writer") -> dict[str, str]:
        """As variables of an environment."""
        key, secret = getattr(self, user)
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}

    def plant(self, key: str) -> None:
        """Put an object under a name that no library of ours would write."""
        code = (
            "import boto3, sys; boto3.client('s3', endpoint_url=sys.argv[1], region_name="
            "'us-east-1').put_object(Bucket=sys.argv[2], Key=sys.argv[3], Body=b'x')"
        )
        words = [self.python, "-c", code, f"http://127.0.0.1:{self.port}", self.bucket, key]
        subprocess.run(words, check=True, env={**os.environ, **self.credentials()})


@pytest.fixture(scope="session")
def served(project: Path) -> Iterator[ServedStore]:
    """A store in a process of its own."""
    python = project / PYTHON
    if not python.exists():
        pytest.skip("moto is not installed: make test-cluster does it")
    command = [str(python), str(Path(__file__).with_name("served_store.py"))]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        told = json.loads(server.stdout.readline())
        yield ServedStore(str(python), told["port"], told["bucket"], told["writer"], told["reader"])
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def let_in(served: ServedStore, monkeypatch: pytest.MonkeyPatch) -> ServedStore:
    """The store, with the writer's credentials in this process's environment."""
    for name, value in served.credentials().items():
        monkeypatch.setenv(name, value)
    return served


@pytest.fixture(scope="session")
def twelve(small_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small handbook, and beside its own client twelve that differ in name and answers."""
    place = Path(shutil.copytree(small_project, tmp_path_factory.mktemp("twelve") / "handbook"))
    for number, name in enumerate(CLIENTS, 1):
        folder = shutil.copytree(place / "data" / "small", place / "clients" / name)
        declared = (folder / "client.yml").read_text(encoding="utf-8")
        named = declared.replace("Small & Sound", f"Number {number} & Sons")
        (folder / "client.yml").write_text(named, encoding="utf-8")
        rows = [f"r{n},2026H1,{(n * number) % 11},{(n + number) % 11}" for n in range(30 + number)]
        answers = "\n".join(["response_id,wave,nps,ease", *rows, ""])
        (folder / "responses.csv").write_text(answers, encoding="utf-8")
    return place


@dataclass
class Machines:
    """A scheduler and its workers, each a process group of its own."""

    place: Path
    environment: dict[str, str]
    folder: Path
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def schedule(self) -> None:
        """Start a scheduler, on the same port as one before it."""
        told = self.folder / f"scheduler-{time.monotonic_ns()}.json"
        self.scheduler = self._start(
            "scheduler", *QUIET, "--port", str(self.port), "--scheduler-file", str(told)
        )
        until(lambda: told.is_file() and told.read_text().rstrip().endswith("}"))
        address = json.loads(told.read_text())["address"]
        self.port = int(address.rpartition(":")[2])

    def work(self, *, threads: int = 1, daemon: bool = False) -> subprocess.Popen[bytes]:
        """Start a worker."""
        worker = self._start(
            "worker", self.address, "--nthreads", str(threads), *QUIET, "--memory-limit", "3GB",
            "--local-directory", str(self.folder / f"worker-{len(self.workers)}"),
            daemon=daemon,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def _start(self, *words: str, daemon: bool = False) -> subprocess.Popen[bytes]:
        settings = {
            **os.environ, **self.environment, "DASK_DISTRIBUTED__WORKER__DAEMON": str(daemon)
        }  # fmt: skip
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [str(DASK), *words], cwd=self.place, env=settings, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group at once, as a machine that loses its power."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def until(true: Callable[[], object], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


@pytest.fixture
def killed() -> Callable[[subprocess.Popen[bytes]], None]:
    """End a process and its group at once."""
    return kill


@pytest.fixture
def machines(twelve: Path, served: ServedStore, tmp_path: Path) -> Iterator[Machines]:
    """A scheduler of the tests' own, and no worker yet."""
    with ExitStack() as stack:
        made = Machines(twelve, served.credentials(), tmp_path)
        stack.callback(made.end)
        made.schedule()
        yield made
