"""Those who did not answer: who they are, what became of them, what they might have said."""

from helpers.methods.nonresponse.contrasts import contrast, holm
from helpers.methods.nonresponse.followup import (
    Exclusion,
    Followup,
    asked_accounts,
    exclusion_test,
    responders_against_silent,
    ticket_counts,
    tickets_after,
)
from helpers.methods.nonresponse.propensity import (
    Propensity,
    Representativity,
    response_propensity,
)
from helpers.methods.nonresponse.records import (
    Sides,
    answering_rates,
    asked_design,
    excluded_people,
    of_chances,
    really_asked,
    records_after,
    sides,
)
from helpers.methods.nonresponse.sensitivity import Sensitivity, nonresponse_range
from helpers.methods.nonresponse.waves import EarlyLate, days_to_answer, early_against_late

__all__ = [
    "EarlyLate",
    "Exclusion",
    "Followup",
    "Propensity",
    "Representativity",
    "Sensitivity",
    "Sides",
    "answering_rates",
    "asked_accounts",
    "asked_design",
    "contrast",
    "days_to_answer",
    "early_against_late",
    "excluded_people",
    "exclusion_test",
    "holm",
    "nonresponse_range",
    "of_chances",
    "really_asked",
    "records_after",
    "responders_against_silent",
    "response_propensity",
    "sides",
    "ticket_counts",
    "tickets_after",
]
