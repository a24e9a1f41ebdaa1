"""What candidates bring: a client's list read, and benefits drawn with all their doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import actions, drivers, linkage
from helpers.methods.actions import ALL, Limits, Planned

AS_OF = pd.Timestamp("2026-06-30")


def table(**columns) -> pd.DataFrame:
    """Three actions that cost 10 once and reach everybody, but for what is given."""
    rows = {
        "action_id": ["A", "B", "C"], "name": ["Desk", "Portal", "Training"], "function": "Sales",
        "cost_once": 10.0, "cost_year": 0.0, "effort_days": 5.0, "months": 1.0,
        "adoption_low": 0.5, "adoption_mid": 0.5, "adoption_high": 0.5, "saving_year": 0.0,
    }  # fmt: skip
    return pd.DataFrame(rows | columns)


def moved(**columns) -> pd.DataFrame:
    rows = {
        "action_id": ["A", "B", "C"], "driver": "ease", "change_low": 1.0, "change_mid": 1.0,
        "change_high": 1.0, "basis": "pilot",
    }  # fmt: skip
    return pd.DataFrame(rows | columns)


def read(rows: pd.DataFrame, effects: pd.DataFrame | None = None, **more) -> actions.Listed:
    reaches = dict.fromkeys(rows["action_id"], 1.0) | more.pop("reaches", {})
    return actions.listed(
        rows, moved() if effects is None else effects, drivers=["ease"], reaches=reaches,
        as_of=AS_OF, **more,
    )  # fmt: skip


def valued(
    listed: actions.Listed, *, effect=2.0, point=50.0, draws=400, stated=None, **more
) -> actions.Worth:
    """One driver, one part of the accounts, effects and worth of a point without doubt."""
    return actions.worth_of(
        listed, pd.DataFrame({"ease": np.full(draws, effect)}), np.full((1, draws), point),
        pd.DataFrame({0: True}, index=list(listed.ids)), headroom={"ease": 100.0},
        planned=Planned(quarters=1, years=1.0, **more), stated=stated,
        rng=np.random.default_rng(1),
    )  # fmt: skip


def test_benefit_is_adoption_times_change_times_effect_times_money_for_the_time_in_force():
    """0.5 × 1 point × 2 of loyalty × 50 = 50; in force 11 of 12 months, mounting up: × (11/12)²."""
    worth = valued(read(table()))
    assert worth.of(np.array([1.0, 0, 0])) == pytest.approx(50 * (11 / 12) ** 2)
    assert valued(read(table()), power=1.0).of(np.array([1.0, 0, 0])) == pytest.approx(50 * 11 / 12)


def test_a_saving_comes_evenly_and_costs_count():
    taken_at_its_word = actions.Stated(saved=(1.0, 1.0, 1.0))
    worth = valued(
        read(table(saving_year=[12.0, 0.0, 0.0]), moved(action_id=["B", "C", "C"])),
        stated=taken_at_its_word,
    )
    found = actions.alone(worth).set_index("action").loc[0]
    assert found["gain"] == pytest.approx(11.0)
    assert found["net"] == pytest.approx(1.0)
    assert found["driver"] == -1


def test_without_money_costs_count_against_the_budget_alone():
    worth = valued(read(table()), priced=False)
    plan = actions.best_portfolio(worth, Limits(budget=20.0))
    assert len(plan.starts) == 2
    assert plan.net == pytest.approx(worth.of(plan.share))


@pytest.mark.parametrize(
    ("basis", "inside"), [("pilot", 0.95), ("benchmark", 0.8), ("judgement", 0.6)]
)
def test_a_stated_range_holds_as_many_draws_as_its_basis_is_trusted_for(basis, inside):
    effects = moved(change_low=0.5, change_mid=1.0, change_high=1.5, basis=basis)
    rows = table(adoption_low=1.0, adoption_mid=1.0, adoption_high=1.0)
    change = valued(read(rows, effects), draws=20_000).gains.change
    assert ((change > 0.5) & (change < 1.5)).mean() == pytest.approx(inside, abs=0.01)
    assert change.mean() == pytest.approx(1.0, abs=0.01)


def test_a_claimed_saving_is_drawn_from_nothing_to_somewhat_more_than_is_claimed():
    """The mean of a triangle is that of its corners: (0 + 0.8 + 1.2) / 3 of what is claimed."""
    rows = table(saving_year=[12.0, 0.0, 0.0])
    saved = valued(read(rows), draws=20_000).gains.saving
    assert saved[0].mean() == pytest.approx(12 * (0 + 0.8 + 1.2) / 3, rel=0.01)
    assert 0 <= saved[0].min() < 1
    assert 12 < saved[0].max() <= 12 * 1.2
    assert np.median(saved[0]) < 12
    assert (saved[1:] == 0).all()


def uncertain(**more) -> actions.Worth:
    effects = moved(change_low=0.5, change_mid=1.0, change_high=1.5, basis="judgement")
    return valued(read(table(), effects), draws=20_000, **more)


@pytest.mark.parametrize("common", [0.0, 0.3, 0.6])
def test_hopes_of_all_actions_are_off_together_by_the_declared_share(common):
    """Triangles read at normal ranks of correlation c correlate by c, within a few hundredths."""
    change = uncertain(stated=actions.Stated(common=common)).gains.change
    between = np.corrcoef(change)[np.triu_indices(3, 1)]
    assert between == pytest.approx(common, abs=0.03)


def test_what_was_measured_shares_no_hope_but_adoption():
    """Changes of pilots stand by themselves; that people take them up is hoped of all alike."""
    effects = moved(change_low=0.5, change_mid=1.0, change_high=1.5)
    worth = valued(read(table(), effects), draws=20_000, stated=actions.Stated(common=0.6))
    between = np.corrcoef(worth.gains.change)[np.triu_indices(3, 1)]
    assert between == pytest.approx(0, abs=0.03)
    rows = table(adoption_low=0.1, adoption_high=0.9)
    taken = valued(read(rows), draws=20_000, stated=actions.Stated(common=0.6)).gains.change
    assert np.corrcoef(taken)[np.triu_indices(3, 1)] == pytest.approx(0.6, abs=0.03)


def test_a_plan_of_one_author_s_hopes_is_less_sure_than_one_of_hopes_of_their_own():
    """Of three equal ones the variance is 3 (1 + 2 c) of one: at c = 0.3 the spread is × √1.6."""
    apart, together = (
        uncertain(stated=actions.Stated(common=common)).of(np.ones(3)) for common in (0.0, 0.3)
    )
    assert together.mean() == pytest.approx(apart.mean(), rel=0.01)
    assert together.std() / apart.std() == pytest.approx(np.sqrt(1.6), rel=0.03)
    assert actions.Stated().common == 0.3


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"common": 1.0}, "write 30 % as 0.3"),
        ({"saved": (0.5, 0.2, 1.0)}, "the least, the likeliest and the most"),
        ({"saved": (-0.5, 0.2, 1.0)}, "the least, the likeliest and the most"),
    ],
)
def test_what_cannot_be_a_share_or_a_range_is_refused(wrong, advice):
    with pytest.raises(ValueError, match=advice):
        actions.Stated(**wrong)


def test_the_client_s_own_pilot_counts_before_a_judgement_of_the_same_change():
    both = pd.concat([moved(basis="judgement", change_mid=9.0), moved(basis="pilot")])
    found = read(table(), both.reset_index(drop=True)).effects
    assert found["basis"].tolist() == ["pilot"] * 3
    assert found["change_mid"].tolist() == [1.0] * 3


def test_the_same_seed_gives_the_same_futures():
    rows = table(adoption_low=0.2, adoption_high=0.9)
    first, second = (valued(read(rows)).of(np.ones(3)) for _ in range(2))
    assert (first == second).all()
    assert first.std() > 0


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"cost_once": [None, 10, 10], "cost_year": [None, 0, 0]}, "no cost is given"),
        ({"earliest_quarter": ["soon", "", ""]}, "its earliest quarter cannot be read"),
        ({"requires": ["Z", "", ""]}, "requires Z, which is not listed"),
        ({"requires": ["Z", "A", ""]}, "requires A, which is left out"),
    ],
)
def test_what_cannot_be_reckoned_with_is_left_out_with_its_reason(columns, reason):
    assert any(why.startswith(reason) for why in read(table(**columns)).left_out.values())


def test_an_action_that_reaches_nobody_or_moves_nothing_is_left_out():
    found = read(table(), moved(action_id=["A", "A", "B"]), reaches={"B": 0.0})
    assert found.left_out == {
        "B": "whom it reaches is not known, or nobody",
        "C": "moves no driver that was rated, and saves nothing",
    }


def test_with_no_candidate_left_nothing_is_estimated():
    with pytest.raises(NotEstimable, match="no listed action"):
        read(table(cost_once=None, cost_year=None))


@pytest.mark.parametrize(
    ("text", "quarters"),
    [("2026Q3", 0), ("2026Q4", 1), ("Q1 2027", 2), ("2025-Q1", 0), ("2026 q4", 1), ("", 0)],
)
def test_quarters_are_counted_from_the_day_after_the_data_stand(text, quarters):
    assert read(table(earliest_quarter=text)).candidates.earliest.tolist() == [quarters] * 3


def test_two_actions_of_one_name_are_told_apart_by_their_ids():
    assert read(table(name=["Desk", "Desk", ""])).candidates.names == ("Desk (A)", "Desk (B)", "C")


def test_money_a_point_counts_accounts_that_did_not_answer_at_the_rate_of_all():
    rates = pd.DataFrame({ALL: [0.02], 1: [0.01]})
    money, parts = pd.Series([100.0, 200.0, -50.0]), pd.Series([0, 1, 1])
    made = actions.money_a_point(rates, money, parts, size=2, draws=3, rng=np.random.default_rng(1))
    assert made[:, 0] == pytest.approx([2.0, 2.0])


def test_a_plan_says_whether_it_pays():
    worth = valued(read(table()))
    paid = actions.decide(worth, Limits(budget=100.0), futures=5, rng=np.random.default_rng(1))
    assert (paid.verdict, paid.chance) == ("pays", 1.0)
    lost = actions.decide(
        valued(read(table()), point=1.0), Limits(), futures=5, rng=np.random.default_rng(1)
    )
    assert (lost.verdict, lost.plan.starts) == ("nothing", {})
    assert (actions.alone(lost.worth)["net"] < 0).all()


def test_limits_that_no_plan_keeps_are_named():
    worth = valued(read(table()))
    with pytest.raises(NotEstimable, match="it is the budget that would have to give"):
        actions.decide(worth, Limits(budget=5.0, must=frozenset({0})), rng=np.random.default_rng(1))


def test_effects_are_drawn_together_and_towards_their_mean():
    rng = np.random.default_rng(3)
    ratings = pd.DataFrame(rng.normal(6, 2, (150, 4)), columns=list("abcd")).clip(0, 10)
    outcome = ratings.sum(axis=1) + rng.normal(0, 8, 150)
    found = drivers.relative_importance(ratings, outcome)
    likely = drivers.likely_effects(found)
    estimates = found.table.set_index("driver")["effect"][list(likely)]
    assert len(likely) == 1024
    assert likely.mean().std() < 0.8 * estimates.std()


def test_money_kept_is_told_of_parts_with_enough_accounts_and_of_all():
    rng = np.random.default_rng(2)
    past = pd.DataFrame({"account_id": range(300), "score": rng.normal(60, 15, 300)})
    chance = 1 / (1 + np.exp(2 - past["score"] / 15))
    past["retained"] = (rng.random(300) < chance).astype(float)
    parts = pd.Series(np.r_[np.zeros(295), np.ones(5)].astype(int))
    kept = linkage.money_kept(
        linkage.link(past, "retained"), past.assign(revenue=100.0), panel=past, parts=parts,
        smallest=10, points=2.0, lag_months=6, most=100, horizon_years=2, discount_rate=0.08,
        replicates=50, rng=rng,
    )  # fmt: skip
    assert set(kept["part"]) == {ALL, 0}
    assert 0.001 < kept["rate"].mean() < 0.05


def test_an_action_stops_where_its_change_no_longer_pays_for_it():
    """It costs 10 and brings 50 × (11/12)²: it still pays with 24 % of its change."""
    worth = valued(read(table()))
    plan = actions.best_portfolio(worth, Limits())
    assert actions.break_even(worth, plan, 0) == pytest.approx(10 / (50 * (11 / 12) ** 2), rel=1e-6)


def test_an_action_whose_saving_pays_for_it_is_never_stopped_for_its_change():
    worth = valued(read(table(saving_year=40.0)))  # of which two thirds are expected to come
    plan = actions.best_portfolio(worth, Limits())
    assert actions.break_even(worth, plan, 0) == 0


def test_ninety_days_are_laid_out_by_function_from_the_day_the_data_stand():
    rows = table(function=["Sales", "Logistics", "Sales"], earliest_quarter=["", "", "2026Q4"])
    listed = read(rows)
    worth = actions.worth_of(
        listed, pd.DataFrame({"ease": np.full(9, 2.0)}), np.full((1, 9), 500.0),
        pd.DataFrame({0: True}, index=list(listed.ids)), headroom={"ease": 100.0},
        planned=Planned(quarters=2), rng=np.random.default_rng(1),
    )  # fmt: skip
    plan = actions.best_portfolio(worth, Limits())
    days = actions.ninety_days(listed, worth, plan, ["ease"], {"ease": 6.0}, as_of=AS_OF)
    assert days["function"].tolist() == ["Logistics", "Sales"]  # the third starts a quarter later
    assert days["install"].eq(pd.Timestamp("2026-09-28")).all()
    assert days["target"].tolist() == pytest.approx([6.5, 6.5])
    assert (
        (days[["diagnose", "choose", "build and try", "install", "in_force"]] > AS_OF)
        .to_numpy()
        .all()
    )


@pytest.mark.parametrize(
    ("due", "delivered", "status"),
    [
        ("2026-06-29", None, "missed"),
        ("2026-06-30", None, "open"),  # the day is not over
        ("2026-03-31", "2026-03-31", "kept"),
        ("2026-03-31", "2026-04-01", "late"),
        ("2026-03-31", "2026-07-15", "missed"),  # after the day that counts
    ],
)
def test_promises_are_kept_late_missed_or_open(due, delivered, status):
    made = pd.DataFrame(
        {"what": ["x"], "audience": ["Customers"], "promised_at": pd.to_datetime(["2026-01-01"]),
         "due": pd.to_datetime([due]), "delivered_at": pd.to_datetime([delivered])}
    )  # fmt: skip
    assert actions.promises(made, as_of=AS_OF)["status"].tolist() == [status]
    assert actions.promises(made, as_of=AS_OF, since=pd.Timestamp("2027-01-01")).empty
