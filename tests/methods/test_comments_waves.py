"""What sets groups of comments apart, from all waves where they agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import comments
from helpers.methods.comments.contrast import accounts_of, contrasts
from helpers.methods.comments.correction import Codes
from helpers.methods.survey import SurveyDesign
from helpers.views.comments import tables

WAVES = ("w1", "w2", "w3")


def said(shares, size=80):
    """Comments of three waves: of two groups each names a theme with its share of that wave."""
    rows = []
    for wave, pair in zip(WAVES, shares, strict=True):
        for group, share in zip("AB", pair, strict=True):
            late = np.arange(size) < round(share * size)
            rows.append(pd.DataFrame({"wave": wave, "group": group,
                                      "text": np.where(late, "Late!", "ok")}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def found(people, *, over=True, groups=None):
    table = people.reset_index(names="response_id").assign(question="q")
    wave = people[["wave"]]
    frame = comments.theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    coding = comments.coded(
        comments.gathered(table, wave, "w3"), frame, rng=np.random.default_rng(1)
    )
    parts = {
        w: SurveyDesign(clusters=pd.Series(i, i)) for w, i in people.groupby("wave").groups.items()
    }
    design = SurveyDesign.over(parts) if over else None
    labels = people["group"] if groups is None else groups
    return comments.theme_groups(coding, labels, design)


def test_equal_waves_are_joined_by_their_plain_mean_and_shares_are_of_the_last():
    people = said([(0.2, 0.1), (0.4, 0.2), (0.5, 0.35)])
    row = found(people).table.set_index("group").loc["A"]
    assert row["value"] == pytest.approx(0.5)
    assert row["difference"] == pytest.approx((0.1 + 0.2 + 0.15) / 3)
    assert row["waves"] == 3
    assert row["differs"] == 0


def test_one_wave_alone_is_as_before():
    people = said([(0.2, 0.1), (0.4, 0.2), (0.5, 0.3)])
    alone = found(people, over=False).table
    last = found(people, groups=people["group"].where(people["wave"] == "w3")).table
    columns = ["value", "difference", "difference_low", "difference_high", "p"]
    pd.testing.assert_frame_equal(alone[columns], last[columns])
    assert alone["waves"].eq(1).all()


def test_waves_that_agree_find_what_one_does_not():
    people = said([(0.4, 0.25), (0.4, 0.25), (0.4, 0.25)])
    one, joined = found(people, over=False).table, found(people).table
    assert not one["apart"].any()
    assert joined["apart"].all()
    width = [t["difference_high"] - t["difference_low"] for t in (one, joined)]
    assert (width[1] < 0.7 * width[0]).all()


@pytest.mark.parametrize("shares", [[(0.1, 0.6), (0.1, 0.6), (0.6, 0.1)], [(0.3, 0.3), (0.3, 0.3), (0.8, 0.1)]])  # fmt: skip # noqa: E501
def test_where_waves_differ_this_one_speaks_alone(shares):
    people = said(shares)
    row = found(people).table.set_index("group").loc["A"]
    own = found(people, over=False).table.set_index("group").loc["A"]
    assert row["differs"] == 1
    assert row[["difference", "p"]].tolist() == own[["difference", "p"]].tolist()


def test_what_everybody_names_more_plays_no_part():
    """Shares of a tenth, of a third and of two thirds, alike in both groups of unequal size."""
    rng = np.random.default_rng(3)
    wave = np.repeat([0, 1, 2], 150)
    inside = rng.random(450) < np.array([0.2, 0.5, 0.8])[wave]
    named = pd.DataFrame({"late": (rng.random(450) < np.array([0.1, 0.35, 0.65])[wave]) * 1.0})
    codes, accounts = Codes.of(named * np.nan, named), accounts_of(pd.Series(range(450)))
    masks = [wave == w for w in range(3)]
    (joined,) = contrasts(codes, (inside, ~inside), np.ones(450), accounts, waves=masks)
    (mixed,) = contrasts(codes, (inside, ~inside), np.ones(450), accounts)
    assert mixed.p < 0.001
    assert joined.p > 0.05


def test_a_wave_with_too_few_comments_has_no_say():
    people = said([(0.2, 0.1), (0.4, 0.2), (0.5, 0.3)])
    few = people[(people["wave"] != "w1") | (people.groupby(["wave", "group"]).cumcount() < 20)]
    assert found(few.reset_index(drop=True)).table["waves"].eq(2).all()


def test_the_table_says_how_many_waves_speak():
    agree = tables.every_group(
        {"group": found(said([(0.2, 0.1)] * 3))}, pd.Series({"late": "Late"}).to_dict(), {}
    )
    assert "of up to 3 waves together, each about itself." in agree.text
    apart = found(said([(0.1, 0.6), (0.1, 0.6), (0.6, 0.1)]))
    told = tables.every_group({"group": apart}, {"late": "Late"}, {}).text
    assert "2 in which waves clearly differ are of this one" in told
    one = found(said([(0.2, 0.1)] * 3), over=False)
    assert "waves" not in tables.every_group({"group": one}, {"late": "Late"}, {}).text


def test_groups_are_joined_by_the_size_of_this_wave():
    order = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)
    labels = pd.Series(["low"] * 9 + ["mid"] * 4 + ["high"] * 6).astype(order)
    now = pd.Series([False] * 8 + [True] * 11)
    assert comments.recoded(labels, 3).cat.categories.tolist() == ["low", "mid", "high"]
    merged = comments.recoded(labels, 3, counting=now)
    assert merged.cat.categories.tolist() == ["low or mid", "high"]
    assert merged.notna().all()
