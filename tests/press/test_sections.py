"""Sections that a client's data cannot feed keep their heading and say what is missing."""

from __future__ import annotations

import nbformat

from helpers.press import sections
from helpers.study import open_study


def _notebook(need="invitations"):
    needs = {"tags": [f"needs:{need}"]}
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title"),
            nbformat.v4.new_markdown_cell("## How many answered?\n\nProse.", metadata=needs),
            nbformat.v4.new_code_cell("rates", metadata=needs),
            nbformat.v4.new_code_cell("always"),
        ]
    )


def test_a_closed_section_is_listed_at_the_end_with_the_table_it_needs():
    page = sections.for_client(_notebook(), frozenset({"responses"}))
    assert [c.source for c in page.cells] == [
        "# Title",
        "always",
        "## Not answered with these data\n\n"
        "- **How many answered?** Not sent: a record of who was invited and what became of it"
        '<span class="analyst"> (`invitations`)</span>.',
    ]


def test_too_few_answers_are_said_with_how_many_there_are_and_are_needed(tmp_path):
    study = open_study(_small(tmp_path, answers=12))
    has, short = sections.available(study), sections.shortfalls(study)
    assert "tested" not in has
    assert "base" in has
    assert short["tested"] == (
        "This wave has 12 answers; 30 are needed to test anything (`policy.smallest_base.test`)."
    )
    assert sections.absence((("tested",), ("financials", "contracts")), short) == (
        "Not sent: revenue by account and month (`financials`) or contracts with their end dates "
        f"(`contracts`), so there is nothing to compute. {short['tested']}"
    )
    page = sections.for_client(_notebook("tested"), has, short)
    said, _, code = short["tested"].partition(" (")
    assert page.cells[-1].source.endswith(
        f'- **How many answered?** {said}<span class="analyst"> ({code[:-1]}</span>.'
    )


def test_a_wave_of_fewer_answers_than_may_be_shown_has_no_base(tmp_path):
    study = open_study(_small(tmp_path, answers=9))
    assert "base" not in sections.available(study)
    assert sections.shortfalls(study)["base"].startswith("This wave has 9 answers; 10 are needed")


def test_why_nobody_is_named_is_said_without_code_words(tmp_path):
    short = sections.shortfalls(open_study(_small(tmp_path, answers=40)))
    assert "accounts are needed (people who agreed to it" in short["named"]
    assert "_" not in short["named"]


def test_what_is_there_is_never_called_too_little(tmp_path):
    study = open_study(_small(tmp_path, answers=40))
    assert not set(sections.shortfalls(study)) & sections.available(study)
    assert {"tested", "base"} <= sections.available(study)


def _small(folder, answers):
    (folder / "client.yml").write_text("name: Small\nas_of: 2026-06-30\nwave: 2026H1\n")
    (folder / "codebook.csv").write_text("variable,role,scale_min,scale_max\nnps,recommend,0,10\n")
    rows = "".join(f"r{place},2026H1,{place % 11}\n" for place in range(answers))
    (folder / "responses.csv").write_text("response_id,wave,nps\n" + rows)
    return folder


def test_an_open_section_is_untouched():
    page = sections.for_client(_notebook(), frozenset({"invitations"}))
    assert page.cells == _notebook().cells or len(page.cells) == 4


def test_one_of_two_alternatives_opens_a_section():
    cell = nbformat.v4.new_code_cell("x", metadata={"tags": ["needs:financials|contracts"]})
    assert sections.missing(cell, frozenset({"contracts"})) == ()
    assert sections.missing(cell, frozenset()) == ("financials|contracts",)


def test_the_demo_clients_differ_in_what_they_can_feed():
    rich, plain = (sections.available(open_study(name)) for name in ("northfield", "mobile"))
    assert {"accounts.end_date", "role:driver", "margins", "waves", "account_id"} <= rich
    assert {"role:driver", "base"} <= plain
    assert not plain & {"accounts", "account_id", "margins", "waves", "truths"}


def test_every_tag_of_every_chapter_is_one_that_some_client_can_have(project):
    """A misspelt tag would close a section for every client."""
    rich = sections.available(open_study("northfield")) | {
        "responses.weight",
        "weight",
        "filters",
        "role:metric",
    }
    for path in (project / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert sections.missing(cell, rich) == (), f"{path.name}: {cell.metadata.tags}"
