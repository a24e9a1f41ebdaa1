"""The book of a client whose every text is hostile, opened: from disk, served, without a logo.

And the client's edition of it, as it is published.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from helpers.press.book import build, closed_page, stage
from helpers.press.chapters import load_chapters
from helpers.press.publishing import policed, publish
from helpers.press.serving import server
from helpers.study import open_study
from helpers.study.policy import Brand

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visits(opened, hostile_report) -> dict:
    return opened(hostile_report.first / "book")


def test_nothing_that_a_client_wrote_runs_in_the_browser(visits):
    assert len(visits) > 15
    assert [name for name, visit in visits.items() if visit.look["struck"]] == []
    assert [visit.console + visit.asked for visit in visits.values()] == [[]] * len(visits)


@pytest.fixture(scope="module")
def served(opened, hostile_report) -> dict:
    book = hostile_report.first / "book"
    with server(book, 0) as serving:
        Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
        found = opened(book, f"http://127.0.0.1:{serving.server_address[1]}/")
        serving.shutdown()
    return found


def test_nothing_that_a_client_wrote_runs_on_a_page_that_is_served(served, visits):
    assert set(served) == set(visits)
    assert [name for name, visit in served.items() if visit.look["struck"]] == []
    assert [visit.console + visit.asked for visit in served.values()] == [[]] * len(served)


@pytest.fixture(scope="module")
def edition(opened, hostile_report, hostile_client, tmp_path_factory) -> dict:
    """The client's edition, as a static host would serve it.

    Some of the texts look like paths of a machine, for which an edition is refused: here it may
    leave.
    """
    folder = tmp_path_factory.mktemp("edition") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.press.edition.refuse", lambda *_: None)
        publish(hostile_report.first / "book", policed(str(hostile_client), folder.parent), folder)
    return opened(folder)


def test_nothing_that_a_client_wrote_runs_in_the_clients_edition(edition, hostile_texts):
    assert sum(name.startswith("accounts/") for name in edition) == len(hostile_texts)
    assert [name for name, visit in edition.items() if visit.look["struck"]] == []
    assert [v.console + v.asked for v in edition.values()] == [[]] * len(edition)
    assert [name for name, visit in edition.items() if visit.look["wider"] > 0] == []


@pytest.fixture(scope="module")
def without_logo(opened, project, hostile_client, tmp_path_factory) -> dict:
    """The client's book when it sends no logo: the constant pages, which hold its name too."""
    place = tmp_path_factory.mktemp("plain")
    study = open_study(hostile_client)
    plain = replace(study, config=study.config.model_copy(update={"brand": Brand()}))
    known = load_chapters(project).items()
    pages = {name: closed_page(chapter, "It was not run.") for name, chapter in known}
    stage(plain, project, pages, place / "stage")
    build(place / "stage", place / "out", place / "book.log")
    return opened(place / "out" / "_build" / "html")


def test_nothing_that_a_client_wrote_runs_where_it_has_no_logo(without_logo):
    assert len(without_logo) > 10
    assert [name for name, visit in without_logo.items() if visit.look["struck"]] == []
    assert [v.console + v.asked for v in without_logo.values()] == [[]] * len(without_logo)
    assert [name for name, visit in without_logo.items() if visit.look["wider"] > 0] == []


def test_long_and_odd_names_do_not_break_a_page_on_a_phone(visits):
    assert [name for name, visit in visits.items() if visit.look["wider"] > 0] == []
    assert [visit.look["silent"] + visit.look["broken"] for visit in visits.values()] == (
        [[]] * len(visits)
    )
