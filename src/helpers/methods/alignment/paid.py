"""What each function is paid on, and whether customers are better off where it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.claims import least
from helpers.methods.operations.metrics import BETTER, metric_key

__all__ = ["HELPS", "Paid", "paid", "same_function"]

Verdict = Literal[
    "helps", "works against", "not clear", "not tested", "not measured", "not for customers",
    "direction not known",
]  # fmt: skip
HELPS, AGAINST = "helps", "works against"
UNTESTED = ("not tested", "not measured")
GAIN = ["gain", "gain_low", "gain_high"]
MONEY = ["money", "money_low", "money_high"]
COLUMNS = ["function", "metric", "share", "direction", "driver", "owner", "rating", *GAIN, "base",
           *MONEY, "target", "saving", "verdict"]  # fmt: skip
PARTS = ["declared", "for_customers", "helps", "against", "untested"]


@dataclass(frozen=True)
class Paid:
    """Each metric that a function is paid on, beside what customers say where it is reached.

    Attributes
    ----------
    table
        One row a metric of a function: ``function``, ``metric``, ``share`` (of the function's
        variable pay), ``direction`` (1 up, -1 down, 0 not known), ``driver`` (that it is meant
        for, empty where none), ``owner``, ``rating`` (that it was set against), ``gain`` with its
        ends (rating points from where the metric is worse for the function's pay to where it is
        better), ``base``, ``money`` with its ends (what meeting its target is worth in revenue),
        ``target``, ``saving`` (cost a year that meeting it avoids), ``verdict``.
    functions
        One row a function: the shares of its pay that are ``declared``, ``for_customers`` (meant
        for a rating, or linked to one), that a link shows to ``help`` or to work ``against``
        them, and that are meant for them and ``untested``.
    p_against
        The smallest p, corrected over all links that were tried, of a metric that seems to work
        against customers; 1 where none does, ``None`` where none was set against ratings.
    """

    table: pd.DataFrame
    functions: pd.DataFrame
    notes: tuple[str, ...] = ()
    p_against: float | None = None

    def __post_init__(self) -> None:
        summed = self.table.groupby("function")["share"].sum()
        told = self.functions.set_index("function")["declared"]
        if not np.allclose(told, summed.reindex(told.index)):
            raise ValueError("the shares of a function's metrics do not add up to its own")

    def of(self, *verdicts: str) -> pd.DataFrame:
        """Metrics with one of these verdicts, the largest move of a rating first."""
        rows = self.table[self.table["verdict"].isin(verdicts)]
        return rows.sort_values(
            ["gain", "share"], key=lambda x: -x.abs(), kind="stable", na_position="last"
        )


def paid(
    sent: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    links: pd.DataFrame | None = None,
    worth: pd.DataFrame | None = None,
    savings: pd.DataFrame | None = None,
    measured: pd.Series | None = None,
) -> Paid:
    """Set what functions are paid on against what moves customers.

    A metric helps, or works against customers, where the operations chapter found a clear link of
    it with a rating; which of the two depends on the direction that this function is paid for.
    Where two functions are paid for opposite directions, one of them works against customers.

    Parameters
    ----------
    sent
        ``function_metrics``: function, metric, pay_weight, direction, driver, owner.
    labels
        Drivers that customers rate, by variable, with their labels; a metric may name either.
    links, worth, savings
        As the operations chapter hands them on (``effects``, ``worth``, ``savings``).
    measured
        Metrics of ``ops_metrics``, a value a row.

    Raises
    ------
    NotEstimable
        If no row has both a function and a metric.

    Examples
    --------
    >>> sent = pd.DataFrame({"function": ["Service", "Sales"], "metric": ["handling", "orders"],
    ...                      "pay_weight": [0.4, 0.6], "direction": ["down", "up"],
    ...                      "driver": ["support", None]})
    >>> links = pd.DataFrame({"metric": ["handling"], "rating": ["support"], "better": [-1],
    ...                       "slope": [0.03], "gain": [-0.4], "gain_low": [-0.5],
    ...                       "gain_high": [-0.3], "base": [900], "p_family": [0.001],
    ...                       "verdict": ["works against"]})
    >>> found = paid(sent, {"support": "Support"}, links=links)
    >>> found.table[["function", "share", "verdict"]].values.tolist()
    [['Service', 0.4, 'works against'], ['Sales', 0.6, 'not for customers']]
    """
    rows, notes = _read(sent, labels)
    if rows.empty:
        raise NotEstimable("function_metrics holds no metric of a function")
    known = set() if measured is None else {metric_key(m) for m in measured.unique()}
    made = [_line(row, known, links, worth, savings) for row in rows.to_dict("records")]
    table = pd.DataFrame(made, columns=COLUMNS)
    against = [row.get("gain", 0.0) <= 0 for row in made]
    chance = least([row.get("p_family", np.nan) for row in made], against)
    return Paid(table, _functions(table), tuple(notes), chance)


def same_function(name: Any) -> str:  # noqa: ANN401
    """A function's name without what two people would write differently; empty where none is.

    >>> same_function(" Customer  Service"), same_function(None)
    ('customer service', '')
    """
    return "" if name is None or pd.isna(name) else " ".join(str(name).casefold().split())


def _read(sent: pd.DataFrame, labels: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows with one spelling of each function, shares of pay, signs, and known drivers."""
    rows = sent.reindex(columns=["function", "metric", "pay_weight", "direction", "driver",
                                 "owner"])  # fmt: skip
    rows = rows[rows["function"].notna() & rows["metric"].notna()].reset_index(drop=True)
    first: dict[str, str] = {}
    spelt = [first.setdefault(same_function(f), str(f).strip()) for f in rows["function"]]
    share, notes = _shares(rows["pay_weight"].astype(float).fillna(0.0), pd.Series(spelt))
    known = {metric_key(n): v for v, label in labels.items() for n in (v, label)}
    wanted = ["" if pd.isna(d) else str(d).strip() for d in rows["driver"]]
    notes += [
        f"{metric_key(m)} is to move {d} (function_metrics), which no question of this survey asks"
        for m, d in zip(rows["metric"], wanted, strict=True)
        if d and metric_key(d) not in known
    ]
    signs = rows["direction"].astype(str).str.strip().str.casefold().map(BETTER).fillna(0)
    return rows.assign(
        function=spelt, share=share, driver=[known.get(metric_key(d), "") for d in wanted],
        direction=signs.astype(int), owner=["" if pd.isna(o) else str(o) for o in rows["owner"]],
    ), notes  # fmt: skip


def _shares(weights: pd.Series, functions: pd.Series) -> tuple[pd.Series, list[str]]:
    """Weights as shares of a function's pay, whether they came as shares or in per cent."""
    slack, notes = 1 + 1e-6, []
    sums = weights.groupby(functions).sum()
    if len(sums) and (sums[sums > 0] > slack).all() and (sums > 0).any():
        weights, sums = weights / 100, sums / 100
        notes.append("weights in pay were read as per cent")
    over = sums[sums > slack]
    if len(over):
        notes.append(f"weights in pay of {', '.join(over.index)} add up to more than all of it, "
                     "and were brought to all of it")  # fmt: skip
    return weights / functions.map(sums.clip(lower=1.0)), notes


def _line(
    row: Mapping[Any, Any], known: set[str], links: pd.DataFrame | None,
    worth: pd.DataFrame | None, savings: pd.DataFrame | None,
) -> dict[str, Any]:  # fmt: skip
    link = _link(row, links)
    made = {name: row[name] for name in ("function", "metric", "share", "direction", "driver",
                                         "owner")}  # fmt: skip
    sign = _toward(row, link)
    if link is not None:
        made |= {"rating": link["rating"], "base": link["base"], **_turned(link, GAIN, sign)}
        made["p_family"] = link["p_family"] if sign else np.nan
    money = _of(worth, row["metric"], None if link is None else str(link["rating"]))
    if money is not None and link is not None and int(link["better"]) == row["direction"]:
        made |= {name: money.get(name) for name in (*MONEY, "target")}
    cost = _of(savings, row["metric"])
    made["saving"] = np.nan if cost is None else cost["saving"]
    return {**made, "verdict": _verdict(row, link, sign, known)}


def _of(
    table: pd.DataFrame | None, metric: object, rating: str | None = None
) -> dict[str, Any] | None:
    """The row of a metric in a table of the operations chapter; ``None`` where it has none."""
    if table is None or table.empty:
        return None
    rows = table[table["metric"].map(metric_key) == metric_key(metric)]
    if rating is not None:
        rows = rows[rows["rating"] == rating]
    return None if rows.empty else {str(k): v for k, v in rows.iloc[0].items()}


def _link(row: Mapping[Any, Any], links: pd.DataFrame | None) -> dict[str, Any] | None:
    """The link of a metric with the rating it is meant for; else the clearest it has."""
    if links is None or links.empty:
        return None
    rows = links[links["metric"].map(metric_key) == metric_key(row["metric"])]
    own = rows[rows["rating"] == row["driver"]] if row["driver"] else rows
    rows = own if len(own) else rows
    if rows.empty:
        return None
    ranked = rows.assign(clear=rows["verdict"] != "not clear", size=rows["gain"].abs())
    best = ranked.sort_values(["clear", "size"], ascending=False, kind="stable").iloc[0]
    return {str(k): v for k, v in best.items()}


def _toward(row: Mapping[Any, Any], link: Mapping[Any, Any] | None) -> int:
    """1 where the link's gain runs the way that is paid for, -1 where it runs against it."""
    paid_for = int(row["direction"])
    if link is None or paid_for == 0:
        return 0
    return paid_for * (int(link["better"]) or 1)


def _turned(link: Mapping[Any, Any], columns: list[str], sign: int) -> dict[str, float]:
    value, low, high = (float(link[c]) * (sign or 1) for c in columns)
    return dict(zip(columns, (value, min(low, high), max(low, high)), strict=True))


def _verdict(
    row: Mapping[Any, Any], link: Mapping[Any, Any] | None, sign: int, known: set[str]
) -> Verdict:
    if link is not None and link["verdict"] == "not clear":
        return "not clear"
    if link is not None:
        if sign == 0:
            return "direction not known"
        return "helps" if float(link["gain"]) * sign > 0 else "works against"
    if not row["driver"]:
        return "not for customers"
    return "not tested" if metric_key(row["metric"]) in known else "not measured"


def _functions(table: pd.DataFrame) -> pd.DataFrame:
    """Each function's pay by what it does to customers, functions in the order they were sent."""
    meant = (table["driver"] != "") | table["rating"].notna()
    parts = pd.DataFrame(
        {
            "function": table["function"],
            "declared": table["share"],
            "for_customers": table["share"].where(meant, 0.0),
            "helps": table["share"].where(table["verdict"] == HELPS, 0.0),
            "against": table["share"].where(table["verdict"] == AGAINST, 0.0),
            "untested": table["share"].where(table["verdict"].isin(UNTESTED), 0.0),
        }
    )
    return parts.groupby("function", sort=False)[PARTS].sum().reset_index()
