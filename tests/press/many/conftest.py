"""A handbook of several small clients, of which some fail in ways of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FAULTS = {  # by client: what is added to its client.yml
    "one": "",
    "raises": "parameters: {drivers: {fault: raise}}\n",
    "dies": "parameters: {sampling: {fault: die}}\n",
    "two": "",
}


@pytest.fixture
def place(small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small handbook, which is where commands run."""
    here = Path(shutil.copytree(small_project, tmp_path / "handbook"))
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def several(place: Path) -> Path:
    """The same with a client for each way to end; each has its name in its answers."""
    for name, more in FAULTS.items():
        folder = Path(shutil.copytree(place / "data" / "small", place / "data" / name))
        config = folder / "client.yml"
        told = config.read_text(encoding="utf-8").replace("Small & Sound", f"Planted-{name}")
        config.write_text(told + more, encoding="utf-8")
    shutil.rmtree(place / "data" / "small")
    faulty = place / "data" / "faulty"
    shutil.copytree(place / "data" / "one", faulty)
    (faulty / "client.yml").write_text("name: Faulty\nwave: none\n", encoding="utf-8")
    return place
