"""The comments themselves: a few a theme, by whose leave, and how they were drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from helpers.methods.comments import Quotes
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import count
from helpers.views.rendering.records import records
from helpers.views.rendering.sentences import Sentence, notes

OPEN = 3  # themes whose comments are not folded
LONGEST = 1_200  # characters of a comment shown
Rows = Sequence[Mapping[str, str]]


def raw(
    shown: pd.DataFrame, counts: pd.DataFrame, labels: Labels, themes: Sequence[str]
) -> Sentence:
    """The comments themselves, a few a theme, each as text: nothing in them runs.

    Parameters
    ----------
    shown, counts
        As ``comments.quotes`` gives them.
    themes
        Themes in the order shown; the comments of the first three are open.

    Examples
    --------
    >>> said = pd.DataFrame({"theme": ["late"], "text": ["<b>$5$ late"], "said_by": ["user"]})
    >>> may = pd.DataFrame({"theme": ["late"], "may": [9], "shown": [1]})
    >>> raw(said, may, {"late": "Delivery"}, ["late"])
    Sentence(html='...<blockquote dir="auto">&lt;b&gt;&#36;5&#36; late...
    """
    sizes = {row["theme"]: row for row in records(counts)}
    html, text = [], []
    for place, theme in enumerate(themes):
        rows = records(shown[shown["theme"] == theme])
        may = count(sizes.get(theme, {"may": 0})["may"])
        line = f"{labels[theme]}: {count(len(rows))} of {may} that may be shown"
        html.append(_folded(line, rows, opened=place < OPEN))
        text += [line, *(f"  “{_cut(r['text'])}”{_by(r['said_by'])}" for r in rows)]
    return Sentence("".join(html), "\n".join(text))


def _folded(line: str, rows: Rows, *, opened: bool) -> str:
    body = "".join(_quoted(r["text"], r["said_by"]) for r in rows) or "<p>None.</p>"
    attribute = " open" if opened else ""
    return (
        f'<details class="raw-comments"{attribute}><summary>{_safe(line)}</summary>{body}</details>'
    )


def _quoted(text: str, said_by: str) -> str:
    who = f"<footer>{_safe(said_by.replace('_', ' '))}</footer>" if said_by else ""
    return f'<blockquote dir="auto">{_safe(_cut(text))}{who}</blockquote>'


def _by(said_by: str) -> str:
    return f" ({said_by.replace('_', ' ')})" if said_by else ""


def _cut(text: str) -> str:
    """The whole comment, unless it is very long; halves of surrogate pairs replaced."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _safe(text: str) -> str:
    """Text for a page: tags, formulas and markup are shown, not run."""
    return escape(text).replace("$", "&#36;").replace("`", "&#96;").replace("\\", "&#92;")


def consent_note(agreed: int, consent: str, unreadable: int = 0) -> str:
    """Who may be quoted, or why nobody is, and what is taken out of what they wrote."""
    if not agreed:
        return (
            "No comment is shown: nobody who commented is known to have agreed to be quoted "
            "(consent_named in the list of contacts)."
        )
    who = f"Only comments of the {count(agreed)} people who wrote one and agreed to be quoted."
    if consent == "not_required":
        who = "These comments are published data: all may be quoted."
    gone = (
        "Names that the client lists, most other names, numbers and addresses are taken out, with "
        "some innocent words."
    )
    left = f"Comments in scripts in which names cannot be found are left out: {count(unreadable)}."
    return f"{who} {gone} {left}" if unreadable else f"{who} {gone}"


def drawn_note(quoted: int, seed: int, shown: int = 1) -> str:
    """By what rule the comments shown were chosen; nothing where none is."""
    if not shown:
        return ""
    return (
        f"At most {count(quoted)} a theme, drawn by lot (seed {seed}): nobody chose them. Over all "
        "themes one an account, no two alike and none twice. A role is named only where enough "
        "people of that role name the theme."
    )


def rules_of_quoting(shown: Quotes, consent: str, *, quoted: int, seed: int) -> Sentence:
    """Who may be quoted, and by what rule the comments were chosen."""
    leave = consent_note(shown.base, consent, shown.unreadable)
    return notes(leave, drawn_note(quoted, seed, len(shown.table)))
