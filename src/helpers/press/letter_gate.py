"""Whether letters may be sent: each claim stands on a record, each number is one of the book's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from helpers import results
from helpers.errors import Fault
from helpers.methods.messages import addressed_to, kinds, problems, promised_records, said
from helpers.press.spoken import numbers
from helpers.results import ChapterResult, Figure
from helpers.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["letter_faults", "sent_faults"]

OURS = "ours"  # letters that nobody edited
CHAPTER, LETTER, NOTE = "messages", "letter", "note"
FIGURE = re.compile(r"(?<!\\)\{[^{}]*\}")  # a name that no figure was put in for
RATED = ("mean", "mean_low", "mean_high", "base")  # of a driver: what a note may say of it
HEADLINES = ("sampling", "loyalty")  # chapters whose numbers a letter may say as they are written
PLAIN = ("points", "index", "scale", "share", "share1", "decimal1")
WHOLE = 100.0  # of an index
STRANGE = "is a letter for nobody whom this report writes to"
NUMBER = "Write the number as the report has it, or take it out."


@dataclass(frozen=True)
class Known:
    """What a letter's words are held against, besides its own records."""

    study: Study
    customers: tuple[float, ...]  # numbers that any letter may say
    staff: tuple[float, ...]  # and those that notes may say besides
    written: frozenset[str]  # numbers of the scores, as they are written
    names: tuple[str, ...]  # the client's words that an edited letter may hold
    words: Mapping[str, tuple[str, ...]]  # those in each letter as we wrote it

    @classmethod
    def of(cls, study: Study, made: ChapterResult, results_dir: Path) -> Known:
        """From what the chapters handed on."""
        rated, functions = (
            results.table("drivers", "drivers", results_dir),
            made.tables["functions"],
        )
        ends = [end for scale in study.scales.values() for end in scale]
        words = made.tables["words"].groupby("file", sort=False)["word"]
        return cls(
            study,
            (*(one for figure in made.figures.values() for one in _values(figure)), WHOLE),
            (*_cells(rated, RATED), *ends, *_cells(functions, ("staff",))),
            _headlines(results_dir, made.tables["quoted"]),
            _names(study),
            {str(file): tuple(own.astype(str)) for file, own in words},
        )


def letter_faults(study: Study, results_dir: Path) -> list[Fault]:
    """Every sentence of a letter that no record carries, and every number that is not the book's.

    The letters are those that the chapter handed on: its own, or as the client sent them back.
    """
    made = results.load(CHAPTER, results_dir)
    if made is None or "letters" not in made.tables:
        return []
    letters, records = made.tables["letters"], made.tables["records"]
    of = dict(iter(records.groupby("file", sort=False)))
    known, files = Known.of(study, made, results_dir), set(letters["file"])
    found = [Fault(f"{CHAPTER}/{name}.md", STRANGE, _meant(name, files))
             for name in study.letters if name not in files]  # fmt: skip
    for row in letters.to_dict("records"):
        found += _of(
            {str(k): str(v) for k, v in row.items()}, of.get(row["file"], records[:0]), known
        )
    return found


def _of(letter: Mapping[str, str], records: pd.DataFrame, known: Known) -> Iterator[Fault]:
    """What is wrong with one letter."""
    text, of_staff = letter["text"], letter["kind"] == NOTE
    names = known.words.get(letter["file"], ())
    if letter["by"] != OURS:  # a name that reads as a claim hides none
        names = tuple(name for name in (*names, *known.names) if not kinds(name))
    internal = "staff" if of_staff else "customers"
    yield from _claims(letter["file"], text, records, known.study, names, internal)
    allowed = known.customers + (known.staff if of_staff else ())
    whats = dict(zip(records["ref"].astype(str), records["what"].astype(str), strict=True))
    for sentence in said(text, whats, names):
        for name in FIGURE.findall(sentence.bare):
            why = f"names {name}, which is no figure that is told"
            yield _fault(letter["file"], sentence.line, sentence.text, why, NUMBER)
        for number in _strange(FIGURE.sub("", sentence.bare), allowed, known.written):
            why = f"says {number}, which is no number of the report"
            yield _fault(letter["file"], sentence.line, sentence.text, why, NUMBER)


def sent_faults(study: Study) -> list[Fault]:
    """What is wrong with the letter to all customers that was sent back, before anything runs.

    Its claims alone: numbers, and letters to others, are known when the chapters have run.
    """
    text, sent = study.letters.get(LETTER), study.tables.get("communications")
    if text is None:
        return []
    records = addressed_to(promised_records(sent, as_of=study.as_of), "customers")
    names = tuple(name for name in _names(study) if not kinds(name))
    return list(_claims(LETTER, text, records, study, names, "customers"))


def _claims(
    file: str, text: str, records: pd.DataFrame, study: Study, names: tuple[str, ...], internal: str
) -> Iterator[Fault]:
    """Sentences of a letter that no record carries."""
    days = [study.as_of, *(day for day in study.wave_dates.values() if not pd.isna(day))]
    for one in problems(text, records, as_of=study.as_of, days=days, names=names,
                        internal=internal):  # fmt: skip
        yield _fault(file, one.line, one.sentence, one.why, one.instead)


def _names(study: Study) -> tuple[str, ...]:
    """Words of the client's whose digits count nothing."""
    products = study.tables.get("products", pd.DataFrame({"name": []}))
    texts = [study.name, *study.labels.values(), *study.waves, *products["name"]]
    return tuple(str(text) for text in texts if not pd.isna(text))


def _strange(bare: str, allowed: Collection[float], forms: Collection[str]) -> Iterable[str]:
    """Numbers of a sentence that no figure gives."""
    return [one.text for one in numbers(bare)
            if one.text not in forms and not any(map(one.stands_for, allowed))]  # fmt: skip


def _fault(file: str, line: int, sentence: str, why: str, instead: str) -> Fault:
    return Fault(f"{CHAPTER}/{file}.md", f"line {line}: “{sentence}” {why}", instead)


def _meant(name: str, files: Collection[str]) -> str:
    """Which file's name it should have."""
    close = get_close_matches(name, files, n=1, cutoff=0.6)
    if close:
        return f"Call it {close[0]}.md if that is what it is, or take it out."
    return "Call it as the file beside the report's pages is called, or take it out."


def _headlines(results_dir: Path, quoted: pd.DataFrame) -> frozenset[str]:
    """Numbers as the scores' chapters write them, and all of the figures that letters name."""
    chapters = {*HEADLINES, *quoted["chapter"]} - {""}
    made = [results.load(name, results_dir) for name in sorted(chapters)]
    told = [(result.chapter, figure) for result in made if result is not None
            for figure in result.figures.values() if figure.value is not None]  # fmt: skip
    named = set(zip(quoted["chapter"], quoted["name"], strict=True))
    scores = _written(f for chapter, f in told if chapter in HEADLINES and f.unit in PLAIN)
    return frozenset(one for one in scores if re.search(r"[.%]", one)) | _written(
        f for chapter, f in told if (chapter, f.name) in named
    )


def _written(figures: Iterable[Figure]) -> frozenset[str]:
    """Every number of figures, as pages write it."""
    return frozenset(
        one.text
        for figure in figures
        for form in ("value", "base", *(["interval", "margin"] if figure.low is not None else []))
        for one in numbers(written(figure, form))
    )


def _values(figure: Figure) -> list[float]:
    told = (figure.value, figure.base, figure.low, figure.high)
    return [] if figure.unit == "text" else [float(x) for x in told if isinstance(x, int | float)]


def _cells(table: pd.DataFrame | None, columns: Iterable[str]) -> list[float]:
    if table is None:
        return []
    return [float(one) for name in columns if name in table for one in table[name].dropna()]
