"""Slides on what loyalty is worth, and on cases and internal measures."""

from __future__ import annotations

import pandas as pd

from helpers.press.exports.deck.parts import Bars, Column, Grid, Said, Slide
from helpers.press.exports.deck.quoting import Found, headline, told
from helpers.press.exports.deck.telling import METHODS, chapter_slide, owner_of
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.sentences import written

__all__ = ["operations", "recovery", "worth"]

AT_RISK = (("Revenue", "risk_gross", "risk_excess"), ("Margin", "margin_gross", "margin_excess"))
NET = (  # as the chapter says it below the gain
    "{anyway} of those who rose above the alert line would have anyway: beyond them the difference "
    "is {net_saved} percentage points, not clear."
)
CLOCKS = {"first contact": "First contact", "plan": "Plan agreed", "closed": "Case closed"}


def worth(found: Found) -> Slide | None:
    """Whether loyalty pays here: who stayed by score, and what is at risk."""
    result = found.chapter("linkage")
    if result is None:
        return None
    shown = [part for part in (_bands(found), _at_risk(found)) if part is not None]
    return chapter_slide(result, tuple(shown))


def _bands(found: Found) -> Bars | None:
    table = found.table("linkage.bands")
    if table.empty:
        return None
    figures = [
        Figure.from_row(
            "rate", row, ("rate", "low", "high"), unit="share", base_unit="account surveys"
        )
        for _, row in table.iterrows()
    ]
    label = found.figure("linkage.outcome_label")
    heading = written(label) if label else "the share that stayed"
    months = found.figure("linkage.horizon")
    later = f" {written(months)} months after the survey" if months else ""
    return Bars(f"{heading[:1].upper()}{heading[1:]}{later}, by score",
                _classes(table["band"].astype(str)), tuple(figures), "linkage.bands",
                "Below each class of the score: the share, its interval and its base.",
                dots=True, quotes=("linkage.horizon",))  # fmt: skip


def _classes(bands: pd.Series) -> tuple[str, ...]:
    """Classes that do not seem to overlap: each holds its lower end, the last its upper one too.

    >>> _classes(pd.Series(["17–65", "65–100"]))
    ('17 to <65', '65 to 100')
    """
    *lower, last = bands
    return (*(one.replace("–", " to <") for one in lower), last.replace("–", " to "))


def _at_risk(found: Found) -> Grid | None:
    """What is likely to leave in a year, and how much of it is linked to low scores."""
    rows = [
        (name, *("" if one is None else written(one) for one in (gross, linked)))
        for name, of, part in AT_RISK
        if (gross := found.figure(f"linkage.{of}")) is not None
        for linked in [found.figure(f"linkage.{part}")]
    ]
    if not rows:
        return None
    columns = (Column("A year", 1.0), Column("Likely to leave", 2.0),
               Column("Of it linked to low scores", 2.0))  # fmt: skip
    keys = tuple(f"linkage.{name}" for _, *names in AT_RISK for name in names)
    return Grid("Revenue and margin at risk", columns, tuple(rows), "linkage.at_risk", quotes=keys)


def recovery(found: Found) -> Slide | None:
    """Whether cases are answered in time; and on operations, where these have no picture."""
    cases, inside = found.chapter("recovery"), found.chapter("operations")
    if cases is None:
        return None
    title, rest = headline(cases.answer, cases)
    picture = _in_time(found)
    points = (*told(cases.so_what, cases), *_net(cases), *rest)
    method = METHODS["recovery"]
    if inside is not None and _measures(found) is None:
        points, method = (
            (*points, *told(inside.answer, inside)),
            f"{method} {METHODS['operations']}",
        )
    return Slide(
        title, (), (picture,) if picture else (), (), points, "What it means",
        tuple(told(cases.ask.get("what", ""), cases)), owner_of(cases), method,
    )  # fmt: skip


def _net(cases: ChapterResult) -> list[Said]:
    """That a gain is not clear, beside those who would have come back anyway."""
    net = cases.figures.get("net_saved")
    return told(NET, cases) if net is not None and net.verdict == "not clear" else []


def operations(found: Found) -> Slide | None:
    """Which internal measures move ratings; nothing where it is told with the cases."""
    inside, picture = found.chapter("operations"), _measures(found)
    if inside is None or (picture is None and found.chapter("recovery") is not None):
        return None
    return chapter_slide(inside, (picture,) if picture else ())


def _in_time(found: Found) -> Bars | None:
    """How many cases met each promise."""
    table = found.table("recovery.waits")
    if table.empty or "kept" not in table:
        return None
    rows = table[table["kept"].notna()]
    if rows.empty:
        return None
    figures = [Figure.from_row("kept", row, ("kept", "low", "high"), unit="share",
                               base_unit="cases") for _, row in rows.iterrows()]  # fmt: skip
    goal, of_all = found.figure("recovery.goal"), found.figure("recovery.contact_kept")
    note = " ".join([*([f"Base: {written(of_all, 'base')}."] if of_all else []),
                     *([f"The goal is {written(goal)}."] if goal else [])])  # fmt: skip
    names = tuple(CLOCKS.get(str(name), str(name)) for name in rows["clock"])
    return Bars("Cases answered within the promised time", names, tuple(figures),
                "recovery.waits", note,
                quotes=("recovery.goal", "recovery.contact_kept"))  # fmt: skip


def _measures(found: Found) -> Bars | None:
    """How far ratings differ between the better and the worse quartile of each measure."""
    table = found.table("operations.effects")
    if table.empty:
        return None
    figures = [Figure.from_row("gain", row, ("gain", "gain_low", "gain_high"), unit="scale",
                               base_unit="respondents") for _, row in table.iterrows()]  # fmt: skip
    known = found.table("drivers.groups")
    labels = {} if known.empty else dict(zip(known["driver"], known["label"], strict=True))
    names = tuple(
        f"{labels.get(rating, _named(rating))} by {_named(metric).lower()}"
        for metric, rating in zip(table["metric"], table["rating"], strict=True)
    )
    clear = tuple(str(verdict) != "not clear" for verdict in table["verdict"])
    return Bars("Rating points, better against worse quartile of an internal measure", names,
                tuple(figures), "operations.effects", _read_as(found, clear, table["gain"]), clear,
                quotes=("operations.top_gain",))  # fmt: skip


def _read_as(found: Found, clear: tuple[bool, ...], gains: pd.Series) -> str:
    """The base, what dark and pale mean, and what a bar to the left says, where there are such."""
    top, rating = found.figure("operations.top_gain"), found.figure("operations.top_rating")
    parts = (
        f"Base: {written(top, 'base')} who rated {written(rating)}." if top and rating else "",
        "Dark: clear; pale: may be nothing." if len(set(clear)) > 1 else "",
        "To the left: the target works against customers." if (gains < 0).any() else "",
    )
    return " ".join(filter(None, parts))


def _named(code: object) -> str:
    text = str(code).replace("_", " ").strip()
    return text[:1].upper() + text[1:]
