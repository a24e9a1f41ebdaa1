"""Whom the survey reached: coverage of accounts and revenue, and response rates."""

from helpers.methods.sampling.chances import (
    base_weights,
    base_weights_by_wave,
    drawn_strata,
    finite_population,
    strata_by_wave,
    with_list,
)
from helpers.methods.sampling.coverage import Coverage, coverage
from helpers.methods.sampling.dispositions import account_dispositions
from helpers.methods.sampling.rates import (
    ResponseRates,
    response_rates,
    response_rates_by,
    response_table,
)

__all__ = [
    "Coverage",
    "ResponseRates",
    "account_dispositions",
    "base_weights",
    "base_weights_by_wave",
    "coverage",
    "drawn_strata",
    "finite_population",
    "response_rates",
    "response_rates_by",
    "response_table",
    "strata_by_wave",
    "with_list",
]
