"""Comments: sorted by a frame, tested on hand codes, shares corrected, groups compared."""

from __future__ import annotations

import re
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from helpers import replies
from helpers.errors import NotEstimable
from helpers.methods import comments, survey
from helpers.methods.comments.contrast import accounts_of, contrast, contrasts
from helpers.methods.comments.correction import Codes, linear_share, linear_shares
from helpers.methods.survey import SurveyDesign
from helpers.methods.weighting import rake
from helpers.simulate import World, world
from helpers.simulate.texts import COMPLAINTS, FIRST_NAMES, FRAME, PRAISE

WAVE = "2026H1"


def frame_of(**rules: str) -> comments.Frame:
    return comments.theme_frame(pd.DataFrame({"theme": list(rules), "words": list(rules.values())}))


def said(texts: list[str], **more: object) -> comments.Gathered:
    """One comment a respondent, all in one wave."""
    rows = pd.DataFrame({"response_id": [f"r{i}" for i in range(len(texts))], "question": "q"})
    rows = rows.assign(text=texts, **more)
    people = pd.DataFrame({"wave": "w"}, index=rows["response_id"])
    return comments.gathered(rows, people, "w")


def coding_of(texts: list[str], frame: comments.Frame, **more: object) -> comments.Coding:
    return comments.coded(said(texts, **more), frame, rng=np.random.default_rng(1))


@pytest.fixture(scope="module")
def northfield() -> World:
    return world()


@pytest.fixture(scope="module")
def gathered(northfield: World) -> comments.Gathered:
    answers = northfield.tables["responses"].set_index("response_id")
    return comments.gathered(northfield.tables["comments"], answers, WAVE)


@pytest.fixture(scope="module")
def coding(northfield: World, gathered: comments.Gathered) -> comments.Coding:
    frame = comments.theme_frame(northfield.tables["themes"])
    return comments.coded(gathered, frame, rng=np.random.default_rng(20260630))


@pytest.fixture(scope="module")
def planted(gathered: comments.Gathered) -> pd.DataFrame:
    """The themes that were written into each comment, from the phrases it was made of."""
    found = {}
    for theme in FRAME:
        phrases = [*COMPLAINTS[theme], *PRAISE.get(theme, ())]
        patterns = [re.sub(r"\\\{\w+\\\}", r"\\d+", re.escape(p.lower())) for p in phrases]
        search = re.compile("|".join(patterns)).search
        found[theme] = [float(search(t.lower()) is not None) for t in gathered.table["text"]]
    return pd.DataFrame(found, index=gathered.table.index)


# Gathering -----------------------------------------------------------------------------------


def test_a_respondent_counts_once_whatever_they_wrote():
    rows = pd.DataFrame(
        {
            "response_id": ["a", "a", "b"],
            "question": ["x", "y", "x"],
            "text": ["Late", "dear", "ok"],
            "theme_late": [True, False, None],
        }
    )
    people = pd.DataFrame({"wave": "w"}, index=["a", "b", "c"])
    found = comments.gathered(rows, people, "w")
    assert found.base == 2
    assert found.answered == 3
    assert found.hand["late"].to_dict() == pytest.approx({"a": 1.0, "b": np.nan}, nan_ok=True)


def test_a_comment_coded_in_part_is_open_until_all_of_it_is_coded():
    rows = pd.DataFrame(
        {"response_id": ["a", "a"], "question": ["x", "y"], "text": ["Late", "dear"],
         "theme_late": [False, None], "theme_dear": [None, True]}
    )  # fmt: skip
    found = comments.gathered(rows, pd.DataFrame({"wave": "w"}, index=["a"]), "w")
    assert np.isnan(found.hand.loc["a"].get("late", np.nan))
    assert found.hand.loc["a", "dear"] == 1


def test_comments_that_say_nothing_and_orphans_are_counted():
    rows = pd.DataFrame(
        {"response_id": ["a", "b", "zz"], "question": "x", "text": ["👍", " - ", "x"]}
    )
    found = comments.gathered(rows, pd.DataFrame({"wave": "w"}, index=["a", "b"]), "w")
    assert found.table.index.tolist() == ["a"]
    assert len(found.notes) == 2


def test_replies_that_only_say_there_is_nothing_are_no_comments():
    """Five empty replies in three spellings, a dash, and three that begin or end like one."""
    empty = ["k.A.", "n/a", "None.", "KEINE", "no comment"]
    real = ["none of them calls back", "keine Ahnung", "n/a 👍"]
    found = said([*empty, "-", *real])
    assert found.table["text"].tolist() == real
    assert found.base == 3
    assert found.answered == 9
    assert found.notes[0].endswith("left out: 1.")
    assert found.notes[1].endswith("left out: 5.")


@pytest.mark.parametrize(
    "text",
    [
        "-99",
        "-99.0",
        "10/10",
        "<br>",
        "&nbsp;",
        "&#160;",
        "<p>&nbsp;</p>",
        "<br/>-<br/>",
        "\u200b",
        "<p>n/a</p>",
        "N/A&nbsp;",
        "NULL",
        "特になし",
        "没有",
        "없음",
        "&lt;br&gt;",
    ],
)
def test_numbers_marks_of_web_pages_and_empty_replies_say_nothing(text):
    assert not comments.says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "Good",
        "<p>Late again</p>",
        "配送遅い",
        "품질 좋음",
        "ไม่ดี",
        "ممتاز",
        "👍",
        "<b>❤️</b>",
        "-99 % of it was late",
        "R&D is late",
        "price < value",
        "no <br> yes",
    ],
)
def test_a_letter_of_any_script_or_an_emoji_says_something(text):
    assert comments.says_something(text)


def test_only_empty_replies_are_nobody_who_wrote():
    with pytest.raises(NotEstimable, match="nobody wrote a comment"):
        said(["n/a", "keine"])


def test_every_empty_reply_stands_on_the_method_page():
    page = (Path(__file__).parents[2] / "book" / "method_comments.md").read_text(encoding="utf-8")
    assert [reply for reply in replies.EMPTY_REPLIES if f"*{reply}*" not in page] == []


def test_nobody_wrote_in_this_wave_is_said():
    rows = pd.DataFrame({"response_id": ["a"], "question": "x", "text": ["late"]})
    people = pd.DataFrame({"wave": ["w1", "w2"]}, index=["a", "b"])
    with pytest.raises(NotEstimable, match="nobody wrote a comment in wave w2"):
        comments.gathered(rows, people, "w2")


def test_a_question_that_nobody_answered_is_refused_with_those_there_are():
    rows = pd.DataFrame({"response_id": ["a"], "question": "why", "text": ["late"]})
    with pytest.raises(ValueError, match="no comment answers the question 'wy'; there are: why"):
        comments.gathered(rows, pd.DataFrame({"wave": "w"}, index=["a"]), "w", questions=["wy"])


# The frame and its rules -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("late", "LATE again", True),
        ("late", "plate", False),
        ("late*", "lateness", True),
        ("*late", "too-late", True),
        ("lead time*", "Lead\n  times grew", True),
        ("lead time*", "leading times", False),
        ("don't know", "I don’t know", True),
        ("配送", "最近配送が遅い", True),
        ("متأخر", "الطلب متأخر جدا", True),
        ("👍", "all fine👍", True),
        ("$5", "cost us $5 more", True),
        ("<b>", "a <b>bold</b> move", True),
        ("a.c", "abc", False),
        ("c++", "we use C++ here", True),
        ("straße", "STRASSE", True),
    ],
)
def test_rules_find_words_in_any_script(rule: str, text: str, found: bool):
    coding = coding_of([text], frame_of(theme=rule))
    assert bool(coding.codes["theme"].iloc[0]) is found


@pytest.mark.parametrize("rule", ["*", "a*b*c*d", "late; *"])
def test_a_rule_that_everything_would_match_is_refused(rule: str):
    with pytest.raises(ValueError, match="give each word at least a letter"):
        frame_of(theme=rule)


def test_no_text_makes_a_search_slow():
    frame = frame_of(theme="a*a*b; *aab*")
    started = pd.Timestamp.now()
    coding_of(["a" * 10_000, "a a" * 3_000], frame)
    assert pd.Timestamp.now() - started < pd.Timedelta(seconds=3)


def test_a_theme_twice_in_one_language_is_refused():
    table = pd.DataFrame({"theme": ["late", "late"], "words": ["late", "slow"]})
    with pytest.raises(ValueError, match="'late' has two rows for one language"):
        comments.theme_frame(table)


def test_rules_hold_in_their_language_and_others_are_counted():
    table = pd.DataFrame(
        {"theme": ["late", "late"], "words": ["late", "spät*; tarde"], "language": ["en-GB", "de"]}
    )
    texts, tongues = ["late", "late", "später", "tarde", "late"], ["en", "de", "de_AT", "es", ""]
    found = coding_of(texts, comments.theme_frame(table), language=tongues)
    assert found.codes["late"].tolist() == pytest.approx([1, 0, 1, np.nan, 1], nan_ok=True)
    assert found.unread == 1
    assert found.base == 4
    assert any("not sorted: 1" in note for note in found.notes)


def test_without_a_frame_the_questionnaire_gives_the_first_one():
    labels = {"delivery": "Delivery", "quality": "Quality of products"}
    frame = comments.chosen_frame(None, labels, {"delivery": "Delivery of products on time"})
    assert frame.source == "questions"
    assert frame.drivers == {"delivery": "delivery", "quality": "quality"}
    found = coding_of(["Deliveries slip", "low quality", "your products"], frame).codes
    assert found["delivery"].tolist() == [1, 0, 0]
    assert found["quality"].tolist() == [0, 1, 0]


# Agreement ---------------------------------------------------------------------------------------


def test_kappa_and_its_error_are_those_of_statsmodels():
    """Fleiss, Cohen and Everitt (1969), but for the n / (n − 1) of a sample."""
    hand = [1] * 25 + [0] * 25
    calls = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    theirs = cohens_kappa(np.array([[20, 5], [10, 15]]))
    ours = comments.kappa(hand, calls)
    assert ours.value == pytest.approx(theirs.kappa)
    assert ours.standard_error == pytest.approx(theirs.std_kappa * (50 / 49) ** 0.5)


def test_kappa_is_that_of_scikit_learn_on_any_codes(rng):
    hand, calls = rng.integers(0, 2, (2, 80))
    assert comments.kappa(hand, calls).value == pytest.approx(cohen_kappa_score(hand, calls))


def test_colleagues_who_write_the_same_add_nothing_to_what_is_known():
    hand, calls = np.array([1, 1, 0, 0, 1, 0, 1, 0]), np.array([1, 0, 0, 0, 1, 1, 1, 0])
    once = comments.kappa(hand, calls)
    twice = comments.kappa(np.tile(hand, 2), np.tile(calls, 2), clusters=np.tile(range(8), 2))
    assert twice.standard_error == pytest.approx(once.standard_error)
    assert twice.low == pytest.approx(once.low)


def test_full_agreement_is_not_called_certain():
    found = comments.kappa([1, 0] * 10, [1, 0] * 10)
    assert found.value == found.high == 1
    assert 0.6 < found.low < 0.9


def test_kappa_of_codings_that_never_vary_is_refused():
    with pytest.raises(NotEstimable, match="both codings say the same of every comment"):
        comments.kappa([0, 0, 0], [0, 0, 0])


def test_precision_and_recall_by_hand():
    """Of 5 calls 4 are right; of 6 codes 4 are found; 3 of 10 decisions differ."""
    hand = pd.DataFrame({"late": [1.0, 1, 1, 1, 1, 1, 0, 0, 0, 0]})
    calls = pd.DataFrame({"late": [1.0, 1, 1, 1, 0, 0, 1, 0, 0, 0]})
    row = comments.agreement(hand, {"rules": calls}, pd.Series(range(10)), fewest=10).chosen.iloc[0]
    assert (row["precision"], row["recall"], row["error"]) == pytest.approx((4 / 5, 4 / 6, 3 / 10))
    assert row["precision_low"] < row["precision"] < row["precision_high"]


def test_of_a_handful_of_hand_codes_nothing_is_said():
    hand = pd.DataFrame({"late": [1.0, 0.0] * 5})
    found = comments.agreement(hand, {"rules": hand}, pd.Series(range(10)))
    assert found.chosen.empty
    assert found.table["kappa"].isna().all()


# Models ------------------------------------------------------------------------------------------


def test_a_model_learns_what_words_say_and_says_it_again(rng):
    texts = pd.Series(["the truck came late", "prices are too high"] * 30)
    codes = pd.DataFrame({"late": [1.0, 0.0] * 30})
    clusters = pd.Series(range(60))
    first = comments.held_out(texts, codes, clusters, np.random.default_rng(5))
    again = comments.held_out(texts, codes, clusters, np.random.default_rng(5))
    assert (first == codes).all().all()
    pd.testing.assert_frame_equal(first, again)


def test_a_model_is_never_tested_on_what_it_was_taught_with(rng):
    """Each account has a word of its own and a code by lot: what it learns by heart is no use.

    On words that it never saw a model can only say what is commoner, the same of everybody,
    which agrees with no code beyond chance: a kappa of nought, surely.
    """
    accounts = np.repeat(np.arange(60), 4)
    codes = pd.DataFrame({"x": rng.integers(0, 2, 60)[accounts].astype(float)})
    own = ["".join(rng.choice(list("bcdfgklmnprstvz"), 9)) for _ in range(60)]
    texts = pd.Series([f"{own[a]} wrote" for a in accounts])
    tested = comments.held_out(texts, codes, pd.Series(accounts), np.random.default_rng(2))
    learned = comments.learned(texts, codes)
    assert comments.kappa(codes["x"], learned["x"]).value == 1
    agreed = comments.kappa(codes["x"], tested["x"], clusters=accounts)
    assert (tested["x"] == tested["x"].iloc[0]).all()
    assert (agreed.low, agreed.value, agreed.high) == (0, 0, 0)


def test_scrambled_codes_teach_nothing(gathered, northfield):
    rng = np.random.default_rng(8)
    known = gathered.hand.dropna()
    mixed = known.iloc[rng.permutation(len(known))].set_index(known.index)
    table = gathered.table.loc[known.index]
    tested = comments.held_out(table["text"], mixed, table["cluster"], rng)
    kappas = [comments.kappa(mixed[t], tested[t]).value for t in mixed]
    assert abs(np.mean(kappas)) < 0.08  # eight kappas, each with an error near 0.06
    assert max(kappas) < 0.3


def test_one_kind_of_code_teaches_no_model():
    codes = pd.Series([1.0] * 60)
    assert not comments.enough(codes, pd.Series(range(60)))
    found = coding_of(["late"] * 60, frame_of(late="late"), theme_late=[True] * 60)
    assert found.coders["late"] == "rules"
    assert found.agreement.chosen.empty


def test_texts_without_a_word_are_no_fault():
    texts = pd.Series(["👍", "👎"] * 30)
    codes = pd.DataFrame({"x": [1.0, 0.0] * 30})
    assert comments.learned(texts, codes).shape == (60, 1)


# Coding ------------------------------------------------------------------------------------------


def test_each_theme_takes_the_coder_that_agrees_better():
    texts = ["late late", "dear"] * 30
    coded = {"theme_slow": [True, False] * 30, "theme_dear": [False, True] * 30}
    found = coding_of(texts, frame_of(slow="nothing", dear="dear"), **coded)
    assert found.coders.to_dict() == {"slow": "model", "dear": "rules"}


def test_codes_by_hand_are_kept_as_they_are(coding):
    known = coding.hand.notna()
    assert coding.codes[list(coding.hand)].where(known).equals(coding.hand)


def test_a_theme_coded_by_hand_that_the_frame_lacks_is_kept():
    found = coding_of(["late", "ok"], frame_of(dear="dear"), theme_late=[True, False])
    assert found.frame.labels["late"] == "Late"
    assert found.codes["late"].tolist() == [1, 0]
    assert found.coders["late"] == "hand"
    assert found.quality.empty


def test_comments_coded_by_choice_instead_of_by_lot_are_noticed(coding):
    texts = ["late"] * 60 + ["fine"] * 140
    chosen = [i < 50 or i >= 190 for i in range(200)]  # nearly all that complain, few others
    by_lot = [i % 3 == 0 for i in range(200)]
    told = []
    for picked in (chosen, by_lot):
        codes = [t == "late" if p else None for t, p in zip(texts, picked, strict=True)]
        found = coding_of(texts, frame_of(late="late"), theme_late=codes)
        told.append(any("are not like the others" in note for note in found.notes))
    assert told == [True, False]
    assert not any("are not like the others" in note for note in coding.notes)


def test_planted_themes_are_found_again(coding, planted):
    """Of comments nobody coded; hand codes themselves err in 2% of cases."""
    uncoded = coding.hand.isna().all(axis=1)
    for theme in planted:
        found = comments.kappa(planted.loc[uncoded, theme], coding.codes.loc[uncoded, theme])
        assert found.value > 0.7, theme


def test_planted_shares_lie_in_their_intervals(coding, planted):
    table = comments.theme_shares(coding).table.set_index("theme")
    truth = planted[coding.current].mean()
    inside = [table.loc[t, "low"] <= truth[t] <= table.loc[t, "high"] for t in truth.index]
    assert sum(inside) >= 7


def test_ten_thousand_characters_and_every_script_survive():
    texts = ["late " * 2_000, "‏متأخر جدا", "配送が遅い", "$x_{1}$ <script>late</script>", "a\nlate"]
    found = coding_of(texts, frame_of(late="late; متأخر; 遅"))
    assert found.codes["late"].tolist() == [1, 1, 1, 1, 1]


# Shares ------------------------------------------------------------------------------------------


def double_sample(hand: list[int], calls: list[int], uncoded: list[int]) -> tuple[pd.Series, ...]:
    codes = pd.Series([*map(float, hand), *[np.nan] * len(uncoded)])
    return codes, pd.Series([float(c) for c in [*calls, *uncoded]])


def test_the_error_of_a_corrected_share_is_the_published_one():
    """Tenenbein (1970): pq (1 − K) / n + pq K / N, K the squared correlation of code and call."""
    hand = [1] * 16 + [0] * 4 + [1] * 3 + [0] * 27
    calls = [1] * 20 + [0] * 30
    codes, said_by = double_sample(hand, calls, [1] * 80 + [0] * 120)
    found = comments.corrected_share(codes, said_by, pd.Series(True, index=codes.index))
    n, size, p = 50, 250, 0.38
    reliability = np.corrcoef(hand, calls)[0, 1] ** 2
    variance = p * (1 - p) * ((1 - reliability) / n + reliability / size)
    assert found.value == pytest.approx(p)
    assert found.standard_error**2 == pytest.approx(variance * size / (size - 1))


def test_what_few_coded_comments_are_worth_is_drawn_to_a_half_and_its_doubt_counts():
    """Three of three calls were right: (3 + 1/2) / 4; of 20 others none: Beta(1/2, 20 1/2)."""
    codes, said_by = double_sample([1] * 3 + [0] * 20, [1] * 3 + [0] * 20, [1] * 10 + [0] * 67)
    found = comments.worth(codes, said_by)
    assert (found.yes, found.no, found.corrects) == (0.875, 0.0, True)
    share = comments.corrected_share(codes, said_by, pd.Series(True, index=codes.index))
    assert share.value == pytest.approx((3 + 10 * 0.875) / 100)
    doubt = 0.1**2 * 0.875 * 0.125 / 5 + 0.67**2 * (0.5 / 21) * (20.5 / 21) / 22
    answers = np.array([1.0] * 3 + [0] * 20 + [0.875] * 10 + [0] * 67)
    assert share.standard_error**2 == pytest.approx(answers.var() / 99 + doubt)


def test_a_corrected_share_is_right_where_the_plain_one_is_not(rng):
    """Finds 60% of what is there, and calls 2% of the rest: 0.2 looks like 0.136."""
    truth, plain, covered = 0.2, [], 0
    estimates = []
    for _ in range(200):
        h = (rng.random(400) < truth).astype(float)
        m = np.where(h == 1, rng.random(400) < 0.6, rng.random(400) < 0.02).astype(float)
        codes = pd.Series(np.where(np.arange(400) < 150, h, np.nan))
        found = comments.corrected_share(codes, pd.Series(m), pd.Series(True, index=codes.index))
        estimates.append(found.value)
        plain.append(m.mean())
        covered += found.low <= truth <= found.high
    assert np.mean(estimates) == pytest.approx(truth, abs=0.006)  # three errors of the mean
    assert abs(np.mean(plain) - truth) > 0.05
    assert covered >= 0.90 * 200


def test_without_hand_codes_a_share_is_that_of_the_calls():
    calls = pd.Series([1.0, 0, 0, 1, 0, 0, 0, 1])
    nobody, accounts = calls * np.nan, pd.Series(list("aabbccdd"))
    found = comments.corrected_share(
        nobody, calls, pd.Series(True, index=calls.index), SurveyDesign(clusters=accounts)
    )
    usual = survey.proportion(calls, SurveyDesign(clusters=accounts))
    assert (found.value, found.low, found.high) == pytest.approx(
        (usual.value, usual.low, usual.high)
    )


def test_where_all_is_coded_by_hand_calls_do_not_matter():
    hand = pd.Series([1.0, 0, 0, 1] * 12)
    everyone = pd.Series(True, index=hand.index)
    weights = pd.Series(np.linspace(0.5, 2, len(hand)))
    found = comments.corrected_share(hand, 1 - hand, everyone, SurveyDesign(weights))
    usual = survey.proportion(hand, SurveyDesign(weights=weights))
    assert (found.value, found.low, found.high) == pytest.approx(
        (usual.value, usual.low, usual.high)
    )


def test_strata_and_a_calibration_count_in_a_share_as_in_any_proportion():
    """Where nothing is corrected, the interval of a theme is that of a proportion by design."""
    rng = np.random.default_rng(12)
    index = [f"r{i}" for i in range(300)]
    wrote = pd.Series((rng.random(300) < 0.6).astype(float), index)
    large = rng.random(300) < np.where(wrote == 1, 0.8, 0.3)
    tier = pd.Series(np.where(large, "a", "b"), index)
    firms = pd.Series(np.where(large, rng.integers(0, 60, 300), rng.integers(60, 110, 300)), index)
    fitted = rake(tier.to_frame("tier"), {"tier": pd.Series({"a": 0.5, "b": 0.5})})
    nobody, everyone = pd.Series(np.nan, index), pd.Series(True, index)
    design = SurveyDesign(fitted, tier, firms)
    spreads = []
    for one in (design.without("strata", "calibration"), design.without("calibration"), design):
        found = comments.corrected_share(nobody, wrote, everyone, one)
        usual = survey.proportion(wrote, one)
        assert found.value == pytest.approx(usual.value)
        assert found.standard_error == pytest.approx(usual.standard_error)
        assert found.degrees_of_freedom == usual.degrees_of_freedom
        spreads.append(found.standard_error)
    assert max(spreads[1:]) < 0.95 * spreads[0]
    part = pd.Series(rng.random(300) < 0.5, index)
    within = comments.corrected_share(nobody, wrote, part, design)
    usual = survey.proportion(wrote, design.where(part))
    assert within.standard_error == pytest.approx(usual.standard_error)


def test_all_of_one_theme_and_three_comments_still_have_intervals():
    table = comments.theme_shares(coding_of(["late", "Late", "late!"], frame_of(late="late"))).table
    row = table.iloc[0]
    assert (row["value"], row["high"]) == (1.0, 1.0)
    assert 0.2 < row["low"] < 0.6


def test_comments_in_no_known_language_are_refused_in_words():
    table = pd.DataFrame({"theme": ["late"], "words": ["late"], "language": ["en"]})
    made = coding_of(["tarde", "nada"], comments.theme_frame(table), language=["es", "es"])
    with pytest.raises(NotEstimable, match="no comment of this wave was read"):
        comments.theme_shares(made)


# Groups ------------------------------------------------------------------------------------------


def split_coding(low: int, high: int, size: int = 60) -> tuple[comments.Coding, pd.Series]:
    """Two groups of a size, of which so many name the theme."""
    texts = [*["late"] * low, *["ok"] * (size - low), *["late"] * high, *["ok"] * (size - high)]
    made = coding_of(texts, frame_of(late="late", never="zzz"))
    order = pd.CategoricalDtype(["low", "high"], ordered=True)
    groups = pd.Series(["low"] * size + ["high"] * size, index=made.codes.index).astype(order)
    return made, groups


def test_a_planted_difference_sets_a_group_apart():
    made, groups = split_coding(40, 10)
    found = comments.theme_groups(made, groups)
    first = found.apart.iloc[0]
    assert (first["theme"], first["group"]) == ("late", "low")
    assert first["difference"] == pytest.approx(0.5)
    assert found.groups == ("low", "high")


def test_the_interval_of_a_difference_is_that_of_its_two_shares_squared_and_added():
    """Newcombe (1998), method 10, with the intervals that the table shows for each share."""
    made, groups = split_coding(40, 10)
    low, high = (comments.theme_groups(made, groups).table.iloc[i] for i in (0, 1))
    p, q = 40 / 60, 10 / 60
    down = ((p - low["low"]) ** 2 + (high["high"] - q) ** 2) ** 0.5
    up = ((low["high"] - p) ** 2 + (q - high["low"]) ** 2) ** 0.5
    ends = low["difference_low"], low["difference_high"]
    assert ends == pytest.approx((p - q - down, p - q + up))


def test_the_test_of_two_groups_is_the_score_test_of_two_shares():
    """20 of 60 against 8 of 60: z² is Pearson's chi-squared of the table, 4.9 / 0.7667 = 6.7081.

    Its four cells expect 14 and 46 on either side: 2 · 36 / 14 + 2 · 36 / 46 = 6.7081.
    """
    made, groups = split_coding(20, 8)
    p = comments.theme_groups(made, groups).table["p"].iloc[0]
    chi_squared = 2 * 36 / 14 + 2 * 36 / 46
    assert p == pytest.approx(2 * t.sf(chi_squared**0.5, 118))


def test_a_group_in_which_nobody_names_a_rare_theme_is_not_surely_apart():
    """0 of 35 against 16 of 165: three are expected of 35, too few for any test."""
    texts = [*["ok"] * 35, *["late"] * 16, *["ok"] * 149]
    made = coding_of(texts, frame_of(late="late"))
    groups = pd.Series(["A"] * 35 + ["B"] * 165, index=made.codes.index)
    table = comments.theme_groups(made, groups).table
    assert table["p"].isna().all()
    assert not table["apart"].any()
    assert table["difference_high"].iloc[0] > 0


def test_colleagues_who_all_write_the_same_are_one_voice():
    """Six accounts of ten: 10 of 30 and 20 of 30 named, whole accounts together."""
    codes = pd.Series(np.repeat([1.0, 0, 0, 1, 1, 0], 10))
    here = pd.Series(np.arange(60) < 30)
    alone = contrast(codes, codes, (here, ~here), SurveyDesign())
    whole = contrast(codes, codes, (here, ~here), SurveyDesign(clusters=np.repeat(range(6), 10)))
    assert alone.value == pytest.approx(-1 / 3) == whole.value
    assert alone.p < 0.02 < 0.4 < whole.p
    assert whole.expected == pytest.approx(1.5)  # three accounts, of which half name it


def test_themes_that_are_tested_together_are_tested_as_each_alone(rng):
    """Coded by hand fully, in part, hardly or not at all, and one that nobody names."""
    calls = pd.DataFrame(rng.random((150, 5)) < [0.4, 0.2, 0.1, 0.5, 0.0], dtype=float)
    right = np.where(rng.random((150, 5)) < 0.9, calls, 1 - calls)
    coded = rng.random((150, 5)) < [1.0, 0.4, 0.08, 0.0, 0.3]
    hand, calls.iloc[:7, 1] = pd.DataFrame(np.where(coded, right, np.nan)), np.nan
    clusters, weights = pd.Series(rng.integers(0, 60, 150)), pd.Series(rng.uniform(0.5, 2, 150))
    here, rest = pd.Series(np.arange(150) < 60), pd.Series(np.arange(150) >= 70)
    design = SurveyDesign(weights, clusters=clusters)
    codes, w = Codes.of(hand, calls), weights.to_numpy()
    sides = here.to_numpy(), rest.to_numpy()
    tests = contrasts(codes, sides, w, accounts_of(clusters))
    shares = linear_shares(codes, sides[0], hand.index, design)
    for k, (test, share) in enumerate(zip(tests, shares, strict=True)):
        alone = contrast(hand[k], calls[k], (here, rest), design)
        assert astuple(test) == pytest.approx(astuple(alone), rel=1e-12, nan_ok=True)
        one = linear_share(hand[k], calls[k], here, design)
        assert share.value == pytest.approx(one.value, rel=1e-12)
        assert share.unseen == pytest.approx(one.unseen, rel=1e-12)
        np.testing.assert_allclose(share.influence, one.influence, atol=1e-15)


def test_each_further_way_of_grouping_asks_for_more_to_be_sure():
    made, groups = split_coding(30, 12)
    one = comments.theme_groups(made, groups)
    several = comments.jointly(dict.fromkeys(("tier", "region", "size", "age"), one))
    assert len(one.apart) == 2
    assert all(found.apart.empty for found in several.values())
    assert several["age"].table["p_holm"].iloc[0] == pytest.approx(4 * one.table["p_holm"].iloc[0])


def test_a_share_that_is_corrected_is_not_ranked_against_one_that_is_not():
    """100 of 200 against 40: surely more, unless only the one share allows for errors."""
    texts = ["late"] * 100 + ["ok"] * 60 + ["dear"] * 40
    codes = [t == "dear" if i % 3 == 0 else None for i, t in enumerate(texts)]
    frame = frame_of(late="late", dear="dear")
    mixed = comments.theme_shares(coding_of(texts, frame, theme_dear=codes)).table
    alike = comments.theme_shares(coding_of(texts, frame)).table
    assert mixed[["theme", "corrected", "may_lead"]].to_numpy().tolist() == [
        ["late", False, True],
        ["dear", True, True],
    ]
    assert alike[["theme", "corrected", "may_lead"]].to_numpy().tolist() == [
        ["late", False, True],
        ["dear", False, False],
    ]


def test_who_names_no_theme_is_coded_by_hand_too():
    """Rules find two thirds of what is said: half seem to name nothing, a quarter do."""
    texts = ["late", "slow", "ok", "late"] * 30
    coded = [i // 4 % 2 == 0 for i in range(120)]
    codes = [t != "ok" if c else None for t, c in zip(texts, coded, strict=True)]
    made = coding_of(texts, frame_of(late="late"), theme_late=codes)
    rules = comments.ruled(made.gathered.table, made.frame)
    made = replace(made, calls=rules, codes=made.hand.fillna(rules))
    assert (rules["late"] == 0).mean() == 0.5
    found = comments.themeless(made)
    assert found.value == pytest.approx(0.25)
    assert found.low < 0.25 < found.high
    weights = pd.Series(np.where(np.array(texts) == "ok", 3.0, 1.0), index=made.codes.index)
    assert comments.themeless(made, SurveyDesign(weights)).value > 0.3


def test_small_groups_are_withheld_with_what_would_give_them_away():
    made, _ = split_coding(30, 30)
    sizes = ["A"] * 90 + ["B"] * 25 + ["C"] * 5
    groups = pd.Series(sizes, index=made.codes.index)
    table = comments.theme_groups(made, groups).table
    hidden = table[table["withheld"]]
    assert set(hidden["group"]) == {"B", "C"}
    assert hidden[["value", "counted", "difference", "p"]].isna().all().all()


def test_a_grouping_that_is_another_but_for_few_is_withheld_theme_by_theme():
    made, _ = split_coding(30, 30)
    region = pd.Series(["North"] * 70 + ["South"] * 50, index=made.codes.index)
    pilot = pd.Series(["in"] * 67 + ["out"] * 53, index=made.codes.index)
    found = comments.theme_groupings(made, {"region": region, "pilot": pilot})
    assert not found["region"].table["withheld"].any()
    assert found["pilot"].table["withheld"].all()
    assert found["pilot"].table[["value", "difference"]].isna().all(axis=None)


def test_groups_that_nobody_knows_are_refused():
    made, groups = split_coding(3, 3)
    with pytest.raises(NotEstimable, match="no respondent who commented belongs to a group"):
        comments.theme_groups(made, groups.where(groups == "other"))


def test_the_least_loyal_come_first_in_every_way_of_grouping():
    nothing = pd.DataFrame(index=range(3))
    sides = pd.DataFrame({"x": [0.0, 100.0, 100.0]}), pd.DataFrame({"y": [0.0, 0.0, 100.0]})
    scores = pd.Series([20.0, 60.0, 90.0])
    matrix = comments.loyalty_groups(*sides, scores)
    asked = comments.loyalty_groups(nothing, nothing, scores, recommend=[6, 8, 9], scale=(0, 10))
    other = comments.loyalty_groups(nothing, nothing, scores, recommend=[2, 3, 5], scale=(1, 5))
    assert matrix.tolist() == ["High Risk", "Accessible", "Truly Loyal"]
    assert matrix.cat.categories[0] == "High Risk"
    assert asked.cat.codes.tolist() == [0, 1, 2]
    assert other.tolist() == ["Less loyal", "Less loyal", "More loyal"]


def test_small_groups_are_joined_with_their_neighbour():
    order = pd.CategoricalDtype(["a", "b", "c"], ordered=True)
    groups = pd.Series(["a"] * 5 + ["b"] * 20 + ["c"] * 2 + [None]).astype(order)
    found = comments.recoded(groups, 10)
    assert found.value_counts().to_dict() == {"a or b or c": 27}
    assert comments.recoded(groups, 2).cat.categories.tolist() == ["a", "b", "c"]


# Words -------------------------------------------------------------------------------------------


def test_log_odds_by_hand():
    """log((9 + 1) / (11 + 3)) − log((4 + 1) / (16 + 3)), error √(1/10 + 1/5)."""
    difference, error = comments.log_odds([9, 11], [4, 16], [1, 3])
    assert difference[0] == pytest.approx(np.log(10 / 14) - np.log(5 / 19))
    assert error[0] == pytest.approx((1 / 10 + 1 / 5) ** 0.5)


def test_log_odds_turn_with_the_sides_and_shrink_with_the_prior(rng):
    here, rest = rng.integers(1, 30, (2, 12))
    prior = (here + rest) / 20
    one, _ = comments.log_odds(here, rest, prior)
    other, _ = comments.log_odds(rest, here, prior)
    stronger, _ = comments.log_odds(here, rest, 50 * prior)
    assert one == pytest.approx(-other)
    assert np.abs(stronger).sum() < np.abs(one).sum()


def test_a_word_without_a_prior_is_refused():
    with pytest.raises(ValueError, match="a word without a prior"):
        comments.log_odds([1], [1], [0])


def test_one_eager_writer_cannot_make_a_word_stand_out():
    texts = ["terrible " * 500] + ["fine"] * 39 + ["fine"] * 40
    groups = pd.Series(["low"] * 40 + ["high"] * 40)
    found = comments.words_apart(pd.Series(texts), groups, minimum=1)
    row = found.table[found.table["word"] == "terrible"].iloc[0]
    assert row["people"] == 1
    assert not row["apart"]


def test_a_word_of_many_people_is_found_and_marks_are_not():
    texts = ["[name] slow 12 [number]"] * 30 + ["good"] * 30
    groups = pd.Series(["low"] * 30 + ["high"] * 30)
    found = comments.words_apart(pd.Series(texts), groups)
    assert set(found.apart["word"]) == {"slow", "good"}
    assert set(found.table["word"]) == {"slow", "good"}


def test_a_word_of_one_account_does_not_set_a_group_apart():
    """Eighteen colleagues with a word of their own are not as many strangers."""
    texts = pd.Series(["gasket late"] * 18 + ["late"] * 42)
    groups = pd.Series(["low"] * 30 + ["high"] * 30)
    strangers = comments.words_apart(texts, groups)
    colleagues = comments.words_apart(texts, groups, clusters=pd.Series([0] * 18 + [*range(1, 43)]))
    one, other = (f.table.set_index("word").loc["gasket"] for f in (strangers, colleagues))
    assert one["apart"]
    assert not other["apart"]
    assert other["z"] == pytest.approx(one["z"] / 18**0.5)


def test_words_of_few_people_are_not_looked_at():
    texts = pd.Series(["rare word"] * 9 + ["good"] * 51)
    groups = pd.Series(["low"] * 30 + ["high"] * 30)
    assert "rare" not in set(comments.words_apart(texts, groups).table["word"])


def test_shuffled_groups_have_no_words_of_their_own(coding):
    rng = np.random.default_rng(6)
    texts = coding.gathered.table.loc[coding.current, "text"]
    labels = np.array(["a", "b", "c"])[np.arange(len(texts)) % 3]
    false = [
        len(
            comments.words_apart(texts, pd.Series(rng.permutation(labels), index=texts.index)).apart
        )
        for _ in range(40)
    ]
    assert sum(count > 0 for count in false) <= 5  # six of forty at one in twenty has p 0.01


def test_one_group_alone_has_nothing_to_be_compared_with():
    found = comments.words_apart(pd.Series(["late"] * 20), pd.Series(["all"] * 20))
    assert found.tried == 0
    assert found.apart.empty


# Ratings and writers -----------------------------------------------------------------------------


def test_those_who_name_a_theme_rate_it_lower_where_that_was_planted(rng):
    texts = ["late", "ok"] * 60
    made = coding_of(texts, frame_of(late="late"))
    lower = np.tile([-2.0, 0.0], 60)
    ratings = pd.DataFrame({"speed": 7 + lower + rng.normal(0, 1, 120)}, index=made.codes.index)
    row = comments.rating_gaps(made, ratings, {"late": "speed"}).table.iloc[0]
    assert row["low"] < -2 < row["high"]
    assert row["p_holm"] < 1e-6
    assert (row["base"], row["others"]) == (60, 60)


def test_a_gap_of_few_people_is_withheld():
    made = coding_of(["late"] * 9 + ["ok"] * 50, frame_of(late="late"))
    ratings = pd.DataFrame({"speed": 5.0}, index=made.codes.index)
    row = comments.rating_gaps(made, ratings, {"late": "speed"}).table.iloc[0]
    assert row["withheld"]
    assert np.isnan(row["mean"])


def test_where_all_or_nobody_wrote_there_is_no_gap_of_writers():
    scores = pd.Series([5.0, 6.0, 7.0])
    for wrote in (pd.Series([True] * 3), pd.Series([True, False, False])):
        gap = comments.writers_gap(scores, wrote, SurveyDesign())
        assert gap is None


def test_no_name_or_number_of_the_simulated_comments_is_left(gathered, northfield):
    owners = northfield.tables["accounts"]["owner"].dropna().unique()
    names = comments.name_list(owners, northfield.tables["accounts"]["name"])
    table = gathered.table
    shown = comments.redacted(
        table["text"], names, clusters=table["cluster"], languages=table["language"]
    )
    people = re.compile(rf"\b(?:{'|'.join(FIRST_NAMES)})\b")
    assert table["text"].str.contains(people).sum() > 50
    assert not shown.str.contains(people).any()
    assert not shown.str.contains(r"\d", regex=True).any()
    kept = shown.str.len().sum() / table["text"].str.len().sum()
    assert kept > 0.95  # innocent words stay


# Quotes ------------------------------------------------------------------------------------------


def quoted(made: comments.Coding, agreed: object, **more: object) -> comments.Quotes:
    texts = made.gathered.table["text"]
    may = pd.Series(agreed, index=texts.index)
    return comments.quotes(made, texts, may, rng=np.random.default_rng(3), **more)


UNLIKE = [f"late because of {word}" for word in ("snow", "strikes", "customs", "a flood", "you")]


def test_only_those_who_agreed_are_quoted():
    made = coding_of(UNLIKE, frame_of(late="late"))
    shown = quoted(made, [True, False, True, False, False])
    assert set(shown.table["text"]) <= {UNLIKE[0], UNLIKE[2]}
    assert shown.counts.iloc[0].to_dict() == {"theme": "late", "may": 2, "shown": 2}


def test_nobody_known_to_agree_means_no_quote():
    shown = quoted(coding_of(UNLIKE, frame_of(late="late")), [False] * 5)
    assert shown.table.empty
    assert shown.base == 0


def test_an_account_is_quoted_once_and_no_two_quotes_are_alike():
    rows = pd.DataFrame({"response_id": list("abcd"), "question": "q",
                         "text": [UNLIKE[0], UNLIKE[1], UNLIKE[2], UNLIKE[2] + "!"]})  # fmt: skip
    people = pd.DataFrame({"wave": "w", "account_id": ["1", "1", "2", "3"]}, index=list("abcd"))
    made = comments.coded(
        comments.gathered(rows, people, "w"), frame_of(late="late"), rng=np.random.default_rng(1)
    )
    shown = quoted(made, True)
    assert len(shown.table) == 2


def test_nobody_is_quoted_under_two_themes_and_every_theme_has_its_turn():
    """Twelve accounts name both themes: neither uses them up, and no comment stands twice."""
    words = ("snow", "strikes", "customs", "floods", "rain", "ice", "wind", "fog", "fire", "hail",
             "dust", "heat")  # fmt: skip
    made = coding_of(
        [f"late and dear, {w} {w}s {w}ed" for w in words], frame_of(late="late", dear="dear")
    )
    shown = quoted(made, True)
    assert shown.counts["shown"].tolist() == [5, 5]
    assert shown.table["text"].is_unique
    few = coding_of(UNLIKE, frame_of(late="late", why="because"))
    assert sorted(quoted(few, True).counts["shown"]) == [2, 3]


def test_comments_in_which_names_cannot_be_found_are_not_quoted():
    made = coding_of(["late, ask 佐藤", "late", "متأخر"], frame_of(late="late; متأخر"))
    shown = quoted(made, True)
    assert shown.table["text"].tolist() == ["late"]
    assert shown.counts.iloc[0].to_dict() == {"theme": "late", "may": 1, "shown": 1}
    assert (shown.base, shown.unreadable) == (3, 2)


def test_the_draw_is_by_seed_and_not_by_place():
    made = coding_of(UNLIKE * 1, frame_of(late="late"))
    first = quoted(made, True, count=2).table["text"].tolist()
    assert quoted(made, True, count=2).table["text"].tolist() == first
    drawn = {
        comments.quotes(made, made.gathered.table["text"], pd.Series(True, index=made.codes.index),
                        rng=np.random.default_rng(seed), count=1).table["text"].iloc[0]
        for seed in range(30)
    }  # fmt: skip
    assert len(drawn) >= 4


def test_a_role_is_named_only_where_enough_people_of_it_name_the_theme():
    made = coding_of(["late"] * 12 + ["late too"], frame_of(late="late"))
    roles = pd.Series(["user"] * 12 + ["admin"], index=made.codes.index)
    shown = quoted(made, True, roles=roles).table
    assert set(shown["said_by"]) <= {"user", ""}
    assert quoted(made, True, roles=roles, minimum=13).table["said_by"].tolist() == [""] * len(
        shown
    )
