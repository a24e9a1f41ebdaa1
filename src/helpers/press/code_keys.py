"""What code a notebook runs: its own cells, our modules behind it, and libraries, by content.

The modules are found by a walk over import statements, without running anything. A module
counts with all that it imports, at its top or in a function, so a key never misses one.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from helpers.digests import digest

__all__ = ["NOTEBOOK", "Code", "Modules", "built_on", "imported_names", "know_libraries"]

HELPERS = Path(__file__).resolve().parents[1]
NOTEBOOK = "notebook"  # the part that is the chapter's own cells
RUNNING = ("press.execution", "press.kernels", "press.sections")  # how every chapter is run
SPLIT = ("methods", "views", "press")  # packages whose parts are told apart
PYTHON = "python"
IMPORTS = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))",
    re.MULTILINE,
)
COMMENT = re.compile(r"#[^\n]*")
PAGE = re.compile(r"open_page\(\s*[\"'](\w+)")  # names the room whose figures it declares


@dataclass(frozen=True)
class Code:
    """The code of one chapter.

    ``parts`` gives each part's digest: the notebook, and packages of ours as ``methods.drivers``,
    of each only the modules that the notebook needs. ``libraries`` gives versions by package.
    """

    parts: Mapping[str, str]
    libraries: Mapping[str, str]


def imported_names(source: str) -> Iterator[str]:
    """Every dotted name that a source may import, those of its parts included.

    >>> sorted(imported_names("from helpers.methods import loyalty as l, drivers\\nimport numpy"))
    ['helpers.methods', 'helpers.methods.drivers', 'helpers.methods.loyalty', 'numpy']
    """
    for package, names, whole in IMPORTS.findall(source):
        if package:
            yield package
        for name in COMMENT.sub("", names or whole).strip("() \t\n").split(","):
            if first := name.split():
                yield f"{package}.{first[0]}" if package else first[0]


@dataclass(frozen=True)
class _Module:
    digest: str
    ours: tuple[str, ...]  # modules of ours that it imports
    others: frozenset[str]  # top names of all else


class Modules:
    """Our modules as they stand on disk, read once.

    Parameters
    ----------
    root
        The folder of the package; that of this module unless told.

    Examples
    --------
    >>> reached = Modules().reached(["helpers.methods.drivers"])
    >>> "helpers.methods.survey.design" in reached, "helpers.views.drivers.charts" in reached
    (True, False)
    """

    def __init__(self, root: Path = HELPERS) -> None:
        self._root = root

    @cached_property
    def _paths(self) -> dict[str, Path]:
        """Every module of ours by its dotted name."""
        found = {}
        for path in self._root.rglob("*.py"):
            steps = path.relative_to(self._root).with_suffix("").parts
            steps = steps[:-1] if steps[-1] == "__init__" else steps
            found[".".join((self._root.name, *steps))] = path
        return found

    @property
    def names(self) -> list[str]:
        """The dotted names of all of them."""
        return [*self._paths]

    @cached_property
    def _read(self) -> dict[str, _Module]:
        return {}

    def module(self, name: str) -> _Module:
        """What is known of a module."""
        if name not in self._read:
            source = self._paths[name].read_bytes()
            names = list(imported_names(source.decode("utf-8", "replace")))
            ours = (whole for n in names for whole in _with_packages(n) if whole in self._paths)
            others = frozenset(n.partition(".")[0] for n in names) - {self._root.name}
            told = sha256(source).hexdigest()
            self._read[name] = _Module(told, tuple(dict.fromkeys(ours)), others)
        return self._read[name]

    def reached(self, names: Iterable[str]) -> set[str]:
        """The modules of ours that are imported, in the end, by those named; they too."""
        found: set[str] = set()
        waiting = [whole for n in names for whole in _with_packages(n) if whole in self._paths]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.module(name).ours
        return found

    def code_of(self, notebook: Mapping[str, Any]) -> Code:
        """The code that a notebook runs; the notebook as it is stored, its outputs left aside."""
        cells = notebook["cells"]
        source = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        names = [*imported_names(source)]
        top = self._root.name
        modules = self.reached(
            [*names, *(f"{top}.views.{r}.figures" for r in PAGE.findall(source))]
        )
        running = {f"{top}.{name}" for name in RUNNING} & set(self._paths)
        parts: dict[str, list[tuple[str, str]]] = {}
        for name in sorted(modules | running):
            parts.setdefault(_part(name), []).append((name, self.module(name).digest))
        own = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("tags", [])] for c in cells]
        told = digest(own, notebook["metadata"].get("handbook", {}))
        libraries = {n.partition(".")[0] for n in names} - {top}
        libraries = libraries.union(*(self.module(name).others for name in modules))
        return Code(
            {NOTEBOOK: told, **{part: digest(listed) for part, listed in parts.items()}},
            _versions(libraries),
        )


def know_libraries() -> None:
    """Ask once what our code builds on, and its versions: processes forked from this one know.

    >>> know_libraries()
    >>> _version.cache_info().currsize > 0
    True
    """
    found = Modules()
    _versions({name for one in found.reached(found.names) for name in found.module(one).others})


def _with_packages(name: str) -> list[str]:
    """A dotted name and the packages that it lies in, which are imported with it."""
    steps = name.split(".")
    return [".".join(steps[:size]) for size in range(1, len(steps) + 1)]


def _part(module: str) -> str:
    """The part of the house that a module belongs to.

    >>> _part("helpers.methods.drivers.slopes"), _part("helpers.study.readers.excel")
    ('methods.drivers', 'study')
    """
    steps = module.split(".")[1:]
    return ".".join(steps[: 2 if steps[:1] and steps[0] in SPLIT else 1]) or module


def built_on(package: str) -> Mapping[str, str]:
    """The version of a package, and of all that it builds on.

    >>> "pytz" in built_on("no-such-package"), "numpy" in built_on("pandas")
    (False, True)
    """
    return _versions([package])


def _versions(names: Iterable[str]) -> dict[str, str]:
    """Versions of the packages that hold these modules, and of all that those build on."""
    known: dict[str, str] = {}
    waiting = [p for n in names if n not in sys.stdlib_module_names for p in _packages(n)]
    while waiting:
        name = waiting.pop()
        if name not in known and (found := _version(name)):
            known[name] = found
            waiting += _builds_on(name)
    return {PYTHON: platform.python_version(), **dict(sorted(known.items()))}


@cache
def _packages(module: str) -> tuple[str, ...]:
    """The packages that bring a module: the one called so, else those that declare it."""
    if _version(_plain(module)):
        return (_plain(module),)
    return tuple(_plain(one.name) for one in _distributions().get(module, ()))


@cache
def _distributions() -> Mapping[str, list[Distribution]]:
    """The packages that bring each module, as they list it themselves.

    What they are called is asked of those alone that are wanted: it takes a parsing of each.
    """
    found: dict[str, list[Distribution]] = {}
    for one in distributions():
        for module in _modules(one):
            found.setdefault(module, []).append(one)
    return found


def _modules(package: Distribution) -> set[str]:
    """Top names of the modules that a package brings: read as text, a fifth of the time.

    >>> _modules(distribution("pydantic"))
    {'pydantic'}
    """
    if declared := (package.read_text("top_level.txt") or "").split():
        return set(declared)
    lines = (package.read_text("RECORD") or "").splitlines()
    paths = (line.partition(",")[0] for line in lines)
    return {path.partition("/")[0].removesuffix(".py") for path in paths if path.endswith(".py")}


@cache
def _declared(package: str) -> tuple[str, tuple[str, ...]]:
    """A package's version and what it requires, read once; empty where it is not installed."""
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return "", ()
    told = found.metadata
    return told["Version"], tuple(told.get_all("Requires-Dist") or found.requires or ())


@cache
def _version(package: str) -> str:
    return _declared(package)[0]


@cache
def _builds_on(package: str) -> tuple[str, ...]:
    wanted = map(Requirement, _declared(package)[1])
    here = [w for w in wanted if w.marker is None or w.marker.evaluate({"extra": ""})]
    return tuple(_plain(one.name) for one in here)


def _plain(package: str) -> str:
    """A package's name as registries compare names."""
    return re.sub(r"[-_.]+", "-", package).lower()
