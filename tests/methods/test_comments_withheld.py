"""Which groups of those who commented are shown: each rule by one case that only it decides."""

from __future__ import annotations

import attacks
import numpy as np
import pandas as pd
import pytest

from helpers.methods import comments
from helpers.methods.survey import SurveyDesign

ORDER = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)


def coding_of(size: int, waves: tuple[str, ...] = ("w1",)) -> comments.Coding:
    """Comments of so many people in each wave, of whom every third names the one theme."""
    said = pd.DataFrame({"response_id": range(size * len(waves)), "question": "q"})
    said["text"] = np.where(said["response_id"] % 3, "ok", "late")
    people = pd.DataFrame({"wave": np.repeat(waves, size)}, index=said["response_id"])
    frame = comments.theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    gathered = comments.gathered(said, people, waves[-1])
    return comments.coded(gathered, frame, rng=np.random.default_rng(1))


def labels(*groups: tuple[str | None, int]) -> pd.Series:
    names = [name for name, size in groups for _ in range(size)]
    return pd.Series(names, dtype=object)


def bases(found: comments.ThemeGroups) -> dict[str, float]:
    return found.table.loc[~found.table["withheld"]].set_index("group")["base"].to_dict()


def test_a_few_of_no_known_group_are_not_all_people_less_the_others():
    """All people are shown as well: less the North and the South they would be those three."""
    region = labels(("North", 60), ("South", 57), (None, 3))
    found = comments.theme_groupings(coding_of(120), {"region": region})["region"]
    assert bases(found) == {"North or not known": 63, "South": 57}
    plain = region.fillna("not known").to_frame("region")
    merged = region.fillna("North or not known").replace("North", "North or not known")
    told = {("merged", "North or not known"), ("region", "South")}
    assert attacks.recovered(told, plain.assign(merged=merged), 10) == {}
    assert attacks.recovered({("region", "North"), ("region", "South")}, plain, 10) != {}


def test_an_order_of_groups_is_kept_where_a_few_unknown_are_merged_with_one():
    tier = labels(("high", 50), ("low", 30), ("mid", 37), (None, 3)).astype(ORDER)
    found = comments.theme_groupings(coding_of(120), {"tier": tier})["tier"]
    assert found.groups == ("low", "mid", "high or not known")


@pytest.mark.parametrize("dtype", [object, ORDER])
def test_many_of_no_known_group_are_no_group(dtype):
    tier = labels(("high", 50), ("low", 40), (None, 30)).astype(dtype)
    found = comments.theme_groupings(coding_of(120), {"tier": tier})["tier"]
    assert set(found.groups) == {"high", "low"}


def over_waves(size: int) -> SurveyDesign:
    """Two waves of so many people, each an account of its own."""
    every = pd.RangeIndex(2 * size)
    parts = {"w1": every[:size], "w2": every[size:]}
    return SurveyDesign.over(
        {wave: SurveyDesign(clusters=pd.Series(rows, rows)) for wave, rows in parts.items()}
    )


@pytest.mark.parametrize("dtype", [object, ORDER])
def test_earlier_waves_call_a_merged_group_by_the_same_name(dtype):
    now = [("high", 60), ("low", 57), (None, 3)]
    tier = labels(("high", 70), ("low", 40), (None, 10), *now).astype(dtype)
    coding, design = coding_of(120, ("w1", "w2")), over_waves(120)
    found = comments.theme_groupings(coding, {"tier": tier}, design)["tier"]
    assert bases(found) == {"high or not known": 63, "low": 57}
    assert found.table["waves"].tolist() == [2, 2]
    without = tier.where(tier.index >= 120)
    alone = comments.theme_groupings(coding, {"tier": without}, design)["tier"]
    assert alone.table["waves"].tolist() == [1, 1]


def test_a_share_that_is_none_is_refused_unless_it_is_withheld():
    row = {"theme": "late", "group": ["A"], "value": 1.2, "base": 30, "withheld": False}
    with pytest.raises(ValueError, match="a share lies outside 0 to 1"):
        comments.ThemeGroups(pd.DataFrame(row), ("A",), 30)
    with pytest.raises(ValueError, match="a share lies outside 0 to 1"):
        comments.ThemeGroups(pd.DataFrame(row | {"value": -0.1}), ("A",), 30)


def test_an_answer_of_nobody_takes_no_part_in_the_joining_of_groups():
    groups = labels(("low", 12), ("high", 12)).astype(ORDER)
    assert comments.recoded(groups, 10).cat.categories.tolist() == ["low", "high"]
    assert comments.recoded(groups[:5], 10).cat.categories.tolist() == ["low"]


def test_people_of_no_group_are_not_among_the_others():
    coding = coding_of(180)
    named = coding.codes["late"].to_numpy() == 1
    tier = labels(("A", 60), ("B", 120)).where(~named | (np.arange(180) < 120), None)
    table = comments.theme_groups(coding, tier).table.set_index("group")
    assert table["base"].to_dict() == {"A": 60, "B": 100}
    assert table.loc["A", "difference"] == table.loc["A", "value"] - table.loc["B", "value"]


@pytest.mark.parametrize("missing", [None, np.nan])
def test_people_of_earlier_waves_of_whom_no_group_is_known_change_nothing(missing):
    """Eight of the first wave, all of whom name the theme; of this wave three are not known."""
    coding, design = coding_of(180, ("w1", "w2")), over_waves(180)
    late = coding.codes["late"].to_numpy() == 1
    row = np.arange(360)
    tier = pd.Series(np.where(np.where(late, row % 4, row % 3 == 1), "A", "B"), dtype=object)
    earlier = (row < 180) & (row % 24 == 3)
    told = tier.mask(earlier | (row > 356), missing)
    found = comments.theme_groupings(coding, {"tier": told}, design)["tier"].table
    assert found["group"].tolist() == ["A or not known", "B"]
    assert found["waves"].tolist() == [2, 2]
    assert not found["differs"].any()
    merged = told.mask(row > 356, "A")
    share = pd.Series(late).groupby([row < 180, merged]).mean().unstack()
    off = (share["A"] - share["B"]).mean()
    # waves count by their sizes, which all but agree; eight more or less would move it by 0.03
    assert found["difference"].tolist() == pytest.approx([off, -off], abs=0.001)


def test_people_of_whom_nothing_was_sent_are_of_no_group():
    tier = labels(("A", 60), ("B", 60))
    found = comments.theme_groupings(coding_of(130), {"tier": tier})["tier"]
    assert bases(found) == {"A": 60, "B": 60}
