"""What a change between two waves is made of: changed answers, mix, accounts gained and lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.calibration import Floats
from helpers.methods.columns import aligned, column
from helpers.methods.loyalty.replication import jackknife, left_out

__all__ = ["PARTS", "Change", "change"]

PARTS = {
    "panel": "The same accounts answering differently",
    "mix": "More or fewer people from each of them",
    "gained": "Accounts that answered only now",
    "silent": "Accounts that answered only before and are still customers",
    "left": "Accounts that are no longer customers",
}
FEWEST = 2  # accounts in both waves


@dataclass(frozen=True)
class Change:
    """A change between two waves and its parts, which add up to it exactly.

    ``table`` has a row for each part: ``part`` (``panel``, ``mix``, ``gained``, ``silent``,
    ``left``), ``label``, ``value`` (points of the score), ``low``, ``high``, ``standard_error``,
    ``accounts`` and ``base`` (answers behind it, both waves). ``silent`` and ``left`` are what
    the score rose or fell by because those accounts are no longer in it: positive where
    they scored below the rest. ``left`` is the survivorship line.
    """

    table: pd.DataFrame
    value: float
    low: float
    high: float
    standard_error: float
    before: float
    now: float
    base: int
    accounts: int

    def __post_init__(self) -> None:
        parts = float(self.table["value"].sum())
        if not np.isclose(parts, self.value, atol=1e-9):
            raise ValueError(f"parts add up to {parts:.6f}, the change is {self.value:.6f}")

    def part(self, name: str) -> pd.Series:
        """One part."""
        return self.table[self.table["part"] == name].iloc[0]


def change(
    before: ArrayLike,
    now: ArrayLike,
    *,
    accounts: tuple[ArrayLike, ArrayLike],
    ended: Iterable[object] = (),
    confidence: float = 0.95,
) -> Change:
    """Split the change of a mean between two waves into parts, each with its interval.

    With accounts that answered in both waves as the panel, the change is the panel's own
    change, plus what accounts new to the sample add (their share of answers times their
    distance from the panel now), plus what accounts no longer in it took away (the same,
    before). The panel's change is what each account's mean moved by, at its average share
    of answers, plus mix: what its share of answers moved by, at its average mean (Bennet's
    symmetric split). Everyone counts alike, as answered.

    Parameters
    ----------
    before, now
        One number a respondent whose mean is the score, such as `promoter_points`;
        missing answers are left out.
    accounts
        The account of each respondent, a pair (before, now); one without is alone.
    ended
        Accounts that are no longer customers; of those that answered only before, they make
        the survivorship line.

    Raises
    ------
    NotEstimable
        If fewer than two accounts answered in both waves.

    References
    ----------
    Bennet (1920), Journal of the Royal Statistical Society 83, 455-462; Wolter (2007), 4.2.

    Examples
    --------
    >>> found = change([8, 6, 2], [9, 6, 10], accounts=(list("abc"), list("abd")), ended=["c"])
    >>> found.table[["part", "value"]].round(2).values.tolist()[::4]
    [['panel', 0.5], ['left', 1.67]]
    >>> round(found.value, 2) == round(found.table["value"].sum(), 2)
    np.True_
    """
    sums, kinds = _account_sums(before, now, accounts, set(ended))
    panel = kinds == "panel"
    if panel.sum() < FEWEST:
        raise NotEstimable(
            f"{int(panel.sum())} accounts answered in both waves; a change is split from {FEWEST}"
        )
    rows = _terms(sums, kinds)
    whole, without = left_out(rows, _parts)
    error, low, high, _ = jackknife(whole, without, confidence=confidence)
    total = sums.sum()
    table = pd.DataFrame(
        {"part": list(PARTS), "label": list(PARTS.values()), "value": whole[:-1], "low": low[:-1],
         "high": high[:-1], "standard_error": error[:-1], **_counts(sums, kinds)}
    )  # fmt: skip
    return Change(
        table=table,
        value=float(whole[-1]),
        low=float(low[-1]),
        high=float(high[-1]),
        standard_error=float(error[-1]),
        before=float(total["sum_before"] / total["n_before"]),
        now=float(total["sum_now"] / total["n_now"]),
        base=int(total["n_before"] + total["n_now"]),
        accounts=len(sums),
    )


def _account_sums(
    before: ArrayLike, now: ArrayLike, accounts: tuple[ArrayLike, ArrayLike], ended: set[object]
) -> tuple[pd.DataFrame, pd.Series]:
    """Answers and their sum in each wave by account, and what kind of account each is."""
    answers = [column(values, name) for name, values in (("before", before), ("now", now))]
    given = [one.dropna() for one in answers]
    names = pd.concat(
        [
            _of(one, named, wave)
            for wave, (one, named) in enumerate(zip(answers, accounts, strict=True))
        ]
    )
    codes, known = pd.factorize(names)
    places = np.split(codes, [len(given[0])])
    parts = {}
    for name, values, place in zip(("before", "now"), given, places, strict=True):
        parts[f"n_{name}"] = np.bincount(place, minlength=len(known)).astype(float)
        parts[f"sum_{name}"] = np.bincount(place, values, minlength=len(known))
    sums = pd.DataFrame(parts, index=pd.Index(known, tupleize_cols=False))
    lost = np.where(sums.index.isin(list(ended)), "left", "silent")
    kinds = np.select(
        [(sums["n_before"] > 0) & (sums["n_now"] > 0), sums["n_now"] > 0], ["panel", "gained"], lost
    )
    return sums, pd.Series(kinds, index=sums.index)


def _of(answers: pd.Series, accounts: ArrayLike, wave: int) -> pd.Series:
    """The account of each answer; one without is alone."""
    of = aligned(accounts, answers, "accounts").astype(object)[answers.notna()]
    alone = pd.Series([(wave, place) for place in range(len(of))], index=of.index, dtype=object)
    return of.where(of.notna(), alone)


def _terms(sums: pd.DataFrame, kinds: pd.Series) -> Floats:
    """What each account adds to the sums that every part is a function of."""
    n0, n1 = sums["n_before"].to_numpy(), sums["n_now"].to_numpy()
    y0, y1 = sums["sum_before"].to_numpy(), sums["sum_now"].to_numpy()
    there = {kind: (kinds == kind).to_numpy() for kind in ("panel", "gained", "silent", "left")}
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.where(there["panel"], y1 / n1 - y0 / n0, 0.0)
    columns = [there["panel"] * part for part in (n0, y0, n1, y1, n0 * moved, n1 * moved)]
    columns += [there["gained"] * n1, there["gained"] * y1]
    columns += [there[kind] * part for kind in ("silent", "left") for part in (n0, y0)]
    return np.column_stack(columns).astype(float)


def _parts(sums: Floats) -> Floats:
    """Panel, mix, gained, silent, left, and their sum."""
    n0, y0, n1, y1, at_before, at_now, ng, yg, ns, ys, nl, yl = np.moveaxis(sums, -1, 0)
    panel = (at_before / n0 + at_now / n1) / 2
    mix = y1 / n1 - y0 / n0 - panel
    gained = (yg - ng * y1 / n1) / (n1 + ng)
    before = n0 + ns + nl
    silent, left = ((n * y0 / n0 - y) / before for n, y in ((ns, ys), (nl, yl)))
    return np.stack([panel, mix, gained, silent, left, panel + mix + gained + silent + left], -1)


def _counts(sums: pd.DataFrame, kinds: pd.Series) -> dict[str, list[int]]:
    """Accounts and answers behind each part; mix rests on the panel as well."""
    answers = (sums["n_before"] + sums["n_now"]).groupby(kinds).sum()
    accounts = kinds.value_counts()
    of = ["panel" if part == "mix" else part for part in PARTS]
    return {
        "accounts": [int(accounts.get(kind, 0)) for kind in of],
        "base": [int(answers.get(kind, 0)) for kind in of],
    }
