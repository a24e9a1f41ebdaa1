"""Which actions to fund: candidates, what they are worth, the best set under every limit."""

from helpers.methods.actions.account import AVOIDED, SAVED_COST, STAYING, accounted
from helpers.methods.actions.benefits import (
    ALL,
    COMMON,
    SAVED,
    TRUST,
    Planned,
    Stated,
    money_a_point,
    points_a_point,
    worth_of,
)
from helpers.methods.actions.causes import against_causes
from helpers.methods.actions.decision import Decision, alone, decide
from helpers.methods.actions.evidence import Considered, Evidence, Reach, consider, evidence
from helpers.methods.actions.frontier import Frontier, frontier, knee
from helpers.methods.actions.futures import chosen_in
from helpers.methods.actions.gains import Gains, Worth
from helpers.methods.actions.limits import Infeasible, Limits, broken, rules
from helpers.methods.actions.listed import BASES, Listed, first_quarter, listed
from helpers.methods.actions.ninety_days import PHASES, break_even, ninety_days
from helpers.methods.actions.options import Candidates, Options
from helpers.methods.actions.portfolio import Portfolio, best_portfolio, lower_tail
from helpers.methods.actions.promises import delivered, promises, unfunded
from helpers.methods.actions.reasons import Reasons, cost_of_delay, first_to_drop, reasons

__all__ = [
    "ALL", "AVOIDED", "BASES", "COMMON", "PHASES", "SAVED", "SAVED_COST", "STAYING", "TRUST",
    "Candidates", "Considered", "Decision", "Evidence", "Frontier", "Gains", "Infeasible",
    "Limits", "Listed", "Options", "Planned", "Portfolio", "Reach", "Reasons", "Stated", "Worth",
    "accounted", "against_causes", "alone", "best_portfolio", "break_even", "broken", "chosen_in",
    "consider", "cost_of_delay", "decide", "delivered", "evidence", "first_quarter",
    "first_to_drop", "frontier", "knee", "listed", "lower_tail", "money_a_point", "ninety_days",
    "points_a_point", "promises", "reasons", "rules", "unfunded", "worth_of",
]  # fmt: skip
