"""The demo client's results are the same on processors that add up in different orders."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_info
from whole_runs import fresh

pytestmark = pytest.mark.clients

OWN = {p["architecture"] for p in threadpool_info() if p["internal_api"] == "openblas"}
KERNELS = {  # of OpenBLAS, and what numpy then does without
    "Prescott": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},
    "Haswell": {},
}


def _made(kernel, folder, project):
    """Results as processors of a kind compute them; as this one does where it has no name."""
    command = [sys.executable, str(project / "tests" / "whole_runs.py"), "northfield", str(folder)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_L2")}
    asked = {"OPENBLAS_CORETYPE": kernel, **KERNELS[kernel]} if kernel else {}
    done = subprocess.run(
        command, env=clean | asked, cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "northfield" / "results"


@pytest.mark.skipif(
    not any(OWN), reason="numpy does not compute with OpenBLAS here: no other kernel can be had"
)
def test_every_stored_result_is_the_same_under_another_kernel(tmp_path, project):
    """Beside the report of `make report`, where it is newer than the sources."""
    report = project / "build" / "northfield"
    other = next(kernel for kernel in KERNELS if kernel not in OWN)
    kernels = [other] if fresh(project, report) else [other, ""]
    with ThreadPoolExecutor() as side_by_side:
        there, *here = side_by_side.map(
            lambda kernel: _made(kernel, tmp_path / (kernel or "own"), project), kernels
        )
    one = here[0] if here else report / "results"
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in there.iterdir())
    differ = [n for n in names if (one / n).read_bytes() != (there / n).read_bytes()]
    assert not differ
