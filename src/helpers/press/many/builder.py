"""One process that makes the books of all clients, each in a fork of it.

Jupyter Book takes two seconds to be imported, and a second to read the theme's templates and to
set the references. The builder does so once, for a book of the handbook's own pages; what makes
a client's book is forked from it, knows no other client, and ends with its book.
"""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import Client, Connection, wait
from pathlib import Path

from helpers.press import warm

__all__ = ["ADDRESS", "builder", "built"]

ADDRESS = "BOOK_BUILDER"  # in the environment: where books are asked for


def built(arguments: Sequence[str]) -> tuple[int, str] | None:
    """What Jupyter Book gives for its arguments: its exit code and what it said.

    ``None`` where no builder is at work, or it ended before the book did.
    """
    if not (address := os.environ.get(ADDRESS)):
        return None
    with suppress(OSError, EOFError), Client(address, family="AF_UNIX") as pipe:
        pipe.send((str(Path.cwd()), list(arguments)))
        code, said = pipe.recv()
        return code, said
    return None


@contextmanager
def builder(project: Path) -> Iterator[None]:
    """Have a builder at work for all processes that are started meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="b-"))
    address = str(folder / "ask")
    if len(os.fsencode(address)) > warm.LONGEST_SOCKET:
        yield
        return
    process = warm.context().Process(target=_serve, args=(address, str(project)), daemon=True)
    process.start()
    os.environ[ADDRESS] = address
    try:
        yield
    finally:
        del os.environ[ADDRESS]
        process.terminate()
        process.join()
        shutil.rmtree(folder, ignore_errors=True)


def _serve(address: str, project: str) -> None:
    """Make one book, then fork for each that is asked for, as long as the run lasts."""
    run = parent_process()
    ended = [] if run is None else [run.sentinel]
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        _warm_up(Path(project))
        while not set(ended) & set(wait([listening, *ended])):
            asked, _ = listening.accept()
            if not os.fork():
                listening.close()
                _answer(Connection(asked.detach()))
            asked.close()
            _reap()


def _reap() -> None:
    """Take note of forks that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _warm_up(project: Path) -> None:
    """Make a book of the pages that every client's book has, of no client."""
    from helpers.press.book import neutral

    with tempfile.TemporaryDirectory() as aside, _said() as said:
        stage = Path(aside) / "stage"
        neutral(project, stage)
        _book(["build", str(stage), "--path-output", str(Path(aside) / "out"), "-q"], said)
    gc.collect()
    gc.freeze()


def _answer(pipe: Connection) -> None:
    """Make the book that is asked for, in this fork, and say how it went."""
    where, arguments = pipe.recv()
    os.chdir(where)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    with _said() as said:
        done = _book(arguments, said)
    with suppress(OSError):
        pipe.send(done)
    os._exit(0)


def _end_with(pipe: Connection) -> None:
    """End at once when nobody waits for the book any more."""
    with suppress(OSError):
        pipe.poll(None)
    os._exit(1)


@contextmanager
def _said() -> Iterator[Path]:
    """All that this process prints, whichever way, in a file; for good, as in a fork."""
    with tempfile.TemporaryDirectory() as aside:
        said = Path(aside) / "said.txt"
        file = os.open(said, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        for stream in (1, 2):
            os.dup2(file, stream)
        os.close(file)
        yield said


def _book(arguments: Sequence[str], said: Path) -> tuple[int, str]:
    gc.disable()  # what a build imports and makes lives until it ends: nothing would be freed
    from jupyter_book.cli.main import main

    code = 0
    try:
        main(list(arguments))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code, said.read_text(encoding="utf-8", errors="replace")
