"""What a reader who wants to know what one person said can do with a finished book.

Nothing of the handbook's own protection is used here: the groups that show a number are read
off tables, alternative texts, figures and stored results, and linear algebra does the rest.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

Cell = tuple[str, str]  # a grouping, and a group of it
COUNTS = re.compile(
    r"base|people|respondents|asked|invited|accounts|clusters|population|counted|read|answers"
    r"|may be (asked|eligible)|number|withheld|tested|apart|may_lead|invitations.*|eligible"
    r"|shortlisted|selected|others"
)
COUNTING_TABLES = ("sampling.margins", "sampling.design", "sampling.weights")  # no answer in them
NUMBER = re.compile(r"\d")
EXACT = re.compile(r"(?<![\w.])-?\d+\.\d{4,}(?:e[-+]?\d+)?", re.IGNORECASE)  # no rounded number
COUNTED = r"(?:accounts|people|respondents|answers|customers|invited|asked|of \d)"
TEXTS = {".html", ".js", ".json", ".csv", ".ipynb", ".md", ".txt", ".svg", ".yml", ".xml", ".log"}
ATTRIBUTES = re.compile(r'\b(?:alt|title|content|aria-[\w-]+|data-[\w-]+)="([^"]*)"')


def recovered(
    published: Iterable[Cell],
    groups: pd.DataFrame,
    smallest: int,
    answers: pd.Series | None = None,
) -> dict[frozenset[object], float]:
    """Fewer people than ``smallest`` whose sum follows from the published means and bases.

    Tried are the people of every few parts of the joint partition, of each group, and of each
    difference of two groups; what is found is worked out and held against the truth.
    """
    columns = {(g, str(v)): (groups[g].astype(str) == str(v)).to_numpy() for g, v in published}
    shown = np.vstack([np.ones(len(groups), bool), *columns.values()]).astype(float)
    truth = np.arange(1.0, len(groups) + 1) ** 1.5 if answers is None else answers.to_numpy(float)
    told = shown @ truth  # a mean times its base
    found = {}
    for people in _suspects(groups, shown, smallest):
        mix, *_ = np.linalg.lstsq(shown.T, people.astype(float), rcond=None)
        if np.abs(shown.T @ mix - people).max() < 1e-7:
            assert np.isclose(mix @ told, truth[people].sum())
            found[frozenset(groups.index[people])] = float(mix @ told)
    return found


def _suspects(groups: pd.DataFrame, shown: np.ndarray, smallest: int) -> list[np.ndarray]:
    parts = [np.asarray(part) for part in _parts(shown)]
    all_groups = [
        (groups[name].astype(str) == value).to_numpy()
        for name in groups
        for value in groups[name].dropna().astype(str).unique()
    ]
    pairs = [a & ~b for a, b in combinations(all_groups, 2)]
    pairs += [b & ~a for a, b in combinations(all_groups, 2)]
    few = [part for part in parts if part.sum() < smallest]
    unions = [a | b for a, b in combinations(few[:40], 2)]
    tried = [*parts, *unions, *all_groups, *pairs]
    kept = {one.tobytes(): one for one in tried if 0 < one.sum() < smallest}
    return list(kept.values())


def _parts(shown: np.ndarray) -> list[np.ndarray]:
    _, place = np.unique(shown, axis=1, return_inverse=True)
    return [place.ravel() == one for one in range(place.max() + 1)]


def groups_in_results(folder: Path, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """Groups beside which a stored table holds a number that is no count."""
    found: set[Cell] = set()
    for path in sorted(folder.glob("*.parquet")):
        if not path.name.startswith(COUNTING_TABLES):
            found |= groups_in_table(pd.read_parquet(path), groupings)
    return found


def groups_in_table(table: pd.DataFrame, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    texts = [name for name in table if table[name].dtype.kind in "OUT" or _is_text(table[name])]
    numbers = [
        name for name in table.columns.drop(texts) if not COUNTS.fullmatch(str(name).lower())
    ]
    found: set[Cell] = set()
    for place in np.flatnonzero(table[numbers].notna().any(axis=1)):
        found |= _named([str(table[name].iloc[place]) for name in texts], groupings)
    return found


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype)


def groups_in_page(page: str, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """Groups beside which a table of a page prints a number that is no count."""
    found: set[Cell] = set()
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        header, *rows = [
            [_plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        ]
        for row in rows:
            numbers = [
                text
                for name, text in zip(header, row, strict=False)
                if NUMBER.search(text) and not COUNTS.fullmatch(name.lower())
            ]
            named = _named(row, groupings)
            if numbers and not all(text in {v for _, v in named} for text in numbers):
                found |= named
    return found


def groups_in_alternative_texts(page: str, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """Groups after which a picture's alternative text says a number."""
    found: set[Cell] = set()
    for text in re.findall(r'\balt="([^"]*)"', page):
        found |= groups_in_text(html.unescape(text), groupings)
    return found


def groups_in_text(text: str, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    found: set[Cell] = set()
    for grouping, names in groupings.items():
        for name in names:
            said = re.escape(str(name).replace("_", " "))
            if re.search(
                rf"(?<!\w)(?<! or ){said}(?! or )(?: of \w+)?[:,]? (?:about )?"
                rf"[^\w\s;.]?\d[\d,.]*(?!\d|[,.]\d)(?! {COUNTED})",
                text,
            ):
                found.add((grouping, str(name)))
    return found


def groups_in_figures(folder: Path, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """Groups that a stored figure with a number names."""
    found: set[Cell] = set()
    for path in folder.glob("[!_]*.json"):
        for figure in json.loads(path.read_text(encoding="utf-8")).get("figures", {}).values():
            if isinstance(figure.get("value"), int | float) and figure.get("unit") != "count":
                found |= _named([figure.get("label", "")], groupings)
    return found


def files_of(report: Path) -> list[Path]:
    """Everything that a reader is handed: book, search, executed notebooks, results, logs."""
    return sorted(path for path in report.rglob("*") if path.is_file())


def exact_numbers(path: Path) -> np.ndarray:
    """Every number of a file that is not rounded, wherever it stands in it."""
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        columns = [pd.to_numeric(table[name], errors="coerce") for name in table]
        found = np.concatenate([np.asarray(one, dtype=float).ravel() for one in columns])
        return found[np.isfinite(found)]
    if path.suffix not in TEXTS:
        return np.array([])
    text = html.unescape(path.read_text(encoding="utf-8", errors="replace"))
    return np.array([float(one) for one in EXACT.findall(text)])


def files_with(report: Path, value: float) -> set[str]:
    """The files in which a value stands, as a share, in per cent or as it is."""
    found = set()
    for path in files_of(report):
        numbers = exact_numbers(path)
        if any(np.isclose(numbers, value * by, rtol=1e-6).any() for by in (0.01, 1, 100)):
            found.add(path.relative_to(report).as_posix())
    return found


def groups_in_file(path: Path, groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """Groups after which a file says a number in running text or an attribute of a page.

    Tables have bases beside each group and are read by `groups_in_page`; pictures that are
    written into a page hold no words.
    """
    if path.suffix not in TEXTS:
        return set()
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".ipynb":
        cells = json.loads(text).get("cells", [])
        text = " \n ".join(json.dumps(cell.get("outputs", [])) for cell in cells)
        text = text.replace('\\"', '"').replace("\\n", "\n")
    text = re.sub(r"data:[\w/+.-]+;base64,[\w+/=]*", "", text)
    text = re.sub(r"<table.*?</table>|<(script|style)\b.*?</\1>", " ; ", text, flags=re.DOTALL)
    said = [
        *ATTRIBUTES.findall(text),
        re.sub(r"<[^>]+>", "" if path.suffix != ".js" else " ", text),
    ]
    return set().union(*(groups_in_text(html.unescape(one), groupings) for one in said))


def _named(texts: Iterable[str], groupings: Mapping[str, Iterable[str]]) -> set[Cell]:
    """The groups that texts name: alone, or after their grouping and a colon."""
    said = {text.strip() for text in texts}
    said |= {text.rsplit(": ", 1)[-1] for text in said}
    return {
        (grouping, str(name))
        for grouping, names in groupings.items()
        for name in names
        if {str(name), str(name).replace("_", " ")} & said
    }


def _plain(cell: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()


def everything_shown(report: Path, groupings: Mapping[str, Iterable[str]]) -> dict[str, set[Cell]]:
    """The groups with a number, by where a reader finds them: one report's pages and results."""
    pages = [
        path.read_text(encoding="utf-8") for path in (report / "book" / "notebooks").glob("*.html")
    ]
    return {
        "results": groups_in_results(report / "results", groupings),
        "figures": groups_in_figures(report / "results", groupings),
        "tables": set().union(*(groups_in_page(page, groupings) for page in pages)),
        "alternative texts": set().union(
            *(groups_in_alternative_texts(page, groupings) for page in pages)
        ),
        "every file": set().union(
            *(
                groups_in_file(path, groupings)
                for path in files_of(report)
                if path.relative_to(report).parts[0] != "notebooks"
            )
        ),
    }
