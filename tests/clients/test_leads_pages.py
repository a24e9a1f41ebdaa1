"""The whole page of leads where something was not sent: every cell runs, and it says what is so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from helpers.project import project_folder

pytestmark = pytest.mark.clients

Change = Callable[[Path], None]
UNREAD = ("invitations", "ops_metrics", "tickets", "financials", "employee_survey")  # by that page


def without(table: str) -> Change:
    return lambda folder: (folder / f"{table}.csv").unlink()


def changed(table: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        how(pd.read_csv(path, dtype=str)).to_csv(path, index=False)

    return change


def page(folder: Path, results: Path) -> tuple[str, dict]:
    """What the page says, every cell run in order, and what its cells left behind."""
    path = project_folder() / "notebooks" / "leads.ipynb"
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    left: dict = {}
    for cell in cells:
        exec(compile(cell.source, "leads", "exec"), left)
        if "parameters" in cell.metadata.get("tags", ()):
            left |= {"client": str(folder), "results_dir": str(results)}
    shown = left["page"]
    said = [shown.say(lambda _: shown._end["answer"]), shown.say(left["sentences"].tested),
            shown.say(left["sentences"].space), shown.say(left["sentences"].waiting)]  # fmt: skip
    return " ".join(one.text for one in said), left


CASES = {
    "no holdings": (without("holdings"), "No white space can be shown"),
    "no products": (without("products"), "By 6 July 2026 call"),
    "no opportunities": (without("opportunities"), "By 6 July 2026 call"),
    "no column of consent": (
        changed("contacts", lambda t: t.drop(columns="consent_marketing")),
        "Call nobody: no contact is known to have agreed to offers",
    ),
    "nobody agreed": (
        changed("contacts", lambda t: t.assign(consent_marketing="no")),
        "Call nobody: no contact is known to have agreed to offers",
    ),
    "no prices": (
        lambda folder: [
            changed("products", lambda t: t.drop(columns=["price", "margin"]))(folder),
            changed("holdings", lambda t: t.drop(columns="value"))(folder),
        ],
        "By 6 July 2026 call",
    ),
    "one product": (changed("products", lambda t: t.head(1)), "By 6 July 2026 call"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_page_says_what_is_so_where_something_was_not_sent(case, tmp_path):
    change, said = CASES[case]
    folder = tmp_path / "northfield"
    beside = shutil.ignore_patterns(*(f"{name}.csv" for name in UNREAD))
    shutil.copytree(project_folder() / "data" / "northfield", folder, ignore=beside)
    change(folder)
    text, left = page(folder, tmp_path / "results")
    assert said in text
    if "onsent" in case or "nobody" in case:
        assert left["made"].sent.empty
        assert left["made"].held.empty
        kept = left["page"].tables
        assert all(kept[name].empty for name in ("leads", "waiting", "calls", "claims"))
