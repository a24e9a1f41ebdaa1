"""What may not leave the house in a folder of pages: paths, names of users and hosts, secrets.

Every file is read as its readers may (`readings`): unescaped, without tags, inside. A secret is
never said in a message: the variable of the environment that holds it is.
"""

from __future__ import annotations

import base64
import getpass
import os
import platform
import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from urllib.parse import unquote, urlsplit

from helpers.press.discreet import known_places
from helpers.press.readings import Unread, readings, unfolded
from helpers.press.secret_forms import secret_faults

__all__ = ["Guarded", "leaks"]

MAY_LEAVE = (
    ".html", ".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".woff2", ".ttf", ".csv", ".xlsx",
    ".docx", ".pptx", ".pdf", ".md", ".txt",
)  # fmt: skip
KINDS = {
    **dict.fromkeys((".xlsx", ".docx", ".pptx"), b"PK"), ".pdf": b"%PDF", ".png": b"\x89PNG",
    **dict.fromkeys((".jpg", ".jpeg"), b"\xff\xd8"),
}  # fmt: skip
ROOT = r"(?<![\w.~/-])(?:(?<!:)/+|(?<=:)/)(?!/)"  # not after a step of a path, nor in https://
PATHS = (  # each with what stands in a line that may have one
    (
        "/",
        rf"{ROOT}(?:home|Users|root|tmp|mnt|media|opt|srv|data|work|workspaces?|Volumes|app|etc|"
        r"usr/(?:local|share|src)|(?:private/)?var/\w+|private/tmp)/[\w.-]",
    ),
    ("~", r"(?<![\w~/.])~\w*/\w[\w.-]*"),
    ("ile:/", r"\b[Ff]ile:/+[\w.~]"),
    (":/", r"(?<!\w)[A-Z]:/[\w$][^\\/:*?\"'<>|]{0,60}/+[^\s\"'<>]"),
    (":\\", r"(?<!\w)[A-Za-z]:\\{1,2}[\w$][^\\/:*?\"'<>|]{0,60}[\\/]+[^\s\"'<>]"),
    (":\\", r"(?<!\w)[A-Za-z]:\\{1,2}[\w -]{1,60}\.\w{2,5}\b"),
    ("\\\\", r"(?<![\\\w])\\{2,4}\w[\w.-]+\\{1,2}\w[\w$.-]+"),
)
MADE_AT = tuple((sign, re.compile(form)) for sign, form in PATHS)
SECRET = re.compile(
    r"(?i)secret|token|passw|pwd|passphrase|credential|key$|key_|webhook|cookie|dsn|"
    r"pass\d*$|(?:^|_)pass_|_pw$|^pw$|_pat$|_auth$|_sas$|database_url|connection_?string"
)
SHORTEST = 6  # letters of a secret that is looked for
ANYWHERE = 8  # letters from which a name is no word of a language
MACHINES = "laptop|notebook|macbook|imac|desktop|pc|workstation|thinkpad|server"
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
        """What of it a line says."""
        folder = next((place for place in self.folders if _holds(text, place)), None)
        if folder or any(sign in text and path.search(text) for sign, path in MADE_AT):
            yield "a path of the machine that made it"
        small = text.lower()
        for name in self.names:
            if _names_somebody(small, name.lower()):
                yield f"the name of a user or a host ({name})"
        for variable, value in self.secrets.items():
            if any(form in text for form in _forms(value)):
                yield f"the value of {variable}"
        yield from secret_faults(text)


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
    heard: dict[str, tuple[str, ...]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink()):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or path.suffix not in MAY_LEAVE or "_sources/" in f"/{name}":
            found[f"{name} is no file of an edition"] = None
            continue
        try:
            texts = [name, *_texts(path)]
        except Unread:
            found[f"{name} cannot be read: it may hold anything"] = None
            continue
        for fault in _faults(texts, guarded, heard):
            found[f"{name} holds {fault}"] = None
    return list(found)


def _texts(path: Path) -> Iterator[str]:
    """All that a file says, where it is what its name tells."""
    data = path.read_bytes()
    if not data.startswith(KINDS.get(path.suffix, b"")):
        raise Unread(path.suffix)
    return readings(data)


def _faults(
    texts: Iterable[str], guarded: Guarded, heard: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    """What lines give away; one that was ``heard`` is not looked at again (added to: ours)."""
    for line in chain.from_iterable(text.split("\n") for text in texts):
        if line not in heard:
            heard[line] = tuple(guarded.faults(line))
        yield from heard[line]


@cache
def _forms(value: str) -> tuple[str, ...]:
    """How a secret may stand in a text that is unfolded: as it is, in base64."""
    code = base64.b64encode(value.encode()).decode().rstrip("=")
    whole = code[: 4 * (len(value.encode()) // 3)]
    return (value, unfolded(value), *([whole] if len(whole) >= ANYWHERE else []))


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
    """Whether a text says a user's or a host's name, both in small letters.

    A name that may be a word counts only as a name.

    >>> _names_somebody("made by rose7", "rose7"), _names_somebody("the score rose", "rose")
    (True, False)
    >>> _names_somebody("rose@build", "rose"), _names_somebody("on roses-laptop", "rose")
    (True, True)
    """
    if name not in text:
        return False
    own = re.escape(name)
    whole = rf"(?<![^\W_]){own}(?![^\W_])"
    if len(name) < ANYWHERE and name.isalpha():
        field = r"(?:creator|lastmodifiedby|author)\b[^<]{0,40}"
        machine = rf"(?<![^\W_]){own}s?[-_.]?(?:{MACHINES})(?![^\W_])"
        whole = rf"{whole}@|@{whole}|/{own}/|{field}>{own}<|{machine}"
    return bool(re.search(whole, text))


def _secrets(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Values of variables that are called like secrets, and passwords of addresses in any."""
    for variable, value in sorted(environment.items()):
        line = max(value.splitlines(), key=len, default="")  # of a key of several lines
        if SECRET.search(variable) and len(line) >= SHORTEST and not line.startswith("/"):
            yield variable, line
        try:
            password = urlsplit(value).password if "://" in value else None
        except ValueError:
            continue
        if password and len(password) >= SHORTEST:
            yield f"the password in {variable}", unquote(password)
