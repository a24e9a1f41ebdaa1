"""What the linkage chapter may quote of other outcomes, of lags, and of how far to trust a link."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.claims import least
from helpers.methods.linkage import (
    Delay,
    Lags,
    Leavers,
    Link,
    Outcomes,
    Response,
    Specifications,
    Survival,
    Unseen,
    Within,
)
from helpers.methods.linkage.leavers import COMPLAINED, COMPLAINT_FREE
from helpers.methods.linkage.outcomes import CLAIMS
from helpers.methods.survey.estimates import Estimate
from helpers.results import Figure, figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.rules import quotable

HELD = ("most", "some")
CLAIM = ("here", "not here", "reverse")
WAYS = ("higher", "lower", "not clear")
DECLARED = declare(
    "delay_earliest", "delay_latest", "robustness", "robustness_limit", "e_value", "e_limit",
    "strongest", "strongest_share", "choices", "choices_same", "within_label", "within_unit",
    "survival_low", "survival_high", "survival_months", "others_left", "left_all", "left_months",
    "top_tenth", "outcomes_told", "outcomes_clear", "groups_told", "spend_corrected",
    spend_more=CLAIM, buy_wider=CLAIM, resist_offers=CLAIM,
    delay=WAYS, within=WAYS,
    choices_clear=HELD,
    threshold=("levels off", "begins", "no threshold"),
    groups_clear=("some", "none"),
    complained_left=("leave more", "leave less", "not clear"),
).claiming(
    **dict.fromkeys(("spend_more", "buy_wider", "resist_offers"), ("here", "reverse")),
    **dict.fromkeys(("delay", "within"), ("higher", "lower")),
    threshold=("levels off", "begins"), groups_clear=("some",),
    complained_left=("leave more", "leave less"),
)  # fmt: skip
SHOWN = {
    "retained": "Staying",
    "leaving": "Rate of leaving, all waves",
    "renewed": "Renewed what ended",
    "kept_from_offers": "Not lost to another offer",
    "growth_after": "Spend afterwards, of those who stayed",
    "wallet_after": "Our share of their spend, as declared",
    "products_added": "Products taken up",
    "offers_won": "Offers won",
    "referred": "Customers brought",
}
KEPT = 0.8  # share of choices with one sign and clear from which a link holds
MONTHS_SHOWN = 12
LEFT = "share that left within the lag"
KEPT_A_YEAR = "share kept a year after the first score"


def outcome_name(outcome: str) -> str:
    """What a row of outcomes is called.

    A client's own outcome is named as a change, since its levels stand on the page as well.

    >>> outcome_name("offers_won"), outcome_name("spending_index")
    ('Offers won', 'Change of spending index')
    """
    return SHOWN.get(outcome, f"Change of {plain(outcome)}")


def claims(found: Outcomes) -> dict[str, Figure]:
    """The three claims about loyal customers, those that could be tested."""
    told = []
    for outcome, claim in CLAIMS.items():
        row = found.row(outcome)
        if row is not None:
            sure = row["corrected"] < 0.05
            verdict = "not here" if not sure else "here" if row["effect"] > 0 else "reverse"
            told.append(
                Figure.from_row(
                    claim.replace(" ", "_"), row, ("effect", "low", "high"),
                    **_written(row["unit"]), base_unit="account surveys", verdict=verdict,
                    grade="B", label=f"change of: {outcome_name(outcome)}",
                    p=float(row["corrected"]),
                )
            )  # fmt: skip
    known = found.table[found.table["effect"].notna()]
    clear = int(known["verdict"].ne("not clear").sum())
    return by_name(
        *told,
        Figure("outcomes_told", len(known), unit="count", label="outcomes"),
        Figure("outcomes_clear", clear, unit="count", label="outcomes that move clearly"),
    )


def spend_corrected(found: Link) -> dict[str, Figure]:
    """The change of spend for points of true loyalty: what better scores would be worth."""
    made = found.corrected
    if made is None:
        return {}
    value, low, high = (float(np.expm1(end)) for end in (made.effect, made.low, made.high))
    return by_name(
        Figure("spend_corrected", value, low, high, unit="share1", base=made.base,
               base_unit="account surveys", grade=found.grade,
               label="change of spend afterwards, corrected for measurement error")
    )  # fmt: skip


def _written(unit: str) -> dict[str, Any]:
    """How a change is written: points of a share as such, the rest in per cent."""
    return {"factor": 100.0, "unit": "points"} if unit == "points" else {"unit": "share1"}


def outcome_tables(found: Outcomes) -> dict[str, pd.DataFrame]:
    """The outcomes as they are handed on: by name, changes as shares or in percentage points."""
    factor = np.where(found.table["unit"] == "points", 100.0, 1.0)
    ends = found.table[["effect", "low", "high"]].astype(float).mul(factor, axis=0)
    names = [outcome_name(x) for x in found.table["outcome"]]
    return {"outcomes": found.table.assign(**ends, outcome=names)}


def lag_tables(found: Lags, unit: str) -> dict[str, pd.DataFrame]:
    """The link at each lag as it is handed on and drawn: shares in percentage points."""
    ends = ["effect", "low", "high", "band_low", "band_high"]
    factor = 100.0 if unit == "share" else 1.0
    label = [f"{months} months" for months in found.table["lag_months"]]
    return {"lags": found.table.assign(**found.table[ends] * factor, label=label)}


def delay(found: Delay) -> dict[str, Figure]:
    """From which month on spend follows the score."""
    counted = partial(Figure, base=found.base, base_unit="account surveys", unit="count")
    return by_name(
        counted("delay", found.month, found.earliest, found.latest, verdict=found.verdict,
                label="month from which spend follows the score", grade="B", p=found.p),
        *([counted("delay_earliest", found.earliest), counted("delay_latest", found.latest)]
          if found.earliest < found.latest else []),
    )  # fmt: skip


def unseen(found: Unseen, names: dict[str, str]) -> dict[str, Figure]:
    """How strong a cause that nobody measured would have to be."""
    counted = partial(Figure, base=found.base, base_unit="account surveys")
    told = [
        counted("robustness", found.robustness, unit="share", label="robustness value"),
        counted("robustness_limit", found.robustness_limit, unit="share",
                label="robustness value of the interval"),
        counted("e_value", found.e_value, unit="decimal1", label="E-value"),
        counted("e_limit", found.e_limit, unit="decimal1", label="E-value of the interval"),
    ]  # fmt: skip
    if found.strongest:
        told.append(counted("strongest_share", found.strongest_share, unit="share1"))
        told += quotable(strongest=names.get(found.strongest, plain(found.strongest)))
    return by_name(*told)


def specifications(found: Specifications) -> dict[str, Figure]:
    """How many of the defensible choices agree."""
    held = "most" if found.clear >= KEPT else "some"
    return by_name(
        Figure("choices", found.base, unit="count", label="ways to estimate the link"),
        Figure("choices_same", found.same_sign, unit="share", label="with the same sign"),
        Figure("choices_clear", found.clear, unit="share", label="with it and clear", verdict=held),
    )


def within(found: Within, outcome: str, unit: str, link: Link) -> dict[str, Figure]:
    """The link of each account's better waves with what followed them: a check on ``link``.

    Where that link itself is not clear there is nothing to check, and nothing is called clear.
    """
    ends = np.array([found.effect, found.low, found.high])
    shown, written = ends, "decimal3"
    if outcome == "growth_after":
        shown, written = np.expm1(ends), "share1"
    elif unit == "share":
        shown, written = 100 * ends, "points"
    value, low, high = (float(end) for end in shown)
    verdict = "not clear" if link.verdict == "not clear" else found.verdict
    told = Figure(  # both are tested: the less sure of the two tells the chance
        "within", value, low, high, unit=written, base=found.base, verdict=verdict,
        p=max(found.p, link.p),
        base_unit="account surveys", grade="B", label="accounts compared with themselves",
    )  # fmt: skip
    label = "spend" if outcome == "growth_after" else f"“{outcome.replace('_', ' ')}”"
    points = quotable(within_unit="percentage points") if written == "points" else ()
    return by_name(told, *quotable(within_label=label), *points)


def response(found: Response, link: Link, digits: str = "decimal0") -> dict[str, Figure]:
    """Where the slope of the outcome changes, if it does: asked only where there is a link."""
    verdict = "no threshold" if link.verdict == "not clear" else found.verdict
    clear = verdict != "no threshold" and found.threshold_low < found.threshold_high
    low, high = (found.threshold_low, found.threshold_high) if clear else (None, None)
    return by_name(
        Figure("threshold", found.threshold, low, high, unit=digits, base=found.base,
               base_unit="account surveys", verdict=verdict, grade="C",
               label="score at which the slope changes", p=max(found.p, link.p))
    )  # fmt: skip


def survival(found: Survival) -> dict[str, Figure]:
    """Share still there after a year, of those who scored least and most at first."""
    after = found.at(MONTHS_SHOWN)
    ends = ("share", "low", "high")
    counted = partial(Figure.from_row, base="accounts", unit="share", base_unit="accounts")
    return by_name(
        counted(
            "survival_low",
            after.iloc[0],
            ends,
            grade="C",
            label=KEPT_A_YEAR,
        ),
        counted(
            "survival_high",
            after.iloc[-1],
            ends,
            grade="C",
            label=KEPT_A_YEAR,
        ),
        Figure("survival_months", MONTHS_SHOWN, unit="count", label="months after the first score"),
    )


def leavers(found: Leavers, months: int) -> dict[str, Figure]:
    """Who left, of those who had complained and of the others."""
    told = [
        figure("left_all", found.overall, label=LEFT, unit="share", grade="C",
               base_unit="account surveys"),
        Figure("left_months", months, unit="count", label="months after a survey"),
    ]  # fmt: skip
    clear = int(found.table["verdict"].ne("not clear").sum())
    told += [
        Figure("groups_told", len(found.table), unit="count", label="groups compared"),
        Figure("groups_clear", clear, unit="count", label="groups that differ clearly",
               verdict="some" if clear else "none", p=least(found.table["corrected"])),
    ]  # fmt: skip
    of = found.table[found.table["kind"] == COMPLAINED]
    for name, group in (("complained_left", COMPLAINED), ("others_left", COMPLAINT_FREE)):
        for _, row in of[of["group"] == group].iterrows():
            asked = group == COMPLAINED
            told.append(
                Figure.from_row(name, row, label=LEFT, unit="share", grade="C",
                                base_unit="account surveys",
                                verdict=str(row["verdict"]) if asked else "",
                                p=least([row["corrected"]]) if asked else None)
            )  # fmt: skip
    return by_name(*told)


def supplied(outcomes: pd.DataFrame | None) -> list[str]:
    """Names of the outcomes that the client supplies."""
    return [] if outcomes is None else sorted(outcomes["outcome"].dropna().unique())


def known_before(accounts: pd.DataFrame, adjust: list[str], segments: tuple[str, ...]) -> list[str]:
    """Columns of the account list that a link may be adjusted for."""
    wanted = dict.fromkeys((*adjust, *segments, "segment", "region"))
    return [name for name in wanted if name in accounts and accounts[name].notna().any()]


def top_tenth(found: Estimate) -> dict[str, Figure]:
    """How much of revenue a tenth of the accounts brings."""
    return by_name(
        figure("top_tenth", found, unit="share", base_unit="accounts",
               label="share of revenue in the top tenth of accounts")
    )  # fmt: skip
