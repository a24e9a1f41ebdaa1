"""The ledger: predictions with their intervals, what came of them, what actions gave back."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, norm, t

from helpers.errors import NotEstimable
from helpers.methods import ledger, measure, sampling, survey
from helpers.methods.ledger import Actual
from helpers.methods.survey import SurveyDesign
from helpers.page import open_page

AS_OF = pd.Timestamp("2026-06-30")


def claims(**columns) -> pd.DataFrame:
    rows = {"claim_id": [f"c{n}" for n in range(len(columns["metric"]))], "wave": "w1",
            "predicted": 7.0, "low": 6.0, "high": 8.0, "due": pd.Timestamp("2026-05-31"),
            "actual": np.nan}  # fmt: skip
    return pd.DataFrame(rows | columns)


def waves_of(accounts: int, *, overlap: bool, seed: int = 1) -> SimpleNamespace:
    """Two waves of accounts with two people each that are alike; the same ones, or others."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 1, 2 * accounts)
    first = np.repeat(np.arange(accounts), 2)
    second = first if overlap else first + accounts
    of = np.concatenate([first, second])
    each = pd.DataFrame({"ease": 6 + level[of] + rng.normal(0, 1, len(of))})
    wave = pd.Series(np.repeat(["w1", "w2"], 2 * accounts))
    design = SurveyDesign.over(
        {w: SurveyDesign(clusters=pd.Series(of)[wave == w]).of(wave.index[wave == w])
         for w in ("w1", "w2")}
    )  # fmt: skip
    now = SurveyDesign(clusters=pd.Series(of)[wave == "w2"]).of(wave.index[wave == "w2"])
    return SimpleNamespace(levels=ledger.levels(each, wave, design, now, order=["w1", "w2"]))


def test_the_interval_score_is_that_of_gneiting_and_raftery():
    """(u - l) + 2/alpha (l - x) below, + 2/alpha (x - u) above; equation 43, by hand."""
    assert ledger.interval_score(1, 3, 2.9) == 2
    assert ledger.interval_score(1, 3, 3.5) == pytest.approx(2 + 40 * 0.5)
    assert ledger.interval_score(1, 3, 0.0, confidence=0.8) == pytest.approx(2 + 10 * 1.0)


def test_scores_that_move_together_amount_to_fewer_numbers():
    """Two of correlation r amount to 4 / (2 + 2 r^2): its eigenvalues are 1 + r and 1 - r."""
    rng = np.random.default_rng(3)
    one = rng.normal(size=4_000)
    pair = pd.DataFrame({"a": one, "b": 0.6 * one + 0.8 * rng.normal(size=4_000)})
    r = pair.corr().iloc[0, 1]
    assert ledger.independent(pair) == pytest.approx(4 / (2 + 2 * r**2))
    assert ledger.independent(pair) == pytest.approx(4 / 2.72, abs=0.05)


def test_drift_is_what_steps_hold_beyond_sampling():
    rng = np.random.default_rng(4)
    steps = pd.DataFrame({
        "wave": np.repeat([f"w{n}" for n in range(400)], 3), "spread": 2.0, "standard_error": 0.1,
    })  # fmt: skip
    steps["value"] = np.repeat(rng.normal(0, 0.16, 400), 3) + rng.normal(0, 0.1, 1_200)
    assert ledger.drift(steps).spread == pytest.approx(0.16 / 2, rel=0.1)
    assert ledger.drift(steps.assign(value=0.0)).spread == 0.0
    none = ledger.drift(steps.head(0))
    assert (none.spread, none.freedom, none.steps) == (ledger.PRIOR, 2.0, 0)


def test_accounts_that_answer_again_make_a_prediction_narrower():
    same, others = (waves_of(150, overlap=overlap) for overlap in (True, False))
    calm = ledger.Drift(0.0, 10.0, 2)
    widths = [
        ledger.predicted(one.levels, calm).eval("high - low").item() for one in (same, others)
    ]
    assert widths[0] < 0.85 * widths[1]


def test_a_prediction_has_the_error_of_both_samples_and_the_drift():
    made = waves_of(150, overlap=False).levels
    step = made.steps.iloc[0]
    row = ledger.predicted(made, ledger.Drift(0.1, 1e9, 5)).iloc[0]
    variance = step["standard_error"] ** 2 + (0.1 * made.of("ease", "w2")["spread"]) ** 2
    assert row["high"] - row["predicted"] == pytest.approx(1.96 * variance**0.5, rel=0.01)
    fewer = ledger.predicted(made, ledger.Drift(0.1, 1e9, 5), answers=0.5).iloc[0]
    assert fewer["sampling"] == pytest.approx(row["sampling"] * 1.5)


def test_few_waves_make_a_wider_interval_than_many_of_the_same_drift():
    made = waves_of(150, overlap=True).levels
    few, many = (ledger.predicted(made, ledger.Drift(0.3, n, 2)).iloc[0] for n in (3.0, 300.0))
    assert few["high"] - few["low"] > 1.1 * (many["high"] - many["low"])


def alone(accounts: int, people: int) -> pd.Series:
    """What one wave of accounts with so many people each, all alike, predicts."""
    of = pd.Series(np.repeat(np.arange(accounts), people))
    level = np.random.default_rng(2).normal(6, 1, accounts)
    each, waves = pd.DataFrame({"ease": level[of]}), pd.Series("w1", of.index)
    design = SurveyDesign(clusters=of).of(of.index)
    one = ledger.levels(each, waves, design, design, order=["w1"])
    return ledger.predicted(one, ledger.Drift(0.0, 1e9, 0)).iloc[0]


def test_one_wave_has_as_many_degrees_of_freedom_as_it_has_accounts():
    row = alone(6, 50)
    assert row["freedom"] < 6
    half = t.ppf(0.975, row["freedom"]) * row["sampling"] ** 0.5
    assert row["high"] - row["predicted"] == pytest.approx(half)


def test_the_effect_of_an_action_is_as_unsure_as_its_driver():
    """Reaching everybody, and known for sure, it is seen with just the error of the score."""
    made = waves_of(150, overlap=False).levels
    scores = ledger.predicted(made, ledger.Drift(0.3, 3.0, 1))
    effect = pd.DataFrame({"action_id": ["A"], "driver": "ease", "mean": 0.4, "variance": 0.0,
                           "reach": 1.0})  # fmt: skip
    row, score = ledger.effects_predicted(effect, scores).iloc[0], scores.iloc[0]
    assert row["high"] - row["low"] == pytest.approx(score["high"] - score["low"])
    part = ledger.effects_predicted(effect.assign(reach=0.1), scores).iloc[0]
    assert part["high"] > row["high"]


def test_a_prediction_stays_on_its_scale():
    made = waves_of(150, overlap=True).levels
    effect = pd.DataFrame({"mean": [9.0], "variance": [1.0]}, index=["ease"])
    row = ledger.predicted(made, ledger.drift(made.steps), effects=effect,
                           ends={"ease": (0.0, 10.0)}).iloc[0]  # fmt: skip
    assert (row["predicted"], row["high"]) == (10.0, 10.0)


ACTIONS = pd.DataFrame({
    "action_id": ["A", "B"], "name": ["Desk", "Portal"], "function": "Sales", "cost_once": 10.0,
    "cost_year": 5.0, "effort_days": 1, "months": [4, 9], "reach": "all",
    "adoption_low": 0.5, "adoption_mid": 0.6, "adoption_high": 0.7,
})  # fmt: skip
EFFECTS = pd.DataFrame({
    "action_id": ["A", "B"], "driver": "ease", "change_low": 0.4, "change_mid": 0.5,
    "change_high": 0.6, "basis": "pilot",
})  # fmt: skip


def test_only_actions_that_work_before_the_next_wave_move_a_driver():
    chosen = pd.DataFrame({"action_id": ["A", "B"], "funded": True, "starts": "2026Q3"})
    works = ledger.in_force(chosen, ACTIONS, as_of=AS_OF)
    made = partial(ledger.effects_of, ACTIONS, EFFECTS, works, {"A": 0.5, "B": 1.0},
                   drivers=["ease"], as_of=AS_OF)  # fmt: skip
    soon = made(by=pd.Timestamp("2026-11-15"), rng=np.random.default_rng(1))
    assert soon["action_id"].tolist() == ["A"]
    assert soon["mean"].item() == pytest.approx(0.6 * 0.5, abs=0.02)
    assert ledger.moved(soon)["mean"].item() == pytest.approx(soon["mean"].item() / 2)
    late = made(by=pd.Timestamp("2027-11-15"), rng=np.random.default_rng(1))
    assert set(late["action_id"]) == {"A", "B"}
    assert made(by=pd.Timestamp("2026-07-15"), rng=np.random.default_rng(1)).empty


def test_what_was_delivered_before_the_wave_is_not_to_come_again():
    """A was delivered before the wave: its answers hold it. B came after it: they do not."""
    chosen = pd.DataFrame({"action_id": ["A", "B", "C"], "funded": True, "starts": "2026Q3"})
    done = pd.Series({"A": pd.Timestamp("2026-05-15"), "B": pd.Timestamp("2026-06-01")})
    works = partial(ledger.in_force, chosen, ACTIONS, as_of=AS_OF, delivered=done)
    assert works(wave_day=pd.Timestamp("2026-05-15")).index.tolist() == ["B", "C"]
    assert works(wave_day=pd.NaT).index.tolist() == ["C"]


def test_without_a_plan_nothing_is_funded():
    assert ledger.in_force(None, ACTIONS, as_of=AS_OF).empty
    assert ledger.moved(ledger.no_effects()).empty


def test_every_row_has_its_state_and_none_is_dropped():
    rows = claims(
        metric=["ease", "ease", "ease", "speed", "ease", "ease", "effect of A on ease"],
        low=[6.0, 8.0, 6.0, 6.0, 6.0, 6.0, 6.0],
        due=pd.to_datetime(["2026-05-31"] * 2 + ["2027-05-31"] + ["2026-05-31"] * 4),
        actual=[np.nan] * 5 + [9.0, np.nan],
    )
    rows.loc[1, "high"] = 6.0
    found = {"c0": Actual(5.0, 4.0, 6.0, 90), "c1": Actual(7.0, 6.0, 8.0, 90),
             "c3": Actual(state="unknown"), "c6": Actual(state="not delivered")}  # fmt: skip
    made = ledger.scored(rows, found, as_of=AS_OF)
    assert made.table["state"].tolist() == [
        "below", "reversed", "open", "unknown", "not measured", "above", "not delivered",
    ]  # fmt: skip
    assert made.table["source"].tolist()[5] == "sent"
    assert (made.inside, len(made.measured)) == (0, 2)


def test_a_range_that_runs_backwards_is_told_even_where_it_was_measured():
    rows = claims(metric=["ease"], low=[9.0])
    state = ledger.scored(rows, {"c0": Actual(7.0, 6, 8, 90)}, as_of=AS_OF).table["state"]
    assert state.item() == "reversed"


def many(inside: int, outside: int) -> ledger.Scored:
    rows = claims(metric=[f"m{n}" for n in range(inside + outside)])
    actual = [7.0] * inside + [9.0] * outside
    found = {f"c{n}": Actual(a, a, a, 90) for n, a in enumerate(actual)}
    return ledger.scored(rows, found, as_of=AS_OF)


@pytest.mark.parametrize(
    ("inside", "outside", "verdict"),
    [(19, 1, "as promised"), (38, 2, "as promised"), (30, 10, "too narrow"), (6, 2, "too few")],
)
def test_ranges_are_judged_from_ten_independent_numbers_on(inside, outside, verdict):
    assert many(inside, outside).verdict == verdict


def test_coverage_and_bias_are_those_of_the_rows():
    made = many(30, 10)
    share, low, high = made.coverage
    assert (share, (low, high)) == (0.75, survey.wilson(30, 40))
    off = 2 / (2 / (2 * norm.ppf(0.975)))  # two units off, a standard error of 2 / (2 x 1.96)
    assert made.bias == (pytest.approx(10 * off / 40), pytest.approx(norm.ppf(0.975) / 40**0.5))
    assert made.exact[0] < low


def test_the_bias_of_claims_that_go_together_strays_as_their_mean_does():
    """The variance of a mean holds correlations, not their squares: n / (1 + (n - 1) r)."""
    rng = np.random.default_rng(7)
    names = [f"m{n}" for n in range(10)]
    answers = pd.DataFrame(
        0.7 * rng.normal(size=(3_000, 1)) + rng.normal(size=(3_000, 10)) * 0.51**0.5,
        columns=names,
    )
    found = {f"c{n}": Actual(7.0, 6, 8, 90) for n in range(10)}
    made = ledger.scored(claims(metric=names), found, as_of=AS_OF, together=answers)
    number = 100 / answers.corr().to_numpy().sum()
    assert number == pytest.approx(10 / (1 + 9 * 0.49), abs=0.1)
    assert made.bias[1] == pytest.approx(norm.ppf(0.975) / number**0.5)
    assert made.independent == pytest.approx(100 / (answers.corr() ** 2).to_numpy().sum())


def test_every_wave_adds_to_the_independent_numbers():
    answers = pd.DataFrame(np.random.default_rng(8).normal(size=(500, 2)), columns=["a", "b"])

    def over(waves: int) -> ledger.Scored:
        rows = claims(metric=["a", "b"] * waves, wave=np.repeat(np.arange(waves), 2).astype(str))
        found = {f"c{n}": Actual(7.0, 6, 8, 90) for n in range(2 * waves)}
        return ledger.scored(rows, found, as_of=AS_OF, together=answers)

    assert over(1).verdict == "too few"
    assert over(8).independent == pytest.approx(8 * over(1).independent)
    assert over(8).verdict == "as promised"
    assert over(8).bias[1] == pytest.approx(over(1).bias[1] / 8**0.5)


def test_the_ledger_is_renewed_once_and_the_same_again():
    old = claims(metric=["ease", "nps"])
    made = ledger.scored(old, {"c0": Actual(7.123456, 6, 8, 90)}, as_of=AS_OF)
    new = ledger.claims("w2", old[["metric", "predicted", "low", "high"]], due=AS_OF)
    once = ledger.renewed(old, made, new)
    assert once["claim_id"].tolist() == ["c0", "c1", "w2-ease", "w2-nps"]
    assert once["actual"].tolist()[0] == 7.1235
    changed = ledger.claims(
        "w2", old.assign(predicted=1.0)[["metric", "predicted", "low", "high"]], due=AS_OF
    )
    again = ledger.renewed(once, None, changed)
    pd.testing.assert_frame_equal(again, once)


def test_the_next_wave_is_later_than_the_data():
    for as_of in pd.to_datetime(["2026-06-30", "2027-06-30"]):
        day = ledger.next_day(pd.to_datetime(["2025-11-15", "2026-05-15"]), as_of=as_of)
        assert day > as_of
    assert ledger.next_day([], as_of=AS_OF, months=6) == pd.Timestamp("2026-12-30")


@pytest.mark.parametrize("now", [300, 30, 2, 1])
def test_the_share_kept_is_a_beta_binomial_one(now):
    kept, low, high = ledger.share_kept(0.065, 1_500, now)
    gone = betabinom(now, 0.065 * 1_500 + 0.5, 0.935 * 1_500 + 0.5)
    assert kept == pytest.approx(0.935)
    assert [low, high] == pytest.approx([1 - gone.ppf(q) / now for q in (0.975, 0.025)])


def test_all_of_few_accounts_may_stay():
    """Of thirty of which two in a hundred leave, all stay more often than not."""
    assert ledger.share_kept(0.02, 1_000, 30)[2] == 1.0
    assert ledger.share_kept(0.0, 40, 1) == (1.0, 1.0, 1.0)
    assert ledger.share_kept(0.001, 1_000, 1) == pytest.approx((0.999, 0.0, 1.0))
    for base, now in ((1_000, 0), (0, 30)):
        with pytest.raises(NotEstimable, match="no account"):
            ledger.share_kept(0.02, base, now)


def test_a_share_that_is_an_end_of_its_range_is_inside_however_the_ledger_rounds_it():
    kept, low, high = ledger.share_kept(0.065, 1_500, 300)
    sent = ledger.claims("w1", pd.DataFrame({
        "metric": ["a", "b"], "predicted": kept, "low": low, "high": high,
    }), due=AS_OF)  # fmt: skip
    found = {"w1-a": Actual(low, low, low, 300), "w1-b": Actual(high, high, high, 300)}
    made = ledger.scored(sent, found, as_of=AS_OF)
    assert made.inside == 2
    assert made.table["widths"].tolist() == pytest.approx([1, 1])


RATED = SimpleNamespace(waves=pd.Series(["w1"] * 60 + ["w2"] * 60))


def returned(rise: float, **more) -> ledger.Returned:
    rng = np.random.default_rng(5)
    rating = rng.normal(6, 1, 120) + rise * (RATED.waves == "w2")
    options = {"reached": pd.DataFrame({"A": True, "B": True}, index=RATED.waves.index),
               "dates": {"w1": pd.Timestamp("2025-11-15"), "w2": pd.Timestamp("2026-05-15")},
               "as_of": AS_OF}  # fmt: skip
    when = pd.Series({"A": pd.Timestamp("2025-12-31"), "B": pd.Timestamp("2026-06-15")})
    return ledger.returned(when, ACTIONS, EFFECTS, pd.DataFrame({"ease": rating}), RATED.waves,
                           SurveyDesign(), **options | more)  # fmt: skip


@pytest.mark.parametrize(("rise", "verdict"), [(1.0, "rose"), (-1.0, "fell"), (0.0, "not clear")])
def test_a_rating_has_a_direction_only_where_it_is_clear(rise, verdict):
    made = returned(rise)
    assert made.table["verdict"].tolist() == [verdict, "not measured"]
    assert made.verdict == verdict
    assert made.spent == pytest.approx(20.0 + 5.0 * (181 + 15) / 365.25)


def test_a_change_that_chance_gives_among_many_has_no_direction():
    """A change of p 0.02 is clear alone, and not among twenty of which the others are nothing."""
    rating = pd.DataFrame({"ease": np.tile([5.0, 7.0], 60) + 0.42 * (RATED.waves == "w2")})
    flat = {f"d{n}": np.tile([5.0, 7.0], 60) for n in range(19)}
    when = pd.Series({"A": pd.Timestamp("2025-12-31")})
    effects = EFFECTS.head(1)
    both = [
        ledger.returned(
            when, ACTIONS, moved, rating.assign(**flat), RATED.waves, SurveyDesign(),
            reached=pd.DataFrame({"A": True}, index=RATED.waves.index), as_of=AS_OF,
            dates={"w1": pd.Timestamp("2025-11-15"), "w2": pd.Timestamp("2026-05-15")},
        )
        for moved in (effects, pd.concat([effects, *(effects.assign(driver=d) for d in flat)]))
    ]  # fmt: skip
    assert 0.01 < both[0].table["p"].item() < 0.04
    assert [one.verdict for one in both] == ["rose", "not clear"]


def test_a_change_that_would_give_away_the_few_who_are_not_reached_is_not_told():
    few = pd.DataFrame({"A": np.arange(120) % 20 > 0, "B": True}, index=RATED.waves.index)
    assert returned(1.0, reached=few, smallest=2).table["verdict"].tolist()[0] == "rose"
    assert returned(1.0, reached=few).table["verdict"].tolist()[0] == "not measured"


def test_nothing_delivered_is_nothing_returned():
    with pytest.raises(NotEstimable, match="no action of the list was delivered yet"):
        ledger.returned(pd.Series(dtype="datetime64[ns]"), ACTIONS, EFFECTS, pd.DataFrame(),
                        RATED.waves, SurveyDesign(), reached=pd.DataFrame(), dates={},
                        as_of=AS_OF)  # fmt: skip


def test_no_money_goes_with_a_rating_that_did_not_rise_clearly_or_an_action_of_two_drivers():
    gains = pd.DataFrame({"action_id": ["A"], "gain": [600.0], "low": [120.0], "high": [900.0]})
    two = pd.concat([EFFECTS, EFFECTS.head(1).assign(driver="speed")])
    saving = ACTIONS.assign(saving_year=5.0)
    assert ledger.worth_of_rise(returned(0.0), ACTIONS, EFFECTS, gains) is None
    assert ledger.worth_of_rise(returned(1.0), ACTIONS, two, gains) is None
    assert ledger.worth_of_rise(returned(1.0), saving, EFFECTS, gains) is None
    assert ledger.worth_of_rise(returned(1.0), ACTIONS, EFFECTS, None) is None
    money, low, high = ledger.worth_of_rise(returned(1.0), ACTIONS, EFFECTS, gains)
    change = returned(1.0).table["change"].iloc[0]
    assert money == pytest.approx(600 * change / (0.6 * 0.5))
    assert 0 < low < money < high


def rose(**columns) -> ledger.Returned:
    rows = {"spent": 9.0, "driver": "ease", "before": "w1", "after": "w2", "change": 0.3,
            "low": 0.1, "high": 0.5, "verdict": "rose"}  # fmt: skip
    return ledger.Returned(pd.DataFrame(rows | columns))


GAINS = pd.DataFrame({"action_id": ["A", "B"], "gain": 600.0, "low": 120.0, "high": 900.0})


def test_one_rise_of_a_driver_is_counted_once_however_many_actions_work_on_it():
    two = EFFECTS.assign(change_mid=[0.5, 1.0])
    one = ledger.worth_of_rise(rose(action_id=["A"]), ACTIONS, EFFECTS, GAINS)
    alike = ledger.worth_of_rise(rose(action_id=["A", "B"]), ACTIONS, EFFECTS, GAINS)
    assert alike == pytest.approx(one)
    money, *_ = ledger.worth_of_rise(rose(action_id=["A", "B"]), ACTIONS, two, GAINS)
    assert money == pytest.approx(2 * 600 * 0.3 / (0.6 * 1.5))
    apart = rose(action_id=["A", "B"], before=["w0", "w1"], after=["w1", "w2"])
    assert ledger.worth_of_rise(apart, ACTIONS, EFFECTS, GAINS) == pytest.approx(
        tuple(2 * end for end in one)
    )


def test_the_ends_of_a_worth_are_those_of_the_product():
    """Money from -120 to 900 of a rise from 0.1 to 0.5: the least is the loss at the most."""
    loss = GAINS.assign(low=-120.0)
    stated = 0.6 * 0.5
    ends = ledger.worth_of_rise(rose(action_id=["A"]), ACTIONS, EFFECTS, loss)
    assert ends == pytest.approx([v / stated for v in (600 * 0.3, -120 * 0.5, 900 * 0.5)])


def test_people_who_were_told_are_compared_with_their_like():
    """Whoever rates action higher says more often that it was told: that alone is no gain."""
    rng = np.random.default_rng(6)
    acted = rng.normal(3, 1, 900)
    rows = pd.DataFrame({
        "account_id": np.arange(900) // 2, "wave": "w1", "acted": acted, "account_before": acted,
        "told": rng.random(900) < 1 / (1 + np.exp(-(acted - 3) * 2)), "score": 60.0,
        "acted_after": 0.5 * acted + rng.normal(0, 0.5, 900),
        "answered": (rng.random(900) < 0.5).astype(float),
    })  # fmt: skip
    made = ledger.told(rows)
    assert made.part("acted")["rate"] - made.part("acted")["level"] > 0.4
    assert made.part("acted")["verdict"] == made.part("answers")["verdict"] == "not clear"
    assert made.table["p"].min() > 0.05
    better = ledger.told(rows.assign(acted_after=rows["acted_after"] + 0.2 * rows["told"]))
    assert better.part("acted")["verdict"] == "more" and better.part("acted")["p"] < 0.001
    with pytest.raises(NotEstimable, match="fewer than 30"):
        ledger.told(rows.head(20))


@pytest.fixture(scope="module")
def northfield() -> SimpleNamespace:
    page = open_page("sampling", "northfield")
    study, answers = page.study, page.study.all_responses
    over = measure.loyalty_measures(
        answers, study.roles, study.scales, study.labels, study.outcome("loyalty", "all"),
        axes=study.sides("all"),
    )  # fmt: skip
    waves = answers["wave"]
    asked = ledger.tracked(over, study.ratings_of("all"), study.labels, study.scales, waves,
                           order=study.waves)  # fmt: skip
    accounts = answers["account_id"].fillna(pd.Series(answers.index, answers.index))
    design = SurveyDesign.over(
        {w: SurveyDesign(clusters=accounts[waves == w]).of(waves.index[waves == w])
         for w in study.waves}
    )  # fmt: skip
    now = waves.index[waves == study.wave]
    current = SurveyDesign(clusters=accounts[now]).of(now)
    levels = ledger.levels(asked.each, waves, design, current, order=study.waves)
    return SimpleNamespace(study=study, asked=asked, levels=levels, waves=waves)


def test_a_ledger_may_call_a_score_by_its_question_or_its_label(northfield):
    known = northfield.asked.known
    named = {name: ledger.same_name(name, known) for name in (
        "loyalty", "satisfaction", "NPS", "Delivery", "delivery", "Net promoter score", "speed",
    )}  # fmt: skip
    assert named == {
        "loyalty": "loyalty_index", "satisfaction": "satisfaction_mean", "NPS": "nps",
        "Delivery": "delivery", "delivery": "delivery", "Net promoter score": "nps",
        "speed": None,
    }  # fmt: skip


def test_a_claim_is_about_the_wave_after_its_own(northfield):
    study, levels = northfield.study, northfield.levels
    rows = claims(metric=["delivery"] * 3, wave=["2025H1", "2026H1", "Spring"],
                  due=pd.to_datetime(["2025-11-30", "2026-11-30", "2025-11-30"]))  # fmt: skip
    found = ledger.actuals(rows, levels, known=northfield.asked.known, dates=study.wave_dates,
                           delivered=pd.Series(dtype="datetime64[ns]"))  # fmt: skip
    before = levels.of("delivery", "2025H2")["value"]
    assert found["c0"].value == found["c2"].value == before
    assert not found["c1"].there


def test_of_northfields_eight_predictions_six_are_inside(northfield):
    study = northfield.study
    found = ledger.actuals(study.table("ledger"), northfield.levels, known=northfield.asked.known,
                           dates=study.wave_dates,
                           delivered=pd.Series(dtype="datetime64[ns]"))  # fmt: skip
    made = ledger.scored(study.table("ledger"), found, as_of=study.as_of,
                         together=northfield.asked.each, known=northfield.asked.known)  # fmt: skip
    states = made.table.set_index("metric")["state"]
    assert states["delivery"] == "below"
    assert (len(made.measured), made.verdict) == (8, "too few")
    assert made.independent < 5


def test_what_was_lost_is_counted_in_its_window(northfield):
    study = northfield.study
    answered = study.all_responses[["account_id", "wave"]]
    sent = {"listed": study.accounts, "financials": study.table("financials")}
    made = ledger.lost_since("2025H2", pd.Timestamp("2025-12-30"), 6, answered=answered, **sent)
    listed = study.accounts.set_index("account_id")["end_date"]
    own = listed[listed.index.isin(answered.loc[answered["wave"] == "2025H2", "account_id"])]
    gone = own[(own > "2025-12-30") & (own <= "2026-06-30")]
    assert made["share of accounts kept"] == pytest.approx(1 - len(gone) / made["accounts"])
    assert made["revenue lost"] > 0


def test_the_change_of_response_is_that_of_the_standard_rate(northfield):
    study = northfield.study
    made = ledger.response_change(study.invited, order=study.waves)
    rates = [sampling.response_rates(study.invited.loc[study.invited["wave"] == w, "disposition"])
             for w in study.waves[-2:]]  # fmt: skip
    assert made.value == pytest.approx(rates[1].rr1 - rates[0].rr1)
    assert made.low < made.value < made.high
    with pytest.raises(NotEstimable, match="no earlier wave"):
        ledger.response_change(study.invited, order=study.waves[-1:])
