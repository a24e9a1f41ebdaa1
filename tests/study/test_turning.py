"""Questions asked the other way round: turned once, for every role and all that follows."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import drivers, loyalty, measure, quality, scorecard, survey
from helpers.study import open_study
from helpers.study.codebook import Question
from helpers.study.turning import turned_benchmarks
from helpers.views.loyalty import rows as loyalty_rows

HEAD = "variable,role,label,scale_min,scale_max,reverse\n"
BOOK = HEAD + (
    "rec,recommend,Would recommend,0,10,yes\n"
    "grade,satisfaction,Grade,1,6,yes\n"
    "wait,driver,Waiting,1,6,yes\n"
    "care,driver,Care,1,6,no\n"
    "effort,effort,Effort,1,7,yes\n"
)
BEFORE, NOW = "2025H2", "2026H1"


def answers(grades: dict[tuple[str, str], list[int]], rec: list[int] | None = None) -> str:
    """A line a grade, by wave and region; waiting follows the grade, care runs against it."""
    lines = ["response_id,wave,region,rec,grade,wait,care,effort"]
    for (wave, region), given in grades.items():
        for number, grade in enumerate(given):
            said = rec[number % len(rec)] if rec else 2 * (grade - 1)
            cells = (said, grade, grade, 7 - grade, min(grade + number % 2, 7))
            name = f"{wave}-{region}-{number}"
            lines.append(",".join(map(str, (name, wave, region, *cells))))
    return "\n".join(lines) + "\n"


GRADES = {
    (BEFORE, "North"): [1, 1, 2, 2, 1, 2] * 6,
    (BEFORE, "South"): [2, 3, 2, 3, 2, 2] * 6,
    (NOW, "North"): [2, 2, 3, 2, 3, 2] * 6,
    (NOW, "South"): [5, 6, 5, 5, 4, 5] * 6,
}


@pytest.fixture
def graded(client):
    """A client of German school grades, 1 the best and 6 the worst."""

    def make(more: dict[str, str] | None = None, rec: list[int] | None = None, **keys: str):
        files = {"codebook.csv": BOOK, "responses.csv": answers(GRADES, rec), **(more or {})}
        return open_study(client(files, **{"segments": "[region]", **keys}))

    return make


def scores(study, wave=None) -> dict[str, measure.Measure]:
    rows = study.responses_of(wave)
    found = measure.loyalty_measures(
        rows, study.roles, study.scales, study.labels, study.outcome("loyalty", wave),
        as_given=study.as_given("all"), lower_is_better=study.turned,
    )  # fmt: skip
    return {m.name: m for m in found}


def test_the_net_promoter_score_of_a_reversed_question_is_that_of_the_answers_turned(graded):
    """Nought is the best: of twelve, one is a promoter (0) and eleven are detractors."""
    study = graded(rec=[0, 10, 9, 8, 10, 4, 5, 6, 7, 10, 10, 9])
    nps = scores(study)["nps"]
    assert nps.estimate(nps.values).value == pytest.approx((1 - 11) / 12 * 100)  # -83
    assert survey.net_promoter(study.as_given()["rec"]).value > 0  # as the answers stand


def test_means_and_best_answers_are_of_the_turned_answers(graded):
    found = scores(graded())
    given = pd.Series(GRADES[NOW, "North"] + GRADES[NOW, "South"])
    mean, top = found["satisfaction_mean"], found["satisfaction_top"]
    assert mean.estimate(mean.values).value == pytest.approx(7 - given.mean())
    assert mean.label == "Grade (turned: 6 is best), mean (1 to 6)"
    assert top.estimate(top.values).value == pytest.approx((given <= 2).mean())


def test_the_best_segment_is_the_one_with_the_lowest_grades(graded):
    study = graded()
    means = study.responses.groupby("region")["grade"].mean()
    assert means["North"] > 4.5 > 2.5 > means["South"]
    assert study.outcome("loyalty").values.groupby(study.responses["region"]).mean().idxmin() == (
        "South"
    )


def test_grades_that_went_up_are_told_as_worse(graded):
    study = graded()
    mean = scores(study, "all")["satisfaction_mean"]
    moved = loyalty.trend(
        {mean.name: mean.each}, study.all_responses["wave"], order=study.waves,
        compared=(BEFORE, NOW),
    )  # fmt: skip
    card = scorecard.scorecard([mean], {"weighted": None})
    row = loyalty_rows.trend_rows(card, [mean], moved, NOW, smallest=0.01, targets={})
    assert row["reading"].tolist() == ["fell: worse"]


def test_every_role_is_turned_once(client):
    roles = ("recommend", "satisfaction", "effort", "attitude", "behaviour", "driver", "stated",
             "asked", "acted", "told", "interest")  # fmt: skip
    book = HEAD + "".join(f"q_{role},{role},{role},1,5,yes\n" for role in roles)
    rows = ",".join(f"q_{role}" for role in roles)
    given = ("1," * len(roles), "4," * len(roles))
    data = f"{rows},wave\n{given[0]}2026H1\n{given[1]}2026H1\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    for role in roles:
        assert study.responses[f"q_{role}"].tolist() == [5.0, 2.0], role
        assert study.as_given()[f"q_{role}"].tolist() == [1.0, 4.0], role
        assert study.scored(role)[f"q_{role}"].tolist() == [100.0, 25.0], role
        assert study.outcome(f"q_{role}").values.tolist() == [5.0, 2.0], role
    assert study.turned == tuple(f"q_{role}" for role in roles)


def test_a_question_without_reverse_is_left_as_it_is(graded):
    study = graded()
    assert study.responses["care"].equals(study.as_given()["care"])
    assert study.label("care") == "Care"
    assert study.label("wait") == "Waiting (turned: 6 is best)"


def test_effort_is_told_as_it_was_asked_and_less_of_it_is_better(graded):
    study = graded()
    effort = scores(study)["effort_mean"]
    assert effort.values.tolist() == study.as_given()["effort"].tolist()
    assert (effort.better, effort.label) == (-1, "Effort, mean (1 to 7)")
    outcome = study.outcome("effort")
    assert outcome.label == "Effort (turned: 7 is best)"
    assert outcome.values.tolist() == (8 - study.as_given()["effort"]).tolist()


def test_shorter_waiting_goes_with_loyalty_and_not_against_it(graded):
    study = graded()
    found = drivers.relative_importance(study.ratings, study.outcome("recommend").values)
    assert (found.table.set_index("driver")["effect"] > 0).all()


def test_targets_of_means_are_written_as_asked_and_turned_with_the_answers(graded):
    declared = "{satisfaction_mean: 2, satisfaction_top: 0.6, nps: 40, effort_mean: 2}"
    wanted = graded(targets=f"{{scores: {declared}}}").targets.scores
    turned = {"satisfaction_mean": 5.0, "satisfaction_top": 0.6, "nps": 40.0, "effort_mean": 2.0}
    assert wanted == turned


BENCHMARKS = (
    "metric,scale,mode,source,year,p10,p25,p50,p75,p90,n\n"
    "satisfaction,1-6,web,panel,2025,1.5,1.8,2.2,2.6,3.0,80\n"
    "satisfaction,0-10,web,panel,2025,6,7,8,8.5,9,80\n"
    "effort,1-7,web,panel,2025,2,3,4,5,6,80\n"
    "nps,0-10,web,panel,2025,0,10,20,30,40,80\n"
)


def test_a_benchmark_on_the_same_scale_is_turned_and_others_are_not(graded):
    table = graded({"benchmarks.csv": BENCHMARKS}).table("benchmarks")
    quantiles = table[["p10", "p25", "p50", "p75", "p90"]].values.tolist()
    assert quantiles[0] == [4.0, 4.4, 4.8, 5.2, 5.5]
    assert quantiles[1:] == [[6, 7, 8, 8.5, 9], [2, 3, 4, 5, 6], [0, 10, 20, 30, 40]]


def test_a_poor_grade_stands_low_among_other_companies(graded):
    study = graded({"benchmarks.csv": BENCHMARKS})
    mean = scores(study)["satisfaction_mean"]
    web = pd.Series("web", index=study.responses.index)
    found = loyalty.compare([mean], study.table("benchmarks"), web)
    assert found.table["position"].tolist() == [0.1]  # no company of the panel does worse


def test_a_benchmark_with_some_quantiles_only_is_turned_by_those():
    asked = Question("grade", "satisfaction", "", "Grade", 1, 6, reverse=True)
    outside = pd.DataFrame({"metric": ["satisfaction"], "scale": ["1-6"], "p25": [2.0], "p50": [3]})
    found = turned_benchmarks(outside, [asked]).iloc[0]
    assert (found["p50"], found["p75"]) == (4.0, 5.0)
    assert pd.isna(found["p25"])


def test_straight_lines_are_looked_for_in_the_answers_as_given(client):
    """Six times a 2 is a straight line, whichever way the questions run."""
    book = HEAD + "".join(f"d{n},driver,D{n},1,5,{'yes' if n % 2 else 'no'}\n" for n in range(6))
    data = "d0,d1,d2,d3,d4,d5\n2,2,2,2,2,2\n2,4,2,4,2,4\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    found = quality.answer_quality(
        study.as_given()[list(study.items("driver"))], batteries={"driver": study.items("driver")},
        turned=study.responses,
    )  # fmt: skip
    assert found.flags["straight line: driver"].tolist() == [True, False]


def test_decimals_stay_decimals_and_missing_answers_missing(client):
    book = HEAD + "grade,satisfaction,Grade,1,6,yes\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": "grade\n2.1\n\n6\n1.7\n"}))
    assert study.responses["grade"].dropna().tolist() == [4.9, 1.0, 5.3]


def test_what_was_turned_is_noted(graded):
    (note,) = [note for note in graded().notes if "turned" in note.what]
    assert note.what == "turned round, so that the highest answer is the best: rec, grade, wait"
    assert note.count == 4 * 36
