"""A large table, summed or chosen where it lies: what comes back is what the chapters need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.study.columns import Table
from helpers.study.config import Config, Format
from helpers.study.findings import Findings
from helpers.study.id_zeros import bare_id
from helpers.study.in_place.duckdb_store import FILE, ROW
from helpers.study.in_place.store import Store, StoreFault
from helpers.study.in_place.wanted import Wanted
from helpers.study.readers.arrow_frame import cells_as_frame
from helpers.study.tables import TABLES
from helpers.study.trials import as_line

if TYPE_CHECKING:
    from helpers.study.in_place import expressions

__all__ = ["LARGE_TABLES", "MOST", "Selection", "selected"]

LARGE_TABLES = {"financials": "period", "contracts": None, "tickets": "created_at",
                "ops_metrics": "period"}  # fmt: skip  # and the column of the row's day
MOST = 5_000_000  # rows that come back: what the chapters can hold in memory
ODD = 1_000  # rows that cannot be read, of which the faults are told
SHOWN = 3


@dataclass(frozen=True)
class Selection:
    """What came back of a large table, and what stayed."""

    frame: pd.DataFrame  # its columns by the file's names
    rows: int  # that the table has
    row: np.ndarray | None = None  # where each stands in its file, counted from 1
    file: np.ndarray | None = None  # and the path of the file
    partial: bool = False  # only rows that cannot be read: the faults are told of them


def selected(
    store: Store, table: str, config: Config, wanted: Wanted, findings: Findings
) -> Selection | None:
    """The rows of the study's accounts, ``financials`` summed by account and month.

    ``None`` where a fault was added that says all there is to say.

    Raises
    ------
    StoreFault
        Where the table cannot be asked, or does not answer to the end.
    """
    return _Large(store, TABLES[table], config, wanted, findings).selection()


@dataclass(frozen=True)
class _Large:
    store: Store
    table: Table
    config: Config
    wanted: Wanted
    findings: Findings

    @cached_property
    def form(self) -> Format:
        """How its cells are written."""
        return self.config.format(self.table.name)

    @cached_property
    def source(self) -> Any:  # noqa: ANN401 (ibis is imported late)
        """The table as an expression, its columns by our names."""
        from helpers.study.in_place import expressions

        return expressions.table_of(self.store.columns, self.store.place, self.form)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that no row may leave empty, where such rows are not dropped as declared."""
        if self.form.drop_missing:
            return ()
        return tuple(n for n in self.table.required if n in (self.day, "revenue"))

    @property
    def day(self) -> str | None:
        """The column of the row's day, if there is one."""
        return LARGE_TABLES[self.table.name]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The amounts that are summed."""
        if self.table.name != "financials":
            return ()
        kinds = {c.name for c in self.table.columns if c.kind == "number"}
        return tuple(name for name in self.source.columns if name in kinds)

    def answer(self, expression: Any) -> pa.Table:  # noqa: ANN401 (ibis is imported late)
        """What the store says to a query."""
        from helpers.study.in_place import expressions

        return self.store.answer(expressions.in_dialect(expression, self.store.dialect))

    def selection(self) -> Selection | None:
        """Judge every row where it lies; fetch what is needed, or what cannot be read."""
        from helpers.study.in_place import expressions

        columns = [c for c in self.source.columns if c not in (FILE, ROW)]
        if set(self.table.required) - set(columns):
            few = self.answer(expressions.whole(self.source, ODD)).select(self.source.columns)
            return self._as_rows(few, 0, partial=True)  # whose columns are told to be missing
        rows = self._judged()
        total = self.answer(expressions.row_count(self.source)).to_pylist()[0]
        known = {**total, **self.answer(expressions.counts(rows)).to_pylist()[0]}
        counts = {name: int(value or 0) for name, value in known.items()}
        if counts["odd"]:
            return self._odd(rows, columns, counts)
        if counts["alike"]:
            self._report_lookalikes(rows, counts)
            return None
        self._note(counts)
        if not counts["chosen"]:
            problem = f"has no row of an account of this study ({counts['rows']:,} rows)"
            advice = "Check that account_id and the months are those of the survey."
            self.findings.error(self.store.name, problem, advice, column="account_id")
            return None
        if self.table.name == "financials":
            return self._months(rows, counts["rows"])
        return self._chosen(rows, columns, counts)

    def _judged(self) -> expressions.Rows:
        from helpers.study.in_place import expressions

        asked, listed = self.wanted.asked, self.wanted.listed
        bare = {bare_id(i) for i in self.wanted.known} - self.wanted.known
        alike = _alike(self.wanted.known)
        if self.wanted.zeros:  # the zeros that are missing are put there later
            asked, alike = asked | {bare_id(i) for i in asked}, alike - bare
            listed = None if listed is None else listed | (bare - asked)
        try:
            return expressions.rows_of(
                self.source,
                self.form,
                expressions.Accounts(
                    asked,
                    None if listed is None else listed - asked,
                    alike,
                    self.wanted.first,
                    self.wanted.recent,
                    unowned="account_id" not in self.table.required,
                ),
                numbers=self.numbers,
                month=self.day,
                until=self.wanted.until,
                needed=self.needed,
            )
        except ValueError as form:
            problem = f"has dates as {form}, which cannot be read where the table lies"
            raise StoreFault(problem, "Write them as 2026-05-31, or with %Y, %m and %d.") from None

    def _note(self, counts: Mapping[str, int]) -> None:
        name = self.table.name
        what = "rows of accounts that are not in the study, left where they are"
        self.findings.note(name, what, counts["rows"] - counts["ours"])
        what = (
            f"rows of months that no chapter reads, left where they are: before "
            f"{self.wanted.first:%Y-%m}, and before {self.wanted.recent:%Y-%m} where the account "
            "was never asked"
        )
        self.findings.note(name, what, counts["earlier"])

    def _odd(
        self, rows: expressions.Rows, columns: list[str], counts: Mapping[str, int]
    ) -> Selection | None:
        """The first rows that cannot be read, for the faults that name what is wrong in them."""
        from helpers.study.in_place import expressions

        many = f"{counts['odd']:,} of its {counts['rows']:,} rows"
        places = [c for c in (FILE, ROW) if c in self.source.columns]
        found = self.answer(expressions.odd_rows(rows, [*columns, *places], ODD))
        first = min(found.column(ROW).to_pylist()) + 1 if ROW in places and len(found) else None
        many = f"{counts['odd']:,} of its {counts['rows']:,} rows"
        problem = f"cannot be used: something is wrong in {many}"
        advice = "The table is too large to be read whole: mend what is named, in all of them."
        self.findings.error(self.store.name, problem, advice, row=first)
        return self._as_rows(found, counts["rows"], partial=True)

    def _report_lookalikes(self, rows: expressions.Rows, counts: Mapping[str, int]) -> None:
        """Ids that are those of the other tables but for zeros or capital letters."""
        from helpers.study.in_place import expressions

        found = self.answer(expressions.lookalikes(rows, MOST)).to_pylist()
        plain = {_plain(i): i for i in sorted(self.wanted.known, reverse=True)}
        first, many = str(found[0]["_id"]), len(found)
        meant = plain[_plain(first)]
        more = f", and {many - 1:,} ids more like it" if many > 1 else ""
        problem = f"is {meant!r} in the other tables{more} ({counts['alike']:,} rows)"
        advice = "Write ids the same everywhere; keep them as text so that zeros stay."
        if bare_id(first) == bare_id(meant):
            digits = max(len(i) for i in self.wanted.known)
            advice += f" Or declare `leading_zeros: {{account_id: {digits}}}` in client.yml."
        self.findings.error(self.store.name, problem, advice, column="account_id", found=first)

    def _months(self, rows: expressions.Rows, total: int) -> Selection | None:
        from helpers.study.in_place import expressions

        places = [name for name in (FILE, ROW) if name in self.source.columns]
        cells = self.answer(expressions.by_month(rows, MOST + 1, places))
        if self._too_many(len(cells)):
            return None
        order = [("account_id", "ascending"), ("period", "ascending")]
        frame = cells.sort_by(order).to_pandas()
        if self._repeated(frame) or self._two_currencies(frame):
            return None
        row = frame[f"_first_{ROW}"].to_numpy() + 1 if ROW in places else None
        file = frame[f"_first_{FILE}"].to_numpy() if FILE in places else None
        return Selection(self._renamed(_exact(frame, self.numbers)), total, row, file)

    def _repeated(self, frame: pd.DataFrame) -> bool:
        """Whether an account has several rows in a month, and nothing is declared of it."""
        several = frame[frame["_rows"] > 1]
        policy = self.config.duplicates.get(self.table.name)
        if several.empty:
            return False
        if policy != "sum":
            self._report_repeated(several, policy)
            return True
        if "margin" in frame and self.form.margin != "money":
            line = as_line(self.table.name, {"margin": "money"})
            problem = "may be a share, which cannot be added up"
            advice = f"Send it as an amount and declare {line}."
            self.findings.error(self.store.name, problem, advice, column="margin")
            return True
        what = "rows added up to one an account and month, policy `sum`"
        self.findings.note(self.table.name, what, int(several["_rows"].sum()))
        return False

    def _report_repeated(self, several: pd.DataFrame, policy: str | None) -> None:
        first = several.iloc[0]
        found = f"{first['account_id']} + {pd.Timestamp(first['period']):%Y-%m}"
        more = f", and {len(several) - 1:,} more have several" if len(several) > 1 else ""
        line = f"`duplicates: {{{self.table.name}: sum}}` in client.yml"
        problem = f"has {int(first['_rows']):,} rows{more}"
        advice = (
            "Take out those that are repeated. If the months are right and several rows make "
            f"up one, declare {line}."
        )
        if policy is not None:
            advice = f"`{policy}` has no meaning in a table without an order: declare {line}."
        where = "account_id + period"
        self.findings.error(self.store.name, problem, advice, column=where, found=found)

    def _two_currencies(self, frame: pd.DataFrame) -> bool:
        if "_first" not in frame:
            return False
        told = sorted({*frame["_first"].dropna(), *frame["_last"].dropna()})
        if len(told) > 1:
            advice = "Convert all amounts to one and send that."
            problem = "are several currencies in one table"
            found = ", ".join(map(str, told[:SHOWN]))
            self.findings.error(self.store.name, problem, advice, column="currency", found=found)
        return len(told) > 1

    def _too_many(self, count: int) -> bool:
        if count <= MOST:
            return False
        problem = f"has more than {MOST:,} rows of accounts of this study"
        advice = "List fewer accounts, or send a view with one row an account and month."
        self.findings.error(self.store.name, problem, advice)
        return True

    def _chosen(
        self, rows: expressions.Rows, columns: list[str], counts: Mapping[str, int]
    ) -> Selection | None:
        from helpers.study.in_place import expressions

        asked = counts["chosen"] > MOST
        places = [c for c in (FILE, ROW) if c in self.source.columns]
        found = self.answer(
            expressions.chosen_rows(rows, [*columns, *places], MOST + 1, asked=asked)
        )
        if self._too_many(len(found)):
            return None
        if asked:
            what = "rows of accounts that were never asked, left where they are"
            self.findings.note(self.table.name, what, counts["chosen"] - len(found))
        return self._as_rows(found, counts["rows"])

    def _as_rows(self, cells: pa.Table, total: int, *, partial: bool = False) -> Selection | None:
        """Rows as they stand in the store."""
        places = {name: cells.column(name).to_numpy() for name in (FILE, ROW)
                  if name in cells.column_names}  # fmt: skip
        cells = cells.drop_columns(list(places))
        frame = cells_as_frame(cells, self.store.name, self.table.name, self.findings)
        if frame is None:
            return None
        row = places[ROW] + 1 if ROW in places else None
        chosen = Selection(self._renamed(frame), total, row, places.get(FILE), partial)
        return _ordered(chosen, self.table)

    def _renamed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The columns by the file's own names, which every later step expects."""
        return frame.rename(columns=dict(self.form.columns))


def _exact(frame: pd.DataFrame, numbers: tuple[str, ...]) -> pd.DataFrame:
    """Amounts as the numbers nearest to their decimals; as they stood where nothing was summed."""
    told: dict[str, pd.Series] = {"account_id": frame["account_id"].astype("str")}
    told["period"] = pd.to_datetime(frame["period"])
    once = frame["_rows"] == 1
    for name in numbers:
        values = frame[name].astype(float)
        alone = f"_one_{name}"
        told[name] = frame[alone] if alone in frame and once.all() else values
    if "_first" in frame:
        told["currency"] = frame["_first"].astype("str")
    return pd.DataFrame(told)


def _ordered(chosen: Selection, table: Table) -> Selection:
    """Rows in the order of their key, which is the same whoever answers."""
    if chosen.row is not None:
        by = [chosen.row] if chosen.file is None else [chosen.row, chosen.file]
        order = np.lexsort([np.asarray(values, dtype=object).astype(str) if values.dtype == object
                            else values for values in by])  # fmt: skip
    else:
        names = list(dict.fromkeys([*(n for n in table.key if n in chosen.frame), *chosen.frame]))
        keys = chosen.frame[names].astype("str").fillna("")
        order = keys.sort_values(names, kind="stable").index.to_numpy()
    return Selection(
        chosen.frame.iloc[order].reset_index(drop=True),
        chosen.rows,
        None if chosen.row is None else chosen.row[order],
        None if chosen.file is None else chosen.file[order],
        chosen.partial,
    )


def _plain(text: str) -> str:
    return bare_id(text.strip()).lower()


def _alike(known: frozenset[str]) -> frozenset[str]:
    """Ids that nobody has, and that differ from one in zeros in front or in capital letters.

    Examples
    --------
    >>> sorted(_alike(frozenset({"A07"})))
    ['A7', 'a07', 'a7']
    """
    longest = max((len(i) for i in known), default=0)
    bare = {bare_id(i) for i in known}
    filled = {i.zfill(longest) for i in bare if i.isdigit()}
    written = known | bare | filled
    return frozenset(written | {i.lower() for i in written} | {i.upper() for i in written}) - known
