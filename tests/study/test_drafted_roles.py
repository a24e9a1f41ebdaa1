"""The role of a drafted question: each rule by one small case that only it decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from questions import item, scale

from helpers.study.drafting.groups import Battery
from helpers.study.drafting.roles import Setting, asks_opinion, find_role
from helpers.study.drafting.scales import find_scale

FIVE, TEN = [1, 2, 3, 4, 5] * 9, [*range(11)] * 9
OF_FIVE, HUNDRED = Setting(scale(1, 5)), Setting(scale(0, 100))
NAMED = Battery(("x1", "x2", "x3"), "x", worded=False)  # their names begin alike, no more
ONE_OF_THREE = Setting(scale(1, 5), NAMED)
UNHAPPY, HAPPY = "I am not at all happy with it", "I am very happy with all of it"
IN_WORDS = Setting(replace(scale(1, 5), values={"1": (UNHAPPY,), "5": (HAPPY,)}))
SENTENCES = [f"I waited {n} days for what I ordered from you" for n in range(60)]
REGIONS = {"1": "North", "2": "South", "3": "East", "4": "West"}
MARKS = {"1": "Poor", "2": "Fair", "3": "Good", "4": "Excellent"}


@pytest.mark.parametrize(
    ("made", "setting", "role"),
    [
        # What is no question.
        (item(["Promoter", "Detractor"] * 9, "Q1_NPS_GROUP"), Setting(), "unused"),
        (item(FIVE, text="How satisfied are you with our phone service?"), OF_FIVE, "driver?"),
        (item([1, None] * 9, text="Which products are you interested in? - Pumps"),
         Setting(ticked=True), "interest"),
        (item(["a colleague"] * 20, "recommended_by"), Setting(), "unused"),
        (item([5] * 20, "Q2_5"), Setting(), "unused"),
        (item([5] * 20, "CSAT"), Setting(), "satisfaction?"),
        # What words tell, where answers are of the right kind.
        (item(["North", "South"] * 20, "satisfaction"), Setting(), "segment?"),
        (item(["Poor", "Good", "Fair"] * 9, "satisfaction"), OF_FIVE, "satisfaction"),
        (item(FIVE, text="How important is it? - Delivery"),
         Setting(scale(1, 5), Battery(NAMED.names, "Satisfied with", worded=True)), "stated"),
        (item(FIVE, "Rate1"), Setting(scale(1, 5), Battery(("Rate1", "Rate2", "Rate3"), "Rate",
                                                           worded=False)), "driver?"),
        (item(FIVE, text="How satisfied are you? - Price"), OF_FIVE, "driver?"),
        (item(FIVE, text="How satisfied are you? - The airport as a whole"), ONE_OF_THREE,
         "satisfaction"),
        (item(TEN, text="Would you recommend us, given your satisfaction with delivery?"),
         Setting(scale(0, 10)), "recommend"),
        (item(FIVE, text="Satisfaction with our shop - All as a whole"), OF_FIVE, "satisfaction"),
        (item(FIVE, text="Overall satisfaction with delivery"), OF_FIVE, "driver?"),
        (item(FIVE, text="Were the comments of our staff clear?"), OF_FIVE, "driver?"),
        (item(FIVE, text="Your overall experience - Staff"), ONE_OF_THREE, "driver"),
        (item(FIVE, "overall experience"), ONE_OF_THREE, "satisfaction?"),
        (item(FIVE, "satisfaction with delivery"), OF_FIVE, "driver?"),
        (item(FIVE, text="I would buy from you again"), ONE_OF_THREE, "behaviour"),
        # Ratings whose words name no role.
        (item(FIVE, "overall satisfaction with us"), OF_FIVE, "satisfaction?"),
        (item(FIVE, text="What is your rating of the staff?"), OF_FIVE, "driver?"),
        (item(FIVE, "SAT3", "Was the staff friendly?"), OF_FIVE, "driver?"),
        (item(FIVE, "ATT_1"), OF_FIVE, "attitude?"),
        (item([2, 3, 4] * 40, "x1"), ONE_OF_THREE, "driver?"),
        (item(FIVE * 4, "product_quality"), OF_FIVE, "driver?"),
        (item([UNHAPPY, HAPPY] * 9, "store"), IN_WORDS, "driver?"),
        (item([1, 2, 3, 4] * 9, text="Was the staff friendly?"), Setting(scale(1, 4), NAMED),
         "driver?"),
        (item(FIVE * 4, text="Which region are you from?"), OF_FIVE, "segment?"),
        (item(range(101), "channel"), HUNDRED, "driver?"),
        (item([1, 2, 3, 4] * 9, "x1", **MARKS),
         Setting(find_scale(item([1, 2, 3, 4], **MARKS)), NAMED), "driver?"),
        # Ratings that only their scale tells.
        (item([1, 2, 3, 4] * 30, "Q9", **REGIONS), Setting(scale(1, 4)), "segment?"),
        (item([1, 2, 3] * 40, "Q9"), Setting(scale(1, 5), goes_with=0.5), "segment?"),
        (item([2, 3, 4, 5] * 40, "Q9"), Setting(scale(1, 7), goes_with=0.5), "driver?"),
        (item(range(3, 98), "Q9"), HUNDRED, "driver?"),
        (item(FIVE, "Q9"), OF_FIVE, "driver?"),
        (item(TEN, text="Was the staff friendly?"), Setting(scale(0, 10)), "driver?"),
        (item([1, 0] * 9, text="Pumps"),
         Setting(ticked=True, battery=Battery(NAMED.names, "Products you are interested in",
                                              worded=False)), "interest"),
        # Answers in one's own words.
        (item(SENTENCES, "Q7"), Setting(), "comment?"),
        (item(range(40), "feedback"), Setting(), "unused"),
        (item([UNHAPPY, HAPPY] * 3, "Q9"),
         IN_WORDS, "driver?"),
        (item(SENTENCES[:3] * 3, "Q9", **REGIONS), Setting(), "segment?"),
        (item([f"{one}, and nobody told me why it took so long" for one in SENTENCES], "Q7"),
         Setting(), "comment"),
        (item([f"Bad Ems{n}" for n in range(40)], "Q9"), Setting(), "unused"),
        (item([f"Bad Ems{n}" for n in range(60)], "Q9"), Setting(), "comment?"),
        (item([f"Unvorhersehbarkeit Lieferzeit{n}" for n in range(40)], "Q9"), Setting(),
         "comment?"),
        (item(["much too slow for us", "rather slow"] * 9, "Feedback"), Setting(), "comment"),
        (item(["much too slow for us", "rather slow"] * 9, "Comment category"), Setting(),
         "segment"),
        (item(["so so", "not bad"] * 9, "Feedback"), Setting(), "segment?"),
        (item(["Unvorhersehbarkeit", "Lieferverzug"] * 9, "Feedback"), Setting(), "segment?"),
        (item([f"ok{n}" for n in range(30)], "Feedback"), Setting(), "comment"),
        (item(SENTENCES[:3] * 20 + [None] * 90, "Q9"), Setting(), "comment?"),
        (item([f"ticket-2026-000000000-{n:04}" for n in range(60)], "Q9"), Setting(), "unused"),
        (item(SENTENCES[:3] * 3, "Theme"), Setting(), "segment?"),
        (item(SENTENCES[:3] * 3, "Region"), Setting(), "segment"),
        (item(SENTENCES[:3] * 3, "Q9"), Setting(), "comment?"),
        (item(["It was all right", "It was a bit late"] * 3, "Q9"), Setting(), "segment?"),
        (item(["Unvorhersehbarkeit Lieferzeit", "Vertragsgestaltung und Preise"] * 3, "Q9"),
         Setting(), "segment?"),
        # What answers alone say.
        (item(range(1, 40), "visits"), Setting(), "metric?"),
        (item(["Pumps, small", "Valves, large"] * 20, "Q9"), Setting(), "segment?"),
        (item(["Pumps; Valves", "Valves"] * 20, text="Products, choose all that apply"),
         Setting(), "unused?"),
        (item(["Pumps", "Valves"] * 20, text="Products, choose all that apply"), Setting(),
         "segment"),
        (item([1, 2, 3, 4] * 3, "Q9"), Setting(), "unused"),
        (item([1, 2, 3, 4] * 3, "Q9"), Setting(scale(1, 4)), "unused?"),
        (item([*range(30)] * 9, "Q9", **REGIONS), Setting(), "unused"),
        (item([f"P{n}" for n in range(30)] * 9, "Q9"), Setting(), "unused"),
        (item(["Pumps", "Valves", "Tools"], "Q9"), Setting(), "unused"),
        (item([*range(20)] * 9, "Q9"), Setting(), "unused"),
        (item([1.5, 2.5] * 20, "Q9"), Setting(), "unused"),
        (item([1, 2, 3] * 20 + [None] * 90, "Region"), Setting(), "segment?"),
        (item([1, 2, 3] * 20 + [None] * 90, "Q9"), Setting(), "unused"),
    ],
)  # fmt: skip
def test_a_role_is_told_by_what_only_it_has(made, setting, role):
    assert str(find_role(made, setting)) == role


@pytest.mark.parametrize(
    ("name", "text", "asks"),
    [("CSAT", "", True), ("Q1", "Would you recommend us?", True),
     ("Q1", "How important is the price?", False)],
)  # fmt: skip
def test_an_opinion_is_asked_for_by_name_or_words(name, text, asks):
    assert asks_opinion(item(FIVE, name, text)) == asks


def test_a_reason_tells_what_is_odd_of_a_scale_and_how_many_stand_together():
    points = find_role(item(range(101), "nps"), HUNDRED)
    assert (str(points), "points of 100" in points.reason) == ("recommend?", True)
    assert "points of 100" not in find_role(item(TEN, "nps"), Setting(scale(0, 10))).reason
    ticked = Setting(ticked=True, battery=NAMED)
    assert find_role(item([1, 0] * 9, "x1"), ticked).reason == "one of 3 answers to be ticked"
    asked = item(FIVE, text="Overall, how satisfied are you?")
    assert find_role(asked, OF_FIVE).reason == "it says 'Overall, how satisf'"
