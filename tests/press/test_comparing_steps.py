"""Several causes at once are told apart, figure by figure, by runs in between."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.press.comparing import Comparison, compared_by_steps, open_run
from helpers.press.comparing.files import write_comparison
from helpers.press.comparing.steps import IN_STEPS
from helpers.press.comparing.wording import apart, because, step_by_step, summary
from helpers.results import Figure
from tests.press.two_runs import FIGURES, ORDER, World

TOP = Figure("top", 1.5, 1.0, 2.0, base=790, label="what the first driver is linked to")
FIRST = World(figures={**FIGURES, "drivers": {**FIGURES["drivers"], "top": TOP}})
DATA = ("data", "tickets")
REPLICATES = ("parameter", "drivers.replicates")
CODE = ("code", "methods.drivers")
WAVE = ("wave", "wave")


def moved(world: World, name: str, by: float) -> World:
    """The run with a figure of the drivers that is another."""
    old = world.figures["drivers"][name]
    ends = {end: round(getattr(old, end) + by, 6) for end in ("value", "low", "high")}
    return world.with_figure("drivers", name, **ends)


def tickets(world: World) -> World:
    return world.with_shared(table__tickets="t2")


def replicates(world: World) -> World:
    return world.with_own("drivers", "parameter replicates", "500")


def code(world: World) -> World:
    return world.with_own("drivers", "code methods.drivers", "m9")


def wave(world: World) -> World:
    return replace(world, wave="W3").with_shared(setting__wave="w9", setting__as_of="d9")


def led(folder: Path, *worlds: World) -> Comparison:
    """The first and the last of some runs, led through the others."""
    places = [str(world.write(folder / f"run{at}")) for at, world in enumerate(worlds)]
    first, *between, last = (open_run(place, folder) for place in places)
    return compared_by_steps(first, last, between, ORDER)


def causes(made: Comparison) -> dict[str, set[tuple[str, str]]]:
    return {change.name: {(c.kind, c.name) for c in change.causes} for change in made.changes}


def test_without_a_run_in_between_both_causes_stand_beside_each_figure(tmp_path):
    last = moved(moved(replicates(tickets(FIRST)), "r_squared", 0.01), "top", 0.2)
    made = led(tmp_path, FIRST, last)
    assert causes(made) == {"r_squared": {DATA, REPLICATES}, "top": {DATA, REPLICATES}}
    assert not any(change.sure or change.led for change in made.changes)
    asked = f"handbook run {made.now.client} --output between --set drivers.replicates=2000)"
    assert asked in apart(made)


def test_a_run_in_between_is_asked_for_where_a_setting_and_something_else_differ(tmp_path):
    settings = moved(replicates(FIRST), "top", 0.2)
    assert apart(led(tmp_path / "one", FIRST, settings)) == ""
    both = moved(code(tickets(FIRST)), "top", 0.2)
    assert apart(led(tmp_path / "no setting", FIRST, both)) == ""
    middle = moved(tickets(FIRST), "top", 0.2)
    told = led(tmp_path / "led", FIRST, middle, moved(replicates(middle), "top", 0.1))
    assert apart(told) == ""


PAIRS = [
    (tickets, DATA, replicates, REPLICATES), (tickets, DATA, code, CODE), (wave, WAVE, code, CODE),
    (code, CODE, replicates, REPLICATES), (wave, WAVE, replicates, REPLICATES),
    (wave, WAVE, tickets, DATA),
]  # fmt: skip


@pytest.mark.parametrize(("one", "first", "other", "second"), PAIRS)
def test_of_two_causes_each_figure_has_its_own(one, first, other, second, tmp_path):
    middle = moved(one(FIRST), "r_squared", 0.01)
    made = led(tmp_path, FIRST, middle, moved(other(middle), "top", 0.2))
    assert causes(made) == {"r_squared": {first}, "top": {second}}
    assert all(change.sure and change.led for change in made.changes)
    assert made.notes[-1] == IN_STEPS.format(many="a run in between")


def test_of_three_causes_each_figure_has_its_own(tmp_path):
    start = FIRST.with_figure("drivers", "late", value=0.7, low=0.6, high=0.8)
    newer = moved(wave(start), "r_squared", 0.01)
    changed = moved(code(newer), "top", 0.2)
    made = led(tmp_path, start, newer, changed, moved(replicates(changed), "late", 0.3))
    assert causes(made) == {"late": {REPLICATES}, "r_squared": {WAVE}, "top": {CODE}}


def test_what_two_steps_moved_has_both_causes_and_the_part_of_each(tmp_path):
    middle = moved(tickets(FIRST), "top", 0.2)
    made = led(tmp_path, FIRST, middle, moved(replicates(middle), "top", 0.1))
    [change] = made.changes
    assert because(change, {}) == (
        "because of each of: the content of tickets; drivers.replicates (2000 before, 500 now)"
    )
    assert step_by_step(change, {}) == (
        "from 1.5 (1.0 to 2.0) to 1.7 (1.2 to 2.2), because of the content of tickets; "
        "to 1.8 (1.3 to 2.3), because of drivers.replicates (2000 before, 500 now)"
    )
    assert "1 because of each of: " in summary(made, {})


def test_a_step_that_changes_two_things_still_names_both(tmp_path):
    middle = moved(code(tickets(FIRST)), "r_squared", 0.01)
    made = led(tmp_path, FIRST, middle, moved(replicates(middle), "top", 0.2))
    assert causes(made) == {"r_squared": {DATA, CODE}, "top": {REPLICATES}}
    [two, one] = made.changes
    assert (two.led, one.led) == (False, True)
    assert because(two, {}).startswith("one or more of: ")


def test_a_figure_that_came_back_to_where_it_was_is_no_change(tmp_path):
    middle = moved(tickets(FIRST), "top", 0.2)
    assert not led(tmp_path, FIRST, middle, replicates(FIRST)).changes


def test_a_chapter_that_a_run_in_between_lacks_is_left_undivided(tmp_path):
    others = {name: figures for name, figures in FIRST.figures.items() if name != "drivers"}
    middle = replace(tickets(FIRST), figures=others)
    made = led(tmp_path, FIRST, middle, moved(replicates(tickets(FIRST)), "top", 0.2))
    assert causes(made) == {"top": {DATA, REPLICATES}}
    assert not made.changes[0].led


def test_a_run_in_between_without_a_record_divides_nothing_and_is_named(tmp_path):
    middle = replace(moved(tickets(FIRST), "r_squared", 0.01), recorded=False)
    made = led(tmp_path, FIRST, middle, moved(replicates(tickets(FIRST)), "top", 0.2))
    assert causes(made) == {"top": {DATA, REPLICATES}}
    assert any(note.startswith("Run 1 of those in between was made before") for note in made.notes)


def test_page_and_csv_give_each_figure_of_a_chapter_its_own_reason(tmp_path):
    middle = moved(moved(tickets(FIRST), "r_squared", 0.01), "top", 0.2)
    made = led(tmp_path, FIRST, middle, moved(replicates(middle), "top", 0.1))
    table, page = write_comparison(made, tmp_path / "out", {"drivers": "What drives it"})
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["figure"]: row for row in csv.DictReader(stream)}
    assert rows["r_squared"]["why"] == "because of the content of tickets"
    assert (rows["r_squared"]["one_cause"], rows["r_squared"]["steps"]) == ("yes", "")
    assert rows["top"]["why"].startswith("because of each of: ")
    assert "to 1.8 (1.3 to 2.3), because of drivers.replicates" in rows["top"]["steps"]
    text = page.read_text("utf-8")
    assert "<dt>In between</dt>" in text
    section = text.partition('id="in-drivers"')[2]
    assert "Each of these" not in section
    assert section.count("because of the content of tickets") >= 2
