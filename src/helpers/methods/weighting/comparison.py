"""Two sets of weights side by side: where they differ, and what that does to a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.survey import disclosure
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Calibrated, WeightsLike
from helpers.methods.survey.columns import aligned, column, weight_column

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """Where two weightings of the same answers differ, group by group.

    ``table`` has a row for each group, the one that moves the score most first:
    ``respondents``, ``share`` and ``other_share`` (of all weight), ``mean_weight`` and
    ``other_mean_weight`` (the mean over all respondents being 1), ``other_largest``,
    ``at_largest`` (people who carry it), ``value`` (the group's mean answer under the first
    weighting) and ``moves``: what the other weighting does to the score through this group,
    the sum of ``between`` (another share for the group) and ``within`` (unequal weights
    in it). All ``moves`` together are ``difference``.
    """

    table: pd.DataFrame
    value: float
    other_value: float
    base: int

    @property
    def difference(self) -> float:
        """The other weighting's score less the first one's."""
        return self.other_value - self.value

    def __post_init__(self) -> None:
        parts = float(self.table["moves"].sum())
        if not np.isclose(parts, self.other_value - self.value, atol=1e-9):
            raise ValueError(f"parts sum to {parts:.6f}, scores differ by {self.difference:.6f}")


def compare(
    values: pd.Series,
    weights: WeightsLike,
    other: WeightsLike,
    groups: pd.Series,
    *,
    beside: pd.DataFrame | None = None,
    smallest: int = 0,
) -> Comparison:
    """Split the difference between two weighted means by group.

    A group moves the mean by the change of its share of the weight, times how far its
    own mean lies from that of everybody; and by its new share times the change of its mean.

    Parameters
    ----------
    values
        One answer for each respondent; missing answers are left out.
    weights, other
        The two weightings, on any scale; 0 leaves a respondent out.
    groups
        The group of each respondent; those without one form ``not known``.
    beside
        Other ways of grouping the respondents whose scores are shown elsewhere.
    smallest
        Fewest respondents of a group, and the fewest by which it may differ from others; the
        groups that may not be shown are one, ``other groups``.

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
    others = None if beside is None else beside.reindex(people.index)
    people["group"] = _shown(people["group"], others, smallest)
    for name in ("weight", "other"):
        people[name] = people[name] / people[name].mean()
    value = float(weighted_mean(people["answer"].to_numpy(), people["weight"].to_numpy()))
    other_value = float(weighted_mean(people["answer"].to_numpy(), people["other"].to_numpy()))
    return Comparison(_by_group(people, value), value, other_value, len(people))


def _shown(groups: pd.Series, beside: pd.DataFrame | None, smallest: int) -> pd.Series:
    """The groups, those that may not be shown as one."""
    known = groups.to_frame("group")
    if beside is not None:
        others = beside.astype(object).where(beside.notna(), disclosure.UNKNOWN)
        known = others.add_prefix("of ").join(known)
    safe = disclosure.protect(known, smallest)
    shown = safe.groups["group"]
    return shown.mask(shown.isin(safe.withheld("group")), "other groups")


def _plain(weights: WeightsLike, answers: pd.Series) -> pd.Series:
    values = weights.values if isinstance(weights, Calibrated) else weights
    return weight_column(values, answers)


def _by_group(people: pd.DataFrame, value: float) -> pd.DataFrame:
    masses = people.assign(
        mass=people["answer"] * people["weight"], other_mass=people["answer"] * people["other"]
    )
    groups = masses.groupby("group", sort=True)
    sums, counts, largest = groups.sum(numeric_only=True), groups.size(), groups["other"].max()
    at_largest = people["other"] >= people["group"].map(largest) * (1 - 1e-9)
    table = pd.DataFrame(
        {
            "respondents": counts,
            "share": sums["weight"] / len(people),
            "other_share": sums["other"] / len(people),
            "mean_weight": sums["weight"] / counts,
            "other_mean_weight": sums["other"] / counts,
            "other_largest": largest,
            "at_largest": at_largest.groupby(people["group"]).sum(),
            "value": sums["mass"] / sums["weight"],
        }
    )
    other_mean = (sums["other_mass"] / sums["other"]).fillna(table["value"])  # of nobody
    table["between"] = (table["other_share"] - table["share"]) * (table["value"] - value)
    table["within"] = table["other_share"] * (other_mean - table["value"])
    table["moves"] = table["between"] + table["within"]
    order = table["moves"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].rename_axis("group").reset_index()
