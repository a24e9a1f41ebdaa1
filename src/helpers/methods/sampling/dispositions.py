"""How each case ended, in the letters of the AAPOR formulas.

Codes are those of AAPOR (2015), Standard Definitions, 8th edition, Table 4, internet
surveys of specifically named persons. An invitation that bounced is "returned
undelivered" (3.30): it says nothing about whether the person is still there, so it is
of unknown eligibility, as is silence ("nothing ever returned", 3.19). Non-contact (2.20)
is only somebody known to be there who was away, or whose answer came too late: write
``unknown``, not ``noncontact``, where nothing at all came back. RR1 and RR2 are the same
either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import pandas as pd
from numpy.typing import ArrayLike

from helpers.methods.survey.columns import aligned

__all__ = ["AAPOR", "account_dispositions", "checked", "letters"]

# From the best ending an account can have to the least.
AAPOR = {
    "complete": "I",
    "partial": "P",
    "refusal": "R",
    "breakoff": "R",
    "other": "O",
    "noncontact": "NC",
    "unknown": "U",
    "bounce": "U",
    "ineligible": "ineligible",
    "quarantined": "not asked",
    "excluded": "not asked",
}


def letters(dispositions: Iterable[object], *, count_kept_out: bool = False) -> list[str]:
    """Give the AAPOR letter of each disposition.

    >>> letters(["complete", "bounce", "excluded"])
    ['I', 'U', 'not asked']
    """
    kept_out = "U" if count_kept_out else "not asked"
    found = [AAPOR[str(name)] for name in dispositions]
    return [kept_out if letter == "not asked" else letter for letter in found]


def checked(dispositions: ArrayLike) -> pd.Series:
    """Read dispositions, and refuse any that has no meaning here.

    Examples
    --------
    >>> checked(["complete", "Complete"])
    Traceback (most recent call last):
    ValueError: 'Complete' is not a disposition; did you mean 'complete'?
    """
    found = pd.Series(dispositions)
    if found.isna().any():
        raise ValueError(
            f"{int(found.isna().sum())} cases have no disposition; "
            "write unknown where it is not known how a case ended"
        )
    strange = [name for name in found.unique() if name not in AAPOR]
    if strange:
        near = get_close_matches(str(strange[0]).lower().strip(), AAPOR, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(AAPOR)}"
        raise ValueError(f"{strange[0]!r} is not a disposition; {hint}")
    return found.astype(str)


def account_dispositions(dispositions: ArrayLike, accounts: ArrayLike) -> pd.Series:
    """How each account ended: it answered if any of its people did.

    Otherwise it is refused, other, not contacted or unknown, whichever comes first for
    any of its people, and ineligible or never asked only if that holds for all of them.
    `response_rates` of the result are the response rates of accounts.

    Parameters
    ----------
    dispositions
        How each person's case ended.
    accounts
        The account of each person; who has none is left out.

    Returns
    -------
    Series
        A disposition for each account, by its name.

    Raises
    ------
    ValueError
        For a disposition without a meaning.

    Examples
    --------
    >>> ended = ["refusal", "partial", "bounce", "ineligible"]
    >>> account_dispositions(ended, ["a", "a", "b", "b"]).to_dict()
    {'a': 'partial', 'b': 'bounce'}
    """
    found = checked(dispositions)
    owner = aligned(accounts, found, "accounts")
    order = list(AAPOR)
    best = found.map({name: place for place, name in enumerate(order)}).groupby(owner).min()
    return best.map(dict(enumerate(order))).rename("disposition").rename_axis("account_id")
