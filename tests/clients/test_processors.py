"""The demo client's results are the same on processors that add up in different orders."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_info

pytestmark = pytest.mark.clients

CLIENT = "northfield"
FEATURES = {  # what numpy then does without, by the kernel of OpenBLAS
    "Prescott": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},
    "Haswell": {},
}
OWN = {p["architecture"] for p in threadpool_info() if p["internal_api"] == "openblas"} - {None}


def _made(folder, project, settings, *earlier):
    """A run of its own; what it takes over of an earlier report is as this processor made it."""
    script = str(project / "tests" / "whole_runs.py")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_L2")}
    done = subprocess.run(
        [sys.executable, script, CLIENT, str(folder), *map(str, earlier)],
        env={**clean, **settings}, cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / CLIENT / "results"


@pytest.mark.skipif(
    not OWN,
    reason="numpy does not compute with OpenBLAS here, so no other kernel can be asked for",
)
def test_every_stored_result_is_the_same_under_each_kernel(tmp_path, project):
    kernel, features = next((k, left_out) for k, left_out in FEATURES.items() if k not in OWN)
    report = project / "build" / CLIENT
    runs = {
        "own": ({}, *([report] if report.is_dir() else [])),
        kernel: ({"OPENBLAS_CORETYPE": kernel, **features},),
    }
    with ThreadPoolExecutor() as side_by_side:
        one, other = side_by_side.map(
            lambda name: _made(tmp_path / name, project, *runs[name]), runs
        )
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    differ = [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()]
    assert not differ
