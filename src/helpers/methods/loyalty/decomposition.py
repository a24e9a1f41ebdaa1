"""What a change between two waves is made of: people, mix, accounts gained and lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods.loyalty.replication import jackknife, left_out
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.differences import over_both
from helpers.methods.survey.placing import sampled, stretch

__all__ = ["PARTS", "Change", "change"]

PARTS = {
    "same": "The same people answering differently",
    "others": "Other people of the same accounts",
    "panel": "The same accounts, through whoever answered",
    "mix": "More or fewer answers from each of them",
    "gained": "Accounts that answered only now",
    "silent": "Accounts that answered only before and are still customers",
    "left": "Accounts that are no longer customers",
}
WAVES = ("before", "now")
Pair = tuple[SurveyDesign, SurveyDesign]
FEWEST = 2  # accounts in both waves


@dataclass(frozen=True)
class Change:
    """A change between two waves and its parts, which add up to it exactly.

    ``table`` has a row for each part: ``part`` (``same`` and ``others``, or ``panel`` where people
    are not known; then ``mix``, ``gained``, ``silent``, ``left``), ``label``, ``value`` (points of
    the score), ``low``, ``high``, ``standard_error``, ``accounts``, ``base`` (answers behind
    it, both waves) and ``withheld``. ``silent`` and ``left`` are what the score rose or fell by
    because those
    accounts are no longer in it: positive where they scored below the rest. ``left`` is the
    survivorship line. ``weighted`` says whether answers counted by weights.
    """

    table: pd.DataFrame
    value: float
    low: float
    high: float
    standard_error: float
    before: float
    now: float
    base: int
    accounts: int
    weighted: bool = False

    def __post_init__(self) -> None:
        parts = float(self.table["value"].sum())
        if not self.table["withheld"].any() and not np.isclose(parts, self.value, atol=1e-9):
            raise ValueError(f"parts add up to {parts:.6f}, the change is {self.value:.6f}")

    @property
    def p(self) -> float:
        """Two-sided, that nothing changed: of the t interval that leaves each account out."""
        if self.value == 0 or self.standard_error == 0:
            return float(self.value == 0)
        return float(2 * t.sf(abs(self.value) / self.standard_error, self.accounts - 1))

    def part(self, name: str) -> pd.Series:
        """One part."""
        return self.table[self.table["part"] == name].iloc[0]


def change(
    before: ArrayLike,
    now: ArrayLike,
    design: Pair | None = None,
    *,
    accounts: tuple[ArrayLike, ArrayLike],
    people: tuple[ArrayLike, ArrayLike] | None = None,
    ended: Iterable[object] = (),
    smallest: int = 0,
    confidence: float = 0.95,
) -> Change:
    """Split the change of a mean between two waves into parts, each with its interval.

    With accounts that answered in both waves as the panel, the change is the panel's own
    change, plus what accounts new to the sample add (their share of answers times their
    distance from the panel now), plus what accounts no longer in it took away (the same,
    before). The panel's change is what each account's mean moved by, at its average share
    of answers, plus mix: what its share of answers moved by, at its average mean (Bennet's
    symmetric split). What an account's mean moved by is split once more: what each person
    of it who is in both waves moved by, at their average share of its answers, and the
    rest, which is other people answering there.

    Parameters
    ----------
    before, now
        One number a respondent whose mean is the score, such as `promoter_points`;
        missing answers are left out.
    design
        A pair (before, now): with weights in both, shares of answers are shares of weight.
        Strata of accounts narrow the intervals; what weights were fitted to and a finite
        population do not, so that they are if anything too wide.
    accounts
        The account of each respondent, a pair; one without is alone.
    people
        The person of each respondent, a pair; one without counts among other people.
    ended
        Accounts that are no longer customers; of those that answered only before, they make
        the survivorship line.
    smallest
        Fewest answers for a part to be shown; a part of fewer is ``withheld``, with as many
        as would give it away.

    Raises
    ------
    NotEstimable
        If fewer than two accounts answered in both waves.

    References
    ----------
    Bennet (1920), Journal of the Royal Statistical Society 83, 455-462; Wolter (2007), 4.2.

    Examples
    --------
    >>> found = change([8, 6, 2], [9, 6, 10], accounts=(list("abc"), list("abd")), ended=["c"])
    >>> found.table[["part", "value"]].round(2).values.tolist()[::4]
    [['panel', 0.5], ['left', 1.67]]
    >>> round(found.value, 2) == round(found.table["value"].sum(), 2)
    np.True_
    """
    pair = (SurveyDesign(), SurveyDesign()) if design is None else design
    weighted = all(one.weights is not None for one in pair)
    answers = _answers((before, now), accounts, people, pair if weighted else None)
    sums, kinds = _account_sums(answers, set(ended))
    panel = kinds == "panel"
    if panel.sum() < FEWEST:
        raise NotEstimable(
            f"{int(panel.sum())} accounts answered in both waves; a change is split from {FEWEST}"
        )
    whole, without = left_out(_terms(sums, kinds), _parts)
    error, low, high, _ = jackknife(whole, without, confidence=confidence)
    wide = _stretch(pair, answers, without - whole)
    low, high = (whole + (end - whole) * wide for end in (low, high))
    numbers = {"value": whole, "low": low, "high": high, "standard_error": error * wide}
    table = pd.DataFrame(
        {"part": list(PARTS), "label": list(PARTS.values()),
         **{name: found[:-1] for name, found in numbers.items()}, **_counts(sums, kinds)}
    )  # fmt: skip
    hidden = ["same", "others"] if answers["person"].isna().all() else ["panel"]
    total = sums.sum()
    table = table[~table["part"].isin(hidden)].reset_index(drop=True)
    return Change(
        table=disclosure.suppress(table, "base", smallest, list(numbers)),
        **{name: float(found[-1]) for name, found in numbers.items()},
        before=float(total["sum_before"] / total["n_before"]),
        now=float(total["sum_now"] / total["n_now"]),
        base=len(answers),
        accounts=len(sums),
        weighted=weighted,
    )


def _stretch(pair: Pair, answers: pd.DataFrame, moved: Floats) -> Floats:
    """By how much the strata of accounts change the error of each part."""
    bare = [one.without("calibration", "population") for one in pair]
    if any(one.clusters is None for one in bare):
        return np.ones(moved.shape[1])
    before, now = (
        pd.Series(part.index, part["label"])
        for part in (answers[answers["wave"] == name] for name in WAVES)
    )
    survey, columns = over_both((before, now), bare)
    places = columns[0].fillna(columns[1])
    sample = sampled(survey, places.index, places.notna().to_numpy())
    here = places.dropna().astype(int)
    account = answers["account"].to_numpy()
    each = moved[account] / np.bincount(account)[account][:, None]
    return stretch(sample, each[here], account[here])


def _answers(
    scores: tuple[ArrayLike, ArrayLike],
    accounts: tuple[ArrayLike, ArrayLike],
    people: tuple[ArrayLike, ArrayLike] | None,
    designs: Pair | None,
) -> pd.DataFrame:
    """One row an answer of either wave: its account, its person, its weight, its score."""
    parts = []
    for wave, name in enumerate(WAVES):
        score = column(scores[wave], name)
        of = aligned(accounts[wave], score, "accounts").astype(object)
        alone = pd.Series([(wave, place) for place in range(len(of))], index=of.index, dtype=object)
        person = None if people is None else aligned(people[wave], score, "people").astype(object)
        mass = 1.0 if designs is None else designs[wave].weights_for(score)
        frame = pd.DataFrame(
            {"wave": name, "account": of.where(of.notna(), alone), "person": person,
             "weight": mass, "score": score, "label": score.index}
        )  # fmt: skip
        parts.append(frame[score.notna()])
    found = pd.concat(parts, ignore_index=True)
    found["weight"] /= found.groupby("wave")["weight"].transform("mean")
    codes, known = pd.factorize(found["account"])
    return found.assign(account=codes, name=pd.Series(known, dtype=object).to_numpy()[codes])


def _account_sums(answers: pd.DataFrame, ended: set[object]) -> tuple[pd.DataFrame, pd.Series]:
    """Weight and weighted sum of each wave by account, its people's own change, and its kind."""
    count = int(answers["account"].max()) + 1
    sums = pd.DataFrame(index=range(count))
    for name in WAVES:
        rows = answers[answers["wave"] == name]
        place, mass = rows["account"], rows["weight"]
        sums[f"answers_{name}"] = np.bincount(place, minlength=count)
        sums[f"n_{name}"] = np.bincount(place, mass, minlength=count)
        sums[f"sum_{name}"] = np.bincount(place, mass * rows["score"], minlength=count)
    sums["same"], sums["answers_same"] = _own_change(answers, sums)
    names = answers.drop_duplicates("account").set_index("account")["name"].sort_index()
    lost = np.where(names.isin(list(ended)), "left", "silent")
    there = [sums[f"n_{name}"] > 0 for name in WAVES]
    return sums, pd.Series(np.select([there[0] & there[1], there[1]], ["panel", "gained"], lost))


def _own_change(answers: pd.DataFrame, sums: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What people in both waves moved their account's mean by, and how many answers they gave."""
    known = answers.dropna(subset=["person"]).assign(answers=1)
    known["total"] = known["weight"] * known["score"]
    before, now = (
        known[known["wave"] == name]
        .groupby(["account", "person"])[["weight", "total", "answers"]]
        .sum()
        .add_suffix(f"_{name}")
        for name in WAVES
    )
    twice = before.join(now, how="inner")
    of = twice.index.get_level_values("account")
    share, mean = {}, {}
    for name in WAVES:
        mass = twice[f"weight_{name}"].to_numpy()
        share[name] = mass / sums[f"n_{name}"].to_numpy()[of]
        mean[name] = twice[f"total_{name}"].to_numpy() / mass
    moved = (share["before"] + share["now"]) / 2 * (mean["now"] - mean["before"])
    counted = (twice["answers_before"] + twice["answers_now"]).to_numpy()
    found = pd.DataFrame({"moved": moved, "answers": counted}).groupby(np.asarray(of)).sum()
    found = found.reindex(sums.index, fill_value=0)
    return found["moved"], found["answers"]


def _terms(sums: pd.DataFrame, kinds: pd.Series) -> Floats:
    """What each account adds to the sums that every part is a function of."""
    n0, n1 = sums["n_before"].to_numpy(), sums["n_now"].to_numpy()
    y0, y1 = sums["sum_before"].to_numpy(), sums["sum_now"].to_numpy()
    there = {kind: (kinds == kind).to_numpy() for kind in ("panel", "gained", "silent", "left")}
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.where(there["panel"], y1 / n1 - y0 / n0, 0.0)
    same = sums["same"].to_numpy()
    columns = [there["panel"] * part for part in (n0, y0, n1, y1)]
    columns += [n * part for part in (same, moved) for n in (n0 * there["panel"], n1)]
    columns += [there["gained"] * n1, there["gained"] * y1]
    columns += [there[kind] * part for kind in ("silent", "left") for part in (n0, y0)]
    return np.column_stack(columns).astype(float)


def _parts(sums: Floats) -> Floats:
    """Same, others, panel (their sum), mix, gained, silent, left, and the whole."""
    n0, y0, n1, y1, own0, own1, at0, at1, ng, yg, ns, ys, nl, yl = np.moveaxis(sums, -1, 0)
    same, panel = (own0 / n0 + own1 / n1) / 2, (at0 / n0 + at1 / n1) / 2
    mix = y1 / n1 - y0 / n0 - panel
    gained = (yg - ng * y1 / n1) / (n1 + ng)
    before = n0 + ns + nl
    silent, left = ((n * y0 / n0 - y) / before for n, y in ((ns, ys), (nl, yl)))
    whole = panel + mix + gained + silent + left
    return np.stack([same, panel - same, panel, mix, gained, silent, left, whole], -1)


def _counts(sums: pd.DataFrame, kinds: pd.Series) -> dict[str, list[int]]:
    """Accounts and answers behind each part; mix rests on the whole panel."""
    answers, own = sums["answers_before"] + sums["answers_now"], sums["answers_same"]
    panel = kinds == "panel"
    of = {kind: answers.where(kinds == kind, 0) for kind in ("panel", "gained", "silent", "left")}
    of |= {"same": own, "others": (answers - own).where(panel, 0), "mix": of["panel"]}
    return {
        "accounts": [int((of[part] > 0).sum()) for part in PARTS],
        "base": [int(of[part].sum()) for part in PARTS],
    }
