"""A comparison as one page: no script, no other file, the book's own look in light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from itertools import groupby

from helpers.press.comparing.changes import Change, Comparison
from helpers.press.comparing.wording import (
    ASSUMED,
    apart,
    because,
    cells,
    remarks,
    retold_in_words,
    set_beside,
    step_by_step,
    summary,
)

__all__ = ["page"]

STYLE = """
:root { color-scheme: light dark; --accent: #1d4e89; --ink: #1d2733; --muted: #566170;
  --line: #d9dee5; --ground: #f5f7f9; --paper: #fff;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
  --sans: "Avenir Next", "Segoe UI", "Helvetica Neue", Helvetica, Arial, "Liberation Sans",
    sans-serif; }
@media (prefers-color-scheme: dark) {
  :root { --accent: #9db4d0; --ink: #e3e8ee; --muted: #a7b1bd; --line: #3a4553;
    --ground: #1d242d; --paper: #14181e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans);
  overflow-wrap: break-word; }
main, footer { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1, h2 { font-family: var(--serif); line-height: 1.25; }
h1 { margin: 0 0 1.25rem; padding-bottom: 0.6rem; border-bottom: 3px solid var(--accent);
  font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.15rem); }
h2 { margin: 2.6rem 0 0.4rem; font-size: clamp(1.25rem, 1.1rem + 0.7vw, 1.55rem); }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.answer { margin: 1.25rem 0 1.5rem; padding-left: 1rem; border-left: 4px solid var(--accent);
  font: clamp(1.15rem, 1.05rem + 0.5vw, 1.35rem)/1.45 var(--serif); }
.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
  gap: 0.5rem 1.5rem; margin: 1rem 0; }
.runs dt, .note { color: var(--muted); font-size: 0.9rem; }
.runs dd { margin: 0; font-weight: 600; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0; padding: 0;
  list-style: none; }
nav a { display: inline-block; padding: 0.2rem 0; }
table { width: 100%; margin: 0.8rem 0; border-collapse: collapse; font-size: 0.9rem;
  line-height: 1.35; }
caption { padding-bottom: 0.5rem; font-weight: 600; text-align: left; }
th, td { padding: 0.45rem 1.1rem 0.45rem 0; border-bottom: 1px solid var(--line);
  font-weight: 400; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--muted); color: var(--muted); font-size: 0.82rem;
  font-weight: 600; vertical-align: bottom; }
table { table-layout: fixed; }
tbody th { font-weight: 600; }
thead :first-child { width: 30%; }
td.number { font-variant-numeric: lining-nums tabular-nums; }
.why { margin: 0.2rem 0 0; }
.part { display: block; color: var(--muted); font-size: 0.82rem; font-weight: 400; }
@media (max-width: 44rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td, caption { display: block; width: auto; }
  tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  th, td, tbody th { width: auto; padding: 0.1rem 0; border: 0; }
  td:empty { display: none; }
  td[data-called]::before { content: attr(data-called) ": "; color: var(--muted); } }
@media print { nav { display: none; } tr { break-inside: avoid; } }
"""
FIRST = "first-page"


def page(made: Comparison, titles: Mapping[str, str]) -> str:
    """The page of a comparison, whole.

    Parameters
    ----------
    titles
        What chapters are called, by name.
    """
    heading = f"What changed: {made.now.record.get('name', made.now.called)}"
    parts = [
        f"<h1>{escape(heading)}</h1>",
        f'<p class="answer">{escape(summary(made, titles))}</p>',
        _runs(made),
        *(f'<p class="note">{escape(note)}</p>' for note in _notes(made)),
        *_sections(made, titles),
        _unchanged(made, titles),
    ]
    style = b64encode(sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _runs(made: Comparison) -> str:
    told = (("First run", made.before), *(("In between", run) for run in made.between),
            ("Second run", made.now))  # fmt: skip
    inside = "".join(f"<div><dt>{t}</dt><dd>{escape(r.name)}</dd></div>" for t, r in told)
    return f'<dl class="runs">{inside}</dl>'


def _notes(made: Comparison) -> list[str]:
    beside = set_beside(made)
    asked = apart(made)
    return [*made.notes, *([asked] if asked else []), *([beside, ASSUMED] if beside else [])]


def _sections(made: Comparison, titles: Mapping[str, str]) -> list[str]:
    """The first page's figures, then a section a chapter, and links where there are several."""
    first = [change for change in made.changes if change.rank == 0]
    rows = [(FIRST, "On the first page", first)] if first else []
    for name, of in groupby(made.changes, key=lambda change: change.chapter):
        rows.append((f"in-{name}", titles.get(name, name), list(of)))
    links = "".join(f'<li><a href="#{at}">{escape(title)}</a> ({len(of):,})</li>'
                    for at, title, of in rows)  # fmt: skip
    nav = [f'<nav aria-label="Chapters that changed"><ul>{links}</ul></nav>'] if rows[1:] else []
    return nav + [_section(at, title, of, titles, made) for at, title, of in rows]


def _section(
    at: str, title: str, changes: list[Change], titles: Mapping[str, str], made: Comparison
) -> str:
    """One reason for all of a chapter; on the first page, and after steps, each figure its own."""
    first = at == FIRST
    mixed = first or len({because(change, titles) for change in changes}) > 1
    same = made.unchanged.get(changes[0].chapter, 0)
    counted = f"{len(changes):,} changed" + ("" if first else f", {same:,} unchanged")
    why = "" if mixed else f'<p class="why">{escape(_reason(changes, titles))}</p>'
    also = "" if first else _also(changes[0].chapter, made)
    beside = any(_remarks(change, titles) for change in changes)
    heads = ("Figure", "Before", "Now", *(["Why"] if mixed else ["Beside it"] if beside else [""]))
    body = [_row(change, titles, first=first, mixed=mixed) for change in changes]
    return (
        f'<section id="{at}" aria-labelledby="{at}-title"><h2 id="{at}-title">{escape(title)}</h2>'
        f'{why}<table role="table"><caption>{counted}</caption>'
        f'<thead role="rowgroup"><tr role="row">{"".join(map(_head, heads))}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(body)}</tbody></table>{also}</section>'
    )


def _remarks(change: Change, titles: Mapping[str, str]) -> list[str]:
    """What stands beside a change, and what each step of it did."""
    steps = step_by_step(change, titles)
    return [*remarks(change), *([steps] if steps else [])]


def _reason(changes: list[Change], titles: Mapping[str, str]) -> str:
    """Why each figure of a chapter changed: what they are computed from differs in the same."""
    why = because(changes[0], titles)
    each = "" if len(changes) == 1 else "Each of these: "
    return f"{each}{why}." if each else f"{why[:1].upper()}{why[1:]}."


def _also(chapter: str, made: Comparison) -> str:
    """The texts and tables of a chapter that changed besides its figures."""
    told = [f"{part.name} ({part.how})" for one in made.besides if one.chapter == chapter
            for part in one.parts]  # fmt: skip
    return f'<p class="note">Also: {escape("; ".join(told))}.</p>' if told else ""


def _head(name: str) -> str:
    if not name:
        return '<td role="cell"></td>'
    return f'<th scope="col" role="columnheader">{name}</th>'


def _row(change: Change, titles: Mapping[str, str], *, first: bool, mixed: bool) -> str:
    before, now = cells(change)
    under = [titles.get(change.chapter, change.chapter)] if first else []
    under += [] if change.kind == "changed" else [change.kind]
    under += [f"changed: {', '.join(change.parts)}"] if change.parts[:1] != ("value",) else []
    beside = _remarks(change, titles)
    told = [because(change, titles), *beside] if mixed else beside or [""]
    called = ' data-called="Why"' if mixed else ""
    return (
        '<tr role="row"><th scope="row" role="rowheader">'
        f"{escape(change.label)}{_small(under)}</th>"
        f'<td class="number" role="cell" data-called="Before">{escape(before)}</td>'
        '<td class="number" role="cell" data-called="Now">'
        f"{escape(now)}{_small(_bases(change))}</td>"
        f'<td role="cell"{called}>{escape(told[0])}{_small(told[1:])}</td></tr>'
    )


def _bases(change: Change) -> list[str]:
    """The base, where it is what changed or both have one."""
    old, new = (one.base if one else None for one in (change.before, change.now))
    if new is None or change.now is None:
        return []
    was = f", {old:,} before" if old is not None and old != new else ""
    return [f"base {new:,} {change.now.base_unit}{was}"]


def _small(lines: list[str]) -> str:
    return "".join(f'<span class="part">{escape(line)}</span>' for line in lines if line)


def _unchanged(made: Comparison, titles: Mapping[str, str]) -> str:
    """What did not change, counted; and what could not be compared, with the reason."""
    changed = {c.chapter for c in made.changes} | {one.chapter for one in made.retold}
    same = [f"{titles.get(name, name)}: {count:,} figure{'' if count == 1 else 's'}"
            for name, count in made.unchanged.items() if name not in changed]  # fmt: skip
    absent = [f"{titles.get(n, n)}: {why}" for n, why in made.left_out.items()]
    parts = []
    retold = [retold_in_words(one, titles) for one in made.retold]
    for at, title, lines in (
        ("retold", "Chapters in which no figure changed, but texts or tables did", retold),
        ("unchanged", "Chapters in which nothing changed", same),
        ("left-out", "Chapters that only one run has", absent),
    ):
        if lines:
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            parts.append(f'<section id="{at}"><h2>{title}</h2><ul>{items}</ul></section>')
    return "".join(parts)
