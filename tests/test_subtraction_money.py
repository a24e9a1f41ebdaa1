"""Money of groups of few accounts: who answered what cannot be found in the ledger by a sum."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import pytest

from helpers import results
from helpers.methods import loyalty, sampling, value_map
from helpers.methods.loyalty import money_shown
from helpers.methods.value_map.shown import PRIVATE
from helpers.views.loyalty import charts as loyalty_charts
from helpers.views.loyalty import figures as loyalty_quotes
from helpers.views.loyalty import figures_headline as headline
from helpers.views.loyalty import rows, sentences_sections
from helpers.views.sampling import charts as sampling_charts
from helpers.views.value_map import charts as value_map_charts
from helpers.views.value_map import figures as value_quotes
from helpers.views.value_map import tables as value_tables

SCORES = {"Truly Loyal": (90, 90), "Accessible": (90, 10), "Trapped": (10, 90),
          "High Risk": (10, 10)}  # fmt: skip
SMALLEST = 10


def accounts_of(sizes: dict[str, int]) -> tuple[pd.DataFrame, pd.Series]:
    """One person in each account, by segment, and the revenue of each account."""
    segments = np.repeat(list(sizes), list(sizes.values()))
    people = pd.DataFrame([SCORES[one] for one in segments], columns=["attitude", "behaviour"])
    people = people.astype(float).assign(account=[f"a{place}" for place in range(len(people))])
    return people, pd.Series(1000.0 + np.arange(len(people)), index=people["account"])


def rolled(sizes: dict[str, int], apart: int = SMALLEST, **more: object) -> loyalty.RollUp:
    people, revenue = accounts_of(sizes)
    return loyalty.roll_up(
        people["attitude"], people["behaviour"], people["account"], revenue=revenue, apart=apart,
        unjudged="the two sides were not judged", **more,
    )  # fmt: skip


def matrix(sizes: dict[str, int], apart: int = SMALLEST) -> loyalty.LoyaltyMatrix:
    people, revenue = accounts_of(sizes)
    return loyalty.matrix(
        people["attitude"], people["behaviour"], accounts=people["account"], revenue=revenue,
        apart=apart,
    )  # fmt: skip


ENOUGH = {"Truly Loyal": 30, "Accessible": 12, "Trapped": 20, "High Risk": 15}
ONE_FEW = {"Truly Loyal": 30, "Accessible": 3, "Trapped": 20, "High Risk": 15}
TWO_FEW = {"Truly Loyal": 30, "Accessible": 6, "Trapped": 20, "High Risk": 7}


@pytest.mark.parametrize(
    ("sizes", "away"),
    [
        (ENOUGH, set()),
        (ONE_FEW, {"Accessible", "High Risk"}),
        (TWO_FEW, {"Accessible", "High Risk"}),
        ({"Truly Loyal": 30, "Trapped": 4}, {"Truly Loyal", "Trapped"}),
    ],
)
def test_revenue_of_a_segment_of_few_accounts_is_withheld_and_its_complement(sizes, away):
    shares = rolled(sizes).shares
    assert set(shares.loc[shares["withheld"], "segment"]) == away
    assert shares.loc[shares["withheld"], "revenue"].isna().all()
    assert shares.loc[~shares["withheld"], "revenue"].notna().all()
    assert shares[["value", "accounts"]].notna().all(axis=None)  # how many are in it may be told
    table = matrix(sizes).table
    money = table[table["estimand"] == "revenue"]
    assert set(money.loc[money["withheld"], "segment"]) == away
    assert money.loc[money["withheld"], ["value", "low", "high"]].isna().all(axis=None)
    assert table.loc[table["estimand"] != "revenue", "value"].notna().all()


def test_many_people_of_few_accounts_are_as_few_as_their_accounts():
    people, _ = accounts_of(ENOUGH)
    firms = people["account"].mask(people["behaviour"] < people["attitude"], "a30")
    revenue = pd.Series(1e3, index=firms.unique())
    table = loyalty.matrix(people["attitude"], people["behaviour"], accounts=firms,
                           revenue=revenue, apart=SMALLEST).table  # fmt: skip
    assert set(table.loc[table["withheld"], "segment"]) == {"Accessible", "High Risk"}


def test_nothing_is_withheld_where_the_policy_asks_for_nothing():
    assert not rolled(ONE_FEW, apart=0).shares["withheld"].any()
    assert not matrix(ONE_FEW, apart=0).table["withheld"].any()


def test_a_revenue_that_is_withheld_is_in_no_text_table_figure_or_result(tmp_path):
    """What the sum would be is looked for in every form in which it could be told."""
    open_to_all, found = rolled(ONE_FEW, apart=0), rolled(ONE_FEW)
    votes = matrix(ONE_FEW)
    figures = loyalty_quotes.matrix(votes, "USD") | loyalty_quotes.roll_up(found, "USD")
    figures |= headline.largest(votes)
    figures |= headline.largest_money(found, figures, "USD")
    tables = {"shares": found.shares, "segment_shares": found.segment_shares, "matrix": votes.table}
    results.save(results.ChapterResult("loyalty", figures, tables), tmp_path)
    hidden = open_to_all.shares.loc[found.shares["withheld"], "revenue"]
    numbers = [
        number
        for name in tables
        for number in pd.read_parquet(tmp_path / f"loyalty.{name}.parquet")
        .select_dtypes("number").to_numpy().ravel()
    ]  # fmt: skip
    numbers += [f.value for f in figures.values() if isinstance(f.value, float)]
    for share in hidden:
        assert not np.isclose(numbers, share, rtol=1e-9).any()
        assert not np.isclose(numbers, share * found.revenue, rtol=1e-9).any()
    for picture in (
        loyalty_charts.segment_shares(votes),
        loyalty_charts.segment_shares(votes, None, found),
    ):
        assert "Accessible of revenue withheld" in picture.alt
        assert picture.png()
    written = rows.share_rows(found, votes)
    assert written["Accessible"].str.endswith("/ withheld").all()
    assert rows.segment_rows(votes, None, found).set_index("segment")["revenue"].eq(
        "withheld"
    ).to_dict() == {"Truly Loyal": False, "Accessible": True, "Trapped": False, "High Risk": True}
    assert figures["accessible_revenue"].value is None
    assert figures["accessible_revenue"].withheld


def by_two_rules(moved: int) -> pd.DataFrame:
    """Sixty accounts, of which a few are Trapped by the mean and High Risk by another rule."""
    mean = np.repeat(["Trapped", "High Risk"], [40, 20])
    other = mean.copy()
    other[:moved] = "High Risk"
    return pd.DataFrame(
        {"account_id": range(60), "segment_account_mean": mean, "segment_count_all": other,
         "differs": mean != other}
    )  # fmt: skip


@pytest.mark.parametrize(("moved", "away"), [(0, False), (1, True), (9, True), (10, False)])
def test_rules_that_differ_by_few_accounts_are_not_both_told_in_money(moved, away):
    found = money_shown.withheld_rules(by_two_rules(moved), ["count_all", "account_mean"], SMALLEST)
    assert not found["segment_account_mean"].any()  # the first rule of the page stays
    assert found["segment_count_all"].all() == found["segment_count_all"].any() == away
    if moved:
        assert found["differs", "True"] == away


def test_revenue_that_hangs_on_the_rule_is_told_of_enough_accounts_only():
    table = by_two_rules(3)
    assert money_shown.withheld_rules(table, ["account_mean"], SMALLEST)["differs", "True"]
    people = pd.DataFrame({"account": np.repeat([f"a{n}" for n in range(60)], 3)})
    people["attitude"] = 90.0
    people.loc[people["account"].isin(["a1", "a2"]) & (people.index % 3 == 0), "attitude"] = 0.0
    revenue = pd.Series(1.0, index=people["account"].unique())
    given = (people["attitude"], people["attitude"], people["account"])
    both = [
        loyalty.roll_up(*given, revenue=revenue, apart=apart, unjudged="not judged")
        for apart in (0, SMALLEST)
    ]
    assert [one.changed for one in both] == [2, 2]
    assert [pd.notna(one.hanging) for one in both] == [True, False]
    assert "rule_revenue" not in loyalty_quotes.roll_up(both[1], "USD")


def parts(*rows_of: tuple[int, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows_of, columns=["accounts", "revenue", "withheld"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (parts((40, 0.31, False), (42, 0.37, False)), (0.31, 0.37)),
        (parts((40, 0.31, True), (42, 0.37, False)), (0.30, 0.37)),
        (parts((40, 0.31, False), (42, 0.37, True)), (0.31, 0.40)),
        (parts((10, 0.31, True), (42, 0.37, False)), (0.30, 0.37)),
        (parts((3, 0.31, True), (42, 0.37, False)), (0.0, 0.37)),
        (parts((40, 0.97, False), (42, 0.99, True)), (0.97, 1.0)),
        (parts((3, 0.31, True), (2, 0.37, True)), None),
        (parts((40, 0.31, False), (2, 0.37, True)), None),
        (parts((40, np.nan, False), (42, np.nan, False)), None),
    ],
)
def test_the_range_over_the_rules_is_kept_without_its_parts(given, expected):
    found = money_shown.range_of_rules(given, SMALLEST)
    if expected is None:
        assert np.isnan(found).all()
    else:
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(("rule", "away"), [(money_shown.PLAIN, True), ("count_all", False)])
def test_what_another_rule_withholds_is_told_by_the_mean_of_all_people(rule, away):
    shares = pd.DataFrame({"rule": [money_shown.PLAIN, "count_all"], "segment": "Trapped"})
    shares = shares.assign(accounts=[40, 42], revenue=[0.31, 0.37], withheld=shares["rule"] == rule)
    divided = pd.DataFrame({"segment": ["Trapped"], "counted": "revenue", "way": money_shown.PLAIN})
    divided[money_shown.ENDS] = 0.31
    divided[["lowest", "highest"]] = np.nan
    (row,) = money_shown.shown_shares(divided, shares, SMALLEST).to_dict("records")
    assert row["withheld"] == away
    assert np.isnan([row[end] for end in money_shown.ENDS]).all() == away
    assert row["highest"] >= 0.37


def test_the_headline_gives_the_range_or_no_range_and_never_a_part():
    found = rolled({"Truly Loyal": 30, "Accessible": 12, "Trapped": 2, "High Risk": 40})
    largest = headline.largest(matrix(ENOUGH | {"High Risk": 40}))
    largest |= headline.largest_money(found, largest, "USD")
    assert largest["largest_group"].value == "High Risk"
    assert {"largest_revenue_lowest", "largest_revenue_highest"} <= set(largest)
    few = rolled({"Truly Loyal": 60, "Accessible": 12, "Trapped": 5, "High Risk": 3})
    told = headline.largest(matrix({"Trapped": 40, "Truly Loyal": 9}))
    assert headline.largest_money(few, told, "USD") == {}
    named = {name: f for name, f in largest.items() if not name.endswith(("lowest", "highest"))}
    assert "{largest_money:value}" in sentences_sections.rolled(named)
    assert "by other rules" not in sentences_sections.rolled(named)
    assert "by other rules" in sentences_sections.rolled(largest)


# The value map.


def placed(scores: list[float]) -> value_map.ValueMap:
    names = [f"a{place}" for place in range(len(scores))]
    money = pd.DataFrame(
        {"account_id": names, "period": pd.Timestamp("2026-05-01"), "revenue": 1e4}
    )
    money["revenue"] += 1e3 * np.arange(len(scores))
    worth = value_map.three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    known = pd.DataFrame({"account_id": names, "shrunk": scores})
    return value_map.place(worth, known, loyalty_cut=70, replicates=0)


@pytest.fixture
def one_small_cell() -> value_map.ValueMap:
    return placed([40.0] * 24 + [80.0] * 70 + [40.0] * 2)


def test_cells_that_are_withheld_are_joined_so_that_the_reader_knows_their_sum(one_small_cell):
    found = one_small_cell
    cells = value_map.shown_cells(found, SMALLEST)
    joined = value_map.joined_cells(found, cells, SMALLEST)
    away = cells["withheld"]
    assert away.sum() == 2
    assert len(joined) == len(cells) - 1
    assert joined["accounts"].sum() == found.base
    assert not joined["withheld"].any()
    assert joined["revenue"].sum() == found.cells["revenue"].sum()
    assert joined["revenue_share"].sum() == pytest.approx(1)
    (row,) = joined[~joined["cell"].isin(value_map.CELLS)].to_dict("records")
    assert row["revenue"] == found.cells.loc[away, "revenue"].sum()
    assert np.isnan(row["accounts_low"])
    text = value_tables.groups(found, joined, "USD").html()
    assert escape(row["cell"]) in text
    assert (
        "executive contact"
        in value_tables.deserves(found, dict.fromkeys(value_map.CELLS, 0.5)).html()
    )
    figures = value_quotes.placement(found, cells, "USD", joined)
    assert figures["together_revenue"].value == row["revenue"]
    assert figures["protect_revenue"].value is None
    bars = value_map_charts.cells_bars(joined, currency="USD")
    for revenue in found.cells.loc[away, "revenue"]:
        assert value_map_charts.money(revenue, "USD") not in bars.alt


def test_cells_that_reach_the_smallest_base_together_are_joined():
    found = placed([40.0] * 6 + [80.0] * 50 + [40.0] * 4)
    joined = value_map.joined_cells(found, value_map.shown_cells(found, SMALLEST), SMALLEST)
    (row,) = joined[joined["cell"].str.contains(" and ")].to_dict("records")
    assert (row["accounts"], row["revenue"]) == (10, 75_000 + 270_000)


@pytest.mark.parametrize("scores", [[80.0] * 60, [80.0] * 4 + [40.0] * 4])
def test_nothing_is_joined_where_all_is_shown_or_all_are_few(scores):
    found = placed(scores)
    cells = value_map.shown_cells(found, SMALLEST)
    joined = value_map.joined_cells(found, cells, SMALLEST)
    pd.testing.assert_frame_equal(joined, cells)
    assert "together_revenue" not in value_quotes.placement(found, cells, "USD", joined)


# Accounts that may not be named, beside lists of those that may.


def worth_of(accounts: int) -> value_map.ThreePs:
    """Accounts of which no two sums of few are alike."""
    names = [f"a{place}" for place in range(accounts)]
    revenue = np.round(1e4 * 1.07 ** np.arange(accounts), 2)
    money = pd.DataFrame(
        {"account_id": names, "period": pd.Timestamp("2026-05-01"), "revenue": revenue,
         "margin": 0.3 * revenue}
    )  # fmt: skip
    return value_map.three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))


def by_score(low: set[int], unnamed: set[int], silent: tuple[int, ...] = ()):
    """The map of all accounts of 120 and that of the named ones; ``low`` are those not loyal."""
    answered = [n for n in range(120) if n not in silent]
    scores = pd.DataFrame({"account_id": [f"a{n}" for n in answered],
                           "shrunk": [40.0 if n in low else 80.0 for n in answered]})  # fmt: skip
    named = scores[[n not in unnamed for n in answered]]
    return [
        value_map.place(worth_of(120), table, loyalty_cut=70, replicates=0)
        for table in (scores, named)
    ]


def all_told(found: value_map.ValueMap, by_name: value_map.ValueMap, folder) -> list[object]:
    """Table, chart, figures and stored files of the cells, as the chapter makes them."""
    cells = value_map.shown_cells(found, SMALLEST)
    groups = value_map.joined_cells(found, cells, SMALLEST)
    cells, groups = (value_map.coarsened(found, one, SMALLEST, by_name) for one in (cells, groups))
    rest = value_map.unplaced_revenue(found, SMALLEST, by_name)
    figures = value_quotes.placement(found, cells, "USD", groups, unplaced=rest)
    chart = value_map_charts.cells_bars(groups, currency="USD")
    results.save(results.ChapterResult("value_map", figures, {"cells": cells}), folder)
    stored = pd.read_parquet(folder / "value_map.cells.parquet").to_dict("list")
    table = value_tables.groups(found, groups, "USD").html()
    return [table, chart.alt, chart.png(), str(stored), str(figures)]


HALF_LOW = set(range(20, 120, 2))


@pytest.mark.parametrize(
    ("unnamed", "one", "other"),
    [
        ({100, 101, 102, 103}, 100, 101),  # two in each cell of the valuable ones
        ({100, 101, 103}, 100, 103),  # one in its cell
        ({110, 111, 20, 21, 22, 23}, 20, 23),
        ({*range(80, 100), 61, 63, 65, 20, 21}, 20, 21),  # many in one cell, few in another
    ],
)
def test_who_of_the_accounts_without_a_name_is_loyal_changes_nothing_that_is_told(
    unnamed, one, other, tmp_path
):
    """Two of them that change places would be seen in any sum that tells of them."""
    assert one in HALF_LOW
    assert other not in HALF_LOW
    told = [
        all_told(*by_score(low, unnamed), tmp_path)
        for low in (HALF_LOW, HALF_LOW - {one} | {other})
    ]
    assert told[0] == told[1]


def test_who_of_the_accounts_without_a_name_answered_changes_nothing_that_is_told(tmp_path):
    """All that answered are loyal, so the counts tell where they stand once it is known who."""
    unnamed, loyal = set(range(90, 120)), HALF_LOW - set(range(90, 120))
    told = [
        all_told(*by_score(loyal, unnamed, tuple(unnamed - three)), tmp_path)
        for three in ({95, 101, 117}, {92, 99, 119})
    ]
    assert told[0] == told[1]


def test_a_sum_that_is_rounded_is_right_to_its_unit_and_no_coarser_than_it_need_be():
    found, by_name = by_score(HALF_LOW, {100, 101, 102, 103})
    exact = value_map.shown_cells(found, SMALLEST)
    cells = value_map.coarsened(found, exact, SMALLEST, by_name)
    rounded = cells["rounded_to"].notna()
    assert cells.loc[rounded, "cell"].tolist() == ["Grow & leverage", "Protect & repair"]
    off = (cells["revenue"] - exact["revenue"])[rounded].abs()
    assert (off <= cells.loc[rounded, "rounded_to"] / 2).all()
    assert (off > 0).all()
    pd.testing.assert_frame_equal(
        cells[~rounded].drop(columns=["rounded_to", "revenue_share"]),
        exact[~rounded].drop(columns=["revenue_share"]),
    )
    assert (cells["revenue_share"] - exact["revenue_share"]).abs().max() < 0.05
    assert "rounded so far" in value_map_charts.cells_bars(cells).note
    assert "rounded so far" in value_tables.groups(found, cells, "USD").note


def test_an_account_that_can_be_in_neither_of_two_cells_makes_no_sum_of_theirs_coarser():
    units = []
    for unnamed in ({20, 21, 22, 23}, {20, 21, 22, 23, 119}):  # the last brings most of all
        found, by_name = by_score(HALF_LOW, unnamed)
        exact = value_map.shown_cells(found, SMALLEST)
        cells = value_map.coarsened(found, exact, SMALLEST, by_name).set_index("cell")
        units.append(cells.loc[["Maintain efficiently", "Re-price or release"], "rounded_to"])
    assert (units[0] > 0).all()
    pd.testing.assert_series_equal(*units)


def test_a_sum_that_no_unit_but_its_size_would_hide_is_withheld():
    """The one account without a name brings as much as all others of its cell together."""
    found, by_name = by_score(set(range(100, 120)), {119, 30})
    cells = value_map.coarsened(found, value_map.shown_cells(found, SMALLEST), SMALLEST, by_name)
    assert cells.set_index("cell").loc["Protect & repair", "rounded_to"] > 0
    few = value_map.coarsened(
        *(lambda one, two: (one, value_map.shown_cells(one, 2), 2, two))(
            *by_score({60, 61, 119}, {119, 118})
        )
    ).set_index("cell")
    assert few.loc["Protect & repair", "withheld"]
    assert few.loc["Protect & repair", ["revenue", "contribution", "firm_share"]].isna().all()


@pytest.mark.parametrize("unnamed", [set(), set(range(20, 120)), set(range(120)) - {5}])
def test_sums_are_exact_where_nobody_or_many_of_each_cell_have_no_name(unnamed):
    found, by_name = by_score(HALF_LOW, unnamed)
    exact = value_map.shown_cells(found, SMALLEST)
    for named in (by_name, None):
        cells = value_map.coarsened(found, exact, SMALLEST, named)
        pd.testing.assert_frame_equal(cells.drop(columns="rounded_to"), exact)
        assert cells["rounded_to"].isna().all()
        assert value_map.unplaced_revenue(found, SMALLEST, named) == 0


def test_an_account_that_stands_elsewhere_by_the_answers_of_its_named_people_is_not_told():
    """Its colleagues without a name moved it, and a sum would say so."""
    every, _ = by_score(HALF_LOW, set())
    _, by_name = by_score(HALF_LOW ^ {100, 119}, set())
    exact = value_map.shown_cells(every, SMALLEST)
    cells = value_map.coarsened(every, exact, SMALLEST, by_name)
    rounded = cells["rounded_to"].notna()
    assert rounded.sum() == 2
    off = (cells["revenue"] - exact["revenue"])[rounded].abs()
    assert (off <= cells.loc[rounded, "rounded_to"] / 2).all()


def test_a_cell_that_lists_name_accounts_of_and_that_holds_nobody_is_not_withheld():
    every, _ = by_score(set(), set())
    _, by_name = by_score({100, 101}, set())
    exact = value_map.shown_cells(every, SMALLEST)
    cells = value_map.coarsened(every, exact, SMALLEST, by_name).set_index("cell")
    assert cells.loc["Protect & repair", "accounts"] == 0
    assert not cells.loc["Protect & repair", "withheld"]
    assert np.isnan(cells.loc["Protect & repair", "revenue"])
    assert cells.loc["Grow & leverage", "rounded_to"] > 0


def test_a_cell_that_is_withheld_stays_so_beside_others_that_are_rounded():
    """Its five accounts are few, though a sum of them could be rounded as those of others are."""
    found, by_name = by_score({*range(20, 60, 2), *range(113, 118)}, {113, 59})
    exact = value_map.shown_cells(found, SMALLEST)
    assert exact.set_index("cell").loc["Protect & repair", "withheld"]
    cells = value_map.coarsened(found, exact, SMALLEST, by_name)
    away = cells["withheld"]
    assert away[exact["withheld"]].all()
    assert cells.loc[away, PRIVATE].isna().all(axis=None)


def test_a_few_without_a_name_are_not_told_where_many_others_stand_elsewhere():
    every, _ = by_score(HALF_LOW, set())
    _, by_name = by_score(HALF_LOW ^ set(range(70, 94)), {100, 102, 104})
    cells = value_map.coarsened(every, value_map.shown_cells(every, SMALLEST), SMALLEST, by_name)
    assert cells.set_index("cell").loc["Protect & repair", "rounded_to"] > 0


# What accounts that answered bring.


@pytest.mark.parametrize(("answered", "told"), [(30, True), (57, False), (4, False)])
def test_the_curve_of_revenue_tells_no_more_than_its_table(answered, told):
    listed = pd.DataFrame({"account_id": range(60), "revenue": np.arange(60) * 1e3 + 500})
    found = sampling.coverage(listed, answered=range(answered), smallest=SMALLEST)
    assert found.curve[["covered", "covered_share"]].notna().all(axis=None) == told
    assert found.curve["revenue_share"].notna().all()  # the client's own list of accounts
    picture = sampling_charts.coverage_curve(found)
    assert ("Accounts that answered" in picture.title) == told
    assert ("withheld" in picture.alt) != told
    assert picture.png()


def test_how_firmly_accounts_sit_in_a_cell_that_is_withheld_is_withheld(one_small_cell, rng):
    """How many are in it may be told; how sure their scores are is of their answers."""
    table = one_small_cell.table.assign(
        stability=np.where(np.arange(one_small_cell.base) % 2, 0.9, 0.6),
        firmness=np.where(np.arange(one_small_cell.base) % 2, "firm", "leaning"),
    )
    found = replace(one_small_cell, table=table)
    cells = value_map.shown_cells(found, SMALLEST)
    figures = value_quotes.placement(found, cells, "USD")
    assert figures["protect_accounts"].value == 2
    assert figures["protect_firm"].value is None
    assert figures["grow_firm"].value is not None


@pytest.mark.parametrize(("way", "told"), [("chances", True), ("account_mean", False)])
def test_chances_tell_of_all_accounts_and_stay_where_a_count_of_few_goes(way, told):
    held = pd.DataFrame(
        {"counted": ["accounts", "revenue"], "segment": "Trapped", "way": way, "value": 0.2,
         "low": 0.1, "high": 0.3, "lowest": 0.2, "highest": 0.2, "base": 60}
    )  # fmt: skip
    shares = pd.DataFrame(
        {"rule": ["account_mean", "count_all"], "segment": "Trapped", "accounts": [3, 12],
         "revenue": [0.18, 0.22], "withheld": [True, False]}
    )  # fmt: skip
    found = money_shown.shown_shares(held, shares, SMALLEST).set_index("counted")
    assert found.loc["accounts", ["value", "lowest"]].tolist() == [0.2, 0.2]
    assert found.loc["revenue", ["value", "low", "high"]].notna().all() == told
    assert found["withheld"].tolist() == [False, not told]
    assert found.loc["revenue", ["lowest", "highest"]].tolist() == [0.0, 0.22]


def test_all_that_is_told_of_a_withheld_cell_is_how_many_accounts_it_has(one_small_cell):
    known = one_small_cell.cells.fillna(1.0)
    cells = value_map.shown_cells(replace(one_small_cell, cells=known), SMALLEST)
    told = cells.drop(columns=["cell", "accounts", "withheld"])
    assert told[cells["withheld"]].isna().all(axis=None)
    assert told[~cells["withheld"]].notna().all(axis=None)
    assert cells["accounts"].notna().all()


def test_a_cell_that_is_withheld_for_a_map_beside_it_is_joined_with_nothing():
    found = placed([80.0] * 60)
    cells = value_map.shown_cells(found, SMALLEST)
    alone = cells.assign(withheld=cells["cell"] == "Grow & leverage")
    pd.testing.assert_frame_equal(value_map.joined_cells(found, alone, SMALLEST), alone)
