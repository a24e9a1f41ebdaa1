"""The words for changes between waves: one verdict, whoever words it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from helpers.results import Figure
from helpers.views.rendering.rules import direction, shown

__all__ = [
    "APART", "BEYOND", "FELL", "LITTLE", "NONE", "ROSE", "also", "as_written", "counting",
    "digits", "drifted", "moved", "moves", "reading", "split_title", "verdict", "weighing",
]  # fmt: skip

ROSE, FELL = "rose", "fell"
BEYOND = "beyond"  # more than chance; it may be less than matters
LITTLE = "little"  # more than chance, and surely less than matters
NONE = "none"
APART = "apart"  # it rose or fell as weighted or as answered; the other shows no change
CHANGED = "changed_"  # opens the names of other scores' sure changes
LABEL = "_label"
READINGS = {
    BEYOND: "more than chance; may be too little to matter",
    LITTLE: "more than chance, and too little to matter",
    NONE: "no reliable change",
    APART: "no direction: as answered it is",
}


def digits(unit: str) -> int:
    """Decimals of a change in a unit.

    >>> digits("scale"), digits("points")
    (2, 1)
    """
    return 2 if unit == "scale" else 1


def as_written(change: Figure) -> Figure:
    """A change as its reader sees it: an end that reads 0 does not lie beyond 0.

    >>> as_written(Figure("c", 0.1, 0.004, 0.196, unit="scale")).low
    0.0
    """
    if change.low is None or change.high is None or not isinstance(change.value, int | float):
        return change
    value, low, high = (
        round(float(end), digits(change.unit)) for end in (change.value, change.low, change.high)
    )
    return replace(change, value=value, low=low, high=high)


def verdict(change: Figure, smallest: float, beside: Figure | None = None) -> str:
    """What may be said of a change: the one rule for the answer, the trend and every table.

    Parameters
    ----------
    change
        With its interval, in the unit it is written in.
    smallest
        The smallest change that matters, in the same unit.
    beside
        The same change as answered, where ``change`` is weighted: only what both allow is
        said.

    Examples
    --------
    >>> rise, some = Figure("c", 4.0, 2.5, 5.5), Figure("c", 4.0, 0.5, 7.5)
    >>> verdict(rise, 2.0), verdict(some, 2.0), verdict(rise, 2.0, some)
    ('rose', 'beyond', 'beyond')
    >>> verdict(rise, 2.0, Figure("c", 1.0, -1.0, 3.0))
    'apart'
    """
    found = _alone(change, smallest)
    if beside is None:
        return found
    other = _alone(beside, smallest)
    if found == other and (found == NONE or _side(change) == _side(beside)):
        return found
    if NONE not in (found, other) and _side(change) == _side(beside):
        return BEYOND
    return APART if {found, other} & {ROSE, FELL} else NONE


def _alone(change: Figure, smallest: float) -> str:
    word = direction(change, smallest, up=ROSE, down=FELL)
    seen = as_written(change)
    if seen.low is None or seen.high is None or seen.low <= 0 <= seen.high:
        return NONE
    if word in (ROSE, FELL):
        return word
    return LITTLE if -smallest < seen.low and seen.high < smallest else BEYOND


def _side(change: Figure) -> bool:
    return float(change.low or 0) > 0


def moved(figures: Mapping[str, Figure], smallest: float) -> str:
    """Whether the leading score changed since the wave before, and which others surely did."""
    return " ".join(filter(None, (_said(figures, smallest, *SINCE), also(figures))))


def drifted(figures: Mapping[str, Figure], smallest: float) -> str:
    """What the leading score did over all waves, where steps alone may hide a slow drift."""
    return _said(figures, smallest, *OVER)


SINCE = ("main_change", {
    NONE: "No reliable change in the {main_label} since {before_wave}: {main_change:value} "
          "(± {main_change:margin}).",
    ROSE: "The {main_label} rose since {before_wave}, by {main_change}.",
    FELL: "The {main_label} fell since {before_wave}: {main_change}.",
    BEYOND: "Since {before_wave} the {main_label} differs by {main_change}: more than chance, "
            "perhaps too little to matter.",
    LITTLE: "Since {before_wave} the {main_label} differs by {main_change}: more than chance, and "
            "too little to matter.",
    APART: "Whether the {main_label} changed since {before_wave} hangs on the weights: "
           "{main_change} weighted, {main_change_answered} as answered.",
})  # fmt: skip
OVER = ("whole_change", {
    NONE: "From {first_wave} to {last_wave} the {main_label} shows no reliable change: "
          "{whole_change}.",
    ROSE: "From {first_wave} to {last_wave} the {main_label} rose, by {whole_change}.",
    FELL: "From {first_wave} to {last_wave} the {main_label} fell: {whole_change}.",
    BEYOND: "From {first_wave} to {last_wave} the {main_label} differs by {whole_change}: more "
            "than chance, perhaps too little to matter.",
    LITTLE: "From {first_wave} to {last_wave} the {main_label} differs by {whole_change}: more "
            "than chance, and too little to matter.",
    APART: "Whether the {main_label} changed from {first_wave} to {last_wave} hangs on the "
           "weights: {whole_change} weighted, {whole_change_answered} as answered.",
})  # fmt: skip


def _said(
    figures: Mapping[str, Figure], smallest: float, name: str, sentences: Mapping[str, str]
) -> str:
    change = figures.get(name)
    if change is None or change.value is None:
        return ""
    return sentences[verdict(change, smallest, figures.get(f"{name}_answered"))]


def also(figures: Mapping[str, Figure]) -> str:
    """The other scores that surely rose or fell; empty where none did."""
    known = {n: f for n, f in shown(figures).items() if n.startswith(CHANGED)}
    names = [name for name in known if not name.endswith(LABEL)]
    found = []
    for word, sign in (("fell", -1), ("rose", 1)):
        those = [name for name in names if float(known[name].value or 0) * sign > 0]
        parts = [f"{{{name}{LABEL}}}, {{{name}}}" for name in those]
        if parts:
            found.append(f"Of the other scores, these {word}: {'; '.join(parts)}.")
    return " ".join(found)


def reading(
    change: Figure, smallest: float, *, better: int = 1, beside: Figure | None = None
) -> str:
    """A change in a word or two, for a table: only what its interval allows.

    >>> reading(Figure("c", 4.0, 2.5, 5.5), 2.0), reading(Figure("c", 1.0, -1.0, 3.0), 2.0)
    ('rose: better', 'no reliable change')
    """
    found = verdict(change, smallest, beside)
    if found in READINGS:
        return READINGS[found]
    return f"{found}: {'better' if (found == ROSE) == (better > 0) else 'worse'}"


def split_title(
    change: Figure, smallest: float, phrase: str, before: str, *, beside: Figure | None = None
) -> str:
    """What stands over the parts of a change: its verdict, as in the scorecard.

    >>> split_title(Figure("c", 4.0, 2.5, 5.5), 2.0, "loyalty index", "w1")
    'Loyalty index rose since w1'
    """
    name, found = phrase[:1].upper() + phrase[1:], verdict(change, smallest, beside)
    if found in (ROSE, FELL):
        return f"{name} {found} since {before}"
    said = {
        BEYOND: "differs from {before} by more than chance, perhaps too little to matter",
        LITTLE: "differs from {before} by more than chance, and too little to matter",
        NONE: "shows no reliable change since {before}",
        APART: "since {before}: weighted and as answered disagree on its direction",
    }[found]
    return f"{name} {said.format(before=before)}"


def weighing(weighting: str) -> str:
    """How changes count, for a note: ``all``, ``some`` or ``none`` of them weighted."""
    return {
        "all": "Changes are weighted, each wave to its own population.",
        "some": "Changes are weighted where both waves can be, each to its own population.",
        "none": "Changes are as answered.",
    }[weighting]


def counting(weighting: str, *, weighted: bool) -> str:
    """How people count on this page, for the line of trust.

    Parameters
    ----------
    weighting
        Whether ``all``, ``some`` or ``none`` of the changes are weighted; empty without any.
    weighted
        Whether this wave's scores are.
    """
    if not weighted:
        return "everyone counts alike"
    scores = "scores are weighted as in the sampling chapter"
    changes = {
        "all": ", and changes alike, each wave to its own population",
        "some": ", and changes alike where both waves can be",
        "none": ", changes are as answered",
    }
    return scores + changes.get(weighting, "")


def moves(figures: Mapping[str, Figure]) -> str:
    """Who moved between segments, beyond what answers alone would bring."""
    if not {"moved", "moved_by_chance", "moved_excess", "moved_seen"} <= set(shown(figures)):
        return ""
    seen = (
        "Of {moved_seen:value} people heard in both waves, {moved_placed:value} could be placed "
        "both times: {moved:value} of them changed segment since {before_wave}. Answers scatter, "
        "so {moved_by_chance:value} would have without any true change."
    )
    if "moved_truly" in figures:
        return (
            f"{seen} The excess, {{moved_excess}} points, is more than scatter: feelings or "
            "moods did change."
        )
    if "moved_too_few" in figures:
        return (
            f"{seen} That is surely too few, by {{moved_excess}} points: answers may have been "
            "carried over from last wave, so check how they were collected before anything is "
            "read into moves."
        )
    return f"{seen} The excess, {{moved_excess}} points, may be nothing: read no story into it."
