"""What the alignment chapter may quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Protocol

import pandas as pd

from helpers.methods.alignment import Coverage, Gaps, Paid, Staff, Units
from helpers.methods.claims import least
from helpers.methods.survey.disclosure import Protection
from helpers.results import ChapterResult, Figure
from helpers.views.alignment import figures_focus
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.rules import listed, quotable
from helpers.views.rendering.verdicts import how_many

COUNTED = ("some", "one", "none")
MOVED = ("higher", "lower", "not clear")
OWN = declare(
    "functions", "metrics", "helped", "opposed", "conflict", "conflict_metric", "conflict_function",
    "conflict_owner", "conflict_driver", "conflict_share", "conflict_way", "conflict_target",
    "conflict_saving", "cost_months", "unpaid_driver", "unpaid_effect", "unpaid_owner",
    "unpaid_function", "unowned_driver", "untested_metric", "untested_driver", "untested_share",
    "untested_function", "untested_owner", "across_driver", "across_functions", "employees",
    "weakest", "weakest_name", "change_name", "facing_name", "top_gap_driver", "top_gap_owner",
    "top_guess", "top_mean", "next_gap", "next_gap_driver", "owner_gap", "units",
    conflicts=COUNTED,
    cost=("loses", "not clear"),
    unpaid=COUNTED,
    unowned=COUNTED,
    untested=COUNTED,
    across=COUNTED,
    change=MOVED,
    facing=MOVED,
    misjudged=COUNTED,
    top_gap=("overrated", "underrated", "not clear"),
    unit_link=MOVED,
).claiming(
    **dict.fromkeys(("conflicts", "unpaid", "misjudged"), ("some", "one")),
    **dict.fromkeys(("change", "facing", "unit_link"), ("higher", "lower")),
)  # fmt: skip
DECLARED = OWN | figures_focus.DECLARED
DIMENSIONS = {
    "generation": "Learning about customers",
    "dissemination": "Passing on what is learnt",
    "responsiveness": "Acting on it",
    "belief": "Belief in it",
    "line_of_sight": "Seeing one's own part",
}
WAYS = {1: "up", -1: "down", 0: "either way"}
STAFF = "employees"


def many(name: str, number: int, label: str, p: float | None = None) -> Figure:
    """A count with what it says of how many there are."""
    return Figure(name, number, unit="count", label=label, verdict=how_many(number), p=p)


def _judged(row: pd.Series) -> float | None:
    """The p of a row among all that were looked at; ``None`` where nothing could be claimed."""
    return float(row["p_family"]) if row["judged"] else None


def pay(found: Paid, labels: Labels, currency: str, months: float | None) -> dict[str, Figure]:
    """How much of pay is on what helps customers, and the clearest conflict, with its cost."""
    share = partial(Figure, unit="share")
    against, untested = found.of("works against"), found.of("not tested", "not measured")
    figures = [
        Figure("functions", len(found.functions), unit="count", label="functions with metrics"),
        Figure("metrics", len(found.table), unit="count", label="metrics in functions' pay"),
        many("conflicts", len(against), "metrics in pay that work against customers",
             found.p_against),
        many("untested", len(untested), "metrics in pay meant for customers and not tested"),
        share("helped", float(found.functions["helps"].mean()),
              label="variable pay on metrics that a link shows to help customers"),
        share("opposed", float(found.functions["against"].mean()),
              label="variable pay on metrics that work against customers"),
    ]  # fmt: skip
    if len(against):
        figures += _conflict(against.iloc[0], labels, currency, months)
    if len(untested):
        row = untested.sort_values("share", ascending=False, kind="stable").iloc[0]
        figures += _named("untested", row, labels)
    return by_name(*figures)


def _named(name: str, row: pd.Series, labels: Labels) -> list[Figure]:
    """Which metric it is: of which function, for which driver, with what weight, whose."""
    rating = row["driver"] or row["rating"]
    texts = {"metric": plain(row["metric"]), "function": row["function"], "owner": row["owner"],
             "driver": labels.get(rating, plain(rating))}  # fmt: skip
    label = f"share of pay in {row['function']} on {plain(row['metric'])}"
    share = Figure(f"{name}_share", float(row["share"]), unit="share", label=label)
    return [share, *quotable(**{f"{name}_{k}": str(v) for k, v in texts.items() if v})]


def _conflict(row: pd.Series, labels: Labels, currency: str, months: float | None) -> list[Figure]:
    """The metric that customers pay most for, and what that costs where it is known."""
    metric = plain(row["metric"])
    figures = [
        Figure("conflict", -float(row["gain"]), -float(row["gain_high"]), -float(row["gain_low"]),
               unit="scale", base=int(row["base"]), grade="B",
               label=f"rating points lost where {metric} is as it is paid for"),
        *_named("conflict", row, labels), *quotable(conflict_way=WAYS[int(row["direction"])]),
    ]  # fmt: skip
    if currency and months and not pd.isna(row["money"]):
        ends = (-float(row["money"]), -float(row["money_high"]), -float(row["money_low"]))
        figures += [
            Figure("cost", *ends, unit=f"money:{currency}", base=int(row["base"]), grade="C",
                   label=f"revenue lost were the target of {metric} met",
                   verdict="loses" if ends[1] > 0 else "not clear"),
            Figure("cost_months", int(months), unit="count"),
        ]  # fmt: skip
    if currency and not pd.isna(row["saving"]):
        label = f"cost a year that meeting the target of {metric} avoids"
        figures.append(
            Figure("conflict_saving", float(row["saving"]), unit=f"money:{currency}", label=label)
        )
    return figures


def owned(found: Coverage, labels: Labels, earlier: ChapterResult | None) -> dict[str, Figure]:
    """Drivers with a clear effect that nobody owns, or is paid on, or several are."""
    points = None if earlier is None else earlier.figures.get("points")
    told = points is not None and points.value == "points"
    figures: list[Figure] = []
    parts = (("unpaid", ("nobody is paid",)), ("unowned", ("no owner",)),
             ("across", ("across functions", "paid elsewhere")))  # fmt: skip
    paid_known = found.of("pay not known").empty
    for name, findings in parts[0 if paid_known else 1 :]:
        rows = found.of(*findings, matters=True)
        p = _of_effects(found.of(*findings)) if name == "unpaid" else None
        figures.append(many(name, len(rows), f"drivers that matter: {findings[0]}", p))
        if len(rows):
            row = rows.iloc[0]
            figures += quotable(**{f"{name}_driver": labels.get(row["driver"], row["driver"])})
            if name == "unpaid":
                figures += _unpaid(row, told=told)
            if name == "across":
                paid = row["paid_by"].split(", ")
                figures += quotable(across_functions=listed(paid)) if len(paid) > 1 else []
    return by_name(*figures)


def _of_effects(rows: pd.DataFrame) -> float | None:
    """Chance that a driver among these would seem to matter: that nobody is paid is no chance."""
    return least(rows["p_family"].astype(float), rows["effect"] > 0)


def _unpaid(row: pd.Series, *, told: bool) -> list[Figure]:
    texts = {"unpaid_owner": row["owner"], "unpaid_function": row["function"]}
    figures = list(quotable(**{name: text for name, text in texts.items() if text}))
    if told:
        figures.append(
            Figure.from_row("unpaid_effect", row, ("effect", "effect_low", "effect_high"),
                            unit="decimal2", grade="C",
                            label="loyalty points per point of the driver nobody is paid on")
        )  # fmt: skip
    return figures


def staff(found: Staff) -> dict[str, Figure]:
    """The weakest side inside, what changed, and how those differ who meet customers."""
    row, people = found.now.iloc[0], partial(Figure.from_row, base_unit=STAFF, unit="scale")
    figures = [
        Figure("employees", found.base, unit="count", base=found.base, base_unit=STAFF),
        people("weakest", row, grade="C", label="mean rating of the side rated lowest"),
        *quotable(weakest_name=DIMENSIONS[row["dimension"]].lower()),
    ]
    compared = (
        ("change", found.changes, "points of the side that changed most since the wave before"),
        ("facing", found.facing, "points by which those who meet customers differ most"),
    )
    for name, table, label in compared:
        if len(table):
            first = table.sort_values(["p_family", "p"], kind="stable").iloc[0]
            side = DIMENSIONS[first["dimension"]].lower()
            figures.append(people(name, first, grade="C", verdict=first["verdict"],
                                  p=_judged(first), label=label))  # fmt: skip
            figures += quotable(**{f"{name}_name": side})
    return by_name(*figures)


def gaps(found: Gaps, labels: Labels) -> dict[str, Figure]:
    """The driver that staff misjudge most, and how those see it who own it."""
    clear = found.clear
    row = (clear if len(clear) else found.table).iloc[0]
    label = labels.get(row["driver"], row["driver"])
    told = partial(Figure.from_row, row=row, unit="scale", grade="C")
    figures = [
        many("misjudged", len(clear), "drivers that staff misjudge",
             least(found.table["p_family"])),
        told("top_gap", columns=("gap", "gap_low", "gap_high"), base="staff", base_unit=STAFF,
             verdict=row["verdict"], label=f"staff guess less customers' rating: {label}"),
        told("top_guess", columns=("guess", "guess_low", "guess_high"), base="staff",
             base_unit=STAFF, label=f"staff guess of the rating: {label}"),
        told("top_mean", columns=("mean", "mean_low", "mean_high"),
             label=f"customers' mean rating of {label}"),
        *quotable(top_gap_driver=label),
    ]  # fmt: skip
    if not pd.isna(row["owner_gap"]):
        figures.append(told("owner_gap", columns=("owner_gap", "owner_gap_low", "owner_gap_high"),
                            base="owner_staff", base_unit=STAFF,
                            label=f"guess less rating, of those who own {label}"))  # fmt: skip
        figures += quotable(top_gap_owner=row["owner"])
    if len(clear) > 1:
        second = clear.iloc[1]
        named = labels.get(second["driver"], second["driver"])
        figures.append(
            told("next_gap", row=second, columns=("gap", "gap_low", "gap_high"), base="staff",
                 base_unit=STAFF, label=f"staff guess less customers' rating: {named}")
        )  # fmt: skip
        figures += quotable(next_gap_driver=named)
    return by_name(*figures)


def units(found: Units) -> dict[str, Figure]:
    """Whether units whose staff say more have customers who score higher: an association."""
    rows = found.associations.sort_values(["p_family", "p"], kind="stable")
    figures = [Figure("units", found.base, unit="count", label="units with staff and customers")]
    if len(rows):
        row = rows.iloc[0]
        figures.append(
            Figure.from_row("unit_link", row, unit="correlation", base=None, grade="C",
                            verdict=row["verdict"], p=_judged(row),
                            label="correlation of staff and customers over units")
        )  # fmt: skip
    return by_name(*figures)


class _Question(Protocol):
    """A question of the codebook, as far as it says who owns it."""

    @property
    def variable(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def follow_up_owner(self) -> str: ...
    @property
    def decision(self) -> str: ...


def questions(asked: Iterable[_Question], drivers: Labels) -> pd.DataFrame:
    """What the codebook says of each driver: driver, function, follow_up_owner, decision."""
    rows = [(q.variable, q.function, q.follow_up_owner, q.decision) for q in asked
            if q.variable in drivers]  # fmt: skip
    return pd.DataFrame(rows, columns=["driver", "function", "follow_up_owner", "decision"])


def handed_on(earlier: ChapterResult | None) -> dict[str, pd.DataFrame]:
    """Tables of the operations chapter, where it ran."""
    return {} if earlier is None else dict(earlier.tables)


def measured(sent: Mapping[str, pd.DataFrame]) -> pd.Series | None:
    """The metrics that were measured, where any were."""
    return sent["ops_metrics"]["metric"] if "ops_metrics" in sent else None


def untold(handed: Mapping[str, pd.DataFrame]) -> list[str]:
    """What a reader misses where no metric could be set against ratings."""
    if "effects" in handed:
        return []
    return ["no internal measure was set against ratings (ops_metrics), so whether a metric in pay "
            "helps customers or works against them cannot be told"]  # fmt: skip


def horizon(earlier: ChapterResult | None) -> float | None:
    """Months over which the operations chapter counts revenue; ``None`` where it is not told."""
    told = None if earlier is None else earlier.figures.get("horizon")
    return None if told is None or told.value is None else float(told.value)


def shown_units(groups: Protection) -> pd.Series:
    """The unit of each employee, missing where it may not be shown."""
    if "unit" not in groups.groups:
        return pd.Series(pd.NA, index=groups.groups.index, dtype=object)
    of = groups.groups["unit"]
    return of.where(~of.astype(str).isin(groups.withheld("unit")))


def main(figures: Mapping[str, Figure]) -> str:
    """The figure whose base and grade stand for the page."""
    names = ("conflict", "top_gap", "unpaid_effect", "weakest", "acted_perceived")
    return next((name for name in names if name in figures), "conflict")
