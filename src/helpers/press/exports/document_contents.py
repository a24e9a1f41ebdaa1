"""The contents of the Word document: its headings in their order, each a link to its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

__all__ = ["add_contents"]

FIELD = r'TOC \o "1-2" \h \z \u'  # by which an editor renews it, with numbers of pages
INDENT = Cm(0.5)
LEVELS = {"Heading 1": 1, "Heading 2": 2}


def add_contents(document: Document, style: str, *, whole: Sequence[str]) -> None:
    """List the headings before the first one, in a field that an editor can renew.

    Parameters
    ----------
    style
        Of each line.
    whole
        Headings of the first level under which those of the second are told.
    """
    told = _told(document, whole)
    if not told:
        return
    first = told[0][0]
    lines = [first.insert_paragraph_before(style=style) for _ in told]
    for part in ("begin", FIELD, "separate"):
        lines[0]._p.append(_field(part))
    for number, ((heading, level), line) in enumerate(zip(told, lines, strict=True)):
        line.paragraph_format.left_indent = (level - 1) * INDENT
        _marked(heading, number)
        line._p.append(_link(heading.text, number))
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
    run, is_code = OxmlElement("w:r"), part == FIELD
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


def _link(text: str, number: int) -> Any:  # noqa: ANN401 - lxml has no types
    link, run, said = (OxmlElement(f"w:{name}") for name in ("hyperlink", "r", "t"))
    link.set(qn("w:anchor"), _name(number))
    said.text = text
    run.append(said)
    link.append(run)
    return link


def _name(number: int) -> str:
    return f"_Toc{number:08d}"
