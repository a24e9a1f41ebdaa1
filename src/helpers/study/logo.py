"""The client's logo: a picture of the kind that its name says, and nothing that can run."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.regular_files import not_a_file

__all__ = ["check_logo", "clean_svg", "logo_problem"]

LARGEST = 2_000_000  # bytes
WIDEST = 10_000  # pixels a side: more would only fill the reader's memory
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
DRAWN = {
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image", "use",
}  # fmt: skip
ELEMENTS = DRAWN | {
    "svg", "a", "g", "defs", "symbol", "title", "desc", "tspan", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", "switch", "filter",
    "feBlend", "feColorMatrix", "feComposite", "feFlood", "feGaussianBlur", "feMerge",
    "feMergeNode", "feMorphology", "feOffset", "feTile", "style",
}  # fmt: skip
ATTRIBUTE = re.compile(r"(?!on)[a-zA-Z][a-zA-Z0-9-]*", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
CALLS_OUT = re.compile(  # in a style: anything that is not drawn from this file itself
    r"\\|@(?!media\b)|expression|behavior|-moz-binding|javascript:|url\((?!\s*['\"]?#)|image\(|"
    r"image-set\(|src\(",
    re.IGNORECASE,
)


def check_logo(folder: Path, config: Config, findings: Findings) -> None:
    """Report a logo that is not there, or is not the picture that its name says."""
    logo = config.brand.logo
    if logo is None:
        return
    path = folder / logo
    if not_a_file(path) or not path.resolve().is_relative_to(folder.resolve()):
        problem = "is not a file of the client folder"
        advice = "Put the picture into the client folder and name it from there."
    elif path.stat().st_size > LARGEST:
        problem = f"is larger than {LARGEST // 1_000_000} MB"
        advice = "Save it smaller: a logo is shown 200 pixels wide."
    elif found := logo_problem(path.read_bytes(), path.suffix.lower()):
        problem, advice = found
    else:
        return
    findings.error("client.yml", problem, advice, column="brand.logo", found=logo)


def logo_problem(content: bytes, ending: str) -> tuple[str, str] | None:
    """What is wrong with a picture and what to do, or ``None``.

    >>> logo_problem(b"<html>", ".png")
    ('is not a PNG picture', 'Save it as one, or give the file the ending of what it is.')
    """
    if ending == ".svg":
        try:
            clean_svg(content)
        except ValueError as wrong:
            return str(wrong), "Save it as plain SVG, or as a PNG picture."
        return None
    kind, size = ("PNG", _png_size) if ending == ".png" else ("JPEG", _jpeg_size)
    sides = size(content)
    if sides is None:
        advice = "Save it as one, or give the file the ending of what it is."
        return f"is not a {kind} picture", advice
    if not 0 < max(sides) <= WIDEST or not min(sides):
        advice = "Save it smaller: a logo is shown 200 pixels wide."
        return f"is {sides[0]:,} by {sides[1]:,} pixels", advice
    return None


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 33:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the frame header; JPEG is a chain of marked segments."""
    place = 2 if content[:3] == b"\xff\xd8\xff" else len(content)
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None


def clean_svg(content: bytes) -> bytes:
    """An SVG picture of the elements that draw: no script, no handler, nothing from elsewhere.

    Raises
    ------
    ValueError
        Where it is no SVG, or nothing would be left to draw.

    Examples
    --------
    >>> clean_svg(b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script/><path d="M0 0"/>'
    ...           b'</svg>')
    b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0" /></svg>'
    """
    try:
        root = ElementTree.fromstring(content)  # expat itself stops entities that grow
        if root.tag != f"{SVG}svg":
            raise ValueError("another kind of XML")
        _clean(root)
    except (ElementTree.ParseError, ValueError, LookupError) as wrong:
        raise ValueError(f"is not an SVG picture ({wrong})") from None
    except RecursionError:
        raise ValueError("is an SVG picture nested too deeply to read") from None
    if not any(element.tag.removeprefix(SVG) in DRAWN for element in root.iter()):
        raise ValueError("holds nothing that can be drawn")
    ElementTree.register_namespace("", SVG[1:-1])
    ElementTree.register_namespace("xlink", XLINK[1:].partition("}")[0])
    return ElementTree.tostring(root, encoding="utf-8")


def _clean(element: ElementTree.Element) -> None:
    """Take away every child and attribute that is not on the lists (ours to change)."""
    for name, value in list(element.attrib.items()):
        if not _harmless(element, name, value):
            del element.attrib[name]
    for child in list(element):
        name = child.tag.removeprefix(SVG) if isinstance(child.tag, str) else ""
        styled = name == "style" and (len(child) or CALLS_OUT.search(child.text or ""))
        if name not in ELEMENTS or child.tag == name or styled:
            element.remove(child)
        else:
            _clean(child)


def _harmless(element: ElementTree.Element, name: str, value: str) -> bool:
    if name in ("href", XLINK):
        own = re.fullmatch(r"#[\w.:-]*", value)
        return bool(own or (element.tag == f"{SVG}image" and PICTURE.fullmatch(value)))
    return bool(ATTRIBUTE.fullmatch(name)) and not CALLS_OUT.search(value)
