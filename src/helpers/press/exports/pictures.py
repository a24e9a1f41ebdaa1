"""The charts of a built page, as other formats show them: picture, title, words and base."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

__all__ = ["Aspect", "Picture", "aspects", "picture", "texts_of_charts"]

CHART = ".//figure[contains(@class, 'chart')][not(ancestor::details)]"
PNG = "data:image/png;base64,"


@dataclass(frozen=True)
class Picture:
    """A chart as its page shows it."""

    title: str
    alt: str  # what it shows, in words and numbers
    legend: str  # base, intervals, how to read it; empty where nothing is said
    content: bytes  # of a PNG
    width: int  # on the page, in CSS pixels
    height: int


@dataclass(frozen=True)
class Aspect:
    """A finding of the first page: its heading, what it says, and its small chart."""

    heading: str
    said: str
    shown: Picture | None


def picture(page: Path) -> Picture | None:
    """The first chart of a chapter's page, which its answer is read from; or none."""
    return next(_charts(_article(page)), None)


def texts_of_charts(page: Path) -> Iterator[str]:
    """What is said of each chart of a page: its title, what it shows, and its base."""
    for shown in _charts(_article(page)):
        yield from filter(None, (shown.title, shown.alt, shown.legend))


def aspects(page: Path) -> list[Aspect]:
    """The findings of the first page, in their order."""
    found = _article(page).xpath(".//section[contains(@class, 'aspect')][h2]")
    return [
        Aspect(_words(part.find("h2")), " ".join(map(_words, part.xpath("./p[@class='say']"))),
               next(_charts(part), None))
        for part in found
    ]  # fmt: skip


def _article(page: Path) -> HtmlElement:
    whole = html.fromstring(page.read_text("utf-8"))
    return next(iter(whole.xpath("//article")), whole)


def _charts(part: HtmlElement) -> Iterator[Picture]:
    for figure in part.xpath(CHART):
        for image in figure.iter("img"):
            source = image.get("src", "")
            if source.startswith(PNG):
                yield Picture(
                    " ".join(map(_words, figure.xpath("./p[@class='chart-title']"))),
                    image.get("alt", ""), " ".join(map(_words, figure.iter("figcaption"))),
                    base64.b64decode(source.removeprefix(PNG)),
                    int(image.get("width")), int(image.get("height")),
                )  # fmt: skip


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
