"""A design as one table, so that a later chapter counts exactly as the one that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.methods.survey.calibration import Cells, Explained

if TYPE_CHECKING:
    from helpers.methods.survey.calibration import Calibration
    from helpers.methods.survey.design import SurveyDesign

__all__ = ["parts_of", "table_of"]

NAMES = {"weight": "weights", "stratum": "strata"}
STAGED = {"cluster": "clusters", "population": "population"}
OF_ALL = "population of all"
FITTED = "fitted to "  # a total, as the column of what was added up to it


def table_of(design: SurveyDesign) -> pd.DataFrame:
    """A design's columns under names of their own, a row for each respondent."""
    if design.parts is None:
        return _columns_of(design)
    waves = [_columns_of(part).assign(wave=wave) for wave, part in design.parts.items()]
    return pd.concat(waves)


def _columns_of(design: SurveyDesign) -> pd.DataFrame:
    index = pd.RangeIndex(0) if design.index is None else design.index
    found: dict[str, Any] = {
        name: getattr(design, field)
        for name, field in NAMES.items()
        if getattr(design, field) is not None
    }
    for name, field in STAGED.items():
        part = getattr(design, field)
        if isinstance(part, pd.DataFrame):
            found |= {f"{name} {key}": part[key] for key in part}
        elif part is not None:
            found[OF_ALL if np.isscalar(part) else name] = part
    if design.people is not None:
        found["people"] = np.nan_to_num(design.people, nan=np.inf)  # only shares were known
    if design.inside is not None:
        found["in the domain"] = design.inside
    return pd.DataFrame({**found, **_fitted_of(design.calibration)}, index=index)


def _fitted_of(fitted: Calibration | None) -> dict[str, Any]:
    """The cell of each respondent, and what was added up to the totals."""
    if fitted is None:
        return {}
    found: dict[str, Any] = {"base_weight": fitted.base, "cell": fitted.cells.row}
    if fitted.cells.columns is not None:
        rows = fitted.cells.columns[fitted.cells.row]
        found |= {f"{FITTED}{place}": rows[:, place] for place in range(rows.shape[1])}
    return found


def parts_of(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By wave (empty where there are none) the fields of a design that was stored."""
    if "wave" not in table:
        return {"": _fields_of(table)}
    waves = table["wave"].unique()
    return {wave: _fields_of(table[table["wave"] == wave].drop(columns="wave")) for wave in waves}


def _fields_of(rows: pd.DataFrame) -> dict[str, Any]:
    kept = rows.dropna(axis="columns", how="all")  # what other waves have
    found: dict[str, Any] = {field: kept[name] for name, field in NAMES.items() if name in kept}
    for name, field in STAGED.items():
        stages = [key for key in kept if str(key).startswith(f"{name} ") and key != OF_ALL]
        if stages:
            names = [str(key)[len(name) + 1 :] for key in stages]
            found[field] = kept[stages].set_axis(names, axis=1)
        elif name in kept:
            found[field] = kept[name]
    if OF_ALL in kept:
        found["population"] = kept[OF_ALL].iloc[0]
    if "people" in kept:
        people = float(kept["people"].iloc[0])
        found["people"] = people if np.isfinite(people) else np.nan
    if "in the domain" in kept:
        found["inside"] = kept["in the domain"].astype(bool)
    return {**found, "calibration": _calibration_of(kept), "index": rows.index, "labelled": True}


def _calibration_of(rows: pd.DataFrame) -> Explained | None:
    if "cell" not in rows:
        return None
    base, cell = rows["base_weight"].to_numpy(), rows["cell"].to_numpy().astype(np.intp)
    mass = np.bincount(cell, base)
    names = [name for name in rows if str(name).startswith(FITTED)]
    columns = None
    if names:
        _, first = np.unique(cell, return_index=True)
        columns = rows[names].to_numpy()[first]
    return Explained(base, Cells(columns, mass / mass.sum(), cell))
