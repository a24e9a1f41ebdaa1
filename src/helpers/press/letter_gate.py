"""Whether letters may be sent: each claim stands on a record, each number is one of the book's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import results
from helpers.errors import Fault
from helpers.methods.messages import problems, said
from helpers.press.spoken import numbers
from helpers.results import ChapterResult, Figure
from helpers.study import Study

__all__ = ["letter_faults"]

CHAPTER, NOTE = "messages", "note"
RATED = ("mean", "mean_low", "mean_high", "base")  # of a driver: what a note may say of it
NUMBER = "Write the number as the report has it, or take it out."


@dataclass(frozen=True)
class Known:
    """What a letter's words are held against, besides its own records."""

    study: Study
    made: ChapterResult
    customers: tuple[float, ...]  # numbers that any letter may say
    staff: tuple[float, ...]  # and those that notes may say besides
    names: tuple[str, ...]
    accounts: Mapping[str, tuple[str, ...]]  # names of each account, and of its owner

    @classmethod
    def of(cls, study: Study, made: ChapterResult, drivers: ChapterResult | None) -> Known:
        """From what the chapters handed on."""
        rated = (
            [] if drivers is None else [drivers.tables["drivers"]] * ("drivers" in drivers.tables)
        )
        ends = [end for scale in study.scales.values() for end in scale]
        of_notes = [*_cells(rated, RATED), *ends, *_cells([made.tables["functions"]], ("staff",))]
        products = study.tables.get("products", pd.DataFrame({"name": []}))
        texts = [*made.tables["signed"].iloc[0], study.name, *study.labels.values(), *study.waves,
                 *products["name"], *made.tables["functions"]["function"]]  # fmt: skip
        own = (value for figure in made.figures.values() for value in _values(figure))
        named = tuple(str(text) for text in texts if not pd.isna(text))
        return cls(study, made, (*own, 100.0), tuple(of_notes), named, _of_accounts(study))


def letter_faults(study: Study, results_dir: Path) -> list[Fault]:
    """Every sentence of a letter that no record carries, and every number that is not the book's.

    The letters are those that the chapter handed on: its own, or as the client sent them back.
    """
    made = results.load(CHAPTER, results_dir)
    if made is None or "letters" not in made.tables:
        return []
    known = Known.of(study, made, results.load("drivers", results_dir))
    records = dict(iter(made.tables["records"].groupby("file", sort=False)))
    none = made.tables["records"].iloc[:0]
    return [
        fault
        for file, kind, reader, text in made.tables["letters"][
            ["file", "kind", "reader", "text"]
        ].itertuples(index=False)
        for fault in _of(
            str(file), str(kind), str(reader), str(text), records.get(file, none), known
        )
    ]


def _of(
    file: str, kind: str, reader: str, text: str, records: pd.DataFrame, known: Known
) -> Iterator[Fault]:
    study = known.study
    names = (*known.names, *known.accounts.get(reader, ()))
    days = [pd.Timestamp(day) for day in study.wave_dates.values() if not pd.isna(day)]
    internal = "staff" if kind == NOTE else "customers"
    for one in problems(text, records, as_of=study.as_of, days=[*days, study.as_of], names=names,
                        internal=internal):  # fmt: skip
        yield _fault(file, one.line, one.sentence, one.why, one.instead)
    allowed = known.customers + (known.staff if kind == NOTE else ())
    whats = dict(zip(records["ref"].astype(str), records["what"].astype(str), strict=True))
    for sentence in said(text, whats, names):
        for number in _strange(sentence.bare, allowed):
            why = f"says {number}, which is no number of the report"
            yield _fault(file, sentence.line, sentence.text, why, NUMBER)


def _strange(bare: str, allowed: Collection[float]) -> Iterable[str]:
    """Numbers of a sentence that no figure gives."""
    return [one.text for one in numbers(bare) if not any(map(one.stands_for, allowed))]


def _fault(file: str, line: int, sentence: str, why: str, instead: str) -> Fault:
    return Fault(f"messages/{file}.md", f"line {line}: “{sentence}” {why}", instead)


def _of_accounts(study: Study) -> dict[str, tuple[str, ...]]:
    """What each account, and its owner, are called."""
    if study.known_accounts is None:
        return {}
    facts = study.accounts.reindex(columns=["account_id", "name", "owner"])
    return {
        str(account): tuple(str(text) for text in (name, owner) if not pd.isna(text))
        for account, name, owner in facts.itertuples(index=False)
    }


def _values(figure: Figure) -> list[float]:
    numeric = (figure.value, figure.base) if figure.unit != "text" else ()
    ends = (figure.low, figure.high)
    return [float(one) for one in (*numeric, *ends) if isinstance(one, int | float)]


def _cells(tables: Iterable[pd.DataFrame], columns: Iterable[str]) -> list[float]:
    return [float(one) for table in tables for name in columns if name in table
            for one in table[name].dropna()]  # fmt: skip
