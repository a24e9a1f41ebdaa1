"""How respondents came to be asked: their chances of it, and the strata they were drawn in."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.stacking import merged

__all__ = [
    "base_weights", "base_weights_by_wave", "drawn_strata", "finite_population", "strata_by_wave",
    "with_list",
]  # fmt: skip


def base_weights(responses: pd.DataFrame, asked: pd.DataFrame | None) -> pd.Series | None:
    """One over each respondent's chance of being asked; ``None`` where chances are not known.

    Parameters
    ----------
    responses
        ``contact_id`` of each respondent.
    asked
        The invitations of the wave: ``contact_id`` and ``inclusion_probability`` (0 to 1).

    Returns
    -------
    Series
        A weight for each respondent, mean 1; respondents without a chance on record count 1.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b"]})
    >>> chances = pd.DataFrame({"contact_id": ["a", "b"], "inclusion_probability": [0.5, 1.0]})
    >>> base_weights(people, chances).round(2).tolist()
    [1.33, 0.67]
    """
    found = _of_invitation(responses, asked, "inclusion_probability")
    if found is None:
        return None
    if (found <= 0).any() or (found > 1).any():
        raise ValueError("inclusion_probability is a chance above 0 and at most 1; correct it")
    weights = (1 / found).fillna((1 / found).mean())
    return (weights / weights.mean()).rename("base_weight")


def base_weights_by_wave(
    responses: pd.DataFrame, asked: pd.DataFrame | None, waves: Iterable[str]
) -> dict[str, pd.Series | None]:
    """`base_weights` of each wave; nothing where no invitations were sent.

    >>> people = pd.DataFrame({"wave": ["w1", "w2"], "contact_id": ["a", "a"]})
    >>> chances = people.assign(inclusion_probability=[0.5, 1.0])
    >>> list(base_weights_by_wave(people, chances, ["w1", "w2"]))
    ['w1', 'w2']
    """
    if asked is None:
        return {}
    return {
        wave: base_weights(responses[responses["wave"] == wave], asked[asked["wave"] == wave])
        for wave in waves
    }


def drawn_strata(responses: pd.DataFrame, asked: pd.DataFrame | None) -> pd.Series | None:
    """The stratum in which each respondent's account was drawn; ``None`` where it is not known.

    An account counts in the stratum of most of its respondents (the first by name of
    several), people without a stratum on record in one of their own, and a stratum from
    which a single account answered joins the smallest of the others: its own spread
    cannot be known.

    Parameters
    ----------
    responses
        ``contact_id`` and ``account_id`` of each respondent.
    asked
        The invitations of the wave: ``contact_id`` and ``stratum``.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": list("abcde"), "account_id": list("vwxyz")})
    >>> drawn = people.assign(stratum=["Key", "Key", "Core", "Core", "New"])
    >>> drawn_strata(people, drawn).tolist()
    ['Key', 'Key', 'Core and New', 'Core and New', 'Core and New']
    """
    found = _of_invitation(responses, asked, "stratum")
    if found is None or "account_id" not in responses or responses["account_id"].isna().any():
        return None
    named = found.astype(object).where(found.notna(), "not known").astype(str)
    people = named.groupby([responses["account_id"], named]).size()
    most = people.rename_axis(["account_id", "stratum"]).sort_values(ascending=False, kind="stable")
    first = most.reset_index().drop_duplicates("account_id").set_index("account_id")
    of_account = merged(first["stratum"].sort_index())
    strata = responses["account_id"].map(of_account).rename("stratum")
    return strata if len(of_account.unique()) > 1 else None


def strata_by_wave(
    responses: pd.DataFrame, asked: pd.DataFrame | None, waves: Iterable[str]
) -> dict[str, pd.Series | None]:
    """`drawn_strata` of each wave; nothing where no invitations were sent.

    >>> people = pd.DataFrame({"contact_id": list("abcd"), "account_id": list("vwxy")})
    >>> people = people.assign(wave="w1")
    >>> drawn = people.assign(stratum=["Key", "Key", "Core", "Core"])
    >>> strata_by_wave(people, drawn, ["w1"])["w1"].tolist()
    ['Key', 'Key', 'Core', 'Core']
    """
    if asked is None:
        return {}
    return {
        wave: drawn_strata(responses[responses["wave"] == wave], asked[asked["wave"] == wave])
        for wave in waves
    }


def finite_population(
    responses: pd.DataFrame,
    asked: pd.DataFrame | None,
    *,
    strata: pd.Series | None = None,
    clusters: pd.Series | None = None,
) -> pd.Series | float | None:
    """Accounts of which as large a share was sampled as of the people on the list answered.

    People are drawn from a list without replacement, and those on it number as many as chances
    of being asked say. Of each stratum the share that answered is known then, and known for
    certain. That share is taken of accounts: not the larger one of accounts from which
    anybody answered, for an account is not known by some of its people. So a stratum that
    was asked whole and answered whole has no sampling error, and one of which 45 % answered
    has 55 % of its variance. Those who keep silent are taken for a random part of their stratum
    and weighting group, as they are by the weights.

    Parameters
    ----------
    responses
        ``contact_id`` of each respondent.
    asked
        The invitations of the wave: ``contact_id``, ``inclusion_probability``, ``stratum``.
    strata, clusters
        Of each respondent (`drawn_strata`); people alone where there are no clusters.

    Returns
    -------
    Series, float or None
        The number for each respondent's stratum, or for all; ``None`` where the chance of
        anybody asked is not known, or more people answered than there are.

    Examples
    --------
    Two of four accounts were asked, two people in each, of whom one answered:

    >>> people = pd.DataFrame({"contact_id": ["a", "c"]})
    >>> drawn = pd.DataFrame({"contact_id": list("abcd"), "inclusion_probability": 0.5})
    >>> finite_population(people, drawn, clusters=pd.Series(["x", "y"]))
    8.0
    """
    if asked is None or not {"contact_id", "inclusion_probability"} <= set(asked):
        return None
    chance = asked.drop_duplicates("contact_id").set_index("contact_id")["inclusion_probability"]
    if "contact_id" not in responses or not chance.between(0, 1, inclusive="right").all():
        return None
    if not responses["contact_id"].isin(chance.index).all():
        return None
    found = _strata_of_people(responses, asked, strata)
    listed, seen = (1 / chance).groupby(found[0]).sum(), found[1].value_counts()
    units = responses.index.to_series() if clusters is None else clusters
    sampled = units.groupby(found[1]).nunique()
    sizes = sampled * (listed.reindex(seen.index) / seen).reindex(sampled.index)
    if not (listed.reindex(seen.index) >= seen).all():
        return None
    return float(sizes.iloc[0]) if strata is None else strata.map(sizes).astype(float)


def with_list(
    design: SurveyDesign, responses: pd.DataFrame, asked: pd.DataFrame | None
) -> SurveyDesign:
    """The design of a wave with what was seen of the list it was drawn from (`finite_population`).

    A design without weights stays as it is: sizes would become its weights.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "c"]})
    >>> drawn = pd.DataFrame({"contact_id": list("abcd"), "inclusion_probability": 0.5})
    >>> with_list(SurveyDesign([1.0, 1.0]), people, drawn).population
    8.0
    """
    if design.weights is None:
        return design
    rows = pd.Series(0.0, index=responses.index)
    size = finite_population(
        responses, asked, strata=design.strata_for(rows), clusters=design.clusters_for(rows)
    )
    return design if size is None else design.with_population(size)


def _strata_of_people(
    responses: pd.DataFrame, asked: pd.DataFrame, strata: pd.Series | None
) -> tuple[pd.Series, pd.Series]:
    """The stratum of everybody asked, by contact, and of each respondent, by the same names."""
    people = asked.drop_duplicates("contact_id").set_index("contact_id")
    if strata is None:
        return pd.Series("all", index=people.index), pd.Series("all", index=responses.index)
    named = people["stratum"].astype(object).where(people["stratum"].notna(), "not known")
    own = responses["contact_id"].map(named.astype(str))
    joined = strata.groupby(own).agg(lambda names: names.mode().iloc[0])
    return named.astype(str).map(joined), strata


def _of_invitation(
    responses: pd.DataFrame, asked: pd.DataFrame | None, name: str
) -> pd.Series | None:
    """What the invitations say of each respondent; ``None`` where they say nothing."""
    if asked is None or not {"contact_id", name} <= set(asked) or "contact_id" not in responses:
        return None
    known = asked.dropna(subset=[name]).drop_duplicates("contact_id").set_index("contact_id")[name]
    found = responses["contact_id"].map(known)
    return None if found.isna().all() else found.replace({None: np.nan})
