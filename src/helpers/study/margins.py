"""How large each category of the population is, from ``population`` or from the lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from helpers.study.config import Config

__all__ = [
    "UNKNOWN",
    "eligible",
    "grouping_columns",
    "known_columns",
    "margins",
    "of_wave",
    "one_margin",
    "silent",
    "wanted_columns",
    "waves_sent",
]

UNKNOWN = "not known"  # the category of people of whom the list leaves a column blank


def margins(
    tables: Mapping[str, pd.DataFrame],
    config: Config,
    names: tuple[str, ...],
    wave: str,
    on: pd.Timestamp | None = None,
) -> dict[str, pd.Series]:
    """Size of every category of each named column, as the list stood on a day.

    The ``population`` table is used where it holds the column; else eligible people
    (active, not opted out) of the contact list with their accounts; else accounts,
    where a response is an account's.

    Raises
    ------
    ValueError
        Where a column is in none of them.
    """
    return {name: _margin(tables, name, wave, on) for name in names}


def _margin(
    tables: Mapping[str, pd.DataFrame], name: str, wave: str, on: pd.Timestamp | None
) -> pd.Series:
    population = tables.get("population")
    if population is not None and name in grouping_columns(population):
        return one_margin(of_wave(population, wave), name)
    people = eligible(tables, on)
    if people is not None and name in people:
        named = people[name].astype(object).where(people[name].notna(), UNKNOWN)
        sizes = named.value_counts().sort_index().rename_axis(name)
        return sizes.astype(float).rename("size")
    raise ValueError(
        f"no population to weight {name!r} to: send it as a column of population.csv with "
        "`size`, or in accounts.csv or contacts.csv for every eligible customer"
    )


def known_columns(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Every column whose categories can be counted in the population."""
    population, people = tables.get("population"), eligible(tables)
    if population is not None:
        return tuple(grouping_columns(population))
    return () if people is None else tuple(people.columns)


def grouping_columns(population: pd.DataFrame) -> list[str]:
    """The columns of ``population`` that divide it.

    Examples
    --------
    >>> grouping_columns(pd.DataFrame(columns=["wave", "tier", "size"]))
    ['tier']
    """
    return [name for name in population.columns if name not in ("wave", "size")]


def wanted_columns(
    tables: Mapping[str, pd.DataFrame], config: Config, joined: pd.DataFrame
) -> list[str]:
    """Columns to weight to, if all of their groups answered: known of both sides."""
    known = known_columns(tables)
    wanted = known if "population" in tables else (*config.segments, "role")
    declared = config.parameters.get("sampling", {}).get("margins") or ()
    return [n for n in dict.fromkeys((*wanted, *declared)) if n in known and n in joined]


def waves_sent(tables: Mapping[str, pd.DataFrame], waves: Iterable[str]) -> list[str]:
    """Waves whose population was sent; all of them where it has none of its own."""
    sent = tables.get("population")
    given = None if sent is None or "wave" not in sent else sent["wave"]
    return [w for w in waves if given is None or (given.isna() | (given == w)).any()]


def silent(sizes: pd.Series, answered: pd.Series) -> tuple[str, ...]:
    """Categories that have people in the population and from which nobody answered.

    >>> silent(pd.Series({"A": 9.0, "B": 4.0, "C": 0.0}), pd.Series(["A"]))
    ('B',)
    """
    return tuple(sorted(set(sizes[sizes > 0].index) - {UNKNOWN} - set(answered)))


def of_wave(population: pd.DataFrame, wave: str) -> pd.DataFrame:
    """The rows of one wave, or all where the population has no waves."""
    if "wave" not in population:
        return population
    rows = population[population["wave"].isna() | (population["wave"] == wave)]
    if rows.empty:
        raise ValueError(f"population.csv has no rows of wave {wave}: add them")
    return rows


def one_margin(population: pd.DataFrame, name: str) -> pd.Series:
    """Sizes by one column; rows where only it is filled are the margin as it was sent."""
    others = [c for c in grouping_columns(population) if c != name]
    filled = population[population[name].notna()]
    alone = filled[filled[others].isna().all(axis=1)]
    rows = alone if len(alone) else filled
    return rows.groupby(name, sort=True)["size"].sum().astype(float)


def eligible(
    tables: Mapping[str, pd.DataFrame], on: pd.Timestamp | None = None
) -> pd.DataFrame | None:
    """Everyone who could have been asked, with the columns of their account.

    Contacts of an account that had ended by the day, or not yet begun, do not count.
    """
    accounts = _live(tables.get("accounts"), on)
    contacts = tables.get("contacts")
    if contacts is None:
        per_account = "completes" in tables["responses"] and accounts is not None
        return accounts if per_account else None
    active = contacts.get("active", pd.Series(True, index=contacts.index)).fillna(True)
    out = contacts.get("opt_out", pd.Series(False, index=contacts.index)).fillna(False)
    people = contacts[active.astype(bool) & ~out.astype(bool)]
    if accounts is None:
        return people
    gone = set(tables["accounts"]["account_id"]) - set(accounts["account_id"])
    people = people[~people["account_id"].isin(gone)]
    new = ["account_id", *(c for c in accounts.columns if c not in people.columns)]
    return people.merge(accounts[new], on="account_id", how="left")


def _live(accounts: pd.DataFrame | None, on: pd.Timestamp | None) -> pd.DataFrame | None:
    """The accounts that had begun, and had not ended, on a day."""
    if accounts is None or on is None or pd.isna(on):
        return accounts
    never = pd.Series(pd.NaT, index=accounts.index)
    ended = pd.to_datetime(accounts.get("end_date", never)) <= on
    begun = ~(pd.to_datetime(accounts.get("start_date", never)) > on)
    return accounts[begun & ~ended]
