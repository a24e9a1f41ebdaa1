"""Whether metrics, functions and employees point the same way as customers.

What functions are paid on is set against what moves customers, drivers against those who own
them, and what staff say and guess against what customers say.
"""

from __future__ import annotations

from helpers.methods.alignment.gaps import Gaps, gaps
from helpers.methods.alignment.owned import Coverage, coverage
from helpers.methods.alignment.paid import Paid, paid
from helpers.methods.alignment.staff import DIMENSIONS, Staff, answers_of, groups_of, staff
from helpers.methods.alignment.steps import steps
from helpers.methods.alignment.units import Units, owned_ratings, units

__all__ = [
    "DIMENSIONS",
    "Coverage",
    "Gaps",
    "Paid",
    "Staff",
    "Units",
    "answers_of",
    "coverage",
    "gaps",
    "groups_of",
    "owned_ratings",
    "paid",
    "staff",
    "steps",
    "units",
]
