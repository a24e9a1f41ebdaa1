"""SPSS files that are cut off, changed, or claim what they do not hold: one fault, soon."""

from __future__ import annotations

import struct
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from helpers.study import check_client, opening


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """The process that reads goes on from test to test: to start one takes a while."""
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


@pytest.fixture
def responses(client):
    folder = client({"responses.csv": None})
    ids = [f"r{n}" for n in range(20)]
    frame = pd.DataFrame({"response_id": ids, "nps": 9.0, "ease": 8.0, "trouble": 2.0})
    labels = {"trouble": {1.0: "none", 5.0: "much"}}
    path = folder / "responses.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)
    return path


def errors(path):
    start = time.monotonic()
    found = [str(fault) for fault in check_client(path.parent) if fault.severity == "error"]
    assert time.monotonic() - start < 10
    return found


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.6])
def test_a_truncated_file_is_one_fault(responses, share):
    responses.write_bytes(responses.read_bytes()[: int(responses.stat().st_size * share)])
    (found,) = errors(responses)
    assert found.startswith("responses.sav: is not an SPSS file that can be read: ")


@pytest.mark.parametrize(
    ("place", "number"),
    [(64, 99), (68, 2**31 - 1), (68, -5), (72, 77), (76, -1), (80, 2**31 - 1), (80, 10**9)],
)
def test_a_header_that_claims_what_is_not_there_makes_no_crash(responses, place, number):
    data = bytearray(responses.read_bytes())
    data[place : place + 4] = struct.pack("<i", number)
    responses.write_bytes(data)
    for found in errors(responses):
        assert "responses.sav" in found or "in responses" in found


@pytest.mark.parametrize("seed", range(12))
def test_changed_bytes_make_no_crash(responses, seed):
    data = bytearray(responses.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(4, len(data), size=30):
        data[place] = rng.integers(256)
    responses.write_bytes(data)
    errors(responses)
