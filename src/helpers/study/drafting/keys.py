"""What ``client.yml`` needs to know: ids, the wave, dates, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from helpers.study.drafting.export import Export, Item
from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.headings import KEYS
from helpers.study.tables import TABLES

__all__ = ["Keys", "date_form", "find_keys", "month_form"]

FORMS = (
    "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y",
    "%m/%d/%y", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
)  # fmt: skip
MONTHS = ("%m/%Y", "%m.%Y", "%m-%Y", "%Y/%m", "%Y.%m", "%b %Y", "%B %Y", "%b-%Y", "%Y%m")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
ISO = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?:[ _-]?(h[12]|q[1-4]))?(?!\d)", re.IGNORECASE)
MOST_WAVES = 60
FEW = 3  # cells that are no date
MISFITS = 0.05  # of the dates, at most
UNIQUE = ("response_id",)
DATES = ("completed_at", "started_at")
PART = " - "  # between the question and its part, where both stand in the name
NUMBERS = ("weight", "duration_s", "completes")


@dataclass(frozen=True)
class Keys:
    """Columns that are ours under other names, and what the survey's time is."""

    columns: dict[str, tuple[str, Guess]] = field(default_factory=dict)  # ours: theirs, how sure
    date: Guess = NOTHING  # the form of dates, where it must be declared
    wave: Guess = NOTHING
    as_of: Guess = NOTHING
    wave_date: Guess = NOTHING  # where the responses have no date of their own

    @property
    def taken(self) -> set[str]:
        """The file's columns that are keys."""
        return {theirs for theirs, _ in self.columns.values()}


def find_keys(export: Export) -> Keys:
    """Recognise keys by name, checked against what the columns hold."""
    columns = _columns(export.items)
    forms = {ours: date_form(_cells(export, columns, ours)) for ours in DATES}
    for ours, form in forms.items():
        if ours in columns and form is None:
            del columns[ours]
    told = [form for form in forms.values() if form is not None and form.value]
    form = told[0] if told else NOTHING
    days = _days(export, columns, form)
    read_surely = form.sure or not form.value
    return Keys(columns, form, *_time(export, columns, days, read_surely=read_surely))


def _columns(items: Sequence[Item]) -> dict[str, tuple[str, Guess]]:
    """Our names first, then names that can mean nothing else, then likely ones."""
    names = {item.name: item for item in items}
    ours_there = {c.name for c in TABLES["responses"].columns} & set(names)
    found = {ours: (ours, Guess(ours)) for ours in sorted(ours_there)}
    for sure in (True, False):
        for ours, pattern, certain in KEYS:
            if certain != sure or ours in found:
                continue
            taken = {theirs for theirs, _ in found.values()}
            fits = [n for n in names if n not in taken and _called(n, pattern, names[n])]
            fits = [n for n in fits if _holds(names[n], ours, sure)]
            if fits:
                why = f"the column is called {fits[0]}"
                plain = sure or (ours in DATES and _only_dates(items, fits[0]))
                found[ours] = (fits[0], Guess(fits[0], plain and len(fits) == 1, why))
    return found


def _only_dates(items: Sequence[Item], name: str) -> bool:
    """Whether no other column of the file holds dates, so that none can be meant instead."""
    dated = [
        i.name for i in items if len(i.counts) and re.search(r"\d[-/.]\d", str(i.counts.index[0]))
    ]
    return {other for other in dated if _dates(items, other)} == {name}


def _dates(items: Sequence[Item], name: str) -> bool:
    cells = next(item.cells for item in items if item.name == name).dropna().astype(str)
    return date_form(cells) is not None


def _called(name: str, pattern: re.Pattern[str], item: Item) -> bool:
    """Whether a column is called so: in its name, its question, or the last part of its name."""
    parts = (name, item.text, name.rpartition(PART)[2] if PART in name else "")
    return any(pattern.fullmatch(part) for part in parts)


def _holds(item: Item, ours: str, sure: bool) -> bool:
    """Whether a column holds what its name promises."""
    if not item.filled:
        return False
    if ours in UNIQUE:
        return len(item.counts) == item.filled == len(item.cells)
    if ours in NUMBERS:
        return item.numeric and float(item.numbers.index.min()) >= 0
    if ours == "wave":
        return len(item.counts) <= MOST_WAVES
    if ours in ("language", "mode"):
        return len(item.counts) <= 40
    return sure or len(item.counts) > 1


def _cells(export: Export, columns: dict[str, tuple[str, Guess]], ours: str) -> pd.Series:
    item = export.item(columns[ours][0]) if ours in columns else None
    return pd.Series(dtype=str) if item is None else item.cells.dropna().astype(str)


def date_form(cells: pd.Series) -> Guess | None:
    """How dates are written: nothing to declare where as 2026-06-30; ``None`` where no dates.

    Examples
    --------
    >>> date_form(pd.Series(["30/06/2026", "01/07/2026"])).value
    '%d/%m/%Y'
    >>> str(date_form(pd.Series(["05/06/2026"])))
    '%d/%m/%Y?'
    """
    if cells.empty:
        return None
    if cells.str.fullmatch(ISO).mean() > 0.95:
        return NOTHING
    sample = list(cells.drop_duplicates())[:5000]
    every = [form + time for form in FORMS for time in TIMES]
    fits = [form for form in every if _fits(sample, form)]
    if not fits:
        return _but_for_few(sample, every)
    if len(fits) == 1:
        return Guess(fits[0], True, f"every date fits, as {sample[0]}")
    why = f"{sample[0]} can be read as {_read(sample[0], fits[0])} or {_read(sample[0], fits[1])}"
    return Guess(fits[0], False, why)


def month_form(cells: pd.Series) -> Guess | None:
    """How months are written, where it has to be declared; ``None`` where not, or unknown.

    Examples
    --------
    >>> month_form(pd.Series(["01/2026", "12/2025"])).value
    '%m/%Y'
    >>> month_form(pd.Series(["2026-01"])) is None
    True
    """
    sample = [str(text) for text in cells.drop_duplicates()][:5000]
    if not sample:
        return None
    fits = [form for form in MONTHS if _fits(sample, form)]
    if fits:
        return Guess(fits[0], True, f"every month fits, as {sample[0]}")
    form = date_form(cells.astype(str))
    return form if form is not None and form.value else None


def _but_for_few(sample: list[str], forms: Sequence[str]) -> Guess | None:
    """A form that all but a few cells fit, as where a line of totals stands below; marked."""
    first = sample[: 2 * FEW + 1]
    likely = [
        form for form in forms if sum(_matches(text, form) for text in first) > len(first) / 2
    ]
    for form in likely:
        misfits = [text for text in sample if not _matches(text, form)]
        if len(misfits) <= FEW and len(misfits) < MISFITS * len(sample):
            return Guess(form, False, f"every date fits but {', '.join(map(repr, misfits))}")
    return None


def _fits(sample: list[str], form: str) -> bool:
    if not _matches(sample[0], form) or not _matches(sample[-1], form):
        return False
    return all(_matches(text, form) for text in sample)


def _matches(text: str, form: str) -> bool:
    try:
        datetime.strptime(text.strip(), form)
    except ValueError:
        return False
    return True


def _read(text: str, form: str) -> str:
    return f"{datetime.strptime(text.strip(), form):%Y-%m-%d}"


def _days(export: Export, columns: dict[str, tuple[str, Guess]], form: Guess) -> pd.Series:
    cells = _cells(export, columns, "completed_at")
    cells = _cells(export, columns, "started_at") if cells.empty else cells
    if form.value:
        return pd.to_datetime(cells, format=form.value, errors="coerce").dropna()
    return pd.to_datetime(cells.str[:10], format="%Y-%m-%d", errors="coerce").dropna()


def _time(
    export: Export, columns: dict[str, tuple[str, Guess]], days: pd.Series, *, read_surely: bool
) -> tuple[Guess, Guess, Guess]:
    """The wave to report, the last complete day, and the wave's date if no answer has one.

    What is told by dates that may be read in another way is a guess, as their form is.
    """
    waves = _cells(export, columns, "wave")
    named = YEAR.search(export.path.name)
    last = None if days.empty else days.max().date()
    as_of = Guess("", False, "write the last day on which the records are complete")
    if last is not None:
        why = "the date of the last answer" + ("" if read_surely else ", if it is read aright")
        as_of = Guess(f"{last}", read_surely, why)
    if not waves.empty:
        wave = _latest(waves, days if read_surely else days[:0])
    elif last is not None:
        why = "the half-year of the last answer: the file has no column of waves"
        wave = Guess(f"{last.year}H{1 if last.month < 7 else 2}", False, why)
    elif named:
        wave = Guess(f"{named[1]}{(named[2] or '').upper()}", False, "the year in the file's name")
    else:
        wave = Guess("", False, "write a name for this round of the survey, as 2026H1")
    if last is not None:
        return wave, as_of, NOTHING
    found = YEAR.search(wave.value) or named
    if found is None:
        return wave, as_of, Guess("", False, "write the day the wave stands for")
    why = f"no answer has a date; the year {found[1]} is all that is told"
    day = Guess(f"{date(int(found[1]), 6, 30)}", False, why)
    return wave, Guess(f"{date(int(found[1]), 12, 31)}", False, why), day


def _latest(waves: pd.Series, days: pd.Series) -> Guess:
    names = sorted(waves.unique())
    if len(names) == 1:
        return Guess(names[0], True, "the only wave of the file")
    if not days.empty:
        last = days.groupby(waves.reindex(days.index)).max().idxmax()
        return Guess(str(last), True, f"the latest of {len(names)} waves")
    return Guess(names[-1], False, f"the last of {len(names)} waves by name")
