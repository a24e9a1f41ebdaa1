"""What pooling waves gains the drivers chapter, over worlds like the demo client's.

Run with ``python benchmarks/driver_waves.py``, or with a number of worlds. It prints the table
of the drivers' method page: the last wave alone, then with the waves before it. The truth is
the regression over what everybody in all worlds would have answered, asked or not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.methods.drivers import performance, priorities, relative_importance
from helpers.methods.survey import SurveyDesign
from helpers.simulate.answers import ATTITUDE, BEHAVIOUR, index_of
from helpers.simulate.fieldwork import Fieldwork, fieldwork
from helpers.simulate.frame import frame
from helpers.simulate.latent import latent
from helpers.simulate.money import money
from helpers.simulate.settings import DRIVERS, WAVES, settings

FIRST_SEED, WORLDS = 1, 100
NAMES = [driver.name for driver in DRIVERS]
TOP = 10.0
SCALE = dict.fromkeys(NAMES, (0.0, TOP))
WORKING = np.array([driver.effect > 0 for driver in DRIVERS])
LABELS = {
    "half": "Half-width of an effect's interval",
    "held": "Intervals that hold the truth",
    "clear": "Clear among the six drivers with an effect",
    "false": "Worlds in which one of the two others is clear",
    "lead": "Drivers that may lead",
    "best": "Worlds in which the best is among them",
    "rank": "Rank correlation of effects with the truth",
    "first": "Worlds in which the largest effect is the right one",
    "changed": "Worlds in which an effect is said to have changed",
}


def worlds(number: int, first: int = FIRST_SEED) -> Iterator[Fieldwork]:
    """The fieldwork of worlds that differ by chance alone."""
    for seed in range(first, first + number):
        world = settings("northfield", seed)
        who = frame(world)
        state = latent(world, who)
        yield fieldwork(world, who, state, money(world, who, state))


def loyalty(answers: pd.DataFrame) -> np.ndarray:
    """The loyalty index of each answer."""
    return index_of({name: answers[name].to_numpy(float) for name in (*ATTITUDE, *BEHAVIOUR)})


def slopes(found: Fieldwork) -> np.ndarray:
    """Effects among everybody, each wave with a level of its own."""
    x, y = [], []
    for would in found.would:
        ratings = np.column_stack([would[name] for name in NAMES]).astype(float)
        x.append(ratings - ratings.mean(axis=0))
        y.append(index_of(would) - index_of(would).mean())
    return np.asarray(np.linalg.lstsq(np.concatenate(x), np.concatenate(y))[0])


def design_of(responses: pd.DataFrame) -> SurveyDesign:
    """Accounts as clusters, over the waves there are."""
    return SurveyDesign.over({
        wave: SurveyDesign(clusters=rows["account_id"])
        for wave, rows in responses.groupby("wave")
    })  # fmt: skip


def told(responses: pd.DataFrame, truth: np.ndarray) -> dict[str, float]:
    """What the chapter says of these answers, beside the truth."""
    ratings = responses[NAMES].astype(float).where(lambda given: given <= TOP)  # 99: never used
    outcome = pd.Series(loyalty(responses), responses.index)
    found = relative_importance(ratings, outcome, design_of(responses), missing="imputed")
    rated = performance(ratings[responses["wave"] == WAVES[-1]])
    chosen = priorities(found, rated, scale=SCALE)
    table = found.table.set_index("driver").loc[NAMES]
    inside = (table["effect_low"] <= truth) & (truth <= table["effect_high"])
    clear = np.isin(NAMES, chosen.clear)
    lead = chosen.table.set_index("driver").loc[NAMES, "may_lead"].to_numpy()
    return {
        "half": float((table["effect_high"] - table["effect_low"]).mean() / 2),
        "held": float(inside.mean()),
        "clear": float(clear[WORKING].sum()),
        "false": float(clear[~WORKING].any()),
        "lead": float(lead.sum()),
        "best": float(lead[truth.argmax()]),
        "rank": float(table["effect"].corr(pd.Series(truth, NAMES), method="spearman")),
        "first": float(table["effect"].to_numpy().argmax() == truth.argmax()),
        "changed": float(found.agreement is not None and found.agreement.verdict != "agree"),
    }


def compared(number: int, first: int = FIRST_SEED) -> pd.DataFrame:
    """Means over worlds, a column for each number of waves pooled."""
    made = [(found.responses, slopes(found)) for found in worlds(number, first)]
    truth = np.mean([effects for _, effects in made], axis=0)
    columns = {}
    for pooled in range(1, len(WAVES) + 1):
        rows = []
        for responses, _ in made:
            kept = responses[responses["wave"].isin(WAVES[-pooled:])].set_index("response_id")
            rows.append(told(kept, truth))
        columns[pooled] = pd.DataFrame(rows).mean()
    return pd.DataFrame(columns)


def main() -> None:
    """Print the table of the method page."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    table = compared(number)
    print(f"| {number} worlds | " + " | ".join(_called(k) for k in table.columns) + " |")
    print("|---|" + "---|" * len(table.columns))
    for name, label in LABELS.items():
        print(f"| {label} | " + " | ".join(f"{value:.2f}" for value in table.loc[name]) + " |")


def _called(waves: int) -> str:
    return "last wave" if waves == 1 else f"{waves} waves"


if __name__ == "__main__":
    main()
