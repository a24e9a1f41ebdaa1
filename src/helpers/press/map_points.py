"""The value map account by account: put into a built book, where the chapter left room for it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from helpers import results
from helpers.results import ChapterResult
from helpers.views.accounts.pages import address
from helpers.views.value_map.points import points

__all__ = ["add_map", "with_map"]

CHAPTER, LISTED = "value_map", "accounts"
PLACE = re.compile(r'(<section class="value-map"[^>]*>)(</section>)')
SCRIPTS = "".join(f'<script defer src="../_static/{name}.js"></script>' for name in
                  ("find", "value_map"))  # fmt: skip
FACTS = ["account_id", "name", "owner", "segment"]  # of the account list; the rest is the map's


def add_map(book: Path, results_dir: Path, currency: str) -> None:
    """Put the accounts of the map on its page, with links to their pages.

    Nothing is added where either chapter was not run, or no account may be named.
    """
    page = book / "notebooks" / f"{CHAPTER}.html"
    if page.is_file():
        placed, listed = (results.load(name, results_dir) for name in (CHAPTER, LISTED))
        text = page.read_text(encoding="utf-8")
        page.write_text(with_map(text, placed, listed, currency), encoding="utf-8")


def with_map(
    page: str, placed: ChapterResult | None, listed: ChapterResult | None, currency: str
) -> str:
    """The map's page with its accounts in the room that is left for them; else as it is."""
    table = None if placed is None or listed is None else _accounts(placed, listed)
    if placed is None or listed is None or table is None:
        return page
    cut = placed.tables["cuts"].iloc[0]
    made = points(
        table, parted=(cut["value"], cut["loyalty"]), currency=currency, files=_files(listed),
        most=_most(listed),
    )  # fmt: skip
    return PLACE.sub(lambda room: f"{room[1]}{made}{SCRIPTS}{room[2]}", page, count=1)


def _accounts(placed: ChapterResult, listed: ChapterResult) -> pd.DataFrame | None:
    """The accounts of the map by name, with what the account list says of them."""
    if not {"accounts", "cuts"} <= set(placed.tables) or "accounts" not in listed.tables:
        return None
    facts = listed.tables["accounts"].reindex(columns=FACTS)
    table = placed.tables["accounts"].merge(facts, on="account_id", how="inner")
    return table if len(table) else None


def _files(listed: ChapterResult) -> dict[str, str]:
    return {account: address(account) for account in listed.tables["pages"]["account_id"]}


def _most(listed: ChapterResult) -> int:
    return int(listed.tables["rows"]["rows"].iloc[0])
