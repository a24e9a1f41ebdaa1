"""What the recovery chapter may quote."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from helpers.methods.actions import against_causes
from helpers.methods.recovery import (
    TO_BE_NAMED,
    Cases,
    Causes,
    Inbox,
    Promises,
    Saved,
    Waiting,
    under_alert,
)
from helpers.methods.survey import Estimate
from helpers.results import ChapterResult, Figure, Grade
from helpers.results import figure as of_estimate
from helpers.views.rendering.days import in_words, next_working_day
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.rules import quotable
from helpers.views.rendering.verdicts import how_many

DECLARED = declare(
    "cases", "open_cases", "open_money", "overdue_money", "oldest", "snoozed",
    "calls", "waiting", "owners", "first_owner", "next_day", "first_account", "thanks", "offers",
    "left_out", "contact_days", "contact_median", "contact_working", "close_days", "close_kept",
    "close_median", "close_finished", "reopened", "causes", "few_causes", "few_share",
    "top_cause", "top_share", "untold_causes", "converted", "expected", "anyway", "by_chance",
    "gain_threshold", "gain_mean", "score_label", "timely", "untimely", "goal", "cause_action",
    overdue=("some", "one", "none", "undeclared"),
    contact_kept=("kept", "missed", "not clear"),
    recovery_gain=("gains", "loses", "not clear"),
    net_saved=("gains", "loses", "not clear"),
    agree=("agree", "differ", "alone"),
    cause_actions=("some", "one", "none"),
).claiming(recovery_gain=("gains", "loses"), net_saved=("gains", "loses"))  # fmt: skip
GRADE: Grade = "B"  # comparable cases, the score first and the next one after it
MOST = 0.8  # share of cases that the few causes named bring
WORTH = frozenset(
    {"recovery_gain", "net_saved", "converted", "expected", "anyway", "by_chance", "timely",
     "untimely", "gain_threshold", "gain_mean", "agree", "score_label"}
)  # fmt: skip
NAMES = {"threshold": "gain_threshold", "regression to the mean": "gain_mean"}


def open_now(found: Inbox, cases: Cases, promises: Promises, currency: str) -> list[Figure]:
    """Who waits past a promise, at how much money, and who calls first."""
    table = found.table[found.table["kind"] == "recover"]
    late = found.overdue
    count = partial(Figure, unit="count", base=len(table), base_unit="accounts")
    told = "undeclared" if not promises.any else how_many(len(late))
    kinds = found.table["kind"].value_counts()
    if not cases.base:
        return []
    figures = [
        Figure("cases", cases.base, unit="count", label="cases recorded"),
        Figure("open_cases", int(table["cases"].sum()), unit="count",
               label="open cases of customers"),
        count("overdue", len(late), label="accounts past a promise on a case", verdict=told),
        count("snoozed", int((table["status"] == "snoozed").sum()), label="accounts at rest"),
        Figure("calls", int(found.in_reach["kind"].eq("recover").sum()), unit="count",
               label="accounts with an open case that owners have time for in a week"),
        Figure("waiting", len(table), unit="count", label="accounts with an open case"),
        Figure("thanks", int(kinds.get("recognise", 0)), unit="count", label="accounts to thank"),
        Figure("offers", int(kinds.get("grow", 0)), unit="count", label="accounts to talk with"),
        Figure("left_out", found.left_out, unit="count",
               label="open cases of accounts that are no customers on the list"),
    ]  # fmt: skip
    return [*figures, *_money(table, late, currency), *_first(table, late, found.as_of)]


def _money(table: pd.DataFrame, late: pd.DataFrame, currency: str) -> list[Figure]:
    """What accounts with open cases bring, and those past a promise; nothing where unknown."""
    if not currency or table.empty or table["revenue"].isna().all():
        return []
    amount = partial(Figure, unit=f"money:{currency}", base_unit="accounts")
    revenue = table.set_index("account_id")["revenue"]
    figures = [
        amount("open_money", under_alert(table["account_id"], revenue), base=len(table),
               label="yearly revenue of accounts with an open case"),
    ]  # fmt: skip
    if len(late):
        figures.append(amount("overdue_money", float(late["revenue"].sum()), base=len(late),
                              label="yearly revenue of accounts past a promise"))  # fmt: skip
    return figures


def _first(table: pd.DataFrame, late: pd.DataFrame, as_of: pd.Timestamp) -> list[Figure]:
    if table.empty:
        return []
    age = int((as_of - table["since"].min()).days)
    first = (late if len(late) else table).iloc[0]
    return [
        Figure("oldest", age, unit="count", label="days that the oldest case is open"),
        Figure("owners", int(table["owner"].nunique()), unit="count",
               label="owners of open cases"),
        *quotable(first_account=str(first["account"]), next_day=in_words(next_working_day(as_of))),
        *(quotable(first_owner=str(first["owner"])) if first["owner"] != TO_BE_NAMED else ()),
    ]  # fmt: skip


def reliability(before: ChapterResult | None) -> float | None:
    """The part of an account's score that lasts, as the loyalty chapter found it."""
    told = None if before is None else before.figures.get("account_reliability")
    return None if told is None or told.value is None else float(told.value)


def waits(found: Waiting, goal: float) -> dict[str, Figure]:
    """How many are contacted and helped within the promise, and how long half of them wait."""
    rows = found.table.set_index("clock")
    figures = [Figure("goal", goal, unit="share", label="share that is to be contacted in time")]
    for name, clock in (("contact", "first contact"), ("close", "closed")):
        if clock in rows.index:
            figures += _clock(name, rows.loc[[clock]].iloc[0], clock, goal)
    return by_name(*figures)


def _clock(name: str, row: pd.Series, clock: str, goal: float) -> list[Figure]:
    days = partial(Figure, unit="decimal1", base=int(row["base"]), base_unit="cases")
    label = {"contact": "contacted", "close": "closed"}[name]
    figures = []
    if not np.isnan(row["kept"]):
        verdict = "kept" if row["low"] >= goal else "missed" if row["high"] < goal else "not clear"
        verdict = verdict if name == "contact" else ""
        figures += [
            Figure.from_row(f"{name}_kept", row, ("kept", "low", "high"), unit="share",
                            base_unit="cases", label=f"cases {label} within the promise",
                            verdict=verdict),
            Figure(f"{name}_days", float(row["promise"]), unit="decimal0",
                   label=f"days promised until {clock}"),
        ]  # fmt: skip
    if not np.isnan(row["median"]):
        figures.append(days(f"{name}_median", float(row["median"]),
                            label=f"days until half of cases are {label}"))  # fmt: skip
    if name == "contact" and not np.isnan(row["working_median"]):
        figures.append(days("contact_working", float(row["working_median"]),
                            label="working days until half of cases are contacted"))  # fmt: skip
    if name == "close" and not np.isnan(row["finished"]):
        figures.append(days("close_finished", float(row["finished"]),
                            label="days until half of the closed cases were closed"))  # fmt: skip
    return figures


def again(found: Estimate) -> dict[str, Figure]:
    """How many closed cases came back."""
    return by_name(of_estimate("reopened", found, unit="share", base_unit="cases", grade="C",
                               label="closed cases that were opened again"))  # fmt: skip


def against(
    found: Causes, actions: pd.DataFrame | None, effects: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Each cause beside the candidate actions on it; nothing where no effects were sent."""
    if effects is None:
        return None
    listed = pd.DataFrame() if actions is None else actions
    known = listed.reindex(columns=["action_id", "name"]).dropna().astype(str)
    names = dict(zip(known["action_id"], known["name"], strict=True))
    return against_causes(found.table, effects, names=names, funded=())


def reasons(
    found: Causes, labels: Labels, actions: pd.DataFrame | None, effects: pd.DataFrame | None
) -> dict[str, Figure]:
    """The few causes that bring most cases, and what is listed against the commonest."""
    table, count = found.table, partial(Figure, unit="count")
    few = int((table["running"] < MOST - 1e-9).sum()) + 1
    row = table.iloc[0]
    cause = str(row["cause"])
    figures = [
        count("causes", len(table), label="root causes"),
        count("few_causes", few, label="root causes that bring most cases"),
        Figure("few_share", float(table["running"].iloc[few - 1]), unit="share", base=found.base,
               base_unit="cases", label="cases of the commonest causes"),
        Figure.from_row("top_share", row, ("share", "low", "high"), base=found.base, unit="share",
                        base_unit="cases", grade="C", label="cases of the commonest cause"),
        count("untold_causes", found.untold, label="cases without a cause"),
        *quotable(top_cause=labels.get(cause, plain(cause).capitalize())),
    ]  # fmt: skip
    works = against(found, actions, effects)
    first = None if works is None else works[works["cause"] == cause]
    if first is not None and len(first):
        number, name = int(first["listed"].iloc[0]), str(first["first"].iloc[0])
        figures.append(count("cause_actions", number, verdict=how_many(number),
                             label="candidate actions on the commonest cause"))  # fmt: skip
        figures += quotable(**({"cause_action": name} if name else {}))
    return by_name(*figures)


def worth(found: Saved, score: str) -> dict[str, Figure]:
    """What contact in time was worth beyond doing nothing, by each design.

    ``score`` is what the points are of, as a sentence calls it.
    """
    points = partial(Figure.from_row, columns=("gain", "low", "high"), unit="points", grade=GRADE)
    share = partial(Figure.from_row, base=found.base, unit="share", grade=GRADE)
    lead, net = found.leading, found.part("net")
    told = "gains" if net["low"] > 0 else "loses" if net["high"] < 0 else "not clear"
    others = found.table[(found.table["design"] != found.carries) & found.table["gain"].notna()]
    figures = [
        *quotable(score_label=score),
        points("recovery_gain", lead, verdict=found.verdict, p=found.p(lead, "gain"),
               label=f"points gained on {score} beyond comparable people not contacted in time"),
        share("converted", found.part("converted"),
              label="people contacted in time who rose above the alert line"),
        share("expected", found.part("expected"),
              label="the same had they not been contacted in time"),
        Figure("net_saved", float(net["value"]) * 100, float(net["low"]) * 100,
               float(net["high"]) * 100, unit="points", base=found.base, grade=GRADE,
               verdict=told, p=found.p(net),
               label="percentage points converted beyond doing nothing"),
        Figure("timely", int(lead["base"]), unit="count",
               label="people contacted in time who answered the next wave"),
        Figure("untimely", int(lead["compared"]), unit="count",
               label="comparable people not contacted in time"),
        *(points(NAMES[str(row["design"])], row,
                 label=f"points gained on {score}, by {row['design']}")
          for _, row in others.iterrows()),
        Figure("agree", len(others), unit="count", verdict=_agree(found, others),
               label="other designs that tell something"),
    ]  # fmt: skip
    for name in ("anyway", "by_chance"):
        label = {"anyway": "of those who rose, the share that would have anyway",
                 "by_chance": "people that noise alone would carry over"}[name]  # fmt: skip
        if not np.isnan(found.part(name)["value"]):
            figures.append(share(name, found.part(name), label=label))
    return by_name(*figures)


def _agree(found: Saved, others: pd.DataFrame) -> str:
    """Whether the intervals of the other designs meet that of the one that counts."""
    if others.empty:
        return "alone"
    lead = found.leading
    meets = (others["low"] <= lead["high"]) & (others["high"] >= lead["low"])
    return "agree" if meets.all() else "differ"
