"""Two sets of weights side by side: where they differ, and what that does to a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.calibration import Calibrated, WeightsLike
from helpers.methods.columns import aligned, column, weight_column

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """Where two weightings of the same answers differ, group by group.

    ``table`` has a row for each group, the one that moves the score most first:
    ``respondents``, ``share`` and ``other_share`` (of all weight), ``mean_weight`` and
    ``other_mean_weight`` (the mean over all respondents being 1), ``other_largest``,
    ``value`` (the group's mean answer under the first weighting) and ``moves``: what the
    other weighting does to the score through this group. ``within`` is what it does by
    weighting people of one group unequally; together they are ``difference``.
    """

    table: pd.DataFrame
    value: float
    other_value: float
    within: float
    base: int

    @property
    def difference(self) -> float:
        """The other weighting's score less the first one's."""
        return self.other_value - self.value

    def __post_init__(self) -> None:
        parts = float(self.table["moves"].sum()) + self.within
        if not np.isclose(parts, self.other_value - self.value, atol=1e-9):
            raise ValueError(f"parts sum to {parts:.6f}, scores differ by {self.difference:.6f}")


def compare(
    values: pd.Series, weights: WeightsLike, other: WeightsLike, groups: pd.Series
) -> Comparison:
    """Split the difference between two weighted means by group.

    A group moves the mean by the change of its share of the weight, times how far its
    own mean lies from that of everybody.

    Parameters
    ----------
    values
        One answer for each respondent; missing answers are left out.
    weights, other
        The two weightings, each above 0, on any scale.
    groups
        The group of each respondent; those without one form ``not known``.

    Raises
    ------
    NotEstimable
        If nobody answered.

    References
    ----------
    Kitagawa (1955), Components of a difference between two rates, JASA 50, with the first
    weighting's means as the standard.

    Examples
    --------
    >>> found = compare(pd.Series([10.0, 10.0, 0.0, 0.0]), [1, 1, 1, 1], [1, 1, 3, 3],
    ...                 pd.Series(["a", "a", "b", "b"]))
    >>> found.difference, found.table[["group", "moves"]].values.tolist()
    (-2.5, [['a', -1.25], ['b', -1.25]])
    """
    answers = column(values)
    people = pd.DataFrame(
        {
            "answer": answers,
            "weight": _plain(weights, answers),
            "other": _plain(other, answers),
            "group": aligned(groups, answers, "groups"),
        }
    ).dropna(subset=["answer"])
    if people.empty:
        raise NotEstimable("nobody answered, so two weightings cannot be compared")
    people["group"] = people["group"].astype(object).where(people["group"].notna(), "not known")
    for name in ("weight", "other"):
        people[name] = people[name] / people[name].mean()
    value = float(np.average(people["answer"], weights=people["weight"]))
    other_value = float(np.average(people["answer"], weights=people["other"]))
    table = _by_group(people, value)
    within = other_value - value - float(table["moves"].sum())
    return Comparison(table, value, other_value, within, len(people))


def _plain(weights: WeightsLike, answers: pd.Series) -> pd.Series:
    values = weights.values if isinstance(weights, Calibrated) else weights
    return weight_column(values, answers)


def _by_group(people: pd.DataFrame, value: float) -> pd.DataFrame:
    groups = people.assign(mass=people["answer"] * people["weight"]).groupby("group", sort=True)
    sums = groups[["weight", "other", "mass"]].sum()
    counts = groups.size()
    table = pd.DataFrame(
        {
            "respondents": counts,
            "share": sums["weight"] / len(people),
            "other_share": sums["other"] / len(people),
            "mean_weight": sums["weight"] / counts,
            "other_mean_weight": sums["other"] / counts,
            "other_largest": groups["other"].max(),
            "value": sums["mass"] / sums["weight"],
        }
    )
    table["moves"] = (table["other_share"] - table["share"]) * (table["value"] - value)
    order = table["moves"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].rename_axis("group").reset_index()
