"""The demo client's results are the same on processors that add up in different orders."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import threadpool_info

pytestmark = pytest.mark.clients

KERNELS = {  # of OpenBLAS, and what numpy then does without
    "Haswell": {},
    "Prescott": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},
}


def _made(kernel, features, folder, project):
    command = [sys.executable, str(project / "tests" / "whole_runs.py"), "northfield", str(folder)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_L2")}
    environment = {**clean, "OPENBLAS_CORETYPE": kernel, **features}
    done = subprocess.run(
        command, env=environment, cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "northfield" / "results"


@pytest.mark.skipif(
    not any(p["internal_api"] == "openblas" and p["architecture"] for p in threadpool_info()),
    reason="numpy does not compute with OpenBLAS here, so no other kernel can be asked for",
)
def test_every_stored_result_is_the_same_under_each_kernel(tmp_path, project):
    with ThreadPoolExecutor() as side_by_side:
        one, other = side_by_side.map(
            lambda kernel: _made(kernel, KERNELS[kernel], tmp_path / kernel, project), KERNELS
        )
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    differ = [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()]
    assert not differ
