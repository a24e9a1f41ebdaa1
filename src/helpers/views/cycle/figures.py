"""What the cycle chapter may quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.claims import least
from helpers.methods.ledger import (
    COLUMNS,
    KEPT,
    LOST,
    METRIC,
    Drift,
    Returned,
    Scored,
    Told,
    Tracked,
    months_of,
    share_kept,
)
from helpers.methods.survey import Estimate
from helpers.results import ChapterResult, Figure, Grade
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.rules import listed, quotable

DECLARED = declare(
    "claims", "due_day", "steps", "drift", "acting", "lost_predicted", "kept_predicted",
    "due", "expected", "independent", "coverage", "exact", "bias", "bias_chance", "widths",
    "missed_below", "missed_above", "worst", "unscored", "waiting", "spent", "delivered",
    "ratings_tried", "came_back", "rose_names", "fell_names", "fell_funded_names",
    "told_people", "told_others", "response_rate",
    "clear_drivers", "funded", "promises_due", "promises_kept", "promises_delivered",
    "promises_told", "review_owner",
    inside=("as promised", "too narrow", "too few"),
    missed=("none", "below", "above", "both"),
    returned=("rose", "fell", "mixed", "not clear", "not measured"),
    fell_funded=("some", "none"),
    told_answers=("more", "less", "not clear"),
    told_acted=("more", "less", "not clear"),
    response_change=("rose", "fell", "not clear"),
).claiming(
    returned=("rose", "fell", "mixed"), told_answers=("more", "less"), told_acted=("more", "less")
)  # fmt: skip
GRADE: Grade = "C"  # before and after, and what people say: no proof of cause
WORTH = frozenset({"delivered", "ratings_tried", "returned", "spent", "came_back"})
TELLING = frozenset({"told_answers", "told_acted", "told_people", "told_others"})
QUOTED = {  # of other chapters: which of their figures
    "response_rate": ("sampling", "response_rate"), "funded": ("actions", "funded"),
    "promises_due": ("actions", "due"), "promises_kept": ("actions", "kept"),
}  # fmt: skip
NAMED = 3  # names that a sentence lists
KIND = {"revenue lost": "Revenue lost", "share of accounts kept": "Share of accounts kept"}


def metric_labels(
    metrics: Iterable[str], asked: Tracked, actions: pd.DataFrame | None
) -> dict[str, str]:
    """What each metric of a ledger is called for a reader."""
    names: dict[str, str] = {}
    if actions is not None and "name" in actions:
        named = actions.dropna(subset=["action_id", "name"]).astype(str)
        names = dict(zip(named["action_id"], named["name"], strict=True))
    found = {}
    for metric in metrics:
        own = asked.known.get(" ".join(metric.split()).casefold())
        effects = [
            f"{asked.labels[driver]}, change with {name}"
            for action, name in names.items()
            for driver in asked.drivers
            if metric == METRIC.format(action=action, driver=driver)
        ]
        lost = months_of(metric)
        told = f"{KIND[lost[0]]} within {lost[1]} months" if lost else metric
        found[metric] = asked.labels[own] if own else effects[0] if effects else told
    return found


def metric_unit(metric: str, asked: Tracked, currency: str) -> str:
    """The unit that a metric's numbers are written in."""
    own = asked.known.get(" ".join(metric.split()).casefold())
    if own:
        return asked.units[own]
    lost = months_of(metric)
    if lost is None:
        return "decimal2"
    return "share" if lost[0] != "revenue lost" else f"money:{currency}" if currency else "decimal0"


def described(
    rows: pd.DataFrame, asked: Tracked, actions: pd.DataFrame | None, currency: str
) -> pd.DataFrame:
    """Rows of a ledger with the label and the unit of each."""
    labels = metric_labels(rows["metric"].astype(str).unique(), asked, actions)
    metric = rows["metric"].astype(str)
    units = metric.map(lambda name: metric_unit(name, asked, currency))
    return rows.assign(label=metric.map(labels), unit=units)


def losing(linkage: ChapterResult | None, as_of: pd.Timestamp, confidence: float) -> pd.DataFrame:
    """Revenue lost and accounts kept, as the linkage chapter foretells them; a row each."""
    columns = ["metric", "predicted", "low", "high", "due"]
    told = {} if linkage is None else linkage.figures
    rows, months = [], _value(told, "horizon")
    loss, left = told.get("risk_loss"), told.get("left_all")
    if months is None:
        return pd.DataFrame(columns=columns)
    due = as_of + pd.DateOffset(months=int(months))
    if loss is not None and loss.value is not None and loss.low is not None:
        rows.append((LOST.format(months=int(months)), loss.value, loss.low, loss.high, due))
    number = None if loss is None else loss.base
    same = left is not None and left.base and _value(told, "left_months") == months
    if same and number and left is not None and left.value is not None and left.base:
        ends = share_kept(float(left.value), left.base, number, confidence=confidence)
        rows.append((KEPT.format(months=int(months)), *ends, due))
    return pd.DataFrame(rows, columns=columns)


def _value(told: Mapping[str, Figure], name: str) -> float | None:
    figure = told.get(name)
    return None if figure is None or figure.value is None else float(figure.value)


def predictions(
    rows: pd.DataFrame, drifting: Drift, effects: pd.DataFrame, due: str, currency: str
) -> dict[str, Figure]:
    """What this run writes into the ledger."""
    figures = [
        Figure("claims", len(rows), unit="count", label="predictions of this run"),
        Figure("steps", drifting.steps, unit="count", label="steps between waves seen so far"),
        Figure("drift", drifting.spread, unit="decimal2",
               label="drift between waves, in standard deviations of people"),
        Figure("acting", int(effects["action_id"].nunique()), unit="count",
               label="funded actions that work before the next wave"),
        *quotable(due_day=due),
    ]  # fmt: skip
    for name, kind in (("lost_predicted", "revenue lost"), ("kept_predicted", "share of")):
        own = rows[rows["metric"].str.startswith(kind)]
        unit = f"money:{currency}" if kind == "revenue lost" else "share"
        figures += [
            Figure.from_row(name, row, ("predicted", "low", "high"), base=None, unit=unit,
                            grade="B", label=str(row["label"]))
            for _, row in own.head(1).iterrows()
        ]  # fmt: skip
    return by_name(*figures)


def held(found: Scored, rows: pd.DataFrame) -> dict[str, Figure]:
    """How many predictions came true, and which did not."""
    waiting = int((found.table["state"] == "open").sum())
    number = len(found.measured)
    count = partial(Figure, unit="count", base_unit="predictions")
    unscored = len(found.table) - number - waiting
    figures = [
        count("unscored", unscored, label="predictions that cannot be scored"),
        count("waiting", waiting, label="predictions of earlier runs that wait"),
    ]
    if not number:
        return by_name(*figures)
    below, above = (_missed(found, rows, side) for side in ("below", "above"))
    verdict = "both" if below and above else "below" if below else "above" if above else "none"
    figures += [
        count("due", number, label="predictions due"),
        count("inside", found.inside, label="predictions inside their range",
              verdict=found.verdict),
        count("missed", number - found.inside, label="predictions outside their range",
              verdict=verdict),
    ]  # fmt: skip
    texts = {"missed_below": below, "missed_above": above}
    if below or above:
        texts["worst"] = str(rows["label"][found.missed.index[0]])
    quoted = quotable(**{name: text for name, text in texts.items() if text})
    return by_name(*figures, *_ranges(found), *quoted)


def _ranges(found: Scored) -> list[Figure]:
    """What the predictions that came true, and those that did not, say of the ranges."""
    share, low, high = found.coverage
    off, chance = found.bias
    widths = float(found.measured["widths"].mean())
    return [
        Figure("expected", found.confidence * len(found.measured), unit="decimal1",
               label="predictions expected inside their range"),
        Figure("independent", found.independent, unit="decimal0",
               label="independent numbers that they amount to"),
        Figure("coverage", share, low, high, unit="share", label="share inside their range"),
        Figure("exact", share, *found.exact, unit="share",
               label="the same, were all predictions independent"),
        Figure("bias", off, unit="decimal1", label="mean error, in standard errors"),
        Figure("bias_chance", chance, unit="decimal1",
               label="mean error that chance alone can give"),
        Figure("widths", widths, unit="decimal1",
               label="interval score, in widths of the interval"),
    ]  # fmt: skip


def _missed(found: Scored, rows: pd.DataFrame, side: str) -> str:
    """The names of what came out on one side, the farthest off first."""
    index = found.missed.index[found.missed["state"] == side]
    names = list(dict.fromkeys(str(rows["label"][place]) for place in index))
    more = len(names) - NAMED
    return listed([*names[:NAMED], *([f"{more} more"] if more > 0 else [])])


def worth(found: Returned, labels: Labels, currency: str) -> dict[str, Figure]:
    """What delivered actions cost, and whether a rating they work on moved."""
    tried = found.table[found.table["verdict"] != "not measured"]
    names = {
        side: listed(list(dict.fromkeys(
            labels.get(d, d) for d in found.table["driver"][found.table["verdict"] == side]
        ))[:NAMED])
        for side in ("rose", "fell")
    }  # fmt: skip
    clear = int(found.table["verdict"].isin(["rose", "fell"]).sum())
    p = least(tried["p"])  # corrected for all that are looked at
    figures = [
        Figure("delivered", found.actions, unit="count", label="actions delivered"),
        Figure("ratings_tried", len(tried), unit="count",
               label="ratings compared before and after an action"),
        Figure("returned", clear, unit="count", grade=GRADE, verdict=found.verdict, p=p,
               label="ratings that changed clearly after an action"),
        *quotable(**{f"{side}_names": text for side, text in names.items() if text}),
    ]  # fmt: skip
    if currency:
        figures.append(Figure("spent", found.spent, unit=f"money:{currency}",
                              label="cost of actions delivered, as listed"))  # fmt: skip
    return by_name(*figures)


def fell_funded(
    found: Returned, labels: Labels, candidates: pd.DataFrame | None
) -> dict[str, Figure]:
    """Ratings that fell although work on them was delivered, and that the plan spends more on.

    ``candidates`` are those of the actions chapter; nothing is told where it did not run.
    """
    if candidates is None or not {"driver", "funded"} <= set(candidates):
        return {}
    fell = list(dict.fromkeys(found.table["driver"][found.table["verdict"] == "fell"]))
    paid = set(candidates.loc[candidates["funded"].astype(bool), "driver"])
    again = [labels.get(driver, driver) for driver in fell if driver in paid]
    names = {"fell_funded_names": listed(again[:NAMED])} if again else {}
    return by_name(
        Figure("fell_funded", len(again), unit="count", verdict="some" if again else "none",
               label="ratings that fell after an action and get more money"),
        *quotable(**names),
    )  # fmt: skip


def came_back(
    money: tuple[float, float, float] | None, actions: ChapterResult | None, currency: str
) -> dict[str, Figure]:
    """What ratings that rose would be worth, where the actions chapter reckons in money."""
    plan = None if actions is None else actions.figures.get("plan")
    if money is None or plan is None or not currency or plan.unit != f"money:{currency}":
        return {}
    return by_name(Figure("came_back", *money, unit=f"money:{currency}", grade=plan.grade,
                          label="what the ratings that rose would be worth"))  # fmt: skip


def telling(found: Told) -> dict[str, Figure]:
    """Whether people who were told answer more, and rate action higher."""
    answers, acted = found.part("answers"), found.part("acted")
    figures = []
    if answers is not None:
        label = "percentage points more of those told that answer next time"
        figures.append(_of_told("told_answers", answers, "points", 100.0, label))
    if acted is not None:
        label = "next rating of action, those told less others"
        figures.append(_of_told("told_acted", acted, "scale", 1.0, label))
    people = answers if answers is not None else acted
    if people is not None:
        sides = {"told_people": ("told", "people who said they were told"),
                 "told_others": ("others", "people who said they were not")}  # fmt: skip
        figures += [Figure(name, int(people[side]), unit="count", label=label)
                    for name, (side, label) in sides.items()]  # fmt: skip
    return by_name(*figures)


def _of_told(name: str, row: pd.Series, unit: str, factor: float, label: str) -> Figure:
    return Figure.from_row(name, row, base=int(row["told"]), factor=factor, unit=unit, grade=GRADE,
                           verdict=str(row["verdict"]), p=float(row["p"]),
                           label=label)  # fmt: skip


def answering(change: Estimate) -> dict[str, Figure]:
    """How the response rate changed since the wave before, in percentage points."""
    verdict = "rose" if change.low > 0 else "fell" if change.high < 0 else "not clear"
    label = "change of the response rate, in percentage points"
    return by_name(Figure("response_change", change.value * 100, change.low * 100,
                          change.high * 100, unit="change", base=change.base, grade=GRADE,
                          base_unit="people asked", label=label, verdict=verdict))  # fmt: skip


def stations(
    chapters: Mapping[str, ChapterResult], promises: pd.DataFrame | None
) -> dict[str, Figure]:
    """What other chapters say of each step, under the same names and values."""
    figures = []
    for name, (chapter, of) in QUOTED.items():
        told = chapters[chapter].figures.get(of) if chapter in chapters else None
        if told is not None and told.value is not None:
            figures.append(replace(told, name=name, verdict=""))
    drivers = chapters["drivers"].tables.get("drivers") if "drivers" in chapters else None
    if drivers is not None and "clear" in drivers:
        figures.append(Figure("clear_drivers", int(drivers["clear"].sum()), unit="count",
                              label="drivers that are clear"))  # fmt: skip
    if promises is not None and len(promises):
        done = promises["status"].isin(["kept", "late"])
        told_of = int((done & promises["told_at"].notna()).sum())
        figures += [
            Figure("promises_delivered", int(done.sum()), unit="count",
                   label="promises delivered since the wave before"),
            Figure("promises_told", told_of, unit="count",
                   label="of them, promises that customers were told were kept"),
        ]  # fmt: skip
    return by_name(*figures)


def reviewer(
    found: Scored | None, asked: Tracked, owner: Callable[[str], str], pay: pd.DataFrame | None
) -> dict[str, Figure]:
    """Who goes through the misses: the owner of the driver that missed farthest.

    Parameters
    ----------
    owner
        The function that owns a question.
    pay
        What functions are paid on, with the ``owner`` of each function where it was sent.
    """
    missed = [] if found is None else found.missed["metric"].astype(str).tolist()
    own = [asked.known.get(" ".join(metric.split()).casefold(), "") for metric in missed]
    functions = [function for name in own if name and (function := owner(name))]
    if not functions:
        return {}
    known: dict[str, str] = {}
    if pay is not None and "owner" in pay:
        named = pay.dropna(subset=["owner", "function"]).drop_duplicates("function").astype(str)
        known = dict(zip(named["function"], named["owner"], strict=True))
    person, first = known.get(functions[0], ""), functions[0]
    return by_name(*quotable(review_owner=f"{person}, {first}" if person else f"Head of {first}"))


def ledger_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger as it is handed on and written: days as text."""
    due = pd.to_datetime(rows["due"])
    return rows.assign(due=due.dt.strftime("%Y-%m-%d").where(due.notna(), ""))[COLUMNS]
