"""What people ask for themselves: products they ticked, and products a comment asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

__all__ = ["ASKED", "asked_in_comments", "asked_in_items", "products_of_items"]

ASKED = ["account_id", "contact_id", "product_id"]
WANTS = re.compile(  # in the languages that most comments come in
    r"\b(?:(?:am|are|is|be|we're|i'm) interested in|interest in|would like|we'd like|i'd like|"
    r"(?:please|kindly) (?:send|quote|offer|call|contact)|"
    r"(?:send|give|make) (?:us|me) (?:a|an|your) (?:quote|offer|price)|"
    r"(?:can|could|do) you (?:also )?(?:offer|quote|sell|send)|looking for|(?:we|i) need an?|"
    r"interessier\w+|(?:wir|ich) (?:hätten?|würden?|möchten?)|(?:hätten|würden|möchten) wir|"
    r"angebot (?:für|über)|bitte (?:um|senden|schicken)|"
    r"intéressés? par|(?:nous|je) (?:voudrions|voudrais|aimerions|souhait\w+)|devis pour|"
    r"interesad[oa]s? en|nos gustaría|quisi[ée]ra\w*|cotización)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def products_of_items(items: Mapping[str, str], products: pd.DataFrame) -> dict[str, str]:
    """The product that each question about interest is about.

    A question is about the product whose id its variable ends in (``interest_P08``), else the
    one whose name its label holds; of several, the longest.

    Parameters
    ----------
    items
        Labels by variable.
    products
        ``product_id`` and ``name``.

    Examples
    --------
    >>> listed = pd.DataFrame({"product_id": ["P1", "P2"], "name": ["Audit", "Energy audit"]})
    >>> products_of_items({"interest_p1": "?", "q7": "Hear about: energy audit"}, listed)
    {'interest_p1': 'P1', 'q7': 'P2'}
    """
    known = dict(zip(products["product_id"], products["name"], strict=True))
    return {v: found for v, label in items.items() if (found := _product(v, label, known))}


def _product(variable: str, label: str, known: Mapping[str, str]) -> str:
    ends = [pid for pid in known if variable.casefold().endswith(f"_{pid}".casefold())]
    named = [pid for pid, name in known.items() if name.casefold() in label.casefold()]
    return max(ends, key=len, default="") or max(named, key=lambda p: len(known[p]), default="")


def asked_in_items(
    responses: pd.DataFrame, products: Mapping[str, str], people: Iterable[str]
) -> pd.DataFrame:
    """Products that people said they would like to hear about, each person and product once.

    Parameters
    ----------
    responses
        ``account_id``, ``contact_id`` and the questions, where more than nothing is yes.
    products
        The product of each question, as `products_of_items` gives it.
    people
        Those who may count.

    Returns
    -------
    DataFrame
        account_id, contact_id, product_id.

    Examples
    --------
    >>> said = pd.DataFrame({"account_id": ["a", "a"], "contact_id": ["c", "d"], "i": [1, 1]})
    >>> asked_in_items(said, {"i": "p"}, ["c"]).values.tolist()
    [['a', 'c', 'p']]
    """
    if "contact_id" not in responses or not products:
        return pd.DataFrame(columns=ASKED, dtype="str")
    rows = responses[responses["contact_id"].isin(list(people))].dropna(subset=["account_id"])
    parts = [
        rows.loc[pd.to_numeric(rows[v], errors="coerce") > 0, ASKED[:2]].assign(product_id=pid)
        for v, pid in products.items()
    ]
    return pd.concat(parts).drop_duplicates().sort_values(ASKED, ignore_index=True)


def asked_in_comments(
    texts: pd.DataFrame, products: pd.DataFrame, people: Iterable[str]
) -> pd.DataFrame:
    """Products that a sentence of a comment names and asks for.

    A rule of words, not of meaning: the sentence holds a product's name and words that ask for
    something. No text is handed on.

    Parameters
    ----------
    texts
        ``account_id``, ``contact_id`` and ``text``.
    products
        ``product_id`` and ``name``.
    people
        Those who may count.

    Examples
    --------
    >>> said = pd.DataFrame({"account_id": "a", "contact_id": ["c", "d"], "text": [
    ...     "We would like an energy audit.", "The energy audit was fine."]})
    >>> listed = pd.DataFrame({"product_id": ["P2"], "name": ["Energy audit"]})
    >>> asked_in_comments(said, listed, ["c", "d"]).values.tolist()
    [['a', 'c', 'P2']]
    """
    rows = texts[texts["contact_id"].isin(list(people))].dropna(subset=["account_id", "text"])
    named = {p: _name(n) for p, n in zip(products["product_id"], products["name"], strict=True)}
    found = [
        (account, contact, pid)
        for account, contact, text in rows[["account_id", "contact_id", "text"]].values
        for sentence in SENTENCE.split(str(text))
        if WANTS.search(sentence)
        for pid, name in named.items()
        if name.search(sentence)
    ]
    return pd.DataFrame(sorted(set(found)), columns=ASKED, dtype="str")


def _name(name: object) -> re.Pattern[str]:
    """A product's name in a sentence, singular or plural."""
    stem = re.escape(re.sub(r"s$", "", str(name).strip()))
    return re.compile(rf"\b{stem}s?\b", re.IGNORECASE)
