"""Sentences whose every number comes from a chapter's results.

A template names figures in braces: ``{nps}`` gives the value with its interval,
``{nps:value}`` the value alone, ``{nps:base}`` its base and ``{nps:margin}`` half
the interval's width. A sentence that needs a withheld figure is withheld itself,
and says why.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from string import Formatter
from typing import Any, Protocol

import pandas as pd

from helpers.results import ChapterResult, Figure
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import count, formatter, span
from helpers.views.rendering.rules import IF
from helpers.views.rendering.tables import Table, show

__all__ = [
    "GRADES",
    "Sentence",
    "account_list",
    "answer",
    "do_next",
    "folded",
    "hover",
    "notes",
    "say",
    "show_folded",
    "so_what",
    "together",
    "trust",
    "written",
]

GRADES = {
    "A": "A (an experiment, a stepped roll-out or a strong before-and-after comparison)",
    "B": "B (score first, outcome later, comparable accounts compared)",
    "C": "C (it describes; no proof of cause)",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of a page, shown as HTML or as plain text."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text


def written(figure: Figure, form: str = "") -> str:
    """Write a figure as a reader sees it.

    Parameters
    ----------
    figure
        What to write.
    form
        Empty for value and interval; ``value``, ``interval``, ``base`` or ``margin``; and
        ``if`` with a verdict, which is for choosing the sentence and writes nothing.

    Examples
    --------
    >>> nps = Figure("nps", 40.4, 37.6, 43.2, unit="points", base=2746)
    >>> written(nps), written(nps, "base")
    ('40.4 (37.6 to 43.2)', '2,746 respondents')
    """
    if form.startswith(IF):
        return ""
    if form == "base":
        return "" if figure.base is None else f"{count(figure.base)} {figure.base_unit}"
    if figure.unit == "text":
        return str(figure.value)
    if form == "margin":
        return formatter(figure.unit)(figure.margin)  # type: ignore[arg-type]
    value = formatter(figure.unit)(figure.value)  # type: ignore[arg-type]
    if form == "value" or figure.low is None:
        return value
    interval = span(figure.low, figure.high, figure.unit)  # type: ignore[arg-type]
    return interval if form == "interval" else f"{value} ({interval})"


class _Filler(Formatter):
    """Fills a template with figures; marks each so that a number can be traced."""

    def __init__(self, result: ChapterResult, *, marked: bool) -> None:
        self.result, self.marked = result, marked

    def get_value(self, key: int | str, args: object, kwargs: object) -> Figure:
        return self.result[str(key)]

    def format_field(self, value: Figure, format_spec: str) -> str:
        text = written(value, format_spec)
        if not self.marked or not text:
            return text
        title = html.escape(hover(value), quote=True)
        opening = f'<span class="figure" data-figure="{self._key(value)}" title="{title}">'
        return f"{opening}{html.escape(text)}</span>"

    def _key(self, value: Figure) -> str:
        """The chapter whose result holds the figure, and its name there."""
        named = next(name for name, found in self.result.figures.items() if found is value)
        chapter, of_another, name = named.partition("__")
        key = f"{chapter}.{name}" if of_another else f"{self.result.chapter}.{named}"
        return html.escape(key, quote=True)


def hover(figure: Figure) -> str:
    """What a figure is of, its interval, base and grade: shown by who points at it.

    >>> hover(Figure("nps", 40.4, 37.6, 43.2, base=2746, label="Net promoter score"))
    'Net promoter score; interval 37.6 to 43.2; base 2,746 respondents'
    """
    parts = [figure.label or plain(figure.name)]
    if figure.low is not None:
        parts.append(f"interval {written(figure, 'interval')}")
    if figure.base is not None:
        parts.append(f"base {written(figure, 'base')}")
    if figure.grade:
        parts.append(f"evidence grade {figure.grade}")
    return "; ".join(parts)


def _named(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def say(
    template: str, result: ChapterResult, *, kind: str = "say", lead: str = "", tag: str = "p"
) -> Sentence:
    """Fill a template from a chapter's results.

    Parameters
    ----------
    template
        Prose with figures in braces. Prose is ours; text of the client's comes in as
        figures of unit ``text`` and is escaped.
    result
        The chapter whose figures are quoted.
    kind
        The paragraph's role on the page, used by the design.
    lead
        A short bold opening.

    Examples
    --------
    >>> result = ChapterResult("loyalty", {"nps": Figure("nps", 40.4, 37.6, 43.2, base=2746)})
    >>> print(say("The score is {nps}, from {nps:base}.", result))
    The score is 40.4 (37.6 to 43.2), from 2,746 respondents.
    """
    if not template:
        return Sentence("", "")
    withheld = [result[n] for n in dict.fromkeys(_named(template)) if result[n].value is None]
    if withheld:
        text = "Not shown: " + "; ".join(
            f"{f.label or plain(f.name)} is withheld because {f.withheld}" for f in withheld
        )
        return Sentence(f'<{tag} class="{kind} withheld">{html.escape(text)}.</{tag}>', text + ".")
    bare = _Filler(result, marked=False).format(template)
    marked = _Filler(result, marked=True).format(template)
    opening = f"<strong>{html.escape(lead)}</strong> " if lead else ""
    return Sentence(f'<{tag} class="{kind}">{opening}{marked}</{tag}>', f"{lead} {bare}".strip())


def answer(result: ChapterResult) -> Sentence:
    """The chapter's answer, the first thing a reader sees under the question."""
    return say(result.answer, result, kind="answer")


def account_list(of: str) -> Sentence:
    """Where accounts stand by name: once for the whole report.

    >>> print(account_list("Revenue at risk of each account"))
    Revenue at risk of each account, with owner and next action: see the account list.
    """
    text = f"{of}, with owner and next action: see "
    link = '<a href="accounts.html">the account list</a>'
    opening = f'<p class="see-list">{html.escape(text)}'
    return Sentence(f"{opening}{link}.</p>", f"{text}the account list.")


def so_what(result: ChapterResult) -> Sentence:
    """What to make of the answer."""
    return say(result.so_what, result, kind="so-what", lead="So what.")


def trust(
    result: ChapterResult, name: str, *, confidence: float = 0.95, counts: str = ""
) -> Sentence:
    """Base, interval and evidence grade of a chapter's main figure, in one line."""
    figure = result[name]
    parts = []
    if figure.base is not None:
        parts.append(f"Base {written(figure, 'base')}")
    if counts:
        parts.append(counts)
    parts.append(f"ranges are {confidence:.0%} intervals")
    if figure.grade:
        parts.append(f"evidence grade {GRADES[figure.grade]}")
    text = "; ".join(parts) + "."
    text = text[:1].upper() + text[1:]
    return Sentence(f'<p class="trust">{html.escape(text)}</p>', text)


def do_next(result: ChapterResult) -> Sentence:
    """The call for action: what, who and by when; nothing where nothing is asked."""
    what, owner, due = (result.ask.get(k, "") for k in ("what", "owner", "due"))
    if not what:
        return Sentence("", "")
    line = say(what, result, kind="do-next", lead="Do next.", tag="div")
    named = (f"Owner: {owner}." if owner else "", f"By: {due}." if due else "")
    tail = " ".join(filter(None, named))
    inside = line.html.removesuffix("</div>")
    opened = f'{inside} <span class="owner">{html.escape(tail)}</span></div>'
    return Sentence(opened, f"{line.text} {tail}".strip())


class Shown(Protocol):
    """A table or a chart."""

    def html(self) -> str:
        """As a page shows it."""


def folded(summary: str, content: Shown) -> Sentence:
    """A table or a chart for those who ask, folded under a line that says what it is."""
    return Sentence(
        f'<details class="how"><summary>{html.escape(summary)}</summary>{content.html()}</details>',
        content.text() if isinstance(content, Table) else repr(content),
    )


def show_folded(summary: str, frame: pd.DataFrame, **table: Any) -> Sentence:  # noqa: ANN401
    """A table for those who ask, folded; ``table`` as for :func:`tables.show`."""
    return folded(summary, show(frame, **table))


def for_analysts(part: Sentence) -> Sentence:
    """What is for whoever makes the report: the client's edition leaves it out.

    >>> for_analysts(Sentence("<p>Run it.</p>", "Run it.")).html
    '<div class="analyst"><p>Run it.</p></div>'
    """
    return Sentence(f'<div class="analyst">{part.html}</div>', part.text)


def together(*parts: Sentence) -> Sentence:
    """Several sentences as one output, the empty ones left out.

    >>> print(together(Sentence("<p>One.</p>", "One."), Sentence("", ""), Sentence("<p>Two.</p>", "Two.")))
    One.
    Two.
    """  # noqa: E501 - three parts in one line
    said = [part for part in parts if part.text]
    return Sentence("\n".join(p.html for p in said), "\n".join(p.text for p in said))


def notes(*lines: str) -> Sentence:
    """What a method changed, left out or could not do, one line each."""
    whole = (line[:1].upper() + line[1:].rstrip(".") + "." for line in lines if line)
    kept = list(dict.fromkeys(whole))
    if not kept:
        return Sentence("", "")
    items = "".join(f"<li>{html.escape(line)}</li>" for line in kept)
    return Sentence(f'<ul class="notes">{items}</ul>', "\n".join(kept))
