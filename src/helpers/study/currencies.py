"""Amounts in another currency than ``client.yml`` declares: by column, by sign, by format."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.study.config import Config
from helpers.study.currency_signs import contradicts, one_currency
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.values import as_text

__all__ = ["check_currency"]


def check_currency(typed: Typed, config: Config, findings: Findings) -> None:
    """Amounts in another currency than ``client.yml`` declares."""
    if not config.currency:
        return
    if "currency" in typed.frame:
        there = typed.frame["currency"]
        wrong = {text for text in there.dropna().unique() if contradicts(text, config.currency)}
        _report_column(typed, there.isin(wrong), config, findings)
    shown = [(place, column, sign) for place, of_file in enumerate(typed.raw.currencies)
             for column, signs in of_file.items() for sign in signs
             if contradicts(sign, config.currency, sure=True)]  # fmt: skip
    for file in dict.fromkeys(place for place, _, _ in shown):
        columns = ", ".join(dict.fromkeys(column for place, column, _ in shown if place == file))
        signs = " and ".join(sorted({sign for place, _, sign in shown if place == file}))
        problem = f"shows {columns} in {signs}, and client.yml declares {config.currency}"
        advice = f"Convert the amounts to {config.currency}, or mend `currency` in client.yml."
        findings.warn(typed.raw.files[file], problem, advice)
    _check_declared_signs(typed, config, findings)


def _report_column(typed: Typed, wrong: pd.Series, config: Config, findings: Findings) -> None:
    places = np.flatnonzero(wrong.to_numpy())
    if not len(places):
        return
    file, row = typed.raw.where(int(places[0]))
    more = f", as are {len(places) - 1:,} more rows" if len(places) > 1 else ""
    problem = f"is not the currency of client.yml ({config.currency}){more}"
    advice = f"Convert the amounts to {config.currency}, or declare the currency they are in."
    found = str(typed.frame["currency"].iloc[places[0]])
    findings.error(file, problem, advice, row=row, column="currency", found=found)


def _check_declared_signs(typed: Typed, config: Config, findings: Findings) -> None:
    """Amounts with a sign that ``formats`` lets pass, and that is not of their currency."""
    form = config.format(typed.table.name)
    signs = [sign for sign in form.currency if contradicts(sign, config.currency, sure=True)]
    for column, sign in ((column, sign) for column in typed.raw.frame for sign in signs):
        declared = typed.table.column(str(column))
        if declared is None or declared.kind != "number":
            continue
        cells = as_text(typed.raw.frame[column]).fillna("")
        places = np.flatnonzero(cells.str.contains(sign, regex=False).to_numpy(dtype=bool))
        if len(places):
            file, row = typed.raw.where(int(places[0]))
            many = f" ({len(places):,} rows)" if len(places) > 1 else ""
            beside = _beside(cells, sign, form.currency)
            if beside:
                problem = f"has the sign {sign}{many} where other rows have {beside}"
                advice = f"Convert all amounts to {config.currency} and send those."
                found = cells.iloc[places[0]]
                findings.error(file, problem, advice, row=row, column=str(column), found=found)
                continue
            problem = f"has the sign {sign}{many}, and client.yml declares {config.currency}"
            advice = f"Convert the amounts to {config.currency}, or mend `currency` in client.yml."
            found = cells.iloc[places[0]]
            findings.warn(file, problem, advice, row=row, column=str(column), found=found)


def _beside(cells: pd.Series, sign: str, declared: Iterable[str]) -> str:
    """A sign of another currency that other cells of the column have; empty where none has."""
    rest = cells[~cells.str.contains(sign, regex=False).to_numpy(dtype=bool)]
    others = (one for one in declared if not one_currency((one, sign)))
    return next((one for one in others if rest.str.contains(one, regex=False).any()), "")
