"""How the Word document looks: styles that an editor can change, header, footer and tables."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt, RGBColor
from docx.table import Table, _Cell

from helpers.press.exports.deck.theme import legible
from helpers.press.exports.pictures import Aspect, Picture
from helpers.press.word_files import safe
from helpers.study import Study

__all__ = [
    "ANSWER", "CONTENTS", "QUESTION", "TEXT_WIDTH", "TRUST", "add_findings", "add_picture",
    "add_table", "dress",
]  # fmt: skip

ANSWER, QUESTION, TRUST = "Answer", "Question", "How far to trust"  # styles of our own
FONT = "Arial"  # on every machine
CONTENTS, CHART = "Contents", "Chart title"
GREY = RGBColor(0x59, 0x59, 0x59)
PAPER = {"page_width": Cm(21), "page_height": Cm(29.7), "left_margin": Cm(2),
         "right_margin": Cm(2), "top_margin": Cm(2.2), "bottom_margin": Cm(2)}  # fmt: skip
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
TOGETHER = 15  # rows of a table that are kept on one page
TEXT_WIDTH = Cm(17)
HIGHEST = Cm(8.5)  # of a picture
BESIDE = 0.55, 0.45  # of the text, what a finding says and its chart
PIXEL = TEXT_WIDTH / 720  # of a page: a wide chart is as wide as the text
BODY, CELL = 10, 8.5  # points
SIZES = {"Title": 24, "Subtitle": 12, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11}


def dress(document: Document, study: Study) -> None:
    """Set paper, fonts, the client's colour, and a header and a footer for every page."""
    ink = RGBColor.from_string(legible(study.config.brand.ink)[1:].upper())
    styles = document.styles
    for name in ("Normal", *SIZES):
        _lettered(styles[name], SIZES.get(name, BODY), None if name == "Normal" else ink)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    styles["Subtitle"].font.italic, styles["Subtitle"].font.color.rgb = False, GREY
    for name, size, colour in (
        (ANSWER, 11.5, None),
        (QUESTION, BODY, GREY),
        (TRUST, CELL, GREY),
        (CONTENTS, BODY, None),
        (CHART, BODY, None),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.next_paragraph_style = styles["Normal"], styles["Normal"]
        _lettered(style, size, colour)
    styles[QUESTION].font.italic = True
    styles[CONTENTS].paragraph_format.space_after = Pt(1)
    styles[CHART].font.bold = True
    for name in (QUESTION, CHART):
        styles[name].paragraph_format.keep_with_next = True
    for line in styles["Title"].element.iter(qn("w:bottom")):  # under the title
        line.set(qn("w:color"), str(ink))
        line.attrib.pop(qn("w:themeColor"), None)
    section = document.sections[0]
    for name, length in PAPER.items():
        setattr(section, name, length)
    _edge(section.header.paragraphs[0], f"{study.name}: customer loyalty, wave {study.wave}", "")
    _edge(section.footer.paragraphs[0], study.cover.get("confidentiality", ""), "PAGE")


def _lettered(style: Any, size: float, colour: RGBColor | None) -> None:  # noqa: ANN401 - of any kind
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # of the theme's own
        fonts.attrib.pop(qn(f"w:{name}"), None)
    if colour is not None:
        style.font.color.rgb = colour


def _edge(paragraph: Any, text: str, field: str) -> None:  # noqa: ANN401
    """A line of the header or the footer: a text, and at the right a field."""
    paragraph.style, paragraph.text = "Normal", safe(text)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), GREY
    if field:
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run("\t")
        _add_field(paragraph, field)


def _add_field(paragraph: Any, field: str) -> None:  # noqa: ANN401
    """A field that Word fills in, such as the number of the page."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8.5), GREY
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = field
        run._r.append(part)


def add_picture(holder: Document | _Cell, shown: Picture) -> None:
    """A chart under its title, with what it shows in words for those who cannot see it."""
    if shown.title:
        holder.add_paragraph(safe(shown.title), style=CHART)
    scale = min(PIXEL, HIGHEST / shown.height)
    line = holder.add_paragraph()
    line.paragraph_format.space_after = Pt(3)
    line.paragraph_format.keep_with_next = bool(shown.legend)
    made = line.add_run().add_picture(BytesIO(shown.content), Emu(int(shown.width * scale)))
    made._inline.docPr.set("descr", safe(shown.alt))
    made._inline.docPr.set("name", f"Chart {made._inline.docPr.get('id')}")
    if shown.legend:
        holder.add_paragraph(safe(shown.legend), style=TRUST)


def add_findings(document: Document, findings: Sequence[Aspect]) -> None:
    """Findings one below the other: what each says, and its small chart beside it."""
    table = document.add_table(rows=len(findings), cols=2)
    table.autofit = False
    for row, one in zip(table.rows, findings, strict=True):
        _kept_whole(row, is_head=False)
        for cell, wide in zip(row.cells, BESIDE, strict=True):
            cell.width = int(TEXT_WIDTH * wide)
        said, drawn = row.cells
        said.paragraphs[0].style, said.paragraphs[0].text = "Heading 3", safe(one.heading)
        said.add_paragraph(safe(one.said))
        if one.shown is not None:
            add_picture(drawn, one.shown)
            _without_first(drawn)
    for column, wide in zip(table.columns, BESIDE, strict=True):
        column.width = int(TEXT_WIDTH * wide)


def _without_first(cell: _Cell) -> None:
    """A cell begins with an empty line, where something else follows it."""
    cell._tc.remove(cell.paragraphs[0]._p)


def add_table(
    document: Document, head: Sequence[str], rows: Sequence[Sequence[str]],
    widths: Sequence[float], numbers: Sequence[int] = (),
) -> Table:  # fmt: skip
    """A table whose head is repeated on each page and whose rows are never cut.

    Parameters
    ----------
    widths
        Of the columns, in parts of the width of the text.
    numbers
        Places of the columns that hold numbers: they stand at the right.
    """
    table = document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = int(TEXT_WIDTH * width / sum(widths))
    for place, cells in enumerate((head, *rows)):
        row = table.rows[place]
        _kept_whole(row, is_head=not place)
        for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = table.columns[at].width
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(safe(text))
            run.bold, run.font.size = not place, Pt(CELL)
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = place < min(len(rows), TOGETHER)
            paragraph.alignment = RIGHT if at in numbers else LEFT
    _bordered(table)
    return table


def _kept_whole(row: Any, *, is_head: bool) -> None:  # noqa: ANN401
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if is_head else ())):
        properties.append(OxmlElement(name))


def _bordered(table: Table) -> None:
    """Thin grey lines between rows, none between columns, and little room beside texts."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        kind = "single" if side in ("top", "bottom", "insideH") else "nil"
        for name, value in (("val", kind), ("sz", "4"), ("space", "0"), ("color", "BFBFBF")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(1).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
