"""What stands behind a slide: speaker notes, and what pictures say to whoever cannot see them."""

from __future__ import annotations

from helpers.press.exports.deck.parts import Bars, Grid, Slide
from helpers.press.exports.deck.quoting import Found
from helpers.results import Figure
from helpers.views.rendering.sentences import written

__all__ = ["TABLES", "alternative", "figure_line", "notes"]

TABLES = "Pictures and tables are made from:"


def notes(slide: Slide, found: Found) -> list[str]:
    """The speaker notes: method, each quoted figure with interval and base, and the tables."""
    names = dict.fromkeys(
        name
        for said in (slide.title, *slide.lead, *slide.points, *slide.ask)
        for name in said.quotes
    )
    names |= dict.fromkeys((*slide.quotes, *(n for part in slide.shown for n in part.quotes)))
    quoted = [
        (name, figure)
        for name in names
        if (figure := found.figure(name)) is not None and figure.unit != "text"
    ]
    sources = (*((part.heading, part.source) for part in slide.shown), *slide.counted)
    tables = [f"{heading}: {source}" for heading, source in sources]
    return [
        *([f"Method: {slide.method}"] if slide.method else []),
        *(["Figures behind this slide, as the results hold them:"] if quoted else []),
        *(figure_line(name, figure) for name, figure in quoted),
        *([TABLES] if tables else []),
        *tables,
    ]


def figure_line(name: str, figure: Figure) -> str:
    """A figure as notes say it: its name, value, interval, what it is, base and grade."""
    parts = [f"{name}: {written(figure)}"]
    if figure.label:
        parts.append(figure.label)
    if figure.base is not None:
        parts.append(f"base {written(figure, 'base')}")
    if figure.grade:
        parts.append(f"evidence grade {figure.grade}")
    return "; ".join(parts)


def alternative(part: Bars | Grid) -> str:
    """What a chart or a table says, for whoever cannot see it."""
    if isinstance(part, Grid):
        headings = ", ".join(column.heading for column in part.columns)
        return f"{part.heading}. A table with the columns {headings}."
    said = "; ".join(
        f"{name} {written(figure)}" for name, figure in zip(part.names, part.figures, strict=True)
    )
    return f"{part.heading}. {said}."
