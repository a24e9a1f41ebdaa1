"""The study: everything a client sent, typed and ready for the methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import Fault, MissingTable
from helpers.project import project_folder
from helpers.study import margins as population_margins
from helpers.study import verbatims
from helpers.study.answers import Answers
from helpers.study.findings import Note
from helpers.study.joining import join_invitations
from helpers.study.letters import letters
from helpers.study.nearest import advice_for
from helpers.study.policy import Policy, Targets
from helpers.study.reached import parts_reached, shares_reached
from helpers.study.tables import TABLES

__all__ = ["Study"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Study(Answers):
    """One client's study. Tables are typed; ids are text exactly as they were sent.

    Frames that come back are the study's own: change a copy. Answers all run one way: those of
    a reversed question were turned when the study was put together.
    """

    folder: Path
    wave_dates: Mapping[str, pd.Timestamp]
    counts: pd.DataFrame  # table, file, rows_in, rows_out, columns, sha256
    notes: tuple[Note, ...] = ()
    warnings: tuple[Fault, ...] = ()
    segments: tuple[str, ...] = ()

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
    def policy(self) -> Policy:
        """Smallest bases and consent."""
        return self.config.policy

    @property
    def targets(self) -> Targets:
        """Targets of service and of scores, a mean's on the scale of the answers here."""
        return self.config.targets

    @property
    def working_time(self) -> dict[str, Any]:
        """When the client works: week, opens, closes, holidays."""
        told = self.config.calendar
        return {"week": told.week, "opens": told.opens, "closes": told.closes,
                "holidays": told.holidays}  # fmt: skip

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
    def about(self) -> str:
        """The first sentence of the client's description."""
        if not self.config.description:
            return ""
        return self.config.description.split(". ")[0].strip().rstrip(".") + "."

    @property
    def cover(self) -> dict[str, str]:
        """What the report's first page says of itself, in order: what is not declared is left out.

        Keys are ``client``, ``wave``, ``date`` (of the data), ``author``, ``contact`` and
        ``confidentiality``.

        >>> from helpers.study import open_study
        >>> list(open_study("northfield").cover.items())[:2]
        [('client', 'Northfield Industrial'), ('wave', '2026H1')]
        """
        said = {"client": self.name, "wave": self.wave, "date": self.due(0)}
        return {key: text for key, text in (said | self.config.report.model_dump()).items() if text}

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

    @cached_property
    def invited(self) -> pd.DataFrame:
        """Invitations of every wave, with the columns of their contact and account."""
        self.table("invitations")  # refuses, in words, where none were sent
        return join_invitations(self.tables, self.config)

    @cached_property
    def comments(self) -> pd.DataFrame:
        """Text answers of every wave: response_id, question, text, language, theme_*."""
        return verbatims.comments(self.tables, self.codebook, self.joined)

    @cached_property
    def letters(self) -> dict[str, str]:
        """Letters that the client edited and sent back, by file without ending."""
        return letters(self.folder)

    @property
    def known_names(self) -> dict[str, tuple[str, ...]]:
        """Names of ``people`` and ``companies`` that the tables list."""
        return verbatims.known_names(self.tables)

    def in_wave(self, table: str, wave: str | None = None) -> pd.DataFrame:
        """The rows of a table that belong to one wave (the current one unless told)."""
        rows = self.table(table)
        return rows[rows["wave"] == (self.wave if wave is None else wave)]
