"""What the sampling chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.methods.sampling import Coverage, ResponseRates
from helpers.methods.estimates import Estimate
from helpers.methods.scorecard import Measure, Scorecard
from helpers.methods.weighting import Weights
from helpers.results import Figure, figure
from helpers.views.numerals import formatter, span
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
    "trend_title",
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
    table = found.table.set_index("measure")
    shared = {"base": found.base, "base_unit": "accounts"}
    figures = [
        Figure("accounts_eligible", int(table.loc["eligible", "accounts"]), unit="count", **shared),
        Figure("accounts_answered", int(table.loc["answered", "accounts"]), unit="count", **shared),
        Figure("account_coverage", float(table.loc["answered", "account_share"]), unit="share",
               label="share of accounts with an answer", **shared),
    ]  # fmt: skip
    if table["revenue_share"].notna().all():
        figures.append(
            Figure("revenue_coverage", float(table.loc["answered", "revenue_share"]), unit="share",
                   label="share of revenue with an answer", **shared)
        )  # fmt: skip
        if "deciders" in table.index:
            figures.append(
                Figure("decider_coverage", float(table.loc["deciders", "revenue_share"]),
                       unit="share", label="share of revenue with a decision maker", **shared)
            )  # fmt: skip
            heard = float(table.loc["answered", "revenue_share"])
            if heard > 0:
                share = float(table.loc["deciders", "revenue_share"]) / heard
                figures.append(
                    Figure("decider_heard", min(share, 1.0), unit="share",
                           label="share of the revenue heard with a decision maker", **shared)
                )  # fmt: skip
    if deciders is not None and "revenue" in listed_accounts:
        largest = listed_accounts.nlargest(top, "revenue")["account_id"]
        silent = int((~largest.isin(set(deciders.dropna()))).sum())
        figures += [
            Figure("silent_top", silent, unit="count", base=len(largest), base_unit="accounts"),
            Figure("top_accounts", len(largest), unit="count", base=len(largest),
                   base_unit="accounts"),
        ]  # fmt: skip
    return _named(*figures)


def coverage_rows(found: Coverage) -> pd.DataFrame:
    """The coverage table with its rows named as a reader would."""
    return found.table.assign(measure=found.table["measure"].map(ROWS))


def response(rates: ResponseRates) -> dict[str, Figure]:
    """The strictest response rate and the one that shares out the unknown."""
    table = rates.table.set_index("rate")
    return _named(
        *(
            Figure(name, float(table.loc[rate, "value"]), float(table.loc[rate, "low"]),
                   float(table.loc[rate, "high"]), unit="share", base=rates.base,
                   base_unit="people", label=label)
            for name, rate, label in (
                ("response_rate", "rr1", "response rate (AAPOR RR1)"),
                ("response_rate_likely", "rr3", "response rate (AAPOR RR3)"),
            )
        ),
        Figure("eligible_share", rates.eligible_share, unit="share", base=rates.base,
               base_unit="people", label="share of unknown cases taken as eligible"),
    )  # fmt: skip


def weighting(found: Weights, columns: Sequence[str]) -> dict[str, Figure]:
    """What the weights cost in precision, and how near they come to the margins."""
    people = found.base
    heaviest = (found.table["target_share"] / found.table["before_share"]).idxmax()
    thin = found.table.loc[heaviest]
    figures = [
        *quotable(thin_category=str(thin["category"])),
        Figure("thin_factor", float(thin["target_share"] / thin["before_share"]), unit="decimal1",
               base=int(thin["respondents"]), label="weight of the least heard group"),
        Figure("weighting_base", found.effective_base, unit="count", base=people,
               label="effective base of the weights alone (Kish)"),
        Figure("design_effect", found.design_effect, unit="ratio", base=people,
               label="design effect of the weights (Kish)"),
        *quotable(weighted_to=listed([c.replace("_", " ") for c in columns])),
    ]  # fmt: skip
    if found.largest_gap > GAP:
        figures.append(Figure("largest_gap", found.largest_gap, unit="share1", base=people,
                              label="largest distance from a margin"))  # fmt: skip
    return _named(*figures)


def scores(found: Scorecard) -> dict[str, Figure]:
    """Every score under the handbook's own weights, and the first as answered beside it."""
    ways = found.table["weighting"].unique()
    ours = next((w for w in ways if w.startswith("weighted")), ways[0])
    figures = []
    for (name, way), estimate in found.estimates.items():
        row = found.table[(found.table["measure"] == name) & (found.table["weighting"] == way)]
        unit, label = row["unit"].iloc[0], row["label"].iloc[0]
        if way == ours:
            figures.append(figure(name, estimate, unit=unit, grade="C", label=label))
        suffix = {"as answered": "unweighted", "the client's own weight": "own_weight"}.get(way)
        if suffix:
            figures.append(
                figure(f"{name}_{suffix}", estimate, unit=unit, grade="C", label=f"{label}, {way}")
            )
    first = found.table.iloc[0]
    main = next(f for f in figures if f.name == first["measure"])
    figures += [_renamed(main, "main"), *quotable(main_label=first["phrase"])]
    figures += [
        Figure(name, float(end), unit="decimal0", base=main.base, label="end of the scale")
        for name, end in (("main_from", first["from"]), ("main_to", first["to"]))
    ]
    figures.append(
        Figure("effective_base", found.estimates[(first["measure"], ours)].effective_base,
               unit="count", base=main.base, label="effective base of the leading score")
    )  # fmt: skip
    if ours != "as answered":
        plain = next(f for f in figures if f.name == f"{first['measure']}_unweighted")
        moved = abs(float(plain.value or 0) - float(main.value or 0))
        name = "main_unweighted" if moved > SMALL_MOVE * (main.margin or 0) else "main_unmoved"
        figures.append(_renamed(plain, name))
    return _named(*figures)


def _renamed(found: Figure, name: str) -> Figure:
    return Figure(name, found.value, found.low, found.high, unit=found.unit, base=found.base,
                  grade=found.grade, label=found.label)  # fmt: skip


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
        shown=[formatter(r.unit)(r.value) for r in table.itertuples()],
        range=[span(r.low, r.high, r.unit) for r in table.itertuples()],
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
    shown = [f"{formatter(r.unit)(r.value)} {r.weighting}" for r in rows.itertuples()]
    return f"{rows['label'].iloc[0]}: {'; '.join(shown)}"


def trend_title(history: pd.DataFrame, confidence: float = 0.95) -> str:
    """Whether the last wave differs from the one before, by their intervals.

    Intervals that do not overlap differ for sure; those that do may or may not.
    """
    rows = history.dropna(subset=["value", "low", "high"])
    label = rows["label"].iloc[0] if len(rows) else history["label"].iloc[0]
    if len(rows) < 2:
        return f"{label} by wave, as answered"
    before, now = rows.iloc[-2], rows.iloc[-1]
    if now["low"] > before["high"] or now["high"] < before["low"]:
        word = "higher" if now["value"] > before["value"] else "lower"
        return f"{label}: {word} in {now['wave']} than in {before['wave']}, as answered"
    return f"{label}: no clear change from {before['wave']} to {now['wave']}, as answered"


def change(
    moved: Estimate | None, measure: Measure, before: str
) -> dict[str, Figure]:
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
