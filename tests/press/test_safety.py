"""Pages run the theme's own scripts and nothing else, whatever a client is called."""

from __future__ import annotations

import base64
import hashlib

import pytest

from helpers.press.safety import policy, safe_book, safe_page

LOGO = '<script>document.write(`<img src="logo.svg" alt="{}"/>`);</script>'
THEME = """
    document.documentElement.dataset.mode = localStorage.getItem("mode") || "auto";
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
  """


def _page(body, head=""):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "name", ["${alert(1)}", "`+alert(1)+`", "\\u0060", "$&", "\\1", "&lt;script&gt;", "a\\"]
)
def test_what_the_theme_writes_from_a_script_stands_in_the_page_itself(name):
    page = safe_page(_page(LOGO.format(name)))
    assert "<script" not in page
    assert f'<body><img src="logo.svg" alt="{name}"/></body>' in page


def test_each_known_script_is_named_by_its_hash_and_no_other():
    unknown = "document.documentElement.dataset.mode = alert(1);"
    page = safe_page(_page(f"<script>{unknown}</script>", f"<script>{THEME}</script>"))
    hashes = [base64.b64encode(hashlib.sha256(t.encode()).digest()) for t in (THEME, unknown)]
    assert f"'sha256-{hashes[0].decode()}'" in page
    assert hashes[1].decode() not in page


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        "let toggleHintShow = 'a' + alert(1);",
        "let toggleHintShow = '${alert(1)}';",
        "DOCUMENTATION_OPTIONS.pagename = 'x';alert(1)",
        "DOCUMENTATION_OPTIONS.pagename = 'x\\'';",
        THEME + "alert(1)",
        "<!--",
    ],
)
def test_a_script_that_is_only_like_the_themes_is_not_allowed(script):
    assert "sha256" not in policy(_page(f"<script>{script}</script>"))


def test_the_policy_allows_nothing_from_elsewhere():
    rules = dict(rule.split(" ", 1) for rule in policy("").split("; "))
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert not any(word in policy("") for word in ("http", "*", "unsafe-eval", "blob:"))


def test_the_policy_stands_before_anything_that_it_governs():
    page = safe_page(_page("", '<meta charset="utf-8"><script src="a.js"></script>'))
    assert page.index("Content-Security-Policy") < page.index("<script")
    refresh = safe_page('<meta http-equiv="Refresh" content="0; url=a.html" />')
    assert 'rel="icon" href="data:,"' in page and 'rel="icon" href="data:,"' in refresh
    assert refresh.startswith('<meta http-equiv="Content-Security-Policy"')


def test_live_code_and_templates_of_the_theme_are_not_part_of_a_book(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "webpack-macros.html").write_text("{% macro %}")
    thebe = (
        "<script>const THEBE_JS_URL = 'https://unpkg.com/x'</script>"
        "<script type=\"text/x-thebe-config\">{}</script><script>kernelName = 'python3'</script>"
    )
    (tmp_path / "index.html").write_text(_page("<p>here</p>", thebe))
    safe_book(tmp_path)
    assert [path.name for path in tmp_path.rglob("*.html")] == ["index.html"]
    page = (tmp_path / "index.html").read_text()
    assert "<script" not in page
    assert "<p>here</p>" in page
