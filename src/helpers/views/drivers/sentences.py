"""The words of the drivers chapter: what to improve first, said with caution."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, listed, paragraph
from helpers.views.rendering.verdicts import by_verdict

MANY = 8  # drivers from which subjects are proposed instead of single questions

# Who comes first.

HIGHER = "Where it is rated {step} higher, {outcome_label} is {top_effect} {points} higher"
RATED = f"{HIGHER}, holding the other drivers constant."
OF_ALL = "with a chance of {begin_best:value}, better ratings there gain most"
ALONE = f"Improve {{top_driver}} first. {RATED}"
SINGLE = f"Begin with {{top_driver}}, the one driver with an effect clearly above zero. {RATED}"
ALIKE = f"Begin with {{top_driver}}: {OF_ALL}. {HIGHER} ({{top_effect:base}})."
NONE = (
    "No single driver stands out: with {respondents:base}, none of the {drivers:value} has an "
    "effect that is clearly above zero, holding the others constant."
)
TOGETHER = (
    "With {respondents:base}, no driver's effect is clear by itself, but together they explain "
    f"more than chance would. To try one, begin with {{begin_driver}}: {OF_ALL}."
)
RIVALS = (
    "{rivals} cannot be told from it.",
    "{rivals_count:value} others, {rivals_some} among them, cannot be told from it.",
    "",
)
NO_LOSS = 0.05  # points: less reads as nothing
LOSS = (
    "Lifting all low ratings of {top_driver} falls {begin_regret:value} {points} of "
    "{outcome_label} short of doing so for the truly best driver, on average; for one picked at "
    "random from all that cannot be told apart it would be {begin_by_lot:value}."
)
INSTEAD = (
    "{begin_second} comes first if lifting its low ratings costs less than {begin_instead:value} "
    "of what that costs for {top_driver}."
)
ANSWERS = "As many answers again would put another first with a chance of {begin_moved:value}."
CERTAIN = (
    "{begin_best:if all but certain}It is all but certain that better ratings of no other driver "
    "gain more."
)
INSIDE = (
    "Within {inside_of}, begin with {inside_driver}: of its {inside_drivers:value} questions it is "
    "the best to improve with a chance of {inside_best:value}."
)
COSTED = (
    "Of the actions listed for {top_driver}, {cost_action} is linked to the largest gain for its "
    "cost: an expected {cost_gain:value} {points} of {outcome_label} for each "
    "{cost_money:value}, with a chance of {cost_positive:value} of any gain."
)
CHEAPER = (
    "On {cost_other_driver}, {cost_other} is expected to gain more for its cost, "
    "{cost_other_gain:value} {points} of it: begin there if money decides."
)
UNCOSTED = "No listed action with a cost moves the driver to begin with."
SURE = "The chance that better ratings of no other driver gain more is {begin_best:value}."
FIRST = by_verdict(
    "clear_drivers",
    {
        "first": ALONE,
        "single": SINGLE,
        "alike": (ALIKE, ALONE),
        "leaning": (
            TOGETHER,
            "No driver clearly stands out: with {respondents:base}, intervals lie above zero for "
            "{leaning_drivers:value} of {drivers:value} drivers ({leaning}), but none stands after "
            "correction for looking at {drivers:value} drivers.",
        ),
        "none": (TOGETHER, NONE),
        "only": f"{{only_driver}} is the only driver asked about. {HIGHER}.",
        "only, not clear": "{only_driver} is the only driver asked about; with "
        "{respondents:base}, its effect is not clearly above zero.",
    },
    untold=NONE,
)
LEADING = by_verdict(
    "clear_drivers",
    {
        "first": (CERTAIN, SURE, ""),
        "single": RIVALS,
        "alike": RIVALS,
        "leaning": "",
        "none": "",
        "only": "",
        "only, not clear": "",
    },
)
BY_CHANCE = (
    "{joint_p:if chance}Together they explain no more than chance could "
    "(joint test, p = {joint_p:value}): their shares say nothing."
)
MORE = (
    *(
        f"{{clear_drivers:if {verdict}}}{BY_CHANCE}"
        for verdict in ("leaning", "none", "only, not clear")
    ),
    "What {tangled} are linked to cannot be told, as they follow from one another.",
    "One account gives {dominant_held:value} of the answers: shares are known no better than "
    "from about {dominant_alike:value} equal accounts.",
)
RAW = by_verdict(
    "raw_driver",
    {
        "first": "The lowest score points the same way: {top_driver} is also the lowest rated.",
        "rival": "{raw_driver}, which cannot be told from it, is also the lowest rated, at "
        "{raw_mean}: there most is left to improve.",
        "against": "Raw scores alone would have sent you to {raw_driver}, the lowest rated at "
        "{raw_mean}. Holding the other drivers constant, the effect of {step} more there is "
        "{raw_effect}, so not more; for {top_driver} it is {top_effect}.",
        "no effect": "Raw scores alone would have sent you to {raw_driver}, the lowest rated at "
        "{raw_mean}. There, the effect of {step} more is {raw_effect}, which may be nothing, "
        "against {top_effect} for {top_driver}.",
        "leaning": "The lowest rated is {raw_driver} at {raw_mean}. There, the effect of {step} "
        "more is {raw_effect}, which does not stand after correction for looking at "
        "{drivers:value} drivers; for {top_driver} it is {top_effect}, which does.",
        "not first": "The lowest rated is {raw_driver} at {raw_mean}. There, the effect of {step} "
        "more is {raw_effect}, against {top_effect} for {top_driver}: not worthless, but not "
        "clearly first.",
        "untold": "The lowest rated is {raw_driver} at {raw_mean}; its own effect cannot be told.",
        "leaning, none clear": "Raw scores would send you to {raw_driver}, the lowest rated at "
        "{raw_mean}. There, the effect of {step} more is {raw_effect}, but that does not stand "
        "after correction for looking at {drivers:value} drivers.",
        "none clear": "Raw scores would send you to {raw_driver}, the lowest rated at {raw_mean}, "
        "but nothing here shows that loyalty depends on it.",
        "only": "One driver has nothing to be set against: ask about more in the next wave.",
    },
)
HALO = by_verdict(
    "halo_correlation",
    {
        "hardly": "Ratings hardly move together ({halo_correlation:value} on average between two "
        "drivers), so shares are not drawn towards an equal split. Ratings and outcome come from "
        "one questionnaire, so part of what they share is the mood of the day.",
        "somewhat": "Ratings move together ({halo_correlation:value} on average between two "
        "drivers), which draws importance shares somewhat towards an equal split of "
        "{equal_share:value}. The effect beside each share is the firmer guide. Ratings and "
        "loyalty come from one questionnaire, so part of what they share is the mood of the day.",
        "strongly": "Where one thing is rated high, the rest tends to be: the ratings correlate "
        "at {halo_correlation:value} on average. That draws the shares towards an equal split of "
        "{equal_share:value} each, so a driver without any effect still gets a share. Read the "
        "effect beside it, and do not tell a story from the order of near-equal shares.",
    },
)

# What to do next, and what does not fit.

CHOOSE = (
    "Choose the two or three actions that would raise {top_driver} by {step}, cost them, and put "
    "the cheapest into the plan of the next quarter."
)
FUND = (
    "Put {cost_action} into the plan of the next quarter, at {cost_spend:value} for the first "
    "year: of the actions listed for {top_driver} it is linked to the largest gain for its cost."
)
TRY = (
    "Try {begin_driver} before all others, and with some customers before all: raise it for a half "
    "drawn by lot, and compare the halves in the next wave."
)
COLLECT = (
    "Choose no driver on these answers: collect more of them in the next wave than this one's "
    "{respondents_last:base}."
)
ASK = by_verdict(
    "clear_drivers",
    {
        "first": (FUND, CHOOSE),
        "single": (FUND, CHOOSE),
        "only": (FUND, CHOOSE),
        "alike": (FUND, f"{CHOOSE} {INSTEAD}", CHOOSE),
        "leaning": (
            TRY,
            "Choose no driver on these answers. Ask ten people about {leaning}, where an effect is "
            "likeliest, and collect more answers in the next wave than this one's "
            "{respondents_last:base}.",
        ),
        "none": (
            TRY,
            "Choose no driver on these answers. Ask ten people about {lead_driver} and "
            "{next_driver}, most likely to matter most, and collect more answers in the next wave "
            "than this one's {respondents_last:base}.",
            COLLECT,
        ),
        "only, not clear": COLLECT,
    },
    untold=COLLECT,
)
DOUBTS = (
    "{raw_driver:if no effect}The lowest score ({raw_driver}, {raw_mean}) is not where better "
    "ratings are linked to more loyalty.",
    "{raw_driver:if against}The lowest score ({raw_driver}, {raw_mean}) is not where better "
    "ratings are linked to more loyalty.",
    "{top_importance:if may be an equal split}{top_driver}'s share of what is explained, "
    "{top_importance}, may be no more than an equal split.",
    "Without the largest account, {dominant_first} has {dominant_without:value} of what is "
    "explained instead of {dominant_with:value}.",
)

ASKED_OF = "{asked_driver} was rated by {asked_share:value} alone, those who were asked about it."
AMONG_THEM = (
    "Rated one point higher there, {outcome_label} differs by {asked_effect} {points}, holding "
    "the other drivers constant ({asked_effect:base})."
)
ASKED = by_verdict(
    "asked_drivers",
    {
        "clear": f"{ASKED_OF} {AMONG_THEM} Lifting low ratings would "
        "be worth {asked_lift} {points} of it over the whole base, if the link is one of cause.",
        "lower": f"{ASKED_OF} {AMONG_THEM}",
        "not clear": f"{ASKED_OF} With {{asked_effect:base}}, its effect there is not clearly "
        "above zero.",
    },
)


def asked(figures: Mapping[str, Figure]) -> str:
    """What a driver is worth that only some were asked about."""
    return ASKED(figures)


def answer(figures: Mapping[str, Figure]) -> str:
    """The driver whose reachable improvement is likely to have the largest effect on loyalty."""
    return paragraph(FIRST(figures), all_that_fit(figures, *MORE))


def inside(figures: Mapping[str, Figure]) -> str:
    """Where to begin within the group of questions that comes first."""
    return first_that_fits(figures, INSIDE) if "top_driver" in figures else ""


def ungrouped(figures: Mapping[str, Figure], groups: Collection[str]) -> str:
    """How to have subjects compared instead of many questions that cannot be told apart."""
    few = "drivers" not in figures or int(str(figures["drivers"].value)) < MANY
    if groups or few or figures["clear_drivers"].verdict in ("first", "only"):
        return ""
    return (
        "questions are compared one by one; to have the subjects compared that they are about, "
        "name the subject of each question in the list of questions"
    )


def costs(figures: Mapping[str, Figure]) -> str:
    """Which listed action to begin with, for what it costs."""
    return all_that_fit(figures, COSTED, CHEAPER) or UNCOSTED


def so_what(figures: Mapping[str, Figure]) -> str:
    """Who cannot be told from the first, what choosing it loses, and what raw scores suggest."""
    lost = float(figures["begin_regret"].value or 0) if "begin_regret" in figures else 0.0
    texts = (*((LOSS,) if lost >= NO_LOSS else ()), INSTEAD, ANSWERS)
    chosen = all_that_fit(figures, *texts) if LEADING(figures) else ""
    return paragraph(LEADING(figures), chosen, RAW(figures))


def halo(figures: Mapping[str, Figure]) -> str:
    """How far importance shares are flattened because drivers move together."""
    return HALO(figures)


def counts(counted: str, held: Sequence[str] = (), *, weighted: bool = True) -> str:
    """How answers count, and which ratings are held constant, for the line under the answer.

    >>> counts("respondents", ["Expectations"])
    'answers weighted as in the sampling chapter; held constant: Expectations'
    """
    how = "weighted as in the sampling chapter" if weighted else "all counted alike"
    each = f"answers {how}"
    if counted != "respondents":
        each = (
            f"the {counted} {how}, not by how many answers are behind each; a link between "
            f"{counted} is not one between the people in them"
        )
    return f"{each}; held constant: {listed(list(held))}" if held else each


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action: drivers to raise, or, where none is clear, whom to ask what."""
    owner = str(figures["owner"].value) if "owner" in figures else "to be named"
    return {"what": ASK(figures), "owner": owner, "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (first_that_fits(figures, text) for text in DOUBTS)))


def model(name: str) -> str:
    """What is computed by another model than a straight line, and what is not; else nothing."""
    if name == "linear":
        return ""
    called = {"logit": "a logit model", "proportional_odds": "a proportional-odds model"}[name]
    return (
        f"The shares and effects of the first chart are those of {called}, the effect being the "
        "mean change of the expected outcome a point. The rest of this page is linear (the chance "
        "of having the largest step, places, shapes, curves, stated importance, potential, "
        "segments and dominance), so the same driver's effect can differ a little. "
        "McFadden's R² is smaller than a linear R² of the same answers and not to be set beside it"
    )
