"""A browser with the network refused, and a client whose every text is hostile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

Handbook = Callable[..., subprocess.CompletedProcess[str]]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
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


@dataclass
class Visit:
    """What one page showed, said to the console and asked other hosts for."""

    look: dict
    console: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


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
def opened(browser: Browser) -> Callable[[Path], dict[str, Visit]]:
    """Open every page of a book, on a phone's screen."""
    return lambda book: _opened(browser, book)


def _opened(browser: Browser, book: Path) -> dict[str, Visit]:
    """Open every page of a book with the network refused."""
    context = browser.new_context(viewport=PHONE, offline=True)
    page, found = context.new_page(), {}
    console: list[str] = []
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:")), refuse)
    page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    for path in sorted(book.rglob("*.html")):
        if "_static" in path.parts:
            continue
        console.clear()
        asked.clear()
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_function("() => !document.querySelector('meta[http-equiv=Refresh]')")
        found[str(path.relative_to(book))] = Visit(
            page.evaluate(LOOK, SENTENCES), [*console], [*asked]
        )
    context.close()
    return found


FED = ("accounts", "codebook", "contacts", "contracts", "financials", "invitations", "responses")
STRUCK = "window.struck=1"  # what any text of the client's would do, if anything of it ran
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
}


@dataclass(frozen=True)
class HostileReport:
    """The demo client with hostile text wherever a client writes, and its report."""

    client: Path
    first: Path
    said: str


@pytest.fixture(scope="session")
def hostile_client(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half of the demo client, its names, labels, regions and settings hostile text."""
    folder = tmp_path_factory.mktemp("clients") / "hostile"
    folder.mkdir()
    tables = {name: _demo(project, name) for name in FED}
    half = set(tables["accounts"]["account_id"][::2])
    for name in set(FED) - {"codebook"}:
        tables[name] = tables[name][tables[name]["account_id"].isin(half)].copy()
    texts = list(HOSTILE.values())
    accounts, codebook = tables["accounts"], tables["codebook"]
    accounts["name"] = [f"{texts[i % len(texts)]} {i}" for i in range(len(accounts))]
    regions = {name: texts[i] for i, name in enumerate(sorted(set(accounts["region"])))}
    accounts["region"] = accounts["region"].map(regions)
    codebook["label"] = [f"{texts[i % len(texts)]} {i}" for i in range(len(codebook))]
    codebook["function"] = HOSTILE["handler"]
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "client.yml").write_text(_hostile_config(), encoding="utf-8")
    return folder


def _demo(project: Path, table: str) -> pd.DataFrame:
    path = project / "data" / "northfield" / f"{table}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _hostile_config() -> str:
    """A ``client.yml``: JSON is YAML too, and quotes whatever stands in it."""
    few = {
        "sampling": {"margins": ["tier", "region"]},
        "drivers": {"replicates": 200, "redraws": 60},
        "linkage": {"replicates": 50},
        "value_map": {"replicates": 50},
    }
    return json.dumps(
        {
            "name": " ".join(HOSTILE.values()),
            "description": HOSTILE["a directive"],
            "sources": list(HOSTILE.values()),
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
    project: Path,
    hostile_client: Path,
    handbook_in: Handbook,
    tmp_path_factory: pytest.TempPathFactory,
) -> HostileReport:
    """The report of the hostile client."""
    build = tmp_path_factory.mktemp("first")
    said = _reported(handbook_in, project, hostile_client, build)
    return HostileReport(hostile_client, build / "hostile", said)


@pytest.fixture(scope="session")
def hostile_again(
    project: Path,
    hostile_client: Path,
    handbook_in: Handbook,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A second report of the hostile client, made from nothing."""
    build = tmp_path_factory.mktemp("again")
    _reported(handbook_in, project, hostile_client, build)
    return build / "hostile"


def _reported(handbook_in: Handbook, project: Path, client: Path, build: Path) -> str:
    done = handbook_in(project, "run", os.path.relpath(client, project), "--output", build)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
