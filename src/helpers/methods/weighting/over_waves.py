"""Weights for each wave of a survey, each wave to its own population, so that changes compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Calibrated
from helpers.methods.survey.estimates import kish_base
from helpers.methods.weighting.raking import rake
from helpers.methods.weighting.unknown import UNKNOWN, with_unknown
from helpers.methods.weighting.weights import Weights

__all__ = ["ANSWERED", "OWN", "POPULATION", "WaveWeights", "over_waves", "unweighted_waves"]

POPULATION, OWN, ANSWERED = "population", "own", "answered"
ALIKE = "its respondents count alike: the sampling chapter gave this wave no weights"
UNLISTED = "its population is not known"
OfWave = Weights | pd.Series


@dataclass(frozen=True)
class WaveWeights:
    """How the respondents of each wave count.

    ``table`` has a row for each wave, in order: ``wave``, ``by`` (``population``: weighted to
    its own population; ``own``: by the client's own weight; ``answered``: everyone alike),
    ``respondents``, ``effective_base`` (Kish's, by weights alone) and ``reason`` (why a wave is
    as answered; empty where it is weighted). ``weights`` has those of each weighted wave.
    """

    table: pd.DataFrame
    weights: Mapping[str, OfWave]
    base: int

    def __post_init__(self) -> None:
        weighted = set(self.table.loc[self.table["by"] != ANSWERED, "wave"])
        if weighted != set(self.weights):
            raise ValueError("the waves said to be weighted are not those that have weights")

    @property
    def reasons(self) -> dict[str, str]:
        """Why each wave that counts as answered does, where another wave is weighted."""
        return unweighted_waves(self.table)

    def design(
        self,
        waves: pd.Series,
        order: Sequence[str],
        *,
        strata: Mapping[str, pd.Series | None] | None = None,
        clusters: pd.Series | None = None,
    ) -> SurveyDesign:
        """The design of all waves, each with its own weights.

        Parameters
        ----------
        waves
            The wave of each respondent.
        order
            The waves, the earliest first.
        strata
            By wave: the stratum in which each respondent was drawn.
        clusters
            What is one and the same in all waves.
        """
        parts = {}
        for wave in order:
            index = waves.index[waves == wave]
            parts[wave] = SurveyDesign(
                self.weights.get(wave),
                strata=(strata or {}).get(wave),
                clusters=None if clusters is None else clusters[index],
            ).of(index)
        return SurveyDesign.over(parts)


def unweighted_waves(table: pd.DataFrame | None) -> dict[str, str]:
    """Why each wave that counts as answered does, by a kept table of `WaveWeights`.

    Nothing where no wave is weighted, or no chapter made one.

    >>> unweighted_waves(None)
    {}
    """
    if table is None or (table["by"] == ANSWERED).all():
        return {}
    rows = table[table["by"] == ANSWERED]
    return dict(zip(rows["wave"], rows["reason"], strict=True))


def over_waves(
    responses: pd.DataFrame,
    margins: Mapping[str, Mapping[str, pd.Series]],
    *,
    now: str,
    weights: Weights | None,
    trim: float | None = None,
    base: Mapping[str, pd.Series | None] | None = None,
) -> WaveWeights:
    """Weight each wave to its own population, as this wave was weighted to its own.

    The same columns, the same limit on weights and the same start from chances of being
    asked are used in every wave. A wave whose population is not known counts by the client's
    own weight where every respondent of it has one, else as answered; so does one in which
    a category of the population did not answer, for it would be weighted to something else.
    Where this wave has no weights, no wave has.

    Parameters
    ----------
    responses
        All waves: ``wave`` and the columns weighted to; ``weight`` where the client sent one.
    margins
        By wave: for each column the size of its categories. Waves that are absent are not known.
    now
        The wave that was weighted first.
    weights
        As `rake` returned them for that wave; ``None`` where everybody counts alike.
    trim
        The limit that `rake` was given.
    base
        By wave: weights to start from, or ``None``; equal where a wave is absent.

    Raises
    ------
    ValueError
        If ``now`` is none of the waves.

    References
    ----------
    Kish (1965), Survey Sampling, 12.4, on comparing waves; Deming and Stephan (1940), Annals
    of Mathematical Statistics 11.

    Examples
    --------
    >>> people = pd.DataFrame({"wave": ["w1"] * 3 + ["w2"] * 3, "tier": list("AABABB")})
    >>> sizes = {wave: {"tier": pd.Series({"A": 1, "B": 1})} for wave in ("w1", "w2")}
    >>> this = people[people["wave"] == "w2"]
    >>> found = over_waves(people, sizes, now="w2", weights=rake(this[["tier"]], sizes["w2"]))
    >>> [one.tolist() for one in (found.weights["w1"].values, found.weights["w2"].values)]
    [[0.75, 0.75, 1.5], [1.5, 0.75, 0.75]]
    """
    waves = sorted(responses["wave"].dropna().unique(), key=str)
    if now not in waves:
        raise ValueError(f"no response is of wave {now!r}; the waves are {', '.join(waves)}")
    made: dict[str, OfWave | str] = {now: ALIKE if weights is None else weights}
    for wave in waves:
        if wave != now:
            rows = responses[responses["wave"] == wave]
            start = (base or {}).get(wave)
            made[wave] = (
                ALIKE
                if isinstance(made[now], str)
                else _of_wave(rows, margins.get(wave), start, trim)
            )
    return _result(responses, waves, now, made)


def _of_wave(
    rows: pd.DataFrame,
    margins: Mapping[str, pd.Series] | None,
    base: pd.Series | None,
    trim: float | None,
) -> OfWave | str:
    """The weights of a wave, or why it has none."""
    why = UNLISTED if margins is None else _absent(rows, margins)
    if margins is not None and not why:
        sample, sizes, _ = with_unknown(rows[list(margins)], margins)
        try:
            return rake(sample, sizes, base=base, trim=trim)
        except ValueError as refusal:  # margins that its answers cannot meet
            why = str(refusal)
    own = rows["weight"] if margins is None and "weight" in rows else None
    if own is not None and own.notna().all() and (own > 0).all():
        return own.astype(float) / own.mean()
    return why


def _absent(rows: pd.DataFrame, margins: Mapping[str, pd.Series]) -> str:
    """Which categories of the population did not answer; empty where all did."""
    if not margins:
        return UNLISTED
    gone = {
        name: sorted(map(str, set(sizes[sizes > 0].index) - {UNKNOWN} - set(rows[name])))
        for name, sizes in margins.items()
    }
    found = [f"{', '.join(names)} ({name})" for name, names in gone.items() if names]
    return f"nobody answered of {'; '.join(found)}" if found else ""


def _result(
    responses: pd.DataFrame, waves: list[str], now: str, made: Mapping[str, OfWave | str]
) -> WaveWeights:
    weights = {wave: found for wave, found in made.items() if not isinstance(found, str)}
    rows = []
    for wave in waves:
        found, count = made[wave], int((responses["wave"] == wave).sum())
        own = isinstance(found, pd.Series) and wave != now
        by = ANSWERED if isinstance(found, str) else OWN if own else POPULATION
        numbers = found.values if isinstance(found, Calibrated) else found
        alike = isinstance(found, str)
        rows.append(
            {"wave": wave, "by": by, "respondents": count,
             "effective_base": count if alike else kish_base(np.asarray(numbers, dtype=float)),
             "reason": found if alike else ""}
        )  # fmt: skip
    return WaveWeights(pd.DataFrame(rows), weights, len(responses))
