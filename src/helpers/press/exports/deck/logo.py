"""The client's logo on a slide: a picture as it is; for one that is drawn in lines, the name."""

from __future__ import annotations

from typing import Any

from pptx.util import Inches

from helpers.press.exports.deck.drawing import add_text, describe
from helpers.press.exports.deck.theme import Box
from helpers.study import Study

__all__ = ["add_logo"]

PICTURES = (".png", ".jpg", ".jpeg")


def add_logo(shapes: Any, study: Study, box: Box) -> None:  # noqa: ANN401 - as of python-pptx
    """Put the logo into a box, as large as it fits; the client's name where PowerPoint has none."""
    left, top, wide, tall = box
    logo = study.config.brand.logo
    path = study.folder / logo if logo else None
    if path is None:
        return
    if path.suffix.lower() not in PICTURES:
        add_text(shapes, box, [study.name], sizes=(14, 13, 12), bold=True, colour="accent",
                 name="Client")  # fmt: skip
        return
    picture = shapes.add_picture(str(path), Inches(left), Inches(top))
    scale = min(Inches(wide) / picture.width, Inches(tall) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = Inches(left + wide) - picture.width if left > wide * 2 else Inches(left)
    picture.name = "Logo"
    describe(picture, f"Logo of {study.name}")
