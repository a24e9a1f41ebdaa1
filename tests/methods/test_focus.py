"""Customer focus: hand-worked parts and index, quadrants, principles, and the register."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import actions, focus
from helpers.methods.survey import SurveyDesign, wilson

DAY = pd.Timestamp("2026-06-30")
NONE = pd.Series(dtype="datetime64[ns]")


def promised(*rows: tuple[str, str | None, str | None], **more) -> pd.DataFrame:
    """Promises by due day, day of delivery and day of telling."""
    table = pd.DataFrame(
        {"what": [f"promise {n}" for n, _ in enumerate(rows)], "audience": "customers",
         "promised_at": pd.Timestamp("2025-01-01"),
         "due": pd.to_datetime([due for due, _, _ in rows]),
         "delivered_at": pd.to_datetime([done for _, done, _ in rows]),
         "told_at": pd.to_datetime([told for _, _, told in rows])} | more
    )  # fmt: skip
    return actions.promises(table, as_of=DAY)


def measures_of(table: pd.DataFrame, within: int = 90) -> dict[str, tuple[float, int]]:
    rows = focus.promise_measures(table, as_of=DAY, within=within)
    return {row["measure"]: (row["value"], row["base"]) for row in rows}


def rows_of(**shares: tuple[int, int]) -> pd.DataFrame:
    made = [focus.of_records(name, yes, of, base_unit="records")
            for name, (yes, of) in shares.items()]  # fmt: skip
    return focus.table_of(*made)


def seen_of(**parts: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame([{"part": part, "value": value, "low": low, "high": high, "base": 400}
                         for part, (value, low, high) in parts.items()])  # fmt: skip


HAND = rows_of(coverage=(160, 200), cadence=(180, 200), response=(200, 400), cases=(60, 100),
               promises=(4, 5), told=(2, 4), told_in_time=(1, 4))  # fmt: skip
SEEN = seen_of(solicit=(70, 66, 74), act=(40, 37, 43), tell=(30, 27, 33), perceived=(46, 44, 48))


def test_an_index_worked_by_hand():
    """Solicit (80 + 90 + 50) / 3, act (60 + 80) / 2, tell (50 + 25) / 2; the whole a quarter each."""  # noqa: E501
    found = focus.index(HAND, SEEN)
    parts = {part: round(score.value, 6) for part, score in found.recorded.items()}
    assert parts == {"solicit": round(220 / 3, 6), "act": 70.0, "tell": 37.5}
    assert found.whole is not None
    assert found.whole.value == pytest.approx((220 / 3 + 70 + 37.5 + 46) / 4)
    gaps = found.table.set_index("part")["gap"]
    assert gaps["act"] == pytest.approx(30.0)
    assert found.verdict == "more on record"


def test_intervals_are_those_of_the_formula():
    """Sources apart add in squares, measures of one source as they are (Zou and Donner 2008)."""
    found = focus.index(HAND, SEEN)
    cases, promises = wilson(60, 100), wilson(4, 5)
    down = np.hypot((60 - 100 * cases[0]) / 2, (80 - 100 * promises[0]) / 2)
    up = np.hypot((100 * cases[1] - 60) / 2, (100 * promises[1] - 80) / 2)
    act = found.recorded["act"]
    assert (act.low, act.high) == pytest.approx((70 - down, 70 + up))
    ends = [(wilson(yes, of)) for yes, of in ((160, 200), (180, 200), (200, 400))]
    asks = found.recorded["solicit"]
    assert (asks.low, asks.high) == pytest.approx(tuple(100 * np.mean(ends, axis=0)))
    row = found.table.set_index("part").loc["act"]
    assert row["gap_low"] == pytest.approx(30 - np.hypot(down, 3))
    assert row["gap_high"] == pytest.approx(30 + np.hypot(up, 3))


def test_the_base_is_the_smallest_of_what_a_part_is_made_of():
    found = focus.index(HAND, SEEN)
    assert {part: score.base for part, score in found.recorded.items()} == {
        "solicit": 200, "act": 5, "tell": 4}  # fmt: skip


def test_weights_leave_measures_out_and_twice_the_weight_is_twice_the_measure():
    alone = focus.index(HAND, SEEN, weights={"promises": 0})
    assert alone.recorded["act"].value == pytest.approx(60.0)
    assert alone.recorded["act"].base == 100
    double = focus.index(HAND, SEEN, weights={"cases": 2})
    assert double.recorded["act"].value == pytest.approx((2 * 60 + 80) / 3)
    heavy = focus.index(HAND, SEEN, weights={"solicit": 0, "act": 0, "tell": 0})
    assert heavy.whole is not None
    assert heavy.whole.value == pytest.approx(46)


@pytest.mark.parametrize(
    ("weights", "advice"),
    [({"asking": 1}, "no weight is called 'asking': one of coverage"),
     ({"cases": -1}, "the weight of cases is -1: a weight is 0 or more")],
)  # fmt: skip
def test_a_weight_of_nothing_or_below_nought_is_refused(weights, advice):
    with pytest.raises(ValueError, match=re.escape(advice)):
        focus.index(HAND, SEEN, weights=weights)


def test_what_is_not_known_is_missing_and_no_index_is_made_of_the_rest():
    found = focus.index(rows_of(promises=(0, 4)), seen_of(act=(40, 37, 43)))
    assert set(found.recorded) == {"act"}
    assert found.whole is None
    assert found.table.set_index("part")["recorded"].isna().tolist() == [True, False, True]
    nothing = focus.index(focus.table_of())
    assert nothing.table["recorded"].isna().all()
    assert (nothing.verdict, nothing.base) == ("not clear", 0)


def test_a_share_outside_its_interval_and_an_unknown_measure_are_refused():
    with pytest.raises(ValueError, match="no share between"):
        focus.measure("cases", 0.9, 0.1, 0.5, base=9, base_unit="cases")
    with pytest.raises(ValueError, match="is no measure of customer focus: one of coverage"):
        focus.measure("smiles", 0.5, 0.1, 0.9, base=9, base_unit="cases")


def test_promises_due_today_count_and_those_to_come_do_not():
    table = promised(("2026-06-30", None, None), ("2026-05-31", "2026-06-02", None),
                     ("2026-12-31", None, None))  # fmt: skip
    assert measures_of(table)["promises"] == (50.0, 2)


def test_a_promise_that_can_still_be_told_in_time_does_not_count_as_untold():
    fresh, old = ("2026-06-20", "2026-06-15", None), ("2026-01-31", "2026-01-15", None)
    late, soon = (("2026-01-31", "2026-01-15", day) for day in ("2026-05-15", "2026-04-15"))
    assert measures_of(promised(fresh)) == {"promises": (100.0, 1), "told": (0.0, 1)}
    assert measures_of(promised(fresh, old))["told_in_time"] == (0.0, 1)
    assert measures_of(promised(late, soon))["told_in_time"] == (50.0, 2)
    assert measures_of(promised(late, soon), within=200)["told_in_time"] == (100.0, 2)


def test_what_is_delivered_or_told_after_the_day_of_the_data_is_not_known_on_it():
    table = promised(("2026-01-31", "2026-07-02", None), ("2026-01-31", "2026-01-15", "2026-07-02"))
    assert measures_of(table) == {"promises": (50.0, 2), "told": (0.0, 1), "told_in_time": (0.0, 1)}


def test_no_promise_gives_no_measure():
    assert focus.promise_measures(promised(), as_of=DAY) == []


def test_accounts_count_as_asked_where_an_invitation_really_went_of_late():
    sent = pd.DataFrame(
        {"account_id": list("abcde"), "wave": ["2", "1", "2", "2", "2"],
         "disposition": ["unknown", "complete", "excluded", "bounce", "complete"],
         "invited_at": [None, None, None, None, pd.Timestamp("2026-07-05")]}
    )  # fmt: skip
    days = {"1": pd.Timestamp("2025-05-15"), "2": pd.Timestamp("2026-05-15")}
    found = focus.asked_lately(pd.Series(list("abcdef")), sent, as_of=DAY, days=days)
    assert found.tolist() == [True, False, False, True, False, False]


def test_perception_is_the_mean_by_the_design_and_the_whole_of_those_who_answered_all():
    accounts = SurveyDesign(clusters=list("aabbcc"))
    said = pd.Series([0.0, 25, 50, 50, 75, 100])
    answers = {"asked": said, "acted": said / 2, "told": said.where(said > 0)}
    found = focus.perceived(answers, accounts).set_index("part")
    assert found["base"].to_dict() == {"solicit": 6, "act": 6, "tell": 5, "perceived": 5}
    assert found["value"]["act"] == pytest.approx(25)
    assert found["value"]["perceived"] == pytest.approx(60 * 2.5 / 3)
    assert found["low"]["solicit"] >= 0


def test_too_few_answers_and_no_question_are_told_apart():
    said = pd.Series([50.0, 60, 70])
    with pytest.raises(NotEstimable, match="fewer than 10 people said"):
        focus.perceived({"acted": said}, smallest=10)
    with pytest.raises(NotEstimable, match="the roles asked, acted and told"):
        focus.perceived({"acted": said * np.nan})
    with pytest.raises(NotEstimable, match="too few to compare"):
        focus.by_told(said, said, smallest=10)


def placed(asks: tuple[int, int], acts: tuple[float, float, float], **more) -> focus.Quadrant:
    return focus.quadrant(focus.index(rows_of(coverage=asks), seen_of(act=acts)), **more)


@pytest.mark.parametrize(
    ("asks", "acts", "verdict"),
    [((90, 100), (70, 66, 74), "customer-focused"), ((90, 100), (30, 26, 34), "lip service"),
     ((10, 100), (70, 66, 74), "acts unasked"), ((10, 100), (30, 26, 34), "neither"),
     ((90, 100), (48, 44, 52), "not clear"), ((52, 100), (30, 26, 34), "not clear")],
)  # fmt: skip
def test_a_quadrant_is_named_only_where_both_intervals_lie_on_its_side(asks, acts, verdict):
    assert placed(asks, acts).verdict == verdict


def test_chances_are_those_of_two_normal_axes():
    """Acting 48 with a standard error of 2 lies under 50 with Φ(1); asking is sure."""
    found = placed((1000, 1000), (48, 48 - 1.96 * 2, 48 + 1.96 * 2))
    chances = found.table.set_index("quadrant")["chance"]
    assert chances["lip service"] == pytest.approx(0.8413, abs=1e-3)
    assert chances["customer-focused"] == pytest.approx(0.1587, abs=1e-3)
    assert found.here == "lip service"


def test_cuts_that_keep_the_quadrant_do_and_those_beyond_do_not():
    asks, acts = (75, 100), (44.0, 42.0, 46.0)
    found = placed(asks, acts)
    assert (found.cut_from, found.cut_to) == (44.0, 75.0)
    assert {placed(asks, acts, cut=cut).here for cut in (44.5, 60, 74.5)} == {"lip service"}
    assert {placed(asks, acts, cut=cut).here for cut in (43.5, 75.5)}.isdisjoint({"lip service"})


def test_measures_that_alone_would_turn_the_quadrant_are_named():
    found = focus.quadrant(focus.index(HAND, SEEN), cut=60)
    assert found.one_measure == ("response",)
    only = focus.quadrant(focus.index(HAND, SEEN, weights={"coverage": 0, "cadence": 0}), cut=60)
    assert only.here == "neither"


def test_a_quadrant_needs_both_axes_and_a_cut_within_the_scale():
    with pytest.raises(NotEstimable, match="where invitations say whom is asked"):
        focus.quadrant(focus.index(rows_of(promises=(1, 2)), SEEN))
    with pytest.raises(NotEstimable, match="where customers say what they see"):
        focus.quadrant(focus.index(HAND))
    with pytest.raises(ValueError, match="give one between 0 and 100"):
        focus.quadrant(focus.index(HAND, SEEN), cut=100)


def test_a_principle_has_its_evidence_or_says_that_none_was_supplied():
    known = pd.DataFrame({"measure": ["a", "b", "c"], "value": [1.0, None, 3.0], "unit": "count"})
    found = focus.scorecard({"first": ("c", "a"), "second": ("b",), "third": ()}, known)
    assert found.table["measure"].fillna("none").tolist() == ["c", "a", "none", "none"]
    assert (found.supplied, found.without) == (1, ("second", "third"))


QUESTIONS = pd.DataFrame(
    {"variable": ["unused", "delivery", "mood", "board", "support"],
     "role": ["segment", "driver", "attitude", "recommend", "driver"],
     "label": ["Shoe size", "Delivery", "Mood", "Would recommend", "Support"],
     "function": [None, "Logistics", None, None, "Service"],
     "decision": [None, "action plan", " ", "bonus", "action plan"],
     "follow_up_owner": [None, "Iain", None, None, "Nora"]}
)  # fmt: skip
USED = {"driver": "drivers", "attitude": "loyalty", "recommend": "loyalty"}
EFFECTS = pd.DataFrame({"action_id": ["A1", "A1", "A2"], "driver": ["delivery", "support", "support"]})  # fmt: skip  # noqa: E501


def test_flags_say_what_a_question_lacks_those_that_feed_nothing_first():
    found = focus.register(QUESTIONS, used=USED)
    flags = dict(zip(found["variable"], found["flag"], strict=True))
    assert flags == {"unused": "feeds nothing", "mood": "no decision", "board": "no owner",
                     "delivery": "", "support": ""}  # fmt: skip
    assert found["flag"].tolist()[:3] == ["feeds nothing", "no decision", "no owner"]
    assert (found["promises"] == 0).all()


def test_a_promise_is_tied_to_questions_by_its_action_the_one_that_needs_most_shown():
    made = promised(("2026-03-31", "2026-03-01", "2026-03-05"), ("2026-03-31", None, None),
                    ("2026-03-31", "2026-03-01", None), action_id=["A2", "A1", None])  # fmt: skip
    found = focus.register(QUESTIONS, used=USED, promised=made, effects=EFFECTS)
    rows = found.set_index("variable")
    assert rows["promises"].to_dict() == {"unused": 0, "mood": 0, "board": 0, "delivery": 1,
                                          "support": 2}  # fmt: skip
    assert rows["status"]["support"] == "missed"
    done = made[made["status"] != "missed"]
    rows = focus.register(QUESTIONS, used=USED, promised=done, effects=EFFECTS)
    assert rows.set_index("variable")["told"]["support"]


def test_who_tells_is_the_person_of_the_function_else_the_owner_of_the_question():
    made = promised(("2026-03-31", "2026-06-01", None), ("2026-03-31", "2026-03-01", None),
                    ("2026-03-31", "2026-03-02", "2026-03-05"), ("2026-03-31", "2026-05-01", None),
                    action_id=["A1", "A2", "A2", None])  # fmt: skip
    listed = pd.DataFrame({"action_id": ["A1", "A2"], "function": ["Logistics", "Service"]})
    found = focus.to_tell(made, as_of=DAY, actions=listed, effects=EFFECTS,
                          owners={"Service": "Nora Castell"},
                          question_owners={"delivery": "Iain"})  # fmt: skip
    assert found[["days", "owner"]].values.tolist() == [
        [121, "Nora Castell"], [60, ""], [29, "Iain"]]  # fmt: skip
    plain = focus.to_tell(made.drop(columns="action_id"), as_of=DAY)
    assert plain["owner"].tolist() == ["", "", ""]
