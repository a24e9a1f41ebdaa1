"""Which numbers of an export are metrics: days, counts and amounts by their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.study.drafting.export import Item
from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.wordings import words
from helpers.study.measured import AMOUNT

__all__ = ["NO_MEASURE", "Measure", "find_metric"]

FEWEST = 5  # different values; fewer are codes of groups
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
CODES = re.compile(r"[$€£]|\b(?:USD|EUR|GBP|CHF)\b")
NOT = words(r"age\b", r"alter\b", r"born", r"year of", r"zip", r"post ?code", r"plz", r"phone",
            r"id\b", r"number$", r"nummer", r"code\b", r"rank", r"score", r"index\b",
            r"weight")  # fmt: skip
BAD = words(r"complain", r"error", r"incident", r"claim", r"failure", r"defect", r"return(s|ed)",
            r"delay", r"late\b", r"outage", r"cancel", r"cost", r"fees?\b", r"price", r"wait",
            r"beschwerde", r"reklamation", r"fehler", r"kosten", r"ausf[aä]ll", r"storn",
            r"réclamation", r"plainte", r"queja", r"reclamo")  # fmt: skip
MONEY = words(r"spen[dt]", r"revenue", r"sales\b", r"turnover", r"amount", r"invoiced?", r"umsatz",
              r"betrag", r"montant", r"chiffre d.affaires", r"importe", r"gasto", r"costs?\b",
              r"fees?\b")  # fmt: skip
TIMES = (
    ("days", words(r"(working |business )?days?\b", r"(arbeits)?tage\b", r"jours\b", r"días\b")),
    ("hours", words(r"hours?\b", r"stunden\b", r"heures\b", r"horas\b")),
    ("minutes", words(r"minutes?\b", r"minuten\b", r"minutos\b")),
)
COUNTS = words(r"number of", r"how many", r"count\b", r"visits?\b", r"orders\b", r"calls\b",
               r"contacts\b", r"complaints\b", r"claims\b", r"errors\b", r"incidents\b",
               r"deliveries\b", r"anzahl", r"wie viele", r"nombre de", r"combien", r"número de",
               r"cuánt[ao]s")  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """What a metric seems to count, and which way is better; every guess to be confirmed."""

    role: Guess = NOTHING
    unit: Guess = NOTHING
    direction: Guess = NOTHING


NO_MEASURE = Measure()


def find_metric(item: Item) -> Measure | None:
    """Whether a column of numbers is a metric by its words.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.Series([str(n) for n in range(1, 40)])
    >>> found = find_metric(Item("delivery_days", "", {}, days))
    >>> str(found.role), str(found.unit), str(found.direction)
    ('metric?', 'days?', 'lower?')
    >>> find_metric(Item("age", "", {}, days)) is None
    True
    """
    if not item.numeric or item.labels or len(item.numbers) < FEWEST:
        return None
    said = f"{re.sub(r'[_.]+', ' ', item.name)} {item.text}".strip()
    if NOT.search(said):
        return None
    unit, why = _unit(said)
    if not unit:
        return None
    lower = unit in {name for name, _ in TIMES} or bool(BAD.search(said))
    way = "less of it is better, as it seems" if lower else "more of it is better, as it seems"
    return Measure(
        Guess("metric", False, why),
        Guess(unit, False, why),
        Guess("lower" if lower else "higher", False, way),
    )


def _unit(said: str) -> tuple[str, str]:
    for unit, pattern in TIMES:
        if found := pattern.search(said):
            return unit, f"it says {found[0].strip()!r}"
    if sign := CODES.search(said):
        return SIGNS.get(sign[0], sign[0]), f"it says {sign[0]!r}"
    if found := COUNTS.search(said):
        return "count", f"it says {found[0].strip()!r}"
    if found := MONEY.search(said):
        return AMOUNT, f"it says {found[0].strip()!r}"
    return "", ""
