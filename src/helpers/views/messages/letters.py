"""Letters, notes and messages as Markdown: the words of records, put into templates, escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined

from helpers.methods.messages import Heard, blocks, escaped, parted
from helpers.results import Figure
from helpers.views.messages.template import LETTER, MESSAGE, NOTE
from helpers.views.rendering.days import in_words
from helpers.views.rendering.numerals import count, decimal
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, written

__all__ = ["Signed", "letter", "message", "note", "preview", "score"]

DRAFT = "Draft, not yet sent"
TAGS = {"title": "h3", "heading": "h4", "paragraph": "p", "item": "li"}
MADE = Environment(  # Markdown, no HTML: every text of a client's passes `escaped`
    autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
TEMPLATES = {name: MADE.from_string(text) for name, text in
             (("letter", LETTER), ("note", NOTE), ("message", MESSAGE))}  # fmt: skip
DAYS = ("promised", "due", "delivered", "told", "new_due")
VERDICT = {
    "rose": "That is a clear rise.",
    "fell": "That is a clear fall.",
    "beyond": "That may be too little to matter.",
    "little": "That is too little to matter.",
    "none": "That is no clear change.",
    "apart": "That is no clear change.",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs, and whom to write to; a place to be filled in where it was not declared."""

    chief: str = ""
    contact: str = ""

    @property
    def by(self) -> str:
        """Who signs the letter."""
        return escaped(self.chief) if self.chief else "[name of the chief executive]"

    @property
    def to(self) -> str:
        """Whom to write to."""
        return escaped(self.contact) if self.contact else "[name and e-mail]"

    @property
    def words(self) -> tuple[str, str]:
        """Both as they were declared."""
        return self.chief, self.contact

    @property
    def table(self) -> pd.DataFrame:
        """Both, as they are handed on."""
        return pd.DataFrame({"chief": [self.chief], "contact": [self.contact]})


def letter(
    promised: Mapping[str, pd.DataFrame], found: Heard, figures: Mapping[str, Figure],
    signed: Signed, client: str,
) -> str:  # fmt: skip
    """The chief executive's letter to all customers.

    Parameters
    ----------
    promised
        ``done``, ``late`` and ``open``: records said to all customers.
    found
        The two things heard.
    figures
        What the chapter quotes: ``respondents`` and the score of both waves, where told.
    """
    heard = figures.get("respondents")
    told = heard is not None and heard.value is not None and heard.base_unit == "respondents"
    return _made(
        "letter", respondents=written(heard) + " people" if told and heard else "",
        asked=_names(found.asked), by=found.by, valued=_names(found.valued), sure=found.sure,
        score=score(figures), chief=signed.by, contact=signed.to, client=escaped(client),
        **_parts(promised),
    )  # fmt: skip


def score(figures: Mapping[str, Figure]) -> dict[str, str]:
    """The one number before and after, with what may be said of it; nothing where untold."""
    names = ("score_now", "score_before", "score_change", "score_label")
    wanted = [figures[name] for name in names if name in figures]
    if len(wanted) < len(names) or any(figure.value is None for figure in wanted):
        return {}
    now, before, change, label = wanted
    of = " of 100" if now.unit == "index" else ""
    return {
        "label": escaped(str(label.value)), "now": written(now, "value") + of,
        "before": written(before, "value") + of, "verdict": VERDICT[change.verdict],
    }  # fmt: skip


def note(function: str, parts: Mapping[str, pd.DataFrame], signed: Signed, staff: int) -> str:
    """A note to the people of one function.

    Parameters
    ----------
    parts
        ``rated``: label, mean, low, high, base, low_end, high_end of the subjects it owns.
        ``customers``: records to customers that its actions carry, with ``is_late``.
        ``proposed``: actions that the plan would fund. ``done``, ``late``, ``open``: records
        said to staff.
    staff
        How many of them answered the staff survey; 0 where that may not be told.
    """
    rated = [
        {
            "label": escaped(str(row["label"])), "base": count(row["base"]),
            **{end: decimal(row[end], 1) for end in ("mean", "low", "high")},
            **{end: decimal(row[end], 0) for end in ("low_end", "high_end")},
        }
        for row in records(parts["rated"])
    ]  # fmt: skip
    return _made(
        "note", function=escaped(function), rated=rated,
        staff=f"{count(staff)} of you" if staff else "",
        customers=_rows(parts["customers"]), proposed=_rows(parts["proposed"]),
        contact=signed.to, signed=signed.by, **_parts(parts),
    )  # fmt: skip


def message(account: Mapping[str, Any], parts: Mapping[str, pd.DataFrame], signed: Signed) -> str:
    """A message to one account.

    Parameters
    ----------
    account
        ``name``, ``owner``, ``answered`` (whether that may be said), ``best`` and ``worst`` (what
        the person rated so, empty where that may not be said), ``interests`` (names).
    parts
        ``cases`` (records of open cases, with ``about`` and ``is_late``), ``done``, ``late``,
        ``open``.
    """
    owner = str(account["owner"] or "")
    return _made(
        "message", account=escaped(str(account["name"])), answered=bool(account["answered"]),
        best=escaped(account["best"]), worst=escaped(account["worst"]),
        interests=_names(account["interests"]), cases=_rows(parts["cases"]),
        contact=escaped(owner) if owner else signed.to,
        signed=escaped(owner) if owner else "[name of the account's owner]", **_parts(parts),
    )  # fmt: skip


def _made(name: str, **values: Any) -> str:  # noqa: ANN401 - what a template takes
    text = TEMPLATES[name].render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _parts(promised: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, Any]]]:
    names = {"finished_ones": "done", "missed_ones": "late", "waiting_ones": "open"}
    return {name: _rows(promised[part]) for name, part in names.items()}


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Records as a template takes them: days in words, texts escaped."""
    if table.empty:
        return []
    return [
        {
            name: _day(value) if name in DAYS else
            value if isinstance(value, bool) else escaped("" if pd.isna(value) else str(value))
            for name, value in row.items()
        }
        for row in records(table)
    ]  # fmt: skip


def _day(value: object) -> str:
    day = pd.Timestamp(value)  # type: ignore[arg-type]
    return "" if pd.isna(day) else in_words(day)


def _names(names: Sequence[str]) -> str:
    return listed([escaped(name) for name in names])


def preview(text: str, called: str) -> Sentence:
    """A letter as the page shows it: a draft, with what is filled in by hand underlined.

    >>> preview("# Hello\\n\\nA *b* <i>.", "The letter").html.count("<i>")
    0
    >>> preview("Dear [name],", "The letter").text
    'Draft, not yet sent\\nDear name,'
    """
    parts, open_list = [f'<p class="draft">{DRAFT}</p>'], False
    for block in blocks(text):
        words = "".join(
            f'<u class="blank">{escape(text)}</u>' if blank else escape(text)
            for text, blank in parted(block.text)
        )
        if (block.kind == "item") != open_list:
            parts.append("</ul>" if open_list else "<ul>")
            open_list = not open_list
        parts.append(f"<{TAGS[block.kind]}>{words}</{TAGS[block.kind]}>")
    inside = "".join([*parts, "</ul>" if open_list else ""])
    html = f'<section class="letter" aria-label="{escape(called, quote=True)}">{inside}</section>'
    said = ["".join(part for part, _ in parted(block.text)) for block in blocks(text)]
    return Sentence(html, "\n".join([DRAFT, *said]))
