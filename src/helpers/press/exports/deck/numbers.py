"""Whether each number of a deck is one of the results: read back from the file, slide by slide.

A slide's notes name the figures and tables that it is made from. A sentence may say numbers of
these figures alone, each as it is written; a tile says the figure that it is named for; a row of a
table, and a bar of a chart with both ends of its interval, those of one row of a stored table.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import isclose, nan
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from helpers.press.exports.deck.charts import BASE
from helpers.press.exports.deck.notes import TABLES, figure_line
from helpers.press.exports.deck.quoting import Found, told
from helpers.press.exports.deck.telling import COUNTED, DATED, dated, footer, owner_of
from helpers.press.quantities import Quantities, called, forms, said_by, said_in
from helpers.press.spoken import Spoken, claims, numbers
from helpers.results import Figure
from helpers.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["untraced"]

KEY = re.compile(r"([a-z_]+\.[a-z0-9_]+)(?:: |$)")
DIGIT = re.compile(r"\d")
CUT = "…"
CLOSE = 1e-9  # of two numbers that are one: more digits than results hold


def untraced(content: bytes, found: Found, study: Study) -> list[str]:
    """Every number of a deck that leads to no quantity of the results, a line each."""
    faults, report = [], _Report(found, study)
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, start=1):
        page = _Page(slide, report)
        for shape in slide.shapes:
            faults += [f"slide {number}, {shape.name}: {line}" for line in page.wrong(shape)]
        faults += [f"slide {number}, notes: {line}" for line in page.wrong_notes()]
    return faults


class _Report:
    """What every slide of a deck may say, whatever its notes name."""

    def __init__(self, found: Found, study: Study) -> None:
        self.found, self.study, self.called = found, study, called(study)

    @cached_property
    def words(self) -> list[str]:
        """Texts that may stand as they are: whose report, of which wave and days; the asks."""
        study, chapters = self.study, self.found.chapters.values()
        texts = [value for chapter in chapters for figure in chapter.figures.values()
                 if isinstance(value := figure.value, str)]  # fmt: skip
        asks = [owner_of(chapter) for chapter in chapters]
        asks += [chapter.ask.get("due", "") for chapter in chapters]
        about = [study.name, study.wave, study.written(study.as_of), *study.cover.values()]
        all_of = {*texts, *asks, *(ask.replace("\n", "  ·  ") for ask in asks), *about,
                  *map(str, study.waves)}  # fmt: skip
        return sorted((text for text in all_of if DIGIT.search(text)), key=len, reverse=True)

    @cached_property
    def asks(self) -> list[str]:
        """What chapters ask, sentence by sentence."""
        chapters = self.found.chapters.values()
        return [one.text for chapter in chapters
                for one in told(chapter.ask.get("what", ""), chapter)]  # fmt: skip


class _Page:
    """One slide, beside the figures and tables that its notes name."""

    def __init__(self, slide: Any, report: _Report) -> None:  # noqa: ANN401 - as of python-pptx
        self.report, self.found, self.study = report, report.found, report.study
        self.shapes = slide.shapes
        noted = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        self.notes = noted.split("\n") if noted else []

    @cached_property
    def sources(self) -> dict[str, list[str]]:
        """What each picture or table is made from, by its heading."""
        begin = self.notes.index(TABLES) + 1 if TABLES in self.notes else len(self.notes)
        parts = (line.rpartition(": ") for line in self.notes[begin:])
        return {heading: source.split(", ") for heading, _, source in parts}

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures that the slide may quote."""
        named = [match[1] for line in self.notes if (match := KEY.match(line))]
        named += [key for keys in self.sources.values() for key in keys]
        return {key: figure for key in named if (figure := self.found.figure(key)) is not None}

    @cached_property
    def known(self) -> Quantities:
        """Names of the client's, whose digits count nothing."""
        keys = (*self.figures, *(key for keys in self.sources.values() for key in keys))
        names = {key.partition(".")[0] for key in keys} & set(self.found.chapters)
        there = [self.found.chapters[name] for name in sorted(names)]
        return Quantities(there, self.report.called, "\n".join(self.notes))

    def bare(self, text: str) -> str:
        """A text without names, days and words of the client's."""
        for word in self.report.words:
            text = said_in(word).sub(" ", text)
        return self.known.stripped(text, ())

    def wrong(self, shape: Any) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
        """What a shape says and the results do not."""
        if shape.has_chart:
            yield from self._of_chart(shape.chart, self.sources.get(shape.name, []))
            yield from _other_words(shape)
        elif shape.has_table:
            yield from self._of_table(shape.table, self.sources.get(shape.name, []))
        elif shape.has_text_frame:
            key, _, form = shape.name.partition(": ")
            if form in ("value", "interval", "base"):
                yield from self._of_tile(key, form, shape.text_frame.text)
            else:
                yield from self._of_box(shape)

    def _of_box(self, shape: Any) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
        """Sentences; and the lines that say of which wave and day the deck is."""
        kind = shape.element.ph.get("type") if shape.is_placeholder else shape.name
        text = shape.text_frame.text.replace("\v", "\n")
        exact = {"ftr": footer(self.study), DATED: dated(self.study)}.get(kind)
        if exact is not None and not _begins(text, exact):
            yield f"{text} is not {exact}"
        if exact is None and kind != "sldNum":
            yield from self._of_text(text, self._besides(shape.name, text))

    def _besides(self, name: str, text: str) -> list[float]:
        """What a box may say besides figures: of what stands under or over it, no other's."""
        under, over = name.removeprefix("Under: "), name.removeprefix("Over ")
        if text.endswith(COUNTED):
            return [len(self._rows(keys)) for keys in self.sources.values()]
        if under != name:
            return [*self._drawn(under), len(self._rows(self.sources.get(under, [])))]
        figure = self.found.figure(over) if over != name else None
        return [] if figure is None else self._beside(over, figure)

    def _drawn(self, heading: str) -> Iterator[float]:
        """How many rows a table of the slide has, and where the scale of a chart begins."""
        for shape in self.shapes:
            if shape.name == heading and shape.has_table:
                yield len(shape.table.rows) - 1  # a total is told of by no note
            elif shape.name == heading and shape.has_chart:
                begin = shape.chart.value_axis.minimum_scale
                yield from () if begin is None else (begin,)

    def _beside(self, key: str, figure: Figure) -> list[float]:
        """The numbers of the stored rows that hold a figure."""
        chapter = self.found.chapters[key.partition(".")[0]]
        rows = [row for table in chapter.tables.values()
                for row in table.select_dtypes("number").to_numpy(float).tolist()]  # fmt: skip
        ends = [_number(end) for end in (figure.value, figure.low, figure.high) if end is not None]
        return [number for row in rows if _holds(ends, row) for number in row]

    def _of_tile(self, key: str, form: str, text: str) -> Iterator[str]:
        figure = self.found.figure(key)
        if figure is None or text not in forms(figure):
            yield f"{text} is not the {form} of {key}"

    def _of_text(self, text: str, besides: Sequence[float] = ()) -> Iterator[str]:
        for together in claims(self.bare(text)):
            said = [one.text for one in together]
            if len(together) == 1 and any(map(together[0].stands_for, besides)):
                continue
            if not any(self._gives(figure, said) for figure in self.figures.values()):
                yield f"{' to '.join(said)} is of no figure that the notes name: {text[:80]}"

    @staticmethod
    def _gives(figure: Figure, said: list[str]) -> bool:
        """Whether a figure is written so, its label included."""
        whole = [one.text for one in numbers(written(figure))]
        if len(said) > 1:
            return said == whole
        label = {one.text for one in numbers(figure.label)}
        return any(said[0] in known for known in (label, *said_by(figure)))

    def wrong_notes(self) -> Iterator[str]:
        """Lines of the notes that are not what the results hold."""
        for line in self.notes:
            match = KEY.match(line)
            figure = self.found.figure(match[1]) if match else None
            if match and (figure is None or line != figure_line(match[1], figure)):
                yield f"not as the results hold it: {line[:80]}"
            elif not match:
                yield from self._of_text(line)

    def _rows(self, keys: list[str]) -> pd.DataFrame:
        """The rows of the table that a picture is made from."""
        return self.found.table(keys[0]) if len(keys) == 1 else pd.DataFrame()

    def _of_chart(self, chart: Any, keys: list[str]) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
        """Bars whose value, interval and label are not those of one row or figure."""
        book = CalamineWorkbook.from_filelike(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        cells = book.get_sheet_by_index(0).to_python()[1:]
        table = self._rows(keys)
        for place, (label, value, *reach) in enumerate(_bars(chart)):
            ends = [value, value - reach[0], value + reach[1]] if reach else [value]
            cell = cells[place] if place < len(cells) else [""]
            if label != cell[0] or not _drawn_as([*ends, *reach], cell[1:]):
                yield f"{label}: the chart and its workbook differ"
            row = self._stored(ends, table, keys, place)
            if row is None:
                yield f"{label}: its numbers are of no row of {', '.join(keys)}"
                continue
            said, base = _told(label)
            if not said or not all(map(Spoken.stands_for, said, ends)):
                yield f"{label}: drawn as {' '.join(f'{end:g}' for end in ends)}"
            if base and not _each_of_another(base, row):
                yield f"{label}: its base is of no row of {', '.join(keys)}"

    def _stored(
        self, ends: list[float], table: pd.DataFrame, keys: list[str], place: int
    ) -> list[float] | None:
        """The numbers of the row, or of the figure, that has a value with its interval."""
        figure = self.found.figure(keys[place]) if place < len(keys) else None
        rows = table.select_dtypes("number").to_numpy(float).tolist()
        if figure is not None:
            rows.append([_number(n) for n in (figure.value, figure.low, figure.high, figure.base)])
        return next((row for row in rows if _holds(ends, row)), None)

    def _of_table(self, table: Any, keys: list[str]) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
        """Rows of which a cell is not of the stored row that they name, or of their figure."""
        stored = [row for _, row in self._rows(keys).iterrows()]
        for place, row in enumerate(list(table.rows)[1:]):
            texts = [cell.text_frame.text for cell in row.cells]
            if any(self._all_of(texts, one) for one in stored):
                continue
            figures = (
                self.figures
                if place >= len(keys) or len(keys) == 1
                else {keys[place]: self.figures[keys[place]]}
                if keys[place] in self.figures
                else {}
            )
            for text in texts[1:]:
                known = {form for figure in figures.values() for form in forms(figure)}
                plain = text.removeprefix("± ").removesuffix(" points")
                if not DIGIT.search(self.bare(text)) or plain in known:
                    continue
                if not any(_begins(text, ask) for ask in self.report.asks):
                    yield f"{text} is of no row and no figure of {', '.join(keys)}: {texts[0]}"

    def _all_of(self, texts: list[str], row: pd.Series) -> bool:
        """Whether every cell is of one stored row."""
        days = {Study.written(value) for value in row if isinstance(value, pd.Timestamp)}
        said = [str(value) for value in row if isinstance(value, str)]
        amounts = [float(v) for v in row if isinstance(v, int | float) and not isinstance(v, bool)]
        return all(
            text in days
            or any(_begins(text, one) for one in said)
            or _each_of_another(numbers(text), amounts)
            for text in texts if text
        )  # fmt: skip


def _each_of_another(said: list[Spoken], amounts: list[float]) -> bool:
    """Whether each number is one of a row's, and no two are the same cell's."""
    left = list(amounts)
    for one in said:
        cell = next((amount for amount in left if one.stands_for(amount)), None)
        if cell is None:
            return False
        left.remove(cell)
    return bool(said)


def _begins(text: str, whole: str) -> bool:
    """Whether a text is another, or its beginning where it was cut."""
    return text == whole or (text.endswith(CUT) and whole.startswith(text[:-1]))


def _bars(chart: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as of python-pptx
    """Label, value and, where there are intervals, how far each reaches down and up."""
    series = chart.plots[0].series[0]
    error = series._element.find(qn("c:errBars"))
    reach = [] if error is None else [
        [float(cell.text) for cell in error.find(qn(f"c:{side}")).iter(qn("c:v"))]
        for side in ("minus", "plus")
    ]  # fmt: skip
    return list(zip(map(str, chart.plots[0].categories), series.values, *reach, strict=True))


def _told(category: str) -> tuple[list[Spoken], list[Spoken]]:
    """The value and interval that the label of a bar says, and its base."""
    name, _, of_bar = category.rpartition(":  ")
    if name:
        return numbers(of_bar), []
    below = category.split("\n")[1:]
    base = [line for line in below if line.startswith(f"{BASE} ")]
    return numbers(" ".join(line for line in below if line not in base)), numbers(" ".join(base))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else nan


def _other_words(shape: Any) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
    """An alternative text that says other numbers than the labels of its chart."""
    described = next(shape._element.iter(qn("p:cNvPr"))).get("descr", "")
    labels = [_told(str(name))[0] for name in shape.chart.plots[0].categories]
    said = [one.text for label in labels for one in label]
    parts = [one.text for one in numbers(described.removeprefix(shape.name))]
    if not _inside(said, parts):
        yield f"the alternative text says other numbers: {described[:80]}"


def _inside(wanted: list[str], there: list[str]) -> bool:
    """Whether texts stand among others in their order."""
    rest = iter(there)
    return all(one in rest for one in wanted)


def _drawn_as(drawn: Sequence[float], cells: Sequence[Any]) -> bool:
    """Whether a bar is drawn from cells, each in its place; without an interval, none are there."""
    there = [one for one in cells if one != ""]
    same = len(there) <= len(drawn) and all(map(_one_number, drawn, there))
    return same and (len(there) == len(drawn) or (len(there) == 1 and not any(drawn[3:])))


def _one_number(one: float, other: Any) -> bool:  # noqa: ANN401 - any cell
    return isinstance(other, int | float) and isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def _holds(wanted: Sequence[float], numbers_of: Any) -> bool:  # noqa: ANN401 - any row of numbers
    """Whether each of some numbers is among others."""
    there = [float(one) for one in numbers_of if isinstance(one, int | float) and one == one]
    slack = CLOSE * max((abs(one) for one in wanted), default=1.0)
    return all(any(isclose(one, other, abs_tol=slack) for other in there) for one in wanted)
