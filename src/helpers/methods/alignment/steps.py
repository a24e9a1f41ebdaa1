"""What to change first: conflicts, gaps of ownership and misjudgements, one list in order."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.methods.alignment.gaps import Gaps
from helpers.methods.alignment.owned import Coverage
from helpers.methods.alignment.paid import UNTESTED, Paid

__all__ = ["steps"]

COLUMNS = ["kind", "function", "owner", "metric", "driver", "share", "days"]
DAYS = {
    "against": 7,
    "tell": 7,
    "unowned": 7,
    "unpaid": 30,
    "guess": 14,
    "untested": 60,
    "across": 30,
}


def steps(
    paid: Paid | None = None,
    owned: Coverage | None = None,
    judged: Gaps | None = None,
    untold: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List what is to be changed, the clearest first, with who does it and in how many days.

    First metrics that work against customers; then promises that were delivered and not told
    (``untold``, as `focus.to_tell` gives them), one line an owner, the longest wait first, where
    one letter tells them all with the days ``within`` which it does; drivers
    with a clear effect that nobody owns or is paid on; drivers that staff misjudge; metrics whose
    effect could not be tested; drivers on which functions are paid apart.

    Returns
    -------
    DataFrame
        ``kind`` (*against*, *tell*, *letter*, *unowned*, *unpaid*, *guess*, *untested*, *across*),
        ``function``, ``owner`` (empty where nobody is known), ``metric`` (of *tell* the promise),
        ``driver``, ``share``, ``days``.

    Examples
    --------
    >>> from helpers.methods.alignment.owned import coverage
    >>> asked = pd.DataFrame({"driver": ["speed"], "follow_up_owner": ["Ann Lee"]})
    >>> effects = pd.DataFrame({"driver": ["speed"], "effect": [1.0], "clear": [True]})
    >>> steps(owned=coverage(asked, effects=effects))[["kind", "owner", "days"]].values.tolist()
    [['unowned', 'Ann Lee', 7]]
    """
    rows = [*_against(paid), *_untold(untold), *_drivers(owned),
            *_guesses(judged, owned), *_untested(paid), *_across(owned, paid)]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _metric(kind: str, row: pd.Series) -> tuple[object, ...]:
    rating = row["driver"] or row["rating"]
    return (kind, row["function"], row["owner"], row["metric"], rating, row["share"], DAYS[kind])


def _driver(kind: str, row: pd.Series) -> tuple[object, ...]:
    return (kind, row["function"], row["owner"], "", row["driver"], None, DAYS[kind])


def _against(paid: Paid | None) -> Iterator[tuple[object, ...]]:
    if paid is not None:
        for _, row in paid.of("works against").iterrows():
            yield _metric("against", row)


def _untold(untold: pd.DataFrame | None) -> Iterator[tuple[object, ...]]:
    """For each owner the promise that waits longest to be told, in the place of a metric."""
    if untold is not None:
        for _, row in untold.drop_duplicates("owner").iterrows():
            kind, days = ("letter", row["within"]) if "within" in row else ("tell", DAYS["tell"])
            yield (kind, row["function"], row["owner"], row["what"], "", None, days)


def _drivers(owned: Coverage | None) -> Iterator[tuple[object, ...]]:
    """Drivers with a clear effect that nobody owns; and those that nobody is paid on."""
    if owned is not None:
        for _, row in owned.of("no owner", matters=True).iterrows():
            yield _driver("unowned", row)
        for _, row in owned.of("nobody is paid", matters=True).iterrows():
            yield _driver("unpaid", row)


def _guesses(judged: Gaps | None, owned: Coverage | None) -> Iterator[tuple[object, ...]]:
    """Drivers that staff overrate: those who own them think that all is well."""
    if judged is None:
        return
    people = {} if owned is None else owned.table.set_index("driver")["owner"].to_dict()
    for _, row in judged.clear[judged.clear["verdict"] == "overrated"].iterrows():
        yield ("guess", row["owner"], people.get(row["driver"], ""), "", row["driver"], None,
               DAYS["guess"])  # fmt: skip


def _untested(paid: Paid | None) -> Iterator[tuple[object, ...]]:
    if paid is not None:
        rows = paid.of(*UNTESTED).sort_values("share", ascending=False, kind="stable")
        for _, row in rows.iterrows():
            yield _metric("untested", row)


def _across(owned: Coverage | None, paid: Paid | None) -> Iterator[tuple[object, ...]]:
    if owned is not None and paid is not None:
        for _, row in owned.of("across functions", "paid elsewhere", matters=True).iterrows():
            yield ("across", row["paid_by"], row["owner"], "", row["driver"], None, DAYS["across"])
