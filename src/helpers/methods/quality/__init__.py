"""Whether the answers that came can be used: repeats, haste, straight lines, turned scales.

Each check flags, none drops: a flag is a reason to look, and a satisfied customer in a
hurry answers 9, 9, 9, 9 in good faith. `dropping` shows what each flag would do to a
score, and `reconcile` what was left out, step by step.
"""

from helpers.methods.quality.chance import alike_by_chance
from helpers.methods.quality.flags import (
    recorded_as,
    repeats,
    reversed_items,
    speeders,
    straight_liners,
)
from helpers.methods.quality.overview import Quality, answer_quality, dropping, item_nonresponse
from helpers.methods.quality.waterfall import reconcile

__all__ = [
    "Quality", "alike_by_chance", "answer_quality", "dropping", "item_nonresponse", "reconcile",
    "recorded_as", "repeats", "reversed_items", "speeders", "straight_liners",
]  # fmt: skip
