"""How alike the people of one account are: the intraclass correlation with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.loyalty.replication import bounded_jackknife, jackknife, left_out
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import Estimate

__all__ = ["intraclass"]


def intraclass(
    scores: ArrayLike,
    accounts: ArrayLike,
    *,
    by: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Share of the variance between people that lies between their accounts.

    The analysis-of-variance estimate for unequal accounts, as in `account_scores`; the
    interval leaves out one account at a time, so it needs no normal answers.

    Parameters
    ----------
    scores
        One for each person; missing ones, and people without an account, are left out.
    accounts
        The account of each person.
    by
        The wave of each answer, where there are several: people are then alike within
        account and wave, and an account is left out in all its waves at once.

    Raises
    ------
    NotEstimable
        If fewer than three accounts answered, or none with two people.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, 3.6; Ukoumunne, Davison,
    Gulliford and Chinn (2003), Statistics in Medicine 22 (intervals).

    Examples
    --------
    >>> found = intraclass([1.0, 1.2, 5.0, 5.2, 3.1, 3.0], list("aabbcc"))
    >>> round(found.value, 3), found.clusters
    (0.996, 3)
    """
    answers = column(scores, "scores")
    of = aligned(accounts, answers, "accounts")
    wave = pd.Series(0, index=answers.index) if by is None else aligned(by, answers, "by")
    people = pd.DataFrame({"score": answers, "account": of, "wave": wave}).dropna()
    people["of"] = people.groupby(["account", "wave"], observed=True).ngroup()
    grouped = people.groupby("of", observed=True)["score"]
    size, total = grouped.size(), grouped.sum()
    if len(size) < 3 or size.max() < 2:
        raise NotEstimable(
            f"{len(size)} accounts, at most {int(size.max() or 0) if len(size) else 0} people in "
            "one: how alike colleagues are needs three accounts, one of them with two people"
        )
    squares = (people["score"] ** 2).groupby(people["of"], observed=True).sum()
    rows = np.column_stack(
        [np.ones(len(size)), size, size**2, total, squares, total**2 / size]
    ).astype(float)
    account = people.drop_duplicates("of").set_index("of")["account"]
    rows = pd.DataFrame(rows, index=size.index).groupby(account).sum().to_numpy()
    whole, without = left_out(rows, _correlation)
    usable = without[np.isfinite(without).all(axis=1)]
    error, _, _, freedom = jackknife(whole, usable, confidence=confidence)
    low, high = bounded_jackknife(whole, usable, confidence=confidence)
    value, base = float(np.clip(whole[0], 0, 1)), int(size.sum())
    return Estimate(
        value, float(np.clip(low[0], 0, value)), float(np.clip(high[0], value, 1)),
        float(error[0]), base, float(base), 1.0, freedom, confidence, len(rows),
    )  # fmt: skip


def _correlation(sums: Floats) -> Floats:
    accounts, people, squared_sizes, total, squares, of_means = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = (squares - of_means) / (people - accounts)
        between = (of_means - total**2 / people) / (accounts - 1)
        typical = (people - squared_sizes / people) / (accounts - 1)
        return np.asarray((between - within) / (between + (typical - 1) * within))[..., None]
