"""Answers of people who are called Test User, told before the columns of people are left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.tryout_words import is_test_mail, is_test_name

__all__ = ["without_testers"]


def without_testers(
    raw: RawTable, personal: Iterable[str], table: str, form: Format, findings: Findings
) -> RawTable:
    """The table; without answers whose name or address is that of a test, where so declared.

    Neither a name nor an address is shown: only the row and the column.
    """
    if form.tests == "keep" or not len(raw.frame):
        return raw
    odd = np.zeros(len(raw.frame), dtype=bool)
    where: dict[int, str] = {}
    for name in personal:
        tells = is_test_mail if "mail" in name.casefold() else is_test_name
        cells = raw.frame[name]
        said = [one for one in cells.dropna().unique() if tells(str(one))]
        rows = cells.isin(said).to_numpy(dtype=bool)
        where |= {int(place): name for place in np.flatnonzero(rows & ~odd)}
        odd |= rows
    if not odd.any():
        return raw
    if form.tests == "drop":
        findings.note(table, "answers of testers dropped, as declared", int(odd.sum()))
        return raw.select(~odd)
    first = min(where)
    file, row = raw.where(first)
    more = f", as of {int(odd.sum()) - 1:,} more" if odd.sum() > 1 else ""
    problem = f"says that the answer is of somebody who tried the survey out{more}"
    line = f"`formats: {{{table}: {{tests: drop}}}}` in client.yml"
    advice = f"Each counts as a respondent. Declare {line}, and they are left out, counted; if "
    advice += "they are genuine, `tests: keep` there."
    findings.warn(file, problem, advice, row=row, column=where[first])
    return raw
