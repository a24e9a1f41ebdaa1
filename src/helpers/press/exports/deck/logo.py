"""The client's logo on a slide: a picture as it is, one of lines as Chromium draws it."""

from __future__ import annotations

import base64
import io
import re
from typing import Any
from xml.etree import ElementTree

from pptx.util import Inches

from helpers.press.exports.deck.drawing import add_text, describe
from helpers.press.exports.deck.theme import WIDE, Box
from helpers.press.exports.pdf.chromium import NotPrinted, browser, pictured
from helpers.study import Study
from helpers.study.logo import clean_svg

__all__ = ["add_logo", "logo_of"]

PICTURES = (".png", ".jpg", ".jpeg")
LONGEST = 1200  # pixels of the longer side of a picture that was drawn
WIDEST = 8.0  # of a logo: its longer side over the shorter
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PAGE = (
    "<!DOCTYPE html><meta http-equiv=Content-Security-Policy "
    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    "<style>html,body{{margin:0}}img{{display:block;width:100vw;height:100vh;"
    'object-fit:contain}}</style><img src="data:image/svg+xml;base64,{}">'
)


def logo_of(study: Study) -> bytes | None:
    """The logo as PowerPoint can show it; nothing where there is none, or none can be drawn."""
    name = study.config.brand.logo
    if name is None:
        return None
    path = study.folder / name
    if path.suffix.lower() in PICTURES:
        return path.read_bytes()
    content = clean_svg(path.read_bytes())
    try:
        page = PAGE.format(base64.b64encode(content).decode())
        return pictured(page, browser(), *_pixels(content))
    except NotPrinted:
        return None


def _pixels(content: bytes) -> tuple[int, int]:
    """Width and height to draw an SVG in, in its own proportions.

    >>> _pixels(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 55"/>')
    (1200, 300)
    """
    root = ElementTree.fromstring(content)
    sides = [float(n) for n in NUMBER.findall(root.get("viewBox", ""))[2:4]]
    if len(sides) < 2:
        told = (NUMBER.match(root.get(side, "")) for side in ("width", "height"))
        sides = [float(one[0]) for one in told if one]
    wide, tall = sides if len(sides) == 2 and min(sides) > 0 else (1.0, 1.0)
    longer = max(wide, tall)
    least = longer / WIDEST
    return tuple(round(LONGEST * max(side, least) / longer) for side in (wide, tall))  # type: ignore[return-value]


def add_logo(shapes: Any, study: Study, picture: bytes | None, box: Box) -> None:  # noqa: ANN401 - as of python-pptx
    """Put the logo into a box, as large as it fits: at the edge that is nearer.

    A client that has one which cannot be drawn here has its name there.
    """
    left, top, wide, tall = box
    if picture is None and study.config.brand.logo is not None:
        add_text(shapes, box, [study.name], sizes=(14, 13, 12), bold=True, colour="accent",
                 name="Client")  # fmt: skip
    if picture is None:
        return
    shape = shapes.add_picture(io.BytesIO(picture), Inches(left), Inches(top))
    scale = min(Inches(wide) / shape.width, Inches(tall) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    if left > WIDE / 2:
        shape.left = Inches(left + wide) - shape.width
    shape.name = "Logo"
    describe(shape, f"Logo of {study.name}")
