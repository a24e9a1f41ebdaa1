"""``handbook compare``: what changed between two runs, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.console import out, shown

__all__ = ["register"]

MOST_ROWS = 8  # of a chapter in the terminal; the files have all


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(compare)


def compare(
    run_a: Annotated[str, typer.Argument(help="A report's folder, or a client's name.")],
    run_b: Annotated[str, typer.Argument(help="The later one, in the same way.")],
    between: Annotated[
        list[str] | None, typer.Option(help="A run in between; may be repeated, in order.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder (else build/compared/CLIENT).")
    ] = None,
) -> None:
    """Say which figures changed from one run to another, and why.

    Reasons are what differs by content: data, settings, parameters, code, libraries, the wave.
    Where several differ, a run in between that has one of them already tells them apart, figure
    by figure. Writes comparison.csv and comparison.html.

    Example: `handbook compare old/northfield northfield`
    """
    from helpers.press import comparing
    from helpers.press.chapters import load_chapters
    from helpers.press.comparing.files import write_comparison
    from helpers.project import required_project

    project = required_project()
    chapters = load_chapters(project)
    before, now = (comparing.open_run(name, project / "build") for name in (run_a, run_b))
    on_the_way = [comparing.open_run(name, project / "build") for name in between or ()]
    made = comparing.compared_by_steps(before, now, on_the_way, tuple(chapters))
    titles = {name: chapter.title for name, chapter in chapters.items()}
    folder = output or project / "build" / "compared" / now.called
    written = write_comparison(made, folder, titles)
    _say(made, titles)
    for path in written:
        out.print(shown(path), markup=False)


def _say(made: Any, titles: dict[str, str]) -> None:  # noqa: ANN401 - imported late, for speed
    """Print the sum-up, what cannot be told, and the first changes of each chapter."""
    from itertools import groupby

    from helpers.press.comparing.wording import ASSUMED, apart, retold_in_words, set_beside, summary

    out.print(_seen(summary(made, titles)), markup=False)
    for note in filter(None, (*made.notes, apart(made))):
        out.print(f"note: {note}", markup=False)
    for one in made.retold:
        out.print(_seen(retold_in_words(one, titles)), markup=False)
    for name, why in made.left_out.items():
        out.print(f"{titles.get(name, name)}: {why}", markup=False)
    for name, changes in groupby(made.changes, key=lambda change: change.chapter):
        out.print(
            "", *_table(titles.get(name, name), list(changes), titles), sep="\n", markup=False
        )
    if told := set_beside(made):
        out.print("", told, ASSUMED, sep="\n", markup=False)


def _table(title: str, changes: list[Any], titles: dict[str, str]) -> list[str]:
    """The changes of a chapter: its reason, and the most important of them as a table."""
    import pandas as pd

    from helpers.press.comparing.wording import because, cells, remarks, step_by_step
    from helpers.views.rendering.tables import show

    reasons = [because(change, titles) for change in changes]
    one = len(set(reasons)) == 1
    rows = [
        (change.label, *cells(change), change.kind, "" if one else reason,
         "; ".join(filter(None, (*remarks(change), step_by_step(change, titles)))))
        for change, reason in zip(changes, reasons, strict=True)
    ]  # fmt: skip
    columns = {"figure": "Figure", "before": "Before", "now": "Now", "kind": "What it is",
               "why": "Why", "beside": "Beside it"}  # fmt: skip
    frame = pd.DataFrame([[_seen(cell) for cell in row] for row in rows], columns=[*columns])
    empty = [name for name in ("why", "beside") if not any(frame[name])]
    shown = {name: head for name, head in columns.items() if name not in empty}
    table = show(frame, caption="", columns=shown, limit=MOST_ROWS)
    why = reasons[0] if one else "each for its own reason"
    return [_seen(f"{title}: {len(changes):,} changed, {why}"), table.text()]


def _seen(text: str) -> str:
    """A text without signs that would steer a terminal.

    >>> _seen("W1" + chr(27) + "[2J")
    'W1?[2J'
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text)
