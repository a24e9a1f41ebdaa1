"""The words of a comparison: what a cause is called, what is said at its top."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from helpers.press.comparing.causes import Cause, by_kind, distinct
from helpers.press.comparing.changes import Change, Comparison
from helpers.results import Figure
from helpers.views.rendering.sentences import written

__all__ = ["ASSUMED", "because", "cause_in_words", "cells", "summary"]

ONE_OF = "one or more of: "
MOST_GROUPS = 4  # reasons that the first sentence counts one by one
LONGEST = 60  # letters of a value that a reason repeats
ABSENT = "–"
KINDS = {
    "new": ("is new", "are new"), "gone": ("is no longer told", "are no longer told"),
    "withheld now": ("is withheld now", "are withheld now"),
    "told now": ("can be told now", "can be told now"),
}  # fmt: skip
ASSUMED = (
    "A change from one wave to another is set beside the intervals of both, as if the waves were "
    "independent samples: clear where the interval of the difference holds no 0. Where the same "
    "people answered in both, the report's own page of changes knows more."
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


def because(change: Change, titles: Mapping[str, str]) -> str:
    """The reason of one change: exactly one, or all that differ."""
    if not change.causes:
        return "not on record"
    said = _listed([cause_in_words(c, titles) for c in _merged(change.causes)])
    lead = "because of " if change.sure else ONE_OF
    return said if change.causes[0].kind == "unknown" else f"{lead}{said}"


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
        "data": _table(cause.name),
        "setting": f"{cause.name} in client.yml",
        "question": f"the question {cause.name} in codebook.csv",
        "code": f"the handbook's code ({cause.name})",
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
    if not changed:
        return f"None of {_count(total, 'figure')} changed."
    lead = f"Of {_count(total, 'figure')} {changed:,} changed"
    reasons = f": {_reasons(made, titles)}" if made.known else ""
    return f"{lead}{reasons}.{_kinds(made)}"


def _reasons(made: Comparison, titles: Mapping[str, str]) -> str:
    groups: Counter[tuple[bool, frozenset[tuple[str, str]]]] = Counter()
    shown: dict[tuple[bool, frozenset[tuple[str, str]]], list[Cause]] = {}
    for change in made.changes:
        key = (change.sure, distinct(change.causes))
        groups[key] += 1
        shown.setdefault(key, []).extend(replace(c, via="") for c in change.causes)
    parts = []
    for key, number in groups.most_common(MOST_GROUPS):
        causes = _merged(dict.fromkeys(shown[key]))
        said = _listed([cause_in_words(c, titles) for c in causes])
        parts.append(f"{number:,} {_lead(key[0], causes)}{said}")
    if rest := sum(groups.values()) - sum(n for _, n in groups.most_common(MOST_GROUPS)):
        parts.append(f"{rest:,} for reasons that stand beside them")
    return ", ".join(parts)


def _lead(sure: bool, causes: Sequence[Cause]) -> str:
    if causes[0].kind == "unknown":
        return "because of "
    return "because of " if sure else f"because of {ONE_OF}"


def _kinds(made: Comparison) -> str:
    said = []
    for kind, (one, many) in KINDS.items():
        if number := made.counts.get(kind, 0):
            said.append(f"{number:,} {one if number == 1 else many}")
    return f" Among them, {_and(said)}." if said else ""


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
