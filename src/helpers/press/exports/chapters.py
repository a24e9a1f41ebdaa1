"""Chapters as the book has them: in its order, with title, question and how far to trust each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from helpers.press.exports.source import Source
from helpers.press.markup import words
from helpers.results import ChapterResult

__all__ = ["Chapter", "chapters", "trust_of"]

ASIDE = ("executive", "planted_truths", "toplines", "run_card")  # told elsewhere, or not by words
ENTRY = re.compile(r'<li class="toctree-l1[^>]*>\s*<a class="[^"]*" href="(\w+)\.html"')
TITLE = re.compile(r"<h1>(.*?)(?:<a class=\"headerlink\".*?)?</h1>", re.DOTALL)
QUESTION = re.compile(r'<p class="question">(.*?)</p>', re.DOTALL)
TRUST = re.compile(r'<p class="trust">(.*?)</p>', re.DOTALL)
DOUBT = re.compile(r'<p class="among">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True)
class Chapter:
    """A chapter that has an answer, and what its page says round it."""

    result: ChapterResult
    title: str
    question: str
    doubt: str  # what of it chance could have given, among all that the book asks
    trust: str  # base, intervals and evidence grade, in a line
    page: Path


def chapters(source: Source, known: dict[str, ChapterResult]) -> list[Chapter]:
    """The chapters that have an answer and a page, in the book's order."""
    pages = source.book / "notebooks"
    first = pages / "executive.html"
    order = ENTRY.findall(first.read_text("utf-8")) if first.is_file() else []
    names = [n for n in dict.fromkeys((*order, *known)) if n in known and n not in ASIDE]
    return [
        _chapter(known[name], pages / f"{name}.html")
        for name in names if known[name].answer and (pages / f"{name}.html").is_file()
    ]  # fmt: skip


def trust_of(source: Source, name: str) -> str:
    """Base, intervals and evidence grade of a chapter, as its page ends; empty without a page."""
    page = source.book / "notebooks" / f"{name}.html"
    return _last(TRUST, page.read_text("utf-8")) if page.is_file() else ""


def _chapter(result: ChapterResult, page: Path) -> Chapter:
    text = page.read_text("utf-8")
    title, question, doubt = (_first(pattern, text) for pattern in (TITLE, QUESTION, DOUBT))
    return Chapter(result, title, question, doubt, _last(TRUST, text), page)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return words(found[1]) if found else ""


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    return words(found[-1]) if found else ""
