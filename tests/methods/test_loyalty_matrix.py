"""The two axes, the matrix, and the satisfied beside the truly loyal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty, survey
from helpers.methods.loyalty.segments import KEYS
from helpers.methods.survey import SurveyDesign


def exact(covariance, rng, n=400):
    """Answers whose covariances (with n in the divisor) are exactly as given."""
    raw = rng.normal(size=(n, len(covariance)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / n)).T
    return pd.DataFrame(50 + white @ np.linalg.cholesky(covariance).T)


def two_axes(within, across, rng, questions=3):
    """Three questions an axis, alike within it and across."""
    covariance = np.full((2 * questions, 2 * questions), across)
    covariance[:questions, :questions] = covariance[questions:, questions:] = within
    np.fill_diagonal(covariance, 1.0)
    answers = exact(covariance, rng)
    return answers.iloc[:, :questions], answers.iloc[:, questions:]


def test_alpha_of_the_attitude_data_is_that_of_psych(shared):
    """Chatterjee and Price's seven ratings: 0.84 in the help page of R's psych::alpha."""
    answers = pd.read_csv(shared / "data" / "reference" / "attitude.csv")
    answers = answers[[c for c in answers if answers[c].dtype.kind in "if"]].iloc[:, -7:]
    found = loyalty.axes(answers, answers.iloc[:, ::-1])
    assert found.alpha("attitude") == pytest.approx(0.84, abs=0.005)


def test_alpha_of_parallel_questions_is_spearman_and_brown(rng):
    """Three questions that correlate at .5: 3·.5 / (1 + 2·.5) = .75; omega is the same."""
    found = loyalty.axes(*two_axes(0.5, 0.2, rng))
    assert found.alpha("attitude") == pytest.approx(0.75, abs=1e-9)
    assert found.table["omega"].tolist() == pytest.approx([0.75, 0.75], abs=1e-4)


def test_correlation_is_corrected_for_both_reliabilities(rng):
    """Across .3, within .6: HTMT is .3/.6 and so is the corrected correlation (Spearman 1904)."""
    found = loyalty.axes(*two_axes(0.6, 0.3, rng)).relation.set_index("measure")["value"]
    assert found["htmt"] == pytest.approx(0.5, abs=1e-9)
    assert found["disattenuated"] == pytest.approx(0.5, abs=1e-9)
    assert found["observed"] == pytest.approx(9 * 0.3 / (3 + 6 * 0.6), abs=1e-9)


@pytest.mark.parametrize(("across", "verdict"), [(0.2, True), (0.595, False), (0.51, None)])
def test_axes_are_two_where_the_whole_interval_is_below_the_limit(across, verdict, rng):
    """Within .6: the corrected correlation is across/.6, so .51 lies on the limit of .85."""
    assert loyalty.axes(*two_axes(0.6, across, rng)).distinct is verdict


def test_equal_weights_change_nothing_of_the_axes(rng):
    attitude, behaviour = two_axes(0.6, 0.3, rng)
    plain = loyalty.axes(attitude, behaviour)
    weighted = loyalty.axes(
        attitude, behaviour, design=SurveyDesign(weights=np.full(len(attitude), 3.0))
    )
    pd.testing.assert_frame_equal(plain.table, weighted.table)


def test_one_question_alone_has_no_reliability(rng):
    attitude, behaviour = two_axes(0.6, 0.3, rng)
    with pytest.raises(NotEstimable, match="needs at least two"):
        loyalty.axes(attitude.iloc[:, :1], behaviour)


def test_questions_that_run_against_each_other_make_a_weak_axis_with_its_reliability(rng):
    """A question and its mirror have no score at all; mirrored among three, alpha is below zero."""
    attitude, behaviour = two_axes(0.6, 0.3, rng)
    mirrored = attitude.assign(against=100 - attitude.iloc[:, 0])
    none = loyalty.axes(mirrored.iloc[:, [0, 3]], behaviour)
    assert np.isnan(none.alpha("attitude"))
    below = loyalty.axes(mirrored.iloc[:, [0, 1, 3]], behaviour)
    assert below.alpha("attitude") < 0
    for found in (none, below):
        assert found.weak == "attitude"
        assert found.distinct is None
        assert found.relation.set_index("measure").loc[["disattenuated", "htmt"]].isna().any().any()
    assert loyalty.axes(attitude, behaviour).weak == ""


def test_a_score_needs_half_of_the_questions():
    answers = pd.DataFrame([[75, 100, None, None], [75, None, None, None]], dtype=float)
    assert loyalty.axis_scores(answers).tolist()[0] == 87.5
    assert np.isnan(loyalty.axis_scores(answers)[1])


def test_a_mean_just_at_the_cut_counts_as_high_whatever_the_rounding():
    """Means of thirds: 8, 8 and 7.25 of 10 are 75 of 100, though not to the last bit."""
    third = (np.array([8.0, 8.0, 7.25]) - 1) / 9 * 100
    assert loyalty.segments([third.mean()], [75.0]).tolist() == ["Truly Loyal"]


def test_a_cut_off_outside_the_scale_is_refused():
    with pytest.raises(ValueError, match="between 0 and 100"):
        loyalty.segments([50], [50], cuts=(4.0, 175.0))


@pytest.fixture
def base(rng):
    account = np.repeat(np.arange(80), rng.integers(1, 6, 80))
    level = rng.normal(75, 12, 80)[account]
    return pd.DataFrame(
        {
            "account": account,
            "attitude": (level + rng.normal(0, 12, len(account))).clip(0, 100),
            "behaviour": (level + rng.normal(5, 12, len(account))).clip(0, 100),
        }
    )


def test_shares_are_those_of_the_segments_with_the_intervals_of_shares(base):
    found = loyalty.matrix(base["attitude"], base["behaviour"], accounts=base["account"])
    inside = (base["attitude"] >= 75) & (base["behaviour"] >= 75)
    share = survey.proportion(inside, SurveyDesign(clusters=base["account"]))
    row = found.share("Truly Loyal")
    assert (row["value"], row["low"], row["high"]) == (share.value, share.low, share.high)


def test_an_account_has_one_vote_and_revenue_counts_by_its_size():
    """a: 2 of 2 loyal, b: 0 of 1, c: 1 of 2; revenue 10, 30, 60: 1/2 and (10 + 30)/100."""
    found = loyalty.matrix(
        [80, 80, 50, 80, 50], [80, 80, 80, 80, 80], accounts=list("aabcc"),
        revenue=pd.Series({"a": 10.0, "b": 30.0, "c": 60.0}),
    )  # fmt: skip
    assert found.share("Truly Loyal", "accounts")["value"] == pytest.approx(0.5)
    assert found.share("Truly Loyal", "revenue")["value"] == pytest.approx(0.4)
    assert found.revenue == 100


def test_without_accounts_only_people_are_counted(base):
    found = loyalty.matrix(base["attitude"], base["behaviour"])
    assert set(found.table["estimand"]) == {"respondents"}
    with pytest.raises(KeyError, match="by 'revenue'"):
        found.share("Trapped", "revenue")


def test_one_respondent_an_account_makes_people_and_accounts_one(base):
    alone = base.drop_duplicates("account")
    found = loyalty.matrix(alone["attitude"], alone["behaviour"], accounts=alone["account"])
    people, votes = (
        found.table[found.table["estimand"] == way]["value"].to_numpy()
        for way in ("respondents", "accounts")
    )
    assert people == pytest.approx(votes)


def test_lower_cut_offs_never_make_fewer_loyal(base):
    found = loyalty.matrix(base["attitude"], base["behaviour"]).sensitivity
    loyal = found[found["segment"] == "Truly Loyal"].pivot_table(
        index="attitude_cut", columns="behaviour_cut", values="value"
    )
    assert (loyal.diff().dropna() <= 0).all(axis=None)
    assert (loyal.T.diff().dropna() <= 0).all(axis=None)
    assert found["declared"].sum() == 4


def test_half_a_scale_point_is_12_5_of_100_on_a_scale_from_1_to_5():
    assert loyalty.scale_step(0.5, [(1, 5)]) == 12.5
    with pytest.raises(ValueError, match="moves nothing"):
        loyalty.scale_step(0, [(1, 5)])


def test_two_people_are_needed_for_a_matrix():
    with pytest.raises(NotEstimable, match="at least 2"):
        loyalty.matrix([80, None], [80, 80])


def test_satisfied_and_truly_loyal_are_counted_of_the_same_people():
    """Of four with both answers three are satisfied and two truly loyal, one of them both."""
    segment = pd.Series(["Truly Loyal", "Truly Loyal", "Trapped", "High Risk", None])
    found = loyalty.satisfied_and_loyal([80, 20, 80, 80, 80], segment)
    shares = found.table.set_index("group")["value"]
    assert shares[["satisfied", "truly_loyal", "both"]].tolist() == [0.75, 0.5, 0.25]
    assert shares["loyal_of_satisfied"] == pytest.approx(1 / 3)
    assert found.base == 4


def test_fewer_are_satisfied_the_higher_the_line_and_more_of_them_are_loyal():
    """From 90 one of four is satisfied, and loyal; from 75 two, one loyal; from 60 three."""
    segment = pd.Series(["Truly Loyal", "Trapped", "Trapped", "High Risk"])
    found = loyalty.satisfied_and_loyal([90, 75, 60, 10], segment, cut=75, others=(90, 60, 100))
    tried = found.sensitivity.set_index("cut")
    assert tried["satisfied"].tolist() == [0.75, 0.5, 0.25, 0.0]
    assert tried["loyal_of_satisfied"].tolist()[:3] == pytest.approx([1 / 3, 1 / 2, 1.0])
    assert tried.index[tried["declared"]].tolist() == [75]
    assert found.range == pytest.approx((1 / 3, 1.0))


def test_nobody_satisfied_is_said():
    with pytest.raises(NotEstimable, match="nobody answered 75"):
        loyalty.satisfied_and_loyal([10, 20], pd.Series(["Trapped", "Trapped"]))


def test_every_segment_has_a_name_for_figures():
    assert list(KEYS) == list(loyalty.SEGMENTS)


def test_satisfied_people_whose_weights_are_nothing_are_refused():
    """Raking may leave an answer a weight of nearly nothing; a share of those is no number."""
    segment = pd.Series(["Truly Loyal", "Trapped", "Trapped", "High Risk"])
    with pytest.raises(NotEstimable, match="weights of nearly nothing"):
        loyalty.satisfied_and_loyal(
            [90, 80, 20, 30], segment, design=SurveyDesign(weights=[1e-300, 1e-300, 1, 1])
        )


def test_nothing_is_said_of_segments_under_the_smallest_base(rng):
    answers = pd.DataFrame(rng.integers(1, 6, (12, 2)) * 25.0 - 25)
    scores = loyalty.axis_scores(answers)
    named = loyalty.segments(scores, scores)
    for ask in (
        lambda: loyalty.matrix(scores, scores, smallest=30),
        lambda: loyalty.axes(answers, answers, smallest=30),
        lambda: loyalty.membership(answers, answers, smallest=30),
        lambda: loyalty.satisfied_and_loyal(scores, named, smallest=30),
        lambda: loyalty.roll_up(scores, scores, list("aabbccddeeff"), smallest=30),
    ):
        with pytest.raises(NotEstimable, match="base is too small: 12 people"):
            ask()
    assert loyalty.matrix(scores, scores, smallest=12).base == 12


def test_a_corrected_correlation_ends_at_one(rng):
    """Within .4, across .42: corrected it would be 1.05."""
    found = loyalty.axes(*two_axes(0.4, 0.42, rng, questions=2)).relation
    row = found.set_index("measure").loc["disattenuated"]
    assert row["value"] == row["high"] == 1
    assert row["low"] < 1


def test_the_verdict_on_the_two_sides_is_one_of_five(rng):
    """Two standings; one; two alike at .85; noise on a side; a side against itself."""
    like, stay = rng.normal(size=(2, 400, 1))

    def noisy(standing, spread=0.7):
        return pd.DataFrame(standing + spread * rng.normal(size=(len(standing), 3)))

    first = noisy(like)
    against = pd.concat([first[0], -first[0] + 0.1 * rng.normal(size=400)], axis=1, keys=[0, 1])
    alike = noisy(0.85 * like + np.sqrt(1 - 0.85**2) * stay)
    others = (noisy(stay), noisy(like), alike, noisy(stay, 2.5), against)
    found = [loyalty.axes(first, other).verdict for other in others]
    assert found == ["two", "one", "perhaps one", "weak", "against"]


@pytest.mark.parametrize("weight", [1.0, 3.0, 0.25])
def test_alpha_of_the_sample_stands_beside_that_of_the_population(weight, rng):
    """Weights change that of the population alone; all alike, the two are one."""
    like, stay = rng.normal(size=(2, 400))
    half = np.arange(400) < 200
    spread = np.where(half, 0.5, 2.0)[:, None]
    sides = [
        pd.DataFrame(true[:, None] + spread * rng.normal(size=(400, 3)), columns=list("abc"))
        for true in (like, stay)
    ]
    design = SurveyDesign(pd.Series(np.where(half, weight, 1.0)))
    found, plain = loyalty.axes(*sides, design).table, loyalty.axes(*sides).table
    assert found["alpha_sample"].tolist() == pytest.approx(plain["alpha"].tolist(), abs=1e-12)
    moved = (found["alpha"] - found["alpha_sample"]).tolist()
    assert all(np.sign(round(part, 9)) == np.sign(weight - 1) for part in moved)
