"""The words of a comparison: what a cause is called, what is said at its top."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from shlex import quote

from helpers.press.comparing.causes import Cause, by_kind, distinct
from helpers.press.comparing.changes import Change, Comparison, Retold
from helpers.results import Figure
from helpers.views.rendering.sentences import written

__all__ = [
    "ASSUMED", "apart", "because", "cause_in_words", "cells", "remarks", "retold_in_words",
    "set_beside", "step_by_step", "summary",
]  # fmt: skip

OTHER_CLIENT = "The two runs are of different clients."
ONE_OF = "one or more of: "
EACH_OF = "because of each of: "
MOST_GROUPS = 4  # reasons that the first sentence counts one by one
LONGEST = 60  # letters of a value that a reason repeats
ABSENT = "–"
KINDS = {
    "new": ("is new", "are new"), "gone": ("is no longer told", "are no longer told"),
    "withheld now": ("is withheld now", "are withheld now"),
    "told now": ("can be told now", "can be told now"),
}  # fmt: skip
ASSUMED = (
    "Levels that each run estimated from its own wave are set beside the intervals of both, as if "
    "the waves were independent samples. Clear is what stays so after a correction for the number "
    "of quantities (Holm). Where the same people answered in both waves these intervals see less "
    "than there is, and the report's own page of changes knows more. Of changes against an earlier "
    "wave, of predictions and of what rests on several waves two intervals tell nothing."
)


def cells(change: Change) -> tuple[str, str]:
    """The figure in the first and in the second run, as pages write it."""
    return _written(change.before), _written(change.now)


def _written(figure: Figure | None) -> str:
    if figure is None:
        return ABSENT
    if figure.value is None:
        return "withheld"
    return written(figure)


def because(change: Change | Retold, titles: Mapping[str, str]) -> str:
    """The reason of one change: exactly one, all of several steps, or all that differ."""
    if not change.causes:
        return "not on record"
    lead = EACH_OF if isinstance(change, Change) and change.led else ONE_OF
    return _why(change.causes, titles, lead)


def _why(causes: Sequence[Cause], titles: Mapping[str, str], several: str = ONE_OF) -> str:
    said = _listed([cause_in_words(c, titles) for c in _merged(causes)])
    lead = "because of " if len(distinct(causes)) == 1 else several
    return said if causes[0].kind == "unknown" else f"{lead}{said}"


def remarks(change: Change) -> list[str]:
    """What is to be known beside a change: other things, the intervals, why there is no value."""
    other = f"another thing before: “{change.was_called}”" if change.was_called else ""
    return [told for told in (other, change.beside, change.why_not) if told]


def step_by_step(change: Change, titles: Mapping[str, str]) -> str:
    """What each step did, where a figure changed in several; empty where it did in one."""
    if len(change.steps) < 2:
        return ""
    told = [f"to {_written(step.now)}, {_why(step.causes, titles)}" for step in change.steps]
    return f"from {_written(change.steps[0].before)} {_listed(told)}"


def set_beside(made: Comparison) -> str:
    """How much was set beside both intervals, how much is clear, how much chance would give."""
    beside = made.beside
    if not beside.told:
        return ""
    count = len(beside.told)
    quantities = f"{beside.different:,} different quantit{'y' if beside.different == 1 else 'ies'}"
    once = "" if beside.different == count else f" ({quantities})"
    return (
        f"{_count(count, 'figure')}{once} that each run has from its own wave, set beside both "
        f"intervals: {beside.clear:,} clear after the correction for their number; without it, "
        f"about {beside.by_chance:.1f} would seem so by chance, were nothing different."
    )


def apart(made: Comparison) -> str:
    """How to tell settings apart from what else differs; empty where that is not asked.

    The run that it names has the first run's settings and all the rest of the second.
    """
    open_ones = [c for change in made.changes if not (change.sure or change.led)
                 for c in change.causes]  # fmt: skip
    chosen = {c.name: c.before for c in open_ones if c.kind == "parameter" and c.before}
    if not chosen or distinct(open_ones) == {("parameter", name) for name in chosen}:
        return ""
    client = quote(made.now.client)
    settings = " ".join(f"--set {quote(f'{name}={old}')}" for name, old in chosen.items())
    return (
        f"To tell settings from the rest, make a run in between (handbook run {client} --output "
        f"between {settings}) and compare again with --between between/{client}."
    )


def _merged(causes: Iterable[Cause]) -> list[Cause]:
    """Causes with all parts of the code that changed as one."""
    found = by_kind(causes)
    merged = [one for kind, several in found.items() if kind != "code" for one in several]
    if code := found.get("code"):
        names, via = (list(dict.fromkeys(getattr(c, of) for c in code)) for of in ("name", "via"))
        merged.append(replace(code[0], name=", ".join(names), via=via[0] if len(via) == 1 else ""))
    return merged


def cause_in_words(cause: Cause, titles: Mapping[str, str]) -> str:
    """A cause as a reader knows it.

    >>> cause_in_words(Cause("parameter", "drivers.replicates", "2000", "500"), {})
    'drivers.replicates (2000 before, 500 now)'
    >>> cause_in_words(Cause("wave", "wave", "2025H2", "2026H1"), {})
    'the wave (2025H2 before, 2026H1 now)'
    >>> cause_in_words(Cause("library", "numpy", "2.3", "2.4", via="sampling"), {"sampling": "Who"})
    'numpy (2.3 before, 2.4 now), through the chapter Who'
    """
    what = {
        "wave": "the wave",
        "chapter": f"the chapter {titles.get(cause.name, cause.name)}, which only one run has",
        "data": _table(cause.name),
        "setting": f"{cause.name} in client.yml",
        "question": f"the question {cause.name} in codebook.csv"
        if cause.name
        else "the order of codebook.csv",
        "code": f"the handbook's code ({cause.name})",
        "edited": f"a change to the results after {cause.name} was made",
        "reading": f"how {cause.name} was read, from the same file",
        "environment": f"{cause.name}, a setting of the environment",
        "unknown": "nothing that is on record",
    }.get(cause.kind, cause.name)
    if cause.before or cause.now:
        what += f" ({_values(cause)})"
    return f"{what}, through the chapter {titles.get(cause.via, cause.via)}" if cause.via else what


def _table(name: str) -> str:
    return "the letters in messages/" if name == "letters" else f"the content of {name}"


def _values(cause: Cause) -> str:
    before, now = _short(cause.before), _short(cause.now)
    if cause.kind != "data":
        return f"{before or 'none'} before, {now or 'none'} now"
    return f"{before or 'no'} rows before, {now or 'none'} now" if now.isdigit() else now


def _short(value: str) -> str:
    try:
        told = json.loads(value)
    except ValueError:
        told = value
    text = told if isinstance(told, str) else value
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _listed(words: Sequence[str]) -> str:
    return "; ".join(words)


def summary(made: Comparison, titles: Mapping[str, str]) -> str:
    """The first sentences: how many figures changed, of how many, and why.

    Reasons are counted by what differs, the commonest first; the rest stand beside each figure.
    """
    total, changed = made.total, len(made.changes)
    first = "" if made.one_client else f"{OTHER_CLIENT} "
    rest = f"{_retold(made)}{_alone(made)}"
    if not changed:
        return f"{first}None of {_count(total, 'figure')} changed.{rest}"
    lead = f"{first}Of {_count(total, 'figure')} {changed:,} changed"
    reasons = f": {_reasons(made, titles)}" if made.known else ""
    return f"{lead}{reasons}.{_kinds(made)}{rest}"


def _retold(made: Comparison) -> str:
    number = len(made.retold)
    where = _count(number, "chapter")
    return f" In {where} no figure changed, but texts or tables did." if number else ""


def retold_in_words(one: Retold, titles: Mapping[str, str]) -> str:
    """What of a chapter changed besides its figures, and why."""
    title = titles.get(one.chapter, one.chapter)
    return f"{title}: no figure, but {', '.join(one.what)}; {because(one, titles)}"


def _alone(made: Comparison) -> str:
    """Figures of chapters that only one run has."""
    told = []
    for which, run in (("first", made.before), ("second", made.now)):
        mine = [len(run.results[n].figures) for n in made.left_out if n in run.results]
        if mine:
            figures, chapters = _count(sum(mine), "figure"), _count(len(mine), "chapter")
            verb = "is" if sum(mine) == 1 else "are"
            told.append(f" {figures} of {chapters} {verb} in the {which} run alone.")
    return "".join(told)


def _reasons(made: Comparison, titles: Mapping[str, str]) -> str:
    groups: Counter[tuple[bool, frozenset[tuple[str, str]]]] = Counter()
    shown: dict[tuple[bool, frozenset[tuple[str, str]]], list[Cause]] = {}
    for change in made.changes:
        key = (change.led, distinct(change.causes))
        groups[key] += 1
        shown.setdefault(key, []).extend(replace(c, via="") for c in change.causes)
    parts = []
    for key, number in groups.most_common(MOST_GROUPS):
        causes = _merged(dict.fromkeys(shown[key]))
        said = _listed([cause_in_words(c, titles) for c in causes])
        parts.append(f"{number:,} {_lead(causes, led=key[0])}{said}")
    if rest := sum(groups.values()) - sum(n for _, n in groups.most_common(MOST_GROUPS)):
        parts.append(f"{rest:,} for reasons that stand beside them")
    return ", ".join(parts)


def _lead(causes: Sequence[Cause], *, led: bool) -> str:
    if causes[0].kind == "unknown" or len(distinct(causes)) == 1:
        return "because of "
    return EACH_OF if led else f"because of {ONE_OF}"


def _kinds(made: Comparison) -> str:
    said = []
    for kind, (one, many) in KINDS.items():
        if number := made.counts.get(kind, 0):
            said.append(f"{number:,} {one if number == 1 else many}")
    if number := sum(bool(change.was_called) for change in made.changes):
        said.append(f"{number:,} {'stands' if number == 1 else 'stand'} for another thing by name")
    return f" Among them, {_and(said)}." if said else ""


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
