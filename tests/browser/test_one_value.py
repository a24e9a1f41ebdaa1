"""What the demo books say holds together: one quantity, one value; withheld is withheld."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import reading
import whole_runs
from ruamel.yaml import YAML

from helpers import results
from helpers.press.quantities import called
from helpers.press.spoken import Spoken, numbers
from helpers.press.traced import untraced
from helpers.results import ChapterResult
from helpers.study import open_study
from helpers.views.rendering import sentences

pytestmark = pytest.mark.browser

DEMOS = ("northfield", "mobile")
MOST_WORDS, MOST_NUMERALS = 40, 6  # of the answer at the top of a page
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")
TAG = re.compile(r"<[^>]*>")
ELEMENT = re.compile(
    r"<(tr|p|li|caption|figcaption|h\d|summary)\b[^>]*>.*?</\1>|"
    r'\b(?:alt|title|content|aria-label)="[^"]*"',
    re.DOTALL,
)

WORDS = (  # of pictures and tables, by which no number is traced to a figure alone
    re.compile(r'(?<=<img alt=")[^"]*'),
    re.compile(r"(?<=<caption>)[^<]*|(?<=<figcaption>)[^<]*"),
    re.compile(r'(?<=<p class="chart-title">)[^<]*|(?<=<p class="table-note">)[^<]*'),
)


@pytest.fixture(scope="session")
def handed_on(reports) -> dict[str, dict[str, ChapterResult]]:
    """What the chapters of both books handed on."""
    return {client: results.load_all(reports[client] / "results") for client in DEMOS}


@pytest.mark.parametrize("client", DEMOS)
def test_every_number_of_a_book_leads_to_its_quantity(client, reports, handed_on):
    names = called(open_study(client))
    assert untraced(reports[client] / "book", handed_on[client], names) == []


@pytest.mark.parametrize("client", DEMOS)
@pytest.mark.parametrize("chapter", ["loyalty", "drivers", "executive"])
def test_a_digit_changed_by_hand_in_a_picture_or_a_note_is_found(
    client, chapter, reports, handed_on, tmp_path
):
    """Of each kind of text, the first digit and the last."""
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / f"{chapter}.html"
    page = PICTURE.sub("", (reports[client] / "book" / "notebooks" / path.name).read_text("utf-8"))
    path.write_text(page, encoding="utf-8")
    names = called(open_study(client))
    assert untraced(tmp_path, handed_on[client], names) == []
    whole = [range(*found.span()) for kind in WORDS for found in kind.finditer(page)]
    places = [[at for at in one if page[at].isdigit()] for one in whole]
    ends = sorted({at for one in places for at in (*one[:1], *one[-1:])})
    assert ends
    for at in ends[:: max(1, len(ends) // 6)]:
        other = f"{page[:at]}{(int(page[at]) + 1) % 10}{page[at + 1 :]}"
        path.write_text(other, encoding="utf-8")
        assert untraced(tmp_path, handed_on[client], names), page[at - 40 : at + 20]


@pytest.mark.parametrize("client", DEMOS)
def test_an_answer_at_the_top_has_at_most_forty_words(client, handed_on):
    answers = {name: str(sentences.answer(result)) for name, result in handed_on[client].items()}
    long = {name: text for name, text in answers.items() if len(text.split()) > MOST_WORDS}
    assert long == {}


@pytest.mark.parametrize("client", DEMOS)
def test_an_answer_at_the_top_has_at_most_six_numerals(client, handed_on):
    """A value and its interval are one numeral."""
    answers = {name: sentences.answer(result).html for name, result in handed_on[client].items()}
    waves = open_study(client).waves  # 2025H2 is a name
    told = {name: [text for _, text in QUOTED.findall(answer)
                   if re.search(r"\d", text) and text not in waves]
            for name, answer in answers.items()}  # fmt: skip
    assert {name: values for name, values in told.items() if len(values) > MOST_NUMERALS} == {}
    assert sum(len(values) for values in told.values()) > len(told) / 2


def test_what_each_question_of_a_group_explains_is_handed_on_and_adds_up_to_its_group(handed_on):
    """Shown and not handed on, its shares were held against those of another division."""
    tables = handed_on["mobile"]["drivers"].tables
    whole = tables["groups"].set_index("driver")["share"]
    parts = tables["within"].groupby("group")["share"].sum()
    pd.testing.assert_series_equal(parts, whole[parts.index], check_names=False)


QUOTED = re.compile(r'<(\w+)[^>]*\bdata-figure="[^"]*"[^>]*>(.*?)</\1>', re.DOTALL)
FIRST_PAGE = re.compile(r'<div class="executive">(.*?<div class="trusting">.*?)</div>', re.DOTALL)
SENTENCE = re.compile(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", re.DOTALL)
UNSEEN = re.compile(
    r'<figure.*?</figure>|<p class="(?:chart-title|question|cover)">.*?</p>', re.DOTALL
)


@pytest.mark.parametrize("client", DEMOS)
def test_the_first_page_is_read_in_two_minutes(client, reports):
    """A value and its interval are one numeral; the client's own words are not counted."""
    page = (reports[client] / "book" / "notebooks" / "executive.html").read_text(encoding="utf-8")
    (inside,) = FIRST_PAGE.findall(page)
    told = UNSEEN.sub("", inside)
    values = re.sub(r"<small.*?</small>", "", told, flags=re.DOTALL)
    numerals = [text for _, text in QUOTED.findall(values) if re.search(r"\d", text)]
    words = [word for word in html.unescape(TAG.sub(" ", told)).split() if word.strip("−–.;:(),")]
    plain = [word for word in words if not re.search(r"\d", word) and word != "to"]
    assert 5 < len(numerals) <= 25
    assert 100 < len(plain) <= 250
    prose = " ".join(html.unescape(TAG.sub("", line)) for line in SENTENCE.findall(told))
    assert 0 < reading.grade(prose) <= 10


def test_the_first_page_agrees_with_the_account_list_and_the_plan(handed_on):
    """Whom it names, what it costs, who does it and by when, as the pages behind it say."""
    chapters = handed_on["northfield"]
    ask, figures = chapters["executive"].ask, chapters["executive"].figures
    listed = chapters["accounts"].tables["accounts"]
    firm = listed[(listed["cell"] == "Protect & repair") & (listed["firmness"] == "firm")]
    named = str(figures["accounts__repair_names"].value).split(" and ")
    assert named == firm["name"].head(len(named)).tolist()
    assert figures["value_map__protect_firm"].value >= len(firm)  # some may not be named
    plan = chapters["actions"].tables["ninety_days"]
    assert str(figures["actions__first_action"].value) in set(plan["action"])
    for name in ("accounts__repair_names", "actions__plan_cost", "actions__first_action"):
        assert f"{{{name}" in ask["what"]
    assert ask["owner"] == chapters["accounts"].ask["owner"]
    assert pd.Timestamp(ask["due"]) > open_study("northfield").as_of


@pytest.fixture(scope="session")
def open_results(project, handed_on, tmp_path_factory) -> dict[str, dict[str, ChapterResult]]:
    """The same, of clients that withhold nothing for a small base: what must not be found.

    Chapters that withhold nothing in the books have nothing to look for, and are not made.
    """
    folder, build = tmp_path_factory.mktemp("open"), tmp_path_factory.mktemp("told")
    holding = {client: [*filter(withholds, handed_on[client].values())] for client in DEMOS}
    told: dict[str, dict[str, ChapterResult]] = {client: {} for client in DEMOS}
    for client in filter(holding.get, DEMOS):
        shutil.copytree(project / "data" / client, folder / client)
        path, yaml = folder / client / "client.yml", YAML()
        config = yaml.load(path.read_text(encoding="utf-8"))
        policy = config.setdefault("policy", {})
        policy["smallest_base"] = {**policy.get("smallest_base", {}), "suppress": 1}
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(config, file)
        chapters = [result.chapter for result in holding[client]]
        made = whole_runs.made(
            folder / client, project, build, chapters=chapters, with_book=False
        ).results
        told[client] = {name: made[name] for name in chapters}
    return told


def withholds(result: ChapterResult) -> bool:
    """Whether a chapter hands on a figure without a value, or a row that is withheld."""
    marked = [table["withheld"] for table in result.tables.values() if "withheld" in table]
    missing = [figure for figure in result.figures.values() if figure.value is None]
    return bool(missing) or any(rows.astype(bool).any() for rows in marked)


# Told of a group by name, whatever else of it is withheld: its cap is declared in the notebook,
# and who costs more is an account that may be named.
BESIDE = {"value_map": ("coverage", "cell", ["cap", "over"])}


def held_back(
    shown: dict[str, ChapterResult], told: dict[str, ChapterResult]
) -> Iterator[tuple[tuple[str, ...], float, list[float]]]:
    """Every number that a book withholds, the words that name it, and what it shows of the same."""
    for chapter, result in shown.items():
        if not withholds(result):
            continue
        for name, figure in result.figures.items():
            other = told[chapter].figures.get(name)
            if figure.value is None and other is not None and isinstance(other.value, int | float):
                place = figure.label.rpartition(" in ")[2]
                known = _shown_of(place, result) + _beside(chapter, (place,), result)
                yield (place,), float(other.value), known
        for name, table in result.tables.items():
            if "withheld" in table and name in told[chapter].tables:
                for names, value, known in _cells_held_back(table, told[chapter].tables[name]):
                    yield names, value, known + _beside(chapter, names, result)


def _shown_of(place: str, result: ChapterResult) -> list[float]:
    """What a chapter shows of a place whose other numbers it withholds."""
    figures = result.figures.values()
    said = [figure for figure in figures if figure.label.rpartition(" in ")[2] == place]
    return [float(figure.value) for figure in said if isinstance(figure.value, int | float)]


def _beside(chapter: str, names: tuple[str, ...], result: ChapterResult) -> list[float]:
    """What another table may tell of the same."""
    table, key, columns = BESIDE.get(chapter, ("", "", []))
    if table not in result.tables:
        return []
    rows = result.tables[table]
    values = rows.loc[rows[key].isin(names), columns].to_numpy(float).ravel()
    return [float(value) for value in values if pd.notna(value)]


def _cells_held_back(
    table: pd.DataFrame, told: pd.DataFrame
) -> Iterator[tuple[tuple[str, ...], float, list[float]]]:
    keys = [c for c in table if not pd.api.types.is_numeric_dtype(table[c]) and c in told]
    for _, row in table[table["withheld"].astype(bool)].iterrows():
        same = told[(told[keys] == row[keys]).all(axis=1)] if keys else told.iloc[:0]
        names = tuple(str(row[key]) for key in keys if isinstance(row[key], str))
        shown = [float(row[c]) for c in table if c not in keys and pd.notna(row[c])]
        for column in table.columns if len(same) == 1 and names else ():
            value = same.iloc[0].get(column)
            if pd.isna(row[column]) and isinstance(value, int | float) and not pd.isna(value):
                yield names, float(value), shown


def elements(book: Path) -> list[tuple[str, str, list[Spoken], str]]:
    """Every text of a book's chapters, in small pieces: page, text, numbers, and what it is of."""
    found = []
    for path in sorted((book / "notebooks").glob("*.html")):
        page = PICTURE.sub("", path.read_text(encoding="utf-8"))
        pieces = [
            html.unescape(TAG.sub(" ", element.group())) for element in ELEMENT.finditer(page)
        ]
        found += [
            (path.stem, part.casefold(), numbers(part), piece.casefold())
            for piece in pieces
            for part in re.split(r"; |\. ", piece)
        ]
    return found


def _accounts_of(chapters: dict[str, ChapterResult]) -> list[str]:
    """Names of accounts on the account list: their own numbers are not those of their cell."""
    listed = chapters["accounts"].tables.get("accounts") if "accounts" in chapters else None
    return [] if listed is None else [str(name).casefold() for name in listed["name"]]


@pytest.mark.parametrize("client", DEMOS)
def test_a_withheld_figure_is_withheld_everywhere(client, reports, handed_on, open_results):
    """In no title, alt text, table, sentence or label beside the words that name it."""
    held = list(held_back(handed_on[client], open_results[client]))
    of_accounts = _accounts_of(handed_on[client])
    assert len(held) > 10 or client == "mobile"
    told = elements(reports[client] / "book")
    naming = {
        names: [one for one in told if all(name.casefold() in one[1] for name in names)]
        for names in {names for names, _, _ in held}
    }
    found = {
        (page, text[:200])
        for names, value, shown in held
        for page, text, said, whole in naming[names]
        for number in said
        if len(re.sub(r"\D", "", number.text)) > 1
        and number.stands_for(value)
        and not any(number.stands_for(known) for known in shown)
        and not any(name in whole for name in of_accounts)  # a line about one account
    }
    assert found == set()


@pytest.mark.parametrize("client", DEMOS)
def test_the_search_knows_no_number_that_no_page_shows(client, reports):
    book = reports[client] / "book"
    index = (book / "searchindex.js").read_text(encoding="utf-8")
    terms = index.partition('"terms"')[2].partition('"titles"')[0]
    said = (book / "_static" / "search_texts.js").read_text(encoding="utf-8")
    texts = " ".join(json.loads(said.partition("handbookExcerpts(")[2].rstrip(");\n")).values())
    pages = " ".join(path.read_text(encoding="utf-8") for path in book.rglob("*.html"))
    seen = PICTURE.sub("", pages)
    shown = {n for gap in ("", " ") for n in re.findall(r"\d+", html.unescape(TAG.sub(gap, seen)))}
    known = {*re.findall(r'[,{]\s*"?(\d+)\w*"?:', terms), *re.findall(r"\d+", texts)}
    assert len(known) > 100
    assert known - shown == set()
