"""The executive page: one sheet, put together from what the chapters handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from helpers.results import ChapterResult, Figure
from helpers.views.executive import sentences as words
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.intervals import small_interval
from helpers.views.rendering.naming import plain
from helpers.views.rendering.questions import FIRST, alone, called, counted, questions
from helpers.views.rendering.rules import quotable
from helpers.views.rendering.sentences import GRADES, Sentence, account_list, say

LARGE_SHARE = 0.12  # from which a share is drawn on its whole scale
COVER = {  # what the cover line says, and the words before it
    "client": "", "wave": "Wave ", "date": "Data as of ", "author": "Prepared by ",
    "contact": "Contact: ", "confidentiality": "",
}  # fmt: skip
STRONG = ("client", "confidentiality")
DOMAINS = {"points": (-100.0, 100.0), "index": (0.0, 100.0)}

NOT_CLEAR = "not clear"
TAKEN_BACK = {  # where among all questions of a book chance could have given it: money is asked for
    "linkage__effect", "linkage__risk_excess", "operations__worth", "operations__growth",
    "actions__plan",
}  # fmt: skip


def gathered(results: Mapping[str, ChapterResult], due: str, review: str = "") -> ChapterResult:
    """The executive's own result: every figure of the chapters, the bottom line, the ask.

    ``review`` is the day on which the page is read again.
    """
    chapters = {name: r for name, r in results.items() if name != "executive"}
    figures = cautious(words.combined(chapters), alone(chapters)) | _by_chance(chapters)
    drivers = chapters.get("drivers")
    what, owner = words.ask(figures, drivers.ask.get("owner", "") if drivers else "")
    return ChapterResult(
        "executive",
        figures,
        answer=words.bottom_line(figures),
        so_what=words.trust(figures),
        ask={"what": what, "owner": owner, "due": due, **({"review": review} if review else {})},
        doubts=tuple(words.doubts(chapters)),
        untold={
            f"{chapter}__{name}": why
            for chapter, result in chapters.items()
            for name, why in _untold(result).items()
        },
    )


def cautious(
    figures: Mapping[str, Figure], alone: Mapping[str, Sequence[str]]
) -> dict[str, Figure]:
    """The same figures, this page's verdicts taken back where they are clear on their own only.

    >>> clear = {"linkage__risk_excess": Figure("risk_excess", 2.0, 1.0, 3.0, verdict="clear")}
    >>> cautious(clear, {"linkage": ["risk_excess"]})["linkage__risk_excess"].verdict
    'not clear'
    """
    doubtful = {f"{chapter}__{name}" for chapter, names in alone.items() for name in names}
    return {
        name: replace(figure, verdict=NOT_CLEAR) if name in doubtful & TAKEN_BACK else figure
        for name, figure in figures.items()
    }


def _by_chance(chapters: Mapping[str, ChapterResult]) -> dict[str, Figure]:
    """How many questions of chance there are, and what is clear on its own only of this page's."""
    figures = [*counted(questions(chapters))]
    told = [called(chapters[name][at], at) for name, names in alone(chapters).items()
            for at in names if f"{name}.{at}" in FIRST]  # fmt: skip
    if labels := dict.fromkeys(told):
        figures += quotable(on_their_own="; ".join(labels))
    return {figure.name: figure for figure in figures}


def _untold(result: ChapterResult) -> dict[str, str]:
    """The chapter's figures without a value, and why: not computed, or withheld."""
    held = {name: f.withheld for name, f in result.figures.items() if f.value is None}
    return {**result.untold, **held}


def executive(result: ChapterResult, cover: Mapping[str, str], *, about: str = "") -> Sentence:
    """The whole page, as it is read on a screen and printed on one sheet.

    ``cover`` is what the page says of the report: see `cover_line`.
    """
    parts = [
        cover_line(cover),
        *([Sentence(f'<p class="question">{escape(about)}</p>', about)] if about else []),
        say(result.answer, result, kind="answer"),
        _strip(result),
        _aspects(result),
        _ask(result),
        *([_doubts(result)] if result.doubts else []),
        _trust(result),
    ]
    inside = "\n".join(part.html for part in parts)
    return Sentence(
        f'<div class="executive">{inside}</div>', "\n".join(part.text for part in parts)
    )


def cover_line(cover: Mapping[str, str]) -> Sentence:
    """Whose report this is, of when, by whom, and who may read it; what is not said is left out.

    >>> cover_line({"client": "A & Co", "wave": "2026H1", "author": "Reed"}).html
    '<p class="cover"><strong>A &amp; Co</strong> · Wave 2026H1 · Prepared by Reed</p>'
    """
    said = {key: lead + cover[key] for key, lead in COVER.items() if cover.get(key)}
    parts = [
        f"<strong>{escape(text)}</strong>" if key in STRONG else escape(text)
        for key, text in said.items()
    ]
    return Sentence(f'<p class="cover">{" · ".join(parts)}</p>', " · ".join(said.values()))


def _strip(result: ChapterResult) -> Sentence:
    """The scores in one line: each large, its interval small below it."""
    tiles, lines = [], []
    for above, name, below in words.strip(result.figures):
        over = say(above, result, tag="dt")
        large = say(f"{{{name}:value}}", result, tag="span")
        told = result.figures[name].low is not None
        small = say(f"{{{name}:interval}}" if told else "", result, tag="small")
        under = f"{small.html} {escape(below)}".strip()
        tiles.append(
            f'<div>{over.html}<dd>{large.html}<span class="under">{under}</span></dd></div>'
        )
        within = f" ({small.text})" if small.text else ""
        lines.append(f"{over.text}: {large.text}{within} {below}".strip())
    inside = f'<dl class="strip">{"".join(tiles)}</dl>' if tiles else ""
    return Sentence(inside, "; ".join(lines))


def _aspects(result: ChapterResult) -> Sentence:
    blocks, lines = [], []
    for heading, main, template in words.aspects(result.figures):
        line = say(template, result)
        picture = _picture(result.figures[main], result)
        page = main.partition("__")[0]
        blocks.append(
            f'<section class="aspect"><h2><a href="{page}.html">{escape(heading)}</a></h2>'
            f"{line.html}{picture.html() if picture else ''}"
            f"{_grade(result.figures[main])}</section>"
        )
        lines.append(f"{heading}: {line.text}")
    return Sentence(f'<div class="aspects">{"".join(blocks)}</div>', "\n".join(lines))


def _grade(figure: Figure) -> str:
    base = f"{figure.base:,} {figure.base_unit}" if figure.base else ""
    grade = f"evidence {figure.grade}" if figure.grade else ""
    return f'<p class="trust">{escape("; ".join(filter(None, (base, grade))))}</p>'


def _picture(figure: Figure, result: ChapterResult) -> Chart | None:
    """A small picture of a figure that has an interval."""
    if figure.low is None or figure.high is None or figure.value is None:
        return None
    value = float(figure.value)
    if not figure.low <= value <= figure.high:
        return None
    reach = max(abs(figure.low), abs(figure.high), abs(value)) * 1.25
    domain = DOMAINS.get(figure.unit, (min(0.0, figure.low * 1.25), reach))
    if figure.unit == "share" and value > LARGE_SHARE:
        domain = (0.0, 1.0)
    if figure.unit == "scale" and "sampling__main_to" in result.figures:
        low, high = (result.figures[f"sampling__main_{end}"].value for end in ("from", "to"))
        domain = (float(str(low)), float(str(high)))
    if figure.name.endswith("effect"):
        domain = (min(0.0, figure.low * 1.25), max(reach, 0.0))
    return small_interval(
        value, figure.low, figure.high, domain=domain, unit=figure.unit,
        title=(figure.label or plain(figure.name)).capitalize(),
    )  # fmt: skip


def _ask(result: ChapterResult) -> Sentence:
    """What is asked of whom by when; where it names accounts, where all of them stand."""
    line = say(result.ask["what"], result, tag="p")
    tail = f"Owner: {result.ask['owner']}. By: {result.ask['due']}."
    names = "{accounts__" in result.ask["what"]
    see = account_list("Every account") if names else Sentence("", "")
    return Sentence(
        f'<div class="do-next"><h2>The ask</h2>{line.html}'
        f'<p><span class="owner">{escape(tail)}</span></p>{see.html}</div>',
        f"The ask: {line.text} {tail} {see.text}".strip(),
    )


def _doubts(result: ChapterResult) -> Sentence:
    lines = [say(doubt, result, tag="li") for doubt in result.doubts]
    items = "".join(line.html for line in lines)
    return Sentence(
        f'<div class="doubts"><h2>What does not fit</h2><ul>{items}</ul></div>',
        "What does not fit: " + " ".join(line.text for line in lines),
    )


def _trust(result: ChapterResult) -> Sentence:
    line = say(result.so_what, result)
    grades = [f.grade for f in result.figures.values() if f.grade]
    grade = f"Weakest evidence: {GRADES[max(grades)]}." if grades else ""
    review = result.ask.get("review")
    grade = f"{grade} Next review: {review}.".strip() if review else grade
    return Sentence(
        f'<div class="trusting"><h2>How far to trust this</h2>{line.html}'
        f'<p class="trust">{escape(grade)}</p></div>',
        f"How far to trust this: {line.text} {grade}",
    )
