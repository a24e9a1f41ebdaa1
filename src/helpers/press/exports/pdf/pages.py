"""The pages of a built book in reading order, each as it goes on paper."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import html
from lxml.html import HtmlElement

from helpers.errors import HandbookError
from helpers.press.edition import for_client
from helpers.press.exports.pdf.widths import ACROSS, CUT, fit

__all__ = ["Leaf", "leaves"]

ASKED = "asked"  # a question and its tables: folded on a screen, and nothing without them
OPENED = (ASKED, "raw-comments")  # what folds away and is printed; the rest is left out
SCREEN_TAGS = ("script", "button", "input", "select")
WRAPPERS = ("picture", "source")  # a parser that does not know `source` puts the image into it
SCREEN = (  # and what the PDF's own cover says, and what is for analysts
    "headerlink", "account-tools", "account-files", "map-live", "toctree-wrapper", "only-dark",
    "analyst", "cover",
)  # fmt: skip
FRAMES = {"figure": "plate", "figcaption": "legend"}
FOR_SCRIPTS = ("tabindex", "title", "data-sort", "data-at", "data-kind", "role")
REFRESH = re.compile(r'content="0; url=([\w./-]+)"')
SECTION = "section"
SHORT = 900  # letters of a last section that does not go on a page of its own


@dataclass(frozen=True)
class Leaf:
    """One page of the book: its name and title, the part that it belongs to, what it says."""

    name: str
    title: str
    part: str
    content: str  # as it goes on paper
    source: str  # the words of the whole page, as they were checked against the results
    heads: str  # those of its headings of tables, which stand on every page that a table is on
    closer: int = 0  # how much closer it is set, so that it does not end with a few lines on a page


def leaves(book: Path) -> list[Leaf]:
    """The pages of a client's edition in the order of its side bar, as they go on paper.

    What folds away is left out but for questions and comments, which are opened. Links lead
    to places among the pages; those that lead elsewhere become plain words.

    Raises
    ------
    HandbookError
        When the book has no first page, or its side bar names a page that is not there.
    """
    listed = list(_listed(book))
    names = {path: PurePosixPath(path).stem for path, _, _ in listed}
    return [_leaf(book, path, title, part, names) for path, title, part in listed]


def _leaf(book: Path, path: str, title: str, part: str, names: Mapping[str, str]) -> Leaf:
    article = _article(book, path)
    source, heads = _words(article), " ".join(map(_words, article.iter("thead")))
    _on_paper(article, path, names)
    source += f" {' '.join(_added(article))}"
    inside = "".join(html.tostring(part, encoding="unicode") for part in article)
    return Leaf(names[path], title, part, inside, source, heads)


def _added(article: HtmlElement) -> Iterator[str]:
    """What paper says that the page does not: rows of a list that is cut, numbers of a list."""
    yield from map(_words, article.xpath(f".//p[{_of(CUT)}]"))
    for listed in article.iter("ol"):
        yield from (str(place) for place, _ in enumerate(listed.findall("li"), 1))


def _words(element: HtmlElement) -> str:
    return " ".join(element.itertext())


def _listed(book: Path) -> Iterator[tuple[str, str, str]]:
    """Each page's path in the book, its title and its part, as the first page's side bar says."""
    first = REFRESH.search((book / "index.html").read_text("utf-8"))
    if first is None:
        raise HandbookError("the book's index names no first page")
    page, part = html.fromstring((book / first[1]).read_text("utf-8")), ""
    for element in page.xpath(f"//nav[{_of('bd-docs-nav')}]//*[{_of('caption')} or self::a]"):
        words = " ".join(element.text_content().split())
        if element.tag == "a":
            path = _led(first[1], element.get("href"))[0] or first[1]
            if for_client(path.removesuffix(".html")):
                yield path, words, part
        else:
            part = words


def _of(name: str) -> str:
    """The XPath test whether an element is of a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _led(page: str, href: str) -> tuple[str, str]:
    """The path in the book and the place on it to which a link of a page leads."""
    path, _, place = href.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else "", place


def _article(book: Path, path: str) -> HtmlElement:
    if not (book / path).is_file():
        raise HandbookError(f"the book's side bar names {path}, which is not there")
    page = html.fromstring((book / path).read_text("utf-8"))
    found = page.xpath(f"//article[{_of('bd-article')}]")
    if not found:
        raise HandbookError(f"{path} is no page of a book")
    return found[0]


def _on_paper(article: HtmlElement, path: str, names: Mapping[str, str]) -> None:
    """Take away what serves a screen alone, and fit the rest to paper."""
    _without_screen(article)
    for folded in article.xpath(".//details"):
        _open(folded) if set(folded.get("class", "").split()) & set(OPENED) else folded.drop_tree()
    _without_bare_headings(article)
    for table in article.xpath(".//table"):
        fit(table)
    for last in article.xpath("./section/section[last()]"):
        if len(_words(last)) < SHORT and not last.xpath(".//img|.//table"):
            last.set("class", "tail")
    _begun_across(article)
    _led_inside(article, path, names)


def _without_screen(article: HtmlElement) -> None:
    unwanted = " or ".join((*(f"self::{tag}" for tag in SCREEN_TAGS), *map(_of, SCREEN)))
    for element in article.xpath(f".//*[{unwanted}]"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in article.iter():
        for name in FOR_SCRIPTS:
            element.attrib.pop(name, None)
    for wrapper in article.xpath(f".//*[{' or '.join(f'self::{tag}' for tag in WRAPPERS)}]"):
        wrapper.drop_tag()
    for frame in list(article.iter("figure", "figcaption")):  # a picture alone is read aloud as one
        old = frame.get("class", "")
        frame.set("class", f"{old} {FRAMES[frame.tag]}".strip())
        frame.tag = "div"
    for comment in article.xpath(".//comment()"):
        comment.drop_tree()


def _open(folded: HtmlElement) -> None:
    """What folds away, open: its title is a heading of the level below a section's."""
    folded.tag = "div"
    for summary in folded.xpath("./summary"):
        summary.tag = "h3"


def _without_bare_headings(article: HtmlElement) -> None:
    """Sections that say nothing but their heading go."""
    for section in article.xpath(f".//{SECTION}[h2]"):
        text = "".join(section.text_content().split())
        heading = "".join(section.find("h2").text_content().split())
        if text == heading and not section.xpath(".//img|.//svg"):
            section.drop_tree()


def _begun_across(article: HtmlElement) -> None:
    """A page whose first section lies across does so from its title on."""
    for first in article.xpath(f"./section[section[1][{_of(ACROSS)}]]"):
        first.set("class", ACROSS)


def _led_inside(article: HtmlElement, path: str, names: Mapping[str, str]) -> None:
    """Places are named after their page; links lead to them, or are words."""
    name = names[path]
    for element in article.xpath(".//*[@id]"):
        element.set("id", f"{name}--{element.get('id')}")
    for link in article.xpath(".//a[@href]"):
        to, place = _led(path, link.get("href"))
        target = names.get(to or path)
        if target is None:
            link.drop_tag()
        else:
            link.set("href", f"#{target}--{place}" if place else f"#{target}")
