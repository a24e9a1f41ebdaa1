"""The comments chapter's words, quotes and charts: nothing runs, nothing unsure is said."""

from __future__ import annotations

import inspect
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from helpers.methods import comments
from helpers.methods.claims import OF_COMMENTS, level
from helpers.results import ChapterResult, Figure, figures
from helpers.views.comments import charts
from helpers.views.comments import figures as quotes
from helpers.views.comments import figures_reading as reading
from helpers.views.comments import quotes as spoken
from helpers.views.comments import sentences as words
from helpers.views.comments import tables as laid_out
from helpers.views.rendering import rules, sentences, tables
from helpers.views.rendering.declared import by_name

HOSTILE = '<script>alert(1)</script> $x^2$ `code` \\href{x} {{role}} <img src=x onerror="y">\nnext'
SIDE = level(0.95, OF_COMMENTS)
ORDER = pd.CategoricalDtype(["low", "high"], ordered=True)


def made(low: int = 40, high: int = 10, size: int = 60, *, by_hand: bool = True) -> comments.Coding:
    """Two groups of a size, of which so many write of lateness; a third is coded by hand."""
    texts = [*["late"] * low, *["ok"] * (size - low), *["late"] * high, *["ok"] * (size - high)]
    rows = pd.DataFrame({"response_id": [f"r{i}" for i in range(2 * size)], "question": "q"})
    rows["text"] = texts
    if by_hand:
        coded = np.arange(2 * size) % 3 == 0
        rows["theme_late"] = pd.array(rows["text"].eq("late"), dtype="boolean")
        rows["theme_late"] = rows["theme_late"].where(coded)
        rows["theme_dear"] = pd.array([False] * len(rows), dtype="boolean")
        rows["theme_dear"] = rows["theme_dear"].where(coded)
    people = pd.DataFrame({"wave": "w"}, index=rows["response_id"])
    frame = comments.theme_frame(
        pd.DataFrame({"theme": ["late", "dear"], "words": ["late", "dear"],
                      "label": ["$Late$ <b>", "Dear"]})
    )  # fmt: skip
    said = comments.gathered(rows, people, "w")
    return comments.coded(said, frame, rng=np.random.default_rng(1))


def groups_of(coding: comments.Coding) -> comments.ThemeGroups:
    half = len(coding.codes) // 2
    labels = pd.Series(["low"] * half + ["high"] * half, index=coding.codes.index).astype(ORDER)
    return comments.theme_groups(coding, labels)


def figures_of(coding: comments.Coding, smallest: int = 10) -> dict[str, Figure]:
    labels, shares = coding.frame.labels, comments.theme_shares(coding)
    found = quotes.coding(coding, comments.themeless(coding)) | quotes.shares(shares, labels)
    found |= quotes.groups({"loyalty": groups_of(coding)}, labels)
    return figures(*found.values(), smallest_base=smallest)


def test_the_answer_names_the_theme_of_the_least_loyal_with_share_base_and_sorting():
    found = figures_of(made())
    said = sentences.say(words.answer(found), ChapterResult("comments", found))
    assert "Among the least loyal (“low”), $Late$ <b> is named most: by 67%" in said.text
    assert "of 60 respondents who commented" in said.text
    assert "<b>" not in said.html
    tested = str(sentences.say(words.sorting(found), ChapterResult("comments", found)))
    assert "Tested on 40 comments that people sorted" in tested


def test_where_nobody_coded_by_hand_the_answer_says_so():
    found = figures_of(made(by_hand=False))
    assert "not known" in words.answer(found)
    assert words.sorting(found).startswith("Too few comments were coded by hand")


def test_poor_sorting_is_said_in_the_answer_and_among_the_doubts():
    coding = made()
    table = coding.agreement.table.assign(kappa=0.5, kappa_low=0.3, kappa_high=0.65)
    poor = comments.Agreement(table, coding.agreement.base)
    found = by_name(*quotes._agreement(_replaced(coding, agreement=poor)))
    found |= figures_of(coding) | found
    assert "The sorting is poor for {poorly_sorted}" in words.answer(found)
    assert any("{poorly_sorted}" in doubt for doubt in words.doubts(found))


def _replaced(coding: comments.Coding, **changed: object) -> comments.Coding:
    parts = {name: getattr(coding, name) for name in coding.__dataclass_fields__}
    return comments.Coding(**(parts | changed))


def test_a_sure_difference_is_said_with_its_side_and_interval():
    found = figures_of(made())
    said = sentences.say(words.so_what(found), ChapterResult("comments", found)).text
    assert "“low” name it more often than the others, by 50.0 (" in said
    assert found["apart_gap"].verdict == "more"
    assert found["pairs_apart"].p <= SIDE


def test_without_a_sure_difference_none_is_told():
    found = figures_of(made(30, 30))
    assert "No theme clearly sets one group of customers apart" in words.so_what(found)
    assert found["pairs_apart"].p == pytest.approx(1.0)  # thirty of sixty on both sides


def test_groups_too_small_to_test_are_said_to_be():
    found = figures_of(made(10, 5, size=25))
    assert (found["pairs_apart"].verdict, found["pairs_apart"].p) == ("not tested", None)
    assert words.groups(found) == "Groups are too small to be compared with each other."
    assert words.so_what(found).startswith("Groups are too small to be told apart")


WORDS = {"late": ("Lateness", "Late deliveries"), "dear": ("Prices", "Dear prices")}


def unframed(texts: list[str]) -> comments.Coding:
    """Comments that only words of the questionnaire can sort."""
    rows = pd.DataFrame({"response_id": [f"r{i}" for i in range(len(texts))], "question": "q"})
    people = pd.DataFrame({"wave": "w"}, index=rows["response_id"])
    labels, asked = ({k: v[i] for k, v in WORDS.items()} for i in (0, 1))
    frame = comments.chosen_frame(None, labels, asked)
    said = comments.gathered(rows.assign(text=texts), people, "w")
    return comments.coded(said, frame, rng=np.random.default_rng(1))


def test_the_answer_begins_with_those_who_name_no_theme_where_they_are_many():
    found = figures_of(made())  # 50 of 120 write of lateness, none of prices
    assert found["themeless"].value == pytest.approx(70 / 120)
    said = str(sentences.say(words.answer(found), _page(found)))
    assert said.startswith(
        "58% (49% to 67%) of 120 respondents who commented name none of the 2 themes. Among"
    )
    few = figures_of(made(58, 58))
    said = str(sentences.say(words.answer(few), _page(few)))
    assert said.startswith("Among the least loyal")
    said = str(sentences.say(words.wrote(few), _page(few)))
    assert re.search(
        r"\. \d% \(.*\) of 120 respondents who commented name none of the 2 them", said
    )


def _page(found: dict[str, Figure]) -> ChapterResult:
    return ChapterResult("comments", found)


def test_without_the_clients_themes_no_theme_is_said_to_be_named_most_and_the_table_is_asked_for():
    found = figures_of_all(unframed(["late delivery"] * 20 + ["all is well"] * 60))
    said = str(sentences.say(words.answer(found), _page(found)))
    assert said.startswith("75% of 80 respondents who commented use none of the words")
    assert "Lateness" not in said
    assert "Send a table of themes (themes.csv)" in said
    assert "named most" not in said.replace("What is named most cannot be said", "")
    asked = words.ask(found | figures(*rules.quotable(read_owner="Head of delivery")), "30 July")
    assert asked["owner"] == "Research lead"
    assert "themes.csv" in asked["what"]
    shares = comments.theme_shares(unframed(["late"] * 40 + ["well"] * 20))
    assert charts.theme_shares(shares).title == "late is named most"
    assert "most" not in charts.theme_shares(shares, title=words.shares_title(found)).title
    assert words.shares_title(figures_of(made())) == ""


def figures_of_all(coding: comments.Coding) -> dict[str, Figure]:
    found = quotes.coding(coding, comments.themeless(coding))
    found |= quotes.shares(comments.theme_shares(coding), coding.frame.labels)
    return figures(*found.values(), smallest_base=10)


def test_an_ask_never_needs_a_figure_that_is_withheld():
    found = figures_of(made()) | figures(_to_read("Late", "apart"))
    few = figures(Figure("may_be_read", 4, unit="count", base=4), smallest_base=10)
    assert few["may_be_read"].value is None
    asked = words.ask(found | few | figures(*rules.quotable(read_owner="IT")), "30 July")
    assert asked["what"].startswith("Read the comments on {read_theme}")
    assert asked["owner"] == "IT"
    for held in (found | few, few):
        what = words.ask(held, "30 July")["what"]
        told = str(sentences.say(what, ChapterResult("comments", held)))
        assert "withheld" not in told
        assert told.startswith("Read the comments")


def _to_read(theme: str, because: str) -> Figure:
    return Figure("read_theme", theme, unit="text", verdict=because)


def rated_by(coding: comments.Coding, **drivers: str) -> comments.RatingGaps:
    ratings = pd.DataFrame({"speed": np.resize([3.0, 8.0, 4.0], len(coding.codes)), "price": 5.0},
                           index=coding.codes.index)  # fmt: skip
    return comments.rating_gaps(coding, ratings, drivers)


@pytest.mark.parametrize(
    ("drivers", "said", "rows"),
    [
        ({"late": "speed"}, "1 of 1 themes tied to a rating can be compared.", ["late"]),
        ({"late": "speed", "dear": "price"},
         "1 of 2 themes tied to a rating can be compared. Too few name and rate Dear, or too few "
         "others rate it.", ["late"]),
        ({"dear": "price"}, "Too few to compare: for none of the 1 themes", []),
        ({}, "No theme is tied to a rated question", []),
    ],
)  # fmt: skip
def test_themes_that_may_not_be_compared_are_one_sentence_and_no_rows(drivers, said, rows):
    coding = made()
    gaps = rated_by(coding, **drivers)
    found = figures(*quotes.gaps(gaps, coding.frame.labels, 0.95).values())
    assert str(sentences.say(words.rated(found), _page(found))).startswith(said)
    assert laid_out.told_gaps(gaps, coding.frame.labels, 0.95)["theme"].tolist() == rows


def test_ratings_and_words_tell_how_often_chance_would_set_them_as_far_apart():
    """The smallest of Holm's p; of one side only where only one is asked about."""
    table = pd.DataFrame({"theme": ["late", "dear"], "p_holm": [0.0001, 0.04], "withheld": False,
                          "driver": "speed", "mean": [6.0, 4.0], "rest": [5.0, 5.0],
                          "difference": [1.0, -1.0], "low": [0.5, -1.9], "high": [1.5, -0.1],
                          "base": 40, "others": 50})  # fmt: skip
    told = quotes.gaps(comments.RatingGaps(table, 90), made().frame.labels, 0.95)["gaps_compared"]
    assert (told.verdict, told.p) == ("not shown", 0.04)  # those who rate it higher are no sign
    groups = pd.Series(["low"] * 60 + ["high"] * 60)
    for late in (60, 34):
        some, rest = ["late"] * late, ["fine"] * (60 - late)
        texts = pd.Series(some + rest + ["late"] * len(rest) + ["fine"] * late)
        found = comments.words_apart(texts, groups)
        told = quotes.set_apart(found)["words_apart"]
        assert told.verdict == ("some" if late == 60 else "none")
        assert (told.verdict == "some") == (told.p <= SIDE)
        assert told.p == found.table.loc[found.table["odds"] > 1, "p_holm"].min()
    assert quotes.set_apart(comments.words_apart(texts, groups[:60]))["words_apart"].p is None


def test_a_table_without_rows_is_not_shown():
    columns = {"theme": ("Theme", "text")}
    untold, told = made(by_hand=False), made()
    rows = laid_out.told_sorting(untold, comments.theme_shares(untold))
    assert laid_out.if_any(tables.show(rows, caption="Sorting", columns=columns)).html == ""
    rows = laid_out.told_sorting(told, comments.theme_shares(told))
    tested = tables.show(rows, caption="Sorting", columns=columns)
    assert laid_out.if_any(tested) is tested
    assert [row[0] for row in tested.rows] == ["late"]


def test_one_group_alone_is_not_called_the_least_loyal():
    coding = made()
    alone = comments.theme_groups(coding, pd.Series("all", index=coding.codes.index))
    found = quotes.groups({"loyalty": alone}, coding.frame.labels)
    assert found["low_group"].verdict == "only one"
    assert "low_share" not in found
    assert reading.to_read(alone, comments.theme_shares(coding), {}, []) == ("late", "named")


def test_the_least_loyal_too_few_to_show_are_not_shown():
    coding = made()
    small = pd.Series(["low"] * 5 + ["high"] * 115, index=coding.codes.index).astype(ORDER)
    by_loyalty = comments.theme_groups(coding, small)
    found = quotes.coding(coding) | quotes.groups({"loyalty": by_loyalty}, coding.frame.labels)
    found |= quotes.shares(comments.theme_shares(coding), coding.frame.labels)
    assert "low_theme" not in found
    assert "{top_theme} is named most" in words.answer(found)
    assert reading.to_read(by_loyalty, comments.theme_shares(coding), {}, []) == ("late", "named")


def _named_by(late: float, dear: float, apart: bool = False) -> SimpleNamespace:
    """Two themes as the least loyal name them, each share known to ten points."""
    rows = pd.DataFrame({"theme": ["late", "dear"], "value": [late, dear], "group": "low"})
    rows = rows.assign(low=rows["value"] - 0.1, high=rows["value"] + 0.1, difference=0.2)
    rows = rows.assign(may_lead=[late > dear - 0.2, dear > late - 0.2])
    rows = rows.sort_values("value", ascending=False)
    return SimpleNamespace(
        groups=["low", "high"], of=lambda group: rows, table=rows, apart=rows.head(int(apart))
    )


@pytest.mark.parametrize(
    ("found", "clear", "read"),
    [
        (_named_by(0.3, 0.25, apart=True), ["price"], ("late", "apart")),
        (_named_by(0.5, 0.2), ["price"], ("late", "named")),
        (_named_by(0.3, 0.25), ["speed", "price"], ("dear", "driver")),
        (_named_by(0.3, 0.25), [], ("late", "close")),
    ],
)
def test_which_comments_to_read_follows_what_is_sure_then_the_drivers(found, clear, read):
    """A theme of the least loyal only where that is beyond chance, else what goes with loyalty."""
    assert reading.to_read(found, found, {"dear": "price"}, clear) == read
    what = words.ask(figures(_to_read("Dear", read[1])), "30 July")["what"]
    assert ("none leads clearly" in what) is (read[1] == "close")
    assert ("first to act on in the chapter on drivers" in what) is (read[1] == "driver")


@pytest.mark.parametrize(("least", "told"), [(0.1, True), (0.6, False)])
def test_that_the_least_loyal_name_the_theme_to_read_least_is_noted(least: float, told: bool):
    rows = pd.DataFrame({"theme": "late", "group": ["low", "high"], "value": [least, 0.3]})
    rows = rows.assign(low=rows["value"] - 0.1, high=rows["value"] + 0.1, base=50)
    by_loyalty = SimpleNamespace(table=rows, groups=("low", "high"))
    drawn = SimpleNamespace(counts=pd.DataFrame({"theme": ["late"], "may": [20], "shown": [5]}))
    found = reading.shown(drawn, "late", "driver", {"late": "Late"}, by_loyalty)
    assert set(found) == {"read_theme", "read_low_share", "may_be_read", "read_shown"}
    what = words.ask(found, "30 July")["what"]
    assert "this page shows {read_shown:value} of them" in what
    assert ("the least loyal name it less often than others do" in what) is told


def test_a_difference_between_other_groups_is_no_less_said_than_one_by_loyalty():
    """Nothing by loyalty, but one region names lateness in 40 of 60 comments, the other in 10."""
    coding = made()
    alternate = pd.Series(["low", "high"] * 60, index=coding.codes.index).astype(ORDER)
    regions = pd.Series(["north"] * 60 + ["south"] * 60, index=coding.codes.index)
    ways = {"loyalty": comments.theme_groups(coding, alternate)}
    ways["region"] = comments.theme_groups(coding, regions)
    grouped = comments.jointly(ways)
    found = quotes.groups(grouped, coding.frame.labels)
    assert found["apart_theme"].value == "$Late$ <b>"
    assert {found["apart_group"].value} <= {"north", "south"}
    assert found["apart_gap"].low < 50 < found["apart_gap"].high
    assert found["pairs_compared"].value == 4
    said = words.so_what(figures(*found.values()))
    assert said.startswith("{apart_theme} sets customers apart")


def test_nothing_is_advised_from_no_difference_found():
    found = figures_of(made(30, 30)) | figures(
        Figure("gaps_compared", 2, unit="count", verdict="not shown"),
        *rules.quotable(widest_theme="Late"),
        Figure("widest_gap", 1.3, 0.3, 2.4, unit="scale", base=60),
    )  # fmt: skip
    said = str(sentences.say(words.so_what(found), _page(found)))
    assert "Mend" not in said
    assert "holds praise and complaint" not in said
    assert "is not shown for any of 2 themes" in said
    assert "for Late, is 1.30 (0.30 to 2.40) rating points, and may be chance with" in said


def test_a_theme_that_comes_first_by_chance_is_not_said_to_be_named_most():
    rows = pd.DataFrame({"theme": ["late", "dear"], "value": [0.25, 0.21]})
    rows = rows.assign(low=0.15, high=0.35, base=98, may_lead=True, corrected=True)
    labels = {"late": "Late", "dear": "Dear"}
    found = quotes.shares(SimpleNamespace(table=rows), labels)
    alone = Figure("low_group", "All", unit="text", verdict="only one")
    known = figures(*found.values(), alone)
    said = str(sentences.say(words.answer(known), _page(known)))
    assert said.startswith("No theme leads clearly; any of 2 may be named most. Late comes first")
    assert "first, named by 25% (15% to 35%) of 98 respondents who commented. All who wrote" in said
    assert "is named most" not in said


def test_comments_that_nobody_could_read_are_in_the_answer_and_not_in_the_base():
    rows = pd.DataFrame(
        {"response_id": range(60), "question": "q", "text": ["late", "ok", "tard"] * 20}
    )
    people = pd.DataFrame({"wave": "w"}, index=range(60))
    frame = comments.theme_frame(
        pd.DataFrame({"theme": ["late"], "words": ["late"], "language": ["en"]})
    )
    spoken = comments.gathered(rows.assign(language=["en", "en", "fr"] * 20), people, "w")
    coding = comments.coded(spoken, frame, rng=np.random.default_rng(1))
    found = figures_of_all(coding)
    said = str(sentences.say(words.answer(found), _page(found)))
    assert "of 40 respondents whose comments could be read" in said
    assert "The comments of 33% of 60 respondents were not read" in said
    assert "who commented" not in said


@pytest.mark.parametrize(
    ("corrected", "said"),
    [
        ([True, True], "the shares above allow for that."),
        ([True, False], "the shares above allow for that, but for Dear, of which too few"),
        ([False, False], "too few comments were coded by hand for the shares above to allow"),
    ],
)
def test_that_shares_allow_for_errors_is_only_said_of_those_that_do(corrected, said):
    coding = made()
    table = comments.theme_shares(coding).table.assign(corrected=corrected)
    shares = quotes.shares(SimpleNamespace(table=table), {"late": "Late", "dear": "Dear"})
    found = figures(*quotes.coding(coding).values(), *shares.values())
    assert said in str(sentences.say(words.sorting(found), _page(found)))


def test_a_sorting_is_trusted_only_where_its_whole_interval_clears_the_bar():
    coding = made()
    kappas = [(0.72, 0.48), (0.85, 0.78), (0.65, 0.61)]
    verdicts = []
    for value, low in kappas:
        table = coding.agreement.table.assign(kappa=value, kappa_low=low)
        told = _replaced(coding, agreement=comments.Agreement(table, coding.agreement.base))
        verdicts.append(
            laid_out.agreement_rows(told, comments.theme_shares(coding))["verdict"].iloc[0]
        )
    assert verdicts == ["fair", "good", "with care"]


def test_a_gap_that_prints_as_nought_is_no_finding():
    same = quotes.writers(_gap(-1e-14, -3e-14, -1e-15), "index", "loyalty")
    hardly = quotes.writers(_gap(-2.0, -4.0, -0.04), "index", "loyalty")
    assert same["writers_gap"].verdict == hardly["writers_gap"].verdict == "not clear"


def test_the_note_below_every_group_counts_what_is_not_shown():
    assert "over all ways of grouping" in laid_out.groups_note(0)
    assert "not shown" not in laid_out.groups_note(0)
    assert laid_out.groups_note(12).endswith("Rows not shown, for small bases: 12.")


def test_a_group_of_few_is_no_row_below_every_group_and_says_that_it_is_withheld():
    coding = made()
    labels = pd.Series(["Lima"] * 4 + ["Oslo"] * 60 + ["Rome"] * 56, index=coding.codes.index)
    found = {"size": comments.theme_groups(coding, labels)}
    rows = laid_out.group_rows(found["size"], coding.frame.labels)
    away = rows[rows["withheld"]]
    assert {"Lima", "Rome"} == set(away["group"])
    assert set(away["verdict"]) == {"withheld"}
    page = str(laid_out.every_group(found, coding.frame.labels, {"size": "Size"}))
    assert [name in page for name in ("Oslo", "Lima", "Rome")] == [True, False, False]


def test_writers_are_told_from_others_only_where_that_is_sure():
    unsure = quotes.writers(_gap(-1.0, -3.0, 1.0), "index", "loyalty")
    sure = quotes.writers(_gap(-4.0, -6.0, -2.0), "index", "loyalty")
    alone = quotes.writers(_gap(-2.5, -4.5, -0.5), "index", "loyalty")  # p .014, among four
    assert unsure["writers_gap"].verdict == alone["writers_gap"].verdict == "not clear"
    assert sure["writers_gap"].verdict == "less loyal"
    assert sure["writers_gap"].p == pytest.approx(2 * t.sf(4, 88))
    assert sure["writers_gap"].p <= SIDE < alone["writers_gap"].p < 0.05 < unsure["writers_gap"].p
    assert (sure["writers_distance"].low, sure["writers_distance"].high) == (2.0, 6.0)
    assert quotes.writers(None, "index", "loyalty") == {}


def _gap(value: float, low: float, high: float) -> object:
    from helpers.methods.survey.estimates import Estimate

    return Estimate(value, low, high, 1.0, 90, 90, 1.0, 88, 0.95, 90)


def test_nothing_in_a_quote_runs():
    table = pd.DataFrame({"theme": ["late"], "text": [HOSTILE], "said_by": ["<i>user"]})
    counts = pd.DataFrame({"theme": ["late"], "may": [3], "shown": [1]})
    shown = spoken.raw(table, counts, {"late": "<b>$Late$"}, ["late"])
    own = re.sub(r"</?(details|summary|blockquote|footer|p)( [^>]*)?>", "", shown.html)
    assert not re.search(r"[<>$`\\]", own)
    assert "&lt;script&gt;" in shown.html
    assert HOSTILE in shown.text


def test_a_very_long_quote_is_cut_and_half_a_letter_is_no_fault():
    text = pd.Series(["x " * 9_000 + "\ud83d"], dtype=object)
    table = pd.DataFrame({"theme": ["a"], "text": text, "said_by": [""]})
    counts = pd.DataFrame({"theme": ["a"], "may": [1], "shown": [1]})
    shown = spoken.raw(table, counts, {"a": "A"}, ["a"])
    assert len(shown.text) < 1_400
    shown.html.encode("utf-8")


def test_a_theme_without_a_quote_says_none():
    empty = pd.DataFrame(columns=["theme", "text", "said_by"])
    shown = spoken.raw(empty, pd.DataFrame(columns=["theme", "may", "shown"]), {"a": "A"}, ["a"])
    assert "None." in shown.html
    assert "0 of 0" in shown.text


def test_why_nobody_is_quoted_is_said():
    assert "nobody who commented is known to have agreed" in spoken.consent_note(0, "required")
    assert "all may be quoted" in spoken.consent_note(9, "not_required")
    assert spoken.drawn_note(5, 1, 0) == ""
    assert "none twice" in spoken.drawn_note(5, 1, 9)


def test_names_are_not_promised_to_be_gone_and_unreadable_comments_are_counted():
    note = spoken.consent_note(9, "required", 2)
    assert "most other names" in note
    assert note.endswith("names cannot be found are left out: 2.")
    assert "left out" not in spoken.consent_note(9, "required")


@pytest.mark.parametrize("width", [7.2, 3.4])
def test_charts_draw_withheld_groups_and_hostile_labels(width: float):
    coding = made()
    labels = dict(coding.frame.labels, dear="x" * 200)
    sizes = ["A"] * 90 + ["B"] * 25 + ["C"] * 5
    groups = comments.theme_groups(coding, pd.Series(sizes, index=coding.codes.index))
    for chart in (
        charts.theme_groups(groups, labels),
        charts.theme_shares(comments.theme_shares(coding), labels),
    ):
        assert chart.png(width).startswith(b"\x89PNG")
    assert "withheld" in charts.theme_groups(groups, labels).alt


def test_the_most_named_theme_is_named_only_where_it_is_sure():
    sure, unsure = (comments.theme_shares(made(*n)) for n in ((40, 40), (1, 0)))
    assert charts.theme_shares(sure, {"late": "Delivery"}).title == "Delivery is named most"
    title = charts.theme_shares(unsure).title
    assert title.endswith("no theme leads clearly: any of 2 may be named most")
    found = figures_of(made(1, 0))
    assert "comes first" in words.answer(found)  # the same rule in the answer


def test_themes_that_nobody_tested_stand_last_and_say_so():
    rows = laid_out.agreement_rows(made(), comments.theme_shares(made()))
    assert rows["theme"].tolist() == ["late", "dear"]
    assert rows["verdict"].tolist() == ["good", "untested"]


def test_no_template_holds_a_number_or_a_causal_verb():
    for text in re.findall(r'"((?:[^"\\]|\\.)*)"', inspect.getsource(words)):
        prose = re.sub(r"\{[^}]*\}", "", text)
        causal = r"\b(causes|drives|leads to|results in|increases|reduces)\b"
        typed = r"(?<![\w-])\d+(?:\.\d+)?\s?(?:%|points|accounts|\$)"
        assert not re.search(causal, prose), text
        assert not re.search(typed, prose), text


def test_a_gap_of_those_who_write_is_told_why_it_is_not_clear():
    gap = Figure("writers_gap", -3.4, -6.5, -0.3, unit="points", verdict="not clear")
    known = {"writers_gap": gap, "outcome_label": Figure("outcome_label", "trust", unit="text")}
    assert "Its range alone leaves out zero, but" in words.wrote(known)
    known["writers_gap"] = Figure("writers_gap", -1.0, -2.0, 0.5, verdict="not clear")
    assert "leaves out zero" not in words.wrote(known)
