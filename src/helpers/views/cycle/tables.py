"""The tables of the cycle chapter, and the way to the ledger."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.ledger import METRIC, Returned, Told
from helpers.results import Figure
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import MISSING
from helpers.views.rendering.sentences import Sentence, notes, show_folded, written
from helpers.views.rendering.tables import Column, Table, show

STATES = {
    "inside": "inside", "above": "higher", "below": "lower",
    "open": "not due yet", "not measured": "due, but these data do not measure it",
    "not delivered": "the action was not delivered", "unknown": "no such number is known",
    "reversed": "its range runs backwards: low is above high",
}  # fmt: skip
SOURCES = {"measured": "this run", "sent": "the ledger"}
VERDICTS = {"rose": "rose", "fell": "fell", "not clear": "no clear change",
            "not measured": "not measured yet"}  # fmt: skip
PARTS = {"answers": "Answered the next wave", "acted": "Next rating of action"}
WITH_ACTION = (
    " Changes with an action are among those it reaches, if the plan is funded; other scores are "
    "predicted without what actions would add to them."
)
FEWEST = 3  # stations that make a cycle
STATIONS = (  # step, what it counts, figures in the order in which they are written
    ("Ask", "answer when asked", ("response_rate",)),
    ("Hear", "drivers are clear", ("clear_drivers",)),
    ("Decide", "actions to fund", ("funded",)),
    ("Act", "kept, of promises due since last wave", ("promises_kept", "promises_due")),
    ("Tell", "told, of those delivered", ("promises_told", "promises_delivered")),
    ("Ask again", "points of response since", ("response_change",)),
)
FILE = (
    '<p class="account-files">The ledger for the next run: <a href="../cycle/ledger.csv" '
    'download>ledger.csv</a>. <span class="analyst">Copy it into the client folder before the next '
    "wave is run; no run changes that folder by itself.</span></p>"
)
SAID = (
    "The ledger for the next run: ledger.csv. Copy it into the client folder before the next wave "
    "is run; no run changes that folder by itself."
)


def file() -> Sentence:
    """Where the ledger is, and what to do with it."""
    return Sentence(FILE, SAID)


def held(rows: pd.DataFrame, confidence: float) -> Table:
    """Each earlier prediction beside what came."""
    worded = rows.assign(
        outcome=rows["state"].map(STATES), by=rows["source"].map(SOURCES).fillna(MISSING)
    )
    origins: dict[str, Column] = {
        "wave": "Predicted in", "due": ("Due", "date"), "by": "Measured by"
    }  # fmt: skip
    one = len(worded[list(origins)].drop_duplicates()) == 1  # said once, under the table
    told = "; ".join(
        f"{str(heading if isinstance(heading, str) else heading[0]).lower()} "
        f"{_said(worded[name].iloc[0])}"
        for name, heading in origins.items()
    )
    return show(
        worded,
        caption="What was predicted, and what came",
        columns={
            "label": "What", "predicted": ("Predicted", "in unit", "low", "high"),
            "actual": ("Came", "in unit", "actual_low", "actual_high"), "outcome": "Outcome",
            "widths": ("Score", "decimal1"), **({} if one else origins),
        },
        row_header="label",
        note=f"Score: the interval score in widths of the range, 1 inside, more the farther off. "
        f"Ranges are taken as {confidence:.0%} intervals of what the next wave estimates; what "
        f"came has its own.{f' All {told}.' if one else ''}",
    )  # fmt: skip


def _said(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def predicted(rows: pd.DataFrame) -> Sentence:
    """What this run predicts."""
    acts = rows["metric"].str.startswith(METRIC.partition("{")[0]).any()
    return show_folded(
        "What this run predicts",
        rows,
        caption="Predictions of this run",
        columns={
            "label": "What", "predicted": ("Predicted", "in unit", "low", "high"),
            "due": ("Due", "date"),
        },
        note="Ranges are for what the next wave estimates, both samples' errors and drift "
        f"included.{WITH_ACTION if acts else ''}",
    )  # fmt: skip


def spent(found: Returned, labels: Labels, currency: str) -> Table:
    """Each delivered action, what it cost, and what the ratings it works on did."""
    table = found.table
    rows = table.assign(
        what=[labels.get(d, d) or MISSING for d in table["driver"]],
        told=table["verdict"].map(VERDICTS),
        between=[f"{b} to {a}" if b and a else MISSING
                 for b, a in zip(table["before"], table["after"], strict=True)],
        spent=table["spent"].mask(table.duplicated("action_id")),
    )  # fmt: skip
    columns: dict[str, Column] = {"name": "Action"}
    if currency:
        columns["spent"] = ("Spent, as listed", f"money:{currency}")
    columns |= {
        "what": "Works on", "change": ("Change", "scale", "low", "high"), "told": "Clear?",
        "delivered": ("Delivered", "date"), "between": "Waves", "base": ("Answers", "count"),
    }  # fmt: skip
    return show(
        rows, caption="What was spent, and what came back", columns=columns,
        note="Spent: the listed cost once, and by the year since delivery. Change: among those "
        "reached, the last wave before delivery against the first after it; clear allows for how "
        "many are compared.",
    )  # fmt: skip


def told(found: Told) -> Sentence:
    """People who were told against comparable people who were not."""
    rows = found.table.assign(
        what=found.table["part"].map(PARTS),
        unit=found.table["part"].map({"answers": "share", "acted": "scale"}),
    )
    return show_folded(
        "The comparison in numbers",
        rows,
        caption="People who said they were told of changes, and others",
        columns={
            "what": "What",
            "rate": ("Told", "in unit"),
            "told": ("People told", "count"),
            "level": ("Others", "in unit"),
            "others": ("Other people", "count"),
        },
        note="As they are: the sentence holds wave and earlier ratings constant.",
    )


def stations(figures: Mapping[str, Figure]) -> pd.DataFrame:
    """The stations of the cycle: step, number, what."""
    rows = [{"step": step, "number": station(figures, names), "what": what}
            for step, what, names in STATIONS]  # fmt: skip
    return pd.DataFrame(rows)


def ring(figures: Mapping[str, Figure]) -> Sentence:
    """The same as a table; nothing where too few stations are known to be a cycle."""
    rows = stations(figures)
    if (rows["number"] != MISSING).sum() < FEWEST:
        return notes()
    return show_folded(
        "The cycle as a table", rows, caption="The cycle, step by step",
        columns={"step": "Step", "number": "Number", "what": "What it counts"},
    )  # fmt: skip


def station(figures: Mapping[str, Figure], names: tuple[str, ...]) -> str:
    """The number of a station; a dash where it is not known."""
    known = [figures.get(name) for name in names]
    if any(one is None or one.value is None for one in known):
        return MISSING
    return " of ".join(written(one, "value") for one in known if one is not None)
