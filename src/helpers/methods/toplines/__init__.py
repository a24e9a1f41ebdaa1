"""Toplines and banner tables: every question's answers, in all and column by column."""

from helpers.methods.toplines.banners import Banner, banner, banners
from helpers.methods.toplines.independence import Independence, rao_scott
from helpers.methods.toplines.letters import CORRECTIONS
from helpers.methods.toplines.linearised import Sample
from helpers.methods.toplines.questions import Question, Row, questions
from helpers.methods.toplines.tabulated import OverWaves, Toplines, over_waves, tabulate

__all__ = [
    "CORRECTIONS",
    "Banner",
    "Independence",
    "OverWaves",
    "Question",
    "Row",
    "Sample",
    "Toplines",
    "banner",
    "banners",
    "over_waves",
    "questions",
    "rao_scott",
    "tabulate",
]
