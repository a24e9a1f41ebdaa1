"""Comments: themes by the client's own frame, what sets groups apart, and quotes.

Comments are gathered to one row a respondent, coded by hand where somebody did and else
by rules or by a model, whichever agrees better with the codes by hand; shares allow for
what the coder gets wrong.
"""

from __future__ import annotations

from helpers.methods.comments.agreement import FAIR, Agreement, agreement, kappa
from helpers.methods.comments.coding import Coding, coded
from helpers.methods.comments.correction import Worth, corrected_share, worth
from helpers.methods.comments.frame import Frame, pattern, starting_frame, theme_frame
from helpers.methods.comments.gathering import Gathered, gathered
from helpers.methods.comments.keyness import WordsApart, log_odds, words_apart
from helpers.methods.comments.models import enough, held_out, learned
from helpers.methods.comments.quoting import Quotes, quotes
from helpers.methods.comments.ratings import RatingGaps, rating_gaps
from helpers.methods.comments.redaction import MARKS, NameList, name_list, redacted
from helpers.methods.comments.rules import ruled
from helpers.methods.comments.segments import ThemeGroups, loyalty_groups, theme_groups
from helpers.methods.comments.shares import ThemeShares, theme_shares

__all__ = [
    "FAIR",
    "MARKS",
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
    "coded",
    "corrected_share",
    "enough",
    "gathered",
    "held_out",
    "kappa",
    "learned",
    "log_odds",
    "loyalty_groups",
    "name_list",
    "pattern",
    "quotes",
    "rating_gaps",
    "redacted",
    "ruled",
    "starting_frame",
    "theme_frame",
    "theme_groups",
    "theme_shares",
    "words_apart",
    "worth",
]
