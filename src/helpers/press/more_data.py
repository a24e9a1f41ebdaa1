"""One page on all chapters that a client's data cannot feed: what each would say, what it takes.

Such a chapter has no page of its own. Whatever leads to it leads to this page instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.press.chapters import Chapter
from helpers.study.tables import TABLES

__all__ = ["PAGE", "Absent", "as_text", "lead_pages_here", "lead_sources_here", "more_data"]

PAGE = "book/more_data"
ROLE = "role:"  # before a role of the codebook
OR = "|"  # between the tables of which one is enough
SENT = {  # what tables, columns and questions hold, as a reader calls it
    "account_id": "the account of each respondent (`account_id` in the answers)",
    "accounts": "a list of accounts", "accounts.end_date": "the day on which accounts left",
    "accounts.revenue": "a year's revenue of each account", "contacts": "a list of contacts",
    "invitations": "a record of who was invited and what became of it",
    "financials": "revenue by account and month", "contracts": "contracts with their end dates",
    "outcomes": "a record of what became of each account",
    "holdings": "a record of what each account owns", "products": "a list of products",
    "opportunities": "offers, open and decided", "tickets": "service cases",
    "ops_metrics": "internal measures by account or month",
    "employee_survey": "a survey of employees",
    "function_metrics": "the metrics that functions are paid on",
    "actions": "actions under consideration",
    "action_effects": "the effects that actions are expected to have",
    "communications": "a record of promises and of what customers were told",
    "comments": "comments of customers",
    "role:comment": "an open question in the survey (role `comment`)",
    "role:driver": "ratings of single experiences (role `driver`)",
    "role:acted": "a question on whether feedback is acted on (role `acted`)",
}  # fmt: skip
HEAD = """\
# What more data would unlock

<p class="question">What could this report say that it cannot say yet, and what would it take?</p>
"""
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


def more_data(absent: Sequence[Absent]) -> str:
    """The page in Markdown: what opens most, a part for each chapter, and what was left out."""
    unfed = [one for one in absent if not one.left_out]
    parts = [HEAD, *_most_needed(unfed), *map(_part, unfed), *([SENDING] if unfed else [])]
    if left := [f"- {one.chapter.title}" for one in absent if one.left_out]:
        parts.append("## Left out of this run\n\nNot asked for:\n\n" + "\n".join(left) + "\n")
    return "\n".join(parts)


def _most_needed(absent: Sequence[Absent]) -> list[str]:
    """What several chapters wait for, the most of them first."""
    waiting = Counter(need for one in absent for need in one.needs)
    several = [(need, number) for need, number in waiting.most_common() if number > 1]
    lines = [f"- {number} of these chapters wait for {_sent(need)}." for need, number in several]
    return ["Several wait for the same; send that first.\n\n" + "\n".join(lines) + "\n"][
        : len(lines)
    ]


def _part(absent: Absent) -> str:
    """What one chapter would say, what it takes and what that is worth."""
    chapter = absent.chapter
    takes = "; and ".join(map(_sent, absent.needs))
    inside = [*chapter.answers, as_text(absent.why), *_columns(absent.needs)]
    parts = [
        f"## {chapter.title}",
        chapter.worth,
        f"**It takes** {takes}." if takes else as_text(absent.why),
        FOLDED + "\n".join(f"- {_sentence(line)}" for line in inside),
        "</details>\n",
    ]
    return "\n\n".join(filter(None, parts))


def _sentence(text: str) -> str:
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith((".", "`")) else f"{text}."


def _sent(need: str) -> str:
    """What to send, of several things one.

    >>> _sent("financials|role:comment")
    'revenue by account and month (`financials`) or an open question in the survey (role `comment`)'
    >>> _sent("role:recommend|role:effort")
    'a question of the role `recommend` or `effort`'
    """
    names = need.split(OR)
    others = [name.removeprefix(ROLE) for name in names if name not in SENT]
    asked = " or ".join(f"`{name}`" for name in others)
    said = [_one(name) for name in names if name in SENT]
    return " or ".join([*said, *([f"a question of the role {asked}"] if asked else [])])


def _one(need: str) -> str:
    table, _, column = need.partition(".")
    name = f"`{column}` in `{table}`" if column else f"`{table}`"
    return SENT[need] if "`" in SENT[need] else f"{SENT[need]} ({name})"


def _columns(needs: Iterable[str]) -> list[str]:
    """The columns that each table must have, and what a row of it is."""
    tables = [TABLES[name] for need in needs for name in need.split(OR) if name in TABLES]
    return [
        f"`{table.name}`: a row is {table.row}; it needs "
        + ", ".join(f"`{column}`" for column in table.required)
        for table in tables if table.required
    ]  # fmt: skip


def as_text(words: str) -> str:
    """Words that no Markdown reads as more than words; `code` stays code.

    >>> as_text("no `account_id` in <b>")
    'no `account_id` in \\\\<b\\\\>'
    """
    parts = words.split("`")
    return "`".join(
        part if place % 2 else re.sub(r"([\\*_\[\]{}<>$#|~])", r"\\\1", part)
        for place, part in enumerate(parts)
    )


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
