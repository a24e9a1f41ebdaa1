"""What may not leave the house in a folder of pages: paths, names of users and hosts, secrets.

Every file is read, workbooks and letters inside as well. A secret is never said in a message: the
variable of the environment that holds it is.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from helpers.press.discreet import known_places

__all__ = ["Guarded", "leaks"]

MAY_LEAVE = (
    ".html", ".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".woff2", ".ttf", ".csv", ".xlsx",
    ".docx", ".pptx", ".pdf", ".md", ".txt",
)  # fmt: skip
PACKED = (".xlsx", ".docx", ".pptx")
DATA = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]*")  # pictures: long, and nothing to read
HOMES = (
    re.compile(r"/(?<![\w.~/:-]/)(?:home|Users|root|tmp|mnt|var/folders)/[\w.-]+"),
    re.compile(r":\\\\?(?:Users|Documents and Settings)\\\\?[^\\\s\"'<>]"),
)
PASSWORD = re.compile(r"://[^\s/:@\"'<>]+:[^\s/@\"'<>]+@[\w.-]")
KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
)
SECRET = re.compile(
    r"(?i)secret|token|passw|pwd|passphrase|credential|api_?key|access_?key|private_?key|dsn|"
    r"database_url|connection_?string"
)
SHORTEST = 6  # letters of a secret that is looked for
ANYWHERE = 8  # letters from which a name is no word of a language
NOBODY = {
    "root", "user", "admin", "administrator", "runner", "ubuntu", "debian", "localhost",
    "localdomain", "build", "builder", "docker", "container", "default", "vagrant", "jovyan",
    "nobody", "handbook",
}  # fmt: skip


@dataclass(frozen=True)
class Guarded:
    """What this machine would give away: its folders, names, and secrets by their variable."""

    folders: tuple[str, ...]
    names: tuple[str, ...]
    secrets: Mapping[str, str]

    @classmethod
    def here(cls) -> Guarded:
        """What there is to guard now, on this machine and in its environment."""
        return cls(tuple(known_places()), tuple(sorted(_names())), dict(_secrets(os.environ)))

    def faults(self, text: str) -> Iterator[str]:
        """What of it a text says."""
        text = DATA.sub("", text)
        folder = next((place for place in self.folders if _holds(text, place)), None)
        if folder or any(home.search(text) for home in HOMES):
            yield "a path of the machine that made it"
        for name in self.names:
            if _names_somebody(text, name):
                yield f"the name of a user or a host ({name})"
        for variable, value in self.secrets.items():
            if any(form in text for form in {value, escape(value), quote(value, safe="")}):
                yield f"the value of {variable}"
        if PASSWORD.search(text):
            yield "an address with a password"
        if KEYS.search(text):
            yield "a secret key"


def leaks(folder: Path, guarded: Guarded | None = None) -> list[str]:
    """What files under a folder give away of the machine and of the run, a line each.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as aside:
    ...     _ = (Path(aside) / "page.html").write_text("<p>from /home/ann/acme</p>")
    ...     _ = (Path(aside) / "loyalty.parquet").touch()
    ...     leaks(Path(aside), Guarded((), (), {}))
    ['loyalty.parquet is no file of an edition', 'page.html holds a path of the machine that made it']
    """  # noqa: E501 - one line, as it is printed
    guarded = guarded or Guarded.here()
    found: dict[str, None] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink()):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or path.suffix not in MAY_LEAVE or "_sources/" in f"/{name}":
            found[f"{name} is no file of an edition"] = None
            continue
        for text in (name, *_texts(path)):
            found |= {f"{name} holds {fault}": None for fault in guarded.faults(text)}
    return list(found)


def _texts(path: Path) -> Iterator[str]:
    """All that a file says."""
    if path.suffix not in PACKED:
        yield path.read_bytes().decode("utf-8", "replace")
        return
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            yield part.filename
            yield packed.read(part).decode("utf-8", "replace")


def _holds(text: str, place: str) -> bool:
    """Whether a folder stands in a text as a whole step of a path.

    >>> _holds("from /tmp/x", "/tmp"), _holds("and/tmps", "/tmp")
    (True, False)
    """
    return place in text and bool(re.search(rf"(?<![\w.~-]){re.escape(place)}(?![\w-])", text))


def _names() -> set[str]:
    """What users and hosts are called here, but for names that tell nobody."""
    told = [os.environ.get(key, "") for key in ("USER", "LOGNAME", "USERNAME", "HOSTNAME")]
    told += [Path.home().name, platform.node(), socket.gethostname()]
    with suppress(OSError, KeyError, ImportError):  # a user without a name
        told.append(getpass.getuser())
    short = [name.partition(".")[0] for name in told]
    return {name for name in (*told, *short) if len(name) > 2 and name.lower() not in NOBODY}


def _names_somebody(text: str, name: str) -> bool:
    """Whether a text says a user's or a host's name; one that may be a word, only as a name.

    >>> _names_somebody("made by rose7", "rose7"), _names_somebody("the score rose", "rose")
    (True, False)
    >>> _names_somebody("rose@build", "rose")
    True
    """
    if name not in text:
        return False
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    if len(name) < ANYWHERE and name.isalpha():
        field = r"(?:creator|lastModifiedBy|author)\b[^<]{0,40}"
        whole = rf"{whole}@|@{whole}|/{re.escape(name)}/|{field}>{re.escape(name)}<"
    return bool(re.search(whole, text))


def _secrets(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Values of variables that are called like secrets, and passwords of addresses in any."""
    for variable, value in sorted(environment.items()):
        if SECRET.search(variable) and len(value) >= SHORTEST and not value.startswith("/"):
            yield variable, value
        try:
            password = urlsplit(value).password if "://" in value else None
        except ValueError:
            continue
        if password and len(password) >= SHORTEST:
            yield f"the password in {variable}", password
