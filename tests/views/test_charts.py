"""Charts: what they say, what they refuse, and that they can be drawn for a page and a phone."""

from __future__ import annotations

import base64
import importlib
import inspect
import io
import pkgutil
import re
import warnings
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from helpers import views
from helpers.methods import (
    actions,
    alignment,
    board,
    focus,
    linkage,
    loyalty,
    measure,
    nonresponse,
    recovery,
    sampling,
    scorecard,
)
from helpers.methods.survey import SurveyDesign
from helpers.results import Figure as Quoted
from helpers.views.actions import charts as action_charts
from helpers.views.alignment import charts as alignment_charts
from helpers.views.alignment import charts_focus
from helpers.views.board import charts as board_charts
from helpers.views.comments import charts as comments_charts
from helpers.views.cycle import charts as cycle_charts
from helpers.views.drivers import charts_importance, charts_positions, charts_shapes
from helpers.views.linkage import charts as linkage_charts
from helpers.views.linkage import charts_outcomes
from helpers.views.loyalty import charts as loyalty_charts
from helpers.views.loyalty import charts_change
from helpers.views.next_wave import charts as next_wave_charts
from helpers.views.nonresponse import charts as nonresponse_charts
from helpers.views.recovery import charts as recovery_charts
from helpers.views.rendering import chart as rendered
from helpers.views.rendering import intervals, labels
from helpers.views.rendering.chart import NARROW, WIDE, Chart, clean, named, text_width, wrapped
from helpers.views.rendering.labels import Box
from helpers.views.rendering.palette import ACCENT, CONTRAST, PALE
from helpers.views.sampling import charts as sampling_charts
from helpers.views.value_map import charts as value_map_charts
from tests.methods import test_alignment as made
from tests.views.test_actions import considered
from tests.views.test_alignment_focus import known as focused
from tests.views.test_recovery import made as saved_made
from tests.views.test_recovery import tickets

LABELS = {
    "q1": "Product quality and consistency across all delivered batches",
    "q2": "Pricing is clear, fair & predictable ($ per tonne, $ per site)",
    "q3": "Delivery arrives complete <and> on the day promised",
    "q4": "担当者は私たちの事業を理解している",
    "q5": "Support 😀 solves the problem the first time",
    "q6": "x_{1}^2 \\frac{a}{b} \\n",
    "q7": "لغة",
    "q8": "W" * 10_000,
}


def importance(count: int = 8, *, gap: float = 0.0) -> SimpleNamespace:
    share = np.linspace(2, 1, count)
    share[0] += gap
    share /= share.sum()
    effect = np.linspace(2.0, -0.2, count)
    table = pd.DataFrame(
        {
            "driver": [f"q{i + 1}" for i in range(count)],
            "r_squared": share * 0.4,
            "share": share,
            "low": share * 0.7,
            "high": share * 1.3,
            "effect": effect,
            "effect_low": effect - 0.5,
            "effect_high": effect + 0.5,
        }
    )
    return SimpleNamespace(table=table, r_squared=0.4, base=812, clusters=214, confidence=0.95)


def performance(count: int = 8, spread: float = 0.5) -> SimpleNamespace:
    mean = 7 + spread * np.sin(np.arange(count))
    table = pd.DataFrame(
        {
            "driver": [f"q{i + 1}" for i in range(count)],
            "mean": mean,
            "low": mean - 0.2,
            "high": mean + 0.2,
        }
    )
    return SimpleNamespace(table=table, base=812)


def segments() -> pd.DataFrame:
    value = np.array([42.0, 18.5, -12.2, np.nan])
    return pd.DataFrame(
        {
            "segment": ["Key <b>accounts</b>", "Growth $", "Tail", "Tiny"],
            "value": value,
            "low": value - 10,
            "high": value + 10,
            "base": [80, 240, 120, 4],
        }
    )


def dots(table: pd.DataFrame | None = None, **options: object) -> Chart:
    return intervals.interval_dots(
        segments() if table is None else table,
        label="segment",
        value="value",
        low="low",
        high="high",
        base="base",
        title="Score by segment",
        axis="Net promoter score",
        **options,
    )


def waves() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wave": ["2025H1", "2025H2", "2026H1"],
            "value": [22.0, np.nan, 31.0],
            "low": [17.0, np.nan, 26.0],
            "high": [27.0, np.nan, 36.0],
            "base": [760, 6, 812],
        }
    )


def coverage(count: int = 50) -> SimpleNamespace:
    revenue = np.arange(count, 0, -1) ** 2.0
    covered = np.arange(count) % 2 == 0
    curve = pd.DataFrame(
        {
            "account_share": np.arange(1, count + 1) / count,
            "revenue_share": revenue.cumsum() / revenue.sum(),
            "covered_share": (revenue * covered).cumsum() / revenue.sum(),
        }
    )
    return SimpleNamespace(curve=curve, base=count)


def weights() -> SimpleNamespace:
    table = pd.DataFrame(
        {
            "margin": ["tier", "tier", "region", "region"],
            "category": ["Key", "Other", "North $1 <i>", "South"],
            "target_share": [0.2, 0.8, 0.5, 0.5],
            "before_share": [0.5, 0.5, 0.6, 0.4],
            "after_share": [0.2, 0.8, 0.5, 0.5],
            "respondents": [50, 50, 60, 40],
        }
    )
    return SimpleNamespace(table=table, design_effect=1.56, effective_base=64.1)


def bands(count: int = 5) -> pd.DataFrame:
    rate = np.linspace(0.78, 0.97, count)
    edges = np.linspace(0, 100, count + 1)
    return pd.DataFrame(
        {
            "band": range(count),
            "low_edge": edges[:-1],
            "high_edge": edges[1:],
            "base": 100,
            "rate": rate,
            "low": rate - 0.05,
            "high": np.minimum(rate + 0.05, 1),
        }
    )


def intentions() -> pd.DataFrame:
    kept = np.linspace(0.5, 0.9, 5)
    return pd.DataFrame(
        {
            "intention": range(1, 6),
            "base": 40,
            "share_kept": kept,
            "low": kept - 0.1,
            "high": kept + 0.1,
        }
    )


def risk(count: int = 14) -> pd.DataFrame:
    at_risk = 1e6 / np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "account_id": [f"{i:03}" for i in range(count)],
            "revenue": at_risk * 8,
            "probability": 0.125,
            "at_risk": at_risk,
        }
    )


def actions_planned() -> actions.Considered:
    """Two actions on one driver, of which the budget holds one."""
    likely = pd.DataFrame({"draw": [0, 1], "driver": "ease", "effect": [1.0, 2.0], "outcome": "x"})
    rated = pd.DataFrame({"driver": ["ease"], "headroom": 3.0, "mean": 7.0, "base": 90,
                          "clear": True, "may_lead": True})  # fmt: skip
    reached = pd.DataFrame({0: [True, True]}, index=["A", "B"])
    people = actions.Reach(pd.Series(1.0, range(9)), pd.Series(0, range(9)), reached)
    rows = pd.DataFrame({"action_id": ["A", "B"], "name": ["A $1 <b>", "Desk"], "function": "Sales",
                         "cost_once": 90.0, "cost_year": 0.0, "months": 1.0})  # fmt: skip
    moved = pd.DataFrame({"action_id": ["A", "B"], "driver": "ease", "change_mid": 0.5})
    rng = np.random.default_rng(1)
    found = actions.evidence(likely, rated, None, accounts=None, people=people, rng=rng)
    return actions.consider(
        found, rows, moved, as_of=pd.Timestamp("2026-06-30"), budget=100.0, futures=1, points=2,
        rng=rng,
    )  # fmt: skip


def placed(count: int = 40) -> SimpleNamespace:
    rng = np.random.default_rng(7)
    value, loyalty = rng.uniform(0, 100, count), rng.uniform(20, 90, count)
    high = np.where(loyalty >= 60, "Grow & leverage", "Protect & repair")
    low = np.where(loyalty >= 60, "Maintain efficiently", "Re-price or release")
    table = pd.DataFrame(
        {
            "account_id": [f"{i:03}" for i in range(count)],
            "value": value,
            "loyalty": loyalty,
            "cell": np.where(value >= 50, high, low),
            "firmness": rng.choice(["firm", "leaning", "unclear"], count),
            "revenue": rng.pareto(1.5, count) * 1e5,
        }
    )
    table.loc[0, "cell"] = "Invest"
    cells = table.groupby("cell", as_index=False).agg(
        accounts=("account_id", "size"), revenue=("revenue", "sum")
    )
    cells["revenue_share"] = cells["revenue"] / cells["revenue"].sum()
    return SimpleNamespace(table=table, cells=cells, value_cut=50.0, loyalty_cut=60.0, base=count)


def penalties(count: int = 8) -> SimpleNamespace:
    cost, gain = np.linspace(-2, 0.3, count), np.linspace(1.5, -0.4, count)
    table = pd.DataFrame(
        {
            "driver": [f"q{i + 1}" for i in range(count)],
            "penalty": cost,
            "penalty_low": cost - 0.6,
            "penalty_high": cost + 0.6,
            "reward": gain,
            "reward_low": gain - 0.6,
            "reward_high": gain + 0.6,
            "class": ["floor", "delighter", *["no clear effect"] * (count - 2)],
            "sure": [True, True, *[False] * (count - 2)],
        }
    )
    return SimpleNamespace(
        table=table, base=812, clusters=214, confidence=0.95, coefficients="per_point"
    )


def curves(count: int = 8) -> SimpleNamespace:
    drivers = [f"q{i + 1}" for i in range(count)]
    bent = np.where(np.arange(count) % 3 == 0, 6.0, np.nan)
    table = pd.DataFrame(
        {
            "driver": drivers,
            "shape": np.where(np.isnan(bent), "straight", "levels off"),
            "threshold": bent,
            "threshold_low": bent - 1,
            "threshold_high": bent + 1,
            "below": 2.0,
            "above": 0.2,
        }
    )
    rating = np.arange(11.0)
    line = np.minimum(rating, 6) - 5
    one = pd.DataFrame({"rating": rating, "curve": line, "low": line - 1, "high": line + 1})
    one["adjusted"] = [np.nan, *(line[1:] + 0.3)]
    one["base"] = [np.nan, *range(20, 120, 10)]
    points = pd.concat([one.assign(driver=d) for d in drivers], ignore_index=True)
    return SimpleNamespace(table=table, points=points, base=812, clusters=214, confidence=0.95)


def regions(count: int = 8) -> SimpleNamespace:
    ovals = {
        f"q{i + 1}": SimpleNamespace(
            centre=(6 + 0.3 * i, 0.2 - 0.015 * i), half_axes=(0.2, 0.05), angle=178.0
        )
        for i in range(count)
    }
    return SimpleNamespace(
        ellipses=lambda confidence: ovals,
        aim=dict.fromkeys(ovals, 8.0),
        by_scale=False,
        base=812,
        clusters=214,
    )


def told(count: int = 8) -> SimpleNamespace:
    said, drawn = np.linspace(-12, 12, count), np.linspace(0.2, 0.05, count)
    table = pd.DataFrame(
        {
            "driver": [f"q{i + 1}" for i in range(count)],
            "stated": said,
            "stated_low": said - 1,
            "stated_high": said + 1,
            "derived": drawn,
            "derived_low": drawn * 0.7,
            "derived_high": drawn * 1.3,
            "cell": ["derived only"] * (count - 1) + ["stated only"],
        }
    )
    return SimpleNamespace(
        table=table, stated_cut=0.0, derived_cut=0.125, derived="share", base=812, clusters=None,
        confidence=0.95,
    )  # fmt: skip


def silent() -> SimpleNamespace:
    table = pd.DataFrame(
        {
            "rate": "of those drawn", "response_rate": 0.5, "delta": [0.0, 20.0, 40.0],
            "value": [30.0, 20.0, 10.0], "low": [25.0, 15.0, 5.0], "high": [35.0, 25.0, 15.0],
        }
    )  # fmt: skip
    return SimpleNamespace(table=table, threshold=0.0, base=400)


def themes() -> pd.DataFrame:
    rows = pd.MultiIndex.from_product([LABELS, ["low", "high"]], names=["theme", "group"])
    table = rows.to_frame(index=False)
    table["value"] = np.linspace(0.5, 0.02, len(table))
    return table.assign(
        low=table["value"] * 0.7, high=table["value"] * 1.3, base=90, apart=[True, False] * 8,
        may_lead=True,
    )  # fmt: skip


@cache
def loyal() -> tuple:
    """A matrix, moves of the same people in two waves, and a roll-up to accounts."""
    rng = np.random.default_rng(1)
    liking = rng.normal(70, 20, 240)
    attitude, behaviour = (
        pd.DataFrame(np.clip(liking[:, None] + rng.normal(0, 15, (240, 3)), 0, 100))
        .div(25).round().mul(25) for _ in "ab"
    )  # fmt: skip
    accounts = pd.Series(rng.integers(0, 80, 240)).astype(str)
    roles = pd.Series(rng.choice(["decision_maker", "user"], 240))
    scores = [loyalty.axis_scores(axis) for axis in (attitude, behaviour)]
    waves = [loyalty.by_person([attitude, behaviour], pd.Series(range(240)).astype(str))] * 2
    return (
        loyalty.matrix(*scores, accounts=accounts),
        loyalty.transitions(*waves),
        loyalty.roll_up(*scores, accounts, roles=roles),
    )


def outcomes_found() -> linkage.Outcomes:
    table = pd.DataFrame({
        "outcome": ["retained", "offers_won", LABELS["q7"], "balance"],
        "family": ["asked", "other", "other", "other"],
        "unit": ["points", "per cent", "per cent", None], "effect": [0.01, -0.2, 0.3, np.nan],
        "low": [0.005, -0.4, 0.01, np.nan], "high": [0.015, 0.1, 0.9, np.nan],
        "p": [0.01, 0.2, 0.03, np.nan], "corrected": [0.01, 0.2, 0.06, np.nan],
        "base": [900, 900, 12, np.nan], "verdict": ["better", "not clear", "not clear", ""],
    })  # fmt: skip
    return linkage.Outcomes(table, 10, 0.95, 900)


def lags_found() -> linkage.Lags:
    table = pd.DataFrame({
        "lag_months": [3, 6, 9], "effect": [0.01, 0.02, np.nan], "low": [0.0, 0.01, np.nan],
        "high": [0.02, 0.03, np.nan], "band_low": [-0.01, 0.005, np.nan],
        "band_high": [0.03, 0.035, np.nan], "p": [0.05, 0.01, np.nan], "base": [900, 600, 0],
    })  # fmt: skip
    return linkage.Lags(table, 0.98)


def choices_found() -> linkage.Specifications:
    effect = np.linspace(0.01, 0.03, 12)
    table = pd.DataFrame({"effect": effect, "low": effect - 0.02, "high": effect + 0.02})
    table["clear"], table["declared"] = table["low"] > 0, [False] * 11 + [True]
    return linkage.Specifications(table, 1.0, float(table["clear"].mean()), 0.02, 12)


def still_there() -> linkage.Survival:
    rows = [
        {"group": name, "month": month, "share": 1 - fall * month, "low": 1 - 1.5 * fall * month,
         "high": 1 - fall * month / 2, "at_risk": 90, "accounts": 90}
        for name, fall in (("lowest third", 0.02), ("middle third", 0.011), ("highest third", 0.01))
        for month in (0.0, 5.0, 11.0, 17.0)
    ]  # fmt: skip
    return linkage.Survival(pd.DataFrame(rows), 0.03, 270, 40)


CHARTS = {
    "penalty_reward": lambda: charts_shapes.penalty_reward(penalties(), LABELS),
    "response_curves": lambda: charts_shapes.response_curves(curves(), LABELS),
    "many_response_curves": lambda: charts_shapes.response_curves(curves(14), LABELS),
    "importance_ellipses": lambda: charts_positions.importance_ellipses(regions(), LABELS),
    "stated_derived": lambda: charts_positions.stated_derived(told(), LABELS),
    "importance_and_effect": lambda: charts_importance.importance_and_effect(importance(), LABELS),
    "interval_dots": lambda: dots(reference=17.0, reference_label="whole base 17.0"),
    "trend": lambda: intervals.trend(waves(), title="Score by wave", axis="Score", target=35),
    "small_interval": lambda: intervals.small_interval(
        31, 26, 36, domain=(-100, 100), unit="points", title="NPS", reference=24
    ),
    "response_by_role": lambda: sampling_charts.response_by_role(
        sampling.response_table(
            ["complete", "unknown"] * 20,
            pd.DataFrame({"role": ["A $1 <b>", "日本", "buyer_of_all", "a"] * 10}),
        )
    ),
    "score_by_weighting": lambda: sampling_charts.score_by_weighting(
        scorecard.scorecard(
            measure.measures(
                pd.DataFrame({"q": range(11)}), {"recommend": ["q"]}, {"q": (0, 10)}, {"q": "Q"}
            ),
            {"unweighted": None, "the client's own weight": SurveyDesign(range(1, 12))},
        )
    ),
    "coverage_curve": lambda: sampling_charts.coverage_curve(coverage()),
    "weights_before_after": lambda: sampling_charts.weights_before_after(weights()),
    "outcome_by_score": lambda: linkage_charts.outcome_by_score(bands(), outcome_label="Kept"),
    "outcome_by_many_scores": lambda: linkage_charts.outcome_by_score(
        bands(10), outcome_label="Kept"
    ),
    "intention_act": lambda: linkage_charts.intention_act(intentions()),
    "risk_concentration": lambda: linkage_charts.risk_concentration(
        risk(), {"000": "Wu & $ons <b>", "001": "日本"}
    ),
    "value_map": lambda: value_map_charts.value_map(placed(), names={"001": "A $1 <b>"}),
    "candidates": lambda: action_charts.candidates(actions_planned(), LABELS, "USD", title="Gains"),
    "cells_bars": lambda: value_map_charts.cells_bars(placed()),
    "nonresponse_range": lambda: nonresponse_charts.nonresponse_range(
        silent(), label="Score", unit="points"
    ),
    "response_by_group": lambda: nonresponse_charts.response_by_group(
        nonresponse.response_propensity(
            [1, 0] * 20 + [0] * 40, pd.DataFrame({"tier_level": ["A $1 <b>"] * 40 + ["日本"] * 40})
        )
    ),
    "margin_by_invitations": lambda: next_wave_charts.margin_by_invitations(
        pd.DataFrame({"size": [100, 200, 400], "margin": [10.0, 7.0, 5.0]}), planned=400
    ),
    "margins": lambda: next_wave_charts.margins(
        pd.DataFrame({"size": [100, 200, 400], "margin": [10.0, 7.0, 5.0]}),
        SimpleNamespace(base=400, expected=SimpleNamespace(answered=90), confidence=0.95),
        SimpleNamespace(unit="points", phrase="net promoter score"),
        asked_now=200,
    ),
    "theme_shares": lambda: comments_charts.theme_shares(
        SimpleNamespace(table=themes(), base=90), LABELS
    ),
    "theme_groups": lambda: comments_charts.theme_groups(
        SimpleNamespace(table=themes(), groups=("low", "high")), LABELS
    ),
    "loyalty_matrix": lambda: loyalty_charts.loyalty_matrix(loyal()[0]),
    "segment_shares": lambda: loyalty_charts.segment_shares(loyal()[0]),
    "segment_moves": lambda: charts_change.segment_moves(loyal()[1]),
    "account_scores": lambda: loyalty_charts.account_scores(loyal()[2]),
    "change_parts": lambda: charts_change.change_parts(
        loyalty.change([8, 6, 2], [9, 6, 10], accounts=(list("abc"), list("abd"))), title="Change"
    ),
}


CHARTS |= {
    "outcomes": lambda: charts_outcomes.outcomes(
        outcomes_found(), title="Of 3 outcomes 1 moves clearly", score_label=LABELS["q3"]
    ),
    "over_lags": lambda: charts_outcomes.over_lags(
        lags_found(), outcome_label=LABELS["q3"], unit="share", per=10, confidence=0.95
    ),
    "specifications": lambda: charts_outcomes.specifications(
        choices_found(), unit="share", title="100% of 12 ways give the same sign"
    ),
    "survival": lambda: charts_outcomes.survival(
        still_there(), title="80% after 12 months", score_label=LABELS["q4"]
    ),
    "candidates": lambda: action_charts.candidates(
        considered(), {"ease": "Ease", "speed": "Speed"}, "USD", title="Of 3 actions 2 pay"
    ),
}


@cache
def cases() -> recovery.Cases:
    """Some cases, of causes with names that have to be escaped."""
    sent = tickets("2026-05-01", "2026-06-01", "2026-06-20", root_cause=["A $1 <b>", "日本", "q3"],
                   closed_at=pd.to_datetime(["2026-05-09", "2026-06-02", None]))  # fmt: skip
    return recovery.cases(sent, as_of=pd.Timestamp("2026-06-30"))


PROMISED = recovery.Promises.declared(48, 5, 20)
CHARTS |= {
    "waits": lambda: recovery_charts.waits(
        recovery.waiting(recovery.clocks(cases(), PROMISED), PROMISED), title="67% in time"
    ),
    "causes": lambda: recovery_charts.causes(recovery.causes(cases()), LABELS, title="3 causes"),
    "designs": lambda: recovery_charts.designs(
        saved_made(1.0, 15.0), "points of loyalty", title="8 points"
    ),
}
FORETOLD = pd.DataFrame({
    "label": ["<b>Delivery</b> & more", "Net promoter score"], "unit": ["scale", "points"],
    "predicted": [7.3, 37.6], "low": [7.1, 32.6], "high": [7.6, 42.6], "actual": [6.7, 2.0],
    "actual_low": [6.6, 0.0], "actual_high": [6.9, 4.0], "state": ["inside", "below"],
})  # fmt: skip
CHARTS |= {
    "held": lambda: cycle_charts.held(FORETOLD, title="1 of 2 predictions came true"),
    "ring": lambda: cycle_charts.ring(
        {
            name: Quoted(name, 5, unit="count")
            for name in ("response_rate", "funded", "clear_drivers")
        },
        title="The cycle turns",
    ),
}


STAFF = pd.concat(
    [made.guesses(), made.guesses(9, function="A $1 <b>")], ignore_index=True
)  # who guess what customers say
BOOKS = pd.DataFrame({
    "account_id": np.repeat(["a", "b", "c"], 27), "revenue": np.tile([9.0] * 15 + [8.0] * 12, 3),
    "period": np.tile(pd.date_range("2024-01-01", periods=27, freq="MS"), 3),
})  # fmt: skip


def paid_and_owned() -> tuple[alignment.Paid, alignment.Coverage]:
    """What functions are paid on, one of them of a name that has to be escaped."""
    sent = made.sent().replace("Service", "A $1 <b>")
    paid = alignment.paid(sent, made.LABELS, links=made.links())
    return paid, alignment.coverage(made.questions(support="Service"), paid, made.EFFECTS)


CHARTS |= {
    "matrix": lambda: alignment_charts.matrix(*paid_and_owned(), made.LABELS, title="Paid"),
    "employees": lambda: alignment_charts.employees(
        alignment.staff(made.employees(30), wave="W"), title="Inside"
    ),
    "gaps": lambda: alignment_charts.gaps(
        alignment.gaps(STAFF, made.customers(), SurveyDesign(), scales=made.SCALES),
        made.LABELS, title="Staff guess higher",
    ),
    "place": lambda: charts_focus.place(focus.quadrant(focused()[1]), title="Lip service"),
    "retention": lambda: board_charts.retention(
        board.retention(BOOKS, None, until=pd.Timestamp("2026-03-31")), title="90% kept"
    ),
    "scores": lambda: board_charts.scores(
        waves(), title="Loyalty by revenue", label=LABELS["q3"], unit="index"
    ),
}  # fmt: skip


@pytest.fixture(params=CHARTS, scope="module")
def chart(request) -> Chart:
    return CHARTS[request.param]()


@pytest.fixture(scope="module")
def bundle(chart) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return chart._repr_mimebundle_()


def test_every_chart_of_every_room_is_tried_here():
    modules = [module.name for module in pkgutil.walk_packages(views.__path__, "helpers.views.")]
    drawing = [name for name in modules if name.split(".")[-1].startswith(("charts", "intervals"))]
    drawn = {
        name
        for module in map(importlib.import_module, drawing)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__annotations__.get("return") == "Chart"
    }
    assert len(drawn) > 20
    assert drawn <= set(CHARTS)


def test_a_chart_is_drawn_wide_and_narrow_on_white_whatever_its_labels(chart, bundle):
    pictures = [
        Image.open(io.BytesIO(base64.b64decode(found)))
        for found in re.findall(r"base64,([^\"]+)", bundle["text/html"])
    ]
    widths = {round(chart.wide * 200), round(chart.narrow * 200)}
    assert {picture.width for picture in pictures} == widths
    assert {picture.convert("RGB").getpixel((1, 1)) for picture in pictures} == {(255, 255, 255)}


def test_a_chart_says_its_finding_and_its_numbers_in_words(chart):
    assert chart.title
    assert len(chart.alt) > 30
    assert re.search(r"\d", chart.alt)
    assert not re.search(r"\bnan\b", f"{chart.title} {chart.alt} {chart.note}")


def test_html_has_alt_text_and_both_pictures_and_no_markup_of_the_clients(chart, bundle):
    page = bundle["text/html"]
    assert page.count("<img ") == 1
    assert re.search(r'<img alt="[^"]{30,}"', page)
    assert page.count("<source ") == (0 if chart.wide == chart.narrow else 1)
    assert not re.search(r"<(b|i|and)>", page)


def test_plain_text_is_title_and_finding(chart, bundle):
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith(chart.title)
    assert "base64" not in bundle["text/plain"]


def test_the_same_chart_gives_the_same_bytes_and_no_metadata():
    first, second = (dots().png(3.4) for _ in range(2))
    assert first == second
    assert b"Software" not in first
    assert b"tEXt" not in first


@pytest.mark.parametrize("name", ["stated_derived", "penalty_reward"])
def test_pictures_are_to_the_byte_those_that_matplotlib_draws_by_itself(name, monkeypatch):
    """Texts measured for each drawing, and names placed after a whole drawing."""
    made = [CHARTS[name]().png(width) for width in (WIDE, NARROW)]
    monkeypatch.setattr(rendered, "Canvas", FigureCanvasAgg)
    monkeypatch.setattr(labels, "_lay_out", Figure.draw_without_rendering)
    assert [CHARTS[name]().png(width) for width in (WIDE, NARROW)] == made


def test_dark_middle_and_pale_differ_in_greyscale():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    steps = np.diff([lightness(c) for c in (ACCENT, CONTRAST, PALE, "#ffffff")])
    assert (steps > 45).all()


def test_effects_whose_interval_includes_none_are_counted_apart():
    """Effects fall evenly from 2 to −0.2, each ±0.5: five of eight clear zero."""
    title = charts_importance.importance_and_effect(importance()).title
    assert title == "5 of 8 drivers have effects whose intervals clear zero"


def test_a_withheld_value_is_called_withheld_and_not_drawn():
    chart = dots()
    assert "Tiny withheld" in chart.alt
    chart.png(7.2)


def test_rows_left_out_are_counted_in_the_caption():
    many = pd.concat([segments()] * 8)
    assert "First 30 of 32 rows." in dots(many).note


def test_tables_that_cannot_be_drawn_are_refused_with_what_was_found():
    with pytest.raises(ValueError, match="no rows"):
        dots(segments().iloc[:0])
    with pytest.raises(ValueError, match="no column base: it has segment, value"):
        dots(segments().drop(columns="base"))


def test_coverage_without_revenue_says_what_to_send():
    found = coverage()
    found.curve["revenue_share"] = np.nan
    with pytest.raises(ValueError, match=r"send it in accounts\.csv"):
        sampling_charts.coverage_curve(found)


def test_accounts_at_risk_stay_anonymous_without_names():
    chart = linkage_charts.risk_concentration(risk())
    assert "Account 1" in chart.alt
    assert "000" not in chart.alt


def test_risk_held_by_the_top_is_a_share_of_all_risk():
    """1 + 1/2 of 1 + 1/2 + 1/3 + 1/4 is 0.72."""
    assert "hold 72% of" in linkage_charts.risk_concentration(risk(4), top=2).title


def test_a_value_map_without_revenue_draws_equal_bubbles():
    found = placed()
    found.table = found.table.drop(columns="revenue")
    value_map_charts.value_map(found).png(3.4)


def test_no_account_to_protect_is_said_so():
    found = placed()
    found.cells = found.cells[found.cells["cell"] != "Protect & repair"]
    assert value_map_charts.value_map(found).title == "No account is valuable but not loyal"


def test_a_reference_is_named_in_the_caption_of_a_small_picture():
    chart = intervals.small_interval(
        0.9, 0.8, 0.95, domain=(0, 1), unit="share", title="Kept", reference=0.85,
        reference_label="Last wave",
    )  # fmt: skip
    assert chart.note == "Diamond: last wave: 85%."


def test_labels_are_one_line_without_what_cannot_be_drawn():
    assert clean("a\n\x00b\ud800 c\u202e") == "a b c"
    assert len(clean("x" * 10_000)) == 90
    assert named("q9", LABELS) == "q9"


@pytest.mark.filterwarnings("ignore:Glyph")
def test_wrapping_keeps_to_the_room_even_without_spaces():
    figure = Figure(dpi=200)
    for label in (LABELS["q4"] * 3, LABELS["q1"], "W" * 60):
        lines = wrapped(figure, label, 1.2).split("\n")
        assert len(lines) <= 3
        assert max(text_width(figure, line) for line in lines) <= 1.25


def test_a_star_that_marks_a_name_stands_on_no_line_of_its_own():
    figure = Figure()
    inches = text_width(figure, "by the first person")
    assert wrapped(figure, "by the first person *", inches) == "by the first\nperson *"
    assert wrapped(figure, "3 * 4", inches) == "3 * 4"


def test_boxes_know_when_they_meet_and_which_dot_they_name():
    box = Box(0, 0, 1, 1)
    assert box.meets(Box(0.5, 0.5, 2, 2))
    assert not box.meets(Box(1, 0, 2, 1))
    assert box.nearest(np.array([[3.0, 0.5], [1.2, 0.5]])) == 1


def test_floors_and_delighters_are_counted_in_the_title():
    title = charts_shapes.penalty_reward(penalties()).title
    assert title == "Clearly 1 floor and 1 delighter among 8 drivers"


def test_curves_left_out_are_counted_in_the_caption():
    assert "2 further drivers are in the table" in charts_shapes.response_curves(curves(14)).note


def test_a_bend_is_said_with_both_slopes():
    assert (
        "levels off at 6.0: 2.00 a point below, 0.20 above"
        in charts_shapes.response_curves(curves()).alt
    )


def test_both_axes_of_a_region_are_drawn_together():
    """One ellipse a driver and its dot, none of them outside the picture."""
    figure = Figure(figsize=(7.2, 4.6))
    charts_positions.importance_ellipses(regions(3)).draw(figure, 7.2)
    ax = figure.axes[0]
    assert len(ax.patches) == 3
    assert ax.get_xlim()[0] < 5.8 and ax.get_ylim()[1] > 0.25
