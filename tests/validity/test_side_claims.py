"""How often the chapter on those who did not answer claims something where nothing differs.

Its four questions share 1 %, so that they add little to what a whole book says falsely. Asked at
5 % each they would find something in about every sixth of these worlds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.methods import nonresponse
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS, ACCOUNTS, LEVEL = 100, 150, 0.01


def claims(rng: np.random.Generator) -> list[str]:
    """What is claimed of one world in which answering has to do with nothing."""
    account = np.repeat(np.arange(ACCOUNTS), rng.integers(1, 8, ACCOUNTS))
    people, lasting = len(account), rng.normal(size=ACCOUNTS)[account]
    answered = rng.random(people) < 0.5
    design = SurveyDesign(clusters=account)
    listed = pd.DataFrame({
        "tier": rng.choice(list("ABCD"), ACCOUNTS)[account],
        "region": rng.choice(list("NESW"), ACCOUNTS)[account],
        "role": rng.choice(list("xyz"), people),
    })  # fmt: skip
    uneven = nonresponse.response_propensity(answered, listed, design)
    score = pd.DataFrame({"score": 60 + 10 * lasting + 15 * rng.normal(size=people)})
    days = np.where(answered, rng.exponential(5, people), np.nan)
    late = nonresponse.early_against_late(score[answered].reset_index(drop=True), days[answered],
                                          SurveyDesign(clusters=account[answered]))  # fmt: skip
    records = pd.DataFrame({
        "retained": (rng.random(ACCOUNTS) < 0.9)[account].astype(float),
        "growth_after": rng.normal(size=ACCOUNTS)[account],
        "tickets": rng.poisson(2, ACCOUNTS)[account].astype(float),
    })  # fmt: skip
    after = nonresponse.responders_against_silent(records, answered, design)
    kept = nonresponse.exclusion_test(records, rng.random(people) < 0.1, design)
    told = {"below", "higher", "lower", "differ", "flatters"}
    return [found.verdict for found in (uneven, late, after, kept) if found.verdict in told]


def test_nothing_is_claimed_of_those_who_did_not_answer_where_nothing_differs(rng):
    """No more than chance gives a rate of 1 % once in a hundred: 4 of 100."""
    most = int(binom.ppf(0.99, WORLDS, LEVEL))
    assert sum(bool(claims(rng)) for _ in range(WORLDS)) <= most
