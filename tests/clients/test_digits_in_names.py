"""A sound report is made whatever digits a client's names hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import whole_runs
from whole_runs import FEW

from tests.thinned import thinned

pytestmark = pytest.mark.clients

LABELS = {
    "Communication": "Item d0_0", "Technical support": "Item d0_1", "Pricing": "Q3 speed",
    "Delivery": "Answered in 24 hours", "Sales process": "Q5: 95% of quotes in 4.5 days",
    "Complaint handling": "24/7 desk", "Satisfaction": "Satisfied, 1 of 3",
}  # fmt: skip
GROUPS = {"Key": "Band 2: over 100", "Core": "1 to 49 staff", "Strategic": "Top_20"}


@pytest.fixture
def client(project: Path, tmp_path: Path) -> Path:
    """Every third account of Northfield, digits in each label, group and name."""
    folder = thinned(project, tmp_path / "numbered", "responses", "accounts")
    for name, column, named in (("codebook", "label", LABELS), ("accounts", "tier", GROUPS)):
        path = folder / f"{name}.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert table[column].isin([*named]).any()
        table[column] = table[column].replace(named)
        if name == "accounts":
            table["name"] = [f"{number} Works, {number}M" for number in range(len(table))]
        table.to_csv(path, index=False)
    return folder


def test_every_number_of_its_pages_leads_to_the_results(client, project, tmp_path):
    """Pages of a run without a book are held against the results where it is made."""
    asked = ["loyalty", "drivers", "toplines"]
    made = whole_runs.made(
        client, project, tmp_path / "build", chapters=asked, settings=FEW, with_book=False
    )
    assert {made.states[name] for name in asked} == {"done"}
    assert all(label in made.page("drivers") for label in ("Item d0_0", "Answered in 24 hours"))
