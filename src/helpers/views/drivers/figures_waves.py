"""What the drivers chapter may quote of its waves: which speak, and whether effects changed."""

from __future__ import annotations

from helpers.methods.drivers import Importance, Pool
from helpers.results import Figure
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import Labels, named
from helpers.views.rendering.rules import listed, quotable

NOTHING_SHOWN = 0.05  # p of the joint test above which no driver is shown to have an effect
LABEL = "smallest corrected p, of tests that effects are alike in all waves"


def waves(pool: Pool, found: Importance, labels: Labels) -> dict[str, Figure]:
    """Which waves the effects are of, and whether any effect changed between them."""
    agreed, number = found.agreement, max(len(pool.waves), 1)
    verdict = "one" if number == 1 else "not tested" if agreed is None else agreed.verdict
    if agreed is not None and found.joint_p > NOTHING_SHOWN:
        verdict = "agree"  # in being nothing: no effect has been shown that could have changed
    figures = [Figure("waves", number, unit="count", base=found.base, verdict=verdict)]
    if pool.silent:
        reasons = "; ".join(f"{wave}: {reason}" for wave, reason in pool.silent.items())
        figures += quotable(waves_silent=reasons)
    if agreed is not None:
        figures.append(Figure("waves_p", agreed.p, unit="p", base=found.base, label=LABEL))
        if verdict == "some differ":
            figures += quotable(waves_changed=listed(named(agreed.differing, labels)))
    return by_name(*figures)
