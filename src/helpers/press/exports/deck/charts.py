"""Native charts: bars or dots with their intervals, and the workbook that they are edited in."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import pandas as pd
import xlsxwriter
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from helpers.press.dated import dated_alike
from helpers.press.exports.deck.lettering import SMALLEST
from helpers.press.exports.deck.parts import Bars
from helpers.press.spreadsheets import OPTIONS, cell_text
from helpers.results import Figure
from helpers.views.rendering.sentences import written

__all__ = ["BASE", "add_chart", "begin_of", "chart_workbook"]

SHEET = "Sheet1"  # as the references of python-pptx call it
HEADINGS = ("", "Value", "Interval, from", "Interval, to", "Down to it", "Up to it")
DARK, GREY = RGBColor(0x1D, 0x27, 0x33), RGBColor(0x8A, 0x94, 0xA0)
WHISKER = 1.25  # points
TALLEST_BAR = 0.42  # inches
WIDEST_GAP = 500  # per cent of a bar, between two: more is no chart of the format
MOST_STEPS = 6  # of a scale
BELOW, BASE = ("value", "interval"), "base"  # the name of a dot
DIGITS = 10  # that results hold
PARTS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
         "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}  # fmt: skip


def add_chart(
    shapes: Any,  # noqa: ANN401 - as of python-pptx
    bars: Bars, box: tuple[float, float, float, float], *, described: str, on: pd.Timestamp,
) -> None:  # fmt: skip
    """Put a chart into a box (left, top, width, height in inches), with its alternative text.

    Each name stands beside its value and interval, as on pages; the interval is drawn as error
    bars over the columns of the chart's own workbook.
    """
    data = CategoryChartData()
    data.categories = _categories(bars)
    data.add_series(bars.heading, [_number(figure.value) for figure in bars.figures])
    kind = XL_CHART_TYPE.LINE_MARKERS if bars.dots else XL_CHART_TYPE.BAR_CLUSTERED
    frame = shapes.add_chart(kind, *map(Inches, box), data)
    frame.name = bars.heading
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size = Pt(SMALLEST)
    chart.font.color.rgb = DARK
    (_dots if bars.dots else _bars)(chart, bars, box[3])
    _add_intervals(chart, bars.figures, dots=bars.dots)
    chart.part.chart_workbook.update_from_xlsx_blob(chart_workbook(bars, on))


def _categories(bars: Bars) -> list[str]:
    """Each name with what is told of it; names are never formulas in a sheet of texts."""
    told = zip(map(cell_text, bars.names), bars.figures, strict=True)
    if not bars.dots:
        return [f"{name}:  {written(figure)}" for name, figure in told]
    return ["\n".join((name, *_value(figure), *_base(figure))) for name, figure in told]


def _value(figure: Figure) -> list[str]:
    """The value and, where there is one, its interval."""
    return [written(figure, form) for form in (BELOW if figure.low is not None else BELOW[:1])]


def _base(figure: Figure) -> list[str]:
    return [] if figure.base is None else [f"{BASE} {figure.base:,}"]


def _number(value: object) -> float:
    return float(str(value))


def _bars(chart: Chart, bars: Bars, tall: float) -> None:
    """Bars from nought, the first on top, without a scale: each says its value."""
    plot, values, names = chart.plots[0], chart.value_axis, chart.category_axis
    thick = min(TALLEST_BAR, 0.62 * tall / len(bars.names)) * len(bars.names) / tall
    plot.gap_width = min(round(100 * (1 / thick - 1)), WIDEST_GAP)
    names.reverse_order = True
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values.has_major_gridlines = False
    values.visible = False
    ends = [
        _number(end) for f in bars.figures for end in (f.value, f.low, f.high) if end is not None
    ]
    values.minimum_scale, values.maximum_scale = min(0.0, *ends) * 1.05, max(0.0, *ends) * 1.05
    _quiet(names)
    series = plot.series[0]
    series.invert_if_negative = False
    _colour(series.format.fill, strong=True)
    for place, strong in enumerate(bars.strong):
        if not strong:
            _colour(series.points[place].format.fill, strong=False)
    for point in series._element.iter(qn("c:dPt")):
        upright = etree.SubElement(point, qn("c:invertIfNegative"))
        upright.set("val", "0")
        point.find(qn("c:idx")).addnext(upright)


def _dots(chart: Chart, bars: Bars, _: float) -> None:
    """Dots without a line between them, over a scale with quiet lines."""
    values, series = chart.value_axis, chart.plots[0].series[0]
    values.minimum_scale, values.maximum_scale, values.major_unit = _scale(bars.figures)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = RGBColor(0xE3, 0xE7, 0xEC)
    values.format.line.fill.background()
    values.tick_labels.number_format = _code(bars.figures[0].unit)
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.font.color.rgb = GREY
    _quiet(chart.category_axis)
    series.smooth = False
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 10
    _colour(series.marker.format.fill, strong=True)
    series.marker.format.line.fill.background()


def _scale(figures: Sequence[Figure]) -> tuple[float, float, float]:
    """Ends of a scale that holds every interval, and the step between its lines."""
    ends = [_number(e) for f in figures for e in (f.value, f.low, f.high) if e is not None]
    reach = max(ends) - min(ends) or abs(max(ends)) or 1.0
    step = next(s for s in _steps(reach) if reach / s <= MOST_STEPS)
    return math.floor(min(ends) / step) * step, math.ceil(max(ends) / step) * step, step


def begin_of(bars: Bars) -> str:
    """That a scale of dots does not begin at nought, and where; empty where it does."""
    least, _, _ = _scale(bars.figures)
    share = bars.figures[0].unit.startswith("share")
    begin = (f"{100 * least:.10g}%" if share else f"{least:.10g}").replace("-", "−")
    return f"The scale begins at {begin}." if least else ""


def _steps(reach: float) -> list[float]:
    """Round steps, from finer to coarser."""
    ten = 10.0 ** math.floor(math.log10(reach) - 1)
    return [ten * part for part in (1, 2, 5, 10, 20)]


def _quiet(axis: Any) -> None:  # noqa: ANN401 - as of python-pptx
    axis.format.line.color.rgb = GREY
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = -4142  # none
    axis.tick_labels.font.size = Pt(SMALLEST)


def _colour(fill: FillFormat, *, strong: bool) -> None:
    """The client's colour, or the pale one of it, both out of the theme."""
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_2 if strong else MSO_THEME_COLOR.ACCENT_3


def _code(unit: str) -> str:
    """How a scale is written in the codes of a spreadsheet."""
    return {"share": "0%", "share1": "0%", "scale": "0.0", "points": "0", "index": "0"}.get(
        unit, "General"
    )


def _add_intervals(chart: Chart, figures: Sequence[Figure], *, dots: bool) -> None:
    """Error bars over the workbook's last two columns (python-pptx has none)."""
    if not any(figure.low is not None for figure in figures):
        return
    series = chart.plots[0].series[0]._element
    down, up = zip(*map(_reach, figures), strict=True)
    bars = etree.SubElement(etree.Element("aside"), qn("c:errBars"))
    for name, value in (("errDir", "y"), ("errBarType", "both"), ("errValType", "cust"),
                        ("noEndCap", "0")):  # fmt: skip
        if dots or name != "errDir":
            etree.SubElement(bars, qn(f"c:{name}")).set("val", value)
    for name, column, reach in (("plus", "F", up), ("minus", "E", down)):
        bars.append(_referred(name, column, reach))
    line = etree.fromstring(
        f'<c:spPr xmlns:c="{PARTS["c"]}" xmlns:a="{PARTS["a"]}"><a:ln w="{int(WHISKER * 12700)}">'
        '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln></c:spPr>'
    )
    bars.append(line)
    series.find(qn("c:cat")).addprevious(deepcopy(bars))


def _reach(figure: Figure) -> tuple[float, float]:
    """How far an interval reaches down and up from its value."""
    value = _number(figure.value)
    low = value if figure.low is None else figure.low
    high = value if figure.high is None else figure.high
    return float(f"{value - low:.{DIGITS}g}"), float(f"{high - value:.{DIGITS}g}")


def _referred(name: str, column: str, reach: Sequence[float]) -> Any:  # noqa: ANN401 - lxml has no types
    """Lengths of error bars: cells of the workbook, and what they hold."""
    made = etree.Element(qn(f"c:{name}"))
    to = etree.SubElement(made, qn("c:numRef"))
    etree.SubElement(to, qn("c:f")).text = f"{SHEET}!${column}$2:${column}${len(reach) + 1}"
    held = etree.SubElement(to, qn("c:numCache"))
    etree.SubElement(held, qn("c:formatCode")).text = "General"
    etree.SubElement(held, qn("c:ptCount")).set("val", str(len(reach)))
    for place, length in enumerate(reach):
        point = etree.SubElement(held, qn("c:pt"))
        point.set("idx", str(place))
        etree.SubElement(point, qn("c:v")).text = repr(length)
    return made


def chart_workbook(bars: Bars, on: pd.Timestamp) -> bytes:
    """The workbook of a chart: names, values, ends of intervals; no formula, and dated alike.

    >>> made = Bars("Shares", ("=1+1",), (Figure("share", 0.25, 0.2, 0.3, unit="share"),), "t")
    >>> chart_workbook(made, pd.Timestamp("2026-06-30"))[:2]
    b'PK'
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {**OPTIONS, "in_memory": True}) as book:
        book.set_properties({"created": on.to_pydatetime()})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, 0, 44)
        for place, heading in enumerate((HEADINGS[0], bars.heading, *HEADINGS[2:])):
            sheet.write_string(0, place, cell_text(heading))
        rows = zip(_categories(bars), bars.figures, strict=True)
        for row, (name, figure) in enumerate(rows, start=1):
            sheet.write_string(row, 0, name)
            sheet.write_number(row, 1, _number(figure.value))
            if figure.low is not None and figure.high is not None:
                numbers = (figure.low, figure.high, *_reach(figure))
                for place, number in enumerate(numbers, start=2):
                    sheet.write_number(row, place, number)
    return dated_alike(buffer.getvalue())
