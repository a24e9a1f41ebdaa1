"""The tables on customer focus: parts, whom to tell, principles with evidence, the register."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.focus import FocusIndex, Quadrant, Scorecard
from helpers.views.alignment.evidence_focus import PRINCIPLES, SENT, WORDS
from helpers.views.rendering.naming import plain
from helpers.views.rendering.sentences import Sentence, folded, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

PARTS = {"solicit": "Asks", "act": "Acts", "tell": "Tells"}
MEASURES = {
    "coverage": "Accounts asked in this wave, of those that could be",
    "cadence": "Accounts asked in the last twelve months",
    "response": "People asked who answered",
    "cases": "Cases closed within the promise",
    "promises": "Promises due that were delivered",
    "told": "Delivered promises that customers were told of",
    "told_in_time": "Delivered promises told in time",
}
UNLOCKS = {  # what a part lacks, and what would tell it
    "coverage": "send invitations and accounts: the page then says how much of the base is asked",
    "response": "send invitations: the page then says how many of those asked answer",
    "cases": "send tickets and declare targets: the page then says how many cases are closed in "
    "time",
    "promises": "send communications: the page then says what was promised, delivered and told",
    "seen": "ask customers whether they are asked, whether it is acted on and whether they are "
    "told (roles asked, acted, told): the page then says what they see",
}
PLACES = {"customer-focused": "Customer-focused", "lip service": "Lip service",
          "acts unasked": "Acts without asking", "neither": "Neither"}  # fmt: skip
FLAGS = {"feeds nothing": "Feeds nothing: remove", "no decision": "No decision named",
         "no owner": "No owner", "": "–"}  # fmt: skip
STATES = {"kept": "delivered in time", "late": "delivered late", "missed": "not delivered",
          "open": "not due yet"}  # fmt: skip
KINDS = {"asked": "Whether we ask", "acted": "Whether we act on it", "told": "Whether we tell",
         "recommend": "Recommendation", "stated": "Stated importance"}  # fmt: skip
FILES = (
    '<p class="account-files">The register of commitments: <a href="../alignment/register.xlsx" '
    'download>Excel workbook</a> or <a href="../alignment/register.csv" download>CSV</a>.</p>'
)
SAID = "The register of commitments: Excel workbook or CSV."
MOST_NAMED = 3  # questions of a row


def unlocks(found: FocusIndex) -> Sentence:
    """What more data would tell, a line for each gap; nothing where there is none."""
    known = {*found.measures["measure"], *(["seen"] if found.seen else [])}
    lines = [f"Not known: {what}" for name, what in UNLOCKS.items() if name not in known]
    return notes(*lines)


def parts(found: FocusIndex) -> Sentence:
    """What each part is made of on record."""
    if found.measures.empty:
        return notes()
    rows = found.measures.assign(
        part=found.measures["part"].map(PARTS), name=found.measures["measure"].map(MEASURES),
        **{end: found.measures[end] / 100 for end in ("value", "low", "high")},
    )  # fmt: skip
    return show_folded(
        "What each part is made of", rows, caption="The measures on record",
        columns={"name": "Measure", "part": "Part", "value": ("Share", "share", "low", "high"),
                 "base": ("Base", "count"), "base_unit": "Of"},
        note="A part is the weighted mean of its measures (equal weights unless declared). "
        "Wilson's intervals; response by its design, cases open ones kept as waiting. Of one "
        "source, measures are taken to rise and fall together.",
    )  # fmt: skip


def chances(found: Quadrant) -> Sentence:
    """How likely each quadrant is."""
    rows = found.table.assign(name=found.table["quadrant"].map(PLACES))
    return show_folded(
        "How likely each quadrant is", rows, caption="Quadrants and their chances",
        columns={"name": "Quadrant", "chance": ("Chance", "share")},
        note=f"Cut at {found.cut:g} of 100 on both axes: asking on record, acting as customers "
        "see it.",
    )  # fmt: skip


IN_LETTER = "The letter to all customers tells them; its chapter has the text and the day."
WHO_ANSWERS = (
    "Owner: who answers for the function that the promise's action belongs to, or for the question "
    "it works on."
)


def untold(table: pd.DataFrame) -> Table | Sentence:
    """What was delivered and not told, with who tells customers, this week or in the letter."""
    if table.empty:
        return notes()
    letter = "by" in table
    return show(
        table.assign(owner=table["owner"].replace("", "to be named")),
        caption="To tell customers in the letter" if letter else "To tell customers this week",
        columns={"what": "Delivered, and not told", "owner": "Who tells customers",
                 "delivered_at": ("Delivered", "date"), "days": ("Days since", "count")},
        note=f"The longest wait first. {IN_LETTER if letter else WHO_ANSWERS}",
    )  # fmt: skip


def scorecard(found: Scorecard, names: Mapping[str, str] = PRINCIPLES) -> Table:
    """Each principle with its evidence, or that none was supplied."""
    return show(
        _lines(found, names), caption="The seven principles, with their evidence",
        columns=_EVIDENCE, note=_NOTE,
    )  # fmt: skip


def practices(found: Scorecard, names: Mapping[str, str]) -> Sentence:
    """The same of what such companies do, folded."""
    return show_folded(
        "What customer-focused companies do, with the evidence for each", _lines(found, names),
        caption="Seven practices, with their evidence", columns=_EVIDENCE, note=_NOTE,
    )  # fmt: skip


_EVIDENCE: dict[str, Column] = {
    "name": "Principle", "shows": "Evidence", "value": ("Value", "in unit", "low", "high"),
    "base": ("Base", "count"),
}  # fmt: skip
_NOTE = "Evidence is what this report found elsewhere or the client's tables hold; no principle " \
    "has a score of its own. A dash: no interval, or no base."  # fmt: skip


def _lines(found: Scorecard, names: Mapping[str, str]) -> pd.DataFrame:
    """One line a piece of evidence; where there is none, what would be."""
    rows = found.table
    told = rows["measure"].map(WORDS)
    none = "No evidence supplied: " + rows["principle"].map(SENT)
    return rows.assign(
        name=rows["principle"].map(names), shows=told.where(rows["supplied"], none),
        unit=rows["unit"].where(rows["supplied"], "count"),
    )  # fmt: skip


def flagged(table: pd.DataFrame) -> Table | Sentence:
    """Questions without a decision or an owner, by role; folded where none feeds nothing."""
    rows = table[table["flag"] != ""]
    if rows.empty:
        return notes("Every question has a decision and an owner.")
    grouped = rows.groupby(["flag", "role"], sort=False)
    made = grouped.agg(
        number=("variable", "size"), named=("label", _named), used=("used", "first")
    ).reset_index()
    shown = show(
        made.assign(
            kind=[KINDS.get(role, plain(role).capitalize()) for role in made["role"]],
            flag=made["flag"].map(FLAGS),
        ),
        caption="Questions to decide on before the next wave",
        columns={"kind": "Kind", "number": ("Questions", "count"), "named": "Among them",
                 "used": "Used on the pages", "flag": "What is missing"},
    )  # fmt: skip
    urgent = made["flag"].eq("feeds nothing").any()
    return shown if urgent else folded("Questions to decide on before the next wave", shown)


def _named(labels: pd.Series) -> str:
    more = len(labels) - MOST_NAMED
    return ", ".join([*labels.head(MOST_NAMED), *(["and others"] if more > 0 else [])])


def register(table: pd.DataFrame) -> Sentence:
    """Every question with its owner, its decision and what was promised on it, folded."""
    rows = table.assign(
        flag=table["flag"].map(FLAGS), state=table["status"].map(STATES),
        decision=table["decision"].replace("", "–"), owner=table["owner"].replace("", "–"),
        what=table["what"].astype(object).where(table["what"].notna(), "–"),
    )  # fmt: skip
    rows["state"] = rows["state"].fillna("–")
    return show_folded(
        f"The register of commitments: all {len(rows)} questions", rows,
        caption="What each question feeds, and what was promised on it",
        columns={
            "label": "Question", "decision": "Decision it feeds", "owner": "Owner",
            "flag": "What is missing", "promises": ("Promises", "count"), "what": "Promised",
            "promised_at": ("On", "date"), "due": ("Due", "date"), "state": "State",
            "delivered_at": ("Done", "date"), "told_at": ("Customers told", "date"),
        },
        note="Of several promises on a question, the one that needs most. A promise is tied to a "
        "question by its action, and by what that action is listed to change; by words never.",
    )  # fmt: skip


def files(table: pd.DataFrame) -> Sentence:
    """Where the register is as a file, where there is anything in it."""
    return notes() if table.empty else Sentence(FILES, SAID)
