"""From a raw file to a first report: what a new user types, and how many guesses are decided."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Mapping
from pathlib import Path

from helpers.study import check_client
from helpers.study.codebook import MARK, MARKED

__all__ = ["MOST", "minutes"]

A_MINUTE = 200  # keys: forty words
A_MARK = 5  # seconds to look at a guess and decide
MOST = 15.0  # minutes
COMMANDS = ("handbook new acme --from {}", "handbook check acme", "handbook check acme",
            "handbook run acme")  # fmt: skip


def mended(text: str, labels: Mapping[str, str], roles: Mapping[str, str]) -> str:
    """A codebook without its marks, with what a person knows better."""
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        bare = {name: row[name].removesuffix(MARK) for name in MARKED if name in row}
        own = {"label": labels.get(row["variable"], row["label"])}
        own["role"] = roles.get(row["variable"], bare["role"])
        writer.writerow({**row, **bare, **own})
    return out.getvalue()


def keys(before: str, after: str) -> int:
    """Characters put in, and those taken out, line by line."""
    count = 0
    for old, new in zip(before.splitlines(), after.splitlines(), strict=True):
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
            count += (b - a) + (d - c) if kind != "equal" else 0
    return count


def minutes(folder: Path, labels: Mapping[str, str], roles: Mapping[str, str]) -> float:
    """What it takes until ``check`` has no error, in a folder that was just drafted."""
    client, codebook = folder / "client.yml", folder / "codebook.csv"
    settings, book = client.read_text(encoding="utf-8"), codebook.read_text(encoding="utf-8")
    plain = "\n".join(line.split("  # ?")[0] for line in settings.splitlines())
    whole = mended(book, labels, roles)
    cells = [row[name] for row in csv.DictReader(io.StringIO(book)) for name in MARKED
             if name in row]  # fmt: skip
    marks = sum(cell.endswith(MARK) for cell in cells) + settings.count("  # ?")
    client.write_text(plain + "\n", encoding="utf-8")
    codebook.write_text(whole, encoding="utf-8")
    assert [str(f) for f in check_client(folder) if f.severity == "error"] == []
    typed = keys(settings, plain) + keys(book, whole) + sum(map(len, COMMANDS))
    return typed / A_MINUTE + marks * A_MARK / 60
