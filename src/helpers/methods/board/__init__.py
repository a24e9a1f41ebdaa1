"""What a board follows from year to year: who stayed, with how much money, what they are worth."""

from __future__ import annotations

from helpers.methods.board.asset import CustomerAsset, customer_asset
from helpers.methods.board.by_revenue import score_by_revenue
from helpers.methods.board.retention import Retention, retention

__all__ = ["CustomerAsset", "Retention", "customer_asset", "retention", "score_by_revenue"]
