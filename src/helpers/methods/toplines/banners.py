"""Banners: the columns that every question is broken down by, and which may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.methods.survey import disclosure
from helpers.methods.survey.calibration import Floats
from helpers.methods.toplines.linearised import Flags
from helpers.methods.toplines.questions import Question

__all__ = ["Banner", "banner", "banners", "shown", "shown_rows", "shown_waves"]

MOST = 12  # columns of a question's own answers; longer scales stand by their boxes
MIDDLE = "between"


@dataclass(frozen=True, eq=False)
class Banner:
    """One way to group respondents: a name, and the column of each."""

    name: str
    columns: tuple[str, ...]
    of: pd.Series

    @cached_property
    def inside(self) -> Flags:
        """Who is in which column: ``(people, columns)``."""
        place = pd.Index(self.columns, dtype=object).get_indexer(pd.Index(self.of, dtype=object))
        return np.asarray(place[:, None] == np.arange(len(self.columns)))


def banners(
    names: Sequence[str],
    asked: Sequence[Question],
    answers: pd.DataFrame,
    *,
    smallest: int = 0,
    apart: Sequence[str] = ("wave",),
) -> tuple[Banner, ...]:
    """The banners of these names: questions by what was answered, other columns by their groups.

    Those that would have a single column, and those ``apart``, are left out.

    Raises
    ------
    ValueError
        For a name that is neither a question nor a column.

    Examples
    --------
    >>> answers = pd.DataFrame({"tier": ["Key", "Core"], "wave": ["1", "1"]})
    >>> [one.name for one in banners(["tier", "wave"], (), answers)]
    ['tier']
    """
    questions = {one.name: one for one in asked}
    found = []
    for name in dict.fromkeys(names):
        if name in apart:
            continue
        if name in questions:
            found.append(_of_question(questions[name], answers, smallest=smallest))
        elif name in answers:
            found.append(banner(name, answers[name], smallest=smallest))
        else:
            raise ValueError(f"{name!r} is neither a question nor a column of the responses")
    return tuple(one for one in found if one is not None)


def banner(
    name: str, groups: pd.Series, *, order: Sequence[str] = (), smallest: int = 0
) -> Banner | None:
    """A banner of the groups of a column; ``None`` where all are in one.

    Fewer people of no known group than ``smallest`` are counted with the largest.

    >>> banner("tier", pd.Series(["Key", "Core", None, "Core"]), smallest=2).columns
    ('Core or not known', 'Key')
    """
    named = groups.astype(object).where(groups.notna(), disclosure.UNKNOWN).astype(str)
    merged = disclosure.merged(named, smallest).astype(str)
    there = set(merged)
    first = [merged_name for one in order for merged_name in there if _is(merged_name, str(one))]
    rest = sorted(there - set(first), key=lambda one: (one == disclosure.UNKNOWN, one))
    return Banner(name, (*first, *rest), merged) if len(there) > 1 else None


def _is(merged: str, name: str) -> bool:
    return merged in (name, f"{name} or {disclosure.UNKNOWN}")


def _of_question(question: Question, answers: pd.DataFrame, *, smallest: int = 0) -> Banner | None:
    """A banner of what people answered; a long scale by its boxes.

    Questions of numbers, and those of which several answers may be ticked, give none.
    """
    listed = [row for row in question.rows if row.kind == "answer"]
    if question.kind in ("number", "several") or len(listed) < 2:
        return None
    boxes = [row for row in question.rows if row.kind in ("top", "bottom")]
    statistics, answered = question.statistics(answers)
    used = boxes if boxes and len(listed) > MOST // 2 else listed
    places = [question.rows.index(row) for row in used]
    of = pd.Series(np.where(answered, MIDDLE, ""), index=answers.index, dtype=object)
    for place in places:
        of[statistics[:, place] > 0] = question.rows[place].name
    names = [question.rows[place].name for place in places]
    order = [names[0], MIDDLE, *names[1:]] if used is boxes else names
    return banner(question.name, of.where(of != ""), order=order, smallest=smallest)


def shown(banners: Sequence[Banner], answered: Flags, minimum: int) -> list[Flags]:
    """Which columns may be shown of a question that these people answered, by banner.

    Columns under ``minimum`` people may not, nor what would give them away by sums and
    differences of columns, of one banner or of several (`disclosure.protect`). What a client
    names first is kept.
    """
    if not banners:
        return []
    groups = pd.DataFrame({str(place): one.of for place, one in enumerate(banners)})
    safe = disclosure.protect(groups[answered], minimum, unknown=_NONE)
    return [_allowed(safe, str(place), one) for place, one in enumerate(banners)]


_NONE = "\x00\x00"  # no group is called so, and none is merged


def _allowed(safe: disclosure.Protection, grouping: str, one: Banner) -> Flags:
    there = safe.cells[(safe.cells["grouping"] == grouping) & ~safe.cells["withheld"]]
    told = set(there["group"])
    return np.array([name in told for name in one.columns], dtype=bool)


def shown_rows(question: Question, statistics: Floats, answered: Flags, minimum: int) -> Flags:
    """Which rows of a question may be shown by group.

    An answer that few people gave would stand in one column of each banner, which between them
    may hold a single person: what she answered would then be known. So an answer of fewer people
    than ``minimum`` is shown for all alone, and not by group, nor what would give it away: the
    other answers and boxes that it is the rest of.
    """
    said = statistics[answered]
    counts, base = said.sum(axis=0), len(said)
    listed = np.array([row.kind == "answer" for row in question.rows])
    if question.kind == "several":
        least = np.minimum(counts, base - counts)
        return np.asarray((counts == 0) | (counts == base) | (least >= minimum))
    if not listed.any() or (counts[listed & (counts > 0)] >= minimum).all():
        return np.ones(len(counts), dtype=bool)  # as what follows would find, of a million slowly
    kinds = ("top", "bottom", "answer")  # what matters most first
    given = pd.DataFrame({kind: _given(said, question, kind) for kind in kinds})
    safe = disclosure.protect(given, minimum, unknown=_NONE)
    away = frozenset().union(*(safe.withheld(kind) for kind in kinds))
    return np.array([str(place) not in away for place in range(len(counts))], dtype=bool)


def _given(said: Floats, question: Question, kind: str) -> pd.Series:
    """Which row of a kind each person's answer is in, missing where in none."""
    found = pd.Series(None, index=range(len(said)), dtype=object)
    for place, row in enumerate(question.rows):
        if row.kind == kind:
            found[said[:, place] > 0] = str(place)
    return found


def shown_waves(
    waves: Banner, answered: Flags, said: np.ndarray, people: pd.Series | None, minimum: int
) -> Flags:
    """Which waves may be shown: no two that hold the same answers but for those of a few.

    Parameters
    ----------
    said
        What each person answered, a row each.
    people
        The person of each response; without one, no two are the same.
    """
    order = list(reversed(waves.columns))
    here = waves.of[answered]
    latest_first = pd.DataFrame({name: here.where(here == name) for name in order})
    units = _answers_of(said[answered], None if people is None else people[answered])
    safe = disclosure.protect(latest_first, minimum, units=units, whole=False)
    return np.array([not safe.withheld(name) for name in waves.columns], dtype=bool)


def _answers_of(said: Floats, people: pd.Series | None) -> pd.Series | None:
    """What tells the same answer of the same person from others; nothing where nobody is known."""
    if people is None:
        return None
    codes = pd.DataFrame(said).groupby(list(range(said.shape[1])), sort=False).ngroup()
    named = people.astype(str) + "\n" + codes.astype(str).to_numpy()
    alone = pd.Series([f"row {place}" for place in range(len(said))], index=people.index)
    return named.where(people.notna(), alone)
