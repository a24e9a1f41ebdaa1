"""Weights from the chances that respondents had of being asked."""

from __future__ import annotations

import pandas as pd

__all__ = ["base_weights"]


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
    needed = {"contact_id", "inclusion_probability"}
    if asked is None or not needed <= set(asked) or "contact_id" not in responses:
        return None
    chance = asked.dropna(subset=["inclusion_probability"]).drop_duplicates("contact_id")
    found = responses["contact_id"].map(chance.set_index("contact_id")["inclusion_probability"])
    if found.isna().all():
        return None
    if (found <= 0).any() or (found > 1).any():
        raise ValueError("inclusion_probability is a chance above 0 and at most 1; correct it")
    weights = (1 / found).fillna((1 / found).mean())
    return (weights / weights.mean()).rename("base_weight")
