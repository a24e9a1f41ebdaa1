"""The ``handbook`` command."""

from __future__ import annotations

import atexit
import os
import signal
import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # slow and never needed

from collections.abc import Sequence  # noqa: E402
from contextlib import ExitStack, suppress  # noqa: E402
from pathlib import Path  # noqa: E402
from shlex import quote  # noqa: E402
from typing import Annotated, Any  # noqa: E402

import typer  # noqa: E402

from helpers.commands import alerts, compare, drafting, params, publish, sampling  # noqa: E402
from helpers.commands.drafting import new_from  # noqa: E402
from helpers.commands.machines import Where, is_address, run_elsewhere  # noqa: E402
from helpers.console import err, out, settle, shown  # noqa: E402
from helpers.errors import Fault, HandbookError, InputFaults  # noqa: E402
from helpers.project import required_project  # noqa: E402

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="A client folder in, a published loyalty report out.",
    pretty_exceptions_enable=False,
)
drafting.register(app)
params.register(app)
alerts.register(app)
compare.register(app)
publish.register(app)
sampling.register(app)
INTERRUPTED = 130
ENDING = [  # besides Ctrl-C: asked to end, or the terminal is gone
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
]

Clients = Annotated[list[str] | None, typer.Argument(help="Names under data/, or folders.")]
Output = Annotated[
    Path | None, typer.Option("--output", help="Where reports go (else the handbook's build).")
]


def _reports(output: Path | None) -> Path:
    return (required_project() / "build" if output is None else output).resolve()


def _known_clients(project: Path) -> list[str]:
    return sorted(path.parent.name for path in (project / "data").glob("*/client.yml"))


@app.command()
def new(
    folder: Annotated[str, typer.Argument(help="A name for data/<name>, or a path.")],
    more: Annotated[list[str] | None, typer.Argument(help="Further files for --from.")] = None,
    files: Annotated[
        list[str] | None, typer.Option("--from", help="Raw files: a survey export, lists, …")
    ] = None,
) -> None:
    """Start a client folder with a commented client.yml and codebook.csv.

    With `--from` both are drafted from a survey export, and guesses marked with a `?`.

    Example: `handbook new acme`, `handbook new acme --from export.sav customers.xlsx`
    """
    from helpers.study import new_client
    from helpers.study.client_names import name_problem

    bare = os.sep not in folder and not name_problem(folder)
    target = required_project() / "data" / folder if bare else Path(folder)
    if files:
        return new_from(target, [*files, *(more or ())], folder)
    if more:
        raise typer.BadParameter(f"put --from before files: handbook new {folder} --from {more[0]}")
    try:
        new_client(target)
    except ValueError as there:
        raise HandbookError(str(there)) from None
    out.print(f"{shown(target)} is ready: put the survey export there as responses.csv, fill in")
    out.print(f"client.yml and codebook.csv, then: handbook check {quote(folder)}", markup=False)
    return None


@app.command()
def check(client: Annotated[str, typer.Argument(help="A name under data/, or a folder.")]) -> None:
    """List every fault in what a client sent, all at once, without running anything.

    Example: `handbook check northfield`
    """
    from helpers.press import plans, sections
    from helpers.press.chapters import load_chapters

    project = required_project()
    found, known = plans.plan(client, project), load_chapters(project)
    for warning in found.study.warnings:
        err.print(f"warning: {warning}", markup=False)
    for note in found.study.notes:
        out.print(f"note: {note}", markup=False)
    out.print(f"{client}: no faults.", markup=False)
    if found.skipped:
        out.print(f"Left out, as `chapters` in client.yml says: {', '.join(found.skipped)}.")
    closed = {
        name: sections.absence(groups, found.short)
        for name, groups in found.closed.items()
        if not known[name].optional
    }
    if not closed:
        out.print("Every chapter has the tables and the answers that it needs.")
        return
    out.print(f"Chapters that will not be answered: {', '.join(closed)}.")
    for name, why in closed.items():
        out.print(f"  {name}: {why}", markup=False)


@app.command()
def run(
    clients: Clients = None,
    every: Annotated[bool, typer.Option("--all", help="Every client under data/.")] = False,
    chapters: Annotated[str, typer.Option(help="Only these, and what they build on: a,b")] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="chapter.parameter=value; may be repeated.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", help="Where reports go: a folder or s3://…")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Chapters and books side by side (else all cores).", min=1)
    ] = None,
    formats: Annotated[
        str, typer.Option(help="What to make besides the book, as html,xlsx.")
    ] = "html",
    why: Annotated[bool, typer.Option("--why", help="Say why each chapter ran, or not.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Take nothing over from an earlier run.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="tcp://host:port of a Dask scheduler, whose workers do it.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="Where clients lie: a folder or s3://… (else data/).")
    ] = None,
) -> None:
    """Make the report of one client or several, on all cores; a run that was cut off goes on.

    Of several that are named none is run where one has faults; of `--all` the others are.
    Ends with 0 where all is well, 1 where a chapter or a client failed, 2 where what was sent
    has faults, 3 after an error of the handbook's own, 130 when interrupted.

    A chapter runs again only where something that it is made from changed, by content: its
    notebook, the code that it imports, a parameter, a table that it reads, a result of a chapter
    before it, a library, a setting of the environment. Book and files are made again likewise.

    With `--scheduler` the workers of a Dask scheduler make them; `--data` and `--output` may
    then be folders that all machines share, or s3://bucket/folder.

    Example: `handbook run northfield --set drivers.replicates=500 --why`
    """
    from helpers.commands.running import reports
    from helpers.press.exports.named import format_faults
    from helpers.press.many.outcome import Job
    from helpers.press.untouched import Asked

    project = required_project()
    wanted = tuple(_listed(formats.lower()))
    if wrong := format_faults(wanted):
        raise InputFaults(wrong)
    only, chosen = tuple(_listed(chapters)), _settings(settings or ())
    asked = Asked(only, chosen, ("html", *wanted))
    if scheduler or data or is_address(output):
        if not (every or clients):
            raise typer.BadParameter("name a client, or give --all")
        if why:
            raise typer.BadParameter("--why tells of runs of this machine, from its own folders")
        where = Where(data, output, scheduler)
        named = () if every else clients or ()
        raise typer.Exit(run_elsewhere(named, project, where, asked, fresh=fresh))
    if not (names := _known_clients(project) if every else list(clients or ())):
        raise typer.BadParameter("name a client, or give --all")
    here = None if output is None else Path(output)
    if not fresh:
        from helpers.commands.untouched import say_untouched

        if not (names := say_untouched(names, project, _reports(here), asked, why=why)):
            raise typer.Exit(0)
    root = str(_reports(here))
    jobs = [Job(name, root, only, chosen, wanted, fresh) for name in names]
    raise typer.Exit(reports(jobs, workers, every=every, why=why))


def _listed(text: str) -> list[str]:
    """Names that a text lists, with commas between them.

    >>> _listed("html, xlsx,")
    ['html', 'xlsx']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def _settings(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Read ``chapter.parameter=value``, the value as YAML would read it.

    >>> _settings(["drivers.replicates=500", "sampling.margins=[tier, region]"])
    {'drivers': {'replicates': 500}, 'sampling': {'margins': ['tier', 'region']}}
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    chosen: dict[str, dict[str, Any]] = {}
    faults = []
    for text in texts:
        name, equals, value = text.partition("=")
        chapter, dot, parameter = name.partition(".")
        try:
            read = YAML(typ="safe").load(value)
        except YAMLError:
            equals = ""
        if equals and dot:
            chosen.setdefault(chapter, {})[parameter] = read
        else:
            advice = "Write it as chapter.parameter=value, for example drivers.replicates=500."
            faults.append(Fault("--set", "is not a setting", advice, found=text))
    if faults:
        raise InputFaults(faults)
    return chosen


@app.command("list")
def list_clients(output: Output = None) -> None:
    """List the clients under data/, and which of them have a report.

    Example: `handbook list`
    """
    from helpers.press.belonging import owner_problem
    from helpers.study.client_names import name_problem, printable

    root, data = _reports(output), required_project() / "data"
    for name in _known_clients(required_project()):
        if problem := name_problem(name) or owner_problem(data / name, root):
            said = problem
        else:
            book = root / name / "book" / "index.html"
            said = shown(book) if book.is_file() else "no report yet"
        out.print(f"{printable(name):<20} {said}", markup=False)


def _book_of(client: str, output: Path | None) -> Path:
    from helpers.press.belonging import book_of

    return book_of(client, required_project() / "data", _reports(output))


@app.command("open")
def open_book(client: str, output: Output = None) -> None:
    """Open a client's report in the browser, from disk.

    Example: `handbook open northfield`
    """
    typer.launch(str(_book_of(client, output) / "index.html"))


@app.command()
def serve(
    client: str,
    port: Annotated[int, typer.Option(help="Port on this machine.", min=0, max=65535)] = 8000,
    output: Output = None,
) -> None:
    """Serve a client's report to this machine only.

    Example: `handbook serve northfield --port 8001`
    """
    from helpers.press.serving import server

    with server(_book_of(client, output), port) as serving:
        address = f"http://127.0.0.1:{serving.server_address[1]}/"
        out.print(f"{address} (Ctrl-C ends it)", markup=False)
        serving.serve_forever()


def main() -> None:
    """Run the command; every outcome has its exit code.

    0 done, 1 a chapter failed or nothing could be written, 2 the input has faults,
    3 an error of the handbook's own, 4 alerts are overdue, 130 interrupted.
    """
    from helpers.press.scratch import scratch

    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _interrupt)
    aside = ExitStack()
    atexit.register(aside.close)  # last of all: other parts of Python put things away before
    try:
        aside.enter_context(scratch())
        code = app(standalone_mode=False)
    except typer.Exit as leaving:
        code = leaving.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        code = settle(error)
    if code == INTERRUPTED:
        with suppress(OSError):  # the terminal may be gone
            err.print("interrupted: the last good report is untouched")
        aside.close()
        os._exit(INTERRUPTED)  # without waiting for the threads that waited for kernels
    sys.exit(code if isinstance(code, int) else 0)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
