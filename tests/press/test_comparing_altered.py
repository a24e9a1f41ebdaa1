"""What was changed after a run, broke off, or is no figure, is told for what it is."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from importlib.metadata import version

import pandas as pd
import pytest

from helpers import results
from helpers.errors import InputFaults
from helpers.press.comparing import compared, open_run
from helpers.press.comparing.files import write_comparison
from helpers.press.comparing.wording import because, summary
from helpers.press.inputs import SCHEMA, handed_on
from helpers.results import ChapterResult, Figure
from tests.press.test_comparing import FIRST, newer, told
from tests.press.two_runs import ORDER, compare


def opened(folder, *names):
    return compared(*(open_run(str(folder / name), folder) for name in names), ORDER)


def by_hand(folder, chapter="loyalty", figure="nps", value=41.0):
    """Another value in a file of results, as an editor leaves it."""
    path = folder / "results" / f"{chapter}.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["figures"][figure]["value"] = value
    path.write_text(json.dumps(record), encoding="utf-8")


def test_a_value_changed_by_hand_is_not_laid_at_the_codes_door(tmp_path):
    FIRST.write(tmp_path / "a")
    FIRST.with_own("loyalty", "code study", "s9").write(tmp_path / "b")
    by_hand(tmp_path / "b")
    made = opened(tmp_path, "a", "b")
    assert told(made) == {"loyalty.nps": {("edited", "the second run", "")}}
    assert because(made.changes[0], {}) == (
        "because of a change to the results after the second run was made"
    )
    assert made.notes == ("Results of the second run were changed after it was made: loyalty.",)
    back = opened(tmp_path, "b", "a")
    assert told(back) == {"loyalty.nps": {("edited", "the first run", "")}}


def test_where_the_run_itself_differed_too_both_are_named(tmp_path):
    FIRST.write(tmp_path / "a")
    now = FIRST.with_own("loyalty", "code study", "s9").with_figure("loyalty", "nps", value=42.0)
    now.write(tmp_path / "b")
    by_hand(tmp_path / "b")
    made = opened(tmp_path, "a", "b")
    assert told(made)["loyalty.nps"] == {("edited", "the second run", ""), ("code", "study", "")}
    assert not made.changes[0].sure


def test_a_change_by_hand_is_no_reason_of_chapters_that_come_after(tmp_path):
    FIRST.write(tmp_path / "a")
    now = FIRST.with_own("drivers", "parameter replicates", "500")
    now.with_figure("drivers", "r_squared", value=0.55).write(tmp_path / "b")
    by_hand(tmp_path / "b", "sampling", "response_rate", 0.31)
    made = opened(tmp_path, "a", "b")
    assert told(made)["drivers.r_squared"] == {("parameter", "drivers.replicates", "")}


def test_tables_of_another_library_are_not_said_to_be_changed(tmp_path):
    for name, at in (("a", version("pandas")), ("b", "0.0.1")):
        FIRST.with_shared(library__pandas=at).write(tmp_path / name)
        by_hand(tmp_path / name)
    edited = [open_run(str(tmp_path / name), tmp_path).edited for name in "ab"]
    assert edited == [{"loyalty"}, frozenset()]


def test_the_digest_of_results_is_that_of_its_schema():
    """Where this digest changes, older records would seem changed by hand: raise the schema."""
    figure = Figure("nps", 40.0, 36.0, 44.0, base=800, grade="A", label="score", verdict="some")
    made = ChapterResult("loyalty", {"nps": figure}, answer="{nps}", untold={"x": "no data"})
    assert (SCHEMA, handed_on(made)) == (5, "bbb7a3b450077d1f")


BROKEN = {
    "results/loyalty.json": '{"schema": 2, "chap',
    "results/_inputs.json": f'{{"schema": {SCHEMA}}}',
    "results/_run.json": "[]",
    "manifest.json": '{"chapters": {"loyalty": {}}}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_not_whole_is_named(name, tmp_path):
    FIRST.write(tmp_path / "a")
    (tmp_path / "a" / name).write_text(BROKEN[name], encoding="utf-8")
    with pytest.raises(InputFaults, match=rf"a/{name}: is not as a run leaves it"):
        open_run("a", tmp_path)


@pytest.mark.parametrize("name", ["loyalty.json", "_inputs.json", "_run.json"])
def test_a_file_that_broke_off_is_named(name, tmp_path):
    path = FIRST.write(tmp_path / "a") / "results" / name
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(InputFaults, match=rf"a/results/{name}: "):
        open_run("a", tmp_path)


def test_a_value_outside_its_interval_and_a_table_that_is_gone_name_their_file(tmp_path):
    FIRST.write(tmp_path / "a")
    by_hand(tmp_path / "a", value=99.0)
    with pytest.raises(InputFaults, match=r"a/results/loyalty\.json: "):
        open_run("a", tmp_path)
    FIRST.write(tmp_path / "b")
    _with_table(tmp_path / "b", 1.0)
    (tmp_path / "b" / "results" / "drivers.shares.parquet").unlink()
    with pytest.raises(InputFaults, match=r"b/results/drivers\.json: "):
        open_run("b", tmp_path)


def _with_table(folder, value, answer=""):
    """The drivers' results with a table, as a run that had it would leave them."""
    where = folder / "results"
    table = pd.DataFrame({"share": [value]})
    made = replace(results.load("drivers", where), tables={"shares": table}, answer=answer)
    results.save(made, where)
    record = json.loads((where / "_inputs.json").read_text(encoding="utf-8"))
    record["chapters"]["drivers"]["results"] = handed_on(results.load("drivers", where))
    (where / "_inputs.json").write_text(json.dumps(record), encoding="utf-8")


def test_texts_and_tables_that_differ_without_a_figure_are_told(tmp_path):
    FIRST.write(tmp_path / "a")
    FIRST.with_own("drivers", "code notebook", "n9").write(tmp_path / "b")
    _with_table(tmp_path / "a", 1.0)
    _with_table(tmp_path / "b", 2.0, answer="It is otherwise.")
    made = opened(tmp_path, "a", "b")
    assert [(one.chapter, one.what) for one in made.retold] == [
        ("drivers", ("its texts", "table shares"))
    ]
    assert because(made.retold[0], {}) == "because of the handbook's code (notebook drivers)"
    assert summary(made, {}) == (
        "None of 4 figures changed. In 1 chapter no figure changed, but texts or tables did."
    )
    page = write_comparison(made, tmp_path / "o", {})[1].read_text(encoding="utf-8")
    assert "drivers: no figure, but its texts, table shares; because of the handbook" in page
    assert "drivers: 1 figure" not in page


def test_texts_of_the_first_page_count_and_its_figures_do_not(tmp_path):
    for name, value, answer in (("a", 1.0, "One."), ("b", 2.0, "Two.")):
        FIRST.write(tmp_path / name)
        made = ChapterResult("executive", {"x": Figure("x", value)}, answer=answer)
        results.save(made, tmp_path / name / "results")
    made = opened(tmp_path, "a", "b")
    assert not made.changes
    assert [(one.chapter, one.what) for one in made.retold] == [("executive", ("its texts",))]
    assert made.notes == (
        "Figures that the first page repeats are counted once, in their own chapters.",
    )


READ_ANEW = FIRST.with_shared(table__responses="r2", answers="a2")


def test_the_same_file_read_by_another_library_is_no_change_of_data(tmp_path):
    now = READ_ANEW.with_shared(library__numpy="2.4.0").with_figure("loyalty", "nps", value=41.0)
    made = compare(FIRST, now, tmp_path)
    assert told(made)["loyalty.nps"] == {("library", "numpy", "")}
    assert made.changes[0].sure


def test_the_same_file_read_otherwise_for_no_known_reason_is_told_as_that(tmp_path):
    made = compare(FIRST, READ_ANEW.with_figure("loyalty", "nps", value=41.0), tmp_path)
    assert told(made)["loyalty.nps"] == {("reading", "responses", "")}
    assert because(made.changes[0], {}) == ("because of how responses was read, from the same file")


def test_a_newer_wave_of_the_same_file_is_the_wave(tmp_path):
    now = replace(newer(FIRST), files=FIRST.files).with_figure("loyalty", "nps", value=41.0)
    assert told(compare(FIRST, now, tmp_path))["loyalty.nps"] == {("wave", "wave", "")}


def test_a_record_of_an_older_form_gives_no_reason(tmp_path):
    FIRST.write(tmp_path / "a")
    FIRST.with_figure("loyalty", "nps", value=41.0).write(tmp_path / "b")
    path = tmp_path / "a" / "results" / "_inputs.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["shared"]["answers"]
    path.write_text(json.dumps({**record, "schema": 1}), encoding="utf-8")
    made = opened(tmp_path, "a", "b")
    assert because(made.changes[0], {}) == "not on record"


def test_the_csv_has_a_row_for_each_text_and_table_with_its_reason(tmp_path):
    """Of chapters in which figures changed too; of a table how many cells, and in which columns."""
    FIRST.write(tmp_path / "a")
    moved = {"value": 0.55, "low": 0.45, "high": 0.65}
    FIRST.with_own("drivers", "code notebook", "n9").with_figure(
        "drivers", "r_squared", **moved
    ).write(tmp_path / "b")
    _with_table(tmp_path / "a", 1.0)
    _with_table(tmp_path / "b", 2.0, answer="It is otherwise: {r_squared:value}.")
    made = opened(tmp_path, "a", "b")
    assert made.retold == ()
    table, page = write_comparison(made, tmp_path / "o", {})
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["figure"]: row for row in csv.DictReader(stream)}
    assert [*rows] == ["r_squared", "answer", "table shares"]
    assert (rows["answer"]["before"], rows["answer"]["now"]) == ("", "It is otherwise: 55%.")
    assert rows["table shares"]["what_changed"] == "1 of 1 cells, in share"
    why = "because of the handbook's code (notebook drivers)"
    assert {(row["why"], row["one_cause"]) for row in rows.values()} == {(why, "yes")}
    assert "Also: answer (another text); table shares (1 of 1 cells, in share)." in page.read_text()
