"""One run's book: its pages, what is put beside them, and what it is made from, by content."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat

from helpers.digests import bytes_of, digest
from helpers.press import book, sections
from helpers.press.account_pages import add_accounts
from helpers.press.chapters import Chapter, load_chapters
from helpers.press.inputs import Inputs
from helpers.press.kept import files_of
from helpers.press.lead_files import add_leads
from helpers.press.ledger_files import add_ledger
from helpers.press.map_points import add_map
from helpers.press.message_files import add_messages
from helpers.press.more_data import Absent, Part, lead_pages_here, parts_of
from helpers.press.plans import Plan
from helpers.press.register_files import add_register
from helpers.press.search_index import index_book
from helpers.press.surroundings import installed
from helpers.press.topline_files import add_toplines
from helpers.press.untouched import code_digest, prose_digest
from helpers.results import ChapterResult
from helpers.views.rendering.questions import by_chance

__all__ = ["bind", "book_parts"]


def book_parts(
    draft: Path, plan: Plan, reasons: Mapping[str, str], inputs: Inputs
) -> dict[str, str]:
    """What a book is made from, part by part: the same parts give the same bytes.

    A part is a chapter's page and results, why chapters are closed, what the client sent, or of
    the handbook its code, its prose and its libraries.
    """
    pages = {
        f"chapter {name}": digest([[p.name, bytes_of(p)] for p in files_of(name, draft)])
        for name in plan.chapters
    }
    logo = plan.study.config.brand.logo
    sent = [plan.study.slug, plan.study.called, inputs.shared, inputs.waves]
    return {
        **pages,
        "closed chapters": digest(reasons, plan.closed, plan.skipped, plan.short),
        "what was sent": digest(sent, bytes_of(plan.study.folder / logo) if logo else ""),
        "the handbook's code": code_digest(),
        "the handbook's pages": prose_digest(plan.project),
        "libraries": digest(installed()),
    }


def _absent(chapter: Chapter, plan: Plan, reasons: Mapping[str, str]) -> Absent:
    """Why a chapter has no answer in this run, and what would give it one."""
    name = chapter.name
    if name in reasons:
        return Absent(chapter, f"The data cannot carry it: {reasons[name]}.")
    if name not in plan.closed:
        return Absent(chapter, "This chapter was not part of this run.", left_out=True)
    groups = plan.closed[name]
    needs = tuple("|".join(group) for group in groups)
    unsent = tuple(need for need in needs if need not in plan.short)
    return Absent(chapter, sections.absence(groups, plan.short), unsent)


def _pages(
    draft: Path, plan: Plan, reasons: Mapping[str, str], made: Mapping[str, ChapterResult]
) -> tuple[dict[str, nbformat.NotebookNode], list[Absent]]:
    """The chapters as readers see them, and those that have no page."""
    known, doubts = load_chapters(plan.project), by_chance(made)
    pages: dict[str, nbformat.NotebookNode] = {}
    absent: list[Absent] = []
    for name, chapter in known.items():
        if name in plan.chapters and name not in reasons:
            executed = nbformat.read(draft / "notebooks" / f"{name}.ipynb", as_version=4)
            pages[name] = book.published(executed, doubts.get(name))
        elif not chapter.optional:
            absent.append(_absent(chapter, plan, reasons))
    first = next(iter(known))  # a book has a first page, whatever it can say
    if first not in pages:
        pages[first] = book.closed_page(known[first], absent.pop(0).why)
    return pages, absent


def _parts(plan: Plan, pages: Mapping[str, nbformat.NotebookNode]) -> list[Part]:
    """Parts of chapters with a page that this client's data cannot feed."""
    return [
        part
        for name, chapter in load_chapters(plan.project).items() if name in pages
        for part in parts_of(chapter, plan.has)
    ]  # fmt: skip


def bind(
    draft: Path,
    plan: Plan,
    reasons: Mapping[str, str],
    made: Mapping[str, ChapterResult],
    last: Path | None = None,
) -> None:
    """Build the book of what the chapters left in a draft, and put beside it what belongs there.

    ``made`` is what they handed on, ``last`` where the client's last build lies, and this one will.
    """
    pages, absent = _pages(draft, plan, reasons, made)
    stage = draft / "stage"
    book.stage(plan.study, plan.project, pages, stage, absent, _parts(plan, pages))
    book.build(stage, draft / "out", draft / "logs" / "book.log", last)
    (draft / "out" / "_build" / "html").rename(draft / "book")
    (draft / "book" / ".buildinfo").unlink(missing_ok=True)  # of one build, not of the book
    add_accounts(draft / "book", plan.study, draft / "results")
    add_map(draft / "book", draft / "results", plan.study.currency)
    add_leads(draft / "book", plan.study, draft / "results")
    add_toplines(draft / "book", plan.study, draft / "results")
    add_ledger(draft / "book", draft / "results")
    add_messages(draft / "book", plan.study, draft / "results")
    add_register(draft / "book", plan.study, draft / "results")
    lead_pages_here(draft / "book", [one.chapter.name for one in absent])
    index_book(draft / "book")
    for leftover in ("stage", "out"):
        shutil.rmtree(draft / leftover)
