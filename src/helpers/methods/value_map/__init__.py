"""What each account is worth to us against how loyal it is, and what follows for it.

The names of the cells and the rules between them are the handbook's own.
"""

from __future__ import annotations

from helpers.methods.value_map.cells import CELLS, ValueMap, place
from helpers.methods.value_map.coarse import coarsened, unplaced_revenue
from helpers.methods.value_map.losses import Losses
from helpers.methods.value_map.sensitivity import Sensitivity, weights_tried
from helpers.methods.value_map.service import SPONSORED, Coverage, coverage
from helpers.methods.value_map.shown import joined_cells, shown_cells
from helpers.methods.value_map.worth import PARTS, ThreePs, reweighted, three_ps

__all__ = [
    "CELLS",
    "PARTS",
    "SPONSORED",
    "Coverage",
    "Losses",
    "Sensitivity",
    "ThreePs",
    "ValueMap",
    "coarsened",
    "coverage",
    "joined_cells",
    "place",
    "reweighted",
    "shown_cells",
    "three_ps",
    "unplaced_revenue",
    "weights_tried",
]
