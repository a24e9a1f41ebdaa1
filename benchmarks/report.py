"""A whole report: processor seconds of every process it takes, in three ways.

As it is delivered; with plain kernels instead of forked ones; and with each chapter reading the
client's folder again. Run with `--clients northfield mobile` to choose whose.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a run leaves is ours to count
WAYS: Mapping[str, Mapping[str, str]] = {
    "as delivered": {},
    "plain kernels": {"HANDBOOK_PLAIN_KERNELS": "1"},
    "each chapter reads again": {"HANDBOOK_STUDIES": "off"},
}


def seconds(client: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Processor seconds of a run's whole process tree, and seconds by the clock."""
    handbook = str(Path(sys.executable).with_name("handbook"))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as output:
        command = [handbook, "run", client, "--output", output]
        subprocess.run(
            command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL
        )
        clock = time.perf_counter() - began
        while True:  # fork servers and their kernels end after the run
            try:
                os.wait()
            except ChildProcessError:
                break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, clock


def main() -> None:
    """Print a row a client and way, with the ratio to the delivered way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", nargs="+", default=["northfield", "mobile"])
    clients = parser.parse_args().clients
    if ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0):
        sys.exit("this system cannot count processes that outlive their parent")
    print(f"{'client':12} {'way':26} {'CPU s':>8} {'clock s':>8} {'ratio':>6}")
    for client in clients:
        seconds(client, {})  # the study is stored, caches are warm
        first = 0.0
        for way, environment in WAYS.items():
            spent, clock = seconds(client, environment)
            first = first or spent
            print(f"{client:12} {way:26} {spent:8.1f} {clock:8.1f} {spent / first:6.2f}")


if __name__ == "__main__":
    main()
