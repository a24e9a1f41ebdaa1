"""One page on all that a client's data cannot feed: what it would say, and what that takes.

A chapter that they cannot feed has no page of its own. Whatever leads to it leads to this page
instead. Of chapters that have a page without one of its parts, a line for each thing to send.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.press.chapters import Chapter
from helpers.press.sections import closed
from helpers.press.wanted import OR, SENT, as_text, sent, sent_all
from helpers.study.tables import TABLES

__all__ = ["PAGE", "Absent", "Part", "lead_pages_here", "lead_sources_here", "more_data",
           "parts_of"]  # fmt: skip

PAGE = "book/more_data"
HEAD = """\
# What more data would unlock

<p class="question">What could this report say that it cannot say yet, and what would it take?</p>
"""
PARTS = """\
## Parts of chapters

These chapters have a page, and leave out a part that waits for what is named here.
"""
NOT_ASKED = ("excluded", "filters", "weight")  # of no report the worse: nobody is asked to send it
SENDING = """\
{.analyst}
How each table is written: [what a client sends](client_folder.md).
"""
FOLDED = """\
<details class="how"><summary>What it would say, and why it cannot yet</summary>

"""


@dataclass(frozen=True)
class Absent:
    """A chapter without a page: why, and what would open it.

    ``needs`` are what was not sent, as a chapter declares it, ``a|b`` where either will do.
    ``left_out`` says that it was not asked for.
    """

    chapter: Chapter
    why: str
    needs: tuple[str, ...] = ()
    left_out: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a chapter with a page that these data cannot feed, and what was not sent."""

    chapter: str
    heading: str
    needs: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """Whether anybody would send it: not so where it is no lack, such as a weight."""
        return not set(self.needs) & set(NOT_ASKED)


def parts_of(chapter: Chapter, has: frozenset[str]) -> list[Part]:
    """The parts of a chapter that a client's data cannot feed.

    Of a table that was not sent no column is asked for by itself.
    """
    found = closed(nbformat.read(chapter.path, as_version=4), has)
    return [
        Part(chapter.title, heading, tuple(dict.fromkeys(_whole(need, has) for need in needs)))
        for heading, needs in found
    ]


def _whole(need: str, has: frozenset[str]) -> str:
    """The table of a column, where that was not sent.

    >>> [_whole("actions.cost", frozenset(has)) for has in ((), ("actions",))]
    ['actions', 'actions.cost']
    """
    table = need.partition(".")[0]
    return table if table in SENT and OR not in need and table not in has else need


def more_data(absent: Sequence[Absent], parts: Sequence[Part] = ()) -> str:
    """The page in Markdown: what opens most, a part for each chapter, and what was left out."""
    unfed, waiting = [one for one in absent if not one.left_out], _waiting(parts)
    told = [HEAD, *_most_needed(unfed), *map(_part, unfed), *waiting,
            *([SENDING] if unfed or waiting else [])]  # fmt: skip
    if left := [f"- {one.chapter.title}" for one in absent if one.left_out]:
        told.append("## Left out of this run\n\nNot asked for:\n\n" + "\n".join(left) + "\n")
    return "\n".join(told)


def _waiting(parts: Sequence[Part]) -> list[str]:
    """A line for each thing that was not sent: the parts of which chapters wait for it."""
    wait: dict[str, dict[str, list[str]]] = {}
    for part in (part for part in parts if part.asked):
        for need in part.needs:
            wait.setdefault(need, {}).setdefault(part.chapter, []).append(part.heading)
    lines = [
        f"- **{as_text(_sentence(sent(need)))}** "
        + " ".join(
            f"*{chapter}*: {_sentence('; '.join(headings))}" for chapter, headings in of.items()
        )
        for need, of in wait.items()
    ]
    return [f"{PARTS}\n" + "\n".join(lines) + "\n"] if lines else []


def _most_needed(absent: Sequence[Absent]) -> list[str]:
    """What several chapters wait for, the most of them first."""
    waiting = Counter(need for one in absent for need in one.needs)
    several = [(need, number) for need, number in waiting.most_common() if number > 1]
    lines = [
        f"- {number} of these chapters wait for {as_text(sent(need))}." for need, number in several
    ]
    return ["Several wait for the same; send that first.\n\n" + "\n".join(lines) + "\n"][
        : len(lines)
    ]


def _part(absent: Absent) -> str:
    """What one chapter would say, what it takes and what that is worth."""
    chapter = absent.chapter
    takes = as_text(sent_all(absent.needs))
    inside = [*chapter.answers, as_text(absent.why)]
    parts = [
        f"## {chapter.title}",
        chapter.worth,
        f"**It takes** {takes}." if takes else as_text(absent.why),
        FOLDED + "\n".join(f"- {_sentence(line)}" for line in inside),
        *_columns(absent.needs),
        "</details>\n",
    ]
    return "\n\n".join(filter(None, parts))


def _sentence(text: str) -> str:
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith((".", "`", "?")) else f"{text}."


def _columns(needs: Iterable[str]) -> list[str]:
    """The columns that each table must have, and what a row of it is: for analysts alone."""
    tables = [TABLES[name] for need in needs for name in need.split(OR) if name in TABLES]
    lines = [
        f"- `{table.name}`: a row is {table.row}; it needs "
        + ", ".join(f"`{column}`" for column in table.required)
        for table in tables if table.required
    ]  # fmt: skip
    return ["{.analyst}\n" + "\n".join(lines)] if lines else []


def lead_sources_here(pages: Iterable[Path], absent: Collection[str]) -> None:
    """Have links of staged prose to chapters without a page lead to this one (ours to change)."""
    if not absent:
        return
    link = re.compile(rf"\]\((?:\.\./notebooks/)(?:{'|'.join(absent)})\.ipynb(?:#[\w-]*)?\)")
    for path in pages:
        text = path.read_text(encoding="utf-8")
        path.write_text(link.sub("](more_data.md)", text), encoding="utf-8")


def lead_pages_here(book: Path, absent: Collection[str]) -> None:
    """The same for the pages of a built book, whose tables and sentences link chapters as well."""
    if not absent:
        return
    link = re.compile(
        rf'(<a\b[^>]*\bhref=")(?:\.\./notebooks/)?(?:{"|".join(absent)})\.html(?:#[\w-]*)?(?=")'
    )
    for path in book.glob("*/*.html"):
        text = path.read_text(encoding="utf-8")
        if link.search(text):
            path.write_text(link.sub(rf"\1../{PAGE}.html", text), encoding="utf-8")
