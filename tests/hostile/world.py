"""A small sound client whose numbers are known, as the bytes of its files."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["CODEBOOK", "Folder", "as_csv", "sound", "tables"]

CODEBOOK = """variable,text,role,label,scale_min,scale_max,reverse,missing_codes
recommend,Would you recommend us?,recommend,Recommendation,0,10,,99
satisfied,How satisfied are you?,satisfaction,Satisfaction,1,5,,
ease,How easy are we?,driver,Ease,0,10,,
price,How fair is the price?,driver,Price,0,10,,
why,Why?,comment,Why,,,,
"""
CLIENT = """name: Hostile Works
as_of: 2026-06-30
wave: 2026H1
previous_wave: 2025H2
currency: EUR
segments: [region]
"""


@dataclass
class Folder:
    """Files by name; a file may also be a folder, a pipe or a link."""

    files: dict[str, bytes] = field(default_factory=dict)
    special: dict[str, str] = field(default_factory=dict)  # name: folder, pipe or a link's target

    def write(self, where: Path) -> Path:
        where.mkdir(parents=True)
        for name, content in self.files.items():
            (where / name).write_bytes(content)
        for name, kind in self.special.items():
            path = where / name
            path.unlink(missing_ok=True)
            if kind == "folder":
                path.mkdir()
            elif kind == "pipe":
                os.mkfifo(path)
            else:
                path.symlink_to(kind)
        return where


def tables() -> dict[str, pd.DataFrame]:
    """The truth: every cell as text, the way the file has it."""
    rng = np.random.default_rng(26)
    ids = [f"{n:03d}" for n in range(1, 15)]
    accounts = pd.DataFrame(
        {
            "account_id": ids,
            "name": [
                f"Müller & Söhne {i}" if n % 5 else f'"Quoted", {i}' for n, i in enumerate(ids)
            ],
            "region": rng.choice(["North", "South", "West"], len(ids)),
            "start_date": "2020-01-15",
        }
    )
    months = pd.period_range("2026-01", "2026-04", freq="M").astype(str)
    financials = pd.DataFrame(
        [(i, f"{m}-01", f"{rng.lognormal(8, 1):.2f}") for i in ids for m in months],
        columns=["account_id", "period", "revenue"],
    )
    rows = []
    for wave, day in (("2025H2", "2025-11-10"), ("2026H1", "2026-05-12")):
        for n in range(24):
            liking = int(rng.integers(0, 11))
            near = [str(np.clip(liking + rng.integers(-2, 3), 0, 10)) for _ in range(2)]
            rows.append(
                (f"{wave}-{n:02d}", wave, ids[n % len(ids)], day, str(liking),
                 str(1 + liking * 4 // 10), *near,
                 "Delivery was late,\nagain" if n == 7 else "" if n % 2 else f"Good, and {n}")
            )  # fmt: skip
    columns = ["response_id", "wave", "account_id", "completed_at", "recommend", "satisfied",
               "ease", "price", "why"]  # fmt: skip
    return {
        "responses": pd.DataFrame(rows, columns=columns),
        "accounts": accounts,
        "financials": financials,
    }


def as_csv(frame: pd.DataFrame, delimiter: str = ",", end: str = "\r\n") -> bytes:
    """A table as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(frame.columns)
    writer.writerows(frame.to_numpy().tolist())
    return text.getvalue().encode()


TABLES = tables()
FILES = {f"{name}.csv": as_csv(frame) for name, frame in TABLES.items()}


def sound() -> Folder:
    """The client as it should be."""
    return Folder({"client.yml": CLIENT.encode(), "codebook.csv": CODEBOOK.encode(), **FILES})
