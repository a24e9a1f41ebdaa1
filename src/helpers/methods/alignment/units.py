"""Units of the company beside the customers they serve: an association, of few units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import pearsonr

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.alignment.paid import same_function
from helpers.methods.claims import level
from helpers.methods.loyalty import account_scores
from helpers.methods.multiplicity import holm
from helpers.methods.operations.exposure import unit_column
from helpers.methods.survey import SurveyDesign

__all__ = ["Units", "owned_ratings", "units"]

FEWEST = 10  # units of which an association may be claimed, as of measures by unit
FEWEST_SHOWN = 4  # units of which an interval can be told


@dataclass(frozen=True)
class Units:
    """What staff of a unit say beside what its customers score, both drawn to the mean.

    Attributes
    ----------
    table
        One row a unit and dimension: ``unit``, ``dimension``, ``staff`` (drawn to the mean of
        all units as far as few employees leave doubt), ``staff_base``, ``customers`` (likewise),
        ``base``.
    associations
        One row a dimension: ``dimension``, ``value`` (correlation over units) with its ends,
        ``p``, ``p_family`` (Holm), ``base`` (units), ``judged`` (whether these are units enough to
        claim anything), ``verdict`` (*higher*, *lower*, *not clear*).
    column
        The column of the answers that names the units.
    """

    table: pd.DataFrame
    associations: pd.DataFrame
    column: str
    base: int


def units(
    told: pd.DataFrame,
    of: pd.Series,
    score: pd.Series,
    customers: pd.DataFrame,
    design: SurveyDesign,
    *,
    accounts: pd.DataFrame | None = None,
    smallest: int = 5,
    smallest_customers: int = 10,
    confidence: float = 0.95,
) -> Units:
    """Set each unit's staff beside its customers, and say whether the two go together.

    Parameters
    ----------
    told
        Ratings of employees by dimension, as `answers_of` gives them, of one wave.
    of
        The unit of each employee; missing where it may not be shown.
    score
        The customers' score of the same wave.
    customers
        Columns of these customers, one of which names the units.
    design
        That of the customers.
    accounts
        Their accounts, with ``account_id``: looked at where none of the customers' own columns
        names the units.
    smallest, smallest_customers
        Fewest employees, and customers, of a unit that counts.

    Raises
    ------
    NotEstimable
        If no column of the answers names the units, or fewer than four units have enough of both.

    References
    ----------
    Morris (1983), JASA 78: estimates drawn to their mean.
    """
    names = of.dropna().astype(str)
    column = unit_column(customers, names)
    if not column and accounts is not None and "account_id" in customers:
        column = unit_column(accounts.drop(columns="account_id"), names)
        known = accounts.set_index("account_id")[[column] if column else []]
        customers = customers.join(known, on="account_id")
    if not column:
        raise NotEstimable(
            "no column of the answers or the accounts names the units of the staff "
            f"({', '.join(sorted(names.unique())[:6])}): name units as a column "
            "of the accounts does, such as region, to see them beside their customers"
        )
    clients = _shrunk(score, customers[column], design, smallest_customers)
    parts = [_beside(d, _shrunk(told[d], of, None, smallest), clients) for d in map(str, told)]
    table = pd.concat(parts, ignore_index=True)
    counted = table.groupby("dimension")["unit"].size()
    if counted.empty or counted.max() < FEWEST_SHOWN:
        raise NotEstimable(
            f"fewer than {FEWEST_SHOWN} units have {smallest} employees and {smallest_customers} "
            "customers who answered"
        )
    return Units(table, _associations(table, confidence), column, int(counted.max()))


def owned_ratings(
    ratings: pd.DataFrame,
    owners: Mapping[str, str],
    design: SurveyDesign,
    *,
    smallest: int = 10,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What customers say of the drivers that each function owns, the mean of each one's ratings.

    Returns
    -------
    DataFrame
        function, drivers (how many), value with its ends, base; functions with fewer than
        ``smallest`` customers left out.

    Examples
    --------
    >>> ratings = pd.DataFrame({"speed": [6.0, 8.0, 7.0], "care": [8.0, 8.0, 7.0]})
    >>> owned_ratings(ratings, {"speed": "Service", "care": "service"}, SurveyDesign(),
    ...               smallest=3)[["function", "drivers", "value"]].values.tolist()
    [['Service', 2, 7.333333333333333]]
    """
    mine: dict[str, list[str]] = {}
    for driver, function in owners.items():
        if driver in ratings and same_function(function):
            mine.setdefault(same_function(function), []).append(driver)
    rows = []
    for drivers in mine.values():
        said = ratings[drivers].mean(axis=1)
        if design.answers(said).notna().sum() >= max(smallest, 2):
            found = survey.mean(said, design, confidence=confidence)
            name = owners[drivers[0]].strip()
            rows.append((name, len(drivers), found.value, found.low, found.high, found.base))
    return pd.DataFrame(rows, columns=["function", "drivers", "value", "low", "high", "base"])


def _shrunk(
    values: pd.Series, of: pd.Series, design: SurveyDesign | None, smallest: int
) -> pd.DataFrame:
    """Each unit's mean drawn to that of all, of units with enough people."""
    known = values.notna() & of.notna()
    sizes = of[known].astype(str).value_counts()
    kept = known & of.astype(str).isin(sizes.index[sizes >= smallest])
    if kept.sum() == 0 or of[kept].nunique() < 2:
        return pd.DataFrame({"unit": [], "shrunk": [], "base": []})
    answers = values.astype(float).where(kept)
    found = account_scores(answers, of.astype(object).where(kept), design).table
    return found.rename(columns={"account_id": "unit", "respondents": "base"})[
        ["unit", "shrunk", "base"]
    ].astype({"unit": str})


def _beside(dimension: str, staff: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    both = staff.astype({"unit": str}).merge(
        clients.astype({"unit": str}), on="unit", suffixes=("", "_customers")
    )
    names = {"shrunk": "staff", "base": "staff_base", "shrunk_customers": "customers",
             "base_customers": "base"}  # fmt: skip
    both = both.rename(columns=names)
    return both.assign(dimension=dimension)


def _associations(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    made = []
    for dimension, rows in table.groupby("dimension", sort=False):
        if len(rows) >= FEWEST_SHOWN and min(np.ptp(rows["staff"]), np.ptp(rows["customers"])) > 0:
            r = pearsonr(rows["staff"], rows["customers"])
            low, high = r.confidence_interval(confidence)
            made.append((dimension, r.statistic, low, high, r.pvalue, len(rows)))
    found = pd.DataFrame(made, columns=["dimension", "value", "low", "high", "p", "base"])
    family = holm(found["p"])
    enough = found["base"].to_numpy() >= FEWEST
    clear = enough & (family < level(confidence))
    verdict = np.where(clear, np.where(found["value"] > 0, "higher", "lower"), "not clear")
    return found.assign(p_family=family, judged=enough, verdict=verdict.astype(object))
