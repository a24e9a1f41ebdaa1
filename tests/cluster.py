"""A PostgreSQL of the tests' own: on this machine, with a password, gone when they are done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from adbc_driver_postgresql import dbapi

USER, SECRET = "boss", "geheim-7"
READER, READERS_SECRET = "reader", "leise%@:/?#8"


@dataclass(frozen=True)
class Cluster:
    """Where it listens."""

    port: int

    def address(self, table: str, user: str = USER, options: str = "") -> str:
        """The address of a table, as a client would write it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/postgres/{table}{options}"

    @contextmanager
    def asked(self) -> Iterator[Any]:
        """A cursor of somebody who may do everything; what it did is kept."""
        home = f"postgresql://{USER}:{SECRET}@127.0.0.1:{self.port}/postgres"
        with dbapi.connect(home) as connection:
            with connection.cursor() as cursor:
                yield cursor
            connection.commit()

    def run(self, *statements: str) -> None:
        """Carry statements out."""
        with self.asked() as cursor:
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def started() -> Iterator[Cluster]:
    """Start one in a temporary folder; skip where PostgreSQL is not installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="pg-") as home:
        place = Path(home)
        _own(place)
        secret = place / "secret"
        secret.write_text(SECRET)
        _own(secret)
        data = place / "data"
        _run(programs / "initdb", "-D", data, "-A", "scram-sha-256", "-U", USER, "-E", "UTF8",
             "--locale=C", "--no-sync", f"--pwfile={secret}")  # fmt: skip
        port = _free_port()
        settings = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        )
        _run(programs / "pg_ctl", "-D", data, "-l", place / "log", "-o", settings, "-w", "start")
        try:
            yield Cluster(port)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _programs() -> Path:
    found = shutil.which("pg_ctl")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places = [Path(found).resolve().parent] if found else places
    if not places or not (places[0] / "initdb").exists():
        pytest.skip("PostgreSQL is not installed on this machine")
    if os.name != "posix":
        pytest.skip("the tests start PostgreSQL on POSIX systems only")
    return places[0]


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to be started by root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, "postgres")


def _run(*command: object) -> None:
    told = [*_as_somebody(), *map(str, command)]
    subprocess.run(told, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
