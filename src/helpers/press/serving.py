"""One book, served to this machine only.

Any page that a browser has open can ask this machine's ports for things, and a name that
another site points at 127.0.0.1 makes our answers readable to it. So only requests that
name this machine are answered, and only with the files of the book.
"""

from __future__ import annotations

import errno
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from helpers.errors import HandbookError
from helpers.press.safety import HEADERS

__all__ = ["HERE", "server"]

HERE = ("127.0.0.1", "localhost", "[::1]")
PATIENCE = 30  # seconds for a request to arrive
PICTURE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
TEXTS = {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}


class _Handler(SimpleHTTPRequestHandler):
    """Gives out the book's files, and says no to everything else."""

    server_version, sys_version = "handbook", ""
    timeout = PATIENCE
    extensions_map = {  # noqa: RUF012 - as declared above it; a system's own list may be wrong
        "": "application/octet-stream", ".html": "text/html", ".css": "text/css",
        ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
        ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
        ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".txt": "text/plain",
        ".inv": "application/octet-stream",
    }  # fmt: skip

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer with a file of the book, or with the reason why not."""
        if not self._names_this_machine():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "Ask for it by this machine's name")
            return None
        if not self._in_the_book():
            self.send_error(HTTPStatus.NOT_FOUND, "Not a page of this book")
            return None
        return super().send_head()

    def _names_this_machine(self) -> bool:
        hosts = self.headers.get_all("Host") or []
        port = self.connection.getsockname()[1]
        ours = {f"{name}:{port}" for name in HERE} | (set(HERE) if port == 80 else set())
        return len(hosts) == 1 and hosts[0].strip().lower() in ours

    def _in_the_book(self) -> bool:
        if not self.path.startswith("/"):
            return False
        asked = unquote(urlsplit(self.path).path)
        if "\0" in asked or "\\" in asked or any(p.startswith(".") for p in asked.split("/")):
            return False
        book = Path(self.directory).resolve()
        path = Path(self.translate_path(self.path)).resolve()
        if path.is_dir():
            path = path / "index.html"
        return path.is_file() and path.is_relative_to(book)

    def list_directory(self, path: Any) -> None:  # noqa: ANN401 - as the library declares it
        """A folder without a page of its own is not shown."""
        self.send_error(HTTPStatus.NOT_FOUND, "Not a page of this book")

    def guess_type(self, path: Any) -> str:  # noqa: ANN401 - as the library declares it
        """What a file is, by its name alone."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind in TEXTS else kind

    def send_header(self, keyword: str, value: str) -> None:
        """Note what is sent, for the policy that goes with it."""
        if keyword.lower() == "content-type":
            self._picture = value.startswith("image/svg")
        super().send_header(keyword, value)

    def end_headers(self) -> None:
        """Send what keeps other sites out with every answer."""
        for name, value in HEADERS.items():
            policy = name == "Content-Security-Policy" and getattr(self, "_picture", False)
            self.send_header(name, PICTURE if policy else value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def _refuse(self) -> None:
        self.send_response(HTTPStatus.METHOD_NOT_ALLOWED)
        self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _refuse


def server(book: Path, port: int) -> ThreadingHTTPServer:
    """A server of one book on this machine, not yet at work.

    Raises
    ------
    HandbookError
        Where the port cannot be had, in one line.
    """
    try:
        return ThreadingHTTPServer(
            ("127.0.0.1", port), partial(_Handler, directory=str(book.resolve()))
        )
    except OSError as refused:
        why = {
            errno.EADDRINUSE: "is in use by another program",
            errno.EACCES: "is not for everyone to use",
        }.get(refused.errno or 0, f"cannot be used ({refused.strerror})")
        other = port + 1 if 1024 <= port < 65535 else 8000
        raise HandbookError(f"port {port} {why}: give another with --port {other}") from None
