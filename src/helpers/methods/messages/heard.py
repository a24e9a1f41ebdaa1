"""What a survey heard, in two things customers may be told: what to do better, what is valued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

__all__ = ["Heard", "heard", "own_ratings"]

MOST = 4  # things that a letter names together; of more, none stands out


@dataclass(frozen=True, slots=True)
class Heard:
    """What to do better, and what is valued most.

    ``asked`` are the subjects, with ``by`` how they are known: ``comments`` (written about most),
    ``ratings`` (where better ratings would go with most loyalty) or ``nothing`` (none of these
    stands out). ``valued`` are the subjects rated best, ``sure`` whether one of them alone is.
    Bases are numbers of answers; 0 where there are none.
    """

    asked: tuple[str, ...]
    by: str
    asked_base: int
    valued: tuple[str, ...]
    sure: bool
    valued_base: int


def heard(themes: pd.DataFrame | None, drivers: pd.DataFrame | None) -> Heard:
    """The two things that customers said, as far as they can be told apart.

    Parameters
    ----------
    themes
        ``label``, ``value``, ``may_lead``, ``base``: as the comments chapter hands them on.
    drivers
        ``label``, ``mean``, ``mean_low``, ``mean_high``, ``potential``, ``may_lead``, ``base``:
        as the drivers chapter hands them on. Either may be ``None``.

    Examples
    --------
    >>> themes = pd.DataFrame({"label": ["Price", "Speed"], "value": [0.5, 0.2], "base": 90,
    ...                        "may_lead": [True, False]})
    >>> heard(themes, None).asked
    ('Price',)
    """
    asked, by, base = _asked(themes, "value"), "comments", _base(themes)
    if not asked:
        asked, by, base = _asked(drivers, "potential"), "ratings", _base(drivers)
    if not asked:
        by, base = "nothing", 0
    valued, sure = _valued(drivers)
    return Heard(asked, by, base, valued, sure, _base(drivers) if valued else 0)


def _asked(table: pd.DataFrame | None, by: str) -> tuple[str, ...]:
    """The subjects that may come first, the largest first; none where they are too many."""
    if table is None or table.empty or "may_lead" not in table:
        return ()
    known = table.dropna(subset=[by])
    first = known[known["may_lead"].fillna(False).astype(bool)].sort_values(by, ascending=False)
    names = tuple(first["label"].astype(str))
    return names if len(names) <= MOST and len(names) < len(table) else ()


def _valued(drivers: pd.DataFrame | None) -> tuple[tuple[str, ...], bool]:
    """The subjects rated best: all whose intervals meet that of the best."""
    if drivers is None or len(drivers) < 2 or not {"mean", "mean_low", "mean_high"} <= {*drivers}:
        return (), False
    table = drivers.dropna(subset=["mean"]).sort_values("mean", ascending=False)
    if len(table) < 2:
        return (), False
    best = table[table["mean_high"] >= table["mean_low"].iloc[0]]
    names = tuple(best["label"].astype(str))
    return (
        (names, len(names) == 1) if len(names) <= MOST and len(names) < len(table) else ((), False)
    )


def _base(table: pd.DataFrame | None) -> int:
    if table is None or table.empty or "base" not in table or table["base"].isna().all():
        return 0
    return int(table["base"].max())


def own_ratings(
    ratings: pd.DataFrame,
    responses: pd.DataFrame,
    scales: Mapping[str, tuple[float, float]],
    written: pd.DataFrame,
) -> dict[str, tuple[str, str]]:
    """What each person who is written to, and may be named, rated best and worst, by contact.

    Where no single rating is the best, or the worst, that half is empty.

    Parameters
    ----------
    ratings
        A column a subject, the better the higher, in rows as ``responses``.
    responses
        ``contact_id`` of who gave them, where it is known.
    scales
        Ends of each subject's scale: ratings are compared by how far up it they are.
    written
        As `recipients` gives them.

    Examples
    --------
    >>> rated = pd.DataFrame({"speed": [9.0, 5.0], "price": [3.0, 5.0]})
    >>> to = pd.DataFrame({"contact_id": ["c", "d"], "named": True})
    >>> who = pd.DataFrame({"contact_id": ["c", "d"]})
    >>> own_ratings(rated, who, {"speed": (0, 10), "price": (0, 10)}, to)
    {'c': ('speed', 'price')}
    """
    if "contact_id" not in responses:
        return {}
    named = set(written.loc[written["named"].astype(bool), "contact_id"])
    own = responses["contact_id"][responses["contact_id"].isin(list(named))].drop_duplicates()
    known = [str(name) for name in ratings if name in scales]
    up = pd.DataFrame({name: (ratings[name] - scales[name][0]) / (scales[name][1] - scales[name][0])
                       for name in known}, index=ratings.index)  # fmt: skip
    rows = up.loc[own.index]
    found = {str(who): _ends(rows.iloc[place].dropna()) for place, who in enumerate(own)}
    return {who: ends for who, ends in found.items() if any(ends)}


def _ends(rated: pd.Series) -> tuple[str, str]:
    """The one rated best and the one rated worst; empty where several are."""
    if len(rated) < 2 or rated.max() == rated.min():
        return "", ""
    ends = [rated.index[rated == end] for end in (rated.max(), rated.min())]
    best, worst = (str(names[0]) if len(names) == 1 else "" for names in ends)
    return best, worst
