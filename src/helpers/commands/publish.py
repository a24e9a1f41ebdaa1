"""``handbook publish``: the client's edition of a report, ready for any static host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpers.console import out, shown
from helpers.errors import HandbookError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(publish)


def publish(
    client: Annotated[str, typer.Argument(help="A name under data/, or a folder.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder, or one published before.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="Where reports lie (else the handbook's build).")
    ] = None,
) -> None:
    """Write the client's edition of a report into a folder for any static host.

    It holds the chapters, how to read them and the glossary; no code, no method, no page for
    whoever makes the report, no results, parameters or notebooks. Nothing is published that
    names a folder, user or host of this machine, a secret, or a figure of too few people.

    Example: `handbook publish northfield site`
    """
    from helpers.press.owners import book_of
    from helpers.press.publishing import policed
    from helpers.press.publishing import publish as put
    from helpers.project import project_folder

    project = project_folder()
    if project is None:
        raise HandbookError("no _toc.yml here or above: run it from the handbook's folder")
    reports = (project / "build" if output is None else output).resolve()
    book = book_of(client, project / "data", reports)
    files = put(book, policed(client, project / "data"), folder)
    out.print(f"{shown(folder / 'index.html')} ({files} files)", markup=False)
