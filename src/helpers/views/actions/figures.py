"""What the actions chapter may quote."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from helpers.methods.actions import Considered, accounted, delivered, ninety_days
from helpers.methods.actions import unfunded as unkept
from helpers.results import ChapterResult, Figure, Grade
from helpers.views.rendering.days import in_words
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.owners import owner_of
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable
from helpers.views.rendering.verdicts import how_many

DECLARED = declare(
    "candidates", "left_out", "funded", "others", "plan_names", "plan_cost", "plan_chance",
    "gain_of", "horizon", "first_action", "first_cost", "first_adds", "first_chosen",
    "first_driver", "owner",
    "next_best", "next_adds", "next_cost", "drop", "drop_loses", "drop_frees", "futures", "piloted",
    "knee_gain", "tied_names", "tied_driver", "tied_action", "tied_chosen", "begins",
    "in_points", "kept", "late", "due", "paying", "planned", "unfunded_names", "unfunded_few",
    "unfunded_by", "again_names", "due_since",
    "plan_costs", "cause", "cause_money", "cause_action", "cause_others",
    plan=("pays", "likely", "not clear", "nothing"),
    plan_gap=("closed", "open"),
    budget=("given", "zero"),
    delay=("costs", "not clear"),
    frontier=("bends", "even"),
    knee_cost=("below the plan", "not below"),
    tied=("same", "other", "unfunded", "one", "none"),
    missed=("some", "none"),
    unfunded=("due", "open", "none"),
    again=("some", "one", "none"),
    cause_cases=("unlisted", "not funded", "funded"),
).claiming(plan=("pays",))  # fmt: skip


GRADE: Grade = "C"  # the effect of drivers is that of one survey
AFTER_COSTS = "of {} over {}, after all its costs"
FEW = 3  # actions or promises that a sentence names
WHY = {
    "too late": "would not be in force before the years that count are over",
    "loses": "expected to cost more than it adds",
    "breaks a limit": "would pay, but {}",
    "no better": "adds a little, and no plan with it is better",
}
POINTS = {"loses": "expected to gain nothing", "breaks a limit": "would gain points, but {}"}


def outcome(drivers: ChapterResult | None) -> str:
    """What drivers explain, as the drivers chapter calls it."""
    told = drivers.figures.get("outcome_label") if drivers is not None else None
    return "loyalty" if told is None or told.value is None else str(told.value)


def unit(found: Considered, currency: str) -> str:
    """In what gains are written."""
    return f"money:{currency}" if found.evidence.in_money else "decimal2"


def name(found: Considered, action: int) -> str:
    """What an action is called."""
    return found.listed.candidates.names[action]


def plan(found: Considered, labels: Labels, currency: str, outcome: str) -> dict[str, Figure]:
    """What the plan costs and brings, how sure that is, and what it begins with."""
    made, evidence = found.decision, found.evidence
    starts = list(made.plan.starts)
    base = int(evidence.drivers["base"].min())
    gain = partial(Figure, unit=unit(found, currency), base=base, grade=GRADE)
    money = partial(Figure, unit=f"money:{currency}")
    counted = partial(Figure, unit="count")
    low, high = made.range(made.plan.net)
    horizon = in_years(evidence.years)
    figures = [
        counted("candidates", len(found.listed.ids), label="candidate actions"),
        counted("paying", int((made.alone["net_low"] > 0).sum()),
                label="actions that pay beyond doubt by themselves"),
        counted("left_out", len(found.listed.left_out), label="actions left out"),
        counted("funded", len(starts), label="actions in the plan"),
        counted("futures", made.futures, label="futures solved one by one"),
        gain("plan", float(made.plan.net.mean()), low, high, verdict=made.verdict,
             p=made.p if starts else None, label="expected gain of the plan"),
        gain("plan_gap", 0.0 if made.plan.finished else float(made.plan.gap),
             verdict="closed" if made.plan.finished else "open",
             label="how much more another plan could bring at most"),
        *quotable(gain_of=AFTER_COSTS.format(evidence.of, horizon) if evidence.in_money
                  else f"points more of {outcome} over {horizon}", horizon=horizon,
                  planned=in_quarters(made.worth.options.quarters)),
        *_budget(made.limits.budget, money),
    ]  # fmt: skip
    if evidence.note:
        figures += quotable(in_points=evidence.note)
    if found.first is not None:
        figures += _chosen(found, found.first, labels, money, unit(found, currency))
    return by_name(*figures)


def in_years(years: float) -> str:
    """Years in words, where they are few and whole.

    >>> in_years(2.0), in_years(1.5)
    ('two years', '1.5 years')
    """
    words = ("a year", "two years", "three years", "four years", "five years")
    whole = years == int(years) and 1 <= years <= len(words)
    return words[int(years) - 1] if whole else f"{years:g} years"


def in_quarters(quarters: int) -> str:
    """Planned quarters in words, where they are few.

    >>> in_quarters(4), in_quarters(1), in_quarters(12)
    ('four quarters', 'one quarter', '12 quarters')
    """
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    number = words[quarters - 1] if 1 <= quarters <= len(words) else str(quarters)
    return f"{number} quarter{'s'[: quarters != 1]}"


def _budget(budget: float, money: Callable[..., Figure]) -> list[Figure]:
    if not np.isfinite(budget):
        return []
    verdict = "given" if budget > 0 else "zero"
    return [money("budget", budget, verdict=verdict, label="budget of the planned quarters")]


def _chosen(
    found: Considered, first: int, labels: Labels, money: Callable[..., Figure], gain: str
) -> list[Figure]:
    made, share, starts = found.decision, partial(Figure, unit="share"), found.decision.plan.starts
    rows = made.alone.set_index("action")
    driver = int(rows["driver"].loc[first])
    named = {"plan_names": listed([name(found, a) for a in starts])} if len(starts) <= FEW else {}
    if driver >= 0:
        named["first_driver"] = labels.get(found.drivers[driver], found.drivers[driver])
    basis = found.listed.effects
    pilots = basis.loc[basis["basis"] == "pilot", "action_id"]
    piloted = sum(found.listed.ids[action] in set(pilots) for action in starts)
    return [
        money("plan_cost", made.plan.spend, label="cost of the plan in the planned quarters"),
        money("plan_costs", made.plan.cost, label="cost of the plan over the years that count"),
        share("plan_chance", made.chance, label="chance that the plan pays"),
        Figure("others", len(starts) - 1, unit="count"),
        Figure("piloted", piloted, unit="count", label="funded actions with a pilot"),
        money("first_cost", made.plan.spends[first], label="cost of the first action"),
        Figure("first_adds", float(made.dropped.set_index("action")["loses"].loc[first]),
               unit=gain, label="what the plan would lose without its first action"),
        share("first_chosen", float(made.chosen_share[first]),
              label="futures whose best plan holds the first action"),
        *quotable(first_action=name(found, first), **named),
    ]  # fmt: skip


def changes(found: Considered, currency: str) -> dict[str, Figure]:
    """What would come next, what would go first, what a quarter's wait costs."""
    made = found.decision
    gain, money = (
        partial(Figure, unit=unit(found, currency)),
        partial(Figure, unit=f"money:{currency}"),
    )
    figures: list[Figure] = []
    if (best := made.reasons.next_best) is not None:
        row = made.reasons.table.loc[[best]].iloc[0]
        figures += [
            *quotable(next_best=name(found, best)),
            gain("next_adds", float(row["adds"]), label="what the next best would add"),
            money("next_cost", float(row["spend"]), label="what the next best would cost"),
        ]
    if made.plan.starts:
        row = made.dropped.iloc[0]
        low, high = made.range(made.delay)
        figures += [
            *quotable(drop=name(found, int(row["action"]))),
            gain("drop_loses", float(row["loses"]), label="what the first to drop would lose"),
            money("drop_frees", float(row["frees"]), label="what it would free"),
            gain("delay", float(made.delay.mean()), low, high, grade=GRADE,
                 verdict="costs" if low > 0 else "not clear", label="cost of a quarter's delay"),
        ]  # fmt: skip
    return by_name(*figures)


def frontier(found: Considered, currency: str) -> dict[str, Figure]:
    """Where more money stops paying clearly."""
    made = found.decision.frontier
    gain, money = (
        partial(Figure, unit=unit(found, currency)),
        partial(Figure, unit=f"money:{currency}"),
    )
    if made.knee is None:
        most = float(made.table["net"].max())
        return by_name(gain("frontier", most, verdict="even", label="most that any budget brings"))
    row = made.table.iloc[made.knee]
    below = "below the plan" if row["spend"] < found.decision.plan.spend else "not below"
    return by_name(
        gain("frontier", float(made.table["net"].max()), verdict="bends",
             label="most that any budget brings"),
        gain("knee_gain", float(row["net"]), label="expected gain at the knee"),
        money("knee_cost", float(row["spend"]), verdict=below,
              label="cost of the plan at the knee"),
    )  # fmt: skip


def tied(found: Considered, labels: Labels, drivers: ChapterResult | None) -> dict[str, Figure]:
    """Which of the drivers that the survey cannot tell apart comes first."""
    names = found.evidence.tied
    counted = partial(Figure, "tied", len(names), unit="count", label="drivers that are tied")
    told = [labels.get(driver, driver) for driver in names]
    if len(names) < 2:
        return by_name(counted(verdict="one" if names else "none"), *_of_one(told))
    texts = quotable(tied_names=listed(told))
    action = found.begins_on(names)
    if action is None:
        return by_name(counted(verdict="unfunded"), *texts)
    rows = found.decision.alone.set_index("action")
    driver = found.drivers[int(rows["driver"].loc[action])]
    before = drivers.figures.get("begin_driver") if drivers is not None else None
    begins = "" if before is None or before.value is None else str(before.value)
    same = begins in ("", labels.get(driver, driver))
    return by_name(
        counted(verdict="same" if same else "other"),
        *texts,
        *quotable(tied_driver=labels.get(driver, driver), tied_action=name(found, action)),
        *quotable(**({"begins": begins} if begins else {})),
        Figure("tied_chosen", float(found.decision.chosen_share[action]), unit="share",
               label=f"futures whose best plan holds {name(found, action)}"),
    )  # fmt: skip


def _of_one(told: list[str]) -> tuple[Figure, ...]:
    return quotable(tied_driver=told[0]) if told else ()


def promised(table: pd.DataFrame, since: str | None = None) -> dict[str, Figure]:
    """How the promises to customers that were due since a wave stand; ``None`` is all of them."""
    due = table[table["status"] != "open"]
    if due.empty:
        return {}
    counted = partial(Figure, unit="count")
    number = {status: int((due["status"] == status).sum()) for status in ("kept", "late", "missed")}
    return by_name(
        counted("due", len(due), label="promises to customers that were due"),
        counted("kept", number["kept"], label="promises kept"),
        counted("late", number["late"], label="promises kept late"),
        counted("missed", number["missed"], verdict="some" if number["missed"] else "none",
                label="promises missed"),
        *quotable(**({"due_since": since} if since else {})),
    )  # fmt: skip


def unfunded(found: Considered, table: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Figure]:
    """What was promised to customers, and hangs on an action that the plan does not fund."""
    funded = [found.listed.ids[action] for action in found.decision.plan.starts]
    waits = unkept(table, funded)
    counted = partial(Figure, "unfunded", len(waits), unit="count",
                      label="promises to customers that the plan does not fund")  # fmt: skip
    if waits.empty:
        return by_name(counted(verdict="none"))
    first, names = waits["due"].min(), listed(waits["what"].astype(str).tolist())
    return by_name(
        counted(verdict="open" if first > as_of else "due"),
        *quotable(unfunded_names=names, unfunded_by=in_words(first),
                  **({"unfunded_few": names} if len(waits) <= FEW else {})),
    )  # fmt: skip


def again(
    found: Considered, communications: pd.DataFrame, as_of: pd.Timestamp
) -> dict[str, Figure]:
    """Actions of the plan of which something was promised and delivered already."""
    funded = [found.listed.ids[action] for action in found.decision.plan.starts]
    told = delivered(communications, funded, as_of=as_of)
    named = {"again_names": listed([name(found, found.listed.ids.index(one)) for one in told])}
    return by_name(
        Figure("again", len(told), unit="count", verdict=how_many(len(told)),
               label="actions to fund with a promise that was delivered"),
        *quotable(**(named if told else {})),
    )  # fmt: skip


def account(found: Considered, operations: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Where the plan's gains are counted; nothing where they are no money.

    ``operations`` is the account of its chapter, ``None`` where that did not run.
    """
    if not found.evidence.in_money:
        return {}
    if operations is None:
        return {"account": accounted(found)}
    avoided = operations["counted"].where(operations["line"] == "efficiency", 0.0).sum()
    return {"account": accounted(found, float(avoided))}


def candidates(found: Considered, labels: Labels) -> pd.DataFrame:
    """Every candidate by itself, most for its cost first, with its place in the plan."""
    made, ids = found.decision, found.listed.ids
    table = made.alone.copy()
    places = table["action"].astype(int)
    drivers = [found.drivers[d] if d >= 0 else "" for d in table["driver"].astype(int)]
    starts = made.plan.starts
    loses = dict(zip(made.dropped["action"], made.dropped["loses"], strict=True))
    return table.assign(
        action_id=[ids[a] for a in places],
        name=[name(found, a) for a in places],
        function=[found.listed.candidates.function[a] for a in places],
        driver=drivers,
        moves=[labels.get(d, d) or "saves cost" for d in drivers],
        chosen=[made.chosen_share[a] for a in places],
        funded=[a in starts for a in places],
        planned=[made.plan.spends.get(a, np.nan) for a in places],
        adds=[loses.get(a, np.nan) for a in places],
        starts=[str(found.first_quarter + starts[a]) if a in starts else "" for a in places],
        needs=[listed([ids[n] for n in sorted(found.listed.candidates.requires[a])])
               for a in places],
    ).drop(columns="action")  # fmt: skip


def rejected(found: Considered) -> pd.DataFrame:
    """Every action that is not in the plan, with the reason."""
    made = found.decision.reasons.table
    reasons = WHY if found.evidence.in_money else WHY | POINTS
    rows = [
        {
            "action_id": found.listed.ids[row["action"]], "name": name(found, row["action"]),
            "why": reasons[row["why"]].format(_beyond(row["breaks"])), "adds": row["adds"],
            "spend": row["spend"],
        }
        for row in records(made.sort_values("adds", ascending=False).reset_index())
    ]  # fmt: skip
    rows += [{"action_id": own, "name": own, "why": why, "adds": np.nan, "spend": np.nan}
             for own, why in found.listed.left_out.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["action_id", "name", "why", "adds", "spend"])


def tables(found: Considered, labels: Labels) -> dict[str, pd.DataFrame]:
    """The tables that the chapter hands on."""
    return {
        "candidates": candidates(found, labels), "rejected": rejected(found),
        "frontier": found.decision.frontier.table,
    }  # fmt: skip


def _beyond(breaks: str) -> str:
    """Limits that an action would break, in words.

    >>> _beyond("the budget; Alerts requires Portal")
    'is beyond the budget; Alerts requires Portal'
    """
    parts = [f"is beyond {part}" if part.startswith("the ") else part
             for part in breaks.split("; ")]  # fmt: skip
    return "; ".join(parts)


def days(found: Considered, as_of: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """What starts now, with dates counted from the day the data stand."""
    rated = {str(d): float(mean) for d, mean in found.evidence.drivers["mean"].items()}
    decision = found.decision
    return {
        "ninety_days": ninety_days(
            found.listed, decision.worth, decision.plan, found.drivers, rated, as_of=as_of
        )
    }


def first_owner(found: Considered, known: dict[str, str]) -> dict[str, Figure]:
    """Who owns the action to begin with."""
    if found.first is None:
        return {}
    function = found.listed.candidates.function[found.first]
    return by_name(*quotable(owner=owner_of(function, known)))
