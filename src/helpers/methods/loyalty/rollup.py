"""From people to accounts: four rules, what they agree on, and how sure an account's score is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.loyalty.account_chances import account_membership
from helpers.methods.loyalty.account_rules import (
    ROLE_WEIGHTS,
    RULES,
    SENIORITY,
    agreement,
    by_rule,
    rule_shares,
)
from helpers.methods.loyalty.membership import Membership
from helpers.methods.loyalty.money_shown import marked, shown_shares, withheld_rules
from helpers.methods.loyalty.segment_shares import segment_shares
from helpers.methods.loyalty.segments import CUTS, KEYS, SEGMENTS, enough, segments
from helpers.methods.loyalty.shrinkage import AccountScores, account_scores
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import Estimate

__all__ = ["ROLE_WEIGHTS", "RULES", "SENIORITY", "RollUp", "roll_up"]

LIKELY = 0.6  # chance from which an account is called by its most likely segment: small clients'
# chances are said a little too high, and of those called so over half truly are it
DECIDER = SENIORITY[0]


@dataclass(frozen=True)
class RollUp:
    """Each account under every rule, and how far the rules agree.

    ``table`` has a row for each account: ``account_id``, ``respondents``, ``deciders``,
    ``segment_<rule>`` and ``score_<rule>`` (0-100) for each rule, ``differs`` (whether the rules
    disagree on its segment), ``shrunken`` with ``low`` and ``high`` (its mean loyalty drawn
    toward that of all accounts), ``decider_low`` (a decision maker is High Risk while the
    account's mean is not), and the chance of each segment (missing where colleagues are too
    few to tell). ``agreement`` has a row for each pair of rules, of accounts with two or more
    respondents: ``rule``, ``other``, ``same`` (share of accounts in one segment),
    ``rank_correlation``, ``low``, ``high``, ``base``. ``shares`` has ``rule``, ``segment``,
    ``accounts``, ``value`` (share of accounts), ``revenue`` (share of revenue) and ``withheld``
    (whether that may not be told). ``segment_shares`` has how accounts and their revenue divide, as
    the function of that name gives it: by chances where accounts have any, else by the mean of
    their people, and the range over all rules beside it.
    """

    table: pd.DataFrame
    agreement: pd.DataFrame
    shares: pd.DataFrame
    scores: AccountScores
    gap: Estimate | None  # deciders less their colleagues, points of loyalty, within accounts
    base: int  # accounts
    people: int
    segment_shares: pd.DataFrame
    revenue: float = 0.0  # of the accounts rolled up
    hanging: float = float("nan")  # share of it in accounts whose segment depends on the rule
    unplaced: str = ""  # why accounts have no chances
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if int(self.table["respondents"].sum()) != self.people:
            raise ValueError("accounts hold another number of people than answered")
        if not np.allclose(self.shares.groupby("rule")["value"].sum(), 1):
            raise ValueError("shares of a rule do not add up to 1")

    @property
    def beside_mean(self) -> tuple[int, int, int]:
        """Accounts whose interval lies below the mean of all, above it, and about it."""
        table = self.table.dropna(subset=["low", "high"])
        middle = table["shrunken"].mean()
        below, above = int((table["high"] < middle).sum()), int((table["low"] > middle).sum())
        return below, above, len(table) - below - above

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that these data can feed."""
        return tuple(self.shares["rule"].unique())

    @property
    def changed(self) -> int:
        """Accounts whose segment depends on the rule."""
        return int(self.table["differs"].sum())

    @property
    def several(self) -> int:
        """Accounts with two or more respondents: in the others all rules say the same."""
        return int((self.table["respondents"] > 1).sum())

    @property
    def apart(self) -> int:
        """Accounts whose loyalty is statistically distinguishable from the mean of all."""
        below, above, _ = self.beside_mean
        return below + above

    @property
    def gap_verdict(self) -> str:
        """Whether decision makers score ``lower`` or ``higher`` than their colleagues."""
        if self.gap is None or self.gap.low <= 0 <= self.gap.high:
            return "not clear"
        return "higher" if self.gap.low > 0 else "lower"

    @property
    def likely(self) -> pd.DataFrame:
        """Each account's most likely true ``segment`` and its ``chance``, indexed as ``table``.

        Both are missing where colleagues are too few to tell.
        """
        chances = self.table[list(KEYS.values())].rename(columns={k: n for n, k in KEYS.items()})
        known = chances.dropna()
        found = pd.DataFrame({"segment": known.idxmax(axis=1), "chance": known.max(axis=1)})
        return found.reindex(self.table.index)

    @property
    def singled_out(self) -> pd.DataFrame:
        """Accounts more likely than not in one segment that is not loyal, indexed as ``table``.

        ``account_id``, ``segment`` (the most likely one) and its ``chance``, at least 0.6. None
        where no account's loyalty is statistically distinguishable from the mean of all.
        """
        known = self.likely.dropna() if self.apart else self.likely.iloc[:0]
        found = known[(known["segment"] != SEGMENTS[0]) & (known["chance"] >= LIKELY)]
        return found.assign(account_id=self.table.loc[found.index, "account_id"])


def roll_up(
    attitude: ArrayLike,
    behaviour: ArrayLike,
    accounts: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    roles: ArrayLike | None = None,
    revenue: pd.Series | None = None,
    cuts: tuple[float, float] = CUTS,
    role_weights: Sequence[float] = ROLE_WEIGHTS,
    unjudged: str = "",
    smallest: int = 0,
    apart: int = 0,
    confidence: float = 0.95,
) -> RollUp:
    """Roll people up to accounts by each rule, with what each account's few people leave open.

    Parameters
    ----------
    attitude, behaviour
        Scores of each person, 0-100; people without both, or without an account, are left out.
    accounts
        The account of each person.
    design
        That of the respondents: their weights count within accounts, for the shrunken scores.
    roles
        ``decision_maker``, ``influencer``, ``user`` or ``admin``; another or none ranks last.
        Without roles two rules are left.
    revenue
        Revenue by account.
    cuts
        As for `matrix`.
    role_weights
        How much a person of each role counts in the last rule, the most senior first.
    unjudged
        Why the two sides cannot be relied on, where they cannot: then no account is placed.
    smallest
        Fewest people with both scores and an account.
    apart
        Fewest accounts whose revenue may be told, and fewest by which two groups of accounts
        whose revenue is told may differ.

    Raises
    ------
    NotEstimable
        If fewer people than ``smallest`` or fewer than two accounts answered.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, 3.6 (shrinkage); Bonett and
    Wright (2000), Psychometrika 65 (interval of a rank correlation).

    Examples
    --------
    >>> found = roll_up([90, 40, 80, 85], [90, 80, 80, 90], list("aabb"),
    ...                 roles=["user", "decision_maker", "user", "user"])
    >>> found.table[["account_id", "segment_account_mean", "segment_most_senior"]].values.tolist()
    [['a', 'Trapped', 'Trapped'], ['b', 'Truly Loyal', 'Truly Loyal']]
    >>> found.changed
    0
    """
    people = _people(attitude, behaviour, accounts, roles, design, cuts)
    enough(len(people), smallest)
    if people["account_id"].nunique() < 2:
        raise NotEstimable(
            f"{people['account_id'].nunique()} account answered; a roll-up compares at least two"
        )
    rules = list(RULES) if people["role"].notna().any() else list(RULES)[:2]
    scores = account_scores(
        people["loyalty"],
        people["account_id"],
        SurveyDesign(people["weight"]),
        confidence=confidence,
    )
    each = {rule: by_rule(rule, people, cuts, role_weights) for rule in rules}
    table = _table(people, each, scores)
    placed, unplaced = _chances(people, revenue, cuts, unjudged, confidence)
    table = table.join(_columns(placed, people), on="account_id")
    return RollUp(
        table=table,
        agreement=agreement(table, rules, confidence),
        scores=scores,
        gap=_gap(people, confidence),
        base=len(table),
        people=len(people),
        unplaced=unplaced,
        notes=(*scores.notes, *_unplaced_note(unplaced), *_role_notes(people)),
        **_divided(table, rules, placed, revenue, apart, confidence),
    )


def _divided(
    table: pd.DataFrame,
    rules: Sequence[str],
    placed: Membership | None,
    revenue: pd.Series | None,
    apart: int,
    confidence: float,
) -> dict[str, Any]:
    """How accounts and their revenue divide, as far as it may be told."""
    money = _money(table, revenue)
    away = withheld_rules(table, rules, apart)
    shares = marked(rule_shares(table, rules, revenue), away)
    divided = segment_shares(table, shares, placed, money, confidence=confidence)
    told = money.sum() > 0 and not away.get(("differs", "True"), False)
    return {
        "shares": disclosure.withhold(shares, shares["withheld"].to_numpy(), ["revenue"]),
        "segment_shares": shown_shares(divided, shares, apart),
        "revenue": float(money.sum()),
        "hanging": float(money[table["differs"]].sum() / money.sum()) if told else np.nan,
    }


def _people(
    attitude: ArrayLike, behaviour: ArrayLike, accounts: ArrayLike, roles: ArrayLike | None,
    design: SurveyDesign | None, cuts: tuple[float, float],
) -> pd.DataFrame:  # fmt: skip
    whole = SurveyDesign() if design is None else design
    likes = whole.answers(attitude, "attitude")
    stays = column(aligned(behaviour, likes, "behaviour"), "behaviour")
    people = pd.DataFrame(
        {
            "account_id": aligned(accounts, likes, "accounts"),
            "attitude": likes,
            "behaviour": stays,
            "loyalty": (likes + stays) / 2,
            "segment": segments(likes, stays, cuts=cuts),
            "role": None if roles is None else aligned(roles, likes, "roles"),
            "weight": whole.weights_for(likes),
        }
    )
    known = people[["account_id", "attitude", "behaviour"]].notna().all(axis=1)
    ranks = {role: place for place, role in enumerate(SENIORITY)}
    return people[known].assign(rank=people["role"].map(ranks).fillna(len(SENIORITY)).astype(int))


def _table(
    people: pd.DataFrame, each: dict[str, pd.DataFrame], scores: AccountScores
) -> pd.DataFrame:
    grouped = people.groupby("account_id", observed=True, sort=True)
    deciders = people["role"] == DECIDER
    low = deciders & (people["segment"] == SEGMENTS[3])
    table = pd.DataFrame(
        {
            "respondents": grouped.size(),
            "deciders": deciders.groupby(people["account_id"], observed=True).sum(),
        }
    )
    for rule, found in each.items():
        table[f"segment_{rule}"] = found["segment"]
        table[f"score_{rule}"] = found["score"]
    named = table[[f"segment_{rule}" for rule in each]]
    some_low = low.groupby(people["account_id"], observed=True).any()
    shrunken = scores.table.set_index("account_id")[["shrunk", "low", "high"]]
    return (
        table.assign(
            differs=named.ne(named.iloc[:, 0], axis=0).any(axis=1),
            decider_low=some_low & (table["segment_account_mean"] != SEGMENTS[3]),
        )
        .join(shrunken.rename(columns={"shrunk": "shrunken"}))
        .rename_axis("account_id")
        .reset_index()
    )


def _chances(
    people: pd.DataFrame,
    revenue: pd.Series | None,
    cuts: tuple[float, float],
    unjudged: str,
    confidence: float,
) -> tuple[Membership | None, str]:
    """Chance of each segment for each account, or why there is none."""
    if unjudged:
        return None, unjudged
    try:
        found = account_membership(
            people["attitude"], people["behaviour"], people["account_id"],
            SurveyDesign(people["weight"]), revenue=revenue, cuts=cuts, confidence=confidence,
        )  # fmt: skip
    except NotEstimable as refusal:
        return None, str(refusal)
    return found, ""


def _columns(placed: Membership | None, people: pd.DataFrame) -> pd.DataFrame:
    if placed is not None:
        return placed.table[list(KEYS.values())]
    index = pd.Index(people["account_id"].unique(), name="account_id")
    return pd.DataFrame(np.nan, index=index, columns=list(KEYS.values()))


def _money(table: pd.DataFrame, revenue: pd.Series | None) -> pd.Series:
    """Revenue of each account, nothing where none is known."""
    known = table["account_id"].map(revenue if revenue is not None else {}).astype(float)
    return known.clip(lower=0).fillna(0.0)


def _unplaced_note(unplaced: str) -> tuple[str, ...]:
    return (f"Accounts have no chances of segments: {unplaced}.",) if unplaced else ()


def _gap(people: pd.DataFrame, confidence: float) -> Estimate | None:
    """Loyalty of decision makers less that of their colleagues, one difference an account."""
    decides = people["role"] == DECIDER
    means = people.groupby(["account_id", decides], observed=True)["loyalty"].mean().unstack()
    if True not in means or False not in means:
        return None
    both = (means[True] - means[False]).dropna()
    return survey.mean(both, confidence=confidence) if len(both) > 1 else None


def _role_notes(people: pd.DataFrame) -> tuple[str, ...]:
    if not people["role"].notna().any():
        return ("No roles of contacts were sent, so no rule can put deciders first.",)
    unknown = int((~people["role"].isin(SENIORITY)).sum())
    if unknown:
        return (f"People without a known role rank after all others: {unknown}.",)
    return ()
