"""Leads: whom to call about what, what it is worth, and how often such leads came true."""

from helpers.methods.leads.asks import asked_in_comments, asked_in_items, products_of_items
from helpers.methods.leads.listed import Leads, todays_leads
from helpers.methods.leads.naming import (
    SOURCES,
    Known,
    Rule,
    known_at_waves,
    known_on,
    leads_on,
    ownership,
)
from helpers.methods.leads.rates import (
    Backtest,
    HitRates,
    backtest,
    came_true,
    hit_rates,
    hits_range,
)
from helpers.methods.leads.reach import agreed_to_offers, everybody, reachable
from helpers.methods.leads.sales import Sales, sales
from helpers.methods.leads.worth import Priced, Worth, priced, worth

__all__ = [
    "SOURCES", "Backtest", "HitRates", "Known", "Leads", "Priced", "Rule", "Sales", "Worth",
    "agreed_to_offers", "asked_in_comments", "asked_in_items", "backtest", "came_true",
    "everybody", "hit_rates", "hits_range", "known_at_waves", "known_on", "leads_on",
    "ownership", "priced", "products_of_items", "reachable", "sales", "todays_leads", "worth",
]  # fmt: skip
