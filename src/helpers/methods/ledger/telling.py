"""Whether people who were told what changed answer more next time, and rate action higher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.claims import p_of_interval
from helpers.methods.ledger.returned import change_of
from helpers.methods.recovery.designs import columns_of, interval, least_squares
from helpers.methods.survey import SurveyDesign

__all__ = ["Told", "followed", "response_change", "said", "told"]

ANSWERED = {"complete", "partial"}
NEVER_ASKED = {"ineligible", "quarantined", "excluded"}
PARTS = ("answers", "acted")


@dataclass(frozen=True)
class Told:
    """People who were told against comparable people of the same wave who were not.

    ``table`` has a row a part: ``answers`` (difference of the shares that answered the next
    wave) and ``acted`` (difference of the next rating of action, on its scale): value, low,
    high, p, told and others (people), rate (of those told), level (of the others).
    """

    table: pd.DataFrame
    confidence: float

    def part(self, name: str) -> pd.Series | None:
        """One of the two; ``None`` where too few were followed."""
        rows = self.table[self.table["part"] == name]
        return None if rows.empty else rows.iloc[0]


def said(
    answers: pd.DataFrame, told: pd.Series, acted: str, score: pd.Series, *, told_from: float
) -> pd.DataFrame:
    """Each answer as `followed` takes it: who was told, the rating of action, the score.

    Parameters
    ----------
    answers
        contact_id, wave and the question on action; account_id where known.
    told
        The question on being told, 0 to 100.
    told_from
        Lowest answer of it that counts as told.

    Examples
    --------
    >>> rows = pd.DataFrame({"contact_id": ["a", "b"], "wave": "w1", "acted": [4, 2]})
    >>> said(rows, pd.Series([100.0, None]), "acted", pd.Series([60.0, 50]),
    ...      told_from=75)["told"].tolist()
    [True, nan]
    """
    known = told.notna()
    account = answers.get("account_id", answers["contact_id"])
    return pd.DataFrame({
        "contact_id": answers["contact_id"], "account_id": account, "wave": answers["wave"],
        "told": (told >= told_from).astype(object).where(known, np.nan),
        "acted": answers[acted].astype(float), "score": score.astype(float),
    }, index=answers.index)  # fmt: skip


def response_change(
    invited: pd.DataFrame, *, order: Sequence[str], smallest: int = 30, confidence: float = 0.95
) -> survey.Estimate:
    """How the share that answers of those asked changed since the wave before (AAPOR RR1).

    Parameters
    ----------
    invited
        wave, disposition, contact_id and, where known, account_id.

    Raises
    ------
    NotEstimable
        Where either of the last two waves asked fewer than ``smallest`` people.

    Examples
    --------
    >>> rows = pd.DataFrame({"wave": ["w1"] * 4 + ["w2"] * 4, "contact_id": list("abcdabcd"),
    ...     "disposition": ["complete", *["refusal"] * 3, *["complete"] * 2, *["refusal"] * 2]})
    >>> response_change(rows, order=["w1", "w2"], smallest=2).value
    0.25
    """
    there = invited[~invited["disposition"].isin(NEVER_ASKED)].reset_index(drop=True)
    if len(order) < 2:
        raise NotEstimable("there is no earlier wave")
    done = (there["disposition"] == "complete").astype(float)
    units = there["account_id"] if "account_id" in there else there["contact_id"]
    alike = SurveyDesign(clusters=units.astype(object).fillna(there["contact_id"]))
    pair = (order[-2], order[-1])
    return change_of(done, there["wave"], pair, alike, smallest=smallest, confidence=confidence)


def followed(
    answers: pd.DataFrame, invitations: pd.DataFrame | None, *, order: Sequence[str]
) -> pd.DataFrame:
    """Each answer beside what the same person did at the next wave.

    Parameters
    ----------
    answers
        contact_id, account_id, wave, told (yes or no), acted, score.
    invitations
        wave, contact_id, disposition; without them, who answers is not known.

    Returns
    -------
    DataFrame
        contact_id, account_id, wave, told, acted, score, account_before (mean of the account's
        colleagues), acted_after (missing where not answered) and answered (1, 0, or missing
        where the person was not asked).

    Examples
    --------
    >>> said = pd.DataFrame({"contact_id": ["a", "b", "a"], "account_id": "x",
    ...     "wave": ["w1", "w1", "w2"], "told": [True, False, True], "acted": [3.0, 2, 4],
    ...     "score": [60.0, 50, 70]})
    >>> sent = pd.DataFrame({"wave": "w2", "contact_id": ["a", "b"],
    ...                      "disposition": ["complete", "refusal"]})
    >>> followed(said, sent, order=["w1", "w2"])[["answered", "acted_after"]].values.tolist()
    [[1.0, 4.0], [0.0, nan]]
    """
    known = answers.dropna(subset=["contact_id", "told"])
    mean = answers.groupby(["account_id", "wave"])["acted"].transform("mean")
    known = known.assign(account_before=mean.reindex(known.index))
    parts = []
    for before, after in pairwise(order):
        rows = known[known["wave"] == before].drop_duplicates("contact_id")
        again = answers[answers["wave"] == after].dropna(subset=["contact_id"])
        later = again.drop_duplicates("contact_id").set_index("contact_id")["acted"]
        rows = rows.assign(acted_after=rows["contact_id"].map(later), answered=np.nan)
        if invitations is not None:
            sent = invitations[invitations["wave"] == after]
            sent = sent[~sent["disposition"].isin(NEVER_ASKED)].drop_duplicates("contact_id")
            did = sent.set_index("contact_id")["disposition"].isin(ANSWERED).astype(float)
            rows = rows.assign(answered=rows["contact_id"].map(did))
        parts.append(rows)
    return pd.concat(parts, ignore_index=True) if parts else known.head(0)


def told(
    rows: pd.DataFrame,
    *,
    facts: Sequence[str] = (),
    smallest: int = 30,
    confidence: float = 0.95,
) -> Told:
    """Compare people who were told with others, their earlier ratings held constant.

    Their own rating of action, the mean of their account, the score and the wave are held
    constant; accounts are left out in turn for the error. Nobody was told by lot, and who likes
    a supplier remembers being told: a difference is an association.

    Parameters
    ----------
    rows
        As `followed` gives them.
    facts
        Further columns to hold constant.
    smallest
        People needed on each side.

    Raises
    ------
    NotEstimable
        Where neither part has enough people on each side.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"account_id": range(300), "wave": "w1", "told": [True, False] * 150,
    ...     "acted": rng.normal(3, 1, 300), "account_before": 3.0, "score": 60.0})
    >>> rows["acted_after"] = rows["acted"] + 0.5 * rows["told"] + rng.normal(0, 0.3, 300)
    >>> rows["answered"] = np.nan
    >>> found = told(rows).part("acted")
    >>> bool(abs(found["value"] - 0.5) < 0.1), int(found["told"])
    (True, 150)
    """
    outcomes = {"answers": "answered", "acted": "acted_after"}
    found = [
        _compared(part, rows.dropna(subset=[column, "acted", "score"]), column, facts, smallest,
                  confidence)
        for part, column in outcomes.items()
    ]  # fmt: skip
    kept = [row for row in found if row]
    if not kept:
        raise NotEstimable(
            f"fewer than {smallest} people who were told, or who were not, were followed to a "
            "next wave"
        )
    return Told(pd.DataFrame(kept), confidence)


def _compared(
    part: str, rows: pd.DataFrame, column: str, facts: Sequence[str], smallest: int,
    confidence: float,
) -> dict[str, object] | None:  # fmt: skip
    side = rows["told"].astype(bool)
    if min(int(side.sum()), int((~side).sum())) < smallest:
        return None
    before = rows.assign(account_before=rows["account_before"].fillna(rows["acted"]))
    held = columns_of(before, ["acted", "account_before", "score"], ["wave", *facts])
    x = np.column_stack([np.ones(len(rows)), side.to_numpy(float), held])
    y = rows[column].to_numpy(float)
    accounts = rows["account_id"].astype(object).where(rows["account_id"].notna(), rows.index)
    fit = least_squares(x, y[:, None], accounts)
    freedom = float(accounts.groupby(side.to_numpy()).nunique().min() - 1)
    value, low, high = interval(float(fit.whole[1, 0]), fit.error(fit.without[:, 1, 0]), freedom,
                                confidence)  # fmt: skip
    p = p_of_interval(value, low, high, confidence=confidence,
                      degrees_of_freedom=max(freedom, 1.0))  # fmt: skip
    return {"part": part, "value": value, "low": low, "high": high, "p": p, "told": int(side.sum()),
            "others": int((~side).sum()), "rate": float(y[side].mean()),
            "level": float(y[~side].mean()),
            "verdict": "more" if low > 0 else "less" if high < 0 else "not clear"}  # fmt: skip
