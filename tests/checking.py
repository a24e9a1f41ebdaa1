"""One table or several as they were typed, for checks that are called by themselves."""

from __future__ import annotations

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.readers.raw import one_file
from helpers.study.tables import TABLES


def typed(name: str, frame: pd.DataFrame) -> Typed:
    """A table whose cells stand in the file as they are read."""
    raw = one_file(frame.reset_index(drop=True).astype(object), f"{name}.csv", "")
    return Typed(TABLES[name], frame.reset_index(drop=True), raw)


def told(check, tables: dict[str, pd.DataFrame], *more: object) -> list[str]:
    """What a check says of tables."""
    findings = Findings()
    check({name: typed(name, frame) for name, frame in tables.items()}, *more, findings)
    return [str(fault) for fault in findings.faults]
