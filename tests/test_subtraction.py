"""The subtraction attack: groups and waves that differ by too few people tell of nobody."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import attacks
import numpy as np
import pandas as pd
import pytest

from helpers import results
from helpers.methods import loyalty, measure, sampling, scorecard, survey, value_map
from helpers.methods.survey import disclosure, subtraction
from helpers.methods.survey.subtraction import given_away
from helpers.views.drivers import charts_shapes as driver_charts
from helpers.views.loyalty import charts_change as loyalty_charts
from helpers.views.loyalty import tables as shown
from helpers.views.rendering import intervals
from helpers.views.sampling import figures as sampling_quotes
from helpers.views.value_map import charts as value_map_charts
from helpers.views.value_map import figures as value_quotes

POLICY = SimpleNamespace(suppress=10, test=30, flag=100)
LEAD = measure.Measure(
    "loyalty_index", "Loyalty index", "index", pd.Series(dtype=float), lambda *a, **k: None,
    "loyalty index", (0.0, 100.0),
)  # fmt: skip


def respondents(rng, groups: pd.DataFrame) -> pd.DataFrame:
    points = pd.Series(rng.integers(0, 101, len(groups)).astype(float), groups.index)
    return groups.assign(points=points)


@pytest.fixture
def region_less_one_account(rng) -> pd.DataFrame:
    """120 people; the pilot is the whole of the North but for one account of three people."""
    region = np.repeat(["North", "South", "East"], [50, 40, 30])
    account = [f"A{place // 3}" for place in range(120)]
    pilot = np.where((region == "North") & (np.array(account) != "A0"), "in the pilot", "outside")
    return respondents(rng, pd.DataFrame({"region": region, "pilot": pilot}))


@pytest.fixture
def nested_segments(rng) -> pd.DataFrame:
    """Sizes within regions: the North has four small customers, the South two."""
    region = np.repeat(["North", "South", "East"], [54, 42, 30])
    size = np.repeat(
        ["large, North", "small, North", "large, South", "small, South", "East"],
        [50, 4, 40, 2, 30],
    )
    return respondents(rng, pd.DataFrame({"region": region, "size": size}))


@pytest.fixture
def few_of_no_group(rng) -> pd.DataFrame:
    region = np.array(["North"] * 60 + ["South"] * 57 + [None] * 3, dtype=object)
    return respondents(rng, pd.DataFrame({"region": region}))


PLANTED = ("region_less_one_account", "nested_segments", "few_of_no_group")


@pytest.fixture(params=PLANTED)
def planted(request) -> pd.DataFrame:
    return request.getfixturevalue(request.param)


def groupings_of(people: pd.DataFrame) -> dict[str, list[str]]:
    """The groups as they were sent, and as a few unknown are merged with the largest."""
    safe = disclosure.protect(people.drop(columns="points").fillna("not known"), 10)
    return {
        name: sorted({*people[name].fillna("not known"), *safe.groups[name]})
        for name in safe.groups
    }


def as_named(people: pd.DataFrame, cells: set[attacks.Cell]) -> pd.DataFrame:
    """The groups of each person by the names that were published."""
    plain = people.drop(columns="points").fillna("not known")
    merged = {f"{grouping} merged": disclosure.merged(plain[grouping], 10) for grouping in plain}
    return plain.assign(**merged)


def cells_of(cells: set[attacks.Cell], people: pd.DataFrame) -> set[attacks.Cell]:
    plain = people.drop(columns="points").fillna("not known")
    return {
        (grouping if group in set(plain[grouping]) else f"{grouping} merged", group)
        for grouping, group in cells
    }


def attacked(people: pd.DataFrame, cells: set[attacks.Cell]) -> dict:
    return attacks.recovered(cells_of(cells, people), as_named(people, cells), 10, people["points"])


def published(people: pd.DataFrame, folder) -> dict[str, set[attacks.Cell]]:
    """What the loyalty chapter shows of groups, by where it is found."""
    columns = people.drop(columns="points")
    found = loyalty.breakdown(people["points"], columns, POLICY)
    results.save(results.ChapterResult("loyalty", {}, {"groups": found.table}), folder)
    page = shown.groups(found, LEAD).html()
    rows = found.table.assign(group=found.table["group"].astype(str))
    picture = intervals.interval_dots(
        rows, label="group", value="value", low="low", high="high", base="base", unit="index",
        title="By group",
    )  # fmt: skip
    groupings = groupings_of(people)
    return {
        "results": attacks.groups_in_results(folder, groupings),
        "tables": attacks.groups_in_page(page, groupings),
        "alternative texts": attacks.groups_in_text(picture.alt, groupings),
    }


def test_the_attack_works_where_nothing_is_withheld(region_less_one_account):
    """What it is held against: without protection it recovers the three people of the account."""
    people = region_less_one_account
    everything = {(g, v) for g, names in groupings_of(people).items() for v in names}
    found = attacked(people, everything)
    assert found[frozenset({0, 1, 2})] == pytest.approx(people["points"].iloc[:3].sum())


def test_the_attack_recovers_nobody_from_what_is_shown_of_groups(planted, tmp_path):
    where = published(planted, tmp_path)
    assert where["results"] >= where["tables"]
    assert where["tables"] | where["alternative texts"] <= where["results"]
    assert len(where["results"]) >= 2
    assert attacked(planted, set().union(*where.values())) == {}


def test_a_region_is_kept_and_the_second_segment_withheld(region_less_one_account, tmp_path):
    where = published(region_less_one_account, tmp_path)
    assert {group for _, group in where["results"]} == {"North", "South", "East"}


def test_of_nested_segments_what_gives_small_ones_away_is_withheld(nested_segments, tmp_path):
    shown_groups = {group for _, group in published(nested_segments, tmp_path)["results"]}
    assert {"North", "South", "East"} <= shown_groups
    assert not {"small, North", "small, South", "large, North", "large, South"} & shown_groups


def test_a_few_of_no_known_group_hide_no_group_of_many(few_of_no_group, tmp_path):
    where = published(few_of_no_group, tmp_path)
    assert {group for _, group in where["results"]} == {"North or not known", "South"}


@pytest.mark.parametrize("few", [1, 3, 9])
@pytest.mark.parametrize("others", [[200, 300], [40, 50, 60], [12, 400]])
def test_however_few_are_of_no_known_group_all_others_are_shown(few, others):
    names = [f"group {place}" for place in range(len(others))]
    groups = pd.DataFrame({"region": np.repeat([*names, "not known"], [*others, few])})
    safe = disclosure.protect(groups, 10)
    assert not safe.cells["withheld"].any()
    assert set(names) - set(safe.cells["group"]) == {names[int(np.argmax(others))]}


# Response rates: the same people asked, by group.


def test_the_attack_recovers_no_response_rate(planted):
    cases = pd.Series(np.where(planted["points"] > 50, "complete", "refusal"), planted.index)
    asked = planted.drop(columns="points")
    table = sampling.response_table(cases, asked, smallest=10)
    assert table.loc[table["withheld"], ["answered", "rate", "rr1", "rr6"]].isna().all(axis=None)
    plain = table.rename(columns={"grouping": "column"})
    cells = attacks.groups_in_table(plain.drop(columns="invited"), groupings_of(planted))
    people = planted.assign(points=(planted["points"] > 50).astype(float))
    assert attacked(people, cells) == {}


# Waves.


@pytest.fixture
def two_waves(rng) -> pd.DataFrame:
    """The second wave is the first one sent again, with one person more."""
    people = [f"C{place}" for place in range(41)]
    score = rng.integers(0, 101, 41).astype(float)
    first = pd.DataFrame({"wave": "2025", "contact_id": people[:40], "score": score[:40]})
    second = pd.DataFrame({"wave": "2026", "contact_id": people, "score": score})
    return pd.concat([first, second], ignore_index=True)


def of_waves(answers: pd.DataFrame) -> measure.Measure:
    return measure.Measure(
        "score", "Score", "index", answers["score"], survey.mean, "score", (0.0, 100.0)
    )


def test_two_waves_that_differ_by_one_person_do_not_give_her_answer_away(two_waves):
    lead = of_waves(two_waves)
    telling = {"order": ["2025", "2026"], "people": two_waves["contact_id"], "smallest": 10}
    table = scorecard.by_wave([lead], two_waves["wave"], order=telling["order"])
    assert table["value"].notna().all()
    shown_table = scorecard.shown_waves(table, [lead], two_waves["wave"], **telling)
    assert shown_table.set_index("wave")["value"].notna().to_dict() == {"2025": False, "2026": True}
    picture = shown.history(shown_table, lead, None)
    told = f"{table['value'].iloc[0]:.1f}"
    assert told not in picture.alt
    (kept,) = scorecard.comparable([lead], two_waves["wave"], **telling)
    assert kept.each[two_waves["wave"] == "2025"].isna().all()
    assert kept.each[two_waves["wave"] == "2026"].notna().all()


@pytest.mark.parametrize("again", ["another answer", "other people", "nobody known"])
def test_waves_of_the_same_few_people_are_shown_where_answers_are_their_own(two_waves, rng, again):
    now = two_waves["wave"] == "2026"
    if again == "another answer":
        two_waves.loc[now, "score"] = rng.integers(0, 101, 41) + 0.5
    if again == "other people":
        two_waves.loc[now, "contact_id"] = "D" + two_waves.loc[now, "contact_id"]
    people = None if again == "nobody known" else two_waves["contact_id"]
    away = scorecard.withheld_waves(
        of_waves(two_waves), two_waves["wave"], order=["2025", "2026"], people=people, smallest=10
    )
    assert away == frozenset()


def test_a_part_of_a_change_that_few_answers_make_is_withheld(rng):
    """One account is new: what it adds would be its own score."""
    before, now = rng.normal(60, 9, 60), rng.normal(60, 9, 61)
    accounts = [f"A{place // 2}" for place in range(60)]
    found = loyalty.change(
        before, now, accounts=(accounts, [*accounts, "new"]), smallest=10
    ).table.set_index("part")
    assert found.loc["gained", "withheld"]
    assert found.loc["gained", ["value", "low", "high", "standard_error"]].isna().all()
    assert found["withheld"].sum() >= 2  # one alone is the whole less the others
    picture = loyalty_charts.change_parts(
        loyalty.change(before, now, accounts=(accounts, [*accounts, "new"]), smallest=10),
        title="No reliable change",
    )
    assert "Accounts that answered only now" not in picture.alt


def test_a_point_of_a_curve_that_few_ratings_make_is_withheld():
    points = pd.DataFrame(
        {"driver": "ease", "rating": [1.0, 2.0, 3.0], "base": [4, 30, 40], "adjusted": [-2, 0, 1.0]}
    )
    found = driver_charts.curve_points(SimpleNamespace(points=points), 10)
    assert found["withheld"].tolist() == [True, True, False]
    assert found[["adjusted", "base"]].isna().all(axis=1).tolist() == [True, True, False]


# Money.


def placed(scores: list[float], without: int = 0) -> value_map.ValueMap:
    """A map of accounts by their scores, the last ones of largest revenue left out."""
    names = [f"a{place}" for place in range(len(scores))]
    money = pd.DataFrame(
        {"account_id": names, "period": pd.Timestamp("2026-05-01"), "revenue": 1e4}
    )
    money["revenue"] += 1e3 * np.arange(len(scores))
    worth = value_map.three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    known = pd.DataFrame({"account_id": names, "shrunk": scores})
    return value_map.place(worth, known[: len(scores) - without], loyalty_cut=70, replicates=0)


@pytest.fixture
def small_map() -> value_map.ValueMap:
    return placed([80.0] * 56 + [40.0] * 4)


def test_a_revenue_that_the_table_withholds_is_in_no_text_figure_or_result(small_map, tmp_path):
    cells = value_map.shown_cells(small_map, 10)
    away = cells["withheld"]
    assert away.sum() == 2
    assert cells.loc[away, "accounts"].sum() >= 10
    picture = value_map_charts.value_map(small_map, cells, currency="USD")
    bars = value_map_charts.cells_bars(cells, currency="USD")
    figures = value_quotes.placement(small_map, cells, "USD")
    results.save(results.ChapterResult("value_map", figures, {"cells": cells}), tmp_path)
    stored = (tmp_path / "value_map.json").read_text()
    texts = [picture.alt, picture.title, bars.alt, bars.title, stored]
    for revenue in small_map.cells.loc[away, "revenue"]:
        written = value_map_charts.money(revenue, "USD")
        assert not any(written in text or str(revenue) in text for text in texts)


def test_a_map_of_fewer_accounts_gives_no_cell_of_the_other_away():
    """Beside the map of all, one without three accounts: the three would be the difference."""
    whole = placed([80.0] * 60)
    fewer = placed([80.0] * 60, without=3)
    assert not value_map.shown_cells(whole, 10)["withheld"].any()
    assert not value_map.shown_cells(fewer, 10)["withheld"].any()
    assert value_map.shown_cells(fewer, 10, whole)["withheld"].sum() == 1


@pytest.mark.parametrize(("answered", "told"), [(40, True), (58, False), (60, True), (4, False)])
def test_revenue_heard_is_told_where_neither_side_is_a_few_accounts(answered, told):
    listed = pd.DataFrame({"account_id": range(60), "revenue": np.arange(60) * 1e3 + 500})
    found = sampling.coverage(listed, answered=range(answered), smallest=10)
    row = found.table.set_index("measure").loc["answered"]
    assert pd.notna(row["revenue"]) == pd.notna(row["revenue_share"]) == told
    assert ("revenue_coverage" in sampling_quotes.coverage(found)) == told


# The algebra.


def brute_force(members: np.ndarray, smallest: int) -> bool:
    """Whether any whole combination of the groups, each counted -2 to 2, is left with a few."""
    from itertools import product

    for mix in product(range(-2, 3), repeat=len(members)):
        left = np.array(mix) @ members
        if 0 < np.count_nonzero(left) < smallest:
            return True
    return False


@pytest.mark.parametrize("seed", range(30))
def test_what_is_given_away_is_what_trying_everything_finds(seed):
    """Four groups of thirty people, made so that some differ by few."""
    rng = np.random.default_rng(seed)
    members = rng.random((4, 30)) < 0.5
    members[3] = members[rng.integers(3)]
    members[3, rng.integers(0, 30, rng.integers(1, 12))] ^= True
    shown_members = np.vstack([np.ones(30, bool), members])
    found = given_away(shown_members, 5)
    assert (found is not None) == brute_force(shown_members.astype(int), 5)
    if found is not None:
        left = found.coefficients @ shown_members
        assert 0 < (np.abs(left) > 1e-6).sum() == found.people < 5


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_given_away_by_what_is_left(seed):
    rng = np.random.default_rng(seed)
    groups = pd.DataFrame(
        {
            name: rng.choice(list("abcdef")[:size], 150, p=rng.dirichlet(np.ones(size)))
            for name, size in (("one", 3), ("two", 5), ("three", 6))
        }
    )
    groups["near"] = groups["one"].where(rng.random(150) > 0.02, "a")
    safe = disclosure.protect(groups, 8)
    kept = safe.cells[~safe.cells["withheld"]]
    cells = set(zip(kept["grouping"], kept["group"], strict=True))
    assert attacks.recovered(cells, groups, 8) == {}
    members = [(groups[g] == v).to_numpy() for g, v in cells]
    assert given_away(np.array([np.ones(150, bool), *members]), 8) is None


def fewest_told(groups: pd.DataFrame, shown_groups: pd.DataFrame) -> int:
    """The fewest people that any sum and difference of groups and the whole tells of."""
    members = [
        (groups[grouping] == group).to_numpy(int)
        for grouping, group in zip(shown_groups["grouping"], shown_groups["group"], strict=True)
    ]
    rows = np.array([np.ones(len(groups), int), *members])
    mixes = np.array(list(itertools.product((-1, 0, 1), repeat=len(rows))))
    told = (mixes @ rows != 0).sum(axis=1)
    return int(told[told > 0].min())


def assert_each_withheld_group_is_needed(groups: pd.DataFrame, smallest: int) -> int:
    """Showing any one of them again would tell of a few; how many are withheld."""
    cells = disclosure.protect(groups, smallest).cells
    assert fewest_told(groups, cells[~cells["withheld"]]) >= smallest
    for again in cells.index[cells["withheld"]]:
        kept = cells[~cells["withheld"] | (cells.index == again)]
        assert fewest_told(groups, kept) < smallest, cells.loc[again].to_dict()
    return int(cells["withheld"].sum())


def test_each_withheld_group_is_needed():
    groups = pd.DataFrame(
        {
            "region": np.repeat(["N", "S", "E"], [50, 40, 30]),
            "pilot": np.repeat(["in", "out"], [47, 73]),
        }
    )
    assert assert_each_withheld_group_is_needed(groups, 10) > 0


def test_each_withheld_group_of_any_client_is_needed():
    """Clients whose second grouping is nearly the first, with small groups here and there."""
    withheld = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        region = rng.choice(["N", "S", "E", "W"], 120, p=[0.45, 0.35, 0.15, 0.05])
        pilot = np.where(region == "N", "in", "out")
        moved = rng.choice(120, rng.integers(0, 14), replace=False)
        pilot[moved] = np.where(pilot[moved] == "in", "out", "in")
        groups = pd.DataFrame({"region": region, "pilot": pilot})
        withheld += assert_each_withheld_group_is_needed(groups, 8)
    assert withheld > 20


def test_many_groups_of_many_people_take_no_time(monkeypatch):
    """No answer weighs much in any sum of groups, so no program is solved."""
    monkeypatch.setattr(subtraction, "linprog", None)
    rng = np.random.default_rng(1)
    groups = pd.DataFrame(
        {f"way {n}": rng.choice([f"g{k}" for k in range(12)], 3000) for n in range(4)}
    )
    assert not disclosure.protect(groups, 10).cells["withheld"].any()


@pytest.fixture
def one_beside_three_tens() -> np.ndarray:
    """One person and ten in a group; the ten are in two more, each with ten others."""
    kinds = [[1, 1, 0, 0], [0, 1, 1, 0], [0, 1, 0, 1]]
    return np.repeat(np.array(kinds, bool), [1, 10, 10, 10], axis=1)


def test_a_person_who_weighs_much_is_not_told_of_where_no_sum_is_left_with_her(
    one_beside_three_tens,
):
    """Alone the three tell of nobody; twice her answer is the first and all, less the others."""
    assert given_away(one_beside_three_tens, 10) is None
    everyone = np.ones((1, 31), bool)
    found = given_away(np.vstack([one_beside_three_tens, everyone]), 10)
    assert found.people == 1
    assert found.groups.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("groups", [0, 2])
def test_groups_of_nobody_give_nobody_away(groups):
    assert given_away(np.zeros((groups, 5), bool), 10) is None


def test_nothing_is_withheld_where_the_policy_asks_for_nothing(nested_segments):
    groups = nested_segments.drop(columns="points")
    assert not disclosure.protect(groups, 0).cells["withheld"].any()
    assert not disclosure.protect(groups, 1).cells["withheld"].any()
