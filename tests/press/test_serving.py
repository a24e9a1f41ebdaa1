"""A book is served to this machine only: its own files, and nothing else."""

from __future__ import annotations

import http.client
import socket
from threading import Thread

import pytest

from helpers.errors import HandbookError
from helpers.press.serving import server

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    place = tmp_path_factory.mktemp("served")
    files = {
        "book/index.html": "<p>here</p>",
        "book/notebooks/a b.html": "<p>page</p>",
        "book/_static/a.js": "1",
        "book/_static/logo.svg": PICTURE,
        "book/.secret": "s",
        "book/.git/config": "s",
        "manifest.json": "s",
        "book2/index.html": "s",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    (place / "book" / "linked.html").symlink_to(place / "manifest.json")
    (place / "book" / "away").symlink_to(place / "book2")
    with server(place / "book", 0) as serving:
        Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        yield serving.server_address[1]
        serving.shutdown()


def ask(port, path="/", method="GET", host=None, headers=()):
    """Status, headers and content; ``path`` and ``host`` are sent as they stand."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    link.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name in [f"127.0.0.1:{port}"] if host is None else host:
        link.putheader("Host", name)
    for name, value in headers:
        link.putheader(name, value)
    link.endheaders()
    answer = link.getresponse()
    content = answer.read()
    link.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content


@pytest.mark.parametrize("path", ["/", "/index.html", "/notebooks/a%20b.html", "/_static/a.js?v=1"])
def test_the_pages_of_the_book_are_served(port, path):
    assert ask(port, path)[0] == 200


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(port, name):
    assert ask(port, host=[f"{name}:{port}"])[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        ["evil.example"], ["evil.example:{port}"], ["127.0.0.1"], ["127.0.0.1:1"], [],
        ["localhost.evil.example:{port}"], ["127.0.0.1:{port}", "evil.example"], [""],
        ["localhost:{port}@evil.example"], ["0.0.0.0:{port}"], ["127.0.0.1.:{port}"],
    ],
)  # fmt: skip
def test_a_request_by_another_name_is_refused(port, host):
    status, _, content = ask(port, host=[name.format(port=port) for name in host])
    assert status == 421
    assert b"here" not in content


@pytest.mark.parametrize(
    "path",
    [
        "/notebooks/", "/notebooks", "/_static/", "/.secret", "/.git/config", "/%2esecret",
        "/../manifest.json", "/%2e%2e/manifest.json", "/..%2fmanifest.json", "/..\\manifest.json",
        "/notebooks/../../manifest.json", "/linked.html", "/away/index.html", "/away/",
        "//etc/passwd", "/etc/passwd", "/index.html%00.js", "http://evil.example/", "*",
        "/index.html/", "/no_such.html",
    ],
)  # fmt: skip
def test_folders_hidden_files_and_what_lies_outside_are_not_served(port, path):
    status, _, content = ask(port, path)
    assert status == 404
    assert content != b"s"
    assert b"a b.html" not in content


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_a_book_is_only_read(port, method):
    status, headers, _ = ask(port, method=method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_every_answer_says_what_may_be_done_with_it(port):
    for path in ("/", "/_static/a.js", "/no_such"):
        headers = ask(port, path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
    assert ask(port)[1]["content-type"] == "text/html; charset=utf-8"
    assert ask(port, "/_static/a.js")[1]["content-type"] == "text/javascript; charset=utf-8"


def test_a_picture_opened_by_itself_runs_nothing(port):
    headers = ask(port, "/_static/logo.svg")[1]
    assert headers["content-type"].startswith("image/svg+xml")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "sandbox" in headers["content-security-policy"]


def test_head_answers_without_the_page(port):
    status, _, content = ask(port, method="HEAD")
    assert (status, content) == (200, b"")


def test_a_port_in_use_is_named_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(HandbookError) as refused:
            server(tmp_path, number)
    assert str(refused.value).startswith(f"port {number} is in use by another program: give")
    assert "\n" not in str(refused.value)
