"""Driver importance beside its peers, in one run: CPU seconds and ratios.

Run with ``python benchmarks/drivers.py``. Peers that are not installed are left
out; install them into an environment of their own, they are not dependencies:
``pip install crosstabs pingouin``. R's relaimpo runs where R has it.
"""

from __future__ import annotations

import importlib.util
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.methods.drivers import relative_importance
from helpers.methods.drivers.lattice import shapley, subset_r_squared

RESPONDENTS = 1_000
SIZES = (10, 15, 18, 20)
SLOWEST_PEER = {"crosstabs": 15, "pingouin": 15, "relaimpo": 15}  # beyond: minutes, or refused


def survey(respondents: int, drivers: int) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(drivers)
    x = rng.normal(size=(respondents, drivers)) + rng.normal(size=(respondents, 1))
    y = x @ rng.uniform(0, 1, drivers) + 3 * rng.normal(size=respondents)
    return pd.DataFrame(x).add_prefix("d"), pd.Series(y, name="loyalty")


def cpu(work: Callable[[], object], times: int = 5) -> float:
    """Least CPU seconds of several runs, children included."""
    best = float("inf")
    for _ in range(times):
        before = _used()
        work()
        best = min(best, _used() - before)
    return best


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def ours(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    table = relative_importance(ratings, outcome).table
    return table.set_index("driver")["r_squared"].loc[list(ratings)]


def crosstabs(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    from crosstabs_mcp.market_research import key_driver_analysis

    rows = ratings.assign(loyalty=outcome).to_dict("records")
    found = pd.DataFrame(key_driver_analysis(rows, "loyalty", list(ratings))["drivers"])
    return found.set_index("driver")["shapley"]


def pingouin(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    from pingouin import linear_regression

    return linear_regression(ratings, outcome, relimp=True).set_index("names")["relimp"]


def relaimpo(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    script = (
        "a <- commandArgs(TRUE); d <- read.csv(a[1]); suppressMessages(library(relaimpo));"
        "write.csv(calc.relimp(loyalty ~ ., d, type = 'lmg')@lmg, a[2])"
    )
    with tempfile.TemporaryDirectory() as folder:
        sent, back = Path(folder, "in.csv"), Path(folder, "out.csv")
        ratings.assign(loyalty=outcome).to_csv(sent, index=False)
        subprocess.run(["Rscript", "-e", script, sent, back], check=True, capture_output=True)
        return pd.read_csv(back, index_col=0).iloc[:, 0]


def peers() -> dict[str, Callable[[pd.DataFrame, pd.Series], pd.Series]]:
    python = {"crosstabs_mcp": crosstabs, "pingouin": pingouin}
    found = {f.__name__: f for n, f in python.items() if importlib.util.find_spec(n)}
    if shutil.which("Rscript"):
        asked = [
            "Rscript",
            "-e",
            "if (!requireNamespace('relaimpo', quietly = TRUE)) quit(status = 1)",
        ]
        if subprocess.run(asked, capture_output=True).returncode == 0:
            found["relaimpo"] = relaimpo
    return found


def _apart(theirs: pd.Series, mine: pd.Series) -> float:
    """Largest difference between shares: peers must be doing the same sum."""
    theirs = theirs.reindex(mine.index)
    return float((theirs / theirs.sum() - mine / mine.sum()).abs().max())


def exact() -> None:
    print(f"Exact LMG, n = {RESPONDENTS}, CPU seconds (whole call; lattice alone)")
    rivals = peers()
    for peer in rivals.values():  # imports are not what is compared
        peer(*survey(100, 3))
    for drivers in SIZES:
        ratings, outcome = survey(RESPONDENTS, drivers)
        mine = cpu(lambda: ours(ratings, outcome))  # noqa: B023
        table = np.corrcoef(np.column_stack((ratings, outcome)).T)[None]
        alone = cpu(lambda: shapley(subset_r_squared(table)))  # noqa: B023
        print(f"  p = {drivers:2d}  handbook {mine:8.4f}  ({alone:.4f})", end="")
        for name, peer in rivals.items():
            if drivers <= SLOWEST_PEER[name]:
                answers: list[pd.Series] = []
                theirs = cpu(lambda: answers.append(peer(ratings, outcome)), times=2)  # noqa: B023
                print(f"   {name} {theirs:8.3f} = {theirs / mine:6.0f} ×", end="")
                print(f" (apart by {_apart(answers[0], ours(ratings, outcome)):.0e})", end="")
        print()
    for name in ("crosstabs", "pingouin", "relaimpo"):
        if name not in rivals:
            print(f"  ({name} is not installed)")


def bootstrap() -> None:
    print("2,000 account-clustered, weighted replicates, p = 10, n = 10,000")
    ratings, outcome = survey(10_000, 10)
    rng = np.random.default_rng(1)
    options = {"weights": rng.uniform(0.5, 2, 10_000), "clusters": rng.integers(0, 3_000, 10_000)}
    for missing in ("listwise", "pairwise"):
        seconds = cpu(
            lambda: relative_importance(
                ratings,
                outcome,
                **options,
                replicates=2_000,
                rng=rng,
                missing=missing,  # noqa: B023
            )
        )
        print(f"  {missing}: {seconds:.2f} CPU s")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    bootstrap()
    exact()
