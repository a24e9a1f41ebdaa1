"""Which actions to fund: candidates, what they are worth, the best set under every limit."""

from helpers.methods.actions.frontier import Frontier, frontier, knee
from helpers.methods.actions.futures import chosen_in
from helpers.methods.actions.gains import Gains, Worth
from helpers.methods.actions.limits import Infeasible, Limits, broken, rules
from helpers.methods.actions.options import Candidates, Options
from helpers.methods.actions.portfolio import Portfolio, best_portfolio, lower_tail
from helpers.methods.actions.reasons import Reasons, cost_of_delay, first_to_drop, reasons

__all__ = [
    "Candidates", "Frontier", "Gains", "Infeasible", "Limits", "Options", "Portfolio", "Reasons",
    "Worth", "best_portfolio", "broken", "chosen_in", "cost_of_delay", "first_to_drop", "frontier",
    "knee", "lower_tail", "reasons", "rules",
]  # fmt: skip
