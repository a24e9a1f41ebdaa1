"""Changes between waves: their parts, their history, and what is more than chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty, survey
from helpers.methods.loyalty.trend import Trend, chance_beyond, p_value
from helpers.methods.survey import SurveyDesign


@pytest.fixture
def waves(rng):
    """Two waves of 120 accounts, of which 90 answer in both."""
    level = rng.normal(70, 10, 120)
    parts = []
    for there in (np.arange(105), np.arange(15, 120)):
        account = np.repeat(there, rng.integers(1, 5, len(there)))
        parts.append(
            pd.DataFrame({"of": account, "score": level[account] + rng.normal(0, 8, len(account))})
        )
    return parts


def split(waves, **options):
    before, now = waves
    return loyalty.change(
        before["score"], now["score"], accounts=(before["of"], now["of"]), **options
    )


def test_parts_by_hand():
    """Panel a, b (means 8, 4 then 9, 6), c left with 3, d came with 12.

    Panel 6.0 → 7.5; each of two answers: panel part 1.5, no mix. d adds 1/3·(12 − 7.5) = 1.5,
    c's going 1/3·(6 − 3) = 1. Together 4 = (9 + 6 + 12)/3 − (8 + 4 + 3)/3.
    """
    found = loyalty.change(
        [8, 4, 3], [9, 6, 12], accounts=(list("abc"), list("abd")), ended=["c"]
    ).table.set_index("part")["value"]
    expected = {"panel": 1.5, "mix": 0.0, "gained": 1.5, "silent": 0.0, "left": 1.0}
    assert found.to_dict() == pytest.approx(expected)


def test_mix_by_hand():
    """a stays at 8 and b at 4; one of a's two answers falls away: 6.67 → 6, all of it mix."""
    found = loyalty.change([8, 8, 4], [8, 4], accounts=(list("aab"), list("ab")))
    assert found.part("mix")["value"] == pytest.approx(6 - 20 / 3)
    assert found.part("panel")["value"] == 0


def test_the_same_people_and_other_people_by_hand():
    """Account a: p 8 → 9 and q (6) replaced by r (10); account b: s 4 → 4.

    a moves from 7 to 9.5: p is half of its answers, so .5 of it is p's own and 2 is r for q.
    Each account is a share of 2/3 and 1/3: same 2/3·.5 = 1/3, others 2/3·2 = 4/3.
    """
    found = loyalty.change(
        [8, 6, 4],
        [9, 10, 4],
        accounts=(list("aab"), list("aab")),
        people=(list("pqs"), list("prs")),
    ).table.set_index("part")
    assert found["value"]["same"] == pytest.approx(1 / 3)
    assert found["value"]["others"] == pytest.approx(4 / 3)
    assert found.loc[["same", "others"], "base"].tolist() == [4, 2]
    assert "panel" not in found.index


def test_same_and_others_are_the_panel_and_the_rest_stays(waves):
    """One in two of an account's people is the same person in both waves."""
    people = [wave.groupby("of").cumcount().astype(str) for wave in waves]
    people[1] = people[1].where(people[1].astype(int) < 2, "new " + people[1])
    one = split(waves).table.set_index("part")["value"]
    two = split(waves, people=tuple(people)).table.set_index("part")["value"]
    assert two["same"] + two["others"] == pytest.approx(one["panel"])
    rest = ["mix", "gained", "silent", "left"]
    assert two[rest].to_dict() == pytest.approx(one[rest].to_dict())


def test_without_a_person_in_both_waves_all_of_the_panel_is_other_people(waves):
    people = tuple(f"w{k} " + wave.index.astype(str) for k, wave in enumerate(waves))
    found = split(waves, people=people)
    assert found.part("same")[["value", "accounts", "base"]].tolist() == [0, 0, 0]
    unknown = tuple(pd.Series(None, index=wave.index, dtype=object) for wave in waves)
    assert "panel" in split(waves, people=unknown).table["part"].tolist()


def test_weights_that_repeat_rows_split_as_the_repeated_rows_do(waves, rng):
    """A weight of two is two answers, in every part."""
    people = [wave.groupby("of").cumcount().astype(str) for wave in waves]
    times = [rng.integers(1, 4, len(wave)) for wave in waves]
    designs = tuple(SurveyDesign(n) for n in times)
    found = split(waves, people=tuple(people), design=designs)
    again = [wave.loc[wave.index.repeat(n)] for wave, n in zip(waves, times, strict=True)]
    who = [one.loc[one.index.repeat(n)] for one, n in zip(people, times, strict=True)]
    repeated = split(
        [one.reset_index(drop=True) for one in again],
        people=tuple(one.reset_index(drop=True) for one in who),
    )
    assert found.table["value"].tolist() == pytest.approx(repeated.table["value"].tolist())
    assert found.table["low"].tolist() == pytest.approx(repeated.table["low"].tolist())
    assert found.base == sum(len(wave) for wave in waves)
    assert found.weighted


def test_a_weighted_change_has_the_interval_of_a_weighted_difference(waves, rng):
    weights = tuple(pd.Series(rng.uniform(0.5, 2, len(wave))) for wave in waves)
    before, now = waves
    designs = tuple(
        SurveyDesign(w, clusters=one["of"]) for w, one in zip(weights, waves, strict=True)
    )
    linear = survey.difference(before["score"], now["score"], designs)
    found = split(waves, design=designs)
    assert found.value == pytest.approx(linear.value)
    assert found.standard_error == pytest.approx(linear.standard_error, rel=0.03)


def test_parts_add_up_to_the_change_of_the_mean(waves):
    found = split(waves)
    before, now = waves
    assert found.value == pytest.approx(now["score"].mean() - before["score"].mean())
    assert found.table["value"].sum() == pytest.approx(found.value)


def test_the_whole_change_has_the_interval_of_a_difference_of_waves(waves):
    """The jackknife and the linearised error agree to one in fifty with 120 accounts."""
    before, now = waves
    linear = survey.difference(
        before["score"],
        now["score"],
        (SurveyDesign(clusters=before["of"]), SurveyDesign(clusters=now["of"])),
    )
    assert split(waves).standard_error == pytest.approx(linear.standard_error, rel=0.02)


def test_unhappy_accounts_that_leave_raise_a_score_that_nobody_raised():
    """Nobody changes an answer: all of the rise is survivorship."""
    level = np.array([80.0] * 8 + [40.0] * 4)
    accounts = np.arange(12)
    found = loyalty.change(
        level, level[:8], accounts=(accounts, accounts[:8]), ended=[8, 9, 10, 11]
    )
    assert found.part("left")["value"] == pytest.approx(80 - level.mean())
    assert found.part("panel")["value"] == 0
    assert found.value > 10


def test_order_of_rows_does_not_matter(waves, rng):
    shuffled = [wave.sample(frac=1, random_state=1) for wave in waves]
    pd.testing.assert_frame_equal(split(shuffled).table, split(waves).table)


def test_strata_of_accounts_narrow_the_parts_of_a_change(waves):
    """One tier rose by 20 and the other did not: what strata explain is no error."""
    firms = [one["of"] for one in waves]
    tier = [pd.Series(np.where(of < 60, "x", "y"), of.index) for of in firms]
    moved = [one.assign(score=one["score"] + wave * 20 * (one["of"] < 60))
             for wave, one in enumerate(waves)]  # fmt: skip
    plain = split(moved, design=tuple(SurveyDesign(clusters=of) for of in firms))
    strata = tuple(SurveyDesign(strata=t, clusters=of) for t, of in zip(tier, firms, strict=True))
    within = split(moved, design=strata)
    assert within.standard_error < 0.8 * plain.standard_error
    assert within.table["value"].tolist() == plain.table["value"].tolist()
    linear = survey.difference(moved[0]["score"], moved[1]["score"], strata)
    assert within.standard_error == pytest.approx(linear.standard_error, rel=0.03)


def test_people_without_an_account_count_as_accounts_of_their_own(waves):
    before, now = waves
    unknown = now.assign(of=now["of"].where(now.index > 4).astype(object))
    found = split((before, unknown))
    assert found.value == pytest.approx(now["score"].mean() - before["score"].mean())


def test_waves_without_an_account_in_common_cannot_be_split():
    with pytest.raises(NotEstimable, match="0 accounts answered in both"):
        loyalty.change([1, 2], [3, 4], accounts=(list("ab"), list("cd")))


def test_a_planted_change_is_found_and_no_part_is_made_of_nothing(rng):
    """Everyone three points up: the panel's part holds 3, mix and turnover hold 0."""
    level = rng.normal(70, 10, 400)
    parts = []
    for there, shift in ((np.arange(360), 0.0), (np.arange(40, 400), 3.0)):
        account = np.repeat(there, rng.integers(1, 5, len(there)))
        score = level[account] + shift + rng.normal(0, 8, len(account))
        parts.append(pd.DataFrame({"of": account, "score": score}))
    found = split(parts)
    assert found.part("panel")["low"] < 3 < found.part("panel")["high"]
    for part in ("mix", "gained", "silent"):
        assert found.part(part)["low"] < 0 < found.part(part)["high"]


@pytest.fixture
def history(rng):
    """Four waves of 300: a step of half a point before the last."""
    names = np.repeat(["w1", "w2", "w3", "w4"], 300)
    score = rng.normal(7, 1, 1200) + 0.5 * (names == "w4")
    return pd.Series(score), pd.Series(names)


ORDER = ("w1", "w2", "w3", "w4")


def test_every_step_and_the_whole_are_one_family(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER)
    pairs = found.table[["span", "before", "wave"]].to_numpy().tolist()
    assert pairs == [
        ["step", "w1", "w2"], ["step", "w2", "w3"], ["step", "w3", "w4"], ["whole", "w1", "w4"],
    ]  # fmt: skip
    assert found.comparisons == 4


def test_a_planted_step_is_found_and_only_that(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER)
    assert found.last("score", "w4")["low"] > 0
    assert found.last("score", "w2")["low"] < 0 < found.last("score", "w2")["high"]


def test_the_leading_scores_change_is_tested_alone(history):
    """Its interval and p value are those of a difference by itself, whatever else is looked at."""
    score, wave = history
    points = {"score": score, "other": score**2, "third": -score}
    found = loyalty.trend(points, wave, order=ORDER, leading="score")
    primary = found.table[found.table["primary"]].iloc[0]
    plain = survey.difference(score[wave == "w3"], score[wave == "w4"])
    assert primary[["measure", "span", "before", "wave"]].tolist() == ["score", "step", "w3", "w4"]
    assert (primary["low"], primary["high"]) == pytest.approx((plain.low, plain.high))
    assert primary["p_adjusted"] == primary["p"]
    assert found.comparisons == len(found.table) - 1


def test_without_a_leading_score_all_changes_are_one_family(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER)
    assert not found.table["primary"].any()
    assert found.comparisons == 4


def test_the_primary_change_is_that_into_the_declared_wave(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER, compared=("w1", "w4"),
                          leading="score")  # fmt: skip
    assert found.table.loc[found.table["primary"], "before"].tolist() == ["w1"]


def test_a_family_is_narrower_than_bonferronis_and_holms_and_wider_than_each_alone(history):
    """Four steps of one score share waves: they stray together."""
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER)
    one = found.last("score", "w2")
    pair = score[wave == "w1"], score[wave == "w2"]
    widest = survey.difference(*pair, confidence=1 - 0.05 / 4)
    alone = survey.difference(*pair)
    assert alone.high < one["high"] < widest.high
    table = found.table.sort_values("p")
    stepped = np.maximum.accumulate(table["p"].to_numpy() * np.array([4, 3, 2, 1])).clip(max=1)
    assert (table["p_adjusted"].to_numpy() <= stepped).all()


def test_the_same_score_twice_is_looked_at_once(history, rng):
    """A copy strays as the score does; another score does not."""
    score, wave = history
    other = pd.Series(rng.normal(size=len(score)))
    one, copied, two = (
        loyalty.trend(points, wave, order=ORDER).last("a", "w2")
        for points in ({"a": score}, {"a": score, "b": -3 * score}, {"a": score, "b": other})
    )
    assert copied["high"] == pytest.approx(one["high"], abs=0.003)
    assert two["high"] > one["high"] + 0.01


@pytest.mark.parametrize(
    ("values", "amount", "chance"),
    [
        (([5, 7, 6, 8], [6, 8, 7, 9]), 1.0, 0.5),
        (([6, 8, 7, 9], [5, 7, 6, 8]), 1.0, 0.5),  # a fall matters as a rise does
        (([5, 7, 6, 8], [5, 7, 6, 8]), 0.0, 0.5),
        (([5, 5], [6, 6]), 0.5, 1.0),
        (([5, 5], [6, 6]), 1.5, 0.0),
    ],
)
def test_the_chance_of_a_change_by_hand(values, amount, chance):
    found = chance_beyond(survey.difference(*values), amount)
    assert found == pytest.approx(chance)


@pytest.mark.parametrize("way", [1, -1])
def test_the_chance_of_a_change_is_what_its_p_value_leaves(way):
    """One-sided: half of the two-sided p value lies on the other side."""
    found = survey.difference([5, 7, 6, 8], np.array([6, 8, 7, 10]) * way)
    assert chance_beyond(found, 0.0) == pytest.approx(1 - p_value(found) / 2)


def test_a_change_is_never_likelier_to_matter_than_to_be(history):
    score, wave = history
    far = {"score": 0.3}
    found = loyalty.trend({"score": score}, wave, order=ORDER, matters=far).table
    assert (found["chance_beyond"] < found["chance"]).all()
    assert (found["matters"] == 0.3).all()
    with pytest.raises(ValueError, match="likelier to matter"):
        Trend(found.assign(chance_beyond=1.0), 4, 100, 0.95)


def test_more_measures_make_wider_intervals(history, rng):
    score, wave = history
    other = pd.Series(rng.normal(size=len(score)))
    one = loyalty.trend({"a": score}, wave, order=ORDER).last("a", "w2")
    two = loyalty.trend({"a": score, "b": other}, wave, order=ORDER).last("a", "w2")
    assert two["high"] - two["low"] > one["high"] - one["low"]


def test_a_wave_that_did_not_ask_is_stepped_over(history):
    score, wave = history
    found = loyalty.trend({"score": score.where(wave != "w2")}, wave, order=ORDER)
    assert found.last("score", "w2") is None
    assert found.last("score", "w3")["before"] == "w1"


def test_the_declared_wave_is_the_one_compared_with(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=ORDER, compared=("w2", "w4"))
    assert found.last("score", "w4")["before"] == "w2"


def test_two_waves_have_one_step_and_no_whole(history):
    score, wave = history
    found = loyalty.trend({"score": score}, wave, order=("w3", "w4"))
    assert found.comparisons == 1
    assert found.whole("score") is None


def test_one_wave_has_no_change(history):
    score, wave = history
    with pytest.raises(NotEstimable, match="no change can be told"):
        loyalty.trend({"score": score}, wave, order=("w1",))


def over(wave, weights):
    """The design of all waves, some of them weighted."""
    each = {w: wave.index[wave == w] for w in ORDER}
    return SurveyDesign.over(
        {w: SurveyDesign(weights.get(w)).of(index) for w, index in each.items()}
    )


def weighted_waves(history):
    """Weights that count every answer above the middle twice in the last wave, once in w3."""
    score, wave = history
    return {w: 1.0 + ((score > 7) & (w == "w4"))[wave == w] for w in ("w3", "w4")}


def test_a_change_is_weighted_where_both_waves_are_and_stands_beside_the_one_as_answered(history):
    score, wave = history
    weights = weighted_waves(history)
    found = loyalty.trend({"score": score}, wave, over(wave, weights), order=ORDER, leading="score")
    assert found.weighting == "some"
    last, step = found.last("score", "w4"), found.last("score", "w3")
    pair = score[wave == "w3"], score[wave == "w4"]
    own = survey.difference(
        *pair, (SurveyDesign(weights=weights["w3"]), SurveyDesign(weights=weights["w4"]))
    )
    plain = survey.difference(*pair)
    assert last[["value", "low", "high"]].tolist() == pytest.approx([own.value, own.low, own.high])
    assert last["answered_low"] == pytest.approx(plain.low)
    assert not step["weighted"]
    assert step["value"] == step["answered"]


def test_equal_weights_change_nothing(history):
    score, wave = history
    ones = {w: pd.Series(1.0, index=score.index[wave == w]) for w in ORDER}
    found = loyalty.trend({"score": score}, wave, over(wave, ones), order=ORDER)
    assert found.weighting == "all"
    assert found.table["value"].to_numpy() == pytest.approx(found.table["answered"].to_numpy())


def test_answers_that_are_all_the_same_are_no_change(history):
    """Means of a tenth differ in the last bit: not a change, and not beyond chance."""
    _, wave = history
    same = pd.Series(0.1, index=wave.index)
    weights = {w: pd.Series(np.linspace(1, 2, 300), index=wave.index[wave == w]) for w in ORDER}
    found = loyalty.trend({"score": same}, wave, over(wave, weights), order=ORDER).table
    assert (found[["value", "low", "high"]] == 0).all(axis=None)
    assert (found["p"] == 1).all()


def two_waves(accounts=("abc", "abd")):
    """Answers of two waves in one table, as `changes` takes them, and the scores."""
    people = pd.DataFrame({
        "wave": ["w1"] * 3 + ["w2"] * 3, "account_id": [*accounts[0], *accounts[1]],
        "contact_id": list("pqrpqs"),
    })  # fmt: skip
    return people, {"nps": pd.Series([8.0, 6, 2, 9, 6, 10]), "index": pd.Series([50.0] * 6)}


def test_changes_of_several_scores_are_those_of_each_alone():
    people, points = two_waves()
    found = loyalty.changes(points, people, ("w1", "w2"), ended=["c"])
    each = points["nps"]
    one = loyalty.change(
        each[:3], each[3:], ended=["c"],
        accounts=(people["account_id"][:3], people["account_id"][3:]),
        people=(people["contact_id"][:3], people["contact_id"][3:]),
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.found["nps"].table, one.table)
    assert found.found["index"].value == 0
    assert set(found.tables("change", "nps")) == {"change"}


def test_a_score_whose_change_cannot_be_split_keeps_its_reason_beside_the_others():
    people, points = two_waves()
    points["index"][:2] = np.nan
    found = loyalty.changes(points, people, ("w1", "w2"))
    assert set(found.found) == {"nps"}
    assert "answered in both waves" in found.reasons["index"]
    assert found.tables("change", "index") == {}


def test_parts_that_do_not_add_up_to_the_change_are_refused():
    found = loyalty.change([8, 8, 4], [8, 4], accounts=(list("aab"), list("ab")))
    wrong = found.table.assign(value=found.table["value"] + 0.1)
    with pytest.raises(ValueError, match="parts add up to"):
        replace(found, table=wrong)
    assert replace(found, table=wrong.assign(withheld=True)).value == found.value
