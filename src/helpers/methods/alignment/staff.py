"""What employees say of the company's hold on its customers: five ratings, by wave and function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.alignment.paid import same_function
from helpers.methods.claims import level
from helpers.methods.loyalty.axes import cronbach
from helpers.methods.multiplicity import holm
from helpers.methods.survey import Estimate, SurveyDesign
from helpers.methods.survey.disclosure import Protection, protect, suppress

__all__ = ["DIMENSIONS", "Staff", "answers_of", "groups_of", "staff"]

PILLARS = ("generation", "dissemination", "responsiveness")  # batteries of several questions
DIMENSIONS = (*PILLARS, "belief", "line_of_sight")
ANSWERED = 0.5  # share of a battery that somebody must have answered
FEWEST_ITEMS = 2  # questions of which a reliability can be told
ENDS = ["value", "low", "high"]
COMPARED = ["dimension", *ENDS, "p", "p_family", "base", "verdict"]


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
        (Holm, over the dimensions), ``base`` of both, ``verdict`` (*higher*, *lower*, *not
        clear*); empty without an earlier wave.
    facing
        The same for those who meet customers less all others, in this wave.
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

    Employees are taken as a simple random sample of an endless staff, each wave drawn anew:
    nothing says who answered twice.

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
    groups = groups_of(sent[sent["wave"] == wave], smallest)
    waves = [w for w in (before, wave) if w is not None]
    earlier = told[sent["wave"] == before] if before is not None else told.iloc[:0]
    by_wave = [_of_wave(sent[sent["wave"] == w], told, w, asked, smallest, confidence)
               for w in waves]  # fmt: skip
    return Staff(
        pd.concat(by_wave, ignore_index=True),
        _compared(earlier, here, asked, smallest, confidence),
        _facing(here, groups, asked, smallest, confidence),
        _by_function(here, groups, asked, smallest, confidence),
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
    rows: pd.DataFrame, told: pd.DataFrame, wave: str, asked: Sequence[str], smallest: int,
    confidence: float,
) -> pd.DataFrame:  # fmt: skip
    made = []
    for dimension in asked:
        answers = told.loc[rows.index, dimension].dropna()
        if len(answers) < max(smallest, 2):
            continue
        items = _items(rows, dimension)
        found = survey.mean(answers, confidence=confidence)
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
    before: pd.DataFrame, after: pd.DataFrame, asked: Sequence[str], smallest: int,
    confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """Each dimension after less before; those with too few on a side are left out."""
    made = []
    for dimension in asked:
        first, last = (t[dimension].dropna().to_numpy(float) for t in (before, after))
        if min(len(first), len(last)) >= max(smallest, 2):
            pair = (SurveyDesign(), SurveyDesign())
            found = survey.difference(first, last, pair, confidence=confidence)
            made.append((dimension, found))
    return _judged(made, confidence)


def _judged(made: Sequence[tuple[str, Estimate]], confidence: float) -> pd.DataFrame:
    rows = pd.DataFrame(
        [(name, e.value, e.low, e.high, e.p_value, e.base) for name, e in made],
        columns=["dimension", *ENDS, "p", "base"],
    )
    family = holm(rows["p"])
    clear = family < level(confidence)
    verdict = np.where(clear, np.where(rows["value"] > 0, "higher", "lower"), "not clear")
    return rows.assign(p_family=family, verdict=verdict.astype(object))[COMPARED]


def _facing(
    here: pd.DataFrame, groups: Protection, asked: Sequence[str], smallest: int, confidence: float
) -> pd.DataFrame:
    """Those who meet customers less the others; nothing where either may not be shown."""
    if "customer_facing" not in groups.groups or groups.withheld("customer_facing"):
        return _judged([], confidence)
    faces = groups.groups["customer_facing"].astype(str)
    return _compared(
        here[faces == "does not"], here[faces.str.startswith("meets")], asked, smallest, confidence
    )


def _by_function(
    here: pd.DataFrame, groups: Protection, asked: Sequence[str], smallest: int, confidence: float
) -> pd.DataFrame:
    """Each dimension by function; small functions, and what would give them away, withheld."""
    parts = [
        survey.by_group(survey.mean, here[d], groups.groups["function"], confidence=confidence)
        .assign(dimension=d)
        for d in asked
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True).rename(columns={"group": "function"})
    rows = suppress(rows, "base", smallest, ENDS, whole="dimension")
    away = rows["withheld"].to_numpy() | rows["function"].isin(groups.withheld("function"))
    away |= rows["base"] < smallest
    for name in (*ENDS, "base"):
        rows[name] = rows[name].astype(float).mask(away)
    return rows.assign(withheld=away)[["function", "dimension", *ENDS, "base", "withheld"]]
