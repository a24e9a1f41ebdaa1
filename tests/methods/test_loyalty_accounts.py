"""From people to accounts, groups of the client's own, and other companies."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty, survey
from helpers.methods.survey import SurveyDesign

POLICY = SimpleNamespace(suppress=10, test=30, flag=100)


def rolled(rows, **options):
    """Roll up rows of account, role, attitude, behaviour."""
    people = pd.DataFrame(rows, columns=["of", "role", "attitude", "behaviour"])
    return loyalty.roll_up(
        people["attitude"], people["behaviour"], people["of"], roles=people["role"], **options
    )


ONE_UNHAPPY_DECIDER = [
    ("a", "decision_maker", 40, 90),
    ("a", "user", 90, 90),
    ("a", "user", 95, 90),
    ("b", "user", 80, 80),
    ("b", "user", 90, 90),
]


def test_four_rules_by_hand():
    """a: most people loyal; mean (75, 90) loyal; decider (40, 90) Trapped; 4-1-1 (57.5, 90)."""
    account = rolled(ONE_UNHAPPY_DECIDER).table.set_index("account_id").loc["a"]
    named = [account[f"segment_{rule}"] for rule in ("count_all", "account_mean")]
    assert named == ["Truly Loyal", "Truly Loyal"]
    named = [account[f"segment_{rule}"] for rule in ("most_senior", "role_weighted")]
    assert named == ["Trapped", "Trapped"]
    assert account["score_role_weighted"] == pytest.approx((345 / 6 + 90) / 2)


def test_accounts_whose_segment_hangs_on_the_rule_are_counted():
    found = rolled(ONE_UNHAPPY_DECIDER)
    assert (found.changed, found.base, found.people) == (1, 2, 5)


def test_without_deciders_the_next_in_rank_speaks():
    rows = [("a", "influencer", 80, 80), ("a", "admin", 10, 10), ("b", "user", 90, 90)]
    account = rolled(rows).table.set_index("account_id").loc["a"]
    assert account["segment_most_senior"] == "Truly Loyal"


def test_of_two_segments_with_as_many_people_the_less_loyal_counts():
    rows = [("a", "user", 90, 90), ("a", "user", 40, 90), ("b", "user", 90, 90)]
    assert rolled(rows).table.set_index("account_id").loc["a", "segment_count_all"] == "Trapped"


def test_a_decider_at_high_risk_behind_a_good_mean_is_flagged():
    rows = [("a", "decision_maker", 10, 20), *[("a", "user", 100, 100)] * 5, ("b", "user", 9, 9)]
    assert rolled(rows).table["decider_low"].tolist() == [True, False]


def test_deciders_are_set_against_their_own_colleagues():
    """Two accounts with both: −20 and −10; the third has no decider and does not count."""
    rows = [
        ("a", "decision_maker", 60, 60), ("a", "user", 80, 80), ("b", "decision_maker", 70, 70),
        ("b", "user", 80, 80), ("c", "user", 0, 0),
    ]  # fmt: skip
    gap = rolled(rows).gap
    assert (gap.value, gap.base) == (-15, 2)


def test_without_roles_two_rules_are_left_and_it_is_said():
    people = pd.DataFrame(ONE_UNHAPPY_DECIDER)
    found = loyalty.roll_up(people[2], people[3], people[0])
    assert found.rules == ("count_all", "account_mean")
    assert any("No roles" in note for note in found.notes)
    assert found.gap is None


def test_one_respondent_an_account_makes_all_rules_agree_and_gives_no_chances(rng):
    rows = [(i, "user", *rng.uniform(0, 100, 2)) for i in range(40)]
    found = rolled(rows)
    assert found.changed == 0
    assert found.table["truly_loyal"].isna().all()
    assert any("Accounts have no chances" in note for note in found.notes)


def test_revenue_shares_add_up_and_count_by_size():
    found = rolled(ONE_UNHAPPY_DECIDER, revenue=pd.Series({"a": 90.0, "b": 10.0}))
    shares = found.shares.set_index(["rule", "segment"])["revenue"]
    assert shares["most_senior", "Trapped"] == pytest.approx(0.9)
    assert shares.groupby("rule").sum().tolist() == pytest.approx([1] * 4)


def test_rank_correlation_has_bonett_and_wrights_interval(rng):
    """tanh(atanh(r) ± 1.96·√((1 + r²/2)/(n − 3)))."""
    rows = [(i // 3, ["decision_maker", "user", "user"][i % 3], *rng.uniform(0, 100, 2))
            for i in range(180)]  # fmt: skip
    found = rolled(rows)
    row = found.agreement.query("rule == 'account_mean' and other == 'most_senior'").iloc[0]
    scores = found.table[["score_account_mean", "score_most_senior"]]
    assert row["rank_correlation"] == pytest.approx(scores.corr("spearman").iloc[0, 1])
    reach = 1.959964 * np.sqrt((1 + row["rank_correlation"] ** 2 / 2) / 57)
    assert row["high"] == pytest.approx(np.tanh(np.arctanh(row["rank_correlation"]) + reach))


def test_rules_agree_only_over_accounts_heard_through_two_people():
    """One account of one person says the same by every rule, which is no agreement."""
    alone = [("c", "user", 90, 90), ("d", "user", 20, 20)]
    pairs, more = (rolled(rows) for rows in (ONE_UNHAPPY_DECIDER, ONE_UNHAPPY_DECIDER + alone))
    assert (more.base, more.several) == (4, 2)
    assert more.agreement["same"].tolist() == pairs.agreement["same"].tolist()
    assert set(more.agreement["base"]) == {2}


def test_revenue_is_divided_by_the_mean_with_the_range_over_the_rules_beside_it():
    """By the mean no revenue is Trapped, by who is most senior nine tenths of it."""
    found = rolled(ONE_UNHAPPY_DECIDER, revenue=pd.Series({"a": 90.0, "b": 10.0}))
    row = found.segment_shares.set_index(["counted", "segment"]).loc["revenue", "Trapped"]
    assert row["way"] == "account_mean"
    assert (row["value"], row["lowest"], row["highest"]) == (0, 0, pytest.approx(0.9))
    assert (found.revenue, found.hanging) == (100, pytest.approx(0.9))


def test_revenue_is_divided_by_chances_where_accounts_have_any(rng):
    of = np.repeat(np.arange(60), 3)
    score = rng.normal(72, 15, 60)[of] + rng.normal(0, 9, 180)
    found = loyalty.roll_up(score, score + 3, of, revenue=pd.Series(2.0, range(60)))
    rows = found.segment_shares[found.segment_shares["counted"] == "revenue"]
    assert set(rows["way"]) == {"chances"}
    assert rows["value"].sum() == pytest.approx(1)
    chances = found.table[["truly_loyal", "accessible", "trapped", "high_risk"]].mean()
    assert rows["value"].tolist() == pytest.approx(chances.tolist())
    assert (rows["low"] < rows["value"]).all()


def test_where_the_sides_are_not_judged_no_account_is_placed(rng):
    of = np.repeat(np.arange(60), 3)
    score = rng.normal(72, 15, 60)[of] + rng.normal(0, 9, 180)
    found = loyalty.roll_up(score, score, of, unjudged="behaviour does not hang together")
    assert found.singled_out.empty
    assert found.table["high_risk"].isna().all()
    assert found.unplaced == "behaviour does not hang together"
    assert not loyalty.roll_up(score, score, of).singled_out.empty


def test_one_account_is_nothing_to_compare():
    with pytest.raises(NotEstimable, match="at least two"):
        rolled([("a", "user", 1, 1), ("a", "user", 2, 2)])


def test_intraclass_by_hand():
    """Mean squares 8.00167 between, .015 within, two each: (8.00167 − .015)/(8.00167 + .015)."""
    found = loyalty.intraclass([1.0, 1.2, 5.0, 5.2, 3.1, 3.0], list("aabbcc"))
    assert found.value == pytest.approx((8.0016667 - 0.015) / (8.0016667 + 0.015), abs=1e-6)


def test_intraclass_finds_what_was_planted(rng):
    """.35 over 400 accounts of three; the standard error is about .03."""
    level = rng.normal(0, np.sqrt(0.35), 400)
    scores = np.repeat(level, 3) + rng.normal(0, np.sqrt(0.65), 1200)
    found = loyalty.intraclass(scores, np.repeat(np.arange(400), 3))
    assert found.low < 0.35 < found.high
    assert found.high - found.low < 0.15


def test_intraclass_needs_two_people_in_an_account():
    with pytest.raises(NotEstimable, match="with two people"):
        loyalty.intraclass([1, 2, 3], list("abc"))


def test_intraclass_agrees_with_account_scores(rng):
    scores, of = rng.normal(size=200), rng.integers(0, 40, 200)
    found = loyalty.intraclass(scores + of / 10, of)
    assert found.value == pytest.approx(loyalty.account_scores(scores + of / 10, of).icc)


@pytest.fixture
def grouped(rng):
    tier = np.repeat(["Key", "Core", "New", "Tiny"], [200, 150, 20, 4])
    return pd.Series(rng.normal(70, 10, 374) + 6 * (tier == "Key")), pd.DataFrame({"tier": tier})


def test_small_groups_are_withheld_with_what_would_give_them_away(grouped):
    """4 is under 10, so it is hidden, and the next smallest with it: 20."""
    table = loyalty.breakdown(*grouped, POLICY).table.set_index("group")
    assert table["remark"].to_dict() == {
        "Core": "", "Key": "", "New": "withheld", "Tiny": "withheld",
    }  # fmt: skip
    assert table.loc[["New", "Tiny"], ["value", "difference", "shrunken"]].isna().all(axis=None)


def test_groups_under_the_threshold_for_tests_are_shown_without_one(grouped):
    points, columns = grouped
    kept = columns["tier"] != "Tiny"
    table = loyalty.breakdown(points[kept], columns[kept], POLICY).table.set_index("group")
    assert table.loc["New", "remark"] == "too few to test"
    assert np.isfinite(table.loc["New", "value"])
    assert np.isnan(table.loc["New", "difference"])


def test_a_group_is_set_against_all_others(grouped):
    points, columns = grouped
    found = loyalty.breakdown(points, columns, POLICY)
    key = columns["tier"] == "Key"
    row = found.table.set_index("group").loc["Key"]
    assert row["difference"] == pytest.approx(points[key].mean() - points[~key].mean())
    assert row["difference_low"] > 0
    assert found.best["group"] == "Key"
    assert found.comparisons == 2


def test_colleagues_in_two_groups_count_as_one_account(grouped, rng):
    points, columns = grouped
    accounts = pd.Series(rng.integers(0, 60, len(points)))
    found = loyalty.breakdown(points, columns, POLICY, SurveyDesign(clusters=accounts))
    key = columns["tier"] == "Key"
    alone, corrected = (
        survey.difference(
            points[~key],
            points[key],
            (SurveyDesign(clusters=accounts[~key]), SurveyDesign(clusters=accounts[key])),
            confidence=confidence,
        )
        for confidence in (0.95, 0.975)
    )
    low = found.table.set_index("group").loc["Key", "difference_low"]
    assert corrected.low < low < alone.low


def test_groups_not_known_are_shown_and_never_the_best(grouped):
    points, columns = grouped
    columns["tier"] = columns["tier"].replace({"Key": None})
    found = loyalty.breakdown(points, columns, POLICY)
    assert "not known" in set(found.table["group"])
    assert found.best is None or found.best["group"] != "not known"


def test_one_group_is_no_breakdown():
    with pytest.raises(NotEstimable, match="two groups"):
        loyalty.breakdown(pd.Series([1.0, 2.0]), pd.DataFrame({"tier": ["A", "A"]}), POLICY)


def score(name="effort_mean", better=1, asked=(1, 7), values=None):
    given = pd.Series([3.0, 4.0] * 40) if values is None else values
    return SimpleNamespace(name=name, label=name, values=given, better=better, asked=asked,
                           estimate=survey.mean)  # fmt: skip


OUTSIDE = {"metric": "effort", "scale": "1-7", "mode": "web", "source": "panel", "year": 2025,
           "p10": 2.0, "p25": 3.0, "p50": 4.0, "p75": 5.0, "p90": 6.0, "n": 50}  # fmt: skip
WEB = pd.Series(["web"] * 80)


def test_a_position_is_read_between_quantiles():
    """3.5 lies half way between the quarter and the half: 37.5 % do worse."""
    found = loyalty.compare([score()], pd.DataFrame([OUTSIDE]), WEB)
    assert found.table["position"].tolist() == [pytest.approx(0.375)]


def test_where_lower_is_better_the_others_do_worse():
    found = loyalty.compare([score(better=-1)], pd.DataFrame([OUTSIDE]), WEB)
    row = found.table.iloc[0]
    assert row["position"] == pytest.approx(0.625)
    assert row["position_low"] < row["position"] < row["position_high"]


def test_beyond_the_outer_quantiles_nothing_is_claimed():
    high = score(values=pd.Series([6.8, 6.9] * 40))
    assert loyalty.compare([high], pd.DataFrame([OUTSIDE]), WEB).table["position"].tolist() == [0.9]


@pytest.mark.parametrize(
    ("change", "modes", "reason"),
    [
        ({"scale": "0-10"}, WEB, "asked from 0 to 10, ours from 1 to 7"),
        ({"mode": "phone"}, WEB, "collected by phone, and 0 of ours were"),
        ({}, None, "not known how our answers were collected"),
        ({"p25": 1.0}, WEB, "no rising quantiles"),
    ],
)
def test_another_scale_or_mode_is_refused_with_the_reason(change, modes, reason):
    found = loyalty.compare([score()], pd.DataFrame([OUTSIDE | change]), modes)
    assert found.table.empty
    assert reason in found.refused["reason"].iloc[0]


def test_only_answers_of_the_benchmarks_mode_are_compared():
    values = pd.Series([3.0] * 40 + [7.0] * 40)
    modes = pd.Series(["web"] * 40 + ["phone"] * 40)
    found = loyalty.compare([score(values=values)], pd.DataFrame([OUTSIDE]), modes)
    assert found.table["value"].tolist() == [pytest.approx(3.0)]
    assert found.base == 40


def test_another_metric_is_not_compared():
    found = loyalty.compare([score(name="nps")], pd.DataFrame([OUTSIDE]), WEB)
    assert found.table.empty
    assert found.refused.empty


def test_accounts_told_apart_are_those_whose_interval_leaves_out_the_mean(rng):
    """Forty accounts at 60 and one at 10, five people each: one is apart, at High Risk."""
    of = np.repeat(np.arange(41), 5)
    score = np.where(of == 40, 10.0, 60.0) + rng.normal(0, 1.0, len(of))
    found = loyalty.roll_up(score, score, of)
    table = found.table
    middle = table["shrunken"].mean()
    beyond = (table["high"] < middle) | (table["low"] > middle)
    assert found.apart == beyond.sum()
    assert bool(beyond[40])
    assert found.likely.loc[40, "segment"] == "High Risk"
    assert found.likely.loc[40, "chance"] == pytest.approx(1.0, abs=1e-6)
    assert found.likely["chance"].between(0.25, 1).all()


def test_without_colleagues_no_account_has_a_likely_segment():
    scores = pd.Series([90.0, 40.0, 80.0, 60.0])
    assert loyalty.roll_up(scores, scores, list("abcd")).likely.isna().all(axis=None)
