"""What sets a group apart, from all waves where they agree."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, survey
from helpers.methods.loyalty.pooled import against_rest
from helpers.methods.survey import SurveyDesign
from helpers.views.loyalty import tables

POLICY = SimpleNamespace(suppress=10, test=30, flag=100)
WAVES = ("w1", "w2", "w3")


def answers(rng, shifts=(5.0, 5.0, 5.0), levels=(60.0, 70.0, 65.0), accounts=80):
    """Three waves of 80 accounts of two people: the first of each pair is in the group."""
    level = rng.normal(0, 5, accounts)
    parts = []
    for wave, shift, mean in zip(WAVES, shifts, levels, strict=True):
        of = np.repeat(np.arange(accounts), 2)
        inside = np.tile([True, False], accounts)
        score = mean + level[of] + shift * inside + rng.normal(0, 8, len(of))
        parts.append(pd.DataFrame({"wave": wave, "of": of, "kind": np.where(inside, "A", "B"),
                                   "score": score}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def over(people, weights=None):
    design = SurveyDesign.over({
        w: SurveyDesign(None if weights is None or w not in weights else weights[w],
                        clusters=people["of"][people["wave"] == w])
        for w in WAVES
    })  # fmt: skip
    return loyalty.EarlierWaves(people["score"], people[["kind"]], design)


def found(people, earlier=None):
    now = people[people["wave"] == "w3"]
    design = SurveyDesign(clusters=now["of"])
    return loyalty.breakdown(now["score"], now[["kind"]], POLICY, design, over=earlier)


def test_waves_are_joined_by_how_precise_each_is(rng):
    """Of equal waves the plain mean of the three differences, each about its own wave."""
    people = answers(rng)
    table = found(people, over(people)).table.set_index("group")
    means = people.groupby(["wave", "kind"])["score"].mean().unstack()
    assert table.loc["A", "difference"] == pytest.approx((means["A"] - means["B"]).mean())
    assert table.loc["A", "waves"] == 3


def test_a_wave_with_more_answers_counts_more(rng):
    """20 and 60 answers a side: one part and three."""
    people = answers(rng)
    few = people[(people["wave"] != "w1") | (people["of"] < 40)]
    few = few[few["wave"] != "w2"]
    design = SurveyDesign.over(
        {w: SurveyDesign(clusters=few["of"][few["wave"] == w]) for w in ("w1", "w3")}
    )
    inside = few["kind"] == "A"
    made = against_rest(few["score"], inside, design, order=("w1", "w3"), smallest=10)
    means = few.groupby(["wave", "kind"])["score"].mean().unstack()
    own = means["A"] - means["B"]
    assert made.at(0.95).value == pytest.approx((own["w1"] + 2 * own["w3"]) / 3)


def test_scores_shown_stay_those_of_the_last_wave(rng):
    people = answers(rng)
    shown = ["group", "value", "low", "high", "base", "shrunken"]
    one, all_waves = found(people).table[shown], found(people, over(people)).table[shown]
    pd.testing.assert_frame_equal(one, all_waves)


def test_levels_that_rise_for_everybody_play_no_part(rng):
    people = answers(rng)
    lifted = people.assign(score=people["score"] + people["wave"].map({"w1": 0, "w2": 9, "w3": -4}))
    one, other = (found(part, over(part)).table for part in (people, lifted))
    for column in ("difference", "difference_low", "difference_high", "p_adjusted"):
        assert one[column].to_numpy() == pytest.approx(other[column].to_numpy())


def test_intervals_are_shorter_by_what_waves_add(rng):
    people = answers(rng)
    one, all_waves = found(people).table, found(people, over(people)).table
    width = [t["difference_high"] - t["difference_low"] for t in (one, all_waves)]
    assert (width[1] / width[0]).max() < 0.75


def test_the_same_answers_three_times_are_one_wave(rng):
    """Accounts that repeat what they said add nothing: the interval stays as wide."""
    one = answers(rng)
    one = one[one["wave"] == "w3"]
    same = pd.concat([one.assign(wave=w) for w in WAVES], ignore_index=True)
    alone, repeated = found(one).table.iloc[0], found(same, over(same)).table.iloc[0]
    width = [row["difference_high"] - row["difference_low"] for row in (alone, repeated)]
    assert width[1] == pytest.approx(width[0], rel=0.02)


@pytest.mark.parametrize("shifts", [(12.0, 12.0, -12.0), (0.0, 0.0, 15.0), (9.0, 9.0, -3.0)])
def test_where_waves_differ_the_last_one_speaks(rng, shifts):
    people = answers(rng, shifts=shifts)
    made = found(people, over(people))
    row = made.table.set_index("group").loc["A"]
    own = found(people).table.set_index("group").loc["A", "difference"]
    assert row["differs"] == 1
    assert abs(row["difference"] - own) < 1.5
    assert "Waves differ for Kind: A" in tables._speaking(made)


def test_waves_that_agree_are_said_to(rng):
    people = answers(rng)
    told = tables._speaking(found(people, over(people)))
    assert "of waves w1, w2 and w3 together" in told
    assert "in none do waves clearly differ" in told
    assert tables._speaking(found(people)) == ""


@pytest.mark.parametrize("missing", ["too few", "no group", "not weighted", "weighted"])
def test_a_wave_that_cannot_speak_is_left_out(rng, missing):
    people, weights = answers(rng), None
    first = people["wave"] == "w1"
    if missing == "too few":
        people = people[~first | (people["of"] < 20)]
    elif missing == "no group":
        people["kind"] = people["kind"].where(~first, None)
    else:
        among = ("w2", "w3") if missing == "not weighted" else ("w1",)
        weights = {w: pd.Series(1.0, people.index[people["wave"] == w]) for w in among}
    made = found(people, over(people, weights))
    assert made.waves == ("w2", "w3")
    assert made.table["waves"].eq(2).all()


def test_without_earlier_waves_it_is_the_difference_of_one(rng):
    people = answers(rng)
    now = people[people["wave"] == "w3"].reset_index(drop=True)
    design, inside = SurveyDesign(clusters=now["of"]), now["kind"] == "A"
    made = against_rest(now["score"], inside, design).at(0.95)
    plain = survey.difference(now["score"].where(~inside), now["score"].where(inside), design)
    assert (made.value, made.low, made.high) == pytest.approx((plain.value, plain.low, plain.high))
    unknown = replace(over(people), design=None)
    assert found(people, unknown).table.equals(found(people).table)


def test_a_kind_may_differ_where_no_group_surely_does(rng):
    """Six groups of forty, half of them 3 up: no single one stands out, together they do."""
    kind = np.repeat(list("abcdef"), 60)
    score = pd.Series(rng.normal(0, 10, 360)) + np.where(np.isin(kind, list("abc")), 2.2, -2.2)
    frame = pd.DataFrame({"kind": kind, "coin": rng.integers(0, 2, 360).astype(str)})
    made = loyalty.breakdown(score, frame, POLICY)
    told = made.kinds.set_index("column")
    assert told["apart"].to_dict() == {"kind": True, "coin": False}
    assert (told["p_adjusted"] >= told["p"]).all()


def test_a_kind_of_two_groups_is_tested_as_its_one_difference_is(rng):
    halves = pd.DataFrame({"half": np.repeat(["x", "y"], 150)})
    score = pd.Series(rng.normal(0, 10, 300)) + 2 * (halves["half"] == "x")
    made = loyalty.breakdown(score, halves, POLICY)
    assert made.kinds["p"].iloc[0] == pytest.approx(made.table["p_adjusted"].iloc[0], rel=0.05)


def test_a_group_of_two_accounts_has_no_say_whether_its_kind_differs(rng):
    """Two accounts that are alike by chance seem not to vary: they made their kind differ."""
    of = np.r_[np.repeat(np.arange(60), 4), np.repeat([60, 61], 20)]
    score = pd.Series(rng.normal(0, 10, len(of)))
    score[of == 61] = score[of == 60].to_numpy()
    score += (of >= 60) * (5 - score[of >= 60].mean())
    kind = pd.DataFrame({"kind": np.where(of < 30, "a", np.where(of < 60, "b", "z"))})
    design = SurveyDesign(clusters=pd.Series(of))
    made = loyalty.breakdown(score, kind, POLICY, design)
    assert made.table.set_index("group").loc["z", "tested"]
    assert not made.kinds["apart"].any()
    clearly = loyalty.breakdown(score + 8 * (of < 30), kind, POLICY, design)
    assert clearly.kinds["apart"].all()
    alone = kind.replace({"kind": {"b": "a"}})
    assert loyalty.breakdown(score, alone, POLICY, design).kinds["p"].tolist() == [1.0]
