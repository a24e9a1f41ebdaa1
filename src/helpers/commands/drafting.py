"""``handbook codebook`` and ``handbook new --from``: the first hour with a raw export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.console import out, shown
from helpers.errors import HandbookError

__all__ = ["new_from", "register"]

WIDEST = 40  # letters of a column's name


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(codebook)
    app.command()(formats)


def codebook(
    file: Annotated[str, typer.Argument(help="A survey export, or a client: name or folder.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder for the drafts (else the file's).")
    ] = None,
    sure: Annotated[str, typer.Option(help="Questions whose guesses are right: Q6*,Q9.")] = "",
    unused: Annotated[str, typer.Option(help="Columns that are no questions: Q7*,LANG.")] = "",
) -> None:
    """Draft codebook.csv and client.yml from a survey export; guesses are marked with a ?.

    A file that is there already stays as it is: the draft is written beside it. With
    `--sure` and `--unused` nothing is drafted: the marks of those questions are taken away.

    Example: `handbook codebook data/acme/export.csv`, `handbook codebook acme --sure "Q6*"`
    """
    from helpers.study.drafting import draft_codebook, drafts_beside, survey_of

    place = _place(file)
    if sure or unused:
        return _confirm(place, _names(sure), _names(unused))
    survey = survey_of(place) if place.is_dir() else place
    draft = draft_codebook(survey)
    folder = output or (survey.parent if os.access(survey.parent, os.W_OK) else Path())
    folder.mkdir(parents=True, exist_ok=True)
    title = folder.resolve().name.replace("-", " ").replace("_", " ").title()
    written = drafts_beside(draft, folder, title)
    _say(draft)
    out.print(f"written: {', '.join(shown(path) for path in written)}", markup=False)
    return None


def _place(text: str) -> Path:
    """A file or a folder as it was typed, or the client of that name."""
    from helpers.project import project_folder

    home = project_folder()
    named = None if home is None else home / "data" / text
    return named if named is not None and os.sep not in text and named.is_dir() else Path(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _confirm(folder: Path, sure: list[str], unused: list[str]) -> None:
    from helpers.study.drafting import confirm

    done = confirm(folder if folder.is_dir() else folder.parent, sure=sure, unused=unused)
    out.print(f"taken as right: {', '.join(done.sure) or 'none'}", markup=False)
    out.print(f"unused: {', '.join(done.unused) or 'none'}", markup=False)
    left = f"{len(done.left)} still marked" + (f": {', '.join(done.left)}" if done.left else "")
    out.print(left, markup=False)


def formats(
    file: Annotated[Path | None, typer.Argument(help="A file to look at.")] = None,
) -> None:
    """Say what can be read; with a file, what was seen in it and what it needs declared.

    Values are shown only where several rows hold them, and none of a column that may
    identify a person.

    Example: `handbook formats data/acme/export.csv`
    """
    from helpers.study.drafting import READABLE, columns_seen, declarations, file_seen

    if file is None:
        for subject, said in READABLE:
            out.print(f"{subject:<10} {said}", markup=False)
        return
    export = file_seen(file)
    out.print(f"{file.name}: {export.rows:,} rows, {export.layout}", markup=False)
    for fact, said in export.seen.items():
        out.print(f"  {fact}: {said}", markup=False)
    _say_columns(columns_seen(export))
    _say_declarations(declarations(export))


def _say_columns(columns: Sequence[Any]) -> None:
    width = min(max((len(column.name) for column in columns), default=0), WIDEST)
    out.print(
        f"{'column':<{width}}  {'kind':<22} {'blank':>7} {'different':>9}  seen", markup=False
    )
    for c in columns:
        name = c.name if len(c.name) <= width else c.name[: width - 1] + "…"
        line = f"{name:<{width}}  {c.kind:<22} {c.blank:>7,} {c.different:>9,}  {c.shown}"
        out.print(line.rstrip(), markup=False)


def _say_declarations(declared: Any) -> None:  # noqa: ANN401 - imported late, for speed
    from helpers.study.drafting import declared_lines

    if not declared:
        out.print("Nothing has to be declared to read it.")
        return
    out.print("To be declared under `formats: {<table>: …}` in client.yml:", markup=False)
    for line in declared_lines(declared):
        out.print(f"  {line}", markup=False)


def new_from(folder: Path, files: Sequence[str], client: str) -> None:
    """Make a client folder out of raw files, and say what to do next."""
    from helpers.study.drafting import client_from

    try:
        made = client_from(folder, [Path(file) for file in files])
    except ValueError as there:
        if isinstance(there, HandbookError):
            raise
        raise HandbookError(str(there)) from None
    _say(made.draft)
    for file, table in made.tables.items():
        said = f"{table.value}{'' if table.sure else '?'}" if table.value else "not recognised"
        out.print(f"{file}: {said}", markup=False)
    out.print(f"{shown(folder)} is ready: look through codebook.csv and client.yml, then:")
    out.print(f"handbook check {client}", markup=False)


def _say(draft: Any) -> None:  # noqa: ANN401 - imported late, for speed
    from helpers.study.drafting import summary

    for line in summary(draft):
        out.print(line, markup=False)
    if draft.open:
        out.print(f"{len(draft.open)} row(s) of codebook.csv hold a guess, marked with a ?.")
