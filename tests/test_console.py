"""What stopped a command is said in one line, with the exit code for it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from helpers.console import settle
from helpers.errors import DiskFull, HandbookError, InputFaults, disk_full
from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers import decoding

FULL = "the disk is full"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.ENOSPC, "No space left on device", "/a/b.csv"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        DiskFull("the disk is full"),
    ],
)
def test_a_full_disk_is_called_so_and_nothing_else_is_advised(error, capsys):
    assert settle(error) == 1
    said = capsys.readouterr().err
    assert said.startswith(FULL)
    assert "Nothing was put in place." in said
    assert "Traceback" not in said
    assert "end it again" not in said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EACCES, "Permission denied", "/a"), 1),
        (HandbookError("No space left on device, says the client's text"), 2),
        (InputFaults([]), 2),
    ],
)
def test_other_errors_are_not_taken_for_a_full_disk(error, code, capsys):
    assert settle(error) == code
    assert FULL not in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_table_that_cannot_be_unpacked_for_want_of_room_is_no_fault_of_the_client(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n" * 500_000)
    findings = Findings()
    with pytest.raises(OSError) as full:
        decoding.copy_as_utf8(
            tmp_path / "a.csv", Path("/dev/full"), Format().encoding or "utf-8", "a.csv", "a",
            findings,
        )  # fmt: skip
    assert disk_full(full.value)
    assert findings.errors == ()
