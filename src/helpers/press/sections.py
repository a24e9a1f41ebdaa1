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

import nbformat

from helpers.methods import accounts, comments
from helpers.study import Study

__all__ = ["absence", "available", "for_client", "missing"]

MARK = "needs:"
PLAIN = {
    "account_id": "account of each respondent (`account_id` in responses)",
    "margins": "list or population to compare the respondents with",
    "waves": "earlier wave",
    "weight": "weight of its own for this wave",
    "segments": "groups to report by (`segments` in client.yml)",
    "named": "people of at least two accounts who agreed to be named (`consent_named` in contacts; "
    "or `policy: {consent: not_required}` where the data are published)",
    "tested": "wave with enough answers to test anything (`policy.smallest_base.test`)",
    "excluded": "people whom an account team kept out (`excluded` as a disposition in invitations)",
    "base": "wave with as many answers as the smallest base asks for",
    "commented": "comments in this wave from as many people as the smallest base asks for",
}


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
        "named": _nameable(study) > 1,
        "tested": len(study.responses) >= study.policy.smallest_base.test,
        "base": len(study.responses) >= study.policy.smallest_base.suppress,
        "commented": _commented(study) >= study.policy.smallest_base.suppress,
    }
    return frozenset(found | {name for name, there in capabilities.items() if there})


def _excluded(study: Study) -> bool:
    """Whether anybody drawn was kept out by an account team."""
    invitations = study.tables.get("invitations")
    return invitations is not None and bool((invitations["disposition"] == "excluded").any())


def _nameable(study: Study) -> int:
    """Accounts of which somebody agreed to be named."""
    if not study.has_accounts:
        return 0
    contacts = study.tables.get("contacts")
    agreed = accounts.consenting(study.responses, contacts, consent=study.policy.consent)
    return int(study.responses.loc[agreed, "account_id"].nunique())


def _commented(study: Study) -> int:
    """Respondents of this wave who wrote something."""
    said = study.comments
    wrote = said.loc[said["text"].map(comments.says_something), "response_id"]
    return int(study.responses.index.isin(set(wrote)).sum())


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


def for_client(notebook: nbformat.NotebookNode, has: frozenset[str]) -> nbformat.NotebookNode:
    """The notebook as this client's data can feed it.

    Sections that it cannot are listed at the end, each with what is missing.
    """
    page = copy.deepcopy(notebook)
    cells, closed = [], []
    for cell in page.cells:
        absent = missing(cell, has)
        heading = re.match(r"#+ (.*)", cell.source) if cell.cell_type == "markdown" else None
        if not absent:
            cells.append(cell)
        elif heading:
            closed.append(f"- **{heading.group(1)}** This client sent no {_plain(absent)}.")
    if closed:
        text = "## Not answered with these data\n\n" + "\n".join(closed)
        cells.append(nbformat.v4.new_markdown_cell(text, id="not-answered"))
    page.cells = cells
    return page


def absence(groups: tuple[tuple[str, ...], ...]) -> str:
    """What a closed chapter misses, as a sentence.

    >>> absence((("financials", "contracts"),))
    'This client sent no `financials` table or `contracts` table, so there is nothing to compute.'
    """
    missed = _plain(tuple("|".join(group) for group in groups))
    return f"This client sent no {missed}, so there is nothing to compute."


def _plain(needs: tuple[str, ...]) -> str:
    return ", and no ".join(" or ".join(_one(n) for n in need.split("|")) for need in needs)


def _one(need: str) -> str:
    if need in PLAIN:
        return PLAIN[need]
    if need.startswith("role:"):
        return f"question with the role `{need.removeprefix('role:')}`"
    table, dot, column = need.partition(".")
    return f"`{column}` in its `{table}` table" if dot else f"`{table}` table"
