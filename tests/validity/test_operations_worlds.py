"""Internal measures in worlds like the demo client: the planted chain is found, an idle one not."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.methods import drivers, linkage, loyalty, operations
from helpers.methods.operations.fitting import Rows, fitted, rows_for
from helpers.methods.operations.knee import bend_p, places_of
from helpers.methods.survey import SurveyDesign
from helpers.simulate import sales, service
from helpers.simulate.answers import ATTITUDE, BEHAVIOUR, index_of
from helpers.simulate.fieldwork import fieldwork
from helpers.simulate.frame import frame
from helpers.simulate.inside import function_metrics
from helpers.simulate.latent import latent
from helpers.simulate.money import financials, money
from helpers.simulate.settings import AS_OF, WAVES, settings, wave_date

pytestmark = pytest.mark.validity

ADJUST = ["tenure_months", "log_revenue", "growth_before"]
WORLDS, FIRST, IDLE = 30, 900, 3


@cache
def made(seed: int) -> SimpleNamespace:
    """One world: answers, metrics, and the money that came after."""
    chosen = settings("northfield", seed)
    who = frame(chosen)
    state = latent(chosen, who)
    cash = money(chosen, who, state)
    told = fieldwork(chosen, who, state, cash).responses
    told = told[told["account_id"].fillna("") != ""].set_index("response_id")
    told = told.merge(who.accounts[["account_id", "tier", "region"]], on="account_id").set_axis(
        told.index
    )
    listed, months = sales.accounts(chosen, who, cash), financials(who, cash)
    for column in ("start_date", "end_date"):
        listed[column] = pd.to_datetime(listed[column])
    months["period"] = pd.to_datetime(months["period"])
    names = [d.name for d in chosen.drivers]
    ratings = told[names].astype(float).where(lambda t: t <= 10)
    items = {name: told[name].to_numpy(float, na_value=np.nan) for name in (*ATTITUDE, *BEHAVIOUR)}
    return SimpleNamespace(
        told=told, ratings=ratings, loyalty=pd.Series(index_of(items), index=told.index),
        sent=service.ops_metrics(chosen, who, state, cash), listed=listed, months=months,
        dates={wave: wave_date(wave) for wave in WAVES},
    )  # fmt: skip


def found_in(world: SimpleNamespace, sent: pd.DataFrame) -> operations.Effects:
    told = world.told
    read = operations.metrics(sent, function_metrics(), drivers=list(world.ratings))
    lived = operations.exposures(read, told, world.dates)
    design = SurveyDesign(clusters=told["account_id"])
    return operations.effects(world.ratings, lived, read, design, adjust=told[["tier", "region"]])


def chain(world: SimpleNamespace) -> pd.DataFrame:
    """The staircase of a world, its second and third link as their chapters estimate them."""
    told, last = world.told, world.told["wave"] == WAVES[-1]
    scores = loyalty.account_scores(world.loyalty, told["account_id"], by=told["wave"])
    rows = linkage.panel(scores.table, accounts=world.listed, financials=world.months,
                         as_of=AS_OF, wave_dates=world.dates)  # fmt: skip
    icc = loyalty.intraclass(world.loyalty, told["account_id"], by=told["wave"])
    link = linkage.link(rows, "retained", adjust=ADJUST, reliability="reliability", icc=icc)
    stays = link.corrected
    importance = drivers.relative_importance(
        world.ratings[last], world.loyalty[last], SurveyDesign(clusters=told["account_id"][last]),
        missing="listwise", replicates=20, rng=np.random.default_rng(1),
    ).table  # fmt: skip
    links = {
        str(r["driver"]): operations.Link(r["effect"], r["effect_low"], r["effect_high"], 1)
        for _, r in importance.iterrows()
    }
    staying = stays and operations.Link(stays.effect, stays.low, stays.high, stays.base, 10.0)
    return operations.staircase(
        found_in(world, world.sent), loyalty=links, staying=staying, rng=np.random.default_rng(2)
    )


def test_the_planted_chain_is_found_with_its_sign_in_nine_of_ten_worlds():
    """Measure, rating, loyalty, staying; the last link alone leaves doubt in some worlds."""
    signs, sure = 0, 0
    for seed in range(FIRST, FIRST + WORLDS):
        steps = chain(made(seed)).set_index("metric").reindex(["on_time_delivery"]).iloc[0]
        right = bool((steps[["gain", "loyalty", "staying"]] > 0).all())
        signs += right
        sure += right and steps["verdict"] == "clear"
    assert signs >= 0.9 * WORLDS
    assert sure >= 0.6 * WORLDS


def test_an_idle_measure_is_called_useful_in_one_of_twenty_worlds_at_most():
    """Hours until a quote drawn anew, among three measures that are not idle; two-sided."""
    rng, useful, linked = np.random.default_rng(3), 0, 0
    for seed in range(FIRST, FIRST + WORLDS):
        world = made(seed)
        sent = world.sent.copy()
        idle = sent["metric"] == "quote_hours"
        for _ in range(IDLE):
            usual = pd.Series(rng.standard_normal(sent["account_id"].nunique()),
                              index=sent["account_id"].unique())  # fmt: skip
            lasting = sent.loc[idle, "account_id"].map(usual).to_numpy()
            fresh = rng.standard_normal(int(idle.sum()))
            sent.loc[idle, "value"] = np.exp(3.2 + 0.4 * lasting + 0.3 * fresh)
            verdicts = found_in(world, sent).table.set_index("metric")["verdict"]
            useful += verdicts["quote_hours"] == "pays"
            linked += verdicts["quote_hours"] != "not clear"
    assert useful <= 0.05 * WORLDS * IDLE
    assert linked <= binom.ppf(0.999, WORLDS * IDLE, 0.05)


def rows_of(rng: np.random.Generator, slopes: tuple[float, float], accounts: int = 150) -> Rows:
    """Accounts in five waves; the slope below and above a measure of 24."""
    account = np.repeat(np.arange(accounts), 5)
    usual, index = rng.standard_normal(accounts)[account], pd.RangeIndex(len(account))
    hours = np.exp(3 + 0.45 * usual + 0.35 * rng.standard_normal(len(account)))
    line = slopes[0] * hours + (slopes[1] - slopes[0]) * np.maximum(hours - 24, 0)
    noise = 0.8 * rng.standard_normal(accounts)[account] + 1.5 * rng.standard_normal(len(account))
    wave = pd.DataFrame({"wave": np.tile(list("abcde"), accounts)}, index=index)
    columns = (line + noise, hours, account, np.ones(len(account)))
    return rows_for(*(pd.Series(column, index=index) for column in columns), wave)


def pair_of(rows: Rows) -> operations.Pair:
    return operations.Pair("wait", "speed", -1, rows, rows.metric, 0)


def test_a_straight_line_is_called_bent_in_one_of_twenty_and_its_slope_is_covered():
    rng, worlds, bent, covered = np.random.default_rng(4), 300, 0, 0
    for _ in range(worlds):
        rows = rows_of(rng, (-0.02, -0.02))
        _, low, high, _ = fitted(rows, rows.metric[:, None]).linear(np.ones(1), 0.95)
        covered += low <= -0.02 <= high
        bent += bend_p(rows, places_of(rows.metric), rng) < 0.05
    assert bent <= binom.ppf(0.999, worlds, 0.05)
    assert 0.92 <= covered / worlds <= 0.98


def test_a_planted_knee_is_found_and_held_by_its_interval():
    rng, worlds, found, held = np.random.default_rng(5), 50, 0, 0
    for _ in range(worlds):
        bends = operations.knees([pair_of(rows_of(rng, (0.0, -0.08)))], rng=rng).table.iloc[0]
        found += bends["verdict"] == "stops below"
        held += bends["knee_low"] <= 24 <= bends["knee_high"]
    assert found >= 0.8 * worlds
    assert held >= binom.ppf(0.001, worlds, 0.95)
