"""A long layout, one row a respondent and question: found, and a query drafted that turns it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.study.drafting.export import Export
from helpers.study.drafting.headings import KEYS

__all__ = ["Long", "find_long"]

QUERIED = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet")
TELLS = re.compile(  # a column that says which question or measure a row is about
    r"(?i)(.*[\W_])?(question|measure|item|variable|metric|indicator|attribute|statement|aspect"
    r"|dimension|kpi|reason|frage|merkmal|kennzahl|aussage|indicateur|mesure|pregunta|indicador"
    r"|medida)([\W_]*(id|code|name|no|nr|key|text))?"
)
TIME = re.compile(r"(?i).*(wave|year|period|quarter|month|welle|jahr|année|vague|año|ola).*")
OURS = ("response_id", "account_id", "contact_id")
MOST_QUESTIONS = 200
FEWEST = 2  # rows of a respondent, on average
NUMBERS = 0.3  # of a question's cells, before a column holds its answers


@dataclass(frozen=True)
class Long:
    """Who answered (and when), which column names the question, and where its answers stand."""

    file: str
    delimiter: str
    who: tuple[str, ...]
    question: str
    answers: dict[str, str]  # question: the column that holds its answers
    kept: tuple[str, ...]  # columns that say one thing of each who
    whole: tuple[str, ...] = ()  # of who: numbers that a file may have stored with a point
    doubts: tuple[str, ...] = ()

    def query(self, *, marked: bool = True) -> str:
        """The query that gives one row a respondent; what is not sure has a mark."""
        lines = [f"-- Drafted: one row a {' and '.join(self.who)}, from one row for each of its "]
        lines[0] += f"{self.question}."
        lines += [f"-- ? {doubt}" for doubt in self.doubts if marked]
        columns = [f"    CAST({self._number(who)} AS VARCHAR) AS {_name(who)}" for who in self.who]
        columns += [f"    max({_name(kept)}) AS {_name(kept)}" for kept in self.kept]
        columns += [
            f"    max({_name(holder)}) FILTER (WHERE {_name(self.question)} = {_text(said)})"
            f" AS {_name(said)}"
            for said, holder in self.answers.items()
        ]
        groups = ", ".join(map(_name, self.who))
        return "\n".join(
            [*lines, "SELECT", ",\n".join(columns), f"FROM {self._source()}",
             f"GROUP BY {groups}", f"ORDER BY {groups}", ""]
        )  # fmt: skip

    def _number(self, who: str) -> str:
        return f"CAST({_name(who)} AS BIGINT)" if who in self.whole else _name(who)

    def _source(self) -> str:
        if self.file.lower().endswith(".parquet"):
            return _text(self.file)
        mark = f", delim = {_text(self.delimiter)}" if self.delimiter != "," else ""
        return f"read_csv({_text(self.file)}, all_varchar = true, header = true{mark})"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def find_long(export: Export) -> Long | None:
    """The long layout of a file; ``None`` where a row is a respondent, or nothing tells.

    Told by a column called as questions or measures are, of which each respondent has each
    one once.
    """
    name = export.path.name.lower()
    if not name.endswith(QUERIED) or {"encoding", "header_row", "header_rows"} & {*export.declared}:
        return None
    frame = pd.DataFrame({item.name: item.cells for item in export.items}).astype("category")
    called = [i.name for i in export.items if TELLS.fullmatch(i.name) and _may_tell(frame[i.name])]
    for question in sorted(called, key=lambda n: frame[n].str.len().mean()):
        who = _who(frame, question)
        if who is not None:
            return _layout(export, frame, who, question, len(called) > 1)
    return None


def _may_tell(cells: pd.Series) -> bool:
    return 2 <= cells.nunique() <= MOST_QUESTIONS and bool(cells.notna().all())


def _who(frame: pd.DataFrame, question: str) -> tuple[str, ...] | None:
    """The columns that with the question tell one row from any other."""
    columns = [str(n) for n in frame if n != question and bool(frame[n].notna().all())]
    known = [
        n for ours in OURS for k, pattern, _ in KEYS if k == ours
        for n in columns if pattern.fullmatch(n)
    ]  # fmt: skip
    times = [n for n in columns if TIME.fullmatch(n) and 1 < frame[n].nunique() < len(frame) / 4]
    for who in dict.fromkeys(known):
        for more in ((), *[(time,) for time in times if time != who]):
            rows = frame.drop_duplicates([who, *more])
            if len(frame) < FEWEST * len(rows):
                continue
            if not frame.duplicated([who, *more, question]).any():
                return (who, *more)
    return None


def _layout(
    export: Export, frame: pd.DataFrame, who: tuple[str, ...], question: str, several: bool
) -> Long | None:
    groups = frame.groupby(list(who), observed=True)
    rest = [str(n) for n in frame if n not in (*who, question)]
    varied = groups[rest].nunique().max() if rest else pd.Series(dtype=float)
    asked = {n: frame.loc[frame[n].notna(), question].nunique() for n in rest}
    kept = [n for n in rest if varied[n] <= 1 < asked[n]]  # else it answers one question
    answers = _answers(
        frame, question, sorted(set(rest) - set(kept), key=lambda n: -frame[n].nunique())
    )
    if not answers:
        return None
    delimiter = export.declared["delimiter"].value if "delimiter" in export.declared else ","
    usual = "\t" if ".tsv" in export.path.name.lower() else delimiter
    mark = {"\\t": "\t"}.get(usual, usual)
    doubts = [f"{question} is taken for what tells the questions apart"] if several else []
    holders = dict.fromkeys(answers.values())
    if len(holders) > 1:
        doubts.append(f"the answers are taken from {', '.join(holders)}: whichever holds numbers")
    stored = [n for n in who if export.path.name.lower().endswith(".parquet")]
    whole = tuple(n for n in stored if frame[n].astype(str).str.fullmatch("[1-9][0-9]{0,14}").all())
    file, names = export.path.name, tuple(kept)
    return Long(file, mark, who, question, answers, names, whole, tuple(doubts))


def _answers(frame: pd.DataFrame, question: str, among: Sequence[str]) -> dict[str, str]:
    """For each question the column that holds most numbers for it; none where there are few.

    Of two that hold as many the one that never holds words.
    """
    numbers = pd.DataFrame(
        {n: pd.to_numeric(frame[n].astype(object), errors="coerce").notna() for n in among}
    )
    wordless = [n for n in among if not (frame[n].notna() & ~numbers[n]).any()]
    numbers = numbers[[*wordless, *(n for n in among if n not in wordless)]]
    share = numbers.groupby(frame[question], observed=True).mean()
    best, most = share.idxmax(axis=1), share.max(axis=1)
    return {str(said): str(best[said]) for said in share.index if most[said] >= NUMBERS}
