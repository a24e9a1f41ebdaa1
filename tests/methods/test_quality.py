"""Checks of the answers themselves, by hand, on planted faults and on honest worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import quality, survey
from helpers.methods.survey import SurveyDesign

SIX = [f"q{i}" for i in range(6)]


@pytest.fixture
def honest(rng):
    """Three hundred people who answer six like questions on a 0-10 scale."""
    mood = rng.normal(7, 1.5, 300)
    said = mood[:, None] + rng.normal(0, 1.5, (300, 6))
    return pd.DataFrame(said.round().clip(0, 10), columns=SIX)


def test_a_repeat_is_each_later_response_of_the_same_person():
    found = quality.repeats(pd.Series(["a", "b", "a", "a", None, None]))
    assert found[:4].tolist() == [False, False, True, True]
    assert found[4:].isna().all()


def test_a_speeder_takes_less_than_a_third_of_the_median():
    """The median of 90, 99, 100, 300, 310, 320, 330 is 300, a third of it 100."""
    found = quality.speeders([90, 99, 100, 300, 310, 320, 330])
    assert found.tolist() == [True, True, False, False, False, False, False]


def test_haste_is_judged_within_each_mode():
    seconds = [300, 310, 320, 900, 910, 250]
    mode = ["web"] * 3 + ["phone"] * 3
    assert not quality.speeders(seconds, share=0.5).iloc[5]
    assert quality.speeders(seconds, share=0.5, by=mode).tolist() == [False] * 5 + [True]


def test_the_unit_of_time_does_not_matter(rng):
    seconds = rng.lognormal(5.9, 0.8, 400)
    assert quality.speeders(seconds).equals(quality.speeders(seconds / 60))


def test_a_straight_line_needs_enough_answers_and_no_variation():
    said = pd.DataFrame(
        [[8, 8, 8, 8, 8, 8], [8, 8, 8, 8, 8, 7], [8] * 4 + [np.nan] * 2, [np.nan] * 6], columns=SIX
    )
    found = quality.straight_liners(said)
    assert found[:2].tolist() == [True, False]
    assert found[2:].isna().all()
    assert bool(quality.straight_liners(said, least=4).iloc[2])


def test_a_turned_question_is_found_and_the_others_are_not(honest):
    honest["q2"] = 10 - honest["q2"]
    found = quality.reversed_items(honest).set_index("item")
    assert found.index[found["suspect"]].tolist() == ["q2"]
    assert found.loc["q2", "correlation"] < -0.4
    assert found.drop("q2")["low"].min() > 0.3


def test_the_correlation_of_an_item_with_the_rest_by_hand():
    """Two items: the rest of each is the other, so both have Pearson's r of the two."""
    said = pd.DataFrame({"a": np.tile([1, 2, 3, 4], 10), "b": np.tile([2, 1, 4, 3], 10)})
    found = quality.reversed_items(said)
    assert found["correlation"].tolist() == pytest.approx([0.6, 0.6])


def test_honest_questions_are_not_suspected(honest):
    assert not quality.reversed_items(honest)["suspect"].any()


def test_a_question_that_everybody_answers_alike_is_not_judged(honest):
    honest["q5"] = 7.0
    found = quality.reversed_items(honest).set_index("item")
    assert not found.loc["q5", "suspect"]
    assert np.isnan(found.loc["q5", "correlation"])


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ([0, 7, 10, None], "scale"),
        ([-100, 0, 100, 100], "index"),
        ([100, 100], "index"),
        ([-1, 0, 1, 1], "signs"),
        ([0, 1, 1], "scale"),
        ([0, 0], "scale"),
        ([3, 99], "outside"),
        ([None, None], "nothing"),
    ],
)
def test_how_recommending_was_recorded(scores, kind):
    assert quality.recorded_as(scores) == kind


def test_skipped_questions_are_counted_most_skipped_first(honest):
    honest.loc[:29, "q3"] = np.nan
    honest.loc[:2, "q1"] = np.nan
    found = quality.item_nonresponse(honest)
    assert found["item"].tolist()[:2] == ["q3", "q1"]
    first = found.iloc[0]
    assert (first["missing"], first["base"], first["share"]) == (30, 300, 0.1)
    assert (first["low"], first["high"]) == survey.wilson(30, 300)


def test_all_planted_faults_are_found_at_once(honest, rng):
    seconds = rng.lognormal(5.9, 0.2, 300)
    seconds[:6] = 20
    honest.loc[10:19, SIX] = 5.0
    honest["q4"] = 10 - honest["q4"]
    person = pd.Series([f"C{i}" for i in range(300)])
    person[299] = "C0"
    found = quality.answer_quality(
        honest, batteries={"drivers": SIX, "pair": SIX[:2]}, person=person, seconds=seconds
    )
    counted = found.table.set_index("check")
    assert counted.loc["repeat", "found"] == 1
    assert counted.loc["answered in haste", "found"] == 6
    assert counted.loc["answered in haste", "share"] == 6 / 300
    assert found.flags.loc[10:18, "straight line: drivers"].all()
    assert found.turned == ("q4",)
    assert found.skipped == ("straight line: pair: fewer than 5 questions",)
    assert (found.flags.sum().to_numpy() == found.table["found"].to_numpy()).all()


def test_checks_that_cannot_be_made_say_what_they_lack(honest):
    found = quality.answer_quality(honest, batteries={})
    assert found.table.empty
    assert found.skipped == (
        "repeat: it is not known who answered",
        "answered in haste: no durations were recorded",
    )
    assert found.base == 300


def test_dropping_shows_each_flag_alone_with_its_own_base(honest):
    flags = pd.DataFrame({"low": honest["q0"] <= 3, "none": False})
    found = quality.dropping(honest["q0"], flags).set_index("check")
    kept = honest.loc[honest["q0"] > 3, "q0"]
    assert found.loc["low", "value"] == pytest.approx(kept.mean())
    assert found.loc["low", "change"] == pytest.approx(kept.mean() - honest["q0"].mean())
    assert found.loc["low", "base"] + found.loc["low", "dropped"] == found.loc["nothing", "base"]
    assert found.loc["none", "change"] == 0


def test_dropping_keeps_the_design(honest):
    accounts = np.arange(300) // 3
    flags = pd.DataFrame({"some": np.arange(300) < 30})
    found = quality.dropping(
        honest["q0"], flags, SurveyDesign(clusters=accounts), estimator=survey.net_promoter
    ).set_index("check")
    alone = survey.net_promoter(honest["q0"][30:], SurveyDesign(clusters=accounts[30:]))
    assert found.loc["some", "low"] == pytest.approx(alone.low)


def test_dropping_all_leaves_no_score_and_no_crash(honest):
    found = quality.dropping(honest["q0"], pd.DataFrame({"all": [True] * 300}))
    assert found["dropped"].tolist() == [0, 300]
    assert np.isnan(found["value"].iloc[1])


def test_rows_are_accounted_for_from_file_to_metric():
    found = quality.reconcile(
        ("in the file", 3100),
        ("this wave", 820, "other waves"),
        ("one response a person", 818, "repeats, the first kept"),
        ("answered the question", 801, "left it out"),
        expected=801,
    )
    assert found["rows"].tolist() == [3100, 820, 818, 801]
    assert found["dropped"].sum() == 3100 - 801
    assert found["reason"].tolist()[2] == "repeats, the first kept"


@pytest.mark.parametrize(
    ("steps", "expected", "advice"),
    [
        ([("joined", 12, "")], None, "rows cannot come from nowhere; look for a join"),
        ([("wave", 8, "")], None, "wave loses 2 rows without a reason"),
        ([("wave", 8, "other waves")], 7, "8 rows are left, and the metrics count 7: 1 are not"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(steps, expected, advice):
    with pytest.raises(ValueError, match=advice):
        quality.reconcile(("in the file", 10), *steps, expected=expected)


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: quality.speeders([10, -5, 20]), "1 durations are negative; set them to missing"),
        (lambda: quality.speeders([10, 20], share=33), "a part of the median such as 0.33"),
        (lambda: quality.reversed_items(pd.DataFrame({"a": [1]})), "give at least two"),
        (
            lambda: quality.answer_quality(pd.DataFrame({"a": [1]}), batteries={"x": ["b"]}),
            "battery x has no answers to 'b'",
        ),
    ],
)
def test_quality_refusals_say_what_to_do(call, advice):
    with pytest.raises(ValueError, match=advice):
        call()


def test_a_question_that_the_codebook_turns_is_not_suspected_again(rng):
    liking = rng.normal(0, 1, 200)
    said = pd.DataFrame({name: np.rint(3 + liking + rng.normal(0, 0.5, 200)) for name in "abc"})
    said["d"] = 6 - said["a"]
    batteries = {"care": list("abcd")}
    assert quality.answer_quality(said, batteries=batteries).turned == ("d",)
    one_way = said.assign(d=6 - said["d"])
    assert quality.answer_quality(said, batteries=batteries, turned=one_way).turned == ()


def _hanging_together(load: float, questions: int, rng, n: int = 6_000) -> pd.DataFrame:
    """Answers from 1 to 10 with one opinion behind them, each given for itself."""
    mood = rng.normal(size=(n, 1))
    own = rng.normal(size=(n, questions))
    said = np.clip(np.round(8 + 2 * (load * mood + (1 - load**2) ** 0.5 * own)), 1, 10)
    return pd.DataFrame(said, columns=[f"q{k}" for k in range(questions)])


@pytest.mark.parametrize(("load", "questions"), [(0.95, 5), (0.8, 5), (0.95, 8), (0.0, 5)])
def test_answers_alike_by_chance_are_as_many_as_expected(load, questions, rng):
    """Simulated: the number found lies within four standard errors of the one expected."""
    said = _hanging_together(load, questions, rng)
    found = (said.max(axis=1) == said.min(axis=1)).sum()
    expected = quality.alike_by_chance(said, least=5)
    assert abs(found - expected) < 4 * max(expected, 1) ** 0.5 + 0.1 * expected


def test_straight_lines_of_people_who_tick_anything_are_more_than_expected(rng):
    said = _hanging_together(0.6, 6, rng)
    said.iloc[:600] = rng.integers(1, 11, 600)[:, None]
    found = (said.max(axis=1) == said.min(axis=1)).sum()
    assert found > 2 * quality.alike_by_chance(said, least=5)


def test_five_equal_answers_are_a_straight_line_and_four_are_none(rng):
    said = _hanging_together(0.5, 5, rng, 200)
    said.iloc[0] = 7.0
    found = quality.answer_quality(said, batteries={"care": list(said), "few": list(said)[:4]})
    assert found.flags.loc[0, "straight line: care"]
    assert found.table["check"].tolist() == ["straight line: care"]
    assert "straight line: few: fewer than 5 questions" in found.skipped


@pytest.mark.parametrize("lacking", ["times", "people", "questions", "all"])
def test_each_kind_of_check_has_its_own_base_and_what_lacks_is_said(lacking, rng):
    said = _hanging_together(0.5, 5, rng, 200)
    said.iloc[:50] = np.nan
    seconds = rng.lognormal(5.9, 0.2, 200)
    seconds[:20] = np.nan
    person = pd.Series([f"C{k}" for k in range(200)])
    given = {
        "seconds": None if lacking in ("times", "all") else seconds,
        "person": None if lacking in ("people", "all") else person,
    }
    batteries = {} if lacking in ("questions", "all") else {"care": list(said)}
    found = quality.answer_quality(said, batteries=batteries, **given)
    bases = found.kinds.set_index("kind")["base"].to_dict()
    right = {"repeat": 200, "answered in haste": 180, "straight line": 150}
    gone = {"times": ["answered in haste"], "people": ["repeat"], "questions": ["straight line"],
            "all": list(right)}[lacking]  # fmt: skip
    assert bases == {kind: base for kind, base in right.items() if kind not in gone}
    assert found.checked == max(bases.values(), default=0)


def test_nobody_leaves_out_a_question_that_was_not_asked():
    said = pd.DataFrame({"ease": [1, 2, 3, 4.0], "complaint": [5, None, None, None]})
    asked = pd.DataFrame({"complaint": [True, True, False, False]})
    found = quality.item_nonresponse(said, asked=asked).set_index("item")
    assert found.loc["complaint", ["missing", "base"]].tolist() == [1, 2]
    assert found.loc["ease", ["missing", "base"]].tolist() == [0, 4]
