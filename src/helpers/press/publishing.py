"""A client's edition put where a static host serves it, whole, over its own last one alone."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.errors import HandbookError, InputFaults
from helpers.press.edition import client_edition
from helpers.study import Study
from helpers.study.client_names import client_path
from helpers.study.config import Config, read_config
from helpers.study.findings import Findings

__all__ = ["MARK", "policed", "publish"]

AS_IS = ".nojekyll"  # tells GitHub Pages to serve folders that begin with an underscore
MARK = ".handbook"  # a file of a published folder: whose edition it is, and a seal of every file


def policed(client: str, data: Path) -> Config:
    """What a client's ``client.yml`` says, its policy above all; no table is read.

    Raises
    ------
    InputFaults
        Where it has faults.
    """
    findings = Findings()
    config = read_config(client_path(client, data), findings)
    if findings.errors or config is None:
        raise InputFaults(findings.errors)
    return config


def publish(book: Path, study: Study | Config, folder: Path) -> int:
    """Write the client's edition of a built book into a folder; how many files comes back.

    It is made beside that folder and put in place in one step: on a failure the last good edition
    stays as it is.

    Raises
    ------
    HandbookError
        Where the folder holds anything that was not published there for this client, or the
        edition may not leave the house; see `client_edition`.
    """
    target = folder.resolve()
    name = study.name
    if problem := _refused(target, book.resolve().parent, name):
        raise HandbookError(f"{folder} {problem}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as aside:
        made = Path(aside) / "edition"
        client_edition(book, study, made)
        (made / AS_IS).touch()
        files = _files(made)
        seals = sorted(_seal(file, name) for file in files)
        (made / MARK).write_text("\n".join([_line(name), *seals, ""]), encoding="utf-8")
        _swap(made, target, Path(aside) / "before")
    return len(files)


def _line(name: str) -> str:
    return f"Client's edition of {' '.join(name.split())}"


def _seal(file: str, name: str) -> str:
    """What stands for a file's path in the mark, which hosts serve: a list of pages is nobody's.

    >>> _seal("index.html", "Acme") == _seal("index.html", "Acme") != _seal("x.html", "Acme")
    True
    """
    return sha256(f"{name}/{file}".encode()).hexdigest()[:20]


def _files(folder: Path) -> list[str]:
    """Every file under a folder, by its path in it."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _refused(target: Path, report: Path, name: str) -> str:
    """Why nothing may be published in a folder; empty where it may."""
    if target == report or target.is_relative_to(report) or report.is_relative_to(target):
        return "is where the report itself lies: name a folder outside it"
    if not target.exists():
        return ""
    if not target.is_dir():
        return "is a file: name a folder"
    there = _files(target)
    if not there and not any(target.iterdir()):
        return ""
    if MARK not in there:
        return "holds what was not published there: name an empty folder, or a new one"
    first, *known = (target / MARK).read_text(encoding="utf-8").splitlines()
    if first != _line(name):
        return "holds the edition of another client: name another folder"
    ours = {*known, MARK}  # a mark of before listed the paths themselves
    others = sorted(file for file in there if not ours & {file, _seal(file, name)})
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        return f"holds {others[0]}{more}, which was not published there: move it first"
    return ""


def _swap(made: Path, target: Path, before: Path) -> None:
    """Put what was made in the place of what was there."""
    if target.exists():
        target.rename(before)
    try:
        made.rename(target)
    except BaseException:
        if before.exists():
            before.rename(target)
        raise
