"""Every check of the tables that a client sent, in the order in which their faults are told."""

from __future__ import annotations

from dataclasses import replace

from helpers.study import (
    advised,
    amounts,
    case_checks,
    checks,
    copies,
    header_units,
    invited_checks,
    joining,
    keys,
    leftover_tests,
    links,
    metric_checks,
    number_checks,
    open_ends,
    percent_cells,
    record_checks,
    sales_checks,
    session_checks,
    survey_checks,
    verbatims,
    zero_checks,
)
from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.naming import check_keys_sent
from helpers.study.totals import warn_of_totals

__all__ = ["check_tables"]


def check_tables(
    typed: dict[str, Typed], codebook: Codebook, config: Config, findings: Findings
) -> None:
    """Tell what does not fit in any table; what is left out for it is taken out of ``typed``."""
    leftover_tests.without_tests(typed, codebook, config, findings)
    responses = typed["responses"]
    others = {name: part.frame for name, part in typed.items() if name != "responses"}
    check_keys_sent(responses.raw, others, responses.table, codebook, config, findings)
    frame = joining.completed(responses.frame, config, findings)
    typed["responses"] = replace(responses, frame=frame)
    for name in list(typed):
        _check_rows(name, typed, config, findings)
    links.check_links(typed, findings)
    checks.check_money(typed, config, findings)
    checks.check_ranks(typed.get("accounts"), findings)
    number_checks.check_numbers(typed, config, findings)
    amounts.check_amounts(typed, findings)
    record_checks.check_records(typed, codebook, config.as_of, findings)
    case_checks.check_cases(typed, findings)
    sales_checks.check_sales(typed, config.as_of, findings)
    percent_cells.check_percent_cells(typed, codebook, findings)
    metric_checks.check_metrics(typed, codebook, config, findings)
    number_checks.check_whole_answers(typed["responses"], codebook, findings)
    verbatims.check_themes(typed, codebook, findings)
    verbatims.check_repeats(typed, findings)
    _check_answers(typed, codebook, config, findings)


def _check_rows(name: str, typed: dict[str, Typed], config: Config, findings: Findings) -> None:
    """Totals, open ends, order, units and keys of one table."""
    if not any(advised.drops_totals(fault, name) for fault in findings.errors):
        warn_of_totals(typed[name], config.format(name), findings)
    typed[name] = open_ends.without_ends(typed[name], config.as_of, findings)
    checks.check_order(typed[name], config, findings)
    header_units.check_header_units(typed[name], config, findings)
    typed[name] = keys.check_keys(typed[name], config, findings)


def _check_answers(
    typed: dict[str, Typed], codebook: Codebook, config: Config, findings: Findings
) -> None:
    """Waves, invitations, answers and those who gave them."""
    survey_checks.check_waves(typed["responses"], config, findings)
    invited_checks.check_invited(typed, config, findings)
    survey_checks.check_answers(typed["responses"], codebook, findings)
    zero_checks.check_zeros(typed["responses"], codebook, findings)
    session_checks.check_sessions(typed, codebook, findings)
    copies.warn_of_copies(typed["responses"], codebook, findings)
