"""The client's edition of a report: its chapters, how to read them, the glossary, and no more.

It is taken from the built book of the analyst, whose edition holds all. Pages for analysts and
code are left out, with every way that led to them; no file stays that no page leads to.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from urllib.parse import unquote, urlsplit

from lxml import html

from helpers.errors import HandbookError, refuse
from helpers.press.leaks import leaks
from helpers.press.search_index import index_book
from helpers.press.small_bases import small_bases
from helpers.study import Study
from helpers.study.config import Config

__all__ = ["client_edition", "dead_links", "for_client"]

READING = ("book/how_to_read", "book/glossary", "book/more_data")
ANALYSTS = ("notebooks/run_card", "notebooks/planted_truths", "genindex")
STARTS = ("index.html", "search.html")  # where readers come in; the search is written by a script
DROPPED = (  # of a page: code, what is marked for analysts, and scripts that only code needs
    "//article//details[contains(@class, 'sd-dropdown')]",
    "//*[contains(concat(' ', @class, ' '), ' analyst ')]",
    "//link[@rel='index' or @rel='next' or @rel='prev' or contains(@href, 'copybutton')]",
    "//script[contains(@src, 'copybutton') or contains(@src, 'clipboard')]",
)
CSS_LINK = re.compile(r"(?:url\(\s*[\"']?|@import\s*[\"'])([^)\"']+)")
REFRESH = re.compile(r"(?i)\burl=(.*)")
LINKS = ("href", "src")
NEIGHBOURS = {"left-prev": -1, "right-next": 1}  # classes of the links at a page's foot
Order = Sequence[tuple[str, str]]  # pages in reading order: name and title


def for_client(name: str) -> bool:
    """Whether a page, by its path in the book without ending, is in the client's edition.

    >>> for_client("notebooks/loyalty"), for_client("book/method_loyalty")
    (True, False)
    """
    return name in READING if name.startswith("book/") else name not in ANALYSTS


def client_edition(book: Path, study: Study | Config, target: Path) -> None:
    """Make the client's edition of a built book in a folder that is not there yet.

    Its pages work from disk and on any static host. The same book gives the same bytes.

    Raises
    ------
    HandbookError
        Where the folder is there, or the edition would hold what nobody but its makers may see
        (paths, names of users and hosts, secrets, files of results, figures of too few people)
        or a link that leads nowhere.
    """
    if target.exists():
        raise HandbookError(f"{target.name} is there already: an edition is made in a new folder")
    _write(book, target)
    policy = study.policy
    small = small_bases(target, policy.smallest_base.suppress, policy.employees.numbers)
    faults = [*dead_links(target), *leaks(target), *small]
    refuse(faults, "the client's edition may not leave the house")


def _write(book: Path, target: Path) -> None:
    """Put in place what readers can reach from the first page, and the search."""
    order = reading_order(book)
    waiting, seen = [*STARTS], {*STARTS}
    while waiting:
        name = waiting.pop()
        for link in _put(book, target, name, order):
            if link not in seen and (book / link).is_file():
                seen.add(link)
                waiting.append(link)
    index_book(target)


def _put(book: Path, target: Path, name: str, order: Order) -> set[str]:
    """Put one file into the edition; what it leads to comes back."""
    source, place = book / name, target / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if not name.endswith(".html") or name == STARTS[0]:
        shutil.copyfile(source, place)
    else:
        document = _parsed(source)
        page = name.removesuffix(".html")
        _without_analysts(document, page, order)
        place.write_text(html.tostring(document.getroottree(), encoding="unicode"), "utf-8")
    return {link for _, link in _links(place, name)}


def _parsed(path: Path) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.document_fromstring(path.read_bytes(), parser=parser)


def reading_order(book: Path) -> Order:
    """The pages of the edition as the side bar lists them, each with its title."""
    front = _parsed(book / STARTS[0]).find(".//meta[@http-equiv='Refresh']")
    root = REFRESH.search("" if front is None else front.get("content", ""))
    if root is None:
        raise HandbookError("the book has no first page: make the report again")
    name = root.group(1).removesuffix(".html")
    return [
        (page, " ".join(link.text_content().split()))
        for link in _parsed(book / f"{name}.html").iterfind(".//nav[@aria-label='Main']//a")
        if for_client(page := _target(link.get("href"), f"{name}.html").removesuffix(".html"))
    ]


def _target(link: str, name: str) -> str:
    """Where a link on a page leads, as a path in the book; a bare # leads to the page itself.

    >>> _target("../book/glossary.html#term", "notebooks/loyalty.html")
    'book/glossary.html'
    """
    path = unquote(urlsplit(link).path)
    return normpath(join(dirname(name), path)) if path else name


def _local(link: str | None) -> bool:
    parts = urlsplit(link or "")
    return not parts.scheme and not parts.netloc


def _without_analysts(document: html.HtmlElement, page: str, order: Order) -> None:
    """Take from a page (ours to change) what is for analysts alone."""
    for path in DROPPED:
        for part in document.xpath(path):
            part.drop_tree()
    for link in document.xpath("//a[@href]"):
        if _local(link.get("href")) and not _leads_on(link.get("href"), page):
            _drop(link)
    for title in document.xpath("//nav//p[contains(@class, 'caption')]"):
        listed = title.getnext()
        if listed is not None and listed.tag == "ul" and not listed.findall(".//li"):
            listed.drop_tree()
            title.drop_tree()
    _neighbours(document, page, order)


def _leads_on(link: str, page: str) -> bool:
    target = _target(link, f"{page}.html")
    return not target.endswith(".html") or for_client(target.removesuffix(".html"))


def _drop(link: html.HtmlElement) -> None:
    """A link to a page that is left out: its line in a list of pages goes, its words stay."""
    above = link.getparent()
    if above is not None and above.tag == "li" and "toctree" in above.get("class", ""):
        above.drop_tree()
    elif not set(link.get("class", "").split()) & set(NEIGHBOURS):
        link.drop_tag()


def _neighbours(document: html.HtmlElement, page: str, order: Order) -> None:
    """Lead from the foot of a page to those before and after it in this edition."""
    names = [name for name, _ in order]
    for kind, step in NEIGHBOURS.items():
        for link in document.xpath(f"//a[contains(@class, '{kind}')]"):
            at = names.index(page) + step if page in names else -1
            if not 0 <= at < len(order):
                link.drop_tree()
                continue
            name, title = order[at]
            link.set("href", relpath(f"{name}.html", dirname(page) or "."))
            for text in link.xpath(".//*[contains(@class, 'prev-next-title')]"):
                text.text = title


def _links(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """The links of a file into its own folder: as they are written, and where they lead."""
    for link in _written_links(path):
        if _local(link) and urlsplit(link).path:
            yield link, _target(link, name)


def _written_links(path: Path) -> Iterable[str]:
    if path.suffix == ".css":
        return CSS_LINK.findall(path.read_text(encoding="utf-8"))
    if path.suffix != ".html":
        return ()
    document = _parsed(path)
    links = [part.get(key) for key in LINKS for part in document.xpath(f"//*[@{key}]")]
    fresh = [REFRESH.search(part.get("content", "")) for part in document.iterfind(".//meta")]
    return [*links, *(found.group(1) for found in fresh if found)]


def dead_links(folder: Path) -> list[str]:
    """Links of the pages and styles in a folder that lead to nothing in it, a line each."""
    found: dict[str, None] = {}
    files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*.*"))}
    places = {name: _anchors(path) for name, path in files.items() if path.suffix == ".html"}
    for name, path in files.items():
        for link in _written_links(path):
            if _local(link) and not _is_there(folder, link, name, places):
                found[f"{name} leads to {link}, which is not there"] = None
    return list(found)


def _anchors(path: Path) -> set[str]:
    return {part.get("id") for part in _parsed(path).xpath("//*[@id]")}


def _is_there(folder: Path, link: str, name: str, places: Mapping[str, set[str]]) -> bool:
    target, anchor = _target(link, name), unquote(urlsplit(link).fragment)
    if target.startswith("..") or not (folder / target).is_file():
        return False
    return not anchor or target not in places or anchor in places[target]
