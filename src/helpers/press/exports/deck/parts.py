"""What a slide is made of, before anything is drawn: texts, figures, rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.results import Figure

__all__ = ["Bars", "Column", "Grid", "Said", "Slide", "Tile"]


@dataclass(frozen=True)
class Said:
    """A sentence as a reader sees it, and the figures that it quotes (``chapter.name``)."""

    text: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """A chart of figures with their intervals.

    Bars lie one below the other and begin at nought; ``dots`` stand side by side over classes
    that have an order, on a scale that need not begin there.
    """

    heading: str
    names: tuple[str, ...]
    figures: tuple[Figure, ...]
    source: str  # the table that it is drawn from, for the notes
    note: str = ""  # base, and what colours mean
    strong: tuple[bool, ...] = ()  # which are drawn in full colour; empty for all
    dots: bool = False
    quotes: tuple[str, ...] = ()  # figures that its heading and its note quote

    def __post_init__(self) -> None:
        if len(self.names) != len(self.figures) or not self.names:
            raise ValueError(f"{self.heading}: each bar has a name and a figure")


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, its part of the width, and whether it holds numbers."""

    heading: str
    width: float
    number: bool = False


@dataclass(frozen=True)
class Grid:
    """A table of texts; the rows that do not fit are left out from the end."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    note: str = ""
    total: bool = False  # the last row is the sum of all, and never left out
    across: bool = False  # over the whole width of the slide
    quotes: tuple[str, ...] = ()  # figures that it quotes besides its table
    of: int = 0  # how many rows there are in all, where that can be told
    sheet: str = ""  # of the workbook, where all of them are
    where: str = "the report"  # where a reader finds all of them
    besides: str = ""  # a sentence that stands beside its heading


@dataclass(frozen=True)
class Tile:
    """One number of a strip: what it is, its value, and below it its interval and its base."""

    key: str  # of the figure
    label: str
    value: str
    below: str = ""
    base: str = ""


@dataclass(frozen=True)
class Slide:
    """One slide: its finding, at most two pictures or tables, a few sentences, one ask."""

    title: Said
    lead: tuple[Said, ...] = ()
    shown: tuple[Bars | Grid, ...] = ()
    tiles: tuple[Tile, ...] = ()
    points: tuple[Said, ...] = ()
    beside: str = "What it means"  # what stands over the points
    ask: tuple[Said, ...] = ()
    owner: str = ""  # who is asked, and by when
    method: str = ""
    quotes: tuple[str, ...] = field(default=())  # figures besides those of its sentences
    counted: tuple[tuple[str, str], ...] = ()  # tables whose rows a sentence counts: name, source
    level: bool = False  # its picture sets nothing apart: it may share the slide before
