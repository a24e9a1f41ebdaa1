"""Comments: themes by the client's own frame, what sets groups apart, and quotes.

Comments are gathered to one row a respondent, coded by hand where somebody did and else
by rules or by a model, whichever agrees better with the codes by hand; shares allow for
what the coder gets wrong.
"""

from __future__ import annotations

from helpers.methods.comments.agreement import FAIR, SURE, Agreement, agreement, kappa, pooled
from helpers.methods.comments.coding import Coding, coded
from helpers.methods.comments.correction import Worth, corrected_share, worth
from helpers.methods.comments.frame import (
    Frame,
    chosen_frame,
    pattern,
    starting_frame,
    theme_frame,
)
from helpers.methods.comments.gathering import Gathered, gathered
from helpers.methods.comments.keyness import WordsApart, log_odds, words_apart
from helpers.methods.comments.models import enough, held_out, learned
from helpers.methods.comments.quoting import Quotes, quotes
from helpers.methods.comments.ratings import RatingGaps, rating_gaps, writers_gap
from helpers.methods.comments.redaction import MARKS, NameList, legible, name_list, redacted
from helpers.methods.comments.rules import ruled
from helpers.methods.comments.segments import (
    ThemeGroups,
    jointly,
    loyalty_groups,
    recoded,
    theme_groupings,
    theme_groups,
)
from helpers.methods.comments.shares import ThemeShares, theme_shares, themeless
from helpers.replies import says_something

__all__ = [
    "FAIR",
    "MARKS",
    "SURE",
    "Agreement",
    "Coding",
    "Frame",
    "Gathered",
    "NameList",
    "Quotes",
    "RatingGaps",
    "ThemeGroups",
    "ThemeShares",
    "WordsApart",
    "Worth",
    "agreement",
    "chosen_frame",
    "coded",
    "corrected_share",
    "enough",
    "gathered",
    "held_out",
    "jointly",
    "kappa",
    "learned",
    "legible",
    "log_odds",
    "loyalty_groups",
    "name_list",
    "pattern",
    "pooled",
    "quotes",
    "rating_gaps",
    "recoded",
    "redacted",
    "ruled",
    "says_something",
    "starting_frame",
    "theme_frame",
    "theme_groupings",
    "theme_groups",
    "theme_shares",
    "themeless",
    "words_apart",
    "worth",
    "writers_gap",
]
