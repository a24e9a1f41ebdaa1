"""Which parts of a study a chapter looked at, so that its results are known to rest on no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, cast

import pandas as pd

from helpers.study import verbatims
from helpers.study.config import Config
from helpers.study.study import Study

__all__ = ["noticed"]

WATCHED = ("counts", "notes", "warnings", "letters")  # besides tables and client.yml
SEEN = "_seen"


def noticed(study: Study) -> tuple[Study, set[str]]:
    """The same study, and the names of what is looked at from here on.

    A name is ``table accounts`` (also where it was asked for and is not there), ``tables`` (which
    there are), ``names`` (of people and companies, which any table may list), ``setting policy``
    (a key of ``client.yml``), or ``counts``, ``notes``, ``warnings`` and ``letters``. Answers and
    codebook are not noted: every chapter reads them.

    Examples
    --------
    >>> from helpers.study import open_study
    >>> study, seen = noticed(open_study("northfield"))
    >>> len(study.table("themes")), study.has("outcomes"), study.currency
    (8, False, 'USD')
    >>> sorted(seen)
    ['setting currency', 'table outcomes', 'table themes']
    """
    seen: set[str] = set()
    copy = object.__new__(_Noticed)
    copy.__dict__.update({f.name: getattr(study, f.name) for f in fields(Study)})
    tables, config = _Tables(study.tables, seen), cast(Config, _Settings(study.config, seen))
    copy.__dict__.update({"tables": tables, "config": config, SEEN: seen})
    return copy, seen


class _Noticed(Study):
    """A study that notes which of its watched parts are asked for."""

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        if name in WATCHED:
            self.__dict__.get(SEEN, set()).add(name)
        return super().__getattribute__(name)

    @property
    def known_names(self) -> dict[str, tuple[str, ...]]:
        """The names alone count, not all else that stands in the tables that list them."""
        if not isinstance(self.tables, _Tables):
            return super().known_names
        return verbatims.known_names(self.tables.unnoticed("names"))


class _Tables(Mapping[str, pd.DataFrame]):
    """The tables of a study; each that is asked for is noted."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], seen: set[str]) -> None:
        self._tables, self._seen = tables, seen

    def unnoticed(self, instead: str) -> Mapping[str, pd.DataFrame]:
        """The tables themselves, with another name noted for what is taken of them."""
        self._seen.add(instead)
        return self._tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        self._seen.add(f"table {name}")
        return self._tables[name]

    def __contains__(self, name: object) -> bool:
        self._seen.add(f"table {name}")
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        self._seen.add("tables")
        return iter(self._tables)

    def __len__(self) -> int:
        self._seen.add("tables")
        return len(self._tables)


class _Settings:
    """What ``client.yml`` says; each key that is asked for is noted."""

    def __init__(self, config: Config, seen: set[str]) -> None:
        self._config, self._seen = config, seen

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        if name.startswith("__"):
            raise AttributeError(name)
        keys = type(self._config).model_fields
        read = [name] if name in keys else list(keys)  # a method reads what it likes
        self._seen.update(f"setting {key}" for key in read)
        return getattr(self._config, name)
