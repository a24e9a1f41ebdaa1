"""Answers turned into ratings, 0-100 scores and outcomes, by the codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.study.codebook import ROLES, SCALED, Codebook, Question
from helpers.study.measured import AMOUNT
from helpers.study.nearest import advice_for
from helpers.study.turning import TOLD_AS_ASKED, turned_label

__all__ = ["Outcome", "batteries", "outcome", "ratings", "rescaled"]

AXES = ("attitude", "behaviour")
STAND_IN = ("satisfaction", "recommend")


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a model explains: a value for every response, missing where not answered."""

    values: pd.Series  # indexed by response_id
    label: str
    unit: Literal["index", "scale"]  # 0-100, or the question's own scale
    low: float
    high: float
    items: tuple[str, ...]

    @property
    def base(self) -> int:
        """Responses that have a value."""
        return int(self.values.notna().sum())


def batteries(
    items: Mapping[str, Sequence[str]], scales: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[str, ...]]:
    """Questions of each role, those of another scale apart: alike only where scales are.

    >>> batteries({"driver": ["ease", "speed", "price"]}, {"ease": (1, 5), "speed": (1, 5),
    ...                                                   "price": (1, 10)})
    {'driver (1 to 5)': ('ease', 'speed'), 'driver (1 to 10)': ('price',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for role, names in items.items():
        there = [name for name in names if name in scales]
        kinds = dict.fromkeys(scales[name] for name in there)
        for low, high in kinds:
            called = role if len(kinds) == 1 else f"{role} ({low:g} to {high:g})"
            found[called] = tuple(name for name in there if scales[name] == (low, high))
    return found


def _questions(responses: pd.DataFrame, codebook: Codebook, role: str) -> list[Question]:
    return [q for q in codebook.of(role) if q.variable in responses and q.scaled]


def ratings(responses: pd.DataFrame, codebook: Codebook, role: str) -> pd.DataFrame:
    """A role's answers on their own scales; those of a study all run one way, high is good."""
    found = _questions(responses, codebook, role)
    columns = {q.variable: responses[q.variable].astype(float) for q in found}
    return pd.DataFrame(columns, index=responses.index, dtype=float)


def rescaled(responses: pd.DataFrame, codebook: Codebook, role: str) -> pd.DataFrame:
    """A role's answers as 0-100: the lowest answer of the scale is 0, the highest 100."""
    answers = ratings(responses, codebook, role)
    low = pd.Series({q.variable: q.low for q in codebook.of(role)}, dtype=float)
    high = pd.Series({q.variable: q.high for q in codebook.of(role)}, dtype=float)
    return (answers - low[answers.columns]) / (high - low)[answers.columns] * 100


def outcome(responses: pd.DataFrame, codebook: Codebook, name: str) -> Outcome:
    """The outcome of that name: ``loyalty``, a codebook role, or a variable.

    Raises
    ------
    ValueError
        Where no such question exists, or it has no scale.
    """
    if name == "loyalty":
        return _loyalty(responses, codebook)
    question = codebook.get(name)
    if question is not None and name in responses:
        return _single(responses, question)
    if name in ROLES:
        return _of_role(responses, codebook, name)
    known = ["loyalty", *SCALED, *(q.variable for q in codebook.questions if q.numeric)]
    raise ValueError(f"{name!r} is not an outcome. {advice_for(name, known)}")


def _single(responses: pd.DataFrame, question: Question) -> Outcome:
    if question.measured:
        return _recorded(responses, question)
    if question.low is None or question.high is None:
        raise ValueError(
            f"{question.variable!r} has no scale: give scale_min and scale_max in codebook.csv"
        )
    values = responses[question.variable].astype(float)
    items = (question.variable,)
    told_as_asked = question.role == TOLD_AS_ASKED  # by its mean; as an outcome it is turned
    label = turned_label(question) if told_as_asked else question.label
    return Outcome(values, label, "scale", question.low, question.high, items)


def _recorded(responses: pd.DataFrame, question: Question) -> Outcome:
    """A metric as it was recorded: it has no ends, and less of it may be the better."""
    values, name = responses[question.variable].astype(float), question.variable
    unit = {"count": "", AMOUNT: ""}.get(question.unit, question.unit)
    label = f"{question.label} ({unit})" if unit else question.label
    return Outcome(values, label, "scale", float("nan"), float("nan"), (name,))


def _of_role(responses: pd.DataFrame, codebook: Codebook, role: str) -> Outcome:
    answers = rescaled(responses, codebook, role)
    if answers.empty and not len(answers.columns):
        raise ValueError(f"no question of the role {role!r} is in the responses: see codebook.csv")
    values = answers.mean(axis=1).rename(role)
    turned = any(q.turns for q in codebook.of(role) if q.variable in answers)
    label = f"{role} (turned: 100 is best)" if turned and role == TOLD_AS_ASKED else role
    return Outcome(values, label, "index", 0.0, 100.0, tuple(answers.columns))


def _loyalty(responses: pd.DataFrame, codebook: Codebook) -> Outcome:
    axes = {role: rescaled(responses, codebook, role) for role in AXES}
    axes = {role: answers for role, answers in axes.items() if len(answers.columns)}
    items = tuple(item for answers in axes.values() for item in answers.columns)
    if axes:
        means = pd.DataFrame({role: answers.mean(axis=1) for role, answers in axes.items()})
        values = means.mean(axis=1, skipna=False).rename("loyalty")
        label = "loyalty" if len(axes) == len(AXES) else f"loyalty ({next(iter(axes))} only)"
        return Outcome(values, label, "index", 0.0, 100.0, items)
    return _stand_in(responses, codebook)


def _stand_in(responses: pd.DataFrame, codebook: Codebook) -> Outcome:
    """Satisfaction and recommendation in place of loyalty, of people who answered all of them.

    Those who answered one alone are left out: the two questions differ in level, so whoever
    answered which would move the score. A question that nobody was asked in these waves is no
    part of it.
    """
    asked = {role: rescaled(responses, codebook, role) for role in STAND_IN}
    asked = {role: answers for role, answers in asked.items() if len(answers.columns)}
    heard = {role: answers.dropna(axis=1, how="all") for role, answers in asked.items()}
    parts = {role: answers for role, answers in heard.items() if len(answers.columns)} or asked
    if not parts:
        raise ValueError(
            "no loyalty to measure: codebook.csv has no question with the role attitude, "
            "behaviour, satisfaction or recommend that is in the responses"
        )
    answers = pd.concat(list(parts.values()), axis=1)
    names = {"satisfaction": "satisfaction", "recommend": "recommendation"}
    label = "loyalty (" + " and ".join(names[role] for role in parts) + ")"
    values = answers.mean(axis=1, skipna=False)
    return Outcome(values.rename("loyalty"), label, "index", 0.0, 100.0, tuple(answers.columns))
