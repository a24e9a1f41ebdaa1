"""Weights that make a sample agree with what is known of its population."""

from helpers.methods.weighting.comparison import Comparison, compare
from helpers.methods.weighting.over_waves import WaveWeights, over_waves, unweighted_waves
from helpers.methods.weighting.raking import post_stratify, rake
from helpers.methods.weighting.replicates import Replicates, replicates
from helpers.methods.weighting.totals import calibrate
from helpers.methods.weighting.unknown import with_unknown
from helpers.methods.weighting.weights import Weights, base_weights, trim

__all__ = [
    "Comparison",
    "Replicates",
    "WaveWeights",
    "Weights",
    "base_weights",
    "calibrate",
    "compare",
    "over_waves",
    "post_stratify",
    "rake",
    "replicates",
    "trim",
    "unweighted_waves",
    "with_unknown",
]
