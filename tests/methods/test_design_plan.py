"""A whole plan: chances that add up, steps that add up, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plans import plan_of

from helpers.errors import NotEstimable
from helpers.methods.sample_design import TAKE_ALL, ContactLimits, Lists, Options
from helpers.methods.sample_design.ground import planning_ground
from helpers.methods.survey.estimates import kish_design_effect

DAY = pd.Timestamp("2026-11-02")
COUNT = 120


@pytest.fixture
def world(rng):
    """Accounts of very different revenue, with people of three roles."""
    ids = [f"A{i:03d}" for i in range(COUNT)]
    accounts = pd.DataFrame(
        {
            "account_id": ids,
            "tier": rng.choice(["Key", "Core"], COUNT, p=[0.3, 0.7]),
            "end_date": pd.to_datetime([None] * (COUNT - 1) + ["2025-01-01"]),
        }
    )
    money = pd.DataFrame(
        {
            "account_id": ids,
            "period": pd.Timestamp("2026-05-01"),
            "revenue": 1e5 * (1 + np.arange(COUNT))[::-1] ** -1.2,
        }
    )
    of = np.repeat(ids, rng.integers(2, 12, COUNT))
    contacts = pd.DataFrame(
        {
            "contact_id": [f"C{i:04d}" for i in range(len(of))],
            "account_id": of,
            "role": rng.choice(["decision_maker", "user", "admin"], len(of), p=[0.2, 0.6, 0.2]),
            "opt_out": rng.random(len(of)) < 0.05,
        }
    )
    people = contacts[rng.random(len(of)) < 0.4]
    answers = pd.DataFrame(
        {"account_id": people["account_id"], "score": rng.normal(60, 15, len(people))}
    )
    return {
        "contacts": contacts, "accounts": accounts, "financials": money, "answers": answers,
        "strata": ["tier"],
    }  # fmt: skip


def planned(world, seed=1, **choices):
    return plan_of(on=DAY, rng=np.random.default_rng(seed), **world | choices)


CHOICES = {
    "accounts": {},
    "random": {"selection": "random", "per_role": 2},
    "systematic": {"selection": "systematic", "allocation": "neyman"},
    "pps": {"selection": "pps", "per_role": {"decision_maker": 3, "user": 1}},
    "power": {"allocation": "power"},
    "no certain ones": {"take_all_share": 0},
}
choice = pytest.mark.parametrize("choice", CHOICES)


@choice
def test_exactly_so_many_are_invited_and_chances_sum_to_them(world, choice):
    plan = planned(world, size=150, **CHOICES[choice])
    assert plan.base == len(plan.table) == 150
    assert plan.frame["inclusion_probability"].sum() == pytest.approx(150)
    assert plan.table["contact_id"].is_unique
    product = plan.frame["account_probability"] * plan.frame["contact_probability"]
    np.testing.assert_allclose(plan.frame["inclusion_probability"], product)
    assert plan.frame[["account_probability", "contact_probability"]].le(1 + 1e-12).all(axis=None)
    np.testing.assert_allclose(plan.table["base_weight"] * plan.table["inclusion_probability"], 1)


@choice
def test_everyone_on_the_list_is_eligible_or_excluded(world, choice):
    plan = planned(world, size=150, **CHOICES[choice])
    listed = set(world["contacts"]["contact_id"])
    assert set(plan.frame["contact_id"]) | set(plan.excluded["contact_id"]) == listed
    assert len(plan.frame) + len(plan.excluded) == len(listed)
    assert plan.strata["population"].sum() == len(listed)
    assert plan.strata["eligible"].sum() == len(plan.frame)
    assert plan.strata["selected"].sum() == 150


@choice
def test_the_same_seed_plans_the_same_sample(world, choice):
    first, again, other = (planned(world, seed, size=150, **CHOICES[choice]) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert set(first.table["contact_id"]) != set(other.table["contact_id"])


@pytest.mark.validity
@pytest.mark.parametrize("choice", ["accounts", "random", "pps"])
def test_weighted_totals_of_the_eligible_are_right_on_average(world, choice, rng):
    plans = [planned(world, seed, size=150, **CHOICES[choice]) for seed in range(50)]
    worth = pd.Series(
        (plans[0].frame["account_id"].str[1:].astype(int) + rng.random(len(plans[0].frame))).array,
        index=plans[0].frame["contact_id"],
    )
    totals = [
        (plan.table["contact_id"].map(worth) * plan.table["base_weight"]).sum() for plan in plans
    ]
    error = np.std(totals) / np.sqrt(len(totals))
    assert abs(np.mean(totals) - worth.sum()) < 4 * error


def test_the_largest_accounts_are_all_there_and_cost_at_most_half(world):
    plan = planned(world, size=150)
    certain = plan.frame[plan.frame["stratum"] == TAKE_ALL]
    assert len(certain) <= 75
    assert certain["selected"].all()
    assert (certain["base_weight"] == 1).all()
    assert plan.take_all.contacts == len(certain)
    largest = world["financials"].set_index("account_id")["revenue"].drop("A119").idxmax()
    assert largest in plan.take_all.certain


def test_no_more_than_so_many_of_a_role_are_asked_at_an_account(world):
    plan = planned(world, size=100, per_role={"decision_maker": 2, "user": 1})
    counts = plan.table.groupby(["account_id", "role"]).size()
    assert counts.xs("decision_maker", level="role").max() == 2
    assert counts.xs("user", level="role").max() == 1
    told = plan.excluded[plan.excluded["reason"] == "this role is not asked"]
    assert set(told["contact_id"]).isdisjoint(plan.frame["contact_id"])
    assert set(plan.frame["role"]) == {"decision_maker", "user"}


def test_a_margin_is_reached_with_the_unequal_weights_counted(world):
    plan = planned(world, margin=0.09, response_rate=0.6, design_effect=1.3)
    assert plan.margin == pytest.approx(0.09, rel=0.01)
    assert plan.size.invitations == plan.base
    assert plan.size.design_effect == pytest.approx(1.3 * plan.design_effect, rel=0.01)
    assert kish_design_effect(plan.table["base_weight"]) == pytest.approx(
        plan.design_effect, rel=0.05
    )


def test_the_steps_lead_from_the_list_to_the_invitations(world):
    plan = planned(world, margin=0.09, response_rate=0.6)
    steps = plan.steps.set_index("step")["number"]
    excluded = steps[steps.index.str.startswith("excluded")].sum()
    assert steps["contacts on the list"] + excluded == steps["eligible"]
    assert steps["invited"] == steps["invitations needed"] == plan.base
    assert steps["answers needed"] <= steps["answers to expect"] + 1
    drawn = steps["drawn from the others"] + plan.take_all.contacts
    assert drawn == plan.base


def test_expectations_come_from_the_last_wave(world):
    ids = world["contacts"]["contact_id"]
    sent = pd.DataFrame(
        {
            "wave": ["W1"] * len(ids) + ["W2"] * len(ids),
            "contact_id": [*ids, *ids],
            "invited_at": [pd.Timestamp("2025-11-01")] * len(ids)
            + [pd.Timestamp("2026-05-01")] * len(ids),
            "disposition": ["complete"] * len(ids)
            + ["complete", "noncontact", "noncontact", "bounce"] * (len(ids) // 4)
            + ["noncontact"] * (len(ids) % 4),
        }
    )
    plan = planned(world, size=60, invitations=sent)
    assert plan.expected.response_rate == pytest.approx(0.25, abs=0.01)
    bounced = plan.excluded["reason"].eq("the last invitation came back").sum()
    assert bounced > 0.2 * len(ids)
    with pytest.raises(NotEstimable, match="most frequent reason: invited less than 200 days ago"):
        planned(world, size=60, invitations=sent, quarantine_days=200)


def test_people_without_a_list_of_accounts_are_one_stratum(world):
    plan = planned({"contacts": world["contacts"]}, size=40)
    assert set(plan.table["stratum"]) == {"everyone"}
    assert plan.design_effect == pytest.approx(1)


def test_accounts_that_have_ended_are_out(world):
    plan = planned(world, size=100)
    gone = plan.excluded[plan.excluded["account_id"] == "A119"]
    assert (gone["reason"] == "the account is not a customer on that day").all()
    assert len(gone) == (world["contacts"]["account_id"] == "A119").sum()


def test_the_callers_tables_are_left_as_they_were(world):
    before = {name: table.copy() for name, table in world.items() if name != "strata"}
    planned(world, size=100, per_role=2)
    for name, table in before.items():
        pd.testing.assert_frame_equal(world[name], table)


def test_revenue_of_the_list_stands_in_where_no_months_were_sent():
    people = pd.DataFrame({"contact_id": list("abcd"), "account_id": list("wxyz")})
    listed = pd.DataFrame({"account_id": list("wxyz"), "revenue": [900.0, 50.0, -5.0, None]})
    months = pd.DataFrame(
        {"account_id": ["w"], "period": [pd.Timestamp("2026-05-01")], "revenue": 7}
    )
    assert revenue_of(Lists(people, listed))["revenue"].tolist()[:3] == [900, 50, 0]
    assert revenue_of(Lists(people, listed, months))["revenue"].iloc[0] == 7
    assert "revenue" not in revenue_of(Lists(people))


def revenue_of(lists):
    chance = np.random.default_rng(1)
    return planning_ground(lists, Options(), ContactLimits(), on=DAY, rng=chance).frame


REFUSED = {
    "either a size .* or a margin": {},
    "size counts invitations": {"size": 0},
    "people can be asked with the rules": {"size": 100_000},
    "cannot be reached: .* people can be asked": {"margin": 0.03, "response_rate": 0.5},
    "no column 'teir'; did you mean 'tier'": {"size": 100, "strata": ["teir"]},
    "strata by 'tier' need a list of accounts": {"size": 100, "accounts": None},
    "is no allocation": {"size": 100, "allocation": "best"},
    "is no way to draw": {"size": 100, "selection": "best"},
    "neyman needs earlier answers": {"size": 100, "allocation": "neyman", "answers": None},
    "people asked per role are at least 1|contacts asked per role": {"size": 100, "per_role": 0},
    "response_rate is a share": {"size": 100, "response_rate": 40},
    "strata of at least 40 need": {"size": 50, "minimum": 40},
    "pps needs revenue": {"size": 100, "selection": "pps", "financials": None},
}


@pytest.mark.parametrize("advice", REFUSED)
def test_what_cannot_be_planned_is_refused_with_advice(advice, world):
    with pytest.raises(ValueError, match=advice):
        planned(world, **REFUSED[advice])


def test_a_stratum_with_few_answers_is_taken_to_vary_as_the_others_do(world):
    first = world["accounts"]["account_id"].iloc[0]
    world["accounts"].loc[world["accounts"]["account_id"] == first, "tier"] = "Single"
    world["answers"] = world["answers"][world["answers"]["account_id"] != first]
    plan = planned(world, size=100, allocation="neyman", take_all_share=0, minimum=0)
    table = plan.allocation.table.set_index("stratum")
    # the answers of all strata vary alike, so it gives its part of the people
    level = 100 * table.loc["Single", "population"] / table["population"].sum()
    assert table.loc["Single", "exact"] == pytest.approx(level, rel=0.15)


def test_strata_with_no_answers_that_vary_cannot_be_allocated_by_variation(world):
    flat = world["answers"].assign(score=5.0)
    with pytest.raises(NotEstimable, match="neyman needs earlier answers"):
        planned(world, size=100, allocation="neyman", answers=flat)


def test_power_allocation_works_for_scores_whose_mean_is_below_nought(world):
    """A net promoter score has no natural nought, so its deviation counts, not its ratio."""
    shifted = world["answers"].assign(score=world["answers"]["score"] - 200)
    plain, low = (
        planned(world, size=100, allocation="power", answers=answers)
        for answers in (world["answers"], shifted)
    )
    assert plain.allocation.selected == low.allocation.selected


def test_a_margin_out_of_reach_may_invite_everyone_instead(world):
    plan = planned(world, margin=0.01, response_rate=0.4, or_everyone=True)
    assert not plan.reached
    assert plan.base == len(plan.frame)
    assert (plan.table["inclusion_probability"] == 1).all()
    steps = plan.steps.set_index("step")
    assert steps.loc["invitations", "how"] == "everyone: the margin cannot be reached"
    assert planned(world, margin=0.09, response_rate=0.6, or_everyone=True).reached


@pytest.mark.parametrize("margin", [0.06, 0.08, 0.12])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_the_margin_asked_for_is_never_missed(world, margin, share):
    """Where the largest accounts leave or join those taken for certain, the weights jump."""
    plan = planned(world, margin=margin, response_rate=0.7, take_all_share=share)
    assert plan.margin <= margin + 1e-9
    assert plan.base == plan.size.invitations


def test_the_largest_accounts_leave_every_stratum_its_minimum(world):
    world["accounts"]["tier"] = [f"T{i // 4}" for i in range(COUNT)]  # thirty strata
    plan = planned(world, size=70, minimum=2)
    others = plan.strata[plan.strata["stratum"] != TAKE_ALL]
    there = others["shortlisted"]
    assert (others["selected"] >= there.clip(upper=2)).all()
    wide = planned(world, margin=0.4, minimum=2)
    assert wide.base >= 58  # what the minima ask for, though the margin asks for fewer


def test_revenue_of_nothing_cannot_be_drawn_in_proportion(world):
    world["financials"]["revenue"] = world["financials"]["revenue"].where(
        world["financials"]["account_id"] != "A010", 0.0
    )
    with pytest.raises(ValueError, match="no size above 0"):
        planned(world, size=100, selection="pps")


def test_one_contact_and_an_empty_list():
    one = pd.DataFrame({"contact_id": ["a"], "account_id": ["x"]})
    plan = planned({"contacts": one}, size=1)
    assert (plan.base, plan.margin) == (1, 0)
    with pytest.raises(NotEstimable, match="the contact list is empty"):
        planned({"contacts": one.iloc[:0]}, size=1)
