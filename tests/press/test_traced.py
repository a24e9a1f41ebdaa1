"""A page that says another number than the results is not published."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.press.quantities import Quantities
from helpers.press.shown import shown_on
from helpers.press.traced import untraced
from helpers.press.unbroken import unbroken
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.questions import by_chance

NPS = Figure("nps", 24.7, 18.1, 31.3, base=781, label="Net promoter score")
LISTED = Figure(
    "listed", 31, unit="count", base=309, base_unit="accounts", label="accounts to protect"
)
LIKELY = Figure(
    "likely", 43.9, 34.0, 53.0, unit="count", base=309, base_unit="accounts",
    label="likely accounts to protect",
)  # fmt: skip
HELD = Figure("held", None, withheld="its base of 4 is under 10", label="revenue of Invest")
NOBODY = Figure("nobody", 0, unit="count", base=1, base_unit="accounts", label="nobody")
ASKED = {"what": "Ask.", "owner": "A", "due": "30 July 2026", "review": "1 May 2027"}
SENT = pd.DataFrame({"text": ["It was done on 7 May 2026 \\[C05\\]; the index is 75.6 of 100."]})
GROUPS = pd.DataFrame(
    {
        "group": ["Core", "Key", "Strategic", "Growth", "Service", "Tier 1"],
        "value": [74.0, 75.5, 79.0, 73.3, 74.4, 72.6],
        "low": [71.6, 72.8, 75.9, 69.4, 71.6, 66.1],
        "high": [76.4, 78.1, 82.0, 77.2, 77.3, 79.1],
    }
)


def quoted(name: str, text: str) -> str:
    return f'<span class="figure" data-figure="loyalty.{name}" title="">{text}</span>'


def said(text: str, kind: str = "say") -> str:
    return f'<p class="{kind}">{text}</p>'


def chart(title: str, alt: str) -> str:
    picture = f'<picture><img alt="{alt}" src="data:image/png;base64,AAAA"></picture>'
    return f'<figure class="chart"><p class="chart-title">{title}</p>{picture}</figure>'


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{c}</td>" for c in row[1:])}</tr>'
        for row in rows
    )
    return f'<table class="data-table"><tbody>{cells}</tbody></table>'


def owner(who: str, due: str) -> str:
    return f'Ask. <span class="owner">Owner: {who}. By: {due}.</span>'


def letter(text: str) -> str:
    return f'<section class="letter" aria-label="The letter"><p>{text}</p></section>'


GROUPED = tuple(
    (row.group, f"{row.value:.1f}", f"{row.low} to {row.high}") for row in GROUPS.itertuples()
)


@pytest.fixture
def found(tmp_path: Path):
    """What is untraced on a page, put together from parts."""

    def look(*parts: str, called=None, tables=None, shown=None) -> list[str]:
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        page = "".join(parts)
        (tmp_path / "notebooks" / "loyalty.html").write_text(page, "utf-8")
        figures = {figure.name: figure for figure in (NPS, LISTED, LIKELY, HELD, NOBODY)}
        kept = {**(tables or {"groups": GROUPS}), "letters": SENT}
        said_there = tuple(shown_on(page if shown is None else shown))
        result = ChapterResult("loyalty", figures, kept, ask=ASKED, shown=said_there)
        return untraced(tmp_path, {"loyalty": result}, called or {})

    return look


def test_a_page_of_its_results_is_fine(found):
    assert (
        found(
            said(f"The score is {quoted('nps', '24.7 (18.1 to 31.3)')}.", "answer"),
            chart("The score is 24.7", "The score is 24.7. Core 74.0 (71.6 to 76.4); and 4 more."),
            table(*GROUPED),
        )
        == []
    )


def test_what_is_clear_on_its_own_only_is_said_as_all_results_say_it(tmp_path):
    """Neither left out, nor with another number, nor said of a page that has none such."""
    (tmp_path / "notebooks").mkdir()
    change = Figure("change", 2.0, 0.1, 3.9, verdict="rose", p=0.04, claims=True, label="A & B")
    other = Figure("other", 1.0, -9.0, 11.0, verdict="none", p=0.8)
    book = {
        "loyalty": ChapterResult("loyalty", {"change": change, "other": other}),
        "linkage": ChapterResult("linkage", {}),
    }
    line = by_chance(book)["loyalty"].html

    def told(loyalty: str, linkage: str = "") -> list[str]:
        for name, page in {"loyalty": loyalty, "linkage": linkage}.items():
            (tmp_path / "notebooks" / f"{name}.html").write_text(f"<p>{page}</p>", "utf-8")
        return untraced(tmp_path, book, {})

    assert told(line) == []
    for pages in ((line.replace("2 tests", "3 tests"),), ("",), (line, line)):
        [found] = told(*pages)
        assert "clear on its own only" in found


def test_a_number_that_another_thing_has_is_told_where_the_chapter_said_none_such(found):
    """The net promoter score is 24.7, and so might the alt text of Core say."""
    said_there = chart("Scores of Core and Key", "Core 74.0; Key 75.5.")
    [line] = found(said_there.replace("74.0", "24.7"), shown=said_there)
    assert line == (
        "loyalty: a chart or a table says 'Core 24.7; Key 75.5.', "
        "where its chapter had 'Core 74.0; Key 75.5.'"
    )


@pytest.mark.parametrize(
    ("title", "told"),
    [("Net promoter score; interval 18.1 to 31.3; base 781 respondents", 0),
     ("Net promoter score; interval 18.1 to 31.3; base 782 respondents", 1)],
)  # fmt: skip
def test_who_points_at_a_figure_reads_its_own_interval_and_base(title, told, found):
    pointed = quoted("nps", "24.7").replace('title=""', f'title="{title}"')
    assert len(found(said(f"The score is {pointed}."))) == told


def test_a_number_that_one_row_alone_has_is_measured_against_no_column(found):
    """A date of one row of five, in a column that the others leave empty."""
    rows = [(*row[:2], "–") for row in GROUPED]
    assert found(table((*rows[0][:2], "2026-05-04"), *rows[1:])) == []


def test_counts_below_ten_that_are_alike_but_for_one_are_of_two_things(found):
    """Owners' open cases are handed on; the page shows their accounts, of which one has two."""
    cases = pd.DataFrame({"owner": GROUPS["group"], "open": [4, 6, 3, 7, 2, 5]})
    accounts = zip(cases["owner"], "463625", strict=True)
    assert found(table(*accounts), tables={"owners": cases}) == []


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (said(quoted("nps", "25.7")), "quoted as '25.7'"),
        (said(quoted("nps", "24.7 (18.1 to 32.3)")), "quoted as"),
        (said(quoted("held", "$2.4M")), "quoted as '$2.4M'"),
        (said(quoted("gone", "7")), "quoted as '7'"),
        (said("The score is 24.7."), "is no figure's"),
        (said("Of 10, three.", "so-what"), "is no figure's"),
        (chart("The score is 25.7", "The score."), "no figure of its page"),
        (chart("The score is 24.7", "The score is 31.3."), "differ"),
        (chart("Scores", "Core 79.0 (75.9 to 82.0)."), "in the alt text"),
        (chart("Scores", "Core 74.0 (71.6 to 76.5)."), "in the alt text"),
        (chart("Scores", "Revenue of Invest $2.4M."), "in the alt text"),
        (chart("Scores", "Those who left: 41% (36% to 46%)."), "in the alt text"),
        (chart("Scores", "Core 71.6 (71.6 to 76.4)."), "in the alt text"),
        (chart("Scores", "Core 0.31."), "in the alt text"),
        (chart("Scores", "Of all 285."), "in the alt text"),
        (said(owner("A", "31 July 2026"), "do-next"), "by when"),
        (said(owner("B", "30 July 2026"), "do-next"), "by when"),
        (said("Base 782 respondents; 95% intervals.", "trust"), "is the base of no figure"),
        (said("782 respondents; evidence C", "trust"), "is the base of no figure"),
        (said("Next review: 2 May 2027.", "trust"), "is not the day of the review"),
        (letter("It was done on 8 May 2026; the index is 75.6 of 100."), "8 in the letter"),
        (letter("It was done on 7 May 2026; the index is 75.9 of 100."), "9 in the letter"),
        (table(("Net promoter score", "31.4", "24.4 to 38.4", "781")), "is of Net promoter score"),
        (table(("Core", "75.0", "71.6 to 76.4"), *GROUPED[1:]), "is another value"),
        (table(*GROUPED[:-1], ("Tier 1", "72.6", "61.1 to 79.1")), "is another value"),
    ],
)
def test_a_number_that_is_not_the_results_is_told(part, told, found):
    lines = found(part)
    assert lines
    assert told in lines[0]


@pytest.mark.parametrize(
    "part",
    [
        chart("Tier 1 scores lowest", "Tier 1 72.6 (66.1 to 79.1)."),
        chart("Ease of use, Q4 of 1 to 5", "Core 74.0."),
        chart("None stands out", "Core <1% of 74.0, and 12 more.").replace("<1% of ", ""),
        table(("Net promoter score", "31.4", "24.4 to 38.4", "55")),
        table(("Net promoter score", "unweighted", "24.7", "18.1 to 31.3", "781")),
        table(("Another", "1.0", "0.5 to 1.5"), *GROUPED),
        table(*(row[:2] for row in GROUPED)),
        table(("Core", "2.0", "1.0 to 3.0"), ("Key", "4.0", "3.0 to 5.0")),
        said(f"{quoted('nps', '24.7')} <span class='owner'></span>"),
        said(owner("A", "30 July 2026"), "do-next"),
        said("Base 781 respondents; ranges are 95% intervals; evidence grade C.", "trust"),
        said("781 respondents; evidence C", "trust"),
        said("Weakest evidence: C (it describes). Next review: 1 May 2027.", "trust"),
        letter("It was done on 7 May 2026; the index is 75.6 of 100."),
    ],
)
def test_what_is_no_contradiction_is_not_told(part, found):
    assert found(part, called={"q4": "Ease of use, Q4"}) == []


def test_a_sum_or_a_number_of_the_rows_that_bear_a_name_is_known(found):
    """Of two rows named Core: 74.0 + 75.5 = 149.5, and two of them."""
    twice = {"groups": GROUPS.assign(group=["Core", "Core", *GROUPS["group"][2:]])}
    assert found(chart("The map", "Core: 2 accounts, 149.5."), tables=twice) == []
    assert found(chart("The map", "Core: 2 accounts, 160.5."), tables=twice) != []


def test_digits_in_names_of_the_client_count_nothing(found):
    part = chart("Studio 54 Ltd leads", "Studio 54 Ltd 24.7.")
    assert found(part, called={"a1": "Studio 54 Ltd"}) == []


NUMBERED = ["Item d0_0", "Q3 speed", "Answered in 24 hours", "Band 3: over 100", "95% on time",
            "Region_2", "1 to 49 staff"]  # fmt: skip


@pytest.mark.parametrize("name", NUMBERED)
def test_digits_in_names_of_groups_count_nothing_and_those_beside_them_do(name, found):
    """As of questions, segments and accounts; the heading names another row of the table."""
    tables = {"groups": GROUPS.assign(group=[name, *GROUPS["group"][1:]])}
    alt = f"Scores of Core and Key: {name} 74.0 (71.6 to 76.4); Key 75.5 (72.8 to 78.1)."
    part = chart(f"{name} is not lowest", alt)
    assert found(part, tables=tables, called={"q1": name}) == []
    assert found(part, tables=tables) == []
    for number in ("74.0", "71.6", "76.4"):
        wrong = alt.replace(number, "99.9")
        assert found(chart("", wrong), tables=tables), number


def test_a_name_that_reads_like_a_number_hides_none(found):
    """As of the company that is called 3M: "$1.3M" is an amount all the same."""
    of = {"a1": "3M"}
    assert found(chart("3M brings 24.7", "3M 74.0 (71.6 to 76.4)."), called=of) == []
    for title in ("It brings $1.3M", "It brings $3M", "3M brings 1.3M"):
        assert found(chart(title, "None."), called=of), title


def test_a_row_is_of_a_figure_by_the_whole_of_a_label(found):
    """Of two questions that a colon parts alike, "care" is the last word of both."""
    row = ("Q5: care", "unweighted", "31.4", "24.4 to 38.4", "781")
    assert found(table(row, ("Net promoter score", "24.7", "18.1 to 31.3", "781"))) == []
    assert found(table(("Net promoter score", "31.4", "24.4 to 38.4", "781"))) != []


def test_an_alt_text_with_a_name_that_cannot_be_parted_is_left_alone(found):
    """A label such as "Speed; 9. of 12" would be cut where it has a full stop."""
    groups = pd.DataFrame({"group": ["Speed; 9. of 12"], "value": [74.0]})
    tables = {"groups": groups}
    assert found(chart("", "Speed; 9. of 12 and Key 51.3 (49 to 53)."), tables=tables) == []


def test_a_share_among_points_may_be_told_in_percentage_points(found):
    shares = {"groups": GROUPS.assign(value=[74.0, 75.5, 0.79, 73.3, 74.4, 72.6])}
    assert found(table(*GROUPED), tables=shares) == []
    wrong = {"groups": GROUPS.assign(value=[74.0, 75.5, 0.69, 73.3, 74.4, 72.6])}
    assert found(table(*GROUPED), tables=wrong) != []


def test_digits_that_no_name_has_count(found):
    assert found(chart("Studio 54 Ltd leads", "None.")) != []


def both(words: str) -> str:
    return said(words.format(quoted("listed", "31"), quoted("likely", "44 (34 to 53)")))


def test_a_count_outside_its_likely_range_is_said_to_be_of_a_list(found):
    [line] = found(both("Protect {} accounts; there are about {}."))
    assert "31 lies outside 34 to 53" in line


def test_a_count_that_is_said_to_be_of_a_list_is_fine(found):
    assert found(both("The list names {} accounts; {} are likely to be so.")) == []


LOSS = Figure("loss", -250_000.0, unit="money:USD", base=90, label="what it loses")
DUE = pd.DataFrame({"name": ["Mill", "Pump works"], "due": pd.to_datetime(["2026-07-01"] * 2)})


@pytest.mark.parametrize(("amount", "wrong"), [("−$250k", 0), ("−$260k", 1)])
def test_days_and_amounts_that_are_kept_whole_are_read_as_before(tmp_path, amount, wrong):
    page = said(f"It loses {quoted('loss', amount)}.") + table(
        *((name, "2026-07-01") for name in DUE["name"])
    )
    (tmp_path / "notebooks").mkdir()
    kept = tuple(shown_on(page))
    result = ChapterResult("loyalty", {"loss": LOSS}, {"due": DUE}, shown=kept)
    found = []
    for shown in (page, unbroken(page)):
        (tmp_path / "notebooks" / "loyalty.html").write_text(shown, "utf-8")
        found.append(untraced(tmp_path, {"loyalty": result}, {}))
    assert found[0] == found[1]
    assert len(found[1]) == wrong
    assert 'class="unbroken"' in unbroken(page)


def test_a_table_of_single_respondents_is_not_held_against_a_page():
    """There may be a million, of whom no page speaks."""
    tables = {
        "design": pd.DataFrame({"response_id": ["r1", "r2"], "weight": [1.0, 2.0]}),
        "groups": pd.DataFrame({"group": ["Key", "Core"], "share": [0.4, 0.6]}),
    }
    result = SimpleNamespace(tables=tables, figures={})
    [only] = Quantities([result], {}, "").stored  # type: ignore[list-item]
    assert [set(row.names) for row in only.rows] == [{"key"}, {"core"}]
