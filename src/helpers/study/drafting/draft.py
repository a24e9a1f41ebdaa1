"""The draft of a codebook: one row a column of the export, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pandas as pd

from helpers.study.codebook import SCALED
from helpers.study.drafting.consensus import outcome_of, points_alike, shared_by_all, shared_scales
from helpers.study.drafting.decimals import with_points
from helpers.study.drafting.export import Export, Item, clean, read_export
from helpers.study.drafting.filters import conditions
from helpers.study.drafting.groups import Battery, find_batteries, split_text, tick_all
from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.keys import Keys, find_keys
from helpers.study.drafting.metrics import NO_MEASURE, Measure, find_metric
from helpers.study.drafting.roles import UNUSED, Setting, asks_opinion, find_role
from helpers.study.drafting.scales import Scale, find_scale
from helpers.study.drafting.total_rows import without_totals
from helpers.study.drafting.wordings import PREFIXES
from helpers.study.measured import METRIC

__all__ = ["Draft", "Row", "draft_codebook"]

LONGEST = 45  # letters of a label
ALONE = ("recommend",)  # a survey has one of these
REVERSED = -0.2  # a correlation with the other ratings below this
ENOUGH = 30
ENOUGH_ITEMS = 3  # of a block, to judge one of them by the others
BARE = re.compile(r"[^\W\d_]{0,2}\d{0,3}[_. -]?")  # a beginning of names that says nothing
NAMED = {"recommend": "Would recommend", "satisfaction": "Satisfaction", "effort": "Effort"}
FILLER = re.compile(
    r"(?i)^(how (satisfied|happy) (are|were) you with|how would you rate|please rate|"
    r"how (likely|easy|important) (is|are|was|were)( it| you)?( to)?|wie zufrieden sind sie mit|"
    r"rate|rating of)\s+(the |our |your |der |die |das |dem )?"
)


@dataclass(frozen=True)
class Row:
    """One row of the draft."""

    variable: str
    text: str
    role: Guess
    label: str
    scale: Scale = field(default_factory=Scale)
    group: Guess = NOTHING
    measure: Measure = NO_MEASURE
    asked_if: Guess = NOTHING

    @property
    def cells(self) -> dict[str, Guess]:
        """The cells that may be guesses, by their column."""
        scale = self.scale
        return {
            "role": self.role,
            "scale_min": scale.low,
            "scale_max": scale.high,
            "reverse": scale.reverse,
            "missing_codes": scale.missing,
            "group": self.group,
            "direction": self.measure.direction,
            "unit": self.measure.unit,
            "asked_if": self.asked_if,
        }

    @property
    def sure(self) -> bool:
        """Whether nothing of the row is marked."""
        return all(guess.sure for guess in self.cells.values())

    @property
    def reason(self) -> str:
        """Why each cell says what it says, equal reasons once."""
        whys = [guess.reason for guess in self.cells.values() if guess.told and guess.reason]
        return "; ".join(dict.fromkeys(whys))


@dataclass(frozen=True)
class Draft:
    """What can be told of an export: its questions and the keys of ``client.yml``."""

    export: Export
    rows: tuple[Row, ...]
    keys: Keys

    @property
    def used(self) -> tuple[Row, ...]:
        """The rows that are questions of some use."""
        return tuple(row for row in self.rows if row.role.value != UNUSED)

    @property
    def open(self) -> tuple[Row, ...]:
        """The rows of which something is marked."""
        return tuple(row for row in self.rows if not row.sure)

    def row(self, variable: str) -> Row | None:
        """The row of a column, or ``None``."""
        return next((row for row in self.rows if row.variable == variable), None)


def draft_codebook(path: Path) -> Draft:
    """Read an export and draft what its questions are; what is not sure is marked."""
    export = without_totals(with_points(read_export(path)))
    keys = find_keys(export)
    items = [item for item in export.items if item.name not in keys.taken]
    batteries = find_batteries(items)
    ticked = {b for b in batteries if tick_all(_of(items, b), b.title)}
    scales = _scales(items, [b for b in batteries if b not in ticked], ticked)
    settings = _with_relations(_settings(items, batteries, ticked, scales), items)
    rows = [_row(item, settings[item.name]) for item in items]
    rows = _checked(rows, items)
    asked = conditions({row.variable: (row.role.value, row.scale) for row in rows}, export.items)
    rows = [replace(row, asked_if=asked.get(row.variable, NOTHING)) for row in rows]
    return Draft(export, tuple(rows), keys)


def _of(items: Sequence[Item], battery: Battery) -> list[Item]:
    return [item for item in items if item.name in battery.names]


def _scales(
    items: Sequence[Item], batteries: Sequence[Battery], ticked: set[Battery]
) -> dict[str, Scale]:
    lists = {name for battery in ticked for name in battery.names}
    found = {i.name: find_scale(i) for i in items if i.name not in lists}
    scales = {name: scale for name, scale in found.items() if scale is not None}
    for battery in batteries:
        scales.update(shared_scales(_of(items, battery), scales))
    rest = _largest(items, batteries, scales)
    small = [b for b in batteries if len(b.names) < ENOUGH_ITEMS]
    alone = {n for i in items if i.name in scales for n in [i.name]}
    alone -= {name for battery in batteries for name in battery.names}
    for block in [*[_of(items, b) for b in small], *[[i] for i in items if i.name in alone]]:
        scales.update(shared_scales(block, scales, rest))
    scales.update(shared_by_all(items, scales))
    left = [item for item in items if item.name not in lists]
    return {**points_alike(left, scales), **scales}


def _largest(
    items: Sequence[Item], batteries: Sequence[Battery], scales: Mapping[str, Scale]
) -> pd.Series | None:
    """The mean of the longest block of ratings, row by row."""
    blocks = [[i for i in _of(items, b) if i.name in scales] for b in batteries]
    block = max(blocks, key=len, default=[])
    if len(block) < ENOUGH_ITEMS:
        return None
    ratings = {}
    for item in block:
        low, high = scales[item.name].ends or (0.0, 0.0)
        values = item.as_numbers()
        ratings[item.name] = values.where(values.between(low, high))
    return pd.DataFrame(ratings).mean(axis=1)


def _settings(
    items: Sequence[Item],
    batteries: Sequence[Battery],
    ticked: set[Battery],
    scales: Mapping[str, Scale],
) -> dict[str, Setting]:
    of = {name: battery for battery in batteries for name in battery.names}
    verdicts, rest = set(), set()
    for battery in batteries:
        rated = [item for item in _of(items, battery) if item.name in scales]
        verdicts |= {_verdict(rated, scales)} - {None}
        if battery not in ticked and _several_answers(_of(items, battery)):
            rest |= set(battery.names[1:])
    return {
        item.name: Setting(
            None if item.name in rest else scales.get(item.name),
            _rated_alike(of.get(item.name), scales)
            if of.get(item.name) not in ticked
            else of[item.name],
            item.name in verdicts,
            of.get(item.name) in ticked,
            item.name in rest,
        )
        for item in items
    }


def _with_relations(settings: Mapping[str, Setting], items: Sequence[Item]) -> dict[str, Setting]:
    """How closely each rating goes with those that are known by their words or names."""
    inside = {}
    for item in items:
        scale = settings[item.name].scale
        if scale is not None and scale.ends is not None and item.numeric:
            values = item.as_numbers()
            inside[item.name] = values.where(values.between(*scale.ends))
    known = [i.name for i in items if i.name in inside and asks_opinion(i)]
    together = pd.DataFrame(inside).corr(min_periods=ENOUGH) if known else pd.DataFrame()
    return {
        name: replace(setting, goes_with=_highest(together, name, known))
        for name, setting in settings.items()
    }


def _highest(together: pd.DataFrame, name: str, known: Sequence[str]) -> float:
    others = [other for other in known if other != name]
    if name not in together or not others:
        return 0.0
    found = together.loc[name, others].max()
    return 0.0 if pd.isna(found) else float(found)


def _rated_alike(battery: Battery | None, scales: Mapping[str, Scale]) -> Battery | None:
    if battery is None:
        return None
    return replace(battery, names=tuple(name for name in battery.names if name in scales))


def _verdict(rated: Sequence[Item], scales: Mapping[str, Scale]) -> str | None:
    ends = {scales[item.name].ends for item in rated}
    if len(ends) != 1 or any(item.text for item in rated):
        return None
    return outcome_of(rated, scales[rated[0].name])


def _several_answers(items: Sequence[Item]) -> bool:
    """Whether columns hold the first, second, third … answer to one question."""
    filled = [item.filled for item in items]
    falling = all(a >= b for a, b in pairwise(filled))
    few = [set(item.counts.index) for item in items if item.filled]
    shared = len(few) > 1 and all(codes & few[0] for codes in few[1:])
    return len(items) > 2 and falling and filled[-1] < 0.1 * max(filled[0], 1) and shared


def _row(item: Item, setting: Setting) -> Row:
    role = find_role(item, setting)
    measure = find_metric(item) if role.value == METRIC else None
    rated = role.value in SCALED and setting.scale is not None
    scale = setting.scale if rated and setting.scale is not None else Scale()
    if role.value in SCALED:
        scale = _completed(scale, role)
    text = item.text or (item.name if " " in item.name else "")
    group = _group(role, setting.battery)
    label = _label(item)
    if role.value in NAMED and len(label.split()) > 3:
        label = NAMED[role.value]  # a question in full is no label
    return Row(item.name, text, role, label, scale, group, measure or NO_MEASURE)


def _completed(scale: Scale, role: Guess) -> Scale:
    """A scale for a role that needs one: from 0 to 10 for a recommendation, else to be told."""
    if scale.sure or (scale.ends is not None and role.value != "recommend"):
        return scale
    if role.value == "recommend" and scale.ends in (None, (1.0, 10.0)):
        why = "a recommendation is asked from 0 to 10 as a rule"
        return replace(scale, low=Guess("0", False, why), high=Guess("10", False, why))
    if scale.ends is None:
        why = "nothing tells the ends of its scale"
        return replace(scale, low=Guess("", False, why), high=Guess("", False, why))
    return scale


def _group(role: Guess, battery: Battery | None) -> Guess:
    """The construct that a driver belongs to, where several are asked alike."""
    if role.value != "driver" or battery is None or len(battery.names) < 2:
        return NOTHING
    if BARE.fullmatch(battery.title):
        return NOTHING
    known = [PREFIXES[p][1] for p in PREFIXES if battery.title.upper() == p]
    title = known[0] if known else _short(battery.title.rstrip("_.- ?:…"))
    return Guess(title, battery.worded or bool(known) or role.sure)


def _label(item: Item) -> str:
    _, own = split_text(item.text)
    if own:
        own = FILLER.sub("", clean(own)).rstrip("?:. ").lstrip("-–—: ")
        return _short(own[:1].upper() + own[1:])
    if re.search(r"\d|^[A-Z]+$", item.name):
        return item.name
    words = re.sub(r"[_.\-]+", " ", item.name).strip()
    return words[:1].upper() + words[1:]


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:- ") + "…"


def _checked(rows: Sequence[Row], items: Sequence[Item]) -> list[Row]:
    """One recommendation at most, and no question that runs against the others unmarked."""
    against = _against(rows, items)
    first: dict[str, str] = {}
    checked = []
    for row in rows:
        role = row.role
        if role.value in ALONE and role.value in first:
            row = replace(row, role=role.doubted(f"{first[role.value]} asks for it as well"))
        elif role.value in ALONE and role.sure:
            first[role.value] = row.variable
        if row.variable in against and not row.scale.reverse.value:
            turned = Guess("yes", False, against[row.variable])
            row = replace(row, scale=replace(row.scale, reverse=turned))
        checked.append(row)
    return checked


def _against(rows: Sequence[Row], items: Sequence[Item]) -> dict[str, str]:
    """Why the questions that run against the others are thought to do so."""
    ratings = {}
    for row, item in ((row, item) for row in rows for item in items if item.name == row.variable):
        ends = row.scale.ends
        if ends is None or row.role.value not in SCALED or not item.numeric:
            continue
        values = item.as_numbers()
        values = values.where(values.between(*ends))
        turned = row.scale.reverse.value == "yes"
        ratings[row.variable] = -values if turned else values
    frame = pd.DataFrame(ratings)
    if len(frame.columns) < 3 or len(frame) < ENOUGH:
        return {}
    standard = (frame - frame.mean()) / frame.std().replace(0, float("nan"))
    found = {n: float(standard[n].corr(standard.drop(columns=n).mean(axis=1))) for n in standard}
    why = {
        str(n): f"it runs against the others (correlation {r:.2f})"
        for n, r in found.items()
        if r < REVERSED
    }
    return _against_recommending(rows, standard.corr(), why)


def _against_recommending(
    rows: Sequence[Row], together: pd.DataFrame, why: dict[str, str]
) -> dict[str, str]:
    """Where grades surround a recommendation from 0 to 10, the grades run against it."""
    ends = {row.variable: row.scale.ends for row in rows if row.variable in together}
    asked = [r.variable for r in rows if r.role.value == "recommend" and r.variable in why]
    if len(asked) != 1 or ends[asked[0]] != (0, 10):
        return why
    beside = together[asked[0]].drop(asked[0])
    grades = {str(n): float(r) for n, r in beside.items() if r < REVERSED}
    if not grades or any(ends[name] == (0, 10) for name in grades):
        return why
    return {
        n: f"it runs against the recommendation (correlation {r:.2f})" for n, r in grades.items()
    }
