"""Names in two rows: questions above, their parts or "Response" below, as SurveyMonkey writes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.listing import listed

__all__ = ["are_two_rows", "joined_names", "note_joined", "report_two_rows", "with_one_row"]

MARKERS = {  # below a question of one part
    "response", "responses", "open-ended response", "antwort", "antworten", "offene antwort",
    "réponse", "réponses", "réponse ouverte", "réponse libre", "respuesta", "respuestas",
    "respuesta abierta", "risposta", "risposte", "risposta aperta", "resposta", "respostas",
    "resposta aberta", "antwoord", "open antwoord", "svar", "öppet svar", "odpowiedź", "回答",
    "自由回答", "答案", "开放式答案", "응답",
}  # fmt: skip
NUMBER = re.compile(r"[\s\d.,:/%()'€$£+-]*\d[\s\d.,:/%()'€$£+-]*")
SHOWN = 3  # names that a message lists


def are_two_rows(records: Sequence[Sequence[str]]) -> bool:
    """Whether the second record belongs to the header.

    It leaves out the id and what else is no question, and has words where a question goes on,
    or "Response" where it has one part.

    Examples
    --------
    >>> are_two_rows([["Id", "Price?", ""], ["", "Low", "Fair"], ["r1", "3", "4"]])
    True
    >>> are_two_rows([["Id", "Price?", "Why?"], ["r1", "3", "Dear"], ["r2", "4", ""]])
    False
    """
    if len(records) < 2:
        return False
    first, second = _padded(records[0], records[1])
    third = [cell.strip() for cell in records[2]] if len(records) > 2 else []
    if not any(first) or not first[0] or second[0] or (third and not third[0]) or not any(second):
        return False
    if any(cell.casefold() in MARKERS for cell in second):
        return True
    gaps = [below for above, below in zip(first, second, strict=True) if not above]
    words = not any(NUMBER.fullmatch(cell) for cell in second)
    return bool(gaps) and all(gaps) and words


def _padded(*records: Sequence[str]) -> list[list[str]]:
    """The records without spaces and empty ends, all as wide as the widest."""
    cells = [[cell.strip() for cell in record] for record in records]
    width = max(max((at for at, cell in enumerate(r, 1) if cell), default=0) for r in cells)
    return [(r + [""] * width)[:width] for r in cells]


def joined_names(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """One name a column: the question, and its part where it has several.

    Examples
    --------
    >>> joined_names(["Id", "Price?", "", "Why?"], ["", "Low", "Fair", "Open-Ended Response"])
    ['Id', 'Price? - Low', 'Price? - Fair', 'Why?']
    """
    names, question = [], ""
    for above, below in zip(*_padded(first, second), strict=True):
        question = above or question
        part = "" if below.casefold() in MARKERS else below
        names.append(" - ".join(text for text in (question, part) if text))
    return names


def report_two_rows(
    records: Sequence[Sequence[str]],
    name: str,
    table: str,
    form: Format,
    findings: Findings,
    *more: str,
) -> None:
    """One fault that says what to declare, and what the columns are then called.

    Parameters
    ----------
    more
        Other keys to declare with it.
    """
    first, second = _padded(records[0], records[1])
    names = joined_names(first, second)
    parted = [n for n, own in zip(names, first, strict=True) if n != own] or names
    shown = listed(map(repr, parted), SHOWN)
    top = [] if form.header_row is None else [f"header_row: {form.header_row}"]
    keys = ", ".join([*more, *top, "header_rows: 2"])
    problem = "has a header of two rows: questions in the first, their parts in the second"
    advice = (
        f"Declare `formats: {{{table}: {{{keys}}}}}` in client.yml; columns are then called {shown}"
    )
    findings.error(name, problem, f"{advice}.")


def note_joined(names: Sequence[str], first: Sequence[str], table: str, findings: Findings) -> None:
    """Say how many names were made of two rows."""
    made = [n for n, own in zip(names, [*first, *[""] * len(names)], strict=False) if n != own]
    example = f", as {made[0]}" if made else ""
    findings.note(table, f"names of columns read from two rows{example}", len(names))


def with_one_row(text: Path, delimiter: str, table: str, findings: Findings) -> None:
    """Write the names of a text's first two records into one; the rest stays as it is."""
    whole = text.with_suffix(".two")
    with text.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        try:
            filled = (record for record in reader if any(cell.strip() for cell in record))
            records = list(islice(filled, 2))
        except csv.Error:
            return
    if len(records) < 2:
        return
    names = joined_names(*records)
    note_joined(names, [cell.strip() for cell in records[0]], table, findings)
    lines = reader.line_num
    text.rename(whole)
    head = io.StringIO(newline="")
    csv.writer(head, delimiter=delimiter, lineterminator="\n").writerow(names)
    with (
        whole.open(encoding="utf-8", newline="") as stream,
        text.open("w", encoding="utf-8", newline="") as out,
    ):
        for _ in range(lines):
            stream.readline()
        out.write(head.getvalue())
        while piece := stream.read(1 << 20):
            out.write(piece)
    whole.unlink()
