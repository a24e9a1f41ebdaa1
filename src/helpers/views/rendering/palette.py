"""Colours and sizes of type that every chart is drawn in."""

from __future__ import annotations

from matplotlib.patheffects import withStroke

__all__ = ["ACCENT", "CONTRAST", "HALO", "INK", "LINE", "MUTED", "PALE", "SMALL", "TEXT"]

# Dark, middle and pale: told apart by lightness alone, so also in greyscale and by everyone.
INK = "#1d2733"
MUTED = "#5b6673"
ACCENT = "#1d4e89"
CONTRAST = "#d1731f"
PALE = "#b9c9dc"
LINE = "#d9dee5"
TEXT = 9.0  # points
SMALL = 8.0
HALO = [withStroke(linewidth=2.6, foreground="white")]  # of text that may stand over lines
