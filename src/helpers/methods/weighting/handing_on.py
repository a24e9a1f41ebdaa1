"""Weights and strata that one chapter made, for another that is to count alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.weighting.raking import rake
from helpers.methods.weighting.weights import Weights

__all__ = ["HandedOn", "handed_on", "to_hand_on"]

OURS = ("response_id", "weight", "base_weight", "stratum", "trim")
CLOSE = 1e-6  # relative; by which weights made once more may differ


@dataclass(frozen=True)
class HandedOn:
    """How respondents count, for any chapter: give all three to `stats.mean` and its like."""

    weights: Weights | pd.Series | None  # knowing their margins, where those were met
    strata: pd.Series | None
    base: int

    @property
    def values(self) -> pd.Series | None:
        """The weights as plain numbers of mean 1."""
        return self.weights.values if isinstance(self.weights, Weights) else self.weights


def to_hand_on(
    responses: pd.DataFrame,
    weights: Weights | None,
    *,
    columns: Sequence[str] = (),
    base: pd.Series | None = None,
    strata: pd.Series | None = None,
    trim: float | None = None,
) -> pd.DataFrame:
    """Everything needed to make the same weights once more, as a table to keep.

    Parameters
    ----------
    responses
        The wave's respondents, with the columns that were weighted to.
    weights
        As `rake` returned them; ``None`` where everybody counts alike.
    columns, base, trim
        What `rake` was given.
    strata
        As `sampling.drawn_strata` returned them.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "A", "B"]}, index=["r1", "r2", "r3"])
    >>> found = rake(people, {"tier": pd.Series({"A": 1, "B": 1})})
    >>> to_hand_on(people, found, columns=["tier"])[["response_id", "weight"]].values.tolist()
    [['r1', 0.75], ['r2', 0.75], ['r3', 1.5]]
    """
    ones = pd.Series(1.0, index=responses.index)
    table = pd.DataFrame(
        {
            "weight": ones if weights is None else weights.values,
            "base_weight": ones if base is None else base,
            "stratum": pd.Series("", index=responses.index) if strata is None else strata,
            "trim": np.nan if trim is None else trim,
        }
    )
    met = weights is not None and weights.calibration is not None
    fitted = responses[list(columns) if met else []].astype(str)
    return table.join(fitted.add_prefix("to ")).rename_axis("response_id").reset_index()


def handed_on(table: pd.DataFrame | None, index: pd.Index) -> HandedOn:
    """Make the weights of a kept table once more, for the respondents of an index.

    Weights that met their margins come back knowing them, so that intervals use what the
    margins explain. Others (limited by ``trim``) come back as plain numbers.

    Parameters
    ----------
    table
        As `to_hand_on` made it; ``None`` where no chapter made one.
    index
        response_id of each respondent. Weights are given where all of them are in the
        table, and every respondent of the table is in the index.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "A", "B"]}, index=["r1", "r2", "r3"])
    >>> found = rake(people, {"tier": pd.Series({"A": 1, "B": 1})})
    >>> kept = to_hand_on(people, found, columns=["tier"])
    >>> handed_on(kept, people.index).weights.values.tolist()
    [0.75, 0.75, 1.5]
    """
    if table is None or set(table["response_id"]) != set(index):
        return HandedOn(None, None, len(index))
    rows = table.set_index("response_id").loc[index]
    columns = [str(name) for name in rows if name not in OURS]
    strata = rows["stratum"].astype(str) if (rows["stratum"] != "").all() else None
    if not columns:
        unequal = bool((rows["weight"] != 1).any())
        return HandedOn(rows["weight"] if unequal else None, strata, len(rows))
    return HandedOn(_again(rows, columns), strata, len(rows))


def _again(rows: pd.DataFrame, columns: list[str]) -> Weights | pd.Series:
    margins = {name: rows.groupby(name)["weight"].sum() for name in columns}
    trim = rows["trim"].iloc[0]
    made = rake(
        rows[columns], margins, base=rows["base_weight"], trim=None if np.isnan(trim) else trim
    )
    same = np.allclose(made.values, rows["weight"], rtol=CLOSE)
    return made if same and made.converged else rows["weight"]
