"""What a browser may run on a page of a book: the theme's own scripts, and nothing else.

The theme writes parts of its pages from scripts, the client's name among them, and a
template literal runs what stands in ``${…}``. Those parts become plain markup here. What
inline scripts are left are known word for word; each page then names them by their hash
in a content security policy, so that nothing else runs there, whatever got into it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

__all__ = ["HEADERS", "policy", "safe_book", "safe_page"]

DROPPED = re.compile(
    r'<link[^>]*rel="preload"[^>]*>'  # refused by browsers when read from disk
    r"|<script>const THEBE_JS_URL.*?</script>"  # live code from another host: never wanted
    r"|<script[^>]*sphinx-thebe[^>]*></script>|<link[^>]*sphinx-thebe[^>]*>"
    r"|<script type=\"text/x-thebe-config\">.*?</script>"
    r"|<script>kernelName = '[\w-]*'</script>",
    re.DOTALL,
)
WRITTEN = re.compile(r"<script>\s*document\.write\(`(.*?)`\);\s*</script>", re.DOTALL)
INLINE = re.compile(r"<script(?: data-cfasync=\"false\")?>(.*?)</script>", re.DOTALL)
KNOWN = re.compile(  # the theme's inline scripts: none holds a word of the client's
    r"\s*(?:document\.documentElement\.dataset\.(?:mode|theme)"
    r' = localStorage\.getItem\("(?:mode|theme)"\) \|\| "\w*";\s*)+'
    r"|let toggleHint(?:Show|Hide) = '[\w ]*';"
    r"|let toggleOpenOnPrint = '\w*';"
    r"|var togglebuttonSelector = '[\w., -]*';"
    r"|DOCUMENTATION_OPTIONS\.pagename = '[\w/-]*';"
    r"|\s*// Activate the search field on page load\s*"
    r'let searchInput = document\.querySelector\("form\.bd-search input"\);\s*'
    r"if \(searchInput\) \{\s*searchInput\.focus\(\);\s*searchInput\.select\(\);\s*"
    r'console\.log\("\[PST\]: Set focus on search field\."\);\s*\}\s*'
)
REFUSED = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-src 'none'"
)
HEADERS = {  # what a server adds: a file is what its name says, and no other site frames it
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
}
NO_ICON = '<link rel="icon" href="data:,">'  # else browsers ask the server for one: not found
TEMPLATES = "*-macros.html"  # the theme's own templates, copied beside its styles


def policy(page: str) -> str:
    """What a page may load and run: what lies beside it, and the theme's inline scripts.

    >>> policy("<script>let toggleOpenOnPrint = 'true';</script>").partition("script-src ")[2]
    "'self' 'sha256-FqfirzFHtRrANndrt9LFhvjuJAu6+Nu06S6SzGfHlvE='"
    >>> policy("<script>alert(1)</script>").partition("script-src ")[2]
    "'self'"
    """
    known = [text for text in INLINE.findall(page) if KNOWN.fullmatch(text)]
    hashes = [f" 'sha256-{_hash(text)}'" for text in dict.fromkeys(known)]
    return f"{REFUSED}; script-src 'self'{''.join(hashes)}"


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def safe_page(page: str) -> str:
    """A page as the theme made it, without what scripts would write, and with its policy.

    >>> print(safe_page("<head></head><script>document.write(`<b>${x}</b>`);</script>"))
    <head><meta http-equiv="Content-Security-Policy" content="..."><link ...></head><b>${x}</b>
    """
    page = WRITTEN.sub(lambda written: written.group(1), DROPPED.sub("", page))
    page = page.replace("\r\n", "\n").replace("\r", "\n")  # hashed as a browser reads it
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    head, opened, rest = page.partition("<head>")
    return head + opened + meta + NO_ICON + rest if opened else meta + NO_ICON + page


def safe_book(folder: Path) -> None:
    """Make every page of a built book safe, and take away what is no page of it."""
    for template in (folder / "_static").glob(TEMPLATES):
        template.unlink()
    for path in folder.rglob("*.html"):
        path.write_text(safe_page(path.read_text(encoding="utf-8")), encoding="utf-8")
