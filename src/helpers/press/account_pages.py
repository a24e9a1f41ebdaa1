"""The pages of accounts: written into a built book, in its own frame.

They are not rendered by Sphinx, which takes a quarter of a second for each page: the frame is
that of the account list's page, once, with another article in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import pandas as pd

from helpers import results
from helpers.methods.account_list import next_actions
from helpers.press.account_files import write_list
from helpers.results import ChapterResult
from helpers.study import Study
from helpers.views.accounts.listing import listing
from helpers.views.accounts.pages import AccountPage, account_pages

__all__ = ["add_accounts", "link_names", "with_list"]

CHAPTER, LEADS = "accounts", "leads"
FOUND = ("leads", "waiting", "calls")  # of the leads, for the pages of accounts
PLACE = re.compile(r'<section class="account-list">.*?</section>', re.DOTALL)
SCRIPT = "".join(f'<script defer src="../_static/{name}.js"></script>' for name in
                 ("find", "account_list"))  # fmt: skip
ARTICLE = re.compile(r'(<article class="bd-article">).*?(</article>)', re.DOTALL)
TITLE = re.compile(r"(<title>).*?( &#8212; )", re.DOTALL)
LEFT_OUT = re.compile(  # of the frame: what belongs to the list's own page
    r'<footer class="prev-next-footer.*?</footer>|<div id="jb-print-docs-body".*?</nav>'
    r'\s*</div>\s*</div>\s*</div>|<div class="bd-sidebar-secondary.*?</nav></div>\s*</div></div>'
    r'|<link rel="(?:next|prev)"[^>]*>',
    re.DOTALL,
)
LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")')
NAMING = ("value_map",)  # chapters whose tables name accounts in their rows
ROW = re.compile(r'(<th scope="row">)([^<]+)(</th>)')
NEAR = re.compile(r"[\w-]+\.html(?:#[\w-]*)?")  # a page beside the list's own


@dataclass(frozen=True, slots=True)
class Frame:
    """The book's page round an article."""

    before: str
    after: str

    @classmethod
    def of(cls, page: str) -> Frame:
        """The frame of a built page, as seen from the folder beside its own."""
        page = LEFT_OUT.sub("", page)
        page = TITLE.sub(lambda found: f"{found[1]}\0{found[2]}", page, count=1)
        article = ARTICLE.search(page)
        if article is None:
            raise ValueError("the page of the account list has no article")
        parts = page[: article.end(1)], page[article.start(2) :]
        return cls(*(LINK.sub(_moved, part) for part in parts))

    def round(self, page: AccountPage) -> str:
        """A whole page of the book."""
        return f"{self.before.replace(chr(0), escape(page.title))}{page.article}{self.after}"


def _moved(link: re.Match[str]) -> str:
    target = link[2]
    if target == "#":
        target = f"../notebooks/{CHAPTER}.html"
    elif NEAR.fullmatch(target):
        target = f"../notebooks/{target}"
    return f"{link[1]}{target}{link[3]}"


def add_accounts(book: Path, study: Study, results_dir: Path) -> int:
    """Put the whole list, its files and the pages of accounts into a built book.

    Nothing is added where the chapter was not run. How many pages there are comes back.
    """
    result = results.load(CHAPTER, results_dir)
    listed = book / "notebooks" / f"{CHAPTER}.html"
    if result is None or "accounts" not in result.tables or not listed.is_file():
        return 0
    folder = book / CHAPTER
    write_list(result.tables["accounts"], folder, client=study.name, on=study.as_of)
    page = listed.read_text(encoding="utf-8")
    listed.write_text(with_list(page, result, study.currency), encoding="utf-8")
    frame, files = Frame.of(page), dict[str, list[str]]()
    told = {**result.tables, **_leads(results_dir)}
    told["steps"] = _steps(told, study.as_of)
    for made in account_pages(told, currency=study.currency, as_of=study.due(0), on=study.as_of):
        (folder / made.file).write_text(frame.round(made), encoding="utf-8")
        files.setdefault(made.title, []).append(made.file)
    link_names(book / "notebooks", files)
    return sum(map(len, files.values()))


def _leads(results_dir: Path) -> dict[str, pd.DataFrame]:
    """What each account may want, as the leads chapter found it: of people who agreed alone."""
    found = {name: results.table(LEADS, name, results_dir) for name in FOUND}
    return {name: table for name, table in found.items() if table is not None}


def _steps(told: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    """The next actions of every account, from what the chapters handed on."""
    first = told["calls"]["account_id"].tolist() if "calls" in told else ()
    return next_actions(
        told["accounts"], as_of=as_of, tickets=told.get("tickets"), promises=told.get("promises"),
        drivers=told.get("drivers"), leads=told.get("leads"), monday=first,
    )  # fmt: skip


def link_names(folder: Path, files: Mapping[str, list[str]]) -> None:
    """Make links of account names in the tables of other chapters' pages.

    ``files`` are the pages of accounts by name; a name of several accounts stays as it is.
    """
    for page in (folder / f"{chapter}.html" for chapter in NAMING):
        if page.is_file():
            text = page.read_text(encoding="utf-8")
            page.write_text(ROW.sub(lambda head: _linked(head, files), text), encoding="utf-8")


def _linked(head: re.Match[str], files: Mapping[str, list[str]]) -> str:
    own = files.get(unescape(head[2]).strip(), [])
    if len(own) != 1:
        return head[0]
    return f'{head[1]}<a href="../{CHAPTER}/{own[0]}">{head[2]}</a>{head[3]}'


def with_list(page: str, result: ChapterResult | None, currency: str) -> str:
    """The list's page with all of it, where its head was; as it is where there is no list."""
    if result is None or "accounts" not in result.tables:
        return page
    tables = result.tables
    whole = listing(
        tables["accounts"], currency=currency, paged=tables["pages"]["account_id"].tolist(),
        most=int(tables["rows"]["rows"].iloc[0]),
    )  # fmt: skip
    inside = f'<section class="account-list">{whole}{SCRIPT}</section>'
    return PLACE.sub(lambda _: inside, page, count=1)
