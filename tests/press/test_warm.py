"""The process that others are forked from: the command that starts it stays small."""

from __future__ import annotations

import subprocess
import sys

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
