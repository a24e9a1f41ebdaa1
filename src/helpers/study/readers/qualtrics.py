"""Qualtrics exports, in a file of any kind: their own names, rows that are no answers, people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.raw import RawTable
from helpers.study.readers.testers import without_testers

__all__ = ["METADATA", "RENAMED", "is_export", "is_qualtrics", "kind_of_status", "tidy"]

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
    "RecipientPhone",
    "LocationLatitude",
    "LocationLongitude",
    "ParticipantName",
    "ParticipantEmail",
    "FirstName",
    "LastName",
    "Email",
    "EmailAddress",
    "Phone",
)
SURVEYMONKEY = {"respondentid", "collectorid"}  # columns that Qualtrics does not write
METADATA = (  # about the survey, never an id or a wave of the client
    *RENAMED,
    *PERSONAL,
    "Status",
    "Progress",
    "Finished",
    "RecordedDate",
    "DistributionChannel",
    "Q_RecaptchaScore",
    "ResponseSet",
)
OWN = (  # columns that other surveys hardly have under these names
    "recordeddate", "distributionchannel", "durationinseconds", "userlanguage", "ipaddress",
    "recipientemail", "externalreference", "externaldatareference", "locationlatitude",
    "responseset",
)  # fmt: skip
ENOUGH = 4  # of Qualtrics' columns make an export, where its id is not among them
MEASURED = ("startdate", "enddate", "recordeddate", "durationinseconds", "progress", "responseid")
PREVIEWED = ("preview", "test")  # as DistributionChannel says it, where Status is not exported
UNFINISHED = ("false", "0", "0.0")
NUMBERED = re.compile(r"V\d+")  # the names of an old export; the true ones stand in the next row
PREVIEW, TEST, SPAM, SYNTHETIC = 1, 2, 8, 256  # parts that add up to a Status
ANSWERS = (0, 4, 16, 32, 48, 132)  # answered, imported, offline, of employees
ANSWER_WORDS = ("ip address", "imported", "offline", "ex", "ex offline", "reimported imported")
KINDS = {  # words in a Status: what such a row is
    "preview": r"preview|test|vorschau|apercu|previsuali|vista previa|anteprima|voorbeeld|"
    r"プレヒュー|预览|預覽",
    "spam": r"spam|スハム",
    "synthetic": r"synthe|sinte[tz]",
}
LEFT_OUT = {"spam": "marked as spam", "synthetic": "made up (synthetic)"}


def is_qualtrics(frame: pd.DataFrame) -> bool:
    """Whether the second row below the header holds Qualtrics' import ids.

    Examples
    --------
    >>> is_qualtrics(pd.DataFrame({"Q1": ["How…?", '{"ImportId":"QID1"}', "9"]}))
    True
    """
    return len(frame) > 1 and _holds_import_ids(frame, 1)


def is_export(columns: Iterable[object]) -> bool:
    """Whether the columns are those of a Qualtrics export, whatever their case.

    Examples
    --------
    >>> is_export(["responseid", "startdate", "status", "ipaddress", "Q1"])
    True
    >>> is_export(["response_id", "wave", "status", "nps"])
    False
    """
    names = list(columns)
    found = {_bare(name) for name in names} & {_bare(name) for name in METADATA}
    return "ResponseId" in names or (len(found) >= ENOUGH and bool(found & set(OWN)))


def tidy(
    raw: RawTable, table: str, form: Format, findings: Findings, wanted: Set[str] = frozenset()
) -> RawTable:
    """Give Qualtrics' columns our names; drop what is no answer and what identifies a person.

    Columns that the client's ``columns`` declare keep their names, in whatever case they are
    declared, and so do those that are ``wanted``: questions and segments.
    """
    raw = _named_below(raw)
    if not is_export(raw.frame.columns):
        return raw
    raw = _without_header_rows(raw)
    declared = {_bare(name) for name in form.columns.values()}
    places = {
        _bare(name): str(name)
        for name in raw.frame
        if _bare(name) not in declared and name not in wanted
    }
    channel = places.get("distributionchannel")
    raw = _answers_alone(raw, places.get("status"), channel, table, findings)
    if "finished" in places:
        texts = _texts(raw, places["finished"])
        what = "Qualtrics answers that were not finished (Finished = False), kept"
        findings.note(table, what, int(texts.isin(UNFINISHED).sum()))
    taken = {*raw.frame.columns, *form.columns}
    names = _our_names(places, taken)
    personal = [places[_bare(name)] for name in PERSONAL if _bare(name) in places]
    raw = without_testers(raw, personal, table, form, findings)
    tool = "SurveyMonkey" if SURVEYMONKEY & set(places) else "Qualtrics"
    findings.note(table, f"{tool} columns renamed: {', '.join(names)}", len(names))
    findings.note(table, f"personal columns left out: {', '.join(personal)}", len(personal))
    frame = raw.frame.drop(columns=personal).rename(columns=names)
    labels = tuple({names.get(c, c): said for c, said in own.items()} for own in raw.labels)
    return replace(raw, frame=frame, labels=labels)


def _bare(name: object) -> str:
    return re.sub(r"[\W_]+", "", str(name)).casefold()


def _our_names(places: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for theirs, ours in RENAMED.items():
        own = places.get(_bare(theirs))
        if own is not None and ours not in taken and ours not in names.values():
            names[own] = ours
    return names


def _holds_import_ids(frame: pd.DataFrame, row: int) -> bool:
    told = ['"ImportId"' in str(cell) for cell in frame.iloc[row].dropna()]
    return bool(told) and all(told)


def _named_below(raw: RawTable) -> RawTable:
    """The names of an old export, which stand in the row below V1, V2, V3 …"""
    columns = [str(name) for name in raw.frame.columns]
    numbered = [NUMBERED.fullmatch(name) is not None for name in columns]
    if sum(numbered) < ENOUGH or raw.frame.empty:
        return raw
    below = [str(cell) for cell in raw.frame.iloc[0]]
    names = [own if is_own else name for name, own, is_own in zip(columns, below, numbered,
             strict=True)]  # fmt: skip
    if not is_export(names) or len(set(names)) < len(names):
        return raw
    return _without_first(replace(raw, frame=raw.frame.set_axis(names, axis=1)), 1)


def _without_header_rows(raw: RawTable) -> RawTable:
    """Without the rows that hold the questions and the import ids."""
    frame = raw.frame
    if is_qualtrics(frame):
        return _without_first(raw, 2)
    if len(frame) and (_holds_import_ids(frame, 0) or _describes(frame)):
        return _without_first(raw, 1)
    return raw


def _describes(frame: pd.DataFrame) -> bool:
    """Whether the first row says in words what a date, a duration, an id is."""
    measured = [name for name in frame if _bare(name) in MEASURED]
    cells = frame[measured].iloc[0].dropna().astype(str)
    return len(cells) > 1 and not cells.str.contains(r"\d").any()


def _without_first(raw: RawTable, rows: int) -> RawTable:
    left = raw.select(np.arange(len(raw.frame)) >= rows)
    return replace(left, rows_in=raw.rows_in - rows, record=left.record - rows)


def _texts(raw: RawTable, name: str) -> pd.Series:
    return raw.frame[name].astype(str).str.strip().str.casefold()


def _answers_alone(
    raw: RawTable, status: str | None, channel: str | None, table: str, findings: Findings
) -> RawTable:
    """Without previews, tests, spam and answers that nobody gave, each counted."""
    if status is None:
        if channel is None:
            return raw
        tried = _texts(raw, channel).isin(PREVIEWED).to_numpy(dtype=bool)
        findings.note(table, "Qualtrics previews and tests dropped", int(tried.sum()))
        return raw.select(~tried)
    said = raw.labels[0].get(status, {}) if raw.labels else {}
    distinct = {value: _kind(value, said) for value in raw.frame[status].dropna().unique()}
    kinds = raw.frame[status].map(distinct, na_action="ignore")
    if channel is not None:
        kinds = kinds.mask(_texts(raw, channel).isin(PREVIEWED), "preview")
    findings.note(table, "Qualtrics previews and tests dropped", int((kinds == "preview").sum()))
    for kind, words in LEFT_OUT.items():
        count = int((kinds == kind).sum())
        if count:
            findings.note(table, f"answers that Qualtrics {words} dropped", count)
            problem = f"has {count:,} answers that Qualtrics {words}: left out"
            advice = "To keep one that is genuine, write IP Address (code 0) as its Status."
            findings.warn(raw.file, problem, advice, column=status)
    unknown = [str(value) for value, kind in distinct.items() if kind == "unknown"]
    if unknown:
        problem = f"holds what is no Status of Qualtrics: {', '.join(unknown[:5])}"
        advice = "Take rows that are previews, tests or spam out of the export."
        findings.warn(raw.file, problem, advice, column=status)
    return raw.select((kinds.isna() | kinds.isin(("answer", "unknown"))).to_numpy(dtype=bool))


def _kind(value: object, labels: Mapping[object, str]) -> str:
    by_code = kind_of_status(value)
    label = labels.get(value)
    by_label = kind_of_status(label) if label is not None else "unknown"
    return by_code if by_label == "unknown" else by_label


def kind_of_status(value: object) -> str:
    """What a Status makes of a row: ``answer``, ``preview``, ``spam``, ``synthetic``, ``unknown``.

    Examples
    --------
    >>> [kind_of_status(x) for x in (0.0, "9", "12", "Offline Survey Preview", "EX Spam", "Gold")]
    ['answer', 'preview', 'spam', 'preview', 'spam', 'unknown']
    """
    text = " ".join(str(value).casefold().split())
    if re.fullmatch(r"\d{1,3}(\.0+)?", text):
        code = int(float(text))
        parts = ((PREVIEW | TEST, "preview"), (SPAM, "spam"), (SYNTHETIC, "synthetic"))
        found = next((kind for part, kind in parts if code & part), None)
        return found or ("answer" if code in ANSWERS else "unknown")
    if text in ANSWER_WORDS or not text:
        return "answer"
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    found = next((kind for kind, words in KINDS.items() if re.search(words, plain)), None)
    return found or "unknown"
