"""Which parts of a chapter a client's data can feed.

A cell tagged ``needs:invitations`` runs only where that table was sent. Closed
sections are listed at the end of the page with what is missing; none vanishes.

Tags name a table (``needs:financials``), a column that holds something
(``needs:accounts.end_date``), a role of the codebook (``needs:role:recommend``),
or one of ``account_id``, ``margins``, ``waves``. ``needs:a|b`` is either.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

import nbformat

from helpers.press.wanted import as_text, sent_all
from helpers.replies import says_something
from helpers.study import Study

__all__ = ["absence", "available", "closed", "for_client", "missing", "shortfalls"]

MARK = "needs:"
ENOUGH_NAMED = 2  # accounts of which somebody may be named, before any is


def available(study: Study) -> frozenset[str]:
    """Everything that a tag may name and this client has."""
    found = {name for name, table in study.tables.items() if len(table)}
    found |= {
        f"{name}.{column}"
        for name, table in study.tables.items()
        for column in table.columns
        if table[column].notna().any()
    }
    found |= {f"role:{role}" for role in study.roles}
    capabilities = {
        "account_id": study.has_accounts,
        "margins": bool(study.margin_names),
        "waves": len(study.waves) > 1,
        "weight": "weight" in study.responses and bool(study.responses["weight"].notna().all()),
        "segments": bool(study.segments),
        "truths": (study.folder / "truths.json").is_file(),
        "excluded": _excluded(study),
        "named": _nameable(study) >= ENOUGH_NAMED,
        "filters": bool(set(study.asked()) & {*study.items("driver")}),
        "tested": len(study.responses) >= study.policy.smallest_base.test,
        "base": len(study.responses) >= study.policy.smallest_base.suppress,
        "commented": _commented(study) >= study.policy.smallest_base.suppress,
    }
    return frozenset(found | {name for name, there in capabilities.items() if there})


def shortfalls(study: Study) -> dict[str, str]:
    """Of what a client has too little, each as a sentence: how much there is, how much is needed.

    By the name that a tag has for it; only what is too little.
    """
    smallest, answers = study.policy.smallest_base, len(study.responses)
    said = {
        "tested": (answers, smallest.test, "to test anything (`policy.smallest_base.test`)"),
        "base": (answers, smallest.suppress, "to show a figure (`policy.smallest_base.suppress`)"),
    }
    found = {
        name: f"This wave has {_count(have, 'answer')}; {needed} are needed {what}."
        for name, (have, needed, what) in said.items()
        if have < needed
    }
    if (wrote := _commented(study)) < smallest.suppress:
        found["commented"] = (
            f"{_count(wrote, 'person', 'people')} of this wave wrote a comment; "
            f"{smallest.suppress} are needed (`policy.smallest_base.suppress`)."
        )
    if (named := _nameable(study)) < ENOUGH_NAMED:
        found["named"] = (
            f"People of {_count(named, 'account')} agreed to be named; at least {ENOUGH_NAMED} "
            "accounts are needed (people who agreed to it in the list of contacts, or data that "
            "are published and so need nobody's leave)."
        )
    return found


def _count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> _count(1, "answer"), _count(0, "person", "people")
    ('1 answer', 'no people')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}" if number else f"no {noun}"


def _excluded(study: Study) -> bool:
    """Whether anybody drawn was kept out by an account team."""
    invitations = study.tables.get("invitations")
    return invitations is not None and bool((invitations["disposition"] == "excluded").any())


def _nameable(study: Study) -> int:
    """Accounts of which somebody agreed to be named."""
    if not study.has_accounts:
        return 0
    from helpers.methods.accounts import consenting  # methods take seconds to come

    contacts = study.tables.get("contacts")
    agreed = consenting(study.responses, contacts, consent=study.policy.consent)
    return int(study.responses.loc[agreed, "account_id"].nunique())


def _commented(study: Study) -> int:
    """Respondents of this wave who wrote something, counted as far as the smallest base asks."""
    asked, said = study.responses.index, study.comments
    wrote: set[str] = set()
    for who, text in zip(said["response_id"], said["text"], strict=True):
        if len(wrote) >= study.policy.smallest_base.suppress:
            break
        if who in asked and says_something(text):
            wrote.add(who)
    return len(wrote)


def missing(cell: nbformat.NotebookNode, has: frozenset[str]) -> tuple[str, ...]:
    """What a cell's tags ask for that is not there.

    >>> import nbformat
    >>> cell = nbformat.v4.new_code_cell("1", metadata={"tags": ["needs:tickets|invitations"]})
    >>> missing(cell, frozenset({"responses"}))
    ('tickets|invitations',)
    """
    tags = cell.metadata.get("tags", ())
    wanted = [tag.removeprefix(MARK) for tag in tags if tag.startswith(MARK)]
    return tuple(need for need in wanted if not set(need.split("|")) & has)


def for_client(
    notebook: nbformat.NotebookNode, has: frozenset[str], short: Mapping[str, str] | None = None
) -> nbformat.NotebookNode:
    """The notebook as this client's data can feed it.

    Sections that it cannot are listed at the end, each with what is missing, or with how
    much there is of what is too little (``short``, as `shortfalls` gives it).
    """
    page = copy.deepcopy(notebook)
    page.cells = [cell for cell in page.cells if not missing(cell, has)]
    lines = [f"- **{heading}** {as_text(_why(absent, short or {}))}"
             for heading, absent in closed(notebook, has)]  # fmt: skip
    if lines:
        text = "## Not answered with these data\n\n" + "\n".join(lines)
        page.cells.append(nbformat.v4.new_markdown_cell(text, id="not-answered"))
    return page


def closed(
    notebook: nbformat.NotebookNode, has: frozenset[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """The sections that a client's data cannot feed: the heading of each, and what is missing.

    >>> import nbformat
    >>> heading = nbformat.v4.new_markdown_cell("## Cases", metadata={"tags": ["needs:tickets"]})
    >>> closed(nbformat.v4.new_notebook(cells=[heading]), frozenset({"responses"}))
    [('Cases', ('tickets',))]
    """
    return [
        (heading.group(1), absent)
        for cell in notebook.cells
        if cell.cell_type == "markdown" and (absent := missing(cell, has))
        and (heading := re.match(r"#+ (.*)", cell.source))
    ]  # fmt: skip


def absence(groups: tuple[tuple[str, ...], ...], short: Mapping[str, str] | None = None) -> str:
    """What a closed chapter misses, in sentences.

    >>> absence((("waves",),))
    'Not sent: answers of an earlier wave, so there is nothing to compute.'
    >>> absence((("tested",),), {"tested": "This wave has 12 answers; 30 are needed."})
    'This wave has 12 answers; 30 are needed.'
    """
    needs = tuple("|".join(group) for group in groups)
    return _why(needs, short or {}, so=", so there is nothing to compute")


def _why(needs: tuple[str, ...], short: Mapping[str, str], so: str = "") -> str:
    """Too little of something is said with its numbers, anything else as not sent."""
    unsent = tuple(need for need in needs if need not in short)
    said = [f"Not sent: {sent_all(unsent)}{so}."] if unsent else []
    more = [short[need] for need in needs if need in short]
    return " ".join([*said, *(text[:1].upper() + text[1:] for text in more)])
