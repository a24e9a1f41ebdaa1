"""What an account's own page shows besides its row of the list: people, drivers, revenue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import t

from helpers.methods import accounts, comments

__all__ = ["drivers", "history", "people", "quotes"]


def people(
    contacts: pd.DataFrame, scores: pd.Series, responses: pd.DataFrame, agreed: pd.Series
) -> pd.DataFrame:
    """The people of each account by role, each with a score only where he or she may be named.

    Those who did not answer and those who did not agree look the same: nobody can tell from a
    missing score that somebody answered.

    Parameters
    ----------
    contacts
        ``contact_id``, ``account_id`` and, where known, ``role``, ``function``, ``active``.
    scores, agreed
        Of each respondent, on the index of ``responses``, which has ``contact_id``.

    Examples
    --------
    >>> listed = pd.DataFrame({"contact_id": ["p", "q"], "account_id": "a", "role": "user"})
    >>> answers = pd.DataFrame({"contact_id": ["p", "q"]}, index=["r1", "r2"])
    >>> found = people(listed, pd.Series([80.0, 20.0], index=answers.index), answers,
    ...                pd.Series([True, False], index=answers.index))
    >>> found["score"].tolist()
    [80.0, nan]
    """
    listed = contacts.reindex(columns=["contact_id", "account_id", "role", "function", "active"])
    listed = listed[~listed["active"].eq(False).fillna(False)]
    told = scores[agreed].groupby(responses["contact_id"][agreed]).mean()
    listed = listed.assign(score=listed["contact_id"].map(told).astype(float))
    columns = ["account_id", "role", "function", "score"]
    return listed.sort_values(
        ["account_id", "role", "score", "contact_id"], na_position="last", ignore_index=True
    )[columns]


def drivers(
    ratings: pd.DataFrame, firms: pd.Series, agreed: pd.Series, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Each account's mean rating of each driver beside that of all others, with an interval.

    The interval takes the scatter of colleagues round their account's mean as the same in all
    accounts: one answer has one too. Only answers that may be named count, for both.

    Returns
    -------
    DataFrame
        account_id, driver, value, low, high, peers, answers.

    Examples
    --------
    >>> rated = pd.DataFrame({"price": [4.0, 6.0, 8.0, 8.0]})
    >>> found = drivers(rated, pd.Series(list("aabb")), pd.Series(True, index=rated.index))
    >>> found[["account_id", "value", "peers"]].values.tolist()
    [['a', 5.0, 8.0], ['b', 8.0, 5.0]]
    """
    kept = agreed & firms.notna()
    parts = [_driver(ratings[name][kept], firms[kept], str(name), confidence)
             for name in ratings]  # fmt: skip
    columns = ["account_id", "driver", "value", "low", "high", "peers", "answers"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _driver(rated: pd.Series, firms: pd.Series, name: str, confidence: float) -> pd.DataFrame:
    known = rated.dropna()
    by = known.groupby(firms[known.index])
    mean, answers, total = by.mean(), by.size(), by.sum()
    left = len(known) - len(mean)
    within = float(((known - by.transform("mean")) ** 2).sum()) / left if left > 0 else np.nan
    reach = t.ppf((1 + confidence) / 2, max(left, 1)) * np.sqrt(within / answers)
    others = (known.sum() - total) / (len(known) - answers).where(answers < len(known))
    found = {"driver": name, "value": mean, "low": mean - reach, "high": mean + reach,
             "peers": others, "answers": answers}  # fmt: skip
    return pd.DataFrame(found).rename_axis("account_id").reset_index()


def history(financials: pd.DataFrame | None, waves: Mapping[str, pd.Timestamp]) -> pd.DataFrame:
    """Revenue of the twelve months before each wave, by account; the first wave first.

    Examples
    --------
    >>> money = pd.DataFrame({"account_id": ["a"], "revenue": [5.0],
    ...                       "period": pd.to_datetime(["2026-01-01"])})
    >>> history(money, {"2026H1": pd.Timestamp("2026-05-15")}).values.tolist()
    [['a', '2026H1', 5.0]]
    """
    columns = ["account_id", "wave", "revenue"]
    known = {wave: day for wave, day in waves.items() if not pd.isna(day)}
    if financials is None or not known:
        return pd.DataFrame(columns=columns)
    parts = [
        accounts.recent_revenue(financials, until=day).reset_index().assign(wave=wave)
        for wave, day in sorted(known.items(), key=lambda item: item[1])
    ]
    return pd.concat(parts, ignore_index=True)[columns]


def quotes(
    redacted: pd.Series, responses: pd.DataFrame, said_by: pd.Series, agreed: pd.Series
) -> pd.DataFrame:
    """Comments of this wave, without names, from those alone who agreed to be named.

    Replies that say nothing, such as "n/a", are none.

    Parameters
    ----------
    redacted
        As `comments.redacted` returns them.
    said_by
        The response of each comment, on the index of ``redacted``.
    responses, agreed
        The respondents of this wave, with ``account_id`` and, where known, ``role``.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": ["a", "a"]}, index=["r1", "r2"])
    >>> texts, by = pd.Series(["Fast.", "Slow.", "n/a"]), pd.Series(["r1", "r2", "r1"])
    >>> quotes(texts, people, by, pd.Series([True, False], people.index))
      account_id  role   text
    0          a  None  Fast.
    """
    kept = redacted[said_by.isin(agreed.index[agreed])]
    kept = kept[comments.legible(kept) & kept.map(comments.says_something)] if len(kept) else kept
    people = responses.reindex(columns=["account_id", "role"]).loc[said_by[kept.index]]
    found = people.astype(object).where(people.notna(), None).assign(text=kept.to_numpy())
    return found.dropna(subset=["account_id"]).reset_index(drop=True)
