"""Whatever a folder holds: an error of the input in words, or the right numbers.

Thousands of folders, each wrong in one or two ways. None may end in a traceback, an abort
or no end; what passes without a word holds the numbers that a plain reading of its files
gives, and as many rows as were sent.
"""

from __future__ import annotations

import itertools
import os
import resource
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile.inside_files import INSIDE
from hostile.messy import MESSY, Messy
from hostile.mutations import KINDS as OF_FILES
from hostile.mutations import Change, in_format
from hostile.oracle import plain_reading, wrong_numbers
from hostile.world import TABLES, Folder, sound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.errors import InputFaults
from helpers.study import Study, open_study

EACH = int(os.environ.get("HOSTILE_FOLDERS", "1"))  # folders of each kind; `make hostile`: more
SECONDS = 20  # no folder of this size may take longer
LARGEST = 2 * 1024 * 1024  # kilobytes of memory
WORDS = 2_000  # characters of one message
LATEST = 256  # folders whose outcome is at hand: one in five is made again soon, byte for byte
CALLED = itertools.count()
KINDS = {**OF_FILES, **INSIDE}
Outcome = tuple[Path, Study | InputFaults]
OPENED: dict[tuple[object, object], Outcome] = {}


@contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    def late(number: int, frame: object) -> None:
        raise AssertionError(f"no end within {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _opened(folder: Path) -> Study | InputFaults:
    with _in_time(SECONDS):
        try:
            return open_study(folder)
        except InputFaults as found:
            return found


def _outcome(folder: Folder, where: Path) -> Outcome:
    """What a folder opens to, and where it was; of the same bytes as a late one, from that."""
    key = (frozenset(folder.files.items()), frozenset(folder.special.items()))
    if key not in OPENED:
        OPENED[key] = where, _opened(folder.write(where))
        if len(OPENED) > LATEST:
            del OPENED[next(iter(OPENED))]
    return OPENED[key]


def _told(study: Study, table: str) -> bool:
    """Whether a warning or a note speaks of a table."""
    warned = any(table in str(fault).split(":")[0] for fault in study.warnings)
    return warned or any(
        note.table == table for note in study.notes if "without a response" not in note.what
    )


def _check(changes: Sequence[Change], where: Path) -> str:
    folder = sound()
    for change in changes:
        change.apply(folder)
    where, found = _outcome(folder, where)
    if isinstance(found, InputFaults):
        assert found.faults
        for fault in found.faults:
            assert 10 < len(str(fault)) < WORDS, fault
            assert str(where.parent) not in str(fault)
        return "refused"
    steady = all(change.harmless or change.table for change in changes)
    wrong = [] if not steady else [
        line
        for name, truth in TABLES.items()
        if name in found.tables
        for line in _wrong(name, found, folder.files.get(f"{name}.csv"), changes, truth)
    ]  # fmt: skip
    assert not wrong, (changes, [str(w) for w in found.warnings], found.notes)
    return "warned" if found.warnings else "passed"


def _wrong(
    name: str, study: Study, content: bytes | None, changes: Sequence[Change], truth: object
) -> list[str]:
    mine = [change for change in changes if change.table == name]
    read = study.tables[name]
    if all(change.harmless for change in mine):
        return wrong_numbers(name, read, truth, truth)
    if _told(study, name):
        return []
    plainly = None if content is None else plain_reading(content)  # nothing: as it was meant
    lines = wrong_numbers(name, read, plainly, truth)
    if all(change.rows == 0 for change in mine) and len(read) != len(truth):
        lines.append(f"{name}: {len(read)} rows, not {len(truth)}, without a word")
    return lines


def test_the_folder_that_is_not_wrong_passes_without_a_word(tmp_path):
    """Else every change to it could be excused by a word about something else."""
    study = _opened(sound().write(tmp_path / "hostile-works"))
    assert isinstance(study, Study)
    assert (study.warnings, study.notes) == ((), ())


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("ending", ["parquet", "tsv", "CSV", "xlsx", "sav"])
def test_the_same_table_in_another_kind_of_file_holds_the_same_numbers(name, ending, tmp_path):
    folder = sound()
    del folder.files[f"{name}.csv"]
    folder.files[f"{name}.{ending}"] = in_format(name, ending)
    study = _opened(folder.write(tmp_path / "hostile-works"))
    assert isinstance(study, Study), study
    assert wrong_numbers(name, study.tables[name], TABLES[name], TABLES[name]) == []


@pytest.mark.usefixtures("lasting_reader")
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_folder_wrong_in_one_way_is_refused_or_right(kind, tmp_path):
    @settings(max_examples=EACH, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(KINDS[kind])
    def hold(change: Change) -> None:
        _check([change], tmp_path / f"folder-{next(CALLED)}" / "hostile-works")

    hold()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < LARGEST


@pytest.mark.usefixtures("lasting_reader")
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_folder_wrong_in_two_ways_is_refused_or_right(kind, tmp_path):
    @settings(max_examples=EACH, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(KINDS[kind], st.one_of(*KINDS.values()))
    def hold(one: Change, other: Change) -> None:
        _check([one, other], tmp_path / f"folder-{next(CALLED)}" / "hostile-works")

    hold()


@pytest.mark.usefixtures("lasting_reader")
@pytest.mark.parametrize("kind", list(MESSY))
def test_what_means_something_else_is_told_and_moves_no_number(kind, tmp_path):
    """Rows, scores and revenue are those that pandas finds in the files, though a word is said."""

    @settings(max_examples=max(1, EACH // 5), deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(MESSY[kind])
    def hold(messy: Sequence[Messy]) -> None:
        folder = sound()
        for one in messy:
            one.apply(folder)
        study = _opened(folder.write(tmp_path / f"folder-{next(CALLED)}" / "hostile-works"))
        assert isinstance(study, Study), (messy, study)
        told = [str(found) for found in (*study.warnings, *study.notes)]
        assert [one for one in messy if not any(one.said in text for text in told)] == [], told
        changed = {name: frame for one in messy for name, frame in one.tables.items()}
        for name, truth in {**TABLES, **changed}.items():
            plainly = plain_reading(folder.files[f"{name}.csv"])
            assert plainly is not None
            assert wrong_numbers(name, study.tables[name], plainly, truth) == []

    hold()
