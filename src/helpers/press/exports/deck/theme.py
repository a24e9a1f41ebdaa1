"""An empty deck in the client's colour: one master, one layout, wide slides, no other's traces."""

from __future__ import annotations

import colorsys
import re

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from helpers.study import Study

__all__ = ["FOOTER", "HIGH", "TITLE", "WIDE", "empty_deck", "legible"]

Box = tuple[float, float, float, float]  # left, top, width, height in inches

WIDE, HIGH = 13.333, 7.5  # inches: 16 to 9
FONT = "Arial"  # on every machine
LEGIBLE = 4.5  # contrast of text against white: WCAG AA
LAYOUT = "Title Only"
FOOTER = 10  # points
TITLE: Box = (0.6, 0.38, 10.4, 1.0)
PLACES: dict[str, Box] = {"title": TITLE, "ftr": (0.6, 6.98, 10.4, 0.3),
                          "sldNum": (11.73, 6.98, 1.0, 0.3)}  # fmt: skip
DROPPED = (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
           RELATIONSHIP_TYPE.PRINTER_SETTINGS)  # fmt: skip
LANGUAGE = "en-GB"


def empty_deck(study: Study) -> Deck:
    """A deck without slides: 16 to 9, the client's colour as the theme's first accent."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    _keep_one_layout(deck)
    _themed(deck, study.config.brand.ink)
    _described(deck, study)
    _placed(deck)
    for relations in (deck.part.rels, deck.part.package._rels):
        for name in [name for name, to in relations.items() if to.reltype in DROPPED]:
            relations.pop(name)
    return deck


def _placed(deck: Deck) -> None:
    """Title, footer and page number where slides have them, also for slides that are added."""
    for holders in (deck.slide_master.placeholders, deck.slide_layouts[0].placeholders):
        for shape in list(holders):
            kind = shape.element.ph.get("type")
            if kind in PLACES:
                box = PLACES[kind]
                shape.left, shape.top, shape.width, shape.height = map(Inches, box)
            elif kind == "dt":
                shape.element.getparent().remove(shape.element)
    for style in deck.slide_master.element.iter(qn("a:defRPr")):
        if style.get("sz") == "1200":  # of footer and page number
            style.set("sz", str(100 * FOOTER))
    titles = deck.slide_master.element.find(qn("p:txStyles")).find(qn("p:titleStyle"))
    first = titles.find(qn("a:lvl1pPr"))
    first.set("algn", "l")
    first.find(qn("a:defRPr")).set("sz", "2400")
    first.find(qn("a:defRPr")).set("b", "1")


def _keep_one_layout(deck: Deck) -> None:
    for layout in list(deck.slide_layouts):
        if layout.name != LAYOUT:
            deck.slide_layouts.remove(layout)


def _themed(deck: Deck, colour: str) -> None:
    """The client's colour, one of it that can be read on white, a pale one; and the fonts."""
    master = deck.slide_master.part
    theme = next(
        r.target_part for r in master.rels.values() if r.reltype == RELATIONSHIP_TYPE.THEME
    )
    text = theme.blob.decode("utf-8")
    accents = {"accent1": colour, "accent2": legible(colour), "accent3": _pale(legible(colour)),
               "dk2": "#1d2733", "hlink": legible(colour)}  # fmt: skip
    for name, value in accents.items():
        text = re.sub(
            rf"(<a:{name}>).*?(</a:{name}>)",
            rf'\g<1><a:srgbClr val="{value[1:].upper()}"/>\g<2>', text, flags=re.DOTALL,
        )  # fmt: skip
    text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    theme._blob = text.encode("utf-8")


def legible(colour: str, contrast: float = LEGIBLE) -> str:
    """A colour dark enough to be read on white; itself where it already is.

    >>> legible("#0b5fff"), legible("#ffdd00")
    ('#0b5fff', '#857300')
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    while 1.05 / (_luminance(red, green, blue) + 0.05) < contrast and light > 0:
        light = max(light - 0.01, 0.0)
        red, green, blue = colorsys.hls_to_rgb(hue, light, strength)
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def _luminance(*parts: float) -> float:
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _pale(colour: str, share: float = 0.62) -> str:
    """A colour mixed with white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def _described(deck: Deck, study: Study) -> None:
    """The file's own words: whose it is and of which day, and nobody's name."""
    known, day = deck.core_properties, study.as_of.to_pydatetime()
    known.author = known.last_modified_by = study.name[:200]
    known.title, known.subject = f"{study.name}: {study.wave}"[:200], study.wave[:200]
    known.comments = known.keywords = known.category = ""
    known.created = known.modified = known.last_printed = day
    known.revision, known.language = 1, LANGUAGE
