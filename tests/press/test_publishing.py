"""An edition is published whole, over nothing but its own last one."""

from __future__ import annotations

import os

import pytest
from planted_book import planted

from helpers.errors import HandbookError
from helpers.press import publishing
from helpers.press.publishing import MARK, publish
from helpers.study.config import Config

ACME = Config(name="Acme", as_of="2026-06-30", wave="2026H1")


@pytest.fixture
def book(tmp_path):
    return planted(tmp_path / "build" / "acme" / "book")


@pytest.fixture
def site(tmp_path):
    return tmp_path / "sites" / "acme"


def contents(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_is_written_whole_into_a_new_or_an_empty_folder_and_nothing_is_left_beside(book, site):
    files = publish(book, ACME, site)
    assert len(contents(site)) == files + 1  # and the mark
    assert [path.name for path in site.parent.iterdir()] == ["acme"]
    empty = site.parent / "empty"
    empty.mkdir()
    publish(book, ACME, empty)
    assert contents(empty) == contents(site)


def test_everybody_may_read_what_a_host_is_to_serve(book, site):
    mask = os.umask(0o022)
    try:
        publish(book, ACME, site)
    finally:
        os.umask(mask)
    assert site.stat().st_mode & 0o777 == 0o755
    assert (site / "index.html").stat().st_mode & 0o044


def test_it_takes_the_place_of_the_last_one(book, site):
    publish(book, ACME, site)
    (book / "notebooks" / "toplines.html").unlink()
    for page in book.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("../notebooks/toplines.html", "../genindex.html"))
    publish(book, ACME, site)
    assert not (site / "notebooks" / "toplines.html").exists()
    assert (site / "notebooks" / "loyalty.html").exists()


@pytest.mark.parametrize("planted_file", ["CNAME", ".git/config", "notebooks/mine.html"])
def test_a_folder_with_files_of_somebody_else_stays_as_it_is(book, site, planted_file):
    site.mkdir(parents=True)
    (site / "mine.txt").write_text("x")
    with pytest.raises(HandbookError, match="not published there"):
        publish(book, ACME, site)
    assert contents(site) == {"mine.txt": b"x"}
    (site / "mine.txt").unlink()
    publish(book, ACME, site)
    (site / planted_file).parent.mkdir(exist_ok=True)
    (site / planted_file).write_text("x")
    before = contents(site)
    with pytest.raises(HandbookError, match=rf"{planted_file}, which was not published there"):
        publish(book, ACME, site)
    assert contents(site) == before


def test_a_link_to_a_folder_is_a_file_of_somebody_else(book, site, tmp_path):
    publish(book, ACME, site)
    (tmp_path / "photos").mkdir()
    (site / "photos").symlink_to(tmp_path / "photos")
    with pytest.raises(HandbookError, match="holds photos, which was not published there"):
        publish(book, ACME, site)
    assert (site / "photos").is_symlink()


def test_the_edition_of_another_client_stays_as_it_is(book, site):
    publish(book, ACME, site)
    with pytest.raises(HandbookError, match="another client"):
        publish(book, ACME.model_copy(update={"name": "Other"}), site)


def test_it_is_never_written_into_the_report_or_over_it(book, tmp_path):
    for folder in (book, book.parent, book / "site", tmp_path / "build", tmp_path):
        with pytest.raises(HandbookError, match="the report itself lies"):
            publish(book, ACME, folder)
    with pytest.raises(HandbookError, match="is a file"):
        (tmp_path / "file").touch()
        publish(book, ACME, tmp_path / "file")


@pytest.mark.parametrize("stops", ["edition", "swap"])
def test_on_a_failure_the_last_good_one_stays(book, site, stops, monkeypatch):
    publish(book, ACME, site)
    before = contents(site)
    page = book / "notebooks" / "loyalty.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<p>Text.</p>", "<p>/home/ann/acme</p>"), encoding="utf-8")
    if stops == "swap":
        page.write_text(text.replace("<p>Text.</p>", "<p>New.</p>"), encoding="utf-8")
        rename = type(site).rename

        def broken(path, target):
            if path.name == "edition":
                raise OSError("no")
            return rename(path, target)

        monkeypatch.setattr(type(site), "rename", broken)
    with pytest.raises((HandbookError, OSError), match=r"no|loyalty\.html holds a path"):
        publish(book, ACME, site)
    assert contents(site) == before
    assert [path.name for path in site.parent.iterdir()] == ["acme"]


def test_hosts_that_hide_folders_with_an_underscore_are_told_not_to(book, site):
    publish(book, ACME, site)
    assert (site / ".nojekyll").read_bytes() == b""


def test_the_mark_seals_every_file_and_names_none(book, site):
    publish(book, ACME, site)
    first, *seals = (site / MARK).read_text(encoding="utf-8").splitlines()
    assert first == "Client's edition of Acme"
    assert len({*seals}) == len(contents(site)) - 1
    assert not any(mark in seal for seal in seals for mark in ("/", ".", "loyalty", "index"))


def test_a_folder_of_before_whose_mark_lists_its_files_is_taken(book, site):
    publish(book, ACME, site)
    before = contents(site)
    listed = sorted(set(before) - {MARK})
    (site / MARK).write_text("\n".join(["Client's edition of Acme", *listed, ""]))
    publish(book, ACME, site)
    assert contents(site) == before


def test_what_client_yml_says_is_read_without_any_table(tmp_path):
    (tmp_path / "acme").mkdir()
    config = "name: Acme\nas_of: 2026-06-30\nwave: 1\npolicy: {smallest_base: {suppress: 7}}\n"
    (tmp_path / "acme" / "client.yml").write_text(config)
    assert publishing.policed("acme", tmp_path).policy.smallest_base.suppress == 7
    (tmp_path / "acme" / "client.yml").write_text(config + "nmae: x\n")
    with pytest.raises(HandbookError, match="Did you mean name"):
        publishing.policed("acme", tmp_path)


@pytest.mark.clients
def test_the_command_publishes_and_on_a_planted_path_says_where_and_changes_nothing(
    handbook, place, tmp_path
):
    site = tmp_path / "site"
    done = handbook("publish", "small", site)
    assert done.returncode == 0, done.stderr
    assert f"{site / 'index.html'} (" in done.stdout
    before = contents(site)
    assert "notebooks/drivers.html" in before
    assert [name for name in before if name.startswith("book/")] == ["book/more_data.html"]
    assert not [name for name in before if "ipynb" in name or "_sources" in name]
    page = place / "build" / "small" / "book" / "notebooks" / "drivers.html"
    page.write_text(page.read_text("utf-8").replace("</article>", f"{place}</article>"), "utf-8")
    done = handbook("publish", "small", site)
    assert done.returncode == 2
    assert "notebooks/drivers.html holds a path of the machine that made it" in done.stderr
    assert contents(site) == before


@pytest.mark.clients
def test_the_command_says_that_there_is_no_report_yet(handbook, place, tmp_path):
    done = handbook("publish", "small", tmp_path / "site", "--output", place / "nowhere")
    assert done.returncode == 2
    assert "has no report yet" in done.stderr
