"""How likely each person truly belongs to each segment, and how the base truly divides."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.methods import survey
from helpers.methods.loyalty.answering import AnswerModel, answer_model
from helpers.methods.loyalty.patterns import alike
from helpers.methods.loyalty.replication import groups_of, jackknife, unit_codes
from helpers.methods.loyalty.segments import (
    CUTS,
    KEYS,
    SEGMENTS,
    STEPS,
    enough,
    moved_cuts,
    segments,
)
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate

__all__ = ["CHANCES", "Membership", "by_chances", "membership"]

CHANCES = tuple(KEYS.values())
GROUPS = 15  # of accounts, left out one by one
AT_ONCE = 20_000  # sets of answers
FIRM = 0.8  # chance from which a placing is firm


@dataclass(frozen=True)
class Membership:
    """The chance of each person or account to belong to each segment.

    ``table`` has a row for each unit: its ``segment`` by the scores as they stand, one
    column of chances for each segment (``truly_loyal``, …), and ``firm`` (whether the
    segment it stands in has a chance of at least 0.8). ``expected`` is how the base truly
    divides, the chances added up: ``segment``, ``seen`` (share by the scores as they stand),
    ``value``, ``low``, ``high``; of accounts with revenue, how that divides too (``revenue``,
    ``revenue_low``, ``revenue_high``). ``sensitivity`` has the true shares with the cut-offs
    moved a step either way, in the columns of `LoyaltyMatrix.sensitivity`; of people alone.
    """

    table: pd.DataFrame
    expected: pd.DataFrame
    base: int
    firm: Estimate  # share of units whose segment is firm
    sensitivity: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        if not np.allclose(self.table[list(CHANCES)].sum(axis=1), 1, atol=1e-6):
            raise ValueError("the chances of a unit do not add up to 1")
        if not np.isclose(self.expected["value"].sum(), 1, atol=1e-6):
            raise ValueError("the true shares of the segments do not add up to 1")

    def share(self, segment: str) -> pd.Series:
        """How large a segment truly is: one row of ``expected``."""
        return self.expected[self.expected["segment"] == segment].iloc[0]

    def range(self, segment: str) -> tuple[float, float]:
        """Lowest and highest true share of a segment over the cut-offs tried."""
        rows = self.sensitivity[self.sensitivity["segment"] == segment]["value"]
        return float(rows.min()), float(rows.max())


def membership(
    attitude: pd.DataFrame,
    behaviour: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    cuts: tuple[float, float] = CUTS,
    steps: tuple[float, float] = STEPS,
    smallest: int = 0,
    confidence: float = 0.95,
) -> Membership:
    """Chance of each person to truly belong to each segment, given all their answers.

    A person's true score on an axis is the mean they would give over many askings.
    Answers scatter round it as the model of `answering` says; the chance is that of true
    scores at or above both cut-offs, and so on, given what the person answered and how
    feelings are spread in the base. Both axes count together: a low attitude makes a high
    behaviour doubtful.

    Parameters
    ----------
    attitude, behaviour
        One column a question (0-100), one row a person; people without an answer to an
        axis are left out.
    cuts
        The lowest true score that counts as high on each axis.
    design
        That of the respondents: its weights say how chances count when they are added up, and
        the intervals of ``expected`` leave out groups of its clusters, the model fitted anew
        each time.
    steps
        How far each cut-off is moved either way, as in `matrix`.
    smallest
        Fewest people with an answer to both axes.

    Raises
    ------
    NotEstimable
        If there are fewer, or the answers cannot carry the model.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17; Bock and Mislevy (1982), Applied
    Psychological Measurement 6 (chances from all answers).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> feel = rng.normal(size=(400, 1))
    >>> seen = lambda: np.clip(np.rint(4 + feel + 0.7 * rng.normal(size=(400, 3))), 1, 5) * 25 - 25
    >>> found = membership(pd.DataFrame(seen()), pd.DataFrame(seen()))
    >>> found.table["truly_loyal"].between(0, 1).all(), found.base
    (np.True_, 400)
    """
    whole = (design or SurveyDesign()).labelled_by(attitude.iloc[:, 0])
    known = attitude.notna().any(axis=1) & behaviour.notna().any(axis=1)
    known = pd.Series(known) & (whole.weights_for(known) > 0)
    enough(int(known.sum()), smallest)
    likes, stays = attitude[known], behaviour[known]
    seen = segments(likes.mean(axis=1), stays.mean(axis=1), cuts=cuts)
    mass = whole.weights_for(known)[known].to_numpy()
    units = pd.factorize(unit_codes(whole.clusters_for(known), known)[known.to_numpy()])[0]
    model = answer_model(likes, stays)
    answers = _Answers(likes, stays)
    chances = answers.chances(model, cuts)
    without = []
    for group in groups_of(units, GROUPS):
        kept = ~group
        again = answer_model(likes[kept], stays[kept], start=model)
        without.append(answers.shares(again, cuts, np.where(kept, mass, 0.0)))
    value = answers.shares(model, cuts, mass)
    _, low, high, _ = jackknife(value, np.array(without), confidence=confidence)
    return by_chances(
        pd.DataFrame(chances[answers.both.of], index=seen.index, columns=CHANCES), seen,
        (value, np.clip(low, 0, 1), np.clip(high, 0, 1)), whole if design else None,
        sensitivity=_sensitivity(model, answers, mass, cuts, steps), confidence=confidence,
    )  # fmt: skip


def _sensitivity(
    model: AnswerModel,
    answers: _Answers,
    mass: Floats,
    cuts: tuple[float, float],
    steps: tuple[float, float],
) -> pd.DataFrame:
    """True shares under the same answers with the cut-offs moved."""
    rows = []
    for moved, declared in moved_cuts(cuts, steps):
        shares = answers.shares(model, moved, mass)
        rows += [
            {"attitude_cut": moved[0], "behaviour_cut": moved[1], "segment": segment,
             "value": float(share), "declared": declared}
            for segment, share in zip(SEGMENTS, shares, strict=True)
        ]  # fmt: skip
    return pd.DataFrame(rows)


class _Answers:
    """Everybody's answers to both axes, by the sets of answers that were given."""

    def __init__(self, attitude: pd.DataFrame, behaviour: pd.DataFrame) -> None:
        sides = alike(attitude), alike(behaviour)
        self.both = alike(pd.DataFrame({"attitude": sides[0].of, "behaviour": sides[1].of}))
        self.attitude, self.behaviour = (
            frame.iloc[side.first] for frame, side in zip((attitude, behaviour), sides, strict=True)
        )
        self.likes, self.stays = (side.of[self.both.first] for side in sides)

    def shares(self, model: AnswerModel, cuts: tuple[float, float], mass: Floats) -> Floats:
        """How the people, each with a weight, divide among the segments."""
        return np.asarray(self.both.sums(mass) @ self.chances(model, cuts) / mass.sum())

    def chances(self, model: AnswerModel, cuts: tuple[float, float]) -> Floats:
        """Chances of the four segments, a row a set of answers; few sets at a time."""
        high, low, loyal, leaving = _sides(model, self.attitude, self.behaviour, cuts)
        found = np.empty((len(self.both), len(CHANCES)))
        for start in range(0, len(found), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            likes, stays = self.likes[part], self.stays[part]
            for column, (one, side) in enumerate(
                ((high, loyal), (high, leaving), (low, loyal), (low, leaving))
            ):
                found[part, column] = (one[likes] * side[stays]).sum(axis=1)
        return found / found.sum(axis=1, keepdims=True)


def _sides(
    model: AnswerModel, attitude: pd.DataFrame, behaviour: pd.DataFrame, cuts: tuple[float, float]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Attitude above and below its cut-off, then behaviour: sets of answers by standings."""
    likes = model.attitude.likelihood(attitude)
    stays = model.behaviour.likelihood(behaviour)
    above = model.attitude.truly_above(cuts[0]), model.behaviour.truly_above(cuts[1])
    high = (likes * above[0]) @ model.prior
    low = (likes * (1 - above[0])) @ model.prior
    return high, low, stays * above[1], stays * (1 - above[1])


def by_chances(
    chances: pd.DataFrame,
    seen: pd.Series,
    shares: tuple[Floats, Floats, Floats],
    design: SurveyDesign | None = None,
    *,
    sensitivity: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Membership:
    """What is known of units whose chances are known.

    Parameters
    ----------
    chances
        Of each segment, a row a unit.
    seen
        The segment of each unit by its scores as they stand.
    shares
        True share of each segment, with its lower and upper end.
    design
        That of the units, for the interval of the share that is firm; alike where not given.

    Examples
    --------
    >>> chances = pd.DataFrame([[0.9, 0.1, 0, 0], [0.4, 0, 0.6, 0]], columns=CHANCES)
    >>> ends = np.array([0.65, 0.05, 0.3, 0]), np.zeros(4), np.ones(4)
    >>> by_chances(chances, pd.Series(["Truly Loyal", "Trapped"]), ends).table["firm"].tolist()
    [True, False]
    """
    whole = SurveyDesign(pd.Series(1.0, index=chances.index)) if design is None else design
    weight = whole.weights_for(seen).to_numpy()
    own = np.select([seen == name for name in SEGMENTS], [chances[c] for c in CHANCES], np.nan)
    table = chances.assign(segment=seen, firm=own >= FIRM)[["segment", *CHANCES, "firm"]]
    expected = pd.DataFrame(
        {
            "segment": SEGMENTS,
            "seen": [float(weight @ (seen == name) / weight.sum()) for name in SEGMENTS],
            **dict(zip(("value", "low", "high"), shares, strict=True)),
        }
    )
    firm = survey.proportion(table["firm"].astype(float), whole, confidence=confidence)
    more = {} if sensitivity is None else {"sensitivity": sensitivity}
    return Membership(table, expected, len(table), firm, **more)
