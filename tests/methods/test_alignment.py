"""Pay against what moves customers, owners, employees, and what they guess."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.errors import NotEstimable
from helpers.methods import alignment, survey
from helpers.methods.survey import SurveyDesign

LABELS = {"support": "Technical support", "delivery": "Delivery", "news": "Communication"}
WEIGHTS = {
    "function": ["Service", "Service", "Sales"],
    "metric": ["handling", "response", "orders"],
    "pay_weight": [0.45, 0.2, 0.6],
    "direction": ["down", "down", "up"],
    "driver": ["support", "Technical support", None],
    "owner": ["Ann", "Ann", "Bo"],
}


def sent(**more) -> pd.DataFrame:
    return pd.DataFrame({**WEIGHTS, **more})


def links(metric="handling", slope=0.03, better=-1, verdict="works against", rating="support"):
    """A link as the operations chapter hands it on: 12 units between the quartiles."""
    gain = 12 * slope * (better or 1)
    return pd.DataFrame(
        {"metric": [metric], "rating": [rating], "slope": [slope], "better": [better],
         "gain": [gain], "gain_low": [gain - 0.1], "gain_high": [gain + 0.1], "base": [900],
         "p_family": [0.4 if verdict == "not clear" else 0.004], "verdict": [verdict]}
    )  # fmt: skip


def verdicts(found: alignment.Paid) -> dict[tuple[str, str], str]:
    rows = found.table
    return dict(
        zip(zip(rows["function"], rows["metric"], strict=True), rows["verdict"], strict=True)
    )


def test_a_metric_works_against_customers_by_the_client_s_own_link_alone():
    found = alignment.paid(sent(), LABELS, links=links(), measured=pd.Series(["handling"]))
    assert verdicts(found) == {("Service", "handling"): "works against",
                               ("Service", "response"): "not measured",
                               ("Sales", "orders"): "not for customers"}  # fmt: skip
    assert found.p_against == 0.004
    row = found.of("works against").iloc[0]
    assert (row["gain"], row["gain_low"], row["gain_high"]) == pytest.approx((-0.36, -0.46, -0.26))


def test_a_measure_of_too_few_units_is_untested_not_judged():
    found = alignment.paid(sent(), LABELS, measured=pd.Series(["Handling", "response"]))
    assert set(verdicts(found).values()) == {"not tested", "not for customers"}
    assert found.functions.set_index("function").loc["Service", "untested"] == pytest.approx(0.65)


def test_a_link_that_is_not_clear_is_none():
    found = alignment.paid(sent(), LABELS, links=links(verdict="not clear"))
    assert verdicts(found)["Service", "handling"] == "not clear"


def test_two_functions_paid_for_opposite_directions_cannot_both_be_right():
    """The operations chapter then knows no better direction; here each is judged by its own."""
    both = sent(function=["Service", "Plant", "Sales"], metric=["handling", "handling", "orders"],
                direction=["down", "up", "up"])  # fmt: skip
    found = alignment.paid(both, LABELS, links=links(better=0, verdict="linked"))
    assert verdicts(found)["Service", "handling"] == "works against"
    assert verdicts(found)["Plant", "handling"] == "helps"


def test_the_chance_of_a_conflict_is_that_of_the_links_that_point_to_one():
    told = {
        "none tested": alignment.paid(sent(), LABELS),
        "no direction": alignment.paid(sent(direction=["", "down", "up"]), LABELS, links=links()),
        "helps": alignment.paid(sent(direction=["up", "down", "up"]), LABELS, links=links()),
        "not clear": alignment.paid(sent(), LABELS, links=links(verdict="not clear")),
    }
    assert {name: found.p_against for name, found in told.items()} == {
        "none tested": None, "no direction": None, "helps": 1.0, "not clear": 0.4
    }  # fmt: skip


def test_a_direction_that_is_not_declared_is_not_guessed():
    found = alignment.paid(sent(direction=["", "down", "up"]), LABELS, links=links())
    assert verdicts(found)["Service", "handling"] == "direction not known"


@pytest.mark.parametrize(
    ("weights", "shares", "said"),
    [
        ((45, 20, 60), (0.45, 0.2, 0.6), "per cent"),
        ((0.9, 0.3, 0.6), (0.75, 0.25, 0.6), "more than"),
        ((0.45, 0.2, 0.6), (0.45, 0.2, 0.6), ""),
    ],
)
def test_weights_are_shares_of_a_function_s_pay(weights, shares, said):
    found = alignment.paid(sent(pay_weight=list(weights)), LABELS)
    assert found.table["share"].tolist() == pytest.approx(list(shares))
    assert said in " ".join(found.notes) and bool(found.notes) == bool(said)


def test_a_driver_that_nobody_asks_about_is_said():
    found = alignment.paid(sent(driver=["speed", "support", None]), LABELS)
    assert found.notes == (
        "handling is to move speed (function_metrics), which no question of this survey asks",
    )


def test_a_table_without_a_metric_is_refused_in_words():
    with pytest.raises(NotEstimable, match="holds no metric of a function"):
        alignment.paid(sent().iloc[:0], LABELS)


def questions(**functions: str) -> pd.DataFrame:
    return pd.DataFrame({"driver": list(functions), "function": list(functions.values()),
                         "follow_up_owner": "Head", "decision": "action plan"})  # fmt: skip


EFFECTS = pd.DataFrame({"driver": ["news", "delivery", "support"], "effect": [2.0, 1.0, 0.1],
                        "effect_low": [1.0, 0.5, -0.5], "effect_high": [3.0, 1.5, 0.7],
                        "base": 700, "p_family": [0.001, 0.01, 0.6],
                        "clear": [True, True, False]})  # fmt: skip


def test_what_matters_and_nobody_is_paid_on_comes_first():
    paid = alignment.paid(sent(), LABELS, links=links())
    found = alignment.coverage(questions(support="service ", news="Service", delivery=""), paid,
                               EFFECTS)  # fmt: skip
    told = found.table.set_index("driver")
    assert found.table["driver"].tolist() == ["news", "delivery", "support"]
    assert told["finding"].to_dict() == {"news": "nobody is paid", "delivery": "no owner",
                                         "support": "works against"}  # fmt: skip
    assert told.loc["news", "owner"] == "Ann"
    assert told.loc["support", "share"] == pytest.approx(0.65)
    listed = alignment.steps(paid, found)
    assert listed["kind"].tolist() == ["against", "unowned", "unpaid", "untested"]
    assert listed["owner"].tolist() == ["Ann", "Head", "Ann", "Ann"]


def test_silos_are_several_functions_or_another_than_the_owner():
    several = sent(function=["Service", "Plant", "Sales"], driver=["support", "support", "news"])
    found = alignment.coverage(questions(support="Service", news="Service"),
                               alignment.paid(several, LABELS)).table  # fmt: skip
    assert dict(zip(found["driver"], found["finding"], strict=True)) == {
        "support": "across functions", "news": "paid elsewhere"}  # fmt: skip


def test_without_metrics_in_pay_no_driver_is_said_to_be_unpaid():
    found = alignment.coverage(questions(news="Service", delivery=""), None, EFFECTS)
    assert alignment.steps(None, found)["kind"].tolist() == ["unowned"]


def employees(*sizes: int, seed: int = 4, wave: str = "W", **more: object) -> pd.DataFrame:
    """So many employees of each of the functions A, B, …; the even ones meet customers."""
    rng, n = np.random.default_rng(seed), sum(sizes)
    rows = {f"{p}_{k}": rng.integers(1, 6, n).astype(float) for p in ("generation",
            "dissemination") for k in (1, 2, 3)}  # fmt: skip
    names = [chr(65 + k) for k, size in enumerate(sizes) for _ in range(size)]
    return pd.DataFrame({"wave": wave, "function": names, **rows,
                         "belief": rng.integers(1, 6, n).astype(float), **more})  # fmt: skip


def test_means_and_alpha_are_those_of_the_textbook():
    rows = employees(30)
    found = alignment.staff(rows, wave="W").table.set_index("dimension")
    items = rows[[f"generation_{k}" for k in (1, 2, 3)]]
    mean = items.mean(axis=1)
    ends = stats.t.interval(0.95, 29, mean.mean(), mean.sem())
    assert (found.loc["generation", "low"], found.loc["generation", "high"]) == pytest.approx(ends)
    alpha = 3 / 2 * (1 - items.var().sum() / items.sum(axis=1).var())  # Cronbach (1951), (2)
    assert found.loc["generation", "alpha"] == pytest.approx(alpha)
    assert np.isnan(found.loc["belief", "alpha"])


def test_a_side_that_few_of_a_function_answered_is_withheld_with_what_gives_it_away():
    rows = employees(30, 12, 14)
    rows.loc[rows.index[rows["function"] == "B"][2:], "belief"] = np.nan
    told = alignment.staff(rows, wave="W").functions.set_index(["dimension", "function"])
    away = told["withheld"]
    assert away["belief"].to_dict() == {"A": False, "B": True, "C": True}
    assert not away["generation"].any()
    rows.loc[rows["function"] == "B", "belief"] = np.nan
    told = alignment.staff(rows, wave="W").functions.set_index(["dimension", "function"])
    assert told.loc[("belief", "B"), "withheld"]
    assert np.isnan(told.loc[("belief", "B"), "base"])


@pytest.mark.parametrize(("smallest", "few"), [(5, 4), (1, 1)])  # of one there is no spread
def test_a_wave_of_few_employees_is_neither_shown_nor_compared(smallest, few):
    both = pd.concat([employees(few, wave="V"), employees(9, seed=5)], ignore_index=True)
    found = alignment.staff(both, wave="W", before="V", smallest=smallest)
    assert set(found.table["wave"]) == {"W"}
    assert found.changes.empty
    with pytest.raises(NotEstimable, match="base is too small"):
        alignment.staff(both, wave="V", smallest=smallest)


def test_a_result_that_shows_a_function_of_few_is_refused():
    found = alignment.staff(employees(9), wave="W")
    with pytest.raises(ValueError, match="fewer than 10 employees"):
        replace(found, smallest=10)


def test_a_unit_that_is_a_function_but_for_one_employee_is_not_shown():
    """Nor is whoever gave no function or unit a group of their own."""
    rows = pd.DataFrame({"function": ["Sales"] * 12 + ["IT"] * 12 + [None] * 9,
                         "unit": ["North"] * 11 + ["South"] * 13 + [""] * 9})  # fmt: skip
    groups = alignment.groups_of(rows, 5)
    assert (groups.withheld("unit"), groups.withheld("function")) == ({"North", "South"}, set())
    assert set(groups.cells["group"]) == {"Sales", "IT", "North", "South"}


def test_who_meets_customers_is_not_told_where_it_gives_a_few_away():
    several = employees(30, 30, 30, 30)
    several["customer_facing"] = several["function"].isin(["A", "B"])
    assert len(alignment.staff(several, wave="W").facing)
    several.loc[several.index[:2], "customer_facing"] = False  # A and B less those who meet them
    assert alignment.staff(several, wave="W").facing.empty


def test_a_change_is_welch_s():
    """scipy's ttest_ind(equal_var=False); of many, degrees of freedom hardly differ."""
    both = pd.concat([employees(80, wave="V"), employees(120, seed=5)], ignore_index=True)
    row = alignment.staff(both, wave="W", before="V").changes.set_index("dimension").loc["belief"]
    old, new = (both.loc[both["wave"] == w, "belief"] for w in ("V", "W"))
    welch = stats.ttest_ind(new, old, equal_var=False)
    ends = welch.confidence_interval(0.95)
    found = (row["value"], row["low"], row["high"], row["p"])
    wanted = (new.mean() - old.mean(), ends.low, ends.high, welch.pvalue)
    assert found == pytest.approx(wanted, abs=0.01)


def test_no_number_of_fewer_employees_than_the_policy_is_shown_nor_given_away():
    """B has 4; with one function withheld alone, the whole less the others would tell it."""
    found = alignment.staff(employees(30, 4, 9), wave="W", smallest=5).functions
    hidden = found[found["withheld"]]
    assert set(hidden["function"]) == {"B", "C"}
    assert hidden[["value", "low", "high", "base"]].isna().all(axis=None)
    assert found.loc[found["function"] == "A", "value"].notna().all()


def test_those_who_meet_customers_are_not_compared_where_either_side_is_too_small():
    few = employees(30, 4, customer_facing=[False] * 30 + [True] * 4)
    assert alignment.staff(few, wave="W").facing.empty
    enough = employees(15, 15, 10, 10, customer_facing=[False] * 30 + [True] * 20)
    assert set(alignment.staff(enough, wave="W").facing["dimension"]) >= {"belief"}


def facing_of(sizes: tuple[int, ...], high: tuple[int, ...], meets: tuple[int, ...]):
    """Functions of these sizes, of whom some rate belief two points higher, and some face."""
    rows = employees(*sizes)
    of = np.repeat(np.arange(len(sizes)), sizes)
    rows["belief"] = 2.0 + np.resize([0.0, 1.0], len(of)) + 2 * np.isin(of, high)
    return alignment.staff(rows.assign(customer_facing=np.isin(of, meets)), wave="W").facing


def test_who_meets_customers_is_compared_by_whole_functions():
    """Two functions against four, one of them two points higher: of people alone that is clear."""
    row = facing_of((60, 60, 60, 60, 60, 60), (0,), (0, 1)).set_index("dimension").loc["belief"]
    assert row["value"] == pytest.approx(1.0)
    assert row["verdict"] == "not clear" and row["p"] > 0.1 and row["low"] < 0
    assert facing_of((60, 60, 60), (0,), (0,)).empty


def test_functions_that_hold_people_of_both_kinds_are_compared_within():
    rows = employees(*[40] * 6)
    faces = np.resize([True, False], len(rows))
    noise = np.random.default_rng(3).normal(size=len(rows))
    of = np.repeat(np.arange(6), 40)
    rows = rows.assign(customer_facing=faces, belief=of + 1.5 * faces + noise)
    row = alignment.staff(rows, wave="W").facing.set_index("dimension").loc["belief"]
    assert row["verdict"] == "higher"


def test_people_of_one_function_in_one_unit_are_alike():
    """Means, changes and gaps by teams, as a survey of clusters; of one team by its people."""
    of = pd.Series([f"U{k}" for k in np.repeat(np.arange(12), 10)])
    step = np.random.default_rng(5).normal(size=12)
    rows = employees(120, seed=5).assign(belief=np.repeat(step, 10) + 3, unit=of)
    teams = SurveyDesign(clusters=of)
    found = alignment.staff(rows, wave="W").table.set_index("dimension").loc["belief"]
    wanted = survey.mean(rows["belief"], teams)
    assert (found["low"], found["high"]) == pytest.approx((wanted.low, wanted.high))
    one = alignment.staff(rows.assign(unit="U"), wave="W").table.set_index("dimension")
    plain = survey.mean(rows["belief"])
    assert (one.loc["belief", "low"], one.loc["belief", "high"]) == (plain.low, plain.high)
    guessed = rows.assign(guess_support=rows["belief"])
    gap = alignment.gaps(guessed, customers(), SurveyDesign(), scales=SCALES).table.iloc[0]
    assert (gap["guess_low"], gap["guess_high"]) == pytest.approx((wanted.low, wanted.high))


def test_a_team_of_both_waves_is_one():
    """What a team keeps cancels from its change, as in a paired test."""
    step = np.random.default_rng(5).normal(size=60)
    unit = [f"U{k}" for k in range(60)]
    last, now = (employees(60, seed=s, wave=w).assign(unit=unit, belief=3 + step + more)
                 for s, w, more in ((5, "V", 0), (6, "W", 0.1 + 0.01 * step)))  # fmt: skip
    both = pd.concat([last, now], ignore_index=True)
    row = alignment.staff(both, wave="W", before="V").changes.set_index("dimension").loc["belief"]
    paired = stats.ttest_rel(now["belief"], last["belief"]).confidence_interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx((paired.low, paired.high), abs=2e-4)


def test_where_nobody_differs_on_either_side_no_change_is_clear():
    """Five who all say 4, then five who all say 5: nothing tells how far chance reaches."""
    both = pd.concat([employees(5, wave="V").assign(belief=4.0), employees(5).assign(belief=5.0)],
                     ignore_index=True)  # fmt: skip
    row = alignment.staff(both, wave="W", before="V").changes.set_index("dimension").loc["belief"]
    assert (row["value"], row["p"], row["verdict"]) == (1.0, 1.0, "not clear")


def test_no_end_of_a_function_lies_beyond_what_anybody_answered():
    rows = employees(15, 15).assign(unit=["N"] * 7 + ["S"] * 6 + ["W"] * 2 + ["N"] * 15)
    rows["belief"] = [1.0] * 7 + [4.0] * 6 + [5.0] * 2 + [1.0, 2, 3] * 5
    found = alignment.staff(rows, wave="W").functions
    shown = found[found["dimension"] == "belief"].set_index("function").loc["A"]
    assert (shown["low"], shown["high"]) == (1.0, 5.0)


def test_too_few_employees_are_refused_in_words():
    with pytest.raises(NotEstimable, match="fewer than 5 employees rated customer focus in W"):
        alignment.staff(employees(4), wave="W")
    with pytest.raises(NotEstimable, match=r"in 2026 \(employee_survey holds W\)"):
        alignment.staff(employees(9), wave="2026")


def test_customers_ratings_of_what_a_function_owns_count_each_customer_once():
    ratings = customers().assign(news=4.0, price=9.0)
    design = SurveyDesign(clusters=np.repeat(np.arange(50), 4))
    owners = {"support": "Service", "news": " service", "price": "", "speed": "Sales"}
    found = alignment.owned_ratings(ratings, owners, design)
    both = survey.mean((ratings["support"] + 4) / 2, design)
    assert found.values.tolist() == [["Service", 2, both.value, both.low, both.high, 200]]
    assert alignment.owned_ratings(ratings[:9], owners, SurveyDesign()).empty


def test_a_driver_that_few_customers_rated_is_not_set_beside_guesses():
    for staff, said in ((guesses(), customers(9)), (guesses(4), customers())):
        with pytest.raises(NotEstimable, match=r"by 5 employees .* rated by 10 customers"):
            alignment.gaps(staff, said, SurveyDesign(), scales=SCALES)


def guesses(n=40, value=8.0, seed=1, spread=1.0, function="Service") -> pd.DataFrame:
    drawn = np.random.default_rng(seed).normal(value, spread, n)
    return pd.DataFrame({"function": function, "guess_support": np.clip(drawn, 0, 10)})


def customers(n=200, value=6.0, seed=2) -> pd.DataFrame:
    return pd.DataFrame({"support": np.random.default_rng(seed).normal(value, 1.5, n)})


SCALES = {"support": (0.0, 10.0)}


def test_a_gap_is_the_guess_less_what_customers_say_by_their_design():
    said = customers()
    design = SurveyDesign(weights=np.linspace(0.5, 2, 200), clusters=np.repeat(np.arange(100), 2))
    staff = guesses()
    row = alignment.gaps(staff, said, design, scales=SCALES).table.iloc[0]
    assert row["mean"] == survey.mean(said["support"], design).value
    assert row["gap"] == pytest.approx(staff["guess_support"].mean() - row["mean"])
    one, two = survey.mean(said["support"], design), survey.mean(staff["guess_support"])
    half = 1.96 * np.hypot(one.standard_error, two.standard_error)
    assert (row["gap_high"] - row["gap_low"]) / 2 == pytest.approx(half, rel=0.06)
    assert row["verdict"] == "overrated"


def test_without_a_design_the_interval_is_welch_s():
    """scipy's ttest_ind(equal_var=False); eight guesses count their seven degrees of freedom."""
    staff, said = guesses(8, spread=2.0), customers()
    row = alignment.gaps(staff, said, SurveyDesign(), scales=SCALES).table.iloc[0]
    welch = stats.ttest_ind(staff["guess_support"], said["support"], equal_var=False)
    ends = welch.confidence_interval(0.95)
    found = (row["gap_low"], row["gap_high"], row["p"])
    assert found == pytest.approx((ends.low, ends.high, welch.pvalue))


def test_few_accounts_are_not_lent_the_degrees_of_a_large_staff():
    said, design = customers(60), SurveyDesign(clusters=np.repeat(np.arange(6), 10))
    row = alignment.gaps(guesses(300), said, design, scales=SCALES).table.iloc[0]
    mean = survey.mean(said["support"], design)
    assert row["gap_high"] - row["gap_low"] > 1.9 * stats.t.ppf(0.975, 6) * mean.standard_error


def test_where_nobody_differs_a_gap_is_what_it_is():
    staff, said = guesses(9).assign(guess_support=8.0), customers().assign(support=6.0)
    row = alignment.gaps(staff, said, SurveyDesign(), scales=SCALES).table.iloc[0]
    assert (row["gap"], row["gap_low"], row["gap_high"], row["p"]) == (2.0, 2.0, 2.0, 1.0)
    assert row["verdict"] == "not clear"


def test_guesses_off_the_scale_or_of_no_driver_are_left_out_and_said():
    staff = guesses().assign(guess_speed=5.0)
    staff.loc[0, "guess_support"] = 99.0
    found = alignment.gaps(staff, customers(), SurveyDesign(), scales=SCALES)
    assert found.table.loc[0, "staff"] == 39
    assert found.notes == (
        "1 guesses of support lie outside its scale of 0 to 10, and are left out",
        "guess_speed is of no driver that customers rate, and is left out",
    )


def test_guesses_of_a_question_that_was_turned_round_are_turned_too():
    staff = guesses(value=2.0)
    row = alignment.gaps(staff, customers(value=8.0), SurveyDesign(), scales=SCALES,
                         turned=["support"]).table.iloc[0]  # fmt: skip
    assert row["guess"] == pytest.approx(10 - staff["guess_support"].mean())


@pytest.mark.parametrize(("size", "away", "told"), [(4, (), False), (6, (), True),
                                                   (6, ("SERVICE",), False)])  # fmt: skip
def test_owners_guesses_are_told_from_five_who_may_be_shown(size, away, told):
    staff = pd.concat([guesses(size), guesses(30, seed=3, function="Sales")], ignore_index=True)
    row = alignment.gaps(staff, customers(), SurveyDesign(), scales=SCALES, away=away,
                         owners={"support": "service"}).table.iloc[0]  # fmt: skip
    assert bool(np.isfinite(row["owner_gap"])) == told


def test_without_a_guess_of_a_driver_it_is_said_what_to_send():
    with pytest.raises(NotEstimable, match="guess_<driver> of employee_survey"):
        alignment.gaps(employees(9), customers(), SurveyDesign(), scales=SCALES)


def unit_world(k: int, tie: float, seed: int = 6):
    """So many units with 12 employees and 30 customers each; the two go together by ``tie``."""
    rng = np.random.default_rng(seed)
    level = rng.standard_normal(k)
    names = [f"unit {n}" for n in range(k)]
    of = pd.Series(np.repeat(names, 12))
    told = pd.DataFrame({"belief": np.repeat(level, 12) + rng.standard_normal(len(of))})
    where = pd.Series(np.repeat(names, 30))
    score = pd.Series(np.repeat(tie * level + 0.3 * rng.standard_normal(k), 30)
                      + rng.standard_normal(len(where)))  # fmt: skip
    return told, of, score, pd.DataFrame({"region": where})


def test_units_that_go_together_are_an_association_from_ten_on():
    found = alignment.units(*unit_world(14, 1.0), SurveyDesign())
    row = found.associations.iloc[0]
    assert (row["verdict"], row["base"], found.column) == ("higher", 14, "region")
    few = alignment.units(*unit_world(6, 1.0), SurveyDesign()).associations.iloc[0]
    assert few["verdict"] == "not clear"


def test_a_unit_s_staff_is_drawn_to_the_mean_of_all():
    told, of, score, where = unit_world(14, 1.0)
    table = alignment.units(told, of, score, where, SurveyDesign()).table.set_index("unit")
    raw = told["belief"].groupby(of).mean()
    off = raw - raw.mean()
    assert ((table["staff"] - raw.mean()) / off).between(0, 1).all()


def test_a_unit_of_few_employees_or_few_customers_is_not_among_them():
    told, of, score, where = unit_world(8, 1.0)
    told.loc[of.index[of == "unit 0"][4:], "belief"] = np.nan
    score[score.index[where["region"] == "unit 1"][9:]] = np.nan
    found = alignment.units(told, of, score, where, SurveyDesign())
    assert set(found.table["unit"]) == {f"unit {n}" for n in range(2, 8)}


def test_units_may_be_named_by_a_column_of_the_accounts_that_is_no_segment():
    told, of, score, where = unit_world(14, 1.0)
    sites = where["region"].drop_duplicates()
    accounts = pd.DataFrame({"account_id": "a" + sites, "site": sites, "owner": "Ann"})
    people = pd.DataFrame({"account_id": "a" + where["region"]})
    found = alignment.units(told, of, score, people, SurveyDesign(), accounts=accounts)
    beside = alignment.units(told, of, score, where, SurveyDesign())
    assert found.column == "site"
    pd.testing.assert_frame_equal(found.table, beside.table)


def test_units_without_a_column_of_the_answers_are_said():
    told, of, score, where = unit_world(6, 1.0)
    with pytest.raises(NotEstimable, match=r"no column .* \(unit 0, unit 1, .* such as region"):
        alignment.units(told, of, score, where.assign(region="Elsewhere"), SurveyDesign())
