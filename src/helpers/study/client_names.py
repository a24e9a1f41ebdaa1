"""What a client may be called: one rule for every command.

A client's name is that of its folder. It names the report, its drafts and its locks, is
typed at a prompt and printed by every command; so it must mean itself in all these places,
on every system that a folder may be copied to.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

__all__ = ["client_path", "name_key", "name_problem", "printable"]

LONGEST = 200  # bytes: what is added to a name still fits into the 255 of a file's name
SHOWN = 60  # signs of a name that a message repeats
SIGNS = re.compile(r"[/\\*?<>|{}\[\]]")
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
OURS = (
    "failed",
    "samples",
    "alerts",
    "compared",
)  # folders of the handbook's own, beside the reports
UNSEEN = {  # categories of Unicode that a person cannot see
    "Cc": "a control character", "Cf": "an invisible character", "Cs": "a byte that is no text",
    "Co": "a character of no meaning", "Cn": "a character of no meaning",
    "Zl": "a line break", "Zp": "a line break",
}  # fmt: skip
ADVICE = "Rename the folder. Letters, digits, spaces, hyphens and dots inside a name are fine."


def name_problem(name: str) -> str | None:
    """Why a name cannot be a client's, or ``None``.

    >>> name_problem("*")
    "holds '*'"
    >>> name_problem("Müller & Söhne's")
    >>> name_problem("samples")
    'is a reserved name'
    """
    if not name:
        return "is empty"
    for sign in name:
        if kind := UNSEEN.get(unicodedata.category(sign)):
            return f"holds {kind} (U+{ord(sign):04X})"
    if found := SIGNS.search(name):
        return f"holds {found.group()!r}"
    if name[0] in "-.~" or name[0].isspace():
        return f"begins with {name[0]!r}"
    if name[-1] == "." or name[-1].isspace():
        return f"ends with {name[-1]!r}"
    if RESERVED.fullmatch(name) or name_key(name) in OURS:
        return "is a reserved name"
    if len(os.fsencode(unicodedata.normalize("NFD", name))) > LONGEST:
        return f"is longer than {LONGEST} bytes"
    return None


def name_key(name: str) -> str:
    """What two names share that some disk, or some reader, takes for one.

    >>> name_key("ACME") == name_key("acme") == name_key("ａｃｍｅ")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def printable(name: str) -> str:
    r"""A name as it can be printed anywhere: what a person cannot see is written out.

    >>> printable("a\x1b[2J\u202e")
    'a\\x1b[2J\\u202e'
    """
    written = "".join(
        sign.encode("unicode_escape").decode() if unicodedata.category(sign) in UNSEEN else sign
        for sign in name
    )
    return written if len(written) <= SHOWN else written[: SHOWN - 1] + "…"


def client_path(client: str | Path, data: Path) -> Path:
    """The folder that a command names: under ``data`` by its name, else the path as given.

    Whether it is there, and may be called so, is not settled here. A name counts in each of
    the ways in which Unicode may write it.

    >>> client_path("acme", Path("data")).as_posix()
    'data/acme'
    >>> client_path("../clients/acme", Path("data")).name
    'acme'
    """
    text = str(client)
    if isinstance(client, Path) or re.search(r"[/\\]|^\.+$", text):
        given = Path(client)
        return given.resolve() if given.name in ("", ".", "..") else given
    written = [text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))]
    sound = [data / name for name in written if not name_problem(name)]
    return next((folder for folder in sound if folder.is_dir()), data / text)
