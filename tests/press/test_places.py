"""A finished report takes its place whole; whatever is cut off leaves the last good one."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest

from helpers.errors import HandbookError
from helpers.press.places import Places


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "build")


def _report(folder, text):
    (folder / "book").mkdir(parents=True)
    (folder / "book" / "index.html").write_text(text)


def test_a_finished_draft_replaces_the_last_report(places):
    for text in ("first", "second"):
        draft = places.draft("acme")
        _report(draft, text)
        places.swap(draft, places.published("acme"))
    assert (places.published("acme") / "book" / "index.html").read_text() == "second"
    assert [p.name for p in places.root.iterdir()] == ["acme"]


def test_a_swap_cut_off_between_its_steps_is_undone(places):
    _report(places.root / ".acme.old", "last good")
    places.draft("acme")
    assert (places.published("acme") / "book" / "index.html").read_text() == "last good"


def test_drafts_of_killed_runs_are_cleared_away(places):
    _report(places.root / ".acme.draft-1", "half")
    draft = places.draft("acme")
    assert sorted(p.name for p in places.root.iterdir()) == [draft.name]


@pytest.mark.parametrize("client", ["*", "[ab]cme", "a?me", "acme*", "{acme}", "a.me"])
def test_only_the_drafts_of_the_client_itself_are_cleared_away(places, client):
    others = (".acme.draft-1", ".acme.draft-2.draft-3", ".bcme.draft-1")
    for name in others:
        _report(places.root / name, "at work")
    _report(places.root / f".{client}.draft-7", "left")
    draft = places.draft(client)
    there = {path.name for path in places.root.iterdir()}
    assert there == {*others, draft.name}


def test_a_second_run_of_one_client_is_refused_and_names_the_first(places):
    with (
        places.locked("acme"),
        pytest.raises(HandbookError, match=r"acme is being run already by process \d+, started"),
        places.locked("acme"),
    ):
        pass


def test_the_lock_is_free_after_a_run(places):
    for _ in range(2):
        with places.locked("acme"):
            pass


def test_a_draft_goes_although_a_thread_still_writes_in_it(places):
    draft = places.draft("acme")

    def write() -> None:
        for number in range(300):
            with suppress(OSError):
                (draft / "notebooks").mkdir(parents=True, exist_ok=True)
                (draft / "notebooks" / f"{number}.txt").write_text("late")

    late = Thread(target=write)
    late.start()
    places.discard(draft)
    late.join()
    places.discard(draft)
    assert not draft.exists()
