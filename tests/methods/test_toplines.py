"""Toplines and banner tables: R's values, single cells, letters, what is withheld."""

from __future__ import annotations

from types import SimpleNamespace

import attacks
import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import survey, toplines
from helpers.methods.survey import SurveyDesign
from helpers.methods.toplines.letters import Pairs, letters
from helpers.study import open_study

ALL = SimpleNamespace(suppress=1, test=2)
POLICY = SimpleNamespace(suppress=10, test=30)
EXACT = 1e-9  # the same sums in another order


def codebook(**roles: tuple[str, float, float]) -> pd.DataFrame:
    """A codebook of questions by name: role and the ends of the scale."""
    rows = [{"variable": name, "text": name, "role": role, "label": name.title(),
             "scale_min": low, "scale_max": high}
            for name, (role, low, high) in roles.items()]  # fmt: skip
    return pd.DataFrame(rows)


def tabulated(answers, asked, design=None, banners=(), policy=ALL, **more):
    made = [toplines.banner(name, answers[name]) for name in banners]
    return toplines.tabulate(
        toplines.questions(asked, answers, apart=banners),
        answers,
        design,
        made,
        policy=policy,
        **more,
    )


# R survey 4.5, apistrat and apiclus1: svymean, svychisq, svyttest, to six digits.

R_API = codebook(
    api00=("metric", np.nan, np.nan), enroll=("metric", np.nan, np.nan),
    **{"sch.wide": ("segment", np.nan, np.nan)},
)  # fmt: skip


@pytest.fixture
def apistrat(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "reference" / "apistrat.csv")


@pytest.fixture
def by_r(apistrat) -> toplines.Toplines:
    design = SurveyDesign(apistrat["pw"], strata=apistrat["stype"], population=apistrat["fpc"])
    answers = apistrat.assign(wide=apistrat["sch.wide"])
    return tabulated(answers, R_API, design, ["stype", "wide"], correction="none")


def test_a_mean_and_its_error_are_those_of_svymean(by_r):
    row = by_r.table.set_index("question").loc["api00"]
    assert row["value"] == pytest.approx(662.2873632, abs=1e-6)
    assert row["standard_error"] == pytest.approx(9.4089408, abs=1e-6)
    assert row["sample"] == pytest.approx(652.82, abs=1e-9)


def test_weighted_counts_are_those_of_svytable_and_svytotal(by_r, apistrat):
    """A cell of svytable is the sum of its weights."""
    summed = apistrat.groupby(["stype", "sch.wide"])["pw"].sum()
    assert by_r.table.set_index("question").loc["enroll", "weighted"] == pytest.approx(
        3687177.5, abs=0.05
    )
    cells = by_r.cells.set_index(["question", "group", "answer"])["weighted"]
    assert cells[("sch.wide", "E", "Yes")] == pytest.approx(summed["E", "Yes"], abs=1e-6)
    assert cells[("sch.wide", "H", "No")] == pytest.approx(summed["H", "No"], abs=1e-6)


def test_the_test_of_independence_is_svychisq(by_r):
    row = by_r.tests.set_index(["question", "banner"]).loc[("sch.wide", "stype")]
    assert row["statistic"] == pytest.approx(17.247444, abs=1e-6)
    assert row["numerator"] == pytest.approx(1.8286715, abs=1e-6)
    assert row["denominator"] == pytest.approx(360.2482863, abs=1e-5)
    assert row["p"] == pytest.approx(2.035046e-07, rel=1e-6)


def test_two_columns_are_compared_as_svyttest_compares_them(apistrat):
    """Its t is 3.8683819 on 196, ours on 197: degrees of freedom of the design."""
    design = SurveyDesign(apistrat["pw"], strata=apistrat["stype"], population=apistrat["fpc"])
    sample = toplines.Sample.of(design, apistrat.index)
    inside = np.column_stack([apistrat["sch.wide"] == name for name in ("No", "Yes")])
    means = sample.means(apistrat[["api00"]].to_numpy(float), inside)
    off = means.linear[:, 1, 0] - means.linear[:, 0, 0]
    assert (means.value[1, 0] - means.value[0, 0]) / np.sqrt(off @ off) == pytest.approx(
        3.8683819, abs=1e-6
    )


def test_clustered_shares_and_means_are_those_of_svymean(shared):
    schools = pd.read_csv(shared / "data" / "reference" / "apiclus1.csv")
    design = SurveyDesign(
        schools["pw"], clusters=schools["dnum"], population=schools["fpc"]
    ).linearised()
    found = tabulated(schools, R_API, design).table.set_index(["question", "answer"])
    assert found.loc[("api00", ""), "value"] == pytest.approx(644.169399, abs=1e-6)
    assert found.loc[("api00", ""), "standard_error"] == pytest.approx(23.542241, abs=1e-6)
    assert found.loc[("sch.wide", "Yes"), "value"] == pytest.approx(0.874317, abs=1e-6)


def test_a_post_stratified_mean_has_the_error_of_postStratify(shared):
    from helpers.methods import weighting

    schools = pd.read_csv(shared / "data" / "reference" / "apiclus1.csv")
    fitted = weighting.post_stratify(
        schools[["stype"]], pd.Series({"E": 4421, "H": 755, "M": 1018}), base=schools["pw"]
    )
    design = SurveyDesign(fitted, clusters=schools["dnum"], population=schools["fpc"]).linearised()
    row = tabulated(schools, R_API, design).table.set_index("question").loc["api00"]
    assert row["value"] == pytest.approx(642.31079, abs=1e-5)
    assert row["standard_error"] == pytest.approx(23.92049, abs=1e-5)


# Every cell is the estimate of that cell.


def world(rng, people=240, accounts=80) -> pd.DataFrame:
    rows = pd.DataFrame({"account": rng.integers(0, accounts, people)})
    stratum = np.where(np.arange(accounts) % 3 > 0, "large", "small")
    rows["stratum"] = stratum[rows["account"]]
    rows["site"] = rng.choice(["x", "y", "z"], people)
    rows["ease"] = rng.integers(1, 6, people).astype(float)
    rows.loc[rng.random(people) < 0.1, "ease"] = np.nan
    rows["weight"] = rng.uniform(0.5, 2, people)
    return rows


DESIGNS = {
    "alike": lambda rows: SurveyDesign().of(rows.index),
    "weights": lambda rows: SurveyDesign(rows["weight"]),
    "few accounts": lambda rows: SurveyDesign(rows["weight"], clusters=rows["account"] % 20),
    "accounts": lambda rows: SurveyDesign(rows["weight"], clusters=rows["account"]),
    "strata": lambda rows: SurveyDesign(
        rows["weight"], strata=rows["stratum"], clusters=rows["account"]
    ),
    "few in strata": lambda rows: SurveyDesign(
        rows["weight"], strata=rows["stratum"],
        clusters=rows["account"] % 10 * 3 + rows["account"] % 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DESIGNS)
def test_every_cell_has_the_value_and_error_of_its_own_estimate(kind, rng):
    answers = world(rng)
    design = DESIGNS[kind](answers)
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), design, ["site"])
    cells = found.cells.set_index(["group", "row", "answer"])
    for site in ("x", "y", "z"):
        part = design.where(answers["site"] == site)
        given = answers["ease"].dropna()
        for key, estimate in {
            ("mean", ""): survey.mean(given, part),
            ("answer", "4"): survey.mean((given == 4).astype(float), part),
            ("top", "4, 5"): survey.mean((given >= 4).astype(float), part),
        }.items():
            row = cells.loc[(site, *key)]
            assert row["value"] == pytest.approx(estimate.value, rel=EXACT)
            assert row["standard_error"] == pytest.approx(estimate.standard_error, rel=EXACT)
            assert row["base"] == estimate.base


def test_two_columns_that_share_accounts_are_compared_as_a_difference_of_their_own(rng):
    answers = world(rng)
    design = DESIGNS["strata"](answers)
    sample = toplines.Sample.of(design, answers.index)
    asked = answers["ease"].notna().to_numpy()
    inside = np.column_stack([(answers["site"] == name) & asked for name in "xy"])
    means = sample.means(answers[["ease"]].fillna(0).to_numpy(), inside)
    off = means.linear[:, 1, 0] - means.linear[:, 0, 0]
    parts = [answers["ease"].where(answers["site"] == name) for name in "xy"]
    alone = survey.difference(*parts, design.linearised())
    assert np.sqrt(off @ off) == pytest.approx(alone.standard_error, rel=EXACT)


def test_counts_and_unweighted_shares_of_northfield_are_those_of_pandas():
    study = open_study("northfield")
    answers = study.as_given()
    asked = toplines.questions(study.codebook.table, answers)
    one = toplines.banner("tier", answers["tier"])
    found = toplines.tabulate(asked, answers, None, [one], policy=POLICY)
    listed = {v for question in asked for v in question.variables}
    assert listed == {q.variable for q in study.codebook.questions if q.role != "comment"}
    for question in asked:
        rows = found.table[found.table["question"] == question.name].set_index(["row", "answer"])
        for place, variable in enumerate(question.variables):
            given = answers[variable].dropna().astype(float)
            if question.kind == "several":
                base = answers[list(question.variables)].notna().any(axis=1).sum()
                row = rows.iloc[place]
                assert row["count"] == given.sum()
                assert row["sample"] == pytest.approx(given.sum() / base, rel=EXACT)
                continue
            assert rows.loc[("mean", ""), "sample"] == pytest.approx(given.mean(), rel=EXACT)
            for code, share in given.value_counts(normalize=True).items():
                row = rows.loc[("answer", f"{code:g}")]
                assert row["sample"] == pytest.approx(share, rel=EXACT)
                assert row["count"] == (given == code).sum()
            by = given.groupby(answers["tier"]).mean()
            cells = found.cells[
                (found.cells["question"] == variable) & (found.cells["row"] == "mean")
            ]
            assert cells.set_index("group")["sample"].to_dict() == pytest.approx(by.to_dict())


# Letters, worked by hand.

WORKED = Pairs(  # three columns; p of A-B, A-C, B-C in two rows
    ((0, 1), (0, 2), (1, 2)),
    np.array([[0.02, 0.010], [0.04, 0.020], [0.30, 0.900]]),
    np.array([[5.0, 1.0], [-4.0, 2.0], [-9.0, 0.5]]),
)


@pytest.mark.parametrize(
    ("correction", "first", "second"),
    [
        ("none", ["C", "A", ""], ["", "A", "A"]),  # .02 and .04 under .05; .01 and .02
        ("bonferroni", ["", "", ""], ["", "A", ""]),  # .06, .12; .03, .06
        ("holm", ["", "", ""], ["", "A", "A"]),  # .06, .08; .03, .04
    ],
)
def test_letters_follow_the_declared_correction(correction, first, second):
    found = letters(WORKED, ["A", "B", "C"], correction=correction, confidence=0.95)
    assert found[:, 0].tolist() == first
    assert found[:, 1].tolist() == second


def test_a_letter_stands_in_the_higher_column_and_names_the_lower(rng):
    answers = pd.DataFrame({"site": np.repeat(["x", "y"], 60)})
    answers["ease"] = np.where(answers["site"] == "x", 4.0, 2.0) + rng.integers(0, 2, 120)
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), None, ["site"])
    mean = found.cells[found.cells["row"] == "mean"].set_index("group")["letters"]
    assert mean.to_dict() == {"x": "B", "y": ""}
    assert found.told_apart <= found.compared


def test_no_column_under_the_base_for_tests_has_a_letter(rng):
    answers = pd.DataFrame({"site": np.repeat(["x", "y"], [60, 20])})
    answers["ease"] = np.where(answers["site"] == "x", 4.0, 2.0) + rng.integers(0, 2, 80)
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), None, ["site"], POLICY)
    assert not found.cells["letters"].any()
    assert found.cells.set_index("group")["tested"].to_dict() == {"x": True, "y": False}


def test_an_unknown_correction_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="there are none, bonferroni, holm"):
        letters(WORKED, ["A", "B", "C"], correction="fdr", confidence=0.95)


# What is withheld.


def near(rng) -> pd.DataFrame:
    """The pilot is the whole of the North but for three people."""
    region = np.repeat(["North", "South", "East"], [50, 40, 30])
    pilot = np.where((region == "North") & (np.arange(120) > 2), "in", "out")
    answers = pd.DataFrame({"region": region, "pilot": pilot})
    answers["ease"] = rng.integers(1, 6, 120).astype(float)
    return answers


def test_what_would_give_few_people_away_is_withheld_in_every_row(rng):
    answers = near(rng)
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), None, ["region", "pilot"], POLICY)
    away = found.cells.groupby("group")["withheld"].agg(["all", "any"])
    assert away.loc[["in", "out"], "all"].all()
    assert not away.loc[["North", "South", "East"], "any"].any()
    told = found.cells.loc[found.cells["withheld"], ["value", "sample", "count", "base", "letters"]]
    assert told.drop(columns="letters").isna().all(axis=None)
    assert not told["letters"].any()


def test_the_attack_recovers_nobody_and_would_without_it(rng):
    answers = near(rng)
    for policy, nobody in ((POLICY, True), (ALL, False)):
        found = tabulated(
            answers, codebook(ease=("driver", 1, 5)), None, ["region", "pilot"], policy
        )
        groups = answers[["region", "pilot"]]
        names = {name: sorted(groups[name].unique()) for name in groups}
        cells = attacks.groups_in_table(found.cells, names)
        assert len(cells) >= 3
        assert (attacks.recovered(cells, groups, 10, answers["ease"]) == {}) is nobody


def test_a_question_that_few_answered_shows_its_withheld_rows_alone(rng):
    answers = near(rng)
    answers.loc[9:, "ease"] = np.nan
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), None, ["region"], POLICY)
    assert found.table["withheld"].all()
    assert found.cells["withheld"].all()


def test_two_waves_that_differ_by_one_person_give_nobody_away(rng):
    people = [f"C{place}" for place in range(41)]
    said = rng.integers(1, 6, 41).astype(float)
    waves = pd.DataFrame({"wave": ["1"] * 40 + ["2"] * 41, "contact_id": [*people[:40], *people],
                          "ease": [*said[:40], *said]})  # fmt: skip
    now = waves[waves["wave"] == "2"]
    over = toplines.over_waves(waves, SurveyDesign().of(waves.index), ["1", "2"])
    asked = toplines.questions(codebook(ease=("driver", 1, 5)), now)
    found = toplines.tabulate(asked, now, None, policy=POLICY, over=over)
    assert found.cells.groupby("group")["withheld"].all().to_dict() == {"1": True, "2": False}
    alone = waves.assign(contact_id=range(81))
    over = toplines.over_waves(alone, SurveyDesign().of(waves.index), ["1", "2"])
    again = toplines.tabulate(asked, now, None, policy=POLICY, over=over)
    assert not again.cells["withheld"].any()


def test_what_is_handed_on_holds_no_last_digits(rng):
    answers = world(rng)
    found = tabulated(
        answers, codebook(ease=("driver", 1, 5)), DESIGNS["strata"](answers), ["site"]
    )
    for table in (found.released.table, found.released.cells):
        share = table["row"] != "mean"
        assert (table.loc[share, "value"] * 1000 % 1).round(6).isin([0, 1]).all()
        assert (table.loc[~share, "value"] * 100 % 1).round(6).isin([0, 1]).all()


def rare(rng) -> pd.DataFrame:
    """On a scale of five, 1 was answered by three people, 2 by twelve, and 5 by many."""
    answers = pd.DataFrame({"region": rng.choice(["North", "South"], 300)})
    answers["ease"] = np.repeat([5.0, 4, 3, 2, 1], [150, 85, 50, 12, 3])
    return answers


def test_an_answer_of_few_people_stands_beside_no_group_and_cannot_be_found_there(rng):
    found = tabulated(rare(rng), codebook(ease=("driver", 1, 5)), None, ["region"], POLICY)
    cells = found.cells[found.cells["group"] == "North"].set_index(["row", "answer"])["withheld"]
    everybody = found.table.set_index(["row", "answer"])
    # 1 is the rest of the others, and of the bottom box without 2: 2 is withheld with it
    assert cells[cells].index.tolist() == [("answer", "2"), ("answer", "1")]
    assert everybody.loc[("answer", "1"), "count"] == 3
    told = found.cells.join(everybody["count"].rename("all"), on=["row", "answer"])
    shown = told[~told["withheld"] & (told["row"] != "mean")]
    assert (shown["all"] >= 10).all()


def test_a_bottom_box_of_few_is_withheld_and_the_top_box_is_not(rng):
    answers = rare(rng)
    answers["ease"] = answers["ease"].replace({2.0: 3.0})
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), None, ["region"], POLICY)
    cells = found.cells[found.cells["group"] == "North"].set_index(["row", "answer"])["withheld"]
    assert cells[("bottom", "1, 2")]
    assert not cells[("top", "4, 5")]
    assert not cells[("answer", "2")]  # nobody gave it


def test_of_answers_that_may_be_ticked_those_of_few_are_withheld_by_group(rng):
    asked = codebook(a=("interest", 0, 1), b=("interest", 0, 1), c=("interest", 0, 1)).assign(
        text=["Tell me about: pumps", "Tell me about: valves", "Tell me about: service"]
    )
    rows = np.arange(100)
    answers = pd.DataFrame({"a": rows < 40, "b": rows < 4, "c": rows < 96}).astype(float)
    answers["site"] = np.where(rows % 2, "x", "y")
    found = tabulated(answers, asked, None, ["site"], POLICY)
    assert found.cells[found.cells["group"] == "x"]["withheld"].tolist() == [False, True, True]


def test_the_weights_of_few_people_are_not_handed_on(rng):
    answers = rare(rng).assign(weight=rng.uniform(0.5, 5, 300))
    design = SurveyDesign(answers["weight"])
    found = tabulated(answers, codebook(ease=("driver", 1, 5)), design, ["region"], POLICY)
    one = found.released.table.set_index(["row", "answer"]).loc[("answer", "1")]
    assert one["count"] == 3
    assert one[["weighted", "value", "standard_error"]].isna().all()
    others = found.released.table.set_index(["row", "answer"]).drop(("answer", "1"))
    assert others["value"].notna().all()


# Questions.


def test_questions_have_the_rows_of_their_kind(rng):
    answers = pd.DataFrame({
        "nps": rng.integers(0, 11, 60), "ease": rng.integers(1, 6, 60),
        "paid": rng.integers(0, 2, 60), "days": rng.integers(0, 90, 60),
        "share": rng.uniform(0, 5, 60),
        "why": ["price"] * 40 + ["speed"] * 15 + ["care"] * 5, "free": "text",
    }).astype({"nps": float})  # fmt: skip
    asked = codebook(
        nps=("recommend", 0, 10), ease=("driver", 1, 5), paid=("asked", 0, 1),
        days=("metric", np.nan, np.nan), share=("driver", 0, 5), why=("segment", np.nan, np.nan),
        free=("comment", np.nan, np.nan), gone=("driver", 1, 5),
    )  # fmt: skip
    found = {one.name: one for one in toplines.questions(asked, answers, smallest=10)}
    assert {name: one.kind for name, one in found.items()} == {
        "nps": "scale", "ease": "scale", "paid": "yes or no", "days": "number", "share": "number",
        "why": "choice",
    }  # fmt: skip
    boxes = {row.kind: row.name for row in found["nps"].rows if row.kind != "answer"}
    assert boxes == {"top": "9, 10", "bottom": "0, 1, 2, 3, 4, 5, 6", "mean": ""}
    assert [row.name for row in found["why"].rows] == [
        "price",
        "other answers",
    ]  # care alone is few


def test_ticked_answers_are_one_question_of_those_who_answered_any():
    asked = codebook(a=("interest", 0, 1), b=("interest", 0, 1)).assign(
        text=["Tell me about: pumps", "Tell me about: valves"]
    )
    answers = pd.DataFrame({"a": [1, 0, None, None], "b": [1, None, 0, None]})
    found = tabulated(answers, asked).table
    assert found["answer"].tolist() == ["pumps", "valves"]
    assert found["base"].tolist() == [3, 3]
    assert found["sample"].tolist() == pytest.approx([1 / 3, 1 / 3])


def test_a_question_can_be_a_banner_and_is_none_of_its_own(rng):
    answers = pd.DataFrame({"nps": rng.integers(0, 11, 90), "ease": rng.integers(1, 6, 90)})
    asked = toplines.questions(codebook(nps=("recommend", 0, 10), ease=("driver", 1, 5)), answers)
    made = toplines.banners(["nps"], asked, answers)
    assert made[0].columns == ("9, 10", "between", "0, 1, 2, 3, 4, 5, 6")
    found = toplines.tabulate(asked, answers, None, made, policy=ALL)
    assert set(found.cells["question"]) == {"ease"}
    held = found.cells[found.cells["row"] == "mean"].set_index("group")["base"]
    assert held["9, 10"] == (answers["nps"] >= 9).sum()
    with pytest.raises(ValueError, match="'tier' is neither a question nor a column"):
        toplines.banners(["tier"], asked, answers)


def test_without_questions_or_with_an_empty_box_it_says_so():
    with pytest.raises(NotEstimable, match="no question of the codebook was answered"):
        toplines.tabulate((), pd.DataFrame(), None, policy=ALL)
    with pytest.raises(ValueError, match="boxes is 0"):
        toplines.questions(codebook(), pd.DataFrame(), boxes=0)


def sparse(seed):
    """Eleven answers, some of very few, in five columns, the smallest of a twentieth."""
    rng = np.random.default_rng(seed)
    shares = [0.004, 0.006, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.2, 0.2]
    said = np.eye(11)[rng.choice(11, 800, p=shares)]
    return said, np.eye(5, dtype=bool)[rng.choice(5, 800, p=[0.4, 0.25, 0.2, 0.1, 0.05])]


def test_answers_of_few_are_tested_with_their_neighbours_and_the_level_is_kept():
    """By empty cells one in four worlds was called dependent, or as many as rounding let be."""
    sample = toplines.Sample.of(
        SurveyDesign(clusters=pd.Series(np.repeat(np.arange(200), 4))), pd.RangeIndex(800)
    )
    found = [toplines.rao_scott(*sparse(seed), sample).p for seed in range(150)]
    assert np.mean(np.array(found) < 0.05) <= 0.1  # 150 worlds: three standard errors above .05


def test_a_table_of_which_no_two_answers_are_left_is_not_tested():
    said, inside = sparse(1)
    sample = toplines.Sample.of(SurveyDesign(), pd.RangeIndex(800))
    with pytest.raises(NotEstimable, match="fewer than two"):
        toplines.rao_scott(said, inside & (np.arange(800) < 40)[:, None], sample)
