"""What each respondent's account lived through before it was asked: metrics over those months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.operations.metrics import Metrics

__all__ = ["Exposures", "before", "exposures"]

ENOUGH_UNITS = 0.5  # of the units that a metric is of, which a column must name to be theirs


@dataclass(frozen=True)
class Exposures:
    """The mean of each metric before the survey, for every respondent.

    Attributes
    ----------
    values, keys
        A row a respondent, a column a metric: the mean, and the account or unit that it is of.
    by_key
        ``wave``, ``level``, ``key``, ``metric``, ``value``, ``months`` (that were sent).
    unit_column
        The column of respondents that names the units; empty where none does.
    why
        Why a metric can't be set against ratings, by metric.
    """

    values: pd.DataFrame
    keys: pd.DataFrame
    by_key: pd.DataFrame
    waves: pd.Series
    unit_column: str
    why: Mapping[str, str]
    notes: tuple[str, ...] = ()


def before(sent: pd.DataFrame, dates: Mapping[str, pd.Timestamp], months: int) -> pd.DataFrame:
    """The mean of each metric over the months before the month of each wave.

    Examples
    --------
    >>> sent = pd.DataFrame({"metric": "wait", "level": "account", "key": "a",
    ...                      "period": pd.to_datetime(["2026-03-01", "2026-05-01"]),
    ...                      "value": [3.0, 9.0]})
    >>> before(sent, {"W": pd.Timestamp("2026-05-15")}, 3)[["wave", "key", "value", "months"]]
      wave key  value  months
    0    W   a    3.0       1
    """
    parts, keys = [], ["level", "key", "metric"]
    found = {name: pd.factorize(sent[name], sort=True) for name in keys}
    coded = sent.assign(**{name: codes for name, (codes, _) in found.items()})  # grouped faster
    for wave, date in dates.items():
        if pd.isna(date):
            continue
        end = pd.Timestamp(date).to_period("M").to_timestamp()
        start = end - pd.DateOffset(months=months)
        inside = coded[(sent["period"] >= start) & (sent["period"] < end)]
        means = inside.groupby(keys, as_index=False, sort=True).agg(
            value=("value", "mean"), months=("period", "nunique")
        )
        names = {name: pd.Index([*every]).take(means[name]) for name, (_, every) in found.items()}
        parts.append(means.assign(**names, wave=wave))
    columns = ["wave", "level", "key", "metric", "value", "months"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def exposures(
    sent: Metrics, responses: pd.DataFrame, dates: Mapping[str, pd.Timestamp], *, months: int = 3
) -> Exposures:
    """Give every respondent the metrics of its account, or unit, before its wave.

    The month of the survey and all after it are left out: a metric that came later can't have
    made a rating.

    Parameters
    ----------
    responses
        ``wave`` and ``account_id`` or columns that name units (region, site).
    dates
        The date of each wave.
    months
        How many months before that of the survey count.
    """
    found = before(sent.table, dates, months)
    column = unit_column(responses, sent.table.loc[sent.table["level"] == "unit", "key"])
    values, keys, why = {}, {}, {}
    for metric in sent.usable:
        level = str(sent.of(metric)["level"])
        named = "account_id" if level == "account" else column
        rows = found[found["metric"] == metric]
        if named not in responses:
            why[metric] = f"no column of the answers names its {level}s"
            continue
        keys[metric] = responses[named]
        values[metric] = _looked_up(rows, responses["wave"], responses[named])
        if np.isnan(values[metric]).all():
            why[metric] = _unmet(rows, sent.of(metric), months)
    said = f"measures of units are matched to answers by {column.replace('_', ' ')}"
    index = responses.index
    return Exposures(
        pd.DataFrame(values, index=index), pd.DataFrame(keys, index=index), found,
        responses["wave"], column, why, (said,) if column else (),
    )  # fmt: skip


def _unmet(rows: pd.DataFrame, line: pd.Series, months: int) -> str:
    if len(rows):
        return f"none of its {line['level']}s answered the survey"
    return (
        f"none of its months ({line['first']:%Y-%m} to {line['last']:%Y-%m}) lies in the "
        f"{months} before a survey: a later month can't have made a rating"
    )


def _looked_up(rows: pd.DataFrame, waves: pd.Series, keys: pd.Series) -> np.ndarray:
    known = rows.set_index(["wave", "key"])["value"]
    asked = pd.MultiIndex.from_arrays([waves.astype(object), keys.astype(object)])
    return known.reindex(asked).to_numpy(float)


def unit_column(responses: pd.DataFrame, units: pd.Series) -> str:
    """The column that names most of the units; ``unit`` itself before any other."""
    wanted = set(units.astype(str).unique())
    texts = [
        str(name)
        for name in responses
        if not pd.api.types.is_numeric_dtype(responses[name])
        and not pd.api.types.is_datetime64_any_dtype(responses[name])
    ]
    shares = {
        name: len(wanted & set(responses[name].dropna().astype(str).unique())) / len(wanted)
        for name in sorted(texts, key=lambda name: name != "unit")
        if wanted
    }
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= ENOUGH_UNITS else ""
