"""Which columns and rows of toplines are shown: each rule by one case that only it decides."""

from __future__ import annotations

from types import SimpleNamespace

import attacks
import numpy as np
import pandas as pd

from helpers.methods import toplines
from helpers.methods.survey import SurveyDesign

POLICY = SimpleNamespace(suppress=10, test=30)
EASE = pd.DataFrame({"variable": ["ease"], "text": "ease", "role": "driver", "label": "Ease",
                     "scale_min": 1.0, "scale_max": 5.0})  # fmt: skip


def asked_in(answers: pd.DataFrame, codebook: pd.DataFrame = EASE) -> tuple:
    return toplines.questions(codebook, answers)


def withheld(found: toplines.Toplines, banner: str) -> dict[str, bool]:
    """Whether all rows of a column are withheld, by column."""
    here = found.cells[found.cells["banner"] == banner]
    return here.groupby("group")["withheld"].all().to_dict()


def waves(rng: np.random.Generator, first: pd.DataFrame, second: pd.DataFrame) -> toplines.Toplines:
    """Two waves as a banner; a frame has a row a person, with what is known of each."""
    every = pd.concat([first.assign(wave="1"), second.assign(wave="2")], ignore_index=True)
    if "ease" not in every:
        every["ease"] = rng.integers(1, 6, len(every)).astype(float)
    over = toplines.over_waves(every, SurveyDesign().of(every.index), ["1", "2"])
    now = every[every["wave"] == "2"]
    return toplines.tabulate(asked_in(now), now, None, policy=POLICY, over=over)


def people(number: int, **known: object) -> pd.DataFrame:
    return pd.DataFrame(known, index=range(number))


def test_columns_of_one_name_in_two_banners_are_judged_each_by_its_own(rng):
    rows = np.arange(120)
    answers = pd.DataFrame({"pilot": np.where(rows < 60, "yes", "no"),
                            "complained": np.where(rows % 24, "no", "yes"),
                            "ease": rng.integers(1, 6, 120).astype(float)})  # fmt: skip
    made = [toplines.banner(name, answers[name]) for name in ("pilot", "complained")]
    found = toplines.tabulate(asked_in(answers), answers, None, made, policy=POLICY)
    assert withheld(found, "pilot") == {"yes": False, "no": False}
    assert withheld(found, "complained") == {"yes": True, "no": True}
    groups = answers[["pilot", "complained"]]
    shown = found.cells[~found.cells["withheld"]]
    cells = {(banner, group) for banner, group in shown[["banner", "group"]].to_numpy()}
    assert attacks.recovered(cells, groups, 10, answers["ease"]) == {}


def test_a_few_who_did_not_answer_the_question_of_a_banner_stand_with_the_largest_column(rng):
    answers = pd.DataFrame({"ease": rng.integers(1, 6, 103).astype(float)})
    answers["nps"] = [*np.repeat([9.0, 7.0, 3.0], [50, 30, 20]), *[np.nan] * 3]
    nps = EASE.assign(variable="nps", role="recommend", scale_min=0.0, scale_max=10.0)
    asked = asked_in(answers, pd.concat([nps, EASE]))
    made = toplines.banners(["nps"], asked, answers, smallest=10)
    assert made[0].columns == ("9, 10 or not known", "between", "0, 1, 2, 3, 4, 5, 6")
    assert made[0].inside.sum(axis=0).tolist() == [53, 30, 20]


def test_a_wave_is_as_large_as_its_answers(rng):
    first = people(40, ease=[3.0] * 9 + [np.nan] * 31)
    found = waves(rng, first, people(40, ease=rng.integers(1, 6, 40).astype(float)))
    assert withheld(found, "wave") == {"1": True, "2": False}
    first = people(40, ease=[3.0] * 11 + [np.nan] * 29)
    found = waves(rng, first, people(40, ease=rng.integers(1, 6, 40).astype(float)))
    assert found.cells[found.cells["group"] == "1"]["base"].unique().tolist() == [11]


def test_a_wave_in_which_nobody_was_asked_shows_nothing(rng):
    found = waves(rng, people(40, ease=np.nan), people(40, ease=4.0))
    assert withheld(found, "wave") == {"1": True, "2": False}


def test_waves_of_people_who_are_not_known_are_nobody_twice(rng):
    found = waves(rng, people(40), people(41))
    assert withheld(found, "wave") == {"1": False, "2": False}
    unknown = people(40, contact_id=None, ease=3.0)
    known = people(41, contact_id=[f"C{n}" for n in range(41)], ease=3.0)
    assert withheld(waves(rng, unknown, known), "wave") == {"1": False, "2": False}


def test_what_everybody_or_nobody_ticked_tells_of_nobody_and_is_shown(rng):
    names = ["pumps", "valves", "service"]
    codebook = pd.DataFrame({"variable": names, "text": [f"Tell me about: {n}" for n in names],
                             "role": "interest", "label": names, "scale_min": 0.0,
                             "scale_max": 1.0})  # fmt: skip
    answers = pd.DataFrame({"pumps": 1.0, "valves": 0.0, "service": [1.0] * 4 + [0.0] * 96,
                            "site": ["x", "y"] * 50})  # fmt: skip
    made = [toplines.banner("site", answers["site"])]
    found = toplines.tabulate(asked_in(answers, codebook), answers, None, made, policy=POLICY)
    here = found.cells[found.cells["group"] == "x"].set_index("answer")["withheld"]
    assert here.to_dict() == {"pumps": False, "valves": False, "service": True}


def test_a_column_that_is_withheld_has_no_letter_however_it_answered(rng):
    rows = np.arange(120)
    region = np.repeat(["North", "South"], 60)
    answers = pd.DataFrame({"region": region, "ease": np.where(rows < 60, 5.0, 1.0),
                            "pilot": np.where((rows > 2) & (rows < 60), "in", "out")})  # fmt: skip
    made = [toplines.banner(name, answers[name]) for name in ("region", "pilot")]
    found = toplines.tabulate(asked_in(answers), answers, None, made, policy=POLICY)
    assert withheld(found, "pilot") == {"in": True, "out": True}
    tested = found.cells.groupby("banner")[["tested"]].any()["tested"]
    assert tested.to_dict() == {"region": True, "pilot": False}
    assert not found.cells.loc[found.cells["banner"] == "pilot", "letters"].any()


def test_people_of_no_known_group_and_those_of_one_account_are_not_compared(rng):
    answers = pd.DataFrame({"site": [*["x"] * 40, *["y"] * 40, *["z"] * 40, *[None] * 40]})
    answers["ease"] = rng.integers(1, 6, 160).astype(float)
    account = [*range(40), *["one"] * 40, *range(100, 180)]
    made = [toplines.banner("site", answers["site"])]
    found = toplines.tabulate(asked_in(answers), answers, SurveyDesign(clusters=account), made,
                              policy=POLICY)  # fmt: skip
    tested = found.cells.groupby("group")["tested"].any().to_dict()
    assert tested == {"x": True, "y": False, "z": True, "not known": False}


def test_no_sum_of_answers_is_handed_on():
    answers = pd.DataFrame({"ease": np.repeat([1.0, 2, 3, 4, 5], 12)})
    found = toplines.tabulate(asked_in(answers), answers, None, policy=POLICY)
    told = found.released.table.set_index("row")["weighted"]
    assert np.isclose(found.table.set_index("row").loc["mean", "weighted"], 180)
    assert np.isnan(told["mean"])
    assert told["answer"].tolist() == [12] * 5
