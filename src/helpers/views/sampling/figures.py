"""What the sampling chapter may quote of whom it heard: coverage, response rates, weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from helpers.methods import accounts
from helpers.methods.quality import Quality, reconcile
from helpers.methods.sampling import Coverage, ResponseRates
from helpers.methods.weighting import Weights
from helpers.methods.weighting.unknown import UNKNOWN
from helpers.results import Figure
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.numerals import formatter, moved_unit
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

__all__ = [
    "RATES",
    "cells",
    "coverage",
    "coverage_rows",
    "ending_rows",
    "gaps",
    "group_rows",
    "largest_without",
    "lowest_title",
    "once",
    "quality",
    "quality_rows",
    "rate_rows",
    "respondents",
    "response",
    "response_of_accounts",
    "row_steps",
    "turned",
    "weighting",
]

RATES = ["rate", "low", "high", "rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "eligible_share"]
THIN = 1.25  # by which the least heard group is weighted up before it is worth an ask
GAP = 0.005  # share off a margin that is worth a word
ROWS = {
    "eligible": "In the list",
    "invited": "Asked",
    "answered": "Answered",
    "deciders": "Answered by a decision maker",
}


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def respondents(responses: pd.DataFrame) -> dict[str, Figure]:
    """How many answered in this wave."""
    n = len(responses)
    return _named(Figure("respondents", n, unit="count", base=n, label="respondents"))


def coverage(found: Coverage) -> dict[str, Figure]:
    """Accounts and revenue that were heard; counts of the whole list, so without intervals."""
    return _named(*_accounts_heard(found), *_revenue_heard(found))


def _accounts_heard(found: Coverage) -> list[Figure]:
    counted = partial(Figure, base=found.base, base_unit="accounts")
    rows = {row["measure"]: row for row in records(found.table)}
    answered = rows["answered"]
    share, label = float(answered["account_share"]), "share of accounts with an answer"
    return [
        counted("accounts_eligible", int(rows["eligible"]["accounts"]), unit="count"),
        counted("accounts_answered", int(answered["accounts"]), unit="count"),
        counted("account_coverage", share, unit="share", label=label),
    ]


def _revenue_heard(found: Coverage) -> list[Figure]:
    """Shares of revenue, where every account's revenue is known and they may be told."""
    told = found.table.dropna(subset="revenue_share")
    if not {"eligible", "answered"} <= set(told["measure"]):
        return []
    counted = partial(Figure, unit="share", base=found.base, base_unit="accounts")
    shares = {row["measure"]: float(row["revenue_share"]) for row in records(told)}
    heard, label = shares["answered"], "share of revenue with an answer"
    figures = [counted("revenue_coverage", heard, label=label)]
    if "deciders" in shares:
        deciding, label = shares["deciders"], "share of revenue with a decision maker"
        figures.append(counted("decider_coverage", deciding, label=label))
        if heard > 0:
            share, label = deciding / heard, "share of the revenue heard with a decision maker"
            figures.append(counted("decider_heard", min(share, 1.0), label=label))
    return figures


def largest_without(
    listed_accounts: pd.DataFrame,
    invitations: pd.DataFrame,
    deciders: pd.Series | None,
    contacts: pd.DataFrame,
    top: int,
) -> dict[str, Figure]:
    """The largest accounts without a decision maker's answer, by what would have to be done.

    Parameters
    ----------
    listed_accounts
        ``account_id`` and ``revenue``.
    invitations
        Of the wave, with ``role``.
    deciders
        Accounts from which a decision maker answered.
    contacts
        The list, with ``role``.
    top
        How many of the largest accounts.
    """
    if deciders is None:
        return {}
    largest = listed_accounts.nlargest(top, "revenue")["account_id"]
    without = set(largest) - set(deciders.dropna())
    asked = set(accounts.asked(invitations[invitations["role"] == "decision_maker"]))
    named = set(contacts.loc[contacts["role"] == "decision_maker", "account_id"])
    groups = {
        "silent_top": without,
        "silent_asked": without & asked,
        "silent_unasked": (without & named) - asked,
        "silent_unnamed": without - named - asked,
    }
    counted = partial(Figure, unit="count", base=len(largest), base_unit="accounts")
    figures = [counted(name, len(found)) for name, found in groups.items() if found]
    return _named(*figures, counted("top_accounts", len(largest)))


def coverage_rows(found: Coverage) -> pd.DataFrame:
    """The coverage table with its rows named as a reader would."""
    return found.table.assign(measure=found.table["measure"].map(ROWS))


def response(rates: ResponseRates, strict: ResponseRates) -> dict[str, Figure]:
    """The response rate, the one that shares out the unknown, and the one that forgives nobody.

    ``strict`` counts people who were kept out as not answering.
    """
    counted = partial(Figure, unit="share", base=rates.base, base_unit="people")
    rows = {row["rate"]: row for row in records(rates.table)}
    figures = []
    for name, rate, label in (
        ("response_rate", "rr1", "response rate (AAPOR RR1)"),
        ("response_rate_likely", "rr3", "response rate (AAPOR RR3)"),
    ):
        value, low, high = (float(rows[rate][part]) for part in ("value", "low", "high"))
        figures.append(counted(name, value, low, high, label=label))
    label = "share of unknown cases taken as eligible"
    figures.append(counted("eligible_share", rates.eligible_share, label=label))
    if strict.base > rates.base:
        label = "response rate (AAPOR RR1), those kept out counted as silent"
        drawn = partial(Figure, unit="share", base=strict.base, base_unit="people drawn")
        figures.append(drawn("response_rate_drawn", strict.rr1, label=label))
    return _named(*figures)


def ending_rows(rates: ResponseRates) -> pd.DataFrame:
    """How every case ended, in plain words."""
    table = rates.counts
    kept_out = table["disposition"].isin(("quarantined", "excluded"))
    letter = table["letter"].where(~kept_out, "not asked; U in the strictest rate")
    ending = table["disposition"].str.replace("noncontact", "not reached")
    return table.assign(ending=ending.replace("breakoff", "broken off"), counted=letter)


def response_of_accounts(rates: ResponseRates) -> dict[str, Figure]:
    """The share of accounts asked of which somebody answered."""
    row = next(row for row in records(rates.table) if row["rate"] == "rr2")
    return _named(
        Figure(
            "account_response_rate", float(row["value"]), float(row["low"]), float(row["high"]),
            unit="share", base=rates.base, base_unit="accounts",
            label="share of accounts asked with an answer (AAPOR RR2)",
        )
    )  # fmt: skip


def rate_rows(people: ResponseRates, companies: ResponseRates) -> pd.DataFrame:
    """The standard rates of people, and of accounts beside them."""
    columns = ["rate", "value", "low", "high"]
    both = people.table.merge(companies.table[columns], on="rate", suffixes=("", "_accounts"))
    return both.assign(rate=both["rate"].str.replace("rr", "RR"))


def group_rows(*tables: pd.DataFrame) -> pd.DataFrame:
    """Rates by group, one table after the other, each row named with its grouping.

    >>> group_rows(pd.DataFrame({"grouping": ["role"], "group": ["decision_maker"]}))["name"][0]
    'Role: decision maker'
    """
    groups = pd.concat(tables, ignore_index=True)
    pairs = zip(groups["grouping"], groups["group"], strict=True)
    return groups.assign(name=[of_group(column, category) for column, category in pairs])


def weighting(found: Weights, columns: Sequence[str]) -> dict[str, Figure]:
    """What the weights cost in precision, and how near they come to the margins."""
    counted = partial(Figure, base=found.base)
    figures = [
        *_least_heard(found.table),
        counted(
            "weighting_base",
            found.effective_base,
            unit="count",
            label="effective base of the weights alone (Kish)",
        ),
        counted(
            "design_effect",
            found.design_effect,
            unit="ratio",
            label="design effect of the weights (Kish)",
        ),
        *quotable(weighted_to=listed([plain(c) for c in columns])),
    ]
    if found.largest_gap > GAP:
        label = "largest distance from a margin"
        figures.append(counted("largest_gap", found.largest_gap, unit="share1", label=label))
    return _named(*figures)


def _least_heard(margins: pd.DataFrame) -> list[Figure]:
    """The category that weighting raises most, and by how much."""
    known = margins[margins["category"].astype(str) != UNKNOWN]
    factors = known["target_share"] / known["before_share"]
    if known.empty or factors.max() < THIN:
        return []
    thin = known.iloc[int(factors.argmax())]
    return [
        *quotable(thin_category=str(thin["category"])),
        Figure(
            "thin_factor",
            float(thin["target_share"] / thin["before_share"]),
            unit="decimal1",
            base=int(thin["respondents"]),
            label="weight of the least heard group",
        ),
    ]


def lowest_title(groups: pd.DataFrame) -> str:
    """Name the group that answered least, where its interval clears the next.

    >>> groups = pd.DataFrame({"group": ["user", "buyer"], "rate": [0.6, 0.3],
    ...                        "low": [0.55, 0.25], "high": [0.65, 0.35]})
    >>> lowest_title(groups)
    'Answers come least from buyer: 30%'
    """
    known = groups.dropna(subset=["rate"]).sort_values("rate")
    if len(known) > 1 and known["high"].iloc[0] < known["low"].iloc[1]:
        first = known.iloc[0]
        name = plain(first["group"])
        return f"Answers come least from {name}: {formatter('share')(first['rate'])}"
    return "No group answers clearly less than the others"


def gaps(absent: Mapping[str, Sequence[str]]) -> list[str]:
    """Why a column of the list was not weighted to.

    >>> gaps({"tier": ["Key"]})
    ['answers are not weighted to tier: nobody from Key answered']
    """
    return [
        f"answers are not weighted to {name.replace('_', ' ')}: nobody from "
        f"{listed([str(c) for c in categories])} answered"
        for name, categories in absent.items()
    ]


def quality(found: Quality, effects: pd.DataFrame, unit: str) -> dict[str, Figure]:
    """How many answers are flagged, and the most that leaving a kind of them out would do."""
    flagged = int(found.flags.any(axis=1).sum())
    counted = partial(Figure, base=found.base)
    figures = [
        counted("flagged", flagged, unit="count", label="answers with a flag"),
        counted("flagged_share", flagged / found.base, unit="share1", label="answers with a flag"),
    ]
    moved = effects.iloc[1:].dropna(subset=["change"])
    if len(moved):
        largest = moved.iloc[int(moved["change"].abs().to_numpy().argmax())]
        label = "largest change of the leading score by leaving flagged answers out"
        figures += [
            *quotable(flag=str(largest["check"])),
            counted("flag_moves", float(largest["change"]), unit=moved_unit(unit), label=label),
        ]
    return _named(*figures)


def quality_rows(found: Quality, effects: pd.DataFrame) -> pd.DataFrame:
    """Each check with what it found and what leaving those answers out would do."""
    return found.table.merge(effects[["check", "value", "change"]], on="check", how="left")


def row_steps(
    counts: pd.DataFrame, everyone: pd.DataFrame, wave: str, leading: pd.Series, base: int
) -> pd.DataFrame:
    """Every response accounted for, from the file to the base of the leading score.

    Parameters
    ----------
    counts
        ``table``, ``rows_in`` and ``rows_out`` of each table that was read.
    everyone, wave
        Responses of all waves, and the wave that is reported.
    leading, base
        The wave's answers to the leading score, and the base that the page quotes for it.
    """
    read = counts[counts["table"] == "responses"]
    here = everyone[everyone["wave"] == wave]
    steps = reconcile(
        ("rows in the file", int(read["rows_in"].sum())),
        ("read", len(everyone), "set aside in reading; the run card says why"),
        (f"of wave {wave}", len(here), "of other waves"),
        ("answered the leading question", int(leading.notna().sum()), "left that question out"),
        expected=base,
    )
    return steps.assign(reason=steps["reason"].where(steps["dropped"] > 0, ""))


def cells(responses: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The cell of each respondent: the categories of the columns weighted to, together.

    >>> cells(pd.DataFrame({"tier": ["Key"], "role": [None]}), ["tier", "role"]).tolist()
    ['Key, not known']
    """
    named = responses[list(columns)].astype(object)
    texts = named.where(named.notna(), UNKNOWN).astype(str).apply(", ".join, axis=1)
    return texts.map(plain).rename("cell")


def once(counted: str, *, weighted: bool) -> str:
    """Who counts once in the scores of this chapter.

    >>> once("accounts", weighted=True)
    'weighted, each account of the list counts once'
    """
    if not weighted:
        return "answers count as they came"
    who = "account of the list" if counted == "accounts" else "eligible contact of the list"
    return f"weighted, each {who} counts once"


def turned(found: Quality, labels: Mapping[str, str]) -> list[str]:
    """Questions whose scale may be the wrong way round, said as a suspicion."""
    return [
        f"{labels.get(name, name)} runs against the questions beside it: its scale may be turned"
        for name in found.turned
    ]
