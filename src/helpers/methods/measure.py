"""Which scores a questionnaire supports, and how its answers become each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import loyalty, survey
from helpers.methods.survey import Estimate

__all__ = ["Measure", "leading", "loyalty_measures", "matters", "measures", "point_table", "points"]

FEWEST = 2  # answers that an interval needs
TOP_POINTS = 2  # the two best answers
LONGEST_SCALE = 10  # steps; a longer one is a mean of many answers, not an answer


class Index(Protocol):
    """A loyalty index: the questions that make it, its values, and what it is called.

    The label says in brackets what stands in where the questions for loyalty were not asked.
    """

    @property
    def label(self) -> str: ...
    @property
    def items(self) -> tuple[str, ...]: ...
    @property
    def values(self) -> pd.Series: ...


@dataclass(frozen=True)
class Measure:
    """One score: which answers, and how they become a number."""

    name: str
    label: str
    unit: str
    values: pd.Series
    estimate: Callable[..., Estimate]
    phrase: str  # what a sentence calls it
    ends: tuple[float, float]  # of its scale
    asked: tuple[float, float] = (0, 100)  # ends of its question
    better: int = 1  # -1 where a lower score is the better one
    top: float | None = None  # the lowest answer that counts, where the score is a share

    @property
    def each(self) -> pd.Series:
        """One number a respondent whose mean is the score."""
        if self.name == "nps":
            return survey.promoter_points(self.values)
        if self.top is not None:
            return (self.values >= self.top).astype(float).where(self.values.notna())
        return self.values.astype(float)

    @property
    def length(self) -> float:
        """From the lowest to the highest score there can be."""
        return float(self.ends[1] - self.ends[0])

    def points(self, answers: pd.DataFrame) -> pd.Series:
        """One number a respondent whose mean is the score, for other rows of the same question.

        A score that is no single question (the loyalty index) has only its own rows.
        """
        name = self.values.name
        values = answers[name] if name in answers else self.values.reindex(answers.index)
        return survey.promoter_points(values) if self.name == "nps" else values.astype(float)


def measures(
    answers: pd.DataFrame,
    roles: Mapping[str, Sequence[str]],
    scales: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    index: Index | None = None,
) -> tuple[Measure, ...]:
    """The scores that a questionnaire supports.

    Recommendation gives a net promoter score where it is asked from 0 to 10;
    satisfaction gives a mean and the share of the two best answers.

    Parameters
    ----------
    answers
        One column a question, one row a respondent.
    roles
        Questions of the roles ``recommend`` and ``satisfaction``, the first of each used.
    scales
        Lowest and highest answer of each question.
    labels
        What to call a question.
    index
        The loyalty index, 0 to 100; left out where a single question makes it, unless there is
        nothing else.

    Raises
    ------
    NotEstimable
        If none of these questions was answered by two people.
    """
    found: list[Measure] = []
    for item in _answered(answers, roles.get("recommend", ())):
        found.append(_recommendation(answers[item], labels[item], scales[item]))
    for item in _answered(answers, roles.get("satisfaction", ())):
        low, high = scales[item]
        found.append(_mean("satisfaction_mean", answers[item], labels[item], scales[item]))
        if high - low <= LONGEST_SCALE:
            found.append(_best_answers(answers[item], labels[item], scales[item]))
    if index is not None and (len(index.items) > 1 or not found):
        found.append(_index(index))
    if not found:
        raise NotEstimable(
            "no score can be made: nobody answered a question of the role recommend or "
            "satisfaction, and no loyalty index was made; give a question one of these roles in "
            "codebook.csv"
        )
    return tuple(found)


def _answered(answers: pd.DataFrame, items: Sequence[str]) -> list[str]:
    """The first question that at least two people answered."""
    return [item for item in items if answers[item].notna().sum() >= FEWEST][:1]


def _index(index: Index) -> Measure:
    _, bracket, stand_in = index.label.partition(" (")
    phrase = f"loyalty index{bracket}{stand_in}"
    return Measure(
        "loyalty_index", phrase.capitalize(), "index", index.values, survey.mean, phrase, (0, 100)
    )


def _recommendation(given: pd.Series, label: str, scale: tuple[float, float]) -> Measure:
    if scale != (0, 10):
        return _mean("recommend_mean", given, label, scale)
    return Measure(
        "nps",
        "Net promoter score",
        "points",
        given,
        survey.net_promoter,
        "net promoter score",
        (-100, 100),
        asked=scale,
    )


def _mean(name: str, given: pd.Series, label: str, scale: tuple[float, float]) -> Measure:
    title = f"{label}, mean ({scale[0]:g} to {scale[1]:g})"
    return Measure(
        name, title, "scale", given, survey.mean, f"mean answer to “{label}”", scale, asked=scale
    )


def _best_answers(given: pd.Series, label: str, scale: tuple[float, float]) -> Measure:
    top = scale[1] - (TOP_POINTS - 1)
    return Measure(
        "satisfaction_top",
        f"{label}, two best answers",
        "share",
        given,
        partial(loyalty.top_share, top=top),
        f"share of the two best answers to “{label}”",
        (0, 1),
        asked=scale,
        top=top,
    )


def loyalty_measures(
    answers: pd.DataFrame,
    roles: Mapping[str, Sequence[str]],
    scales: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    index: Index | None = None,
    *,
    axes: Mapping[str, pd.DataFrame] | None = None,
    as_given: pd.DataFrame | None = None,
    lower_is_better: Collection[str] = (),
    smallest: int = 2,
) -> tuple[Measure, ...]:
    """The scores of `measures`, and effort, attitude and behaviour beside them.

    Where ``answers`` hold several waves (a column ``wave``), a score made of several
    questions is missing in the waves that did not ask all of them, so that waves compare.

    Parameters
    ----------
    answers, roles, scales, labels, index
        As for `measures`, a high answer the good one; the first question of the role
        ``effort`` is used as well.
    axes
        The questions of attitude and of behaviour, 0-100, by the name of the axis.
    as_given
        The same answers, none turned round: the mean of effort is told as it was asked.
    lower_is_better
        Questions of which a low answer, as given, is the good one.
    smallest
        Fewest answers; a score with fewer is left out.

    Raises
    ------
    NotEstimable
        If no score has as many answers.
    """
    found = list(measures(answers, roles, scales, labels, index))
    for item in roles.get("effort", ())[:1]:
        given = answers if as_given is None else as_given.reindex(answers.index)
        made = _mean("effort_mean", given[item], labels[item], scales[item])
        found.append(replace(made, better=-1 if item in lower_is_better else 1))
    for name, part in (axes or {}).items():
        title, values = f"{name.capitalize()} (0 to 100)", loyalty.axis_scores(part)
        found.append(Measure(name, title, "index", values, survey.mean, name, (0, 100)))
    made_of = {name: [str(q) for q in part] for name, part in (axes or {}).items()}
    made_of |= {"loyalty_index": list(index.items)} if index is not None else {}
    whole = [_comparable(m, answers, made_of.get(m.name, [])) for m in found]
    kept = tuple(m for m in whole if m.values.notna().sum() >= max(smallest, FEWEST))
    if not kept:
        raise NotEstimable(
            f"the base is too small: no score has {max(smallest, FEWEST)} answers in this wave"
        )
    return kept


def _comparable(measure: Measure, answers: pd.DataFrame, questions: Sequence[str]) -> Measure:
    """The measure, missing in waves that did not ask every question it is made of."""
    known = [name for name in questions if name in answers]
    if "wave" not in answers or len(answers["wave"].unique()) < 2 or not known:
        return measure
    asked = answers[known].notna().groupby(answers["wave"]).any().all(axis=1)
    whole = answers["wave"].map(asked).astype(bool)
    return replace(measure, values=measure.values.where(whole))


def leading(
    chosen: Sequence[Measure],
    over: Sequence[Measure],
    waves: pd.Series,
    *,
    index_first: bool,
    declared: str = "",
) -> Measure:
    """The score that leads a page: the declared one, else the loyalty index, or that most asked.

    Parameters
    ----------
    chosen, over
        The scores of this wave, and of all.
    waves
        The wave of each respondent of ``over``.
    index_first
        Whether questions on attitude or behaviour make the index; without, it is a mixture
        of others.
    declared
        The name of the client's own leading score; empty where none was declared.

    Raises
    ------
    ValueError
        If the declared score cannot be made of these answers.
    """
    named = {measure.name: measure for measure in chosen}
    if declared and declared not in named:
        raise ValueError(
            f"client.yml: leading_score is {declared}, and too few answered what it is made of; "
            f"this survey has {', '.join(named)}"
        )
    if declared:
        return named[declared]
    if index_first and "loyalty_index" in named:
        return named["loyalty_index"]
    asked = {m.name: waves[m.values.notna()].nunique() for m in over}
    rest = [m for m in chosen if m.name != "loyalty_index"] or list(chosen)
    return max(rest, key=lambda m: asked.get(m.name, 0))


def matters(chosen: Sequence[Measure], smallest: float) -> dict[str, float]:
    """By measure: the smallest change that matters, given as a share of each one's scale."""
    return {measure.name: smallest * measure.length for measure in chosen}


def points(chosen: Sequence[Measure]) -> dict[str, pd.Series]:
    """By measure: one number a respondent whose mean is the score."""
    return {measure.name: measure.each for measure in chosen}


def point_table(chosen: Sequence[Measure], answers: pd.DataFrame) -> pd.DataFrame:
    """One column a score, one number a respondent whose mean is the score.

    Shares of best answers are left out: they say again what the mean of the same
    question says.

    Examples
    --------
    >>> said = pd.DataFrame({"recommend": [10, 3]})
    >>> found = measures(said, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
    ...                  {"recommend": "Would recommend"})
    >>> point_table(found, said)
       Net promoter score
    0               100.0
    1              -100.0
    """
    kept = [measure for measure in chosen if measure.unit != "share"]
    return pd.DataFrame({measure.label: measure.points(answers) for measure in kept})
