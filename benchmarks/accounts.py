"""Pages of 200 accounts, a list and a map of 3,000: processor seconds, beside Sphinx's own pages.

The account list is written whole, with people, drivers, tickets and revenue for each page. Sphinx
renders a twentieth of the pages with the book's theme, an empty book's seconds taken away.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.methods import account_list
from helpers.press.account_pages import Frame
from helpers.views.accounts.listing import listing
from helpers.views.accounts.pages import account_pages
from helpers.views.value_map.points import points

ACCOUNTS, PAGES, RENDERED = 3_000, 200, 10
TODAY = pd.Timestamp("2026-06-30")
FRAME = (
    "<html><head><title>The account list &#8212; A client</title></head><body>"
    f"{'<a href=sampling.html>A chapter</a>' * 300}"
    '<article class="bd-article">list</article></body></html>'
)
CONF = "extensions = ['myst_parser']\nhtml_theme = 'sphinx_book_theme'\n"


def tables(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Accounts, and for each of those with a page its people, drivers, tickets and revenue."""
    ids = [f"A{i:04}" for i in range(ACCOUNTS)]
    accounts = pd.DataFrame({"account_id": ids, "name": [f"Firm {i}" for i in range(ACCOUNTS)],
                             "owner": rng.choice(["Ann Lee", "Bo Ek"], ACCOUNTS), "segment": "Key",
                             "revenue": rng.lognormal(12, 1, ACCOUNTS)})  # fmt: skip
    placed = accounts[["account_id", "revenue"]].assign(
        value=rng.uniform(0, 100, ACCOUNTS), loyalty=60.0, low=50.0, high=70.0, respondents=3,
        firmness="firm", cell=rng.choice(["Grow & leverage", "Protect & repair"], ACCOUNTS),
        payoff=50.0, potential=50.0, partnership=50.0,
    )  # fmt: skip
    own = accounts[["account_id"]].head(PAGES)
    return {
        "accounts": account_list.account_list(accounts, as_of=TODAY, placed=placed).table,
        "pages": own,
        "placed": placed.merge(accounts.drop(columns="revenue"), on="account_id"),
        "people": _each(own, 12, role="user", function="IT", score=70.0),
        "drivers": _each(own, 8, label="Delivery", value=7.0, low=6.0, high=8.0, peers=6.5,
                         scale_min=0.0, scale_max=10.0),
        "history": _each(own, 4, wave="2026H1", revenue=1e5),
        "tickets": _each(own, 3, step="close", about="delivery", since=TODAY, due=TODAY, late=True,
                         owner="Ann Lee"),
        "quotes": _each(own, 3, text="It came late, twice.", role="user"),
    }  # fmt: skip


def _each(accounts: pd.DataFrame, rows: int, **columns: object) -> pd.DataFrame:
    return accounts.loc[accounts.index.repeat(rows)].assign(**columns)


def spent(made: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    began = time.process_time()
    made()
    return time.process_time() - began


def made_pages(own: dict[str, pd.DataFrame], frame: Frame) -> list[str]:
    """Whole pages of the accounts that have one."""
    several = account_pages(own, currency="USD", as_of="30 June 2026", on=TODAY)
    return [frame.round(page) for page in several]


def rendered(pages: int) -> float:
    """Processor seconds in which Sphinx renders so many pages with the book's theme."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "conf.py").write_text(CONF)
        names = [f"a{i}" for i in range(pages)]
        index = "# Accounts\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
        (place / "index.md").write_text(index)
        for name in names:
            (place / f"{name}.md").write_text(f"# {name}\n\n" + "- a line of facts\n" * 40)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "sphinx", "-q", str(place), str(place / "out")]
        subprocess.run(command, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print processor seconds of each, and the ratio to Sphinx."""
    own = tables(np.random.default_rng(7))
    frame, files = Frame.of(FRAME), dict.fromkeys(own["pages"]["account_id"], "a.html")
    mine = spent(lambda: made_pages(own, frame))
    paged = list(files)
    whole = spent(lambda: listing(own["accounts"], currency="USD", paged=paged, most=ACCOUNTS))
    drawn = spent(lambda: points(own["placed"], parted=(50, 70), currency="USD", files=files))
    theirs = (rendered(RENDERED) - rendered(0)) * PAGES / RENDERED
    print(f"{PAGES} pages of accounts: {mine:.2f} CPU s (to stay under 60)")
    print(f"the same number by Sphinx, from {RENDERED}: {theirs:.1f} CPU s, ratio "
          f"{theirs / mine:.1f}")  # fmt: skip
    print(f"list of {ACCOUNTS:,} accounts: {whole:.2f} CPU s; map of as many: {drawn:.2f} CPU s")


if __name__ == "__main__":
    main()
