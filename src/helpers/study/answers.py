"""The answers of a survey, and the questions they are answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from helpers.study import scores
from helpers.study.codebook import ROLES, Codebook
from helpers.study.config import Config
from helpers.study.copies import copied_answers
from helpers.study.measured import Metric, metrics_of, recorded
from helpers.study.nearest import advice_for
from helpers.study.scores import Outcome
from helpers.study.subjects import owner_of, subjects_of, with_attitudes

__all__ = ["Answers"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Answers:
    """What people answered to which questions, wave by wave.

    Answers all run one way: those of a reversed question were turned when they were read.
    """

    config: Config
    codebook: Codebook
    tables: Mapping[str, pd.DataFrame]
    waves: tuple[str, ...]
    joined: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    unturned: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    asking: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def wave(self) -> str:
        """The wave that the report is about."""
        return self.config.wave

    @property
    def currency(self) -> str:
        """Three letters, as USD; empty where the client sent no amounts."""
        return self.config.currency

    @property
    def all_responses(self) -> pd.DataFrame:
        """Responses of every wave, indexed by response_id, with account and contact columns."""
        return self.joined

    @cached_property
    def responses(self) -> pd.DataFrame:
        """Responses of the current wave, indexed by response_id."""
        return self.responses_of(self.wave)

    def responses_of(self, wave: str | None = None) -> pd.DataFrame:
        """Responses of one wave (the current one unless told), or of ``"all"`` of them.

        Raises
        ------
        ValueError
            Where no response is of that wave.
        """
        wave = self.wave if wave is None else wave
        if wave == "all":
            return self.joined
        if wave not in self.waves:
            raise ValueError(f"no responses of wave {wave!r}. {advice_for(wave, self.waves)}")
        rows = self.joined["wave"] == wave
        return self.joined.copy(deep=False) if rows.all() else self.joined[rows]

    def as_given(self, wave: str | None = None) -> pd.DataFrame:
        """The same responses with every question as it was answered, none turned round.

        Everywhere else a higher answer is the better one; here a reversed question has the
        answers that people gave: for straight lines, and for effort, which is told as asked.
        """
        rows = self.responses_of(wave)
        given = self.unturned
        return rows.assign(**{str(name): given[name].loc[rows.index] for name in given})

    @property
    def turned(self) -> tuple[str, ...]:
        """Questions whose answers were turned round, so that high is good (``reverse``)."""
        return tuple(str(name) for name in self.unturned)

    @cached_property
    def copied(self) -> pd.Series:
        """Whether a response of this wave repeats an earlier one under another id."""
        return copied_answers(self.responses, self.codebook)

    def asked(self, wave: str | None = None) -> pd.DataFrame:
        """Who was asked, by question with an ``asked_if``; everybody was asked the others."""
        return self.asking.reindex(self.responses_of(wave).index)

    def items(self, role: str) -> tuple[str, ...]:
        """Variables of one codebook role that the responses hold, in codebook order."""
        return tuple(q.variable for q in self.codebook.of(role) if q.variable in self.joined)

    def batteries(self, *roles: str) -> dict[str, tuple[str, ...]]:
        """Questions asked together: those of each role and scale, by its name."""
        return scores.batteries({role: self.items(role) for role in roles}, self.scales)

    def label(self, variable: str) -> str:
        """What to call a variable in a sentence or on a chart."""
        question = self.codebook.get(variable)
        return question.label if question else variable.replace("_", " ")

    def labelled(self, role: str) -> dict[str, str]:
        """Variables of one codebook role that the responses hold, each with its label."""
        return {variable: self.label(variable) for variable in self.items(role)}

    @property
    def labels(self) -> dict[str, str]:
        """Labels of all questions by variable."""
        return {q.variable: q.label for q in self.codebook.questions}

    def scale(self, variable: str) -> tuple[float, float]:
        """The lowest and the highest answer of a question.

        Raises
        ------
        ValueError
            Where the codebook gives it no scale.
        """
        question = self.codebook.get(variable)
        if question is None or question.low is None or question.high is None:
            raise ValueError(
                f"{variable!r} has no scale: give scale_min and scale_max in codebook.csv"
            )
        return question.low, question.high

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """Driver ratings of the current wave on their own scales, a higher one the better."""
        return self.ratings_of(self.wave)

    def ratings_of(self, wave: str | None = None) -> pd.DataFrame:
        """Driver ratings of one wave, or of ``"all"``; missing answers are NaN."""
        return scores.ratings(self.responses_of(wave), self.codebook, "driver")

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Metrics of the current wave as they were recorded: days, counts, amounts."""
        return self.metrics_of(self.wave)

    def metrics_of(self, wave: str | None = None) -> pd.DataFrame:
        """Metrics of one wave, or of ``"all"``, a column each; missing values are NaN.

        They may stand beside ``ratings`` as drivers. They have no scale, so ``scales`` knows
        none of them, and none is turned round; ``measured`` says what each counts.
        """
        return recorded(self.responses_of(wave), self.measured)

    @cached_property
    def measured(self) -> dict[str, Metric]:
        """Metrics of the codebook by variable: label, unit, and which way is better."""
        there = [q for q in self.codebook.questions if q.variable in self.joined]
        return metrics_of(there, self.currency)

    def rated(self, wave: str | None = None, *, apart: Collection[str] = ()) -> pd.DataFrame:
        """Ratings, and questions on attitude that have a subject, but for those ``apart``."""
        responses = self.responses_of(wave)
        return with_attitudes(self.ratings_of(wave), responses, self.codebook, apart)

    def subjects(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Questions by the subject that the codebook's ``group`` gives them, several each."""
        return subjects_of(self.codebook, names)

    def scored(self, role: str, wave: str | None = None) -> pd.DataFrame:
        """A role's items rescaled to 0-100, the best answer 100."""
        return scores.rescaled(self.responses_of(wave), self.codebook, role)

    def sides(self, wave: str | None = None) -> dict[str, pd.DataFrame]:
        """The items of attitude and of behaviour, 0-100; a side that was not asked is left out."""
        return {role: self.scored(role, wave) for role in scores.AXES if role in self.roles}

    def outcome(self, name: str = "loyalty", wave: str | None = None) -> Outcome:
        """The outcome to explain: ``loyalty``, a role, or one question.

        ``loyalty`` is the mean of the attitude and the behaviour axis (0-100, both
        weighted alike; the axes that the codebook has), or, without either, the mean
        of satisfaction and recommendation. A question keeps its own scale.
        """
        return scores.outcome(self.responses_of(wave), self.codebook, name)

    def outcome_over_waves(self, name: str = "loyalty") -> Outcome:
        """The outcome in all waves, made as it is in the current one.

        A wave in which it was made of other questions has no values.
        """
        now, found = self.outcome(name), {wave: self.outcome(name, wave) for wave in self.waves}
        parts = [o.values if o.items == now.items else o.values[:0] for o in found.values()]
        return replace(now, values=pd.concat(parts).reindex(self.joined.index))

    @property
    def counted(self) -> str:
        """What a row of responses is: ``respondents``, or ``accounts`` in published data."""
        return "accounts" if "completes" in self.tables["responses"] else "respondents"

    @property
    def scales(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest answer of every question that has a scale."""
        return {q.variable: (q.low, q.high) for q in self.codebook.questions
                if q.scaled and q.low is not None and q.high is not None}  # fmt: skip

    @property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """Variables by the role that the codebook gives them; only roles that have any."""
        return {role: items for role in ROLES if (items := self.items(role))}

    def owner(self, variable: str | None, members: Sequence[str] = ()) -> str:
        """Who owns a question's subject, or most questions of a group; empty where nobody is."""
        return owner_of(self.codebook, members or [variable or ""])
