"""A chapter's page: what its notebook opens, collects, shows and, at its end, hands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from helpers import results
from helpers.methods import accounts
from helpers.methods.survey import SurveyDesign
from helpers.results import ChapterResult, Figure
from helpers.study import Study, open_study
from helpers.study.noticed import noticed
from helpers.study.policy import SmallestBase
from helpers.views.rendering import sentences
from helpers.views.rendering.attempts import Attempt, attempt
from helpers.views.rendering.declared import Declared
from helpers.views.rendering.sentences import Sentence

__all__ = ["Page", "open_page"]

Found = TypeVar("Found")
Figures = Mapping[str, Figure] | Iterable[Figure]
Words = Callable[..., str]
ALIKE = (
    "The sampling chapter was not run on these answers, so everybody counts alike: nothing "
    "is weighted, and intervals allow for accounts alone."
)


@dataclass
class Page:
    """One chapter of one client's report while its notebook runs.

    It collects: ``quote`` takes figures, ``keep`` takes tables, ``note`` takes what a reader
    must know of the method. ``say`` makes sentences of the figures so far. ``finish`` shows how
    the page ends, ``answer`` hands everything on and shows what goes to the page's top.
    """

    chapter: str
    study: Study
    where: Path  # the folder of the results
    declared: Declared
    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # why a figure is not told
    counted: str = ""  # what is counted, where that is not what a row of responses is
    seen: set[str] = field(default_factory=set, repr=False)  # what of the study was looked at
    _end: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def smallest(self) -> SmallestBase:
        """Respondents needed to ``suppress`` less, to ``test``, and to show without a ``flag``."""
        return self.study.policy.smallest_base

    @cached_property
    def design(self) -> SurveyDesign:
        """How the respondents of this wave came to be in the sample: give it to every estimate.

        The sampling chapter made it. Where that did not run, everybody counts alike and
        accounts alone are allowed for, and the page says so.
        """
        responses = self.study.responses
        made = self._made("design", responses.index)
        if made is not None:
            return made.of(responses.index)
        return SurveyDesign(clusters=accounts.units(responses)).of(responses.index)

    @cached_property
    def design_over_waves(self) -> SurveyDesign:
        """The same of all waves: each with its own weights, accounts that return as one."""
        everyone = self.study.all_responses
        made = self._made("designs", everyone.index)
        if made is not None:
            return made
        units = accounts.units(everyone, by=("account_id", "contact_id"))
        parts = {wave: everyone.index[everyone["wave"] == wave] for wave in self.study.waves}
        clustered = {w: None if units is None else units[index] for w, index in parts.items()}
        return SurveyDesign.over(
            {w: SurveyDesign(clusters=clustered[w]).of(index) for w, index in parts.items()}
        )

    def _made(self, table: str, respondents: pd.Index) -> SurveyDesign | None:
        """A design that the sampling chapter stored for these respondents."""
        stored = self.handed_on("sampling", table)
        if stored is None or set(stored["response_id"]) != set(respondents):
            self.note(ALIKE)
            return None
        return SurveyDesign.from_frame(stored.set_index("response_id"))

    def handed_on(self, chapter: str, table: str) -> pd.DataFrame | None:
        """A table of an earlier chapter, or ``None`` where it made none."""
        return results.table(chapter, table, self.where)

    def attempt(
        self,
        method: Callable[..., Found],
        *data: Any,  # noqa: ANN401
        tells: Iterable[str] = (),
        **options: Any,  # noqa: ANN401
    ) -> Attempt[Found]:
        """Call a method; where the data cannot carry its answer, keep the reason for the reader.

        ``tells`` names the figures that it would tell, which the reason then stands beside.
        """
        made = attempt(method, *data, **options)
        if made.found is None:
            self.reasons |= dict.fromkeys(tells, made.reason)
        return made

    def quote(self, figures: Figures) -> None:
        """Take figures that sentences may name; those of too small a base are withheld.

        Raises
        ------
        ValueError
            Where a figure was not declared by the chapter.
        """
        given = figures.values() if isinstance(figures, Mapping) else figures
        guarded = results.figures(
            *given, smallest_base=self.smallest.suppress, counted=self.counted or self.study.counted
        )
        self.figures |= self.declared.checked(guarded.values())

    def keep(self, *made: Mapping[str, pd.DataFrame], **tables: pd.DataFrame) -> None:
        """Take tables that are handed on with the results, by name."""
        for several in (*made, tables):
            self.tables |= several

    def note(self, *lines: str) -> None:
        """Take what a method changed, left out or could not do, one line each."""
        self.notes += [line for line in lines if line not in self.notes]

    def say(self, words: Words, *more: Any, kind: str = "say", lead: str = "") -> Sentence:  # noqa: ANN401
        """The sentence that ``words`` chooses by the figures so far."""
        text = words(self.figures, *more)
        if not text:
            return Sentence("", "")
        return sentences.say(text, self._result(), kind=kind, lead=lead)

    def title(self, words: Words, *more: Any) -> str:  # noqa: ANN401
        """The same as plain text: the title of a chart, its numbers those of the figures."""
        return self.say(words, *more).text

    def finish(
        self,
        so_what: Words,
        ask: Callable[..., dict[str, str]],
        doubts: Callable[..., tuple[str, ...]],
        *,
        main: str,
        due: int,
        confidence: float,
        counts: str = "",
    ) -> Sentence:
        """The end of the page: so what, how it was counted, how far to trust it, what to do.

        ``main`` is the figure whose base and grade stand for the page, ``due`` the days until
        the ask is, ``counts`` what a reader must know of the counting.
        """
        self._end = {
            "so_what": so_what(self.figures),
            "ask": ask(self.figures, self.study.due(due)),
            "doubts": doubts(self.figures),
        }
        result = self._result()
        return sentences.together(
            sentences.so_what(result),
            sentences.notes(*self.notes),
            *([sentences.trust(result, main, confidence=confidence, counts=counts)]
              if main in self.figures else []),
            sentences.do_next(result),
        )  # fmt: skip

    def answer(self, words: Words, *more: Any) -> Sentence:  # noqa: ANN401
        """Hand everything on, and give the answer, which the published page shows at its top."""
        self._end["answer"] = words(self.figures, *more)
        result = self._result()
        results.save(result, self.where)
        return sentences.answer(result)

    def _result(self) -> ChapterResult:
        untold = self.declared.untold(self.figures, self.reasons)
        read = tuple(sorted(self.seen))
        return ChapterResult(
            self.chapter, self.figures, self.tables, untold=untold, read=read, **self._end
        )


def open_page(chapter: str, client: str | Path, results_dir: str = "") -> Page:
    """Open a client for one chapter.

    Parameters
    ----------
    chapter
        The chapter's name, that of its notebook and of its room under ``helpers.views``.
    client
        A name under ``data/``, or the path of a client folder.
    results_dir
        Folder for the results; empty is a folder for work by hand.

    Examples
    --------
    >>> page = open_page("linkage", "northfield")
    >>> page.study.name, page.smallest.suppress
    ('Northfield Industrial', 10)
    """
    study, seen = noticed(open_study(client))
    declared: Declared = import_module(f"helpers.views.{chapter}.figures").DECLARED
    return Page(chapter, study, results.folder(str(client), results_dir), declared, seen=seen)
