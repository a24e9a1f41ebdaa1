"""What a printed report opens with: its cover, and what it holds on which page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from helpers.press.exports.pdf.pages import Leaf
from helpers.study import Study

__all__ = ["SUBJECT", "contents", "cover"]

UNKNOWN = "000"  # as wide as the page of a chapter
SUBJECT = "Customer loyalty"
ON_SCREEN = "The report on screen also has {}the tables behind each chapter and files to work with."
OF_ACCOUNTS = "a page for each account, whole lists, "  # where there is a list of accounts
KINDS = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
SAID = {
    "wave": "Wave {}",
    "date": "Data as of {}",
    "author": "Prepared by {}",
    "contact": "Contact: {}",
}


def cover(study: Study, book: Path) -> str:
    """The cover: logo, client, wave, day of the data, author, contact and who may read it."""
    lines = {key: text for key, text in study.cover.items() if key != "client"}
    facts = "".join(
        f'<p class="front-{key}">{escape(SAID.get(key, "{}").format(text))}</p>'
        for key, text in lines.items()
    )
    return (
        f'<section class="front"><div class="front-logo">{_logo(study, book)}</div>'
        f'<p class="front-client">{escape(study.name)}</p><p class="front-title">{SUBJECT}</p>'
        f'<div class="front-facts">{facts}</div></section>'
    )


def _logo(study: Study, book: Path) -> str:
    """The logo as the book shows it, in which nothing runs; nothing where there is none."""
    declared = study.config.brand.logo
    picture = book / "_static" / f"logo{Path(declared or '').suffix.lower()}"
    if not declared or not picture.is_file():
        return ""
    content = base64.b64encode(picture.read_bytes()).decode("ascii")
    kind = KINDS[picture.suffix]
    return f'<img alt="{escape(study.name)}" src="data:image/{kind};base64,{content}">'


def contents(leaves: Sequence[Leaf], pages: Sequence[int]) -> str:
    """What the report holds, part by part; pages that are not known have room kept for them."""
    numbers = dict(zip((leaf.name for leaf in leaves), pages, strict=False))
    parts = ""
    for part, group in groupby(leaves, lambda leaf: leaf.part):
        title = f'<p class="part">{escape(part)}</p>' if part else ""
        entries = "".join(_entry(leaf, numbers.get(leaf.name, UNKNOWN)) for leaf in group)
        parts += f"{title}<ul>{entries}</ul>"
    more = ON_SCREEN.format(OF_ACCOUNTS if "accounts" in {leaf.name for leaf in leaves} else "")
    return f'<nav class="contents"><h1>Contents</h1>{parts}<p class="trust">{more}</p></nav>'


def _entry(leaf: Leaf, page: int | str) -> str:
    return f'<li><a href="#{leaf.name}"><span>{escape(leaf.title)}</span> <b>{page}</b></a></li>'
