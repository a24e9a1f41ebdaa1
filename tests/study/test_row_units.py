"""Money of one action or one offer in thousands beside whole units of the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checking import told

from helpers.study.row_units import check_row_units

NORTHFIELD = Path(__file__).parents[2] / "data" / "northfield"


def sent(name: str) -> pd.DataFrame:
    frame = pd.read_csv(NORTHFIELD / f"{name}.csv")
    return frame.astype(dict.fromkeys(frame.select_dtypes("int"), float))


def said(name: str, frame: pd.DataFrame) -> list[str]:
    return told(check_row_units, {name: frame})


@pytest.mark.parametrize("name", ["actions", "opportunities", "holdings"])
def test_money_in_one_unit_has_no_fault(name):
    assert said(name, sent(name)) == []


@pytest.mark.parametrize("column", ["cost_once", "cost_year"])
@pytest.mark.parametrize("times", [1e-3, 1e3, 1e-6])
def test_one_action_in_another_unit_is_told_whichever_it_is(column, times):
    actions, missed = sent("actions"), []
    for place in np.flatnonzero(actions[column] > 0)[::6]:
        odd = actions.copy()
        odd.loc[place, column] *= times
        found = said("actions", odd)
        meant = f"and {actions[column][place]:,.10g} would be among them"
        if [f"row {place + 1}, column {column}" in f and meant in f for f in found] != [True]:
            missed.append(actions["action_id"][place])
    assert missed == []


def test_one_of_six_actions_in_another_unit_is_told():
    actions = sent("actions").head(6)
    actions.loc[3, "cost_once"] /= 1000
    (found,) = said("actions", actions)
    assert "row 4, column cost_once: '260' is far below what all others have, and 260,000" in found


def test_of_few_others_or_of_others_that_do_not_agree_nothing_is_told():
    few = sent("actions").head(5)
    few.loc[3, "cost_once"] /= 1000
    assert said("actions", few) == []
    wide = pd.DataFrame({"amount": 10 ** (4 + np.array([*np.linspace(-1.5, 1.5, 12), -3.0]))})
    assert said("opportunities", wide) == []


def test_an_action_that_is_small_has_no_fault():
    actions = sent("actions")
    actions.loc[3, ["cost_once", "cost_year", "effort_days"]] = [400.0, 0.0, 1.0]
    assert said("actions", actions) == []


@pytest.mark.parametrize("times", [1e-3, 1e3])
@pytest.mark.parametrize("products", [True, False])
def test_an_offer_in_another_unit_is_told(times, products):
    offers = sent("opportunities")
    offers = offers if products else offers.drop(columns="product_id")
    for place in (0, 7, 100):
        odd = offers.copy()
        odd.loc[place, "amount"] *= times
        (found,) = said("opportunities", odd)
        assert f"row {place + 1}, column amount: '{odd['amount'][place]:.10g}' is far" in found


def test_offers_as_wide_as_any_and_products_of_other_prices_have_no_fault():
    rng = np.random.default_rng(3)
    wide = pd.DataFrame({"amount": np.round(rng.lognormal(9, 1.6, 400), 2)})
    assert said("opportunities", wide) == []
    prices = np.repeat([30.0, 40_000.0], [8, 60])
    two = pd.DataFrame({"product_id": np.repeat(["seal", "pump"], [8, 60]),
                        "amount": prices * rng.uniform(0.7, 3, 68)})  # fmt: skip
    assert said("opportunities", two) == []
    few = two.iloc[6:]  # of a product with hardly any other offer nothing is known
    assert said("opportunities", few.reset_index(drop=True)) == []
