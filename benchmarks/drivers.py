"""Driver importance beside its peers, in one run: CPU seconds, ratios, memory.

Run with ``python benchmarks/drivers.py``. Peers that are not installed are left out, with
a line that says so; they are not dependencies. Give them a folder of their own:
``pip install --target peers crosstabs pingouin dominance-analysis``, then
``PYTHONPATH=peers python benchmarks/drivers.py``. R's relaimpo runs where R has it.
"""

from __future__ import annotations

import contextlib
import io
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.methods.drivers import relative_importance
from helpers.methods.drivers.lattice import shapley, subset_r_squared
from helpers.methods.survey import SurveyDesign

RESPONDENTS = 1_000
SIZES = (10, 15, 18, 20, 25)
REPLICATES, MANY = 2_000, 10_000
LOGITS = 64  # subsets that statsmodels fits, to tell how long all 1,024 would take
Peer = Callable[[pd.DataFrame, pd.Series], pd.Series]


def survey(respondents: int, drivers: int) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(drivers)
    x = rng.normal(size=(respondents, drivers)) + rng.normal(size=(respondents, 1))
    y = x @ rng.uniform(0, 1, drivers) + 3 * rng.normal(size=respondents)
    return pd.DataFrame(x).add_prefix("d"), pd.Series(y, name="loyalty")


def cpu(work: Callable[[], object], times: int = 5, least: float = 0.5) -> float:
    """Least CPU seconds of several runs, children included, that go on for ``least`` seconds."""
    began, spent = _used(), []
    while len(spent) < times or _used() - began < least:
        before = _used()
        work()
        spent.append(_used() - before)
    return min(spent)


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def ours(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    table = relative_importance(ratings, outcome).table
    return table.set_index("driver")["r_squared"].loc[list(ratings)]


def crosstabs() -> Peer:
    from crosstabs_mcp.market_research import key_driver_analysis

    def peer(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
        rows = ratings.assign(loyalty=outcome).to_dict("records")
        found = pd.DataFrame(key_driver_analysis(rows, "loyalty", list(ratings))["drivers"])
        return found.set_index("driver")["shapley"]

    return peer


def pingouin() -> Peer:
    from pingouin import linear_regression

    return lambda x, y: linear_regression(x, y, relimp=True).set_index("names")["relimp"]


def dominance_analysis() -> Peer:
    from dominance_analysis import Dominance

    def peer(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
        found = Dominance(ratings.assign(loyalty=outcome), "loyalty", top_k=ratings.shape[1])
        return pd.Series(found.incremental_rsquare())

    return peer


def relaimpo() -> Peer:
    if not shutil.which("Rscript"):
        raise ImportError("R is not installed")
    asked = "if (!requireNamespace('relaimpo', quietly = TRUE)) quit(status = 1)"
    if subprocess.run(["Rscript", "-e", asked], capture_output=True).returncode:
        raise ImportError("R has no relaimpo")
    script = (
        "a <- commandArgs(TRUE); d <- read.csv(a[1]); suppressMessages(library(relaimpo));"
        "write.csv(calc.relimp(loyalty ~ ., d, type = 'lmg')@lmg, a[2])"
    )

    def peer(ratings: pd.DataFrame, outcome: pd.Series) -> pd.Series:
        with tempfile.TemporaryDirectory() as folder:
            sent, back = Path(folder, "in.csv"), Path(folder, "out.csv")
            ratings.assign(loyalty=outcome).to_csv(sent, index=False)
            subprocess.run(["Rscript", "-e", script, sent, back], check=True, capture_output=True)
            return pd.read_csv(back, index_col=0).iloc[:, 0]

    return peer


# Most drivers to ask each for: beyond, it takes minutes, or refuses.
MOST = {crosstabs: 15, pingouin: 15, relaimpo: 15, dominance_analysis: 10}


def peers() -> dict[str, tuple[Peer, int]]:
    """Those that run, after a first small task; a line for each of the others."""
    found = {}
    for make, most in MOST.items():
        try:
            with _quiet():
                peer = make()
                peer(*survey(100, 3))
        except ImportError as missing:
            print(f"  {make.__name__} is not installed ({missing})")
        except Exception as fault:
            print(f"  {make.__name__} does not run here ({type(fault).__name__}: {fault})")
        else:
            found[make.__name__] = peer, most
    return found


@contextlib.contextmanager
def _quiet() -> object:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _apart(theirs: pd.Series, mine: pd.Series) -> float:
    """Largest difference between shares: peers must be doing the same sum."""
    theirs = theirs.reindex(mine.index)
    return float((theirs / theirs.sum() - mine / mine.sum()).abs().max())


def exact() -> None:
    print(f"Exact LMG, n = {RESPONDENTS:,}: CPU seconds of the whole call (of the lattice alone)")
    rivals = peers()
    for drivers in SIZES:
        ratings, outcome = survey(RESPONDENTS, drivers)
        mine = cpu(lambda: ours(ratings, outcome), times=9 if drivers < 20 else 2)  # noqa: B023
        line = f"  p = {drivers:2d}  handbook {mine:7.4f}"
        if drivers <= 20:
            table = np.corrcoef(np.column_stack((ratings, outcome)).T)[None]
            line += f" ({cpu(lambda: shapley(subset_r_squared(table))):.4f})"  # noqa: B023
        for name, (peer, most) in rivals.items():
            if drivers <= most:
                line += _beside(name, peer, ratings, outcome, mine)
        print(line)


def first_call() -> None:
    """One analysis of 15 drivers by many respondents, the first of its process, then the least."""
    ratings, outcome = survey(MANY, 15)
    first = cpu(lambda: ours(ratings, outcome), times=1, least=0.0)
    mine = cpu(lambda: ours(ratings, outcome))
    line = f"p = 15, n = {MANY:,}: first call {first:.4f} CPU s, then {mine:.4f}"
    for name, (peer, _) in peers().items():
        if name != "dominance_analysis":
            line += _beside(name, peer, ratings, outcome, mine)
    print(line)


def _beside(name: str, peer: Peer, ratings: pd.DataFrame, outcome: pd.Series, mine: float) -> str:
    answers: list[pd.Series] = []
    with _quiet():
        theirs = cpu(lambda: answers.append(peer(ratings, outcome)), times=2)
    apart = _apart(answers[0], ours(ratings, outcome))
    return f"   {name} {theirs:.3f} = {theirs / mine:.0f} × (apart {apart:.0e})"


def bootstrap() -> None:
    print(f"{REPLICATES:,} account-clustered, weighted replicates, p = 10, n = {MANY:,}")
    ratings, outcome = survey(MANY, 10)
    rng = np.random.default_rng(1)
    holes = ratings.mask(rng.random(ratings.shape) < 0.1)
    options = {
        "design": SurveyDesign(rng.uniform(0.5, 2, MANY), clusters=rng.integers(0, 3_000, MANY)),
        "replicates": REPLICATES,
    }
    for missing, x in (("listwise", ratings), ("pairwise", holes), ("imputed", holes)):
        work = lambda: relative_importance(x, outcome, missing=missing, **options)  # noqa: B023, E731
        print(f"  {missing:9s} {cpu(work, times=3):5.2f} CPU s")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def categories() -> None:
    from statsmodels.api import Logit, add_constant

    print(f"Shares for an outcome in categories, p = 10, n = {RESPONDENTS:,}")
    ratings, outcome = survey(RESPONDENTS, 10)
    yes, answer = (outcome > 0).astype(int), pd.Series(pd.qcut(outcome, 11, labels=False))
    design = SurveyDesign(clusters=np.random.default_rng(1).integers(0, 300, RESPONDENTS))
    for model, y in (("logit", yes), ("proportional_odds", answer)):
        for replicates in (0, REPLICATES):
            options = {
                "model": model,
                "design": design,
                "replicates": replicates,
            }
            work = lambda: relative_importance(ratings, y, **options)  # noqa: B023, E731
            print(f"  {model}, {replicates:5,} replicates  {cpu(work, times=3):6.2f} CPU s")
    subsets = np.random.default_rng(2).integers(1, 2**10, LOGITS)
    designs = [add_constant(ratings.iloc[:, [k for k in range(10) if s >> k & 1]]) for s in subsets]
    theirs = cpu(lambda: [Logit(yes, x).fit(disp=0) for x in designs], times=1) * 2**10 / LOGITS
    print(f"  statsmodels, the 1,024 logits one at a time  {theirs:6.2f} CPU s")


if __name__ == "__main__":
    if sys.argv[1:] == ["bootstrap"]:  # in a process of its own, for its memory
        bootstrap()
    elif sys.argv[1:] == ["first"]:  # likewise, as it is the first
        first_call()
    else:
        subprocess.run([sys.executable, __file__, "first"], check=True)
        subprocess.run([sys.executable, __file__, "bootstrap"], check=True)
        categories()
        exact()
