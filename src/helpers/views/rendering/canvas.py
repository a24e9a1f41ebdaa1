"""What charts are drawn on: matplotlib's own, but text is measured once for all drawings.

Both drawings of a chart, and most charts of a page, write the same numbers and names. By itself
matplotlib measures them anew for each drawing, and again when a drawing changes its height.
"""

from __future__ import annotations

from functools import lru_cache

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import FontProperties

__all__ = ["Canvas", "size_of"]

Size = tuple[float, float, float]  # width, height and depth below the line, in dots


class Canvas(FigureCanvasAgg):
    """Where one figure is drawn.

    >>> from matplotlib.figure import Figure
    >>> isinstance(Canvas(Figure()).get_renderer(), RendererAgg)
    True
    """

    _made: tuple[tuple[float, float, float], RendererAgg] | None = None

    def get_renderer(self) -> RendererAgg:
        """The one in use, or a new one where the figure has another size now."""
        asked = (*self.get_width_height(physical=True), self.figure.dpi)
        if self._made is None or self._made[0] != asked:
            self._made = asked, _Renderer(*asked)
        return self._made[1]


class _Renderer(RendererAgg):
    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> Size:
        return size_of(s, prop.copy(), ismath, self.dpi)


@lru_cache(maxsize=2**14)
def size_of(text: str, font: FontProperties, formula: bool | str, dpi: float) -> Size:
    """The size of a line of text in dots; the font must not change afterwards.

    >>> wide, narrow = (size_of(text, FontProperties(), False, 100)[0] for text in ("mm", "ii"))
    >>> wide > narrow
    True
    """
    measured: Size = _ruler(dpi).get_text_width_height_descent(text, font, formula)
    return measured


@lru_cache(maxsize=8)
def _ruler(dpi: float) -> RendererAgg:
    return RendererAgg(1, 1, dpi)
