"""All letters of a report: each with its file, its reader, its text and the records it may cite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import results
from helpers.methods import messages
from helpers.methods.messages import Function, Heard
from helpers.results import Figure
from helpers.views.messages import letters
from helpers.views.messages.letters import Signed
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.records import records
from helpers.views.rendering.sentences import written

__all__ = ["TICKED", "Post", "Told", "addressed", "funded", "own_name", "posted", "with_causes"]

LETTER, NOTES, ACCOUNTS = "letter", "note", "account"
TICKED = "Ticked in the survey"  # what the leads chapter calls an interest of a person's own
OURS, CLIENT = "ours", "client"
COLUMNS = ["file", "kind", "reader", "by", "text"]
NAMED = re.compile(r"(?<!\\)\{(?P<name>[a-z]\w{0,80})(?::(?P<form>value|interval|base|margin))?\}")
PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Told:
    """What letters are made of."""

    promised: pd.DataFrame  # every promise, as `messages.promised_records` gives them
    as_of: pd.Timestamp
    since: pd.Timestamp | None  # what was done and told before is no news
    signed: Signed
    client: str
    heard: Heard
    groups: Collection[str] = ()
    funded: Collection[str] | None = None  # actions in the plan; None where none was made

    def to(self, whom: str) -> dict[str, pd.DataFrame]:
        """Records of all customers, or of a function."""
        return self.parts(messages.addressed_to(self.promised, whom))

    def parts(self, own: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Records as they stand: ``all``, and of them ``done``, ``late``, ``open`` and ``held``.

        What is held back hangs on an action that the plan leaves out: its day is not repeated.
        """
        late = messages.late(own, as_of=self.as_of)
        waits = messages.still_open(own, as_of=self.as_of)
        held = messages.held_back(waits, self.funded) & ~waits["today"].astype(bool)
        late["new_due"] = late["new_due"].mask(messages.held_back(late, self.funded))
        return {
            "all": own, "done": messages.done(own, since=self.since), "late": late,
            "open": waits[~held].reset_index(drop=True), "held": waits[held].reset_index(drop=True),
        }  # fmt: skip


@dataclass
class Post:
    """Letters so far: ``table`` (file, kind, reader, by, text), records and words of each file."""

    rows: list[dict[str, str]] = field(default_factory=list)
    cited: list[pd.DataFrame] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)  # file, words of the client's in it
    quoted: list[dict[str, str]] = field(default_factory=list)  # figures named in edited letters

    def add(
        self, file: str, kind: str, reader: str, text: str, *records: pd.DataFrame,
        words: Iterable[object],
    ) -> None:  # fmt: skip
        """Take a letter with the records its reader may be told, and the client's words in it."""
        self.rows.append({"file": file, "kind": kind, "reader": reader, "by": OURS, "text": text})
        self.cited += [part.assign(file=file) for part in records if len(part)]
        self.named += [(file, str(word)) for word in words if not pd.isna(word) and str(word)]  # type: ignore[call-overload]

    def edit(self, sent: Mapping[str, str], figures: Mapping[str, Figure], where: Path) -> None:
        """Take letters that the client sent back in the place of ours, with their figures.

        ``{score_now:value}`` is a figure of this chapter, ``{sampling__nps:value}`` one of
        another; a name that is none stays as it is, and the check of letters refuses it.
        """
        for row in self.rows:
            if row["file"] in sent:
                put_in = partial(self._figure, file=row["file"], figures=figures, where=where)
                row |= {"by": CLIENT, "text": NAMED.sub(put_in, sent[row["file"]])}

    def _figure(
        self, found: re.Match[str], *, file: str, figures: Mapping[str, Figure], where: Path
    ) -> str:
        chapter, of_another, name = found["name"].rpartition("__")
        made = results.load(chapter, where) if of_another else None
        known = figures if not of_another else {} if made is None else made.figures
        figure = known.get(name)
        if figure is None or figure.value is None:
            return found[0]
        self.quoted.append({"file": file, "chapter": chapter, "name": name})
        return written(figure, found["form"] or "")

    @property
    def edited(self) -> int:
        """Letters that stand as the client sent them back."""
        return sum(row["by"] == CLIENT for row in self.rows)

    @property
    def words(self) -> pd.DataFrame:
        """The client's own words in each letter: file, word."""
        return pd.DataFrame(self.named, columns=["file", "word"], dtype="str").drop_duplicates()

    @property
    def quotes(self) -> pd.DataFrame:
        """Figures that edited letters name: file, chapter (empty is this one), name."""
        return pd.DataFrame(self.quoted, columns=["file", "chapter", "name"], dtype="str")

    @property
    def table(self) -> pd.DataFrame:
        """The letters, one a row."""
        return pd.DataFrame(self.rows, columns=COLUMNS)

    @property
    def fill(self) -> int:
        """How many places are left to be filled in, each once a file."""
        return sum(len(messages.to_fill_in(row["text"])) for row in self.rows)

    @property
    def reached(self) -> list[str]:
        """Accounts that get a message."""
        return [row["reader"] for row in self.rows if row["kind"] == ACCOUNTS]

    def recipients(self, written: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
        """Who gets a message: account_id, name, owner, contact_id, role, file."""
        own = self.table[self.table["kind"] == ACCOUNTS].rename(columns={"reader": "account_id"})
        facts = accounts.reindex(columns=["account_id", "name", "owner"])
        rows = own.merge(facts, on="account_id").merge(written, on="account_id")
        columns = ["account_id", "name", "owner", "contact_id", "role", "file"]
        rows = rows.assign(file=rows["file"] + ".md", role=rows["role"].map(plain))
        return rows[columns].astype("object")

    @property
    def records(self) -> pd.DataFrame:
        """The records, one a row and a file."""
        if not self.cited:
            return messages.promised_records(None, as_of=pd.Timestamp(0)).assign(file="")
        return pd.concat(self.cited, ignore_index=True)


def own_name(text: str, taken: Collection[str] = ()) -> str:
    """A name for a file, made of a name or an id whatever it holds.

    >>> own_name("Customer service"), own_name("../etc"), own_name("A7", ["a7"])
    ('customer_service', 'etc-f7f9', 'a7-724f')
    """
    plain = re.sub(r"[^a-z0-9-]+", "_", text.casefold()).strip("_-")[:40]
    same = bool(plain) and plain == text.casefold().replace(" ", "_") and plain not in taken
    if same:
        return plain
    return f"{plain or 'x'}-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:4]}"


def posted(
    told: Told,
    figures: Mapping[str, Figure],
    functions: Mapping[str, Function],
    accounts: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    least_staff: int,
) -> Post:
    """The letter, the notes and the messages.

    Parameters
    ----------
    functions
        By name, as `messages.functions` gives them.
    accounts
        Who is written to, as `addressed` gives it.
    cases
        Open cases that may be spoken of, as `account_list.open_tickets` gives them, ``about`` in
        words.
    least_staff
        People of a function who have to answer before their number is told.
    """
    made, parts = Post(), told.to("customers")
    text = letters.letter(parts, told.heard, figures, told.signed, told.client)
    label = figures.get("score_label")
    words = (told.client, *told.heard.asked, *told.heard.valued, *told.signed.words,
             *([label.value] if label else []))  # fmt: skip
    made.add("letter", LETTER, "All customers", text, parts["all"], words=words)
    for function, own in functions.items():
        _note(made, told, function, own, least_staff)
    cases = messages.ticket_records(cases, as_of=told.as_of)
    promises = messages.own_records(told.promised, accounts, told.groups)
    by_account = [dict(iter(part.groupby("account_id", sort=False))) for part in (cases, promises)]
    nothing = told.parts(promises.iloc[:0]) | {"cases": cases.iloc[:0]}
    for row in records(accounts):
        open_cases, promised = (by.get(row["account_id"]) for by in by_account)
        parts = nothing | ({} if promised is None else told.parts(promised))
        _message(made, told, row, parts | ({} if open_cases is None else {"cases": open_cases}))
    return made


def addressed(
    written: pd.DataFrame, accounts: pd.DataFrame, rated: Mapping[str, tuple[str, str]],
    ticked: Mapping[str, list[str]], labels: Labels,
) -> pd.DataFrame:  # fmt: skip
    """Those who are written to, with their account's facts and what may be repeated to them.

    Returns
    -------
    DataFrame
        The columns of ``accounts`` (name and owner among them), contact_id, role, answered, best,
        worst, interests.
    """
    facts = accounts.reindex(columns=[*accounts.columns.union(["name", "owner"])])
    rows = written.merge(facts, on="account_id", how="left")
    ends = [rated.get(who, ("", "")) for who in rows["contact_id"]]
    return rows.assign(
        name=rows["name"].fillna(rows["account_id"]), owner=rows["owner"].fillna(""),
        answered=rows["named"], best=[labels.get(best, best) for best, _ in ends],
        worst=[labels.get(worst, worst) for _, worst in ends],
        interests=pd.Series([ticked.get(who, []) for who in rows["contact_id"]], rows.index),
    )  # fmt: skip


def with_causes(cases: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Open cases with their causes as a reader knows them."""
    about = cases["about"].astype("object")
    told = [None if pd.isna(one) else labels.get(one, plain(one)) for one in about]
    return cases.assign(about=pd.Series(told, cases.index, dtype="object"))


def _note(made: Post, told: Told, function: str, own: Function, least: int) -> None:
    parts = told.to(function)
    carried = messages.addressed_to(told.promised, "customers")
    carried = carried[carried["action_id"].isin(own.actions)]
    waiting = told.parts(carried)
    parts |= {
        "rated": own.rated, "proposed": own.proposed,
        "customers": pd.concat([
            waiting["late"].assign(is_late=True),
            waiting["open"].assign(is_late=False),
        ]),
    }  # fmt: skip
    if not sum(len(parts[name]) for name in ("rated", "customers", "proposed", "late", "open")):
        return
    taken = [row["file"] for row in made.rows]
    file = f"note_{own_name(function, [name.removeprefix('note_') for name in taken])}"
    text = letters.note(function, parts, told.signed, own.staff if own.staff >= least else 0)
    words = (function, *own.rated["label"], *told.signed.words)
    made.add(file, NOTES, function, text, parts["all"], carried, own.proposed, words=words)


def _message(
    made: Post, told: Told, account: dict[str, Any], parts: dict[str, pd.DataFrame]
) -> None:
    said = bool(account["best"] or account["worst"] or account["interests"])
    if not said and not sum(len(parts[name]) for name in ("cases", "done", "late", "open")):
        return
    identity = str(account["account_id"])
    name = identity.lower() if PLAIN_ID.fullmatch(identity) else "x"
    digest = sha256(identity.encode("utf-8", "replace")).hexdigest()[:4]  # ids may differ in case
    text = letters.message(account, parts, told.signed)
    own = [account[part] for part in ("name", "owner", "best", "worst")]
    words = (*own, *account["interests"], *parts["cases"]["about"], *told.signed.words)
    made.add(f"accounts/{name}-{digest}", ACCOUNTS, identity, text, parts["all"], parts["cases"],
             words=words)  # fmt: skip


def funded(candidates: pd.DataFrame | None) -> list[str] | None:
    """Ids of the actions in the plan; ``None`` where the chapter on actions made none.

    >>> funded(pd.DataFrame({"action_id": ["A1", "A2"], "funded": [True, False]}))
    ['A1']
    """
    if candidates is None or candidates.empty:
        return None
    return candidates.loc[candidates["funded"].astype(bool), "action_id"].astype(str).tolist()
