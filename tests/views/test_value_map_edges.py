"""The map at its edges: one account, all alike, losses everywhere, twenty thousand."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from helpers.methods import value_map
from helpers.results import ChapterResult
from helpers.views.rendering import sentences as said
from helpers.views.value_map import charts, figures, sentences, tables
from helpers.views.value_map.points import points

MANY, ALLOWED = 20_000, 10  # accounts; processor seconds of everything that the page shows
CAPS = dict.fromkeys(value_map.CELLS, 0.5)


def client(rows: int, *, alike: bool = False, losing: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    revenue = np.full(rows, 1000.0) if alike else rng.lognormal(10, 1, rows).round()
    scores = np.full(rows, 80.0) if alike else rng.uniform(50, 90, rows)
    return pd.DataFrame(
        {"account_id": [f"a{i:05}" for i in range(rows)], "period": pd.Timestamp("2026-05-01"),
         "revenue": revenue, "margin": revenue * 0.3, "shrunk": scores, "low": scores - 8,
         "high": scores + 8, "cost_to_serve": revenue * (0.6 if losing else 0.1)}
    )  # fmt: skip


def shown(given: pd.DataFrame, replicates: int = 100) -> tuple[value_map.ValueMap, str, str]:
    """The map, all that its page says in words, and the accounts on it."""
    worth = value_map.three_ps(
        None, given.drop(columns=["shrunk", "low", "high"]), as_of=pd.Timestamp("2026-06-30")
    )
    rng, scores = np.random.default_rng(1), given[["account_id", "shrunk", "low", "high"]]
    found = value_map.place(worth, scores, loyalty_cut=70, replicates=replicates, rng=rng)
    cells = value_map.shown_cells(found, 10)
    served = value_map.coverage(found, given[["account_id"]], worth, caps=CAPS, smallest=10)
    known = figures.DECLARED.checked(figures.placement(found, cells, "USD").values())
    known |= figures.DECLARED.checked([*figures.served(served), *figures.named(found)])
    words = [sentences.answer(known), sentences.so_what(known), sentences.served(known)]
    result = ChapterResult("value_map", known)
    text = [said.say(one, result).text for one in words if one]
    text += [str(one) for one in (tables.groups(found, cells, "USD"), tables.coverage(served))]
    chart = charts.value_map(found, cells)
    assert chart.png(3.4)[:4] == b"\x89PNG"
    named = found.table.assign(name=found.table["account_id"])
    drawn = points(named, parted=(50, 70), currency="USD", files={})
    return found, "\n".join([*text, repr(chart)]), drawn


def test_one_account_has_a_map_that_withholds_its_money():
    found, text, drawn = shown(client(1))
    assert found.base == 1
    assert "1 account" in text
    assert f"{found.table['revenue'].iloc[0]:,.0f}" not in text
    assert drawn.count('<th scope="row">') == 1
    assert "Base: 1 account that may be named." in drawn


def test_accounts_all_alike_stand_at_one_place_in_one_group():
    found, text, drawn = shown(client(60, alike=True))
    assert (found.cells["accounts"] > 0).sum() == 1
    assert found.table[["value", "loyalty"]].nunique().tolist() == [1, 1]
    assert "nan" not in text.lower()
    assert set(pd.Series(drawn.split('data-at="')[1:]).str.split('"').str[0]) == {
        "50",
        "80",
        "1e+03",
    }


def test_losses_everywhere_are_said_and_large_accounts_at_risk_still_protected():
    found, text, _ = shown(client(80, losing=True))
    held = found.cells.set_index("cell")["accounts"]
    assert held["Negative payoff"] + held["Protect & repair"] == 80
    assert held["Protect & repair"] > 0
    assert f"{held['Negative payoff']} accounts" in text
    assert f"{held['Negative payoff']} of 80 accounts lose more than 5% of their revenue" in text
    assert "80 of 80 accounts cost more to serve than their group allows" in text


def test_twenty_thousand_accounts_are_shown_in_bounded_time_the_largest_by_name():
    began = time.process_time()
    found, text, drawn = shown(client(MANY), replicates=20)
    assert time.process_time() - began < ALLOWED
    assert found.base == MANY
    assert "20,000 accounts" in text
    assert drawn.count('<th scope="row">') == 3000
    assert "Base: 20,000 accounts that may be named. The 3,000 with the most revenue" in drawn
    least = found.table["revenue"].nlargest(3000).min()
    assert f'data-at="{least:.3g}"' in drawn


def test_without_an_account_that_may_be_named_the_table_has_no_rows():
    columns = ["account_id", "name", "cell", "firmness", "value", "loyalty"]
    drawn = points(pd.DataFrame(columns=columns), parted=(50, 70), currency="USD", files={})
    assert "<tbody></tbody>" in drawn
