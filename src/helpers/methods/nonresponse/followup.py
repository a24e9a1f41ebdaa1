"""What became of those who kept silent, and of those whom nobody was allowed to ask.

The client's own records go on after the survey: who stayed, who grew, who complained.
They are known of everybody, so they show whether the silent and the excluded are like
the rest where no answer can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.accounts import NEVER_ASKED
from helpers.methods.claims import OF_NONRESPONSE, least, level
from helpers.methods.nonresponse.contrasts import contrast, holm, large_enough
from helpers.methods.survey import SurveyDesign

__all__ = [
    "Exclusion",
    "Followup",
    "asked_accounts",
    "exclusion_test",
    "responders_against_silent",
    "ticket_counts",
    "tickets_after",
]

ANSWERED = ("complete", "partial")

# Whether more of an outcome is better; those not named here count as better.
BETTER: Mapping[str, int] = {"tickets": -1}


@dataclass(frozen=True)
class Followup:
    """Those who answered beside those who did not, on what the records show afterwards.

    ``table`` is that of `contrast` with those who answered as the group. ``apart`` names
    the outcomes whose difference stands after Holm's correction: where there are any,
    weights to the list may not mend the score. ``answered`` and ``silent`` count the rows
    of which any outcome is known, ``accounts`` the accounts they belong to.
    """

    table: pd.DataFrame
    apart: tuple[str, ...]
    answered: int
    silent: int
    accounts: int
    confidence: float

    @property
    def base(self) -> int:
        """Rows compared, answered or not."""
        return self.answered + self.silent

    @property
    def p(self) -> float | None:
        """The smallest of Holm's p over the outcomes."""
        return least(self.table["p_holm"])

    @property
    def verdict(self) -> str:
        """Whether any outcome differs after Holm's correction: ``differ``, or ``not clear``."""
        return "differ" if self.apart else "not clear"


@dataclass(frozen=True)
class Exclusion:
    """Those kept out of the survey beside those let in, on renewal, tickets, revenue.

    ``table`` is that of `contrast` with the excluded as the group, and ``flatters``:
    whether leaving them out makes the survey look better (they do worse). ``clear``
    names the outcomes where that stands after Holm's correction, and ``worse`` counts
    those that point that way of the ``judged``. ``excluded`` and ``included`` count the
    rows of which any outcome is known, ``accounts`` the accounts they belong to.
    """

    table: pd.DataFrame
    clear: tuple[str, ...]
    worse: int
    judged: int
    excluded: int
    included: int
    accounts: int
    confidence: float

    @property
    def base(self) -> int:
        """Rows compared, excluded or not."""
        return self.excluded + self.included

    @property
    def share(self) -> float:
        """Share that was excluded."""
        return self.excluded / self.base

    @property
    def p(self) -> float | None:
        """The smallest of Holm's p over the outcomes that flatter; 1 where none of them does."""
        return least(self.table["p_holm"], self.table["flatters"])

    @property
    def verdict(self) -> str:
        """Whether leaving them out flatters: ``flatters``, ``all worse``, or ``not clear``.

        ``all worse`` is every outcome pointing that way, none of them clearly.
        """
        if self.clear:
            return "flatters"
        return "all worse" if self.judged and self.worse == self.judged else "not clear"


def responders_against_silent(
    outcomes: pd.DataFrame,
    answered: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    smallest: int = 0,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Followup:
    """Compare those who answered with those who did not on what happened afterwards.

    Parameters
    ----------
    outcomes
        A row for everybody asked (or each of their accounts), a column for each outcome:
        ``retained`` and growth as `linkage.panel` gives them, `ticket_counts`.
    answered
        True for those who answered.
    smallest
        Fewest rows on either side for a mean.
    design, adjust, confidence
        As for `contrast`. With ``adjust`` the test is like for like: what a difference
        between tiers explains, weighting to tiers mends.

    Examples
    --------
    >>> kept = pd.DataFrame({"retained": [1] * 19 + [0] + [1] * 5 + [0] * 15})
    >>> responders_against_silent(kept, [True] * 20 + [False] * 20).apart
    ('retained',)
    """
    table = contrast(outcomes, answered, design, adjust=adjust, confidence=confidence)
    table = large_enough(table, smallest)
    apart = table.loc[table["p_holm"] <= level(confidence, OF_NONRESPONSE), "outcome"]
    return Followup(table, tuple(apart), *_known(outcomes, answered, design), confidence)


def _known(
    outcomes: pd.DataFrame, here: ArrayLike, design: SurveyDesign | None
) -> tuple[int, int, int]:
    """Rows on either side with any outcome known, and the accounts they belong to."""
    known = outcomes.notna().any(axis=1).to_numpy()
    if not known.any():
        raise NotEstimable(
            "nothing is known yet of what became of these accounts; send end dates, contracts, "
            "revenue or tickets, or wait until the months after a wave are over"
        )
    inside, rows = int((np.asarray(here, dtype=bool) & known).sum()), int(known.sum())
    places = pd.Series(np.arange(len(known)), index=outcomes.index)
    clusters = None if design is None else design.clusters_for(places)
    owners = places if clusters is None else clusters
    return inside, rows - inside, owners[known].nunique()


def exclusion_test(
    outcomes: pd.DataFrame,
    excluded: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    better: Mapping[str, int] = BETTER,
    described: Sequence[str] = (),
    smallest: int = 0,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Exclusion:
    """Test whether account teams keep out customers who would have scored low.

    Parameters
    ----------
    outcomes
        A row for everybody drawn (or each of their accounts): renewal, tickets, revenue.
    excluded
        True for those whom somebody took off the list.
    better
        1 where more of an outcome is better, -1 where less is; 1 if not named.
    described
        Outcomes that are shown and not tested, such as revenue before the survey.
    smallest
        Fewest rows on either side for a mean.
    design, adjust, confidence
        As for `contrast`.

    Examples
    --------
    >>> listed = pd.DataFrame({"renewed": [1] * 30 + [0] * 2 + [1, 0, 0, 0, 0, 0, 0, 1]})
    >>> found = exclusion_test(listed, [False] * 32 + [True] * 8)
    >>> found.clear, found.share
    (('renewed',), 0.2)
    """
    strange = [name for name, sign in better.items() if sign not in (1, -1)]
    if strange:
        raise ValueError(f"better is 1 or -1 for each outcome, not {better[strange[0]]}")
    table = contrast(outcomes, excluded, design, adjust=adjust, confidence=confidence)
    table = large_enough(table, smallest)
    tested = ~table["outcome"].isin(described)
    p = table["like_p" if "like_p" in table else "p"]
    table["p_holm"] = holm(p.where(tested))
    shown = table["like_for_like"] if "like_for_like" in table else table["difference"]
    table["flatters"] = shown * table["outcome"].map(lambda name: better.get(name, 1)) < 0
    sure = table["p_holm"] <= level(confidence, OF_NONRESPONSE)
    clear = table.loc[table["flatters"] & sure, "outcome"]
    judged = tested & shown.notna()
    return Exclusion(
        table, tuple(clear), int((table["flatters"] & judged).sum()), int(judged.sum()),
        *_known(outcomes[list(table.loc[tested, "outcome"])], excluded, design), confidence,
    )  # fmt: skip


def asked_accounts(invitations: pd.DataFrame) -> pd.DataFrame:
    """Each account asked in each wave, and whether any of its people answered.

    Parameters
    ----------
    invitations
        ``wave``, ``account_id`` and ``disposition``; people who were never really asked
        (ineligible, quarantined, excluded) do not count.

    Returns
    -------
    DataFrame
        wave, account_id, answered.

    Examples
    --------
    >>> sent = pd.DataFrame({"wave": "W1", "account_id": list("aabc"),
    ...                      "disposition": ["unknown", "complete", "refusal", "excluded"]})
    >>> asked_accounts(sent).values.tolist()
    [['W1', 'a', True], ['W1', 'b', False]]
    """
    asked = invitations[~invitations["disposition"].isin(NEVER_ASKED)]
    came = asked["disposition"].isin(ANSWERED)
    keys = [asked["wave"].rename("wave"), asked["account_id"].rename("account_id")]
    return came.groupby(keys, sort=True).any().rename("answered").reset_index()


def tickets_after(
    rows: pd.DataFrame,
    tickets: pd.DataFrame,
    *,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int,
    as_of: pd.Timestamp,
) -> pd.Series:
    """Tickets of each account in the months after its wave; missing where they are not over.

    Parameters
    ----------
    rows
        ``wave`` and ``account_id``, each pair once.
    tickets
        ``account_id`` and ``created_at``.
    wave_dates, lag_months, as_of
        As for `linkage.panel`.

    Examples
    --------
    >>> rows = pd.DataFrame({"wave": ["W1", "W2"], "account_id": ["a", "a"]})
    >>> cases = pd.DataFrame({"account_id": ["a"], "created_at": ["2026-02-01"]})
    >>> days = {"W1": pd.Timestamp("2026-01-15"), "W2": pd.Timestamp("2026-06-15")}
    >>> tickets_after(rows, cases, wave_dates=days, lag_months=3,
    ...               as_of=pd.Timestamp("2026-06-30")).tolist()
    [1.0, nan]
    """
    counts = pd.Series(np.nan, index=rows.index, name="tickets")
    for wave, began in wave_dates.items():
        until = began + pd.DateOffset(months=lag_months)
        here = rows["wave"] == wave
        if pd.isna(began) or until > as_of or not here.any():
            continue
        ids = rows.loc[here, "account_id"]
        found = ticket_counts(tickets, ids.unique(), since=began, until=until)
        counts[here] = ids.map(found).astype(float)
    return counts


def ticket_counts(
    tickets: pd.DataFrame, accounts: Iterable[object], *, since: pd.Timestamp, until: pd.Timestamp
) -> pd.Series:
    """Tickets of each account after one day and up to another; 0 where it has none.

    A ticket that an answer raised is left out: only those who answered can have one.

    Parameters
    ----------
    tickets
        ``account_id``, ``created_at`` and, where known, ``response_id``.
    accounts
        The accounts to count for, each once.

    Examples
    --------
    >>> cases = pd.DataFrame({"account_id": ["a", "a"], "created_at": ["2026-01-02", "2026-09-01"]})
    >>> ticket_counts(cases, ["a", "b"], since=pd.Timestamp("2026-01-01"),
    ...               until=pd.Timestamp("2026-06-30")).to_dict()
    {'a': 1, 'b': 0}
    """
    if not since < until:
        raise ValueError(f"tickets are counted from {since:%Y-%m-%d} on, so until must be later")
    created = pd.to_datetime(tickets["created_at"])
    counts = (created > since) & (created <= until) & ~_raised_by_an_answer(tickets)
    counted = tickets.loc[counts, "account_id"].value_counts()
    index = pd.Index(list(accounts), name="account_id")
    return counted.reindex(index, fill_value=0).rename("tickets")


def _raised_by_an_answer(tickets: pd.DataFrame) -> pd.Series:
    """Whether a ticket belongs to an answer to the survey."""
    if "response_id" not in tickets:
        return pd.Series(False, index=tickets.index)
    answer = tickets["response_id"]
    return answer.notna() & (answer.astype("string").str.strip().fillna("") != "")
