"""A whole report beside the plain way: processor seconds of every process that each takes.

The plain way is papermill's command a chapter, each with a kernel of its own that opens the
client's folder, then ``jupyter-book build``. Both run the same notebooks, with the same
parameters, from the same data, in one run of this script. ``--clients northfield mobile`` chooses
whose. Of ours it says where the seconds go, measured in a second run, chapters one by one.
"""
# ruff: noqa: ANN401 - functions of every kind are timed

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.modules.setdefault("rfc3987_syntax", None)  # as the command does

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a run leaves is ours to count
PROJECT = Path(__file__).parents[1]
TIMED = """
import functools as _f, sys as _s, time as _t
_spent = {"start": _t.process_time(), "charts": 0.0, "depth": 0}
def _counted(function):
    @_f.wraps(function)
    def call(*words, **named):
        began, _spent["depth"] = _t.process_time(), _spent["depth"] + 1
        try:
            return function(*words, **named)
        finally:
            _spent["depth"] -= 1
            _spent["charts"] += 0 if _spent["depth"] else _t.process_time() - began
    return call
for _name, _module in list(_s.modules.items()):
    if _name.startswith("helpers.views.") and _name.split(".")[-1].startswith("charts"):
        for _at, _one in list(vars(_module).items()):
            if callable(_one) and getattr(_one, "__module__", "") == _name:
                setattr(_module, _at, _counted(_one))
    if _name == "helpers.views.rendering.chart":
        _module.Chart.html = _counted(_module.Chart.html)  # which draws it
del _name, _module, _at, _one
"""
TOLD = (
    "import json as _j; "
    "print(_j.dumps(_spent | {{'all': _t.process_time()}}), file=open({!r}, 'w'))"
)


def own_children() -> None:
    """Let every process that a run leaves come back to this one, to be counted."""
    if ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0):
        sys.exit("this system cannot count processes that outlive their parent")


@contextmanager
def counted(spent: dict[str, float]) -> Iterator[None]:
    """Add processor seconds of all processes started meanwhile, and seconds by the clock."""
    _wait_for_all()
    before, began = _of(resource.RUSAGE_CHILDREN), time.perf_counter()
    yield
    spent["clock"] = spent.get("clock", 0.0) + time.perf_counter() - began
    _wait_for_all()
    spent["cpu"] = spent.get("cpu", 0.0) + _of(resource.RUSAGE_CHILDREN) - before


def _wait_for_all() -> None:
    """Fork servers and their kernels end after the run."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def _of(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def program(name: str) -> str:
    """A command of this environment."""
    return str(Path(sys.executable).with_name(name))


def quietly(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a command to its end; what it says is shown only where it fails."""
    settings = {**os.environ, **(environment or {})}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])} failed: {done.stderr[-2000:]}")


def delivered(client: str) -> dict[str, float]:
    """`handbook run`, nothing kept from before."""
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as output:
        studies = {"HANDBOOK_STUDIES": str(Path(output) / ".studies")}
        with counted(spent):
            quietly([program("handbook"), "run", client, "--output", output], studies)
    return spent


def plain(client: str) -> dict[str, float]:
    """Papermill's command for each chapter, in order, then ``jupyter-book build``."""
    with tempfile.TemporaryDirectory() as place:
        steps: list[list[str]] = json.loads(_apart("plan_plainly", client, place))
        spent: dict[str, float] = {}
        papermill: dict[str, float] = {}
        for step in steps:
            with counted(papermill):
                quietly(step, {"HANDBOOK_STUDIES": "off"})
        _apart("stage_plainly", client, place)
        with counted(spent):
            quietly([program("jupyter-book"), "build", f"{place}/stage", "--path-output", place])
        book = spent["cpu"]
        return {
            "cpu": book + papermill["cpu"],
            "clock": spent["clock"] + papermill["clock"],
            "chapters": papermill["cpu"],
            "book": book,
        }


def _apart(function: str, *words: str) -> str:
    """What a function of this file prints, in a process that is not counted."""
    command = [sys.executable, __file__, function, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1] if done.stdout else ""


def plan_plainly(client: str, place: str) -> None:
    """Lay out the client's notebooks and their parameters; print the commands that run them."""
    import nbformat

    from helpers.press import manifest, sections
    from helpers.press.chapters import run_order
    from helpers.press.plans import plan

    planned, here = plan(client, PROJECT), Path(place)
    record = manifest.run_record(planned.study, planned.parameters)
    manifest.write_run(record, here / "results")  # which the run card shows
    steps = []
    for name in run_order(planned.chapters).static_order():
        if name not in planned.chapters:
            continue
        notebook = nbformat.read(planned.chapters[name].path, as_version=4)
        source, target = here / f"{name}.ipynb", here / "notebooks" / f"{name}.ipynb"
        nbformat.write(sections.for_client(notebook, planned.has, planned.short), source)
        target.parent.mkdir(exist_ok=True)
        values = {**planned.parameters[name], "client": str(planned.study.folder.resolve()),
                  "results_dir": str(here / "results")}  # fmt: skip
        (here / f"{name}.yaml").write_text(json.dumps(values))  # "no" stays a text in quotes
        steps.append([program("papermill"), str(source), str(target), "-f",
                      str(here / f"{name}.yaml"), "-k", "python3"])  # fmt: skip
    print(json.dumps(steps))


def stage_plainly(client: str, place: str) -> None:
    """Lay out the book of the executed notebooks."""
    import nbformat

    from helpers.press import book
    from helpers.press.plans import plan

    planned, here = plan(client, PROJECT), Path(place)
    done = (here / "notebooks").glob("*.ipynb")
    pages = {path.stem: book.published(nbformat.read(path, as_version=4)) for path in done}
    book.stage(planned.study, PROJECT, pages, here / "stage")


def parts(client: str) -> None:
    """Print where the processor seconds of a run go, by part."""
    spent: dict[str, float] = defaultdict(float)
    _time("imports", _import_all, spent)
    import nbformat
    from rich.console import Console

    from helpers.press import book, execution, run
    from helpers.press.places import Places
    from helpers.press.plans import plan
    from helpers.press.progress import Reporter

    def timed(owner: Any, name: str, part: str, inner: Sequence[str] = ()) -> None:
        whole = getattr(owner, name)

        def call(*words: Any, **named: Any) -> Any:
            before = sum(spent[one] for one in inner)
            result = _time(part, lambda: whole(*words, **named), spent)
            spent[part] -= sum(spent[one] for one in inner) - before
            return result

        setattr(owner, name, call)

    def execute(source: Path, target: Path, values: Any, **named: Any) -> Any:
        notebook = nbformat.read(source, as_version=4)
        told = place / f"{source.stem}.json"
        imports = 1 + next(n for n, c in enumerate(notebook.cells) if "helpers" in c.source)
        notebook.cells.insert(imports, nbformat.v4.new_code_cell(TIMED))
        notebook.cells.append(nbformat.v4.new_code_cell(TOLD.format(str(told))))
        nbformat.write(notebook, source)
        ended = whole(source, target, values, **named)
        if told.is_file():
            used = json.loads(told.read_text())
            spent["charts"] += used["charts"]
            spent["statistics"] += used["all"] - used["charts"]
        return ended

    whole, execution.execute = execution.execute, execute
    timed(run, "run_chapters", "papermill")
    timed(book, "build", "Jupyter Book")
    timed(run._Run, "_pressed", "pages around the book", ["Jupyter Book"])
    with tempfile.TemporaryDirectory() as aside:
        place = Path(aside)
        os.environ["HANDBOOK_STUDIES"] = str(place / ".studies")
        planned = _time("reading", lambda: plan(client, PROJECT), spent)
        with Reporter(planned.steps, Console(quiet=True)) as steps:
            run.run(planned, Places(place / "build"), steps, workers=1)
    print(json.dumps(spent))


def _import_all() -> None:
    from importlib import import_module

    from helpers.press import warm

    warm.prepare()
    for name in warm.preloaded():
        import_module(name)


def _time(part: str, function: Callable[[], Any], spent: dict[str, float]) -> Any:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before = sum(map(_of, kinds))
    result = function()
    spent[part] += sum(map(_of, kinds)) - before
    return result


def _start() -> float:
    spent: dict[str, float] = {}
    with counted(spent):
        quietly([program("handbook"), "--help"])
    return spent["cpu"]


def main() -> None:
    """For each client a row a way, the ratio, and the parts of ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", nargs="+", default=["northfield", "mobile"])
    clients = parser.parse_args().clients
    own_children()
    delivered(clients[0])  # compiled files and the system's caches are warm for both ways
    for client in clients:
        ours, theirs = delivered(client), plain(client)
        print(f"{client}, from scratch{'CPU s':>16}{'clock s':>9}")
        print(f"  handbook run {ours['cpu']:23.1f}{ours['clock']:9.1f}")
        of = f"(papermill {theirs['chapters']:.1f}, jupyter-book {theirs['book']:.1f})"
        print(f"  the plain way {theirs['cpu']:22.1f}{theirs['clock']:9.1f}   {of}")
        print(f"  {theirs['cpu'] / ours['cpu']:.1f} times fewer CPU seconds")
        where = {"start": _start(), **json.loads(_apart("parts", client))}
        told = ", ".join(f"{part} {seconds:.1f}" for part, seconds in where.items())
        print(f"  of ours, chapters one by one: {told}")


if __name__ == "__main__":
    aside = {one.__name__: one for one in (plan_plainly, stage_plainly, parts)}
    aside[sys.argv[1]](*sys.argv[2:]) if sys.argv[1:2] and sys.argv[1] in aside else main()
