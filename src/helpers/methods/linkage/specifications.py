"""The same link under every choice that could have been defended instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.fits import Kind
from helpers.methods.linkage.samples import Question, Sample

__all__ = ["Specifications", "adjustments", "specifications"]

FEWEST = 4  # choices that differ: fewer make no curve
WINSORISED = (0.0, 0.05)
DECLARED = "declared"
ALL, FIRST = "all waves", "first wave"
KNOWN_BEFORE = ("products_before", "contract_at_wave")


@dataclass(frozen=True)
class Specifications:
    """Effects under all choices, smallest first."""

    table: pd.DataFrame  # adjust, lag_months, model, rows, effect, low, high, base, clear, declared
    same_sign: float  # share of choices with the sign of most
    clear: float  # share whose interval leaves out 0, with the sign of most
    middle: float  # median effect
    base: int  # choices

    def __post_init__(self) -> None:
        if not self.clear <= self.same_sign + 1e-12:
            raise ValueError("more choices are clear than have the sign")


def adjustments(
    panel: pd.DataFrame, declared: Sequence[str], more: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """What may be held equal: nothing, what is declared, and all that was known at the wave.

    Examples
    --------
    >>> frame = pd.DataFrame({"region": ["EU"], "products_before": [2.0]})
    >>> adjustments(frame, ["log_revenue"], ["region", "tier"])["all that is known"]
    ('log_revenue', 'region', 'products_before')
    """
    known = [name for name in (*more, *KNOWN_BEFORE) if name in panel and panel[name].notna().any()]
    return {
        "nothing": (), DECLARED: tuple(declared),
        "all that is known": tuple(dict.fromkeys([*declared, *known])),
    }  # fmt: skip


def specifications(
    panels: Mapping[int, pd.DataFrame],
    outcome: str,
    *,
    adjusts: Mapping[str, Sequence[str]],
    declared: int,
    score: str = "score",
    per: float = 10.0,
    confidence: float = 0.95,
) -> Specifications:
    """Estimate a link with every combination of what is held equal, lag, model and rows.

    Simonsohn, Simmons & Nelson, Nature Human Behaviour, 2020. An outcome of 0 and 1 has logit
    and a straight line; a number is taken as it is and with a twentieth drawn in at each end.
    Rows are all waves, and each account's first alone. Choices that the data cannot carry are
    left out; choices that change nothing count once.

    Parameters
    ----------
    panels
        By months of lag, as ``panels`` makes them.
    adjusts
        Sets of columns held equal, by name.
    declared
        The lag that the page's own estimate uses, with the set called ``declared``.

    Raises
    ------
    NotEstimable
        If fewer than four choices that differ can be estimated.
    """
    rows: list[dict[str, object]] = []
    used = {outcome, score, "account_id", "t0"}.union(*adjusts.values())
    for lag, panel in panels.items():
        whole = panel[[name for name in panel if name in used]]
        known, first = int(whole[outcome].notna().sum()), _first_waves(whole, outcome)
        parts = {ALL: whole} | ({FIRST: first} if len(first) < known else {})
        asks = _models(panel[outcome], outcome, score, per, confidence)
        for (name, adjust), (which, some) in product(adjusts.items(), parts.items()):
            label = {"adjust": name, "lag_months": lag, "rows": which}
            for model, found in _estimated(asks, some, adjust):
                plain = which == ALL and model in ("logit", "as it is")
                usual = plain and (name, lag) == (DECLARED, declared)
                rows.append(label | {"model": model, "declared": usual} | found)
    rows.sort(key=lambda row: not row["declared"])  # kept where others say the same
    table = pd.DataFrame(rows).drop_duplicates(["effect", "low"]) if rows else pd.DataFrame()
    if len(table) < FEWEST:
        raise NotEstimable(f"only {len(table)} ways to estimate the link can be told apart here")
    return _summed_up(table.sort_values("effect", kind="stable", ignore_index=True))


def _models(
    values: pd.Series, outcome: str, score: str, per: float, confidence: float
) -> list[tuple[str, Question]]:
    known = values.dropna()
    options: list[tuple[str, Kind, float]]
    if known.isin([0, 1]).all():
        options = [("logit", "logit", 0.0), ("straight line", "linear", 0.0)]
    else:
        names = ("as it is", "ends drawn in")
        options = [(n, "linear", w) for n, w in zip(names, WINSORISED, strict=True)]
    return [
        (name, Question(outcome, score, kind, "account_id", per, confidence, ends))
        for name, kind, ends in options
    ]


def _first_waves(panel: pd.DataFrame, outcome: str) -> pd.DataFrame:
    known = panel.dropna(subset=[outcome])
    ordered = known.sort_values("t0", kind="stable") if "t0" in known else known
    return ordered.drop_duplicates("account_id")


def _estimated(
    asks: Sequence[tuple[str, Question]], panel: pd.DataFrame, adjust: Sequence[str]
) -> Iterator[tuple[str, dict[str, object]]]:
    """What each model says of the same rows, where it can be fitted."""
    sample: Sample | None = None
    for model, ask in asks:
        try:
            sample = ask.of_the_same(sample) if sample else ask.sample(panel, adjust, None)
            found = sample.estimate("choice", sample.full)[0]
        except ValueError:
            continue
        clear = found.low * found.high > 0
        yield model, {"effect": found.effect, "low": found.low, "high": found.high,
                      "base": found.base, "clear": clear}  # fmt: skip


def _summed_up(table: pd.DataFrame) -> Specifications:
    sign = np.sign(table["effect"])
    most = 1.0 if (sign > 0).mean() >= 0.5 else -1.0
    return Specifications(
        table,
        float((sign == most).mean()),
        float((table["clear"].astype(bool) & (sign == most)).mean()),
        float(table["effect"].median()),
        len(table),
    )
