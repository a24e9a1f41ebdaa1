"""Which cell of value against loyalty each account belongs to, and how firmly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.errors import NotEstimable
from helpers.methods.value_map.losses import Losses, Payoffs
from helpers.methods.value_map.worth import PARTS, ThreePs

__all__ = ["CELLS", "ValueMap", "place"]

CELLS = (
    "Grow & leverage",
    "Protect & repair",
    "Invest",
    "Maintain efficiently",
    "Re-price or release",
    "Negative payoff",
)
FIRM, LEANING = 0.80, 0.50
SURE = 0.92  # mean stability of all that are called firm: nine in ten, and some for few accounts
DRAWS = 4_000_000  # replicates x accounts worked on at once: 32 MB


@dataclass(frozen=True)
class ValueMap:
    """Each account's cell, and how firmly it belongs there."""

    table: pd.DataFrame  # account_id, value, loyalty, cell, stability, firmness, money; by value
    cells: pd.DataFrame  # cell, accounts, revenue, revenue_share, contribution, firm_share
    unplaced: pd.DataFrame  # account_id, value, revenue, why
    value_cut: float
    loyalty_cut: float
    base: int
    replicates: int
    notes: tuple[str, ...] = ()
    losses: Losses = Losses()  # noqa: RUF009 - frozen, and numbers alone
    possible: pd.DataFrame = field(default_factory=pd.DataFrame)
    # of every account with a value, placed or not: account_id, revenue, contribution, and the
    # cells where it stands if its score is at or above the cut (loyal), and below (not_loyal)

    def __post_init__(self) -> None:
        if int(self.cells["accounts"].sum()) != self.base:
            raise ValueError(f"cells hold {self.cells['accounts'].sum()} accounts of {self.base}")


def place(
    value: ThreePs,
    loyalty: pd.DataFrame,
    *,
    loyalty_cut: float,
    value_cut: float = 50.0,
    potential_cut: float = 70.0,
    payoff_cut: float = 50.0,
    weight_noise: float = 0.2,
    losses: Losses | None = None,
    confidence: float = 0.95,
    replicates: int = 500,
    rng: np.random.Generator | None = None,
) -> ValueMap:
    """Put every account into a cell of value against loyalty, with the cell's stability.

    In this order: a loss that counts is **Negative payoff**, or **Protect & repair** where a
    large account is not loyal; value below its cut with much potential and little payoff is
    **Invest**; then high value and loyalty **Grow & leverage**, high value alone **Protect &
    repair**, loyalty alone **Maintain efficiently**, neither **Re-price or release**.

    Parameters
    ----------
    value
        What ``three_ps`` returned.
    loyalty
        ``account_id``, ``shrunk`` (0-100) and, where known, ``low``, ``high``, ``respondents``.
        Without ``low`` and ``high`` the scores count as known; with both blank for every
        account, their noise is not known and no stability is given.
    loyalty_cut, value_cut, potential_cut, payoff_cut
        At or above the cut is high; each 0-100.
    weight_noise
        Each weight is moved by up to this much either way in a replicate.
    losses
        What counts as a loss, which accounts are large, and the error of allocated costs, which
        is drawn in each replicate; a loss from 5% of revenue on if not given.
    confidence
        That ``low`` and ``high`` of ``loyalty`` were made with.
    replicates
        Simulated weights, costs and loyalty scores. ``stability`` is the share that leaves the
        account in its cell: leaning from .50, unclear below; firm are those from .80 on, the
        surest first, as far as nine in ten of them can be expected there; 0 gives none.

    Returns
    -------
    ValueMap
        Accounts without a loyalty score or a value are listed in ``unplaced``.

    Raises
    ------
    ValueError
        If a cut is off the scale, a column is missing, or no account can be placed.

    Examples
    --------
    >>> from helpers.methods.value_map.worth import three_ps
    >>> money = pd.DataFrame({"account_id": ["a", "b"], "period": pd.Timestamp("2026-05-01"),
    ...                       "revenue": [10.0, 90.0]})
    >>> scores = pd.DataFrame({"account_id": ["a", "b"], "shrunk": [80.0, 40.0]})
    >>> found = place(three_ps(None, money, as_of=pd.Timestamp("2026-06-30")), scores,
    ...               loyalty_cut=70, replicates=0)
    >>> found.table[["account_id", "cell"]]
      account_id                  cell
    0          b      Protect & repair
    1          a  Maintain efficiently
    """
    cuts = _Cuts(value_cut, loyalty_cut, potential_cut, payoff_cut, losses or Losses())
    if replicates and rng is None:
        raise ValueError("stability draws weights and loyalty at random: give rng")
    both, unplaced = _together(value, loyalty)
    payoffs = Payoffs.of(both, value.table["contribution"], cuts.losses.cost_error)
    as_sent = (payoffs.contribution, payoffs.payoff)
    cells = cuts.cells(both, both["value"].to_numpy(), both["loyalty"].to_numpy(), as_sent)
    simulated = _Replicates.none(len(both))
    errors = _errors(both, confidence)
    moves = errors is not None and (errors.any() or len(value.weights) > 1 or not payoffs.exact)
    if replicates and rng is not None and errors is not None and moves:
        noise = _Noise(value.weights, weight_noise, errors, payoffs)
        simulated = noise.replicates(both, cuts, cells, replicates, rng)
    table = _accounts(both, cells, simulated.stability)
    cells_table = simulated.bounded(_cells(table), confidence)
    notes, possible = _place_notes(value, unplaced), _possible(value, cuts, both)
    return ValueMap(table, cells_table, unplaced, value_cut, loyalty_cut, len(table), replicates,
                    notes, cuts.losses, possible)  # fmt: skip


def _possible(value: ThreePs, cuts: _Cuts, placed: pd.DataFrame) -> pd.DataFrame:
    """Where each account with a value may stand, as its score is high or low."""
    known = value.table[value.table["value"].notna()].reset_index(drop=True)
    money = (known["contribution"].to_numpy(float), known["payoff"].to_numpy(float))
    result = known[["account_id", "revenue", "contribution"]]
    for name, score in (("loyal", np.inf), ("not_loyal", -np.inf)):
        scores = np.full(len(known), score)
        cells = cuts.cells(known, known["value"].to_numpy(float), scores, money, placed)
        result = result.assign(**{name: np.array(CELLS, dtype=object)[cells]})
    return result


def _accounts(both: pd.DataFrame, cells: np.ndarray, stability: np.ndarray) -> pd.DataFrame:
    """Each account with its cell and how firmly it sits there, highest value first."""
    table = both.assign(
        cell=np.array(CELLS, dtype=object)[cells],
        stability=stability,
        firmness=_firmness(stability),
    )
    columns = ["account_id", "value", "loyalty", "cell", "stability", "firmness", "revenue",
               "contribution", *PARTS, "low", "high", "respondents"]  # fmt: skip
    return table[[c for c in columns if c in table]].sort_values(
        ["value", "account_id"], ascending=[False, True], ignore_index=True
    )


@dataclass(frozen=True)
class _Cuts:
    value: float
    loyalty: float
    potential: float
    payoff: float
    losses: Losses

    def __post_init__(self) -> None:
        for name in ("value", "loyalty", "potential", "payoff"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"{name}_cut is on the scale 0 to 100, not {getattr(self, name)}")

    def cells(
        self,
        both: pd.DataFrame,
        value: np.ndarray,
        loyalty: np.ndarray,
        money: tuple[np.ndarray, np.ndarray],
        among: pd.DataFrame | None = None,
    ) -> np.ndarray:
        """Positions in ``CELLS``; all but ``both`` may hold a row a replicate.

        ``money`` holds contribution and payoff; ``among`` the map, where ``both`` is not all of it.
        """
        contribution, payoff = money
        loyal, high = loyalty >= self.loyalty, value >= self.value
        invest = (both["potential"] >= self.potential).to_numpy() & (payoff < self.payoff)
        losing = self.losses.losing(both, contribution)
        at_risk = ~loyal & self.losses.large_ones(both, among)
        found = np.where(high, np.where(loyal, 0, 1), np.where(loyal, 3, 4))
        found = np.where(~high & invest, 2, found)
        found = np.where(losing, 5, found)
        return np.where(at_risk & (found >= 4), 1, found)


@dataclass(frozen=True)
class _Replicates:
    """Accounts and cells under other weights and other noise of the scores."""

    stability: np.ndarray  # an account: share of replicates that leave it in its cell
    accounts: np.ndarray | None  # replicates x cells
    revenue: np.ndarray | None  # replicates x cells

    @classmethod
    def none(cls, accounts: int) -> _Replicates:
        return cls(np.full(accounts, np.nan), None, None)

    def bounded(self, cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
        """The cells with the range of their size over the replicates."""
        ends = [(1 - confidence) / 2, (1 + confidence) / 2]
        place = [CELLS.index(name) for name in cells["cell"]]
        found = cells.copy()
        for name, drawn in (("accounts", self.accounts), ("revenue", self.revenue)):
            low, high = (
                np.full((2, len(cells)), np.nan)
                if drawn is None
                else np.quantile(drawn[:, place], ends, axis=0)
            )
            found[f"{name}_low"], found[f"{name}_high"] = low, high
            found[f"{name}_expected"] = np.nan if drawn is None else drawn[:, place].mean(axis=0)
        return found


@dataclass(frozen=True)
class _Noise:
    weights: dict[str, float]
    reach: float
    errors: np.ndarray
    payoffs: Payoffs

    def replicates(
        self,
        both: pd.DataFrame,
        cuts: _Cuts,
        cells: np.ndarray,
        replicates: int,
        rng: np.random.Generator,
    ) -> _Replicates:
        money = np.nan_to_num(both["revenue"].to_numpy(float)) if "revenue" in both else None
        counts, sums = [], []
        parts = both[list(self.weights)].to_numpy(float)
        known = (~np.isnan(parts)).astype(float)
        parts = np.nan_to_num(parts)
        stayed = np.zeros(len(both))
        size = max(1, DRAWS // len(both))
        for first in range(0, replicates, size):
            number = min(size, replicates - first)
            weights = self._weights(number, rng)
            value = (weights @ parts.T) / np.maximum(weights @ known.T, 1e-12)
            drift = rng.standard_normal((number, len(both))) * self.errors
            money_drawn = self.payoffs.drawn(number, rng)
            if "payoff" in self.weights:
                place = list(self.weights).index("payoff")
                shift = np.nan_to_num(money_drawn[1] - self.payoffs.payoff)
                value += weights[:, [place]] * shift / np.maximum(weights @ known.T, 1e-12)
            moved = cuts.cells(both, value, both["loyalty"].to_numpy() + drift, money_drawn)
            stayed += (moved == cells).sum(axis=0)
            inside = [moved == cell for cell in range(len(CELLS))]
            counts.append(np.column_stack([here.sum(axis=1) for here in inside]))
            if money is not None:
                sums.append(np.column_stack([here @ money for here in inside]))
        return _Replicates(
            stayed / replicates, np.vstack(counts), np.vstack(sums) if money is not None else None
        )

    def _weights(self, number: int, rng: np.random.Generator) -> np.ndarray:
        centre = np.array(list(self.weights.values()))
        moved = centre + rng.uniform(-self.reach, self.reach, (number, len(centre)))
        moved = np.maximum(moved, 1e-6)
        return moved / moved.sum(axis=1, keepdims=True)


def _together(found: ThreePs, loyalty: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    for column in ("account_id", "shrunk"):
        if column not in loyalty.columns:
            raise ValueError(f"loyalty has no column {column!r}: give account scores")
    if loyalty["account_id"].duplicated().any():
        raise ValueError("loyalty has an account twice: give one wave only")
    kept = [c for c in ("account_id", "shrunk", "low", "high", "respondents") if c in loyalty]
    joined = found.table.merge(loyalty[kept], on="account_id", how="left")
    joined = joined.rename(columns={"shrunk": "loyalty"})
    can = joined["loyalty"].notna() & joined["value"].notna()
    if not can.any():
        raise NotEstimable("no account has both a value and a loyalty score: match their ids first")
    rest = joined.loc[~can, ["account_id", "value", "revenue"]].reset_index(drop=True)
    unanswered = joined.loc[~can, "loyalty"].isna().to_numpy()
    rest["why"] = np.where(unanswered, "no answer this wave", "no data on its value")
    return joined[can].reset_index(drop=True), rest


def _errors(both: pd.DataFrame, confidence: float) -> np.ndarray | None:
    """Standard errors of the scores; ``None`` where intervals were sought and none was found."""
    if not {"low", "high"} <= set(both.columns):
        return np.zeros(len(both))
    width = (both["high"] - both["low"]).to_numpy(float)
    if np.isnan(width).all():
        return None
    return np.nan_to_num(width / (2 * norm.ppf((1 + confidence) / 2)))


def _firmness(stability: np.ndarray) -> np.ndarray:
    firm = stability >= _firm_from(stability)
    named = np.where(firm, "firm", np.where(stability >= LEANING, "leaning", "unclear"))
    return np.where(np.isnan(stability), "not tested", named).astype(object)


def _firm_from(stability: np.ndarray) -> float:
    """The least stability that is called firm: where most are barely so, it takes more than .80.

    >>> _firm_from(np.array([0.99, 0.95, 0.84])), _firm_from(np.array([0.95, 0.9, 0.85, 0.81]))
    (0.84, 0.9)
    """
    known = np.sort(stability[stability >= FIRM])[::-1]
    means = np.cumsum(known) / np.arange(1, len(known) + 1)
    alike = np.append(known[1:] == known[:-1], False)  # the next one is as sure: both, or neither
    return float(known[(means >= SURE) & ~alike].min(initial=np.inf))


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    total = table["revenue"].sum()
    rows = []
    for cell in CELLS:
        here = table[table["cell"] == cell]
        tested = len(here) > 0 and here["stability"].notna().any()
        rows.append(
            {
                "cell": cell,
                "accounts": len(here),
                "revenue": float(here["revenue"].sum()),
                "revenue_share": float(here["revenue"].sum() / total) if total else np.nan,
                "contribution": float(here["contribution"].sum(min_count=1)),
                "firm_share": float((here["firmness"] == "firm").mean()) if tested else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _place_notes(found: ThreePs, unplaced: pd.DataFrame) -> tuple[str, ...]:
    notes = list(found.notes)
    if len(unplaced):
        notes.append(f"accounts that could not be placed, of {found.base}: {len(unplaced)}")
    return tuple(notes)
