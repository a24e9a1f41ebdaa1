"""Which files a table comes from: the folder's own, or one inside an installed package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.in_place.address import Address, AddressProblem, is_address, read_address
from helpers.study.nearest import advice_for
from helpers.study.readers.query import files_read, query_text
from helpers.study.regular_files import not_a_file

__all__ = ["ENDINGS", "WORKBOOKS", "Source", "files_used", "find_sources", "is_named_after"]

TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ENDINGS = (*TEXT, *WORKBOOKS, ".parquet", ".sav", ".zsav", ".sql")
PACKAGE = "package:"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name to call it by; of a table in a database, its address."""

    path: Path
    name: str
    address: Address | None = None


def find_sources(table: str, folder: Path, config: Config, findings: Findings) -> list[Source]:
    """The files of a table, as ``tables:`` declares them or by their name."""
    if table in config.tables:
        found = [_declared(text, table, folder, findings) for text in config.tables[table]]
        return _once([source for group in found for source in group], table, findings)
    there = [path for path in sorted(folder.iterdir()) if is_named_after(path.name, table)]
    there = _query_over(there, folder) or there
    if len(there) > 1:
        names = " and ".join(path.name for path in there)
        advice = f"Say which under `tables: {{{table}: {there[0].name}}}` in client.yml."
        findings.error(there[0].name, f"is one of two files for {table}: {names}", advice)
        return []
    return [s for path in there for s in _checked(path, path.name, folder, findings)]


def is_named_after(file: str, table: str) -> bool:
    """Whether a file is read as this table because of its name, small or capital letters.

    Examples
    --------
    >>> is_named_after("Accounts.CSV", "accounts"), is_named_after("accounts.2026.csv", "accounts")
    (True, False)
    """
    name = file.lower()
    return name.startswith(f"{table}.") and name.removeprefix(table) in ENDINGS


def _once(sources: list[Source], table: str, findings: Findings) -> list[Source]:
    """Each file once: read twice, all its rows would count double."""
    seen: dict[tuple[Path, Address | None], Source] = {}
    for source in sources:
        if seen.setdefault((source.path.resolve(), source.address), source) is not source:
            advice = "Name each file once; a pattern may already find it."
            problem = "is named twice"
            findings.error(
                "client.yml", problem, advice, column=f"tables.{table}", found=source.name
            )
    return list(seen.values())


def _query_over(paths: list[Path], folder: Path) -> list[Path]:
    """The query among several files of a table, where it reads all the others."""
    queries = [path for path in paths if path.suffix.lower() == ".sql" and path.is_file()]
    if len(queries) != 1:
        return []
    read = files_read(query_text(queries[0]), folder)
    return queries if set(paths) - set(queries) <= set(read) else []


def files_used(tables: Iterable[str], folder: Path, config: Config) -> set[Path]:
    """The folder's files that these tables come from, those that a query reads included."""
    used: set[Path] = set()
    for table in tables:
        for source in find_sources(table, folder, config, Findings()):
            used.add(source.path)  # of a database elsewhere, the path of no file
            if source.path.name.lower().endswith(".sql"):
                used.update(files_read(query_text(source.path), folder))
    return used


def _declared(text: str, table: str, folder: Path, findings: Findings) -> list[Source]:
    key = f"tables.{table}"
    if text.startswith(PACKAGE):
        return _in_package(text, key, findings)
    if is_address(text):
        return _at_address(text, key, folder, findings)
    if Path(text).is_absolute() or ".." in Path(text).parts:
        advice = "Put the file into the client folder and name it from there."
        problem = "leads out of the client folder"
        findings.error("client.yml", problem, advice, column=key, found=text)
        return []
    paths = _paths(text, folder)
    if not paths:
        there = [p.name for p in folder.iterdir() if p.is_file()]
        advice = advice_for(text, there)
        findings.error("client.yml", "is not in the folder", advice, column=key, found=text)
    named = [(path, path.relative_to(folder).as_posix()) for path in paths]
    return [s for path, name in named for s in _checked(path, name, folder, findings)]


def _at_address(text: str, key: str, folder: Path, findings: Findings) -> list[Source]:
    scheme = text.split("://")[0] + "://…"  # all of an address that a message may hold
    try:
        address = read_address(text)
    except AddressProblem as fault:
        findings.error("client.yml", fault.problem, fault.advice, column=key, found=scheme)
        return []
    if not address.file:
        return [Source(Path(), address.name, address)]
    path = folder / address.file
    problem = not_a_file(path)
    if problem is None and not path.resolve().is_relative_to(folder.resolve()):
        problem = "links outside the client folder"
    if problem is not None:
        advice = "Put the file itself there."
        findings.error("client.yml", problem, advice, column=key, found=address.file)
        return []
    return [Source(path, address.name, address)]


def _paths(text: str, folder: Path) -> list[Path]:
    """What a path or a pattern finds in the folder, links that lead nowhere included.

    A file of exactly that name is meant, though it holds signs of a pattern: ``wave [final].csv``.
    """
    exact = folder / text
    try:
        found = [path for path in sorted(folder.glob(text)) if _there(path)]
    except (OSError, ValueError):  # a name that is too long, a pattern that is none
        found = []
    return [exact] if exact not in found and _there(exact) else found


def _there(path: Path) -> bool:
    try:
        return path.is_symlink() or path.exists()
    except (OSError, ValueError):  # a name that is too long, or none
        return False


def _checked(path: Path, name: str, folder: Path, findings: Findings) -> list[Source]:
    problem = not_a_file(path)
    if path.is_dir():
        findings.error(name, "is a folder, not a file", f'Name its files: "{name}/*.csv".')
    elif problem is not None:
        findings.error(name, problem, "Put the file itself there.")
    elif not path.resolve().is_relative_to(folder.resolve()):
        findings.error(name, "links outside the client folder", "Put the file itself there.")
    elif not name.lower().endswith(ENDINGS):
        advice = f"Use one of {', '.join(ENDINGS)}."
        if name.lower().endswith(".duckdb"):
            advice = f"Name one table of it: `duckdb://{name}/<table>`."
        findings.error(name, "is of a kind that the handbook does not read", advice)
    else:
        return [Source(path, name)]
    return []


def _in_package(text: str, key: str, findings: Findings) -> list[Source]:
    package, _, inside = text.removeprefix(PACKAGE).partition("/")
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        advice = f"Install it with `pip install {package}`."
        problem = "names a package that is not installed"
        findings.error("client.yml", problem, advice, column=key, found=text)
        return []
    home = Path(next(iter(spec.submodule_search_locations))).resolve()
    path = (home / inside).resolve()
    if not inside or not path.is_relative_to(home) or not path.is_file():
        problem = f"is not a file of the package {package}"
        findings.error("client.yml", problem, "Check the path.", column=key, found=text)
        return []
    if not path.name.lower().endswith(ENDINGS):
        advice = f"Use one of {', '.join(ENDINGS)}."
        findings.error(text, "is of a kind that the handbook does not read", advice)
        return []
    return [Source(path, text)]
