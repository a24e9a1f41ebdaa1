"""The words of the value map: which relationships deserve what."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

LOW = "{protect_accounts:value} accounts"
ANSWER = by_verdict(
    "protect_accounts",
    {
        "some": (
            "Protect the {protect_accounts:value} listed accounts first: high in value, low in "
            "loyalty, {protect_firm:value} of them firmly. Scores are noisy: about "
            "{protect_likely_accounts} of {protect_likely_accounts:base} are likely to be so, "
            "worth {protect_likely_revenue} a year.",
            f"{LOW} worth {{protect_revenue:value}} a year look high in value and low in loyalty. "
            "How firmly cannot be told.",
            f"{LOW} look high in value and low in loyalty. How firmly cannot be told.",
        ),
        "none": "{placed:value} accounts could be placed; none is high in value and low in "
        "loyalty.",
    },
)
MOST_LOSE = (
    "{negative_accounts:value} of {placed:value} accounts lose more than {loss_share:value} of "
    "their revenue, once served: settle scope and price, or how costs are booked, before anything "
    "is grown."
)
TWO_COUNTS = by_verdict(
    "protect_accounts",
    {
        "some": (
            "The list holds the {protect_accounts:value} accounts with a low best estimate. "
            "Estimates from few answers are drawn toward the mean, so the likely number differs: "
            "{protect_likely_accounts}.",
            "",
        ),
        "none": "",
    },
)
FIRM = (
    "{firm_share:value} of placements are firm: the account stays in its group in at least four "
    "of five simulations of other weights and other noise. Check the rest before acting."
)
FIRMNESS = by_verdict(
    "firm_share",
    {"half or more": FIRM, "fewer than half": FIRM},
    untold="Nothing tells how far these scores are noise, so how firmly an account sits in its "
    "group is not known.",
)
DOUBTFUL = by_verdict(
    "grow_doubtful",
    {
        "some": "{grow_doubtful:value} of the {grow_doubtful:base} to grow that may be named are "
        "more likely than not Trapped or at High Risk in the loyalty chapter, which looks at "
        "attitude and behaviour one by one: talk to them before asking for references.",
        "none": "",
    },
)
LOSS = by_verdict(
    "negative_accounts",
    {
        "some": (
            "{negative_accounts:value} accounts with {negative_revenue:value} of revenue lose more "
            "than {loss_share:value} of it, once served.",
            "{negative_accounts:value} accounts lose more than {loss_share:value} of their "
            "revenue, once served.",
        ),
        "none": "",
    },
)
SMALL_LOSS = by_verdict(
    "small_losses",
    {
        "some": "{small_losses:value} with a smaller loss are not among those to re-price: costs "
        "are not known that well.",
        "none": "",
    },
)
PROTECTED = by_verdict(
    "protected_losses",
    {
        "some": "{protected_losses:value} of those to protect lose more than {loss_share:value} "
        "too: they are large and score low, so keep them first and talk of price later.",
        "none": "",
    },
)
UNSPONSORED = by_verdict(
    "protect_unsponsored",
    {
        "some": "{protect_unsponsored:value} of the {protect_unsponsored:base} to protect that may "
        "be named have no sponsor.",
        "none": "Every account to protect that may be named has a sponsor.",
    },
)
OVER_CAP = by_verdict(
    "over_cap",
    {
        "some": "{over_cap:value} of {over_cap:base} cost more to serve than their group "
        "allows, beyond the likely error of booked costs.",
        "none": "No account costs more to serve than its group allows, beyond the likely error of "
        "booked costs.",
    },
)
WEIGHTS = (
    "Moving any one weight by {weight_step:value} changes the group of at most "
    "{weights_moved:value} of accounts."
)
CHECKED = by_verdict(
    "protect_firm",
    {
        "some": "Have the account managers check the {protect_firm:value} valuable accounts that "
        "score low most firmly, largest first, then the rest of the {protect_accounts:value} on "
        "the list, and write down what would keep each.",
        "none": "Have the account managers check the {protect_accounts:value} valuable accounts "
        "that look not loyal, largest first, and write down what would keep each.",
    },
    untold=(
        "{protect_accounts:if some}Have the account managers check the {protect_accounts:value} "
        "valuable accounts that look not loyal, largest first, and write down what would keep "
        "each.",
        "",
    ),
)
BY_NAME = (
    "The list by name holds {named_protect:value}: it uses only answers of people who agreed to be "
    "named."
)
UNPLACED = by_verdict(
    "unplaced",
    {
        "some": (
            "{unplaced:value} accounts with {unplaced_revenue:value} of revenue are not on the "
            "map: they gave no answer, or nothing tells their value.",
            "{unplaced:value} accounts are not on the map: they gave no answer, or nothing tells "
            "their value.",
        ),
        "none": "",
    },
)
UNFIRM = by_verdict(
    "firm_share",
    {
        "half or more": "",
        "fewer than half": "Fewer than half of the placements are firm ({firm_share:value}).",
    },
)
LOW_CELL = "Of the two groups that score low, {low_cell} brings more: "
LOW_MONEY = by_verdict(
    "low_cell",
    {
        "protect": LOW_CELL + "{protect_revenue:value} a year, of {protect_accounts:value} "
        "accounts, named or not",
        "release": LOW_CELL + "{release_revenue:value} a year, of {release_accounts:value} "
        "accounts, named or not",
        "alike": "Both groups that score low bring {protect_revenue:value} a year each",
    },
    untold="",
)
LOW_NAMED = by_verdict(
    "named_protect",
    {
        "some": "{named_protect:value} of the {named:value} accounts that may be named are high in "
        "value and low in loyalty",
        "none": "None of the {named:value} accounts that may be named is high in value and low in "
        "loyalty",
    },
    untold="",
)
MOST = "the largest part of revenue, {largest_cell_share:value}"
LARGEST = by_verdict(
    "largest_cell",
    {"one": f"{{largest_cell}} holds {MOST}", "several": f"{{largest_cell}} hold {MOST}"},
    untold="",
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Where the money is safe and where it is not; first, where most accounts lose money."""
    known = shown(figures)
    if _most_lose(known):
        return first_that_fits(known, MOST_LOSE)
    return ANSWER(known) or ANSWER(figures)


def _most_lose(known: Mapping[str, Figure]) -> bool:
    """Whether more than half of the accounts lose more than counts."""
    if not {"negative_accounts", "placed"} <= known.keys():
        return False
    return 2 * float(known["negative_accounts"].value or 0) > float(known["placed"].value or 0)


def groups_title(figures: Mapping[str, Figure]) -> str:
    """Which group holds the largest part of revenue."""
    return LARGEST(shown(figures))


def map_title(figures: Mapping[str, Figure]) -> str:
    """Where the revenue is that is not loyal; where no money may be told, how many accounts."""
    known = shown(figures)
    return LOW_MONEY(known) or LOW_NAMED(known)


def protect(figures: Mapping[str, Figure]) -> str:
    """Why the list holds another number of accounts than are likely to belong on it."""
    return TWO_COUNTS(shown(figures))


def served(figures: Mapping[str, Figure]) -> str:
    """Where service is not what a group deserves."""
    known = shown(figures)
    return paragraph(UNSPONSORED(known), OVER_CAP(known))


def weights(figures: Mapping[str, Figure]) -> str:
    """How far the map hangs on the weights of its parts."""
    return first_that_fits(shown(figures), WEIGHTS)


def so_what(figures: Mapping[str, Figure]) -> str:
    """How firmly the accounts sit in their cells."""
    known = shown(figures)
    losses = (LOSS(known), SMALL_LOSS(known), PROTECTED(known))
    return paragraph(FIRMNESS(figures), DOUBTFUL(known), *losses)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    what = CHECKED(known)
    if what and _some_unnamed(known):
        what = paragraph(what, first_that_fits(known, BY_NAME))
    return {"what": what, "owner": "Head of sales", "due": due} if what else {}


def _some_unnamed(known: Mapping[str, Figure]) -> bool:
    """Whether the list by name holds fewer accounts than the group does."""
    if not {"protect_accounts", "named_protect"} <= known.keys():
        return False
    return float(known["named_protect"].value or 0) < float(known["protect_accounts"].value or 0)


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (UNPLACED(figures), UNFIRM(figures))))
