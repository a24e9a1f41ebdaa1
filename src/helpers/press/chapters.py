"""The chapters: what each needs, which come before it, and what may be set in it."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from helpers.errors import Fault, HandbookError
from helpers.press.parameters import Parameter

__all__ = [
    "Chapter",
    "Parameter",
    "chapter_faults",
    "computed_pages",
    "load_chapters",
    "parameter_faults",
    "run_order",
]

Where = Callable[[str, str | None], str]
OURS = ("client", "results_dir")  # set by the run itself, never by a client


def nowhere(chapter: str, name: str | None) -> str:
    """Settings of the command line stand on no line."""
    return ""


@dataclass(frozen=True)
class Chapter:
    """A notebook that answers one question, and what it declares about itself.

    ``tables`` holds groups: of each group at least one table must be there.
    """

    name: str
    path: Path

    @cached_property
    def notebook(self) -> dict[str, Any]:
        """The notebook as it is stored."""
        return json.loads(self.path.read_text(encoding="utf-8"))

    @property
    def _declared(self) -> Mapping[str, Any]:
        return self.notebook["metadata"].get("handbook", {})

    @property
    def title(self) -> str:
        """The page's heading."""
        first = "".join(self.notebook["cells"][0]["source"])
        return first.splitlines()[0].lstrip("# ").strip()

    @property
    def question(self) -> str:
        """The question this chapter answers."""
        return str(self._declared.get("question", ""))

    @property
    def answers(self) -> tuple[str, ...]:
        """What a reader would learn here, for the page on chapters that are closed."""
        return tuple(self._declared.get("answers", ()))

    @property
    def worth(self) -> str:
        """What it is worth to have this chapter, in a sentence."""
        return str(self._declared.get("worth", ""))

    @property
    def optional(self) -> bool:
        """Left out of the book, rather than closed, when its tables are not there."""
        return bool(self._declared.get("optional", False))

    @property
    def last(self) -> bool:
        """Runs after every other chapter."""
        return self._declared.get("after") == "all"

    @property
    def after(self) -> tuple[str, ...]:
        """The chapters whose results this one reads."""
        declared = self._declared.get("after", ())
        return () if declared == "all" else tuple(declared)

    @property
    def reads_record(self) -> bool:
        """Whether it prints what the run was made of: files, parameters and versions."""
        return bool(self._declared.get("record", False))

    @property
    def tables(self) -> tuple[tuple[str, ...], ...]:
        """The tables it needs, each as a group of alternatives."""
        groups = self._declared.get("tables", ())
        return tuple((group,) if isinstance(group, str) else tuple(group) for group in groups)

    def missing(self, has: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """The groups of which the client sent no table."""
        sent = set(has)
        return tuple(group for group in self.tables if not sent & set(group))

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What may be set, by name, read from the one cell tagged ``parameters``."""
        tagged = [
            "".join(cell["source"])
            for cell in self.notebook["cells"]
            if "parameters" in cell["metadata"].get("tags", ())
        ]
        if len(tagged) != 1:
            found = f"{self.path.name} has {len(tagged)} cells tagged 'parameters'"
            raise HandbookError(f"{found}; it needs exactly one")
        allowed = self._declared.get("parameters", {})
        return {p.name: p for p in _parameters(tagged[0], allowed)}


def _parameters(source: str, allowed: Mapping[str, Any]) -> list[Parameter]:
    comments = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return [
        Parameter(
            (name := node.targets[0].id),
            ast.literal_eval(node.value),
            comments.get(node.lineno, ""),
            allowed.get(name, {}),
        )
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]


def load_chapters(project: Path) -> dict[str, Chapter]:
    """Every notebook that ``_toc.yml`` names, in reading order."""
    names = _named_in_toc(project, "notebooks")
    return {name: Chapter(name, project / "notebooks" / f"{name}.ipynb") for name in names}


def computed_pages(project: Path) -> tuple[Path, ...]:
    """The notebooks among the constant pages, in reading order.

    They quote numbers of the demo client, whatever client a report is about. So they are
    not run for a client: their stored outputs are what readers see.
    """
    paths = [project / "book" / f"{name}.ipynb" for name in _named_in_toc(project, "book")]
    return tuple(path for path in paths if path.is_file())


def _named_in_toc(project: Path, folder: str) -> list[str]:
    toc = YAML(typ="safe").load((project / "_toc.yml").read_text(encoding="utf-8"))
    files = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    return [Path(file).name for file in files if file.startswith(f"{folder}/")]


def run_order(chapters: Mapping[str, Chapter]) -> TopologicalSorter[str]:
    """Which chapter waits for which, prepared for running side by side.

    Those that come after all others read whatever is there: they run one by one, in
    reading order, so that each finds the same every time.
    """
    late = [name for name, chapter in chapters.items() if chapter.last]
    rest = set(chapters) - set(late)
    graph = {
        name: rest | set(late[: late.index(name)])
        if chapter.last
        else {earlier for earlier in chapter.after if earlier in chapters}
        for name, chapter in chapters.items()
    }
    return TopologicalSorter(graph)


def parameter_faults(
    chosen: Mapping[str, Mapping[str, Any]],
    chapters: Mapping[str, Chapter],
    source: str,
    where: Where = nowhere,
) -> list[Fault]:
    """Every chapter or parameter that does not exist, and every value that it does not take.

    ``where`` gives the line of a chapter or of a setting, as an ending of the message.
    """
    faults = []
    for name, values in chosen.items():
        if name not in chapters:
            column = f"parameters.{name}" if source.endswith(".yml") else None
            faults.append(_unknown(source, column, "chapter", name, chapters, where(name, None)))
            continue
        known = {k: p for k, p in chapters[name].parameters.items() if k not in OURS}
        for key, value in values.items():
            column = f"{name}.{key}"
            if key not in known:
                kind, line = f"parameter of {name}", where(name, key)
                faults.append(_unknown(source, column, kind, key, known, line))
            elif (found := _value_fault(known[key], value)) is not None:
                odd, problem, advice = found
                problem += where(name, key)
                faults.append(Fault(source, problem, advice, column=column, found=odd))
    return faults


def _value_fault(parameter: Parameter, value: object) -> tuple[str | None, str, str] | None:
    advice = f"Write it like the default, {parameter.default!r}."
    if value is None and not parameter.accepts(None):
        return None, "is not filled in", advice
    if not parameter.accepts(value):
        return str(value), f"is not {parameter.kind}", advice
    found = parameter.wrong(value)
    return None if found is None else (str(found[0]), *found[1:])


def chapter_faults(
    names: Iterable[str], chapters: Mapping[str, Chapter], source: str, line: str = ""
) -> list[Fault]:
    """Names of chapters that there are not, each with the nearest."""
    column = "chapters" if source.endswith(".yml") else None
    return [
        _unknown(source, column, "chapter", name, chapters, line)
        for name in names
        if name not in chapters
    ]


def _unknown(
    source: str, column: str | None, kind: str, name: str, known: Iterable[str], line: str
) -> Fault:
    names = sorted(known)
    near = get_close_matches(name, names, 1, 0.5)
    advice = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(names)}."
    return Fault(source, f"is not a {kind}{line}", advice, column=column, found=name)
