"""From executed notebooks to the published book: stage a copy, clean it, render it."""

from __future__ import annotations

import copy
import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import nh3
from ruamel.yaml import YAML

from helpers.errors import DISK_FULL, DiskFull, HandbookError, disk_full
from helpers.press.chapters import Chapter, computed_pages
from helpers.press.discreet import discreet, known_places
from helpers.press.many.builder import built
from helpers.press.more_data import PAGE, Absent, Part, as_text, lead_sources_here, more_data
from helpers.press.rebuilding import rebuilt
from helpers.press.safety import safe_book
from helpers.study import Study
from helpers.study.logo import clean_svg
from helpers.views.rendering.sentences import Sentence

__all__ = ["build", "closed_page", "constant", "neutral", "published", "stage", "with_dark_charts"]

_CLIENT_TEXT = ("class", "id", "title", "style", "role", "lang", "dir", "hidden")
_ALLOWED: dict[str, set[str]] = {
    "*": {*_CLIENT_TEXT, "aria-label", "aria-hidden", "aria-describedby", "data-figure"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "source": {"srcset", "media", "type", "width", "height"},
    "th": {"scope", "colspan", "rowspan", "abbr"},
    "td": {"colspan", "rowspan", "headers"},
    "a": {"href"},
    "div": {"tabindex"},
    "details": {"open"},
    "time": {"datetime"},
}
DARK_CHARTS = "dark_charts.svg"  # the filter that turns charts on a dark screen
CHART = '<figure class="chart"'
ANSWER, ACT = "answer", "act"  # tags of cells that stand under the page's title, in this order
_TAGS = nh3.ALLOWED_TAGS | {
    "picture", "source", "section", "figure", "figcaption", "details", "summary", "main",
    "aside", "header", "footer", "caption", "colgroup", "col", "time", "mark",
}  # fmt: skip
PLAIN_PYTHON = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
SHOWN = "# shown"  # an empty cell would be dropped with its outputs
TITLE = re.compile(r"(?<=&#8212; )[^<]*(?=</title>)")  # the theme escapes it a second time
LANDMARK = 'role="complementary" aria-label="Sidebar"'
ENTRY, LISTED = 'role="doc-biblioentry"', 'role="listitem"'  # of references: as a list wants them
WIDE = '<div class="pst-scrollable-table-container">'
SIDEBAR = '<div class="bd-sidebar-primary bd-sidebar'  # the logo in it is in no landmark
_BUILD = (  # what a build makes lives until it ends: collecting garbage would free nothing
    sys.executable,
    "-c",
    "import gc; gc.disable(); from jupyter_book.cli.main import main; main()",
)


def published(
    notebook: nbformat.NotebookNode, doubt: Sentence | None = None
) -> nbformat.NotebookNode:
    """A reader's copy: no parameters, no errors stream, no metadata; code folded at the end.

    The answer stands first, and under it what is to be done, wherever they were computed; between
    them the ``doubt`` about them that only the whole book knows of. Client text in any HTML
    output passes an allow-list: nothing in it can run.
    """
    parts: dict[str, list[nbformat.NotebookNode]] = {ANSWER: [], ACT: [], "": []}
    told = _harmless(doubt.html) if doubt else ""
    below = [_output("doubt", nbformat.v4.new_output("display_data", {"text/html": told}))]
    shown = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if {"parameters", "injected-parameters"} & set(tags):
            continue
        part = parts[next((tag for tag in tags if tag in parts), "")]
        if cell.cell_type == "markdown":
            part.append(nbformat.v4.new_markdown_cell(cell.source, id=f"text-{number}"))
            continue
        shown.append(cell.source)
        if output := _shown(cell, number):
            part.append(output)
    code = _folded("\n\n".join(shown), "The code behind this page")
    last = nbformat.v4.new_markdown_cell(code, id="code")
    title, sections = parts[""][:1], parts[""][1:]
    cells = [*title, *parts[ANSWER], *(below if told else []), *parts[ACT], *sections, last]
    return nbformat.v4.new_notebook(metadata=PLAIN_PYTHON, cells=cells)


def constant(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A page that is the same for every client: its stored outputs, each above its folded code."""
    page = nbformat.v4.new_notebook(metadata=PLAIN_PYTHON)
    waiting: list[str] = []  # code since the last output
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            page.cells.append(nbformat.v4.new_markdown_cell(cell.source, id=f"text-{number}"))
            continue
        waiting.append(cell.source)
        if shown := _shown(cell, number):
            code = _folded("\n\n".join(waiting), "How this was computed", kind="computed")
            page.cells += [shown, nbformat.v4.new_markdown_cell(code, id=f"code-{number}")]
            waiting = []
    return page


def _shown(cell: nbformat.NotebookNode, number: int) -> nbformat.NotebookNode | None:
    """A cell's harmless outputs without its code; nothing where it has none."""
    outputs = [clean for output in cell.outputs if (clean := _clean(output)) is not None]
    return _output(f"cell-{number}", *outputs) if outputs else None


def _output(name: str, *outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A cell of a page whose outputs alone are shown; the page is validated when it is written."""
    return nbformat.NotebookNode(
        id=name,
        cell_type="code",
        metadata=nbformat.NotebookNode(tags=["remove-input"]),
        execution_count=None,
        source=SHOWN,
        outputs=[*outputs],
    )


def _folded(code: str, title: str, *, kind: str = "") -> str:
    fence = "`" * (3 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    option = f":class-container: {kind}\n" if kind else ""
    return f"::::{{dropdown}} {title}\n{option}{fence}python\n{code.strip()}\n{fence}\n::::"


def _clean(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if output.output_type == "error":
        return None
    kept = copy.deepcopy(output)
    kept.metadata = {}
    if "text/html" in kept.data:
        kept.data = {"text/html": _harmless(kept.data["text/html"])}
    else:
        kept.data = {k: v for k, v in kept.data.items() if k in ("text/plain", "image/png")}
    if kept.output_type == "execute_result":
        kept.output_type = "display_data"
        kept.pop("execution_count", None)
    return kept


def _harmless(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ALLOWED,
        url_schemes={"data"},
        attribute_filter=_local_links,
        link_rel=None,
    )


def _local_links(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if value.startswith("data:image/png;base64,") else None
    if name == "style":
        return value if re.fullmatch(r"--[\w-]+: ?[\w.%]+", value) else None
    if name == "tabindex":
        return value if value == "0" else None  # a table that scrolls is reached by keyboard
    if name == "href":
        return value if re.fullmatch(r"[\w./-]*(#[\w-]*)?", value) else None
    return value


def closed_page(chapter: Chapter, why: str) -> nbformat.NotebookNode:
    """The first page of a book where its chapter has no answer: why, and what it would answer."""
    would = "\n".join(f"- {line}" for line in chapter.answers)
    text = (
        f"# {chapter.title}\n\n*{chapter.question}*\n\n"
        f":::{{admonition}} Not answered in this run\n{as_text(why)}\n:::"
    )
    if would:
        text += f"\n\nWith it, this chapter would answer:\n\n{would}"
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="closed")])


def stage(
    study: Study,
    project: Path,
    pages: Mapping[str, nbformat.NotebookNode],
    folder: Path,
    absent: Sequence[Absent] = (),
    parts: Sequence[Part] = (),
) -> None:
    """Lay out one client's book beside the project's constant prose.

    ``absent`` are the chapters without a page, ``parts`` what other chapters leave out: one page
    tells of all of them.
    """
    _prose(project, folder)
    if absent or any(part.asked for part in parts):
        (folder / f"{PAGE}.md").write_text(more_data(absent, parts), encoding="utf-8")
        prose = (p for p in (folder / "book").iterdir() if p.suffix in (".md", ".ipynb"))
        lead_sources_here(prose, [one.chapter.name for one in absent])
    yaml = _laid_out(project, pages, folder)
    config = yaml.load((project / "_config.yml").read_text(encoding="utf-8"))
    yaml.dump(_dressed(config, study, folder), folder / "_config.yml")


def neutral(project: Path, folder: Path) -> None:
    """Lay out a book of nobody's: the pages that are the same for every client, and a title page.

    What makes books reads it once, for all that their making has in common.
    """
    _prose(project, folder)
    (folder / "book" / "_static" / "client.css").write_text("", encoding="utf-8")
    first = YAML().load((project / "_toc.yml").read_text(encoding="utf-8"))["root"]
    shown = nbformat.v4.new_output("display_data", {"text/html": "<p>0</p>"})
    cell = nbformat.v4.new_code_cell(SHOWN, outputs=[shown], metadata={"tags": ["remove-input"]})
    cells = [nbformat.v4.new_markdown_cell("# Report"), cell]
    page = nbformat.v4.new_notebook(metadata=PLAIN_PYTHON, cells=cells)
    _laid_out(project, {Path(first).name: page}, folder)
    shutil.copy(project / "_config.yml", folder)


def _prose(project: Path, folder: Path) -> None:
    """The pages that are the same for every client."""
    ignored = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(project / "book", folder / "book", ignore=ignored)
    for path in computed_pages(project):
        page = constant(nbformat.read(path, as_version=4))
        nbformat.write(page, folder / "book" / path.name)


def _laid_out(project: Path, pages: Mapping[str, nbformat.NotebookNode], folder: Path) -> YAML:
    """Write chapters, and the table of contents of those pages that are there."""
    (folder / "notebooks").mkdir(parents=True)
    for name, page in pages.items():
        nbformat.write(page, folder / "notebooks" / f"{name}.ipynb")
    yaml = YAML()
    toc = yaml.load((project / "_toc.yml").read_text(encoding="utf-8"))
    for part in toc["parts"]:
        part["chapters"] = [c for c in part["chapters"] if _kept(c["file"], folder)]
    toc["parts"] = [part for part in toc["parts"] if part["chapters"]]
    yaml.dump(toc, folder / "_toc.yml")
    return yaml


def _kept(file: str, folder: Path) -> bool:
    """Whether a page that the table of contents names is there."""
    return any((folder / f"{file}{ending}").is_file() for ending in (".md", ".ipynb"))


def _dressed(config: Any, study: Study, folder: Path) -> Any:  # noqa: ANN401 - round-trip YAML
    config["title"] = html.escape(f"{study.config.name}: customer loyalty")
    config["author"] = ""
    footer = f"{study.config.name}, wave {study.wave}, data as of {study.due(0)}"
    options = config["sphinx"]["config"]["html_theme_options"]
    options["extra_footer"] = f"<p>{html.escape(footer)}</p>"
    static = folder / "book" / "_static"
    brand = study.config.brand
    (static / "client.css").write_text(
        f":root {{ --client-colour: {brand.ink}; }}\n", encoding="utf-8"
    )
    if brand.logo:
        config["logo"] = f"book/_static/{_logo(study.folder / brand.logo, static)}"
    return config


def _logo(source: Path, static: Path) -> str:
    """Put the logo beside the styles, an SVG picture cleaned of all that could run."""
    name = f"logo{source.suffix.lower()}"
    content = source.read_bytes()
    (static / name).write_bytes(clean_svg(content) if name.endswith(".svg") else content)
    return name


def with_dark_charts(page: str, turned: str) -> str:
    """A page with the filter that its charts need on a dark screen, where it has charts.

    It stands in the page: a browser that reads from disk loads no filter from another file.

    >>> with_dark_charts('<figure class="chart">…</figure></body>', "<svg>\\n  </svg>")
    '<figure class="chart">…</figure><svg> </svg></body>'
    >>> with_dark_charts("<p>No picture</p></body>", "<svg></svg>")
    '<p>No picture</p></body>'
    """
    if CHART not in page:
        return page
    before, end, after = page.rpartition("</body>")
    return f"{before}{' '.join(turned.split())}{end}{after}"


def _built_apart(arguments: Sequence[str]) -> tuple[int, str]:
    """A build in a process of its own: its exit code and what it said."""
    done = subprocess.run([*_BUILD, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def build(folder: Path, output: Path, log: Path, last: Path | None = None) -> None:
    """Render a staged book; any warning stops it, and the log says which.

    ``last`` is where the client's last build lies: what did not change is taken from there.
    """
    pages = output / "_build" / "html"
    if last is None:
        _rendered(folder, output, log)
    else:
        rebuilt(folder, last, pages, partial(_rendered, log=log))
    turned = (pages / "_static" / DARK_CHARTS).read_text(encoding="utf-8")
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = TITLE.sub(lambda title: html.unescape(title.group()), text)
        text = text.replace(SIDEBAR, SIDEBAR.replace(" ", f" {LANDMARK} ", 1))
        text = with_dark_charts(text.replace(ENTRY, LISTED), turned)
        text = text.replace(WIDE, f'{WIDE[:-1]} tabindex="0">')  # scrolled by keyboard too
        page.write_text(text, encoding="utf-8")
    safe_book(pages)


def _rendered(folder: Path, output: Path, log: Path) -> None:
    """A staged book as Jupyter Book makes it."""
    asked = ["build", str(folder), "--path-output", str(output), "-W", "--keep-going", "-q"]
    code, said = built(asked) or _built_apart(asked)
    log.parent.mkdir(parents=True, exist_ok=True)
    here = {os.path.relpath(output): "book", os.path.relpath(folder): "stage"}
    said = re.sub(r"\x1b\[[0-9;]*m", "", said)  # before a path, a colour would hide it
    told = discreet(discreet(said, known_places(book=output, stage=folder)), here)
    log.write_text(told, encoding="utf-8")
    if code and disk_full(said):
        raise DiskFull(f"{DISK_FULL}: make room and run again")
    if code:
        lines = [line for line in told.splitlines() if "WARNING" in line or "ERROR" in line]
        first = (lines[0] if lines else "see the log").strip()
        raise HandbookError(f"the book did not build: {first.replace('stage/', '/')}")
