"""The tables of the chapter on messages: claims and records, who gets none, files to download."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape

import pandas as pd

from helpers.methods.messages import REASONS, Function, to_fill_in
from helpers.views.messages.letters import preview
from helpers.views.messages.post import ACCOUNTS, NOTES, Post
from helpers.views.rendering.sentences import Sentence, for_analysts, notes
from helpers.views.rendering.tables import Table, show

STANDS = {"done": "done", "late": "not done, and late", "open": "due on a day to come",
          "held": "held back: not in the plan"}  # fmt: skip
WHY = dict(zip(REASONS, (
    "Nobody there agreed to be written to", "Everybody listed has left or opted out",
    "No person is on the list",
    "A case there is past its promise: call before anything is written",
    "Nothing of their own to tell; they get the letter"),
    strict=True))  # fmt: skip
EDIT = (
    "To change a letter, edit its Markdown file and put it into the folder “messages” of your own."
)
READERS = {"letter": "The letter", "note": "Notes to functions", "account": "Account messages"}


def letter(made: Post) -> Sentence:
    """The letter as it will be read."""
    return preview(str(made.table["text"].iloc[0]), "The letter to all customers")


def claims(parts: dict[str, pd.DataFrame]) -> Table | Sentence:
    """Which record each sentence of the letter stands on."""
    rows = pd.concat([parts[name].assign(stands=says) for name, says in STANDS.items()])
    if rows.empty:
        return notes("No promise to all customers is on record, so the letter claims nothing")
    late = rows["stands"].eq("done") & rows["status"].eq("late")
    today = rows["today"].eq(True)
    stands = (
        rows["stands"].mask(late, "done, later than promised").mask(today, "not done on its day")
    )
    told = rows.assign(stands=stands)
    days = {"promised": "Promised on", "due": "By", "delivered": "Done on", "new_due": "New day",
            "told": "Told on"}  # fmt: skip
    return show(
        told, caption="What the letter says, and the record behind it",
        columns={
            "ref": "Record", "what": "What was promised", "stands": "The letter says",
            **{name: (head, "date") for name, head in days.items() if told[name].notna().any()},
        },
        note="A record is a row of communications: C01 is the first.",
    )  # fmt: skip


def by_hand(made: Post) -> Sentence:
    """What stands in brackets, and in how many files: for those who send them."""
    found = Counter(
        (kind, place)
        for kind, text in zip(made.table["kind"], made.table["text"], strict=True)
        for place in to_fill_in(text)
    )
    if not found:
        return notes()
    rows = pd.DataFrame(
        [{"where": READERS[kind], "place": place, "files": number}
         for (kind, place), number in found.items()]
    )  # fmt: skip
    rows = rows.groupby("place", sort=False).agg({"where": ", ".join, "files": "sum"}).reset_index()
    table = show(
        rows, caption="To be filled in by hand",
        columns={"place": "In brackets", "where": "Where", "files": ("Files", "count")},
        note="Say who signs and where customers can write, and both are filled in.",
    )  # fmt: skip
    return for_analysts(Sentence(table.html(), table.text()))


def staff(made: Post, functions: Mapping[str, Function]) -> Table | Sentence:
    """What each note tells."""
    rows = [
        {"function": name, "rated": ", ".join(own.rated["label"]) or "–",
         "proposed": len(own.proposed)}
        for name, own in functions.items()
        if name in {row["reader"] for row in made.rows if row["kind"] == NOTES}
    ]  # fmt: skip
    if not rows:
        return notes()
    return show(
        pd.DataFrame(rows), caption="What the notes tell",
        columns={"function": "Function", "rated": "How customers rate",
                 "proposed": ("Actions proposed for funding", "count")},
        note="Each also tells what staff were promised, and what customers wait for from it.",
    )  # fmt: skip


def without(missing: pd.Series) -> Table | Sentence:
    """Why accounts get no message."""
    rows = pd.DataFrame({"why": [WHY[name] for name in missing.index], "accounts": missing.values})
    if not missing.sum():
        return notes()
    return show(
        rows[rows["accounts"] > 0], caption="Accounts without a message",
        columns={"why": "Why", "accounts": ("Accounts", "count")},
        note="They are counted here and named nowhere in this chapter.",
    )  # fmt: skip


def files(made: Post) -> Sentence:
    """Where the drafts are, as Word and as Markdown to edit: for those who send them."""
    links = [("The letter", "letter")]
    links += [(f"A note to {row['reader']}", row["file"]) for row in made.rows
              if row["kind"] == "note"]  # fmt: skip
    parts = [_link(called, name) for called, name in links]
    said = [called for called, _ in links]
    if ACCOUNTS in set(made.table["kind"]):
        parts.append(_link("All account messages", "accounts"))
        said.append("All account messages")
    items = "".join(f"<li>{part}</li>" for part in parts)
    listed = f'<ul class="account-files">{items}</ul><p class="table-note">{EDIT}</p>'
    return for_analysts(Sentence(listed, "\n".join([*said, EDIT])))


def _link(called: str, name: str) -> str:
    other = "Excel list" if name == "accounts" else "Markdown"
    ending = "xlsx" if name == "accounts" else "md"
    return (
        f'{escape(called)}: <a href="../messages/{name}.docx" download>Word</a> or '
        f'<a href="../messages/{name}.{ending}" download>{other}</a>'
    )
