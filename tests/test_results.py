"""Results: named figures that carry what is needed to trust them, the same bytes every time."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers import results
from helpers.errors import HandbookError
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.sentences import written


def _result():
    figures = results.figures(
        Figure("nps", 40.39148193690001, 37.6, 43.2, base=2746, grade="C"),
        Figure("driver", "Delivery", unit="text"),
        Figure("unit", "", unit="text"),
    )
    table = pd.DataFrame({"tier": ["Key", "Core"], "share": [0.25, 0.75]}, index=[7, 9])
    return ChapterResult("sampling", figures, {"margins": table}, "The score is {nps}.")


def test_what_is_saved_is_what_is_read(tmp_path):
    results.save(_result(), tmp_path)
    found = results.load("sampling", tmp_path)
    assert found["nps"].base == 2746
    assert found["driver"].value == "Delivery"
    assert found["unit"].value == ""
    assert found.tables["margins"]["share"].tolist() == [0.25, 0.75]
    assert found.answer == "The score is {nps}."


def test_a_figure_that_could_not_be_told_is_read_as_one_with_its_reason(tmp_path):
    results.save(replace(_result(), untold={"csat": "nobody was asked"}), tmp_path)
    found = results.load("sampling", tmp_path)
    assert found.untold == {"csat": "nobody was asked"}
    assert set(found.figures) == {"nps", "driver", "unit"}


def test_results_of_another_version_are_not_read(tmp_path):
    results.save(_result(), tmp_path)
    path = tmp_path / "sampling.json"
    path.write_text(path.read_text().replace('"schema": ', '"schema": 9'), encoding="utf-8")
    with pytest.raises(HandbookError, match=r"sampling\.json was made by another version"):
        results.load("sampling", tmp_path)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        results.save(_result(), tmp_path / folder)
    names = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert names == ["sampling.json", "sampling.margins.parquet"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_last_bits_of_a_number_are_not_stored(tmp_path):
    results.save(_result(), tmp_path)
    assert '"value": 40.39148194,' in (tmp_path / "sampling.json").read_text()


@pytest.mark.parametrize("value", [-11.25000000000002, 11.249999999999998, 0.5])
def test_a_page_writes_a_figure_as_whoever_reads_it(tmp_path, value):
    """At the middle between two numbers the last bits, which are not stored, would decide."""
    quoted = results.figures(Figure("nps", value, value - 1, value + 1, base=80))
    results.save(ChapterResult("sampling", quoted), tmp_path)
    read = results.load("sampling", tmp_path)
    assert written(quoted["nps"]) == written(read["nps"])


def test_a_small_base_withholds_the_figure_and_its_interval():
    figure = results.figures(Figure("nps", 20.0, 1.0, 39.0, base=9), smallest_base=10)["nps"]
    assert (figure.value, figure.low, figure.high) == (None, None, None)
    assert figure.withheld == "its base of 9 is under 10"
    claim = Figure("change", 2.0, 1.0, 3.0, base=9, verdict="rose", p=0.01, claims=True)
    hidden = results.figures(claim, smallest_base=10)["change"]
    assert (hidden.verdict, hidden.p, hidden.claims) == ("", None, False)


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"base": 9}, False),
        ({"base": 10}, True),
        ({"base": None}, True),
        ({"base": 9, "base_unit": "accounts"}, True),  # of the client's own list
        ({"base": 9, "base_unit": "accounts", "grade": "C"}, False),
        ({"base": 9, "name": "respondents"}, True),
    ],
)
def test_what_is_withheld_is_what_few_people_said(more, shown):
    name = more.pop("name", "nps")
    found = results.figures(Figure(name, 20.0, **more), smallest_base=10)[name]
    assert (found.value == 20.0) == shown


def test_an_interval_may_stand_beside_words_or_end_at_its_value():
    assert Figure("a", "two to three", 2.0, 3.0).low == 2.0
    assert Figure("a", None, 2.0, 3.0, withheld="of few").high == 3.0
    assert Figure("a", 0.1 + 0.2, 0.3, 0.3).margin == 0.0  # as their last bits differ


def test_what_was_counted_is_named_where_rows_are_accounts():
    figures = results.figures(
        Figure("a", 1, base=20), Figure("b", 1, base=20, base_unit="people"), counted="accounts"
    )
    assert (figures["a"].base_unit, figures["b"].base_unit) == ("accounts", "people")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"value": float("nan")}, "withhold it and say why"),
        ({"value": None}, "has no value: say why under withheld"),
        ({"value": float("inf")}, "withhold it and say why"),
        ({"value": 1.0, "low": 0.5}, "an interval needs both ends"),
        ({"value": 1.0, "high": 0.5}, "an interval needs both ends"),
        ({"value": 1.0, "low": 1.1, "high": 2.0}, "is 1.0, outside its interval"),
        ({"value": 3, "low": 1.1, "high": 2.0}, "is 3, outside its interval"),
    ],
)
def test_a_figure_that_cannot_be_trusted_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Figure("nps", **wrong)


def test_a_figure_that_was_not_computed_is_named():
    with pytest.raises(HandbookError, match="sampling has no figure named 'csat'"):
        _ = _result()["csat"]


def test_a_chapter_that_was_not_run_has_no_result(tmp_path):
    assert results.load("drivers", tmp_path) is None
    (tmp_path / "_run.json").write_text("{}")
    results.save(_result(), tmp_path)
    assert list(results.load_all(tmp_path)) == ["sampling"]


@pytest.fixture
def by_hand(tmp_path, monkeypatch) -> Path:
    """Where a notebook that is run by hand writes, beside a delivered report."""
    (tmp_path / "_toc.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HANDBOOK_RESULTS", raising=False)
    results.save(_result(), tmp_path / "build" / "acme" / "results")
    return results.folder("acme")


def test_work_by_hand_leaves_the_delivered_report_alone(by_hand, tmp_path):
    delivered = tmp_path / "build" / "acme" / "results" / "sampling.json"
    before = delivered.read_bytes()
    results.save(replace(_result(), answer="tried by hand"), by_hand)
    assert delivered.read_bytes() == before
    assert results.load("sampling", by_hand).answer == "tried by hand"
    assert results.load("sampling", delivered.parent).answer == _result().answer


def test_work_by_hand_reads_the_report_where_it_has_nothing_of_its_own(by_hand):
    results.save(replace(_result(), chapter="drivers"), by_hand)
    assert results.load("sampling", by_hand).answer == _result().answer
    assert list(results.load_all(by_hand)) == ["drivers", "sampling"]
    assert results.load("linkage", by_hand) is None


def test_a_report_that_was_delivered_since_replaces_what_was_tried_before(by_hand, tmp_path):
    results.save(replace(_result(), answer="tried by hand"), by_hand)
    delivered = tmp_path / "build" / "acme" / "results"
    results.save(replace(_result(), answer="delivered"), delivered)
    os.utime(by_hand / "sampling.json", (1, 1))
    assert results.load("sampling", by_hand).answer == "delivered"


def test_a_path_and_a_name_of_a_client_write_to_one_folder_by_hand(by_hand):
    assert results.folder("data/acme") == by_hand == results.folder("./acme")


def test_a_row_of_a_table_becomes_a_figure_with_its_interval_and_base():
    row = pd.Series({"rate": 0.25, "low": 0.2, "high": 0.3, "asked": 400.0, "withheld": False})
    made = results.Figure.from_row("rate", row, ("rate", "low", "high"), base="asked", factor=100)
    assert (made.value, made.low, made.high, made.base) == (25.0, 20.0, 30.0, 400)
    assert results.Figure.from_row("rate", row, ["rate"], base=None).low is None


def test_a_row_without_an_interval_or_withheld_says_so():
    row = {"value": 0.25, "low": float("nan"), "high": float("nan"), "base": 9, "withheld": True}
    assert results.Figure.from_row("x", row, base="base").low is None
    away = results.Figure.from_row("x", row, withheld="few answered")
    assert (away.value, away.low, away.withheld) == (None, None, "few answered")
    told = results.Figure.from_row("x", row | {"withheld": False}, withheld="few answered")
    assert (told.value, told.withheld) == (0.25, "")


def test_nothing_and_false_are_left_out_and_zero_is_kept(tmp_path):
    """Zero equals false, and is a number that was found."""
    figure = Figure("change", 0.0, 0.0, 1.0, base=0, p=0.0)
    results.save(ChapterResult("loyalty", {"change": figure}), tmp_path)
    stored = json.loads((tmp_path / "loyalty.json").read_text())["figures"]["change"]
    assert {name: stored[name] for name in ("low", "base", "p")} == {"low": 0, "base": 0, "p": 0}
    assert not {"claims", "verdict", "grade"} & set(stored)
    assert results.load("loyalty", tmp_path)["change"] == figure


def test_a_table_is_read_when_it_is_asked_for_and_once(tmp_path):
    kept = {name: pd.DataFrame({"x": [1, 2]}) for name in ("one", "other")}
    results.save(ChapterResult("loyalty", {}, kept), tmp_path)
    made = results.load("loyalty", tmp_path)
    (tmp_path / "loyalty.other.parquet").unlink()
    assert set(made.tables) == {"one", "other"}
    assert made.tables["one"] is made.tables["one"]
    assert made.tables.get("none") is None
    with pytest.raises(FileNotFoundError):
        made.tables["other"]
