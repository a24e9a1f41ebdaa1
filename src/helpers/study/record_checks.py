"""What a client records beside the survey, each subject held against sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from helpers.study import (
    benchmark_modes,
    comment_texts,
    deal_checks,
    list_checks,
    measure_checks,
    month_checks,
    odd_dates,
    row_units,
    staff_checks,
    unit_checks,
)
from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_records"]


def check_records(
    tables: Mapping[str, Typed], codebook: Codebook, as_of: date, findings: Findings
) -> None:
    """Warn of money, lists, deals, metrics, staff, days and texts that cannot be as they stand."""
    unit_checks.check_units(tables, findings)
    row_units.check_row_units(tables, findings)
    month_checks.check_months(tables, as_of, findings)
    list_checks.check_lists(tables, findings)
    deal_checks.check_deals(tables, as_of, findings)
    measure_checks.check_measures(tables, findings)
    staff_checks.check_staff(tables, codebook, findings)
    odd_dates.check_days(tables, as_of, findings)
    comment_texts.check_texts(tables, codebook, findings)
    benchmark_modes.check_modes(tables, findings)
