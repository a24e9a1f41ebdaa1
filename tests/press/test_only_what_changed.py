"""A chapter runs again where something that it is made from changed, and nowhere else."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from helpers import results
from helpers.press import code_keys, course, inputs, plans
from helpers.press import run as runs
from helpers.press.code_keys import HELPERS, Modules
from helpers.press.execution import Execution
from helpers.press.exports.source import Export
from helpers.press.places import Places
from helpers.press.untouched import Asked, untouched
from helpers.results import ChapterResult, Figure
from helpers.study import open_study

TOC = """\
format: jb-book
root: notebooks/executive
parts:
  - caption: The report
    chapters:
      - file: notebooks/sampling
      - file: notebooks/drivers
      - file: notebooks/comments
      - file: notebooks/linkage
"""
PARAMETERS = """\
client = "small"  # a name under data/, or the path of a client folder
results_dir = ""  # folder for the results
replicates = 200  # draws
"""
CHAPTERS: Mapping[str, tuple[object, str]] = {  # after, what it imports
    "executive": ("all", "from helpers import results"),
    "sampling": ([], "from helpers.methods import sampling"),
    "drivers": (["sampling"], "from helpers.methods.drivers import potential"),
    "comments": (["drivers"], "import sklearn"),
    "linkage": (["sampling"], "from helpers.methods import multiplicity"),
}
READS = {
    "executive": ("setting name",), "sampling": ("table accounts",), "drivers": ("setting wave",),
    "comments": ("table tickets",), "linkage": ("setting currency",),
}  # fmt: skip
ACCOUNTS = "account_id,name,region\na1,Ash,North\na2,Birch,South\na3,Cedar,South\n"
TICKETS = "ticket_id,account_id,trigger,created_at\nt1,a1,detractor,2026-05-01 09:00\n"
ALL = set(CHAPTERS)
MODULES = Modules()
OFTEN = Path("methods", "drivers")  # of our code, what is read for one digest of all


def _notebook(name: str) -> nbformat.NotebookNode:
    after, code = CHAPTERS[name]
    cells = [
        nbformat.v4.new_markdown_cell(f"# {name.title()}", id="cell-0"),
        nbformat.v4.new_code_cell(PARAMETERS, id="cell-1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(code, id="cell-2"),
    ]
    declared = {"question": "How many?", "tables": ["responses"], "after": after}
    return nbformat.v4.new_notebook(cells=cells, metadata={"handbook": declared})


def _figures(name: str, client: str, values: Mapping[str, object]) -> float:
    """What a chapter finds: of its table only how long it is, of its draws only hundreds."""
    tables = open_study(client).tables
    upstream = map(Path.read_text, Path(str(values["results_dir"])).glob("*.json"))
    above = sum(json.loads(told)["figures"]["found"]["value"] for told in upstream)
    own = {"sampling": len(tables["accounts"]), "comments": len(tables["tickets"])}
    return float(own.get(name, 0) + int(values["replicates"]) // 100 + above)  # type: ignore[call-overload]


@dataclass
class World:
    """One client's handbook whose chapters are run by a stub; ``ran`` names those that ran."""

    place: Path
    ran: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # how each step ended
    stop_at: str = ""  # a chapter at which the run is cut off

    @property
    def report(self) -> Path:
        return self.place / "build" / "small"

    def execute(self, source: Path, target: Path, values: Mapping[str, object], *, called: str):
        name, where = source.stem, Path(str(values["results_dir"]))
        if name == self.stop_at:
            raise KeyboardInterrupt
        found = _figures(name, str(values["client"]), values)
        table = {"numbers": pd.DataFrame({"found": [found]})}
        made = ChapterResult(name, {"found": Figure("found", found)}, table, read=READS[name])
        results.save(made, where)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)
        self.ran.append(name)
        return Execution("done", 0.0)

    def run(self, *, fresh: bool = False, formats: tuple[str, ...] = (), **settings):
        """Which chapters ran, and the report of the run."""
        self.ran.clear()
        self.said.clear()
        plan = plans.plan(self.place / "data" / "small", self.place, settings=settings)
        places = Places(self.place / "build")
        done = runs.run(plan, places, self, formats=formats, fresh=fresh)
        assert not done.failed, done.failures
        return set(self.ran), done

    def started(self, client: str, step: str) -> None:
        """As the run tells it."""

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        self.said.append(note)

    def write(self, name: str, old: str, new: str) -> None:
        path = self.place / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def _bind(draft: Path, plan, reasons, made, last) -> None:
    pages = {path.stem: path.read_text() for path in sorted((draft / "notebooks").glob("*"))}
    (draft / "book").mkdir()
    (draft / "book" / "index.html").write_text(json.dumps(pages), encoding="utf-8")
    (draft / "logs").mkdir(exist_ok=True)


@pytest.fixture(scope="module")
def begun(small_project: Path, tmp_path_factory) -> Path:
    """A handbook of five chapters, and the first report of its client."""
    place = tmp_path_factory.mktemp("changed") / "handbook"
    shutil.copytree(small_project, place)
    (place / "_toc.yml").write_text(TOC, encoding="utf-8")
    shutil.rmtree(place / "notebooks")
    (place / "notebooks").mkdir()
    for name in CHAPTERS:
        nbformat.write(_notebook(name), place / "notebooks" / f"{name}.ipynb")
    folder = place / "data" / "small"
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        world = _world(place, patch)
        assert world.run()[0] == ALL
    return place


def _world(place: Path, patch: pytest.MonkeyPatch) -> World:
    made = World(place)
    patch.chdir(place)
    patch.setattr(course.execution, "execute", made.execute)
    patch.setattr(inputs, "Modules", lambda: MODULES)
    patch.setattr("helpers.press.untouched.CODE", HELPERS / OFTEN)
    patch.setattr(runs, "bind", _bind)
    patch.setattr(runs, "_check_traced", lambda *_: None)
    return made


@pytest.fixture
def world(begun: Path, tmp_path: Path, monkeypatch) -> World:
    """A copy of it to change something in."""
    return _world(Path(shutil.copytree(begun, tmp_path / "handbook")), monkeypatch)


def _untouched(world: World, **settings) -> bool:
    asked, folder = Asked(settings=settings), world.place / "data" / "small"
    return untouched(folder, world.place, world.report, asked) is not None


def test_a_handbook_that_was_only_touched_runs_nothing(world):
    for path in world.place.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert _untouched(world)
    before = {path: path.read_bytes() for path in world.report.rglob("*.*")}
    ran, done = world.run()
    assert ran == set()
    assert set(done.why) == {*ALL, "book"}
    assert all(told.startswith("kept, nothing ") for told in done.why.values())
    same = {path.name for path, told in before.items() if path.read_bytes() == told}
    assert {path.name for path in before} - same <= {"manifest.json", ".made"}


CHANGES: Mapping[str, tuple[Callable[[World], object], set[str], str]] = {
    "a table that one chapter reads": (
        lambda w: w.write("data/small/tickets.csv", "t1,a1", "t1,a2"),
        {"comments"}, "ran, because of the content of tickets",
    ),
    "a row more in it, and what comes after": (
        lambda w: w.write("data/small/tickets.csv", "t1,", "t0,a2,detractor,2026-05-02 09:00\nt1,"),
        {"comments", "executive"},
        "ran, because of the content of tickets (1 rows before, 2 now)",
    ),
    "a notebook": (
        lambda w: w.write("notebooks/linkage.ipynb", "multiplicity", "claims"),
        {"linkage"}, "ran, because of the handbook's code",
    ),
    "a setting that one chapter reads": (
        lambda w: w.write("data/small/client.yml", "wave: 2026H1", "wave: 2026H1\ncurrency: CHF"),
        {"linkage"}, "ran, because of currency in client.yml",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_exactly_those_run_that_depend_on_what_changed(world, name):
    change, expected, why = CHANGES[name]
    change(world)
    ran, done = world.run()
    assert ran == expected
    first = next(chapter for chapter in CHAPTERS if chapter in expected - {"executive"})
    assert done.why[first].startswith(why)
    assert done.why["book"].startswith("made, because of ")


def test_a_line_of_a_helper_runs_what_imports_it(world, monkeypatch, tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    code = Path(shutil.copytree(HELPERS, tmp_path / "helpers", ignore=ignored))
    monkeypatch.setattr("helpers.press.untouched.CODE", code / OFTEN)
    monkeypatch.setattr(inputs, "Modules", lambda: Modules(code))
    assert _untouched(world)
    path = code / OFTEN / "potential.py"
    path.write_text(path.read_text(encoding="utf-8") + "#", encoding="utf-8")
    assert not _untouched(world)
    ran, done = world.run()
    assert ran == {"drivers"}
    assert done.why["drivers"] == "ran, because of the handbook's code (methods.drivers)"
    assert done.why["book"] == "made, because of the handbook's code"


def test_a_parameter_runs_its_chapter_and_those_whose_input_it_moved(world):
    ran, done = world.run(drivers={"replicates": 300})
    assert ran == {"drivers", "comments", "executive"}
    assert done.why["drivers"] == "ran, because of drivers.replicates (200 before, 300 now)"
    assert done.why["comments"] == "ran, because of the results of drivers"
    assert done.why["sampling"] == "kept, nothing it reads changed"


def test_equal_results_of_a_chapter_that_ran_stop_there(world):
    ran, _ = world.run(drivers={"replicates": 201})
    assert ran == {"drivers"}


def test_a_library_and_a_setting_of_the_environment_count(world, monkeypatch):
    known = code_keys._version
    monkeypatch.setattr(
        code_keys, "_version", lambda name: "0.0.1" if name == "scikit-learn" else known(name)
    )
    ran, done = world.run()
    assert ran == {"comments"}
    assert done.why["comments"].startswith("ran, because of scikit-learn (")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "none")  # results are the same under each
    assert world.run()[0] == set()
    monkeypatch.setenv("OPENBLAS_MAIN_FREE", "1")
    ran, done = world.run()
    assert ran == ALL
    assert "OPENBLAS_MAIN_FREE, a setting of the environment" in done.why["linkage"]


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("results/drivers.json", {"drivers"}),
        ("results/sampling.numbers.parquet", {"sampling"}),
        ("notebooks/linkage.ipynb", {"linkage"}),
        ("results/_inputs.json", ALL),
        (".made", ALL),
    ],
)
def test_a_result_that_broke_off_is_made_anew_and_said(world, file, again):
    path = world.report / file
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert not _untouched(world)
    ran, done = world.run()
    assert ran == again
    assert done.broken == (file,)
    said = [note for note in world.said if note]
    assert said.count(f"anew: {file} is not as it was written") == 1
    assert file == ".made" or path.read_bytes() == whole
    assert world.run()[0] == set()


def test_a_page_that_was_changed_is_made_anew_and_said(world):
    page = world.report / "book" / "index.html"
    whole = page.read_bytes()
    page.write_bytes(whole + b" ")
    ran, done = world.run()
    assert (ran, done.broken) == (set(), ("book/index.html",))
    assert world.said[-1] == "anew: book/index.html is not as it was written"
    assert page.read_bytes() == whole


def test_files_of_another_format_are_kept_until_the_book_changes(world, monkeypatch):
    made = []

    def make(name, source):
        made.append(name)
        source.folder.mkdir(exist_ok=True)
        source.file(name).write_bytes((source.book / "index.html").read_bytes())
        return Export((source.file(name),))

    monkeypatch.setattr(runs, "made_as", make)
    world.run(formats=("xlsx",))
    path = world.report / "exports" / "small.xlsx"
    whole = path.read_bytes()
    (world.place / "data" / "small" / "remarks.txt").write_text("nobody reads this")
    _, done = world.run(formats=("xlsx",))
    assert (made, path.read_bytes()) == (["xlsx"], whole)
    assert done.exports["xlsx"].files == (path,)
    path.write_bytes(whole[:-1])
    world.run(formats=("xlsx",))
    assert (made, path.read_bytes()) == (["xlsx"] * 2, whole)
    world.run(formats=("xlsx",), drivers={"replicates": 300})
    assert len(made) == 3


def test_a_report_of_what_changed_equals_one_made_anew(world):
    world.write("data/small/tickets.csv", "t1,a1", "t1,a2")
    world.run(drivers={"replicates": 300})
    stamps = ("manifest.json", ".made")
    mixed = {path.name: path.read_bytes() for path in world.report.rglob("*.*")}
    ran, done = world.run(fresh=True, drivers={"replicates": 300})
    assert ran == ALL
    assert done.why["sampling"] == "ran, because all was to be made anew"
    anew = {path.name: path.read_bytes() for path in world.report.rglob("*.*")}
    assert set(anew) == set(mixed)
    assert [name for name in anew if anew[name] != mixed[name] and name not in stamps] == []


def test_a_run_that_was_cut_off_goes_on_with_what_is_the_same(world):
    world.stop_at = "comments"
    with pytest.raises(KeyboardInterrupt):
        world.run(sampling={"replicates": 500})
    assert {"sampling", "drivers"} <= set(world.ran)
    world.stop_at = ""
    broken = next((world.place / "build" / ".locks" / "small.kept").glob("drivers/results/*.json"))
    broken.write_text(broken.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    ran, done = world.run(sampling={"replicates": 500})
    assert {"drivers", "comments", "executive"} <= ran
    assert "sampling" not in ran
    assert done.why["sampling"] == "kept, the run that was cut off had finished it"
    assert not list((world.place / "build" / ".locks").glob("*.kept"))


def test_what_a_chapter_does_not_say_that_it_reads_is_not_there(world):
    world.write("notebooks/comments.ipynb", '"drivers"', '"sampling"')
    ran, _ = world.run()
    assert ran == {"comments", "executive"}
    found = results.load("comments", world.report / "results")["found"].value
    assert found == 1 + 2 + (3 + 2)  # its own, and of the sampling alone


def test_other_settings_are_no_untouched_report(world):
    assert _untouched(world)
    assert not _untouched(world, drivers={"replicates": 300})
    (world.place / "data" / "small" / "remarks.txt").write_text("new")
    assert not _untouched(world)


def test_a_report_made_while_the_handbook_changed_is_not_taken_over(world, monkeypatch):
    def changing(draft, plan, reasons, made, last):
        _bind(draft, plan, reasons, made, last)
        world.write("notebooks/linkage.ipynb", "multiplicity", "claims")

    monkeypatch.setattr(runs, "bind", changing)
    world.run(drivers={"replicates": 300})
    monkeypatch.setattr(runs, "bind", _bind)
    world.write("notebooks/linkage.ipynb", "claims", "multiplicity")
    assert world.run(drivers={"replicates": 300})[0] == ALL
