"""Everything that loyalty may go with, side by side, each change in per cent or points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.counts import count_ratio, leaving_ratio
from helpers.methods.linkage.models import Link, link
from helpers.methods.multiplicity import holm

__all__ = ["CLAIMS", "LEAVING", "Outcomes", "outcomes", "spending"]

LEAVING, SPEND = "leaving", "growth_after"
CLAIMS = {  # what is said of loyal customers, by the outcome that would show it
    "growth_after": "spend more",
    "products_added": "buy wider",
    "kept_from_offers": "resist offers",
}
COUNTS = ("products_added", "offers_won", "referred")
OWN_LEVEL = {"products_added": "products_before", "wallet_after": "wallet_before"}
KNOWN = (
    "retained",
    LEAVING,
    "renewed",
    "kept_from_offers",
    "growth_after",
    "wallet_after",
    *COUNTS,
)
ENDS = 0.01  # of the growth of spend, drawn in at each end
GAIN = {LEAVING: -1.0}  # less of it is better; all others are better when higher


@dataclass(frozen=True)
class Outcomes:
    """One row an outcome: its change for ``per`` points, and whether it is clear.

    The outcome that the page asks about stands alone. The three claims about loyal customers
    are one family, all others another; within a family p values are corrected for how many
    there are (Holm), and an outcome is clear by its corrected p.
    """

    table: pd.DataFrame  # outcome, family, unit, effect, low, high, p, corrected, base, ..., note
    per: float
    confidence: float
    base: int

    def __post_init__(self) -> None:
        if (self.table["corrected"] < self.table["p"] - 1e-12).any():
            raise ValueError("a corrected p is below its own")

    def row(self, outcome: str) -> pd.Series | None:
        """The row of an outcome that could be estimated."""
        found = self.table[(self.table["outcome"] == outcome) & self.table["effect"].notna()]
        return None if found.empty else found.iloc[0]


def outcomes(
    panel: pd.DataFrame,
    asked: Link,
    *,
    supplied: Sequence[str] = (),
    adjust: Sequence[str] = (),
    ended: pd.Series | None = None,
    as_of: pd.Timestamp,
    confidence: float = 0.95,
) -> Outcomes:
    """Estimate the change of every outcome that the client's tables can tell.

    Parameters
    ----------
    panel
        Rows of account and wave, as ``panel`` makes them.
    asked
        The link that the page is about: its score, points and estimate are taken over.
    supplied
        Outcomes of the client's own among the columns.
    ended
        Day on which an account ended, by ``account_id``; adds the rate of leaving.

    Returns
    -------
    Outcomes
        Effects in ``unit``: ``points`` (percentage points of a share) or ``per cent`` (of a
        rate, of spend, or of an outcome's mean). One that was sent and cannot be estimated has
        a ``note`` instead.

    Raises
    ------
    NotEstimable
        If no outcome beside the one asked about can be estimated.
    """
    names = [n for n in (*KNOWN, *supplied) if n in panel and panel[n].notna().any()]
    if ended is not None and "retained" in panel:
        names.insert(1, LEAVING)
    rows = []
    for name in dict.fromkeys(names):
        try:
            found = _asked(panel, asked) if name == asked.outcome else _estimated(
                panel, name, asked, adjust, ended, as_of, confidence
            )  # fmt: skip
        except (NotEstimable, ValueError) as reason:
            found = {"note": str(reason)}
        rows.append({"outcome": name, "family": _family(name, asked.outcome)} | found)
    columns = ["outcome", "family", "unit", "effect", "low", "high", "p", "base", "note"]
    table = pd.DataFrame(rows).reindex(columns=columns)
    if table.loc[table["family"] != "asked", "effect"].isna().all():
        raise NotEstimable("no outcome beside the one asked about can be told from what was sent")
    return Outcomes(_corrected(table), asked.per, confidence, int(table["base"].max()))


def spending(panel: pd.DataFrame, **ask: Any) -> Link:  # noqa: ANN401 - those of link
    """The link of a score with growth of spend afterwards, of those who stayed.

    Growth is a log ratio, its farthest hundredth drawn in at each end. With ``reliability`` (and
    ``icc``) as for ``link`` it has a ``corrected`` estimate: what better loyalty would be worth.
    The observed slope, flatter by the noise of scores, is for forecasts from scores as they come.

    Raises
    ------
    NotEstimable
        Where growth is known of too few accounts, or their scores hold too little that is true
        and that the columns adjusted for do not tell already.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> true = rng.normal(70, 10, 600)
    >>> rows = pd.DataFrame({"account_id": range(600), "score": true + rng.normal(0, 10, 600)})
    >>> rows["growth_after"] = 0.004 * (true - 70) + rng.normal(0, 0.02, 600)
    >>> found = spending(rows, per=10.0, reliability=0.5)
    >>> round(found.effect, 2), round(found.corrected.effect, 2)
    (0.02, 0.04)
    """
    if SPEND not in panel or panel[SPEND].isna().all():
        raise NotEstimable("growth of spend after a survey is not known of any account")
    try:
        return link(panel, SPEND, winsorise=ENDS, **ask)
    except ValueError as reason:  # of those who stayed alone: the link of all may well be there
        raise NotEstimable(str(reason)) from reason


def _family(outcome: str, asked: str) -> str:
    return "asked" if outcome == asked else "claim" if outcome in CLAIMS else "other"


def _corrected(table: pd.DataFrame) -> pd.DataFrame:
    """Holm's p within each family; the outcome asked about is among the claims as well."""
    corrected = table["p"].astype(float).copy()
    for family in ("claim", "other"):
        rows = table.index[(table["family"] == family) & table["p"].notna()]
        if len(rows):
            corrected[rows] = holm(table.loc[rows, "p"])
    sure = corrected < 0.05
    better = np.sign(table["effect"].astype(float)) * table["outcome"].map(GAIN).fillna(1.0)
    way = np.where(better > 0, "better", "worse")
    way = np.where(table["outcome"].isin(KNOWN), way, "clear")  # which way is good is not known
    verdict = np.where(sure, way, "not clear")
    return table.assign(corrected=corrected, verdict=np.where(table["effect"].isna(), "", verdict))


def _asked(panel: pd.DataFrame, asked: Link) -> dict[str, object]:
    main = asked.main
    ends = {"effect": main.effect, "low": main.low, "high": main.high, "p": main.p}
    return _in_unit(ends, panel[asked.outcome], asked.outcome) | {"base": main.base}


def _estimated(
    panel: pd.DataFrame, name: str, asked: Link, adjust: Sequence[str],
    ended: pd.Series | None, as_of: pd.Timestamp, confidence: float,
) -> dict[str, object]:  # fmt: skip
    ask: dict[str, Any] = {"score": asked.score, "per": asked.per, "confidence": confidence,
                           "adjust": [*adjust, *_own_level(panel, name)]}  # fmt: skip
    if name == LEAVING or name in COUNTS:
        found = (
            leaving_ratio(panel, ended, as_of=as_of, **ask) if name == LEAVING and ended is not None
            else count_ratio(panel, name, **ask)
        )  # fmt: skip
        return {"effect": found.effect, "low": found.low, "high": found.high, "p": found.p,
                "base": found.base, "unit": "per cent"}  # fmt: skip
    made = spending(panel, **ask) if name == SPEND else link(panel, name, **ask)
    told = {"effect": made.effect, "low": made.low, "high": made.high, "p": made.p}
    return _in_unit(told, panel[name], name) | {"base": made.base}


def _own_level(panel: pd.DataFrame, name: str) -> list[str]:
    before = OWN_LEVEL.get(name)
    return [before] if before is not None and before in panel else []


def _in_unit(ends: Mapping[str, float], values: pd.Series, name: str) -> dict[str, object]:
    """A change in points of a share, or in per cent: of spend, or of an outcome's mean."""
    if name == SPEND:
        return {k: v if k == "p" else float(np.expm1(v)) for k, v in ends.items()} | {
            "unit": "per cent"
        }
    known = values.dropna().astype(float)
    if known.between(0, 1).all():
        return dict(ends) | {"unit": "points"}
    if (known < 0).any():
        raise NotEstimable(f"{name} has values below 0, so a change in per cent says nothing")
    mean = float(known.mean())
    return {k: v if k == "p" else v / mean for k, v in ends.items()} | {"unit": "per cent"}
