"""What meeting a target is worth: rating, loyalty, staying and money, each link with its error."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.operations.chain import Link, interval
from helpers.methods.operations.effects import Effects
from helpers.methods.operations.knee import Knees
from helpers.methods.operations.metrics import Metrics

__all__ = ["Worth", "levels_now", "missed", "worth"]

Floats = NDArray[np.float64]
CHANGES = ("rating_change", "loyalty_change", "staying_change", "money", "growth")


@dataclass(frozen=True)
class Worth:
    """What it is worth that those who miss the target of a metric meet it.

    Attributes
    ----------
    table
        One row a linked metric with a target and a known direction: ``metric``, ``rating``,
        ``target``, ``known``, ``missing``, ``missing_share``; and ``rating_change``,
        ``loyalty_change`` (of those who miss it), ``staying_change`` (share), ``money`` (yearly
        revenue kept over ``horizon`` months) and ``growth`` (yearly revenue more of those who
        stay), each with ``_low`` and ``_high``, missing where a link is not known.
    by_key
        ``metric``, ``key``, ``money`` and ``growth`` that are expected of each account or unit.
    draws, grown
        Sums of ``money`` and of ``growth`` by metric, as all errors are drawn together.
    """

    table: pd.DataFrame
    by_key: pd.DataFrame
    horizon: int
    confidence: float
    draws: dict[str, Floats] = field(default_factory=dict, repr=False)
    grown: dict[str, Floats] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("money", "growth"):
            summed = self.by_key.groupby("metric")[name].sum()
            told = self.table.dropna(subset=[name]).set_index("metric")[name]
            apart = (told - summed.reindex(told.index)).abs() > 1e-6 * told.abs().clip(lower=1.0)
            if apart.any():
                raise ValueError(f"the {name} of {told.index[apart][0]} is not its accounts' sum")

    @property
    def total(self) -> tuple[float, float, float] | None:
        """Money of all metrics whose target pays, with its interval; ``None`` where none is known.

        Metrics of one rating were estimated together, so their parts add up.
        """
        pays = self.table[self.table["money"] > 0]
        if pays.empty:
            return None
        drawn = np.sum([self.draws[metric] for metric in pays["metric"]], axis=0)
        best = float(pays["money"].sum())
        return best, *interval(best, drawn, self.confidence)

    def of_accounts(self, revenue: pd.Series) -> pd.Series:
        """The same by account; an account can't be worth more than the revenue it brings."""
        pays = self.table.loc[self.table["money"] > 0, "metric"]
        parts = self.by_key[self.by_key["metric"].isin(pays)].groupby("key")["money"].sum()
        return parts.clip(upper=revenue.reindex(parts.index).fillna(0.0))

    def growth_of_accounts(self, revenue: pd.Series) -> pd.Series:
        """Yearly revenue more, by account: of metrics whose target pays.

        With what is kept of an account it is no more than the account's revenue.
        """
        pays = self.table.loc[self.table["growth"] > 0, "metric"]
        parts = self.by_key[self.by_key["metric"].isin(pays)].groupby("key")["growth"].sum()
        kept = self.of_accounts(revenue).reindex(parts.index).fillna(0.0).clip(lower=0)
        room = (revenue.reindex(parts.index).fillna(0.0) - kept).clip(lower=0)
        return parts[parts > 0].clip(upper=room.reindex(parts[parts > 0].index))


def levels_now(
    sent: Metrics, *, until: pd.Timestamp, months: int, ended: Collection[str] = ()
) -> pd.DataFrame:
    """Each metric's mean over its last months of the year until a day, with its latest target.

    Accounts that have ``ended`` by then are left out: nobody can meet a target for them.
    """
    since = until - pd.DateOffset(years=1)
    rows = sent.table[(sent.table["period"] <= until) & (sent.table["period"] > since)]
    rows = rows[~rows["key"].isin(list(ended))]
    last = rows.groupby("metric")["period"].transform("max")
    recent = rows[rows["period"] > last - pd.DateOffset(months=months)].sort_values("period")
    return recent.groupby(["metric", "key"], as_index=False).agg(
        value=("value", "mean"), target=("target", "last"), cost=("cost", "last")
    )


def missed(sent: Metrics, now: pd.DataFrame) -> pd.DataFrame:
    """How many miss each metric's target: ``metric``, ``target``, ``known``, ``missing``, share."""
    better = now["metric"].map(sent.summary.set_index("metric")["better"]).astype(float)
    there = now[now["target"].notna() & (better != 0)]
    short = (there["target"] - there["value"]) * better[there.index] > 0
    found = (
        there.assign(short=short)
        .groupby("metric", as_index=False)
        .agg(target=("target", "median"), known=("key", "size"), missing=("short", "sum"))
    )
    return found.assign(missing_share=found["missing"] / found["known"])


def worth(
    found: Effects,
    bends: Knees,
    sent: Metrics,
    now: pd.DataFrame,
    *,
    loyalty: dict[str, Link],
    staying: Link | None,
    revenue: pd.Series | None,
    horizon: int,
    keeping: Link | None = None,
    spending: Link | None = None,
    stay: float = 1.0,
    draws: int = 4000,
    rng: np.random.Generator,
) -> Worth:
    """Follow each linked metric from its target to money, all errors drawn together.

    Parameters
    ----------
    now
        As `levels_now` gives it.
    loyalty
        Points of loyalty for one point of each rating, the other ratings equal.
    staying
        Change of the share that stays (0 to 1) for ``per`` points of loyalty, corrected for
        measurement error; ``None`` where it is not known.
    revenue
        Yearly revenue by account, in money; of a metric of units none is told.
    horizon
        Months within which they stay or leave.
    keeping
        Share of today's revenue that is kept for ``per`` points of loyalty, each account weighing
        by its revenue; ``None`` where it is not known, and no money is told then. The average
        change of staying over accounts would say too much where large accounts leave less often.
    spending
        Change of the spend of those who stay, as a share, for ``per`` points of loyalty; ``None``
        where none is clear.
    stay
        Share of accounts that stay: only of theirs is growth counted.
    """
    drawn_links = {name: link.draws(draws, rng, found.confidence) for name, link in loyalty.items()}
    stays = None if staying is None else staying.draws(draws, rng, found.confidence)
    counts = {"money": (keeping, 1.0), "growth": (spending, stay)}
    lines = {
        name: (link, link.draws(draws, rng, found.confidence), part)
        for name, (link, part) in counts.items()
        if link is not None
    }
    rows, parts = [], []
    samples: dict[str, dict[str, Floats]] = {"money": {}, "growth": {}}
    counted = missed(sent, now).set_index("metric")
    for _, pair in found.clear.iterrows():
        metric, rating = str(pair["metric"]), str(pair["rating"])
        if metric not in counted.index or not counted.loc[metric, "missing"]:
            continue
        owned = revenue if sent.of(metric)["level"] == "account" else None
        short = _short(now[now["metric"] == metric], int(pair["better"]))
        moved = _moved(pair, bends, short, draws, rng)  # rating: the estimate, then its draws
        values = _followed(moved, loyalty.get(rating), drawn_links.get(rating), staying, stays)
        if owned is not None and "loyalty_change" in values:
            brings = short["key"].map(owned).fillna(0.0).to_numpy(float)
            points = moved[1] * drawn_links[rating][:, None]
            values |= _in_money(values["loyalty_change"][0], points, lines, brings)
        line = counted.loc[metric]
        rows.append({"metric": metric, "rating": rating, **line, "base": pair["base"],
                     **_summed(values, found.confidence)})  # fmt: skip
        if {"money", "growth"} & set(values):
            none = np.zeros(len(short))
            parts.append(pd.DataFrame({"metric": metric, "key": short["key"],
                                       "money": values.get("money", (none,))[0],
                                       "growth": values.get("growth", (none,))[0]}))  # fmt: skip
        for name in samples.keys() & values.keys():
            samples[name][metric] = values[name][1]
    by_key = (
        pd.concat(parts) if parts else pd.DataFrame(columns=["metric", "key", "money", "growth"])
    )
    columns = ["metric", "rating", *counted.columns, "base", *_columns()]
    return Worth(pd.DataFrame(rows).reindex(columns=columns), by_key.reset_index(drop=True),
                 horizon, found.confidence, samples["money"], samples["growth"])  # fmt: skip


def _columns() -> Iterable[str]:
    return [f"{name}{end}" for name in CHANGES for end in ("", "_low", "_high")]


def _short(now: pd.DataFrame, better: int) -> pd.DataFrame:
    """Those who miss the target, and how far they are from it."""
    away = now["target"] - now["value"]
    return now[away * better > 0].assign(away=away)


def _moved(
    pair: pd.Series, bends: Knees, short: pd.DataFrame, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Change of the rating of each who misses the target, were it met; and its draws."""
    bend = bends.of(str(pair["metric"]), str(pair["rating"]))
    away, value = short["away"].to_numpy(), short["value"].to_numpy()
    if bend is None:
        slopes = pair["slope"] + pair["error"] * rng.standard_t(pair["freedom"], draws)
        return away * pair["slope"], np.outer(slopes, away)
    middle = np.array([bend["below"], bend["above"] - bend["below"], bend["knee"]])
    refits = bends.draws[str(pair["metric"]), str(pair["rating"])]
    drawn = refits[rng.integers(len(refits), size=draws)]

    def change(below: Floats, more: Floats, knee: Floats) -> Floats:
        past = np.maximum(value + away - knee, 0) - np.maximum(value - knee, 0)
        return np.asarray(below * away + more * past)

    best = change(*(part[None] for part in middle[:, None]))
    return best[0], change(*(part[:, None] for part in drawn.T))


def _followed(
    moved: tuple[Floats, Floats],
    loyal: Link | None,
    loyal_draws: Floats | None,
    staying: Link | None,
    stays: Floats | None,
) -> dict[str, tuple[Floats, Floats]]:
    """Each part of the chain: the estimate of each who misses it, and draws of total or mean."""
    best, drawn = moved
    found = {"rating_change": (best, drawn.mean(axis=1))}
    if loyal is None or loyal_draws is None:
        return found
    best, drawn = best * loyal.value / loyal.per, drawn * loyal_draws[:, None]
    found["loyalty_change"] = best, drawn.mean(axis=1)
    if staying is None or stays is None:
        return found
    best, drawn = best * staying.value / staying.per, drawn * stays[:, None]
    best, drawn = np.clip(best, -1, 1), np.clip(drawn, -1, 1)
    found["staying_change"] = best, drawn.mean(axis=1)
    return found


def _in_money(
    changes: Floats, drawn: Floats, lines: Mapping[str, tuple[Link, Floats, float]], brings: Floats
) -> dict[str, tuple[Floats, Floats]]:
    """Yearly revenue of each line that a change of loyalty makes, account by account.

    Parameters
    ----------
    changes, drawn
        Points of loyalty of each who misses the target, and draws of them.
    lines
        By name: the share of revenue for points of loyalty, its draws, and the part of accounts
        that it counts for.
    brings
        What each of them brings today.
    """
    values = {}
    for name, (link, shares, part) in lines.items():
        best = np.clip(changes * link.value / link.per, -1, 1)
        each = np.clip(drawn * shares[:, None], -1, 1)
        values[name] = best * part * brings, each @ (part * brings)
    return values


def _summed(values: dict[str, tuple[Floats, Floats]], confidence: float) -> dict[str, float]:
    """Value and interval of each part: money and growth add up, the rest is a mean."""
    line: dict[str, float] = {}
    for name, (best, drawn) in values.items():
        value = float(best.sum() if name in ("money", "growth") else best.mean())
        low, high = interval(value, drawn, confidence)
        line |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return line
