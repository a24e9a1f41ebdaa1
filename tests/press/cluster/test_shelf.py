"""A report on a store is whole or not there, whatever is cut off, and belongs to one folder."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from helpers.press.belonging import mark
from helpers.press.cluster.shelf import Shelf
from helpers.press.cluster.stores import Store
from helpers.press.untouched import Made, write_made


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.cluster)])
def shelf(request, tmp_path) -> Shelf:
    """An empty one on a store of each kind."""
    if request.param == "folder":
        return Shelf(Store(str(tmp_path / "reports")), Store(str(tmp_path / "clients")))
    served = request.getfixturevalue("let_in")
    clients, reports = (f"{tmp_path.name}/{name}" for name in ("clients", "reports"))
    return Shelf(Store(served.address(reports)), Store(served.address(clients)))


def report(folder: Path, said: str, key: str) -> Path:
    """A report in small, made from what a key stands for."""
    (folder / "book").mkdir(parents=True)
    (folder / "book" / "index.html").write_text(said, encoding="utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    mark(folder, Path("/clients/acme"), Path("/reports"))
    write_made(Made(key, {}), folder)
    return folder


def key(shelf: Shelf, client: str = "acme") -> str:
    record = shelf.record(client)
    return record.key if record else ""


def read(shelf: Shelf, client: str = "acme") -> str:
    """What somebody reads who opens a client's report, led on as a browser is."""
    steps = shelf.book(client).removeprefix(str(shelf.reports.place)).strip("/")
    page = (shelf.reports.read(steps) or b"").decode()
    if led := re.search(r'content="0; url=([^"]+)"', page):
        return (shelf.reports.read(f"{client}/{led.group(1)}") or b"").decode()
    return page


def test_a_report_is_there_with_what_it_was_made_from(shelf, tmp_path):
    assert (key(shelf), read(shelf)) == ("", "")
    shelf.put("acme", report(tmp_path / "a", "first", "key 1"))
    assert (key(shelf), read(shelf)) == ("key 1", "first")
    shelf.put("acme", report(tmp_path / "b", "second", "key 2"))
    assert (key(shelf), read(shelf)) == ("key 2", "second")
    assert key(shelf, "other") == ""


@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_report_that_lacks_a_file_or_a_byte_counts_as_not_made(shelf, tmp_path, harm):
    shelf.put("acme", report(tmp_path / "a", "first", "key 1"))
    [page] = [n for n in shelf.reports.files("acme") if n.endswith("book/index.html")]
    if harm == "cut":
        shelf.reports.write(f"acme/{page}", b"fir")
    else:
        shelf.reports.remove(f"acme/{page.removesuffix('/index.html')}")
    assert key(shelf) == ""


class CutOffError(Exception):
    """As a machine that is lost."""


def test_a_report_that_was_cut_off_on_its_way_leaves_the_last_one(shelf, tmp_path, monkeypatch):
    shelf.put("acme", report(tmp_path / "a", "first", "key 1"))

    def cut(*_: object) -> None:
        raise CutOffError

    with monkeypatch.context() as lost:  # all has arrived but for what makes it count
        lost.setattr(Store, "write", cut)
        lost.setattr("helpers.press.cluster.shelf._swap", cut)
        with pytest.raises(CutOffError):
            shelf.put("acme", report(tmp_path / "b", "second", "key 2"))
    assert (key(shelf), read(shelf)) == ("key 1", "first")
    shelf.put("acme", report(tmp_path / "c", "second", "key 2"))
    assert (key(shelf), read(shelf)) == ("key 2", "second")


def test_the_report_of_another_folder_of_the_same_name_is_not_replaced(shelf, tmp_path):
    folder, root = shelf.laid_out("acme", tmp_path / "work")
    made = report(tmp_path / "a", "first", "key 1")
    mark(made, folder, root)
    shelf.put("acme", made)
    assert shelf.problem("acme") is None
    elsewhere = Shelf(shelf.reports, Store(str(tmp_path / "others")))
    assert (
        elsewhere.problem("acme") == "has the name of another client's folder, which has a report"
    )
    assert elsewhere.problem("new") is None


def test_what_a_failed_run_left_lies_apart_until_a_run_goes_well(shelf, tmp_path):
    shelf.put("acme", report(tmp_path / "a", "first", "key 1"))
    (tmp_path / "left" / "logs").mkdir(parents=True)
    (tmp_path / "left" / "logs" / "drivers.log").write_text("why", encoding="utf-8")
    shelf.put_failed("acme", tmp_path / "left")
    assert shelf.reports.files("failed/acme") == {"logs/drivers.log": 3}
    assert (key(shelf), read(shelf)) == ("key 1", "first")
    shelf.put("acme", report(tmp_path / "b", "second", "key 2"))
    assert shelf.reports.files("failed/acme") == {}


@pytest.mark.parametrize("clients", ["/srv/data", "/srv/build/in", "/a/b/c", "s3://house/x/y"])
@pytest.mark.parametrize("reports", ["/srv/build", "/a/b/build", "s3://house/x/r", "s3://other"])
def test_a_report_says_whose_it_is_wherever_it_was_made(clients, reports, tmp_path):
    shelf = Shelf(Store(reports), Store(clients))
    folder, root = shelf.laid_out("acme", tmp_path / "work")
    assert folder.is_relative_to(tmp_path / "work")
    assert root.is_relative_to(tmp_path / "work")
    assert folder.name == "acme"
    if "s3" not in clients + reports:
        marks = [(folder, root), (Path(clients) / "acme", Path(reports))]
        for name, pair in zip(("here", "there"), marks, strict=True):
            (tmp_path / name).mkdir()
            mark(tmp_path / name, *pair)
        here, there = ((tmp_path / name / ".source").read_text() for name in ("here", "there"))
        assert here == there


@pytest.mark.cluster
def test_versions_go_after_a_day_unless_somebody_may_read_them(let_in, tmp_path, monkeypatch):
    clients, reports = (f"{tmp_path.name}/{name}" for name in ("clients", "reports"))
    shelf = Shelf(Store(let_in.address(reports)), Store(let_in.address(clients)))
    for number in range(3):
        shelf.put("acme", report(tmp_path / str(number), str(number), f"key {number}"))
    assert len(shelf.reports.folders("acme")) == 3  # younger than a day: another run's, perhaps
    later = time.time() + 90_000
    monkeypatch.setattr("helpers.press.cluster.shelf.time.time", lambda: later)
    shelf.put("acme", report(tmp_path / "last", "last", "key 3"))
    assert len(shelf.reports.folders("acme")) == 2  # the one that counts, the one before
    assert read(shelf) == "last"


def test_a_shared_folder_holds_what_a_run_on_one_machine_leaves_there(tmp_path):
    shelf = Shelf(Store(str(tmp_path / "build")), Store(str(tmp_path / "data")))
    old = tmp_path / "build" / f".acme.arriving-{'0' * 32}"
    old.mkdir(parents=True)
    os.utime(old, (1, 1))
    shelf.put("acme", report(tmp_path / "a", "first", "key 1"))
    shelf.put("acme", report(tmp_path / "b", "second", "key 2"))
    there = {path.name for path in (tmp_path / "build").iterdir()}
    assert there == {"acme"}
    held = {path.name for path in (tmp_path / "build" / "acme").iterdir()}
    assert held == {"book", "manifest.json", ".source", ".made"}
