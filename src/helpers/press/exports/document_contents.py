"""The contents of the Word document: its headings in their order, each with its page.

Each line is a link, and its page a field: Word reckons it anew when it prints, and shows until
then the number that is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length
from docx.text.paragraph import Paragraph

__all__ = ["add_contents"]

PAGE = r"PAGEREF {} \h"  # the page on which a heading is
FIELD = r'TOC \o "1-2" \h \z \u'  # by which an editor renews it, with numbers of pages
KINDS = ("begin", "separate", "end")
INDENT = Cm(0.5)
LEVELS = {"Heading 1": 1, "Heading 2": 2}


def add_contents(
    document: Document, style: str, width: Length, *, whole: Sequence[str], pages: Sequence[int]
) -> None:
    """List the headings before the first one, in a field that an editor can renew.

    Parameters
    ----------
    style
        Of each line.
    whole
        Headings of the first level under which those of the second are told.
    pages
        The page of each; empty where they are not known, and none is shown.
    """
    told = _told(document, whole)
    if not told:
        return
    first = told[0][0]
    lines = [first.insert_paragraph_before(style=style) for _ in told]
    for part in ("begin", FIELD, "separate"):
        lines[0]._p.append(_field(part))
    for line in lines:
        line.paragraph_format.tab_stops.add_tab_stop(
            width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
    for number, ((heading, level), line) in enumerate(zip(told, lines, strict=True)):
        line.paragraph_format.left_indent = (level - 1) * INDENT
        _marked(heading, number)
        page = str(pages[number]) if pages else ""
        line._p.append(_link(heading.text, number, page))
    lines[-1]._p.append(_field("end"))


def _told(document: Document, whole: Sequence[str]) -> list[tuple[Paragraph, int]]:
    found, under = [], ""
    for paragraph in document.paragraphs:
        level = LEVELS.get(str(paragraph.style.name) if paragraph.style else "", 0)
        under = paragraph.text if level == 1 else under
        if level == 1 or (level and under in whole):
            found.append((paragraph, level))
    return found


def _field(part: str) -> Any:  # noqa: ANN401 - lxml has no types
    """A run that begins, says, parts or ends a field."""
    run, is_code = OxmlElement("w:r"), part not in KINDS
    made = OxmlElement("w:instrText" if is_code else "w:fldChar")
    if is_code:
        made.text = part
    else:
        made.set(qn("w:fldCharType"), part)
    run.append(made)
    return run


def _marked(heading: Paragraph, number: int) -> None:
    """Give a heading the name that its line in the contents links to."""
    for place, kind in ((0, "Start"), (None, "End")):
        mark = OxmlElement(f"w:bookmark{kind}")
        mark.set(qn("w:id"), str(number))
        if kind == "Start":
            mark.set(qn("w:name"), _name(number))
        runs = heading._p.findall(qn("w:r"))
        if place is None:
            runs[-1].addnext(mark)
        else:
            runs[0].addprevious(mark)


def _link(text: str, number: int, page: str) -> Any:  # noqa: ANN401 - lxml has no types
    """A heading's words and, where it is known, its page, as a link to its place."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _name(number))
    link.append(_run(text))
    if page:
        link.append(_run(""))
        parts = ("begin", PAGE.format(_name(number)), "separate", page, "end")
        for part in parts:
            link.append(_run(part) if part == page else _field(part))
    return link


def _run(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """A run of a text, or of the tab before a page."""
    run = OxmlElement("w:r")
    said = OxmlElement("w:t" if text else "w:tab")
    said.text = text or None
    run.append(said)
    return run


def _name(number: int) -> str:
    return f"_Toc{number:08d}"
