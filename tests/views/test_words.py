"""Sentences: every number from a figure, directions only when sure, nothing said on small bases."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.results import ChapterResult, Figure, figures
from helpers.views.drivers import sentences as drivers
from helpers.views.executive import page as summary
from helpers.views.executive import sentences as executive
from helpers.views.linkage import sentences as linkage
from helpers.views.rendering import rules, sentences
from helpers.views.sampling import sentences as sampling
from helpers.views.value_map import figures as value_map_quotes
from helpers.views.value_map import sentences as value_map
from helpers.views.value_map import tables as value_map_tables


def _result(*named, **parts):
    return ChapterResult("chapter", figures(*named), **parts)


def test_a_figure_brings_its_interval_and_can_be_traced():
    said = sentences.say("It is {nps}.", _result(Figure("nps", 40.4, 37.6, 43.2, base=2746)))
    assert said.text == "It is 40.4 (37.6 to 43.2)."
    assert 'data-figure="chapter.nps"' in said.html
    assert "base 2,746 respondents" in said.html


def test_forms_give_value_interval_base_and_margin_alone():
    nps = Figure("nps", 40.4, 37.6, 43.2, base=2746)
    forms = ("value", "interval", "base", "margin")
    assert [sentences.written(nps, f) for f in forms] == [
        "40.4", "37.6 to 43.2", "2,746 respondents", "2.8",
    ]  # fmt: skip


def test_text_of_the_clients_is_escaped():
    hostile = rules.quotable(name="<script>alert(1)</script>")
    said = sentences.say("{name} first.", _result(*hostile))
    assert "<script" not in said.html
    assert "<script>" in said.text


def test_a_sentence_that_needs_a_withheld_figure_is_withheld_and_says_why():
    few = figures(Figure("nps", 40.0, base=7, label="net promoter score"), smallest_base=10)
    said = sentences.say("It is {nps}.", ChapterResult("chapter", few))
    assert said.text == (
        "Not shown: net promoter score is withheld because its base of 7 is under 10."
    )
    assert "40" not in said.html


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(2.5, 5.5, "rose"), (-5.5, -2.5, "fell"), (1.9, 5.5, "shows no reliable change")],
)
def test_a_direction_needs_the_whole_interval_beyond_the_smallest_change(low, high, word):
    assert rules.direction(Figure("d", (low + high) / 2, low, high), smallest=2.0) == word


def test_an_uncertain_link_is_called_no_reliable_link():
    shared = rules.quotable(score_label="loyalty", outcome_label="retention", effect_unit="points")
    unsure = figures(
        *shared,
        *rules.quotable(per_is="a tenth of its scale"),
        Figure("per", 10.0),
        Figure("effect", 1.0, -1.0, 3.0, verdict="not clear"),
    )
    assert linkage.answer(unsure).startswith("No reliable link")
    sure = figures(*shared, Figure("effect", 2.0, 1.0, 3.0, verdict="higher"))
    assert "No reliable link" not in linkage.answer(sure)


@pytest.mark.parametrize("module", [sampling, drivers, linkage, value_map])
def test_no_template_holds_a_number_or_a_causal_verb(module):
    """Below evidence grade A nothing moves, causes, costs or saves."""
    import inspect
    import re

    texts = re.findall(r'"((?:[^"\\]|\\.)*)"', inspect.getsource(module))
    for text in texts:
        prose = re.sub(r"\{[^}]*\}", "", text)
        causal = r"\b(causes|drives|leads to|results in|increases|reduces)\b"
        typed = r"(?<![\w-])\d+(?:\.\d+)?\s?(?:%|points|accounts|\$)"
        assert not re.search(causal, prose), text
        assert not re.search(typed, prose), text


def test_without_a_clear_driver_the_page_says_so():
    few = figures(Figure("respondents", 40, unit="count"), Figure("drivers", 8, unit="count"))
    assert drivers.answer(few).startswith("No single driver stands out")


def test_doubts_are_quoted_with_the_figures_of_their_own_chapter():
    gap = figures(Figure("gap", 0.2, unit="share"))
    found = ChapterResult("sampling", gap, doubts=("Off {gap}.",))
    other = ChapterResult("drivers", figures(Figure("x", 1.0)), doubts=("One {x:value}.", "Two."))
    assert executive.doubts({"drivers": other, "sampling": found}) == [
        "One {drivers__x:value}.", "Off {sampling__gap}.",
    ]  # fmt: skip
    assert executive.doubts({"drivers": other}) == ["One {drivers__x:value}.", "Two."]


def test_doubts_about_what_the_page_asks_for_come_before_all_others():
    """A promise that the plan leaves out, and money for a rating that fell after work on it."""
    level = ChapterResult("linkage", figures(Figure("level", 7.0)), doubts=("Less {level:value}.",))
    plan = ChapterResult(
        "actions",
        figures(Figure("unfunded", 2, verdict="due"), *rules.quotable(unfunded_few="A and B")),
        doubts=("Promised: {unfunded_few}.", "Pilots."),
    )
    fell = ChapterResult(
        "cycle", figures(Figure("fell_funded", 1, verdict="some")),
        doubts=("{fell_funded:if some}It fell.", "One wave."),
    )  # fmt: skip
    chapters = {"linkage": level, "actions": plan, "cycle": fell}
    assert executive.doubts(chapters) == [
        "Promised: {actions__unfunded_few}.", "{cycle__fell_funded:if some}It fell.",
    ]  # fmt: skip
    kept = replace(fell, doubts=("One wave.",))
    assert executive.doubts(chapters | {"cycle": kept}) == [
        "Promised: {actions__unfunded_few}.", "Less {linkage__level:value}.",
    ]  # fmt: skip


def test_a_doubt_about_a_withheld_or_missing_figure_is_dropped():
    held = {"gap": Figure("gap", None, withheld="its base of 6 is under 10")}
    found = ChapterResult("loyalty", held, doubts=("Off {gap}.", "Of {never_made:value}.", "Two."))
    assert executive.doubts({"loyalty": found}) == ["Two."]


def test_the_executive_page_has_at_most_three_aspects_and_one_ask():
    chapters = {
        "sampling": ChapterResult(
            "sampling",
            figures(
                Figure("respondents", 250, unit="count", base=250),
                Figure("main", 7.6, 7.3, 7.9, unit="scale", base=250, grade="C"),
                *rules.quotable(main_label="mean answer"),
            ),
        ),
        "drivers": ChapterResult(
            "drivers",
            figures(
                *rules.quotable(
                    top_driver="Ease",
                    outcome_label="the loyalty index (0 to 100)",
                    step="one point",
                    points="points",
                ),
                Figure("top_effect", 2.0, 1.0, 3.0, unit="index", base=250, grade="C"),
            ),
        ),
    }
    result = summary.gathered(chapters, "1 May 2026")
    page = summary.executive(result, {"client": "<b>Acme</b>", "contact": "<i>Reed"})
    assert page.html.count('class="aspect"') == 1
    assert "mean answer: 7.60 (7.30 to 7.90)" in page.text
    assert page.html.count("The ask") == 1
    assert "<b>Acme" not in page.html
    assert "<i>Reed" not in page.html
    assert page.text.startswith("<b>Acme</b> · Contact: <i>Reed\n")
    assert "Ease" in page.text


def test_where_the_ask_names_accounts_the_page_leads_to_the_list_of_all():
    known = figures(Figure("accounts__repair_names", "Mill and Kiln", unit="text"))
    ask = {"what": "Call {accounts__repair_names} first.", "owner": "Ann", "due": "1 May 2026"}
    named = summary.executive(ChapterResult("executive", known, ask=ask), {})
    assert '<a href="accounts.html">the account list</a>' in named.html
    plain = ask | {"what": "Ask for ratings."}
    other = summary.executive(ChapterResult("executive", known, ask=plain), {})
    assert "account list" not in other.text


def waiting(late: int, promise: str, *, money: bool = True, linked: bool = True) -> list[str]:
    """The aspects of the first page where so many accounts wait past a promise."""
    found = {
        "recovery__overdue": Figure("n", late, unit="count", verdict={1: "one"}.get(late, "some")),
        "recovery__contact_kept": Figure("k", 0.59, 0.54, 0.64, unit="share", verdict=promise),
        "recovery__goal": Figure("g", 0.8, unit="share"),
        "operations__worth": Figure("w", 1.0, 0.5, 2.0, verdict="gain"),
        "operations__top_metric": Figure("m", "wait", unit="text"),
        "drivers__top_effect": Figure("e", 2.0, 1.0, 3.0),
        **{f"drivers__{n}": Figure(n, n, unit="text")
           for n in ("top_driver", "step", "outcome_label", "points")},
    }  # fmt: skip
    if money:
        found["recovery__overdue_money"] = Figure("m", 78e6, unit="money:USD")
    if linked:
        found["linkage__risk_share"] = Figure("r", 0.04, 0.01, 0.1, unit="share")
    result = ChapterResult("executive", found)
    return [
        f"{heading}: {sentences.say(sentence, result).text}"
        for heading, _, sentence in executive.aspects(found)
    ]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (waiting(57, "missed"), "57 accounts with $78M a year wait past a promise."),
        (waiting(57, "missed", money=False), "57 accounts wait past a promise."),
        (waiting(1, "missed"), "One account waits past a promise."),
    ],
)
def test_accounts_past_a_promise_stand_beside_the_loss_in_the_place_of_a_weaker_line(told, says):
    assert told[0].startswith("What is at stake:")
    assert told[0].endswith(says)
    assert not any("Inside" in line for line in told)
    assert not any(line.startswith("Promises") for line in told)


@pytest.mark.parametrize("promise", ["kept", "not clear"])
def test_the_first_page_speaks_of_promises_only_where_they_are_clearly_missed(promise):
    told = waiting(57, promise)
    assert "promise" not in " ".join(told)
    assert "Inside, move wait" in told[-1]


def test_without_a_loss_promises_that_are_missed_are_an_aspect_of_their_own():
    told = waiting(57, "missed", linked=False)
    assert told[-1] == (
        "Promises to customers: 57 accounts with $78M a year wait past a promise. "
        "59% (54% to 64%) of first contacts came in time; the goal is 80%."
    )


def test_a_run_with_nothing_but_respondents_still_has_a_page():
    three = figures(Figure("respondents", 3, unit="count", base=3))
    only = {"sampling": ChapterResult("sampling", three)}
    page = summary.executive(summary.gathered(only, "1 May 2026"), {"client": "Acme"})
    assert "No score can be shown of 3 respondents." in page.text


def test_accounts_to_grow_that_the_loyalty_chapter_calls_unhappy_are_said_to_be():
    """Two of three accounts to grow are singled out; without that chapter nothing is said."""
    table = pd.DataFrame({"account_id": list("abcd"),
                          "cell": ["Grow & leverage"] * 3 + ["Invest"]})  # fmt: skip
    found = SimpleNamespace(table=table)
    singled_out = pd.DataFrame({"account_id": ["a", "c", "d"], "segment": "Trapped"})
    known = value_map_quotes.doubtful(found, singled_out)
    text = sentences.say(value_map.so_what(known), ChapterResult("value_map", known)).text
    assert "2 of the 3 accounts to grow" in text
    assert value_map_quotes.doubtful(found, None) == {}
    shown = value_map_tables.named(found, {"a": "Alder"}, 0, 100, singled_out)
    assert shown.set_index("account_id")["segment"].to_dict() == {
        "a": "Trapped", "b": "", "c": "Trapped", "d": "Trapped",
    }  # fmt: skip


def test_the_executive_reads_the_corrected_share_and_the_group_that_comes_next():
    known = {n: Figure(n, v, v - 0.04, v + 0.04, unit="share", base=800)
             for n, v in {"truly_loyal": 0.47, "truly_loyal_true": 0.41}.items()}  # fmt: skip
    groups = {"largest_group": "Trapped", "second_group": "High Risk"}
    known |= {n: Figure(n, text, unit="text") for n, text in groups.items()}
    share = Figure("largest_share", 0.27, 0.23, 0.31, unit="share", base=800, verdict="clear")
    assert _aspect(known | {"largest_share": share}) == (
        "41% (37% to 45%) of customers are truly loyal. Trapped comes next: 27% (23% to 31%)."
    )
    assert _aspect(known).endswith("truly loyal. Trapped and High Risk come next.")


def _aspect(known):
    gathered = executive.combined({"loyalty": ChapterResult("loyalty", known)})
    (_, _, sentence), *_ = executive.aspects(gathered)
    return sentences.say(sentence, ChapterResult("executive", gathered)).text


def test_the_strip_shows_each_score_once_with_its_interval_below_it():
    """A leading score that two chapters hand on stands there once; nothing told, no strip."""
    nps = Figure("nps", 24.7, 18.1, 31.3, unit="points", base=781)
    gathered = executive.combined(
        {
            "sampling": ChapterResult(
                "sampling",
                figures(
                    replace(nps, name="main"), *rules.quotable(main_label="net promoter score")
                ),
            ),
            "loyalty": ChapterResult("loyalty", figures(nps)),
            "linkage": ChapterResult(
                "linkage",
                figures(
                    Figure("risk_share", 0.042, unit="share"), Figure("horizon", 6, unit="count")
                ),
            ),
        }
    )
    assert [name for _, name, _ in executive.strip(gathered)] == [
        "sampling__main", "linkage__risk_share",
    ]  # fmt: skip
    told = summary.executive(
        ChapterResult("executive", gathered, ask={"what": "Ask.", "owner": "", "due": ""}),
        {"client": "Acme", "wave": "w1", "date": "1 April 2026"},
    )
    assert told.text.startswith("Acme · Wave w1 · Data as of 1 April 2026\n")
    assert "net promoter score: 24.7 (18.1 to 31.3)" in told.text
    assert "Revenue likely to leave: 4%" in told.text
    assert executive.strip({}) == []


def test_without_chances_the_executive_reads_that_the_share_is_observed():
    known = {"truly_loyal": Figure("truly_loyal", 0.47, 0.43, 0.51, unit="share", base=800),
             "largest_share": Figure("largest_share", 0.27, 0.2, 0.3, "share", verdict="clear"),
             "largest_group": Figure("largest_group", "Trapped", unit="text"),
             "largest_meaning": Figure("largest_meaning", "unhappy", unit="text")}  # fmt: skip
    gathered = executive.combined({"loyalty": ChapterResult("loyalty", known)})
    (_, main, sentence), *_ = executive.aspects(gathered)
    assert main == "loyalty__truly_loyal"
    assert sentence.startswith("{loyalty__truly_loyal} of customers are truly loyal (observed")


@pytest.mark.parametrize("verdict", ["one", "weak", "against", "unjudged", "too few"])
def test_the_executive_gives_the_score_alone_where_segments_may_not_lead(verdict):
    known = {"main": Figure("main", 65.0, 63.0, 67.0, unit="index", base=250),
             "truly_loyal": Figure("truly_loyal", 0.2, 0.1, 0.3, unit="share", base=250),
             "main_label": Figure("main_label", "loyalty index", unit="text"),
             "sides": Figure("sides", "why", unit="text", verdict=verdict)}  # fmt: skip
    gathered = executive.combined({"loyalty": ChapterResult("loyalty", known)})
    ((_, main, sentence),) = executive.aspects(gathered)
    assert main == "loyalty__main"
    text = sentences.say(sentence, ChapterResult("executive", gathered)).text
    assert text.endswith(": why.")
    assert executive.strip(gathered) == [("{loyalty__main_label}", "loyalty__main", "")]


def test_accounts_to_protect_are_asked_for_with_or_without_a_first_topic():
    """Where the drivers were not asked for, nobody is said to have answered too little."""
    known = figures(
        Figure("value_map__protect_accounts", 31, unit="count", base=309, verdict="some"),
        Figure("value_map__protect_firm", 10, unit="count", base=31, verdict="some"),
        Figure("linkage__risk_excess", 2e6, 1e6, 4e6, base=309, verdict="clear"),
    )
    what, owner = executive.ask(known)
    assert owner == "Head of sales"
    assert "most firmly score low. Account managers check the rest" in what
    topic = known | figures(*rules.quotable(drivers__top_driver="Delivery"))
    assert "most firmly score low, {drivers__top_driver} first." in executive.ask(topic)[0]


SCORE = (
    Figure("sampling__main", 21.0, 13.0, 28.0, base=800),
    *rules.quotable(sampling__main_label="net promoter score"),
)
PROTECT = Figure("value_map__protect_accounts", 31, unit="count", base=309, verdict="some")


@pytest.mark.parametrize(
    ("ran", "line", "asked"),
    [
        ([], "score} is", "does not look at what loyalty depends on"),
        ([PROTECT], "main}.", "was not looked at in this report"),
        ([Figure("linkage__horizon", 6, unit="count")], "main}.", "does not look at what loyalty"),
        ([Figure("drivers__respondents", 800, unit="count")], "stands out", "Widen the next wave"),
        ([PROTECT, Figure("linkage__horizon", 6, unit="count")], "main}.", "draw by lot half"),
    ],
)
def test_nothing_is_concluded_from_a_chapter_that_did_not_run(ran, line, asked):
    known = figures(*SCORE, *ran)
    told, what = executive.bottom_line(known), executive.ask(known)[0]
    assert asked in what
    drivers = any(name.startswith("drivers") for name in known)
    assert ("stands out" in told) == drivers == ("stands out" in line)
    assert ("too few customers answered" in what) == drivers


@pytest.mark.parametrize("link", [[], [Figure("linkage__risk_excess", 1.0, verdict="not clear")]])
def test_where_no_link_is_shown_a_trial_is_asked_for_and_no_sponsor(link):
    known = figures(
        Figure("value_map__protect_accounts", 31, unit="count", base=309, verdict="some"),
        Figure("value_map__protect_firm", 10, unit="count", base=31, verdict="some"),
        Figure("linkage__horizon", 6, unit="count"),
        *link,
    )
    what, _ = executive.ask(known)
    assert what.startswith("Test before you fund") and "sponsor" not in what
    assert "after {linkage__horizon:value} months" in what


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("none", "No reliable change in the loyalty index since 2025H2."),
        ("rose", "The loyalty index rose since 2025H2."),
        ("fell", "The loyalty index fell since 2025H2."),
        ("beyond", "since 2025H2 is perhaps too small to matter."),
        ("little", "since 2025H2 is too small to matter."),
        ("apart", "Whether there is a change in the loyalty index since 2025H2 depends on"),
    ],
)
def test_the_executive_page_says_of_the_leading_change_what_the_loyalty_page_says(verdict, said):
    gathered = {
        f"loyalty__{figure.name}": figure
        for figure in (
            Figure("truly_loyal_true", 0.4, 0.35, 0.45, unit="share"),
            Figure("largest_group", "High Risk", unit="text"),
            Figure("largest_share", 0.3, 0.2, 0.35, unit="share", verdict="clear"),
            Figure("main_label", "loyalty index", unit="text"),
            Figure("before_wave", "2025H2", unit="text"),
            Figure("main_change", -0.5, -2.5, 1.5, unit="points", verdict=verdict),
        )
    }
    ((_, _, sentence),) = executive.aspects(gathered)
    told = sentences.say(sentence, ChapterResult("executive", gathered)).text
    assert said in told
    without = {name: one for name, one in gathered.items() if not name.endswith("main_change")}
    assert "since" not in executive.aspects(without)[0][2]
