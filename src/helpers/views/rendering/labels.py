"""Names beside dots: placed so that no two overlap, or numbers with a key where they would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform

from helpers.views.rendering.chart import is_narrow, text_width, wrapped
from helpers.views.rendering.palette import HALO, INK, MUTED, SMALL

__all__ = ["key_below", "place_labels"]

LINE_INCHES = 0.145  # of an 8-point line
DISTANCES = (0.09, 0.14, 0.22, 0.32, 0.45, 0.6, 0.8, 1.0)  # inches from dot to text
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
PAD = 0.05  # inches: between a name and the next
DOT = 0.05  # inches: half the width of a dot
UNCLEAR = 0.3  # inches: what it costs to stand nearer to another dot
TOO_DEAR = 1.5  # inches: past this, numbers and a key read better
LONGEST = 1.5  # inches of a line of a name
LEADER_FROM = 0.2  # inches: nearer text needs no line to its dot


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in inches on the figure."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def distances(self, places: np.ndarray) -> np.ndarray:
        """From this rectangle to each of some points."""
        x = np.maximum(np.maximum(self.left - places[:, 0], places[:, 0] - self.right), 0)
        y = np.maximum(np.maximum(self.bottom - places[:, 1], places[:, 1] - self.top), 0)
        return np.hypot(x, y)

    def nearest(self, places: np.ndarray) -> int:
        """Which point a reader would take a text in this rectangle to name."""
        return int(np.argmin(self.distances(places)))

    def within(self, other: Box) -> bool:
        """Whether this rectangle lies inside the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


@dataclass(frozen=True)
class Ground:
    """What a name may not leave, may not cover, and had better not cover, in inches."""

    frame: Box
    blocked: list[Box]
    faint: np.ndarray

    def free(self, box: Box, taken: list[Box]) -> bool:
        """Whether a name fits here."""
        return box.within(self.frame) and not any(
            box.meets(other) for other in (*self.blocked, *taken)
        )

    def covered(self, box: Box) -> float:
        """What covering lines or small dots costs, in inches of distance."""
        x, y = self.faint[:, 0], self.faint[:, 1]
        inside = (x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)
        return 0.03 * float(inside.sum())


def place_labels(
    figure: Figure,
    ax: Axes,
    points: np.ndarray,
    names: Sequence[str],
    *,
    faint: np.ndarray | None = None,
    force: bool = False,
    weight: str = "normal",
) -> bool:
    """Write each name beside its point without overlaps.

    Parameters
    ----------
    points
        One row a name: x and y in data units. Limits of the axes must be set before.
    faint
        Further points (x and y) that a name had better not cover.
    force
        Leave out the names that find no room, instead of giving up.

    Returns
    -------
    bool
        False, with nothing written, when some name finds no room.
    """
    _lay_out(figure)
    texts = [wrapped(figure, name, LONGEST, size=SMALL) for name in names]
    places = _inches(figure, ax, points)
    blocked = [Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in places]
    soft = np.empty((0, 2)) if faint is None or not len(faint) else _inches(figure, ax, faint)
    found = _search(figure, texts, places, Ground(_frame(figure, ax), blocked, soft), force=force)
    if not force and None in found:
        return False
    for text, place, box in zip(texts, places, found, strict=True):
        if box is not None:
            clear = bool((places[box.nearest(places)] == place).all())
            _write(figure, text, place, box, clear=clear, weight=weight)
    return True


def _lay_out(figure: Figure) -> None:
    """Give the axes their places: a whole drawing would find them too, and draw for nothing."""
    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
    else:
        engine.execute(figure)


def _inches(figure: Figure, ax: Axes, points: np.ndarray) -> np.ndarray:
    return np.asarray(ax.transData.transform(points)) / figure.dpi


def _frame(figure: Figure, ax: Axes) -> Box:
    area = ax.get_window_extent()
    dpi = figure.dpi
    return Box(area.x0 / dpi, area.y0 / dpi, area.x1 / dpi, area.y1 / dpi)


def _search(
    figure: Figure, texts: Sequence[str], places: np.ndarray, ground: Ground, *, force: bool
) -> list[Box | None]:
    """Most crowded points choose first; each takes its cheapest free place."""
    found: list[Box | None] = [None] * len(texts)
    away = np.linalg.norm(places[:, None, :] - places[None, :, :], axis=2)
    for i in np.argsort((away < 0.8).sum(axis=1) * -1, kind="stable"):
        wide = PAD + max(text_width(figure, line, SMALL) for line in texts[i].split("\n"))
        tall = LINE_INCHES * (texts[i].count("\n") + 1)
        taken = [box for box in found if box is not None]
        offers = [
            (distance + ground.covered(box) + UNCLEAR * (box.nearest(places) != i), box)
            for distance, (right, up) in product(DISTANCES, DIRECTIONS)
            if ground.free(box := _beside(places[i], distance, right, up, wide, tall), taken)
        ]
        best = min(offers, key=lambda offer: offer[0], default=None)
        if best is not None and (force or best[0] < TOO_DEAR):
            found[i] = best[1]
    return found


def _beside(
    place: np.ndarray, distance: float, right: int, up: int, wide: float, tall: float
) -> Box:
    slant = 0.75 if right and up else 1.0
    x = place[0] + right * distance * slant
    y = place[1] + up * distance * slant
    left = x if right > 0 else x - wide if right < 0 else x - wide / 2
    bottom = y if up > 0 else y - tall if up < 0 else y - tall / 2
    return Box(left, bottom, left + wide, bottom + tall)


def _write(
    figure: Figure, text: str, place: np.ndarray, box: Box, *, clear: bool, weight: str
) -> None:
    """Write the text in its box, with a thin line to its dot when that is not beside it."""
    inches = figure.dpi_scale_trans
    near = (min(max(place[0], box.left), box.right), min(max(place[1], box.bottom), box.top))
    if not clear or np.hypot(near[0] - place[0], near[1] - place[1]) > LEADER_FROM:
        figure.add_artist(_line(place, near, inches))
    ha = "left" if box.left >= place[0] else "right" if box.right <= place[0] else "center"
    x = {"left": box.left, "right": box.right, "center": (box.left + box.right) / 2}[ha]
    label = figure.text(
        x, (box.bottom + box.top) / 2, text, transform=inches, ha=ha, va="center",
        fontsize=SMALL, color=INK, linespacing=1.15, weight=weight, path_effects=HALO,
    )  # fmt: skip
    label.set_in_layout(False)


def _line(start: np.ndarray, end: tuple[float, float], transform: Transform) -> Line2D:
    line = Line2D([start[0], end[0]], [start[1], end[1]], color=MUTED, linewidth=0.6, zorder=1)
    line.set_transform(transform)
    line.set_in_layout(False)
    return line


def key_below(figure: Figure, names: Sequence[str], width: float, *, plot: float = 3.1) -> Axes:
    """Axes for a plot with numbered dots, over the list of what the numbers mean."""
    columns = 1 if is_narrow(width) else 2
    room = (width - 0.3) / columns - 0.35
    entries = [wrapped(figure, name, room, lines=2, size=SMALL) for name in names]
    half = -(-len(entries) // columns)
    heights = [_list_height(entries[c * half : (c + 1) * half]) for c in range(columns)]
    below = max(heights) + 0.1
    figure.set_size_inches(width, plot + below)
    axes, key = figure.subplots(2, 1, height_ratios=[plot, below])
    key.set_axis_off()
    key.set(xlim=(0, width), ylim=(below, 0))
    for column in range(columns):
        _list(key, entries, column * half, min(len(entries), (column + 1) * half),
              column * (width / columns))  # fmt: skip
    return axes


def _list_height(entries: Sequence[str]) -> float:
    return sum(LINE_INCHES * (entry.count("\n") + 1) + 0.06 for entry in entries)


def _list(key: Axes, entries: Sequence[str], first: int, last: int, left: float) -> None:
    down = 0.05
    for number in range(first, last):
        for x, text, ha in ((left + 0.22, f"{number + 1}", "right"), (left + 0.3, "", "left")):
            key.text(x, down, text or entries[number], ha=ha, va="top", fontsize=SMALL,
                     weight="normal" if ha == "left" else "bold", linespacing=1.15)  # fmt: skip
        down += _list_height([entries[number]])
