"""Take the pictures under docs/: three pages of the demo book, for a desk and for a phone."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PAGES = {"executive": 1250, "drivers": 1500, "value_map": 1500}
WIDTHS = {1366: None, 390: 844}
HERE = Path(__file__).parent
BOOK = HERE.parent / "build" / "northfield" / "book"


def main() -> None:
    """Write docs/<page>-<width>.png; small enough to keep in the repository."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None or not (BOOK / "index.html").is_file():
        sys.exit("screenshots need Chromium and the demo book: run `make report` first")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for width, height in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height or 900})
            for name, tall in PAGES.items():
                _shoot(page, name, width, height or tall)
        browser.close()


def _shoot(page: Page, name: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto((BOOK / "notebooks" / f"{name}.html").as_uri())
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}-{width}.png")
    print(f"docs/{name}-{width}.png")


if __name__ == "__main__":
    main()
