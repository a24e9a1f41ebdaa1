"""Loyalty of people and of accounts."""

from helpers.methods.loyalty.scores import net_promoter, promoter_points, top_share
from helpers.methods.loyalty.shrinkage import AccountScores, account_scores

__all__ = ["AccountScores", "account_scores", "net_promoter", "promoter_points", "top_share"]
