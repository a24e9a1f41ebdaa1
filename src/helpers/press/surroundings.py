"""What of the environment a run's numbers depend on: settings of libraries, and the machine's kind.

Nothing heavy is imported here: whether anything changed is asked before that.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

__all__ = ["ONE_CORE", "installed", "settings_that_count"]

ONE_CORE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")  # 1 unless they are set
COUNTED = (
    "HANDBOOK_", "OPENBLAS_", "OMP_", "MKL_", "NUMEXPR_", "MATPLOTLIBRC", "MPLCONFIGDIR",
    "PYTHONHASHSEED",
)  # fmt: skip
PLACES = (  # where things lie, and which run is under way: no number hangs on it
    "HANDBOOK_READING", "HANDBOOK_STUDIES", "HANDBOOK_RESULTS", "HANDBOOK_CHROMIUM",
)  # fmt: skip
KERNEL = "OPENBLAS_CORETYPE"  # of the processor: results are the same under each, by test
LISTED = (".dist-info", ".egg-info")


def settings_that_count(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """A digest of every setting on which numbers may hang, as chapters see them; never a value.

    >>> settings_that_count({"HOME": "/home/ann", "OMP_NUM_THREADS": "4"}).keys() >= {
    ...     "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "machine"}
    True
    >>> settings_that_count({"HOME": "/home/ann"}) == settings_that_count({"OMP_NUM_THREADS": "1"})
    True
    """
    given = os.environ if environment is None else environment
    told = {**dict.fromkeys(ONE_CORE, "1"), **given}
    left = {*PLACES, KERNEL}
    counted = {n: v for n, v in told.items() if n.startswith(COUNTED) and n not in left}
    counted["machine"] = f"{platform.system()} {platform.machine()}"
    return {n: sha256(os.fsencode(v)).hexdigest()[:16] for n, v in sorted(counted.items())}


def installed() -> list[str]:
    """Every package that is installed, with its version, as its folder is called; and Python's.

    Reading the names of folders takes a hundredth of what asking each package takes.

    >>> any(name.startswith("numpy-") for name in installed())
    True
    """
    folders = [Path(place) for place in dict.fromkeys(sys.path) if place]
    names = {
        entry.name
        for folder in folders
        if folder.is_dir()
        for entry in os.scandir(folder)
        if entry.name.endswith(LISTED)
    }
    return [platform.python_version(), *sorted(names)]
