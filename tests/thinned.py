"""The demo client in small: some of its accounts, with the tables that a test is about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

__all__ = ["thinned"]

BESIDE = ("client.yml", "codebook.csv", "logo.svg")


def thinned(project: Path, folder: Path, *tables: str, every: int = 3) -> Path:
    """Every so-manieth account of Northfield, in a new folder: rows of these tables alone.

    Its ``client.yml`` keeps what it says of the client, and sets no parameters.
    """
    source = project / "data" / "northfield"
    folder.mkdir(parents=True)
    for name in tables:
        frame = pd.read_csv(source / f"{name}.csv", dtype=str, keep_default_na=False)
        kept = frame[frame["account_id"].str[1:].astype(int) % every == 0]
        kept.to_csv(folder / f"{name}.csv", index=False)
    for name in BESIDE:
        shutil.copy(source / name, folder)
    text = (folder / "client.yml").read_text(encoding="utf-8")
    (folder / "client.yml").write_text(text.partition("parameters:")[0], encoding="utf-8")
    return folder
