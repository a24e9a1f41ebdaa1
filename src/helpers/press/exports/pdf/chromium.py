"""Printing by a Chromium without a window: found, run in a folder of its own, stopped in time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["VARIABLE", "NotPrinted", "browser", "pictured", "printed"]

VARIABLE = "HANDBOOK_CHROMIUM"  # the browser's file, where it is not among the known names
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "chrome-headless-shell",
)  # fmt: skip
MOST_SECONDS = 300
ARGUMENTS = (
    "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-breakpad", "--no-first-run", "--no-default-browser-check", "--hide-scrollbars",
    "--font-render-hinting=none", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip


class NotPrinted(Exception):
    """Why there is no PDF, as the end of a sentence."""


def browser() -> str:
    """The browser that prints: the one of ``HANDBOOK_CHROMIUM``, or the first that is installed.

    Raises
    ------
    NotPrinted
        When there is none.
    """
    wanted = os.environ.get(VARIABLE, "")
    found = next(filter(None, map(shutil.which, (wanted,) if wanted else NAMES)), None)
    if found is None:
        missing = f"{VARIABLE} names no program" if wanted else "Chromium is not installed"
        raise NotPrinted(f"{missing} (install chromium, or name it in {VARIABLE})")
    return found


def printed(document: str, program: str) -> bytes:
    """An HTML document as a PDF: tagged, with bookmarks, and no other host asked for anything.

    Raises
    ------
    NotPrinted
        When the browser fails, or takes more than five minutes.
    """
    return _made(document, program, "report.pdf", "--print-to-pdf={}")


def pictured(document: str, program: str, width: int, height: int) -> bytes:
    """An HTML document as a PNG of so many pixels, transparent where nothing is drawn.

    Raises
    ------
    NotPrinted
        When the browser fails, or takes more than five minutes.
    """
    seen = ("--default-background-color=00000000", f"--window-size={width},{height}")
    return _made(document, program, "picture.png", "--screenshot={}", *seen)


def _made(document: str, program: str, target: str, into: str, *more: str) -> bytes:
    """What the browser makes of a document, in a folder of its own."""
    with TemporaryDirectory(prefix="handbook-print-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, made = folder / "report.html", folder / target
        page.write_text(document, encoding="utf-8")
        own = (f"--user-data-dir={folder / 'profile'}", into.format(made), *more, page.as_uri())
        root = ("--no-sandbox",) if _is_root() else ()  # Chromium has no sandbox for root
        _run((program, *ARGUMENTS, *root, *own))
        if not made.is_file():
            raise NotPrinted("Chromium ended without printing")
        return made.read_bytes()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: tuple[str, ...]) -> None:
    """Run a program that starts others; all of them end with it, or when time is over."""
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        code = running.wait(MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"Chromium was not done after {MOST_SECONDS} s") from None
    finally:
        _stop(running)
    if code:
        raise NotPrinted(f"Chromium ended with {code}")


def _stop(running: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # all of them are gone
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
