"""The process that others are forked from: the command that starts it stays small."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from helpers.press.warm import FIRST, LAST

HEAVY = ("numpy", "pandas", "pyarrow", "scipy", "matplotlib", "IPython", "statsmodels")


def test_the_command_imports_no_library_to_say_which_are_to_be_imported():
    """To look for ``scipy.stats`` as a whole name would import scipy: a second of each run."""
    told = "import sys; from helpers.press import warm; names = warm.preloaded(); print("
    told += f"'seaborn' in names, [one for one in {HEAVY} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


def test_garbage_is_looked_for_again_once_all_is_there_and_not_among_what_was_imported():
    """Processes that are forked from the first one have its collector as it was left."""
    told = "import gc; from importlib import import_module as take; "
    told += f"took = take({FIRST!r}); before = gc.isenabled(); took = take({LAST!r}); "
    told += "print(before, gc.isenabled(), gc.get_freeze_count() > 10_000)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False True True"


ENDING = """
import atexit
from pathlib import Path

class Held:
    def __del__(self):
        Path("taken-apart").touch()

held = Held()
atexit.register(Path("ended").touch)
"""
SERVER = """
import multiprocessing
if __name__ == "__main__":
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([FIRST, "ending"])
    process = made.Process(target=print)
    process.start()
    process.join()
"""


def test_a_server_does_what_is_to_be_done_at_its_end_and_takes_nothing_apart(tmp_path):
    """Of a process that is no server, everything is taken apart in order, as it was."""
    (tmp_path / "ending.py").write_text(ENDING, encoding="utf-8")
    (tmp_path / "run.py").write_text(SERVER.replace("FIRST", repr(FIRST)), encoding="utf-8")
    short = {**os.environ, "TMPDIR": tempfile.gettempdir()}  # a socket's name may not be long
    subprocess.run([sys.executable, "run.py"], cwd=tmp_path, env=short, check=True)
    deadline = time.monotonic() + 20
    while not (tmp_path / "ended").exists():
        assert time.monotonic() < deadline, "the server did not end"
        time.sleep(0.05)
    time.sleep(0.2)
    assert not (tmp_path / "taken-apart").exists()
    alone = f"import {FIRST}, ending"
    subprocess.run([sys.executable, "-c", alone], cwd=tmp_path, check=True)
    assert (tmp_path / "taken-apart").exists()
