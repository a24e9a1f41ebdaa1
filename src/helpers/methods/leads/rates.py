"""How often leads came true: learned from earlier waves, shrunk where few, tried on the last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, softmax

from helpers.methods.leads.naming import SOURCES, Known, Rule, leads_on
from helpers.methods.leads.sales import PAIR, Sales

__all__ = ["Backtest", "HitRates", "backtest", "came_true", "hit_rates", "hits_range"]

DRAWS = 2000
PAST = ["wave", "on", "known_by", "source", "account_id", "hit", "named", "learnt"]
FAMILIES = (("offer",), tuple(SOURCES[1:]))  # an offer on the table is not like a first call
CENTRES = expit(np.linspace(-7, 7, 141))  # common rates tried, even in logits
WEIGHTS = np.geomspace(1, 1000, 31)  # leads that the common rate may count for
CHUNK = 500  # accounts drawn at a time


@dataclass(frozen=True)
class HitRates:
    """The chance that a lead of each source comes true.

    ``table``: source, leads and hits of the past, chance, low, high, alike (how alike leads of
    one account end, 0 to 1). ``draws``: the chance in each draw, a column a source.
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    confidence: float

    def __post_init__(self) -> None:
        held = self.table["chance"].between(self.table["low"], self.table["high"])
        if not held.all():
            raise ValueError("a chance lies outside its interval")


def came_true(
    sold: Sales,
    waves: Mapping[str, Known],
    rule: Rule,
    *,
    months: int,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """What became of the leads that would have been named at earlier waves.

    A lead is a hit where its account bought the product within ``months``. An open offer is a hit
    where it was won; those that are still open are left out. Few are open on the day of a wave, so
    what is learnt of them is learnt of all that were made after it to accounts that were not
    loyal. Waves whose time is not over are left out.

    Returns
    -------
    DataFrame
        wave, on, known_by (the day from which the outcome was known), source, account_id, hit,
        named (it would have stood on the list of the wave), learnt (chances may rest on it).
    """
    days = sorted(known.on for known in waves.values())
    parts = []
    for wave, known in waves.items():
        named = _outcomes(sold, known, leads_on(sold, known, rule), months)
        until = min((day for day in days if day > known.on), default=as_of)
        made = _offers_made(sold, known, rule, until)
        parts.append(pd.concat([named, made]).assign(wave=wave, on=known.on))
    found = pd.concat(parts) if parts else pd.DataFrame(columns=PAST)
    return found.loc[found["known_by"] <= as_of, PAST].reset_index(drop=True)


def _offers_made(sold: Sales, known: Known, rule: Rule, until: pd.Timestamp) -> pd.DataFrame:
    """Offers of the time after a wave to accounts that were not loyal, with how they ended."""
    made = sold.offers[(sold.offers["created"] > known.on) & (sold.offers["created"] <= until)]
    low = known.scores.index[known.scores < rule.loyal]
    rows = made[made["account_id"].isin(low) & made["account_id"].isin(known.there)]
    rows = rows[rows["won"].notna()]
    return rows.assign(source="offer", hit=rows["won"].astype(bool), known_by=rows["closed"],
                       named=False, learnt=True)  # fmt: skip


def _outcomes(sold: Sales, known: Known, leads: pd.DataFrame, months: int) -> pd.DataFrame:
    until = known.on + pd.DateOffset(months=months)
    offered = leads["source"] == "offer"
    bought = pd.MultiIndex.from_frame(sold.bought(known.on, until))
    hit = pd.Series(pd.MultiIndex.from_frame(leads[PAIR]).isin(bought), index=leads.index)
    ended = sold.offers.drop_duplicates("opportunity_id").set_index("opportunity_id")
    ended = ended.reindex(leads["opportunity_id"].astype("str"))[["won", "closed"]]
    won = pd.Series(ended["won"].fillna(False).to_numpy(bool), index=leads.index)
    closed = pd.Series(ended["closed"].to_numpy("datetime64[ns]"), index=leads.index)
    return leads.assign(
        hit=hit.where(~offered, won).astype(bool),
        known_by=closed.where(offered, until),  # missing while an offer is open
        named=True, learnt=~offered,
    )  # fmt: skip


def hit_rates(
    past: pd.DataFrame,
    sources: Iterable[str] = SOURCES,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> HitRates:
    """The chance of a hit by source, drawn towards the common rate where its past is short.

    Sources of one family have rates from one beta distribution, whose centre and width are not
    known and drawn too (Gelman and others, Bayesian Data Analysis, section 5.3). Leads of one
    account that end alike count for fewer. A source without a past has the family's chance; a
    family without one has none.

    Examples
    --------
    >>> past = pd.DataFrame({"source": "interest", "account_id": range(200),
    ...                      "hit": [True] * 20 + [False] * 180})
    >>> found = hit_rates(past, rng=np.random.default_rng(1)).table
    >>> found.loc[found["source"] == "interest", ["leads", "hits"]].values.tolist()
    [[200, 20]]
    """
    rows, drawn = [], {}
    learnt = past[past["learnt"]] if "learnt" in past else past
    for family in FAMILIES:
        there = [source for source in family if source in set(sources)]
        known = learnt[learnt["source"].isin(there)]
        if known.empty:
            continue
        counts = [_counted(known[known["source"] == source], source) for source in there]
        made = _rates(np.array([c[3:5] for c in counts]), rng, draws)
        for place, (source, leads, hits, *_, alike) in enumerate(counts):
            rate, ends = made[:, place], (1 - confidence) / 2
            drawn[source] = rate
            rows.append((source, leads, hits, rate.mean(), *np.quantile(rate, [ends, 1 - ends]),
                         alike))  # fmt: skip
    columns = ["source", "leads", "hits", "chance", "low", "high", "alike"]
    return HitRates(pd.DataFrame(rows, columns=columns), pd.DataFrame(drawn), confidence)


def _counted(past: pd.DataFrame, source: str) -> tuple[str, int, int, float, float, float]:
    """Leads and hits, and as how many they count: those of one account may end alike."""
    leads, hits = len(past), int(past["hit"].sum())
    alike = _alike(past)
    sizes = past.groupby("account_id").size().to_numpy()
    fewer = 1 + alike * ((sizes**2).sum() / leads - 1) if leads else 1.0
    return source, leads, hits, hits / fewer, (leads - hits) / fewer, alike


def _alike(past: pd.DataFrame) -> float:
    """The intraclass correlation of hits within accounts, by analysis of variance; none below 0."""
    groups = past.groupby("account_id")["hit"].agg(["mean", "size"])
    leads, firms = float(groups["size"].sum()), len(groups)
    if firms < 2 or leads <= firms:
        return 0.0
    size, mean = groups["size"].to_numpy(float), groups["mean"].to_numpy(float)
    within = (size * mean * (1 - mean)).sum() / (leads - firms)
    between = (size * (mean - past["hit"].mean()) ** 2).sum() / (firms - 1)
    typical = (leads - (size**2).sum() / leads) / (firms - 1)
    total = between + (typical - 1) * within
    return float(np.clip((between - within) / total, 0, 0.99)) if total > 0 else 0.0


def _rates(counts: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Draws of each source's rate, by hits and misses, with the common rate and its weight."""
    centre, weight = (grid.ravel() for grid in np.meshgrid(CENTRES, WEIGHTS))
    one, other = centre * weight, (1 - centre) * weight
    hits, misses = counts[:, :1], counts[:, 1:]
    chance = (betaln(one + hits, other + misses) - betaln(one, other)).sum(axis=0)
    # Jeffreys' prior of the centre: the grid is even in logits, so its density is this.
    chance += 0.5 * np.log(centre * (1 - centre))
    at = rng.choice(len(centre), draws, p=softmax(chance))
    return rng.beta(one[at, None] + counts[:, 0], other[at, None] + counts[:, 1])


def hits_range(
    leads: pd.DataFrame,
    rates: HitRates,
    *,
    rng: np.random.Generator,
    confidence: float = 0.9,
) -> tuple[float, float, float]:
    """How many of these leads are expected to come true, with the range of what may happen.

    Drawn are the chances, whether the leads of one account end alike, and each lead's luck.

    Returns
    -------
    tuple
        The mean, and the ends of the range in whole hits (mid-p, so that it holds as often as
        stated and not more).

    Examples
    --------
    >>> past = pd.DataFrame({"source": "interest", "account_id": range(4000), "hit": False})
    >>> past.loc[:1999, "hit"] = True
    >>> new = pd.DataFrame({"source": "interest", "account_id": range(100)})
    >>> rng = np.random.default_rng(1)
    >>> _, low, high = hits_range(new, hit_rates(past, rng=rng), rng=rng)
    >>> 38 <= low <= 45 and 55 <= high <= 62
    True
    """
    total = sum(_drawn(leads, rates, rng).values(), np.zeros(len(rates.draws), int))
    return float(total.mean()), *_ends(total, confidence)


def _drawn(leads: pd.DataFrame, rates: HitRates, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Hits in each draw, by source."""
    alike = rates.table.set_index("source")["alike"]
    return {
        str(source): _hits(rows.groupby("account_id").size().to_numpy(),
                      rates.draws[source].to_numpy(), float(alike[source]), rng)
        for source, rows in leads.groupby("source") if source in rates.draws
    }  # fmt: skip


def _hits(
    sizes: np.ndarray, chance: np.ndarray, alike: float, rng: np.random.Generator
) -> np.ndarray:
    """Hits in each draw, of accounts with so many leads each."""
    if alike <= 0 or (sizes == 1).all():
        return rng.binomial(int(sizes.sum()), chance)
    weight, total = 1 / alike - 1, np.zeros(len(chance), int)
    chance = np.clip(chance, 1e-9, 1 - 1e-9)[:, None]
    for start in range(0, len(sizes), CHUNK):
        part = sizes[start : start + CHUNK]
        own = rng.beta(chance * weight, (1 - chance) * weight, (len(chance), len(part)))
        total += rng.binomial(part, own).sum(axis=1)
    return total


def _ends(counts: np.ndarray, confidence: float) -> tuple[float, float]:
    """Whole numbers between which a count lies as often as stated, half of an end counting."""
    values, times = np.unique(counts, return_counts=True)
    middle = (times.cumsum() - times / 2) / times.sum()
    out = (1 - confidence) / 2
    inside = values[(middle >= out) & (middle <= 1 - out)]
    return (float(inside[0]), float(inside[-1])) if len(inside) else (float(values[0]),) * 2


@dataclass(frozen=True)
class Backtest:
    """Leads as they would have been named at earlier waves, against what was bought since.

    ``table``: wave, source (empty: all), leads, expected, low, high (range stated on that day),
    hits, inside. The latest wave last.
    """

    table: pd.DataFrame
    confidence: float

    @property
    def last(self) -> pd.Series | None:
        """All sources at the wave before; none where it could not be tried."""
        whole = self.table[self.table["source"] == ""]
        return None if whole.empty else whole.iloc[-1]


def backtest(
    past: pd.DataFrame,
    *,
    rng: np.random.Generator,
    least: int = 10,
    confidence: float = 0.9,
) -> Backtest:
    """State at each earlier wave how many leads come true, by what was known then, and count.

    Parameters
    ----------
    past
        As `came_true` gives it.
    least
        Leads whose end was known on that day, and leads named on it, before a wave is tried.

    Examples
    --------
    >>> day = pd.to_datetime(["2025-05-15", "2025-11-15", "2026-05-15"])
    >>> past = pd.DataFrame({"wave": np.repeat(["one", "two"], 50), "source": "interest",
    ...     "account_id": range(100), "hit": [True, *[False] * 9] * 10,
    ...     "on": np.repeat(day[:2], 50), "known_by": np.repeat(day[1:], 50),
    ...     "named": True, "learnt": True})
    >>> found = backtest(past, rng=np.random.default_rng(1)).last
    >>> found["wave"], int(found["hits"]), bool(found["inside"])
    ('two', 5, True)
    """
    rows: list[tuple[object, ...]] = []
    listed = past[past["named"]]
    for (on, wave), named in listed.groupby(["on", "wave"], sort=True):
        known = past[(past["known_by"] <= on) & past["learnt"]]
        named = named[named["source"].isin(_learned(set(known["source"])))]
        if min(len(known), len(named)) < least:
            continue
        drawn = _drawn(named, hit_rates(known, rng=rng), rng)
        parts = {"": (named, sum(drawn.values(), np.zeros(1, int)))}
        parts |= {source: (named[named["source"] == source], drawn[source]) for source in drawn}
        for source, (part, draws) in parts.items():
            low, high = _ends(draws, confidence)
            hits = int(part["hit"].sum())
            rows.append((wave, source, len(part), float(draws.mean()), low, high, hits,
                         low <= hits <= high))  # fmt: skip
    columns = ["wave", "source", "leads", "expected", "low", "high", "hits", "inside"]
    return Backtest(pd.DataFrame(rows, columns=columns), confidence)


def _learned(sources: Collection[str]) -> list[str]:
    """Sources that have a chance: those of a family with a past."""
    return [s for family in FAMILIES if set(family) & set(sources) for s in family]
