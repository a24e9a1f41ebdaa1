"""One design for every estimate: what it takes, what it refuses, and how it is kept."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, nonresponse, quality, survey, weighting
from helpers.methods.survey import SurveyDesign

TIERS = {"tier": pd.Series({"A": 300, "B": 700})}
POLICY = SimpleNamespace(suppress=2, test=2, flag=2)
ROWS = [f"r{i}" for i in range(60)]
HALVES = pd.Series(np.tile(["x", "y"], 30), index=ROWS)
FLAGS = pd.DataFrame({"some": HALVES == "x"})


def _groups(values, design):
    return survey.by_group(survey.mean, values, HALVES.reindex(values.index), design)


def _between(values, design):
    numbers = survey.SurveyDesign().answers(values)
    return survey.difference(
        numbers.where(HALVES.reindex(numbers.index) == "x"),
        numbers.where(HALVES.reindex(numbers.index) == "y"), design,
    )  # fmt: skip


ESTIMATORS = {
    "mean": survey.mean,
    "proportion": lambda v, d: (
        survey.proportion(SurveyDesign().answers(v) >= 7, d)
        if v.notna().all()
        else survey.proportion((SurveyDesign().answers(v) >= 7).where(v.notna()), d)
    ),
    "total": survey.total,
    "ratio": lambda v, d: survey.ratio(v, pd.Series(2.0, index=v.index), d),
    "net promoter": survey.net_promoter,
    "difference": _between,
    "groups": _groups,
    "precision": lambda v, d: survey.precision(survey.mean, v, d).table,
    "estimands": lambda v, d: (
        survey.estimands(v, HALVES.index.to_series().str[1], None, d).table
        if len(v) == 60
        else survey.estimands(v, v.index.to_series().str[1], None, d).table
    ),
    "top share": lambda v, d: loyalty.top_share(v, d, top=8),
    "breakdown": lambda v, d: (
        loyalty.breakdown(
            SurveyDesign().answers(v), HALVES.reindex(v.index).to_frame("half"), POLICY, d
        ).table
    ),
    "dropping": lambda v, d: quality.dropping(v, FLAGS.reindex(v.index), d),
    "contrast": lambda v, d: nonresponse.contrast(
        v.to_frame("score"), HALVES.reindex(v.index) == "x", d
    ),
    "account scores": lambda v, d: loyalty.account_scores(v, v.index.to_series().str[1], d).table,
}


def numbers(found):
    """All numbers of an estimate or a table, in order."""
    table = found if isinstance(found, pd.DataFrame) else found.table
    return table.select_dtypes("number").to_numpy(float).ravel()


@pytest.fixture
def scores(rng):
    return pd.Series(rng.integers(0, 11, 60).astype(float), index=ROWS)


@pytest.fixture
def parts(rng):
    """Sixty people of twenty accounts in two strata, with unequal weights."""
    account = np.arange(60) // 3
    return {
        "weights": pd.Series(rng.uniform(0.5, 2, 60), index=ROWS),
        "strata": pd.Series(np.where(account < 8, "top", "tail"), index=ROWS),
        "clusters": pd.Series([f"a{i}" for i in account], index=ROWS),
    }


@pytest.fixture
def raked(parts):
    tier = pd.DataFrame({"tier": np.tile(["A", "B", "B"], 20)}, index=ROWS)
    weights = weighting.rake(tier, TIERS)
    return SurveyDesign(weights, strata=parts["strata"], clusters=parts["clusters"])


# --- one contract --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_weight_of_zero_leaves_a_respondent_out(name, scores, parts):
    away = pd.Series(np.arange(60) % 7 == 3, index=ROWS)
    design = SurveyDesign(parts["weights"].mask(away, 0.0), clusters=parts["clusters"])
    kept = SurveyDesign(parts["weights"][~away], clusters=parts["clusters"][~away])
    found, alone = ESTIMATORS[name](scores, design), ESTIMATORS[name](scores[~away], kept)
    np.testing.assert_allclose(numbers(found), numbers(alone))


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_weights_that_cannot_be_are_refused_and_the_rows_named(name, bad, scores, parts):
    weights = parts["weights"].copy()
    weights[["r4", "r9", "r11", "r12", "r30"]] = bad
    kind = {-1.0: "negative"}.get(bad, "missing" if np.isnan(bad) else "infinite")
    with pytest.raises(ValueError, match=f"{kind} for rows 'r4', 'r9', 'r11' and 2 more"):
        ESTIMATORS[name](scores, SurveyDesign(weights))


@pytest.mark.parametrize("name", ESTIMATORS)
def test_answers_written_as_text_are_numbers(name, scores, parts):
    design = SurveyDesign(**parts)
    text = scores.map(lambda one: f" {one:g} " if one > 5 else f"{one:g}").astype(object)
    np.testing.assert_allclose(
        numbers(ESTIMATORS[name](text, design)), numbers(ESTIMATORS[name](scores, design))
    )


@pytest.mark.parametrize("name", ESTIMATORS)
def test_text_that_is_no_number_is_refused_and_its_row_named(name, scores, parts):
    text = scores.astype(object)
    text["r5"] = "n/a"
    with pytest.raises(ValueError, match="first: 'n/a', row 'r5'"):
        ESTIMATORS[name](text, SurveyDesign(**parts))


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_what_is_missing_is_missing_however_it_is_written(name, missing, scores, parts):
    design, holes = SurveyDesign(**parts), scores.astype(object)
    holes[["r2", "r40"]] = missing
    plain = scores.mask(scores.index.isin(["r2", "r40"]))
    np.testing.assert_allclose(
        numbers(ESTIMATORS[name](holes, design)), numbers(ESTIMATORS[name](plain, design))
    )


@pytest.mark.parametrize("name", [n for n in ESTIMATORS if n != "dropping"])
def test_a_domain_equals_answers_set_missing_elsewhere(name, scores, raked):
    here = pd.Series(np.arange(60) % 4 > 0, index=ROWS)
    found = ESTIMATORS[name](scores, raked.where(here))
    np.testing.assert_allclose(numbers(found), numbers(ESTIMATORS[name](scores.where(here), raked)))


def test_a_domain_of_a_domain_is_both(scores, raked):
    first, second = np.arange(60) % 2 == 0, np.arange(60) < 40
    both = raked.where(first & second)
    assert survey.mean(scores, raked.where(first).where(second)) == survey.mean(scores, both)


# --- matching ------------------------------------------------------------------------------


def test_columns_are_matched_by_label_in_any_order(scores, parts, rng):
    mixed = SurveyDesign(**{k: p.sample(frac=1, random_state=rng) for k, p in parts.items()})
    found, one = survey.mean(scores, mixed), survey.mean(scores, SurveyDesign(**parts))
    assert (found.value, found.low) == pytest.approx((one.value, one.low))


def test_arrays_are_matched_by_position(scores, parts):
    arrays = SurveyDesign(**{name: part.to_numpy() for name, part in parts.items()})
    assert survey.mean(scores, arrays) == survey.mean(scores, SurveyDesign(**parts))
    assert survey.mean(scores.to_numpy(), SurveyDesign(**parts)) == survey.mean(scores, arrays)


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        (pd.Series([1.0, 2.0], index=["r1", "r99"]), "none for 'r99'"),
        (pd.Series([1.0, 2.0], index=["r1", "r1"]), "labels that repeat"),
        ([1.0, 2.0], "2 entries for 60 values|60 values"),
    ],
)
def test_answers_of_others_are_refused(values, advice, parts):
    with pytest.raises(ValueError, match=advice):
        survey.mean(values, SurveyDesign(**parts))


def test_respondents_in_another_order_keep_what_was_fitted(scores, raked, rng):
    order = pd.Index(rng.permutation(ROWS))
    turned = raked.of(order)
    assert turned.index.tolist() == order.tolist()
    found, one = survey.mean(scores.reindex(order), turned), survey.mean(scores, raked)
    assert found.standard_error == pytest.approx(one.standard_error, rel=1e-9)
    with pytest.raises(ValueError, match=r"where\(\)"):
        raked.of(order[:30])


def test_weights_give_their_design(parts):
    tier = pd.DataFrame({"tier": np.tile(["A", "B", "B"], 20)}, index=ROWS)
    weights = weighting.rake(tier, TIERS)
    assert weights.design == SurveyDesign(weights)
    assert weights.design.calibration is not None


# --- covariance ----------------------------------------------------------------------------


def test_a_covariance_matrix_holds_the_variance_of_every_sum(scores, raked, rng):
    _, resolved = raked.resolve(scores)
    influences = rng.normal(size=(60, 3))
    found = resolved.covariance(influences)
    for mix in ([1, 0, 0], [1, -1, 0], [2, 1, 3]):
        expected = resolved.variance(influences @ mix)
        assert np.array(mix) @ found @ mix == pytest.approx(expected)


def test_a_regression_by_influences_is_the_linearised_one(scores, raked):
    """Coefficients of a weighted regression: their score is what raking left over, by stratum."""
    x = np.column_stack([np.ones(60), np.arange(60) % 5, np.arange(60) % 3])
    _, resolved = raked.resolve(scores)
    w = resolved.weights
    bread = np.linalg.inv(x.T @ (x * w[:, None]))
    residual = scores.to_numpy() - x @ (bread @ x.T @ (w * scores.to_numpy()))
    found = resolved.covariance((x * (w * residual)[:, None]) @ bread)
    tier = np.tile([0, 1, 1], 20)
    each = (x * residual[:, None]) @ bread
    left = each - np.array([each[tier == t].mean(axis=0) for t in (0, 1)])[tier]
    account, top = np.arange(60) // 3, np.arange(20) < 8
    totals = np.zeros((20, 3))
    np.add.at(totals, account, left * w[:, None])
    by_hand = np.zeros((3, 3))
    for stratum in (top, ~top):
        off = totals[stratum] - totals[stratum].mean(axis=0)
        by_hand += stratum.sum() / (stratum.sum() - 1) * off.T @ off
    np.testing.assert_allclose(found, by_hand, rtol=1e-9)


# --- waves ---------------------------------------------------------------------------------


@pytest.fixture
def waves(rng):
    """Two waves of 60: half of the accounts of the first answer again."""
    found = {}
    for place, wave in enumerate(("w1", "w2")):
        index = [f"{wave}-{i}" for i in range(60)]
        account = np.arange(60) // 3 + 10 * place
        tier = pd.DataFrame({"tier": np.tile(["A", "B", "B"], 20)}, index=index)
        found[wave] = SurveyDesign(
            weighting.rake(tier, TIERS),
            strata=pd.Series(np.where(account < 15, "top", "tail"), index=index),
            clusters=pd.Series([f"a{i}" for i in account], index=index),
        )
    whole = SurveyDesign.over(found)
    return found, whole, pd.Series(rng.normal(7, 2, 120), index=whole.index)


def test_an_estimate_in_one_wave_is_by_its_own_design(waves):
    parts, whole, score = waves
    for design in parts.values():
        assert survey.mean(score[design.index], whole) == survey.mean(score[design.index], design)
    assert whole.weighted_waves == ("w1", "w2")
    assert whole.waves.tolist() == ["w1"] * 60 + ["w2"] * 60


def test_a_change_over_waves_is_that_of_a_pair_of_designs(waves):
    parts, whole, score = waves
    before, after = (score.where(whole.waves == wave) for wave in parts)
    found = survey.difference(before, after, whole)
    pair = survey.difference(before.dropna(), after.dropna(), tuple(parts.values()))
    assert (found.value, found.low, found.clusters) == (pair.value, pair.low, 30)


def test_strata_and_calibration_count_in_a_change(waves):
    """By hand: influences less what raking explains, by account and stratum over both waves."""
    parts, whole, score = waves
    before, after = (score.where(whole.waves == wave) for wave in parts)
    influence = []
    for sign, design in zip((-1, 1), parts.values(), strict=True):
        values, w = score[design.index].to_numpy(), design.weights_of()
        each, tier = values - np.average(values, weights=w), np.tile([0, 1, 1], 20)
        each -= np.array([each[tier == t].mean() for t in (0, 1)])[tier]
        influence.append(sign * each * w / w.sum())
    account = np.r_[np.arange(60) // 3, np.arange(60) // 3 + 10]
    totals = np.bincount(account, np.concatenate(influence))
    by_hand = 0.0
    for stratum in (np.arange(30) < 15, np.arange(30) >= 15):
        off = totals[stratum] - totals[stratum].mean()
        by_hand += stratum.sum() / (stratum.sum() - 1) * off @ off
    found = survey.difference(before, after, whole.linearised())
    assert found.standard_error**2 == pytest.approx(by_hand)


def test_an_account_counts_in_the_stratum_of_its_latest_wave():
    first = SurveyDesign(strata=["x", "x", "y", "y"], clusters=list("abcd"))
    second = SurveyDesign(strata=["y", "y", "x", "x"], clusters=list("abcd"))
    later = SurveyDesign(strata=["y", "y", "x", "x"], clusters=list("abcd"))
    scores = [5, 7, 6, 8], [6, 8, 7, 10]
    moved = survey.difference(*scores, (first, second))
    stayed = survey.difference(*scores, (later, second))
    assert moved == stayed


def test_the_finite_population_counts_within_a_wave():
    index = pd.Index([f"w1-{i}" for i in range(20)])
    part = SurveyDesign(clusters=pd.Series(range(20), index=index), population=40)
    other = SurveyDesign(clusters=pd.Series(range(20), index=index + "b"), population=80)
    whole = SurveyDesign.over({"w1": part, "w2": other})
    score = pd.Series(np.arange(20.0), index=index)
    endless = survey.mean(score, SurveyDesign(clusters=pd.Series(range(20), index=index)))
    assert survey.mean(score, whole).standard_error == pytest.approx(
        endless.standard_error * 0.5**0.5
    )


@pytest.mark.parametrize("stratum", [None, "x"])
def test_a_panel_of_a_finite_population_is_surer_of_its_change(rng, stratum):
    """30 of 60 accounts answer twice: the change is seen of half of all, as in one wave."""
    strata = None if stratum is None else [stratum] * 30
    size = 60 if stratum is None else {"x": 60}
    panel = SurveyDesign(strata=strata, clusters=range(30), population=size)
    endless = SurveyDesign(strata=strata, clusters=range(30))
    before, after = rng.normal(size=(2, 30))
    found, wide = (survey.difference(before, after, (d, d)) for d in (panel, endless))
    assert found.standard_error == pytest.approx(wide.standard_error * 0.5**0.5)


@pytest.mark.parametrize("shift", [10, 20], ids=["by chance", "apart"])
def test_waves_of_a_finite_population_that_share_fewer_are_as_two_samples(rng, shift):
    """Accounts in both waves are left out as far as two draws from 40 would have them by chance."""
    first, second = np.arange(20), np.arange(20) + shift
    designs = [SurveyDesign(clusters=part, population=40) for part in (first, second)]
    before, after = rng.normal(size=(2, 20))
    found = survey.difference(before, after, tuple(designs))
    influence = np.zeros(40)
    influence[first] -= (before - before.mean()) / 20
    influence[second] += (after - after.mean()) / 20
    both = np.isin(np.arange(40), first) & np.isin(np.arange(40), second)
    size = len(np.union1d(first, second))
    totals = influence[:size] * (20 / 19)
    kept = np.where(both[:size], 0.0, 1.0)
    by_hand = (size - 1) / size * (kept * totals**2).sum()
    assert found.standard_error**2 == pytest.approx(by_hand)


# --- kept ----------------------------------------------------------------------------------


def kinds(raked, parts):
    sizes = pd.DataFrame({"accounts": 400, "people": 9}, index=ROWS)
    staged = parts["clusters"].to_frame("account").assign(person=ROWS)
    return {
        "calibrated": raked,
        "plain": SurveyDesign(parts["weights"]),
        "alike": SurveyDesign().of(pd.Index(ROWS)),
        "stages": SurveyDesign(clusters=staged, population=sizes),
        "by stratum": SurveyDesign(strata=parts["strata"], population={"top": 50, "tail": 90}),
        "one size": SurveyDesign(population=900).of(pd.Index(ROWS)),
        "domain": raked.where(np.arange(60) > 5),
        "cells": SurveyDesign(
            weighting.post_stratify(pd.Series(np.tile(["A", "B"], 30), index=ROWS), TIERS["tier"])
        ),
    }


@pytest.mark.parametrize(
    "kind",
    ["calibrated", "plain", "alike", "stages", "by stratum", "one size", "domain", "cells"],
)
def test_a_design_comes_back_equal_from_its_table(kind, raked, parts, scores, tmp_path):
    design = kinds(raked, parts)[kind]
    design.to_frame().rename_axis("response_id").reset_index().to_parquet(tmp_path / "kept")
    again = SurveyDesign.from_frame(pd.read_parquet(tmp_path / "kept").set_index("response_id"))
    assert again == design
    assert survey.mean(scores, again) == survey.mean(scores, design)


def test_a_design_over_waves_comes_back_equal(waves, tmp_path):
    _, whole, score = waves
    whole.to_frame().rename_axis("response_id").reset_index().to_parquet(tmp_path / "kept")
    again = SurveyDesign.from_frame(pd.read_parquet(tmp_path / "kept").set_index("response_id"))
    assert again == whole
    before, after = (score.where(whole.waves == wave) for wave in ("w1", "w2"))
    assert survey.difference(before, after, again) == survey.difference(before, after, whole)


def test_designs_that_differ_in_one_part_are_not_equal(raked, parts):
    assert raked != raked.without("strata")
    assert raked != raked.without("calibration")
    assert SurveyDesign(parts["weights"]) != SurveyDesign(2 * parts["weights"])


def test_stored_weights_are_not_fitted_again(raked, rng):
    again = SurveyDesign.from_frame(raked.to_frame())
    with pytest.raises(ValueError, match="make them once more from those totals"):
        weighting.replicates(again, count=100, rng=rng)


def test_a_design_is_not_changed_and_changes_nothing(scores, parts):
    kept = {name: part.copy() for name, part in parts.items()}
    design = SurveyDesign(**parts)
    design.where(scores > 5).without("strata")
    survey.mean(scores, design)
    for name, part in kept.items():
        pd.testing.assert_series_equal(parts[name], part)
    with pytest.raises(AttributeError):
        design.weights = None


@pytest.mark.parametrize("part", ["strata", "clusters", "weights"])
def test_a_design_without_the_units_that_were_counted_has_no_size(part):
    """Numbers of accounts in strata say nothing of people, nor of accounts in no stratum.

    Nor do people who shall all count alike count by what they stand for.
    """
    design = SurveyDesign([1.0] * 4, list("xxyy"), list("abcd"), {"x": 4, "y": 9})
    assert design.without(part).population is None
    assert design.without("calibration").population is not None
    plain = SurveyDesign([1.0] * 4, list("xxyy"), list("abcd"), {"x": 4, "y": 9}).without("weights")
    assert survey.mean([1, 2, 3, 6], plain).value == 3
