"""The words of the board chapter: who stayed, with how much, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

KEPT = (
    "{logos:value} of accounts stayed. Today's customers are worth {asset:value} "
    "({asset:interval}) in margin over {asset_years:value} years."
)
STAYED = "{logos:value} of accounts stayed."
NET = "Customers of a year ago bring {net:value} of the revenue they brought then"
ANSWER = by_verdict(
    "net",
    {
        "grows": (f"{NET}: they grow. {KEPT}", f"{NET}: they grow. {STAYED}"),
        "shrinks": (f"{NET}: they shrink. {KEPT}", f"{NET}: they shrink. {STAYED}"),
        "not clear": (f"{NET}. {KEPT}", f"{NET}. {STAYED}"),
    },
    untold=(
        "{risk_gross:value} a year of revenue is likely to leave within {horizon:value} months. "
        "Retention over a year needs two years of revenue by month.",
        "Retention over a year needs two years of revenue by month.",
    ),
)
GROWTH = by_verdict(
    "net",
    {
        "grows": "Growth of those who stay outweighs what left: {gross:value} would be left "
        "without it.",
        "shrinks": "Growth of those who stay does not make up for what left: {gross:value} would "
        "be left without it.",
        "not clear": "Without growth of those who stay, {gross:value} would be left: growth "
        "offsets much of the loss; whether all of it is not clear.",
    },
)
SCORES = (
    "By revenue, {score_label} is {by_revenue:value} ({by_revenue:interval}) in {this_wave}, after "
    "{by_revenue_before:value} in {wave_before}. A few large accounts dominate: the "
    "{by_revenue:base} that answered count as {effective:value} of equal size.",
    "By revenue, {score_label} is {by_revenue:value} ({by_revenue:interval}) in {this_wave}. A "
    "few large accounts dominate: the {by_revenue:base} that answered count as {effective:value} "
    "of equal size.",
)
RISK = (
    "{risk_gross:value} ({risk_gross:interval}) a year is likely to leave within {horizon:value} "
    "months; ten accounts hold {top10_share:value} of it."
)
POINT = (
    "Keeping one percentage point more of revenue each year would add {per_point:value} to what "
    "today's customers are worth over {asset_years:value} years."
)
ASK = (
    "Report net and gross retention and the customer asset beside the quarter's results, and "
    "judge the ask on the first page by them.",
)
LINES = (
    "The customer asset takes each coming year to keep what the last one kept: a year unlike it "
    "would move {asset:value} by more than its range."
)
TITLE = (
    "Customers of a year ago bring {net:value} of their revenue then; {gross:value} without growth"
)
SCORE_TITLE = "Loyalty by revenue: {by_revenue:value} in {this_wave}"


def answer(figures: Mapping[str, Figure]) -> str:
    """What customers of a year ago bring, how many stayed, what they are worth."""
    return ANSWER(figures)


def kept(figures: Mapping[str, Figure]) -> str:
    """What growth makes up for."""
    return GROWTH(figures)


def kept_title(figures: Mapping[str, Figure]) -> str:
    """The title of the chart of retention."""
    return first_that_fits(figures, TITLE)


def scores(figures: Mapping[str, Figure]) -> str:
    """Loyalty by revenue, and on how many accounts it rests."""
    return first_that_fits(shown(figures), *SCORES)


def scores_title(figures: Mapping[str, Figure]) -> str:
    """The title of the chart of loyalty by revenue."""
    return first_that_fits(figures, SCORE_TITLE)


def risk(figures: Mapping[str, Figure]) -> str:
    """Revenue at risk and its concentration."""
    return first_that_fits(shown(figures), RISK)


def so_what(figures: Mapping[str, Figure]) -> str:
    """What a point of retention is worth."""
    return paragraph(all_that_fit(shown(figures), POINT))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action, of who owns the books."""
    return {"what": first_that_fits(figures, *ASK), "owner": "Head of finance", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (first_that_fits(shown(figures), LINES),)))
