"""Loyalty of people and of accounts: scores, the matrix, changes between waves, roll-ups."""

from helpers.methods.loyalty.account_chances import account_membership
from helpers.methods.loyalty.axes import Axes, axes, axis_scores, side_scores
from helpers.methods.loyalty.benchmarks import Benchmarks, compare
from helpers.methods.loyalty.breakdown import Breakdown, breakdown
from helpers.methods.loyalty.changes import Changes, changes
from helpers.methods.loyalty.decomposition import Change, change
from helpers.methods.loyalty.intraclass import intraclass
from helpers.methods.loyalty.membership import Membership, membership
from helpers.methods.loyalty.pooled import EarlierWaves
from helpers.methods.loyalty.quadrants import LoyaltyMatrix, matrix
from helpers.methods.loyalty.rollup import RollUp, roll_up
from helpers.methods.loyalty.satisfied import Satisfied, satisfied_and_loyal
from helpers.methods.loyalty.scores import top_share
from helpers.methods.loyalty.segments import SEGMENTS, scale_step, scale_steps, segments
from helpers.methods.loyalty.shrinkage import AccountScores, account_scores
from helpers.methods.loyalty.transitions import Transitions, by_person, moves, transitions
from helpers.methods.loyalty.trend import Trend, trend

__all__ = [
    "SEGMENTS",
    "AccountScores",
    "Axes",
    "Benchmarks",
    "Breakdown",
    "Change",
    "Changes",
    "EarlierWaves",
    "LoyaltyMatrix",
    "Membership",
    "RollUp",
    "Satisfied",
    "Transitions",
    "Trend",
    "account_membership",
    "account_scores",
    "axes",
    "axis_scores",
    "breakdown",
    "by_person",
    "change",
    "changes",
    "compare",
    "intraclass",
    "matrix",
    "membership",
    "moves",
    "roll_up",
    "satisfied_and_loyal",
    "scale_step",
    "scale_steps",
    "segments",
    "side_scores",
    "top_share",
    "transitions",
    "trend",
]
