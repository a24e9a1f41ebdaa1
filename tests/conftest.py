"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

if "PYTEST_XDIST_WORKER" in os.environ:  # workers fill the cores: one thread each, as in reports
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")

import numpy as np
import pytest

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


Handbook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def handbook_in() -> Handbook:
    """The command, as a process of its own in a given folder."""

    def call(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(COMMAND), *map(str, words)]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    return call
