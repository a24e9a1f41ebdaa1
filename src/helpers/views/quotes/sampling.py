"""What the sampling chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.estimates import Estimate
from helpers.methods.sampling import Coverage, ResponseRates
from helpers.methods.scorecard import Measure, Scorecard
from helpers.methods.weighting import Weights
from helpers.results import Figure, figure
from helpers.views.numerals import formatter, span
from helpers.views.records import records
from helpers.views.words.rules import listed, quotable

__all__ = [
    "change",
    "coverage",
    "coverage_rows",
    "first_measure",
    "gaps",
    "longest",
    "lowest_title",
    "respondents",
    "response",
    "score_rows",
    "scores",
    "weighting",
    "weighting_title",
]

SMALL_MOVE = 0.25  # of the margin: below it, weighting hardly moves a score
GAP = 0.005  # share off a margin that is worth a word
ROWS = {
    "eligible": "In the list",
    "invited": "Asked",
    "answered": "Answered",
    "deciders": "Answered by a decision maker",
}


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def respondents(responses: pd.DataFrame) -> dict[str, Figure]:
    """How many answered in this wave."""
    n = len(responses)
    return _named(Figure("respondents", n, unit="count", base=n, label="respondents"))


def coverage(
    found: Coverage, listed_accounts: pd.DataFrame, deciders: pd.Series | None, top: int
) -> dict[str, Figure]:
    """Accounts and revenue that were heard; counts of the whole list, so without intervals."""
    return _named(
        *_accounts_heard(found),
        *_revenue_heard(found),
        *_largest_silent(listed_accounts, deciders, top),
    )


def _accounts_heard(found: Coverage) -> list[Figure]:
    counted = partial(Figure, base=found.base, base_unit="accounts")
    rows = {row["measure"]: row for row in records(found.table)}
    answered = rows["answered"]
    share, label = float(answered["account_share"]), "share of accounts with an answer"
    return [
        counted("accounts_eligible", int(rows["eligible"]["accounts"]), unit="count"),
        counted("accounts_answered", int(answered["accounts"]), unit="count"),
        counted("account_coverage", share, unit="share", label=label),
    ]


def _revenue_heard(found: Coverage) -> list[Figure]:
    """Shares of revenue, where every account's revenue is known."""
    if found.table["revenue_share"].isna().any():
        return []
    counted = partial(Figure, unit="share", base=found.base, base_unit="accounts")
    shares = {row["measure"]: float(row["revenue_share"]) for row in records(found.table)}
    heard, label = shares["answered"], "share of revenue with an answer"
    figures = [counted("revenue_coverage", heard, label=label)]
    if "deciders" in shares:
        deciding, label = shares["deciders"], "share of revenue with a decision maker"
        figures.append(counted("decider_coverage", deciding, label=label))
        if heard > 0:
            share, label = deciding / heard, "share of the revenue heard with a decision maker"
            figures.append(counted("decider_heard", min(share, 1.0), label=label))
    return figures


def _largest_silent(
    listed_accounts: pd.DataFrame, deciders: pd.Series | None, top: int
) -> list[Figure]:
    """How many of the largest accounts gave no decision maker's answer."""
    if deciders is None or "revenue" not in listed_accounts:
        return []
    largest = listed_accounts.nlargest(top, "revenue")["account_id"]
    silent = int((~largest.isin(set(deciders.dropna()))).sum())
    counted = partial(Figure, unit="count", base=len(largest), base_unit="accounts")
    return [counted("silent_top", silent), counted("top_accounts", len(largest))]


def coverage_rows(found: Coverage) -> pd.DataFrame:
    """The coverage table with its rows named as a reader would."""
    return found.table.assign(measure=found.table["measure"].map(ROWS))


def response(rates: ResponseRates) -> dict[str, Figure]:
    """The strictest response rate and the one that shares out the unknown."""
    counted = partial(Figure, unit="share", base=rates.base, base_unit="people")
    rows = {row["rate"]: row for row in records(rates.table)}
    figures = []
    for name, rate, label in (
        ("response_rate", "rr1", "response rate (AAPOR RR1)"),
        ("response_rate_likely", "rr3", "response rate (AAPOR RR3)"),
    ):
        value, low, high = (float(rows[rate][part]) for part in ("value", "low", "high"))
        figures.append(counted(name, value, low, high, label=label))
    label = "share of unknown cases taken as eligible"
    return _named(*figures, counted("eligible_share", rates.eligible_share, label=label))


def weighting(found: Weights, columns: Sequence[str]) -> dict[str, Figure]:
    """What the weights cost in precision, and how near they come to the margins."""
    counted = partial(Figure, base=found.base)
    figures = [
        *_least_heard(found.table),
        counted(
            "weighting_base",
            found.effective_base,
            unit="count",
            label="effective base of the weights alone (Kish)",
        ),
        counted(
            "design_effect",
            found.design_effect,
            unit="ratio",
            label="design effect of the weights (Kish)",
        ),
        *quotable(weighted_to=listed([c.replace("_", " ") for c in columns])),
    ]
    if found.largest_gap > GAP:
        label = "largest distance from a margin"
        figures.append(counted("largest_gap", found.largest_gap, unit="share1", label=label))
    return _named(*figures)


def _least_heard(margins: pd.DataFrame) -> list[Figure]:
    """The category that weighting raises most, and by how much."""
    factors = margins["target_share"] / margins["before_share"]
    thin = margins.iloc[int(factors.argmax())]
    return [
        *quotable(thin_category=str(thin["category"])),
        Figure(
            "thin_factor",
            float(thin["target_share"] / thin["before_share"]),
            unit="decimal1",
            base=int(thin["respondents"]),
            label="weight of the least heard group",
        ),
    ]


def scores(found: Scorecard) -> dict[str, Figure]:
    """Every score under the handbook's own weights, and the first as answered beside it."""
    ways = found.table["weighting"].unique()
    ours = next((w for w in ways if w.startswith("weighted")), ways[0])
    figures = _each(found, ours)
    return _named(*figures, *_leading(found, figures, ours))


def _each(found: Scorecard, ours: str) -> list[Figure]:
    """Every score under our weights; as answered and under the client's own, so named."""
    rows = {(row["measure"], row["weighting"]): row for row in records(found.table)}
    figures = []
    for (name, way), estimate in found.estimates.items():
        unit, label = rows[name, way]["unit"], rows[name, way]["label"]
        if way == ours:
            figures.append(figure(name, estimate, unit=unit, grade="C", label=label))
        suffix = {"as answered": "unweighted", "the client's own weight": "own_weight"}.get(way)
        if suffix:
            figures.append(
                figure(f"{name}_{suffix}", estimate, unit=unit, grade="C", label=f"{label}, {way}")
            )
    return figures


def _leading(found: Scorecard, figures: Sequence[Figure], ours: str) -> list[Figure]:
    """The score that leads the page, its scale and base, and what weighting did to it."""
    first = found.table.iloc[0]
    main = next(f for f in figures if f.name == first["measure"])
    counted = partial(Figure, base=main.base)
    effective = found.estimates[(first["measure"], ours)].effective_base
    leading = [
        replace(main, name="main"),
        *quotable(main_label=first["phrase"]),
        counted("main_from", float(first["from"]), unit="decimal0", label="end of the scale"),
        counted("main_to", float(first["to"]), unit="decimal0", label="end of the scale"),
        counted(
            "effective_base", effective, unit="count", label="effective base of the leading score"
        ),
    ]
    if ours != "as answered":
        plain = next(f for f in figures if f.name == f"{main.name}_unweighted")
        moved = abs(float(plain.value or 0) - float(main.value or 0))
        name = "main_unweighted" if moved > SMALL_MOVE * (main.margin or 0) else "main_unmoved"
        leading.append(replace(plain, name=name))
    return leading


def first_measure(found: Scorecard) -> pd.DataFrame:
    """The rows of the score that leads the page, one a weighting."""
    return found.table[found.table["measure"] == found.table["measure"].iloc[0]]


def longest(history: pd.DataFrame) -> pd.DataFrame:
    """The rows of the score that was asked in most waves; the leading one where several were."""
    waves = history.groupby("measure", sort=False).size()
    return history[history["measure"] == waves.idxmax()]


def score_rows(found: Scorecard) -> pd.DataFrame:
    """Every score written in its own unit."""
    table = found.table
    return table.assign(
        shown=[formatter(r["unit"])(r["value"]) for r in records(table)],
        range=[span(r["low"], r["high"], r["unit"]) for r in records(table)],
    )


def lowest_title(groups: pd.DataFrame) -> str:
    """Name the group that answered least, where its interval clears the next.

    >>> groups = pd.DataFrame({"group": ["user", "buyer"], "rate": [0.6, 0.3],
    ...                        "low": [0.55, 0.25], "high": [0.65, 0.35]})
    >>> lowest_title(groups)
    'Answers come least from buyer: 30%'
    """
    known = groups.dropna(subset=["rate"]).sort_values("rate")
    if len(known) > 1 and known["high"].iloc[0] < known["low"].iloc[1]:
        first = known.iloc[0]
        return f"Answers come least from {first['group']}: {formatter('share')(first['rate'])}"
    return "No group answers clearly less than the others"


def weighting_title(found: Scorecard) -> str:
    """The leading score under each weighting, in a line."""
    rows = first_measure(found)
    shown = [f"{formatter(row['unit'])(row['value'])} {row['weighting']}" for row in records(rows)]
    return f"{rows['label'].iloc[0]}: {'; '.join(shown)}"


def change(moved: Estimate | None, measure: Measure, before: str) -> dict[str, Figure]:
    """The change of the leading score since the wave before."""
    if moved is None:
        return {}
    unit = "points" if measure.unit == "points" else "scale"
    found = figure("change", moved, unit=unit, grade="C", label=f"change of the {measure.phrase}")
    return _named(found, *quotable(before_wave=before))


def gaps(absent: Mapping[str, Sequence[str]]) -> list[str]:
    """Why a column of the list was not weighted to.

    >>> gaps({"tier": ["Key"]})
    ['answers are not weighted to tier: nobody from Key answered']
    """
    return [
        f"answers are not weighted to {name.replace('_', ' ')}: nobody from "
        f"{listed([str(c) for c in categories])} answered"
        for name, categories in absent.items()
    ]
