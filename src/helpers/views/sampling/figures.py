"""What the sampling chapter may quote of who answered: coverage, response rates, weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from helpers.methods import accounts
from helpers.methods.quality import Quality
from helpers.methods.sampling import Coverage, ResponseRates
from helpers.methods.weighting import Weights
from helpers.methods.weighting.unknown import UNKNOWN
from helpers.results import Figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import moved_unit
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

MEASURES = ("nps", "recommend_mean", "satisfaction_mean", "satisfaction_top", "loyalty_index")
WAYS = ("", "_unweighted", "_own_weight")
TOP = ("top_without", "top_asked", "top_unasked", "top_unnamed")
DECLARED = declare(
    "respondents", "accounts_eligible", "accounts_answered", "account_coverage",
    "decider_coverage", "top_accounts", "response_rate", "response_rate_likely", "eligible_share",
    "response_rate_drawn", "account_response_rate", "weighting_base", "design_effect",
    "weighted_to", "thin_category", "flagged", "flagged_share", "flag", "flag_moves", "repeats",
    "copies", "hasty", "tenth_revenue", "tenth_answered", "straight_lines",
    "straight_by_chance", "unchecked",
    "main", "main_label", "main_from", "main_to", "effective_base", "main_by_accounts",
    "main_by_revenue", "main_without_top", "top_accounts_number", "top_accounts_share",
    "margin_used", "margin_simple", "own_weight_moves", "own_weight_group",
    "own_weight_group_moves", "own_weight_mean", "own_weight_largest", "own_weight_at_largest",
    "our_weight_mean", *(f"{name}{way}" for name, way in product(MEASURES, WAYS)),
    main_unweighted=("moved", "hardly moved"),
    understated=("wider", "alike", "narrower"),
    revenue_coverage=("good", "low"),
    decider_share=("most", "few"),
    thin_factor=("thin", "even"),
    largest_gap=("met", "off"),
    **dict.fromkeys(TOP, ("some", "none")),
)  # fmt: skip
REASONS = {  # why a figure is not there, where its method was run
    "main_unweighted": "the answers are not weighted",
    "response_rate_drawn": "nobody who was drawn was kept out",
}
GOOD_COVERAGE = 0.8  # of revenue: the level that account programmes aim for
LOW_DECIDERS = 0.5  # of revenue: below it, users speak for buyers
THIN = 1.25  # by which the group that answered least is weighted up before it is worth an ask
GAP = 0.005  # share off a margin that is worth a word
SEEN = 9  # decimals of that share: what raking leaves beyond them is rounding


def respondents(responses: pd.DataFrame) -> dict[str, Figure]:
    """How many answered in this wave."""
    n = len(responses)
    return by_name(Figure("respondents", n, unit="count", base=n, label="respondents"))


def coverage(found: Coverage) -> dict[str, Figure]:
    """Accounts and revenue with an answer; counts of the whole list, so without intervals."""
    return by_name(*_of_accounts(found), *_of_revenue(found), *_of_largest(found))


def _of_largest(found: Coverage) -> list[Figure]:
    """What the largest tenth of accounts holds, and how much of that answered, as drawn."""
    along = found.curve["account_share"]
    held, covered = (
        float(np.interp(0.1, along, found.curve[column]))
        for column in ("revenue_share", "covered_share")
    )
    counted = partial(Figure, unit="share", base=found.base, base_unit="accounts")
    told = {"tenth_revenue": held, "tenth_answered": covered / held if held else np.nan}
    labels = {"tenth_revenue": "revenue of the largest tenth of accounts",
              "tenth_answered": "share of that revenue with an answer"}  # fmt: skip
    return [counted(n, share, label=labels[n]) for n, share in told.items() if np.isfinite(share)]


def _of_accounts(found: Coverage) -> list[Figure]:
    counted = partial(Figure, base=found.base, base_unit="accounts")
    rows = {row["measure"]: row for row in records(found.table)}
    answered = rows["answered"]
    share, label = float(answered["account_share"]), "share of accounts with an answer"
    return [
        counted("accounts_eligible", int(rows["eligible"]["accounts"]), unit="count"),
        counted("accounts_answered", int(answered["accounts"]), unit="count"),
        counted("account_coverage", share, unit="share", label=label),
    ]


def _of_revenue(found: Coverage) -> list[Figure]:
    """Shares of revenue, where every account's revenue is known and they may be told."""
    told = found.table.dropna(subset="revenue_share")
    if not {"eligible", "answered"} <= set(told["measure"]):
        return []
    counted = partial(Figure, unit="share", base=found.base, base_unit="accounts")
    shares = {row["measure"]: float(row["revenue_share"]) for row in records(told)}
    answered, deciders = shares["answered"], shares.get("deciders")
    good = "good" if answered >= GOOD_COVERAGE else "low"
    label = "share of revenue with an answer"
    figures = [counted("revenue_coverage", answered, label=label, verdict=good)]
    if deciders is not None:
        label = "share of revenue with a decision maker’s answer"
        figures.append(counted("decider_coverage", deciders, label=label))
    if deciders is not None and answered > 0:
        share = min(deciders / answered, 1.0)
        label = "share of the revenue with an answer that has a decision maker’s"
        verdict = "few" if share < LOW_DECIDERS else "most"
        figures.append(counted("decider_share", share, label=label, verdict=verdict))
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
    groups = (without, without & asked, (without & named) - asked, without - named - asked)
    counted = partial(Figure, unit="count", base=len(largest), base_unit="accounts")
    return by_name(
        counted("top_accounts", len(largest)),
        *(
            counted(name, len(found), verdict="some" if found else "none")
            for name, found in zip(TOP, groups, strict=True)
        ),
    )


def response(rates: ResponseRates, strict: ResponseRates) -> dict[str, Figure]:
    """The response rate, the one that shares out the unknown, and the one that forgives nobody.

    ``strict`` counts people who were kept out as not answering.
    """
    rows = {row["rate"]: row for row in records(rates.table)}
    asked = partial(Figure.from_row, base=rates.base, unit="share", base_unit="people")
    figures = [
        asked("response_rate", rows["rr1"], label="response rate (AAPOR RR1)"),
        asked("response_rate_likely", rows["rr3"], label="response rate (AAPOR RR3)"),
        Figure("eligible_share", rates.eligible_share, unit="share", base=rates.base,
               base_unit="people", label="share of unknown cases taken as eligible"),
    ]  # fmt: skip
    if strict.base > rates.base:
        label = "response rate (AAPOR RR1), those kept out counted as non-respondents"
        drawn = partial(Figure, unit="share", base=strict.base, base_unit="people drawn")
        figures.append(drawn("response_rate_drawn", strict.rr1, label=label))
    return by_name(*figures)


def response_of_accounts(rates: ResponseRates) -> dict[str, Figure]:
    """The share of accounts asked of which somebody answered."""
    (row,) = records(rates.table[rates.table["rate"] == "rr2"])
    label = "share of accounts asked with an answer (AAPOR RR2)"
    asked = partial(Figure.from_row, base=rates.base, unit="share", base_unit="accounts")
    return by_name(asked("account_response_rate", row, label=label))


def weighting(found: Weights, columns: Sequence[str]) -> dict[str, Figure]:
    """What the weights cost in precision, and how near they come to the margins."""
    counted = partial(Figure, base=found.base)
    return by_name(
        *_weighted_up(found.table),
        counted("weighting_base", found.effective_base, unit="count",
                label="effective base of the weights alone (Kish)"),
        counted("design_effect", found.design_effect, unit="ratio",
                label="design effect of the weights (Kish)"),
        *quotable(weighted_to=listed([plain(c) for c in columns])),
        counted("largest_gap", round(found.largest_gap, SEEN), unit="share1",
                label="largest distance from a margin",
                verdict="off" if found.largest_gap > GAP else "met"),
    )  # fmt: skip


def _weighted_up(margins: pd.DataFrame) -> list[Figure]:
    """The category that weighting raises most, and by how much."""
    known = margins[margins["category"].astype(str) != UNKNOWN]
    if known.empty:
        return []
    factors = known["target_share"] / known["before_share"]
    thin = known.iloc[int(factors.argmax())]
    factor = float(factors.max())
    return [
        *quotable(thin_category=plain(thin["category"])),
        Figure("thin_factor", factor, unit="decimal1", base=int(thin["respondents"]),
               label="mean weight of the group that is weighted up most",
               verdict="thin" if factor >= THIN else "even"),
    ]  # fmt: skip


def quality(found: Quality, effects: pd.DataFrame, unit: str) -> dict[str, Figure]:
    """What each kind of check found of those it could judge, and what leaving them out would do."""
    flagged, label = int(found.flags.any(axis=1).sum()), "answers with a flag"
    counted = partial(Figure, base=found.checked, label=label)
    figures = _by_kind(found)
    if found.checked:
        figures += [
            counted("flagged", flagged, unit="count"),
            counted("flagged_share", flagged / found.checked, unit="share1"),
        ]
    left_out = effects.iloc[1:]
    moved = left_out[left_out["dropped"] > 0].dropna(subset=["change"])
    if len(moved):
        largest = moved.iloc[int(moved["change"].abs().to_numpy().argmax())]
        label = "largest change of the leading score by leaving flagged answers out"
        figures += [
            *quotable(flag=str(largest["check"])),
            counted("flag_moves", float(largest["change"]), unit=moved_unit(unit), label=label),
        ]
    return by_name(*figures)


KINDS = {  # of checks: their figure, and what a reader calls it
    "repeat": ("repeats", "repeats of a person"),
    "copy": ("copies", "copies of another response"),
    "answered in haste": ("hasty", "haste"),
    "straight line": ("straight_lines", "straight lines"),
}


def _by_kind(found: Quality) -> list[Figure]:
    """Each kind with its own base, how many are so by chance, and what could not be checked."""
    figures = []
    for row in found.kinds.itertuples():
        name, label = KINDS[str(row.kind)]
        base = int(str(row.base))
        figures.append(Figure(name, int(str(row.found)), unit="count", base=base, label=label))
        expected = float(str(row.expected))
        if name == "straight_lines" and expected == expected:
            chance = "one answer throughout, by chance"
            figures.append(Figure("straight_by_chance", expected, unit="decimal0", label=chance))
    made = set(found.kinds["kind"])
    lacking = {kind: why for kind, _, why in (line.partition(": ") for line in found.skipped)}
    if not any(kind.startswith("straight line") for kind in (*made, *lacking)):
        lacking["straight line"] = ""
    untried = [_untried(kind, why) for kind, why in lacking.items() if kind not in made]
    return [*figures, *(quotable(unchecked=listed(untried)) if untried else ())]


def _untried(kind: str, why: str) -> str:
    """A kind of check that was not made, and what it lacks.

    >>> _untried("answered in haste", "no durations were recorded")
    'haste (no durations were recorded)'
    """
    if kind == "straight line":
        return "straight lines (no block of enough questions on one scale)"
    return f"{KINDS[kind][1]} ({why})"


def gaps(absent: Mapping[str, Sequence[str]]) -> list[str]:
    """Why a column of the list was not weighted to.

    >>> gaps({"tier": ["Key"]})
    ['answers are not weighted to tier: nobody from Key answered']
    """
    return [
        f"answers are not weighted to {plain(name)}: nobody from "
        f"{listed([str(c) for c in categories])} answered"
        for name, categories in absent.items()
    ]


def turned(found: Quality, labels: Mapping[str, str]) -> list[str]:
    """Questions whose scale may be the wrong way round, said as a suspicion."""
    return [
        f"{labels.get(name, name)} runs against the questions beside it: its scale may be turned"
        for name in found.turned
    ]


def once(counted: str, *, weighted: bool) -> str:
    """Who counts once in the scores of this chapter.

    >>> once("accounts", weighted=True)
    'weighted, each account of the list counts once'
    """
    if not weighted:
        return "answers count as they came"
    who = "account of the list" if counted == "accounts" else "eligible contact of the list"
    return f"weighted, each {who} counts once"
