"""The words of the comments chapter: what customers say, in their words and in ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from helpers.results import Figure
from helpers.views.rendering.numerals import count
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import all_that_fit, first_that_fits
from helpers.views.rendering.sentences import Sentence
from helpers.views.rendering.tables import Table

__all__ = [
    "answer", "ask", "consent_note", "counts", "doubts", "drawn_note", "frame_note", "groups",
    "groups_note", "if_any", "rated", "raw", "set_apart", "shares_title", "so_what", "sorting",
    "wrote",
]  # fmt: skip

OPEN = 3  # themes whose comments are not folded
LONGEST = 1_200  # characters of a comment shown
MANY_THEMELESS = 0.2  # of those who commented: the answer then begins with it
READER = "Research lead"  # who reads comments that no theme of the client's sorts
WHY_READ = {
    "read_driver": ": no theme is surely named most, and this is about a rating that is among the "
    "first to act on in the chapter on drivers",
    "read_close": ", then on the themes named about as often: none is surely named most",
}
NAMED_LEAST = " (the least loyal name it less often than others do, perhaps by chance)"
UNTESTED = (
    "Too few comments were coded by hand to say how well they are sorted: read the comments "
    "themselves before acting on a share."
)


def answer(figures: Mapping[str, Figure]) -> str:
    """How many name no theme, the theme that the least loyal name most, and how sure that is.

    Without themes of the client's own, none is said to be named most: words of a
    questionnaire find little of what people write.
    """
    if "makeshift" in figures:
        return (
            "{themeless:value} of {themeless:base} who commented use none of the words that these "
            "comments could be searched for: no table of themes was sent, so the words of the "
            "questionnaire had to serve. What is named most cannot be said from that. Send a "
            "table of themes (themes.csv), with customers' own words for each."
        )
    reach = all_that_fit(
        figures,
        f"{{themeless}} of {{themeless:base}} {_who(figures)} name none of the {{themes:value}} "
        "themes.",
    )
    unread = all_that_fit(
        figures,
        "The comments of {unread_share} of {unread_share:base} were not read, for want of rules in "
        "their language.",
    )
    read = " ".join(filter(None, (reach, unread)))
    parts = [_most_named(figures), read, _sorted_in_short(figures)]
    if _miss_many(figures):
        parts = [read, *parts[::2]]
    return " ".join(filter(None, parts))


def _miss_many(figures: Mapping[str, Figure]) -> bool:
    """Whether so many name no theme that a reader must know it before any theme is named."""
    missed = figures.get("themeless")
    return missed is not None and float(missed.value or 0) >= MANY_THEMELESS


def _who(figures: Mapping[str, Figure]) -> str:
    """Whom the shares are of: comments that no coder reads are in none of them."""
    return "whose comments could be read" if "unread" in figures else "who commented"


def _most_named(figures: Mapping[str, Figure]) -> str:
    """What the least loyal name most, else what all do: sure only where no rival is left."""
    who = _who(figures)
    if "low_theme" in figures:
        return first_that_fits(
            figures,
            "Among the least loyal (“{low_group}”) no theme is surely named most: any of "
            "{low_may_lead:value} may be. {low_theme} comes first, named, in praise or complaint, "
            f"by {{low_share}} of {{low_share:base}} {who}.",
            f"Among the least loyal (“{{low_group}}”), {{low_theme}} is named most: by "
            f"{{low_share}} of {{low_share:base}} {who}.",
        )
    why = ""
    if "low_group" in figures:
        why = " Too few of the least loyal wrote a comment to show theirs apart."
    elif "one_group" in figures:
        why = " All who wrote are of one group of loyalty (“{one_group}”)."
    return first_that_fits(
        figures,
        f"{{top_theme}} comes first, named by {{top_share}} of {{top_share:base}} {who}; but any "
        f"of {{top_may_lead:value}} themes may be named most.{why}",
        f"{{top_theme}} is named most: by {{top_share}} of {{top_share:base}} {who}.{why}",
    )


def _sorted_in_short(figures: Mapping[str, Figure]) -> str:
    if "lowest_kappa" not in figures:
        return "How well comments were sorted is not known: too few were coded by hand."
    return first_that_fits(
        figures,
        "The sorting is poor for {poorly_sorted}: read their comments, not their shares.",
        "Tested on {coded_by_hand:value} comments that people sorted, {right_calls} of the "
        "sorting's calls are right, and it finds {found_codes} of what people found.",
    )


def so_what(figures: Mapping[str, Figure]) -> str:
    """What sets groups apart, and whether those who name a theme also rate it lower."""
    if "makeshift" in figures:
        return (
            "Read the comments themselves: the counts on this page only show where words of the "
            "questionnaire turn up, not what matters most to those who wrote."
        )
    parts = [
        first_that_fits(
            figures,
            "{apart_theme} sets customers apart: “{apart_group}” name it {apart_side} often than "
            "the others, by {apart_gap} percentage points.",
            "No theme surely sets one group of customers apart: of {pairs_compared:value} "
            "differences tested, none is beyond chance (with these bases only large ones would "
            "be).",
            "All who wrote are of one group (“{one_group}”), which no theme can set apart.",
            "Groups are too small to be told apart: take themes as those of all who wrote.",
        ),
        first_that_fits(
            figures,
            "Those who name {gap_theme} rate it {rating_gap} points lower than the others who "
            "commented: here words and ratings agree.",
            "That those who name a theme rate it lower is not shown for any of "
            "{gaps_compared:value} themes tied to a rating; the largest gap, for {widest_theme}, "
            "is {widest_gap} points, and may be chance with so many compared.",
            "That those who name a theme rate it lower is not shown for any of "
            "{gaps_compared:value} themes tied to a rating.",
        ),
    ]
    return " ".join(filter(None, parts))


def shares_title(figures: Mapping[str, Figure]) -> str:
    """The title of the chart of themes where it cannot say what is named most; else empty."""
    return "Comments that use a word of the questionnaire" if "makeshift" in figures else ""


def groups(figures: Mapping[str, Figure]) -> str:
    """How many differences between groups are sure."""
    return first_that_fits(
        figures,
        "Each group was set against the others, theme by theme. Sure differences: "
        "{pairs_apart:value} of {pairs_compared:value}, allowing for how many were looked at.",
        "Each group was set against the others, theme by theme. None of "
        "{pairs_compared:value} differences is sure, allowing for how many were looked at.",
        "All who wrote are of one group (“{one_group}”): there is nobody to set it against.",
        "Groups are too small to be set against each other.",
    )


def groups_note(withheld: int) -> str:
    """What the table of every group allows for, and how many of its rows are not shown."""
    note = "Sure differences allow for how many were looked at, over all ways of grouping."
    few = "Not tested: too few people, or too few expected to name the theme."
    rest = f" Rows not shown, for small bases: {count(withheld)}." if withheld else ""
    return f"{note} {few}{rest}"


def set_apart(figures: Mapping[str, Figure]) -> str:
    """Whether any word sets a group apart."""
    if not figures["words_tried"].value:
        return "No word is used by enough people of one group to be compared."
    if not figures["words_apart"].value:
        return (
            "No word surely sets a group apart: {words_tried:value} pairs of a word and a group "
            "were compared, each person counted once."
        )
    return (
        "{words_apart:value} of {words_tried:value} pairs of a word and a group stand out; "
        "“{apart_word}” most, among “{apart_word_group}”. Each person counts once for a word."
    )


def rated(figures: Mapping[str, Figure]) -> str:
    """Of which themes the two ratings are shown, and why not of the others."""
    if "gaps_tied" not in figures:
        return "No theme is tied to a rated question (the column driver of the table of themes)."
    if "gaps_told" not in figures:
        return (
            "Too few to compare: for none of the {gaps_tied:value} themes tied to a rating did "
            "enough people name the theme and rate it, and enough others rate it."
        )
    return all_that_fit(
        figures,
        "{gaps_told:value} of {gaps_tied:value} themes tied to a rating can be compared.",
        "Too few name and rate {gaps_untold}, or too few others rate it.",
    )


def if_any(table: Table) -> Table | Sentence:
    """The table; nothing where it has no row, of which the sentence above it tells."""
    return table if table.rows else Sentence("", "")


def sorting(figures: Mapping[str, Figure]) -> str:
    """How well the comments are sorted, against codes given by hand."""
    if "lowest_kappa" not in figures:
        return UNTESTED
    return all_that_fit(
        figures,
        "Agreement beyond chance with codes given by hand is least for {lowest_kappa_theme}: a "
        "kappa of {lowest_kappa}, where one is perfect. The sorting decides otherwise than the "
        f"person did in {{error_rate}} of cases; {_allowed(figures)}.",
        "Below {fair_kappa:value}, as for {poorly_sorted}, a share says little: read the comments.",
        "For {untested_themes:value} of {themes:value} themes there are too few hand codes to say.",
    )


def _allowed(figures: Mapping[str, Figure]) -> str:
    """Whether the shares allow for what the sorting gets wrong: all, some or none."""
    return first_that_fits(
        figures,
        "the shares above allow for that, but for {uncorrected}, of which too few comments were "
        "coded by hand (so none is ranked against the others)"
        if "corrected_themes" in figures
        else "too few comments were coded by hand for the shares above to allow for that, of "
        "{uncorrected}",
        "the shares above allow for that",
    )


def wrote(figures: Mapping[str, Figure]) -> str:
    """That those who write are not like the rest, or may not be."""
    return all_that_fit(
        figures,
        "{commented:value} of those who answered, {comment_share:value}, wrote something.",
        "They are {writers_side} than those who did not, by {writers_distance} points of "
        "{outcome_label}: comments are not the voice of all.",
        "" if "writers_side" in figures else "In loyalty they do not surely differ from those who "
        "did not: by {writers_gap} points of {outcome_label}.",
        "Comments that could not be sorted, for want of rules in their language: {unread:value}.",
    )  # fmt: skip


def frame_note(source: str) -> str:
    """Where the themes come from."""
    if source == "client":
        return "Themes and their words are the client's own."
    return (
        "The client sent no themes: the drivers of its questionnaire serve, found only by the "
        "words of their labels and questions. A table of themes (themes.csv: theme, words) would "
        "find more."
    )


def consent_note(agreed: int, consent: str, unreadable: int = 0) -> str:
    """Who may be quoted, or why nobody is, and what is taken out of what they wrote."""
    if not agreed:
        return (
            "No comment is shown: nobody who commented is known to have agreed to be quoted "
            "(consent_named in the list of contacts)."
        )
    who = f"Only comments of the {count(agreed)} people who wrote one and agreed to be quoted."
    if consent == "not_required":
        who = "These comments are published data: all may be quoted."
    gone = (
        "Names that the client lists, most other names, numbers and addresses are taken out, with "
        "some innocent words."
    )
    left = f"Comments in scripts in which names cannot be found are left out: {count(unreadable)}."
    return f"{who} {gone} {left}" if unreadable else f"{who} {gone}"


def drawn_note(quoted: int, seed: int, shown: int = 1) -> str:
    """By what rule the comments shown were chosen; nothing where none is."""
    if not shown:
        return ""
    return (
        f"At most {count(quoted)} a theme, drawn by lot (seed {seed}): nobody chose them. Over all "
        "themes one an account, no two alike and none twice. A role is named only where enough "
        "people of that role name the theme."
    )


def counts(*, weighted: bool) -> str:
    """How answers count, for the line of trust.

    >>> counts(weighted=False)
    'everyone counts alike'
    """
    return "answers weighted as in the sampling chapter" if weighted else "everyone counts alike"


def ask(figures: Mapping[str, Figure], owner: str, due: str) -> dict[str, str]:
    """The call for action: never one that needs a figure which may not be shown."""
    figures = {name: f for name, f in figures.items() if f.value is not None}
    if "makeshift" in figures:
        what = first_that_fits(
            figures,
            "Read all {commented:value} comments, note what customers write about and in which "
            "words, and send that as the table of themes (themes.csv).",
            "Read the comments, note what customers write about and in which words, and send that "
            "as the table of themes (themes.csv).",
        )
        return {"what": what, "owner": READER, "due": due}
    why = next((text for name, text in WHY_READ.items() if name in figures), "")
    if "read_driver" in figures and "read_least" in figures:
        why += NAMED_LEAST
    what = first_that_fits(
        figures,
        "Read all {may_be_read:value} comments on {read_theme} from people who agreed to be "
        f"quoted{why}. Choose what to change first, and say by when.",
        f"Read the comments on {{read_theme}}{why}. Choose what to change first, and say by when.",
        "Read the comments, choose what to change first, and say by when.",
    )
    return {"what": what, "owner": owner or "to be named", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = [
        "Comments on {poorly_sorted} are sorted poorly (lowest agreement {lowest_kappa}).",
        "Those who wrote comments are {writers_side} than those who did not, by "
        "{writers_distance} points, so comments are not the voice of all.",
    ]
    return tuple(t for t in found if first_that_fits(figures, t))


def raw(
    shown: pd.DataFrame, counts: pd.DataFrame, labels: Mapping[str, str], themes: Sequence[str]
) -> Sentence:
    """The comments themselves, a few a theme, each as text: nothing in them runs.

    Parameters
    ----------
    shown, counts
        As ``comments.quotes`` gives them.
    themes
        Themes in the order shown; the comments of the first three are open.

    Examples
    --------
    >>> said = pd.DataFrame({"theme": ["late"], "text": ["<b>$5$ late"], "said_by": ["user"]})
    >>> may = pd.DataFrame({"theme": ["late"], "may": [9], "shown": [1]})
    >>> raw(said, may, {"late": "Delivery"}, ["late"])
    Sentence(html='...<blockquote dir="auto">&lt;b&gt;&#36;5&#36; late...
    """
    sizes = {row["theme"]: row for row in records(counts)}
    html, text = [], []
    for place, theme in enumerate(themes):
        rows = records(shown[shown["theme"] == theme])
        size = sizes.get(theme, {"may": 0})
        line = f"{labels[theme]}: {count(len(rows))} of {count(size['may'])} that may be shown"
        body = "".join(_quoted(r["text"], r["said_by"]) for r in rows)
        opened = " open" if place < OPEN else ""
        html.append(
            f'<details class="raw-comments"{opened}><summary>{_safe(line)}</summary>'
            f"{body or '<p>None.</p>'}</details>"
        )
        text += [line, *(f"  “{_cut(r['text'])}”{_by(r['said_by'])}" for r in rows)]
    return Sentence("".join(html), "\n".join(text))


def _quoted(text: str, said_by: str) -> str:
    who = f"<footer>{_safe(said_by.replace('_', ' '))}</footer>" if said_by else ""
    return f'<blockquote dir="auto">{_safe(_cut(text))}{who}</blockquote>'


def _by(said_by: str) -> str:
    return f" ({said_by.replace('_', ' ')})" if said_by else ""


def _cut(text: str) -> str:
    """The whole comment, unless it is very long; halves of surrogate pairs replaced."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _safe(text: str) -> str:
    """Text for a page: tags, formulas and markup are shown, not run."""
    return escape(text).replace("$", "&#36;").replace("`", "&#96;").replace("\\", "&#92;")
