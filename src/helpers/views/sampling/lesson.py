"""Tables of the sampling method page: several ways of doing one thing, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.methods import sample_design as design
from helpers.methods.sample_design.allocation import Method
from helpers.methods.sampling import ResponseRates
from helpers.methods.survey import SurveyDesign, mean
from helpers.methods.survey.estimates import Estimate
from helpers.methods.weighting import Weights
from helpers.views.rendering.numerals import decimal, formatter
from helpers.views.rendering.records import records

UNITS = {"people": "count", "accounts": "count", "strata": "count", "share": "share1",
         "ratio": "decimal2"}  # fmt: skip
ALLOCATIONS: tuple[Method, ...] = ("proportional", "neyman", "power", "equal")

# What R's survey package 4.5 (Lumley 2004) says of the samples of its `api` data:
# statistic, sample, R's call, value, standard error, digits after the point of both.
R_SURVEY = (
    ("mean", "apisrs", "svymean(~api00)", 656.585, 9.249722, 4),
    ("mean", "apistrat", "svymean(~api00)", 662.2873632, 9.4089408, 4),
    ("mean", "apiclus1", "svymean(~api00)", 644.169399, 23.542241, 4),
    ("mean", "apiclus2", "svymean(~api00)", 670.811808, 30.099027, 4),
    ("total", "apistrat", "svytotal(~enroll)", 3687177.5, 114641.72, 1),
    ("ratio", "apistrat", "svyratio(~api.stu, ~enroll)", 0.8369568869, 0.007757103167, 4),
    ("mean, raked", "apiclus1", "rake(); svymean(~api00)", 641.23032, 23.70362, 4),
    ("mean, in cells", "apiclus1", "postStratify(); svymean(~api00)", 642.31079, 23.92049, 4),
    ("mean, regression", "apiclus1", "calibrate(); svymean(~api00)", 665.31, 3.4418, 2),
)  # fmt: skip


def changes(
    wanted: list[float], spread: float, *, effect: float, overlap: float, correlation: float
) -> pd.DataFrame:
    """Answers that each of two waves needs so that a change of a mean shows.

    Returns
    -------
    DataFrame
        change, apart (nobody is in both waves), shared (as many are as ``overlap`` says).

    Examples
    --------
    >>> changes([5.0], 80.0, effect=1.0, overlap=0.5, correlation=0.5).values.tolist()
    [[5.0, 4020.0, 3016.0]]
    """
    sizes = [
        (change, *(design.size_for_change(change, standard_deviation=spread, design_effect=effect,
                                          overlap=part, correlation=correlation).answers
                   for part in (0.0, overlap)))
        for change in wanted
    ]  # fmt: skip
    return pd.DataFrame(sizes, columns=["change", "apart", "shared"])


def allocations(
    sizes: pd.Series, drawn: int, *, deviations: pd.Series, revenue: pd.Series, power: float
) -> pd.DataFrame:
    """People drawn from each stratum under four allocations.

    Parameters
    ----------
    sizes, deviations, revenue
        People, standard deviation of their answers and revenue, by stratum.
    drawn
        People in all.
    power
        Of revenue, for the power allocation.

    Returns
    -------
    DataFrame
        stratum, population, proportional, neyman, power, equal.

    Examples
    --------
    >>> spread = pd.Series({"large": 3.0, "small": 1.0})
    >>> found = allocations(pd.Series({"large": 20, "small": 80}), 20, deviations=spread,
    ...                     revenue=pd.Series({"large": 9.0, "small": 1.0}), power=0.5)
    >>> found["neyman"].tolist(), found["power"].tolist()
    ([9, 11], [18, 2])
    """
    found = pd.DataFrame({"stratum": sizes.index, "population": sizes.to_numpy()})
    for method in ALLOCATIONS:
        chosen = design.allocate(
            sizes, drawn, method=method, deviations=deviations, importance=revenue,
            variation=deviations, power=power,
        )  # fmt: skip
        found[method] = found["stratum"].map(chosen.selected)
    return found


def standard_errors(divided: pd.DataFrame, deviations: pd.Series) -> dict[str, float]:
    """Standard error of the mean of everybody under each allocation, had all drawn answered.

    Examples
    --------
    >>> divided = pd.DataFrame({"stratum": ["a"], "population": [100], "proportional": [50],
    ...                         "neyman": [50], "power": [50], "equal": [50]})
    >>> round(standard_errors(divided, pd.Series({"a": 10.0}))["equal"], 6)
    1.0
    """
    found = divided.set_index("stratum")
    sizes = found["population"]
    return {
        way: float(design.variance_of_total(sizes, deviations, found[way]) ** 0.5 / sizes.sum())
        for way in ALLOCATIONS
    }


def draws(
    people: pd.DataFrame,
    number: int,
    chosen: Mapping[object, int],
    *,
    repeats: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What samples say of a known number, drawn again and again by each way of drawing.

    Parameters
    ----------
    people
        stratum, account_id, revenue (of the account, above 0) and counted (1 or 0: what is
        to be counted in the population), indexed by person, in the order of the list.
    number
        People drawn.
    chosen
        How many of them from each stratum, where the draw is stratified.
    repeats
        Samples drawn in each way.

    Returns
    -------
    DataFrame
        how, lowest and highest (chance of anybody), together (the sum of all chances),
        accounts, mean and spread: over all samples the mean of the accounts drawn, and the
        mean and standard deviation of how many are counted, with each drawn person standing
        for one over the chance (Horvitz and Thompson).

    Examples
    --------
    >>> people = pd.DataFrame({"stratum": ["x"] * 6, "account_id": list("aabbcc"),
    ...                        "revenue": 1.0, "counted": [1, 0, 1, 0, 1, 0]})
    >>> found = draws(people, 6, {"x": 6}, repeats=2, rng=np.random.default_rng(1))
    >>> found[["mean", "spread"]].drop_duplicates().values.tolist()
    [[3.0, 0.0]]
    """
    drawing = {
        "simple random": lambda: design.simple_random(people.index, number, rng=rng),
        "stratified": lambda: design.stratified(people["stratum"], chosen, rng=rng),
        "systematic": lambda: design.systematic(people.index, number, rng=rng),
        "by size": lambda: design.pps_systematic(people["revenue"], number, rng=rng),
        "whole accounts": lambda: design.by_account(people["account_id"], number, rng=rng),
    }
    return pd.DataFrame(
        [
            {"how": how, **_drawn([draw() for _ in range(repeats)], people)}
            for how, draw in drawing.items()
        ]
    )


def _drawn(samples: list[design.Selection], people: pd.DataFrame) -> dict[str, float]:
    """Chances, which are the same in every sample, and what the samples say."""
    chances = samples[0].table["inclusion_probability"]
    drawn = [people.loc[sample.units] for sample in samples]
    counts = [
        float(part["counted"].to_numpy() @ sample.weights.to_numpy())
        for part, sample in zip(drawn, samples, strict=True)
    ]
    return {
        "lowest": float(chances.min()),
        "highest": float(chances.max()),
        "together": float(chances.sum()),
        "accounts": float(np.mean([part["account_id"].nunique() for part in drawn])),
        "mean": float(np.mean(counts)),
        "spread": float(np.std(counts)),
    }


def size_rows(size: design.SampleSize) -> pd.DataFrame:
    """The steps of a size: unrounded until the last two, which count people.

    >>> size_rows(design.size_for_margin(0.03))["shown"].tolist()
    ['1,067.1', '1,067.1', '1,067.1', '1,068', '1,068']
    """
    digits = [1] * (len(size.table) - 2) + [0, 0]
    shown = [decimal(n, places) for n, places in zip(size.table["people"], digits, strict=True)]
    return size.table.assign(shown=shown)


def plan_rows(plan: design.SamplePlan) -> pd.DataFrame:
    """The steps of a plan, each number written in its own unit."""
    steps = plan.steps
    shown = [formatter(UNITS[row["unit"]])(row["number"]) for row in records(steps)]
    return steps.assign(shown=shown)


def two_levels(people: ResponseRates, accounts: ResponseRates) -> pd.DataFrame:
    """Response rates of people and of accounts: rate, meaning, and value, low, high of each."""
    both = people.table.merge(
        accounts.table.drop(columns="meaning"), on="rate", suffixes=("", "_accounts")
    )
    return both.assign(rate=both["rate"].str.replace("rr", "RR"))


def weightings(
    ways: Mapping[str, Weights],
    sample: pd.DataFrame,
    margins: Mapping[str, pd.Series],
    *,
    points: pd.Series,
    clusters: pd.Series,
) -> pd.DataFrame:
    """What each way of weighting costs, leaves off the margins, and makes of a score.

    Parameters
    ----------
    ways
        Weights of the same respondents, by name.
    sample, margins
        The categories of each respondent and their sizes in the population, as for `rake`.
    points, clusters
        One number a respondent whose mean is the score, and the account of each.

    Returns
    -------
    DataFrame
        way, smallest and largest (weight, of mean 1), design_effect, effective_base (both by
        Kish), gap (largest distance from a category's share), value, low, high.
    """
    rows = []
    for way, weights in ways.items():
        score = mean(points, SurveyDesign(weights, clusters=clusters))
        rows.append({
            "way": way, "smallest": weights.values.min(), "largest": weights.values.max(),
            "design_effect": weights.design_effect, "effective_base": weights.effective_base,
            "gap": _gap(weights.values, sample, margins),
            "value": score.value, "low": score.low, "high": score.high,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _gap(weights: pd.Series, sample: pd.DataFrame, margins: Mapping[str, pd.Series]) -> float:
    """Largest distance between a category's weighted share and its share of the population."""
    gaps = [
        (weights.groupby(sample[name]).sum() / weights.sum()).sub(sizes / sizes.sum()).abs().max()
        for name, sizes in margins.items()
    ]
    return float(max(gaps))


def estimates(found: Mapping[str, Estimate]) -> pd.DataFrame:
    """Several estimates, a row each.

    Returns
    -------
    DataFrame
        way, and the columns of `Estimate.table`.
    """
    rows = [one.table.assign(way=way) for way, one in found.items()]
    return pd.concat(rows, ignore_index=True)


def r_survey() -> pd.DataFrame:
    """What R's survey package says of its samples: statistic, sample, call, shown, error."""
    rows = [
        (statistic, sample, call, decimal(value, digits), decimal(error, digits))
        for statistic, sample, call, value, error, digits in R_SURVEY
    ]
    return pd.DataFrame(rows, columns=["statistic", "sample", "call", "shown", "error"])
