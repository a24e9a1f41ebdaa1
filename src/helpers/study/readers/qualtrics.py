"""Qualtrics exports: three header rows, its own names for what every survey has."""

from __future__ import annotations

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable

__all__ = ["METADATA", "RENAMED", "is_qualtrics", "tidy"]

RENAMED = {
    "ResponseId": "response_id",
    "StartDate": "started_at",
    "EndDate": "completed_at",
    "Duration (in seconds)": "duration_s",
    "UserLanguage": "language",
    "ExternalReference": "contact_id",
    "ExternalDataReference": "contact_id",
}
PERSONAL = (
    "IPAddress",
    "RecipientFirstName",
    "RecipientLastName",
    "RecipientEmail",
    "LocationLatitude",
    "LocationLongitude",
)
METADATA = (  # about the survey, never an id or a wave of the client
    *RENAMED,
    *PERSONAL,
    "Status",
    "Progress",
    "Finished",
    "RecordedDate",
    "DistributionChannel",
    "Q_RecaptchaScore",
)
UNFINISHED = ("false", "0")
PREVIEW = ("Survey Preview", "1", "Survey Test", "2")


def is_qualtrics(frame: pd.DataFrame) -> bool:
    """Whether the second row below the header holds Qualtrics' import ids.

    Examples
    --------
    >>> is_qualtrics(pd.DataFrame({"Q1": ["How…?", '{"ImportId":"QID1"}', "9"]}))
    True
    """
    if len(frame) < 2:
        return False
    cells = frame.iloc[1].dropna().astype(str)
    return bool(len(cells)) and bool(cells.str.contains('"ImportId"').all())


def tidy(raw: RawTable, table: str, findings: Findings) -> RawTable:
    """Give Qualtrics' columns our names; drop previews and what identifies a person."""
    if "ResponseId" not in raw.frame.columns:
        return raw
    names = {o: n for o, n in RENAMED.items() if o in raw.frame and n not in raw.frame}
    personal = [name for name in PERSONAL if name in raw.frame]
    findings.note(table, f"Qualtrics columns renamed: {', '.join(names)}", len(names))
    findings.note(table, f"personal columns left out: {', '.join(personal)}", len(personal))
    if "Status" in raw.frame:
        preview = raw.frame["Status"].isin(PREVIEW).to_numpy()
        findings.note(table, "Qualtrics previews and tests dropped", int(preview.sum()))
        raw = raw.select(~preview)
    if "Finished" in raw.frame:
        unfinished = raw.frame["Finished"].str.strip().str.casefold().isin(UNFINISHED)
        what = "Qualtrics answers that were not finished (Finished = False), kept"
        findings.note(table, what, int(unfinished.sum()))
    frame = raw.frame.drop(columns=personal).rename(columns=names)
    return RawTable(**{**raw.__dict__, "frame": frame})
