"""What the last wave lets one expect of the next: how many answer, how far answers cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.measure import Measure
from helpers.methods.sampling import response_rates, response_rates_by
from helpers.methods.survey import SurveyDesign, mean

__all__ = ["Expected", "expected", "last_wave", "leading_points", "rates_by_group"]


@dataclass(frozen=True, slots=True)
class Expected:
    """Response rate and design effect to plan with, and where each comes from."""

    response_rate: float
    design_effect: float
    rate_from: str
    effect_from: str
    asked: int  # earlier invitations that the rate rests on; 0 where it does not
    answered: int  # earlier answers that the effect rests on; 0 where it does not

    @property
    def base(self) -> int:
        """Earlier invitations and answers that both rest on."""
        return self.asked + self.answered


def expected(
    invitations: pd.DataFrame | None,
    answers: pd.DataFrame | None,
    response_rate: float | None = None,
    design_effect: float | None = None,
) -> Expected:
    """The response rate and the design effect to plan with.

    What is given is used; else the last wave's response rate (AAPOR RR2) and the design
    effect of the earlier answers within accounts (at least 1); else 1.

    Parameters
    ----------
    invitations
        disposition, and wave and invited_at where known.
    answers
        account_id and score.

    Examples
    --------
    >>> sent = pd.DataFrame({"disposition": ["complete", "noncontact"]})
    >>> found = expected(sent, None)
    >>> found.response_rate, found.design_effect, found.rate_from
    (0.5, 1.0, 'as in the last wave (AAPOR RR2 of 2 invitations)')
    """
    rate, rate_from, asked = _rate(invitations, response_rate)
    effect, effect_from, answered = _effect(answers, design_effect)
    return Expected(rate, effect, rate_from, effect_from, asked, answered)


def _rate(invitations: pd.DataFrame | None, told: float | None) -> tuple[float, str, int]:
    if told is not None:
        if not 0 < told <= 1:
            raise ValueError(f"response_rate is a share above 0 to 1, not {told}")
        return told, "as given", 0
    if invitations is None or invitations.empty:
        return 1.0, "not known, so everyone invited is taken to answer", 0
    found = response_rates(last_wave(invitations)["disposition"])
    if not found.rr2 > 0:
        raise NotEstimable(
            "nobody answered in the last wave; give the response rate to expect (response_rate)"
        )
    return found.rr2, f"as in the last wave (AAPOR RR2 of {found.base:,} invitations)", found.base


def _effect(answers: pd.DataFrame | None, told: float | None) -> tuple[float, str, int]:
    if told is not None:
        return told, "as given", 0
    known = None if answers is None else answers.dropna(subset=["account_id", "score"])
    if known is None or known["account_id"].nunique() < 2 or known["score"].nunique() < 2:
        return 1.0, "not known, so answers are taken not to cluster in accounts", 0
    found = mean(known["score"], SurveyDesign(clusters=known["account_id"]))
    told_of = f"of {found.base:,} earlier answers from {found.clusters:,} accounts"
    return max(1.0, found.design_effect), told_of, found.base


def last_wave(invitations: pd.DataFrame) -> pd.DataFrame:
    """The invitations of the wave that was sent last.

    Examples
    --------
    >>> sent = pd.DataFrame({"wave": ["W1", "W2"], "disposition": ["complete", "bounce"]})
    >>> last_wave(sent)["disposition"].tolist()
    ['bounce']
    """
    if "wave" not in invitations:
        return invitations
    last = invitations["wave"].iloc[-1]
    if "invited_at" in invitations and invitations["invited_at"].notna().any():
        last = invitations["wave"].iloc[int(pd.to_datetime(invitations["invited_at"]).argmax())]
    return invitations[invitations["wave"] == last]


def leading_points(measures: Sequence[Measure]) -> pd.Series | None:
    """One number a respondent whose mean is the leading score; ``None`` without a score.

    Examples
    --------
    >>> from helpers.methods.measure import measures
    >>> answers = pd.DataFrame({"recommend": [10, 3, 8]})
    >>> found = measures(answers, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
    ...                  {"recommend": "Recommendation"})
    >>> leading_points(found).tolist()
    [100.0, -100.0, 0.0]
    """
    if not measures:
        return None
    first = measures[0]
    return first.points(first.values.to_frame())


def rates_by_group(
    invitations: pd.DataFrame | None, groups: Mapping[str, pd.Series], *, smallest: int
) -> dict[tuple[str, str], float]:
    """Response rate (AAPOR RR2) of the last wave by (grouping, group).

    Groups with fewer than ``smallest`` invitations, or of which nobody answered, are left
    out: their own rate tells too little.

    Parameters
    ----------
    invitations
        contact_id, disposition, and wave and invited_at where known.
    groups
        Groupings by name, each the group of a person by contact_id.

    Examples
    --------
    >>> sent = pd.DataFrame({"contact_id": list("abc"),
    ...                      "disposition": ["complete", "noncontact", "complete"]})
    >>> groups = {"tier": pd.Series({"a": "Key", "b": "Key", "c": "Core"})}
    >>> rates_by_group(sent, groups, smallest=2)
    {('tier', 'Key'): 0.5}
    """
    if invitations is None or invitations.empty:
        return {}
    last = last_wave(invitations)
    found: dict[tuple[str, str], float] = {}
    for by, of in groups.items():
        names = last["contact_id"].map(of.astype(object))
        table = response_rates_by(last["disposition"], names)
        known = table[(table["invited"] >= smallest) & (table["rate"] > 0)]
        found |= {
            (by, str(name)): float(rate)
            for name, rate in zip(known["group"], known["rate"], strict=True)
        }
    return found
