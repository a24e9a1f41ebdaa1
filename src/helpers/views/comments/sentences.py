"""The sentences of the comments chapter: what customers say, and how well that is known."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import (
    all_that_fit,
    alone_clear,
    first_that_fits,
    fits,
    paragraph,
    shown,
)
from helpers.views.rendering.verdicts import by_verdict

READER = "Research lead"  # who reads comments that no theme of the client's sorts
MAKESHIFT = (
    "{themes_from:if makeshift}{themeless:value} of {themeless:base} who commented use none of "
    "the words that these comments could be searched for: no table of themes was sent, so the "
    "words of the questionnaire had to serve. What is named most cannot be said from that. Send "
    "a table of themes (themes.csv), with customers' own words for each."
)
NOT_READ = (
    "{unread:if many}The comments of {unread_share} of {unread_share:base} were not read, for "
    "want of rules in their language."
)
REACH = by_verdict(
    "unread",
    {
        "none": "{themeless} of {themeless:base} who commented name none of the {themes:value} "
        "themes.",
        "some": "{themeless} of {themeless:base} whose comments could be read name none of the "
        "{themes:value} themes.",
        "many": "{themeless} of {themeless:base} whose comments could be read name none of the "
        "{themes:value} themes.",
    },
)
WHO = by_verdict(
    "unread",
    {"none": "who commented", "some": "whose comments could be read",
     "many": "whose comments could be read"},
)  # fmt: skip
LOW = by_verdict(
    "low_share",
    {
        "leads": "Among the least loyal (“{low_group}”), {low_theme} is named most: by "
        "{low_share} of {low_share:base}",
        "may lead": "No theme leads clearly among the least loyal (“{low_group}”); any of "
        "{low_may_lead:value} may be named most. {low_theme} comes first, named by {low_share} of "
        "{low_share:base}",
    },
)
TOP = by_verdict(
    "top_share",
    {
        "leads": "{top_theme} is named most: by {top_share} of {top_share:base}",
        "may lead": "No theme leads clearly; any of {top_may_lead:value} may be named most. "
        "{top_theme} comes first, named by {top_share} of {top_share:base}",
    },
)
NO_LOW = by_verdict(
    "low_group",
    {
        "shown": "",
        "too few": "Too few of the least loyal (“{low_group}”) wrote a comment to show theirs "
        "apart.",
        "only one": "All who wrote are of one group of loyalty (“{low_group}”).",
    },
)
POOR = by_verdict(
    "lowest_kappa",
    {
        "poor": "The sorting is poor for {poorly_sorted}: read their comments, not their shares.",
        "fair": "",
    },
    untold="How well comments were sorted is not known: too few were coded by hand.",
)
NOT_COUNTS = (
    "Read the comments themselves: the counts on this page only show where words of the "
    "questionnaire turn up, not what matters most to those who wrote."
)
ONE_GROUP = "{low_group:if only one}All who wrote are of one group (“{low_group}”), which"
DIFFERS = by_verdict(
    "apart_gap",
    {
        "more": "{apart_theme} sets customers apart: “{apart_group}” name it more often than the "
        "others, by {apart_gap} percentage points.",
        "less": "{apart_theme} sets customers apart: “{apart_group}” name it less often than the "
        "others, by {apart_gap} percentage points.",
    },
)
APART = by_verdict(
    "pairs_apart",
    {
        "some": "",
        "none": "No theme clearly sets one group of customers apart: of {pairs_compared:value} "
        "differences tested, none is more than chance explains (with these bases only large ones "
        "would be).",
        "not tested": (
            f"{ONE_GROUP} no theme can set apart.",
            "Groups are too small to be told apart: take themes as those of all who wrote.",
        ),
    },
)
RATED = by_verdict(
    "gaps_compared",
    {
        "lower": "Those who name {gap_theme} rate it {rating_gap} points lower than the others "
        "who commented: here words and ratings agree.",
        "not shown": (
            "That those who name a theme rate it lower is not shown for any of "
            "{gaps_compared:value} themes tied to a rating; the largest gap, for {widest_theme}, "
            "is {widest_gap} rating points, and may be chance with so many compared.",
            "That those who name a theme rate it lower is not shown for any of "
            "{gaps_compared:value} themes tied to a rating.",
        ),
        "not tested": "",
    },
)
GROUPS = by_verdict(
    "pairs_apart",
    {
        "some": "Each group was compared with the others, theme by theme. Clear differences: "
        "{pairs_apart:value} of {pairs_compared:value}, allowing for how many were looked at.",
        "none": "Each group was compared with the others, theme by theme. None of "
        "{pairs_compared:value} differences is clear, allowing for how many were looked at.",
        "not tested": (
            f"{ONE_GROUP} can be compared with nobody.",
            "Groups are too small to be compared with each other.",
        ),
    },
)
SET_APART = by_verdict(
    "words_apart",
    {
        "some": "{words_apart:value} of {words_tried:value} pairs of a word and a group stand out; "
        "“{apart_word}” most, among “{apart_word_group}”. Each person counts once for a word.",
        "none": "No word clearly sets a group apart: {words_tried:value} pairs of a word and a "
        "group were compared, each person counted once.",
        "not compared": "No word is used by enough people of one group to be compared.",
    },
)
COMPARED = by_verdict(
    "gaps_tied",
    {
        "some told": "{gaps_told:value} of {gaps_tied:value} themes tied to a rating can be "
        "compared.",
        "none told": "Too few to compare: for none of the {gaps_tied:value} themes tied to a "
        "rating did enough people name the theme and rate it, and enough others rate it.",
        "none tied": "No theme is tied to a rated question (the column driver of the table of "
        "themes).",
    },
)
NOT_COMPARED = (
    "{gaps_tied:if some told}Too few name and rate {gaps_untold}, or too few others rate it."
)
KAPPA = (
    "Tested on {coded_by_hand:value} comments that people sorted, {right_calls} of the sorting's "
    "calls are right, and it finds {found_codes} of what people found.",
    "Agreement with codes given by hand, less what chance alone would give, is least for "
    "{lowest_kappa_theme}: a kappa "
    "of {lowest_kappa}, where one is perfect.",
)
ALLOWED = by_verdict(
    "corrected_themes",
    {
        "all": "The sorting differs from the person in {error_rate} of cases; the "
        "shares above allow for that.",
        "some": "The sorting differs from the person in {error_rate} of cases; the "
        "shares above allow for that, but for {uncorrected}, of which too few comments were coded "
        "by hand (so none is ranked against the others).",
        "none": "The sorting differs from the person in {error_rate} of cases; too "
        "few comments were coded by hand for the shares above to allow for that, of "
        "{uncorrected}.",
    },
)
BELOW = (
    "{lowest_kappa:if poor}Below {fair_kappa:value}, as for {poorly_sorted}, a share says little: "
    "read the comments.",
    "{untested_themes:if some}For {untested_themes:value} of {themes:value} themes there are too "
    "few hand codes to say.",
)
UNTESTED = (
    "Too few comments were coded by hand to say how well they are sorted: read the comments "
    "themselves before acting on a share."
)
WROTE = "{commented:value} of those who answered, {comment_share:value}, wrote something."
WRITERS = by_verdict(
    "writers_gap",
    {
        "more loyal": "They are more loyal than those who did not, by {writers_distance} points "
        "of {outcome_label}: comments are not the voice of all.",
        "less loyal": "They are less loyal than those who did not, by {writers_distance} points "
        "of {outcome_label}: comments are not the voice of all.",
        "not clear": "They are not clearly more or less loyal than those who did not: the "
        "difference "
        "is {writers_gap} points of {outcome_label}.",
    },
)
UNSORTED = by_verdict(
    "unread",
    {
        "none": "",
        "some": "Comments that could not be sorted, for want of rules in their language: "
        "{unread:value}.",
        "many": "Comments that could not be sorted, for want of rules in their language: "
        "{unread:value}.",
    },
)
SEND_THEMES = (
    "{themes_from:if makeshift}Read all {commented:value} comments, note what customers write "
    "about and in which words, and send that as the table of themes (themes.csv).",
    "{themes_from:if makeshift}Read the comments, note what customers write about and in which "
    "words, and send that as the table of themes (themes.csv).",
)
WHY = by_verdict(
    "read_theme",
    {
        "apart": "",
        "named": "",
        "driver": (
            "No theme leads clearly, and this is about a rating that is among the first to act on "
            "in the chapter on drivers{read_low_share:if least often} (the least loyal name it "
            "less often than others do, perhaps by chance).",
            "No theme leads clearly, and this is about a rating that is among the first to act on "
            "in the chapter on drivers.",
        ),
        "close": "Then read those on the themes named about as often: none leads clearly.",
    },
)
READ = (
    "Read the {may_be_read:value} comments on {read_theme} from people who agreed to be quoted; "
    "this page shows {read_shown:value} of them.",
    "Read the comments on {read_theme}.",
)
CHOOSE = "Choose what to change first, and say by when."
NOT_ALL = by_verdict(
    "writers_gap",
    {
        "more loyal": "Those who wrote comments are more loyal than those who did not, by "
        "{writers_distance} points, so comments are not the voice of all.",
        "less loyal": "Those who wrote comments are less loyal than those who did not, by "
        "{writers_distance} points, so comments are not the voice of all.",
        "not clear": "",
    },
)
POORLY = (
    "{lowest_kappa:if poor}Comments on {poorly_sorted} are sorted poorly (lowest agreement "
    "{lowest_kappa})."
)


def _makeshift(figures: Mapping[str, Figure]) -> bool:
    """Whether only words of the questionnaire could be searched for."""
    return fits("{themes_from:if makeshift}", figures)


def answer(figures: Mapping[str, Figure]) -> str:
    """The theme that the least loyal name most, and how sure that is.

    Without themes of the client's own, none is said to be named most: words of a
    questionnaire find little of what people write.
    """
    if _makeshift(figures):
        return first_that_fits(figures, MAKESHIFT)
    missed = REACH(figures) if fits("{themeless:if many}", figures) else ""
    unread = all_that_fit(figures, NOT_READ)
    return paragraph(missed, unread, _most_named(figures), POOR(figures))


def _most_named(figures: Mapping[str, Figure]) -> str:
    """What the least loyal name most, else what all do."""
    who = WHO(figures) or "who commented"
    if fits("{low_group:if shown}", figures):
        return f"{LOW(figures)} {who}."
    return paragraph(f"{TOP(figures)} {who}.", NO_LOW(figures))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What sets groups apart, and whether those who name a theme also rate it lower."""
    if _makeshift(figures):
        return NOT_COUNTS
    return paragraph(DIFFERS(figures), APART(figures), RATED(figures))


def shares_title(figures: Mapping[str, Figure]) -> str:
    """The title of the chart of themes where it cannot say what is named most; else empty."""
    return "Comments that use a word of the questionnaire" if _makeshift(figures) else ""


def groups(figures: Mapping[str, Figure]) -> str:
    """How many differences between groups are clear."""
    return GROUPS(figures)


def set_apart(figures: Mapping[str, Figure]) -> str:
    """Whether any word sets a group apart."""
    return SET_APART(figures)


def rated(figures: Mapping[str, Figure]) -> str:
    """Of which themes the two ratings are shown, and why not of the others."""
    return paragraph(COMPARED(figures), all_that_fit(figures, NOT_COMPARED))


def sorting(figures: Mapping[str, Figure]) -> str:
    """How well the comments are sorted, against codes given by hand."""
    if "lowest_kappa" not in figures:
        return UNTESTED
    return paragraph(all_that_fit(figures, *KAPPA), ALLOWED(figures), all_that_fit(figures, *BELOW))


def wrote(figures: Mapping[str, Figure]) -> str:
    """That those who write are not like the rest, or may not be, and how many name no theme."""
    few = REACH(figures) if fits("{themeless:if few}", figures) else ""
    denied = alone_clear(figures.get("writers_gap"))
    return paragraph(all_that_fit(figures, WROTE), WRITERS(figures), denied, few, UNSORTED(figures))


def frame_note(source: str) -> str:
    """Where the themes come from."""
    if source == "client":
        return "Themes and their words are the client's own."
    return (
        "The client sent no themes: the drivers of its questionnaire serve, found only by the "
        "words of their labels and questions. A table of themes (themes.csv: theme, words) would "
        "find more."
    )


def counts(*, weighted: bool) -> str:
    """How answers count, for the line of trust.

    >>> counts(weighted=False)
    'everyone counts alike'
    """
    return "answers weighted as in the sampling chapter" if weighted else "everyone counts alike"


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action: never one that needs a figure which may not be shown."""
    figures = shown(figures)
    if _makeshift(figures):
        return {"what": first_that_fits(figures, *SEND_THEMES), "owner": READER, "due": due}
    read = first_that_fits(figures, *READ) or "Read the comments."
    what = paragraph(read, WHY(figures), CHOOSE)
    owner = str(figures["read_owner"].value) if "read_owner" in figures else "to be named"
    return {"what": what, "owner": owner, "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (first_that_fits(figures, POORLY), NOT_ALL(figures))))
