"""``handbook params``: what can be set in a chapter."""

from __future__ import annotations

from typing import Annotated

import typer

from helpers.console import out

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(params)


def params(
    chapter: Annotated[str, typer.Argument(help="A chapter (else all).")] = "",
    yaml: Annotated[bool, typer.Option("--yaml", help="As a block for client.yml.")] = False,
) -> None:
    """List what can be set in a chapter: defaults, what each takes, its unit and meaning.

    Example: `handbook params drivers`
    """
    from helpers.press import parameter_list
    from helpers.press.chapters import load_chapters
    from helpers.project import required_project

    project = required_project()
    chosen = parameter_list.chosen_chapters(chapter, load_chapters(project))
    lines = [parameter_list.as_yaml(chosen)] if yaml else parameter_list.in_columns(chosen)
    for line in lines:
        out.print(line, markup=False)
