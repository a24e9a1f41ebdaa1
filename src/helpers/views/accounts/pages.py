"""An account's own page: everything that is known of it, on one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined

from helpers.methods.value_map.service import SPONSORED
from helpers.views.accounts.cells import (
    LATER,
    address,
    bar,
    day,
    number_of,
    segment_word,
    span_of,
    worth,
)
from helpers.views.accounts.template import PAGE
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import decimal
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed as in_words

__all__ = ["AccountPage", "account_pages", "paged"]

PARTS = (
    "people", "drivers", "history", "tickets", "promises", "quotes", "leads", "waiting", "steps",
)  # fmt: skip
ROLES = ("decision_maker", "influencer", "user", "admin")  # as on the page, the most senior first
PEOPLE, LEADS, QUOTES, LONGEST = 12, 4, 3, 280  # shown of an account; characters of a quote
FOUND_BY = ("name", "account_id", "owner")  # by a search
MONEY = ("revenue", "at_risk", "risk_low", "risk_high", "linked")
WIDE, HIGH = 220, 28  # of the line of revenue
TEMPLATE = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string(PAGE)
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page: where it lies, what it is called, and what stands on it."""

    file: str
    title: str
    article: str


def paged(table: pd.DataFrame, *, share: float, most: int) -> list[str]:
    """The accounts that have a page: those with at least a share of all revenue, the largest first.

    Where no revenue is known, the first accounts of the list.

    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "revenue": [1.0, 99.0]})
    >>> paged(listed, share=0.05, most=10)
    ['b']
    """
    if table["revenue"].notna().any():
        large = table[table["revenue"] >= share * table["revenue"].sum()]
        table = large.sort_values(["revenue", "account_id"], ascending=[False, True])
    return table["account_id"].head(most).tolist()


def account_pages(
    tables: Tables, *, currency: str, as_of: str, on: pd.Timestamp
) -> Iterator[AccountPage]:
    """The pages of all accounts that have one, from what the chapters handed on.

    Parameters
    ----------
    tables
        ``accounts`` and ``pages`` (the accounts that have one), and, where there are any,
        ``people``, ``drivers``, ``history``, ``tickets``, ``promises``, ``quotes``; of the leads
        chapter ``leads`` (to be called about) and ``waiting`` (after recovery), both of people
        who agreed to offers alone; ``steps``, as `account_list.next_actions` gives them.
    as_of, on
        The day of the data in words, and as a day: how long a case is overdue counts from it.
    """
    listed = tables["accounts"].set_index("account_id", drop=False)
    parts = {name: _by_account(tables[name]) if name in tables else {} for name in PARTS}
    for account in tables["pages"]["account_id"]:
        own = {name: by.get(account, []) for name, by in parts.items()}
        row = listed.loc[account].to_dict()
        yield _page(row, own, currency, as_of, on)


def _by_account(table: pd.DataFrame) -> dict[object, list[Any]]:
    """The rows of each account, in the table's order."""
    rows = defaultdict[object, list[Any]](list)
    for row in records(table):
        rows[row["account_id"]].append(row)
    return dict(rows)


def _page(
    row: dict[str, Any], own: dict[str, list[Any]], currency: str, as_of: str, on: pd.Timestamp
) -> AccountPage:
    name = str(row["name"])
    article = TEMPLATE.render(
        row={key: _known(value) for key, value in row.items()},
        words=" ".join(str(row[key]) for key in FOUND_BY if _known(row[key])),
        as_of=as_of,
        contract_end=day(row["contract_end"]),
        steps=[_step(one) for one in own["steps"]] or [{"what": row["action"], "who": ""}],
        loyalty=_loyalty(row),
        segment_word=segment_word(row),
        money={key: worth(row[key], currency) for key in MONEY},
        unsponsored=row["cell"] in SPONSORED and not _known(row["sponsor"]),
        parts=_parts(row),
        people=_people(own["people"]),
        drivers=[_driver(one) for one in own["drivers"]],
        revenue=_line(own["history"], currency),
        tickets=[_case(one, "step", on) for one in own["tickets"]],
        promises=[_case(one, "what", on) for one in own["promises"]],
        leads=_leads(own["leads"], currency),
        waiting=_waiting(own["waiting"]),
        quotes=[_quote(one) for one in own["quotes"][:QUOTES]],
    )
    return AccountPage(address(str(row["account_id"])), name, article)


def _known(value: object) -> object:
    """A value, or an empty text where there is none."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _loyalty(row: dict[str, Any]) -> dict[str, object]:
    if pd.isna(row["loyalty"]):
        return {}
    return {
        "value": decimal(row["loyalty"], 0),
        "span": span_of(max(row["low"], 0.0), min(row["high"], 100.0)),
        "bar": bar(row["loyalty"], row["low"], row["high"]),
    }


STEPS = {  # how an action names what it is about
    "case": "{action} ({about})", "promise": "{action}: {about}", "lead": "{action} about {about}",
    "driver": "{action} in {about}, rated lower here than elsewhere",
}  # fmt: skip


def _step(row: dict[str, Any]) -> dict[str, str]:
    """One action, with who does it by when."""
    about = str(_known(row["about"]))
    about = plain(about) if row["kind"] == "case" else about
    text = STEPS.get(row["kind"], "{action}") if about else "{action}"
    when = f"by {day(row['due'])}" if pd.notna(row["due"]) else LATER
    return {"what": text.format(action=row["action"], about=about),
            "who": f"{_known(row['who'])}, {when}"}  # fmt: skip


def _parts(row: dict[str, Any]) -> list[tuple[str, str]]:
    names = ("payoff", "potential", "partnership")
    return [(n.capitalize(), decimal(row[n], 0)) for n in names if n in row and pd.notna(row[n])]


def _people(rows: list[dict[str, Any]]) -> dict[str, object]:
    """People by role; who did not answer, or may not be named, has a question mark."""
    order = {role: place for place, role in enumerate(ROLES)}
    ranked = sorted(rows, key=lambda r: (order.get(r["role"], len(order)), pd.isna(r["score"])))
    told = [
        {
            "role": plain(_known(one["role"]) or "contact"),
            "function": _known(one["function"]),
            "score": "" if pd.isna(one["score"]) else decimal(one["score"], 0),
        }
        for one in ranked
    ]
    return {"rows": told[:PEOPLE], "more": max(0, len(told) - PEOPLE)}


def _driver(row: dict[str, Any]) -> dict[str, object]:
    low, high = row["scale_min"], row["scale_max"]
    shifted = (x - low for x in (row["value"], row["low"], row["high"]))
    peer = row["peers"] - low
    return {
        "label": _known(row["label"]),
        "value": decimal(row["value"], 1),
        "span": span_of(max(row["low"], low), min(row["high"], high), 1),
        "peers": "" if pd.isna(peer) else decimal(row["peers"], 1),
        "bar": bar(*shifted, top=high - low, peer=peer),
    }


def _line(rows: list[dict[str, Any]], currency: str) -> dict[str, object]:
    """Revenue before each wave as a small line, and in words."""
    values = [float(one["revenue"]) for one in rows]
    if not values:
        return {}
    top, last = max(*values, 1.0), max(len(values) - 1, 1)
    points = [(WIDE * i / last, HIGH - (HIGH - 4) * max(v, 0) / top) for i, v in enumerate(values)]
    told = [(str(one["wave"]), worth(one["revenue"], currency)) for one in rows]
    return {
        "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        "dots": [(f"{x:.1f}", f"{y:.1f}") for x, y in points],
        "told": told, "wide": WIDE, "high": HIGH,
    }  # fmt: skip


def _case(row: dict[str, Any], what: str, on: pd.Timestamp) -> dict[str, object]:
    """An open case or promise with its clock: the day it was promised for, and how late it is."""
    late = (on.normalize() - row["due"]).days if row["late"] else 0
    return {
        "what": _known(row[what]),
        "about": plain(_known(row.get("about")) or ""),
        "since": day(row["since"]),
        "due": day(row["due"]),
        "late": number_of(late, "day") if late else "",
        "rests": day(row.get("rests")),
        "owner": _known(row.get("owner")),
    }


def _leads(rows: list[dict[str, Any]], currency: str) -> dict[str, object]:
    """What the account may want, the most expected money first, and whom to call about it."""
    told = [
        {
            "about": _known(one["product"]),
            "money": worth(one["money"], currency) if currency else "",
            "span": " to ".join(worth(one[end], currency) for end in ("low", "high")),
            "why": _known(one["short"]),
        }
        for one in rows
    ]
    whom = _known(rows[0]["role"]) if rows else ""
    return {"rows": told[:LEADS], "more": max(0, len(told) - LEADS), "whom": whom}


def _waiting(rows: list[dict[str, Any]]) -> str:
    """What nobody is to be called about before things are put right."""
    names = list(dict.fromkeys(str(_known(one["product"])) for one in rows))
    more = [number_of(len(names) - LEADS, "more", "more")] if len(names) > LEADS else []
    return in_words([*names[:LEADS], *more])


def _quote(row: dict[str, Any]) -> dict[str, object]:
    text = str(_known(row["text"]))
    short = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return {"text": short, "role": plain(_known(row["role"]) or "contact")}
