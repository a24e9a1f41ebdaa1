"""The one place where answers are turned round.

A question with ``reverse: yes`` has its best answer at the low end. Its answers are turned when
the study is put together (``low + high - answer``), so that everywhere after it a higher answer is
the better one, whatever the question's role. What is declared on the scale as it was asked is
turned here as well: targets and benchmarks of its mean.

Effort is told as it was asked, less of it being better: its mean, target and benchmarks stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.policy import Targets

__all__ = [
    "TOLD_AS_ASKED",
    "OneWay",
    "one_way",
    "turned_answers",
    "turned_benchmarks",
    "turned_label",
    "turned_targets",
]

TOLD_AS_ASKED = "effort"
MEANS = ("recommend", "satisfaction")  # roles whose mean may have a target and a benchmark
FEWEST = 2  # answers, for a question to be the one that its role's score is made of
QUANTILES = ("p10", "p25", "p50", "p75", "p90")
DIGITS = 9  # 7 - 2.1 is 4.9, not 4.9000000000000004


@dataclass(frozen=True, eq=False)
class OneWay:
    """Answers that all run one way, what is declared about them, and the same as given."""

    answers: pd.DataFrame  # the responses, the reversed questions turned
    as_given: pd.DataFrame = field(repr=False)  # those questions alone, by response_id
    codebook: Codebook  # labels of what was turned say so
    config: Config  # targets of means are on the scale of the turned answers
    benchmarks: pd.DataFrame | None  # and so are the quantiles of benchmarks


def one_way(
    responses: pd.DataFrame,
    benchmarks: pd.DataFrame | None,
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> OneWay:
    """Turn every reversed question, and what is declared on its scale; readers are told.

    Examples
    --------
    >>> asked = Codebook((Question("grade", "satisfaction", "", "Grade", 1, 6, reverse=True),))
    >>> config = Config.model_validate({"name": "Demo", "as_of": "2026-06-30", "wave": "W1"})
    >>> rows = pd.DataFrame({"response_id": ["a", "b"], "wave": "W1", "grade": [1.0, 6.0]})
    >>> found = one_way(rows, None, asked, config, Findings())
    >>> found.answers["grade"].tolist(), found.codebook.get("grade").label
    ([6.0, 1.0], 'Grade (turned: 6 is best)')
    """
    questions = _reversed(codebook, responses)
    if not questions:
        return OneWay(responses, pd.DataFrame(), codebook, config, benchmarks)
    said = [q.variable for q in questions if q.role != TOLD_AS_ASKED]
    what = f"turned round, so that the highest answer is the best: {', '.join(said)}"
    findings.note("responses", what, len(responses) if said else 0)
    now = responses[responses["wave"] == config.wave]
    means = [q for role in MEANS if (q := _scored(now, codebook, role)) is not None]
    labelled = tuple(_labelled(q) if q in questions else q for q in codebook.questions)
    return OneWay(
        turned_answers(responses, codebook),
        responses[[q.variable for q in questions]].set_axis(responses["response_id"]),
        Codebook(labelled),
        config.model_copy(update={"targets": turned_targets(config.targets, means)}),
        None if benchmarks is None else turned_benchmarks(benchmarks, means),
    )


def turned_answers(responses: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The responses with every reversed question turned, so that high is good."""
    turned = {
        q.variable: _turned(responses[q.variable].astype(float), q)
        for q in _reversed(codebook, responses)
    }
    return responses.assign(**turned)


def _reversed(codebook: Codebook, responses: pd.DataFrame) -> list[Question]:
    return [q for q in codebook.questions if q.turns and q.variable in responses]


def _turned(values: pd.Series, question: Question) -> pd.Series:
    if question.low is None or question.high is None:
        return values
    return (question.low + question.high - values).round(DIGITS)


def _labelled(question: Question) -> Question:
    if question.role == TOLD_AS_ASKED:
        return question
    return replace(question, label=turned_label(question))


def turned_label(question: Question) -> str:
    """What to call a question whose answers were turned: a reader sees which end is best.

    >>> turned_label(Question("wait", "driver", "", "Waiting", 0, 10, reverse=True))
    'Waiting (turned: 10 is best)'
    """
    if question.high is None or not question.turns:
        return question.label
    return f"{question.label} (turned: {question.high:g} is best)"


def _scored(responses: pd.DataFrame, codebook: Codebook, role: str) -> Question | None:
    """The question that a role's score is made of: the first that two people answered."""
    asked = [q for q in codebook.of(role) if q.scaled and q.variable in responses]
    return next((q for q in asked if responses[q.variable].notna().sum() >= FEWEST), None)


def turned_targets(targets: Targets, means: Iterable[Question]) -> Targets:
    """Targets of means, declared on the scale as it was asked, on that of the turned answers.

    Examples
    --------
    >>> asked = Question("grade", "satisfaction", "", "Grade", 1, 6, reverse=True)
    >>> turned_targets(Targets(scores={"satisfaction_mean": 2}), [asked]).scores
    {'satisfaction_mean': 5.0}
    """
    scores = dict(targets.scores)
    for question in means:
        name = f"{question.role}_mean"
        if question.turns and name in scores:
            value = _turned(pd.Series([scores[name]], dtype=float), question)
            scores[name] = float(value.iloc[0])
    return targets.model_copy(update={"scores": scores})


def turned_benchmarks(benchmarks: pd.DataFrame, means: Iterable[Question]) -> pd.DataFrame:
    """Benchmarks of means on the scale of the turned answers: the lowest tenth is now the highest.

    Examples
    --------
    >>> asked = Question("grade", "satisfaction", "", "Grade", 1, 6, reverse=True)
    >>> known = {"p10": [1.5], "p50": [2.0], "p90": [3.0]}
    >>> outside = pd.DataFrame({"metric": ["satisfaction"], "scale": ["1-6"], **known})
    >>> turned_benchmarks(outside, [asked])[["p10", "p50", "p90"]].values.tolist()
    [[4.0, 5.0, 5.5]]
    """
    table = benchmarks.copy()
    for question in (q for q in means if q.turns):
        scale = f"{question.low:g}-{question.high:g}"
        rows = (table["metric"] == question.role) & (table["scale"] == scale)
        before = table.loc[rows].reindex(columns=list(QUANTILES)).astype(float)
        for name, other in zip(QUANTILES, reversed(QUANTILES), strict=True):
            if (rows.any() and before[other].notna().any()) or name in table:
                table.loc[rows, name] = _turned(before[other], question)
    return table
