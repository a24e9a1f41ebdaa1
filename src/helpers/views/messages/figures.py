"""The numbers and words that the chapter on messages may quote, and that letters may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.messages import Function, Heard
from helpers.results import ChapterResult, Figure
from helpers.views.messages.post import ACCOUNTS, NOTES, Post
from helpers.views.rendering.days import in_words
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.rules import listed, quotable

SOME = ("some", "none")
CHANGED = ("rose", "fell", "beyond", "little", "none", "apart")
DECLARED = declare(
    "done", "open", "held_names", "send_by", "next_due", "respondents", "score_now", "score_before",
    "score_label", "before_wave", "customers", "called", "unlisted", "unagreed", "gone", "untold",
    promised=SOME, late=SOME, held=SOME, asked=("comments", "ratings", "nothing"),
    valued=("one", "several", "none"), score_change=CHANGED, notes=SOME, staff=("some", "none"),
    written=("some", "nobody", "nothing"), fill=SOME, edited=SOME,
)  # fmt: skip


def promised(parts: Mapping[str, pd.DataFrame], send_by: str) -> dict[str, Figure]:
    """How many promises to all customers the letter tells, by how they stand."""
    counted = partial(Figure, unit="count", base_unit="promises")
    number = {name: len(parts[name]) for name in ("done", "late", "open", "held", "all")}
    days = parts["open"].loc[~parts["open"]["today"].astype(bool), "due"]
    first = () if days.empty else quotable(next_due=in_words(days.min()))
    names = parts["held"]["what"].astype(str).tolist()
    return by_name(
        counted("promised", number["all"], label="promises to all customers on record",
                verdict=_some(number["all"])),
        counted("done", number["done"], label="promises that the letter says are done"),
        counted("late", number["late"], label="promises that the letter says are late",
                verdict=_some(number["late"])),
        counted("open", number["open"], label="promises that the letter gives a day"),
        counted("held", number["held"], label="promises held back: not in the plan",
                verdict=_some(number["held"])),
        *quotable(send_by=send_by, **({"held_names": listed(names)} if names else {})), *first,
    )  # fmt: skip


def heard(found: Heard) -> dict[str, Figure]:
    """The two things that customers said."""
    how = "none" if not found.valued else "one" if found.sure else "several"
    return by_name(
        Figure("asked", listed(list(found.asked)) or "nothing that stands out", unit="text",
               verdict=found.by),
        Figure("valued", listed(list(found.valued)) or "nothing that stands out", unit="text",
               verdict=how),
    )  # fmt: skip


def score(loyalty: ChapterResult | None, previous: str | None) -> dict[str, Figure]:
    """The leading score of both waves and its change, as the loyalty chapter holds them."""
    if loyalty is None or "main" not in loyalty.figures:
        return {}
    main = loyalty["main"]
    found = [replace(main, name="score_now"), *_respondents(main)]
    names = {"main_change": "score_change", "main_label": "score_label",
             "before_wave": "before_wave"}  # fmt: skip
    found += [replace(loyalty[own], name=name) for own, name in names.items()
              if own in loyalty.figures]  # fmt: skip
    before = _before(loyalty, main, previous)
    now = [figure for figure in found if figure.name in ("score_now", "respondents")]
    return by_name(*found, *before) if before else by_name(*now)


def _respondents(main: Figure) -> list[Figure]:
    if main.base is None or main.value is None:
        return []
    return [Figure("respondents", main.base, unit="count", base=main.base,
                   base_unit=main.base_unit, label="answers that the letter counts")]  # fmt: skip


def _before(loyalty: ChapterResult, main: Figure, previous: str | None) -> list[Figure]:
    """The score of the wave before, where both are told and the change was judged."""
    waves, change = loyalty.tables.get("waves"), loyalty.figures.get("main_change")
    if waves is None or change is None or change.value is None or main.value is None:
        return []
    own = waves[
        waves["label"].eq(main.label) & waves["wave"].eq(str(previous)) & ~waves["withheld"]
    ]
    if len(own) != 1 or own["value"].isna().any():
        return []
    label = f"{main.label}, {previous}"
    return [Figure.from_row("score_before", own.iloc[0], unit=main.unit, grade=main.grade,
                            base_unit=main.base_unit, label=label)]  # fmt: skip


def post(
    made: Post, missing: pd.Series, customers: int, functions: Mapping[str, Function]
) -> dict[str, Figure]:
    """How many notes and messages there are, and why other accounts get none."""
    kinds = made.table["kind"].value_counts()
    written, notes = int(kinds.get(ACCOUNTS, 0)), int(kinds.get(NOTES, 0))
    fill, edited, staff = made.fill, made.edited, sum(one.staff for one in functions.values())
    unagreed, gone, unlisted, called, untold = (int(number) for number in missing)
    firms = partial(Figure, unit="count", base=customers, base_unit="accounts")
    some = "some" if written else "nothing" if untold or called else "nobody"
    return by_name(
        firms("customers", customers, label="accounts that are customers"),
        firms("written", written, verdict=some, label="accounts that get a message"),
        firms("unagreed", unagreed, label="accounts where nobody agreed to be written to"),
        firms("gone", gone, label="accounts whose people left or opted out"),
        firms("called", called, label="accounts that are called before anything is written"),
        firms("untold", untold, label="accounts with nothing of their own to tell"),
        firms("unlisted", unlisted, label="accounts without a person on the list"),
        Figure("notes", notes, unit="count", base_unit="notes", verdict=_some(notes),
               label="notes to functions"),
        Figure("staff", staff, unit="count", base_unit="employees", verdict=_some(staff),
               label="answers to the staff survey"),
        Figure("fill", fill, unit="count", base_unit="places", verdict=_some(fill),
               label="places to be filled in"),
        Figure("edited", edited, unit="count", base_unit="letters", verdict=_some(edited),
               label="letters as the client wrote them"),
    )  # fmt: skip


def answered(functions: Mapping[str, Function], least: int) -> pd.DataFrame:
    """How many people of each function answered the staff survey; missing where too few did."""
    told = [float(one.staff) if one.staff >= max(least, 1) else None for one in functions.values()]
    return pd.DataFrame({"function": list(functions), "staff": pd.Series(told, dtype=float)})


def _some(number: int) -> str:
    return "some" if number else "none"
