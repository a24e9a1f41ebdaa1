"""Response rates by the standard definitions of AAPOR, for people, accounts and groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.sampling.clustered import ratio_limits
from helpers.methods.sampling.dispositions import AAPOR, checked, letters
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.estimates import wilson
from helpers.methods.survey.stacking import merged

__all__ = ["ResponseRates", "response_rates", "response_rates_by", "response_table"]

MEANINGS = {
    "rr1": "complete, of all who may be eligible (the least favourable rate)",
    "rr2": "complete or partial, of all who may be eligible",
    "rr3": "complete, of the eligible and the estimated eligible among the unknown",
    "rr4": "complete or partial, of the eligible and the estimated eligible among the unknown",
    "rr5": "complete, of those known to be eligible (takes nobody unknown as eligible)",
    "rr6": "complete or partial, of those known to be eligible (the most favourable rate)",
    "cooperation": "complete, of those who were reached (COOP1)",
    "contact": "reached, of all who may be eligible (CON1)",
}
SIX = ["rr1", "rr2", "rr3", "rr4", "rr5", "rr6"]
BY_GROUP = ["group", "invited", "answered", "rate", "low", "high"]
OUT = ("ineligible", "not asked")  # letters that leave every rate
KNOWN = dict.fromkeys(("I", "P", "R", "NC", "O"), 1.0)
REACHED = dict.fromkeys(("I", "P", "R", "O"), 1.0)
ALL = KNOWN | {"U": 1.0}
DONE, SOME = {"I": 1.0}, {"I": 1.0, "P": 1.0}
COUNTED = {  # what each rate counts, and of what
    "rr1": (DONE, ALL), "rr2": (SOME, ALL), "rr3": (DONE, ALL), "rr4": (SOME, ALL),
    "rr5": (DONE, KNOWN), "rr6": (SOME, KNOWN), "cooperation": (DONE, REACHED),
    "contact": (REACHED, ALL),
}  # fmt: skip


@dataclass(frozen=True)
class ResponseRates:
    """The six AAPOR response rates, with cooperation and contact, each 0 to 1.

    ``eligible_share`` is AAPOR's *e*, the share of cases of unknown eligibility that are
    taken as eligible. A rate whose denominator is empty is missing. ``counts`` has a row
    for each disposition found: disposition, letter, count.
    """

    rr1: float
    rr2: float
    rr3: float
    rr4: float
    rr5: float
    rr6: float
    cooperation: float
    contact: float
    eligible_share: float
    counts: pd.DataFrame
    base: int  # cases that may be eligible
    table: pd.DataFrame  # rate, value, low, high, meaning

    def __post_init__(self) -> None:
        if self.rr1 > self.rr3 + 1e-12 or self.rr3 > self.rr5 + 1e-12:
            raise ValueError(f"rates out of order: {self.rr1}, {self.rr3}, {self.rr5}")


def response_rates(
    dispositions: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    eligible_share: float | None = None,
    count_kept_out: bool = False,
    confidence: float = 0.95,
) -> ResponseRates:
    """Response rates by the standard definitions of AAPOR.

    Parameters
    ----------
    dispositions
        How each case ended: complete, partial, refusal, breakoff, noncontact, bounce,
        other, unknown, ineligible, quarantined or excluded. Bounces count as unknown;
        ineligible, quarantined and excluded cases leave the rates.
    design
        Of the cases: the accounts in which colleagues may answer or keep silent together,
        and the strata they were drawn in. Rates are of cases, so that weights do not count.
    eligible_share
        Share of the unknown taken as eligible, 0 to 1. If not given, the share of
        eligible among the cases that were settled (the proportional allocation method).
    count_kept_out
        Count quarantined and excluded people as unknown. So does AAPOR with people who
        were drawn but sent no invitation (3.11); by default the rates are of those asked.
    confidence
        Of the intervals in ``table``: Wilson's, or with a design linearised ones (t).
        Neither allows for the error of ``eligible_share``.

    Raises
    ------
    ValueError
        For a disposition without a meaning here, a missing one, or no eligible case.

    References
    ----------
    AAPOR (2015), Standard Definitions, 8th edition: response rates pages 52-53,
    cooperation 54, contact 56; codes in Table 4.

    Examples
    --------
    >>> ended = ["complete"] * 50 + ["partial"] * 10 + ["refusal"] * 20 + ["unknown"] * 20
    >>> found = response_rates(ended, eligible_share=0.5)
    >>> found.rr1, found.rr2, round(found.rr3, 4), found.rr5
    (0.5, 0.6, 0.5556, 0.625)
    """
    ended = checked(dispositions)
    counts = ended.value_counts()
    by_letter = counts.groupby(letters(counts.index, count_kept_out=count_kept_out)).sum()
    cases = {letter: np.array([float(by_letter.get(letter, 0))]) for letter in AAPOR.values()}
    known = _known(cases)
    asked = int((known + cases["U"])[0])
    if asked == 0:
        raise ValueError(
            "no case may be eligible, so there is no response rate; check who was asked"
        )
    share = float(_eligible(known, cases["ineligible"], eligible_share)[0])
    parts = _parts(cases, known, known + share * cases["U"])
    return ResponseRates(
        **{name: float(_rate(*part)[0]) for name, part in parts.items()},
        eligible_share=share,
        counts=_counts(counts, count_kept_out=count_kept_out),
        base=asked,
        table=_rate_table(
            parts, confidence, _by_design(ended, design, share, count_kept_out, confidence)
        ),
    )


def _known(cases: Mapping[str, Floats]) -> Floats:
    """Cases known to be eligible, of each group."""
    return np.sum([cases[letter] for letter in KNOWN], axis=0)


def _eligible(known: Floats, ineligible: Floats, given: float | None) -> Floats:
    """The share of the unknown that is taken as eligible, of each group."""
    if given is not None and not 0 <= given <= 1:
        raise ValueError(f"eligible_share is a share from 0 to 1, not {given}")
    if given is not None:
        return np.full(len(known), float(given))
    return np.where(known > 0, known / np.maximum(known + ineligible, 1), 1.0)


def _parts(
    cases: Mapping[str, Floats], known: Floats, likely: Floats
) -> dict[str, tuple[Floats, Floats]]:
    """What each rate counts, and of how many, of each group."""
    complete, answered = cases["I"], cases["I"] + cases["P"]
    reached = answered + cases["R"] + cases["O"]
    asked = known + cases["U"]
    return {
        "rr1": (complete, asked),
        "rr2": (answered, asked),
        "rr3": (complete, likely),
        "rr4": (answered, likely),
        "rr5": (complete, known),
        "rr6": (answered, known),
        "cooperation": (complete, reached),
        "contact": (reached, asked),
    }


def _counts(counts: pd.Series, *, count_kept_out: bool) -> pd.DataFrame:
    shown = [name for name in AAPOR if name in counts.index]
    return pd.DataFrame(
        {
            "disposition": shown,
            "letter": letters(shown, count_kept_out=count_kept_out),
            "count": [int(counts[name]) for name in shown],
        }
    )


def _rate(top: Floats, below: Floats) -> Floats:
    return np.divide(top, below, out=np.full(len(top), np.nan), where=below > 0)


def _by_design(
    ended: pd.Series,
    design: SurveyDesign | None,
    eligible_share: float,
    count_kept_out: bool,
    confidence: float,
) -> Mapping[str, tuple[float, float]]:
    """Linearised intervals of the rates, each a ratio of two totals over accounts."""
    if design is None or (design.clusters is None and design.strata is None):
        return {}
    letter = pd.Series(letters(ended, count_kept_out=count_kept_out), index=ended.index)
    here = ~letter.isin(OUT)
    top, whole = _cases(letter[here], COUNTED, eligible_share)
    owners, strata = _drawn(design, ended, here)
    low, high = ratio_limits(top, whole, owners, strata=strata, confidence=confidence)
    ends = zip(COUNTED, low[0], high[0], strict=True)
    return {name: (float(low), float(high)) for name, low, high in ends if not np.isnan(low)}


def _cases(
    letter: pd.Series, rates: Iterable[str], eligible_share: float = 1.0
) -> tuple[Floats, Floats]:
    """What each case adds to the numerator and the denominator of each rate."""
    kinds, places = list(dict.fromkeys(AAPOR.values())), []
    codes = letter.map({kind: place for place, kind in enumerate(kinds)}).to_numpy(dtype=np.intp)
    for name in rates:
        above, below = COUNTED[name]
        weigh = below | ({"U": eligible_share} if name in ("rr3", "rr4") else {})
        places.append([[part.get(kind, 0.0) for kind in kinds] for part in (above, weigh)])
    counted = np.array(places)
    return counted[:, 0].T[codes], counted[:, 1].T[codes]


def _rate_table(
    parts: Mapping[str, tuple[Floats, Floats]],
    confidence: float,
    clustered: Mapping[str, tuple[float, float]],
) -> pd.DataFrame:
    rows = []
    for name, (top, below) in parts.items():
        plain = _wilson(float(top[0]), float(below[0]), confidence)
        low, high = clustered.get(name, plain)
        rows.append((name, float(_rate(top, below)[0]), low, high, MEANINGS[name]))
    return pd.DataFrame(rows, columns=["rate", "value", "low", "high", "meaning"])


def _wilson(top: float, below: float, confidence: float) -> tuple[float, float]:
    return wilson(top, below, confidence=confidence) if below else (np.nan, np.nan)


def _drawn(
    design: SurveyDesign, ended: pd.Series, here: pd.Series
) -> tuple[pd.Series, pd.Series | None]:
    """The account of each case, or the case, and the stratum it was drawn in.

    A stratum of which a single account is left joins another: its spread cannot be known.
    """
    owners, strata = design.clusters_for(ended), design.strata_for(ended)
    alone = pd.Series(range(len(ended)), index=ended.index)
    of = (alone if owners is None else owners)[here]
    if strata is None or of.isna().any():
        return of, None
    return of, of.map(merged(strata[here].groupby(of).first()))


def response_rates_by(
    dispositions: ArrayLike,
    by: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    eligible_share: float | None = None,
    count_kept_out: bool = False,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Response rates of each group: segments, roles or waves.

    Parameters
    ----------
    dispositions, design, eligible_share, count_kept_out, confidence
        As for `response_rates`; ``eligible_share`` is each group's own if not given.
    by
        The group of each case; cases without one form the group ``not known``.

    Returns
    -------
    DataFrame
        group, invited (cases that may be eligible), answered, rate (RR2: complete or
        partial, of all who may be eligible) with low and high, then the six
        rates rr1 to rr6 and the eligible_share they were made with. A group nobody of
        which may be eligible is left out.

    Examples
    --------
    >>> found = response_rates_by(["complete", "unknown", "partial"], ["A", "A", "B"])
    >>> found[["group", "invited", "answered", "rate", "rr4", "eligible_share"]]
      group  invited  answered  rate  rr4  eligible_share
    0     A        2         1   0.5  0.5             1.0
    1     B        1         1   1.0  1.0             1.0
    """
    cases = checked(dispositions)
    groups = aligned(by, cases, "by")
    groups = groups.astype(object).where(groups.notna(), "not known")
    letter = pd.Series(letters(cases, count_kept_out=count_kept_out), index=cases.index)
    asked = ~letter.isin(OUT)
    names = sorted(groups[asked].unique())
    code = pd.Series(pd.Index(names, dtype=object).get_indexer(groups), index=cases.index)
    table = _of_groups(_by_letter(code, letter, len(names)), eligible_share)
    counts = zip(table["answered"], table["invited"], strict=True)
    limits = np.array([_wilson(some, of, confidence) for some, of in counts]).reshape(-1, 2)
    if design is not None and names and (design.clusters is not None or design.strata is not None):
        owners, strata = _drawn(design, cases, asked)
        top, whole = _cases(letter[asked], ["rr2"])
        ends = ratio_limits(top, whole, owners, code[asked], strata=strata, confidence=confidence)
        found = np.column_stack(ends)
        limits = np.where(np.isnan(found), limits, found)
    table = table.assign(group=names, low=limits[:, 0], high=limits[:, 1], rate=table["rr2"])
    return table[[*BY_GROUP, *SIX, "eligible_share"]]


def _by_letter(code: pd.Series, letter: pd.Series, groups: int) -> dict[str, Floats]:
    """How many cases of each group have each letter; cases of no group have the code -1."""
    counts = {}
    for kind in AAPOR.values():
        here = code[(letter == kind) & (code >= 0)]
        counts[kind] = np.bincount(here, minlength=groups).astype(float)
    return counts


def _of_groups(cases: Mapping[str, Floats], eligible_share: float | None) -> pd.DataFrame:
    """The six rates of each group, with the eligible share they were made with."""
    known = _known(cases)
    likely = _eligible(known, cases["ineligible"], eligible_share)
    parts = _parts(cases, known, known + likely * cases["U"])
    rates = {name: _rate(*parts[name]) for name in SIX}
    answered, asked = (part.astype(int) for part in parts["rr2"])
    return pd.DataFrame({"invited": asked, "answered": answered} | rates).assign(
        eligible_share=likely
    )


def response_table(
    dispositions: ArrayLike,
    groupings: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    smallest: int = 0,
    eligible_share: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Response rates of the groups of several groupings, one after the other.

    Of a group that may not be shown only how many were asked is given (`disclosure.protect`).

    Parameters
    ----------
    dispositions, design, eligible_share, confidence
        As for `response_rates_by`.
    groupings
        A column for each grouping (wave, tier, role), a row for each case.
    smallest
        The fewest cases, and the fewest by which a group may differ from others.

    Returns
    -------
    DataFrame
        grouping, then the columns of `response_rates_by`, and ``withheld``.

    Examples
    --------
    >>> cases = pd.DataFrame({"tier": ["Key", "Core"], "role": ["user", "user"]})
    >>> response_table(["complete", "unknown"], cases)[["grouping", "group", "rr1"]]
      grouping group  rr1
    0     tier  Core  0.0
    1     tier   Key  1.0
    2     role  user  0.5
    """
    cases = checked(dispositions)
    asked = [a not in OUT for a in letters(cases)]
    known = groupings.astype(object).where(groupings.notna(), disclosure.UNKNOWN)
    safe = disclosure.protect(known[asked], smallest)
    merged = known.copy()
    merged.loc[asked] = safe.groups.to_numpy()
    parts = [
        response_rates_by(
            dispositions,
            merged[name],
            design,
            eligible_share=eligible_share,
            confidence=confidence,
        ).assign(grouping=str(name))
        for name in groupings
    ]
    table = pd.concat(parts, ignore_index=True)
    hidden = safe.hides(table["grouping"], table["group"])
    private = ["answered", "rate", "low", "high", *SIX, "eligible_share"]
    table = disclosure.withhold(table, hidden, private)
    return table[["grouping", *table.columns.drop("grouping")]]
