"""Scores beside those of other companies: only on the same scale, collected the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import Estimate, wilson

__all__ = ["METRICS", "Benchmarks", "compare"]

METRICS = {
    "nps": "nps",
    "recommend_mean": "recommend",
    "satisfaction_mean": "satisfaction",
    "effort_mean": "effort",
    "loyalty_index": "loyalty",
}
QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}


class Score(Protocol):
    """A measure of the scorecard: its answers, the ends of its question, which way is better."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def values(self) -> pd.Series: ...
    @property
    def estimate(self) -> Callable[..., Estimate]: ...
    @property
    def better(self) -> int: ...
    @property
    def asked(self) -> tuple[float, float]: ...


@dataclass(frozen=True)
class Benchmarks:
    """Where each score stands among other companies, and which comparisons are refused.

    ``table`` has a row for each comparison made: ``measure``, ``label``, ``value``, ``low``,
    ``high``, ``position`` (share of the companies that do worse, 0.1 to 0.9; beyond that the
    benchmark does not tell) with ``position_low`` and ``position_high`` (our sampling and that of
    the benchmark's companies together), ``median``, ``mode``,
    ``source``, ``year``, ``region``, ``companies``, ``base``. ``refused`` has ``measure``,
    ``label``, ``source``, ``year`` and ``reason``.
    """

    table: pd.DataFrame
    refused: pd.DataFrame
    base: int

    def __post_init__(self) -> None:
        if not self.table.empty and not self.table["position"].between(0, 1).all():
            raise ValueError("a position among companies is not a share")


TABLE = ("measure", "label", "value", "low", "high", "position", "position_low", "position_high",
         "median", "mode", "source", "year", "region", "companies", "base")  # fmt: skip
REFUSED = ("measure", "label", "source", "year", "reason")


def compare(
    scores: Sequence[Score],
    benchmarks: pd.DataFrame,
    modes: pd.Series | None,
    design: SurveyDesign | None = None,
    *,
    smallest: int = 30,
    fewest_companies: int = 20,
    confidence: float = 0.95,
) -> Benchmarks:
    """Place scores among the companies of a benchmark.

    A score is compared only where the benchmark's question has the same scale, and then
    from the answers that were collected the same way (web, phone): answers on the phone
    run higher. Everything else is refused, with the reason. Between the benchmark's
    published quantiles the position is read off straight lines. The benchmark's companies are
    a sample as well: its share below a score is uncertain by Wilson's interval on their
    number, which is joined in quadrature with where our own interval would stand.

    Parameters
    ----------
    scores
        Measures of the scorecard.
    benchmarks
        The table of that name: metric, scale (as ``0-10``), mode, source, year, p10 to p90, n.
    modes
        How each respondent answered; ``None`` where it is not known.
    smallest
        Fewest answers of that mode that are compared.
    fewest_companies
        Fewest companies of a benchmark; from 20, a position is uncertain by 22 points or so.

    References
    ----------
    Wilson (1927), JASA 22; Newcombe (1998), Statistics in Medicine 17, 873-890, for joining two
    intervals' ends in quadrature.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from helpers.methods import survey
    >>> answers = pd.Series([10, 9, 8, 6] * 10)
    >>> nps = SimpleNamespace(name="nps", label="NPS", values=answers, better=1, asked=(0, 10),
    ...                       estimate=survey.net_promoter)
    >>> outside = pd.DataFrame({"metric": "nps", "scale": ["0-10", "1-5"], "mode": "web",
    ...     "source": "panel", "year": 2025, "p10": 0.0, "p25": 10.0, "p50": 20.0, "p75": 30.0,
    ...     "p90": 40.0, "n": 80})
    >>> found = compare([nps], outside, pd.Series(["web"] * 40))
    >>> found.table[["value", "position"]].round(2).values.tolist()
    [[25.0, 0.62]]
    >>> found.refused["reason"].tolist()
    ['it was asked from 1 to 5, ours from 0 to 10']
    """
    made, refused = [], []
    for score in scores:
        for row in _rows(benchmarks, score):
            reason = _reason(score, row, modes, (smallest, fewest_companies))
            if reason:
                refused.append((score.name, score.label, row["source"], row["year"], reason))
                continue
            here = score.values.where(modes == row["mode"])
            found = score.estimate(here, design, confidence=confidence)
            made.append(_placed(score, row, found, confidence))
    table = pd.DataFrame(made, columns=list(TABLE))
    return Benchmarks(
        table, pd.DataFrame(refused, columns=list(REFUSED)), int(table["base"].max() or 0)
        if len(table) else 0,
    )  # fmt: skip


def _rows(benchmarks: pd.DataFrame, score: Score) -> list[dict[str, Any]]:
    rows = benchmarks[benchmarks["metric"] == METRICS.get(score.name)]
    return cast("list[dict[str, Any]]", rows.to_dict("records"))


def _reason(
    score: Score, row: Mapping[str, Any], modes: pd.Series | None, fewest: tuple[int, int]
) -> str:
    """Why a benchmark may not be set beside a score; empty where it may."""
    ours = f"{score.asked[0]:g}-{score.asked[1]:g}"
    if str(row["scale"]) != ours:
        theirs = " to ".join(str(row["scale"]).split("-"))
        return f"it was asked from {theirs}, ours from {ours.replace('-', ' to ')}"
    if modes is None or modes.isna().all():
        return "it is not known how our answers were collected (no `mode` in responses)"
    answered = int((score.values.notna() & (modes == row["mode"])).sum())
    if answered < fewest[0]:
        return (
            f"it was collected by {row['mode']}, and {answered} of ours were; {fewest[0]} are "
            "needed"
        )
    companies = row.get("n")
    if companies is None or pd.isna(companies):
        return "it does not say how many companies it has, so it cannot be said how sure it is"
    if companies < fewest[1]:
        return f"it has {companies:.0f} companies; {fewest[1]} are needed"
    at = list(_quantiles(row).values())
    if len(at) < 2 or (np.diff(at) <= 0).any():
        return "it gives no rising quantiles to read a position from"
    return ""


def _quantiles(row: Mapping[str, Any]) -> dict[float, float]:
    """The benchmark's published quantiles, by the share of companies below them."""
    return {at: float(row[name]) for name, at in QUANTILES.items() if pd.notna(row.get(name))}


def _placed(
    score: Score, row: Mapping[str, Any], found: Estimate, confidence: float
) -> tuple[object, ...]:
    known = _quantiles(row)
    places, at = list(known), list(known.values())

    def worse(value: float) -> float:
        below = float(np.interp(value, at, places))
        return below if score.better > 0 else 1 - below

    place, companies = worse(found.value), float(row["n"])
    ours = sorted((worse(found.low), worse(found.high)))
    theirs = wilson(place * companies, companies, confidence=confidence)
    ends = [
        float(np.clip(place + side * np.hypot(place - own, place - other), 0, 1))
        for side, own, other in zip((-1, 1), ours, theirs, strict=True)
    ]
    return (score.name, score.label, found.value, found.low, found.high, place, *ends,
            row.get("p50"), row["mode"], row["source"], int(row["year"]),
            row.get("region"), companies, found.base)  # fmt: skip
