"""Lists of accounts and contacts against sense: parents, noughts, people who are there twice."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.naming import values_line
from helpers.study.row_faults import report_rows
from helpers.study.trials import as_line

__all__ = ["check_lists"]

NOUGHT = (("accounts", "units_total"), ("contracts", "value"), ("opportunities", "amount"),
          ("products", "price"))  # fmt: skip
OFTEN = 0.05
MOST_GROWTH = 300.0  # per cent a year
TYPICAL_GROWTH = 100.0  # of half of the accounts: then all of it is in another unit
FEWEST = 10
SHORT = 5.0  # of ratings that may reach 10


def check_lists(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of what cannot be of a list of accounts, contacts and products."""
    for name, column in NOUGHT:
        if name in tables:
            _check_noughts(tables[name], column, findings)
    if "accounts" in tables:
        accounts = tables["accounts"]
        _check_parents(accounts, findings)
        _check_growth(accounts, findings)
        _check_partnership(accounts, findings)
        _check_reasons(accounts, findings)
    if "contacts" in tables:
        _check_reachable(tables["contacts"], findings)
        _check_people(tables["contacts"], findings)
    if "products" in tables and "name" in tables["products"].frame:
        names = tables["products"].frame["name"]
        problem = "is the name of an earlier product too"
        advice = "Each counts by itself: give them one product_id, or names that tell them apart."
        rows = names.duplicated() & names.notna()
        report_rows(tables["products"], rows, "name", problem, advice, findings, warn=True)


def _check_noughts(typed: Typed, column: str, findings: Findings) -> None:
    if column not in typed.frame or typed.frame[column].dtype.kind != "f":
        return
    zero = typed.frame[column].eq(0)
    if zero.mean() < OFTEN or not (typed.frame[column] > 0).any():
        return
    texts = tuple(typed.raw.frame[column][zero.to_numpy()].astype(str).str.strip().unique())
    line = as_line(typed.table.name, {"missing": {column: texts}})
    problem = f"stands in {int(zero.sum()):,} of {len(zero):,} rows, and counts as nothing"
    advice = f"If it stands for no value, declare {line}."
    report_rows(typed, zero, column, problem, advice, findings, warn=True)


def _check_parents(typed: Typed, findings: Findings) -> None:
    """Accounts that belong to themselves, or to one that belongs to them."""
    frame = typed.frame
    if not {"account_id", "parent_id"} <= set(frame):
        return
    own = frame["parent_id"].eq(frame["account_id"])
    if own.mean() < 0.5:  # some systems write the id of the account itself where there is none
        problem = "is the account itself"
        advice = "Leave it empty where an account belongs to no other."
        report_rows(typed, own, "parent_id", problem, advice, findings, warn=True)
    above = frame.dropna(subset=["account_id", "parent_id"]).drop_duplicates("account_id")
    parents = above.set_index("account_id")["parent_id"].to_dict()
    back = frame["parent_id"].map(parents).eq(frame["account_id"]) & ~own
    problem = "is an account that belongs to this one"
    advice = "Of two accounts one belongs to the other: correct one of the two."
    report_rows(typed, back, "parent_id", problem, advice, findings, warn=True)


def _check_growth(typed: Typed, findings: Findings) -> None:
    if "growth_pct" not in typed.frame or typed.frame["growth_pct"].dtype.kind != "f":
        return
    growth = typed.frame["growth_pct"]
    typical = float(growth.abs().median())
    odd = growth.abs() > (TYPICAL_GROWTH if typical > TYPICAL_GROWTH else MOST_GROWTH)
    problem = "is the growth of a year in per cent"
    if typical > TYPICAL_GROWTH:
        problem += f", as {typical:g} is that of half of the accounts"
    advice = "If another number is meant, send it so that 5 is 5 per cent."
    report_rows(typed, odd, "growth_pct", problem, advice, findings, warn=True)


def _check_partnership(typed: Typed, findings: Findings) -> None:
    names = [n for n in map(str, typed.frame) if n.startswith("partnership_")]
    names = [n for n in names if typed.frame[n].dtype.kind == "f"]
    said = pd.Series(typed.frame[names].to_numpy(dtype=float).ravel()).dropna()
    if len(said) >= 3 * FEWEST and said.max() <= SHORT and said.min() >= 1:
        problem = f"and {len(names) - 1} more run from {said.min():g} to {said.max():g}, and are "
        problem += "read as marks from 0 to 10"
        advice = "If they were given on a shorter scale, bring them to 0 to 10 in a query."
        findings.warn(typed.raw.file, problem, advice, column=names[0])


def _check_reasons(typed: Typed, findings: Findings) -> None:
    if not {"end_date", "end_reason"} <= set(typed.frame) or typed.frame["end_date"].isna().all():
        return
    odd = typed.frame["end_reason"].notna() & typed.frame["end_date"].isna()
    problem = "says why the account ended, and end_date is empty: it counts as there"
    advice = "Fill in end_date, or leave end_reason empty."
    report_rows(typed, odd, "end_reason", problem, advice, findings, warn=True)


def _check_reachable(typed: Typed, findings: Findings) -> None:
    """Flags that leave nobody to ask."""
    for column, value in (("active", False), ("opt_out", True)):
        if column not in typed.frame or len(typed.frame) < FEWEST:
            continue
        said = typed.frame[column].dropna()
        if len(said) and said.astype(bool).eq(value).all():
            word = "yes" if value else "no"
            problem = f"is {word} for all {len(said):,} contacts, so that nobody can be asked"
            advice = "If it says the opposite, turn it under `values:` of contacts in client.yml: "
            advice += f"{values_line('contacts', column, 'yes: …, no: …')}."
            findings.warn(typed.raw.file, problem, advice, column=column, found=word)


def _check_people(typed: Typed, findings: Findings) -> None:
    """One address of e-mail under two contact ids of an account."""
    mails = [n for n in map(str, typed.frame) if "mail" in n.casefold()]
    for name in mails[:1]:
        cells = typed.frame[name]
        if not pd.api.types.is_string_dtype(cells.dtype):
            continue
        plain = cells.str.strip().str.casefold()
        plain = plain.where(plain.str.contains("@", na=False))
        again = plain.notna() & plain.duplicated()
        problem = "is the address of an earlier contact too: one person counts as two"
        advice = "Give them one contact_id, in every table that names it."
        if again.mean() < OFTEN * 4:
            _report_hidden(typed, again, name, problem, advice, findings)


def _report_hidden(
    typed: Typed, rows: pd.Series, column: str, problem: str, advice: str, findings: Findings
) -> None:
    """The same without the address itself."""
    shown = typed.frame.assign(**{column: typed.frame[column].where(~rows)})
    report_rows(
        Typed(typed.table, shown, typed.raw), rows, column, problem, advice, findings, warn=True
    )
