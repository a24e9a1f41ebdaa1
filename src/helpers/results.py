"""What a chapter hands on: named figures with their intervals, and tidy tables.

Later chapters, the executive page and exports read these; nothing is computed
twice. JSON holds the figures, Parquet the tables, and the same inputs give the
same bytes.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import pandas as pd

from helpers.errors import HandbookError
from helpers.project import project_folder

__all__ = [
    "ChapterResult",
    "Figure",
    "Grade",
    "add_shown",
    "figure",
    "figures",
    "folder",
    "load",
    "load_all",
    "located",
    "save",
    "significant",
    "table",
]

Grade = Literal["A", "B", "C"]
FINEST_PLACE = 12  # decimals: what two numbers near one leave when one is taken from the other
BY_HAND = ".by-hand"  # beside the reports: no client can be called so
SCHEMA = 2  # of the files written here; raised when names or meanings of their parts change
LISTED = ("accounts", "promises")  # what a client's own lists hold: no person's answer is in it
RUN = "_run.json"  # what a run was made of
SIGNIFICANT_DIGITS = 10  # more would store the last bits, which each processor has its own of


@dataclass(frozen=True, slots=True)
class Figure:
    """One number a reader may see, with what is needed to trust it.

    ``value`` is ``None`` when the figure is withheld, and ``withheld`` says why.
    ``unit`` is one that readers' numbers are written in: ``points`` (a score or net
    promoter points), ``share`` (0 to 1), ``index`` (0 to 100), ``scale`` (a rating on
    the question's own scale), ``count``, ``ratio``, ``correlation``, ``months``, ``p``,
    ``text``, or ``money:USD`` with the client's currency. ``p`` is there where the verdict answers
    a question of chance: how often so clear an answer would come where nothing is there. It
    ``claims`` where its verdict says that something is there.

    Examples
    --------
    >>> Figure("nps", 40.4, 37.6, 43.2, unit="points", base=2746, grade="C").margin
    2.8
    """

    name: str
    value: float | int | str | None
    low: float | None = None
    high: float | None = None
    unit: str = "points"
    base: int | None = None
    base_unit: str = "respondents"
    grade: Grade | None = None
    label: str = ""
    withheld: str = ""
    verdict: str = ""  # what is clear about it, decided where it was computed; one that is declared
    p: float | None = None
    claims: bool = False

    def __post_init__(self) -> None:
        bounds = (self.low, self.high)
        if (bounds[0] is None) != (bounds[1] is None):
            raise ValueError(f"{self.name}: an interval needs both ends, found {bounds}")
        if isinstance(self.value, int | float) and bounds[0] is not None and bounds[1] is not None:
            slack = 1e-9 * max(1.0, abs(self.value))
            if not bounds[0] - slack <= self.value <= bounds[1] + slack:
                raise ValueError(f"{self.name} is {self.value}, outside its interval {bounds}")
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise ValueError(f"{self.name} is {self.value}: withhold it and say why instead")
        if self.value is None and not self.withheld:
            raise ValueError(f"{self.name} has no value: say why under withheld")
        if self.p is not None and not 0 <= self.p <= 1:
            raise ValueError(f"{self.name} has a chance of {self.p}: it lies from 0 to 1")

    @classmethod
    def from_row(
        cls,
        name: str,
        row: Mapping[str, Any] | pd.Series,
        columns: Sequence[str] = ("value", "low", "high"),
        *,
        base: str | int | None = "base",
        factor: float = 1.0,
        withheld: str = "",
        **more: Any,  # noqa: ANN401
    ) -> Figure:
        """A row of a result's table as a figure; an end that is missing is no end.

        Parameters
        ----------
        columns
            Those of the value and, where it has an interval, of its ends.
        base
            The column of the base, or the base itself.
        factor
            What the numbers are multiplied by: 100 for a share in percentage points.
        withheld
            Why it is not told, where the row's own column ``withheld`` is true.

        Examples
        --------
        >>> row = {"rate": 0.25, "low": 0.2, "high": 0.3, "asked": 400}
        >>> Figure.from_row("rate", row, ("rate", "low", "high"), base="asked", unit="share").base
        400
        """
        away = bool(withheld) and bool(row["withheld"])
        told = [None if away or pd.isna(row[c]) else float(row[c]) * factor for c in columns]
        value, low, high = [*told, None, None][:3]
        known = int(row[base]) if isinstance(base, str) else base
        return cls(name, value, low, high, base=known, withheld=withheld * away, **more)

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        if self.low is None or self.high is None:
            return None
        return round((self.high - self.low) / 2, SIGNIFICANT_DIGITS)


class HasInterval(Protocol):
    """What every estimate of ours has."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def base(self) -> int: ...


def figure(name: str, estimate: HasInterval, **more: Any) -> Figure:  # noqa: ANN401
    """Name an estimate, so that a sentence can quote it with its interval and base."""
    value, low, high = (float(end) for end in (estimate.value, estimate.low, estimate.high))
    return Figure(name, value, low, high, base=int(estimate.base), **more)


def figures(
    *named: Figure, smallest_base: int = 0, counted: str = "respondents"
) -> dict[str, Figure]:
    """Collect figures by name, as they are stored; one of too small a base is withheld.

    ``counted`` is what a row of responses is, where that is not a respondent. Numbers lose the
    digits that are not stored, so that a page writes them as whoever reads them writes them.

    >>> figures(Figure("nps", 20.0, base=7), smallest_base=10)["nps"].withheld
    'its base of 7 is under 10'
    """
    known = [replace(f, base_unit=counted) if f.base_unit == "respondents" else f for f in named]
    return {f.name: _as_stored(_guarded(f, smallest_base)) for f in known}


def _as_stored(figure: Figure) -> Figure:
    value, low, high, p = map(_rounded, (figure.value, figure.low, figure.high, figure.p))
    return replace(figure, value=value, low=low, high=high, p=p)  # type: ignore[arg-type]


def _guarded(figure: Figure, smallest: int) -> Figure:
    listed = figure.grade is None and figure.base_unit in LISTED  # a fact of the client's lists
    if figure.base is None or figure.base >= smallest or listed or figure.name == "respondents":
        return figure
    why = f"its base of {figure.base} is under {smallest}"
    hidden = replace(figure, value=None, low=None, high=None, withheld=why)
    return replace(hidden, verdict="", p=None, claims=False)


@dataclass(frozen=True)
class ChapterResult:
    """Everything a chapter hands on under one name."""

    chapter: str
    figures: Mapping[str, Figure]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    answer: str = ""  # the chapter's answer: a sentence with {figures} in it
    so_what: str = ""  # what to make of it
    ask: Mapping[str, str] = field(default_factory=dict)  # what, owner, due: the call for action
    doubts: tuple[str, ...] = ()  # what does not fit: sentences with {figures} in them
    untold: Mapping[str, str] = field(default_factory=dict)  # declared figures without a value: why
    read: tuple[str, ...] = ()  # what of the study it looked at, by the names of `study.noticed`
    shown: tuple[str, ...] = ()  # what its charts and tables say; the press adds it

    def __getitem__(self, name: str) -> Figure:
        try:
            return self.figures[name]
        except KeyError:
            raise HandbookError(f"{self.chapter} has no figure named {name!r}") from None


def folder(client: str, results_dir: str = "") -> Path:
    """Where a client's results go: as told, by the environment, or a folder for work by hand.

    A notebook that somebody runs by hand never writes over a delivered report. What it reads of
    chapters that were not run by hand since, it reads from that report.

    >>> folder("northfield", "elsewhere").name
    'elsewhere'
    >>> folder("data/northfield").parts[-2:]
    ('.by-hand', 'northfield')
    """
    told = results_dir or os.environ.get("HANDBOOK_RESULTS", "")
    project = project_folder() or Path.cwd()
    return Path(told) if told else project / "build" / BY_HAND / Path(client).resolve().name


def located(name: str, where: Path) -> Path:
    """Where a file of results lies: in its folder, or, for work by hand, in the delivered report.

    Of two, the one that was made later: by hand on top of the report, or a report since.
    """
    there = [place / name for place in _folders(where) if (place / name).is_file()]
    return max(there, key=lambda path: path.stat().st_mtime_ns, default=where / name)


def _folders(where: Path) -> list[Path]:
    by_hand = where.parent.name == BY_HAND
    return [where, where.parents[1] / where.name / "results"] if by_hand else [where]


def save(result: ChapterResult, where: Path) -> None:
    """Write ``<chapter>.json`` and one Parquet file a table, the JSON last and whole."""
    where.mkdir(parents=True, exist_ok=True)
    for name, table in sorted(result.tables.items()):
        stored = _stored(table.reset_index(drop=True))
        stored.to_parquet(where / f"{result.chapter}.{name}.parquet")
    untold = {
        name: {"name": name, "value": None, "withheld": why, "untold": True}
        for name, why in result.untold.items()
    }
    told = {name: _plain(asdict(f)) for name, f in result.figures.items()}
    record = {
        "schema": SCHEMA,
        "chapter": result.chapter,
        "answer": result.answer,
        "so_what": result.so_what,
        "ask": dict(result.ask),
        "doubts": list(result.doubts),
        "figures": dict(sorted({**untold, **told}.items())),
        "tables": sorted(result.tables),
        "read": sorted(result.read),
        "shown": list(result.shown),
    }
    _write(record, where / f"{result.chapter}.json")


def add_shown(chapter: str, shown: Sequence[str], where: Path) -> None:
    """Put beside what a chapter handed on what its charts and tables say, a text each."""
    path = where / f"{chapter}.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("shown") != list(shown):
        _write({**record, "shown": list(shown)}, path)


def _write(record: Mapping[str, object], path: Path) -> None:
    """Write a record whole, or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)


def _stored(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its numbers as they are stored.

    >>> _stored(pd.DataFrame({"share": [2 / 3, float("nan"), 0.0]}))["share"].tolist()
    [0.6666666667, nan, 0.0]
    """
    real = table.select_dtypes("float64")
    return table.assign(**{str(name): [significant(v) for v in real[name]] for name in real})


def significant(number: float) -> float:
    """A number rounded to the digits that are stored; a small one, which has fewer, to three.

    >>> significant(1234.56789012345), significant(1.23456789e-08), significant(4.5678e-30)
    (1234.56789, 1.2346e-08, 4.57e-30)
    """
    if not math.isfinite(number) or number == 0:
        return number
    first = math.floor(math.log10(abs(number)))  # place of the first digit
    digits = min(SIGNIFICANT_DIGITS, max(FINEST_PLACE + first + 1, 3))
    return float(f"{number:.{digits}g}")


def _plain(record: Mapping[str, object]) -> dict[str, object]:
    left = (None, False)  # by identity: a number 0 is told
    kept = {
        key: value
        for key, value in record.items()
        if key == "value" or not (value == "" or any(value is one for one in left))
    }
    return {key: _rounded(value) for key, value in kept.items()}


def _rounded(value: object) -> object:
    if hasattr(value, "item"):
        value = value.item()
    return significant(value) if isinstance(value, float) else value


class _Stored(Mapping[str, pd.DataFrame]):
    """Tables in their files, each read when it is first asked for: most readers want figures."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = dict(files)
        self.known: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.known:
            self.known[name] = pd.read_parquet(self.files[name])
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def load(chapter: str, where: Path) -> ChapterResult | None:
    """Read back what a chapter handed on, or ``None`` where it was not run."""
    path = located(f"{chapter}.json", where)
    if not path.is_file():
        return None
    where = path.parent
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("schema") != SCHEMA:
        raise HandbookError(
            f"{path.name} was made by another version of the handbook: run it again"
        )
    figures, untold = {}, {}
    for n, told in record["figures"].items():
        if told.get("untold"):
            untold[n] = told["withheld"]
        else:
            figures[n] = Figure(**{"value": None, **told})
    files = {name: where / f"{chapter}.{name}.parquet" for name in record["tables"]}
    return ChapterResult(
        chapter,
        figures,
        _Stored(files),
        record["answer"],
        record["so_what"],
        record["ask"],
        tuple(record["doubts"]),
        untold,
        tuple(record.get("read", ())),
        tuple(record.get("shown", ())),
    )


def load_all(where: Path) -> dict[str, ChapterResult]:
    """Every chapter that was run, by name."""
    names = sorted({path.stem for at in _folders(where) for path in at.glob("[!_]*.json")})
    found = {name: load(name, where) for name in names}
    return {name: result for name, result in found.items() if result is not None}


def table(chapter: str, name: str, where: Path) -> pd.DataFrame | None:
    """A table that a chapter handed on, or ``None`` where it made none."""
    made = load(chapter, where)
    return None if made is None else made.tables.get(name)
