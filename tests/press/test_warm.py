"""The process that others are forked from: the command that starts it stays small."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "pandas", "pyarrow", "scipy", "matplotlib", "IPython", "statsmodels")


def test_the_command_imports_no_library_to_say_which_are_to_be_imported():
    """To look for ``scipy.stats`` as a whole name would import scipy: a second of each run."""
    told = "import sys; from helpers.press import warm; names = warm.preloaded(); print("
    told += f"'seaborn' in names, [one for one in {HEAVY} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"
