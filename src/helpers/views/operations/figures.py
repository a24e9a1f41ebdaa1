"""What the operations chapter may quote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from helpers.methods.claims import least, p_of_draws
from helpers.methods.operations import Effects, Knees, Link, Metrics, Savings, Worth
from helpers.results import ChapterResult, Figure, Grade
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.rules import listed, quotable

DECLARED = declare(
    "sent", "tested", "useful", "top_metric", "top_rating", "owner", "against_metric",
    "against_owner", "against_paid",
    "against_rating", "confounded", "knee_metric", "knee_rating", "knee_unit", "target",
    "missing", "missing_share", "rating_change", "loyalty_change", "horizon",
    "bends", "savings", "savings_least", "savings_most", "savings_months", "fine_bad", "off_bad",
    "fine_metric", "fine_rating", "unmet",
    top_gain=("pays", "works against", "linked"),
    against=("works against",),
    knee=("stops above", "stops below", "bends"),
    worth=("gain", "loss", "not clear"),
    growth=("gain", "loss", "not clear"),
).claiming(
    top_gain=("pays", "works against", "linked"), against=("works against",),
    worth=("gain", "loss"), growth=("gain", "loss"),
    knee=("stops above", "stops below", "bends"),
)  # fmt: skip

ON, OFF = (
    [f"{side}_{name}" for name in ("target", "low", "high")] for side in ("on", "off")
)  # shares that rate badly on target and off it, with their ends


def loyalty_links(earlier: ChapterResult | None, label: str) -> dict[str, Link]:
    """Points of loyalty for a point of each rating, as the drivers chapter has them.

    Nothing where that chapter did not run, or explained another outcome than loyalty.
    """
    if earlier is None or "drivers" not in earlier.tables:
        return {}
    explained, points = (earlier.figures.get(name) for name in ("outcome_label", "points"))
    same = explained is not None and label.casefold() in str(explained.value).casefold()
    if not same or points is None or points.value != "points":
        return {}
    rows = earlier.tables["drivers"].dropna(subset=["effect", "effect_low", "effect_high"])
    return {
        str(r["driver"]): Link(float(r["effect"]), float(r["effect_low"]),
                               float(r["effect_high"]), int(r["base"]))
        for _, r in rows.iterrows()
    }  # fmt: skip


def staying_link(earlier: ChapterResult | None, label: str) -> Link | None:
    """Change of the share that stays for points of loyalty, corrected for measurement error.

    ``None`` where the link chapter did not run, is about another score or another outcome, or
    could not correct.
    """
    if earlier is None or "link" not in earlier.tables:
        return None
    verb, score, per = (earlier.figures.get(n) for n in ("outcome_verb", "score_label", "per"))
    table = earlier.tables["link"]
    row = table[table["estimate"] == "corrected"]
    if verb is None or score is None or per is None or row.empty:
        return None
    if str(score.value).casefold() != label.casefold():
        return None
    found = row.iloc[0]
    ends = (float(found["effect"]), float(found["low"]), float(found["high"]))
    return Link(*ends, int(found["base"]), float(str(per.value)))


def spending_link(earlier: ChapterResult | None, label: str) -> Link | None:
    """Change of the spend of those who stay, for points of loyalty; ``None`` where not clear.

    Corrected for measurement error, as staying is: it is what better loyalty would be worth.
    """
    claim = None if earlier is None else earlier.figures.get("spend_more")
    if claim is None or claim.verdict != "here":
        return None
    return _quoted(earlier, "spend_corrected", "per", label)


def keeping_link(earlier: ChapterResult | None, label: str) -> Link | None:
    """Share of today's revenue that points of loyalty keep; ``None`` where it is not known."""
    return _quoted(earlier, "revenue_kept", "kept_points", label)


def _quoted(earlier: ChapterResult | None, name: str, points: str, label: str) -> Link | None:
    """A change that the link chapter quotes for points of the score of this name."""
    if earlier is None:
        return None
    found, score, per = (earlier.figures.get(n) for n in (name, "score_label", points))
    if found is None or found.low is None or found.high is None or score is None or per is None:
        return None
    if str(score.value).casefold() != label.casefold():
        return None
    ends = (float(str(found.value)), float(found.low), float(found.high))
    return Link(*ends, int(found.base or 0), float(str(per.value)))


def staying_share(earlier: ChapterResult | None) -> float:
    """Share of accounts that stay within the horizon, as the link chapter has it."""
    left = amount(earlier, "left_all")
    return 1.0 if left is None else 1.0 - left


def amount(earlier: ChapterResult | None, name: str) -> float | None:
    """A figure of an earlier chapter as a number; ``None`` where it is not told."""
    found = None if earlier is None else earlier.figures.get(name)
    return None if found is None or not isinstance(found.value, int | float) else float(found.value)


def weakest(*earlier: ChapterResult | None) -> Grade:
    """The grade of a chain: that of its weakest link, B at best."""
    names = ("top_effect", "effect")
    grades = [f.grade for r in earlier if r for n in names if (f := r.figures.get(n)) and f.grade]
    return max(["B", *grades])


def at_risk(earlier: ChapterResult | None) -> float | None:
    """The revenue at risk that is linked to low scores, where that is clear."""
    found = None if earlier is None else earlier.figures.get("risk_excess")
    clear = found is not None and found.verdict == "clear"
    return amount(earlier, "risk_excess") if clear else None


def by_account(claimed: pd.DataFrame | None) -> pd.Series | None:
    """Expected money of leads by account, where the chapter on leads handed it on."""
    return None if claimed is None else claimed.set_index("account_id")["money"]


def links(
    found: Effects, sent: Metrics, labels: Labels, owner: Callable[[str], str]
) -> dict[str, Figure]:
    """How many metrics were set against ratings, and the one whose target pays most.

    ``owner`` gives the function that owns a rating, where the metric has no owner of its own.
    """
    clear = found.clear
    counted = partial(Figure, unit="count")
    tested = found.table["metric"].nunique()
    unclear = least(found.table["p_family"]) if clear.empty else None  # clear ones tell theirs
    figures = [
        counted("sent", len(sent.summary), label="internal measures sent"),
        counted("tested", tested, label="internal measures set against ratings", p=unclear),
        counted("useful", int(clear.loc[clear["verdict"] == "pays", "metric"].nunique()),
                label="internal measures whose target pays"),
        *([counted("unmet", len(found.why))] if found.why else []),
    ]  # fmt: skip
    if found.top is not None:
        figures += _top(found.top, sent, labels, found, owner)
    figures += _against(clear, sent, labels, found, owner)
    within = found.clear.loc[found.clear["used"] == "within", "metric"]
    if len(within):
        figures += quotable(confounded=listed([plain(name) for name in within.unique()]))
    return by_name(*figures)


def _gain(name: str, row: pd.Series, found: Effects) -> Figure:
    sign = -1 if row["verdict"] == "works against" else 1
    low, high = sorted((sign * float(row["gain_low"]), sign * float(row["gain_high"])))
    return Figure(
        name, sign * float(row["gain"]), low, high, unit="scale", base=int(row["base"]),
        grade=found.grade, verdict=row["verdict"], p=float(row["p_family"]),
        label=f"rating points of {row['rating']} between the quartiles of {plain(row['metric'])}",
    )  # fmt: skip


def _top(
    row: pd.Series, sent: Metrics, labels: Labels, found: Effects, owner: Callable[[str], str]
) -> Iterator[Figure]:
    yield _gain("top_gain", row, found)
    yield from quotable(
        top_metric=plain(row["metric"]), top_rating=labels.get(row["rating"], row["rating"])
    )
    if whose := owned_by(sent.of(row["metric"]), str(row["rating"]), owner):
        yield from quotable(owner=whose)


def owned_by(line: pd.Series, rating: str, owner: Callable[[str], str]) -> str:
    """Who owns a metric: its person and function, else the function that owns the rating."""
    known = ", ".join(filter(None, (line["owner"], line["functions"])))
    return known or owner(rating)


def _against(
    clear: pd.DataFrame, sent: Metrics, labels: Labels, found: Effects, owner: Callable[[str], str]
) -> Iterator[Figure]:
    rows = clear[clear["verdict"] == "works against"]
    if len(rows):
        row = rows.iloc[0]
        yield _gain("against", row, found)
        yield from quotable(
            against_metric=plain(row["metric"]), against_rating=labels.get(row["rating"], "")
        )
        line = sent.of(row["metric"])
        if whose := owned_by(line, str(row["rating"]), owner):
            yield from quotable(against_owner=whose)
        if line["functions"]:
            yield from quotable(against_paid=line["functions"])


def knee(found: Knees, sent: Metrics, labels: Labels) -> dict[str, Figure]:
    """The clearest bend, or how many links were asked for one."""
    if found.table.empty:
        return {}
    if found.clear.empty:
        return by_name(
            Figure("bends", len(found.table), unit="count", p=least(found.table["p_family"]),
                   label="links asked for a bend")
        )  # fmt: skip
    row = found.clear.iloc[0]
    return by_name(
        Figure("knee", float(row["knee"]), float(row["knee_low"]), float(row["knee_high"]),
               unit="decimal0", base=int(row["base"]), grade="B", verdict=row["verdict"],
               p=float(row["p_family"]), label=f"where {plain(row['metric'])} bends"),
        *quotable(
            knee_metric=plain(row["metric"]), knee_unit=sent.of(row["metric"])["unit"],
            knee_rating=labels.get(row["rating"], row["rating"]),
        ),
    )  # fmt: skip


def worth(
    found: Worth, top: pd.Series | None, sent: Metrics, currency: str, grade: Grade
) -> dict[str, Figure]:
    """What it would be worth that the top metric's target is met."""
    rows = found.table if top is None else found.table[found.table["metric"] == top["metric"]]
    if top is None or rows.empty:
        return {}
    row, line, metric = rows.iloc[0], sent.of(top["metric"]), plain(top["metric"])
    many = f"{line['level']}s"
    counted = partial(Figure, base=int(row["known"]), base_unit=many)
    figures = [
        counted("missing", int(row["missing"]), unit="count",
                label=f"{many} that miss the target of {metric}"),
        counted("missing_share", float(row["missing_share"]), unit="share",
                label=f"share that misses the target of {metric}"),
        Figure("horizon", found.horizon, unit="count"),
        *quotable(target=written_in(row["target"], line["unit"])),
    ]  # fmt: skip
    for column, unit, name in _parts(currency):
        if not pd.isna(row[column]):
            ends = (column, f"{column}_low", f"{column}_high")
            figures.append(
                Figure.from_row(
                    name,
                    row,
                    ends,
                    base=int(row["base"]),
                    unit=unit,
                    grade=grade,
                    label=f"{plain(column)} from meeting the target of {metric}",
                    verdict=_sure(row, column) if column in ("money", "growth") else "",
                    p=_chance(found, top, column) if column in ("money", "growth") else None,
                )
            )
    return by_name(*figures)


def _chance(found: Worth, top: pd.Series, column: str) -> float:
    """Of the draws, and of the link that they begin with: it was chosen among all that were tried.

    A chain is no surer than that link.
    """
    drawn = (found.draws if column == "money" else found.grown)[str(top["metric"])]
    return max(float(top["p_family"]), p_of_draws(drawn))


def _parts(currency: str) -> tuple[tuple[str, str, str], ...]:
    """Columns of the worth, each with its unit and the name of its figure."""
    return (
        ("rating_change", "scale", "rating_change"),
        ("loyalty_change", "scale", "loyalty_change"),
        ("money", f"money:{currency}", "worth"),
        ("growth", f"money:{currency}", "growth"),
    )


def written_in(value: float, unit: str) -> str:
    """A number in a metric's unit.

    >>> written_in(95.0, "%"), written_in(24.5, "hours")
    ('95%', '24.5 hours')
    """
    return f"{value:g}{'' if unit == '%' else ' '}{unit}"


def _sure(row: pd.Series, column: str) -> str:
    if row[f"{column}_low"] > 0:
        return "gain"
    return "loss" if row[f"{column}_high"] < 0 else "not clear"


def saved(found: Savings, currency: str, account: pd.DataFrame) -> dict[str, Figure]:
    """Cost that would be avoided, as the account of all claims counts it."""
    counts = float(account.loc[account["line"] == "efficiency", "counted"].sum())
    if not counts:
        return {}
    rows = found.table[found.table["counted"]]
    money = partial(Figure, unit=f"money:{currency}")
    ends = [] if rows["least"].isna().any() else [
        money("savings_least", float(rows["least"].sum()), label="at the rate of the best months"),
        money("savings_most", float(rows["most"].sum()), label="at the rate of the worst months"),
    ]  # fmt: skip
    return by_name(
        money("savings", counts, label="cost avoided in a year were targets met"),
        Figure("savings_months", int(rows["months"].min()), unit="count",
               label="months sent of the measure with fewest"),
        *ends,
    )  # fmt: skip


def felt(table: pd.DataFrame, labels: Labels) -> dict[str, Figure]:
    """Where most customers rate badly although the metric is on target."""
    told = table.dropna(subset=["on_target", "off_target"])
    if told.empty:
        return {}
    row = told.sort_values("on_target", ascending=False, kind="stable").iloc[0]
    share = partial(Figure.from_row, row=row, unit="share", grade="C")
    name = f"{plain(row['metric'])}, {labels.get(row['rating'], row['rating'])}"
    return by_name(
        share("fine_bad", columns=ON, base="on_base",
              label=f"rate badly on target: {name}"),
        share("off_bad", columns=OFF, base="off_base",
              label=f"rate badly off target: {name}"),
        *quotable(fine_metric=plain(row["metric"]),
                  fine_rating=labels.get(row["rating"], row["rating"])),
    )  # fmt: skip
