"""The words of the linkage chapter on money: margin, returns, past forecasts, share of wallet."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph
from helpers.views.rendering.verdicts import by_verdict

MARGIN = "The same loss in margin is {margin_gross}."
RULE = by_verdict(
    "rule_ratio",
    {
        "too much": "The usual rule of thumb (detractors times half the average revenue) says "
        "{rule_now:value} a year. On past waves it named {rule_ratio} times what then left: do "
        "not plan with it.",
        "too little": "The usual rule of thumb (detractors times half the average revenue) says "
        "{rule_now:value} a year. On past waves it named only {rule_ratio} times what then left: "
        "do not plan with it.",
        "not clear": "The usual rule of thumb (detractors times half the average revenue) says "
        "{rule_now:value} a year. On past waves it named {rule_ratio} times what then left: not "
        "clearly wrong in total, but it names no account.",
    },
)
LEVELS = by_verdict(
    "level_last",
    {
        "differ": "After some waves more accounts left than after others, by more than chance and "
        "more than their scores explain. The same loss would be {level_last:value} if as many left "
        "as after the last wave, and {level_least:value} to {level_most:value} over the waves so "
        "far. Its own range, above, allows for that: plan with it.",
        "alike": "That more accounts left after some waves than after others is not shown. So few "
        "waves hardly tell, and the range above allows for it all the same: where waves are alike, "
        "it is wider than it need be.",
    },
)
WORTH = (
    "If the link holds, {per:value} points more for every account with a score would be worth "
    "{return_all} of {return_of} over {return_years:value} years, discounted at "
    "{return_rate:value} a year"
)
CEILING = (
    "Raising one account in a hundred is worth {return_hundredth:value}; a programme that costs "
    "more than {return_each:value} an account, on average, does not pay for itself by retention "
    "alone"
)
COST = "with {return_cost} an account for the programme deducted"
RETURNS = by_verdict(
    "return_all",
    {
        "pays": (
            f"{WORTH}, {COST}. Evidence grade {{return_grade}}.",
            f"{WORTH}. {CEILING}. Evidence grade {{return_grade}}.",
        ),
        "not clear": (
            f"{WORTH}, {COST}: it may as well lose money, so no budget follows from it.",
            f"{WORTH}, which may as well be nothing: no budget follows from it.",
        ),
        "loses": (f"{WORTH}, {COST}: it does not pay.", f"{WORTH}: it does not pay."),
    },
)
EACH = (
    "Raising one {best_group} account is worth {best_each:value} of {return_of} over "
    "{return_years:value} years; one {least_group} account, {least_each:value}"
)
FORETOLD = (
    "As of {test_wave}, the waves before it would have forecast that {test_expected:value} "
    "of its {test_left:base} leave within {test_months:value} months. {test_left:value} did, "
    "{test_as_many}"
)
FORECASTS = by_verdict(
    "test_auc",
    {
        "told apart": "Of two of these accounts, one of which left, the forecast had put the right "
        "one first in {test_auc} of cases; a coin would in half.",
        "not clear": "Which accounts left it did not clearly tell: of two, one of which left, it "
        "had put the right one first in {test_auc} of cases, a coin in half. Use it for the "
        "total, not for names.",
    },
)
LEVEL = by_verdict(
    "test_ratio",
    {
        "right": f"{FORETOLD}. Chance alone can explain the gap.",
        "too few": f"{FORETOLD}, more than chance explains: plan for more than this page says.",
        "too many": f"{FORETOLD}, fewer than chance explains: this page is likely to say too much.",
    },
)
WALLET = "Customers rank us so that {wallet_implied} of their spend would be ours"
GAP = by_verdict(
    "wallet_gap",
    {
        "higher": f"{WALLET}; they declare {{wallet_declared}}. We are liked better than we are "
        "used: that is where growth is.",
        "lower": f"{WALLET}; they declare {{wallet_declared}}. We are used more than we are liked: "
        "that spend is not safe.",
        "not clear": f"{WALLET}; they declare {{wallet_declared}}, which is about the same.",
    },
    untold=(f"{WALLET} (Wallet Allocation Rule).", ""),
)
USE = by_verdict(
    "wallet_rule",
    {
        "for use": "",
        "few suppliers": "Only {wallet_several:value} use several suppliers, so ranks say little "
        "here.",
    },
    untold="How customers rank us among their suppliers, and how many suppliers they use, would "
    "show how much of their spend we could win.",
)


def at_risk(figures: Mapping[str, Figure]) -> str:
    """The risk in margin, and the rule of thumb beside it."""
    return paragraph(first_that_fits(figures, MARGIN), RULE(figures))


def levels(figures: Mapping[str, Figure]) -> str:
    """Whether past waves differ in how many left, and what today's loss is at their levels."""
    return LEVELS(figures)


def returns(figures: Mapping[str, Figure]) -> str:
    """What better scores would be worth."""
    return RETURNS(figures)


def each_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of groups shows."""
    return first_that_fits(figures, EACH)


def past(figures: Mapping[str, Figure]) -> str:
    """How a forecast of the waves before did."""
    return paragraph(LEVEL(figures), FORECASTS(figures))


def wallet(figures: Mapping[str, Figure]) -> str:
    """Share of wallet by rank beside the declared one, or what would tell it."""
    return paragraph(GAP(figures), USE(figures))
