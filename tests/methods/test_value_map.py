"""Value map: hand-worked places, properties, planted truths and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from helpers.methods import value_map

JUNE = pd.Timestamp("2026-06-30")
MAY = pd.Timestamp("2026-05-01")


def money_of(**revenue):
    return pd.DataFrame(
        {"account_id": list(revenue), "period": MAY, "revenue": list(revenue.values())}
    )


@pytest.fixture
def client(rng):
    """Three hundred accounts with every column the three Ps can use."""
    count = 300
    ids = [f"{i:04d}" for i in range(count)]
    revenue = np.exp(rng.normal(10, 1, count))
    accounts = pd.DataFrame(
        {
            "account_id": ids,
            "growth_pct": rng.normal(3, 5, count),
            "total_spend": revenue * rng.uniform(12, 60, count),
            "units_total": rng.integers(5, 20, count),
            "units_served": rng.integers(1, 5, count),
            "partnership_design": rng.uniform(0, 10, count),
            "partnership_risk": rng.uniform(0, 10, count),
            "end_date": pd.NaT,
        }
    )
    months = pd.date_range("2025-07-01", "2026-06-01", freq="MS")
    financials = pd.DataFrame(
        {
            "account_id": np.repeat(ids, 12),
            "period": np.tile(months, count),
            "revenue": np.repeat(revenue, 12),
            "margin": np.repeat(revenue * rng.uniform(0.1, 0.5, count), 12),
            "cost_to_serve": np.repeat(revenue * rng.uniform(0.05, 0.2, count), 12),
        }
    )
    shrunk = rng.uniform(30, 95, count)
    loyalty = pd.DataFrame(
        {"account_id": ids, "shrunk": shrunk, "low": shrunk - 10, "high": shrunk + 10}
    )
    return accounts, financials, loyalty


# The three Ps ------------------------------------------------------------------------------------


def test_four_accounts_worked_by_hand():
    """Percentiles of four are 12.5, 37.5, 62.5, 87.5; value is .5, .3 and .2 of the parts.

    Contribution 40, 30, 20, -5; growth 1, 2, 3, 4; partnership 8, 6, 4, 2 (out of 10).
    """
    accounts = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "growth_pct": [1.0, 2, 3, 4],
            "partnership_trust": [8.0, 6, 4, 2],
        }
    )
    money = money_of(a=100.0, b=100.0, c=100.0, d=100.0).assign(
        margin=[50.0, 40, 30, 5], cost_to_serve=10.0
    )
    table = value_map.three_ps(accounts, money, as_of=JUNE).table.set_index("account_id")
    assert table.loc["a", ["payoff", "potential", "partnership"]].tolist() == [87.5, 12.5, 87.5]
    assert_allclose(table.loc["a", "value"], 0.5 * 87.5 + 0.3 * 12.5 + 0.2 * 87.5)
    assert_allclose(table.loc["d", "value"], 0.5 * 12.5 + 0.3 * 87.5 + 0.2 * 12.5)
    assert table["contribution"].to_dict() == {"a": 40, "b": 30, "c": 20, "d": -5}


def test_payments_alone_are_enough_and_said():
    found = value_map.three_ps(None, money_of(a=1.0, b=2.0), as_of=JUNE)
    assert found.weights == {"payoff": 1.0}
    assert found.available == ("payoff: revenue",)
    assert "no data for potential and partnership: value is payoff 100%" in found.notes
    assert "months of money that were sent, of 12: 1" in found.notes


def test_revenue_of_the_list_stands_in_for_months_and_is_said():
    listed = pd.DataFrame({"account_id": list("abc"), "revenue": [10.0, 90.0, None]})
    found = value_map.three_ps(listed, None, as_of=JUNE)
    by_months = value_map.three_ps(listed[["account_id"]], money_of(a=10.0, b=90.0), as_of=JUNE)
    pd.testing.assert_frame_equal(found.table, by_months.table)
    assert "revenue is that of the list of accounts, not of months" in found.notes
    for without in (None, listed.assign(revenue=np.nan), listed[["account_id"]]):
        with pytest.raises(ValueError, match="send financials, or revenue in accounts"):
            value_map.three_ps(without, None, as_of=JUNE)


def test_a_missing_part_gives_its_weight_to_the_others(client):
    accounts, financials, _ = client
    found = value_map.three_ps(accounts[["account_id", "growth_pct"]], financials, as_of=JUNE)
    assert_allclose(list(found.weights.values()), [0.5 / 0.8, 0.3 / 0.8])


def test_an_account_without_a_part_is_valued_by_its_others(client):
    accounts, financials, _ = client
    accounts.loc[0, ["partnership_design", "partnership_risk"]] = np.nan
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    row = found.table.set_index("account_id").loc["0000"]
    assert_allclose(row["value"], (0.5 * row["payoff"] + 0.3 * row["potential"]) / 0.8)
    assert any(note.startswith("accounts without partnership") for note in found.notes)


def test_values_lie_between_0_and_100_and_currency_does_not_matter(client):
    accounts, financials, _ = client
    one = value_map.three_ps(accounts, financials, as_of=JUNE).table
    kinds = ["revenue", "margin", "cost_to_serve"]
    cents = financials.assign(**{k: financials[k] * 100 for k in kinds})
    dear = accounts.assign(total_spend=accounts["total_spend"] * 100)
    two = value_map.three_ps(dear, cents, as_of=JUNE).table
    assert one["value"].between(0, 100).all()
    assert_allclose(one["value"], two["value"])


def test_only_the_last_twelve_months_and_live_accounts_count(client):
    accounts, financials, _ = client
    old = financials.assign(period=pd.Timestamp("2025-06-01"), revenue=1e9)
    accounts.loc[0, "end_date"] = pd.Timestamp("2026-01-01")
    found = value_map.three_ps(accounts, pd.concat([financials, old]), as_of=JUNE)
    assert found.base == 299
    assert found.table["revenue"].max() < 1e9
    assert "accounts that had ended, left out: 1" in found.notes


def test_a_margin_given_as_a_share_is_turned_into_money():
    money = money_of(a=200.0, b=100.0).assign(margin=[0.1, 0.5])
    found = value_map.three_ps(None, money, margin_is="share", as_of=JUNE)
    assert found.table.set_index("account_id")["margin"].to_dict() == {"a": 20, "b": 50}
    assert any("is a share" in note for note in found.notes)


def test_the_callers_frames_are_left_alone(client):
    copies = [frame.copy() for frame in client]
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    value_map.place(found, loyalty, loyalty_cut=70, replicates=0)
    for frame, copy in zip(client, copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_the_three_ps_say_what_is_wrong(client):
    accounts, financials, _ = client
    with pytest.raises(ValueError, match="no column 'revenue'"):
        value_map.three_ps(None, financials.drop(columns="revenue"), as_of=JUNE)
    with pytest.raises(ValueError, match="they run from 2025-07 to 2026-06"):
        value_map.three_ps(None, financials, as_of=pd.Timestamp("2030-01-01"))
    with pytest.raises(ValueError, match="must be three"):
        value_map.three_ps(None, financials, as_of=JUNE, weights=(1, 0))
    with pytest.raises(ValueError, match="give it a weight"):
        value_map.three_ps(None, financials, as_of=JUNE, weights=(0, 1, 0))
    with pytest.raises(ValueError, match="0000 twice"):
        value_map.three_ps(pd.concat([accounts, accounts.head(1)]), financials, as_of=JUNE)


# Cells -------------------------------------------------------------------------------------------


def ps_of(**columns):
    table = pd.DataFrame(columns)
    table["account_id"] = [f"a{i}" for i in range(len(table))]
    return value_map.ThreePs(
        table.assign(margin=np.nan, cost_to_serve=np.nan),
        {"payoff": 0.5, "potential": 0.3, "partnership": 0.2}, (), len(table), (),
    )  # fmt: skip


def test_the_rules_place_six_accounts_in_six_cells():
    """One account a cell, in the order of the rules in section 2.8 of the method pages."""
    found = ps_of(
        payoff=[90.0, 90, 20, 40, 40, 90],
        potential=[50.0, 50, 90, 20, 20, 50],
        partnership=[50.0, 50, 10, 40, 40, 50],
        value=[70.0, 70, 39, 34, 34, 70],
        revenue=[10.0, 20, 30, 40, 15, 85],
        contribution=[1.0, 1, 1, 1, 1, -5],
    )
    loyalty = pd.DataFrame(
        {"account_id": found.table["account_id"], "shrunk": [80.0, 40, 40, 80, 40, 80]}
    )
    placed = value_map.place(found, loyalty, loyalty_cut=60, replicates=0)
    cells = placed.table.set_index("account_id")["cell"].sort_index()
    assert cells.tolist() == list(value_map.CELLS)
    assert placed.cells["accounts"].tolist() == [1] * 6
    assert_allclose(placed.cells["revenue_share"].sum(), 1)
    assert set(placed.table["firmness"]) == {"not tested"}


def test_cells_hold_every_account_and_all_its_money(client, rng):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    placed = value_map.place(found, loyalty, loyalty_cut=60, replicates=100, rng=rng)
    assert placed.cells["accounts"].sum() == 300
    assert_allclose(placed.cells["revenue"].sum(), found.table["revenue"].sum())
    assert_allclose(placed.cells["contribution"].sum(), found.table["contribution"].sum())
    assert placed.table["stability"].between(0, 1).all()


def test_an_account_far_from_the_cuts_is_firm_and_one_on_the_cut_is_not(rng):
    found = ps_of(
        payoff=[99.0, 50.0],
        potential=[99.0, 50.0],
        partnership=[99.0, 50.0],
        value=[99.0, 50.0],
        revenue=[1.0, 1.0],
        contribution=[1.0, 1.0],
    )
    loyalty = pd.DataFrame(
        {"account_id": ["a0", "a1"], "shrunk": [95.0, 60.0], "low": [90.0, 40], "high": [99.0, 80]}
    )
    placed = value_map.place(found, loyalty, loyalty_cut=60, replicates=2000, rng=rng)
    table = placed.table.set_index("account_id")
    assert table.loc["a0", "firmness"] == "firm"
    assert 0.4 < table.loc["a1", "stability"] < 0.6


def standing(rng, *chances):
    """Accounts of settled value whose loyalty leaves them in their cell with these chances."""
    size = len(chances)
    found = ps_of(**dict.fromkeys(["payoff", "potential", "partnership", "value"], [99.0] * size),
                  revenue=[1.0] * size, contribution=[1.0] * size)  # fmt: skip
    scores = 60 + 10 * norm.ppf(chances)
    loyalty = pd.DataFrame(
        {"account_id": found.table["account_id"], "shrunk": scores,
         "low": scores - 19.59964, "high": scores + 19.59964}
    )  # fmt: skip
    placed = value_map.place(found, loyalty, loyalty_cut=60, replicates=20_000, rng=rng)
    return placed.table.set_index("account_id")["firmness"].sort_index().tolist()


def test_of_accounts_called_firm_nine_in_ten_can_be_expected_in_their_cell(rng):
    """.99, .94 and .86 average .93; with .82 as well .9025, which is not enough of a margin."""
    assert standing(rng, 0.99, 0.94, 0.86, 0.82) == ["firm", "firm", "firm", "leaning"]
    assert standing(rng, 0.99, 0.98, 0.97, 0.82, 0.78) == ["firm"] * 4 + ["leaning"]
    assert standing(rng, 0.85, 0.85) == ["leaning", "leaning"]


def test_stability_is_the_chance_of_a_normal_score_beyond_the_cut(rng):
    """Loyalty one standard error above the cut, value settled: the normal gives .8413."""
    found = ps_of(
        payoff=[99.0], potential=[99.0], partnership=[99.0], value=[99.0],
        revenue=[1.0], contribution=[1.0],
    )  # fmt: skip
    reach = 10 * 1.959964
    loyalty = pd.DataFrame(
        {"account_id": ["a0"], "shrunk": [70.0], "low": [70 - reach], "high": [70 + reach]}
    )
    placed = value_map.place(found, loyalty, loyalty_cut=60, replicates=20_000, rng=rng)
    assert_allclose(placed.table["stability"][0], 0.8413, atol=0.01)


def test_more_doubt_about_loyalty_means_less_firm_cells(client):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    wide = loyalty.assign(low=loyalty["shrunk"] - 40, high=loyalty["shrunk"] + 40)
    sure, unsure = (
        value_map.place(found, scores, loyalty_cut=60, replicates=200, rng=np.random.default_rng(1))
        for scores in (loyalty, wide)
    )
    assert sure.table["stability"].mean() > unsure.table["stability"].mean() + 0.05


def test_a_perfect_measure_and_fixed_weights_never_move_a_cell(client, rng):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    sure = loyalty[["account_id", "shrunk"]]
    still = {"weight_noise": 0, "losses": value_map.Losses(cost_error=0)}
    placed = value_map.place(found, sure, loyalty_cut=60, replicates=50, rng=rng, **still)
    assert (placed.table["stability"] == 1).all()


def test_where_no_score_has_an_interval_nothing_is_called_firm(client, rng):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    blank = loyalty[["account_id", "shrunk"]].assign(low=np.nan, high=np.nan)
    placed = value_map.place(found, blank, loyalty_cut=60, replicates=50, rng=rng)
    assert set(placed.table["firmness"]) == {"not tested"}


def test_accounts_that_did_not_answer_are_listed_apart(client):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    placed = value_map.place(found, loyalty.head(250), loyalty_cut=60, replicates=0)
    assert (placed.base, len(placed.unplaced)) == (250, 50)
    assert set(placed.unplaced["why"]) == {"no answer this wave"}
    assert "accounts that could not be placed, of 300: 50" in placed.notes


def test_place_says_what_is_wrong(client):
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    with pytest.raises(ValueError, match="loyalty_cut is on the scale 0 to 100, not 700"):
        value_map.place(found, loyalty, loyalty_cut=700, replicates=0)
    with pytest.raises(ValueError, match="give rng"):
        value_map.place(found, loyalty, loyalty_cut=70)
    with pytest.raises(ValueError, match="no column 'shrunk'"):
        value_map.place(found, loyalty.drop(columns="shrunk"), loyalty_cut=70, replicates=0)
    with pytest.raises(ValueError, match="one wave only"):
        value_map.place(found, pd.concat([loyalty, loyalty]), loyalty_cut=70, replicates=0)
    with pytest.raises(ValueError, match="match their ids"):
        value_map.place(found, loyalty.assign(account_id="x").head(1), loyalty_cut=70, replicates=0)


# Losses ------------------------------------------------------------------------------------------


def losing(contribution, revenue, *, score=80.0, cost=0.0, value=70.0, **losses):
    """One account among 200 that earn well: where it stands, and how firmly."""
    rest = 200
    ids = [f"a{n:03d}" for n in range(rest)] + ["x"]
    table = pd.DataFrame({
        "account_id": ids, "payoff": [*np.linspace(1, 99, rest), 40.0], "potential": 50.0,
        "partnership": 50.0, "value": [*np.linspace(20, 80, rest), value],
        "revenue": [*np.full(rest, 100.0), revenue], "margin": np.nan,
        "contribution": [*np.linspace(10, 30, rest), contribution],
        "cost_to_serve": [*np.full(rest, 10.0), cost],
    })  # fmt: skip
    weights = {"payoff": 0.5, "potential": 0.3, "partnership": 0.2}
    found = value_map.ThreePs(table, weights, (), len(table), ())
    scores = pd.DataFrame({"account_id": ids, "shrunk": [80.0] * rest + [score]})
    placed = value_map.place(
        found, scores, loyalty_cut=60, losses=value_map.Losses(**losses), weight_noise=0.01,
        replicates=400, rng=np.random.default_rng(5),
    )  # fmt: skip
    return placed.table.set_index("account_id").loc["x"]


@pytest.mark.parametrize(
    ("contribution", "revenue", "losses", "cell"),
    [
        (-0.8, 100.0, {}, "Grow & leverage"),  # 12 million that lose 95 thousand
        (-4.9, 100.0, {}, "Grow & leverage"),
        (-5.1, 100.0, {}, "Negative payoff"),
        (-0.8, 100.0, {"share": 0.0}, "Negative payoff"),
        (-1.0, 0.0, {}, "Negative payoff"),  # costs without any revenue
        (-1.0, -20.0, {}, "Negative payoff"),  # credits for more than was sold
        (-15.0, 100.0, {"share": 0.2}, "Grow & leverage"),
        (np.nan, 100.0, {}, "Grow & leverage"),  # nobody knows
    ],
)
def test_a_loss_counts_from_a_share_of_revenue_on(contribution, revenue, losses, cell):
    assert losing(contribution, revenue, **losses)["cell"] == cell


@pytest.mark.parametrize(
    ("revenue", "score", "losses", "cell"),
    [
        (2_000.0, 40.0, {}, "Protect & repair"),  # a tenth of all, and it scores low
        (2_000.0, 40.0, {"share": 0.5}, "Protect & repair"),  # of little value, and no loss
        (100.0, 40.0, {"share": 0.5}, "Re-price or release"),  # as little, and small
        (2_000.0, 80.0, {"share": 0.5}, "Maintain efficiently"),
        (2_000.0, 80.0, {}, "Negative payoff"),  # as large, and not at risk
        (100.0, 40.0, {}, "Negative payoff"),  # at risk, and small
        (100.0, 40.0, {"large": 0.004}, "Protect & repair"),
        (2_000.0, 40.0, {"large": 0.2}, "Negative payoff"),
    ],
)
def test_a_large_account_at_risk_is_protected_and_not_repriced(revenue, score, losses, cell):
    assert losing(-0.2 * revenue, revenue, score=score, value=30.0, **losses)["cell"] == cell


def test_a_loss_that_hangs_on_how_costs_are_booked_is_not_firm():
    """A loss of 6 with costs of 50 booked: off by 10 (a fifth), it is none in 46 of 100."""
    near, sure = losing(-6.0, 100.0, cost=50.0), losing(-6.0, 100.0, cost=50.0, cost_error=0.0)
    assert sure["firmness"] == "firm"
    assert near["stability"] == pytest.approx(0.54, abs=0.07)
    assert losing(-60.0, 100.0, cost=50.0)["firmness"] == "firm"


def test_payoff_moves_with_the_costs_that_are_drawn(client, rng):
    """Without noise elsewhere, costs alone bring some accounts near a cut across it."""
    accounts, financials, loyalty = client
    found = value_map.three_ps(accounts, financials, as_of=JUNE)
    sure = loyalty[["account_id", "shrunk"]]
    placed = value_map.place(found, sure, loyalty_cut=60, weight_noise=0, replicates=60, rng=rng)
    moving = placed.table["stability"] < 1
    assert 0 < moving.mean() < 0.5
    far = (placed.table["value"] - 50).abs() > 40
    assert not moving[far].any()


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [({"share": 5}, "write 5 % as 0.05"), ({"large": -1}, "is a share"),
     ({"cost_error": 20}, "write 20 % as 0.2")],
)  # fmt: skip
def test_what_counts_as_a_loss_is_a_share(wrong, advice):
    with pytest.raises(ValueError, match=advice):
        value_map.Losses(**wrong)
