"""Each guard of what is withheld, taken away: the test that attacks it then fails.

A guard stands here once, with the test that is for it. One that another makes needless is no
guard and is deleted; code that changes here is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from guarded import SOURCE, WithoutGuards

FAILED = 1  # pytest's exit code where tests ran and failed


class Guard(NamedTuple):
    """Code of a module, what it is without the guard, and the test that fails then."""

    module: str
    code: str
    instead: str
    test: str


SMALL = "tests/methods/test_disclosure.py"
ATTACKS = "tests/test_subtraction.py"
MONEY = "tests/test_subtraction_money.py"
COLUMNS = "tests/methods/test_toplines_withheld.py"
TOPLINES = "tests/methods/test_toplines.py"
GROUPS = "tests/methods/test_loyalty_groups.py"
THEMES = "tests/methods/test_comments_withheld.py"
COMMENTS = "tests/methods/test_comments.py"
SHEETS = "tests/press/test_topline_files.py"
STAFF = "tests/methods/test_alignment.py"
SEGMENTS = "tests/methods/test_drivers_segments.py"
SERVED = "tests/methods/test_value_map_service.py"

GUARDS = tuple(
    Guard(module, code, instead, f"{file}::{test}" if test else file)
    for module, file, code, instead, test in (
        # Small bases, and what would give them away.
        ("methods/survey/disclosure.py", SMALL,
         "hidden = (people > 0) & (people < minimum)", "hidden = people < 0", ""),
        ("methods/survey/disclosure.py", SMALL,
         "hidden[rows[_complement(people[rows], hidden[rows], minimum)]] = True", "pass", ""),
        ("methods/survey/disclosure.py", SMALL,
         "while (told := found()) is not None:", "while False:", ""),
        ("methods/survey/disclosure.py", SMALL,
         "small = base < minimum", "small = base < 0", ""),
        ("methods/survey/disclosure.py", SMALL,
         "result[name] = result[name].mask(hidden)", "pass", ""),
        ("methods/survey/disclosure.py", ATTACKS,
         "if not 0 < lost.sum() < minimum:", "if True:",
         "test_a_few_of_no_known_group_hide_no_group_of_many"),
        ("methods/survey/disclosure.py", ATTACKS,
         "everyone = np.ones((int(whole), members.shape[1]), dtype=bool)",
         "everyone = np.ones((0, members.shape[1]), dtype=bool)",
         "test_nothing_is_given_away_by_what_is_left"),
        ("methods/survey/subtraction.py", ATTACKS,
         "if found is not None and found.people < minimum:", "if False:",
         "test_what_is_given_away_is_what_trying_everything_finds"),
        # Toplines and banners.
        ("methods/toplines/banners.py", COLUMNS, 'of.where(of != "")', "of",
         "test_a_few_who_did_not_answer_the_question_of_a_banner_stand_with_the_largest_column"),
        ("methods/toplines/banners.py", COLUMNS,
         '(safe.cells["grouping"] == grouping) & ~safe.cells["withheld"]',
         '~safe.cells["withheld"]',
         "test_columns_of_one_name_in_two_banners_are_judged_each_by_its_own"),
        ("methods/toplines/banners.py", TOPLINES,
         "return [_allowed(safe, str(place), one) for place, one in enumerate(banners)]",
         "return [np.ones(len(one.columns), dtype=bool) for one in banners]",
         "test_the_attack_recovers_nobody_and_would_without_it"),
        ("methods/toplines/banners.py", TOPLINES,
         "return np.asarray((counts == 0) | (counts == base) | (least >= minimum))",
         "return np.ones(len(counts), dtype=bool)",
         "test_of_answers_that_may_be_ticked_those_of_few_are_withheld_by_group"),
        ("methods/toplines/banners.py", TOPLINES,
         "away = frozenset().union(*(safe.withheld(kind) for kind in kinds))",
         "away = frozenset()",
         "test_an_answer_of_few_people_stands_beside_no_group_and_cannot_be_found_there"),
        ("methods/toplines/banners.py", TOPLINES,
         "latest_first, minimum, units=units, whole=False",
         "latest_first, minimum, whole=False",
         "test_two_waves_that_differ_by_one_person_give_nobody_away"),
        ("methods/toplines/tabulated.py", TOPLINES,
         "enough = np.array([answered.sum() >= self.policy.suppress])",
         "enough = np.array([True])",
         "test_a_question_that_few_answered_shows_its_withheld_rows_alone"),
        ("methods/toplines/tabulated.py", COLUMNS,
         "inside = over.waves.inside & answered[:, None]", "inside = over.waves.inside",
         "test_a_wave_is_as_large_as_its_answers"),
        ("methods/toplines/tabulated.py", COLUMNS,
         "may = may & (part.base > 0)", "pass",
         "test_a_wave_in_which_nobody_was_asked_shows_nothing"),
        ("methods/toplines/tabulated.py", COLUMNS,
         "able = may & (part.base >= self.policy.test)", "able = (part.base >= self.policy.test)",
         "test_a_column_that_is_withheld_has_no_letter_however_it_answered"),
        ("methods/toplines/tabulated.py", TOPLINES,
         "np.where(may, table, np.nan)", "np.where(True, table, np.nan)",
         "test_what_would_give_few_people_away_is_withheld_in_every_row"),
        ("methods/toplines/tabulated.py", TOPLINES,
         "table[name].mask(few)", "table[name]",
         "test_the_weights_of_few_people_are_not_handed_on"),
        ("methods/toplines/tabulated.py", TOPLINES,
         '_rounded(self.table, 3)', "self.table",
         "test_what_is_handed_on_holds_no_last_digits"),
        ("methods/toplines/tabulated.py", COLUMNS,
         'table["weighted"].round().where(share)', 'table["weighted"].round()',
         "test_no_sum_of_answers_is_handed_on"),
        ("press/topline_files.py", SHEETS,
         '(WITHHELD, "quiet") if away else (value, look)', "(value, look)",
         "test_an_answer_that_few_gave_is_withheld_in_every_column_with_a_base"),
        ("press/topline_files.py", SHEETS,
         'base = WITHHELD if first["withheld"] else bases.get(column, "")',
         'base = bases.get(column, "")',
         "test_a_question_that_few_answered_is_withheld_for_all_as_well"),
        # Groups of the score.
        ("methods/loyalty/breakdown.py", ATTACKS,
         'hidden = safe.hides(table["column"], table["group"])',
         "hidden = np.zeros(len(table), dtype=bool)",
         "test_the_attack_recovers_nobody_from_what_is_shown_of_groups"),
        ("methods/loyalty/breakdown.py", ATTACKS,
         "named.where(named.notna(), UNKNOWN)", "named",
         "test_a_few_of_no_known_group_hide_no_group_of_many"),
        ("methods/loyalty/breakdown.py", GROUPS,
         'if hidden[["value", "low", "high", "shrunken"]].notna().any(axis=None):', "if False:",
         "test_a_result_that_shows_a_number_of_a_group_that_may_not_is_refused"),
        ("methods/loyalty/breakdown.py", GROUPS,
         'open_ = [row for row in found if not shown.loc[row, "withheld"]]', "open_ = list(found)",
         "test_a_way_of_grouping_that_is_withheld_has_no_test_of_its_own"),
        # Employees: who work together are few.
        ("methods/alignment/staff.py", STAFF,
         'if (told["base"] < self.smallest).any():', "if False:",
         "test_a_result_that_shows_a_function_of_few_is_refused"),
        ("methods/alignment/staff.py", STAFF,
         "here[d].notna().sum() >= max(smallest, 2)]", "here[d].notna().sum() >= 2]",
         "test_a_wave_of_few_employees_is_neither_shown_nor_compared"),
        ("methods/alignment/staff.py", STAFF,
         "if len(answers) < max(smallest, 2):", "if len(answers) < 2:",
         "test_a_wave_of_few_employees_is_neither_shown_nor_compared"),
        ("methods/alignment/staff.py", STAFF,
         "if min(len(first), len(last)) >= max(smallest, 2):",
         "if min(len(first), len(last)) >= 2:",
         "test_a_wave_of_few_employees_is_neither_shown_nor_compared"),
        ("methods/alignment/staff.py", STAFF,
         'columns["unit"] = here["unit"].replace("", pd.NA).astype(object)', "pass",
         "test_a_unit_that_is_a_function_but_for_one_employee_is_not_shown"),
        ("methods/alignment/staff.py", STAFF,
         ' or groups.withheld("customer_facing"):', ":",
         "test_who_meets_customers_is_not_told_where_it_gives_a_few_away"),
        ("methods/alignment/staff.py", STAFF,
         'rows = suppress(rows, "base", smallest, ENDS, whole="dimension")',
         "rows = rows.assign(withheld=False)",
         "test_a_side_that_few_of_a_function_answered_is_withheld_with_what_gives_it_away"),
        ("methods/alignment/staff.py", STAFF,
         ' | rows["function"].isin(groups.withheld("function"))', "",
         "test_no_number_of_fewer_employees_than_the_policy_is_shown_nor_given_away"),
        ("methods/alignment/staff.py", STAFF,
         'away |= rows["base"] < smallest', "pass",
         "test_a_side_that_few_of_a_function_answered_is_withheld_with_what_gives_it_away"),
        ("methods/alignment/staff.py", STAFF,
         "rows[name] = rows[name].astype(float).mask(away)", "pass",
         "test_no_number_of_fewer_employees_than_the_policy_is_shown_nor_given_away"),
        ("methods/alignment/gaps.py", STAFF,
         "max(smallest, 2) and rated", "2 and rated",
         "test_a_driver_that_few_customers_rated_is_not_set_beside_guesses"),
        ("methods/alignment/gaps.py", STAFF,
         "rated >= max(smallest_customers, 2)", "rated >= 2",
         "test_a_driver_that_few_customers_rated_is_not_set_beside_guesses"),
        ("methods/alignment/gaps.py", STAFF,
         "if len(mine) >= max(smallest, 2) and not hidden", "if not hidden",
         "test_owners_guesses_are_told_from_five_who_may_be_shown"),
        ("methods/alignment/gaps.py", STAFF, " and not hidden", "",
         "test_owners_guesses_are_told_from_five_who_may_be_shown"),
        ("methods/alignment/units.py", STAFF,
         "_shrunk(score, customers[column], design, smallest_customers)",
         "_shrunk(score, customers[column], design, 0)",
         "test_a_unit_of_few_employees_or_few_customers_is_not_among_them"),
        ("methods/alignment/units.py", STAFF,
         "_shrunk(told[d], of, None, smallest)", "_shrunk(told[d], of, None, 0)",
         "test_a_unit_of_few_employees_or_few_customers_is_not_among_them"),
        ("methods/alignment/units.py", STAFF,
         "if design.answers(said).notna().sum() >= max(smallest, 2):",
         "if design.answers(said).notna().sum() >= 2:",
         "test_customers_ratings_of_what_a_function_owns_count_each_customer_once"),
        # Effects by segment.
        ("methods/drivers/segments.py", SEGMENTS,
         "kept = [name for name in kept if name not in away]", "pass",
         "test_a_segment_that_is_another_but_for_one_account_is_not_compared"),
        ("methods/drivers/segments.py", SEGMENTS,
         "named.where(named.notna(), disclosure.UNKNOWN), apart", "named, apart",
         "test_people_of_no_known_segment_are_no_segment_and_a_few_of_them_stand_with_the_largest"),
        ("methods/drivers/segments.py", SEGMENTS,
         ".where(lambda group: group != disclosure.UNKNOWN)", "",
         "test_people_of_no_known_segment_are_no_segment_and_a_few_of_them_stand_with_the_largest"),
        # Themes of comments.
        ("methods/comments/segments.py", THEMES,
         "plain.where(labels.notna(), disclosure.UNKNOWN)", "plain",
         "test_a_few_of_no_known_group_are_not_all_people_less_the_others"),
        ("methods/comments/segments.py", THEMES,
         "named = merged.where(merged != disclosure.UNKNOWN)", "named = merged",
         "test_many_of_no_known_group_are_no_group"),
        ("methods/comments/segments.py", COMMENTS,
         "(hidden | table[\"group\"].isin(list(away))).to_numpy()", "hidden.to_numpy()",
         "test_a_grouping_that_is_another_but_for_few_is_withheld_theme_by_theme"),
        ("methods/comments/segments.py", COMMENTS,
         "(hidden | table[\"group\"].isin(list(away))).to_numpy()",
         "table[\"group\"].isin(list(away)).to_numpy()",
         "test_small_groups_are_withheld_with_what_would_give_them_away"),
        # Money.
        ("methods/value_map/coarse.py", MONEY,
         'if not cells.loc[place, "withheld"]:', "if True:",
         "test_a_cell_that_is_withheld_stays_so_beside_others_that_are_rounded"),
        ("methods/value_map/coarse.py", MONEY,
         "return 0 < self.unnamed < smallest or 0 < self.moved < smallest",
         "return 0 < self.moved < smallest",
         "test_a_few_without_a_name_are_not_told_where_many_others_stand_elsewhere"),
        ("methods/value_map/coarse.py", MONEY,
         "return 0 < self.unnamed < smallest or 0 < self.moved < smallest",
         "return 0 < self.unnamed < smallest",
         "test_an_account_that_stands_elsewhere_by_the_answers_of_its_named_people_is_not_told"),
        ("methods/value_map/coarse.py", MONEY,
         "if not any(row.few(smallest) for row in rows):", "if True:",
         "test_who_of_the_accounts_without_a_name_is_loyal_changes_nothing_that_is_told"),
        ("methods/value_map/coarse.py", MONEY,
         "return disclosure.withhold(result, gone.to_numpy(bool), PRIVATE)", "return result",
         "test_a_sum_that_no_unit_but_its_size_would_hide_is_withheld"),
        ("methods/value_map/shown.py", ATTACKS,
         "return disclosure.withhold(found.cells, hidden, PRIVATE)",
         "return found.cells.assign(withheld=False)",
         "test_a_revenue_that_the_table_withholds_is_in_no_text_figure_or_result"),
        ("methods/value_map/shown.py", ATTACKS,
         "maps = [found] if beside is None else [beside, found]", "maps = [found]",
         "test_a_map_of_fewer_accounts_gives_no_cell_of_the_other_away"),
        ("methods/value_map/shown.py", MONEY,
         "if len(parts) < 2 or accounts < smallest:", "if len(parts) < 2:",
         "test_nothing_is_joined_where_all_is_shown_or_all_are_few"),
        ("methods/value_map/coarse.py", MONEY,
         "known, moved = here & listed, here ^ listed",
         "known, moved = here & listed, here - listed",
         "test_a_cell_that_lists_name_accounts_of_and_that_holds_nobody_is_not_withheld"),
        ("methods/value_map/coarse.py", MONEY,
         "self.named | moved", "self.named | set()",
         "test_an_account_that_stands_elsewhere_by_the_answers_of_its_named_people_is_not_told"),
        ("methods/value_map/coarse.py", MONEY,
         "return (float(low * unit), unit) if low else (np.nan, np.nan)",
         "return (float(low * unit), unit)",
         "test_a_sum_that_no_unit_but_its_size_would_hide_is_withheld"),
        ("methods/value_map/coarse.py", MONEY,
         "return min(sure + low, stated), max(sure + high, stated)",
         "return sure + low, sure + high",
         "test_a_sum_that_no_unit_but_its_size_would_hide_is_withheld"),
        ("methods/value_map/service.py", SERVED,
         "len(costed) >= smallest and ", "",
         "test_the_cost_of_few_accounts_is_not_told_and_without_costs_nothing_is"),
        ("methods/value_map/service.py", SERVED,
         "0 < len(costed) < smallest,", "False,",
         "test_the_cost_of_few_accounts_is_not_told_and_without_costs_nothing_is"),
        ("methods/loyalty/quadrants.py", MONEY,
         'disclosure.suppress(rows, "held", apart, ())', 'disclosure.suppress(rows, "held", 0, ())',
         "test_many_people_of_few_accounts_are_as_few_as_their_accounts"),
        ("methods/loyalty/quadrants.py", MONEY,
         ".groupby(named).nunique()", ".groupby(named).size()",
         "test_many_people_of_few_accounts_are_as_few_as_their_accounts"),
        ("methods/loyalty/quadrants.py", MONEY,
         'disclosure.withhold(table, hidden.eq(True).to_numpy(), ["value", "low", "high"])',
         "table.assign(withheld=hidden.eq(True).to_numpy())",
         "test_revenue_of_a_segment_of_few_accounts_is_withheld_and_its_complement"),
        ("methods/loyalty/rollup.py", MONEY,
         ' and not away.get(("differs", "True"), False)', "",
         "test_revenue_that_hangs_on_the_rule_is_told_of_enough_accounts_only"),
        ("methods/loyalty/rollup.py", MONEY,
         'disclosure.withhold(shares, shares["withheld"].to_numpy(), ["revenue"])', "shares",
         "test_revenue_of_a_segment_of_few_accounts_is_withheld_and_its_complement"),
        ("methods/loyalty/money_shown.py", MONEY,
         'if low["withheld"]:', "if False:",
         "test_the_range_over_the_rules_is_kept_without_its_parts"),
        ("methods/loyalty/money_shown.py", MONEY,
         'if high["withheld"]:', "if False:",
         "test_the_range_over_the_rules_is_kept_without_its_parts"),
        ("methods/loyalty/money_shown.py", MONEY,
         ' * (low["accounts"] >= smallest)', "",
         "test_the_range_over_the_rules_is_kept_without_its_parts"),
        ("methods/loyalty/money_shown.py", MONEY,
         "found.loc[place, ENDS] = np.nan", "pass",
         "test_what_another_rule_withholds_is_told_by_the_mean_of_all_people"),
        ("methods/loyalty/money_shown.py", MONEY,
         "cells = disclosure.protect(groups, smallest).cells",
         "cells = disclosure.protect(groups, 0).cells",
         "test_revenue_of_a_segment_of_few_accounts_is_withheld_and_its_complement"),
        ("methods/loyalty/money_shown.py", MONEY,
         'if 0 < high["accounts"] < smallest:', "if False:",
         "test_the_range_over_the_rules_is_kept_without_its_parts"),
        # Waves, rates, parts of a change, models, curves.
        ("methods/loyalty/decomposition.py", ATTACKS,
         'disclosure.suppress(table, "base", smallest, list(numbers))',
         "table.assign(withheld=False)",
         "test_a_part_of_a_change_that_few_answers_make_is_withheld"),
        ("methods/scorecard.py", ATTACKS,
         "return frozenset(name for name in order if safe.withheld(str(name)))",
         "return frozenset()",
         "test_two_waves_that_differ_by_one_person_do_not_give_her_answer_away"),
        ("methods/sampling/rates.py", ATTACKS,
         "table = disclosure.withhold(table, hidden, private)",
         "table = table.assign(withheld=False)",
         "test_the_attack_recovers_no_response_rate"),
        ("methods/nonresponse/propensity.py", "tests/test_subtraction_chapters.py",
         "return disclosure.withhold(table, hidden, [",
         "return disclosure.withhold(table, hidden & False, [",
         "test_a_model_of_who_answers_tells_no_rate_that_differs_by_few"),
        ("methods/weighting/comparison.py", "tests/test_subtraction_chapters.py",
         'shown.mask(shown.isin(safe.withheld("group")), "other groups")', "shown",
         "test_weightings_are_compared_in_no_group_that_is_a_segment_but_for_few"),
        ("methods/sampling/coverage.py", ATTACKS,
         'return disclosure.withhold(table, hidden, ["revenue", "revenue_share"])',
         "return table.assign(withheld=False)",
         "test_revenue_heard_is_told_where_neither_side_is_a_few_accounts"),
        ("methods/comments/ratings.py", COMMENTS,
         '"withheld": min(bases) < minimum}', '"withheld": False}',
         "test_a_gap_of_few_people_is_withheld"),
        ("results.py", "tests/test_results.py",
         "return replace(figure, value=None, low=None, high=None, withheld=why, "
         'verdict="", p=None)',
         "return figure", ""),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def without() -> Iterator[WithoutGuards]:
    started = WithoutGuards()
    yield started
    started.end()


@pytest.mark.validity
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.module}: {guard.code[:60]}")
def test_without_a_guard_its_test_fails(guard: Guard, without: WithoutGuards):
    text = (SOURCE / guard.module).read_text(encoding="utf-8")
    assert text.count(guard.code) == 1
    assert without.ends(guard.module, guard.code, guard.instead, (guard.test,)) == FAILED
