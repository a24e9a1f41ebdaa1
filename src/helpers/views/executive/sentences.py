"""The words of the executive page: the bottom line, at most three aspects, one ask."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from helpers.results import ChapterResult, Figure
from helpers.views.rendering.rules import first_that_fits, fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

MOST_ASPECTS, MOST_DOUBTS = 3, 2
AT_ODDS = {  # figures of doubts about what this page asks for: these come before all others
    "actions": "unfunded",
    "cycle": "fell_funded",
}
DOUBTED = (
    "linkage",
    "actions",
    "operations",
    "loyalty",
    "drivers",
    "sampling",
    "nonresponse",
    "value_map",
    "comments",
)
LOSS = (
    "{linkage__risk_gross} of {linkage__revenue:value} a year from accounts that answered is "
    "likely to leave within {linkage__horizon:value} months."
)
LINKED_PART = "{linkage__risk_excess:if clear}{linkage__risk_excess}"
MISSED = "{recovery__contact_kept:if missed}"  # the promise is clearly not kept: a top finding
PROMISED = (
    f"{MISSED}{{recovery__overdue:if some}}{{recovery__overdue:value}} accounts with "
    "{recovery__overdue_money:value} a year wait past a promise.",
    f"{MISSED}{{recovery__overdue:if some}}{{recovery__overdue:value}} accounts wait past a "
    "promise.",
    f"{MISSED}{{recovery__overdue:if one}}One account waits past a promise.",
)
LOYAL = "{loyalty__truly_loyal_true} of customers are truly loyal"
OBSERVED = "{loyalty__truly_loyal} of customers are truly loyal (observed, not corrected)"
ONE_GROUP = (
    "{loyalty__largest_share:if clear}{loyalty__largest_group} comes next: {loyalty__largest_share}"
    "."
)
TWO_GROUPS = "{loyalty__largest_group} and {loyalty__second_group} come next."
OF_ALL = "chance of being the best start: {drivers__begin_best:value}"
FIRST = (
    "{drivers__top_driver} rated {drivers__step} higher is linked to {drivers__top_effect} "
    "more {drivers__points} on {drivers__outcome_label}."
)
BEGIN = FIRST[:-1] + f"; {OF_ALL}."
TRY = f"{{drivers__begin_driver}}, though no driver's effect is clear by itself ({OF_ALL})."
INSIDE = (
    "{operations__worth:if gain}Inside, move {operations__top_metric}: its target would be worth "
    "{operations__worth}, if each link holds."
)
AMONG_ALL = (
    "{questions_held:if some}{questions_held:value} findings hold among all that was tested.",
    "{questions_held:if one}One finding holds among all that was tested.",
    "{questions_held:if none}No finding holds among all that was tested.",
)
BY_CHANCE = "Could be chance: {on_their_own}."
STAKE, PROMISES = "What is at stake", "Promises to customers"
STRIP: tuple[tuple[str, str, str], ...] = (  # what is above, the figure, what is below
    ("{sampling__main_label}", "sampling__main", ""),
    ("Net promoter score", "loyalty__nps", ""),
    ("{loyalty__main_label}", "loyalty__main", ""),
    ("{loyalty__main_label}, change since {loyalty__before_wave}", "loyalty__main_change", ""),
    ("Companies with a worse {loyalty__benchmark_label}", "loyalty__benchmark_position", ""),
    ("Revenue likely to leave", "linkage__risk_share", ""),
)
ASPECTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "How loyal the base is",
        "loyalty__main",
        (
            "{loyalty__sides:if one}Segments tell little more than the score: {loyalty__sides}.",
            *(
                f"{{loyalty__sides:if {verdict}}}Who is truly loyal cannot be told: "
                "{loyalty__sides}."
                for verdict in ("weak", "against", "unjudged", "too few")
            ),
        ),
    ),
    (
        "How loyal the base is",
        "loyalty__truly_loyal_true|loyalty__truly_loyal",
        tuple(
            f"{loyal}. {groups}"
            for loyal in (LOYAL, OBSERVED)
            for groups in (ONE_GROUP, TWO_GROUPS)
        ),
    ),
    (
        STAKE,
        "linkage__risk_share",
        (
            f"{LINKED_PART} of that loss is linked to low scores.",
            "No reliable part of that loss is linked to low scores.",
        ),
    ),
    (
        "Where to act first",
        "drivers__top_effect",
        (
            *(
                sentence
                for opening in (BEGIN, FIRST)
                for sentence in (f"{opening} {INSIDE}", opening)
            ),
        ),
    ),
    ("Where to act first", "drivers__begin_best", (TRY,)),
    (
        PROMISES,
        "recovery__contact_kept",
        tuple(
            f"{late} {{recovery__contact_kept}} of first contacts came in time; the goal is "
            "{recovery__goal:value}."
            for late in PROMISED
        ),
    ),
    (
        "Whom to protect",
        "value_map__protect_likely_accounts|value_map__protect_accounts",
        (
            "{value_map__protect_accounts:if some}{value_map__protect_accounts:value} accounts "
            "are listed as valuable and not loyal, {value_map__protect_firm:value} of them firmly; "
            "with the noise of scores, about {value_map__protect_likely_accounts} are likely to be "
            "so, worth {value_map__protect_likely_revenue} a year.",
            "{value_map__protect_accounts:if some}{value_map__protect_accounts:value} accounts "
            "worth {value_map__protect_revenue:value} a year look valuable and not loyal.",
            "{value_map__protect_accounts:if some}{value_map__protect_accounts:value} accounts "
            "look valuable and not loyal.",
        ),
    ),
    (
        "Does loyalty pay",
        "linkage__effect",
        (
            "{linkage__per:value} points more of {linkage__score_label} ({linkage__per_is}) are "
            "linked to a change of "
            "{linkage__effect} {linkage__effect_unit} in {linkage__outcome_label}.",
        ),
    ),
)

SINCE = "{loyalty__main_label} since {loyalty__before_wave}"
CHANGED = by_verdict(
    "loyalty__main_change",
    {
        "none": f"No reliable change in the {SINCE}.",
        "rose": "The {loyalty__main_label} rose since {loyalty__before_wave}.",
        "fell": "The {loyalty__main_label} fell since {loyalty__before_wave}.",
        "beyond": f"The change in the {SINCE} is perhaps too small to matter.",
        "little": f"The change in the {SINCE} is too small to matter.",
        "apart": f"Whether there is a change in the {SINCE} depends on the weights.",
    },
)

CHOOSE = (
    "Choose and cost two or three actions that would raise {drivers__top_driver} by "
    "{drivers__step}, and put the cheapest into the plan of the next quarter."
)
TRIAL = (
    "Try {drivers__begin_driver} with some customers before all: raise it for a half drawn by lot, "
    "and compare the halves in the next wave."
)
TRIED = (
    "Test before you fund: draw by lot half of the {{value_map__protect_accounts:value}} valuable "
    "accounts that look not loyal, give these a dated plan, and compare after {after} how many of "
    "each half stayed. That low scores go before leaving is not shown here yet."
)

CHECK = (
    "Have the account managers check the {value_map__protect_accounts:value} valuable accounts "
    "that look not loyal, and write down what would keep each. Whether low scores go before "
    "leaving was not looked at in this report."
)
FUND = (
    " Fund the plan of {actions__plan_cost:value} over {actions__planned}, {actions__first_action} "
    "first, for {actions__plan} {actions__gain_of}"
)
LESS = "{actions__knee_cost:if below the plan}"
LESS += " (or {actions__knee_cost:value} for {actions__knee_gain:value})"
NO_DRIVER = (
    "The {sampling__main_label} is {sampling__main}. No single experience stands out as the first "
    "to try."
)
UNEXPLORED = (
    "Choose nothing on this report alone: it does not look at what loyalty depends on. Add the "
    "drivers chapter or, where no experiences were rated, ask for ratings of some in the next wave."
)


def _ran(chapter: str, figures: Mapping[str, Figure]) -> bool:
    """Whether a chapter is part of this run: nothing is concluded from one that is not."""
    return any(name.startswith(f"{chapter}__") for name in figures)


def combined(results: Mapping[str, ChapterResult]) -> dict[str, Figure]:
    """Every chapter's figures under ``chapter__figure``."""
    return {
        f"{chapter}__{name}": found
        for chapter, result in results.items()
        for name, found in result.figures.items()
        if found.value is not None
    }


def bottom_line(figures: Mapping[str, Figure]) -> str:
    """What an executive should know after one sentence."""
    accounts = first_that_fits(
        figures,
        "{value_map__protect_firm:if some}Put sponsors on {value_map__protect_firm:value} "
        "valuable accounts with firmly low scores; improve",
        "Improve",
    )
    return first_that_fits(
        figures,
        f"{{linkage__risk_excess:if clear}}{accounts} {{drivers__top_driver}} first. {LOSS}",
        f"{{linkage__risk_excess:if clear}}{LOSS}",
        f"{LOSS} That low loyalty has a part in it could not be shown.",
        "{drivers__top_driver} is the first to try: {drivers__step} more is linked to "
        "{drivers__top_effect} more {drivers__points} on {drivers__outcome_label}. The "
        "{sampling__main_label} is {sampling__main}.",
        f"To try one thing, begin with {TRY} The {{sampling__main_label}} is {{sampling__main}}.",
        *([NO_DRIVER] if _ran("drivers", figures) else []),
        "The {sampling__main_label} is {sampling__main}.",
        "No score can be shown of {sampling__respondents:base}.",
    )


def strip(figures: Mapping[str, Figure]) -> list[tuple[str, str, str]]:
    """The scores of the first line: what stands above each, the figure, what stands below."""
    found: dict[tuple[float, str], tuple[str, str, str]] = {}
    for above, name, below in STRIP:
        if name in figures and fits(above, figures):
            of = figures[name]
            found.setdefault((float(str(of.value)), of.unit), (above, name, below))
    return list(found.values())


def aspects(figures: Mapping[str, Figure]) -> list[tuple[str, str, str]]:
    """At most three aspects: heading, main figure, sentence.

    Accounts that wait past a promise stand beside the loss, in the place of what is to be moved
    inside: the page is short.
    """
    found: dict[str, tuple[str, str, str]] = {}
    late = first_that_fits(figures, *PROMISED)
    for heading, mains, templates in ASPECTS:
        main = next((name for name in mains.split("|") if name in figures), "")
        sentence = first_that_fits(figures, *(t for t in templates if not late or INSIDE not in t))
        if sentence and main.startswith("loyalty__"):
            sentence = paragraph(sentence, CHANGED(figures))
        if sentence and heading == STAKE:
            sentence = paragraph(sentence, late)
        if main and sentence and not (heading == PROMISES and STAKE in found):
            found.setdefault(heading, (heading, main, sentence))
    return list(found.values())[:MOST_ASPECTS]


def ask(figures: Mapping[str, Figure], driver_owner: str = "") -> tuple[str, str]:
    """The one ask: what, and who."""
    if fits("{value_map__protect_accounts:if some}", figures):
        linked = fits("{linkage__risk_excess:if clear}", figures)
        if not _ran("linkage", figures):
            return CHECK, "Head of sales"
        return _protect(figures) if linked else _tried(figures), "Head of sales"
    if "drivers__top_driver" in figures:
        return CHOOSE, driver_owner or "to be named"
    if "drivers__begin_driver" in figures:
        return TRIAL, driver_owner or "to be named"
    return _search(figures), "Research lead"


def _protect(figures: Mapping[str, Figure]) -> str:
    """A sponsor for those firmly valuable and not loyal, a check of those that look so."""
    topic = first_that_fits(figures, ", {drivers__top_driver} first")
    whom = first_that_fits(
        figures,
        "{value_map__protect_firm:if some}valuable accounts with firmly low scores, "
        "{accounts__repair_names} first.",
        "{value_map__protect_firm:if some}the {value_map__protect_firm:value} valuable accounts "
        f"that most firmly score low{topic}. Account managers check the rest of the "
        "{value_map__protect_accounts:value}.",
        f"the {{value_map__protect_accounts:value}} valuable accounts that look not loyal{topic}, "
        "once their account managers agree.",
    )
    worth = first_that_fits(
        figures,
        *(
            f"{{actions__plan:if {verdict}}}{FUND}{less}, if each link holds."
            for verdict in ("pays", "likely")
            for less in (LESS, "")
        ),
        " Spend well below the {linkage__risk_excess:value} of loss linked to low scores: a link "
        "is no proof.",
    )
    return f"Have sponsors, named where missing, lead dated plans for {whom}{worth}"


def _tried(figures: Mapping[str, Figure]) -> str:
    """A trial by lot, where no link of low scores and leaving is shown."""
    return first_that_fits(
        figures,
        TRIED.format(after="{linkage__horizon:value} months"),
        TRIED.format(after="six months"),
    )


def _search(figures: Mapping[str, Figure]) -> str:
    """The ask where nothing says where to act: find out, by the way that is still open."""
    if not _ran("drivers", figures):
        return UNEXPLORED
    explained = figures.get("drivers__r_squared")
    if explained is not None and (explained.low is None or explained.low > 0):
        return (
            "Talk to ten customers who score low and ask what would have to change: the ratings "
            "together are linked to loyalty, and no single one stands out."
        )
    if fits("{next_wave__invited:if everyone}", figures):
        return (
            "Raise the share that answers: everybody who may be asked is asked, and too few "
            "answered to choose where to act."
        )
    return "Widen the next wave: too few customers answered to choose where to act."


def doubts(results: Mapping[str, ChapterResult]) -> list[str]:
    """What does not fit, the first of each chapter before any second, money first.

    Before all come doubts about what this page itself asks for: see `AT_ODDS`.

    A doubt that names a figure which is withheld, or was never made, is dropped.
    """
    order = {name: place for place, name in enumerate(DOUBTED)}
    told = sorted(results.items(), key=lambda item: order.get(item[0], len(order)))
    rows = [
        [_qualified(doubt, name) for doubt in result.doubts if fits(doubt, shown(result.figures))]
        for name, result in told
    ]
    longest = max((len(row) for row in rows), default=0)
    found = [row[i] for i in range(longest) for row in rows if i < len(row)]
    return sorted(found, key=lambda doubt: not _at_odds(doubt))[:MOST_DOUBTS]


def _at_odds(doubt: str) -> bool:
    """Whether a doubt is about what this page asks for: a promise, or money for what fell."""
    return any(f"{{{chapter}__{figure}" in doubt for chapter, figure in AT_ODDS.items())


def _qualified(template: str, chapter: str) -> str:
    """A chapter's own template, its figures named as the executive page names them.

    >>> _qualified("Only {share:value} answered.", "sampling")
    'Only {sampling__share:value} answered.'
    """
    parts = []
    for text, name, form, _ in Formatter().parse(template):
        parts.append(text)
        if name:
            parts.append(f"{{{chapter}__{name}{':' + form if form else ''}}}")
    return "".join(parts)


def trust(figures: Mapping[str, Figure]) -> str:
    """How far to trust this run."""
    base = first_that_fits(
        figures,
        "{sampling__respondents:base} stand for {sampling__revenue_coverage:value} of revenue.",
        "{sampling__respondents:base} answered, {sampling__response_rate:value} of those asked.",
        "{sampling__respondents:base} answered.",
    )
    among_all = first_that_fits(figures, *AMONG_ALL)
    return paragraph(base, among_all, first_that_fits(figures, BY_CHANCE))
