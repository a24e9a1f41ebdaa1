"""What the linkage chapter may quote of money: risk in margin, returns, past forecasts, wallets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import cast

import numpy as np
import pandas as pd

from helpers.methods.linkage import (
    Backtest,
    LossLevels,
    ReturnOnLoyalty,
    RevenueAtRisk,
    RuleOfThumb,
    Wallet,
)
from helpers.results import Figure, Grade, figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.rules import quotable

DECLARED = declare(
    "margin_gross", "margin_excess", "return_each", "return_hundredth", "return_years",
    "return_rate", "return_of", "return_cost", "return_grade",
    "best_group", "best_each", "least_group", "least_each",
    "test_wave", "test_months", "test_as_many", "test_left", "test_expected", "test_caught",
    "rule_now", "level_least", "level_most",
    "wallet_implied", "wallet_declared", "wallet_suppliers", "wallet_several",
    level_last=("differ", "alike"),
    return_all=("pays", "not clear", "loses"),
    test_auc=("told apart", "not clear"),
    test_ratio=("right", "too few", "too many"),
    rule_ratio=("too much", "too little", "not clear"),
    wallet_gap=("higher", "lower", "not clear"),
    wallet_rule=("for use", "few suppliers"),
).claiming(return_all=("pays", "loses"), wallet_gap=("higher", "lower"))  # fmt: skip
EVERY = "every account"  # of those with a score
FIFTHS = ("named first", "second", "third", "fourth", "named last")
LABELS = {
    "return_all": "what better scores of every account are worth",
    "return_hundredth": "what better scores of one account in a hundred are worth",
    "return_each": "what a better score of one account is worth, on average",
}
AS_MANY = (  # left for each one forecast, at most, in words
    (0.35, "far fewer than forecast"), (0.65, "about half as many as forecast"),
    (0.85, "fewer than forecast"), (1.15, "about as many as forecast"),
    (1.65, "more than forecast"), (2.5, "about twice as many as forecast"),
    (float("inf"), "far more than forecast"),
)  # fmt: skip
FIFTH = 0.2  # of accounts, that a list by chance would hold as much of those that left


def groups(current: pd.DataFrame, segments: tuple[str, ...], fewest: int) -> dict[str, np.ndarray]:
    """Which of today's accounts are raised: all, and each of the client's first groups.

    Groups are told where none holds too few accounts, so that none is found by subtraction.

    >>> rows = pd.DataFrame({"tier": ["Key", "Core", "Key"]})
    >>> [(name, inside.tolist()) for name, inside in groups(rows, ("tier",), 1).items()]
    [('every account', [True, True, True]), ('Core', [False, True, False]), \
('Key', [True, False, True])]
    """
    found = {EVERY: np.ones(len(current), dtype=bool)}
    name = next((n for n in (*segments, "segment", "region") if n in current), None)
    if name is None:
        return found
    counts = current[name].value_counts()
    if len(counts) < 2 or counts.min() < fewest or current[name].isna().any():
        return found
    return found | {
        str(group): current[name].eq(group).to_numpy() for group in sorted(counts.index)
    }


def levels(found: LossLevels, currency: str, grade: Grade) -> dict[str, Figure]:
    """Today's expected loss at the level of the last wave, of the least and of the most."""
    money = partial(
        Figure, unit=f"money:{currency}", base=found.base, base_unit="accounts", grade=grade
    )  # fmt: skip
    return by_name(
        money("level_last", found.last, verdict=found.verdict,
              label="yearly revenue expected to leave at the level of the last wave"),
        money("level_least", found.least, label="the same at the level of the least of all waves"),
        money("level_most", found.most, label="the same at the level of the most of all waves"),
    )  # fmt: skip


def level_tables(found: LossLevels) -> dict[str, pd.DataFrame]:
    """How many left after each wave, as it is handed on."""
    return {"levels": found.table[["wave", "base", "left", "expected", "loss"]]}


def margin(found: RevenueAtRisk, currency: str, grade: Grade) -> dict[str, Figure]:
    """The same risk in margin."""
    money = partial(
        Figure, unit=f"money:{currency}", base=found.base, base_unit="accounts", grade=grade
    )  # fmt: skip
    return by_name(
        money("margin_gross", found.gross, found.gross_low, found.gross_high,
              label="yearly margin expected to leave"),
        money("margin_excess", found.excess, found.excess_low, found.excess_high,
              label="margin at risk that is linked to low scores"),
    )  # fmt: skip


def returns(
    by_years: Mapping[float, ReturnOnLoyalty], currency: str, of: str, cost: float
) -> dict[str, Figure]:
    """What raising every account would keep over the longest horizon: of all, of one, of some."""
    found = by_years[max(by_years)]
    every = found.table[found.table["group"] == EVERY].iloc[0]
    told = partial(
        Figure, unit=f"money:{currency}", base=found.base, base_unit="accounts",
        grade=cast(Grade, found.grade),
    )  # fmt: skip
    figures = [
        replace(
            _part("return_all", every, 1, told), verdict=found.verdict(EVERY), p=found.p(EVERY)
        ),
        _part("return_hundredth", every, 100, told),
        _part("return_each", every, float(every["accounts"]), told),
        Figure("return_years", found.horizon_years, unit="decimal0"),
        Figure("return_rate", found.discount_rate, unit="share"),
        *quotable(return_of=of, return_grade=found.grade),
    ]
    if cost:
        figures.append(Figure("return_cost", cost, unit=f"money:{currency}"))
    own = each(by_years)
    if len(own):
        figures += [*_of_one("best", own.iloc[0], told), *_of_one("least", own.iloc[-1], told)]
    return by_name(*figures)


def _of_one(end: str, row: pd.Series, told: partial[Figure]) -> tuple[Figure, ...]:
    """The group at one end, and what raising one account of it is worth."""
    worth = told(f"{end}_each", float(row["each"]), float(row["low"]), float(row["high"]),
                 label="what raising one account of the group is worth")  # fmt: skip
    return Figure(f"{end}_group", str(row["group"]), unit="text"), worth


def _part(name: str, row: pd.Series, divided: float, told: partial[Figure]) -> Figure:
    value, low, high = (float(row[end]) / divided for end in ("gain", "low", "high"))
    return told(name, value, low=low, high=high, label=LABELS[name])


def return_tables(found: Mapping[float, ReturnOnLoyalty]) -> dict[str, pd.DataFrame]:
    """The tables of returns as they are handed on: by horizon, and of one account of a group."""
    return {"returns": horizons(found), "return_each": each(found)}


def horizons(found: Mapping[float, ReturnOnLoyalty]) -> pd.DataFrame:
    """What raising groups is worth after each number of years, a row a group.

    Beside the groups stand one account in a hundred, and one account.
    """
    first = next(iter(found.values())).table
    made = first[["group", "accounts", "revenue"]].copy()
    for years, one in found.items():
        made[[f"{end}_{years:g}" for end in ("gain", "low", "high")]] = one.table[
            ["gain", "low", "high"]
        ].to_numpy()
    money = [str(name) for name in made if name not in ("group", "accounts")]
    every = made.iloc[[0]]
    hundredth = every.assign(group="one account in a hundred", accounts=np.nan,
                             **{n: every[n] / 100 for n in money})  # fmt: skip
    one_account = every.assign(group="one account, on average", accounts=1.0,
                               **{n: every[n] / every["accounts"] for n in money})  # fmt: skip
    return pd.concat([every, hundredth, one_account, made.iloc[1:]], ignore_index=True)


def each(found: Mapping[float, ReturnOnLoyalty]) -> pd.DataFrame:
    """What raising one account of each group is worth, the most first; nothing without groups."""
    table = found[max(found)].table
    rows = table[table["group"] != EVERY]
    ends = {end: rows[end] / rows["accounts"] for end in ("low", "high")}
    return rows.assign(**ends)[["group", "accounts", "each", "low", "high"]].sort_values(
        "each", ascending=False, ignore_index=True
    )


def risk_tables(
    risk: RevenueAtRisk, margin: RevenueAtRisk | None, rule: RuleOfThumb | None
) -> dict[str, pd.DataFrame]:
    """The table of risk as it is handed on."""
    return {"at_risk": at_risk(risk, margin, rule)}


def at_risk(
    risk: RevenueAtRisk, margin: RevenueAtRisk | None, rule: RuleOfThumb | None
) -> pd.DataFrame:
    """Revenue, margin and the rule of thumb beside each other, a row each."""
    rows = [
        _risk_row(name, one)
        for name, one in (("Revenue", risk), ("Margin", margin))
        if one is not None
    ]
    if rule is not None:
        rows.append({"what": "Rule of thumb, revenue", "a_year": risk.revenue, "gross": rule.now})
    return pd.DataFrame(rows)


def _risk_row(name: str, found: RevenueAtRisk) -> dict[str, object]:
    return {
        "what": name, "a_year": found.revenue,
        "gross": found.gross, "gross_low": found.gross_low, "gross_high": found.gross_high,
        "excess": found.excess, "excess_low": found.excess_low, "excess_high": found.excess_high,
        "top10": found.top10_share,
    }  # fmt: skip


def as_many(ratio: float) -> str:
    """How many left for each one forecast, in words.

    >>> as_many(0.51), as_many(1.0)
    ('about half as many as forecast', 'about as many as forecast')
    """
    return next(words for most, words in AS_MANY if ratio <= most)


def backtest(found: Backtest, months: int) -> dict[str, Figure]:
    """How a forecast of the waves before did at the last wave whose outcomes are known."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="B")
    ends = asdict(found)

    def told(name: str, of: str, unit: str, verdict: str = "") -> Figure:
        value, low, high = (float(ends[f"{of}{end}"]) for end in ("", "_low", "_high"))
        return counted(name, value, low=low, high=high, unit=unit, verdict=verdict)

    return by_name(
        Figure("test_wave", found.wave, unit="text"),
        Figure("test_months", months, unit="count", label="months that the forecast was for"),
        counted("test_left", found.left, unit="count", label="accounts that left"),
        counted("test_expected", found.expected, unit="decimal0", label="forecast to leave"),
        told("test_auc", "auc", "share", found.verdict),
        told("test_ratio", "ratio", "decimal1", found.level),
        *quotable(test_as_many=as_many(found.ratio)),
        told("test_caught", "caught", "share"),
    )


def backtest_rows(found: Backtest, rule: RuleOfThumb | None) -> pd.DataFrame:
    """The forecast against what happened, in words, with what no forecast would have done."""
    rows = [
        ("Of two accounts, one of which left: the right one named", "share",
         found.auc, found.auc_low, found.auc_high, 0.5),
        ("Of accounts that left: among the fifth named first", "share",
         found.caught, found.caught_low, found.caught_high, FIFTH),
        ("Accounts that left, for each one forecast", "decimal2",
         found.ratio, found.ratio_low, found.ratio_high, 1.0),
    ]  # fmt: skip
    if found.caught_revenue is not None:
        rows.insert(2, ("Of revenue that left: in the same fifth", "share",
                        found.caught_revenue, np.nan, np.nan, FIFTH))  # fmt: skip
    if rule is not None:
        rows.append(("Rule of thumb: what it named, over what left in a year",
                     "decimal2", rule.ratio, rule.ratio_low, rule.ratio_high, 1.0))  # fmt: skip
    return pd.DataFrame(rows, columns=["check", "unit", "found", "low", "high", "against"])


def backtest_tables(found: Backtest, rule: RuleOfThumb | None) -> dict[str, pd.DataFrame]:
    """The tables of the backtest as they are handed on."""
    rows = backtest_rows(found, rule).drop(columns="unit")
    return {"backtest": rows, "backtest_fifths": fifths(found)}


def fifths(found: Backtest) -> pd.DataFrame:
    """Forecast and what happened, by fifths of the forecast."""
    return found.table.assign(fifth=list(FIFTHS))


def rule_of_thumb(found: RuleOfThumb, currency: str) -> dict[str, Figure]:
    """What detractors times half the average revenue says, and how that did on past waves."""
    counted = partial(Figure, base=found.base, base_unit="account surveys", grade="C")
    return by_name(
        counted("rule_now", found.now, unit=f"money:{currency}",
                label="revenue at risk by the rule of thumb"),
        counted(
            "rule_ratio", found.ratio, low=found.ratio_low, high=found.ratio_high,
            unit="decimal1", verdict=found.verdict, label="what the rule said over what left",
        ),
    )  # fmt: skip


def wallet(found: Wallet) -> dict[str, Figure]:
    """Share of wallet by rank, and as declared."""
    share = partial(figure, unit="share", base_unit="accounts", grade="C")
    told = [
        share("wallet_implied", found.implied, label="share of wallet by rank"),
        Figure("wallet_suppliers", found.suppliers, unit="decimal1", label="suppliers used"),
        Figure("wallet_several", found.several, unit="share", label="use several suppliers"),
        Figure("wallet_rule", found.several, unit="share", verdict=found.verdict),
    ]
    if found.declared is not None and found.difference is not None:
        gap = found.difference
        verdict = "higher" if gap.low > 0 else "lower" if gap.high < 0 else "not clear"
        told.append(share("wallet_declared", found.declared, label="share of wallet declared"))
        told.append(
            Figure("wallet_gap", 100 * gap.value, 100 * gap.low, 100 * gap.high, unit="points",
                   base=gap.base, base_unit="accounts", grade="C", verdict=verdict,
                   p=gap.p_value, label="share by rank less the declared one")
        )  # fmt: skip
    return by_name(*told)
