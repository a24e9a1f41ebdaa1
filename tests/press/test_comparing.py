"""Planted differences between two runs are told, each with its reason and no other."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from helpers.errors import HandbookError
from helpers.press.comparing import changes, open_run
from helpers.press.comparing.files import write_comparison
from helpers.press.comparing.wording import because, summary
from helpers.results import Figure
from tests.press.two_runs import World, compare

FIRST = World()
TITLES = {"sampling": "Who was heard", "loyalty": "How loyal customers are"}
MOVED = {"value": 0.55, "low": 0.45, "high": 0.65}


def told(made):
    """Every change with its causes, by chapter and figure."""
    return {
        f"{c.chapter}.{c.name}": {(x.kind, x.name, x.via) for x in c.causes} for c in made.changes
    }


def test_equal_runs_have_no_change(tmp_path):
    made = compare(FIRST, FIRST, tmp_path)
    assert not made.changes
    assert made.total == 4
    assert summary(made, TITLES) == "None of 4 figures changed."


def test_a_parameter_is_the_reason_in_its_chapter_alone(tmp_path):
    now = FIRST.with_own("drivers", "parameter replicates", "500")
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {"drivers.r_squared": {("parameter", "drivers.replicates", "")}}
    assert made.changes[0].sure
    assert because(made.changes[0], TITLES) == (
        "because of drivers.replicates (2000 before, 500 now)"
    )
    assert summary(made, TITLES) == (
        "Of 4 figures 1 changed: 1 because of drivers.replicates (2000 before, 500 now)."
    )


def test_an_input_that_differs_without_a_change_is_no_news(tmp_path):
    now = FIRST.with_own("drivers", "parameter replicates", "500")
    now = now.with_shared(table__accounts="c2", library__numpy="2.4.0")
    assert not compare(FIRST, now, tmp_path).changes


PLANTED = {
    "a table that the chapter reads": (
        FIRST.with_shared(table__tickets="t2"), {("data", "tickets")},
    ),
    "code that it imports": (
        FIRST.with_own("drivers", "code methods.drivers", "m9"), {("code", "methods.drivers")},
    ),
    "its notebook": (
        FIRST.with_own("drivers", "code notebook", "n9"), {("code", "notebook drivers")},
    ),
    "a library": (FIRST.with_shared(library__scipy="1.17.0"), {("library", "scipy")}),
    "a question": (FIRST.with_shared(question__ease="q2"), {("question", "ease")}),
    "the day of a wave in client.yml": (
        FIRST.with_shared(dates="e2", setting__waves="v2"), {("setting", "waves")},
    ),
    "groups to report by": (
        FIRST.with_shared(groups="g2", setting__segments="s2"), {("setting", "segments")},
    ),
    "two things at once": (
        FIRST.with_shared(library__scipy="1.17.0").with_own("drivers", "parameter replicates", "9"),
        {("library", "scipy"), ("parameter", "drivers.replicates")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_what_differs_is_named_and_nothing_else(what, tmp_path):
    now, causes = PLANTED[what]
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {"drivers.r_squared": {(*cause, "") for cause in causes}}
    assert made.changes[0].sure == (len(causes) == 1)
    assert because(made.changes[0], {}).startswith("because of" if len(causes) == 1 else "one or")


UNREAD = {
    "a table of another chapter": FIRST.with_shared(table__accounts="c2"),
    "a setting that it does not read": FIRST.with_shared(setting__policy_DOT_consent="p9"),
    "another chapter's parameter": FIRST.with_own("loyalty", "parameter confidence", "0.9"),
    "another chapter's code": FIRST.with_own("loyalty", "code study", "s9"),
}


@pytest.mark.parametrize("what", UNREAD)
def test_what_a_chapter_does_not_read_is_never_its_reason(what, tmp_path):
    now = UNREAD[what].with_own("drivers", "parameter replicates", "500")
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {"drivers.r_squared": {("parameter", "drivers.replicates", "")}}


def test_a_change_upstream_is_led_back_to_its_own_reason(tmp_path):
    now = FIRST.with_own("sampling", "parameter trim", "3")
    now = now.with_figure("sampling", "response_rate", value=0.31)
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {
        "sampling.response_rate": {("parameter", "sampling.trim", "")},
        "drivers.r_squared": {("parameter", "sampling.trim", "sampling")},
    }
    assert because(made.changes[1], TITLES) == (
        "because of sampling.trim (5 before, 3 now), through the chapter Who was heard"
    )
    assert summary(made, TITLES) == (
        "Of 4 figures 2 changed: 2 because of sampling.trim (5 before, 3 now)."
    )


def test_an_upstream_chapter_whose_results_are_the_same_is_no_reason(tmp_path):
    now = FIRST.with_own("sampling", "parameter trim", "3")
    now = now.with_own("drivers", "parameter replicates", "500")
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {"drivers.r_squared": {("parameter", "drivers.replicates", "")}}


def test_parts_of_the_code_that_changed_together_are_one_reason(tmp_path):
    now = FIRST.with_own("drivers", "code methods.drivers", "m9")
    now = now.with_own("drivers", "code notebook", "n9")
    made = compare(FIRST, now.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert made.changes[0].sure
    assert because(made.changes[0], {}) == (
        "because of the handbook's code (methods.drivers, notebook drivers)"
    )


def newer(world):
    """The next wave's answers under the ones that were there."""
    waves = {**world.waves, "responses": {"W1": "1", "W2": "2", "W3": "3"}}
    now = replace(world, waves=waves, wave="W3", files={**world.files, "responses": "z"})
    return now.with_shared(
        answers="a2", dates="e2", table__responses="r2", setting__wave="w2", setting__as_of="d2"
    )


def test_a_newer_wave_is_one_reason_with_its_day_and_its_answers(tmp_path):
    now = newer(FIRST).with_figure("loyalty", "nps", value=52.0, low=48.0, high=56.0)
    made = compare(FIRST, now.with_figure("sampling", "response_rate", value=0.29), tmp_path)
    assert told(made) == {
        "sampling.response_rate": {("wave", "wave", "")},
        "loyalty.nps": {("wave", "wave", "")},
    }
    assert all(change.sure for change in made.changes)
    assert summary(made, {}) == "Of 4 figures 2 changed: 2 because of the wave (W2 before, W3 now)."


def test_corrected_answers_of_an_earlier_wave_are_named_beside_the_newer_one(tmp_path):
    now = newer(FIRST)
    now = replace(now, waves={**now.waves, "responses": {"W1": "1", "W2": "9", "W3": "3"}})
    made = compare(FIRST, now.with_figure("loyalty", "nps", value=41.0), tmp_path)
    assert told(made) == {"loyalty.nps": {("wave", "wave", ""), ("data", "responses", "")}}
    assert "the content of responses (rows of W2)" in because(made.changes[0], {})


def test_a_list_is_named_where_it_changed_answers_that_both_runs_have(tmp_path):
    now = FIRST.with_shared(answers="a2", table__accounts="c2")
    now = replace(now, files={**now.files, "accounts": "z"}, rows={"accounts": 12})
    plain = now.with_figure("loyalty", "nps", value=41.0)
    assert told(compare(FIRST, plain, tmp_path / "one"))["loyalty.nps"] == {
        ("unknown", "unknown", "")
    }  # nothing that answers have of accounts differs
    joined = replace(plain, waves={**plain.waves, "joined": {"W1": "k"}})
    made = compare(FIRST, joined, tmp_path / "two")
    assert told(made)["loyalty.nps"] == {("data", "accounts", "")}
    assert because(made.changes[0], {}) == (
        "because of the content of accounts (10 rows before, 12 now)"
    )


def test_the_same_file_read_in_another_way_is_no_change_of_data(tmp_path):
    now = FIRST.with_shared(table__responses="r2", answers="a2", setting__formats="f2")
    made = compare(FIRST, now.with_figure("loyalty", "nps", value=41.0), tmp_path / "one")
    assert told(made)["loyalty.nps"] == {("setting", "formats", "")}
    code = FIRST.with_shared(table__responses="r2", answers="a2")
    code = code.with_own("loyalty", "code study", "s2").with_figure("loyalty", "nps", value=41.0)
    assert told(compare(FIRST, code, tmp_path / "two"))["loyalty.nps"] == {("code", "study", "")}


def test_a_change_without_any_reason_on_record_is_said_to_have_none(tmp_path):
    made = compare(FIRST, FIRST.with_figure("loyalty", "nps", value=41.0), tmp_path)
    assert because(made.changes[0], {}) == "nothing that is on record"


@pytest.mark.parametrize(
    ("ends", "beside"),
    [
        ((52.0, 48.0, 56.0), "higher, clear on these two intervals"),
        ((28.0, 24.0, 32.0), "lower, clear on these two intervals"),
        ((43.0, 39.0, 47.0), "not clear on these two intervals"),  # ±4 and ±4: 5.66 are needed
        ((45.6, 41.6, 49.6), "not clear on these two intervals"),
        ((45.7, 41.7, 49.7), "higher, clear on these two intervals"),
    ],
)
def test_a_newer_waves_change_stands_beside_both_intervals(ends, beside, tmp_path):
    parts = dict(zip(("value", "low", "high"), ends, strict=True))
    made = compare(FIRST, newer(FIRST).with_figure("loyalty", "nps", **parts), tmp_path)
    assert [change.beside for change in made.changes] == [beside]


def test_within_one_wave_or_at_two_confidences_nothing_is_said_of_sampling(tmp_path):
    now = FIRST.with_own("loyalty", "parameter confidence", "0.95")
    made = compare(FIRST, now.with_figure("loyalty", "nps", value=43.0), tmp_path / "one")
    assert made.changes[0].beside == ""
    later = newer(FIRST).with_own("sampling", "parameter confidence", "0.9")
    later = later.with_figure("sampling", "response_rate", value=0.29)
    assert compare(FIRST, later, tmp_path / "two").changes[0].beside == ""


def test_new_gone_and_withheld_figures_are_told_with_the_reason(tmp_path):
    now = FIRST.with_figure("loyalty", "nps", value=None, low=None, high=None, base=8,
                            withheld="its base of 8 is under 10")  # fmt: skip
    now = now.without_figure("loyalty", "trapped").with_figure("drivers", "top", unit="text",
                                                               value="Ease")  # fmt: skip
    made = compare(FIRST, now, tmp_path)
    kinds = {change.name: (change.kind, change.why_not) for change in made.changes}
    assert kinds == {
        "nps": ("withheld now", "its base of 8 is under 10"),
        "trapped": ("gone", ""),
        "top": ("new", ""),
    }
    back = compare(now, FIRST, tmp_path / "back")
    assert {c.name: c.kind for c in back.changes} == {
        "nps": "told now", "trapped": "new", "top": "gone",
    }  # fmt: skip


def test_every_part_of_a_figure_counts(tmp_path):
    for place, parts in enumerate(
        ({"low": 35.0}, {"base": 801}, {"grade": "C"}, {"value": 40.00000001})
    ):
        now = FIRST.with_figure("loyalty", "nps", **parts)
        assert len(compare(FIRST, now, tmp_path / str(place)).changes) == 1, parts
    renamed = FIRST.with_figure("loyalty", "nps", label="Effort score")
    assert compare(FIRST, renamed, tmp_path / "label").changes[0].parts == ("name",)
    verdict = FIRST.with_figure("loyalty", "trapped", verdict="none")
    assert compare(FIRST, verdict, tmp_path / "verdict").changes[0].parts == ("verdict",)


def test_a_chapter_of_one_run_alone_is_left_out_and_said(tmp_path):
    figures = {name: of for name, of in FIRST.figures.items() if name != "drivers"}
    now = replace(FIRST, figures=figures, states={"drivers": "not run"})
    made = compare(FIRST, now, tmp_path)
    assert not made.changes
    assert made.left_out == {"drivers": "not asked for in the second run"}
    assert made.total == 3
    assert summary(made, {}) == (
        "None of 3 figures changed. 1 figure of 1 chapter is in the first run alone."
    )


def test_a_chapter_that_one_run_lacks_is_the_reason_of_those_that_read_it(tmp_path):
    without = replace(FIRST, figures={n: f for n, f in FIRST.figures.items() if n != "sampling"})
    made = compare(FIRST, without.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert told(made) == {"drivers.r_squared": {("chapter", "sampling", "")}}
    assert because(made.changes[0], TITLES) == (
        "because of the chapter Who was heard, which only one run has"
    )


def test_an_older_record_tells_which_figures_changed_and_says_that_it_cannot_tell_why(tmp_path):
    now = FIRST.with_figure("loyalty", "nps", value=41.0)
    made = compare(replace(FIRST, recorded=False), now, tmp_path)
    assert [change.name for change in made.changes] == ["nps"]
    assert because(made.changes[0], {}) == "not on record"
    assert summary(made, {}) == "Of 4 figures 1 changed."
    assert made.notes == (
        "The first run was made before runs noted what their figures depend on as they do now: "
        "which figures changed can be told, why they did cannot.",
    )


def test_figures_of_the_answer_come_before_the_others(tmp_path):
    now = FIRST.with_figure("loyalty", "nps", value=41.0)
    now = now.with_figure("loyalty", "attitude", value=70.0)
    made = compare(FIRST, now, tmp_path)
    assert [(c.name, c.rank) for c in made.changes] == [("nps", 1), ("attitude", 2)]


def test_what_is_no_run_is_refused_with_the_nearest_name(tmp_path):
    FIRST.write(tmp_path / "acme")
    with pytest.raises(HandbookError, match=r"'acmee' is no run: .* Did you mean acme\?"):
        open_run("acmee", tmp_path)
    for named in ("acme", str(tmp_path / "acme"), str(tmp_path / "acme" / "results")):
        assert open_run(named, tmp_path).called == "acme"


def test_files_hold_every_change_and_no_text_runs_in_them(tmp_path):
    label = '=HYPERLINK("x")<script>alert(1)</script>'
    now = FIRST.with_figure("loyalty", "nps", value=41.0, label=label)
    now = now.with_own("loyalty", "parameter confidence", '"=1+1"')
    made = compare(FIRST, now, tmp_path)
    table, page = write_comparison(made, tmp_path / "out", TITLES)
    rows = list(csv.DictReader(table.open(encoding="utf-8-sig")))
    assert [row["figure"] for row in rows] == ["nps"]
    assert rows[0]["label"] == f"'{label}"
    assert (rows[0]["value_before"], rows[0]["value_now"]) == ("40.0", "41.0")
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "Acme &amp; Söhne" in text
    assert str(tmp_path) not in text + table.read_text(encoding="utf-8-sig")
    again = write_comparison(made, tmp_path / "again", TITLES)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in (table, page)]


def test_the_first_pages_figures_lead_the_page(tmp_path):
    FIRST.write(tmp_path / "a")
    (tmp_path / "b" / "notebooks").mkdir(parents=True)
    quoted = '{"html": "<span data-figure=\\"drivers.r_squared\\">"}'
    (tmp_path / "b" / "notebooks" / "executive.ipynb").write_text(quoted, encoding="utf-8")
    made = compare(FIRST, FIRST.with_figure("drivers", "r_squared", **MOVED), tmp_path)
    assert made.changes[0].rank == 0
    _, page = write_comparison(made, tmp_path / "out", TITLES)
    assert "On the first page" in page.read_text(encoding="utf-8")


def test_a_figure_of_before_p_was_told_has_not_changed_by_it():
    """How often by chance counts from the report on that first tells it."""
    before = Figure("effect", 2.0, 1.0, 3.0, verdict="higher")
    told = replace(before, p=0.001, claims=True)
    assert changes._parts(before, told, ("effect", "effect")) == ()
    other = changes._parts(told, replace(told, p=0.002), ("effect", "effect"))
    assert other == ("how often by chance",)
