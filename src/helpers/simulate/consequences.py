"""True consequences of loyalty, operations and recovery in a simulated world."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.simulate.answers import answers, index_of
from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.inside import PROMISES
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.settings import AS_OF, PERIODS, WAVES, Settings, wave_date

__all__ = ["consequences", "marginal_effect", "recovered"]


def consequences(
    world: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork, index: np.ndarray
) -> dict[str, object]:
    """True values by name; ``index`` is the expected loyalty index of account and period."""
    staying, growth = _slopes(world, who, state, cash, index)
    return {
        "churn_slope": world.churn_slope,
        "retained_per_10": staying * 100,
        "growth_per_10": growth,
        **_at_risk(world, who, state, cash, field),
        "recovery_gain": recovered(world, state, field),
        **_operations(world, who, state),
        **_value(who, cash),
        "win_slope": world.win_slope,
        **_alignment(world),
    }


def _slopes(
    world: Settings, who: Frame, state: Latent, cash: Money, index: np.ndarray
) -> tuple[float, float]:
    """Average marginal effect on staying, and slope of growth, per 10 points of true index."""
    tables = []
    for period in range(len(PERIODS) - len(WAVES), len(PERIODS)):
        live = np.flatnonzero(cash.active(who, wave_date(PERIODS[period])))
        columns = (
            cash.probability[:, period],
            world.growth_effect * state.mood[:, period],
            index[:, period],
            np.clip(who.tenure_z(period), -1.5, 3.0),
            who.accounts["size_z"].to_numpy(),
        )
        tables.append(np.column_stack([column[live] for column in columns]))
    table = np.vstack(tables)
    leaves, growth = table[:, 0], table[:, 1]
    design = np.column_stack([np.ones(len(table)), table[:, 2:]])
    return -marginal_effect(design, leaves) * 10, _slope(design, growth) * 10


def marginal_effect(design: np.ndarray, chance: np.ndarray) -> float:
    """Average marginal effect in the logit model nearest to the chances."""
    scale = np.append(1.0, design[:, 1:].std(axis=0))
    fit = GLM(chance, design / scale, family=families.Binomial()).fit()
    fitted = np.asarray(fit.fittedvalues)
    return float((fitted * (1 - fitted)).mean() * fit.params[1] / scale[1])


def _slope(design: np.ndarray, outcome: np.ndarray, column: int = 1) -> float:
    return float(np.linalg.lstsq(design, outcome, rcond=None)[0][column])


def _at_risk(
    world: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork
) -> dict[str, object]:
    live, year = cash.active(who, AS_OF), cash.year()
    answered = field.responses.loc[field.responses["wave"] == WAVES[-1], "account_id"]
    scored = live & who.accounts["account_id"].isin(answered).to_numpy()
    found: dict[str, object] = {}
    for name, some in (("revenue_at_risk", live), ("revenue_at_risk_scored", scored)):
        lost = float((year * cash.probability[:, -1])[some].sum())
        found |= {name: round(lost), f"{name}_share": lost / float(year[some].sum())}
    true, leaves = state.account_z[scored, -1], cash.probability[scored, -1]
    lifted = np.maximum(true, np.quantile(true, 0.75)) - true
    spared = expit(logit(leaves) + world.churn_slope * lifted)
    return found | {"risk_linked": round(float(year[scored] @ (leaves - spared)))}


def recovered(world: Settings, state: Latent, field: Fieldwork) -> float:
    """Compare the same people, with the same luck, with and without having been helped."""
    gains = []
    for w in range(1, len(WAVES)):
        helped = (field.boost[:, w] > 0) & field.eligible[:, w]
        without = index_of(answers(world, state, np.zeros(len(helped)), w))
        gains.append((index_of(field.would[w]) - without)[helped])
    every = np.concatenate(gains)
    return float(every.mean()) if len(every) else 0.0


def _operations(world: Settings, who: Frame, state: Latent) -> dict[str, object]:
    names, account = [d.name for d in world.drivers], who.of_contact
    on_time, hours, care = (metric[account].ravel() for metric in state.operations.values())
    one = np.ones_like(on_time)
    delivery = state.ratings[..., names.index("delivery")].ravel()
    support = state.ratings[..., names.index("technical_support")].ravel()
    both = np.column_stack([one, np.maximum(hours - 24, 0), care])
    return {
        "delivery_per_point_on_time": _slope(np.column_stack([one, on_time]), delivery),
        "support_per_hour_beyond_24": _slope(both, support, 1),
        "support_per_handling_minute": _slope(both, support, 2),
        "sales_per_quote_hour": 0.0,
        "knee_hours": 24 if world.operations_effect else None,
    }


def _value(who: Frame, cash: Money) -> dict[str, object]:
    live = cash.active(who, AS_OF)
    year = np.sort(cash.year()[live])
    rank = np.arange(1, len(year) + 1)
    earned = (cash.margin - cash.cost)[live, -12:].sum(axis=1)
    return {
        "active_accounts": int(live.sum()),
        "revenue_year": int(year.sum()),
        "revenue_gini": float((2 * rank - len(year) - 1) @ year / (len(year) * year.sum())),
        "negative_payoff": int((earned < 0).sum()),
    }


def _alignment(world: Settings) -> dict[str, object]:
    found: dict[str, object] = {
        f"overrated_{d.name}": d.misjudged for d in world.drivers if d.misjudged
    }
    against = ["handling_minutes", "inventory_days"] if world.operations_effect else []
    public = [p for p in PROMISES if p[1] == "customers"]
    due = [p for p in public if p[4] <= str(AS_OF.date())]
    kept = [p for p in due if p[5]]
    return found | {
        "metrics_against_drivers": against,
        "promises_kept": len(kept) / len(due),
        "promises_told": sum(bool(p[6]) for p in kept) / len(kept),
    }
