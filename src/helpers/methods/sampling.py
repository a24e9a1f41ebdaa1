"""Whom the survey reached: coverage of accounts and revenue, and response rates."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.estimates import wilson
from helpers.methods.variance import aligned

__all__ = [
    "Coverage",
    "ResponseRates",
    "base_weights",
    "coverage",
    "response_rates",
    "response_rates_by",
]

# The letters of the AAPOR formulas. A bounced invitation says nothing about whether the
# person is still there, so it counts as unknown (AAPOR 2015, internet surveys of named
# persons); one that was never sent leaves the count.
AAPOR = {
    "complete": "I",
    "partial": "P",
    "refusal": "R",
    "breakoff": "R",
    "noncontact": "NC",
    "other": "O",
    "unknown": "U",
    "bounce": "U",
    "ineligible": "ineligible",
    "quarantined": "not asked",
    "excluded": "not asked",
}
MEANINGS = {
    "rr1": "complete, of all who may be eligible (the least favourable rate)",
    "rr2": "complete or partial, of all who may be eligible",
    "rr3": "complete, of the eligible and the estimated eligible among the unknown",
    "rr4": "complete or partial, of the eligible and the estimated eligible among the unknown",
    "rr5": "complete, of those known to be eligible (the most favourable rate)",
    "rr6": "complete or partial, of those known to be eligible",
    "cooperation": "complete, of those who were reached (COOP1)",
    "contact": "reached, of all who may be eligible (CON1)",
}


@dataclass(frozen=True)
class Coverage:
    """How much of the customer base was asked, answered, and answered by a decider.

    ``table`` has a row for each measure (``eligible``, ``invited``, ``answered``,
    ``deciders``); ``curve`` a row for each account, largest revenue first, with running
    shares. Revenue is missing throughout where the list has none. ``unlisted`` names
    accounts that answered or were asked but are not in the list, ``without_revenue``
    counts listed accounts with none, taken as 0.
    """

    table: pd.DataFrame  # measure, accounts, account_share, revenue, revenue_share
    curve: pd.DataFrame  # account_rank, account_share, revenue_share, covered, covered_share
    base: int  # accounts in the list
    unlisted: tuple[str, ...] = ()
    without_revenue: int = 0


def coverage(
    accounts: pd.DataFrame,
    *,
    answered: Iterable[Hashable],
    invited: Iterable[Hashable] | None = None,
    deciders: Iterable[Hashable] | None = None,
) -> Coverage:
    """Share of accounts, and of their revenue, that the survey reached.

    Parameters
    ----------
    accounts
        The eligible accounts: ``account_id``, and ``revenue`` where known (12 months).
    answered, invited, deciders
        Accounts with an answer, an invitation, an answer from a decision maker;
        repeats count once.

    Raises
    ------
    ValueError
        If the list is empty, repeats an account or has negative revenue.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": list("abcd"), "revenue": [60, 20, 15, 5]})
    >>> found = coverage(listed, invited=list("abc"), answered=["a", "c", "a"], deciders=["c"])
    >>> found.table[["measure", "accounts", "revenue_share"]]
        measure  accounts  revenue_share
    0  eligible         4           1.00
    1   invited         3           0.95
    2  answered         2           0.75
    3  deciders         1           0.15
    """
    revenue = _revenue(accounts)
    groups = {"invited": invited, "answered": answered, "deciders": deciders}
    reached = {
        name: pd.Index(list(ids)).unique() for name, ids in groups.items() if ids is not None
    }
    listed = accounts["account_id"]
    rows = [_reached("eligible", revenue, np.ones(len(listed), dtype=bool))]
    rows += [_reached(name, revenue, listed.isin(ids).to_numpy()) for name, ids in reached.items()]
    unlisted = {str(i) for ids in reached.values() for i in ids.dropna() if i not in set(listed)}
    return Coverage(
        table=pd.DataFrame(rows),
        curve=_curve(revenue, listed.isin(reached["answered"]).to_numpy()),
        base=len(listed),
        unlisted=tuple(sorted(unlisted)),
        without_revenue=int(accounts["revenue"].isna().sum()) if "revenue" in accounts else 0,
    )


def _revenue(accounts: pd.DataFrame) -> np.ndarray:
    ids = accounts["account_id"]
    if len(ids) == 0:
        raise ValueError("the list of accounts is empty; there is nothing to cover")
    if ids.duplicated().any():
        raise ValueError(
            f"account {ids[ids.duplicated()].iloc[0]!r} is in the list more than once; "
            "give one row for each account"
        )
    if "revenue" not in accounts or accounts["revenue"].isna().all():
        return np.full(len(ids), np.nan)
    revenue = accounts["revenue"].astype(float)
    if (revenue < 0).any():
        raise ValueError(
            f"{int((revenue < 0).sum())} accounts have negative revenue "
            f"(first: {ids[revenue < 0].iloc[0]!r}, {revenue[revenue < 0].iloc[0]:g}); "
            "take a longer period, or set them to 0"
        )
    return revenue.fillna(0).to_numpy()


def _reached(measure: str, revenue: np.ndarray, rows: np.ndarray) -> dict[str, object]:
    whole = revenue.sum()
    return {
        "measure": measure,
        "accounts": int(rows.sum()),
        "account_share": float(rows.mean()),
        "revenue": float(revenue[rows].sum()) if not np.isnan(whole) else np.nan,
        "revenue_share": float(revenue[rows].sum() / whole) if whole > 0 else np.nan,
    }


def _curve(revenue: np.ndarray, covered: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-revenue, kind="stable")
    whole = revenue.sum() if revenue.sum() > 0 else np.nan
    ranks = np.arange(1, len(order) + 1)
    return pd.DataFrame(
        {
            "account_rank": ranks,
            "account_share": ranks / len(order),
            "revenue_share": revenue[order].cumsum() / whole,
            "covered": covered[order],
            "covered_share": np.where(covered, revenue, 0.0)[order].cumsum() / whole,
        }
    )


@dataclass(frozen=True)
class ResponseRates:
    """The six AAPOR response rates, with cooperation and contact, each 0 to 1.

    ``eligible_share`` is AAPOR's *e*, the share of cases of unknown eligibility that are
    taken as eligible. A rate whose denominator is empty is missing. ``counts`` has a row
    for each disposition found: disposition, letter, count.
    """

    rr1: float
    rr2: float
    rr3: float
    rr4: float
    rr5: float
    rr6: float
    cooperation: float
    contact: float
    eligible_share: float
    counts: pd.DataFrame
    base: int  # cases that may be eligible
    table: pd.DataFrame  # rate, value, low, high, meaning

    def __post_init__(self) -> None:
        if self.rr1 > self.rr3 + 1e-12 or self.rr3 > self.rr5 + 1e-12:
            raise ValueError(f"rates out of order: {self.rr1}, {self.rr3}, {self.rr5}")


def response_rates(
    dispositions: ArrayLike,
    *,
    eligible_share: float | None = None,
    confidence: float = 0.95,
) -> ResponseRates:
    """Response rates by the standard definitions of AAPOR.

    Parameters
    ----------
    dispositions
        How each case ended: complete, partial, refusal, breakoff, noncontact, bounce,
        other, unknown, ineligible, quarantined or excluded. Bounces count as unknown;
        ineligible, quarantined and excluded cases leave the rates.
    eligible_share
        Share of the unknown taken as eligible, 0 to 1. If not given, the share of
        eligible among the cases that were settled (the proportional allocation method).
    confidence
        Of the Wilson intervals in ``table``.

    Raises
    ------
    ValueError
        For a disposition without a meaning here, a missing one, or no eligible case.

    References
    ----------
    AAPOR (2015), Standard Definitions, 8th edition, pages 52-55.

    Examples
    --------
    >>> ended = ["complete"] * 50 + ["partial"] * 10 + ["refusal"] * 20 + ["unknown"] * 20
    >>> found = response_rates(ended, eligible_share=0.5)
    >>> found.rr1, found.rr2, round(found.rr3, 4), found.rr5
    (0.5, 0.6, 0.5556, 0.625)
    """
    counts = _checked(dispositions).value_counts()
    by_letter = counts.groupby(_letters(counts.index)).sum()
    cases = {letter: float(by_letter.get(letter, 0)) for letter in AAPOR.values()}
    known = sum(cases[letter] for letter in ("I", "P", "R", "NC", "O"))
    asked = known + cases["U"]
    if asked == 0:
        raise ValueError(
            "no case may be eligible, so there is no response rate; check who was asked"
        )
    if eligible_share is None:
        eligible_share = known / (known + cases["ineligible"]) if known else 1.0
    if not 0 <= eligible_share <= 1:
        raise ValueError(f"eligible_share is a share from 0 to 1, not {eligible_share}")
    parts = _parts(cases, known, known + eligible_share * cases["U"])
    rates = {name: _rate(top, below) for name, (top, below) in parts.items()}
    return ResponseRates(
        **rates,
        eligible_share=eligible_share,
        counts=_counts(counts),
        base=int(asked),
        table=_rate_table(parts, confidence),
    )


def _parts(
    cases: Mapping[str, float], known: float, likely: float
) -> dict[str, tuple[float, float]]:
    """What each rate counts, and of how many."""
    complete, answered = cases["I"], cases["I"] + cases["P"]
    reached = answered + cases["R"] + cases["O"]
    asked = known + cases["U"]
    return {
        "rr1": (complete, asked),
        "rr2": (answered, asked),
        "rr3": (complete, likely),
        "rr4": (answered, likely),
        "rr5": (complete, known),
        "rr6": (answered, known),
        "cooperation": (complete, reached),
        "contact": (reached, asked),
    }


def _letters(dispositions: Iterable[object]) -> list[str]:
    """The AAPOR letter of each disposition.

    >>> _letters(["complete", "bounce"])
    ['I', 'U']
    """
    return [AAPOR[str(name)] for name in dispositions]


def _checked(dispositions: ArrayLike) -> pd.Series:
    found = pd.Series(dispositions)
    if found.isna().any():
        raise ValueError(
            f"{int(found.isna().sum())} cases have no disposition; "
            "write unknown where it is not known how a case ended"
        )
    strange = [name for name in found.unique() if name not in AAPOR]
    if strange:
        near = get_close_matches(str(strange[0]).lower().strip(), AAPOR, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(AAPOR)}"
        raise ValueError(f"{strange[0]!r} is not a disposition; {hint}")
    return found.astype(str)


def _counts(counts: pd.Series) -> pd.DataFrame:
    shown = [name for name in AAPOR if name in counts.index]
    return pd.DataFrame(
        {
            "disposition": shown,
            "letter": _letters(shown),
            "count": [int(counts[name]) for name in shown],
        }
    )


def _rate(top: float, below: float) -> float:
    return top / below if below else float("nan")


def _rate_table(parts: Mapping[str, tuple[float, float]], confidence: float) -> pd.DataFrame:
    rows = []
    for name, (top, below) in parts.items():
        low, high = wilson(top, below, confidence=confidence) if below else (np.nan, np.nan)
        rows.append((name, _rate(top, below), low, high, MEANINGS[name]))
    return pd.DataFrame(rows, columns=["rate", "value", "low", "high", "meaning"])


def response_rates_by(
    dispositions: ArrayLike, by: ArrayLike, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Response rate of each group: complete or partial, of all who may be eligible (RR2).

    Parameters
    ----------
    dispositions
        As for `response_rates`.
    by
        The group of each case; cases without one form the group ``not known``.

    Returns
    -------
    DataFrame
        group, invited (cases that may be eligible), answered, rate, low, high (Wilson).

    Examples
    --------
    >>> response_rates_by(["complete", "noncontact", "partial"], ["A", "A", "B"]).iloc[:, :4]
      group  invited  answered  rate
    0     A        2         1   0.5
    1     B        1         1   1.0
    """
    codes = _checked(dispositions)
    letters = pd.Series(_letters(codes), index=codes.index)
    groups = aligned(by, codes, "by")
    groups = groups.astype(object).where(groups.notna(), "not known")
    asked = letters[~letters.isin(["ineligible", "not asked"])]
    answers = asked.isin(["I", "P"])
    cases = answers.groupby(groups[asked.index], sort=True).agg(["size", "sum"])
    limits = [wilson(k, n, confidence=confidence) for n, k in cases.to_numpy()]
    return pd.DataFrame(
        {
            "group": cases.index,
            "invited": cases["size"].to_numpy(),
            "answered": cases["sum"].to_numpy(),
            "rate": (cases["sum"] / cases["size"]).to_numpy(),
            "low": [low for low, _ in limits],
            "high": [high for _, high in limits],
        }
    )


def base_weights(responses: pd.DataFrame, asked: pd.DataFrame | None) -> pd.Series | None:
    """One over each respondent's chance of being asked; ``None`` where chances are not known.

    Parameters
    ----------
    responses
        ``contact_id`` of each respondent.
    asked
        The invitations of the wave: ``contact_id`` and ``inclusion_probability`` (0 to 1).

    Returns
    -------
    Series
        A weight for each respondent, mean 1; respondents without a chance on record count 1.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b"]})
    >>> chances = pd.DataFrame({"contact_id": ["a", "b"], "inclusion_probability": [0.5, 1.0]})
    >>> base_weights(people, chances).round(2).tolist()
    [1.33, 0.67]
    """
    needed = {"contact_id", "inclusion_probability"}
    if asked is None or not needed <= set(asked) or "contact_id" not in responses:
        return None
    chance = asked.dropna(subset=["inclusion_probability"]).drop_duplicates("contact_id")
    found = responses["contact_id"].map(chance.set_index("contact_id")["inclusion_probability"])
    if found.isna().all():
        return None
    if (found <= 0).any() or (found > 1).any():
        raise ValueError("inclusion_probability is a chance above 0 and at most 1; correct it")
    weights = (1 / found).fillna((1 / found).mean())
    return (weights / weights.mean()).rename("base_weight")
