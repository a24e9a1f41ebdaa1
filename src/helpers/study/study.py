"""The study: everything a client sent, typed and ready for the methods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import Fault, MissingTable
from helpers.project import project_folder
from helpers.study import margins as population_margins
from helpers.study import scores, verbatims
from helpers.study.codebook import ROLES, Codebook
from helpers.study.config import Config, Policy, Targets
from helpers.study.copies import copied_answers
from helpers.study.findings import Note
from helpers.study.joining import join_invitations
from helpers.study.measured import Metric, metrics_of, recorded
from helpers.study.nearest import advice_for
from helpers.study.reached import parts_reached, shares_reached
from helpers.study.scores import Outcome
from helpers.study.subjects import owner_of, subjects_of, with_attitudes
from helpers.study.tables import TABLES

__all__ = ["Study"]


@dataclass(frozen=True, eq=False)
class Study:
    """One client's study. Tables are typed; ids are text exactly as they were sent.

    Frames that come back are the study's own: change a copy. Answers all run one way: those of
    a reversed question were turned when the study was put together.
    """

    folder: Path
    config: Config
    codebook: Codebook
    tables: Mapping[str, pd.DataFrame]
    waves: tuple[str, ...]
    wave_dates: Mapping[str, pd.Timestamp]
    counts: pd.DataFrame  # table, file, rows_in, rows_out, columns, sha256
    notes: tuple[Note, ...] = ()
    warnings: tuple[Fault, ...] = ()
    segments: tuple[str, ...] = ()
    joined: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    unturned: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    asking: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @property
    def slug(self) -> str:
        """The name of the client's folder."""
        return self.folder.name

    @property
    def called(self) -> str:
        """How a command names this client: as under ``data/``, or by a path to be filled in.

        A page never holds the path itself, which is that of one machine.
        """
        project = project_folder()
        known = project is not None and self.folder.parent == (project / "data").resolve()
        return self.slug if known else f"path/to/{self.slug}"

    @property
    def name(self) -> str:
        """The client's name as it is printed."""
        return self.config.name

    @property
    def wave(self) -> str:
        """The wave that the report is about."""
        return self.config.wave

    @property
    def previous_wave(self) -> str | None:
        """The wave to compare with: as declared, else the one before in time."""
        if self.config.previous_wave is not None:
            return self.config.previous_wave
        place = self.waves.index(self.wave)
        return self.waves[place - 1] if place else None

    @property
    def as_of(self) -> pd.Timestamp:
        """The day on which the data stand."""
        return pd.Timestamp(self.config.as_of)

    @property
    def currency(self) -> str:
        """Three letters, as USD; empty where the client sent no amounts."""
        return self.config.currency

    @property
    def policy(self) -> Policy:
        """Smallest bases and consent."""
        return self.config.policy

    @property
    def targets(self) -> Targets:
        """Targets of service and of scores, a mean's on the scale of the answers here."""
        return self.config.targets

    def has(self, *tables: str) -> bool:
        """Whether the client sent all of these tables."""
        return all(name == "codebook" or name in self.tables for name in tables)

    def table(self, name: str) -> pd.DataFrame:
        """A table by name.

        Raises
        ------
        MissingTable
            Where the client did not send it; the message names the file to send.
        """
        if name in self.tables:
            return self.tables[name]
        if name == "codebook":
            return self.codebook.table
        if name not in TABLES:
            raise MissingTable(f"{name!r} is not a table. {advice_for(name, TABLES)}")
        table = TABLES[name]
        needs = ", ".join(table.required)
        raise MissingTable(
            f"{self.name} sent no {name}. Send {name}.csv (a row is {table.row}; "
            f"needed columns: {needs}); it opens: {table.opens}."
        )

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
        return self.joined[self.joined["wave"] == wave]

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

    @property
    def has_accounts(self) -> bool:
        """Whether responses say which account they come from."""
        return "account_id" in self.joined and bool(self.joined["account_id"].notna().any())

    @property
    def accounts(self) -> pd.DataFrame:
        """The accounts table, or the distinct accounts of the responses."""
        if "accounts" in self.tables:
            return self.tables["accounts"]
        if not self.has_accounts:
            raise MissingTable(f"{self.name} sent no accounts, and responses name none.")
        known = self.joined["account_id"].dropna().unique()
        return pd.DataFrame({"account_id": pd.Series(sorted(known), dtype="str")})

    @property
    def known_accounts(self) -> pd.DataFrame | None:
        """The same, or ``None`` where responses name no account."""
        return self.accounts if self.has_accounts else None

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

    def reached(self, weights: ArrayLike | None = None) -> dict[str, float]:
        """The share of this wave's respondents whom each candidate action reaches."""
        return shares_reached(self.table("actions"), self.responses, weights)

    def parts_reached(self, people: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
        """Accounts or people in parts that the same actions reach, and the parts of each action."""
        return parts_reached(self.table("actions"), people)

    @property
    def account_parts(self) -> pd.Series:
        """The part of each account, by its id."""
        return self.parts_reached(self.accounts)[0].set_axis(self.accounts["account_id"])

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

    def margins(
        self, names: list[str] | tuple[str, ...], wave: str | None = None
    ) -> dict[str, pd.Series]:
        """How many eligible people each category of each named column has.

        Raises
        ------
        ValueError
            Where neither the population table nor the lists hold a column.
        """
        named = self.wave if wave is None else wave
        return population_margins.margins(
            self.tables, self.config, tuple(names), named, self.wave_dates.get(named)
        )

    def margins_by_wave(self, names: Iterable[str]) -> dict[str, dict[str, pd.Series]]:
        """`margins` of each wave, without the waves whose population was not sent.

        Counted from the lists, an earlier wave has the customers of its day, each in the
        group that the list names now.
        """
        named = tuple(names)
        there = population_margins.waves_sent(self.tables, self.waves)
        return {wave: self.margins(named, wave) for wave in there} if named else {}

    @property
    def margin_names(self) -> tuple[str, ...]:
        """Columns that can be weighted to: the population has them, and all of it answered."""
        return tuple(name for name, absent in self._margin_gaps.items() if not absent)

    @property
    def margin_gaps(self) -> dict[str, tuple[str, ...]]:
        """Columns that cannot be weighted to, and the categories from which nobody answered."""
        return {name: absent for name, absent in self._margin_gaps.items() if absent}

    @cached_property
    def _margin_gaps(self) -> dict[str, tuple[str, ...]]:
        names = population_margins.wanted_columns(self.tables, self.config, self.joined)
        sizes = self.margins(names)
        return {n: population_margins.silent(sizes[n], self.responses[n]) for n in names}

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

    @property
    def about(self) -> str:
        """The first sentence of the client's description."""
        if not self.config.description:
            return ""
        return self.config.description.split(". ")[0].strip().rstrip(".") + "."

    def due(self, days: int) -> str:
        """A date so many days after the data stand, as a letter would write it.

        Rendered without the system's language: the same everywhere.
        """
        return self.written(self.as_of + pd.Timedelta(days=days))

    @staticmethod
    def written(day: pd.Timestamp) -> str:
        """A day as a letter would write it.

        >>> Study.written(pd.Timestamp("2026-06-30"))
        '30 June 2026'
        """
        return f"{day.day} {day.month_name()} {day.year}"

    @property
    def wave_day(self) -> pd.Timestamp:
        """The day that the current wave stands for; that of the data where it has none."""
        day = self.wave_dates.get(self.wave, pd.NaT)
        return self.as_of if pd.isna(day) else day

    def given(self, *names: str) -> dict[str, pd.DataFrame]:
        """Those of the named tables that the client sent."""
        return {name: self.tables[name] for name in names if name in self.tables}

    @property
    def account_names(self) -> dict[str, str]:
        """Names of accounts by id; the id where no name was sent."""
        listed = self.accounts
        names = listed["name"] if "name" in listed else listed["account_id"]
        return dict(zip(listed["account_id"], names.fillna(listed["account_id"]), strict=True))

    def owner(self, variable: str | None, members: Sequence[str] = ()) -> str:
        """Who owns a question's subject, or most questions of a group; empty where nobody is."""
        return owner_of(self.codebook, members or [variable or ""])

    @cached_property
    def invited(self) -> pd.DataFrame:
        """Invitations of every wave, with the columns of their contact and account."""
        self.table("invitations")  # refuses, in words, where none were sent
        return join_invitations(self.tables, self.config)

    @cached_property
    def comments(self) -> pd.DataFrame:
        """Text answers of every wave: response_id, question, text, language, theme_*."""
        return verbatims.comments(self.tables, self.codebook, self.joined)

    @property
    def known_names(self) -> dict[str, tuple[str, ...]]:
        """Names of ``people`` and ``companies`` that the tables list."""
        return verbatims.known_names(self.tables)

    def in_wave(self, table: str, wave: str | None = None) -> pd.DataFrame:
        """The rows of a table that belong to one wave (the current one unless told)."""
        rows = self.table(table)
        return rows[rows["wave"] == (self.wave if wave is None else wave)]
