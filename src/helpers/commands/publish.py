"""``handbook publish``: the client's edition of a report, ready for any static host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpers.console import out, shown

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
    whoever makes the report, no results, parameters or notebooks. Letters and notes stay drafts
    of yours: what only the client knows is in square brackets.

    Nothing is published in which a folder, user or host of this machine, a secret of its
    environment or a known form of secret is found, or a figure of too few people; nor a file
    that cannot be read. Text is read unescaped, without tags and out of base64, Office files,
    PDF and the notes of pictures. Not seen: words drawn in a picture or cut by a script, other
    codings, a secret without a known form or name; of small bases, what has no base beside it:
    looked at are figures, sentences with a base, and tables whose heads name groups, people and
    what they answered.

    Example: `handbook publish northfield site`
    """
    from helpers.press.belonging import book_of
    from helpers.press.publishing import policed
    from helpers.press.publishing import publish as put
    from helpers.project import required_project

    project = required_project()
    reports = (project / "build" if output is None else output).resolve()
    book = book_of(client, project / "data", reports)
    files = put(book, policed(client, project / "data"), folder)
    out.print(f"{shown(folder / 'index.html')} ({files} files)", markup=False)
