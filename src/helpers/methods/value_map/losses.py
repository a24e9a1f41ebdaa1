"""When an account counts as losing money, and how well that is known.

Cost to serve is mostly allocated, by a key that is right on average and wrong for the single
account, so a contribution near zero says nothing. A loss counts from a declared share of revenue
on, and costs are drawn anew with their declared error when the firmness of a cell is tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey.calibration import Floats

__all__ = ["Losses", "Payoffs"]


@dataclass(frozen=True)
class Losses:
    """What counts as a loss.

    ``share`` of its revenue is the least loss that counts; from ``large`` on, a share of the
    revenue of all accounts on the map, and at least an even share, an account that scores low
    is protected whatever it earns and whatever its value: neither re-priced nor let go;
    ``cost_error`` is the likely error (one standard deviation) of an account's allocated costs,
    as a share of them.
    """

    share: float = 0.05
    large: float = 0.01
    cost_error: float = 0.2

    def __post_init__(self) -> None:
        for name in ("share", "large"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(
                    f"{name} of revenue is a share: write 5 % as 0.05, not {getattr(self, name)}"
                )
        if not 0 <= self.cost_error < 1:
            raise ValueError(
                f"cost_error is a share of the costs: write 20 % as 0.2, not {self.cost_error}"
            )

    def losing(self, accounts: pd.DataFrame, contribution: Floats) -> np.ndarray:
        """Who loses more than counts; ``contribution`` may hold a row a replicate.

        Examples
        --------
        >>> money = pd.DataFrame({"revenue": [100.0, 100.0, 0.0]})
        >>> Losses(share=0.05).losing(money, np.array([-1.0, -6.0, -1.0])).tolist()
        [False, True, True]
        """
        revenue = accounts["revenue"].fillna(0).clip(lower=0).to_numpy(float)
        return np.asarray(contribution < -self.share * revenue)

    def large_ones(self, accounts: pd.DataFrame, among: pd.DataFrame | None = None) -> np.ndarray:
        """Accounts with at least that share of the revenue of all, and an even one.

        ``among`` are all accounts on the map, where they are not those asked about.

        >>> money = pd.DataFrame({"revenue": [10.0, 20.0, 60.0]})
        >>> Losses(large=0.01).large_ones(money).tolist()
        [False, False, True]
        """
        revenue, every = (
            frame["revenue"].fillna(0).clip(lower=0).to_numpy(float)
            for frame in (accounts, accounts if among is None else among)
        )
        least = max(self.large, 1 / max(len(every), 1)) * every.sum()
        return np.asarray((revenue > 0) & (revenue >= least))


@dataclass(frozen=True)
class Payoffs:
    """Contributions and the percentiles they make, drawn with the error of allocated costs."""

    contribution: Floats
    cost: Floats  # allocated, of each account; 0 where none is known
    payoff: Floats
    others: Floats  # contributions of all accounts, in order
    cost_error: float

    @classmethod
    def of(cls, accounts: pd.DataFrame, everyone: pd.Series, cost_error: float) -> Payoffs:
        """Of the accounts on the map, among ``everyone``'s contributions."""
        costs = accounts.reindex(columns=["cost_to_serve"])["cost_to_serve"]
        return cls(
            accounts["contribution"].to_numpy(float),
            np.nan_to_num(costs.to_numpy(float)),
            accounts["payoff"].to_numpy(float),
            np.sort(everyone.dropna().to_numpy(float)),
            cost_error,
        )

    @property
    def exact(self) -> bool:
        """Whether nothing is drawn: no allocated costs, or none with an error."""
        return self.cost_error == 0 or not self.cost.any() or not len(self.others)

    def drawn(self, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """So many contributions of each account, and their percentiles; one where exact."""
        if self.exact:
            return self.contribution, self.payoff
        error = rng.standard_normal((number, len(self.cost))) * self.cost_error
        money = self.contribution - self.cost * error
        below = np.searchsorted(self.others, money, side="left")
        most = np.searchsorted(self.others, money, side="right")
        place = (below + most) / 2 / len(self.others) * 100
        return money, np.where(np.isnan(money), self.payoff, place)
