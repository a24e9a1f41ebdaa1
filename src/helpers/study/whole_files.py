"""Files that are written whole or not at all: on a full disk what was there stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(texts: Mapping[Path, str]) -> None:
    """Write each text to its path as UTF-8: all of them, or none.

    Raises
    ------
    OSError
        Where a text cannot be written, as on a full disk; no path is touched then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as aside:
    ...     path = Path(aside) / "codebook.csv"
    ...     write_whole({path: "variable"})
    ...     path.read_text(), [found.name for found in Path(aside).iterdir()]
    ('variable', ['codebook.csv'])
    """
    drafts = {path.resolve(): path.with_name(f".{path.name}.part") for path in texts}
    try:
        for draft, text in zip(drafts.values(), texts.values(), strict=True):
            draft.write_text(text, encoding="utf-8")
    except OSError:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise
    for path, draft in drafts.items():
        draft.replace(path)
