"""Revenue at risk: our refits of the bootstrap beside statsmodels refitting one at a time.

Run with ``python benchmarks/linkage.py``; prints CPU seconds and their ratio.
"""

from __future__ import annotations

from time import process_time

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit

from helpers.methods import linkage
from helpers.methods.linkage.logit import refit

ACCOUNTS, COLUMNS, REPLICATES, SAMPLED = 20_000, 8, 500, 20


def customers(rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame(
        rng.standard_normal((ACCOUNTS, COLUMNS - 1)), columns=[f"x{i}" for i in range(COLUMNS - 1)]
    )
    frame["account_id"] = np.arange(ACCOUNTS)
    frame["score"] = rng.normal(60, 15, ACCOUNTS)
    frame["retained"] = (rng.random(ACCOUNTS) < expit(frame["score"] / 20)).astype(float)
    return frame.assign(revenue=rng.lognormal(8, 1, ACCOUNTS))


def timed_peer(link: linkage.Link, frame: pd.DataFrame, weights: np.ndarray) -> float:
    """Seconds statsmodels would take for all replicates, from a few of them."""
    matrix, outcome = link.design.matrix(frame), frame["retained"].to_numpy()
    start = process_time()
    for weight in weights:
        family = sm.families.Binomial()
        sm.GLM(outcome, matrix, family=family, freq_weights=weight).fit(
            start_params=link.coefficients.to_numpy()
        )
    return (process_time() - start) / len(weights) * REPLICATES


def main() -> None:
    rng = np.random.default_rng(20260630)
    frame = customers(rng)
    start = process_time()
    link = linkage.link(frame, "retained", adjust=[f"x{i}" for i in range(COLUMNS - 1)])
    fitted = process_time() - start
    start = process_time()
    linkage.revenue_at_risk(link, frame, panel=frame, replicates=REPLICATES, rng=rng)
    ours = process_time() - start
    weights = rng.multinomial(ACCOUNTS, np.full(ACCOUNTS, 1 / ACCOUNTS), size=SAMPLED).astype(float)
    peer = timed_peer(link, frame, weights)
    known = refit(link.design.matrix(frame), frame["retained"].to_numpy(), weights[:1],
                  link.coefficients.to_numpy())  # fmt: skip
    exact = sm.GLM(frame["retained"].to_numpy(), link.design.matrix(frame),
                   family=sm.families.Binomial(), freq_weights=weights[0]).fit()  # fmt: skip
    print(f"{ACCOUNTS:,} accounts, {COLUMNS} columns, {REPLICATES} refits")
    print(f"one link, with its interval     {fitted:6.2f} s")
    print(f"revenue at risk, all refits     {ours:6.2f} s")
    print(f"statsmodels, one at a time      {peer:6.2f} s  ({peer / ours:.0f} times ours)")
    print(f"largest difference of a slope   {np.abs(known[0] - exact.params).max():.1e}")


if __name__ == "__main__":
    main()
