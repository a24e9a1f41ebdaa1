"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

if "PYTEST_XDIST_WORKER" in os.environ:  # workers fill the cores: one thread each, as in reports
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")

import numpy as np
import pytest
from filelock import FileLock
from forked import Started

PROJECT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("handbook")


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's own folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public reference data, which is not part of the project."""
    folder = PROJECT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the public reference data (../shared/data) is not here")
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    """One seed for every test, so that a failure can be seen again."""
    return np.random.default_rng(20260630)


@pytest.fixture
def lasting_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads foreign files goes on from folder to folder: to start one is long."""
    monkeypatch.setattr("helpers.study.opening.confined", SimpleNamespace(close=lambda: None))


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """``once(name, make)``: a folder that one worker fills with ``make``, and all others find."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def get(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = common / name, common / f"{name}.done"
        with FileLock(common / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return get


@pytest.fixture(scope="session")
def one_builder(project: Path) -> Iterator[None]:
    """Books that this process asks for are made in forks of one, as those of many clients are."""
    from helpers.press.many.builder import builder

    with builder(project):
        yield


Handbook = Callable[..., subprocess.CompletedProcess[str]]
BUILDER = "BOOK_BUILDER"  # in the environment of who has `one_builder`


@pytest.fixture(scope="session")
def handbook_in() -> Handbook:
    """The command, as a process of its own in a given folder, which makes its own books."""

    def call(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(COMMAND), *map(str, words)]
        own = {name: told for name, told in os.environ.items() if name != BUILDER}
        return subprocess.run(
            command, cwd=folder, env=own, capture_output=True, text=True, check=False
        )

    return call


@pytest.fixture(scope="session")
def forked_in() -> Iterator[Handbook]:
    """The same, forked from a process that waits with all libraries: for short commands."""
    started = Started()
    yield started.call
    started.end()
