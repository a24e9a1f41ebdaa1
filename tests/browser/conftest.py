"""A browser with the network refused, and a client whose every text is hostile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from whole_runs import FEW, fresh

from helpers.press.book import DARK_CHARTS, with_dark_charts
from helpers.press.safety import safe_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

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
    axe-core, in light and in dark, as far as it holds anything new.
    """
    return lambda book, address="", seen=None: _opened(browser, book, address, seen)


def _opened(browser: Browser, book: Path, address: str, seen: set[str] | None) -> dict[str, Visit]:
    """Open every page of a book with all else of the network refused."""
    context = browser.new_context(viewport=PHONE, offline=not address)
    page, found = context.new_page(), {}
    console: list[str] = []
    asked: list[str] = []
    own = (address or "file:", "data:")

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(own), refuse)
    page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    for path in sorted(book.rglob("*.html")):
        console.clear()
        asked.clear()
        name = path.relative_to(book).as_posix()
        page.goto(address + name if address else path.as_uri(), wait_until="load")
        page.wait_for_function("() => !document.querySelector('meta[http-equiv=Refresh]')")
        page.wait_for_load_state("load")  # of the page that it led to
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


FED = (
    "accounts", "codebook", "comments", "contacts", "contracts", "financials", "holdings",
    "invitations", "products", "responses",
)  # fmt: skip
STRUCK = "window.struck=1"  # what any text of the client's would do, if anything of it ran
CALLED = 'hostile\' onload="window.struck=1" &amp; ${window.struck=1}`'.translate(
    {ord(sign): None for sign in "{}"}
)  # the folder
SENT = f"<img src=x onerror={STRUCK}> #1 %20 `${{{STRUCK}}}`.csv"  # a file of its
HOSTILE = {
    "script": f"<script>{STRUCK}</script>",
    "handler": f'<img src=x onerror="{STRUCK}">',
    "breaking out": f'"></span></td></figure><svg onload={STRUCK}>',
    "a link": f"[press me](javascript:{STRUCK})",
    "a role": "{math}`x` {ref}`nowhere` {raw-html}`<b>`",
    "a directive": f"```{{raw}} html <script>{STRUCK}</script>```",
    "formulas": r"$5 & $6 \href{javascript:window.struck=1}{x} $$y$$",
    "substitution": "{{ client }} %d {name} {0} {sampling:value}",
    "marks": "_under_ **bold** <b>tag</b> &amp; \\ `code` # no heading",
    "writing": "🚚 Ünïcode שלום 漢字 \u202eright to left",
    "formula": "=1+1|' /C calc'!A0",
    "a template literal": f"${{{STRUCK}}}",
    "the end of a literal": f"`);{STRUCK};(`",
    "a literal in a literal": f"`${{`${{{STRUCK}}}`}}`",
    "an escaped literal": f"\\`${{{STRUCK}}}\\",
    "the end of a script": f"</script><script>{STRUCK}</script>",
    "the end of a title": f"</title><script>{STRUCK}</script>",
    "the end of a style": f"</style><script>{STRUCK}</script>",
    "the end of a text area": f"</textarea></noscript><script>{STRUCK}</script>",
    "a comment": f"<!--><img src=x onerror={STRUCK}>-->",
    "an open comment": "<!-- no end",
    "a script in a comment": f"<!--<script>--><script>{STRUCK}</script>",
    "an instruction": f"<?php {STRUCK} ?><![CDATA[<script>{STRUCK}</script>]]>",
    "upper case": f"<ScRiPt>{STRUCK}</sCrIpT>",
    "a slash for a space": f"<img/src=x/onerror={STRUCK}>",
    "a tag that is not closed": f"<img src=x onerror={STRUCK}//",
    "a null": f"<scr\\0ipt>{STRUCK}</script>",
    "a double bracket": f"<<script>{STRUCK}//<</script>",
    "a handler in quotes": f"' onmouseover='{STRUCK}' autofocus onfocus='{STRUCK}",
    "a handler in double quotes": f'" onmouseover="{STRUCK}" autofocus onfocus="{STRUCK}',
    "a toggle": f"<details open ontoggle={STRUCK}>x</details>",
    "a film": f"<video><source onerror={STRUCK}></video><audio src=x onerror={STRUCK}>",
    "a field": f"<input autofocus onfocus={STRUCK}><select autofocus onfocus={STRUCK}>",
    "a frame": f"<iframe srcdoc='<script>parent.{STRUCK}</script>'></iframe>",
    "a frame that runs": f"<iframe src=javascript:parent.{STRUCK}></iframe>",
    "an object": f"<object data=javascript:{STRUCK}></object><embed src=javascript:{STRUCK}>",
    "a form": f"<form action=javascript:{STRUCK}><button>x</button></form>",
    "a base": "<base href=javascript:/a/-alert(1)///////><base href=//evil.example/>",
    "a refresh": f'<meta http-equiv="refresh" content="0;url=javascript:{STRUCK}">',
    "a moving text": f"<marquee onstart={STRUCK}>x</marquee>",
    "a body": f"<body onload={STRUCK} onpageshow={STRUCK}>",
    "SVG": f"<svg><script>{STRUCK}</script><animate onbegin={STRUCK} attributeName=x></svg>",
    "SVG and HTML": f"<svg><foreignObject><img src=x onerror={STRUCK}></foreignObject></svg>",
    "MathML": f'<math><maction actiontype="statusline" xlink:href="javascript:{STRUCK}">x</math>',
    "a mutation": f"<math><mtext><table><mglyph><style><img src=x onerror={STRUCK}>",
    "CSS": f"<style>@import 'javascript:{STRUCK}';*{{display:none!important}}</style>",
    "a style": f"<p style=\"background:url(javascript:{STRUCK});position:fixed;inset:0\">x",
    "an HTML link": f'<a href="javascript:{STRUCK}">x</a>',
    "a hidden link": f'<a href="&#106;ava\tscript&colon;{STRUCK}">x</a>',
    "data as a link": f"<a href='data:text/html,<script>{STRUCK}</script>'>x</a>",
    "an automatic link": f"<javascript:{STRUCK}> <http://evil.example/> https://evil.example/x",
    "a picture in Markdown": f'![x](x "onerror={STRUCK}") ![x](javascript:{STRUCK})',
    "a reference": f"[x][y] [y]: javascript:{STRUCK}",
    "an attribute in Markdown": f"[x](y){{onclick={STRUCK}}} {{#main-content .hidden}}",
    "a colon fence": f":::{{raw}} html <script>{STRUCK}</script> :::",
    "a directive of reST": f".. raw:: html <script>{STRUCK}</script>",
    "roles": "{download}`/etc/passwd` {doc}`/conf` {eval-rst}`x` {glue}`x` :raw:`x`",
    "an inclusion": "{include} /etc/passwd {literalinclude} ../../client.yml",
    "Jinja": "{{7*7}} {% raw %} {%import os%}{{os.system('x')}} {# x #}",
    "a template of another kind": "#{7*7} <%= 7*7 %> ${7*7} {{constructor.constructor('x')()}}",
    "YAML": "a: b # c - [x, {y: z}] !!python/object:os.system &a *a | >",
    "JSON": '"}],"x":[{"y":"\\u003cscript\\u003e',
    "an entity": f"&#60;script&#62;{STRUCK}&#60;/script&#62; &#x3C;img src=x&#x3E;",
    "wide signs": f"＜script＞{STRUCK}＜/script＞",
    "signs of direction": f"\u2067<script>\u2069{STRUCK}\u202d</script>\u202c",
    "signs that are not seen": f"<scr\u200bipt>{STRUCK}</scr\u2060ipt>\ufeff",
    "signs on signs": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "a format": "%s%s%n %(name)s {0.__class__} {!r} \\x41 \\N{BULLET} \\1",
    "a path": "../../../etc/passwd C:\\windows\\win.ini file:///etc/passwd",
    "a command": "'; DROP TABLE accounts; -- $(touch x) `touch x` | touch x",
    "TeX": r"\input{/etc/passwd} \write18{x} \unsafe{x} $\class{x}{y}$ \(z\)",
}  # fmt: skip
PICTURE = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="{STRUCK}">
<script>{STRUCK}</script><a href="javascript:{STRUCK}"><text y="9">Hostile</text></a>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="{STRUCK}"/></foreignObject></svg>
"""


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
    """Half of the demo client, its names, labels, regions and settings hostile text."""
    return once("hostile-client", lambda place: _write_client(project, place / CALLED)) / CALLED


def _write_client(project: Path, folder: Path) -> None:
    folder.mkdir()
    tables = {name: _demo(project, name) for name in FED}
    half = set(tables["accounts"]["account_id"][::2])
    for name in set(FED) - {"codebook", "comments", "products"}:
        tables[name] = tables[name][tables[name]["account_id"].isin(half)].copy()
    answered = tables["comments"]["response_id"].isin(tables["responses"]["response_id"])
    tables["comments"] = tables["comments"][answered].copy()
    _dressed(tables)
    for name, table in tables.items():
        table.to_csv(folder / (SENT if name == "accounts" else f"{name}.csv"), index=False)
    (folder / "client.yml").write_text(_hostile_config(), encoding="utf-8")
    (folder / "<b>logo.svg").write_text(PICTURE, encoding="utf-8")


def _dressed(tables: dict[str, pd.DataFrame]) -> None:
    """Put hostile text wherever a client writes text (the tables are ours to change)."""
    texts = list(HOSTILE.values())

    def cycle(rows: int, start: int = 0) -> list[str]:
        return [f"{texts[(start + i) % len(texts)]} {i}" for i in range(rows)]

    accounts, codebook, contacts = (tables[n] for n in ("accounts", "codebook", "contacts"))
    accounts["name"] = pd.Series(
        cycle(len(accounts)), _largest_first(accounts, tables["financials"])
    )
    for number, column in enumerate(("region", "industry", "owner", "sponsor", "end_reason")):
        said = sorted(set(accounts[column]) - {""})
        new = {name: texts[(20 * number + i) % len(texts)] for i, name in enumerate(said)}
        accounts[column] = accounts[column].map({**new, "": ""})
    codebook["label"] = cycle(len(codebook))
    codebook["text"] = cycle(len(codebook), 30)
    codebook["function"] = codebook["decision"] = HOSTILE["handler"]
    codebook["follow_up_owner"] = HOSTILE["a template literal"]
    contacts["function"] = cycle(len(contacts), 15)
    tables["products"]["name"] = cycle(len(tables["products"]), 45)
    comments = tables["comments"]
    comments["text"] = [
        f"{said} {hostile}" for said, hostile in zip(comments["text"], cycle(len(comments)),
                                                     strict=True)
    ]  # fmt: skip


def _largest_first(accounts: pd.DataFrame, financials: pd.DataFrame) -> pd.Index:
    """Rows of accounts as their pages are made, so that each text is the name of one."""
    recent = financials[financials["period"] > "2025-06-30"]
    revenue = recent["revenue"].astype(float).groupby(recent["account_id"]).sum()
    ranked = accounts.assign(
        ended=accounts["end_date"] != "", revenue=accounts["account_id"].map(revenue).fillna(0)
    )
    return ranked.sort_values(["ended", "revenue"], ascending=[True, False]).index


def _demo(project: Path, table: str) -> pd.DataFrame:
    path = project / "data" / "northfield" / f"{table}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _hostile_config() -> str:
    """A ``client.yml``: JSON is YAML too, and quotes whatever stands in it."""
    few = {
        "sampling": {"margins": ["tier", "region"]},
        "accounts": {"most_pages": len(HOSTILE)},
        **FEW,
    }
    return json.dumps(
        {
            "name": " ".join(HOSTILE.values()),
            "description": HOSTILE["a directive"],
            "sources": list(HOSTILE.values()),
            "tables": {"accounts": SENT},
            "brand": {"logo": "<b>logo.svg"},
            "report": {
                "author": HOSTILE["script"],
                "contact": HOSTILE["a handler in quotes"],
                "confidentiality": HOSTILE["the end of a script"],
            },
            "currency": "USD",
            "as_of": "2026-06-30",
            "wave": "2026H1",
            "previous_wave": "2025H2",
            "segments": ["tier", "region"],
            "parameters": few,
        },
        ensure_ascii=False,
    )


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
