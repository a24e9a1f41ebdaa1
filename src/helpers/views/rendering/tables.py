"""Tables a reader can trust: escaped, captioned, numbers written one way, rows in a said order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from helpers.views.rendering.numerals import MISSING, formatter, span

__all__ = ["Column", "Table", "show"]

Format = str | tuple[str, str, str, str]
Column = str | tuple[str, Format] | tuple[str, str, str, str]
Chosen = tuple[str, str, Format]  # column, heading, format
TEXTS = ("text", "date")
IN = "in "  # before a column that says the unit of each row
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LONG = 40  # characters from which a cell needs a line of some width to be read
LONGEST_CELL = 20_000  # characters; beyond that a page no longer opens


@dataclass(frozen=True)
class Table:
    """Rows as a reader sees them: headings, and text in every cell.

    Attributes
    ----------
    caption
        What the table shows, with its unit where the headings do not say it.
    headings, rows
        Text, not yet escaped.
    numeric
        Whether each column holds numbers, which stand to the right.
    row_header
        Position of the column that names the rows, or None.
    note
        Base, order and what is left out.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    row_header: int | None = 0
    note: str = ""

    def html(self) -> str:
        """The table as HTML: every text escaped, scopes set, no identifiers of its own."""
        head = "".join(
            f'<th scope="col"{_side(right)}>{escape(heading)}</th>' if heading else "<td></td>"
            for heading, right in zip(self.headings, self.numeric, strict=True)
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.rows)
        if not self.rows:
            body = f'<tr><td colspan="{len(self.headings)}">None.</td></tr>'
        note = f'<p class="table-note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="table-scroll" role="region" tabindex="0" '
            f'aria-label="{escape(self.caption, quote=True)}"><table class="data-table">'
            f"<caption>{escape(self.caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>{note}"
        )

    def _cells(self, row: Sequence[str]) -> str:
        return "".join(
            f'<th scope="row">{escape(text)}</th>'
            if place == self.row_header
            else f"<td{_side(self.numeric[place], text)}>{escape(text)}</td>"
            for place, text in enumerate(row)
        )

    def text(self) -> str:
        """The table as plain text, for terminals and for comparing one run with the next."""
        grid = [tuple(_one_line(x) for x in row) for row in (self.headings, *self.rows)]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.headings))]
        lines = [
            "  ".join(
                text.rjust(width) if right else text.ljust(width)
                for text, width, right in zip(row, widths, self.numeric, strict=True)
            ).rstrip()
            for row in grid
        ]
        return "\n".join(filter(None, [self.caption, *lines, self.note]))

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}


def _side(right: bool, text: str = "") -> str:
    """How a cell is set: numbers to the right, long texts as wide as they need to be read."""
    kind = "number" if right else "long" if len(text) > LONG else ""
    kind = kind or "date" * bool(DAY.fullmatch(text))
    return f' class="{kind}"' if kind else ""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def show(
    frame: pd.DataFrame,
    *,
    caption: str,
    columns: Mapping[str, Column],
    note: str = "",
    sort: str | None = None,
    row_header: str | None = "first",
    limit: int | None = None,
    withheld: str = "withheld",
) -> Table:
    """Choose, order and write the columns of a frame.

    Parameters
    ----------
    frame
        Tidy rows. Where it has a true/false column ``withheld``, missing numbers of its
        true rows read as withheld instead of as an en dash.
    caption
        What the table shows.
    columns
        Column to its heading, in the order shown: of text the heading alone, else the heading
        and a format; and of an estimate also the columns of its ends, whose interval stands
        behind it. A format is ``text``, ``date``, ``written`` (numbers that are text
        already), a unit of :func:`helpers.views.rendering.numerals.formatter` (``count``,
        ``share``, ``points``, ``decimal2``, ``money:USD``, ``p``, …), ``in unit`` (each row in
        the unit that its column ``unit`` says), or ``("interval", low column, high column,
        unit)``, for which the key need not be a column.
    note
        Base and reading help, under the table.
    sort
        Column to sort by; a leading ``-`` for largest first. None keeps the order.
    row_header
        The column that names a row: ``first``, a column, or None.
    limit
        Most rows shown; the note then says how many there are.
    withheld
        The word for a number kept back.

    Raises
    ------
    ValueError
        If a column is not in the frame or a format is unknown.

    Examples
    --------
    >>> frame = pd.DataFrame({"driver": ["Ease", "Price"], "share": [0.62, 0.38],
    ...                       "low": [0.5, 0.3], "high": [0.7, 0.5]})
    >>> show(frame, caption="Shares", sort="-share", columns={
    ...     "driver": "Driver", "share": ("Share", "share", "low", "high")})
    Shares
    Driver  Share    Interval
    Ease      62%  50% to 70%
    Price     38%  30% to 50%
    """
    chosen = list(_each(columns))
    _require(frame, chosen, sort)
    ordered = _ordered(frame, sort)
    shown = ordered if limit is None else ordered.head(limit)
    hidden = _hidden(shown)
    written = [_column(shown, key, form, hidden, withheld) for key, _, form in chosen]
    left_out = len(ordered) - len(shown)
    counted = f"First {len(shown):,} of {len(ordered):,} rows." if left_out else ""
    return Table(
        caption,
        tuple(heading for _, heading, _ in chosen),
        tuple(zip(*written, strict=True)),
        tuple(form not in TEXTS for _, _, form in chosen),
        _position(row_header, [key for key, _, _ in chosen]),
        " ".join(filter(None, (note, counted))),
    )


def _each(columns: Mapping[str, Column]) -> Iterator[Chosen]:
    """Every column with its heading and format; behind an estimate stands its interval."""
    for key, column in columns.items():
        heading, form, *ends = (column, "text") if isinstance(column, str) else column
        yield key, heading, form
        if ends:
            low, high = ends
            yield key, "Interval", ("interval", str(low), str(high), str(form))


def _require(frame: pd.DataFrame, columns: Sequence[Chosen], sort: str | None) -> None:
    if not columns:
        raise ValueError("no columns chosen: give at least one column with its heading and format")
    needed = [] if sort is None else [sort.removeprefix("-")]
    for key, _, form in columns:
        needed += [key] if isinstance(form, str) else list(form[1:3])
        unit = form if isinstance(form, str) else form[3]
        if unit.startswith(IN):
            needed.append(unit.removeprefix(IN))
        elif unit not in (*TEXTS, "written"):
            formatter(unit)
    absent = sorted({key for key in needed if key not in frame.columns})
    if absent:
        raise ValueError(
            f"the frame has no column {', '.join(absent)}: it has "
            f"{', '.join(map(str, frame.columns))}"
        )


def _ordered(frame: pd.DataFrame, sort: str | None) -> pd.DataFrame:
    if sort is None:
        return frame
    return frame.sort_values(
        sort.removeprefix("-"), ascending=not sort.startswith("-"), kind="stable"
    )


def _hidden(frame: pd.DataFrame) -> list[bool]:
    if "withheld" not in frame.columns:
        return [False] * len(frame)
    return [bool(x) for x in frame["withheld"].fillna(False)]


def _position(row_header: str | None, keys: list[str]) -> int | None:
    if row_header is None:
        return None
    if row_header != "first" and row_header not in keys:
        raise ValueError(f"row_header {row_header!r} is not a column shown: {', '.join(keys)}")
    return 0 if row_header == "first" else keys.index(row_header)


def _column(
    frame: pd.DataFrame, key: str, form: Format, hidden: list[bool], withheld: str
) -> list[str]:
    unit = form if isinstance(form, str) else form[3]
    units = frame[unit.removeprefix(IN)] if unit.startswith(IN) else [unit] * len(frame)
    if isinstance(form, tuple):
        cells = [span(*row) for row in zip(frame[form[1]], frame[form[2]], units, strict=True)]
    elif form in ("text", "written"):
        return [_text(value) for value in frame[key]]
    elif form == "date":
        cells = [MISSING if pd.isna(d) else f"{pd.Timestamp(d):%Y-%m-%d}" for d in frame[key]]
    else:
        cells = [formatter(x)(value) for value, x in zip(frame[key], units, strict=True)]
    return [
        withheld if kept_back and cell == MISSING else cell
        for cell, kept_back in zip(cells, hidden, strict=True)
    ]


def _text(value: object) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):  # type: ignore[call-overload]
        return MISSING
    # Half of a surrogate pair cannot be written to a page.
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
