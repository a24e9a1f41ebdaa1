"""Fixtures that every test may ask for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

PROJECT = Path(__file__).resolve().parents[1]


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
