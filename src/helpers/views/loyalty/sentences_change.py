"""What the loyalty chapter says of changes between waves: one verdict, whoever words it."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.methods.loyalty import Trend
from helpers.results import Figure
from helpers.views.loyalty.declared import SCORES
from helpers.views.rendering.rules import paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

PERHAPS = "more than chance, perhaps too little to matter"
LITTLE = "more than chance, and too little to matter"
SINCE = "Since {before_wave} the {main_label}"
MAIN = by_verdict(
    "main_change",
    {
        "none": "No reliable change in the {main_label} since {before_wave}: {main_change:value} "
        "(± {main_change:margin}).",
        "rose": "The {main_label} rose since {before_wave}, by {main_change}.",
        "fell": "The {main_label} fell since {before_wave}: {main_change}.",
        "beyond": f"{SINCE} differs by {{main_change}}: {PERHAPS}.",
        "little": f"{SINCE} differs by {{main_change}}: {LITTLE}.",
        "apart": "Whether the {main_label} changed since {before_wave} depends on the weights: "
        "{main_change} weighted, {main_change_unweighted} unweighted.",
    },
)
BEYOND = "{change_matters:value}, which would matter, {main_change_beyond:value}."
CHANCES = by_verdict(
    "main_change_chance",
    {
        "rose": "The chance that it truly rose is {main_change_chance:value}; that it rose by more "
        f"than {BEYOND}",
        "fell": "The chance that it truly fell is {main_change_chance:value}; that it fell by more "
        f"than {BEYOND}",
    },
)
SPAN = "From {first_wave} to {last_wave} the {main_label}"
WHOLE = by_verdict(
    "whole_change",
    {
        "none": f"{SPAN} shows no reliable change: {{whole_change}}.",
        "rose": f"{SPAN} rose, by {{whole_change}}.",
        "fell": f"{SPAN} fell: {{whole_change}}.",
        "beyond": f"{SPAN} differs by {{whole_change}}: {PERHAPS}.",
        "little": f"{SPAN} differs by {{whole_change}}: {LITTLE}.",
        "apart": "Whether the {main_label} changed from {first_wave} to {last_wave} depends on the "
        "weights: {whole_change} weighted, {whole_change_unweighted} unweighted.",
    },
)
READINGS = {
    "beyond": "more than chance; may be too little to matter",
    "little": LITTLE,
    "none": "no reliable change",
    "apart": "no direction: unweighted it is",
}
TITLES = {
    "rose": "rose since {before_wave}",
    "fell": "fell since {before_wave}",
    "beyond": f"differs from {{before_wave}} by {PERHAPS}",
    "little": f"differs from {{before_wave}} by {LITTLE}",
    "none": "shows no reliable change since {before_wave}",
    "apart": "since {before_wave}: weighted and unweighted disagree on its direction",
}
SEEN = (
    "Of {moved_seen:value} people who answered in both waves, {moved_placed:value} could be placed "
    "both times: {moved:value} of them changed segment since {before_wave}. Answers scatter, so "
    "{moved_by_chance:value} would have without any true change."
)
MOVES = by_verdict(
    "moved_excess",
    {
        "more": f"{SEEN} The excess, {{moved_excess}} percentage points, is more than scatter: "
        "feelings or moods did change.",
        "fewer": f"{SEEN} That is fewer than chance alone would bring, by {{moved_excess}} "
        "percentage points: answers may have been carried over from last wave, so check "
        "how they were collected before anything is read into moves.",
        "not clear": f"{SEEN} The excess, {{moved_excess}} percentage points, may be nothing: read "
        "no story into it.",
    },
)
DOUBT = (
    "{moved:value} changed segment since {before_wave}; {moved_by_chance:value} would have without "
    "any true change."
)


def likely(figures: Mapping[str, Figure]) -> str:
    """The leading score's change since last wave, and how likely it is to be one."""
    known = shown(figures)
    return paragraph(MAIN(known), CHANCES(known)) if "main_change" in known else ""


def drifted(figures: Mapping[str, Figure]) -> str:
    """What the leading score did over all waves, where steps alone may hide a slow drift."""
    return WHOLE(shown(figures))


def moves(figures: Mapping[str, Figure]) -> str:
    """Who moved between segments, beyond what answers alone would bring."""
    return MOVES(shown(figures))


def also(figures: Mapping[str, Figure]) -> str:
    """The other scores that rose or fell; empty where none did."""
    known, lead = shown(figures), figures.get("main_label")
    others = {
        f"{{{measure}_label}}, {{{name}_change}}": known[f"{name}_change"].verdict
        for measure, name in SCORES.items()
        if f"{name}_change" in known and not _same(known.get(f"{measure}_label"), lead)
    }
    found = []
    for word in ("fell", "rose"):
        parts = [text for text, verdict in others.items() if verdict == word]
        found += [f"Of the other scores, these {word}: {'; '.join(parts)}."] if parts else []
    return " ".join(found)


def _same(one: Figure | None, other: Figure | None) -> bool:
    return one is None or (other is not None and one.value == other.value)


def reading(change: Figure, *, better: int = 1) -> str:
    """A judged change in a word or two, for a table.

    >>> reading(Figure("c", 4.0, 2.5, 5.5, verdict="rose"))
    'rose: better'
    """
    if change.verdict in READINGS:
        return READINGS[change.verdict]
    good = (change.verdict == "rose") == (better > 0)
    return f"{change.verdict}: {'better' if good else 'worse'}"


def split_title(change: Figure, phrase: str, before: str) -> str:
    """What stands over the parts of a judged change: its verdict, as in the scorecard.

    >>> split_title(Figure("c", 4.0, 2.5, 5.5, verdict="rose"), "loyalty index", "w1")
    'Loyalty index rose since w1'
    """
    name = phrase[:1].upper() + phrase[1:]
    return f"{name} {TITLES[change.verdict].format(before_wave=before)}"


def weighing(weighting: str) -> str:
    """How changes count, for a note: ``all``, ``some`` or ``none`` of them weighted."""
    return {
        "all": "Changes are weighted, each wave to its own population.",
        "some": "Changes are weighted where both waves can be, each to its own population.",
        "none": "Changes are unweighted.",
    }[weighting]


def counting(found: Trend | None, *, weighted: bool) -> str:
    """How people count on this page, for the line of trust.

    Parameters
    ----------
    found
        The changes, ``None`` without any.
    weighted
        Whether this wave's scores are.
    """
    if not weighted:
        return "everyone counts alike"
    scores = "scores are weighted as in the sampling chapter"
    changes = {
        "all": ", and changes alike, each wave to its own population",
        "some": ", and changes alike where both waves can be",
        "none": ", changes are unweighted",
    }
    return scores + ("" if found is None else changes[found.weighting])
