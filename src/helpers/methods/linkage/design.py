"""The columns a model is fitted on: the score first, then what it is adjusted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable

__all__ = ["COMPUTED", "Design", "design_for", "usable_columns"]

COMPUTED = (
    "tenure_months", "log_revenue", "growth_before", "revenue_before", "respondents",
    "products_before", "wallet_before", "contract_at_wave",
)  # fmt: skip
NOTHING = 1e-10  # a direction this much shorter than the longest holds nothing of its own
REPEATS = 1e-8  # of a column's length left after the columns before it: nothing of its own


@dataclass(frozen=True)
class Design:
    """How rows become a matrix: intercept, score, covariates, each on a common scale.

    Numbers are centred and divided by their standard deviation in the fitted rows, so
    that money and months do not upset the arithmetic; texts become one column a level.
    """

    score: str
    numbers: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]  # first level is the one others are compared with
    centre: Mapping[str, float]
    spread: Mapping[str, float]
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns a frame must have to be predicted."""
        return (self.score, *self.numbers, *self.levels)

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """Rows of ``frame`` as a matrix; a row with a missing value is missing throughout."""
        missing = [name for name in self.needs if name not in frame.columns]
        if missing:
            raise ValueError(f"the model needs {', '.join(missing)}: add them to the frame")
        blocks = {"intercept": np.ones(len(frame))}
        for name in (self.score, *self.numbers):
            blocks[name] = (_number(frame[name]) - self.centre[name]) / self.spread[name]
        for name in self.levels:
            blocks |= self._level_columns(name, frame[name])
        return np.column_stack([blocks[column] for column in self.columns])

    def _level_columns(self, name: str, values: pd.Series) -> dict[str, np.ndarray]:
        text, levels = values.astype("string"), self.levels[name]
        places = pd.Index(levels, dtype="string").get_indexer(pd.Index(text))
        absent = text.isna().to_numpy()
        unknown = sorted(set(text[(places < 0) & ~absent]))
        if unknown:
            raise ValueError(
                f"{name} has {', '.join(map(repr, unknown))}, which the model never saw: it "
                f"knows {', '.join(levels)}. Recode it, or leave {name} out of adjust"
            )
        return {
            f"{name} = {level}": np.where(absent, np.nan, places == place)
            for place, level in enumerate(levels)
        }


def _number(values: pd.Series) -> np.ndarray:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)
    odd = (np.isnan(numbers) & values.notna().to_numpy()) | np.isinf(numbers)
    if odd.any():
        raise ValueError(f"{values.name} has '{values[odd].iloc[0]}', which is no finite number: "
                         "correct it, or make it missing")  # fmt: skip
    return numbers


def usable_columns(panel: pd.DataFrame, adjust: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split ``adjust`` into columns that can be used and notes on those that cannot."""
    kept: list[str] = []
    notes: list[str] = []
    for name in dict.fromkeys(adjust):
        if name not in panel.columns:
            notes.append(_absent(name, panel))
        elif panel[name].isna().all():
            notes.append(f"{name} is left out: no account has a value")
        elif panel[name].nunique() < 2:
            notes.append(f"{name} is left out: it is the same for every account")
        else:
            kept.append(name)
    return kept, notes


def _absent(name: str, panel: pd.DataFrame) -> str:
    if name in COMPUTED:
        return f"{name} is left out: the table it comes from was not sent"
    near = get_close_matches(name, [str(c) for c in panel.columns], 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(panel.columns)}"
    raise ValueError(f"no column {name!r} to adjust for; {hint}")


def design_for(frame: pd.DataFrame, score: str, adjust: Sequence[str]) -> tuple[Design, np.ndarray]:
    """Choose columns, scales and levels from the rows a model will be fitted on; and the matrix.

    A covariate that only repeats others is left out and noted. A score that the
    covariates determine entirely is refused, as its effect means nothing then.
    """
    texts = [name for name in adjust if not _is_number(frame[name])]
    numbers = [name for name in adjust if name not in texts]
    scales = {n: _number(frame[n]) for n in (score, *numbers)}
    spread = {n: float(v.std()) or 1.0 for n, v in scales.items()}
    if np.ptp(scales[score]) == 0:
        same = f"{scales[score][0]:g} for every account"
        raise NotEstimable(f"the {score} is {same}: no link can be seen")
    levels = {name: _levels(frame[name]) for name in texts}
    dummies = [f"{n} = {level}" for n in texts for level in levels[n][1:]]
    full = Design(
        score,
        tuple(numbers),
        levels,
        {n: float(v.mean()) for n, v in scales.items()},
        spread,
        ("intercept", score, *numbers, *dummies),
    )
    return _without_repeats(full, full.matrix(frame))


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _levels(values: pd.Series) -> tuple[str, ...]:
    counts = values.astype("string").value_counts()
    if len(counts) > max(2, len(values) / 10):
        raise ValueError(
            f"{values.name} has {len(counts)} different values in {len(values)} rows: too many "
            "to adjust for. Group them, or leave it out of adjust"
        )
    ordered = sorted(counts.index, key=lambda level: (-counts[level], level))
    return tuple(str(level) for level in ordered)


def _without_repeats(full: Design, matrix: np.ndarray) -> tuple[Design, np.ndarray]:
    others = [i for i, column in enumerate(full.columns) if column != full.score]
    if _left_over(matrix[:, 1], matrix[:, others]) < REPEATS:
        raise ValueError(
            f"{full.score} is fully determined by {', '.join(full.columns[2:])}: its own effect "
            "cannot be told from theirs. Take one of them out of adjust"
        )
    kept = [0, 1]
    for i in range(2, len(full.columns)):
        if _left_over(matrix[:, i], matrix[:, kept]) >= REPEATS:
            kept.append(i)
    lost = [full.columns[i] for i in range(len(full.columns)) if i not in kept]
    notes = tuple(f"{name} is left out: it repeats the columns before it" for name in lost)
    columns = tuple(full.columns[i] for i in kept)
    numbers = tuple(n for n in full.numbers if n in columns)
    levels = {n: v for n, v in full.levels.items() if any(f"{n} = {x}" in columns for x in v)}
    design = Design(full.score, numbers, levels, full.centre, full.spread, columns, notes)
    return design, np.take(matrix, kept, axis=1)


def _left_over(column: np.ndarray, others: np.ndarray) -> float:
    fitted = others @ np.linalg.lstsq(others, column, rcond=NOTHING)[0]
    length = float(np.linalg.norm(column))
    return float(np.linalg.norm(column - fitted)) / length if length else 0.0
