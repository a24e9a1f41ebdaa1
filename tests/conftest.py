"""Fixtures that every test may ask for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
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


FED = ("accounts", "codebook", "contacts", "contracts", "financials", "invitations", "responses")
STRUCK = "window.struck=1"  # what any text of the client's would do, if anything of it ran
HOSTILE = {
    "script": f"<script>{STRUCK}</script>",
    "handler": f'<img src=x onerror="{STRUCK}">',
    "breaking out": f'"></span></td></figure><svg onload={STRUCK}>',
    "a link": f"[press me](javascript:{STRUCK})",
    "a role": "{math}`x` {ref}`nowhere` {raw-html}`<b>`",
    "a directive": f"```{{raw}} html <script>{STRUCK}</script>```",
    "formulas": r"$5 & $6 \href{javascript:window.struck=1}{x} $$y$$",
    "substitution": "{{ client }} %d {name} {0} {sampling:value}",
    "marks": "_under_ **bold** <b>tag</b> &amp; \\ `code` # no heading",
    "writing": "🚚 Ünïcode שלום 漢字 \u202eright to left",
    "formula": "=1+1|' /C calc'!A0",
}


@dataclass(frozen=True)
class HostileReport:
    """The demo client with hostile text wherever a client writes, and two reports of it."""

    client: Path
    first: Path
    again: Path
    said: str


@pytest.fixture(scope="session")
def hostile_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo client, its names, labels, regions and settings replaced by hostile text."""
    folder = tmp_path_factory.mktemp("clients") / "hostile"
    folder.mkdir()
    tables = {name: _demo(name) for name in FED}
    texts = list(HOSTILE.values())
    accounts, codebook = tables["accounts"], tables["codebook"]
    accounts["name"] = [f"{texts[i % len(texts)]} {i}" for i in range(len(accounts))]
    regions = {name: texts[i] for i, name in enumerate(sorted(set(accounts["region"])))}
    accounts["region"] = accounts["region"].map(regions)
    codebook["label"] = [f"{texts[i % len(texts)]} {i}" for i in range(len(codebook))]
    codebook["function"] = HOSTILE["handler"]
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "client.yml").write_text(_hostile_config(), encoding="utf-8")
    return folder


def _demo(table: str) -> pd.DataFrame:
    path = PROJECT / "data" / "northfield" / f"{table}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _hostile_config() -> str:
    """A ``client.yml``: JSON is YAML too, and quotes whatever stands in it."""
    few = {
        "sampling": {"margins": ["tier", "region"]},
        "drivers": {"replicates": 200},
        "linkage": {"replicates": 50},
        "value_map": {"replicates": 50},
    }
    return json.dumps(
        {
            "name": " ".join(HOSTILE.values()),
            "description": HOSTILE["a directive"],
            "sources": list(HOSTILE.values()),
            "currency": "USD",
            "as_of": "2026-06-30",
            "wave": "2026H1",
            "previous_wave": "2025H2",
            "segments": ["tier", "region"],
            "parameters": few,
        },
        ensure_ascii=False,
    )


@pytest.fixture(scope="session")
def hostile_report(
    hostile_client: Path, handbook_in: Handbook, tmp_path_factory: pytest.TempPathFactory
) -> HostileReport:
    """Two reports of the hostile client, made one after the other."""
    builds = [tmp_path_factory.mktemp(name) for name in ("first", "again")]
    said = []
    for build in builds:
        done = handbook_in(
            PROJECT, "run", os.path.relpath(hostile_client, PROJECT), "--output", build
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
    return HostileReport(hostile_client, *(build / "hostile" for build in builds), said[0])
