"""How many whole books claim something in worlds where nothing works.

Run with ``python benchmarks/null_books.py 28``: so many clients of the generator's ``null``
world are simulated, the chapters' notebooks run on each in one process and without pictures, and
what they hand on is read. Counted are books with an answer that claims an effect, a difference, a
change or a gain: clear on its own, clear among all questions of the book, and clear so on the
first page. What is true even there is not counted: moods do change between waves, so more people
change segment than scatter alone would move. About half a minute a book; ``28 101`` begins with
world 101, and a folder after it keeps the results.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import nbformat

from helpers import results
from helpers.press import manifest, sections
from helpers.press.chapters import run_order
from helpers.press.plans import plan
from helpers.simulate.worlds import world, write_client
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.questions import questions

PROJECT = Path(__file__).parents[1]
OURS = ("run_card", "planted_truths")  # chapters that claim nothing
TRUE_THERE = "loyalty.moved_excess = more"


def asked(seed: int, keep: Path) -> list[tuple[str, bool, bool]]:
    """Simulate and analyse one world: what it claims, whether among all, whether ahead."""
    made = keep / str(seed)
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / f"null{seed}"
        write_client(world(seed, "null"), folder)
        planned = plan(str(folder), PROJECT)
        manifest.write_run(manifest.run_record(planned.study, planned.parameters), made)
        for name in run_order(planned.chapters).static_order():
            if name in planned.chapters and name not in OURS:
                source = nbformat.read(planned.chapters[name].path, as_version=4)
                book = sections.for_client(source, planned.has, planned.short)
                told = {"client": str(folder.resolve()), "results_dir": str(made)}
                run(book, {**planned.parameters[name], **told})
    found = questions(results.load_all(made))
    rows = found[found["claims"].astype(bool)].itertuples()
    told = [(f"{r.chapter}.{r.figure} = {r.verdict}", bool(r.held), bool(r.first)) for r in rows]
    return [line for line in told if line[0] != TRUE_THERE]


def run(book: nbformat.NotebookNode, values: dict[str, object]) -> None:
    """Run a notebook's cells with parameters; nothing that they show is kept."""
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in book.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, "cell", "exec"), names)
                if "parameters" in cell.metadata.get("tags", []):
                    names.update(values)


def main() -> None:
    """Print what each book claims, then how many do."""
    words = dict(enumerate(sys.argv[1:4]))
    number, first = int(words.get(0, "4")), int(words.get(1, "1"))
    mpl.use("agg")
    warnings.filterwarnings("ignore")
    Chart.html = lambda self: ""  # type: ignore[method-assign]
    told: Counter[str] = Counter()
    alone = anywhere = ahead = 0
    with tempfile.TemporaryDirectory() as aside:
        os.environ["HANDBOOK_STUDIES"] = f"{aside}/.studies"
        for seed in range(first, first + number):
            found = asked(seed, Path(words.get(2, aside)))
            among_all = [line for line, held, _ in found if held]
            told.update(line for line, *_ in found)
            alone += bool(found)
            anywhere += bool(among_all)
            ahead += any(held and early for _, held, early in found)
            lines = [f"{line}{' (among all)' * held}" for line, held, _ in found]
            print(f"world {seed}: {', '.join(lines) or 'nothing'}", flush=True)
    print(f"{number} books: {alone} have an answer that is clear on its own, {anywhere} one that "
          f"is clear among all, {ahead} on the first page")  # fmt: skip
    for line, count in told.most_common():
        print(f"  {count:4d}  {line}")


if __name__ == "__main__":
    main()
