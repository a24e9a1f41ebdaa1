"""Whether each sentence of a letter stands on a record: what is claimed without one is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from helpers.methods.messages.claims import Said, said

__all__ = ["CUSTOMERS", "STAFF", "Problem", "problems"]

STAFF = ("revenue at risk",)
CUSTOMERS = (  # words of our own work that no customer is to read
    *STAFF, "high risk", "trapped", "accessible", "truly loyal", "treatment", "value map",
    "protect & repair", "re-price", "negative payoff", "white space", "do not pitch", "upsell",
    "cross-sell", "detractor", "net promoter",
)  # fmt: skip
INTERNAL = {"customers": CUSTOMERS, "staff": STAFF}
FORMS = {
    "done": "says that something was done",
    "will": "says that something will be done",
    "promised": "says that something was promised",
    "not done": "says that something is not done",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence that may not be sent: its line, its words, why, and what to write instead."""

    line: int
    sentence: str
    why: str
    instead: str


def problems(
    text: str,
    records: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    days: Collection[pd.Timestamp] = (),
    names: Collection[str] = (),
    internal: str = "customers",
) -> list[Problem]:
    """Every sentence of a letter that no record carries.

    Done needs a record that was delivered; *will* one that is due on a day to come, and that day;
    what was promised, or is not done, a record that says so. A day that a sentence names is one
    of the records that it cites. A sentence that repeats a record's words cites it.

    Parameters
    ----------
    records
        Those that the reader of the letter was promised: ref, what, action_id, promised, due,
        delivered, told, status, new_due. A promise is cited by its id or its action's.
    days
        Further days that a sentence may name, such as those of the waves.
    names
        Words of the client's whose digits count nothing.
    internal
        Whose eyes it is for: ``customers``, who read no word of our own work, or ``staff``.

    Examples
    --------
    >>> made = pd.DataFrame({"ref": ["C01"], "what": ["A hotline"], "action_id": [None],
    ...     "promised": pd.Timestamp("2026-01-01"), "due": pd.Timestamp("2026-05-01"),
    ...     "delivered": [pd.NaT], "told": [pd.NaT], "status": ["missed"], "new_due": [pd.NaT]})
    >>> [found] = problems("We have built a hotline [C01].", made, as_of=pd.Timestamp("2026-06-30"))
    >>> found.why
    'says that something was done, and C01 was not delivered'
    """
    whats = dict(zip(records["ref"].astype(str), records["what"].astype(str), strict=True))
    found: list[Problem] = []
    for sentence in said(text, whats, names):
        told = next(_wrong(sentence, records, as_of, frozenset(days), internal), None)
        if told is not None:
            found.append(Problem(sentence.line, sentence.text, *told))
    return found


def _wrong(
    sentence: Said, records: pd.DataFrame, as_of: pd.Timestamp, days: frozenset[pd.Timestamp],
    internal: str,
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Why a sentence may not be said, and what to write instead; the first counts."""
    for word in INTERNAL[internal]:
        if re.search(rf"\b{re.escape(word)}\b", sentence.bare, re.IGNORECASE):
            yield f"holds words of our own work: {word}", "Say it in the customer's words."
    if not (sentence.kinds or sentence.refs or sentence.names or sentence.dates):
        return
    cited = records[_cites(records, sentence.refs)]
    for ref in sentence.refs:
        if not _cites(records, (ref,)).any():
            yield f"cites {ref}, which is no record of this reader", _advice(sentence, records)
    if sentence.names and not sentence.refs:
        yield "repeats a record's words and cites none", _advice(sentence, records)
    if sentence.kinds and not sentence.refs:
        forms = " and ".join(FORMS[kind] for kind in FORMS if kind in sentence.kinds)
        yield f"{forms}, and cites no record", _advice(sentence, records)
    yield from _wrong_days(sentence, cited, days)
    yield from _unsupported(sentence, cited, as_of)


def _cites(records: pd.DataFrame, refs: tuple[str, ...]) -> pd.Series:
    return records["ref"].isin(refs) | records["action_id"].isin(refs)


def _unsupported(
    sentence: Said, cited: pd.DataFrame, as_of: pd.Timestamp
) -> Iterator[tuple[str, str]]:
    if not sentence.kinds or cited.empty:
        return
    claimed = [kind for kind in FORMS if kind in sentence.kinds]
    support = {kind: _supports(cited, kind, sentence, as_of) for kind in claimed}
    for kind, fits in support.items():
        if not fits.any():
            yield f"{FORMS[kind]}, and {_listed(cited)} {WHY[kind]}", INSTEAD[kind]
    lone = cited[~pd.concat(support, axis=1).any(axis=1)]
    alike = lone["action_id"].isin(sentence.refs) & ~lone["ref"].isin(sentence.refs)
    if len(lone[~alike]):  # an action may carry several promises: one of them is enough
        kind = claimed[0]
        yield f"{FORMS[kind]}, and {_listed(lone[~alike])} {WHY[kind]}", INSTEAD[kind]


WHY = {
    "done": "was not delivered",
    "will": "has no day to come, or the sentence does not name it",
    "promised": "was not promised by the day that it names",
    "not done": "was delivered",
}
INSTEAD = {
    "done": "Say that it is not done, record `delivered_at` in communications, or take it out.",
    "will": "Name the day on which the record is due, record a new one in communications, or take "
    "it out.",
    "promised": "Name the day that the record holds under `due`.",
    "not done": "Say that it was done, and when.",
}


def _supports(cited: pd.DataFrame, kind: str, sentence: Said, as_of: pd.Timestamp) -> pd.Series:
    """Which of the records carry a claim of one kind."""
    delivered = cited["delivered"].notna() & (cited["delivered"] <= as_of)
    if kind == "done":
        return delivered
    if kind == "not done":
        return ~delivered
    named = cited["due"].isin(sentence.dates)
    if kind == "promised":
        return named if sentence.dates else pd.Series(True, index=cited.index)
    moved = cited["new_due"].isin(sentence.dates) & (cited["new_due"] > as_of)
    was = delivered & cited["delivered"].isin(sentence.dates)  # "from" a day that has come
    return was | (~delivered & (((cited["due"] > as_of) & named) | moved))


def _wrong_days(
    sentence: Said, cited: pd.DataFrame, days: frozenset[pd.Timestamp]
) -> Iterator[tuple[str, str]]:
    held = {day for name in ("promised", "due", "delivered", "told", "new_due")
            for day in pd.to_datetime(cited[name]).dropna()}  # fmt: skip
    for day in sentence.dates:
        if day not in held | days:
            told = f"{day.day} {day:%B %Y}" if day.year > 1900 else "a day that there is not"
            of = f"of {_listed(cited)}" if len(cited) else "of any record that it cites"
            yield f"names {told}, which is no day {of}", "Write the day that the record holds."


def _listed(records: pd.DataFrame) -> str:
    return ", ".join(records["ref"].astype(str))


def _advice(sentence: Said, records: pd.DataFrame) -> str:
    """Which record to cite, where the sentence's words are those of one."""
    words = set(re.findall(r"[a-z]{4,}", sentence.text.casefold()))
    shared = [len(words & set(re.findall(r"[a-z]{4,}", str(what).casefold())))
              for what in records["what"]]  # fmt: skip
    refs = sentence.names or tuple(
        str(ref) for ref, number in zip(records["ref"], shared, strict=True)
        if number and number == max(shared)
    )  # fmt: skip
    if refs:
        return f"Write [{refs[0]}] in it if that is what it says, or take the sentence out."
    return "Write the id of a record of communications in it, as [C05], or take the sentence out."
