"""A browser with the network refused, and a client whose every text is hostile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from hostile_client import CALLED, HOSTILE, write
from whole_runs import fresh

from helpers.press.book import DARK_CHARTS, with_dark_charts
from helpers.press.exports.made import made_as
from helpers.press.exports.named import FORMATS
from helpers.press.exports.source import Export, Source
from helpers.press.safety import safe_page
from helpers.study import open_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

Handbook = Callable[..., subprocess.CompletedProcess[str]]
DEMOS = ("northfield", "mobile")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOSTS = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules={HOSTS}"]
PHONE = {"width": 390, "height": 844}
SENTENCES = ".say, .answer, .so-what, .do-next, .aspect p:not(.trust):not(.chart-title)"
LOOK = """sentences => {
  const root = document.documentElement;
  const images = [...document.querySelectorAll('img')];
  const said = [...document.querySelectorAll(sentences)].map(element => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll('span.figure, span.owner').forEach(figure => figure.remove());
    return copy.textContent;
  });
  const quoted = [...document.querySelectorAll('[data-figure]')];
  return {
    wider: root.scrollWidth - root.clientWidth,
    title: document.title,
    silent: images.filter(image => !(image.alt || '').trim()).map(image => image.outerHTML),
    broken: images.filter(image => image.complete && !image.naturalWidth).map(image => image.alt),
    numbers: said.filter(text => /[0-9]/.test(text)),
    figures: quoted.map(figure => figure.dataset.figure),
    struck: window.struck === undefined ? null : window.struck,
  };
}"""

KINDS = """() => {
  const kind = (one) => `${one.tagName}.${[...one.classList].sort().join('.')}` +
    ['role', 'scope', 'tabindex'].map(name => `[${one.getAttribute(name)}]`).join('');
  return [...document.querySelectorAll('body *')]
    .filter(one => one.tagName === 'svg' || !one.closest('svg'))
    .map(one => `${kind(one.parentElement)} > ${kind(one)}`);
}"""  # what is on a page: every element as one style or script may know it, in what holds it
THIN = """() => document.querySelectorAll('tbody').forEach(body => {
  const seen = new Set();
  for (const row of [...body.rows]) {
    const made = row.innerHTML.replace(/>[^<]+/g, '>').replace(/ (?!class=)[\\w-]+="[^"]*"/g, '');
    if (seen.has(made)) row.remove();
    seen.add(made);
  }
})"""  # of rows that are made alike, one is enough
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
THEME = (
    """mode => ['mode', 'theme'].forEach(key => { document.documentElement.dataset[key] = mode })"""
)
ASKS_NOTHING = {"preload": False}  # style sheets, which a page from disk may not read a second time
BY_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RULES = {
    "light": {"resultTypes": ["violations"], **ASKS_NOTHING},
    "dark": {**BY_COLOUR, **ASKS_NOTHING},
}


def broken_rules(page: Page, modes: Iterable[str]) -> dict[str, list[str]]:
    """Rules of axe-core that an open page breaks: all in light, and in dark those of colours."""
    page.add_style_tag(content=STILL)
    page.evaluate(THIN)
    found: dict[str, list[str]] = {}
    for mode in modes:
        page.evaluate(THEME, mode)
        for rule in Axe().run(page, options=RULES[mode]).response["violations"]:
            found[f"{mode}: {rule['id']}"] = [node["html"][:200] for node in rule["nodes"]]
    return found


def _modes(page: Page, name: str, seen: set[str]) -> list[str]:
    """In which modes a page has anything that no page before it had; it is noted as seen.

    One template makes the pages of accounts, and every book has the same pages of prose. Colours
    hang on the kinds of elements alone.
    """
    article = str(page.evaluate("(document.querySelector('article') || document.body).innerHTML"))
    kinds = {*page.evaluate(KINDS)} - seen
    light = kinds or (article not in seen and not name.startswith("accounts/"))
    seen |= {article, *kinds}
    return [*(["light"] if light else []), *(["dark"] if kinds else [])]


@dataclass
class Visit:
    """What one page showed, said to the console and asked other hosts for."""

    look: dict
    broken: dict[str, list[str]] = field(default_factory=dict)  # rules of axe-core, by mode
    console: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def reports(project: Path, handbook_in: Handbook, once) -> dict[str, Path]:
    """The demo clients' reports: those of ``make report`` where they are newer than the sources."""
    build = project / "build"

    def make(place: Path) -> None:
        done = handbook_in(project, "run", *DEMOS, "--output", place)
        assert done.returncode == 0, done.stdout + done.stderr

    if not all(fresh(project, build / name) for name in DEMOS):
        build = once("demos", make)
    return {name: build / name for name in DEMOS}


@pytest.fixture(scope="session")
def source_of() -> Callable[[Path, Path], Source]:
    """What a demo client's report gives to other formats, which go into a folder."""

    def source(report: Path, folder: Path) -> Source:
        folder.mkdir(exist_ok=True)
        return Source(open_study(report.name), report / "results", report / "book", folder)

    return source


@pytest.fixture(scope="session")
def exports(reports, source_of, once) -> tuple[Source, dict[str, Export], float]:
    """Every format of northfield, and the processor's seconds for all of them."""
    told = "made.json"

    def make(place: Path) -> None:
        source = source_of(reports["northfield"], place / "exports")
        began = sum(os.times()[:4])  # of this process and of those that it waited for
        made = {name: made_as(name, source) for name in FORMATS}
        seconds = sum(os.times()[:4]) - began
        files = {name: [[*map(str, one.files)], one.missing] for name, one in made.items()}
        (place / told).write_text(json.dumps([files, seconds]), encoding="utf-8")

    place = once("formats", make)
    files, seconds = json.loads((place / told).read_text(encoding="utf-8"))
    made = {name: Export(tuple(map(Path, of)), missing) for name, (of, missing) in files.items()}
    return source_of(reports["northfield"], place / "exports"), made, seconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = "no Chromium here: install chromium to open the books in a browser"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def opened(browser: Browser) -> Callable[..., dict[str, Visit]]:
    """Open every page of a book, on a phone's screen: from disk, or from an address.

    With a set of what was seen before, which it adds to, every page is held against the rules of
    axe-core, in light and in dark, as far as it holds anything new. Of pages whose names begin
    ``alike`` one is opened.
    """

    def every_page(book: Path, address: str = "", seen: set[str] | None = None, alike: str = "\0"):
        pages = {path.relative_to(book).as_posix(): path for path in sorted(book.rglob("*.html"))}
        more = [name for name in pages if name.startswith(alike)][1:]
        kept = {name: path for name, path in pages.items() if name not in more}
        return _opened(browser, kept, address, seen)

    return every_page


def _opened(
    browser: Browser, pages: Mapping[str, Path], address: str, seen: set[str] | None
) -> dict[str, Visit]:
    """Open pages of a book, by their names, with all else of the network refused."""
    context = browser.new_context(viewport=PHONE, offline=not address)
    page, found = context.new_page(), {}
    console: list[str] = []
    asked: list[str] = []
    own = (address or "file:", "data:")

    def note(request: Request) -> None:  # to look at each on its way would take half of the time
        if not request.url.startswith(own):
            asked.append(request.url)

    page.on("request", note)
    page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    for name, path in pages.items():
        console.clear()
        asked.clear()
        page.goto(address + name if address else path.as_uri(), wait_until="load")
        if name == "index.html":  # it leads to the first page
            page.wait_for_function("() => !document.querySelector('meta[http-equiv=Refresh]')")
            page.wait_for_load_state("load")
        found[name] = visit = Visit(page.evaluate(LOOK, SENTENCES))
        visit.console, visit.asked = [*console], [*asked]
        if seen is not None and (modes := _modes(page, name, seen)):
            visit.broken = broken_rules(page, modes)
    context.close()
    return found


STATIC = Path(__file__).resolve().parents[2] / "book" / "_static"
GROUND = {"light": "#ffffff", "dark": "#121212"}  # of the theme


@pytest.fixture(scope="session")
def in_the_books_style() -> Callable[..., None]:
    """Write a page of its own, in the book's style and under its policy, scripts beside it."""
    return _write_page


def _write_page(
    file: Path, inside: str, *, mode: str = "light", scripts: tuple[str, ...] = ()
) -> None:
    for name in scripts:
        shutil.copyfile(STATIC / name, file.parent / name)
    loaded = "".join(f'<script defer src="{name}"></script>' for name in scripts)
    style = (STATIC / "handbook.css").read_text(encoding="utf-8")
    ground = (
        f"body {{ background: {GROUND[mode]} }} html {{ --pst-color-background: {GROUND[mode]} }}"
    )
    page = safe_page(
        f'<!DOCTYPE html><html lang="en" data-theme="{mode}"><head><meta charset="utf-8">'
        f"<title>A page</title><style>{style} {ground} body {{ color: var(--handbook-ink) }} "
        "a { color: var(--pst-color-link) }</style>"
        '</head><body><main class="bd-main"><div class="bd-content"><article class="bd-article">'
        f"<h1>A page</h1>{inside}{loaded}</article></div></main></body></html>"
    )
    turned = (STATIC / DARK_CHARTS).read_text(encoding="utf-8")
    file.write_text(with_dark_charts(page, turned), encoding="utf-8")


@dataclass(frozen=True)
class HostileReport:
    """The demo client with hostile text wherever a client writes, and its report."""

    client: Path
    first: Path


@pytest.fixture(scope="session")
def hostile_texts() -> list[str]:
    """Every text that may not run, as a reader sees it."""
    return [" ".join(text.split()) for text in HOSTILE.values()]


@pytest.fixture(scope="session")
def hostile_client(project: Path, once) -> Path:
    """Half of the demo client, every text in it hostile."""
    return once("hostile-client", lambda place: write(project, place / CALLED)) / CALLED


@pytest.fixture(scope="session")
def hostile_report(
    project: Path, hostile_client: Path, handbook_in: Handbook, once
) -> HostileReport:
    """The report of the hostile client."""
    build = once("first", lambda place: _reported(handbook_in, project, hostile_client, place))
    return HostileReport(hostile_client, build / CALLED)


@pytest.fixture(scope="session")
def hostile_again(project: Path, hostile_client: Path, handbook_in: Handbook, once) -> Path:
    """A second report of the hostile client, made from nothing."""
    build = once("again", lambda place: _reported(handbook_in, project, hostile_client, place))
    return build / CALLED


def _reported(handbook_in: Handbook, project: Path, client: Path, build: Path) -> None:
    done = handbook_in(project, "run", os.path.relpath(client, project), "--output", build)
    assert done.returncode == 0, done.stdout + done.stderr
