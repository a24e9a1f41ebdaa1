"""Service as it is against what groups deserve, and the map with other weights."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import value_map

TODAY = pd.Timestamp("2026-06-30")
CAPS = dict(zip(value_map.CELLS, (0.5, 0.6, 1.0, 0.4, 0.3, 1.0), strict=True))


def worth_of(revenue, margin=None, cost=None) -> value_map.ThreePs:
    names = [f"a{i}" for i in range(len(revenue))]
    money = pd.DataFrame(
        {"account_id": names, "period": pd.Timestamp("2026-05-01"), "revenue": revenue}
    ).astype({"revenue": float})  # fmt: skip
    if margin is not None:
        money = money.assign(margin=margin, cost_to_serve=cost)
    return value_map.three_ps(None, money, as_of=TODAY)


def placed(worth: value_map.ThreePs, scores, **more) -> value_map.ValueMap:
    known = pd.DataFrame({"account_id": [f"a{i}" for i in range(len(scores))], "shrunk": scores})
    return value_map.place(worth, known, loyalty_cut=70, replicates=0, **more)


@pytest.fixture
def four():
    """Two accounts of large contribution, not loyal and loyal, and two small ones."""
    worth = worth_of([900, 800, 50, 40], [500, 400, 20, 20], [100.0, 100, 9, 11])
    return worth, placed(worth, [40.0, 80.0, 80.0, 80.0])


def test_cost_over_the_cap_is_counted_beyond_its_likely_error(four):
    """Maintain allows 40 % of 20, which is 8: 9 less a fifth is 7.2, 11 less a fifth is 8.8."""
    worth, found = four
    made = value_map.coverage(found, pd.DataFrame({"account_id": []}), worth, caps=CAPS)
    table = made.table.set_index("cell")
    assert table.loc["Maintain efficiently", ["accounts", "costed", "over"]].tolist() == [2, 2, 1]
    assert table.loc["Maintain efficiently", "cost_share"] == pytest.approx(20 / 40)
    assert made.over[["account_id", "excess"]].values.tolist() == [["a3", 3.0]]
    assert table.loc["Grow & leverage", "cost_share"] == pytest.approx(100 / 400)


def test_an_account_that_costs_though_nothing_is_left_of_it_is_over_every_cap():
    worth = worth_of([900, 800, 700], [500, 400, -10], [100.0, 100, 50])
    found = placed(worth, [80.0, 80.0, 80.0])
    made = value_map.coverage(found, pd.DataFrame({"account_id": []}), worth, caps=CAPS)
    assert made.over["account_id"].tolist() == ["a2"]
    assert np.isinf(made.over["cost_share"]).all()
    shares = made.table.set_index("cell")["cost_share"]
    assert shares.notna().tolist() == [cell == "Grow & leverage" for cell in CAPS]


def test_sponsors_are_asked_of_accounts_to_grow_and_to_protect_alone(four):
    worth, found = four
    facts = pd.DataFrame({"account_id": ["a0", "a1", "a2", "a3"], "owner": ["x", "x", None, "x"],
                          "sponsor": [None, "Ann", None, None]})  # fmt: skip
    table = value_map.coverage(found, facts, worth, caps=CAPS).table.set_index("cell")
    assert table.loc["Protect & repair", "unsponsored"] == 1
    assert table.loc["Grow & leverage", "unsponsored"] == 0
    assert table.loc["Maintain efficiently", "unowned"] == 1
    assert np.isnan(table.loc["Maintain efficiently", "unsponsored"])


def test_a_client_that_sent_no_people_has_none_missing(four):
    worth, found = four
    table = value_map.coverage(found, found.table[["account_id"]], worth, caps=CAPS).table
    assert table[["unowned", "unsponsored"]].isna().all(axis=None)


def test_the_cost_of_few_accounts_is_not_told_and_without_costs_nothing_is(four):
    worth, found = four
    nobody = pd.DataFrame({"account_id": []})
    few = value_map.coverage(found, nobody, worth, caps=CAPS, smallest=2).table.set_index("cell")
    assert few["cost_share"].notna().tolist() == [cell == "Maintain efficiently" for cell in CAPS]
    assert few.index[few["withheld"]].tolist() == ["Grow & leverage", "Protect & repair"]
    bare = worth_of([900, 800, 50, 40])
    made = value_map.coverage(placed(bare, [40.0, 80.0, 80.0, 80.0]), nobody, bare, caps=CAPS)
    assert made.table[["cost_share", "over"]].isna().all(axis=None)
    assert made.over.empty


@pytest.mark.parametrize("caps", [{}, CAPS | {"Invest": -0.1}, CAPS | {"Invest": float("nan")}])
def test_every_cell_needs_a_cap(four, caps):
    worth, found = four
    with pytest.raises(ValueError, match=r"needs a cap: a share of margin from 0 on"):
        value_map.coverage(found, pd.DataFrame({"account_id": []}), worth, caps=caps)


@pytest.fixture
def client():
    """Sixty accounts with all three parts."""
    rng = np.random.default_rng(3)
    names = [f"a{i}" for i in range(60)]
    firms = pd.DataFrame({"account_id": names, "growth_pct": rng.normal(size=60),
                          "partnership_references": rng.integers(0, 11, 60)})  # fmt: skip
    money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
                          "revenue": rng.lognormal(10, 1, 60)})  # fmt: skip
    scores = pd.DataFrame({"account_id": names, "shrunk": rng.uniform(40, 100, 60)})
    worth = value_map.three_ps(firms, money, as_of=TODAY)
    return worth, partial(value_map.place, loyalty=scores, loyalty_cut=70, replicates=0)


def test_other_weights_give_the_map_that_they_give_when_declared(client):
    worth, placing = client
    tried = value_map.weights_tried(worth, placing, placing(worth))
    first = tried.table.iloc[0]
    assert (first["part"], first["declared"]) == ("payoff", 0.5)
    assert first["tried"] == pytest.approx(0.3)
    other = placing(value_map.reweighted(worth, {"payoff": 0.3, "potential": 0.42,
                                                 "partnership": 0.28}))  # fmt: skip
    now, before = (one.table.set_index("account_id")["cell"] for one in (other, placing(worth)))
    assert first["moved"] == (now.reindex(before.index) != before).sum() > 0
    joined = (now == "Protect & repair").sum() - (before == "Protect & repair").sum()
    assert first["join"] - first["leave"] == joined
    assert tried.most == tried.table["moved"].max() / 60


def test_a_step_of_nought_moves_nothing_and_a_weight_stays_within_its_ends(client):
    worth, placing = client
    still = value_map.weights_tried(worth, placing, placing(worth), step=1e-9)
    assert still.table["moved"].sum() == 0
    wide = value_map.weights_tried(worth, placing, placing(worth), step=0.9).table
    assert wide["tried"].between(0, 1).all()


def test_one_part_alone_has_no_weight_to_move():
    worth = worth_of([900, 800, 50, 40])
    placing = partial(placed, scores=[40.0, 80.0, 80.0, 80.0])
    with pytest.raises(NotEstimable, match="one part alone"):
        value_map.weights_tried(worth, placing, placing(worth))
