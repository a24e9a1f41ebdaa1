"""The tables of every question: its answers in all, its banners, and an index of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from helpers.methods.toplines import Question, Toplines
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.numerals import MISSING, count, decimal, formatter, p_value
from helpers.views.rendering.sentences import Sentence
from helpers.views.rendering.tables import Table, show

BOXES = {"top": "Top box", "bottom": "Bottom box"}
NPS = {"top": "Promoters", "bottom": "Detractors"}
YES = {"1": "Yes", "0": "No"}
FILES = (
    '<p class="account-files">All tables: <a href="../toplines/toplines.xlsx" download>Excel '
    "workbook</a>, with an index.</p>"
)
SAID = "All tables: Excel workbook, with an index."


@dataclass(frozen=True)
class BannerTable(Table):
    """A table whose columns stand under the banners they are of."""

    over: tuple[tuple[str, int], ...] = ()

    def html(self) -> str:
        """The table with a row of banners over its headings."""
        spans = "".join(
            f'<th scope="colgroup" colspan="{wide}">{escape(name)}</th>' if name
            else f'<td colspan="{wide}"></td>'
            for name, wide in self.over
        )  # fmt: skip
        return super().html().replace("<thead>", f"<thead><tr>{spans}</tr>", 1)


def anchor(place: int) -> str:
    """Where a question stands on the page: no word of the client's is part of an address.

    >>> anchor(0)
    'question-1'
    """
    return f"question-{place + 1}"


def row_name(kind: str, answer: str, question: Question) -> str:
    """A row of a question's table as readers call it.

    >>> row_name("mean", "", None)
    'Mean'
    """
    if kind == "mean":
        return "Mean"
    if kind == "answer":
        return YES.get(answer, answer) if question.kind == "yes or no" else answer
    codes = answer.split(", ")
    ends = codes[0] if len(codes) == 1 else f"{codes[0]}–{codes[-1]}"
    bottom = next((row for row in question.rows if row.kind == "bottom"), None)
    lopsided = bottom is not None and len(bottom.codes) == 7 and question.rows[0].name == "10"
    return f"{(NPS if lopsided else BOXES)[kind]} ({ends})"


def stored(found: Toplines, labels: Labels) -> dict[str, pd.DataFrame]:
    """What is handed on: every row with the words that readers see it under."""
    asked = {question.name: question for question in found.questions}

    def called(table: pd.DataFrame) -> pd.DataFrame:
        named = zip(table["question"], table["row"], table["answer"], strict=True)
        return table.assign(
            label=[asked[question].label for question in table["question"]],
            name=[row_name(row, said, asked[question]) for question, row, said in named],
        )

    rows = called(found.table)
    rows["text"] = [asked[question].text for question in rows["question"]]
    cells = called(found.cells)
    cells = cells.assign(
        title=[title(str(name), labels) for name in cells["banner"]],
        heading=[plain(group) for group in cells["group"]],
    )
    return {"toplines": rows, "cells": cells, "tests": found.tests}


def index(found: Toplines) -> Sentence:
    """Every question, with the way to its tables and its few main numbers."""
    table = found.table.set_index(["question", "row"]).sort_index()
    rows = [_main(question, table) for question in found.questions]
    shown = show(
        pd.DataFrame(rows), caption="Every question",
        columns={"label": "Question", "base": ("Base", "count"), "mean": ("Mean", "scale"),
                 "top": ("Top box", "share"), "bottom": ("Bottom box", "share")},
        note="Weighted. Of a recommendation the boxes are promoters and detractors.",
    )  # fmt: skip
    html = shown.html()
    for place, question in enumerate(found.questions):
        text = escape(question.label)
        head = f'<th scope="row">{text}</th>'
        link = f'<th scope="row"><a href="#{anchor(place)}">{text}</a></th>'
        before, found_head, after = html.partition(head)
        html = before + (link if found_head else "") + after
    return Sentence(html, shown.text())


def _main(question: Question, table: pd.DataFrame) -> dict[str, object]:
    here = table.loc[[question.name]].droplevel(0)
    values = here["value"].groupby(level=0).first()
    return {
        "label": question.label, "base": here["base"].iloc[0],
        **{kind: values.get(kind, float("nan")) for kind in ("mean", "top", "bottom")},
    }  # fmt: skip


def every_question(found: Toplines, labels: Labels, counted: str) -> Sentence:
    """All questions, each folded under its own line."""
    rows, cells, tests = map(_by_question, (found.table, found.cells, found.tests))
    parts, lines = [], []
    for place, question in enumerate(found.questions):
        top = topline(question, rows[question.name], counted)
        shown = [top.html()]
        if question.name in cells:
            note = _depends(tests.get(question.name), labels)
            shown.append(banners(question, rows, cells[question.name], labels, note).html())
        title = question.label
        title += f": {question.text}" if question.text not in ("", title) else ""
        parts.append(
            f'<details class="how asked"><summary>{escape(title)}</summary>'
            f'<div id="{anchor(place)}">{"".join(shown)}</div></details>'
        )
        lines.append(f"{title} ({top.caption.removeprefix(question.label)[2:]})")
    return Sentence("\n".join(parts), "\n".join(lines))


def _by_question(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): part for name, part in table.groupby("question", sort=False)}


def topline(question: Question, rows: pd.DataFrame, counted: str) -> Table:
    """A question's answers in all, unweighted and weighted."""
    first = rows.iloc[0]
    base = "withheld: too few answers"
    if not first["withheld"]:
        effective = f"effective base {count(first['effective_base'])}"
        base = f"base {count(first['base'])} {counted}, {effective}"
    units = ["scale" if kind == "mean" else "share1" for kind in rows["row"]]
    errors = [
        _error(kind, value) for kind, value in zip(rows["row"], rows["standard_error"], strict=True)
    ]
    table = rows.assign(
        name=_names(question, rows), unit=units, written=errors,
        people=[MISSING if pd.isna(number) else count(number) for number in rows["count"]],
    )  # fmt: skip
    return show(
        table, caption=f"{question.label}, all: {base}",
        columns={"name": "Answer", "people": (counted.capitalize(), "written"),
                 "sample": ("Unweighted", "in unit"), "value": ("Weighted", "in unit"),
                 "written": ("Standard error", "written")},
    )  # fmt: skip


def _names(question: Question, rows: pd.DataFrame) -> list[str]:
    return [row_name(kind, said, question)
            for kind, said in zip(rows["row"], rows["answer"], strict=True)]  # fmt: skip


def _error(kind: str, value: float) -> str:
    """A standard error: of a share in points, of a mean on its scale."""
    return decimal(value, 2) if kind == "mean" else decimal(100 * value, 1)


def banners(
    question: Question, rows: Mapping[str, pd.DataFrame], cells: pd.DataFrame, labels: Labels,
    note: str = "",
) -> BannerTable:  # fmt: skip
    """A question's answers in every column of every banner, with letters."""
    total = rows[question.name]
    columns = list(cells.groupby(["banner", "group"], sort=False))
    heads = [f"{plain(group)} ({part['letter'].iloc[0]})" for (_, group), part in columns]
    spans = cells.drop_duplicates(["banner", "group"]).groupby("banner", sort=False).size()
    over = (("", 2), *((title(str(name), labels), int(wide)) for name, wide in spans.items()))
    named = ["Base", *_names(question, total)]
    written = [_column(total), *(_column(part) for _, part in columns)]
    return BannerTable(
        f"{question.label}, by group, weighted",
        ("Answer", "All", *heads),
        tuple(zip(named, *written, strict=True)),
        (False, *(True for _ in written)),
        note=note,
        over=over,
    )


def title(name: str, labels: Labels) -> str:
    """A banner as readers call it.

    >>> title("flight_type", {}), title("ease", {"ease": "Ease"})
    ('Flight type', 'Ease')
    """
    return labels.get(name, plain(name).capitalize())


def _column(part: pd.DataFrame) -> list[str]:
    """Base and rows of one column, each with its letters; a dash for what is withheld."""
    base = part["base"].max()
    marks = part["letters"] if "letters" in part else [""] * len(part)
    unit: Mapping[bool, Callable[[float], str]] = {
        True: formatter("scale"), False: formatter("share"),
    }  # fmt: skip
    said = [
        unit[kind == "mean"](value) for kind, value in zip(part["row"], part["value"], strict=True)
    ]
    written = (f"{text} {mark}".strip() for text, mark in zip(said, marks, strict=True))
    return [MISSING if pd.isna(base) else count(base), *written]


def _depends(tests: pd.DataFrame | None, labels: Labels) -> str:
    """Whether answers depend on the column, banner by banner."""
    if tests is None or tests.empty:
        return ""
    told = [
        f"{title(str(name), labels)} {_p(p)}"
        for name, p in zip(tests["banner"], tests["p"], strict=True)
    ]
    return f"Do answers differ by group at all (Rao-Scott)? {'; '.join(told)}."


def _p(value: float) -> str:
    written = p_value(value)
    return f"p {written}" if written.startswith("<") else f"p = {written}"


def files() -> Sentence:
    """Where the workbook is."""
    return Sentence(FILES, SAID)
