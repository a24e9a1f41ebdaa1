"""A command leaves nothing in the temporary folder, and takes away what killed ones left."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from helpers.press.scratch import scratch

HOLD = """\
import sys, tempfile
from helpers.press.scratch import scratch
with scratch() as folder:
    (folder / "table.csv").write_text("a")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def _old(path: Path) -> Path:
    """A file or folder that has lain there for two days."""
    then = time.time() - 2 * 86_400
    os.utime(path, (then, then))
    return path


def test_all_that_is_temporary_lies_in_one_folder_that_goes(place):
    with scratch() as folder:
        assert folder.parent == place
        assert Path(tempfile.mkdtemp()).parent == folder
        assert os.environ["TMPDIR"] == os.environ["JUPYTER_RUNTIME_DIR"] == str(folder)
        assert folder.stat().st_mode & 0o077 == 0
    assert list(place.iterdir()) == []
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(place)
    assert "JUPYTER_RUNTIME_DIR" not in os.environ or os.environ["JUPYTER_RUNTIME_DIR"]


def test_what_a_killed_command_left_goes_and_what_one_uses_stays(place):
    commands = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    killed, working = (Path(one.stdout.readline().strip()) for one in commands)
    commands[0].kill()
    commands[0].wait()
    for folder in (killed, working):
        _old(folder)
    with scratch():
        assert not killed.exists()
        assert (working / "table.csv").is_file()
    commands[1].communicate("")
    assert list(place.iterdir()) == []


def test_what_earlier_versions_left_goes_after_a_day(place):
    (place / "handbook-abc").mkdir()
    (place / "k-0123456789ab-1").touch()
    (place / "k-0123456789ab-2").touch()
    _old(place / "handbook-abc")
    _old(place / "k-0123456789ab-1")
    with scratch():
        pass
    assert [path.name for path in place.iterdir()] == ["k-0123456789ab-2"]


def test_nothing_of_others_is_touched(place):
    for name in ("hbase", "handbook", "k-9", "other"):
        (place / name).mkdir()
        _old(place / name)
    outside = place / "other" / "kept.txt"
    outside.write_text("x")
    (place / "hb-link").symlink_to(place / "other")
    with scratch():
        pass
    assert outside.is_file()
    assert {path.name for path in place.iterdir()} == {
        "hbase",
        "handbook",
        "k-9",
        "other",
        "hb-link",
    }
