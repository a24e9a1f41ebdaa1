"""What the deck tells, slide by slide: the chapters' own findings in the order of a decision."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace

import pandas as pd

from helpers.press.exports.deck.joining import joined, said_once
from helpers.press.exports.deck.parts import Bars, Column, Grid, Said, Slide, Tile
from helpers.press.exports.deck.quoting import Found, cell, headline, one_of, told
from helpers.press.exports.deck.story_action import actions, asked, top_accounts, trusted
from helpers.press.exports.deck.story_money import operations, recovery, worth
from helpers.press.exports.deck.telling import METHODS, chapter_slide, owner_of
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.questions import alone, called
from helpers.views.rendering.sentences import written

__all__ = ["story"]

SEGMENTS = ("truly_loyal", "accessible", "trapped", "high_risk")
NAMES = {"truly_loyal": "Truly Loyal", "accessible": "Accessible", "trapped": "Trapped",
         "high_risk": "High Risk"}  # fmt: skip
UNTOLD = ("weak", "against", "unjudged", "too few", "one")  # verdicts by which none can be placed
MOST_BARS, FEWEST_TILES = 10, 4
STRIP: tuple[tuple[str, str], ...] = (  # figures of the strip, the first that was told of each
    ("", "loyalty.nps|sampling.nps"),
    ("Truly loyal customers", "loyalty.truly_loyal_true"),
    ("", "loyalty.main|sampling.main"),
    ("{main}: change since {before}", "loyalty.main_change"),
    ("{worse}", "loyalty.benchmark_position"),
    ("Revenue a year likely to leave", "linkage.risk_gross"),
)
MORE = (("Satisfied customers", "loyalty.satisfied"), ("", "loyalty.satisfaction_top"),
        ("", "loyalty.recommend_mean"), ("", "loyalty.satisfaction_mean"))  # fmt: skip
MOST_TILES = 5
CHANCE = "Among all tests of the report this could be chance."
CLOSE = 1e-9  # of two numbers that are one
BENT = ("potential", "low", "high")


def story(found: Found) -> list[Slide]:
    """The slides after the first, those left out for which nothing was run or can be told.

    >>> story(Found({}))
    []
    """
    made = [slide for tell in ORDER if (slide := tell(found)) is not None]
    doubtful = {f"{name}.{at}" for name, names in alone(found.chapters).items() for at in names}
    return joined([said_once(_doubted(slide, found, doubtful)) for slide in made])


def _doubted(slide: Slide, found: Found, doubtful: Set[str]) -> Slide:
    """A slide on which what it says that is clear on its own only is said to be so."""
    points = tuple(
        Said(f"{one.text} {CHANCE}", one.quotes) if not doubtful.isdisjoint(one.quotes) else one
        for one in slide.points
    )
    above = [name for one in (slide.title, *slide.lead) for name in one.quotes if name in doubtful]
    labels = {called(figure, name): name for name in above if (figure := found.figure(name))}
    if labels:
        what = "; ".join(labels)
        line = f"{what[0].upper()}{what[1:]}: {CHANCE[0].lower()}{CHANCE[1:]}"
        points = (Said(line, (*labels.values(),)), *points)
    return replace(slide, points=points)


def decision(found: Found) -> Slide | None:
    """The answer for whoever decides, five numbers, the ask, and what does not fit."""
    result = found.chapter("executive")
    if result is None:
        return None
    title, lead = headline(result.answer, result)
    doubts = [one for doubt in result.doubts for one in told(doubt, result)]
    tiles = _strip(found)
    return Slide(
        title, lead, (), tuple(tile for tile, _ in tiles), tuple(doubts), "What does not fit",
        tuple(told(result.ask.get("what", ""), result)), owner_of(result), METHODS["executive"],
        tuple(key for _, key in tiles),
    )  # fmt: skip


def _strip(found: Found) -> list[tuple[Tile, str]]:
    """Tiles, each with the figure that it shows; none shows what another does.

    The leading score gives way to the share of the truly loyal where both were told.
    """
    chosen = [
        (label, *there) for label, keys in STRIP if (there := one_of(found, *keys.split("|")))
    ]
    if len(chosen) > MOST_TILES:
        chosen = [one for one in chosen if one[1] not in ("loyalty.main", "sampling.main")]
    extra = [(label, *there) for label, key in MORE if (there := one_of(found, key))]
    chosen += extra[: max(FEWEST_TILES - len(chosen), 0)]
    tiles = {
        (float(str(figure.value)), figure.unit): (_tile(label, key, figure, found), key)
        for label, key, figure in reversed(chosen)
    }
    return list(reversed(tiles.values()))[:MOST_TILES]


def _tile(label: str, key: str, figure: Figure, found: Found) -> Tile:
    """One number; what it is called in the client's words."""
    names = {"main": "loyalty.main", "before": "loyalty.before_wave"}
    there = {name: found.figure(key) for name, key in names.items()}
    words = {
        name: "" if f is None else f.label or str(f.value) for name, f in there.items()
    }  # fmt: skip
    words["worse"] = _worse(found, figure)
    below = written(figure, "interval") if figure.low is not None else ""
    named = label.format(**words) if label else figure.label
    return Tile(key, named, written(figure, "value"), below, written(figure, "base"))


def _worse(found: Found, position: Figure) -> str:
    """What a place in a benchmark is of: which score, and of how many companies."""
    label, table = found.figure("loyalty.benchmark_label"), found.table("loyalty.benchmarks")
    worse = f"with a worse {label.value}" if label else "with a worse score"
    if "companies" not in table or "position" not in table:
        return f"Companies {worse}"
    rows = table[(table["position"] - float(str(position.value))).abs() < CLOSE]
    many = rows["companies"].dropna()
    return (
        f"Companies {worse}" if many.empty else f"Of {many.iloc[0]:,.0f} companies, those {worse}"
    )


def loyalty(found: Found) -> Slide | None:
    """How loyal customers are: the segments, and the leading score over waves."""
    result = found.chapter("loyalty")
    if result is None:
        return None
    shown = [chart for chart in (_segments(found), _waves(found)) if chart is not None]
    scores = None if shown else _scores(found)
    return chapter_slide(result, tuple(shown) if scores is None else (scores,))


def _segments(found: Found) -> Bars | None:
    """Each segment's share of people, corrected where it could be; none where it cannot be told."""
    ending = "_true" if found.figure("loyalty.truly_loyal_true") else ""
    keys = [f"loyalty.{name}{ending}" for name in SEGMENTS]
    figures = [(key, figure) for key in keys if (figure := found.figure(key)) is not None]
    sides = found.figure("loyalty.sides")
    if not figures or (sides is not None and sides.verdict in UNTOLD):
        return None
    names = [NAMES[key.partition(".")[2].removesuffix("_true")] for key, _ in figures]
    how = "corrected for measurement error" if ending else "observed, not corrected"
    base = written(figures[0][1], "base")
    return Bars("Share of customers in each segment", tuple(names), tuple(f for _, f in figures),
                ", ".join(key for key, _ in figures), f"Base: {base}; {how}.",
                tuple(name == "Truly Loyal" for name in names))  # fmt: skip


def _waves(found: Found) -> Bars | None:
    """The leading score in each wave."""
    main, table = found.figure("loyalty.main"), found.table("loyalty.waves")
    if main is None or table.empty:
        return None
    rows = table[table["label"] == main.label]
    if len(rows) < 2:
        return None
    unit = str(rows["unit"].iloc[0])
    figures = [_of_row(row, unit, base="base") for _, row in rows.iterrows()]
    return Bars(f"{main.label} in each wave", tuple(rows["wave"].astype(str)), tuple(figures),
                "loyalty.waves", "Below each wave: the score, its interval and its base.",
                dots=True)  # fmt: skip


def _of_row(row: pd.Series, unit: str, *columns: str, base: str | None = None) -> Figure:
    named = columns or ("value", "low", "high")
    return Figure.from_row(named[0], row, named, base=base if base in row else None, unit=unit)


def _scores(found: Found) -> Grid | None:
    """Every score, where segments cannot be told."""
    table = found.table("loyalty.scores")
    rows = tuple(
        (str(row["label"]), cell(row, "value", str(row["unit"]), "low", "high"),
         cell(row, "base", "count"))
        for _, row in table.iterrows()
    )  # fmt: skip
    columns = (Column("Score", 2.6), Column("Value (range)", 1.9, True),
               Column("Answers", 1.0, True))  # fmt: skip
    return Grid("Scores", columns, rows, "loyalty.scores") if rows else None


def drivers(found: Found) -> Slide | None:
    """What drives loyalty, and what may come first."""
    result = found.chapter("drivers")
    if result is None:
        return None
    chart = _potential(found)
    return chapter_slide(result, (chart,) if chart else ())


def _potential(found: Found) -> Bars | None:
    """What better ratings of each driver would gain, the largest on top."""
    table, known = found.table("drivers.potential"), found.table("drivers.groups")
    if known.empty:
        return None
    rows, columns, name = known, ("potential", "potential_low", "potential_high"), "drivers.groups"
    if set(known["driver"]) == set(table.get("driver", ())):  # no groups: each bends as it does
        rows, columns = table.merge(known[["driver", "label", "may_lead"]], on="driver"), BENT
        name = "drivers.potential"
    rows = rows.sort_values("potential", ascending=False, kind="stable").head(MOST_BARS)
    figures = tuple(_of_row(row, "scale", *columns) for _, row in rows.iterrows())
    aim, outcome = found.figure("drivers.lift_target"), found.figure("drivers.outcome_label")
    gained = f"Points of {written(outcome)}" if outcome else "Points of loyalty"
    heading = f"{gained} linked to lifting ratings below {written(aim)}" if aim else gained
    base = found.figure("drivers.top_effect") or found.figure("drivers.begin_best")
    note = f"Base: {written(base, 'base')}. " if base else ""
    lead = tuple(map(bool, rows["may_lead"]))
    return Bars(heading, tuple(rows["label"].astype(str)), figures, name,
                f"{note}{_shades(lead, 'the best place to begin')}",
                lead,
                quotes=("drivers.lift_target", "drivers.top_effect", "drivers.begin_best"),
                )  # fmt: skip


def _shades(lead: tuple[bool, ...], what: str) -> str:
    """What dark and pale mean, where there are both."""
    return f"Dark: may be {what}; pale: not." if len(set(lead)) > 1 else ""


def comments(found: Found) -> Slide | None:
    """What customers say in their own words."""
    result, table = found.chapter("comments"), found.table("comments.themes")
    if result is None:
        return None
    low = _least_loyal(found, result)
    source = "comments.themes"
    keys: tuple[str, ...] = ("comments.top_share", "comments.commented")
    heading = "Share of those who commented that name each theme"
    if not low.empty:
        table, source, keys = low, "comments.groups", ("comments.low_share",)
        heading = f"Share of {low['group'].iloc[0]} who commented that name each theme"
    rows = table.head(MOST_BARS)
    figures = tuple(_of_row(row, "share") for _, row in rows.iterrows())
    if not figures:
        return chapter_slide(result, ())
    base = one_of(found, *keys)
    note = f"Base: {written(base[1], 'base')} who commented. " if base else ""
    lead = tuple(map(bool, rows["may_lead"]))
    chart = Bars(heading, tuple(rows["label"].astype(str)), figures, source,
                 f"{note}{_shades(lead, 'the one named most')}", lead, quotes=keys)  # fmt: skip
    return replace(chapter_slide(result, (chart,)), level=len(lead) > 1 and all(lead))


def _least_loyal(found: Found, result: ChapterResult) -> pd.DataFrame:
    """The themes of the least loyal, most named first, where the title speaks of these."""
    group, table = found.figure("comments.low_group"), found.table("comments.groups")
    title, _ = headline(result.answer, result)
    if group is None or "group" not in table or "comments.low_group" not in title.quotes:
        return pd.DataFrame()
    rows = table[table["group"] == group.value]
    return rows.sort_values("value", ascending=False, kind="stable")


ORDER: tuple[Callable[[Found], Slide | None], ...] = (
    decision, loyalty, drivers, comments, worth, top_accounts, recovery, operations, actions, asked,
    trusted,
)  # fmt: skip
