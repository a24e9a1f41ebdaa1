"""All checks of a wave's answers together, and what each would do to a score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.quality.chance import alike_by_chance
from helpers.methods.quality.flags import (
    FEWEST_ITEMS,
    HASTE,
    repeats,
    reversed_items,
    speeders,
    straight_liners,
)
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.estimates import Estimate, wilson

__all__ = ["Quality", "answer_quality", "dropping", "item_nonresponse"]


@dataclass(frozen=True)
class Quality:
    """What the checks found in the answers of a wave.

    ``table`` has a row for each check that could be made: responses ``found`` of the ``base``
    that it could judge, their ``share``, the ``rule``, and how many are ``expected`` by chance
    where that can be told. ``kinds`` adds them up by kind of check, each with its own base: the
    responses that any check of the kind could judge. ``flags`` has a row for each response and
    a column for each check. ``items`` is that of `item_nonresponse`; ``turned`` names
    items that `reversed_items` suspects; ``skipped`` says which checks could not be made
    and what they lack.
    """

    table: pd.DataFrame  # check, found, base, share, rule, expected
    flags: pd.DataFrame
    kinds: pd.DataFrame  # kind, found, base, expected
    items: pd.DataFrame
    turned: tuple[str, ...]
    skipped: tuple[str, ...]
    base: int
    checked: int  # responses that any check could judge


def answer_quality(
    answers: pd.DataFrame,
    *,
    batteries: Mapping[str, Sequence[str]],
    person: ArrayLike | None = None,
    seconds: ArrayLike | None = None,
    mode: ArrayLike | None = None,
    turned: pd.DataFrame | None = None,
    copied: ArrayLike | None = None,
    asked: pd.DataFrame | None = None,
    haste: float = HASTE,
) -> Quality:
    """Make every check that the data allow, and count what each finds.

    Parameters
    ----------
    answers
        A row for each response, a column for each question, as it was answered:
        questions asked the other way round are not turned, so that a straight line shows.
    batteries
        Questions asked together on one scale, by a name.
    person
        Who answered: the same person twice is a repeat.
    seconds
        Time taken; ``mode`` (web, phone) where the usual time differs by it.
    turned
        The same answers, those to questions asked the other way round turned; the answers
        themselves where there are none.
    copied
        Whether a response repeats an earlier one, answer for answer.
    asked
        Who was asked a question that not everybody was: nobody else left it out.
    haste
        Share of the median below which an answer is too fast.

    Raises
    ------
    ValueError
        For a battery with questions that are not among the answers.

    Examples
    --------
    >>> said = pd.DataFrame(
    ...     [[5] * 6, [4, 3, 5, 4, 4, 5], [2, 1, 4, 3, 3, 2]], columns=list("abcdef"))
    >>> found = answer_quality(said, batteries={"care": list("abcdef")}, seconds=[60, 300, 320])
    >>> found.table[["check", "found", "base"]].values.tolist()
    [['answered in haste', 1, 3], ['straight line: care', 1, 3]]
    >>> found.skipped
    ('repeat: it is not known who answered',)
    """
    absent = [(n, q) for n, items in batteries.items() for q in items if q not in answers]
    if absent:
        raise ValueError(f"battery {absent[0][0]} has no answers to {absent[0][1]!r}")
    rows = pd.Series(np.zeros(len(answers)), index=answers.index)
    known = {"person": person, "seconds": seconds, "mode": mode, "copied": copied}
    found = {n: None if v is None else aligned(v, rows, n) for n, v in known.items()}
    checks = [
        *_who_answered(found["person"]),
        *_copied(found["copied"]),
        *_how_fast(found["seconds"], found["mode"], haste),
        *_straight(answers, batteries),
    ]
    made = [check for check in checks if check.flag is not None]
    flags = pd.DataFrame({c.name: c.flag for c in made}, index=answers.index, dtype="boolean")
    table = _counted(flags, made)
    return Quality(
        table=table,
        flags=flags.fillna(False).astype(bool),
        kinds=_by_kind(flags, table),
        items=item_nonresponse(answers, asked=asked),
        turned=_suspect(answers if turned is None else turned, batteries),
        skipped=tuple(f"{c.name}: {c.said}" for c in checks if c.flag is None),
        base=len(answers),
        checked=int(flags.notna().any(axis=1).sum()),
    )


@dataclass(frozen=True)
class _Check:
    name: str
    said: str  # its rule, or why it could not be made
    flag: pd.Series | None = None
    expected: float = np.nan  # by chance


def _who_answered(person: pd.Series | None) -> list[_Check]:
    if person is None or person.isna().all():
        return [_Check("repeat", "it is not known who answered")]
    return [_Check("repeat", "a later response of a person who had answered", repeats(person))]


def _copied(copied: pd.Series | None) -> list[_Check]:
    if copied is None:
        return []
    if copied.isna().all():
        return [_Check("copy", "there are too few questions")]
    flag = copied.astype("boolean")
    return [_Check("copy", "the same answers and comments as an earlier response", flag)]


def _how_fast(seconds: pd.Series | None, mode: pd.Series | None, haste: float) -> list[_Check]:
    name = "answered in haste"
    if seconds is None or seconds.isna().all():
        return [_Check(name, "no durations were recorded")]
    flag = speeders(seconds, share=haste, by=mode)
    return [_Check(name, f"less than {haste:.0%} of the median time", flag)]


def _straight(answers: pd.DataFrame, batteries: Mapping[str, Sequence[str]]) -> list[_Check]:
    checks = []
    for battery, items in batteries.items():
        name = f"straight line: {battery}"
        if len(items) < FEWEST_ITEMS:
            checks.append(_Check(name, f"fewer than {FEWEST_ITEMS} questions"))
        else:
            said = answers[list(items)]
            flag, chance = straight_liners(said), alike_by_chance(said, least=FEWEST_ITEMS)
            rule = f"one and the same answer to {FEWEST_ITEMS} questions or more"
            checks.append(_Check(name, rule, flag, chance))
    return checks


def _suspect(answers: pd.DataFrame, batteries: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = [reversed_items(answers[list(items)]) for items in batteries.values() if len(items) > 1]
    return tuple(name for table in found for name in table.loc[table["suspect"], "item"])


def _counted(flags: pd.DataFrame, made: Sequence[_Check]) -> pd.DataFrame:
    rows = []
    for check in made:
        base, found = int(flags[check.name].notna().sum()), int(flags[check.name].sum())
        share = found / base if base else np.nan
        rows.append((check.name, found, base, share, check.said, check.expected))
    return pd.DataFrame(rows, columns=["check", "found", "base", "share", "rule", "expected"])


def _by_kind(flags: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Checks of one kind together: straight lines of several batteries are one kind."""
    kinds = table["check"].map(lambda check: check.partition(":")[0])
    rows = []
    for kind in dict.fromkeys(kinds):
        own = flags.loc[:, table.loc[kinds == kind, "check"].tolist()]
        expected = table.loc[kinds == kind, "expected"].sum(min_count=1)
        found, base = own.fillna(False).any(axis=1).sum(), own.notna().any(axis=1).sum()
        rows.append((kind, int(found), int(base), float(expected)))
    return pd.DataFrame(rows, columns=["kind", "found", "base", "expected"])


def item_nonresponse(
    answers: pd.DataFrame, *, asked: pd.DataFrame | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Share of respondents who left each question out, the most skipped first.

    Parameters
    ----------
    answers
        A column for each question.
    asked
        Who was asked, for questions that not everybody was.

    Returns
    -------
    DataFrame
        item, missing, base (responses of those asked), share, low, high (Wilson).

    Examples
    --------
    >>> item_nonresponse(pd.DataFrame({"a": [1, 2], "b": [None, 2]}))[["item", "missing", "share"]]
      item  missing  share
    0    b        1    0.5
    1    a        0    0.0
    """
    rows = []
    for item in answers:
        given = answers[item]
        if asked is not None and item in asked:
            given = given[asked[item].reindex(given.index).fillna(False).astype(bool)]
        missing, base = int(given.isna().sum()), len(given)
        limits = wilson(missing, base, confidence=confidence) if base else (np.nan, np.nan)
        rows.append((str(item), missing, base, missing / base if base else np.nan, *limits))
    table = pd.DataFrame(rows, columns=["item", "missing", "base", "share", "low", "high"])
    return table.sort_values("missing", ascending=False, kind="stable", ignore_index=True)


def dropping(
    values: ArrayLike,
    flags: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    estimator: Callable[..., Estimate] = survey.mean,
    smallest: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate a score with everybody, and without those whom each check flags.

    Parameters
    ----------
    values
        The answers of each response.
    flags
        A column for each check, as in ``Quality.flags``.
    estimator
        `survey.mean`, `survey.net_promoter` or alike.
    smallest
        Fewest responses left out for a score without them: with both scores at hand, theirs
        is known.
    design
        That of the responses; who is left out leaves the base, not the design.

    Returns
    -------
    DataFrame
        check (first ``nothing``), dropped (responses with a score), value, low, high,
        base, change (from the first row).

    Examples
    --------
    >>> flags = pd.DataFrame({"repeat": [False, False, False, True]})
    >>> dropping([8, 9, 7, 0], flags)[["check", "dropped", "value", "change"]].round(3)
         check  dropped  value  change
    0  nothing        0    6.0     0.0
    1   repeat        1    8.0     2.0
    """
    whole = SurveyDesign() if design is None else design
    answers = whole.answers(values)
    none = pd.Series(False, index=answers.index)
    checks = {"nothing": none} | {str(c): aligned(flags[c], answers, str(c)) for c in flags}
    columns = ["check", "dropped", "value", "low", "high", "base", "change"]
    rows = []
    for check, flag in checks.items():
        kept = ~flag.astype(bool)
        row = {"check": check, "dropped": int(answers[~kept].notna().sum())}
        if not 0 < row["dropped"] < smallest:
            row |= _ends(estimator, answers.where(kept), whole, confidence)
        rows.append(row)
    table = pd.DataFrame(rows).reindex(columns=columns)
    return table.assign(change=table["value"] - table["value"].iloc[0])


def _ends(
    estimator: Callable[..., Estimate],
    answers: pd.Series,
    design: SurveyDesign,
    confidence: float,
) -> dict[str, float]:
    """A score with its interval and base; nothing where it cannot be estimated."""
    try:
        found = estimator(answers, design, confidence=confidence)
    except NotEstimable:
        return {}
    return {"value": found.value, "low": found.low, "high": found.high, "base": found.base}
