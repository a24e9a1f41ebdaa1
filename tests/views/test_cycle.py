"""The cycle chapter: what it says of predictions, of money spent, and of telling."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Drawing

from helpers.methods import ledger
from helpers.methods.ledger import Actual, Tracked
from helpers.results import ChapterResult, Figure
from helpers.views.cycle import charts, figures, sentences, tables
from helpers.views.rendering.sentences import say

AS_OF = pd.Timestamp("2026-06-30")
LABELS = {"nps": "Net promoter score", "ease": "Ease of use", "speed": "Speed"}
ASKED = Tracked(
    pd.DataFrame({name: [1.0] for name in LABELS}), LABELS,
    {"nps": "points", "ease": "scale", "speed": "scale"}, dict.fromkeys(LABELS, (0, 10)),
    {name: name for name in LABELS}, ("ease", "speed"),
)  # fmt: skip
ACTIONS = pd.DataFrame({"action_id": ["A"], "name": ["A desk"]})


def scored(**came: float) -> tuple[ledger.Scored, pd.DataFrame]:
    rows = pd.DataFrame({
        "claim_id": list(came), "wave": "w1", "metric": list(came), "predicted": 7.0, "low": 6.0,
        "high": 8.0, "due": pd.Timestamp("2026-05-31"), "actual": np.nan,
    })  # fmt: skip
    found = {
        name: Actual(value, value - 0.2, value + 0.2, 90)
        for name, value in came.items()
        if np.isfinite(value)
    }
    made = ledger.scored(rows, found, as_of=AS_OF)
    return made, figures.described(made.table, ASKED, ACTIONS, "USD")


def known(*parts: dict[str, Figure]) -> dict[str, Figure]:
    found = {name: figure for part in parts for name, figure in part.items()}
    return figures.DECLARED.checked(found.values())


def read(template: str, told: dict[str, Figure]) -> str:
    return say(template, ChapterResult("cycle", told)).text


def worth(verdict: str) -> dict[str, Figure]:
    table = pd.DataFrame({
        "action_id": ["A", "B"], "name": ["A desk", "B"], "delivered": AS_OF, "spent": 5e5,
        "driver": ["ease", "speed"], "before": "w1", "after": "w2", "change": 0.3, "low": 0.1,
        "high": 0.5, "p": 0.01, "base": 90, "verdict": "not clear",
    })  # fmt: skip
    of = {"mixed": ["rose", "fell"], "rose": ["rose", "not clear"], "fell": ["fell", "not clear"]}
    table["verdict"] = of.get(verdict, [verdict] * 2)
    return figures.worth(ledger.Returned(table), LABELS, "USD")


MADE = {"claims": Figure("claims", 19, unit="count")}
CASES = {
    "all inside": (scored(nps=7.0, ease=7.5), "All 2 predictions due fell inside"),
    "below": (scored(nps=7.0, ease=3.0), "Of 2 predictions due, 1 fell inside their ranges; "
              "Ease of use came out lower."),
    "above": (scored(nps=9.5, ease=7.0), "Of 2 predictions due, 1 fell inside their ranges; Net "
              "promoter score came out higher."),
    "both": (scored(nps=9.5, ease=3.0, speed=7.0), "Of 3 predictions due, 1 fell inside their "
             "ranges; Ease of use came out lower, Net promoter score higher."),
    "none due": (scored(nps=np.nan), "No earlier prediction can be scored yet. This run wrote 19"),
}  # fmt: skip


@pytest.mark.parametrize("verdict", ["rose", "fell", "mixed", "not clear", "not measured"])
@pytest.mark.parametrize("case", CASES)
def test_the_answer_says_what_missed_in_forty_words_and_six_numerals(case, verdict):
    (made, rows), opening = CASES[case]
    told = known(figures.held(made, rows), worth(verdict), MADE)
    text = read(sentences.answer(told), told)
    assert text.startswith(opening)
    assert len(text.split()) <= 40
    assert len(re.findall(r"\d[\d.,]*", text)) <= 6


def test_rows_that_cannot_be_scored_are_counted_and_told_why():
    made, rows = scored(nps=7.0, ease=np.nan)
    told = known(figures.held(made, rows), MADE)
    assert "1 cannot be scored: the table says why." in read(sentences.held(told), told)
    assert "due, but these data do not measure it" in tables.held(rows, 0.95).text()
    assert sentences.doubts(told)


def test_a_single_wave_gets_no_verdict_on_the_ranges():
    made, rows = scored(nps=7.0, ease=3.0)
    told = known(figures.held(made, rows))
    assert "too few to judge the ranges" in read(sentences.held(told), told)
    assert "too narrow" not in read(sentences.so_what(told), told)


def test_no_money_is_called_returned_and_no_gain_claimed_without_a_clear_rise():
    for verdict in ("fell", "not clear"):
        told = known(worth(verdict))
        text = read(sentences.spent(told), told)
        assert "$500k" not in text or "No money is counted" in text or "so no money" in text
        assert "no proof" in text
    assert "keep investing there" in sentences.INVEST(known(worth("rose")))


def test_money_goes_with_a_clear_rise_alone_and_by_the_link_of_the_actions_chapter():
    plan = ChapterResult("actions", {"plan": Figure("plan", 1.0, unit="money:USD", grade="B")})
    told = known(worth("rose"), figures.came_back((300.0, 20.0, 750.0), plan, "USD"))
    assert told["came_back"].grade == "B"
    assert "worth $300 ($20 to $750), if each link holds" in read(sentences.spent(told), told)
    points = ChapterResult("actions", {"plan": Figure("plan", 1.0, unit="points")})
    assert figures.came_back((300.0, 20.0, 750.0), points, "USD") == {}
    assert figures.came_back(None, plan, "USD") == {}


@pytest.mark.parametrize(("paid", "said"), [(True, True), (False, False)])
def test_money_for_a_rating_that_fell_after_work_on_it_is_a_doubt(paid, said):
    """In the world of "fell" the rating of the first action, Ease of use, fell clearly."""
    rows = ledger.Returned(pd.DataFrame({
        "action_id": ["A", "B"], "driver": ["ease", "speed"], "verdict": ["fell", "not clear"],
    }))  # fmt: skip
    plan = pd.DataFrame({"driver": ["ease", "speed", ""], "funded": [paid, True, True]})
    told = known(worth("fell"), figures.fell_funded(rows, LABELS, plan))
    first = read(sentences.doubts(told)[0], told)
    assert first.startswith("Ease of use fell")
    assert first.endswith("more is planned.") == said
    assert figures.fell_funded(rows, LABELS, None) == {}
    assert sentences.doubts(known(worth("fell"), figures.fell_funded(rows, LABELS, None)))


def test_the_chance_of_ratings_that_moved_is_the_smallest_of_those_looked_at():
    assert worth("rose")["returned"].p == 0.01
    table = pd.DataFrame({
        "action_id": ["A", "B", "B"], "driver": ["ease", "speed", "care"], "spent": 5e5,
        "p": [np.nan, 0.3, 0.2], "verdict": ["not measured", "not clear", "not clear"],
    })  # fmt: skip
    assert figures.worth(ledger.Returned(table), LABELS, "")["returned"].p == 0.2
    assert figures.worth(ledger.Returned(table.head(1)), LABELS, "")["returned"].p is None


def test_ranges_say_where_their_drift_comes_from():
    steps = {n: Figure("steps", n, unit="count") for n in (0, 3)}
    shared = {"drift": Figure("drift", 0.05, unit="decimal2"), **MADE}
    assert "no two waves show it" in sentences.predicted(shared | {"steps": steps[0]})
    assert "{steps:value} steps" in sentences.predicted(shared | {"steps": steps[3]})


def test_telling_is_called_an_association():
    rows = pd.DataFrame({
        "part": ["answers", "acted"], "value": [0.1, 0.3], "low": [0.02, 0.1], "high": [0.2, 0.5],
        "p": [0.02, 0.01],
        "told": 90, "others": 200, "rate": [0.6, 3.3], "level": [0.5, 3.0], "verdict": "more",
    })  # fmt: skip
    told = known(figures.telling(ledger.Told(rows, 0.95)))
    assert (told["told_answers"].p, told["told_acted"].p) == (0.02, 0.01)
    text = read(sentences.told(told), told)
    assert "10.0 (2.0 to 20.0) percentage points" in text
    assert "association" in text
    assert sentences.told({}) == ""


def test_a_first_run_asks_to_keep_the_ledger():
    ask = sentences.ask(known(MADE), "28 September 2026")
    assert "Send the ledger back" in ask["what"]
    assert (ask["owner"], ask["due"]) == ("Sponsor of the survey", "28 September 2026")
    assert "This run wrote 19" in sentences.answer(MADE).format_map(
        {"claims": type("N", (), {"__format__": lambda *_: "19"})()}
    )


def test_the_owner_of_the_worst_driver_reviews_what_missed():
    made, _ = scored(nps=1.0, ease=3.0)
    pay = pd.DataFrame({"function": ["Service"], "owner": ["Ann Lee"]})
    owner = {"ease": "Service"}.get
    named = figures.reviewer(made, ASKED, lambda name: owner(name, ""), pay)
    assert named["review_owner"].value == "Ann Lee, Service"
    alone = figures.reviewer(made, ASKED, lambda name: owner(name, ""), None)
    assert alone["review_owner"].value == "Head of Service"
    assert figures.reviewer(None, ASKED, lambda _: "", pay) == {}


def test_effects_and_losses_are_called_by_their_names():
    metrics = ["nps", "effect of A on ease", "revenue lost in 6 months", "other"]
    assert list(figures.metric_labels(metrics, ASKED, ACTIONS).values()) == [
        "Net promoter score", "Ease of use, change with A desk", "Revenue lost within 6 months",
        "other",
    ]  # fmt: skip
    assert figures.metric_unit("revenue lost in 6 months", ASKED, "USD") == "money:USD"


def test_the_cycle_has_a_dash_where_a_number_is_not_known():
    one = {"response_rate": Figure("response_rate", 0.489, unit="share")}
    told = known(one, {n: Figure(n, 5, unit="count") for n in ("clear_drivers", "funded")})
    chart = charts.ring(told, title="The cycle")
    assert chart.alt == (
        "The cycle: Ask 49% answer when asked; Hear 5 drivers are clear; Decide 5 actions to fund."
    )
    assert tables.stations(told)["number"].tolist() == ["49%", "5", "5", "–", "–", "–"]
    assert "once invitations" in str(charts.ring(known(one), title="The cycle"))
    for width in (chart.wide, chart.narrow):
        assert chart.png(width)[:4] == b"\x89PNG"


def test_every_word_of_the_cycle_is_read_on_a_page_and_on_a_phone():
    names = ("clear_drivers", "funded", "promises_kept", "promises_due")
    told = known({name: Figure(name, 5, unit="count") for name in names})
    chart = charts.ring(told, title="The cycle")
    for width in (chart.wide, chart.narrow):
        figure = Drawing(layout="constrained")
        chart.draw(figure, width)
        written = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
        words = set(written.split())
        assert all({*what.split()} <= words for _, what, _ in tables.STATIONS)


def test_predictions_of_which_none_came_are_no_picture():
    _, rows = scored(nps=np.nan)
    assert "No earlier prediction" in str(charts.held(rows[rows["actual"].notna()], title=""))


def test_money_at_risk_is_foretold_only_where_linkage_told_it():
    assert figures.losing(None, AS_OF, 0.95).empty
    told = {
        "horizon": Figure("horizon", 6, unit="count"),
        "risk_loss": Figure("risk_loss", 5.0, 1.0, 9.0, unit="money:USD", base=300),
        "left_all": Figure("left_all", 0.06, 0.05, 0.07, unit="share", base=1_500),
        "left_months": Figure("left_months", 6, unit="count"),
    }
    rows = figures.losing(ChapterResult("linkage", told), AS_OF, 0.95)
    assert rows["metric"].tolist() == [
        "revenue lost in 6 months", "share of accounts kept in 6 months",
    ]  # fmt: skip
    assert (rows["due"] == pd.Timestamp("2026-12-30")).all()
