"""A chart: drawn twice, wide for a page and narrow for a phone, with its finding in words."""

from __future__ import annotations

import base64
import io
import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import product
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from PIL import Image

from helpers.views.rendering.canvas import Canvas, size_of
from helpers.views.rendering.palette import HALO, INK, LINE, MUTED, SMALL, TEXT

__all__ = [
    "NARROW", "WIDE", "Chart", "base_of", "clean", "corners", "dashed", "finite", "is_narrow",
    "key", "named", "plain_axes", "plot", "text_width", "wrapped",
]  # fmt: skip

WIDE = 7.2  # inches: the measure of a page of the book
NARROW = 3.4  # inches: a phone held upright
DOTS = 200  # per inch: twice what a page shows, so that it stays sharp on a good screen
COLOURS = 64  # of the picture's palette
PIXELS = 100  # page pixels an inch: 9-point type is then shown at 12.5 pixels

# Where one is installed, a second family writes what DejaVu cannot: Chinese, Japanese, Korean.
EAST_ASIAN = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Source Han Sans", "Hiragino Sans",
    "PingFang SC", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "IPAGothic",
)  # fmt: skip
INSTALLED = {font.name for font in fontManager.ttflist}
FAMILIES = ["DejaVu Sans", *[name for name in EAST_ASIAN if name in INSTALLED][:2]]

WORD = re.compile(r"\S+(?: \*(?!\S))?")  # a star that marks a name stays with its last word
Mark = tuple[str, str, Mapping[str, Any]]  # of a key: what it means, its form, how it looks
LONGEST_LABEL = 90  # characters: the whole name is in the table beside the chart

STYLE = {
    **sns.axes_style("ticks"),
    "font.family": FAMILIES,
    "font.size": TEXT,
    "text.parse_math": False,  # a "$" in a client's name is a dollar sign, not a formula
    "text.usetex": False,
    "text.color": INK,
    "axes.unicode_minus": True,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.labelcolor": MUTED,
    "axes.labelsize": SMALL,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.size": 3,
    "xtick.major.width": 0.7,
    "ytick.major.size": 0,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "lines.solid_capstyle": "butt",
}


@dataclass(frozen=True)
class Chart:
    """A picture of one finding, with the finding in words beside it.

    Attributes
    ----------
    draw
        Draws on an empty figure of the given width in inches, and sets its height.
    title
        The finding or the measure: a line of text above the picture.
    alt
        The same finding with its numbers, for who cannot see the picture.
    note
        Base, interval and how to read the marks: the caption.
    name
        A short name for files.
    wide, narrow
        Widths in inches of the two renderings.

    Examples
    --------
    >>> def dot(figure, width):
    ...     figure.set_size_inches(width, 1)
    ...     figure.add_subplot().plot([1], [1], "o")
    >>> chart = Chart(dot, "One dot", "One dot in the middle.", "Base: 1", "dot")
    >>> chart
    One dot
    One dot in the middle. Base: 1
    >>> chart.png(2.0)[:4]
    b'\\x89PNG'
    """

    draw: Callable[[Figure, float], None]
    title: str
    alt: str
    note: str = ""
    name: str = "chart"
    wide: float = WIDE
    narrow: float = NARROW

    def png(self, width: float = WIDE) -> bytes:
        """The picture at a width in inches; the same chart gives the same bytes."""
        return self._rendered(width)[0]

    def _rendered(self, width: float) -> tuple[bytes, int, int]:
        page = io.BytesIO()
        with mpl.rc_context(STYLE), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
            figure = Figure(figsize=(width, 3), dpi=DOTS, layout="constrained")
            Canvas(figure)
            self.draw(figure, width)
            figure.canvas.draw()
            picture = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")  # type: ignore[attr-defined]
        _few_colours(picture).save(page, "PNG")
        inches = figure.get_size_inches()
        return page.getvalue(), round(inches[0] * PIXELS), round(inches[1] * PIXELS)

    def html(self) -> str:
        """A ``figure`` with its title, both renderings and a caption; all text escaped."""
        image, width, height = self._rendered(self.wide)
        source = "" if self.narrow == self.wide else self._narrow_source()
        caption = f"<figcaption>{escape(self.note)}</figcaption>" if self.note else ""
        return (
            f'<figure class="chart" style="--chart-width: {width}px">'
            f'<p class="chart-title">{escape(self.title)}</p>'
            f'<picture>{source}<img alt="{escape(self.alt, quote=True)}" '
            f'src="{_data(image)}" width="{width}" height="{height}"></picture>'
            f"{caption}</figure>"
        )

    def _narrow_source(self) -> str:
        image, width, height = self._rendered(self.narrow)
        return (
            f'<source media="(max-width: 640px)" srcset="{_data(image)}" '
            f'width="{width}" height="{height}">'
        )

    def __repr__(self) -> str:
        return "\n".join(filter(None, (self.title, f"{self.alt} {self.note}".strip())))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}


def _few_colours(picture: Image.Image) -> Image.Image:
    """A picture with a palette: a quarter of the size, and it looks the same."""
    small = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = small.getpalette() or []
    small.putpalette([255 if level >= 253 else level for level in palette])  # white stays white
    return small


def _data(image: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(image).decode("ascii")


def is_narrow(width: float) -> bool:
    """Whether a drawing of this width in inches is for a phone."""
    return width < 5


def clean(text: object) -> str:
    """A label on one line, without characters that cannot be drawn, cut when very long.

    >>> clean("Cost in $ _per_\\n site")
    'Cost in $ _per_ site'
    """
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Cf") else c for c in str(text))
    line = " ".join("".join(kept).split())
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 1].rstrip() + "…"


def named(key: object, labels: Mapping[str, str] | None) -> str:
    """The label of a variable, or its own name where it has none.

    >>> named("ease", {"ease": "Ease of use"}), named("other", None)
    ('Ease of use', 'other')
    """
    return clean((labels or {}).get(str(key), str(key)))


def text_width(figure: Figure, text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of a line of text in inches."""
    return size_of(text, _font(size, weight), False, figure.dpi)[0] / figure.dpi


@lru_cache(maxsize=64)
def _font(size: float, weight: str) -> FontProperties:
    return FontProperties(family=FAMILIES, size=size, weight=weight)


def wrapped(figure: Figure, text: str, inches: float, *, lines: int = 3, size: float = TEXT) -> str:
    """Break a label into at most so many lines of at most so many inches."""
    done: list[str] = []
    line = ""
    for word in _words(figure, text, inches, size):
        joined = f"{line} {word}".strip()
        if line and text_width(figure, joined, size) > inches:
            done.append(line)
            joined = word
        line = joined
    done.append(line)
    if len(done) > lines:
        done = [*done[: lines - 1], _cut(figure, f"{done[lines - 1]}…", inches, size)]
    return "\n".join(done)


def _words(figure: Figure, text: str, inches: float, size: float) -> list[str]:
    """Words, those wider than a line (or without spaces, as in Japanese) cut to fit."""
    pieces: list[str] = []
    for word in WORD.findall(text):
        rest = word
        while text_width(figure, rest, size) > inches and len(rest) > 1:
            share = inches / text_width(figure, rest, size)
            at = max(1, math.floor(len(rest) * share))
            pieces.append(rest[:at])
            rest = rest[at:]
        pieces.append(rest)
    return pieces


def _cut(figure: Figure, line: str, inches: float, size: float) -> str:
    while len(line) > 2 and text_width(figure, line, size) > inches:
        line = line[:-2].rstrip() + "…"
    return line


def plain_axes(axes: Axes, *, grid: str = "x") -> None:
    """Only the axis that carries numbers, and a light grid across it."""
    sns.despine(ax=axes, left=grid == "x", bottom=grid == "y")
    axes.grid(visible=True, axis=grid)  # type: ignore[arg-type]


def plot(figure: Figure, width: float, tall: tuple[float, float], *, grid: str = "both") -> Axes:
    """Axes over the whole figure, so many inches tall on a phone and on a page."""
    figure.set_size_inches(width, tall[not is_narrow(width)])
    axes = figure.add_subplot()
    plain_axes(axes, grid=grid)
    return axes


def dashed(
    ax: Axes, *, x: float | None = None, y: float | None = None, zorder: float = 1.0
) -> None:
    """A dashed line at a place to compare with: upright at ``x``, level at ``y``."""
    style: dict[str, Any] = {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (4, 3))}
    if x is not None:
        ax.axvline(x, zorder=zorder, **style)
    if y is not None:
        ax.axhline(y, zorder=zorder, **style)


def corners(
    ax: Axes,
    texts: Sequence[str],
    inset: tuple[float, float] = (0.01, 0.01),
    **style: Any,  # noqa: ANN401
) -> None:
    """Texts in the corners: top left, top right, bottom left, bottom right."""
    right, up = inset
    for text, (y, x) in zip(texts, product((1 - up, up), (right, 1 - right)), strict=True):
        ha, va = "left" if x < 0.5 else "right", "top" if y > 0.5 else "bottom"
        ax.text(x, y, text, transform=ax.transAxes, ha=ha, va=va, path_effects=HALO, **style)


def key(ax: Axes, marks: Iterable[Mark], *, above: bool = False, **style: Any) -> None:  # noqa: ANN401
    """What each mark means, over or under the axes, where it hides nothing."""
    handles = [ax.plot([], [], mark, label=name, **look)[0] for name, mark, look in marks]
    style |= {"frameon": False, "fontsize": SMALL, "handletextpad": 0.2}
    style["loc"] = f"outside {'upper' if above else 'lower'} center"
    ax.figure.legend(handles=handles, **style)


def base_of(result: object, counted: str = "respondents") -> str:
    """The base of a result in words, with its accounts where people share them.

    >>> from types import SimpleNamespace
    >>> base_of(SimpleNamespace(base=1200, clusters=300), "contacts")
    '1,200 contacts in 300 accounts'
    """
    clusters, base = getattr(result, "clusters", None), getattr(result, "base", 0)
    people = f"{base:,} {counted}"
    return f"{people} in {clusters:,} accounts" if clusters and clusters < base else people


def finite(*values: object) -> np.ndarray:
    """Every finite number among the arguments, for setting limits."""
    flat = np.concatenate([np.atleast_1d(np.asarray(v, dtype=float)).ravel() for v in values])
    return flat[np.isfinite(flat)]
