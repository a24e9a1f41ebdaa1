"""Slides on who does what: accounts, actions, ninety days, and how far to trust it all."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers.press.exports.deck.parts import Column, Grid, Said, Slide
from helpers.press.exports.deck.quoting import Found, cell, headline, one_of, told
from helpers.press.exports.deck.telling import ASKED, COUNTED, METHODS, chapter_slide, owner_of
from helpers.results import Figure
from helpers.study.study import Study
from helpers.views.rendering.sentences import written

__all__ = ["actions", "asked", "top_accounts", "trusted"]

MOST_ROWS = 12
PLAN = ("actions.plan_cost", "actions.plan", "actions.plan_chance")
PHASES = (("diagnose", "Diagnose by"), ("choose", "Choose by"),
          ("build and try", "Build and try by"), ("install", "Install by"))  # fmt: skip
MARGIN = "Margin of the leading score"
TRUST: tuple[tuple[str, str, str], ...] = (  # what it is, the figure, and how it is written
    ("Accounts that answered", "sampling.accounts_answered", "value"),
    ("People who answered", "sampling.respondents", "value"),
    ("Response rate", "sampling.response_rate", ""),
    ("Share of revenue with an answer", "sampling.revenue_coverage", "value"),
    ("As precise as so many drawn at random", "sampling.effective_base", "value"),
    (MARGIN, "sampling.margin_used", "value"),
)
CHAPTERS = ("linkage", "loyalty", "drivers", "actions", "operations", "comments", "nonresponse",
            "sampling", "recovery", "value_map")  # fmt: skip


def top_accounts(found: Found) -> Slide | None:
    """Where to begin: the first accounts of the list."""
    result, table = found.chapter("accounts"), found.table("accounts.accounts")
    if result is None or "due" not in table or not table["due"].notna().any():
        return None
    unit = _money_unit(found)
    due, of = _this_week(found, table[table["due"].notna()])
    rows = tuple(
        (_text(row, "name") or _text(row, "account_id"), _text(row, "owner"),
         cell(row, "revenue", unit), cell(row, "at_risk", unit), _text(row, "action"),
         _text(row, "who"), _day(row, "due"))
        for _, row in due.head(MOST_ROWS).iterrows()
    )  # fmt: skip
    columns = (Column("Account", 2.5), Column("Owner", 1.3), Column("Revenue a year", 1.1, True),
               Column("Revenue at risk", 1.1, True), Column("Next action", 3.55),
               Column("Who acts", 1.3), Column("By", 1.3))  # fmt: skip
    kept, cells = _filled(columns, rows)
    grid = Grid("First of this week's list" if of else "First of the list", kept, cells,
                "accounts.accounts", across=True, quotes=("accounts.this_week",), of=of,
                sheet="Accounts")  # fmt: skip
    return chapter_slide(result, (grid,))


def _this_week(found: Found, due: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The accounts that the chapter counts to this week, and their number; all, and 0 of none."""
    figure = found.figure("accounts.this_week")
    many = 0 if figure is None else int(float(str(figure.value)))
    if not 0 < many <= len(due):
        return due, 0
    rows = due[due["due"] <= due["due"].sort_values().iloc[many - 1]]
    return (rows, many) if len(rows) == many else (due, 0)


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
    grid, days = _funded(found, rows), _ninety_days(found)
    if days is None or not _one_calendar(found):
        return chapter_slide(result, (grid,))
    now = _now(found, len(days.rows))
    grid = replace(grid, besides=now.text, quotes=(*grid.quotes, *now.quotes))
    counted = ((days.heading, days.source),)
    return replace(chapter_slide(result, (grid,)), counted=counted)


def _one_calendar(found: Found) -> bool:
    """Whether all that starts now has the same days, and the slide on the actions tells them."""
    days, funded = found.table("actions.ninety_days"), found.table("actions.candidates")
    told = found.chapter("actions") is not None and "funded" in funded and funded["funded"].any()
    return bool(told) and len(days[[n for n, _ in PHASES if n in days]].drop_duplicates()) == 1


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
    planned, horizon = (_over(found, f"actions.{name}") for name in ("planned", "horizon"))
    columns = (Column("Action", 3.0), Column("Owner", 1.05), Column("To raise", 1.78),
               Column(f"Cost{planned}", 1.0, True),
               Column(f"Benefit after costs{horizon} (range)", 2.4, True),
               Column("Chance to pay", 0.9, True), Column("Starts", 0.9, True))  # fmt: skip
    kept, filled = _filled(columns, tuple(cells))
    return Grid("Actions to fund", kept, filled, "actions.candidates", total=total, across=True,
                quotes=PLAN, sheet="Plan")  # fmt: skip


def _over(found: Found, key: str) -> str:
    """The time that money is of, as the end of a heading; nothing where none is told."""
    figure = found.figure(key)
    return f", {written(figure)}" if figure is not None and written(figure) else ""


def asked(found: Found) -> Slide | None:
    """The ninety days of each action, or what each chapter asks of whom; and the ask.

    Days that are the same for all that starts now stand on the slide on the actions.
    """
    result = found.chapter("executive")
    if result is None or not result.ask.get("what") or _one_calendar(found):
        return None
    method = METHODS["actions" if found.chapter("actions") else "executive"]
    days = _ninety_days(found)
    if days is not None:
        return Slide(_now(found, len(days.rows)), (), (days,), (), (), "",
                     tuple(told(result.ask["what"], result)), owner_of(result), method)  # fmt: skip
    title, rest = headline(result.ask["what"], result)
    grid = _asks(found)
    if grid is None:
        return None
    return Slide(title, (), (grid,), (), (), "", rest, owner_of(result) if rest else "",
                 method)  # fmt: skip


def _now(found: Found, many: int) -> Said:
    """How many of the actions to fund begin within the ninety days."""
    funded = found.figure("actions.funded")
    of = 0 if funded is None else int(float(str(funded.value)))
    if not many <= of:
        return Said("The first ninety days: what starts now")
    chosen = f"all {of} actions" if many == of else f"{many} of the {of} actions"
    return Said(f"Start {chosen}{COUNTED}", ("actions.funded",))


def _ninety_days(found: Found) -> Grid | None:
    table = found.table("actions.ninety_days")
    if table.empty:
        return None
    rows = tuple(
        (_text(row, "action"), _text(row, "function"), *(_day(row, name) for name, _ in PHASES),
         cell(row, "rating", "scale"), cell(row, "target", "scale"))
        for _, row in table.iterrows()
    )  # fmt: skip
    columns = (Column("Action", 2.1), Column("Owner", 1.0),
               *(Column(label, 1.9) for _, label in PHASES), Column("Rating now", 0.85, True),
               Column("Target", 0.85, True))  # fmt: skip
    kept, cells = _filled(columns, rows)
    return Grid("The first ninety days", kept, cells, "actions.ninety_days", across=True,
                of=len(rows), sheet="Ninety days")  # fmt: skip


def _asks(found: Found) -> Grid | None:
    """What each chapter asks, of whom and by when."""
    rows = []
    for name, result in sorted(found.chapters.items(), key=lambda item: _place(item[0])):
        what = told(result.ask.get("what", ""), result) if name != "executive" else []
        if what:
            owner, due = result.ask.get("owner", ""), result.ask.get("due", "")
            rows.append((what[0].text, owner, due))
    columns = (Column("What", 8.0), Column("Owner", 2.0), Column("By", 1.8))
    heading, source = "What is asked, of whom", ASKED
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
    rows = tuple(
        _margin(found, figure) if label == MARGIN else (label, written(figure, form))
        for label, figure, form, _ in there
    )
    grid = Grid("How many answered", (Column("Measure", 3.7), Column("Value", 1.75, True)), rows,
                ", ".join(key for *_, key in there))  # fmt: skip
    return Slide(title, (), (grid,) if rows else (), (), (*_doubts(found), *rest),
                 "What does not fit", tuple(told(result.ask.get("what", ""), result)),
                 owner_of(result), METHODS["sampling"],
                 tuple(key for *_, key in there))  # fmt: skip


def _margin(found: Found, figure: Figure) -> tuple[str, str]:
    """The margin of the leading score, under the name of the score and with its unit."""
    main, unit = found.figure("sampling.main"), " points" if figure.unit == "points" else ""
    named = f"{main.label}, margin" if main is not None and main.label else MARGIN
    return named, f"± {written(figure, 'value')}{unit}"


def _doubts(found: Found) -> list[Said]:
    """The first doubt of each chapter, those about money first."""
    said: dict[str, Said] = {}
    for name in CHAPTERS:
        result = found.chapters.get(name)
        for doubt in result.doubts[:1] if result else ():
            for one in told(doubt, result):  # type: ignore[arg-type]
                said.setdefault(one.text, one)
    return list(said.values())
