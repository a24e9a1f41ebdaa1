"""Title rows above the names of the columns: where the header seems to be."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

__all__ = ["LOOKED_AT", "header_advice", "likely_header", "numbered_records"]

LOOKED_AT = 200  # records at the top of a file
NUMBER = re.compile(r"[\s\d.,:/%()'€$£+-]*")


def numbered_records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records of a text that are not empty, each with the line that it starts on.

    Examples
    --------
    >>> numbered_records("Sales\\n\\nid,name\\n", ",")
    [(1, ['Sales']), (3, ['id', 'name'])]
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records, start = [], 1
    try:
        for record in islice(reader, LOOKED_AT):
            if any(cell.strip() for cell in record):
                records.append((start, record))
            start = reader.line_num + 1
    except csv.Error:
        return records
    return records


def likely_header(records: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """The row with the names, where the first record is a title; ``None`` where it is not.

    A title fills at most half the columns that most records have; names fill them all,
    are texts, and are all different. Columns that are empty on the left do not count.

    Examples
    --------
    >>> likely_header([(1, ["Sales"]), (3, ["id", "name"]), (4, ["7", "Bond"])])
    3
    >>> likely_header([(1, ["id", "name"]), (2, ["7", "Bond"])]) is None
    True
    """
    if len(records) < 2:
        return None
    beside = _empty_beside([cells for _, cells in records[1:]])
    first, below = records[0], [(row, cells[beside:]) for row, cells in records[1:]]
    records = [(first[0], [*first[1][beside:], *filter(str.strip, first[1][:beside])]), *below]
    widths = Counter(len(cells) for _, cells in records[1:])
    width, often = widths.most_common(1)[0]
    filled = sum(bool(cell.strip()) for cell in records[0][1])
    if width < 2 or filled * 2 > width or often * 2 < len(records) - 1:
        return None
    rows = (row for row, cells in records[1:] if _are_names(cells, width))
    return next(rows, None)


def _empty_beside(records: Sequence[Sequence[str]]) -> int:
    """How many columns are empty before the first that holds anything."""
    firsts = (
        next((at for at, cell in enumerate(cells) if cell.strip()), len(cells)) for cells in records
    )
    return min(firsts, default=0)


def _are_names(cells: Sequence[str], width: int) -> bool:
    names = [cell.strip() for cell in cells]
    texts = not any(NUMBER.fullmatch(name) for name in names)  # nor is one of them empty
    return len(names) == width == len(set(names)) and texts


def header_advice(table: str, row: int, *more: str) -> str:
    """What to declare so that the names are read from that row.

    Examples
    --------
    >>> header_advice("financials", 3)
    'Declare `formats: {financials: {header_row: 3}}` in client.yml.'
    """
    keys = ", ".join([*more, f"header_row: {row}"])
    return f"Declare `formats: {{{table}: {{{keys}}}}}` in client.yml."
