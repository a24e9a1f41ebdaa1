"""Slides on who does what: accounts, actions, ninety days, and how far to trust it all."""

from __future__ import annotations

import pandas as pd

from helpers.press.exports.deck.parts import Column, Grid, Said, Slide
from helpers.press.exports.deck.quoting import Found, cell, headline, one_of, told
from helpers.press.exports.deck.telling import METHODS, chapter_slide, owner_of
from helpers.study.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["actions", "asked", "top_accounts", "trusted"]

MOST_ROWS = 12
PLAN = ("actions.plan_cost", "actions.plan", "actions.plan_chance")
PHASES = (("diagnose", "Diagnose by"), ("choose", "Choose by"),
          ("build and try", "Build and try by"), ("install", "Install by"))  # fmt: skip
TRUST: tuple[tuple[str, str, str], ...] = (  # what it is, the figure, and how it is written
    ("Accounts that answered", "sampling.accounts_answered", "value"),
    ("People who answered", "sampling.respondents", "value"),
    ("Response rate", "sampling.response_rate", ""),
    ("Share of revenue with an answer", "sampling.revenue_coverage", "value"),
    ("As precise as so many drawn at random", "sampling.effective_base", "value"),
    ("Margin of the leading score", "sampling.margin_used", "value"),
)
CHAPTERS = ("linkage", "loyalty", "drivers", "actions", "operations", "comments", "nonresponse",
            "sampling", "recovery", "value_map")  # fmt: skip


def top_accounts(found: Found) -> Slide | None:
    """Where to begin: the first accounts of the list."""
    result, table = found.chapter("accounts"), found.table("accounts.accounts")
    if result is None or "due" not in table or not table["due"].notna().any():
        return None
    unit = _money_unit(found)
    rows = tuple(
        (_text(row, "name") or _text(row, "account_id"), _text(row, "owner"),
         cell(row, "revenue", unit), cell(row, "at_risk", unit), _text(row, "action"),
         _text(row, "who"), _day(row, "due"))
        for _, row in table[table["due"].notna()].head(MOST_ROWS).iterrows()
    )  # fmt: skip
    columns = (Column("Account", 2.5), Column("Owner", 1.3), Column("Revenue a year", 1.1, True),
               Column("Revenue at risk", 1.1, True), Column("Next action", 3.55),
               Column("Who acts", 1.3), Column("By", 1.3))  # fmt: skip
    kept, cells = _filled(columns, rows)
    grid = Grid("First accounts to call", kept, cells, "accounts.accounts", across=True)
    return chapter_slide(result, (grid,))


def _money_unit(found: Found) -> str:
    """The unit of the client's money, as chapters write it."""
    keys = ("accounts.this_week_revenue", "linkage.risk_gross", "linkage.revenue", "actions.plan",
            "actions.plan_cost")  # fmt: skip
    chosen = one_of(found, *keys)
    return chosen[1].unit if chosen and chosen[1].unit.startswith("money") else "money"


def _text(row: pd.Series, name: str) -> str:
    return str(row[name]) if name in row and pd.notna(row[name]) else ""


def _day(row: pd.Series, name: str) -> str:
    return Study.written(row[name]) if name in row and pd.notna(row[name]) else ""


def _filled(
    columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...]
) -> tuple[tuple[Column, ...], tuple[tuple[str, ...], ...]]:
    """The columns that hold anything at all, and their cells."""
    there = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    return tuple(columns[place] for place in there), tuple(
        tuple(row[place] for place in there) for row in rows
    )


def actions(found: Found) -> Slide | None:
    """What to fund: each action with its owner, cost and benefit."""
    result, table = found.chapter("actions"), found.table("actions.candidates")
    if result is None or table.empty or "funded" not in table:
        return None
    rows = table[table["funded"].astype(bool)].sort_values(
        "adds", ascending=False, kind="stable", na_position="last"
    )
    if rows.empty:
        return chapter_slide(result, ())
    return chapter_slide(result, (_funded(found, rows),))


def _funded(found: Found, rows: pd.DataFrame) -> Grid:
    """The funded actions, the largest gain on top, and the plan below them."""
    unit = _money_unit(found)
    cells = [
        (_text(row, "name"), _text(row, "function"), _text(row, "moves"),
         cell(row, "planned", unit), cell(row, "net", unit, "net_low", "net_high"),
         cell(row, "positive", "share"), _text(row, "starts"))
        for _, row in rows.iterrows()
    ]  # fmt: skip
    of_plan = [found.figure(key) for key in PLAN]
    cost, gain, chance = (
        "" if figure is None else written(figure, form)
        for figure, form in zip(of_plan, ("value", "", "value"), strict=True)
    )
    total = bool(cost and gain)
    if total:
        cells.append(("The plan", "", "", cost, gain, chance, ""))
    columns = (Column("Action", 3.0), Column("Owner", 1.1), Column("To raise", 1.75),
               Column("Cost", 0.8, True), Column("Benefit after costs (range)", 2.3, True),
               Column("Chance to pay", 0.9, True), Column("Starts", 0.9, True))  # fmt: skip
    kept, filled = _filled(columns, tuple(cells))
    return Grid("Actions to fund", kept, filled, "actions.candidates", total=total, across=True,
                quotes=PLAN)  # fmt: skip


def asked(found: Found) -> Slide | None:
    """The ninety days of each action, or what each chapter asks of whom; and the ask."""
    result = found.chapter("executive")
    if result is None or not result.ask.get("what"):
        return None
    title, rest = headline(result.ask["what"], result)
    grid = _ninety_days(found) or _asks(found)
    if grid is None:
        return None
    return Slide(title, (), (grid,), (), (), "", rest, owner_of(result),
                 METHODS["actions" if found.chapter("actions") else "executive"])  # fmt: skip


def _ninety_days(found: Found) -> Grid | None:
    table = found.table("actions.ninety_days")
    if table.empty:
        return None
    rows = tuple(
        (_text(row, "action"), _text(row, "function"), *(_day(row, name) for name, _ in PHASES),
         cell(row, "rating", "scale"), cell(row, "target", "scale"))
        for _, row in table.iterrows()
    )  # fmt: skip
    columns = (Column("Action", 2.65), Column("Owner", 1.0),
               *(Column(label, 1.7) for _, label in PHASES), Column("Rating now", 0.8, True),
               Column("Target", 0.85, True))  # fmt: skip
    kept, cells = _filled(columns, rows)
    return Grid("The first ninety days", kept, cells, "actions.ninety_days", across=True)


def _asks(found: Found) -> Grid | None:
    """What each chapter asks, of whom and by when."""
    rows = []
    for name, result in sorted(found.chapters.items(), key=lambda item: _place(item[0])):
        what = told(result.ask.get("what", ""), result) if name != "executive" else []
        if what:
            owner, due = result.ask.get("owner", ""), result.ask.get("due", "")
            rows.append((what[0].text, owner, due))
    columns = (Column("What", 8.0), Column("Owner", 2.0), Column("By", 1.8))
    heading, source = "What is asked, of whom", "asks of the chapters"
    return Grid(heading, columns, tuple(rows), source, across=True) if rows else None


def _place(name: str) -> int:
    return CHAPTERS.index(name) if name in CHAPTERS else len(CHAPTERS)


def trusted(found: Found) -> Slide | None:
    """How far to trust it: base, response, margin, and what does not fit."""
    result = found.chapter("sampling")
    if result is None:
        return None
    title, rest = headline(result.answer, result)
    there = [(label, figure, form, key) for label, key, form in TRUST
             if (figure := found.figure(key)) is not None]  # fmt: skip
    rows = tuple((label, written(figure, form)) for label, figure, form, _ in there)
    grid = Grid("How many answered", (Column("Measure", 3.7), Column("Value", 1.75, True)), rows,
                ", ".join(key for *_, key in there))  # fmt: skip
    return Slide(title, (), (grid,) if rows else (), (), (*_doubts(found), *rest),
                 "What does not fit", tuple(told(result.ask.get("what", ""), result)),
                 owner_of(result), METHODS["sampling"],
                 tuple(key for *_, key in there))  # fmt: skip


def _doubts(found: Found) -> list[Said]:
    """The first doubt of each chapter, those about money first."""
    said: dict[str, Said] = {}
    for name in CHAPTERS:
        result = found.chapters.get(name)
        for doubt in result.doubts[:1] if result else ():
            for one in told(doubt, result):  # type: ignore[arg-type]
                said.setdefault(one.text, one)
    return list(said.values())
