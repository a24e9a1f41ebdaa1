"""Texts of respondents that say nothing, and those that an export cut short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from helpers.replies import says_something
from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_texts"]

SHORTEST = 20  # letters of the longest text: below it they may be words to choose from
FEWEST = 5  # different texts of exactly the largest length
TIMES = 3.0  # as many as are of any length a little below it
BELOW = 10  # letters
DOTS = ("…", "...")
MOSTLY, HARDLY = 0.8, 0.2  # of the longest texts, and of the others, end in dots


def check_texts(tables: Mapping[str, Typed], codebook: Codebook, findings: Findings) -> None:
    """Count texts that say nothing, which are no comments, and warn of texts that were cut."""
    for typed, column, called, rows in _asked(tables, codebook):
        texts = typed.frame.loc[rows, column].dropna().astype(str)
        silent = [text for text in texts.unique().tolist() if not says_something(text)]
        empty = texts[texts.isin(silent)]
        if len(empty):
            first = " ".join(str(empty.str.strip().mode().iloc[0]).split())[:SHORTEST]
            what = f"{called}: replies that say nothing, as {first!r}, left out"
            findings.note(typed.table.name, what, len(empty))
        _check_cut(typed, column, called, texts.drop(empty.index), findings)


def _asked(
    tables: Mapping[str, Typed], codebook: Codebook
) -> Iterator[tuple[Typed, str, str, pd.Series]]:
    """Each question with texts: its table, column and name, and its rows."""
    if "comments" in tables:  # then those of the responses are not read
        typed = tables["comments"]
        if {"question", "text"} <= set(typed.frame):
            for name in typed.frame["question"].dropna().unique():
                yield typed, "text", str(name), typed.frame["question"].eq(name)
        return
    typed = tables["responses"]
    for question in codebook.of("comment"):
        if question.variable in typed.frame:
            every = pd.Series(True, index=typed.frame.index)
            yield typed, question.variable, question.variable, every


def _check_cut(
    typed: Typed, column: str, called: str, texts: pd.Series, findings: Findings
) -> None:
    for where, part in _parts(typed, texts):
        most = _cut_at(part)
        if not most:
            continue
        lengths = part.str.len()
        longest = part[lengths.eq(most)]
        file, row = typed.raw.where(int(typed.frame.index.get_indexer(longest.index[:1])[0]))
        problem = (
            f"holds {len(longest):,} of {len(part):,} texts of {called}{where} with exactly "
            f"{most:,} letters, and none longer: they were cut"
        )
        advice = "Export the whole texts: themes are looked for in what is left of them."
        findings.warn(file, problem, advice, row=row, column=column)
        return


def _parts(typed: Typed, texts: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """All texts, then those of each file and wave, of which one may have been cut alone."""
    yield "", texts
    if len(typed.raw.files) > 1:
        at = pd.Series(typed.raw.file_of, index=typed.frame.index).reindex(texts.index)
        yield from ((f" in {typed.raw.files[int(n)]}", part) for n, part in texts.groupby(at))
    if "wave" in typed.frame:
        waves = typed.frame["wave"].reindex(texts.index)
        yield from ((f" in {wave}", part) for wave, part in texts.groupby(waves))


def _cut_at(texts: pd.Series) -> int:
    """The length at which texts were cut; 0 where they were not.

    >>> _cut_at(pd.Series([f"{n} words and more than fit".ljust(40 + n, "x") for n in range(9)]))
    0
    >>> _cut_at(pd.Series([f"{n} words and more than fit".ljust(40, "x") for n in range(9)]))
    40
    """
    several = pd.Series(texts.unique())
    if several.empty:
        return 0
    counts = np.bincount(several.str.len().to_numpy(dtype=int))
    most = len(counts) - 1
    near = counts[max(0, most - BELOW) : most]
    spike = counts[most] >= FEWEST and counts[most] > TIMES * near.max(initial=0)
    return most if most >= SHORTEST and (spike or _dotted(several, most)) else 0


def _dotted(texts: pd.Series, most: int) -> bool:
    """Whether the longest texts alone end in dots, as where whole words were kept."""
    dots = texts.str.rstrip().str.endswith(DOTS)
    if dots.sum() < FEWEST:
        return False
    long = texts.str.len() > most - BELOW
    enough = dots[long].sum() >= FEWEST and dots[long].mean() >= MOSTLY
    return bool(enough and dots[~long].mean() <= HARDLY)
