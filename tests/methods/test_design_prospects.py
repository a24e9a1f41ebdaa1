"""What a plan lets one expect, against a published variance, by simulation, and for changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plans import plan_of

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.measure import measures
from helpers.methods.sample_design import (
    alternatives,
    change_since,
    change_to_expect,
    divisions,
    person_groups,
    prospects,
    rates_by_group,
    size_for_change,
    size_ladder,
    sizes_by_segment,
    stratified,
)
from helpers.methods.scorecard import change
from helpers.methods.survey.estimates import Estimate

DAY = pd.Timestamp("2026-11-02")
Z = 1.959963984540054


def people(sizes: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts of one-person accounts in strata of these sizes, and the accounts."""
    kinds = [kind for kind, size in sizes.items() for _ in range(size)]
    ids = [f"a{i:04d}" for i in range(len(kinds))]
    contacts = pd.DataFrame({"contact_id": [f"c{i:04d}" for i in range(len(ids))],
                             "account_id": ids})  # fmt: skip
    return contacts, pd.DataFrame({"account_id": ids, "kind": kinds})


def answers_with(accounts: pd.DataFrame, variances: dict[str, float]) -> pd.DataFrame:
    """Answers of every account, their sample variance in each stratum exactly as given."""
    parts = []
    for kind, variance in variances.items():
        ids = accounts.loc[accounts["kind"] == kind, "account_id"]
        raw = np.linspace(-1.0, 1.0, len(ids))
        parts.append(
            pd.DataFrame({"account_id": ids, "score": raw * (variance / raw.var(ddof=1)) ** 0.5})
        )
    return pd.concat(parts)


def planned(sizes=None, **choices):
    contacts, accounts = people(sizes or {"large": 16, "small": 48})
    given = {"response_rate": 1.0, "design_effect": 1.0, "strata": ["kind"], "on": DAY}
    given |= {"contacts": contacts, "accounts": accounts, "rng": np.random.default_rng(1)}
    return plan_of(**given | choices), accounts


@pytest.mark.parametrize(
    ("allocation", "variance"), [("neyman", 1090826.667), ("proportional", 1882293.333)]
)
def test_margins_are_those_of_cochrans_cities(allocation, variance):
    # Cochran (1977), example 5.9: variances of the total with 12 and 12, and with 6 and 18, of 64
    _, accounts = planned(size=24)
    before = answers_with(accounts, {"large": 53843, "small": 5581})
    plan, _ = planned(size=24, allocation=allocation, answers=before)
    found = prospects(plan, before)
    assert (found.margin / Z * 64) ** 2 == pytest.approx(variance, rel=1e-9)
    assert found.answers == pytest.approx(24)


def test_a_group_that_is_a_stratum_has_the_margin_of_a_simple_random_sample():
    plan, accounts = planned(size=24)
    before = answers_with(accounts, {"large": 400, "small": 100})
    groups = person_groups(plan.frame, accounts, ["kind", "unheard of"])
    found = prospects(plan, before, groups=groups).table.set_index("group")
    assert found.loc["large", "margin"] == pytest.approx(Z * 20 * (1 / 6 * (1 - 6 / 16)) ** 0.5)
    assert found.loc["small", "invited"] == pytest.approx(18)
    assert set(found["by"]) == {"kind"}


def test_the_margin_beyond_the_list_is_that_of_an_estimate_without_the_finite_correction():
    contacts, accounts = people({"all": 400})
    before = answers_with(accounts.assign(kind="all"), {"all": 900})
    plan = plan_of(contacts=contacts, size=200, on=DAY, response_rate=0.5, design_effect=1.5,
                       rng=np.random.default_rng(1))  # fmt: skip
    found = prospects(plan, before)
    assert found.margin_beyond == pytest.approx(Z * 30 * (1.5 / 100) ** 0.5)
    assert found.margin == pytest.approx(found.margin_beyond * 0.75**0.5)


def test_groups_of_every_kind_add_up_to_everyone():
    plan, accounts = planned(size=24, response_rate=0.5)
    accounts["half"] = ["x", "y"] * 32
    before = answers_with(accounts, {"large": 400, "small": 100})
    found = prospects(plan, before, groups=person_groups(plan.frame, accounts, ["kind", "half"]))
    sums = found.table.groupby("by")[["population", "invited", "answers"]].sum()
    assert sums["population"].tolist() == [64, 64]
    np.testing.assert_allclose(sums["answers"], found.answers)
    assert found.worst == found.table["margin"].max()


def test_too_few_answers_give_a_group_no_margin():
    plan, accounts = planned({"one": 1, "many": 60}, size=40, response_rate=0.5)
    before = answers_with(accounts, {"many": 100})
    groups = person_groups(plan.frame, accounts, ["kind"])
    found = prospects(plan, before, groups=groups, smallest=10)
    margins = found.table.set_index("group")["margin"]
    assert np.isnan(margins["one"])
    assert found.worst == margins["many"]


def test_the_margin_is_what_draws_and_answers_vary_by(rng):
    """Planted: two strata of different spread and level, half of the people answering."""
    contacts, accounts = people({"large": 60, "small": 300})
    level = accounts["kind"].map({"large": 50.0, "small": 80.0})
    spread = accounts["kind"].map({"large": 30.0, "small": 10.0})
    truth = (level + spread * rng.standard_normal(len(level))).set_axis(accounts["account_id"])
    before = truth.rename("score").reset_index()
    given = {"contacts": contacts, "accounts": accounts, "on": DAY, "size": 120,
             "strata": ["kind"], "allocation": "neyman", "response_rate": 0.5,
             "design_effect": 1.0, "answers": before}  # fmt: skip
    plan = plan_of(**given, rng=rng)
    found = prospects(plan, before)
    strata = plan.frame.set_index("account_id")["stratum"]
    means = []
    for _ in range(250):
        drawn = stratified(strata, plan.allocation.selected, rng=rng).units
        heard = [unit for unit, lot in zip(drawn, rng.random(120), strict=True) if lot < 0.5]
        cells = truth[heard].groupby(strata[heard]).mean()
        means.append((cells * accounts["kind"].value_counts()).sum() / len(accounts))
    # the error of a standard deviation from 250 is one in 22; chance answers add a little
    assert np.std(means) * Z == pytest.approx(found.margin, rel=0.15)
    assert np.mean(means) == pytest.approx(truth.mean(), abs=4 * np.std(means) / 250**0.5)


def test_other_plans_are_compared_and_the_impossible_say_why():
    _, accounts = planned(size=24)
    before = answers_with(accounts, {"large": 53843, "small": 5581})
    plan, _ = planned(size=24, answers=before)
    found = alternatives(
        plan, [{"allocation": "proportional"}, {"allocation": "neyman"}, {"size": 65}]
    )
    assert found["margin"].iloc[1] < found["margin"].iloc[0]
    assert np.isnan(found["margin"].iloc[2])
    assert "65 invitations are wanted and 64 people can be asked" in found["why"].iloc[2]
    with pytest.raises(NotEstimable, match="65 invitations are wanted"):
        alternatives(plan, [{"size": 65}])


DIVIDED = [
    {"size": 70},
    {"allocation": "equal"},
    {"allocation": "power"},
    {"allocation": "neyman", "take_all_share": 0.0},
    {"selection": "pps"},
    {"selection": "systematic", "size": 90},
]


@pytest.mark.parametrize("per_role", [None, 1])
@pytest.mark.parametrize("other", DIVIDED)
def test_another_plan_is_expected_to_give_what_it_gives_once_it_is_drawn(other, per_role, rng):
    contacts, accounts = people({"large": 60, "small": 100})
    contacts = pd.concat([contacts, contacts.assign(contact_id="d" + contacts["contact_id"])])
    contacts = contacts.assign(role=rng.choice(["user", "admin"], len(contacts)))
    accounts["revenue"] = 1e5 * (1 + np.arange(len(accounts))) ** -1.1
    given = {"contacts": contacts.reset_index(drop=True), "accounts": accounts, "size": 80,
             "answers": answers_with(accounts, {"large": 400, "small": 100}), "on": DAY,
             "strata": ["kind"], "per_role": per_role, "response_rate": 0.5}  # fmt: skip
    plan, drawn = (
        plan_of(**given | choices, rng=np.random.default_rng(seed))
        for choices, seed in (({}, 1), (other, 2))
    )
    groups = person_groups(plan.frame, accounts, ["kind", "role"]) | person_groups(
        given["contacts"], None, ["role"]
    )
    (row,) = alternatives(plan, [other], groups=groups).to_dict("records")
    there = prospects(drawn, given["answers"], groups=groups)
    assert row["invited"] == drawn.base
    assert row["margin"] == pytest.approx(there.margin, rel=1e-12)
    assert row["worst"] == pytest.approx(there.worst, rel=1e-12)
    assert row["answers"] == pytest.approx(there.answers, rel=1e-12)


def test_a_list_that_is_invited_whole_is_not_divided_in_other_ways():
    with pytest.raises(NotEstimable, match="everyone who may be asked is invited"):
        divisions(planned(size=64)[0])


def test_invitations_are_divided_by_revenue_only_where_it_was_sent():
    _, accounts = planned(size=24)
    before = answers_with(accounts, {"large": 53843, "small": 5581})
    accounts["revenue"] = np.linspace(1, 100, len(accounts))
    ways = [
        set(divisions(planned(size=24, answers=before, **choices)[0])["allocation"])
        for choices in ({"accounts": accounts}, {})
    ]
    assert ways[0] - ways[1] == {"power"}


def test_ways_to_divide_that_all_give_the_same_are_no_choice():
    _, accounts = planned({"all": 60}, size=24)
    plan, _ = planned({"all": 60}, size=24, answers=answers_with(accounts, {"all": 400}))
    with pytest.raises(NotEstimable, match="gives the same margins"):
        divisions(plan)


def test_more_invitations_never_widen_the_margin():
    _, accounts = people({"large": 60, "small": 300})
    before = answers_with(accounts, {"large": 400, "small": 100})
    plan, _ = planned({"large": 60, "small": 300}, size=100, answers=before, design_effect=None)
    ladder = size_ladder(plan, 77)
    assert {step["size"] for step in ladder} >= {77, 100, 360}
    found = alternatives(plan, ladder)
    assert (np.diff(found["margin"]) < 0).all()
    assert found["margin"].iloc[-1] == 0  # everyone asked, everyone answers


def test_rates_of_groups_with_few_invitations_are_left_out():
    sent = pd.DataFrame(
        {
            "contact_id": [f"c{i}" for i in range(40)],
            "disposition": ["complete", "noncontact"] * 20,
        }
    )
    of = pd.Series(["Key"] * 36 + ["Core"] * 4, index=sent["contact_id"])
    assert rates_by_group(sent, {"tier": of}, smallest=30) == {("tier", "Key"): 0.5}
    assert rates_by_group(None, {"tier": of}, smallest=30) == {}


def test_segments_need_for_a_mean_what_its_spread_asks_for():
    # a standard deviation of 50 points and a margin of 5 are a share of one half to 5 points
    share = sizes_by_segment({"a": 5_000}, margin=0.05, response_rate=0.5)
    mean = sizes_by_segment({"a": 5_000}, margin=5, standard_deviation=50, response_rate=0.5)
    assert mean["invitations"].tolist() == share["invitations"].tolist()
    assert mean["margin"].iloc[0] == pytest.approx(100 * share["margin"].iloc[0])


def wave(error: float, base: int = 400) -> Estimate:
    return Estimate(30, 30 - 2 * error, 30 + 2 * error, error, base, base, 1.0, 399, 0.95, 200)


def test_a_change_is_seen_as_far_as_two_waves_have_variance_in_common():
    # 2.8016 standard errors: 40 times the root of 2/400 is 2.8284
    apart = change_since(wave(2), 400, standard_deviation=40.0)
    assert apart.smallest == pytest.approx(2.8016 * 2.8284, rel=5e-3)  # t, not normal
    alike = change_since(
        wave(2), 400, standard_deviation=40.0, before=wave(2), moved=wave(2**0.5 * 2 * 0.8)
    )
    assert alike.shared == pytest.approx(1 - 0.64)
    assert alike.smallest == pytest.approx(0.8 * apart.smallest, rel=1e-3)
    size = size_for_change(alike.smallest, standard_deviation=40.0, overlap=1.0,
                           correlation=alike.shared)  # fmt: skip
    assert size.simple == pytest.approx(400)


def test_waves_of_different_size_count_by_their_harmonic_mean():
    found = change_since(wave(2, base=400), 200, standard_deviation=40.0, design_effect=2.0)
    assert found.each == pytest.approx(2 / (1 / 400 + 2 / 200))


def test_accounts_in_both_waves_are_found_to_have_variance_in_common(rng):
    """Planted: 200 accounts with four people each wave; half of the variance is the account's."""
    accounts = np.repeat([f"a{i}" for i in range(200)], 4)
    level = np.repeat(rng.normal(0, 1, 200), 4)
    rows = [
        pd.DataFrame({"wave": name, "account_id": accounts, "satisfaction": 5 + level
                      + rng.normal(0, 1, 800)})
        for name in ("W1", "W2")
    ]  # fmt: skip
    responses = pd.concat(rows, ignore_index=True)
    now = responses[responses["wave"] == "W2"]
    (score, *_) = measures(now, {"satisfaction": ["satisfaction"]}, {"satisfaction": (0, 100)},
                           {"satisfaction": "Satisfaction"})  # fmt: skip
    contacts = pd.DataFrame({"contact_id": [f"c{i}" for i in range(800)], "account_id": accounts})
    answers = pd.DataFrame({"account_id": now["account_id"], "score": now["satisfaction"]})
    plan = plan_of(contacts=contacts, size=800, on=DAY, rng=rng, response_rate=1.0, answers=answers)
    found = change_to_expect(plan, score, responses, wave="W2", before="W1")
    # variance of a mean of four: 1 of the account, 1/4 of its people; common to both waves: 4/5
    assert found.shared == pytest.approx(0.8, abs=0.05)
    # so the next change is as sure as the last one was
    last = change(score, responses, before="W1", now="W2")
    assert found.smallest == pytest.approx(2.8016 * last.standard_error, rel=0.03)
    alone = change_to_expect(plan, score, responses, wave="W2")
    assert alone.shared == 0
    assert alone.smallest > 2 * found.smallest


REFUSED = {
    "no earlier answers tell how far": lambda: prospects(planned(size=24)[0], None),
    "shows no change; ask more people": lambda: change_since(
        wave(2, base=1), 1, standard_deviation=40.0
    ),
    "no single question makes the loyalty index": lambda: change_to_expect(
        planned(size=24)[0], index_measure(), pd.DataFrame({"wave": ["W1"]}), wave="W1"
    ),
}


def index_measure():
    class Index:
        label = "loyalty"
        items = ("a", "b")
        values = pd.Series([1.0, 2.0], name="loyalty")

    return measures(pd.DataFrame(), {}, {}, {}, Index())[0]


@pytest.mark.parametrize("advice", REFUSED)
def test_what_cannot_be_expected_is_refused_with_a_reason(advice):
    with pytest.raises(NotEstimable, match=advice):
        REFUSED[advice]()


def test_an_estimate_of_a_wave_is_the_mean_of_its_points():
    rows = pd.DataFrame({"wave": "W1", "recommend": [10.0, 9, 8, 3, 0, 10]})
    (score, *_) = measures(rows, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
                           {"recommend": "Recommendation"})  # fmt: skip
    contacts, _ = people({"all": 30})
    plan = plan_of(contacts=contacts, size=20, on=DAY, rng=np.random.default_rng(1))
    found = change_to_expect(plan, score, rows, wave="W1")
    points = pd.Series([100.0, 100, 0, -100, -100, 100])
    assert found.standard_deviation == pytest.approx(points.std())
    assert found.base == survey.mean(points).base == 6
