"""The ledger: what a run predicts, what came of what earlier runs predicted, what it was worth."""

from helpers.methods.ledger.acting import (
    METRIC,
    effects_of,
    effects_predicted,
    in_force,
    moved,
    no_effects,
)
from helpers.methods.ledger.levels import Levels, levels
from helpers.methods.ledger.losing import KEPT, LOST, lost_since, months_of, share_kept
from helpers.methods.ledger.measuring import actuals, following, same_name
from helpers.methods.ledger.predicting import PRIOR, Drift, drift, predicted
from helpers.methods.ledger.returned import (
    Returned,
    among,
    change_among,
    change_of,
    delivered,
    returned,
    worth_of_rise,
)
from helpers.methods.ledger.scoring import (
    STATES,
    Actual,
    Scored,
    independent,
    interval_score,
    scored,
)
from helpers.methods.ledger.telling import Told, followed, response_change, said, told
from helpers.methods.ledger.tracked import Tracked, tracked
from helpers.methods.ledger.writing import COLUMNS, claims, next_day, renewed

__all__ = [
    "COLUMNS", "KEPT", "LOST", "METRIC", "PRIOR", "STATES", "Actual", "Drift", "Levels",
    "Returned", "Scored", "Told", "Tracked", "actuals", "among", "change_among", "change_of",
    "claims", "delivered", "drift", "effects_of", "effects_predicted", "followed", "following",
    "in_force", "independent", "interval_score", "levels", "lost_since", "months_of", "moved",
    "next_day", "no_effects", "predicted", "renewed", "response_change", "returned", "said",
    "same_name", "scored", "share_kept", "told", "tracked", "worth_of_rise",
]  # fmt: skip
