"""What employees say of the company's hold on its customers: five ratings, by wave and function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.alignment.paid import same_function
from helpers.methods.alignment.teams import by_function, difference_of, mean_of, teams_of
from helpers.methods.claims import level
from helpers.methods.loyalty.axes import cronbach
from helpers.methods.multiplicity import holm
from helpers.methods.survey import Estimate
from helpers.methods.survey.disclosure import Protection, protect, suppress

__all__ = ["DIMENSIONS", "Staff", "answers_of", "groups_of", "staff"]

PILLARS = ("generation", "dissemination", "responsiveness")  # batteries of several questions
DIMENSIONS = (*PILLARS, "belief", "line_of_sight")
ANSWERED = 0.5  # share of a battery that somebody must have answered
FEWEST_ITEMS = 2  # questions of which a reliability can be told
FEWEST_DEGREES = 2.0  # of freedom: with less, nothing is claimed
ENDS = ["value", "low", "high"]
COMPARED = ["dimension", *ENDS, "p", "p_family", "base", "judged", "verdict"]


@dataclass(frozen=True)
class Staff:
    """Five ratings of customer focus by those who work there.

    Attributes
    ----------
    table
        One row a dimension and wave: ``dimension``, ``wave``, ``value`` with its ends, ``base``,
        ``items``, ``alpha`` (Cronbach's, where there are two questions or more).
    changes
        One row a dimension: this wave less the one before, with its ends, ``p``, ``p_family``
        (Holm, over the dimensions), ``base`` of both, ``judged`` (whether there are degrees of
        freedom to claim anything), ``verdict`` (*higher*, *lower*, *not clear*); empty without an
        earlier wave.
    facing
        The same for those who meet customers less all others, in this wave: a property of whole
        functions, which are what is compared. Empty where either side is a single function.
    functions
        One row a function and dimension: ``value`` with its ends and ``base``, missing where they
        are ``withheld``.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    facing: pd.DataFrame
    functions: pd.DataFrame
    wave: str
    base: int
    smallest: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        told = self.functions.dropna(subset=["value"])
        if (told["base"] < self.smallest).any():
            raise ValueError(f"a function is shown with fewer than {self.smallest} employees")

    @property
    def now(self) -> pd.DataFrame:
        """The dimensions in this wave, the weakest first."""
        return self.table[self.table["wave"] == self.wave].sort_values("value", kind="stable")


def staff(
    sent: pd.DataFrame,
    *,
    wave: str,
    before: str | None = None,
    smallest: int = 5,
    confidence: float = 0.95,
) -> Staff:
    """Estimate what employees say, now and before, by function and by whether they meet customers.

    Employees of one function in one unit are alike, as far as units are known: each such team is
    a cluster of an endless staff, else each employee. A team is one in both waves; nothing says
    who answered twice. No difference is clear where nobody differs on either side.

    Parameters
    ----------
    sent
        ``employee_survey``: wave, function, unit, customer_facing, generation_*,
        dissemination_*, responsiveness_*, belief, line_of_sight.
    wave, before
        The wave reported on, and the one to compare it with.
    smallest
        Fewest employees of whom a number is shown.

    Raises
    ------
    NotEstimable
        If fewer than ``smallest`` employees answered any of these questions in this wave.

    References
    ----------
    Kohli, Jaworski and Kumar (1993), Journal of Marketing Research 30; Cronbach (1951),
    Psychometrika 16.

    Examples
    --------
    >>> sent = pd.DataFrame({"wave": "W", "function": ["Sales"] * 6, "belief": [3, 4, 5, 3, 4, 5]})
    >>> found = staff(sent, wave="W")
    >>> found.table[["dimension", "value", "base"]].values.tolist(), found.base
    ([['belief', 4.0, 6]], 6)
    """
    told = answers_of(sent)
    here = told[sent["wave"] == wave]
    asked = [d for d in map(str, here) if here[d].notna().sum() >= max(smallest, 2)]
    if not asked:
        held = ", ".join(map(str, sent["wave"].dropna().unique())) or "no wave"
        raise NotEstimable(
            f"the base is too small: fewer than {smallest} employees rated customer focus in "
            f"{wave} (employee_survey holds {held})"
        )
    groups, teams = groups_of(sent[sent["wave"] == wave], smallest), teams_of(sent)
    waves = [w for w in (before, wave) if w is not None]
    earlier = told[sent["wave"] == before] if before is not None else told.iloc[:0]
    by_wave = [_of_wave(sent[sent["wave"] == w], told, w, asked, teams, smallest, confidence)
               for w in waves]  # fmt: skip
    return Staff(
        pd.concat(by_wave, ignore_index=True),
        _compared(earlier, here, asked, teams, smallest, confidence),
        _facing(here, groups, asked, by_function(sent), smallest, confidence),
        _by_function(here, groups, asked, teams, smallest, confidence),
        wave, int(here[asked].notna().any(axis=1).sum()), smallest,
    )  # fmt: skip


def answers_of(sent: pd.DataFrame) -> pd.DataFrame:
    """Each employee's rating of each dimension that was asked: the mean of its questions.

    Of a battery at least half must be answered.

    >>> rows = pd.DataFrame({"generation_1": [2, 4], "generation_2": [4, None], "belief": [5, 1]})
    >>> answers_of(rows).values.tolist()
    [[3.0, 5.0], [4.0, 1.0]]
    """
    found = {}
    for dimension in DIMENSIONS:
        items = _items(sent, dimension)
        if len(items.columns) and items.notna().any(axis=None):
            enough = items.notna().mean(axis=1) >= ANSWERED
            found[dimension] = items.mean(axis=1).where(enough)
    return pd.DataFrame(found, index=sent.index)


def _items(sent: pd.DataFrame, dimension: str) -> pd.DataFrame:
    names = [c for c in sent if str(c).startswith(f"{dimension}_")] if dimension in PILLARS else (
        [dimension] if dimension in sent else []
    )  # fmt: skip
    return sent[names].astype(float)


def groups_of(here: pd.DataFrame, smallest: int) -> Protection:
    """Functions, whether they meet customers, and units of one wave: which may be shown.

    >>> rows = pd.DataFrame({"function": ["Sales"] * 6 + ["Law"] * 3 + ["IT"] * 9})
    >>> sorted(groups_of(rows, 5).withheld("function"))
    ['Law', 'Sales']
    """
    first: dict[str, str] = {}
    of = pd.Series(
        [first.setdefault(same_function(f), str(f).strip()) if same_function(f) else None
         for f in here["function"]], index=here.index, dtype=object,
    )  # fmt: skip
    columns = {"function": of}
    if "customer_facing" in here:
        faces = here["customer_facing"].map({True: "meets customers", False: "does not"})
        columns["customer_facing"] = faces
    if "unit" in here:
        columns["unit"] = here["unit"].replace("", pd.NA).astype(object)
    return protect(pd.DataFrame(columns, index=here.index), smallest)


def _of_wave(
    rows: pd.DataFrame, told: pd.DataFrame, wave: str, asked: Sequence[str], teams: pd.Series,
    smallest: int, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    made = []
    for dimension in asked:
        answers = told.loc[rows.index, dimension].dropna()
        if len(answers) < max(smallest, 2):
            continue
        items = _items(rows, dimension)
        found = mean_of(answers, teams, confidence)
        made.append({"dimension": dimension, "wave": wave, "value": found.value, "low": found.low,
                     "high": found.high, "base": found.base, "items": items.shape[1],
                     "alpha": _reliability(items)})  # fmt: skip
    return pd.DataFrame(
        made, columns=["dimension", "wave", *ENDS, "base", "items", "alpha"]
    ).astype({"alpha": float})


def _reliability(items: pd.DataFrame) -> float:
    """Cronbach's alpha of those who answered every question."""
    whole = items.dropna()
    if items.shape[1] < FEWEST_ITEMS or len(whole) <= items.shape[1]:
        return float("nan")
    return float(cronbach(np.cov(whole.to_numpy(float), rowvar=False)))


def _compared(
    before: pd.DataFrame, after: pd.DataFrame, asked: Sequence[str], teams: pd.Series,
    smallest: int, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """Each dimension after less before; those with too few on a side are left out."""
    made = []
    for dimension in asked:
        first, last = before[dimension].dropna(), after[dimension].dropna()
        if min(len(first), len(last)) >= max(smallest, 2):
            made.append((dimension, difference_of(first, last, teams, confidence)))
    return _judged(made, confidence)


def _judged(made: Sequence[tuple[str, Estimate]], confidence: float) -> pd.DataFrame:
    rows = pd.DataFrame(
        [(name, e.value, e.low, e.high, _chance(e), e.base) for name, e in made],
        columns=["dimension", *ENDS, "p", "base"],
    )
    family = holm(rows["p"])
    enough = np.array([e.degrees_of_freedom >= FEWEST_DEGREES for _, e in made], dtype=bool)
    clear = enough & (family < level(confidence))
    verdict = np.where(clear, np.where(rows["value"] > 0, "higher", "lower"), "not clear")
    return rows.assign(p_family=family, judged=enough, verdict=verdict.astype(object))[COMPARED]


def _chance(found: Estimate) -> float:
    """Its p value; 1 where nobody differs, since nothing then tells how far chance reaches."""
    return found.p_value if found.standard_error > 0 else 1.0


def _facing(
    here: pd.DataFrame, groups: Protection, asked: Sequence[str], functions: pd.Series,
    smallest: int, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """Those who meet customers less the others; nothing where either may not be shown.

    Who meets customers is a property of whole functions: these are what was drawn.
    """
    if "customer_facing" not in groups.groups or groups.withheld("customer_facing"):
        return _judged([], confidence)
    faces = groups.groups["customer_facing"].astype(str)
    sides = here[faces == "does not"], here[faces.str.startswith("meets")]
    several = [d for d in asked if all(_several(functions, side[d]) for side in sides)]
    return _compared(*sides, several, functions, smallest, confidence)


def _several(functions: pd.Series, answers: pd.Series) -> bool:
    return len(functions.loc[answers.dropna().index].unique()) > 1


def _by_function(
    here: pd.DataFrame, groups: Protection, asked: Sequence[str], teams: pd.Series,
    smallest: int, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """Each dimension by function; small functions, and what would give them away, withheld."""
    parts = [_each(here[d], groups.groups["function"], teams, confidence).assign(dimension=d)
             for d in asked]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows = suppress(rows, "base", smallest, ENDS, whole="dimension")
    away = rows["withheld"].to_numpy() | rows["function"].isin(groups.withheld("function"))
    away |= rows["base"] < smallest
    for name in (*ENDS, "base"):
        rows[name] = rows[name].astype(float).mask(away)
    return rows.assign(withheld=away)[["function", "dimension", *ENDS, "base", "withheld"]]


def _each(
    answers: pd.Series, functions: pd.Series, teams: pd.Series, confidence: float
) -> pd.DataFrame:
    """The mean of each function; of few teams, no end lies beyond what anybody answered."""
    made = []
    for name in sorted(functions.dropna().unique(), key=str):
        given = answers[functions == name].dropna()
        ends = (np.nan,) * 3
        if len(given) > 1:
            found = mean_of(given, teams, confidence).clipped(answers.min(), answers.max())
            ends = (found.value, found.low, found.high)
        made.append((name, *ends, len(given)))
    return pd.DataFrame(made, columns=["function", *ENDS, "base"])
