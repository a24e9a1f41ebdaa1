"""The same people before and after: their next answer, and what was done about the first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.methods.recovery.clocks import Cases, Promises

__all__ = ["followed"]

SECONDS = 86_400.0  # of a day


def followed(
    answers: pd.DataFrame,
    found: Cases,
    promises: Promises,
    *,
    order: Sequence[str],
) -> pd.DataFrame:
    """Everybody who answered two waves in a row, with the alert that the first answer raised.

    Parameters
    ----------
    answers
        One row a response, its id the index: ``contact_id``, ``account_id``, ``wave``,
        ``answer`` (to the question that raises alerts), ``score``, and facts to compare by.
    found
        Cases; those with a ``response_id`` were raised by an answer.
    promises
        A case counts as contacted in time by the promise of a first contact.
    order
        Waves in order of time.

    Returns
    -------
    DataFrame
        The answers with answer_after, score_after, account_after, alerted and in_time (missing
        without an alert).

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t"], "account_id": ["a"], "response_id": ["r1"],
    ...     "created_at": pd.to_datetime(["2026-01-01"]),
    ...     "first_contact_at": pd.to_datetime(["2026-01-02"])})
    >>> from helpers.methods.recovery import cases
    >>> told = pd.DataFrame({"contact_id": ["p", "p"], "account_id": ["a", "a"],
    ...     "wave": ["1", "2"], "answer": [3, 8], "score": [40.0, 70.0]}, index=["r1", "r2"])
    >>> rows = followed(told, cases(sent, as_of=pd.Timestamp("2026-12-31")),
    ...                 Promises(first_contact=2.0), order=["1", "2"])
    >>> rows[["answer", "answer_after", "alerted", "in_time"]].values.tolist()
    [[3, 8, True, True]]
    """
    place = answers["wave"].map({wave: n for n, wave in enumerate(order)})
    first = answers.rename_axis("response_id").reset_index().assign(place=place.to_numpy())
    first = first[first["contact_id"].notna()].drop_duplicates(["contact_id", "place"])
    later = first[["contact_id", "place", "answer", "score"]].assign(place=first["place"] - 1)
    both = first.merge(later, on=["contact_id", "place"], suffixes=("", "_after"))
    both = both.dropna(subset=["answer", "score", "answer_after", "score_after"])
    raised = found.table.dropna(subset=["response_id"]).drop_duplicates("response_id")
    timely = _timely(raised, promises.of("first contact")).set_axis(raised["response_id"])
    both = both.assign(alerted=both["response_id"].isin(raised["response_id"]))
    return both.assign(in_time=both["response_id"].map(timely)).reset_index(drop=True)


def _timely(cases: pd.DataFrame, promise: float) -> pd.Series:
    """Whether the first contact came within the promise; missing without a promise or a time."""
    waited = (cases["first contact"] - cases["created"]).dt.total_seconds() / SECONDS
    timely = (waited <= promise).astype(object)
    return timely.mask((waited < 0) | pd.isna(promise), None)
