"""Queries as ibis expressions: one wording for DuckDB, PostgreSQL and Spark.

The one module that imports ibis, and it is imported only where a table stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import ibis
import pandas as pd
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler, PySparkCompiler
from ibis.expr.types import Column, StringColumn, Table, Value

from helpers.study.config import Format

__all__ = [
    "Accounts", "Rows", "by_month", "chosen_rows", "counts", "in_dialect", "lookalikes", "odd_rows",
    "row_count", "rows_of", "table_of", "whole",
]  # fmt: skip

COMPILERS = {"duckdb": DuckDBCompiler, "postgres": PostgresCompiler, "pyspark": PySparkCompiler}
MONEY = "decimal(38, 6)"
LARGEST = 1e25  # of an amount that such a decimal can hold
BETWEEN = "\x1f"  # Unicode's separator of units: ids of a list in one text
ISO_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?([T ].*)?$"
DATE_PARTS = {"%Y": r"([0-9]{4})", "%m": r"([0-9]{1,2})", "%d": r"([0-9]{1,2})"}


def table_of(columns: Mapping[str, str], place: tuple[str | None, str], form: Format) -> Table:
    """The table to query, its columns by our names, those that hold no values left out."""
    known = {name: kind for name, kind in columns.items() if kind != "unknown"}
    schema, name = place
    table = ibis.table(known, name=name, database=schema)
    ours = {our: their for our, their in form.columns.items() if their in known}
    return table.rename(ours) if ours else table


def in_dialect(expression: Any, dialect: str) -> str:  # noqa: ANN401 (a table or a value)
    """A query as a store understands it.

    Examples
    --------
    >>> table = table_of({"a": "int64"}, (None, "t"), Format())
    >>> in_dialect(row_count(table), "postgres")
    'SELECT COUNT(*) AS "rows" FROM "t" AS "t0"'
    """
    compiler = COMPILERS[dialect]()
    return str(compiler.to_sqlglot(expression).sql(dialect=compiler.dialect))


def row_count(table: Table) -> Table:
    """How many rows there are."""
    return table.aggregate(rows=table.count())


def whole(table: Table, limit: int) -> Table:
    """All rows, for a table that is small; ids that are no text, as text."""
    uuids = {name: table[name].cast("string") for name, kind in table.schema().items()
             if kind.is_uuid()}  # fmt: skip
    return (table.mutate(**uuids) if uuids else table).limit(limit)


@dataclass(frozen=True)
class Accounts:
    """The accounts to look for: each id once, with the month from which its rows count."""

    asked: Iterable[str]  # whom the survey asked, or who answered
    listed: Iterable[str] | None  # others of the list; without a list, every account counts
    alike: Iterable[str]  # ids that nobody has, and that one could be mistaken for
    first: pd.Timestamp  # of those asked
    recent: pd.Timestamp  # of others
    unowned: bool = False  # a row may be of no account, such as a metric of a unit


@dataclass(frozen=True)
class Rows:
    """The rows of a study's accounts in a large table, each judged."""

    table: Table  # with the columns `_id`, `_month`, `_kind`, `_late`, `_odd`
    numbers: tuple[str, ...]

    @property
    def chosen(self) -> Table:
        """The rows that the study needs."""
        return self.table.filter(_counts(self.table))


ASKED, LISTED, ALIKE = 0, 1, 2


def rows_of(
    table: Table,
    form: Format,
    accounts: Accounts,
    *,
    numbers: Sequence[str],
    month: str | None,
    until: pd.Timestamp,
    needed: Sequence[str] = (),
) -> Rows:
    """The rows of the study's accounts: of which month each is, and whether it can be read.

    Parameters
    ----------
    numbers
        Columns that hold amounts.
    month
        The column of the row's day, ``None`` where it does not matter.
    until
        The last day that a row may have.
    needed
        Columns that no row may leave empty.
    """
    owned = _owned(table, accounts)
    day = ibis.null("date") if month is None else _month(_told(owned, month, form), form)
    amounts = {f"_{name}": _amount(owned, name, form) for name in numbers}
    known = owned.mutate(_month=day, **amounts)
    since = ibis.ifelse(known["_kind"] == ASKED, _day(accounts.first), _day(accounts.recent))
    early = ibis.literal(False) if month is None else (known["_month"] < since).fill_null(False)
    odd = _odd(known, form, numbers, month, until, needed).fill_null(True)
    return Rows(known.mutate(_early=early, _odd=odd), tuple(numbers))


def _owned(table: Table, accounts: Accounts) -> Table:
    """The rows of accounts that are looked for, with the kind of each: one join."""
    has = "account_id" in table.columns
    table = table.mutate(_id=_as_id(table["account_id"]) if has else ibis.null("string"))
    kinds = ((accounts.asked, ASKED), (accounts.listed or (), LISTED), (accounts.alike, ALIKE))
    known = reduce(
        lambda one, other: one.union(other),
        (_ids(ids).as_table().mutate(_kind=ibis.literal(kind, "int16")) for ids, kind in kinds),
    )
    if accounts.listed is not None and not accounts.unowned:
        return table.join(known, table["_id"] == known["_known"]).drop("_known")
    found = table.left_join(known, table["_id"] == known["_known"]).drop("_known")
    others = ibis.null("int16") if accounts.listed is not None else ibis.literal(LISTED, "int16")
    nobodys = ibis.ifelse(found["_id"].isnull(), ASKED if accounts.unowned else others, others)
    found = found.mutate(_kind=found["_kind"].coalesce(nobodys.cast("int16")))
    return found.filter(found["_kind"].notnull())


def _counts(table: Table) -> Value:
    return (table["_kind"] != ALIKE) & ~table["_early"] & ~table["_odd"]


def counts(rows: Rows) -> Table:
    """How many rows there are of the accounts looked for: chosen, unreadable, too early, alike."""
    table = rows.table
    alike, odd = table["_kind"] == ALIKE, table["_odd"]
    return table.aggregate(
        ours=table.count(),
        chosen=_number_of(_counts(table)),
        odd=_number_of(odd & ~alike),
        earlier=_number_of(table["_early"] & ~odd & ~alike),
        alike=_number_of(alike),
    )


def by_month(rows: Rows, limit: int, places: Sequence[str]) -> Table:
    """Sums of each account and month: to the cent, since amounts are decimals.

    ``places`` are columns that say where a row stands; the first of each is told.
    """
    table = rows.chosen
    sums = {name: table[f"_{name}"].sum() for name in rows.numbers}
    alone = {f"_one_{name}": table[name].max() for name in rows.numbers
             if table[name].type().is_floating() or table[name].type().is_string()}  # fmt: skip
    signed = "currency" in table.columns
    ends = {"_first": table["currency"].min(), "_last": table["currency"].max()} if signed else {}
    place = {f"_first_{name}": table[name].min() for name in places}
    grouped = table.group_by(account_id=table["_id"], period=table["_month"]).aggregate(
        _rows=table.count(), **sums, **alone, **ends, **place
    )
    exact = {name: grouped[name].cast("float64") for name in rows.numbers}
    return grouped.mutate(**exact).limit(limit)


def odd_rows(rows: Rows, columns: Sequence[str], limit: int) -> Table:
    """Rows that cannot be read, as they stand."""
    wrong = rows.table["_odd"] & (rows.table["_kind"] != ALIKE)
    return rows.table.filter(wrong).select(*columns).limit(limit)


def chosen_rows(rows: Rows, columns: Sequence[str], limit: int, *, asked: bool) -> Table:
    """Rows that the study needs, as they stand; only those of accounts that were asked."""
    table = rows.chosen
    return (table.filter(table["_kind"] == ASKED) if asked else table).select(*columns).limit(limit)


def lookalikes(rows: Rows, limit: int) -> Table:
    """Ids that could be mistaken for one that is known, with their rows."""
    strange = rows.table.filter(rows.table["_kind"] == ALIKE)
    ids = strange.group_by("_id").aggregate(_rows=strange.count())
    return ids.order_by("_id").limit(limit)


def _number_of(condition: Value) -> Value:
    return ibis.ifelse(condition.fill_null(False), 1, 0).sum()


def _day(day: pd.Timestamp) -> Value:
    return ibis.date(day.year, day.month, day.day)


def _ids(ids: Iterable[str]) -> Value:
    """A list of ids as a column; in one text, which is short and read at once."""
    told = ibis.literal(BETWEEN.join(sorted(ids)), type="string")
    return told.split(BETWEEN).unnest().name("_known")


def _as_id(column: Column) -> StringColumn:
    if column.type().is_floating():  # 7.0 is the account 7
        column = column.cast("int64")
    return column if column.type().is_string() else column.cast("string")


def _told(table: Table, name: str, form: Format) -> Column:
    """A column without the texts that are declared to mean no value."""
    column = table[name]
    gone = form.missing_in(name)
    if not gone or not column.type().is_string():
        return column
    return ibis.ifelse(column.strip().isin([text.strip() for text in gone]), ibis.null(), column)


def _month(column: Column, form: Format) -> Value:
    kind = column.type()
    if kind.is_date() or kind.is_timestamp():
        return column.truncate("M").cast("date")
    if not kind.is_string():
        return ibis.null("date")
    text = column.strip()
    if form.date is None:
        return ibis.ifelse(text.re_search(ISO_MONTH), text.left(7) + "-01", ibis.null()).cast(
            "date"
        )
    pattern, order = _pattern(form.date)
    year, month = (text.re_extract(pattern, order.index(part) + 1) for part in ("%Y", "%m"))
    sound = text.re_search(pattern) & month.cast("int64").between(1, 12)
    first = year + "-" + ibis.ifelse(month.length() == 1, "0" + month, month) + "-01"
    return ibis.ifelse(sound, first, ibis.null()).cast("date")


def _pattern(form: str) -> tuple[str, list[str]]:
    """A declared format as a pattern, and its parts in their order.

    Examples
    --------
    >>> _pattern("%d/%m/%Y")
    ('^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})', ['%d', '%m', '%Y'])
    """
    pieces = re.split("(%[A-Za-z])", form)
    dates = pieces[: 1 + max((i for i, p in enumerate(pieces) if p in DATE_PARTS), default=-1)]
    order = [piece for piece in dates if piece in DATE_PARTS]
    if not {"%Y", "%m"} <= set(order) or any(p[:1] == "%" and p not in DATE_PARTS for p in dates):
        raise ValueError(form)
    return "^" + "".join(DATE_PARTS.get(p, re.escape(p)) for p in dates), order


def _amount(table: Table, name: str, form: Format) -> Value:
    """A column of amounts as decimals; missing where it holds none."""
    column = _told(table, name, form)
    kind = column.type()
    if kind.is_floating():
        return ibis.ifelse(_endless(column) | column.isnan(), ibis.null(), column).cast(MONEY)
    if kind.is_numeric() and not kind.is_boolean():
        return column  # whole, or a decimal: it can be added up as it is
    if not kind.is_string():
        return ibis.null(MONEY)
    text, sign = _bare(column, form)
    point, thousands = form.decimal or ".", form.thousands or ""
    mark = re.escape(thousands)
    grouped = f"[0-9]{{1,3}}({mark}[0-9]{{3}}){{1,6}}|" if mark else ""
    whole_part = f"({grouped}[0-9]{{1,20}})"
    dot = re.escape(point)
    pattern = f"^[+-]?({whole_part}({dot}[0-9]*)?|{dot}[0-9]+)([eE][+-]?[0-9])?$"
    plain = text.replace(thousands, "") if thousands else text
    plain = plain.replace(point, ".") if point != "." else plain
    return ibis.ifelse(text.re_search(pattern), plain, ibis.null()).cast(MONEY) * sign


def _endless(column: Column) -> Value:
    """Whether a number is beyond all amounts."""
    return ~column.isnan() & (column.abs() > LARGEST)


def _bare(column: Column, form: Format) -> tuple[Column, Value]:
    """A number without the marks that are declared, and its sign."""
    text, sign = column.strip(), ibis.literal(1)
    if form.parentheses:
        inside = text.startswith("(") & text.endswith(")")
        sign = ibis.ifelse(inside, -1, sign)
        text = ibis.ifelse(inside, text.substr(1, text.length() - 2), text)
    if form.percent:
        text = text.replace("%", "").strip()
    for symbol in form.currency:
        text = text.replace(symbol, "").strip()
    if form.trailing_minus:
        behind = text.endswith("-") & (text.length() > 1)
        sign = ibis.ifelse(behind, -sign, sign)
        text = ibis.ifelse(behind, text.left(text.length() - 1).strip(), text)
    return text, sign


def _odd(
    table: Table,
    form: Format,
    numbers: Sequence[str],
    month: str | None,
    until: pd.Timestamp,
    needed: Sequence[str],
) -> Value:
    """Whether anything in a row cannot be read, or is empty and needed."""
    wrong = []
    if month is not None:
        late = table["_month"] > _day(until)
        told = _told(table, month, form)
        empty = ibis.literal(month in needed)
        wrong += [table["_month"].isnull() & (told.notnull() | empty), late.fill_null(False)]
    for name in numbers:
        missing = table[f"_{name}"].isnull()
        kind = table[name].type()
        unread = missing & _told(table, name, form).notnull() if kind.is_string() else None
        unread = _endless(table[name]) if kind.is_floating() else unread
        if name in needed:
            wrong.append(missing)
        elif unread is not None:
            wrong.append(unread.fill_null(False))
    return reduce(or_, wrong, ibis.literal(False))
