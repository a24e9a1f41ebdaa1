"""A built book in small, as the press leaves it: chapters, pages for analysts, styles, a search."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.press.safety import safe_page

TITLES = {
    "notebooks/executive": "In two minutes",
    "notebooks/loyalty": "How loyal customers are",
    "notebooks/run_card": "What this run was made of",
    "notebooks/toplines": "Every answer",
    "book/how_to_read": "How to read this report",
    "book/method_loyalty": "Loyalty: how it is computed",
}
PARTS = {
    "The report": ["notebooks/loyalty"],
    "This run": ["notebooks/run_card"],
    "Appendix": ["notebooks/toplines"],
    "Reading the report": ["book/how_to_read"],
    "How it is computed": ["book/method_loyalty"],
}
CODE = (
    '<details class="sd-sphinx-override sd-dropdown sd-card"><summary>The code behind this page'
    "</summary><pre>import quantiles_of_everything</pre></details>"
)
HEAD = """\
<link rel="stylesheet" href="../_static/book.css?v=1"><link rel="index" href="../genindex.html">
<script src="../_static/copybutton.js"></script>
<script>let toggleOpenOnPrint = 'true';</script>"""


def base_table(caption: str, head: str, *rows: str) -> str:
    """A table as pages show it: cells divided by bars, the first the row's name."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head.split("|"))
    body = ""
    for row in rows:
        name, *cells = row.split("|")
        inside = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        body += f'<tr><th scope="row">{name}</th>{inside}</tr>'
    return (
        f'<table class="data-table"><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def planted(folder: Path, articles: dict[str, str] | None = None) -> Path:
    """Write the book; ``articles`` are the insides of some of its pages."""
    order, articles = list(TITLES), articles or {}
    for at, name in enumerate(order):
        foot = _foot("left-prev", order[at - 1]) if at else ""
        foot += _foot("right-next", order[at + 1]) if at + 1 < len(order) else ""
        inside = articles.get(name, "<p>Text.</p>")
        _write(folder / f"{name}.html", f"<h1>{TITLES[name]}</h1>{inside}{CODE}", foot)
    front = '<meta http-equiv="Refresh" content="0; url=notebooks/executive.html">'
    (folder / "index.html").write_text(front, encoding="utf-8")
    for name in ("search", "genindex"):
        head = f'<title>{name}</title><script src="searchindex.js"></script>'
        page = f"<html><head>{head}</head><body><p>{name}</p></body></html>"
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    styles = folder / "_static"
    styles.mkdir()
    (styles / "book.css").write_text('@import "more.css"; a { src: url("ink.svg?v=2#x") }')
    for name in ("more.css", "ink.svg", "unused.js", "copybutton.js"):
        (styles / name).write_text("")
    _index(folder / "searchindex.js", order)
    return folder


def _link(name: str, text: str) -> str:
    return f'<a class="reference internal" href="../{name}.html">{text}</a>'


def _foot(kind: str, name: str) -> str:
    inside = f'<p class="prev-next-title">{TITLES[name]}</p>'
    return f'<a class="{kind}" href="../{name}.html">{inside}</a>'


def _write(path: Path, article: str, foot: str) -> None:
    lists = "".join(
        f'<p class="caption">{part}</p>\n<ul class="nav bd-sidenav">'
        + "".join(f'<li class="toctree-l1">{_link(name, TITLES[name])}</li>' for name in names)
        + "</ul>\n"
        for part, names in PARTS.items()
    )
    home = _link("notebooks/executive", TITLES["notebooks/executive"])
    nav = f'<nav aria-label="Main"><ul><li class="toctree-l1">{home}</li></ul>{lists}</nav>'
    path.parent.mkdir(parents=True, exist_ok=True)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head>{HEAD}<title>x</title></head><body>{nav}<main>'
        f'<article class="bd-article">{article}</article>'
        f'<footer class="prev-next-footer">{foot}</footer></main></body></html>'
    )
    path.write_text(safe_page(page), encoding="utf-8")


def _index(path: Path, order: list[str]) -> None:
    made = {
        "docnames": order, "filenames": [f"{name}.ipynb" for name in order],
        "titles": [TITLES[name] for name in order],
        "alltitles": {TITLES[name]: [[at, None]] for at, name in enumerate(order)},
        "terms": {"quantiles_of_everyth": [0, 1, 2, 3], "text": [0, 1, 2, 3, 4, 5]},
        "titleterms": {"loyalti": 5, "loyal": [1, 5]},
        "indexentries": {"base": [[4, "term-base", True]]}, "objects": {}, "objnames": {},
        "objtypes": {}, "envversion": {},
    }  # fmt: skip
    path.write_text(f"Search.setIndex({json.dumps(made)})", encoding="utf-8")
