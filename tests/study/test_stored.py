"""A study that is kept: the same as read afresh, and never older than what it was read from."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from helpers.errors import InputFaults
from helpers.study import Study, open_study, opening, stored

KEY = """import sys
from pathlib import Path
from helpers.study import stored
stored.content_key(Path(sys.argv[1]))"""


@pytest.fixture
def store(tmp_path, monkeypatch) -> Path:
    place = tmp_path / "kept"
    monkeypatch.setenv("HANDBOOK_STUDIES", str(place))
    return place


@pytest.fixture
def client(client) -> Path:
    """The small client in a folder called acme, with tickets."""
    tickets = "ticket_id,account_id,trigger,created_at\nt1,007,detractor,2026-05-01 09:00\n"
    accounts = "account_id,name\n007,Bond\n008,Bill\n009,Ben\n"
    made = client({"tickets.csv": tickets, "accounts.csv": accounts})
    return made.rename(made.with_name("acme"))


@pytest.fixture
def readings(monkeypatch) -> list[Path]:
    """Each time that a folder is read, it is added here."""
    read, times = opening._read, []

    def counted(folder, findings):
        times.append(folder)
        return read(folder, findings)

    monkeypatch.setattr(opening, "_read", counted)
    return times


def assert_same(one: Study, other: Study) -> None:
    for part in fields(Study):
        first, second = getattr(one, part.name), getattr(other, part.name)
        if isinstance(first, pd.DataFrame):
            pd.testing.assert_frame_equal(first, second, check_exact=True)
        elif part.name == "tables":
            assert list(first) == list(second)
            for name in first:
                pd.testing.assert_frame_equal(first[name], second[name], check_exact=True)
        else:
            assert first == second, part.name


def test_a_kept_study_is_the_one_that_was_read(store, client, readings):
    fresh, again = open_study(client), open_study(client)
    assert len(readings) == 1
    assert_same(fresh, again)
    assert again.config.format("tickets") == fresh.config.format("tickets")
    assert again.config.model_fields_set == fresh.config.model_fields_set


def test_every_column_of_the_demo_client_comes_back(store, project):
    folder = project / "data" / "northfield"
    fresh = open_study(folder)
    again = stored.kept(folder, stored.content_key(folder))
    assert again is not None
    assert_same(fresh, again)


def test_a_kept_study_can_be_changed_like_a_fresh_one(store, client):
    open_study(client)
    table = open_study(client).tables["accounts"]
    table.iloc[0, 0] = "changed"
    assert open_study(client).tables["accounts"].iloc[0, 0] != "changed"


def test_answers_that_are_as_they_were_sent_lie_in_one_place(store, client):
    """Joined with the accounts they are half of all that is kept, and of what is read of it."""
    open_study(client)
    study = open_study(client)
    sent, joined = study.tables["responses"], study.joined
    (place,) = (store / "acme").iterdir()
    assert "nps" not in pa.ipc.open_file(place / "joined.arrow").schema.names
    one, other = (frame["nps"].to_numpy() for frame in (sent, joined))
    assert np.shares_memory(one, other)
    joined.iloc[0, joined.columns.get_loc("nps")] = 3.5
    assert 3.5 not in sent["nps"].tolist()


def test_answers_without_any_other_table_come_back(store, project, monkeypatch):
    """All that is joined is as it was sent: nothing but the order of columns is kept of it."""
    folder = project / "data" / "mobile"
    with monkeypatch.context() as off:
        off.setenv("HANDBOOK_STUDIES", "off")
        fresh = open_study(folder)
    open_study(folder)
    again = stored.kept(folder, stored.content_key(folder))
    assert again is not None
    assert_same(fresh, again)
    pd.testing.assert_frame_equal(again.responses, again.joined)
    one = again.joined.select_dtypes("float64").columns[0]  # of a single wave nothing is copied
    assert np.shares_memory(again.joined[one].to_numpy(), again.responses[one].to_numpy())


def test_with_the_store_off_nothing_is_kept(tmp_path, client, readings, monkeypatch):
    monkeypatch.setenv("HANDBOOK_STUDIES", "off")
    monkeypatch.chdir(tmp_path)
    open_study(client)
    open_study(client)
    assert len(readings) == 2


CHANGES = {
    "a cell": lambda folder: _put(folder / "responses.csv"),
    "the settings": lambda folder: _append(folder / "client.yml", "\n# a remark\n"),
    "the codebook": lambda folder: _append(folder / "codebook.csv", "\n"),
    "a new file": lambda folder: (folder / "notes.txt").write_text("later", encoding="utf-8"),
    "a file less": lambda folder: (folder / "tickets.csv").unlink(),
    "a file renamed": lambda folder: (folder / "tickets.csv").rename(folder / "Tickets.csv"),
    "a file below": lambda folder: _below(folder),
}


def _put(path: Path, old: str = ",8,7,", new: str = ",8,6,") -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _below(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "parts" / "responses.csv").write_text("x", encoding="utf-8")


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_the_folder_reads_it_again(change, store, client, readings):
    open_study(client)
    CHANGES[change](client)
    open_study(client)
    assert len(readings) == 2
    open_study(client)
    assert len(readings) == 2
    assert len(list((store / "acme").iterdir())) == 1, "only the newest is kept"


def test_a_folder_that_changes_as_it_is_opened_is_not_kept(store, client, monkeypatch):
    """Kept under the key of the files before, it would be given for them later."""
    first = open_study(client)
    shutil.rmtree(store)
    read = opening._read

    def late(folder, findings):
        _put(folder / "responses.csv")  # somebody saves the file after it was looked at
        return read(folder, findings)

    monkeypatch.setattr(opening, "_read", late)
    assert not open_study(client).joined.equals(first.joined)
    monkeypatch.setattr(opening, "_read", read)
    _put(client / "responses.csv", ",8,6,", ",8,7,")  # as it was at first
    pd.testing.assert_frame_equal(open_study(client).joined, first.joined)


def test_a_change_of_the_code_that_reads_reads_again(store, client, readings, monkeypatch):
    open_study(client)
    monkeypatch.setattr(stored, "_reading", lambda: [("opening.py", "another digest")])
    open_study(client)
    assert len(readings) == 2


def test_the_key_holds_every_module_that_reads():
    names = {name for name, _ in stored._reading()}
    assert {
        "opening.py",
        "values.py",
        "readers/records.py",
        "errors.py",
        "pandas",
        "duckdb",
    } <= names


def test_two_clients_of_one_name_keep_their_own(store, client, tmp_path):
    other = tmp_path / "other" / "acme"
    shutil.copytree(client, other)
    _append(other / "client.yml", "\n# of another folder\n")
    open_study(client)
    assert open_study(other).folder == other
    assert open_study(client).folder == client


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_a_device_is_never_opened_for_its_key(make, client):
    (client / "client.yml").unlink()
    make(client / "client.yml")
    command = [sys.executable, "-c", KEY, str(client)]
    assert subprocess.run(command, timeout=20, check=False).returncode == 0


def test_a_folder_with_faults_is_never_kept(store, client):
    _append(client / "client.yml", "\nwaves: nonsense\n")
    for _ in range(2):
        with pytest.raises(InputFaults, match="waves"):
            open_study(client)
    assert not store.exists()


@pytest.mark.parametrize("damage", ["cut", "gone", "another shape", "no text"])
def test_a_kept_study_that_was_damaged_is_read_again(damage, store, client, readings):
    fresh = open_study(client)
    place = next((store / "acme").iterdir())
    table = place / "joined.arrow"
    if damage == "cut":
        whole = table.read_bytes()
        table.unlink()  # what is at work with it keeps what it has
        table.write_bytes(whole[:1000])
    elif damage == "gone":
        table.unlink()
    elif damage == "another shape":
        (place / "study.json").write_text(json.dumps({"config": 1}), encoding="utf-8")
    else:
        (place / "study.json").write_bytes(b"\xff\xfe{")
    assert_same(open_study(client), fresh)
    assert len(readings) == 2


def test_what_would_not_come_back_the_same_is_not_kept(store, client):
    study = open_study(client)
    shutil.rmtree(store)
    odd = study.joined.assign(odd=pd.Series([("a", 1)] * len(study.joined)).to_numpy())
    key = stored.content_key(client)
    stored.keep(replace(study, joined=odd), key)
    stored.keep(replace(study, segments=(("a",),)), key)
    assert not any(path.is_file() for path in store.rglob("*"))


def test_a_store_that_cannot_be_written_is_no_fault(tmp_path, client, monkeypatch):
    there = tmp_path / "file"
    there.write_text("", encoding="utf-8")
    monkeypatch.setenv("HANDBOOK_STUDIES", str(there))
    assert open_study(client).slug == "acme"
