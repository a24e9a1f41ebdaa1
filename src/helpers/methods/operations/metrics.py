"""Internal metrics as they were sent: what each is of, which way is better, what stops its use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

__all__ = ["Metrics", "metric_key", "metrics"]

BETTER = {
    "up": 1, "higher": 1, "high": 1, "more": 1, "increase": 1, "maximise": 1, "maximize": 1, "+": 1,
    "down": -1, "lower": -1, "low": -1, "less": -1, "decrease": -1, "reduce": -1,
    "minimise": -1, "minimize": -1, "-": -1,
}  # fmt: skip
SPELLINGS = {
    "%": "%", "percent": "%", "per cent": "%", "pct": "%", "percentage": "%",
    "h": "hours", "hr": "hours", "hrs": "hours", "hour": "hours",
    "min": "minutes", "mins": "minutes", "minute": "minutes", "d": "days", "day": "days",
}  # fmt: skip
COLUMNS = ["metric", "level", "key", "period", "value", "target", "cost"]


@dataclass(frozen=True)
class Metrics:
    """Rows of the metrics that can be used, and a line on each that was sent.

    Attributes
    ----------
    table
        ``metric``, ``level`` (account or unit), ``key`` (which one), ``period``, ``value``,
        ``target``, ``cost`` (of one unit of the metric, for this account or unit in this month).
    summary
        One row a metric: ``metric``, ``level``, ``unit``, ``better`` (1 higher, -1 lower, 0 not
        known), ``functions``, ``owner``, ``keys``, ``months``, ``first``, ``last``, ``why`` (it
        can't be set against ratings; empty where it can).
    matched
        The ratings that each metric is to move, by metric; those without are not in it.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    matched: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def of(self, metric: str) -> pd.Series:
        """The line of one metric."""
        return self._lines[metric]

    @cached_property
    def _lines(self) -> dict[str, pd.Series]:
        names = self.summary["metric"]
        return {str(name): self.summary.iloc[place] for place, name in enumerate(names)}

    @property
    def usable(self) -> list[str]:
        """Metrics that can be set against ratings."""
        return list(self.summary.loc[self.summary["why"] == "", "metric"])


def metric_key(name: object) -> str:
    """A metric's name without what two people would write differently.

    >>> metric_key(" On-time delivery"), metric_key("on_time_delivery")
    ('on time delivery', 'on time delivery')
    """
    return " ".join(str(name).replace("_", " ").replace("-", " ").casefold().split())


def metrics(
    sent: pd.DataFrame,
    paid: pd.DataFrame | None = None,
    *,
    drivers: Sequence[str],
    higher: Sequence[str] = (),
    lower: Sequence[str] = (),
) -> Metrics:
    """Read internal metrics, and what is known of each.

    Parameters
    ----------
    sent
        ``ops_metrics``: account_id or unit, period, metric, value, unit_of_measure, target,
        cost_per_unit.
    paid
        ``function_metrics``: function, metric, direction (up or down), driver, owner.
    drivers
        Ratings that there are, by variable.
    higher, lower
        Metrics of which more, or less, is better; they count before ``paid``.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-04-01"),
    ...                      "metric": "wait", "value": [3.0, 5.0], "unit_of_measure": "hours"})
    >>> metrics(sent, drivers=["speed"], lower=["wait"]).summary[["metric", "better", "keys"]]
      metric  better  keys
    0   wait      -1     2
    """
    rows, notes = _rows(sent)
    known = _paid(paid)
    lines = [
        _line(str(metric), part, known, higher, lower) for metric, part in rows.groupby("metric")
    ]
    columns = ["metric", "level", "unit", "better", "functions", "owner", "keys", "months", "first",
               "last", "why"]  # fmt: skip
    summary = pd.DataFrame(lines, columns=columns)
    matched, unknown = _matched(summary["metric"], known, drivers)
    mixed = summary["level"].eq("mixed")
    table = rows[~rows["metric"].isin(summary.loc[mixed, "metric"])]
    return Metrics(table[COLUMNS].reset_index(drop=True), summary, matched, (*notes, *unknown))


def _rows(sent: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Rows with a number and somebody they are of; several of one month are their mean."""
    blank = pd.Series(pd.NA, index=sent.index, dtype=object)
    ids = {name: sent[name].replace("", pd.NA) if name in sent else blank
           for name in ("account_id", "unit")}  # fmt: skip
    units = {text: _unit(text) for text in sent["unit_of_measure"].unique()}
    rows = pd.DataFrame(
        {
            "metric": _one_spelling(sent["metric"]),
            "level": np.where(ids["account_id"].notna(), "account", "unit"),
            "key": ids["account_id"].astype(object).fillna(ids["unit"].astype(object)),
            "period": pd.to_datetime(sent["period"]),
            "value": pd.to_numeric(sent["value"]).astype(float),
            "target": sent["target"].astype(float) if "target" in sent else np.nan,
            "cost": sent["cost_per_unit"].astype(float) if "cost_per_unit" in sent else np.nan,
            "unit": sent["unit_of_measure"].map(units),
        }
    )
    usable = rows["key"].notna() & np.isfinite(rows["value"]) & rows["period"].notna()
    notes = []
    if not usable.all():
        notes.append(
            f"{(~usable).sum():,} rows of ops_metrics have no account and no unit, or no value, "
            "and are left out"
        )
    return _without_repeats(rows[usable], notes), notes


def _one_spelling(names: pd.Series) -> pd.Series:
    """The first way in which each name is written stands for all its ways."""
    first: dict[str, object] = {}
    return names.map({name: first.setdefault(metric_key(name), name) for name in names.unique()})


def _unit(text: object) -> str:
    """
    >>> _unit("Hrs"), _unit(" per cent")
    ('hours', '%')
    """
    bare = " ".join(str(text).casefold().split())
    return SPELLINGS.get(bare, bare)


def _without_repeats(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    keys = ["metric", "level", "key", "period", "unit"]
    repeated = int(rows.duplicated(keys).sum())
    if not repeated:
        return rows
    notes.append(f"{repeated:,} rows of ops_metrics repeat a measure in a month: their mean counts")
    return rows.groupby(keys, as_index=False, sort=False)[["value", "target", "cost"]].mean()


def _paid(paid: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["function", "metric", "direction", "driver", "owner"]
    if paid is None:
        return pd.DataFrame(columns=[*columns, "key", "better"])
    known = paid.reindex(columns=columns)
    better = known["direction"].astype(str).str.strip().str.casefold().map(BETTER)
    return known.assign(key=known["metric"].map(metric_key), better=better.fillna(0).astype(int))


def _line(
    metric: str, rows: pd.DataFrame, paid: pd.DataFrame, higher: Sequence[str], lower: Sequence[str]
) -> tuple[object, ...]:
    levels, units = rows["level"].unique(), sorted(rows["unit"].unique())
    of = paid[paid["key"] == metric_key(metric)]
    directions = set(of["better"]) - {0}
    better = next(iter(directions)) if len(directions) == 1 else 0
    for sign, named in ((1, higher), (-1, lower)):
        better = sign if metric_key(metric) in map(metric_key, named) else better
    level = str(levels[0]) if len(units) == len(levels) == 1 else "mixed"
    owners = ", ".join(dict.fromkeys(of["owner"].dropna().astype(str)))
    functions = ", ".join(dict.fromkeys(of["function"].dropna().astype(str)))
    return (
        metric, level, units[0], better, functions, owners, rows["key"].nunique(),
        rows["period"].nunique(), rows["period"].min(), rows["period"].max(),
        _why_not(rows["value"], units, levels),
    )  # fmt: skip


def _why_not(values: pd.Series, units: list[str], levels: np.ndarray) -> str:
    if len(units) > 1:
        return f"it is in {' and in '.join(units)}: send it in one unit of measure"
    if len(levels) > 1:
        return "it is of accounts in some rows and of units in others: send it of one of them"
    if values.nunique() < 2:
        return f"it is {values.iloc[0]:g} everywhere, so nothing can depend on it"
    return ""


def _matched(
    names: pd.Series, paid: pd.DataFrame, drivers: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    found, notes = {}, []
    for metric in names:
        asked = paid.loc[paid["key"] == metric_key(metric), "driver"].dropna()
        wanted = [str(name) for name in asked if str(name).strip()]
        found[metric] = tuple(dict.fromkeys(name for name in wanted if name in drivers))
        notes += [
            f"{metric.replace('_', ' ')} is to move {name} (function_metrics), which no question "
            "of this survey asks"
            for name in dict.fromkeys(wanted)
            if name not in drivers
        ]
    return {metric: ratings for metric, ratings in found.items() if ratings}, notes
