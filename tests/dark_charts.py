"""What the book's filter of dark charts computes, read from the filter itself."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

FILTER = Path(__file__).resolve().parents[1] / "book" / "_static" / "dark_charts.svg"
PARTS = np.array([0.2126, 0.7152, 0.0722])  # of luminance, WCAG 2.2


def rgb(colour: str) -> np.ndarray:
    """The three parts of a colour, each from 0 to 1.

    >>> rgb("#ff0000").tolist()
    [1.0, 0.0, 0.0]
    """
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """The contrast of two colours after WCAG 2.2.

    >>> round(contrast(rgb("#ffffff"), rgb("#000000")), 1)
    21.0
    """
    least, most = sorted(float(_linear(colour) @ PARTS) for colour in (one, other))
    return (most + 0.05) / (least + 0.05)


def _linear(colour: np.ndarray) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def turned(colour: np.ndarray) -> np.ndarray:
    """A colour as the filter shows it: each step as the SVG standard defines it."""
    lightness, table, hue, joined = ElementTree.parse(FILTER).getroot()[0]
    light = _matrix(lightness, colour)
    steps = [_numbers(part.attrib["tableValues"]) for part in table]
    light = np.array([
        np.interp(part, np.linspace(0, 1, len(known)), known)
        for part, known in zip(light, steps, strict=True)
    ])  # fmt: skip
    k1, k2, k3, k4 = (float(joined.attrib[f"k{number}"]) for number in range(1, 5))
    other = _matrix(hue, colour)
    return np.clip(k1 * light * other + k2 * light + k3 * other + k4, 0, 1)


def _matrix(step: ElementTree.Element, colour: np.ndarray) -> np.ndarray:
    rows = _numbers(step.attrib["values"]).reshape(4, 5)[:3]
    return np.clip(rows @ [*colour, 1, 1], 0, 1)


def _numbers(text: str) -> np.ndarray:
    return np.array([float(number) for number in text.split()])
