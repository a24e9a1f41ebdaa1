"""The book of a client whose every text is hostile, opened: from disk, served, without a logo.

And the client's edition of it, as it is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from urllib.request import urlopen

import pytest

from helpers.press.book import build, closed_page, stage
from helpers.press.chapters import load_chapters
from helpers.press.publishing import policed, publish
from helpers.press.serving import server
from helpers.study import open_study
from helpers.study.policy import Brand

pytestmark = pytest.mark.browser

OF_A_FILE = {"Content-Length", "Last-Modified", "Date"}


@pytest.fixture(scope="module")
def visits(opened, hostile_report) -> dict:
    return opened(hostile_report.first / "book")


def test_nothing_that_a_client_wrote_runs_in_the_browser(visits):
    assert len(visits) > 15
    assert [name for name, visit in visits.items() if visit.look["struck"]] == []
    assert [visit.console + visit.asked for visit in visits.values()] == [[]] * len(visits)


@pytest.fixture(scope="module")
def serving(hostile_report) -> Iterator[str]:
    """Where the book is served."""
    with server(hostile_report.first / "book", 0) as at_work:
        Thread(target=at_work.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{at_work.server_address[1]}/"
        at_work.shutdown()


def test_every_page_is_served_as_it_is_opened_from_disk_and_with_the_same_headers(
    serving, hostile_report, visits
):
    """To the byte: what runs on none of them when it is opened is not on those either."""
    headers = set()
    for name in visits:
        with urlopen(f"{serving}{name}") as answer:
            assert answer.read() == (hostile_report.first / "book" / name).read_bytes(), name
            sent = {key: value for key, value in answer.headers.items() if key not in OF_A_FILE}
            headers.add(tuple(sorted(sent.items())))
    assert len(headers) == 1


@pytest.fixture(scope="module")
def served(opened, hostile_report, serving) -> dict:
    """Every page but those of accounts, which are alike: of these one."""
    return opened(hostile_report.first / "book", serving, alike="accounts/")


def test_nothing_that_a_client_wrote_runs_on_a_page_that_is_served(served, visits):
    accounts = sorted(name for name in visits if name.startswith("accounts/"))
    assert set(served) == set(visits) - set(accounts[1:])
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
