"""Raking beside its peers, in one run: CPU seconds, ratios and the largest difference.

Run with ``python benchmarks/weighting.py [PYTHON ...]``, where each PYTHON is an interpreter
that has some of the peers (weightipy, ipfn, balance, svy). They are not dependencies: give
each an environment of its own, such as ``python -m venv peers`` and ``peers/bin/pip install
weightipy``. Peers that no interpreter has are left out, with a line that says so.

One million rows are raked to four margins of 4, 8, 4 and 3 categories (384 cells), from
category codes and from text; then 10,000 rows are bootstrapped, each of 2,000 replicates
raked anew.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROWS, SURVEYED, REPLICATES, TIMES = 1_000_000, 10_000, 2_000, 7
ENOUGH = 10  # CPU seconds after which a program is not run again
LEVELS = {"tier": 4, "region": 8, "role": 4, "size": 3}
KINDS = ("codes", "text")
Margins = dict[str, pd.Series]
Work = Callable[[], np.ndarray]


def population() -> tuple[np.ndarray, Margins]:
    """Category codes of the respondents, and the sizes of the categories."""
    rng = np.random.default_rng(20260630)
    codes = [rng.choice(k, ROWS, p=rng.dirichlet(np.full(k, 20.0))) for k in LEVELS.values()]
    sizes = {name: rng.dirichlet(np.full(k, 20.0)) * ROWS for name, k in LEVELS.items()}
    return np.column_stack(codes).astype(np.int8), {k: pd.Series(s) for k, s in sizes.items()}


def columns(codes: np.ndarray, margins: Margins, kind: str) -> tuple[pd.DataFrame, Margins]:
    """The same respondents as pandas categories, or as text."""
    sample = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(codes[:, i], [f"{name} {j}" for j in range(k)])
            for i, (name, k) in enumerate(LEVELS.items())
        }
    )
    named = {
        name: sizes.set_axis([f"{name} {i}" for i in sizes.index])
        for name, sizes in margins.items()
    }
    if kind == "text":
        sample = sample.astype(str)
    return sample, named


def ours(sample: pd.DataFrame, margins: Margins) -> Work:
    from helpers.methods import weighting

    return lambda: weighting.rake(sample, margins).values.to_numpy()


def weightipy(sample: pd.DataFrame, margins: Margins) -> Work:
    import weightipy as peer

    shares = {name: (sizes / sizes.sum() * 100).to_dict() for name, sizes in margins.items()}
    scheme = peer.scheme_from_dict(shares, rim_params={"convcrit": 1e-12})
    return lambda: peer.weight_dataframe(sample, scheme, weight_column="w")["w"].to_numpy()


def ipfn(sample: pd.DataFrame, margins: Margins) -> Work:
    from ipfn import ipfn as peer

    targets = [sizes.rename_axis(name).rename("total") for name, sizes in margins.items()]
    names = [[name] for name in margins]
    frame = sample.assign(total=1.0)
    return lambda: (
        peer.ipfn(frame.copy(), targets, names, convergence_rate=1e-11, rate_tolerance=0)
        .iteration()["total"]
        .to_numpy()
    )


def balance(sample: pd.DataFrame, margins: Margins) -> Work:
    from balance.weighting_methods.rake import rake

    joint = pd.MultiIndex.from_product([sizes.index for sizes in margins.values()], names=margins)
    target = joint.to_frame(index=False).astype(str)
    whole = np.ones(1)
    for sizes in margins.values():
        whole = np.outer(whole, sizes / sizes.sum()).ravel()
    even = pd.Series(1.0, index=sample.index)
    return lambda: rake(
        sample, even, target, pd.Series(whole), transformations=None, na_action="drop",
        convergence_rate=1e-12, rate_tolerance=0,
    )["weight"].to_numpy()  # fmt: skip


def svy(sample: pd.DataFrame, margins: Margins) -> Work:
    import polars
    import svy as peer

    frame = polars.DataFrame(
        {
            name: polars.Series(sample[name].astype(str).to_numpy(object), dtype=polars.String)
            if sample[name].dtype != "category"
            else polars.Series(sample[name].cat.codes.to_numpy())
            for name in sample
        }
    ).with_columns(base=polars.lit(1.0))
    controls = {
        name: (
            sizes.reset_index(drop=True) if sample[name].dtype == "category" else sizes
        ).to_dict()
        for name, sizes in margins.items()
    }
    held = peer.Sample(frame, peer.Design(wgt="base"))
    return lambda: (
        held.weighting.rake(controls=controls, wgt_name="w", tol=1e-12, max_iter=500)
        .data["w"].to_numpy()
    )  # fmt: skip


MAKERS = {"ours": ours, "weightipy": weightipy, "ipfn": ipfn, "balance": balance, "svy": svy}


def cpu(work: Work) -> tuple[float, np.ndarray]:
    """Least CPU seconds of several runs, threads and children included, and the weights."""
    best, found, begun = float("inf"), np.zeros(0), _used()
    for _ in range(TIMES):
        before = _used()
        found = work()
        best = min(best, _used() - before)
        if _used() - begun > ENOUGH:
            break
    return best, found


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(name: str, folder: Path) -> None:
    """Time one program in this interpreter, and leave what it found in the folder."""
    if name != "ours" and importlib.util.find_spec(name) is None:
        return
    codes = np.load(folder / "codes.npy")
    margins = {
        k: pd.Series(v) for k, v in json.loads((folder / "margins.json").read_text()).items()
    }
    for kind in KINDS:
        seconds, weights = cpu(MAKERS[name](*columns(codes, margins, kind)))
        np.save(folder / f"{name}-{kind}.npy", weights / weights.mean())
        (folder / f"{name}-{kind}.txt").write_text(f"{seconds}")


def measured(name: str, interpreters: list[str], folder: Path) -> dict[str, float] | str:
    """CPU seconds of a program from codes and from text; why not, where it did not run."""
    said = "not installed"
    for python in interpreters:
        done = subprocess.run([python, __file__, "--measure", name, str(folder)],
                              capture_output=True, text=True, check=False)  # fmt: skip
        if all((folder / f"{name}-{kind}.txt").exists() for kind in KINDS):
            return {kind: float((folder / f"{name}-{kind}.txt").read_text()) for kind in KINDS}
        if done.returncode:
            said = f"stopped: {done.stderr.strip().splitlines()[-1][:100]}"
    return said


def compare(interpreters: list[str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        codes, margins = population()
        np.save(folder / "codes.npy", codes)
        sizes = {name: margin.tolist() for name, margin in margins.items()}
        (folder / "margins.json").write_text(json.dumps(sizes))
        mine = measured("ours", [sys.executable], folder)
        if isinstance(mine, str):
            raise SystemExit(mine)
        known = np.load(folder / "ours-codes.npy")
        print(f"{ROWS:,} rows to four margins, CPU seconds (times ours)")
        print(f"{'':10} {'from codes':>18} {'from text':>18} {'largest difference':>20}")
        print(f"{'ours':10} {mine['codes']:11.3f}        {mine['text']:11.3f}")
        for name in [name for name in MAKERS if name != "ours"]:
            theirs = measured(name, interpreters, folder)
            if isinstance(theirs, str):
                print(f"{name:10} {theirs}")
                continue
            parts = [f"{theirs[k]:11.3f} ({theirs[k] / mine[k]:4.0f})" for k in KINDS]
            off = np.abs(np.load(folder / f"{name}-codes.npy") - known).max()
            print(f"{name:10} {' '.join(parts)} {off:20.1e}")


def bootstrap() -> None:
    from helpers.methods import survey, weighting

    codes, margins = population()
    sample, named = columns(codes[:SURVEYED], margins, "codes")
    rng = np.random.default_rng(20260630)
    scores, accounts = rng.normal(size=SURVEYED), rng.integers(3_000, size=SURVEYED)
    weights = weighting.rake(sample, named)
    print(f"\n{REPLICATES:,} replicates of {SURVEYED:,} rows, each raked to the four margins")
    for label, clusters in (("people drawn", None), ("3,000 accounts drawn", accounts)):
        before = time.perf_counter()
        draws = weighting.replicates(
            survey.SurveyDesign(weights, clusters=clusters), count=REPLICATES, rng=rng
        )
        draws.estimate(scores)
        print(f"{label:22} {time.perf_counter() - before:6.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        compare([sys.executable, *sys.argv[1:]])
        bootstrap()
