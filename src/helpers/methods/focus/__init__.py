"""Customer focus: whether a company asks, acts and tells, on record and as customers see it."""

from helpers.methods.focus.index import PARTS, FocusIndex, Score, composite, gap, index
from helpers.methods.focus.parts import (
    MEASURES,
    asked_lately,
    measure,
    of_records,
    promise_measures,
    table_of,
)
from helpers.methods.focus.perceived import by_told, perceived
from helpers.methods.focus.principles import Scorecard, scorecard
from helpers.methods.focus.quadrant import QUADRANTS, Quadrant, quadrant
from helpers.methods.focus.register import FLAGS, register, to_tell

__all__ = [
    "FLAGS",
    "MEASURES",
    "PARTS",
    "QUADRANTS",
    "FocusIndex",
    "Quadrant",
    "Score",
    "Scorecard",
    "asked_lately",
    "by_told",
    "composite",
    "gap",
    "index",
    "measure",
    "of_records",
    "perceived",
    "promise_measures",
    "quadrant",
    "register",
    "scorecard",
    "table_of",
    "to_tell",
]
