"""Files by their content: what two folders share is told by no time, place or size alone."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

__all__ = ["bytes_of", "digest", "file_digests", "in_database"]

DATABASE = re.compile(rb"(?i)\b(postgres(ql)?|spark)://")


def digest(*told: object) -> str:
    """A short digest of anything that JSON can say; the same only for the same.

    >>> digest("a", 1) == digest("a", 1), digest("a") == digest("b"), len(digest("a"))
    (True, False, 16)
    """
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode("ascii")).hexdigest()[:16]


def in_database(declared: Path) -> bool:
    """Whether a ``client.yml`` names tables in a database: nobody can tell whether they changed."""
    with suppress(OSError):
        return declared.is_file() and bool(DATABASE.search(declared.read_bytes()))  # no pipe
    return False


def bytes_of(path: Path) -> str:
    """A digest of a file's bytes; empty where nobody may read it.

    >>> bytes_of(Path("no such file"))
    ''
    """
    with suppress(OSError), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
    return ""


def file_digests(folder: Path) -> list[tuple[str, str]]:
    """Every file below a folder by its path and its bytes; what Python compiled is left out.

    >>> from helpers.project import project_folder
    >>> [name for name, _ in file_digests(project_folder() / "data" / "mobile")][:2]
    ['client.yml', 'codebook.csv']
    """
    return [
        (path.relative_to(folder).as_posix(), bytes_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
