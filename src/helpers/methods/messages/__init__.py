"""What may be said to customers and staff: only what a record says was done, or is due when."""

from helpers.methods.messages.claims import Said, kinds, said
from helpers.methods.messages.functions import Function, functions
from helpers.methods.messages.gate import CUSTOMERS, STAFF, Problem, problems
from helpers.methods.messages.heard import Heard, heard, own_ratings
from helpers.methods.messages.markup import Block, blocks, escaped, parted, plain, to_fill_in
from helpers.methods.messages.recipients import (
    REASONS,
    called_first,
    cases,
    customers,
    interests,
    recipients,
    without,
)
from helpers.methods.messages.records import (
    addressed_to,
    done,
    held_back,
    late,
    own_records,
    promised_records,
    proposed_records,
    still_open,
    ticket_records,
)

__all__ = [
    "CUSTOMERS",
    "REASONS",
    "STAFF",
    "Block",
    "Function",
    "Heard",
    "Problem",
    "Said",
    "addressed_to",
    "blocks",
    "called_first",
    "cases",
    "customers",
    "done",
    "escaped",
    "functions",
    "heard",
    "held_back",
    "interests",
    "kinds",
    "late",
    "own_ratings",
    "own_records",
    "parted",
    "plain",
    "problems",
    "promised_records",
    "proposed_records",
    "recipients",
    "said",
    "still_open",
    "ticket_records",
    "to_fill_in",
    "without",
]
