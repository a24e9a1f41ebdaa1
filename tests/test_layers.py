"""The import rules of the project, held over the syntax trees: imports point one way."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

DRAWING = ("matplotlib", "seaborn", "PIL")
UNDRAWN = (  # modules that use it and draw nothing
    "helpers.press.exports.deck.lettering",  # measures letters, for slides
    "helpers.press.readings",  # reads the notes of pictures
)
PRESSING = (
    "papermill",
    "jupyter_book",
    "nbclient",
    "nbformat",
    "nbconvert",
    "sphinx",
    "docutils",
    "myst_nb",
)
READING = ("duckdb", "pyreadstat")
SHEETS = ("python_calamine",)
MACHINES = ("distributed", "dask")  # not in the lock: only where it is asked for
OURS_AGAIN = ("helpers.press.exports", "helpers.press.small_bases")  # read workbooks of ours again
NOTEBOOKS = ("notebooks", "import_ipynb", "nbimporter", "ipynb", "IPython")
MOST_LINES = 400  # of a module
HOMELESS = {"utils", "util", "common", "misc", "base", "shared", "tools"}


# A layer of ours, and the layers it may import besides itself.
LAYERS = {
    "helpers.digests": (),
    "helpers.errors": (),
    "helpers.project": ("helpers.errors",),
    "helpers.replies": (),
    "helpers.console": ("helpers.errors", "helpers.project"),
    "helpers.results": ("helpers.errors", "helpers.project"),
    "helpers.study": ("helpers.digests", "helpers.errors", "helpers.project", "helpers.replies"),
    "helpers.methods": ("helpers.errors", "helpers.replies"),
    "helpers.simulate": ("helpers.errors",),
    "helpers.views": ("helpers.errors", "helpers.results", "helpers.methods"),
    "helpers.page": (
        "helpers.errors",
        "helpers.project",
        "helpers.results",
        "helpers.study",
        "helpers.methods",
        "helpers.views",
    ),
    "helpers.press": (
        "helpers.digests",
        "helpers.errors",
        "helpers.project",
        "helpers.replies",
        "helpers.results",
        "helpers.study",
        "helpers.methods",
        "helpers.views.rendering.sentences",  # how a figure is written, to find it on a page
        "helpers.views.rendering.rules",  # which sentences may be said, for slides
        "helpers.views.rendering.numerals",  # the same number in a slide, a sheet or a document
        "helpers.views.rendering.questions",  # what is not clear among all that a book asks
        "helpers.views.rendering.owners",  # who owns what a function does
        "helpers.views.accounts.listing",  # pages that are written into the built book
        "helpers.views.accounts.pages",
        "helpers.views.value_map.points",
    ),
}
# Libraries, and the only layers that may import them (none: nobody may). Modules of the views
# that draw are told by their names.
LIBRARIES = (
    (DRAWING, ("helpers.views",)),
    (PRESSING, ("helpers.press",)),
    (READING, ("helpers.study",)),
    (SHEETS, ("helpers.study", *OURS_AGAIN)),
    (MACHINES, ("helpers.press.cluster.scheduler",)),
    (NOTEBOOKS, ()),
)
# Libraries that a layer may not import: methods never see a path, a configuration or a page.
REFUSED = {"helpers.methods": ("pathlib", "os", "io", "ruamel", "yaml", "pydantic", "random")}


# Modules of the rooms under views that draw; the others never import a library that does.
DRAWERS = ("palette", "canvas", "chart", "charts", "rows", "intervals", "labels")
RENDERING = "rendering"  # the room that all others may use


class Import(NamedTuple):
    """One imported name, and whether it is imported when the module is."""

    name: str
    at_once: bool


def lies_under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imported(tree: ast.AST, *, at_once: bool = True) -> Iterator[Import]:
    """Every import of a module, those inside functions marked as later ones."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, at_once) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            names = [f"{package}.{alias.name}" for alias in node.names]
            yield from (Import(name, at_once) for name in names)
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imported(node, at_once=at_once and not inside)


def violations(module: str, source: str) -> list[str]:
    """The rules that a module's imports break, a line each."""
    names = sorted({found.name for found in imported(ast.parse(source))})
    broken = [name for name in names if name.startswith(".")]
    for layer, allowed in LAYERS.items():
        if lies_under(module, layer):
            ours = [name for name in names if lies_under(name, "helpers")]
            broken += [name for name in ours if not lies_under(name, layer, *allowed)]
    for libraries, only in LIBRARIES:
        if not lies_under(module, *only):
            broken += [name for name in names if lies_under(name, *libraries)]
    if module in UNDRAWN:
        broken = [name for name in broken if not lies_under(name, "PIL")]
    for layer, libraries in REFUSED.items():
        if lies_under(module, layer):
            broken += [name for name in names if lies_under(name, *libraries)]
    broken += _out_of_the_room(module, names)
    return [f"{module} imports {name}" for name in broken]


def _out_of_the_room(module: str, names: list[str]) -> list[str]:
    """What a room of the views takes from another chapter's, and what draws though it may not."""
    if not lies_under(module, "helpers.views"):
        return []
    room, last = [*module.split("."), ""][2], module.split(".")[-1]
    others = [
        name
        for name in names
        if lies_under(name, "helpers.views") and name.split(".")[2:3] not in ([room], [RENDERING])
    ]
    draws = last.split("_")[0] in DRAWERS
    return others + [name for name in names if not draws and lies_under(name, *DRAWING)]


@pytest.fixture(scope="module")
def modules(project: Path) -> dict[str, str]:
    """Source of every module of ours by its dotted name."""
    root = project / "src"
    return {
        _dotted(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*.py")
    }


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_point_one_way(modules):
    assert len(modules) > 50
    broken = [line for name, source in modules.items() for line in violations(name, source)]
    assert broken == []


PLANTED = {
    "helpers.study.checks": "from helpers.methods import stats",
    "helpers.methods.survey.means": "from pathlib import Path",
    "helpers.methods.loyalty": "import matplotlib.pyplot as plt",
    "helpers.methods.drivers.slopes": "def f():\n    from helpers.study.config import Config",
    "helpers.methods.weighting": "from IPython.display import display",
    "helpers.views.rendering.tables": "import seaborn as sns",
    "helpers.views.rendering.chart": "from helpers.press import book",
    "helpers.views.rendering.rows": "from helpers.views.loyalty import charts",
    "helpers.views.loyalty.charts": "from helpers.views.drivers.charts_shapes import looks_like",
    "helpers.views.drivers.sentences": "import matplotlib",
    "helpers.views.drivers.figures": "from helpers.views import loyalty",
    "helpers.views.executive.page": "from helpers.study import open_study",
    "helpers.press.book": "from helpers.simulate import world",
    "helpers.press.run": "import notebooks.drivers",
    "helpers.cli": "def run():\n    import papermill",
    "helpers.errors": "from helpers.results import Figure",
    "helpers.results": "from helpers.views import numerals",
    "helpers.simulate.worlds": "from helpers.methods import stats",
    "helpers.simulate.frame": "from helpers import study",
    "helpers.simulate.names": "from ..study import config",
    "helpers.press.manifest": "import duckdb",
}


@pytest.mark.parametrize("module", PLANTED)
def test_a_planted_violation_is_found(module):
    assert violations(module, PLANTED[module]), PLANTED[module]


SOUND = {
    "helpers.results": "from helpers.errors import HandbookError",
    "helpers.press.run": "from helpers.study import Study\nimport papermill",
    "helpers.views.rendering.chart": "import matplotlib\nfrom helpers import results",
    "helpers.views.drivers.charts_shapes": "import seaborn\nimport helpers.views.rendering",
    "helpers.views.drivers.sentences": "from helpers.views.drivers.figures import reasons",
    "helpers.study.opening": "import duckdb\nfrom helpers.errors import Fault",
}


@pytest.mark.parametrize("module", SOUND)
def test_what_a_layer_may_import_is_not_refused(module):
    assert violations(module, SOUND[module]) == []


def test_the_command_starts_without_loading_what_it_may_not_need(modules):
    lights = {
        "cli": ("commands", "console", "errors", "project"),
        "commands.drafting": ("console", "errors"),
        "commands.params": ("console",),
        "console": ("errors", "project"),
    }
    for module, light in lights.items():
        found = imported(ast.parse(modules[f"helpers.{module}"]))
        ours = {one.name for one in found if one.at_once and lies_under(one.name, "helpers")}
        assert {name.split(".")[1] for name in ours} == set(light)


def test_only_the_study_layer_reads_tables_of_a_client(modules):
    readers = {"read_csv", "read_excel", "read_spss", "read_sql", "read_table"}
    found = [
        f"{name}: {node.attr}"
        for name, source in modules.items()
        if not lies_under(name, "helpers.study")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in readers
    ]
    assert found == []


def test_no_module_is_named_for_having_no_home(modules, project):
    tests = {_dotted(path.relative_to(project)) for path in (project / "tests").rglob("*.py")}
    homeless = [name for name in {*modules, *tests} if HOMELESS & set(name.split("."))]
    joined = [name for name in modules if "_and_" in name]
    assert homeless + joined == []


def notebooks(project: Path) -> list[Path]:
    """Chapters and computed pages."""
    return sorted(
        path for name in ("notebooks", "book") for path in (project / name).glob("*.ipynb")
    )


def test_a_module_is_short_enough_to_be_read_at_once(project):
    long = {
        path.relative_to(project).as_posix(): lines
        for path in (project / "src").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}, f"split by subject what has more than {MOST_LINES} lines"


def test_nothing_runs_or_imports_a_notebook(project):
    for path in notebooks(project):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        names = {found.name for found in imported(ast.parse(code))}
        assert not [name for name in names if lies_under(name, *NOTEBOOKS, "helpers.press")], (
            path.name
        )
        assert "%run" not in code, path.name


def test_a_notebook_takes_its_words_and_pictures_from_the_views(project):
    """No drawing, reading or displaying of its own: those are the views' and the study's work."""
    for path in notebooks(project):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        names = {found.name for found in imported(ast.parse(code))}
        refused = (
            *DRAWING,
            *READING,
            *PRESSING,
            "IPython",
            "pathlib",
            "os",
            "statsmodels",
            "scipy",
        )
        assert not [name for name in names if lies_under(name, *refused)], path.name
