"""What the alignment chapter may quote of customer focus: parts, quadrant, promises, register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods import focus
from helpers.methods.claims import p_of_interval
from helpers.methods.focus import FocusIndex, Quadrant, Score, Scorecard
from helpers.methods.survey import Estimate
from helpers.results import ChapterResult, Figure, figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.rules import listed, quotable
from helpers.views.rendering.verdicts import how_many

DECLARED = declare(
    "focus_index", "solicit_recorded", "act_recorded", "tell_recorded", "asked_perceived",
    "acted_perceived", "told_perceived", "perceived", "focus_cut", "cut_from", "cut_to",
    "quadrant_chance", "one_measure", "promises_due", "promises_kept", "promises_told",
    "told_in_time", "told_days", "staff_told", "first_untold", "first_teller", "questions",
    "undecided", "ownerless", "promised_questions", "principles",
    quadrant=(*focus.QUADRANTS.values(), "not clear"),
    act_gap=("more on record", "more seen", "not clear"),
    weighting=("same", "other"),
    untold_promises=("some", "one", "none"),
    letter_by=("asked",),
    acted_change=("rose", "fell", "none"),
    told_effect=("more", "less", "not clear"),
    feeds_nothing=("some", "one", "none"),
    principles_shown=("all", "some", "none"),
).claiming(acted_change=("rose", "fell"))  # fmt: skip
RECORDED = {"solicit": "solicit_recorded", "act": "act_recorded", "tell": "tell_recorded"}
SEEN = {"solicit": "asked_perceived", "act": "acted_perceived", "tell": "told_perceived",
        "perceived": "perceived"}  # fmt: skip
SAID = {"solicit": "asked", "act": "acted on", "tell": "told", "perceived": "asked, acted and told"}
ALONE = {"coverage": "coverage in this wave", "cadence": "coverage in a year",
         "response": "the response rate"}  # fmt: skip
HERE = "this page"
USES = {  # chapters that use the questions of a role
    "recommend": ("loyalty", "recovery"), "satisfaction": ("loyalty",), "effort": ("loyalty",),
    "attitude": ("loyalty",), "behaviour": ("loyalty", "linkage"), "driver": ("drivers",),
    "stated": ("drivers",), "interest": ("leads",), "segment": ("loyalty",),
    "comment": ("comments",), "asked": (HERE,), "acted": (HERE,), "told": (HERE,),
}  # fmt: skip
RECORDS = ("metric", "unused")  # roles of columns that nobody was asked
GIVEN = {"response": ("sampling", "response_rate"), "cases": ("recovery", "close_kept")}


def measures(
    before: Mapping[str, ChapterResult],
    *,
    lately: pd.Series | None = None,
    promised: pd.DataFrame | None = None,
    as_of: pd.Timestamp,
    within: int,
    confidence: float,
) -> pd.DataFrame:
    """What the records say of asking, acting and telling.

    Parameters
    ----------
    before
        Earlier chapters: coverage and response are those of sampling, cases those of recovery.
    lately
        Whether each account that is a customer was asked in the last months.
    promised
        Promises to customers.
    """
    rows = [[row] for name in GIVEN if (row := _given(name, before))]
    rows.append(_covered(before.get("sampling"), confidence))
    if lately is not None:
        rows.append(focus.of_records("cadence", int(lately.sum()), len(lately),
                                     base_unit="accounts", confidence=confidence))  # fmt: skip
    if promised is not None:
        rows.append(focus.promise_measures(promised, as_of=as_of, within=within,
                                           confidence=confidence))  # fmt: skip
    return focus.table_of(*rows)


def _given(name: str, before: Mapping[str, ChapterResult]) -> dict[str, object] | None:
    """A share that an earlier chapter told, with its interval."""
    chapter, called = GIVEN[name]
    told = before[chapter].figures.get(called) if chapter in before else None
    if told is None or not isinstance(told.value, float) or told.low is None or told.high is None:
        return None
    return focus.measure(name, told.value, told.low, told.high, base=told.base or 0,
                         base_unit=told.base_unit)  # fmt: skip


def _covered(sampling: ChapterResult | None, confidence: float) -> list[dict[str, object]]:
    """Accounts with an invitation in this wave, of all that could be asked."""
    table = None if sampling is None else sampling.tables.get("coverage")
    if table is None:
        return []
    reached = table.set_index("measure")["accounts"]
    if "invited" not in reached:
        return []
    number, base = int(reached["invited"]), int(reached["eligible"])
    return focus.of_records("coverage", number, base, base_unit="accounts", confidence=confidence)


def to_tell(
    promised: pd.DataFrame, sent: Mapping[str, pd.DataFrame], questions: Sequence[Any], *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """Promises that were delivered and not told, with who tells customers."""
    metrics = sent.get("function_metrics", pd.DataFrame()).reindex(columns=["function", "owner"])
    known = metrics.dropna().drop_duplicates("function").astype(str)
    people = dict(zip(known["function"], known["owner"], strict=True))
    return focus.to_tell(
        promised, as_of=as_of, actions=sent.get("actions"), effects=sent.get("action_effects"),
        owners=people,
        question_owners={q.variable: q.follow_up_owner for q in questions if q.follow_up_owner},
    )  # fmt: skip


def by_letter(
    untold: pd.DataFrame, letter: ChapterResult | None, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """The same, told by the letter to all customers where one is asked for.

    Telling customers is then one ask, that of the letter: its owner, ``by`` its day, which is
    ``within`` so many days.

    >>> waits = pd.DataFrame({"what": ["a"], "owner": ["Ann Lee"]})
    >>> ask = {"what": "Send it.", "owner": "Bo Day", "due": "14 July 2026"}
    >>> made = by_letter(waits, ChapterResult("messages", {}, ask=ask),
    ...                  as_of=pd.Timestamp("2026-06-30"))
    >>> made.values.tolist()
    [['a', 'Bo Day', '14 July 2026', 14]]
    """
    if letter is None or not letter.ask:
        return untold
    by = letter.ask["due"]
    within = (pd.Timestamp(by) - as_of.normalize()).days
    return untold.assign(owner=letter.ask["owner"], by=by, within=within)


def registered(
    questions: Sequence[Any],
    before: Mapping[str, ChapterResult],
    promised: pd.DataFrame | None,
    sent: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """The register of commitments over the questions that people were asked."""
    asked = pd.DataFrame(
        [{"variable": q.variable, "role": q.role, "label": q.label, "function": q.function,
          "decision": q.decision, "follow_up_owner": q.follow_up_owner}
         for q in questions if q.role not in RECORDS],
        columns=["variable", "role", "label", "function", "decision", "follow_up_owner"],
    )  # fmt: skip
    ran = {*before, HERE}
    used = {role: listed([plain(c) for c in chapters if c in ran])
            for role, chapters in USES.items()}  # fmt: skip
    return focus.register(asked, used=used, promised=promised, effects=sent.get("action_effects"))


def index(found: FocusIndex) -> dict[str, Figure]:
    """The parts on record and as customers see them, and the gap of acting."""
    figures = [_score(RECORDED[part], score, label=f"{part} on record, 0 to 100")
               for part, score in found.recorded.items()]  # fmt: skip
    figures += [_score(SEEN[part], score, grade="C", label=f"customers say: {SAID[part]}, 0 to 100")
                for part, score in found.seen.items()]  # fmt: skip
    if found.whole is not None:
        figures.append(_score("focus_index", found.whole, label="customer-focus index, 0 to 100"))
    row = found.table.set_index("part").loc["act"]
    if not pd.isna(row["gap"]):
        figures.append(Figure.from_row(
            "act_gap", row, ("gap", "gap_low", "gap_high"), base_unit=str(row["base_unit"]),
            verdict=found.verdict, label="acting on record less acting that customers see",
        ))  # fmt: skip
    return by_name(*figures)


def _score(name: str, score: Score, **more: str) -> Figure:
    return figure(name, score, unit="index", base_unit=score.base_unit, **more)


def place(found: Quadrant) -> dict[str, Figure]:
    """The quadrant, how likely it is, and what would move it."""
    told = partial(Figure, base=found.acts.base)  # withheld with the answers it rests on
    points = partial(told, unit="decimal0")
    alone = [ALONE[name] for name in found.one_measure if name in ALONE]
    return by_name(
        told("quadrant", found.here, unit="text", verdict=found.verdict),
        told("quadrant_chance", found.chance, unit="share",
             label="chance of the quadrant that it most likely is"),
        Figure("focus_cut", found.cut, unit="decimal0", label="cut between low and high"),
        points("cut_from", found.cut_from, label="lowest cut that gives the same quadrant"),
        points("cut_to", found.cut_to, label="highest cut that gives the same quadrant"),
        Figure("weighting", len(alone), unit="count", verdict="other" if alone else "same",
               label="measures of asking that alone would give another quadrant"),
        *(quotable(one_measure=listed(alone)) if alone else ()),
    )  # fmt: skip


def promised(found: pd.DataFrame, untold: pd.DataFrame | None, within: int) -> dict[str, Figure]:
    """What became of promises to customers, and who tells customers of what first."""
    rows = found.set_index("measure")
    share = partial(Figure.from_row, unit="share", factor=0.01, base_unit="promises")
    labels = {"promises_kept": ("promises", "promises to customers delivered, of all that are due"),
              "promises_told": ("told", "delivered promises that customers were told of"),
              "told_in_time": ("told_in_time", "delivered promises told in time")}  # fmt: skip
    figures = [share(name, rows.loc[[measure]].iloc[0], label=label)
               for name, (measure, label) in labels.items() if measure in rows.index]  # fmt: skip
    if "promises" in rows.index:
        due = int(rows["base"]["promises"])
        figures.append(
            Figure(
                "promises_due",
                due,
                unit="count",
                label="promises to customers due by the day of the data",
            )
        )
    figures.append(Figure("told_days", within, unit="count", label="days in which to tell"))
    return by_name(*figures, *_first_untold(untold))


def staff(promised: pd.DataFrame, *, as_of: pd.Timestamp) -> dict[str, Figure]:
    """Delivered promises to employees that they were told of."""
    label = "delivered promises to employees that they were told of"
    share = partial(Figure.from_row, unit="share", factor=0.01, base_unit="promises", label=label)
    rows = focus.promise_measures(promised, as_of=as_of)
    return by_name(*(share("staff_told", row) for row in rows if row["measure"] == "told"))


def _first_untold(untold: pd.DataFrame | None) -> list[Figure]:
    if untold is None:
        return []
    number = len(untold)
    figures = [Figure("untold_promises", number, unit="count", verdict=how_many(number),
                      label="delivered promises that customers were not told of")]  # fmt: skip
    if number:
        first = untold.iloc[0]
        figures += quotable(first_untold=str(first["what"]))
        figures += quotable(first_teller=str(first["owner"])) if first["owner"] else ()
        if "by" in first:
            figures.append(Figure("letter_by", first["by"], unit="text", verdict="asked"))
    return figures


def change(found: Estimate, matters: float) -> dict[str, Figure]:
    """How acting moved, as customers see it, since the wave before."""
    verdict = "rose" if found.low >= matters else "fell" if found.high <= -matters else "none"
    return by_name(figure("acted_change", found, unit="points", grade="C", verdict=verdict,
                          p=_beyond(found, matters),
                          label="change of acting as customers see it"))  # fmt: skip


def _beyond(found: Estimate, matters: float) -> float:
    """Chance of so large a change were it but what matters; 1 where it is no larger."""
    if abs(found.value) <= matters:
        return 1.0
    return p_of_interval(
        found.value, found.low, found.high, against=matters if found.value > 0 else -matters,
        confidence=found.confidence, degrees_of_freedom=found.degrees_of_freedom,
    )  # fmt: skip


def by_told(found: Estimate) -> dict[str, Figure]:
    """How much more those who say that they were told see acted on."""
    verdict = "more" if found.low > 0 else "less" if found.high < 0 else "not clear"
    label = "acting as seen by those who say they were told, less others"
    return by_name(figure("told_effect", found, unit="points", grade="C", verdict=verdict,
                          label=label))  # fmt: skip


def register(table: pd.DataFrame) -> dict[str, Figure]:
    """How many questions feed nothing, wait for a decision, or have no owner."""
    number, count = table["flag"].value_counts(), partial(Figure, unit="count")
    empty = int(number.get("feeds nothing", 0))
    return by_name(
        count("questions", len(table), label="questions asked"),
        count("feeds_nothing", empty, verdict=how_many(empty),
              label="questions that feed nothing"),
        count("undecided", int(number.get("no decision", 0)),
              label="questions that are used here and name no decision"),
        count("ownerless", int(number.get("no owner", 0)),
              label="questions with a decision and no owner"),
        count("promised_questions", int((table["promises"] > 0).sum()),
              label="questions on which something was promised"),
    )  # fmt: skip


def principles(found: Scorecard) -> dict[str, Figure]:
    """How many principles have evidence."""
    told = "all" if not found.without else "some" if found.supplied else "none"
    count = partial(Figure, unit="count")
    return by_name(
        count("principles", found.base, label="principles"),
        count("principles_shown", found.supplied, label="principles with evidence", verdict=told),
    )
