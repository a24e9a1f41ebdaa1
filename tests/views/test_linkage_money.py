"""What the linkage page says of money."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from helpers.methods.linkage import Backtest, LossLevels, ReturnOnLoyalty, RuleOfThumb
from helpers.methods.linkage.risk import RevenueAtRisk
from helpers.press.consistency import contradictions
from helpers.results import ChapterResult, Figure
from helpers.views.executive import sentences as executive
from helpers.views.linkage import (
    charts,
    figures,
    figures_money,
    sentences,
    sentences_money,
    sentences_outcomes,
    tables_money,
)
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.sentences import Sentence, say


def worth(years, gain=600.0, groups=("every account", "Core", "Key"), linked=True):
    count = [30, 20, 10][: len(groups)]
    table = pd.DataFrame(
        {"group": list(groups), "accounts": count, "revenue": 9000.0,
         "gain": [gain, gain / 3, gain * 2 / 3][: len(groups)]}
    )  # fmt: skip
    table = table.assign(low=table["gain"] / 2, high=table["gain"] * 2,
                         each=table["gain"] / table["accounts"], positive=1.0)  # fmt: skip
    p_link = 0.01 if linked else 0.6
    return ReturnOnLoyalty(
        table, pd.DataFrame(), pd.DataFrame(), 10.0, years, 0.08, "B", 30, 0.95, (), p_link
    )


def compared(**other):
    values = {
        "wave": "W3", "base": 100, "left": 12, "expected": 10.4, "auc": 0.7, "auc_low": 0.55,
        "auc_high": 0.8, "ratio": 1.15, "ratio_low": 0.7, "ratio_high": 1.9, "caught": 0.5,
        "caught_low": 0.3, "caught_high": 0.7, "caught_revenue": 0.4,
        "table": pd.DataFrame({"forecast": [0.3, 0.2, 0.1, 0.05, 0.02], "observed": 0.12,
                               "low": 0.05, "high": 0.2, "base": 20}),
    } | other  # fmt: skip
    return Backtest(**values)


def risk(linked=True):
    table = pd.DataFrame({"account_id": ["a"], "at_risk": [10.0], "excess": [4.0]})
    return RevenueAtRisk(table, 10.0, 5.0, 20.0, 4.0, 1.0, 8.0, 9.0, 2.0, 30.0, 100.0, 0.1, 0.05,
                         0.2, 1.0, 60.0, 1, 0.95, (), 0.01 if linked else 0.6)  # fmt: skip


RULE = RuleOfThumb(30.0, 10.0, 3.0, 1.5, 5.0, 25.0, ("W1",), 40)


def test_the_longest_horizon_is_quoted_of_all_of_one_and_of_one_in_a_hundred():
    quoted = figures_money.returns({1: worth(1, 100.0), 3: worth(3, 600.0)}, "USD", "margin", 0.0)
    assert quoted["return_all"].value == 600
    assert quoted["return_hundredth"].value == 6
    assert quoted["return_each"].value == 20
    assert (quoted["best_group"].value, quoted["best_each"].value) == ("Key", 40)
    assert (quoted["least_group"].value, quoted["least_each"].value) == ("Core", 10)
    assert quoted["return_all"].verdict == "pays"
    figures.DECLARED.checked(quoted.values())


def test_a_cost_is_said_only_where_there_is_one():
    by_years = {2: worth(2)}
    per = {"per": figures_money.Figure("per", 10.0)}
    free = figures_money.returns(by_years, "USD", "revenue", 0.0) | per
    paid = figures_money.returns(by_years, "USD", "revenue", 50.0) | per
    assert "deducted" not in sentences_money.returns(free)
    assert "does not pay for itself by retention alone" in sentences_money.returns(free)
    assert "{return_cost} an account for the programme deducted" in sentences_money.returns(paid)


def test_a_table_holds_every_horizon_and_every_group():
    table = tables_money.returns(
        {1: worth(1, 100.0), 2: worth(2, 600.0)}, currency="USD", of="margin", cost=0.0
    )
    assert [row[0] for row in table.rows] == [
        "Every account", "One account in a hundred", "One account, on average", "Core", "Key",
    ]  # fmt: skip
    assert table.headings[2:] == ("1\u00a0year", "Interval", "2\u00a0years", "Interval")
    assert table.rows[1][2] == "$1"
    assert "Evidence grade B" in table.note


@pytest.mark.parametrize(
    ("tiers", "told"),
    [
        (["Key"] * 12 + ["Core"] * 12, ["every account", "Core", "Key"]),
        (["Key"] * 3 + ["Core"] * 21, ["every account"]),  # three can be found by subtraction
        (["Key"] * 24, ["every account"]),
        ([None] * 2 + ["Key"] * 11 + ["Core"] * 11, ["every account"]),
    ],
)
def test_groups_are_told_only_where_none_is_small(tiers, told):
    rows = pd.DataFrame({"tier": tiers})
    assert list(figures_money.groups(rows, ("tier",), 10)) == told


def test_the_chart_of_groups_needs_groups():
    chart = charts.worth_of_one({2: worth(2)}, currency="USD", title="By group")
    assert "Key $40 ($20 to $80); Core $10" in chart.alt
    alone = {2: worth(2, groups=("every account",))}
    assert charts.worth_of_one(alone, currency="USD", title="").text == ""


def test_what_is_spent_is_capped_by_group_where_groups_differ():
    by_years = {3: worth(3, 600.0)}
    known = risked(levelled()) | figures_money.returns(by_years, "USD", "margin", 0.0)
    asked = told(sentences.ask(known, "")["what"], known)
    assert "$40 for one Key account, $10 for one Core account" in asked
    alone = {3: worth(3, 600.0, groups=("every account",))}
    known = risked(levelled()) | figures_money.returns(alone, "USD", "margin", 0.0)
    assert "an account on average over 3 years" in told(sentences.ask(known, "")["what"], known)


def test_how_many_left_against_the_forecast_is_said_in_plain_words():
    quoted = figures_money.backtest(compared(ratio=0.51, ratio_low=0.3, ratio_high=1.1), 6)
    assert "did, about half as many as forecast. Chance alone" in told(
        sentences_money.past(quoted), quoted
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, "had put the right one first"),
        ({"auc_low": 0.45}, "not for names"),
        ({"ratio_low": 1.1}, "plan for more"),
        ({"ratio": 0.5, "ratio_low": 0.3, "ratio_high": 0.9}, "likely to say too much"),
        ({}, "would have forecast that {test_expected:value} of its {test_left:base} leave within"),
    ],
)
def test_a_forecast_of_the_past_is_judged(other, said):
    quoted = figures_money.backtest(compared(**other), 6)
    assert said in sentences_money.past(figures.DECLARED.checked(quoted.values()))


def test_the_backtest_is_one_table_with_what_chance_would_do():
    table = tables_money.backtest(compared(), RULE, 0.95)
    assert [row[-1] for row in table.rows] == ["50%", "20%", "20%", "1.00", "1.00"]
    assert table.rows[-1][1] == "3.00"
    without = tables_money.backtest(compared(caught_revenue=None), None, 0.95)
    assert len(without.rows) == 3
    assert tables_money.calibration(compared()).html.startswith("<details")


@pytest.mark.parametrize(
    ("ends", "said"),
    [((1.5, 5.0), "do not plan with it"), ((0.5, 5.0), "names no account"), ((0.1, 0.9), "only")],
)
def test_the_rule_of_thumb_is_judged(ends, said):
    ratio = sum(ends) / 2
    rule = RuleOfThumb(30.0, 10.0, ratio, *ends, 25.0, ("W1",), 40)
    assert said in sentences_money.at_risk(figures_money.rule_of_thumb(rule, "USD"))


def test_revenue_margin_and_the_rule_stand_beside_each_other():
    table = tables_money.at_risk(risk(), risk(), RULE, "USD", 6)
    assert [row[0] for row in table.rows] == ["Revenue", "Margin", "Rule of thumb, revenue"]
    assert table.rows[2][2] == "$25"
    assert table.rows[2][3] == "–"
    alone = tables_money.at_risk(risk(), None, None, "USD", 6)
    assert len(alone.rows) == 1
    assert "rule" not in alone.note


def levelled(p=0.01):
    table = pd.DataFrame(
        {"wave": ["W1", "W2", "W3"], "base": 300, "left": [30, 15, 11],
         "expected": [21.0, 18.0, 17.0], "lost": np.nan, "lost_expected": np.nan, "shift": 0.0,
         "error": 0.2, "loss": [19e6, 10e6, 7.6e6]}
    )  # fmt: skip
    return LossLevels(table, p, np.nan, 309, 0.95)


def told(text, known):
    return say(text, ChapterResult("linkage", known)).text


def risked(level, linked=True):
    """The page's figures of money, from today's risk and the levels of waves."""
    known = figures.risk(risk(linked), "USD", "B", 6)
    return known | figures_money.levels(level, "USD", "B")


def test_where_waves_differ_finance_plans_for_the_range_and_the_total_is_doubted_first():
    known = risked(levelled())
    asked = told(sentences.ask(known, "")["what"], known)
    assert asked.startswith("Plan for a loss of $10 ($5 to $20) with all of its range, since")
    (first, *_) = sentences.doubts(known)
    assert told(first, known) == (
        "Waves differ in how many leave, beyond chance: $7.6M would leave at the last wave's level."
    )
    said = told(sentences_money.levels(known), known)
    assert "The same loss would be $7.6M if as many left as after the last wave" in said
    results = {"linkage": ChapterResult("linkage", known, doubts=sentences.doubts(known))}
    assert executive.doubts(results)[0].startswith("Waves differ in how many leave")


def test_where_waves_are_alike_the_total_is_planned_for_and_not_doubted():
    known = risked(levelled(0.4))
    assert sentences.ask(known, "")["what"].startswith("Take the expected loss of {risk_gross")
    assert sentences.doubts(known) == ()
    assert "is not shown" in sentences_money.levels(known)


@pytest.mark.parametrize(("p", "folded"), [(0.01, False), (0.4, True)])
def test_levels_of_waves_are_a_table_and_folded_where_they_agree(p, folded):
    shown = tables_money.levels(levelled(p), "USD")
    assert isinstance(shown, Sentence) is folded
    assert "$7.6M" in shown.text if folded else "$7.6M" in shown.text()


def test_without_a_clear_link_no_loss_is_said_to_be_linked_to_low_scores():
    known = risked(levelled(0.4), linked=False)
    assert known["risk_excess"].verdict == "not clear"
    assert "cannot be told" in sentences.RISK(known)
    assert "draw by lot" in sentences.ask(known, "")["what"]


def test_the_range_of_a_loss_may_leave_out_what_is_expected():
    """One account brings nearly all and leaves once in a hundred times: nothing is the rule."""
    rare = replace(risk(), loss=0.0, loss_low=0.0, loss_high=0.0)
    known = figures.risk(rare, "USD", "B", 6)
    assert (known["risk_gross"].value, known["risk_loss"].value) == (10.0, 0.0)
    assert "what does leave may be anything from $0 to $0" in told(sentences.RISK(known), known)


def test_money_is_said_to_be_of_accounts_that_answered():
    known = risked(levelled())
    assert "{risk_gross:base} that answered is likely to leave" in sentences.answer(known)
    assert "that answered and are still customers, no others" in sentences.so_what(known)
    assert "with a score" in sentences_money.WORTH
    assert "accounts that answered" in executive.LOSS


def test_what_true_loyalty_is_worth_in_spend_stands_beside_what_was_observed():
    more = {"spend_more": Figure("spend_more", 0.016, 0.01, 0.02, unit="share1", verdict="here"),
            "per": Figure("per", 10.0, unit="decimal0"),
            "spend_corrected": Figure("spend_corrected", 0.043, 0.029, 0.059, unit="share1"),
            }  # fmt: skip
    said = told(sentences_outcomes.SPEND(more), more)
    assert "1.6% (1.0% to 2.0%) for 10 points more" in said
    assert "4.3% (2.9% to 5.9%) corrected for measurement error" in said
    del more["spend_corrected"]
    assert "corrected" not in told(sentences_outcomes.SPEND(more), more)


def test_what_would_tell_the_share_of_wallet_is_said():
    said = sentences_money.wallet({})
    assert "rank us among their suppliers" in said and "_" not in said


@pytest.mark.parametrize(
    ("spend", "said"),
    [((60.0, 20.0), "growth"), ((99.0, 60.0), "not safe"), ((67.0, 33.0), "about the same")],
)
def test_share_of_wallet_by_rank_is_compared_with_the_declared_one(spend, said):
    from helpers.methods.linkage import wallet

    rng = np.random.default_rng(1)
    asked = pd.DataFrame(
        {"supplier_rank": [1, 2] * 20, "suppliers": 2, "total_spend": 100.0,
         "revenue": np.array([*spend] * 20) + rng.normal(0, 0.5, 40)}
    )  # fmt: skip
    quoted = figures_money.wallet(wallet(asked))
    gap = asked["supplier_rank"].map({1: 2 / 3, 2: 1 / 3}) - asked["revenue"] / 100
    assert quoted["wallet_gap"].p == pytest.approx(ttest_1samp(gap, 0).pvalue, rel=1e-6)
    assert said in sentences_money.wallet(figures.DECLARED.checked(quoted.values()))


def test_months_ahead_are_no_list_of_accounts():
    """A trial by lot of 44 accounts, compared after 6 months, is no ask for 6 of them."""
    horizon = figures.risk(risk(False), "USD", "B", 6)["horizon"]
    listed, firm = (
        Figure(name, value, unit="count", base_unit="accounts")
        for name, value in (("listed", 44), ("firm", 15))
    )
    asks = {
        "executive": (
            "Draw half of {listed:value}; compare after {horizon:value} months.",
            horizon,
        ),
        "value_map": ("Check {firm:value}, then the rest of {listed:value}.", firm),
    }
    results = {
        chapter: ChapterResult(
            chapter, by_name(listed, other), ask={"what": what, "owner": "Sales", "due": "30 July"}
        )
        for chapter, (what, other) in asks.items()
    }
    assert contradictions(results) == []
