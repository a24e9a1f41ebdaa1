"""How many to ask: the size of a sample for a margin, step by step.

Every step is kept unrounded; people are rounded up once, at the end of each of the two
figures that are acted on, answers and invitations.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import ceil, isfinite

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.survey.estimates import normal_quantile

__all__ = [
    "SampleSize",
    "cluster_design_effect",
    "margin_of",
    "response_steps",
    "size_for_margin",
    "size_for_mean",
    "sizes_by_segment",
]

SLACK = 1e-9  # what rounding up forgives: the noise of the last bits
PerSegment = float | Mapping[Hashable, float]


@dataclass(frozen=True, slots=True)
class SampleSize:
    """The size of a sample, with every step that leads to it.

    ``simple`` is the simple random sample without end of population, ``designed`` that
    times the design effect, ``finite`` what a population of this size needs; ``answers``
    is ``finite`` rounded up, and ``invitations`` what brings so many answers in. For a
    comparison all of them are those of one group or wave.
    """

    simple: float
    designed: float
    finite: float
    answers: int
    invitations: int
    design_effect: float = 1.0
    population: int | None = None
    response_rate: float = 1.0

    def __post_init__(self) -> None:
        fits = self.finite <= self.designed * (1 + SLACK) or self.designed < 1
        if not fits or not self.finite - SLACK <= self.answers <= self.invitations:
            raise ValueError(
                f"steps out of order: {self.simple}, {self.designed}, {self.finite}, "
                f"{self.answers}, {self.invitations}"
            )

    @property
    def base(self) -> int:
        """Answers that the result will rest on."""
        return self.answers

    @property
    def table(self) -> pd.DataFrame:
        """step, people (unrounded until the last two), how."""
        everyone = "no correction" if self.population is None else f"{self.population:,} people"
        return pd.DataFrame(
            [
                ("simple random sample", self.simple, "from a population without end"),
                ("with the design effect", self.designed, f"times {self.design_effect:.2f}"),
                ("in a population of this size", self.finite, everyone),
                ("answers needed", float(self.answers), "rounded up"),
                (
                    "invitations needed",
                    float(self.invitations),
                    f"at a response rate of {self.response_rate:.1%}, rounded up",
                ),
            ],
            columns=["step", "people", "how"],
        )


def size_for_margin(
    margin: float,
    *,
    share: float = 0.5,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    population: int | None = None,
    response_rate: float = 1.0,
) -> SampleSize:
    """Size of a sample that finds a share to within a margin.

    Parameters
    ----------
    margin
        Half the width of the interval, as a share: three points is 0.03.
    share
        The share that is expected; 0.5 needs the most and serves for any.
    confidence
        Of the interval.
    design_effect
        Variance over that of a simple random sample: above 1 where several people of
        an account answer or weights differ; see `cluster_design_effect`.
    population
        Eligible people; not given, the population is taken as without end.
    response_rate
        Share of the invited who are expected to answer, above 0 to 1.

    Raises
    ------
    ValueError
        For a margin, share, effect, rate or population that cannot be.
    NotEstimable
        If more invitations would be needed than there are people.

    References
    ----------
    Cochran (1977), Sampling Techniques, 4.4; Valliant, Dever & Kreuter (2018), 3.

    Examples
    --------
    >>> size_for_margin(0.03, population=4_000, response_rate=0.25).invitations
    3372
    >>> round(size_for_margin(0.03, population=5_000).finite, 7)
    879.5410879
    """
    _refuse_margin(margin)
    _refuse_share(share)
    simple = normal_quantile(confidence) ** 2 * share * (1 - share) / margin**2
    return response_steps(simple, design_effect, population, response_rate)


def size_for_mean(
    margin: float,
    *,
    standard_deviation: float,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    population: int | None = None,
    response_rate: float = 1.0,
) -> SampleSize:
    """Size of a sample that finds a mean to within a margin.

    ``margin`` and ``standard_deviation`` are in the units of the answer: for a net
    promoter score in points, with answers counted as -100, 0 and 100. The rest, and
    what is refused, is as for `size_for_margin`.

    References
    ----------
    Cochran (1977), Sampling Techniques, 4.6.

    Examples
    --------
    >>> size_for_mean(5, standard_deviation=80).answers
    984
    """
    for name, value in (("margin", margin), ("standard_deviation", standard_deviation)):
        if not (isfinite(value) and value > 0):
            raise ValueError(
                f"{name} is above 0 in the units of the answer, not {value}; "
                "an answer that does not vary needs no sample"
            )
    simple = (normal_quantile(confidence) * standard_deviation / margin) ** 2
    return response_steps(simple, design_effect, population, response_rate)


def response_steps(
    simple: float, design_effect: float, population: int | None, response_rate: float
) -> SampleSize:
    """Take a simple random size on to answers and invitations.

    The finite population correction is n / (1 + (n - 1) / N).

    Examples
    --------
    >>> response_steps(384.1459, 1.0, 1_000, 0.5).invitations
    556
    """
    if not (isfinite(design_effect) and design_effect > 0):
        raise ValueError(f"design_effect is a ratio above 0, 1 for no effect, not {design_effect}")
    if not 0 < response_rate <= 1:
        raise ValueError(f"response_rate is a share above 0 to 1, not {response_rate}")
    if population is not None and population < 1:
        raise ValueError(f"population counts people, at least 1, not {population}")
    designed = simple * design_effect
    finite = designed if population is None else designed / (1 + (designed - 1) / population)
    answers = max(1, ceil(finite - SLACK))
    invitations = ceil(answers / response_rate - SLACK)
    if population is not None and invitations > population:
        raise NotEstimable(
            f"{answers:,} answers are needed, {invitations:,} invitations at a response rate of "
            f"{response_rate:.1%}, and the population has {population:,}; accept a wider margin, "
            "or raise the response rate"
        )
    return SampleSize(
        simple, designed, finite, answers, invitations, design_effect, population, response_rate
    )


def margin_of(
    n: float,
    *,
    share: float = 0.5,
    confidence: float = 0.95,
    design_effect: float = 1.0,
    population: int | None = None,
) -> float:
    """Margin of a share that so many answers give: half its interval, as a share.

    The counterpart of `size_for_margin`, with the finite correction (N - n) / (N - 1).

    Raises
    ------
    ValueError
        For no answers, or more answers than people.

    Examples
    --------
    >>> round(margin_of(1_000), 6), round(margin_of(1_000, population=5_000), 6)
    (0.03099, 0.027721)
    """
    if not n > 0:
        raise ValueError(f"n counts answers, above 0, not {n}")
    if population is not None and n > population:
        raise ValueError(
            f"{n:,.0f} answers cannot come from a population of {population:,}; "
            "give the number of eligible people, or leave population out"
        )
    if not (isfinite(design_effect) and design_effect > 0):
        raise ValueError(f"design_effect is a ratio above 0, 1 for no effect, not {design_effect}")
    _refuse_share(share)
    left = 1.0 if population is None else (population - n) / max(population - 1, 1)
    variance = share * (1 - share) * design_effect / n * left
    return normal_quantile(confidence) * variance**0.5


def sizes_by_segment(
    populations: Mapping[Hashable, int] | pd.Series,
    *,
    margin: float,
    share: PerSegment = 0.5,
    standard_deviation: PerSegment | None = None,
    confidence: float = 0.95,
    design_effect: PerSegment = 1.0,
    response_rate: PerSegment = 1.0,
) -> pd.DataFrame:
    """Size of the sample of each segment that finds a share or a mean there to within a margin.

    A segment too small for the margin is asked whole, and the margin that this gives
    stands in its row.

    Parameters
    ----------
    populations
        Eligible people of each segment.
    margin, share, confidence, design_effect, response_rate
        As for `size_for_margin`; share, effect and rate may be one number for each segment.
    standard_deviation
        Of the answers, where a mean is wanted: the margin is then in its units, and
        ``share`` does not count.

    Returns
    -------
    DataFrame
        segment, population, simple, designed, finite, answers, invitations, margin (the
        one that is reached), reached (whether it is the one asked for).

    Examples
    --------
    >>> found = sizes_by_segment({"Key": 60, "Core": 2_000}, margin=0.05, response_rate=0.4)
    >>> found[["answers", "invitations", "reached"]].to_numpy().tolist()
    [[24, 60, False], [323, 808, True]]
    """
    sizes = dict(pd.Series(populations).items())
    if not sizes:
        raise ValueError("populations is empty; give the eligible people of each segment")
    rows = [
        _segment(
            name,
            int(population),
            margin,
            confidence,
            None if standard_deviation is None else _of(standard_deviation, name),
            *(_of(given, name) for given in (share, design_effect, response_rate)),
        )
        for name, population in sizes.items()
    ]
    return pd.DataFrame(rows)


def _segment(
    name: Hashable,
    population: int,
    margin: float,
    confidence: float,
    deviation: float | None,
    share: float,
    effect: float,
    rate: float,
) -> dict[str, object]:
    if deviation is None:
        unit = 1.0
        whole = size_for_margin(margin, share=share, confidence=confidence, design_effect=effect)
    else:  # a mean of answers that vary so far is known as a share of one half is, times this
        unit, share = deviation / 0.5, 0.5
        whole = size_for_mean(
            margin, standard_deviation=deviation, confidence=confidence, design_effect=effect
        )
    answers, invitations, reached = _within(whole.simple, effect, population, rate)
    known = margin_of(
        answers, share=share, confidence=confidence, design_effect=effect, population=population
    )
    return {
        "segment": name,
        "population": population,
        "simple": whole.simple,
        "designed": whole.designed,
        "finite": whole.designed / (1 + (whole.designed - 1) / population),
        "answers": round(answers),
        "invitations": invitations,
        "margin": unit * known,
        "reached": reached,
    }


def _within(simple: float, effect: float, population: int, rate: float) -> tuple[float, int, bool]:
    """Answers and invitations of a segment, all of it where that is not enough; whether it is."""
    try:
        found = response_steps(simple, effect, population, rate)
    except NotEstimable:
        return population * rate, population, False
    return float(found.answers), found.invitations, True


def _of(given: PerSegment, name: Hashable) -> float:
    if not isinstance(given, Mapping | pd.Series):
        return float(given)
    if name not in given:
        raise ValueError(f"no number for segment {name!r}; give one for each segment")
    return float(given[name])


def cluster_design_effect(per_account: float, correlation: float) -> float:
    """Design effect of several answers an account: 1 + (m - 1) times their correlation.

    Parameters
    ----------
    per_account
        Answers expected from an account that answers. Where accounts differ, the mean
        weighted by their answers (the sum of squares over the sum), which is larger.
    correlation
        Of the answers within an account, 0 to 1 (the intraclass correlation).

    References
    ----------
    Kish (1965), Survey Sampling, 5.4.

    Examples
    --------
    >>> round(cluster_design_effect(2.8, 0.35), 2)
    1.63
    """
    if not per_account >= 1 or not 0 <= correlation <= 1:
        raise ValueError(
            f"per_account is at least 1 and correlation from 0 to 1, not {per_account} "
            f"and {correlation}"
        )
    return 1 + (per_account - 1) * correlation


def _refuse_margin(margin: float) -> None:
    if not 0 < margin < 1:
        raise ValueError(f"margin is a share: write 3 points as 0.03, not {margin}")


def _refuse_share(share: float) -> None:
    if not 0 < share < 1:
        raise ValueError(f"share lies between 0 and 1, write 50 % as 0.5, not {share}")
